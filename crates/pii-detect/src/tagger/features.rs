//! What the model sees of a token: words, affixes, shapes, the lexicon's flags, cues, and what stands between.
//!
//! Every feature is a number of a template and what the template reads, hashed to a row of weights. The tool that trains the
//! weights compiles this very file, so that both sides see the same.

use super::cue::{self, Announced};
use super::gate::{Case, case, open};
use crate::bits::{Bits, few};
use crate::token::{Gap, Token, Tokens};

/// Features of one token.
pub(crate) const FEATURES: usize = 32;

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
    /// Which digits a number has says nothing, how many and where letters stand among them does.
    fn number(&mut self, word: &str) {
        let pattern = word.bytes().take(8).fold(0u32, |pattern, b| {
            let class = if b.is_ascii_digit() {
                1
            } else if b.is_ascii_uppercase() {
                2
            } else {
                3
            };
            pattern << 2 | class
        });
        self.word = pattern | 0x8000_0000;
        self.freq = 33;
        (self.pre, self.suf) = (0, [0; 3]);
    }

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
    pub(crate) open: Bits,
    pub(crate) case: Case,
}

/// Looks at a text: at words that may be names or parts of an address, and at what stands around them. What is `taken` by a
/// rule that is sure bears no label.
pub(crate) fn view(tokens: &Tokens<'_>, taken: &[bool]) -> View {
    let announced = cue::announced(tokens);
    let all = tokens.all();
    let case = case(tokens);
    let open = open(tokens, &announced, case, taken);
    let mut lines = Lines::new(tokens);
    let mut sights = vec![Sight::default(); all.len()];
    for at in Bits::of(all.len(), |word| open.around(word, 2)).ones() {
        if let (Some(sight), Some(token)) = (sights.get_mut(at), all.get(at)) {
            let said = announced.get(at).copied().unwrap_or_default();
            *sight = one(token, said);
        }
    }
    // Only of a word itself are its letters and its place read, and what stands before it and behind.
    for at in open.ones() {
        let behind = joint(tokens, at + 1);
        if let Some(next) = sights.get_mut(at + 1) {
            next.joint = behind;
        }
        let (Some(sight), Some(token)) = (sights.get_mut(at), all.get(at)) else {
            continue;
        };
        sight.joint = joint(tokens, at);
        sight.place = lines.place(at);
        let bytes = tokens.text.as_bytes().get(token.start..token.end);
        sight.pre = bytes.map_or(0, head);
        sight.suf = bytes.map_or([0; 3], tails);
    }
    let numbers = few(all, |_, token| token.digits());
    for (at, _) in numbers {
        if let Some(sight) = sights.get_mut(at) {
            sight.number(tokens.word(at));
        }
    }
    View { sights, open, case }
}

/// Where the lines of a text begin, and the line that was asked for last.
struct Lines {
    starts: Bits,
    tokens: usize,
    line: (usize, usize),
}

impl Lines {
    fn new(tokens: &Tokens<'_>) -> Self {
        let all = tokens.all();
        let starts = Bits::of(all.len(), |word| {
            let part = all.get(64 * word..).unwrap_or(&[]);
            let starts = part.iter().take(64).enumerate();
            starts.fold(0, |bits, (bit, token)| {
                bits | u64::from((token.gap == Gap::Line) | (token.gap == Gap::Start)) << bit
            })
        });
        Self {
            starts,
            tokens: all.len(),
            line: (0, 0),
        }
    }

    /// The place of a token in its line, and how long the line is; tokens are asked for in their order, so that no more than
    /// what lies between them is searched.
    fn place(&mut self, at: usize) -> u32 {
        if at >= self.line.1 {
            let from = self.starts.last(at).unwrap_or(0);
            let to = self.starts.next(at + 1).unwrap_or(self.tokens);
            self.line = (from, to);
        }
        let (from, to) = self.line;
        // 0 a line of one, 1 the first of a line, 2 the last, 3 neither.
        let place = u32::from(at != from) << 1 | u32::from(at + 1 != to);
        place << 3 | bucket(to - from)
    }
}

