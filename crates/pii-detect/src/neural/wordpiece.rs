//! A BERT WordPiece tokenizer that keeps the way back to the text.
//!
//! Written after the paper (Devlin et al. 2019, BERT) and the fields of `tokenizer.json`: characters are cleaned, accents
//! taken off and letters lowered one by one, each with the bytes it came from; words end at spaces and punctuation;
//! a word is cut into the longest pieces that the vocabulary holds, from its front on. What is taken out of a word
//! (a mark, a soft hyphen) belongs to the piece before it, so that nothing of a word is left over when a piece is replaced.
//!
//! The names of special tokens mean nothing in a text: who writes `[SEP]` writes brackets and letters.

use std::collections::HashMap;

use regex_syntax::hir::{Class, HirKind};
use serde_json::Value;
use unicode_normalization::char::decompose_canonical;

use super::NeuralError;

/// What cleaning takes out of a text: controls, signs for the layout, and private use. What is not assigned yet stays, as
/// in the tokenizers that models are trained with.
const CONTROLS: &str = r"[\p{Cc}\p{Cf}\p{Co}]";

/// One piece of a word, or one punctuation mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its number in the vocabulary.
    pub(super) id: i32,
    /// The first byte of what it stands for.
    pub(super) start: usize,
    /// The byte behind the last.
    pub(super) end: usize,
    /// Whether a word begins with it.
    pub(super) head: bool,
}

/// The tokenizer, built once.
pub(super) struct WordPiece {
    /// Pieces that begin a word.
    heads: HashMap<Box<str>, i32>,
    /// Pieces that go on with it, without their prefix.
    tails: HashMap<Box<str>, i32>,
    /// Most characters of one piece.
    longest: usize,
    /// Words of more characters are unknown.
    most: usize,
    unknown: i32,
    /// Stands before every window.
    pub(super) front: i32,
    /// Stands behind every window.
    pub(super) back: i32,
    /// The highest number of the vocabulary.
    pub(super) highest: i32,
    clean: bool,
    ideographs: bool,
    accents: bool,
    lower: bool,
    marks: Set,
    others: Set,
    punctuation: Set,
}

impl WordPiece {
    /// Reads `tokenizer.json`.
    pub(super) fn load(json: &str) -> Result<Self, NeuralError> {
        let bad = |fault| NeuralError::BadTokenizer { fault };
        let file: Value = serde_json::from_str(json).map_err(|_| bad("it is no JSON"))?;
        let model = file.get("model").ok_or(bad("it has no model"))?;
        if text(model, "type") != Some("WordPiece") {
            return Err(bad("its model is not WordPiece"));
        }
        let normalizer = file.get("normalizer").ok_or(bad("it has no normalizer"))?;
        if text(normalizer, "type") != Some("BertNormalizer") {
            return Err(bad("its normalizer is not BertNormalizer"));
        }
        if file.get("pre_tokenizer").and_then(|p| text(p, "type")) != Some("BertPreTokenizer") {
            return Err(bad("its pre_tokenizer is not BertPreTokenizer"));
        }
        let vocabulary = model.get("vocab").and_then(Value::as_object);
        let vocabulary = vocabulary.ok_or(bad("it has no vocabulary"))?;
        let prefix = text(model, "continuing_subword_prefix").unwrap_or("##");
        let unknown = text(model, "unk_token").unwrap_or("[UNK]");
        let number = |name: &str| {
            let id = vocabulary.get(name).and_then(Value::as_i64);
            id.and_then(|id| i32::try_from(id).ok())
        };
        let (mut heads, mut tails) = (HashMap::new(), HashMap::new());
        let (mut longest, mut highest) = (1, 0);
        for (piece, id) in vocabulary {
            let id = id.as_i64().and_then(|id| i32::try_from(id).ok());
            let id = id.filter(|id| *id >= 0);
            let id = id.ok_or(bad("a number of its vocabulary is none"))?;
            highest = highest.max(id);
            let tail = piece.strip_prefix(prefix).filter(|tail| !tail.is_empty());
            let (map, word) = match tail {
                Some(tail) if !prefix.is_empty() => (&mut tails, tail),
                _ => (&mut heads, piece.as_str()),
            };
            longest = longest.max(word.chars().count());
            map.insert(Box::from(word), id);
        }
        let flag = |name: &str, default: bool| {
            normalizer
                .get(name)
                .and_then(Value::as_bool)
                .unwrap_or(default)
        };
        let lower = flag("lowercase", true);
        let most = model
            .get("max_input_chars_per_word")
            .and_then(Value::as_u64);
        Ok(Self {
            heads,
            tails,
            longest,
            most: most.and_then(|m| usize::try_from(m).ok()).unwrap_or(100),
            unknown: number(unknown).ok_or(bad("its vocabulary lacks the unknown token"))?,
            front: number("[CLS]").ok_or(bad("its vocabulary lacks [CLS]"))?,
            back: number("[SEP]").ok_or(bad("its vocabulary lacks [SEP]"))?,
            highest,
            clean: flag("clean_text", true),
            ideographs: flag("handle_chinese_chars", true),
            // Left open, it follows the case.
            accents: flag("strip_accents", lower),
            lower,
            marks: Set::new(r"\p{Mn}"),
            others: Set::new(CONTROLS),
            punctuation: Set::new(r"[\p{P}!-/:-@\[-`\{-~]"),
        })
    }

