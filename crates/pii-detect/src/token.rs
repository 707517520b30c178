//! Words of a text: where they stand, how they look, and what stands between them.
//!
//! One linear pass; every rule over names and places reads these tokens and never the text again.

use crate::cues::{self, Class};
use crate::lexicon::{Entry, Hash, lookup};

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The first token of the text.
    Start,
    /// Nothing but spaces.
    Space,
    /// A hyphen alone.
    Hyphen,
    /// An apostrophe alone.
    Apostrophe,
    /// A full stop with or without spaces behind it.
    Dot,
    /// A comma with or without spaces.
    Comma,
    /// A colon with or without spaces.
    Colon,
    /// A line break, whatever else stands with it.
    Line,
    /// Anything else.
    Other,
}

/// How a token looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All letters lower case, or of a script without case.
    Lower,
    /// First letter upper case, a lower-case one behind it.
    Capital,
    /// More than one letter, all upper case.
    Upper,
    /// One upper-case letter.
    Initial,
    /// Lower case first, upper case later (`iPhone`).
    Inner,
    /// Digits only.
    Number,
    /// Digits and letters.
    Mixed,
}

/// A run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: usize,
    /// Byte behind the last.
    pub(crate) end: usize,
    /// Finished hash of the folded word.
    pub(crate) hash: u64,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// How it looks.
    pub(crate) shape: Shape,
    /// Number of characters, at most 255.
    pub(crate) chars: u8,
    /// What the lexicon knows; looked up for capitalised words only.
    pub(crate) entry: Entry,
    /// Classes of the cue lists this single word belongs to.
    pub(crate) class: Class,
}

impl Token {
    /// A word that begins with an upper-case letter.
    pub(crate) const fn capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Initial)
    }

    /// Letters only.
    pub(crate) const fn word(&self) -> bool {
        !matches!(self.shape, Shape::Number | Shape::Mixed)
    }

    /// Holds a digit.
    pub(crate) const fn digits(&self) -> bool {
        matches!(self.shape, Shape::Number | Shape::Mixed)
    }

    /// The entry, looked up now if it was not before.
    pub(crate) fn known(&self) -> Entry {
        if self.capital() {
            self.entry
        } else {
            lookup(self.hash)
        }
    }
}

/// A text and its tokens.
pub(crate) struct Tokens<'t> {
    /// The text.
    pub(crate) text: &'t str,
    all: Vec<Token>,
}

impl<'t> Tokens<'t> {
    /// Splits a text.
    pub(crate) fn new(text: &'t str) -> Self {
        let mut all: Vec<Token> = Vec::with_capacity(text.len() / 6 + 1);
        let mut at = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            if !first.is_alphanumeric() {
                continue;
            }
            let mut seen = Seen::default();
            let mut hash = Hash::new();
            let mut next = Some(first);
            let mut end = start;
            while let Some(c) = next {
                seen.see(c);
                hash = hash.char(c);
                end += c.len_utf8();
                next = chars
                    .next_if(|(_, c)| c.is_alphanumeric() || is_mark(*c))
                    .map(|(_, c)| c);
            }
            let gap = match all.last() {
                None => first_gap(text.get(..start).unwrap_or("")),
                Some(_) => gap(text.get(at..start).unwrap_or("")),
            };
            at = end;
            let shape = seen.shape();
            let hash = hash.finish();
            let capital = matches!(shape, Shape::Capital | Shape::Upper | Shape::Initial);
            let letters = !matches!(shape, Shape::Number | Shape::Mixed);
            all.push(Token {
                start,
                end,
                hash,
                gap,
                shape,
                chars: seen.chars,
                entry: if capital {
                    lookup(hash)
                } else {
                    Entry::default()
                },
                class: if letters {
                    cues::class(hash)
                } else {
                    Class::NONE
                },
            });
        }
        Self { text, all }
    }

    /// All tokens.
    pub(crate) fn all(&self) -> &[Token] {
        &self.all
    }

    /// One token.
    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.all.get(at)
    }

    /// The token before `at`.
    pub(crate) fn before(&self, at: usize) -> Option<&Token> {
        self.all.get(at.checked_sub(1)?)
    }

    /// What stands between `at` and the token before it; `Start` behind the last token too.
    pub(crate) fn gap(&self, at: usize) -> Gap {
        self.get(at).map_or(Gap::Start, |token| token.gap)
    }

    /// The word of a token.
    pub(crate) fn word(&self, at: usize) -> &'t str {
        self.get(at)
            .and_then(|token| self.text.get(token.start..token.end))
            .unwrap_or("")
    }

    /// The bytes between `at` and the token before it.
    pub(crate) fn between(&self, at: usize) -> &'t str {
        let from = self.before(at).map_or(0, |token| token.end);
        let to = self.get(at).map_or(self.text.len(), |token| token.start);
        self.text.get(from..to).unwrap_or("")
    }

    /// Whether `at` begins a line.
    pub(crate) fn line_start(&self, at: usize) -> bool {
        matches!(self.gap(at), Gap::Line | Gap::Start)
    }

    /// Whether `at` begins a sentence, so that its capital says nothing.
    pub(crate) fn sentence_start(&self, at: usize) -> bool {
        match self.gap(at) {
            Gap::Start | Gap::Line | Gap::Dot => true,
            Gap::Other | Gap::Colon => {
                let between = self.between(at);
                between.contains(['!', '?', ':', '.', '\u{2026}', '\u{2022}', '>', '*'])
            }
            _ => false,
        }
    }

    /// Index behind the last token of the line that `at` stands in.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let rest = self.all.get(at + 1..).unwrap_or(&[]);
        at + 1
            + rest
                .iter()
                .take_while(|token| token.gap != Gap::Line)
                .count()
    }
}

