//! What the model sees of a token: words, affixes, shapes, the lexicon's flags, cues, and what stands between.
//!
//! Every feature is a number of a template and what the template reads, hashed to a row of weights. The tool that trains the
//! weights compiles this very file, so that both sides see the same.

use super::cue::{self, Announced};
use crate::cues::Class;
use crate::token::{Gap, Shape, Token, Tokens};

/// Features of one token.
pub(crate) const FEATURES: usize = 32;

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
    /// First three bytes.
    pre: u32,
    /// Last two, three and four.
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
    pre: 1,
    suf: [1; 3],
    lex: 1 << 12,
    freq: 32,
    shape: 255,
    joint: 31,
    class: 1 << 31,
    said: 0,
    place: 0,
};

/// A text as the model sees it.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) sights: Vec<Sight>,
    /// Tokens that may bear a label; all others are outside.
    pub(crate) open: Vec<bool>,
    pub(crate) case: Case,
}

/// Looks at a text: at words that may be names or parts of an address, and at what stands around them. What is `taken` by a
/// rule that is sure bears no label.
pub(crate) fn view(tokens: &Tokens<'_>, taken: &[bool]) -> View {
    let announced = cue::announced(tokens);
    let all = tokens.all();
    let case = case(tokens);
    let open = open(tokens, &announced, case, taken);
    let mut sights = vec![Sight::default(); all.len()];
    // The end of the last token looked at.
    let mut seen = 0;
    let mut line = (0, 0);
    for (at, _) in open.iter().enumerate().filter(|(_, open)| **open) {
        for near in at.saturating_sub(2).max(seen)..(at + 3).min(all.len()) {
            if let Some(sight) = sights.get_mut(near) {
                let said = announced.get(near).copied().unwrap_or_default();
                *sight = one(tokens, near, said);
                // Only of a word itself are its letters and its place read, not of its neighbours.
                if !open.get(near).copied().unwrap_or(false) {
                    seen = near + 1;
                    continue;
                }
                if let Some(token) = tokens.get(near).filter(|t| !t.digits()) {
                    let bytes = tokens.text.as_bytes().get(token.start..token.end);
                    sight.pre = bytes.map_or(0, head);
                    sight.suf = bytes.map_or([0; 3], tails);
                }
                if near >= line.1 {
                    let mut from = near;
                    while from > line.1 && !tokens.line_start(from) {
                        from -= 1;
                    }
                    line = (from, tokens.line_end(near));
                }
                let place = match (near == line.0, near + 1 == line.1) {
                    (true, true) => 0,
                    (true, false) => 1,
                    (false, true) => 2,
                    _ => 3,
                };
                sight.place = place << 3 | bucket(line.1 - line.0);
            }
            seen = near + 1;
        }
    }
    View { sights, open, case }
}

/// Whether tokens may bear a label.
fn open(tokens: &Tokens<'_>, announced: &[Announced], case: Case, taken: &[bool]) -> Vec<bool> {
    let all = tokens.all();
    let free = |at: usize| !taken.get(at).copied().unwrap_or(false);
    // In a line of chat without capitals any word may be one.
    if case == Case::Lower && all.len() <= 24 {
        return (0..all.len()).map(free).collect();
    }
    let first: Vec<bool> = all
        .iter()
        .zip(announced)
        .enumerate()
        .map(|(at, (token, said))| free(at) && candidate(tokens, at, token, *said, case))
        .collect();
    let any = |from: usize, to: usize| {
        let part = first.get(from..to.min(first.len()));
        part.is_some_and(|part| part.contains(&true))
    };
    let near = |at: usize, reach: usize| any(at.saturating_sub(reach), at + reach + 1);
    let space = |at: usize| matches!(tokens.gap(at), Gap::Space | Gap::Hyphen);
    let small = Class::PARTICLE
        .or(Class::STREET)
        .or(Class::UNIT)
        .or(Class::NUMBERWORD);
    let mut open = first.clone();
    // Numbers and small words beside a candidate may be part of it: "van der", "12", "s".
    for (at, (token, slot)) in all.iter().zip(&mut open).enumerate() {
        let long = token.chars > 3 && !token.digits() && !token.class.has(small);
        if *slot || long && !strange(token) || !free(at) {
            continue;
        }
        *slot = if token.digits() {
            near(at, 3)
        } else if token.class.has(Class::PARTICLE) {
            // "in" and "a" stand before names more often than in them.
            if token.class.has(Class::PLACE_CUE) || token.chars == 1 {
                any(at.saturating_sub(2), at) && any(at + 1, at + 3)
            } else {
                any(at + 1, at + 3)
            }
        } else {
            (token.class.has(small) || strange(token)) && near(at, 1)
                || token.chars <= 3 && !frequent(token) && near(at, 1)
                // "Frankfurt am Main", "Bay of Plenty".
                || token.chars <= 3
                    && space(at)
                    && space(at + 1)
                    && any(at.saturating_sub(1), at)
                    && any(at + 1, at + 2)
        };
    }
    open
}