fn bucket(tokens: usize) -> u32 {
    match tokens {
        0..=3 => tokens as u32,
        4..=6 => 4,
        7..=12 => 5,
        _ => 6,
    }
}

/// What every neighbour sees of a word.
fn one(token: &Token, said: Announced) -> Sight {
    let entry = token.known().bits();
    let len = LENGTHS.get(usize::from(token.chars)).unwrap_or(&6);
    Sight {
        word: (token.hash >> 20) as u32,
        lex: u32::from(entry >> 5),
        freq: u32::from(entry & 31),
        shape: (token.shape as u32) << 3 | u32::from(*len),
        class: token.class.bits(),
        said: said.bits(),
        ..Sight::default()
    }
}

/// Classes of length, by the number of characters; more are in the last.
static LENGTHS: [u8; 11] = [0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5];

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
#[inline]
fn joint(tokens: &Tokens<'_>, at: usize) -> u32 {
    let gap = tokens.gap(at);
    // Nearly always.
    if gap == Gap::Space {
        return 1;
    }
    joint_of(tokens, at, gap)
}

/// The same where more than spaces stand there.
#[inline(never)]
fn joint_of(tokens: &Tokens<'_>, at: usize, gap: Gap) -> u32 {
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
    *out = [
        row::<0>(s.word, 0, rows),
        row::<1>(l1.word, 0, rows),
        row::<2>(r1.word, 0, rows),
        row::<3>(l2.word, 0, rows),
        row::<4>(l1.word, s.word, rows),
        row::<5>(s.word, r1.word, rows),
        row::<6>(l1.word, r1.word, rows),
        row::<7>(l2.word, l1.word, rows),
        row::<8>(r1.word, r2.word, rows),
        row::<9>(s.pre, form, rows),
        row::<10>(s.suf[0], form, rows),
        row::<11>(s.suf[1], form, rows),
        row::<12>(s.suf[2], form, rows),
        row::<13>(s.shape << 8 | l1.shape, r1.shape, rows),
        row::<14>(kind(s), s.freq << 8 | form, rows),
        row::<15>(kind(l1) << 10 | kind(s), s.joint, rows),
        row::<16>(kind(s) << 10 | kind(r1), r1.joint, rows),
        row::<17>(kind(l1) << 16 | kind(s), kind(r1), rows),
        row::<18>(kind(l2) << 16 | kind(l1), form, rows),
        row::<19>(kind(r1) << 16 | kind(r2), form, rows),
        row::<20>(l1.freq << 10 | s.freq << 5 | r1.freq, form, rows),
        row::<21>(s.joint << 5 | r1.joint, kind(s), rows),
        row::<22>(s.said, form, rows),
        row::<23>(s.said, kind(s) << 5 | s.freq, rows),
        row::<24>(l1.said, form << 5 | l1.shape >> 3, rows),
        row::<25>(s.joint, l1.word, rows),
        row::<26>(r1.joint, r1.word, rows),
        row::<27>(l1.word, form << 10 | kind(s), rows),
        row::<28>(r1.word, form << 10 | kind(s), rows),
        row::<29>(s.place, form << 10 | kind(s), rows),
        row::<30>(s.class, l1.class, rows),
        row::<31>(case << 8 | form, kind(s) << 5 | s.freq, rows),
    ];
}

/// The row of what template `TEMPLATE` reads. The templates are written out, not looped over, so that each one's number, and
/// what it reads of only one word, are known to the compiler.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
fn row<const TEMPLATE: usize>(a: u32, b: u32, rows: u32) -> u32 {
    let template = const { TEMPLATES[TEMPLATE] };
    let read = u64::from(a) << 32 | u64::from(b);
    // Multiplied into 128 bits and folded, so that every bit counts; the upper half chooses the row.
    let wide = u128::from(read ^ template) * 0xd6e8_feb8_6659_fd93;
    let mixed = (wide as u64 ^ (wide >> 64) as u64) >> 32;
    ((mixed * u64::from(rows)) >> 32) as u32
}

/// A number of its own for every template.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const TEMPLATES: [u64; FEATURES] = {
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
