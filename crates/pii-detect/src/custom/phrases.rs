//! Words and phrases of the caller's, found by the hashes of their words: one look-up a word, however many there are.

use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Token, Tokens};

/// Most bytes between two words of a phrase, so that white space without end is not read again and again.
const GAP: usize = 64;

/// One phrase. Of its words nothing but hashes is kept.
struct Phrase {
    /// Whoever asked for it.
    owner: usize,
    /// Signs before the first word and behind the last.
    lead: Box<str>,
    tail: Box<str>,
    words: Box<[u64]>,
    /// Signs between the words, without spaces and commas.
    gaps: Box<[Box<str>]>,
}

/// Phrases by the hash of their first word.
#[derive(Default)]
pub(super) struct Phrases {
    list: Vec<(u64, Phrase)>,
    /// A bit for each first word: most words of a text end here.
    filter: Vec<u64>,
}

const BITS: u32 = 12;

fn bit(hash: u64) -> (usize, u64) {
    let high = hash >> (64 - BITS);
    (usize::try_from(high >> 6).unwrap_or(0), 1 << (high & 63))
}

/// What counts of the signs between two words.
fn signs(gap: &str) -> impl Iterator<Item = char> {
    gap.chars().filter(|c| !c.is_whitespace() && *c != ',')
}

impl Phrases {
    /// Adds a phrase; `false` when it has neither letter nor digit.
    pub(super) fn add(&mut self, owner: usize, phrase: &str) -> bool {
        let tokens = Tokens::split(phrase, false);
        let all = tokens.all();
        let (Some(first), Some(last)) = (all.first(), all.last()) else {
            return false;
        };
        let end = |part: Option<&str>| part.unwrap_or("").trim().into();
        let phrase = Phrase {
            owner,
            lead: end(phrase.get(..first.start)),
            tail: end(phrase.get(last.end..)),
            words: all.iter().map(|t| t.hash).collect(),
            gaps: (1..all.len())
                .map(|at| signs(tokens.between(at)).collect::<String>().into())
                .collect(),
        };
        self.list.push((first.hash, phrase));
        true
    }

    /// Makes what was added ready to be found.
    pub(super) fn ready(mut self) -> Option<Self> {
        self.list.sort_by_key(|(hash, _)| *hash);
        self.filter = vec![0; 1 << (BITS - 6)];
        for (hash, _) in &self.list {
            let (at, mask) = bit(*hash);
            if let Some(word) = self.filter.get_mut(at) {
                *word |= mask;
            }
        }
        (!self.list.is_empty()).then_some(self)
    }

    /// Every phrase that begins with the token at `at`: its owner, the token behind it, and where it stands.
    pub(super) fn at<'a>(
        &'a self,
        scan: &'a Scan<'_>,
        at: usize,
        token: &Token,
    ) -> impl Iterator<Item = (usize, usize, Span)> + use<'a> {
        let hash = token.hash;
        let (word, mask) = bit(hash);
        let list = if self.filter.get(word).is_some_and(|w| w & mask != 0) {
            let first = self.list.partition_point(|(h, _)| *h < hash);
            self.list.get(first..).unwrap_or(&[])
        } else {
            &[]
        };
        list.iter()
            .take_while(move |(h, _)| *h == hash)
            .filter_map(move |(_, phrase)| {
                let (to, span) = phrase.stands(scan, at)?;
                Some((phrase.owner, to, span))
            })
    }

    /// Whether a phrase stands among the tokens `from..to`.
    pub(super) fn within(&self, scan: &Scan<'_>, from: usize, to: usize) -> bool {
        let part = scan.tokens.all().get(from..to).unwrap_or(&[]);
        part.iter()
            .zip(from..)
            .any(|(token, at)| self.at(scan, at, token).any(|(_, end, _)| end <= to))
    }
}

impl Phrase {
    fn stands(&self, scan: &Scan<'_>, at: usize) -> Option<(usize, Span)> {
        let tokens = &scan.tokens;
        for (i, hash) in self.words.iter().enumerate().skip(1) {
            let here = at + i;
            let between = tokens.between(here);
            let same = tokens.get(here)?.hash == *hash
                && between.len() <= GAP
                && signs(between).eq(self.gaps.get(i - 1)?.chars());
            if !same {
                return None;
            }
        }
        let to = at + self.words.len();
        let (first, last) = (tokens.get(at)?, tokens.before(to)?);
        let fits = scan.text.get(..first.start)?.ends_with(&*self.lead)
            && scan.text.get(last.end..)?.starts_with(&*self.tail);
        let span = Span::new(
            first.start.checked_sub(self.lead.len())?,
            last.end + self.tail.len(),
        )?;
        fits.then_some((to, span))
    }
}
