//! What the model sees of a token: words, affixes, shapes, the lexicon's flags, cues, and what stands between.
//!
//! Every feature is a number of a template and what the template reads, hashed to a row of weights. The tool that trains the
//! weights compiles this very file, so that both sides see the same.

use super::cue::{self, Announced};
use super::gate::{Case, case, open};
use crate::bits::{Bits, ones};
use crate::token::{Gap, Look, Looks, Token, Tokens};

/// Features of one token.
pub(crate) const FEATURES: usize = 26;

/// One token as it and its neighbours see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// The word; numbers by their shape alone.
    word: u32,
    /// Lists the word is in.
    class: u32,
    /// What the words before announce.
    said: u16,
    /// Flags of the lexicon without the frequency code.
    lex: u16,
    /// Frequency code of the lexicon.
    freq: u8,
    /// Shape and length.
    shape: u8,
    /// What stands before.
    gap: u8,
}

impl Sight {
    /// Which digits a number has says nothing, how many and where letters stand among them does.
    fn number(&mut self, bytes: &[u8], token: &Token) {
        let len = (token.end - token.start).min(8);
        let pattern = ahead::<8>(bytes, token.start)
            .iter()
            .fold(0u32, |pattern, b| {
                // 1 a digit, 2 a capital of ASCII, 3 anything else.
                let no_digit = u32::from(!b.is_ascii_digit());
                pattern << 2 | (1 + no_digit + u32::from(no_digit != 0 && !b.is_ascii_uppercase()))
            });
        self.word = pattern >> (2 * (8 - len)) | 0x8000_0000;
        self.freq = 33;
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
    class: 1 << 31,
    said: 0,
    lex: 1 << 12,
    freq: 32,
    shape: 255,
    gap: 31,
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
/// rule that is sure bears no label, nor does that for which `worth` answers false at the first glance.
pub(crate) fn view(
    tokens: &Tokens<'_>,
    taken: &Bits,
    worth: impl Fn(&[Sight], usize, Case) -> bool,
) -> View {
    let announced = cue::announced(tokens);
    let all = tokens.all();
    let case = case(tokens);
    let open = open(tokens, &announced, case, taken);
    // Every word is looked at, whether or not one near it may bear a label: that is a branch less than to ask.
    let mut sights: Vec<Sight> = all
        .iter()
        .zip(&announced)
        .map(|(t, said)| one(t, *said))
        .collect();
    let bytes = tokens.text.as_bytes();
    for at in tokens.looks().ones(Look::Digits) {
        if let Some((sight, token)) = sights.get_mut(at).zip(all.get(at)) {
            sight.number(bytes, token);
        }
    }
    let open = Bits::of(all.len(), |word| {
        ones(open.word(word)).fold(0, |kept, bit| {
            kept | u64::from(worth(&sights, 64 * word + bit, case)) << bit
        })
    });
    View { sights, open, case }
}

/// What only a word itself is asked for.
#[derive(Debug)]
pub(crate) struct Own {
    /// First three bytes.
    pre: u32,
    /// Last three and four.
    suf: [u32; 2],
    /// What stands before it and behind, finer than a [`Gap`].
    joint: u32,
    behind: u32,
    /// Place in the line and length of the line.
    place: u32,
}

impl Own {
    pub(crate) fn new(tokens: &Tokens<'_>, lines: &mut Lines<'_>, at: usize) -> Self {
        let bytes = tokens.text.as_bytes();
        let (pre, suf) = tokens.get(at).map_or((0, [0; 2]), |token| {
            let kept = u32::from(token.digits()).wrapping_sub(1);
            (
                head(bytes, token) & kept,
                tails(bytes, token).map(|suf| suf & kept),
            )
        });
        Self {
            pre,
            suf,
            joint: joint(tokens, at),
            behind: if at + 1 < tokens.all().len() {
                joint(tokens, at + 1)
            } else {
                END
            },
            place: lines.place(at),
        }
    }
}

/// What stands behind the last token.
const END: u32 = 31;

/// Where the lines of a text begin, and the line that was asked for last.
#[derive(Debug)]
pub(crate) struct Lines<'t> {
    looks: &'t Looks,
    tokens: usize,
    line: (usize, usize),
}

impl<'t> Lines<'t> {
    pub(crate) fn new(tokens: &'t Tokens<'_>) -> Self {
        Self {
            looks: tokens.looks(),
            tokens: tokens.all().len(),
            line: (0, 0),
        }
    }