/// Combining marks continue a word written in decomposed form.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn first_gap(before: &str) -> Gap {
    if before.contains('\n') {
        Gap::Line
    } else {
        Gap::Start
    }
}

fn gap(between: &str) -> Gap {
    match between {
        " " => return Gap::Space,
        "-" | "\u{2010}" | "\u{2011}" => return Gap::Hyphen,
        "'" | "\u{2019}" | "`" | "\u{b4}" => return Gap::Apostrophe,
        _ => {}
    }
    if between.contains(['\n', '\r', '\u{2028}']) {
        return Gap::Line;
    }
    let trimmed = between.trim();
    match trimmed {
        "" => Gap::Space,
        "." => Gap::Dot,
        "," => Gap::Comma,
        ":" => Gap::Colon,
        _ => Gap::Other,
    }
}

#[derive(Default)]
struct Seen {
    chars: u8,
    upper: u8,
    lower: u8,
    digits: u8,
    first_upper: bool,
}

impl Seen {
    fn see(&mut self, c: char) {
        if c.is_ascii_digit() || c.is_numeric() {
            self.digits = self.digits.saturating_add(1);
        } else if c.is_uppercase() {
            self.first_upper |= self.chars == 0;
            self.upper = self.upper.saturating_add(1);
        } else {
            self.lower = self.lower.saturating_add(1);
        }
        self.chars = self.chars.saturating_add(1);
    }

    fn shape(&self) -> Shape {
        match (self.digits, self.upper, self.lower) {
            (1.., 0, 0) => Shape::Number,
            (1.., _, _) => Shape::Mixed,
            (_, 1, 0) => Shape::Initial,
            (_, _, 0) => Shape::Upper,
            (_, 0, _) => Shape::Lower,
            _ if self.first_upper => Shape::Capital,
            _ => Shape::Inner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, Shape, Tokens};

    #[test]
    fn shapes_and_gaps() {
        let tokens = Tokens::new("Dr. Jean-Pierre O'Neil, 12b\nJ SMITH iPhone");
        let seen: Vec<_> = tokens.all().iter().map(|t| (t.shape, t.gap)).collect();
        assert_eq!(
            seen,
            [
                (Shape::Capital, Gap::Start),
                (Shape::Capital, Gap::Dot),
                (Shape::Capital, Gap::Hyphen),
                (Shape::Initial, Gap::Space),
                (Shape::Capital, Gap::Apostrophe),
                (Shape::Mixed, Gap::Comma),
                (Shape::Initial, Gap::Line),
                (Shape::Upper, Gap::Space),
                (Shape::Inner, Gap::Space),
            ]
        );
    }

    #[test]
    fn decomposed_letters_stay_in_their_word() {
        let tokens = Tokens::new("Zoe\u{308} ruft an");
        assert_eq!(tokens.word(0), "Zoe\u{308}");
        assert_eq!(tokens.all().len(), 3);
    }
}
