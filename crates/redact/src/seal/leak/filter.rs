//! Tells where in a text forms of values may stand: nearly nowhere.
//!
//! One pass, eight bytes a step. A form of whole words can stand only where a word of the text is the form's first, and the next
//! one its second: many a value begins with "the" or "12". A form of letters and digits alone holds seven of them in a row: of the
//! text's letters and digits, whatever stands between them, every four are looked at that begin at a multiple of four, so that one
//! such group lies in the first seven of any form, at one of four places. Both are asked of small sets of bits: what they let
//! through is looked at again or searched, what they hold back is certainly clean.

use std::ops::Range;

use super::LONGEST;
use super::folded::is_left_out;
use crate::tag::alias::fold;
use zeroize::Zeroize;

/// Bytes of a compact form that are looked at; none is shorter.
const HEAD: usize = 7;
/// Bytes of a group; `HEAD` is one less than two of them, so that one lies in the head of any form.
const GROUP: usize = 4;
/// Bytes that are taken in before and behind a place; signs right before its first word are taken in all.
const BACK: usize = 64;
/// Letters and digits behind a place until it ends.
const NEAR: usize = 16;
/// From the first letter of Latin-1 up to the first mark there is none.
const FIRST: char = '\u{c0}';
const MARKS: char = '\u{300}';
/// Words of bits in a set: forms of 500 values set a fifth of them.
const WORDS: usize = 256;

/// The sets.
pub(super) struct Filter {
    /// Words that are forms, and the first two of longer forms.
    words: [u64; WORDS],
    /// Groups that lie in the heads of compact forms.
    groups: [u64; WORDS],
    /// The heads themselves.
    heads: [u64; WORDS / 2],
    /// A form whose first word is cut off: every text is searched.
    always: bool,
    any_compact: bool,
    /// Letters and digits of the longest form, in bytes.
    longest: usize,
}

impl Drop for Filter {
    fn drop(&mut self) {
        // A guess could be tested against them.
        self.words.zeroize();
        self.groups.zeroize();
        self.heads.zeroize();
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            words: [0; WORDS],
            groups: [0; WORDS],
            heads: [0; WORDS / 2],
            always: false,
            any_compact: false,
            longest: 0,
        }
    }
}

impl Filter {
    /// Lets everything through.
    #[cfg(test)]
    pub(super) const fn switch_off(&mut self) {
        self.always = true;
    }

    /// Adds a form of whole words; `cut` when it may end within one.
    pub(super) fn add_words(&mut self, form: &str, cut: bool) {
        self.longest = self.longest.max(form.len());
        let signs = form.find(char::is_alphanumeric).unwrap_or(form.len());
        let rest = form.get(signs..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_alphanumeric());
        // A form without letters and digits, or one that may end within its first word.
        self.always |= rest.is_empty() || end.is_none() && cut;
        let first = hash(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default());
        let behind = end.and_then(|end| rest.get(end..)).unwrap_or_default();
        let behind = behind.trim_start_matches(|c: char| !c.is_alphanumeric());
        let end = behind.find(|c: char| !c.is_alphanumeric());
        // A second word that is cut off says nothing.
        if behind.is_empty() || end.is_none() && cut {
            set(&mut self.words, first);
        } else {
            let second = hash(
                behind
                    .get(..end.unwrap_or(behind.len()))
                    .unwrap_or_default(),
            );
            set(&mut self.words, pair(first, second));
        }
    }

    /// Adds a form of letters and digits alone.
    pub(super) fn add_compact(&mut self, form: &str) {
        self.longest = self.longest.max(form.len());
        let Some(head) = form.as_bytes().first_chunk::<HEAD>() else {
            self.always = true;
            return;
        };
        for group in head.windows(GROUP) {
            set(&mut self.groups, spread(number(group)));
        }
        set(&mut self.heads, spread(number(head)));
        self.any_compact = true;
    }

    /// Calls `each` with the parts of a text in which forms may begin, from left to right: what lies outside holds none.
    pub(super) fn places(&self, text: &str, each: &mut dyn FnMut(Range<usize>)) {
        let whole = 0..text.len();
        if self.always {
            return each(whole);
        }
        let mut at = 0;
        let mut seen = Seen::default();
        let mut open: Option<Place> = None;
        while at < text.len() {
            let passed = self.plain(text.as_bytes(), &mut at, &mut seen, &mut open);
            if let Some(place) = &mut open
                && place.passed(passed)
            {
                each(place.range(text, at));
                open = None;
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            if c.is_ascii() {
                continue;
            }
            // A word may begin behind a mark that does not count: rare enough to search all of it.
            if !(FIRST..MARKS).contains(&c) && is_left_out(c) {
                return each(whole);
            }
            let mut len = 0;
            fold(c, &mut |folded| {
                for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                    len += 1;
                    seen.run.push(u64::from(byte), 1, at);
                    if self.any_compact {
                        self.group(&mut seen.last, u64::from(byte), 1, at, &mut open);
                    }
                }
            });
            at += c.len_utf8();
            // A sign that stands for letters, as U+2122 does: a form may end before it, a word of the text does not.
            // And a letter that nothing stands for is one in a form all the same.
            if (len > 0) != c.is_alphanumeric() {
                return each(whole);
            }
            if len == 0 {
                self.end_word(&mut seen.run, &mut seen.before, &mut open);
            } else if let Some(place) = &mut open
                && place.passed(len)
            {
                each(place.range(text, at));
                open = None;
            }
        }
        self.end_word(&mut seen.run, &mut seen.before, &mut open);
        let last = seen.last;
        if last.listed && self.is_head(&last, last.rest) {
            self.open(&mut open, last.begin(), HEAD);
        }
        if let Some(place) = open {
            each(place.range(text, text.len()));
        }
    }