    /// Cuts a text into pieces; linear in its length.
    pub(super) fn encode(&self, text: &str) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(text.len() / 4 + 1);
        let mut word = Word::default();
        let mut seen = Vec::with_capacity(4);
        for (start, c) in text.char_indices() {
            let end = start + c.len_utf8();
            let space = c.is_whitespace();
            let control = !matches!(c, '\t' | '\n' | '\r') && self.others.has(c);
            if self.clean && (c == '\u{fffd}' || control) {
                word.reach(end);
                continue;
            }
            if space {
                self.finish(&mut word, &mut pieces);
                continue;
            }
            seen.clear();
            self.spell(c, &mut seen);
            if seen.is_empty() {
                word.reach(end);
            }
            let alone = self.ideographs && ideograph(c);
            for &c in &seen {
                if c.is_whitespace() {
                    self.finish(&mut word, &mut pieces);
                } else if alone || self.punctuation.has(c) {
                    self.finish(&mut word, &mut pieces);
                    word.push(c, start, end);
                    self.finish(&mut word, &mut pieces);
                } else {
                    word.push(c, start, end);
                }
            }
        }
        self.finish(&mut word, &mut pieces);
        pieces
    }

    /// What becomes of one character.
    fn spell(&self, c: char, out: &mut Vec<char>) {
        let mut put = |c: char| {
            if self.lower {
                out.extend(c.to_lowercase());
            } else {
                out.push(c);
            }
        };
        if c.is_ascii() || !self.accents {
            put(c);
        } else {
            decompose_canonical(c, |part| {
                if !self.marks.has(part) {
                    put(part);
                }
            });
        }
    }

    /// Cuts a word into the longest pieces there are; a word with a part that is none is unknown as a whole.
    fn finish(&self, word: &mut Word, out: &mut Vec<Piece>) {
        let count = word.chars.len();
        let before = out.len();
        let mut from = 0;
        while from < count && count <= self.most {
            let map = if from == 0 { &self.heads } else { &self.tails };
            let furthest = count.min(from + self.longest);
            let found = (from + 1..=furthest).rev().find_map(|to| {
                let id = map.get(word.slice(from, to)?)?;
                Some((to, *id))
            });
            let Some((to, id)) = found else {
                break;
            };
            let (Some(first), Some(last)) = (word.chars.get(from), word.chars.get(to - 1)) else {
                break;
            };
            out.push(Piece {
                id,
                start: first.start,
                end: last.end,
                head: from == 0,
            });
            from = to;
        }
        if from < count
            && let (Some(first), Some(last)) = (word.chars.first(), word.chars.last())
        {
            out.truncate(before);
            out.push(Piece {
                id: self.unknown,
                start: first.start,
                end: last.end,
                head: true,
            });
        }
        word.clear();
    }
}

fn text<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field)?.as_str()
}

/// The word that is being read.
#[derive(Default)]
struct Word {
    spelling: String,
    chars: Vec<Letter>,
}

/// A letter of a word: where it ends in the spelling, and the bytes of the text it came from.
struct Letter {
    spelled: usize,
    start: usize,
    end: usize,
}

impl Word {
    fn push(&mut self, c: char, start: usize, end: usize) {
        self.spelling.push(c);
        let spelled = self.spelling.len();
        self.chars.push(Letter {
            spelled,
            start,
            end,
        });
    }

    /// Takes in what was left out behind the last letter.
    fn reach(&mut self, end: usize) {
        if let Some(last) = self.chars.last_mut() {
            last.end = end;
        }
    }

    /// The spelling of the letters `from..to`.
    fn slice(&self, from: usize, to: usize) -> Option<&str> {
        let start = match from.checked_sub(1) {
            Some(before) => self.chars.get(before)?.spelled,
            None => 0,
        };
        self.spelling.get(start..self.chars.get(to - 1)?.spelled)
    }

    fn clear(&mut self) {
        self.spelling.clear();
        self.chars.clear();
    }
}

/// The blocks that BERT reads character by character.
fn ideograph(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}' | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}'
        | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// A general category of Unicode, as the tables of `regex-syntax` have it.
struct Set(Vec<(char, char)>);

impl Set {
    fn new(class: &str) -> Self {
        let hir = regex_syntax::parse(class);
        let ranges = match hir.as_ref().map(regex_syntax::hir::Hir::kind) {
            Ok(HirKind::Class(Class::Unicode(set))) => {
                set.iter().map(|r| (r.start(), r.end())).collect()
            }
            _ => Vec::new(),
        };
        Self(ranges)
    }

    fn has(&self, c: char) -> bool {
        let after = self.0.partition_point(|&(_, end)| end < c);
        self.0.get(after).is_some_and(|&(start, _)| start <= c)
    }
}

#[cfg(test)]
mod tests;