/// Whether a word can begin or carry a label by itself.
fn candidate(tokens: &Tokens<'_>, at: usize, token: &Token, said: Announced, case: Case) -> bool {
    if token.digits() {
        return said.strong();
    }
    if said.strong()
        || token
            .class
            .has(Class::STREET_FRONT.or(Class::STREET_SUFFIX))
    {
        return true;
    }
    let entry = token.known();
    let named = entry.name() || entry.town() >= 1 || entry.country() || entry.mostly_place();
    if token.capital() && case != Case::Upper {
        // The first word of a sentence is capitalised whatever it is.
        let first = entry.common_word() && tokens.sentence_start(at);
        let alone = frequent(token)
            && !entry.given()
            && tokens.get(at + 1).is_none_or(|next| !next.capital());
        // "I" of who speaks; an initial has a neighbour.
        let initial = token.chars > 1
            || said.strong()
            || tokens.gap(at + 1) == Gap::Dot
            || [at.wrapping_sub(1), at + 1].iter().any(|near| {
                tokens
                    .get(*near)
                    .is_some_and(|t| t.capital() && t.chars > 1 && !frequent(t))
            });
        // "Bestellung", "Monday": capitalised or not, hardly ever a name.
        let known = entry.name() || entry.town() > 0 || entry.country();
        let plain = entry.mostly_plain() && !known && said.bits() == 0;
        return initial && !plain && (!first || named && !alone);
    }
    if token.chars < 2 {
        return false;
    }
    // Who writes capitals elsewhere leaves them out of a name that something announces, or behind another of them.
    let strange = strange(token) && (case != Case::Mixed || said.bits() != 0);
    named && !frequent(token) || strange
}

/// A word that nobody has met.
fn strange(token: &Token) -> bool {
    token.chars >= 3 && token.known().capital_share().is_none()
}

/// A word that running text is full of.
fn frequent(token: &Token) -> bool {
    let entry = token.known();
    entry.common_word() && entry.lower_bucket() >= 3
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
    // One table look-up a word: how many words, words in capitals and capitalised words it is.
    let mut counts = [0usize; 8];
    for token in tokens.all().iter().filter(|t| t.chars > 1) {
        if let Some(count) = counts.get_mut(token.shape as usize) {
            *count += 1;
        }
    }
    let of = |shape: Shape| counts.get(shape as usize).copied().unwrap_or(0);
    let (upper, capital) = (of(Shape::Upper), of(Shape::Capital));
    let words = counts.iter().sum::<usize>() - of(Shape::Number) - of(Shape::Mixed);
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
    let entry = token.known().bits();
    if token.digits() {
        // Which digits they are says nothing, how many and where letters stand among them does.
        let mut pattern = 0u32;
        for b in tokens.word(at).bytes().take(8) {
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
        lex: u32::from(entry >> 5),
        freq: u32::from(entry & 31),
        shape,
        joint: joint(tokens, at),
        class: token.class.bits(),
        said: said.bits(),
        ..Sight::default()
    }
}

/// The first three bytes.
fn head(bytes: &[u8]) -> u32 {
    match bytes.first_chunk() {
        Some([a, b, c]) => small(u32::from_be_bytes([0, *a, *b, *c])),
        None => short(bytes.iter()),
    }
}

/// The last two, three and four bytes, the last of all in the highest.
fn tails(bytes: &[u8]) -> [u32; 3] {
    match bytes.last_chunk() {
        Some(four) => {
            let all = small(u32::from_le_bytes(*four));
            [all >> 16, all >> 8, all]
        }
        None => [2, 3, 4].map(|len| short(bytes.iter().rev().take(len))),
    }
}

fn short<'b>(bytes: impl Iterator<Item = &'b u8>) -> u32 {
    bytes.fold(0, |sum, b| sum << 8 | u32::from(b.to_ascii_lowercase()))
}

/// Four bytes with the capitals of ASCII made small.
const fn small(four: u32) -> u32 {
    let low = four & 0x7f7f_7f7f;
    let capitals = (low + 0x3f3f_3f3f) & !(low + 0x2525_2525) & !four & 0x8080_8080;
    four | capitals >> 2
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
        (l1.word, 0),
        (r1.word, 0),
        (l2.word, 0),
        (l1.word, s.word),
        (s.word, r1.word),
        (l1.word, r1.word),
        (l2.word, l1.word),
        (r1.word, r2.word),
        (s.pre, form),
        (s.suf[0], form),
        (s.suf[1], form),
        (s.suf[2], form),
        (s.shape << 8 | l1.shape, r1.shape),
        (kind(s), s.freq << 8 | form),
        (kind(l1) << 10 | kind(s), s.joint),
        (kind(s) << 10 | kind(r1), r1.joint),
        (kind(l1) << 16 | kind(s), kind(r1)),
        (kind(l2) << 16 | kind(l1), form),
        (kind(r1) << 16 | kind(r2), form),
        (l1.freq << 10 | s.freq << 5 | r1.freq, form),
        (s.joint << 5 | r1.joint, kind(s)),
        (s.said, form),
        (s.said, kind(s) << 5 | s.freq),
        (l1.said, form << 5 | l1.shape >> 3),
        (s.joint, l1.word),
        (r1.joint, r1.word),
        (l1.word, form << 10 | kind(s)),
        (r1.word, form << 10 | kind(s)),
        (s.place, form << 10 | kind(s)),
        (s.class, l1.class),
        (case << 8 | form, kind(s) << 5 | s.freq),
    ];
    for (((a, b), template), slot) in values.iter().zip(&TEMPLATES).zip(out.iter_mut()) {
        let read = u64::from(*a) << 32 | u64::from(*b);
        // Multiplied into 128 bits and folded, so that every bit counts; the upper half chooses the row.
        let wide = u128::from(read ^ template) * 0xd6e8_feb8_6659_fd93;
        let mixed = (wide as u64 ^ (wide >> 64) as u64) >> 32;
        *slot = ((mixed * u64::from(rows)) >> 32) as u32;
    }
}

/// A number of its own for every template.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static TEMPLATES: [u64; FEATURES] = {
    let mut all = [0; FEATURES];
    let mut id = 0;
    while id < FEATURES {
        // The steps of SplitMix64 (Steele, Lea, Flood 2014).
        let mut z = (id as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        all[id] = z ^ (z >> 31);
        id += 1;
    }
    all
};