    /// Reads ASCII from `at` on, up to something else or, where a place is open, some letters and digits; returns how many of
    /// them were passed since it is.
    fn plain(
        &self,
        bytes: &[u8],
        at: &mut usize,
        seen: &mut Seen,
        open: &mut Option<Place>,
    ) -> usize {
        // Of their own, so that they stay in registers.
        let mut here = *at;
        let Seen {
            mut run,
            mut before,
            mut last,
        } = *seen;
        let mut passed = 0;
        while let Some(byte) = bytes.get(here)
            && byte.is_ascii()
        {
            let (letters, len) = alphanumerics(bytes, here);
            if len > 0 {
                run.push(letters, len, here);
                if self.any_compact {
                    self.dense(&mut last, letters, len, here, open);
                }
                here += len;
            }
            if len < 8 && bytes.get(here).is_some_and(u8::is_ascii) {
                self.end_word(&mut run, &mut before, open);
                here += 1;
            }
            if open.is_some() {
                passed = len;
                break;
            }
        }
        *at = here;
        *seen = Seen { run, before, last };
        passed
    }

    #[inline]
    fn end_word(&self, run: &mut Run, before: &mut Word, open: &mut Option<Place>) {
        if run.len > 0 {
            let hash = run.hash();
            if has(&self.words, hash) {
                self.open(open, run.begin, run.len);
            }
            if has(&self.words, pair(before.hash, hash)) {
                self.open(open, before.begin, before.len + run.len);
            }
            *before = Word {
                hash,
                begin: run.begin,
                len: run.len,
            };
            *run = Run::default();
        }
    }

    /// Takes up to eight letters and digits that stand at `at` or behind it.
    #[inline]
    fn dense(
        &self,
        last: &mut Last,
        letters: u64,
        len: usize,
        at: usize,
        open: &mut Option<Place>,
    ) {
        let first = len.min(GROUP);
        self.group(last, letters & low(first), first, at, open);
        if len > GROUP {
            self.group(last, letters >> (8 * GROUP), len - GROUP, at, open);
        }
    }

    /// Takes up to four. A group of the set is judged once the one behind it is there.
    #[expect(
        clippy::inline_always,
        reason = "what was read last stays in registers"
    )]
    #[inline(always)]
    fn group(&self, last: &mut Last, bytes: u64, len: usize, at: usize, open: &mut Option<Place>) {
        last.rest |= bytes << (8 * last.len);
        last.len += len;
        if last.len < GROUP {
            return;
        }
        let group = last.rest & low(GROUP);
        if last.listed && self.is_head(last, group) {
            self.open(open, last.begin(), HEAD);
        }
        last.rest >>= 8 * GROUP;
        last.len -= GROUP;
        last.groups = last.groups >> (8 * GROUP) | group << (8 * GROUP);
        last.listed = has(&self.groups, spread(group));
        if last.listed {
            last.at = at;
        }
    }

    /// Whether one of the four heads that hold the last group is a form's; `behind` is what follows it.
    fn is_head(&self, last: &Last, behind: u64) -> bool {
        let all = u128::from(last.groups) | u128::from(behind) << 64;
        (1..=GROUP).any(|from| {
            let head = (all >> (8 * from)) as u64 & low(HEAD);
            has(&self.heads, spread(head))
        })
    }

    /// Notes that a form may begin at `begin`, `read` of its letters and digits being passed.
    #[cold]
    fn open(&self, open: &mut Option<Place>, begin: usize, read: usize) {
        // And some more, so that places that follow one another closely become one.
        let left = (self.longest + NEAR).saturating_sub(read).max(1);
        match open {
            // A head is known later than a word that begins behind it.
            Some(place) => {
                place.begin = place.begin.min(begin);
                place.left = place.left.max(left);
            }
            None => *open = Some(Place { begin, left }),
        }
    }
}

/// A part of a text in which a form may begin.
struct Place {
    begin: usize,
    /// Letters and digits until no form that begins in it can go on.
    left: usize,
}

impl Place {
    /// Passes letters and digits; whether the place ends here.
    const fn passed(&mut self, len: usize) -> bool {
        self.left = self.left.saturating_sub(len);
        self.left == 0
    }

