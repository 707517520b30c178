//! What the model sees of a token: words, affixes, shapes, the lexicon's flags, cues, and what stands between.
//!
//! Every feature is a number of a template and what the template reads, hashed to a row of weights. The tool that trains the
//! weights compiles this very file, so that both sides see the same.

use super::cue::{self, Announced};
use crate::token::{Gap, Shape, Tokens};

/// Features of one token.
pub(crate) const FEATURES: usize = 44;

/// How the letters of the whole text are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// As in books.
    Mixed,
    /// No capitals, or next to none.
    Lower,
    /// Mostly capitals.
    Upper,
}

/// One token as the templates read it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sight {
    /// The word; numbers by their shape alone.
    word: u32,
    /// First three and four bytes, last two, three and four.
    pre: [u32; 2],
    suf: [u32; 3],
    /// Flags of the lexicon without the frequency code.
    lex: u32,
    /// Frequency code of the lexicon.
    freq: u32,
    /// Shape and length.
    shape: u32,
    /// What stands before.
    joint: u32,
    /// Lists the word is in.
    class: u32,
    /// What the words before announce.
    said: u32,
    /// Place in the line and length of the line.
    place: u32,
}

impl Sight {
    /// Forgets which word it is and what the lexicon knows of it: a name nobody has heard of.
    #[cfg(feature = "training")]
    pub(crate) const fn forget(&mut self) {
        self.word = 2;
        self.lex = 0;
        self.freq = 0;
    }
}

/// A token beyond either end of the text.
const BEYOND: Sight = Sight {
    word: 1,
    pre: [1; 2],
    suf: [1; 3],
    lex: 1 << 12,
    freq: 32,
    shape: 255,
    joint: 31,
    class: 1 << 31,
    said: 0,
    place: 0,
};

/// Looks at every token of a text.
pub(crate) fn sights(tokens: &Tokens<'_>) -> Vec<Sight> {
    let announced = cue::announced(tokens);
    let all = tokens.all();
    let mut sights: Vec<Sight> = (0..all.len())
        .map(|at| one(tokens, at, announced.get(at).copied().unwrap_or_default()))
        .collect();
    let mut from = 0;
    while from < all.len() {
        let to = tokens.line_end(from);
        let len = bucket(to - from);
        for at in from..to {
            let place = match (at == from, at + 1 == to) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                _ => 3,
            };
            if let Some(sight) = sights.get_mut(at) {
                sight.place = place << 3 | len;
            }
        }
        from = to;
    }
    sights
}

fn bucket(tokens: usize) -> u32 {
    match tokens {
        0..=3 => tokens as u32,
        4..=6 => 4,
        7..=12 => 5,
        _ => 6,
    }
}

/// How the text uses capitals.
pub(crate) fn case(tokens: &Tokens<'_>) -> Case {
    let (mut words, mut upper, mut capital) = (0usize, 0usize, 0usize);
    for token in tokens.all().iter().filter(|t| t.word() && t.chars > 1) {
        words += 1;
        upper += usize::from(token.shape == Shape::Upper);
        capital += usize::from(token.shape == Shape::Capital);
    }
    if words >= 4 && upper * 10 >= words * 6 {
        Case::Upper
    } else if upper + capital == 0 || (upper + capital) * 25 < words {
        Case::Lower
    } else {
        Case::Mixed
    }
}

fn one(tokens: &Tokens<'_>, at: usize, said: Announced) -> Sight {
    let Some(token) = tokens.get(at) else {
        return BEYOND;
    };
    let len = match token.chars {
        0..=3 => u32::from(token.chars),
        4..=6 => 4,
        7..=10 => 5,
        _ => 6,
    };
    let shape = (token.shape as u32) << 3 | len;
    let bytes = tokens.word(at).as_bytes();
    let entry = token.known().bits();
    if token.digits() {
        // Which digits they are says nothing, how many and where letters stand among them does.
        let mut pattern = 0u32;
        for b in bytes.iter().take(8) {
            pattern = pattern << 2
                | if b.is_ascii_digit() {
                    1
                } else if b.is_ascii_uppercase() {
                    2
                } else {
                    3
                };
        }
        return Sight {
            word: pattern | 0x8000_0000,
            lex: u32::from(entry >> 5),
            freq: 33,
            shape,
            joint: joint(tokens, at),
            class: token.class.bits(),
            said: said.bits(),
            ..Sight::default()
        };
    }
    Sight {
        word: (token.hash >> 20) as u32,
        pre: [head(bytes, 3), head(bytes, 4)],
        suf: [tail(bytes, 2), tail(bytes, 3), tail(bytes, 4)],
        lex: u32::from(entry >> 5),
        freq: u32::from(entry & 31),
        shape,
        joint: joint(tokens, at),
        class: token.class.bits(),
        said: said.bits(),
        place: 0,
    }
}

fn head(bytes: &[u8], len: usize) -> u32 {
    fold(bytes.iter().take(len))
}

fn tail(bytes: &[u8], len: usize) -> u32 {
    fold(bytes.iter().rev().take(len))
}