    /// The place of a token in its line, and how long the line is; tokens are asked for in their order, so that no more than
    /// what lies between them is searched.
    fn place(&mut self, at: usize) -> u32 {
        if at >= self.line.1 {
            let from = self.looks.last(at, Look::Line).unwrap_or(0);
            let to = self.looks.next(at + 1, Look::Line).unwrap_or(self.tokens);
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
    let entry = token.read().bits();
    let len = LENGTHS.get(usize::from(token.chars)).unwrap_or(&6);
    #[expect(clippy::cast_possible_truncation, reason = "bits of the hash")]
    let word = (token.hash >> 20) as u32;
    Sight {
        word,
        class: token.class.bits(),
        said: said.bits(),
        lex: entry >> 5,
        freq: (entry & 31) as u8,
        shape: (token.shape as u8) << 3 | *len,
        gap: token.gap as u8,
    }
}

/// Classes of length, by the number of characters; more are in the last.
static LENGTHS: [u8; 11] = [0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5];

/// So many bytes from `at` on, zeros behind the end of the text.
fn ahead<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let rest = bytes.get(at..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(all) => *all,
        None => std::array::from_fn(|i| rest.get(i).copied().unwrap_or(0)),
    }
}

/// The first three bytes. How long a word is cannot be foretold: of a shorter one the bytes behind it are read and shifted out.
fn head(bytes: &[u8], token: &Token) -> u32 {
    let len = (token.end - token.start).min(3);
    small(u32::from_be_bytes(ahead(bytes, token.start)) >> (8 * (4 - len)))
}

/// The last three and four bytes, the last of all in the highest; of a shorter word all of them.
fn tails(bytes: &[u8], token: &Token) -> [u32; 2] {
    let before = bytes.get(..token.end).unwrap_or(&[]);
    let four = match before.last_chunk() {
        Some(four) => *four,
        None => std::array::from_fn(|i| {
            let at = (before.len() + i).checked_sub(4);
            at.and_then(|at| before.get(at)).copied().unwrap_or(0)
        }),
    };
    let all = small(u32::from_le_bytes(four));
    let len = token.end - token.start;
    [3, 4].map(|tail: usize| all >> (8 * (4 - tail.min(len))))
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
    match JOINTS.get(gap as usize) {
        Some(&joint) if joint != READ => {
            let alone = gap == Gap::Dot && tokens.between(at).len() == 1;
            u32::from(joint) + u32::from(alone)
        }
        _ => joint_of(tokens, at, gap),
    }
}

/// Where the text has to be read.
const READ: u8 = u8::MAX;
/// What stands before a token where its gap says it all.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const JOINTS: [u8; Gap::COUNT] = {
    let mut all = [READ; Gap::COUNT];
    all[Gap::Space as usize] = 1;
    all[Gap::Hyphen as usize] = 2;
    all[Gap::Apostrophe as usize] = 3;
    // One more where no space stands behind it.
    all[Gap::Dot as usize] = 4;
    all[Gap::Comma as usize] = 6;
    all[Gap::Colon as usize] = 7;
    all
};

/// The same where no gap says it all.
#[inline(never)]
fn joint_of(tokens: &Tokens<'_>, at: usize, gap: Gap) -> u32 {
    match gap {
        Gap::Start if at == 0 => 0,
        Gap::Start => 30,
        Gap::Line => {
            let between = tokens.between(at);
            // Nearly always.
            match between {
                "\n" => return 12,
                "\n\n" => return 11,
                _ => {}
            }
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
        _ => {
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

/// A token between two neighbours on either side.
#[inline]
fn around(sights: &[Sight], at: usize) -> (&Sight, &Sight, &Sight, &Sight, &Sight) {
    let get = |back: usize, ahead: usize| {
        (at + ahead)
            .checked_sub(back)
            .and_then(|i| sights.get(i))
            .unwrap_or(&BEYOND)
    };
    (get(2, 0), get(1, 0), get(0, 0), get(0, 1), get(0, 2))
}

/// The features of one token, as rows of a table of `rows`.
pub(crate) fn rows(
    sights: &[Sight],
    at: usize,
    own: &Own,
    case: Case,
    rows: u32,
    out: &mut [u32; FEATURES],
) {
    let (l2, l1, s, r1, r2) = around(sights, at);
    let form = u32::from(s.shape >> 3);
    let kind = |x: &Sight| u32::from(x.lex & 0x3ff);
    let shape = |x: &Sight| u32::from(x.shape);
    let said = |x: &Sight| u32::from(x.said);
    let freq = u32::from(s.freq);
    let looks = form << 10 | kind(s);
    let case = case as u32;
    *out = [
        row::<0>(s.word, 0, rows),
        row::<1>(l1.word, 0, rows),
        row::<2>(r1.word, 0, rows),
        row::<3>(l2.word, 0, rows),
        row::<4>(l1.word, s.word, rows),
        row::<5>(s.word, r1.word, rows),
        row::<6>(own.pre, form, rows),
        row::<7>(own.suf[0], form, rows),
        row::<8>(own.suf[1], form, rows),
        row::<9>(shape(s) << 8 | shape(l1), shape(r1), rows),
        row::<10>(kind(s), freq << 8 | form, rows),
        row::<11>(kind(l1) << 10 | kind(s), own.joint, rows),
        row::<12>(kind(s) << 10 | kind(r1), own.behind, rows),
        row::<13>(kind(l2) << 16 | kind(l1), form, rows),
        row::<14>(kind(r1) << 16 | kind(r2), form, rows),
        row::<15>(often(l1, s, r1), form, rows),
        row::<16>(own.joint << 5 | own.behind, kind(s), rows),
        row::<17>(said(s), form, rows),
        row::<18>(said(l1), form << 5 | shape(l1) >> 3, rows),
        row::<19>(l1.word, own.joint, rows),
        row::<20>(r1.word, own.behind, rows),
        row::<21>(l1.word, looks, rows),
        row::<22>(r1.word, looks, rows),
        row::<23>(own.place, looks, rows),
        row::<24>(s.class, l1.class, rows),
        row::<25>(case << 8 | form, kind(s) << 5 | freq, rows),
    ];
}

/// Features of the first glance at a token.
pub(crate) const GLANCES: usize = 14;
/// Places of their weights.
pub(crate) const PLACES: usize = 1 << 16;

/// What the first glance sees of a token, as places of weights: only what is known of it and its neighbours anyway.
pub(crate) fn glance(sights: &[Sight], at: usize, case: Case) -> [u16; GLANCES] {
    let (l2, l1, s, r1, _) = around(sights, at);
    let form = u32::from(s.shape >> 3);
    let (lex, freq) = (u32::from(s.lex), u32::from(s.freq));
    let seen = |x: &Sight| u32::from(x.lex & 0x3ff) << 3 | u32::from(x.shape >> 3);
    let case = case as u32;
    [
        place::<0>(s.word, 0),
        place::<1>(lex, freq),
        place::<2>(lex, u32::from(s.shape)),
        place::<3>(u32::from(s.said), form),
        place::<4>(seen(s), seen(l1)),
        place::<5>(seen(s), seen(r1)),
        place::<6>(often(l1, s, r1), 0),
        place::<7>(u32::from(s.gap), lex),
        place::<8>(case << 8 | form, freq),
        place::<9>(l1.class, 0),
        place::<10>(seen(l2), 0),
        place::<11>(s.class, 0),
        place::<12>(l1.word, 0),
        place::<13>(r1.word, 0),
    ]
}

/// How often the three words stand in running text.
fn often(l1: &Sight, s: &Sight, r1: &Sight) -> u32 {
    u32::from(l1.freq) << 10 | u32::from(s.freq) << 5 | u32::from(r1.freq)
}

/// The place of what template `TEMPLATE` of the first glance reads.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "fifteen bits")]
fn place<const TEMPLATE: usize>(a: u32, b: u32) -> u16 {
    (mix::<TEMPLATE>(a, b) >> (64 - PLACES.ilog2())) as u16
}

/// The row of what template `TEMPLATE` reads. The templates are written out, not looped over, so that each one's number, and
/// what it reads of only one word, are known to the compiler.
#[inline(always)]
fn row<const TEMPLATE: usize>(a: u32, b: u32, rows: u32) -> u32 {
    (((mix::<TEMPLATE>(a, b) >> 32) * u64::from(rows)) >> 32) as u32
}

/// A hash of two numbers, of which the upper bits count: the multilinear one (Lemire, Kaser 2014). The product of a word is the same in all
/// templates that read it.
#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
fn mix<const TEMPLATE: usize>(a: u32, b: u32) -> u64 {
    const FIRST: u64 = 0xd6e8_feb8_6659_fd93;
    const SECOND: u64 = 0xa076_1d64_78bd_642f;
    let template = const { TEMPLATES[TEMPLATE] };
    let first = FIRST.wrapping_mul(u64::from(a));
    let second = SECOND.wrapping_mul(u64::from(b));
    template.wrapping_add(first).wrapping_add(second)
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