    /// With the signs before and behind it.
    fn range(&self, text: &str, end: usize) -> Range<usize> {
        let start = text.floor_char_boundary(self.begin.saturating_sub(BACK));
        // A form may begin with signs, and one space of it may be any number of them in a text.
        let before = text.get(..text.floor_char_boundary(self.begin));
        let signs = before.map(|before| before.trim_end_matches(|c: char| !c.is_alphanumeric()));
        let start = start.min(signs.map_or(start, str::len));
        let end = text.ceil_char_boundary((end + BACK).min(text.len()));
        // A word is taken whole: its beginning alone would be another, and what does not count may stand behind that.
        let rest = text.get(end..).unwrap_or_default();
        let goes_on = |c: char| is_left_out(c) || c.is_alphanumeric();
        let word = rest
            .char_indices()
            .take(LONGEST)
            .find(|(_, c)| !goes_on(*c));
        start..end + word.map_or(rest.floor_char_boundary(LONGEST), |(at, _)| at)
    }
}

/// What was read last.
#[derive(Clone, Copy, Default)]
struct Seen {
    run: Run,
    before: Word,
    last: Last,
}

/// The letters and digits of a word.
#[derive(Clone, Copy, Default)]
struct Run {
    hash: u64,
    /// The last of them, fewer than eight.
    rest: u64,
    begin: usize,
    len: usize,
}

impl Run {
    /// Adds up to eight bytes that stand at `at`; those behind them are 0.
    #[inline]
    const fn push(&mut self, bytes: u64, len: usize, at: usize) {
        if self.len == 0 {
            self.begin = at;
        }
        let held = self.len % 8;
        self.rest |= bytes << (8 * held);
        if held + len >= 8 {
            self.hash = spread(self.hash.rotate_left(5) ^ self.rest);
            self.rest = if held == 0 {
                0
            } else {
                bytes >> (64 - 8 * held)
            };
        }
        self.len += len;
    }

    /// The same for the same bytes, however they came.
    #[inline]
    const fn hash(&self) -> u64 {
        let hash = spread(self.hash.rotate_left(5) ^ self.rest);
        hash ^ hash >> 29
    }
}

/// A word that has ended.
#[derive(Clone, Copy, Default)]
struct Word {
    hash: u64,
    begin: usize,
    len: usize,
}

/// The hash of a word as it stands in a form.
fn hash(word: &str) -> u64 {
    let mut run = Run::default();
    for bytes in word.as_bytes().chunks(8) {
        run.push(number(bytes), bytes.len(), 0);
    }
    run.hash()
}

/// The hash of two words.
#[inline]
const fn pair(first: u64, second: u64) -> u64 {
    spread(first.rotate_left(23) ^ second)
}

/// The last letters and digits.
#[derive(Clone, Copy, Default)]
struct Last {
    /// The last two whole groups, the first letter of the first in the lowest byte.
    groups: u64,
    /// Whether the second is in the set, and where it ends, or a little before.
    listed: bool,
    at: usize,
    /// Those behind it.
    rest: u64,
    len: usize,
}

impl Last {
    /// Where a head that holds the second group begins at the earliest: a letter and up to three signs, of four bytes each.
    const fn begin(&self) -> usize {
        self.at.saturating_sub(HEAD * 16)
    }
}

/// Up to eight bytes as a number, the first in the lowest byte.
fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// The lowest bytes of a number.
const fn low(bytes: usize) -> u64 {
    if bytes >= 8 {
        u64::MAX
    } else {
        (1 << (8 * bytes)) - 1
    }
}

/// The letters and digits of ASCII at `at`, made small, the first in the lowest byte; up to eight of them, and how many.
#[inline]
fn alphanumerics(bytes: &[u8], at: usize) -> (u64, usize) {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES << 7;
    let rest = bytes.get(at..).unwrap_or_default();
    let chunk = match rest.first_chunk::<8>() {
        Some(chunk) => u64::from_le_bytes(*chunk),
        None => number(rest),
    };
    // A top bit for each byte that is none; no sum reaches the byte above.
    let plain = chunk & !TOPS;
    let small = plain | (ONES * 0x20);
    let letter = (small + ONES * (0x80 - 0x61)) & !(small + ONES * (0x80 - 0x7b));
    let digit = (plain + ONES * (0x80 - 0x30)) & !(plain + ONES * (0x80 - 0x3a));
    let stop = (!(letter | digit) | chunk) & TOPS;
    let len = stop.trailing_zeros() as usize / 8;
    (small & low(len), len)
}

#[inline]
const fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Three bits of the set for each hash: one alone would let through every fifth word where there are many forms (Bloom 1970).
const fn bits(hash: u64) -> [u64; 3] {
    [hash, hash << 16, hash << 32]
}

fn set<const N: usize>(set: &mut [u64; N], hash: u64) {
    for hash in bits(hash) {
        if let Some(word) = set.get_mut((hash >> 54) as usize % N) {
            *word |= 1 << (hash >> 48 & 63);
        }
    }
}

#[inline]
fn has<const N: usize>(set: &[u64; N], hash: u64) -> bool {
    bits(hash).into_iter().all(|hash| {
        set.get((hash >> 54) as usize % N)
            .is_some_and(|word| word >> (hash >> 48 & 63) & 1 == 1)
    })
}