fn fold<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    bytes.fold(0, |sum, b| sum << 8 | u32::from(b.to_ascii_lowercase()))
}

/// What stands before a token, finer than [`Gap`].
fn joint(tokens: &Tokens<'_>, at: usize) -> u32 {
    let gap = tokens.gap(at);
    match gap {
        Gap::Start if at == 0 => 0,
        Gap::Start => 30,
        Gap::Space => 1,
        Gap::Hyphen => 2,
        Gap::Apostrophe => 3,
        Gap::Dot => 4 + u32::from(tokens.between(at).len() == 1),
        Gap::Comma => 6,
        Gap::Colon => 7,
        Gap::Line => {
            let between = tokens.between(at);
            let trimmed = between.trim_end_matches([' ', '\t']);
            if trimmed.ends_with(['>', '|']) {
                8
            } else if between.trim_start_matches(' ').starts_with(',') {
                9
            } else if !trimmed.ends_with('\n') {
                10
            } else if between.matches('\n').count() > 1 {
                11
            } else {
                12
            }
        }
        Gap::Other => {
            let between = tokens.between(at).trim();
            match between.chars().next_back() {
                Some('(' | '[' | '{') => 13,
                Some('"' | '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}' | '\u{201e}') => 14,
                Some('/' | '\\') => 15,
                Some('@') => 16,
                Some('!' | '?' | '\u{2026}') => 17,
                Some(';') => 18,
                Some('_' | '#' | '=') => 19,
                Some('<') => 20,
                Some('>') => 21,
                Some('|') => 22,
                Some('&' | '+') => 23,
                Some('-' | '\u{2013}' | '\u{2014}') => 24,
                Some(')' | ']' | '}') => 25,
                Some('.' | ',' | ':') => 26,
                Some('\'' | '\u{2019}') => 27,
                _ => 28,
            }
        }
    }
}

/// The features of one token, as rows of a table of `rows`.
pub(crate) fn rows(sights: &[Sight], at: usize, case: Case, rows: u32, out: &mut [u32; FEATURES]) {
    let get = |back: usize, ahead: usize| {
        (at + ahead)
            .checked_sub(back)
            .and_then(|i| sights.get(i))
            .unwrap_or(&BEYOND)
    };
    let (l2, l1, s, r1, r2) = (get(2, 0), get(1, 0), get(0, 0), get(0, 1), get(0, 2));
    let form = s.shape >> 3;
    let kind = |x: &Sight| x.lex & 0x3ff;
    let case = case as u32;
    let values: [(u32, u32); FEATURES] = [
        (s.word, 0),
        (s.word, s.shape >> 3),
        (l1.word, 0),
        (r1.word, 0),
        (l2.word, 0),
        (r2.word, 0),
        (l1.word, s.word),
        (s.word, r1.word),
        (l1.word, r1.word),
        (l2.word, l1.word),
        (r1.word, r2.word),
        (s.pre[0], form),
        (s.pre[1], form),
        (s.suf[0], form),
        (s.suf[1], form),
        (s.suf[2], form),
        (l1.suf[1], form | 8),
        (r1.suf[1], form),
        (s.shape << 8 | l1.shape, r1.shape),
        (s.shape << 8 | l1.shape, l2.shape),
        (s.shape << 8 | r1.shape, r2.shape),
        (kind(s), s.freq << 8 | form),
        (kind(l1) << 10 | kind(s), s.joint),
        (kind(s) << 10 | kind(r1), r1.joint),
        (kind(l1) << 16 | kind(s), kind(r1)),
        (kind(l2) << 16 | kind(l1), form),
        (kind(r1) << 16 | kind(r2), form),
        (l1.freq << 10 | s.freq << 5 | r1.freq, form),
        (l1.freq << 5 | s.freq, s.joint << 5 | form),
        (s.joint << 5 | r1.joint, s.shape),
        (s.joint << 5 | r1.joint, kind(s)),
        (s.said, form),
        (s.said, kind(s) << 5 | s.freq),
        (l1.said, form << 5 | l1.shape >> 3),
        (l2.said, form << 5 | l1.shape >> 3),
        (s.joint, l1.word),
        (r1.joint, r1.word),
        (l1.word, form << 10 | kind(s)),
        (r1.word, form << 10 | kind(s)),
        (s.place, form << 10 | kind(s)),
        (s.class, l1.class),
        (r1.class, form),
        (case << 8 | form, kind(s) << 5 | s.freq),
        (s.place, s.joint << 5 | r1.joint),
    ];
    for (id, ((a, b), slot)) in values.iter().zip(out.iter_mut()).enumerate() {
        *slot = row(id as u32, *a, *b, rows);
    }
}

fn row(id: u32, a: u32, b: u32, rows: u32) -> u32 {
    let mut h =
        (u64::from(a) << 32 | u64::from(b)) ^ u64::from(id).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^= h >> 32;
    h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
    h ^= h >> 29;
    h = h.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (((h >> 32) * u64::from(rows)) >> 32) as u32
}
