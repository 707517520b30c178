//! Tells where in a text forms of values may stand: nearly nowhere.
//!
//! One pass over the bytes. A form of whole words can stand only where a word of the text is the form's first; a form of letters
//! and digits alone only where seven of them in a row are its first seven. Both are asked of small sets of bits: what they let
//! through is searched, what they hold back is certainly clean.

use std::ops::Range;

use crate::scan::invisible;
use crate::tag::alias::fold;
use unicode_normalization::char::is_combining_mark;

/// Bytes of a compact form that are looked at; none is shorter.
const HEAD: usize = 7;
const MASK: u64 = (1 << (8 * HEAD)) - 1;
/// Bytes of signs that are taken in before and behind a place.
const BACK: usize = 64;
/// Letters and digits behind a place until it ends.
const NEAR: usize = 16;
/// Words of bits in each set.
const WORDS: usize = 256;

/// The sets.
pub(super) struct Filter {
    words: [u64; WORDS],
    compact: [u64; WORDS],
    /// A form whose first word is cut off: every text is searched.
    always: bool,
    any_compact: bool,
    /// Letters and digits of the longest form, in bytes.
    longest: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            words: [0; WORDS],
            compact: [0; WORDS],
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
        let mut run = Run::default();
        let mut begun = false;
        self.longest = self.longest.max(form.len());
        // Signs before the first word are few.
        let signs = form.find(char::is_alphanumeric).unwrap_or(form.len());
        self.always |= signs > BACK / 8;
        for c in form.chars() {
            if c.is_alphanumeric() {
                begun = true;
                run.push(c);
            } else if begun {
                set(&mut self.words, run.hash);
                return;
            }
        }
        // A form without letters and digits, or with nothing behind its first word.
        self.always |= !begun || cut;
        set(&mut self.words, run.hash);
    }

    /// Adds a form of letters and digits alone.
    pub(super) fn add_compact(&mut self, form: &str) {
        self.longest = self.longest.max(form.len());
        match form.as_bytes().first_chunk::<HEAD>() {
            Some(head) => {
                let head = head.iter().fold(0, |sum, b| sum << 8 | u64::from(*b));
                set(&mut self.compact, spread(head));
                self.any_compact = true;
            }
            None => self.always = true,
        }
    }

    /// Calls `each` with the parts of a text in which forms may begin, from left to right: what lies outside holds none.
    pub(super) fn places(&self, text: &str, each: &mut dyn FnMut(Range<usize>)) {
        let whole = 0..text.len();
        if self.always {
            return each(whole);
        }
        let mut at = 0;
        let mut run = Run::default();
        let mut last = Last::default();
        let mut open: Option<Place> = None;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            let begin = at;
            if byte.is_ascii() {
                let len = self.word(bytes, begin, &mut run, &mut last, &mut open);
                at += len;
                if len > 0 {
                    if let Some(place) = &mut open
                        && place.passed(len)
                    {
                        each(place.range(text, at));
                        open = None;
                    }
                    continue;
                }
                at += 1;
            } else {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return each(whole);
                };
                at += c.len_utf8();
                // A word may begin behind a mark that does not count: rare enough to search all of it.
                if invisible(c) || is_combining_mark(c) {
                    return each(whole);
                }
                let mut len = 0;
                let mut hit = false;
                fold(c, &mut |folded| {
                    for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                        len += 1;
                        run.byte(byte, begin);
                        last.push(byte);
                        hit |= last.is_full() && has(&self.compact, last.hash());
                    }
                });
                if hit {
                    self.open(&mut open, Last::begin(at), HEAD);
                }
                if len > 0 {
                    if let Some(place) = &mut open
                        && place.passed(len)
                    {
                        each(place.range(text, at));
                        open = None;
                    }
                    continue;
                }
            }
            if run.len > 0 {
                if has(&self.words, run.hash) {
                    self.open(&mut open, run.begin, run.len);
                }
                run = Run::default();
            }
        }
        if run.len > 0 && has(&self.words, run.hash) {
            self.open(&mut open, run.begin, run.len);
        }
        if let Some(place) = open {
            each(place.range(text, text.len()));
        }
    }

    /// Reads the letters and digits of ASCII from `from` on; returns how many there are.
    fn word(
        &self,
        bytes: &[u8],
        from: usize,
        run: &mut Run,
        last: &mut Last,
        open: &mut Option<Place>,
    ) -> usize {
        // Of their own, so that they stay in registers.
        let (mut hash, mut dense) = (run.hash, *last);
        let rest = bytes.get(from..).unwrap_or_default();
        let mut len = 0;
        for byte in rest {
            let folded = LOWER.get(usize::from(*byte)).copied().unwrap_or(0);
            if folded == 0 {
                break;
            }
            len += 1;
            hash = Run::next(hash, folded);
            dense.push(folded);
            if self.any_compact && dense.is_full() && has(&self.compact, dense.hash()) {
                self.open(open, Last::begin(from + len), HEAD);
            }
        }
        if run.len == 0 {
            run.begin = from;
        }
        run.len += len;
        run.hash = hash;
        *last = dense;
        len
    }

    /// Notes that a form may begin at `begin`, `read` of its letters and digits being passed.
    fn open(&self, open: &mut Option<Place>, begin: usize, read: usize) {
        // And some more, so that places that follow one another closely become one.
        let left = (self.longest + NEAR).saturating_sub(read).max(1);
        match open {
            Some(place) => place.left = place.left.max(left),
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
        text.floor_char_boundary(self.begin.saturating_sub(BACK))
            ..text.ceil_char_boundary((end + BACK).min(text.len()))
    }
}

/// The letters and digits of a word.
#[derive(Default)]
struct Run {
    hash: u64,
    begin: usize,
    len: usize,
}

impl Run {
    #[inline]
    const fn next(hash: u64, byte: u8) -> u64 {
        (hash.rotate_left(5) ^ byte as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[inline]
    fn byte(&mut self, byte: u8, at: usize) {
        self.hash = Self::next(self.hash, byte);
        if self.len == 0 {
            self.begin = at;
        }
        self.len += 1;
    }

    fn push(&mut self, c: char) {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.byte(byte, 0);
        }
    }
}

/// The last letters and digits.
#[derive(Clone, Copy, Default)]
struct Last {
    bytes: u64,
}

impl Last {
    #[inline]
    const fn push(&mut self, byte: u8) {
        self.bytes = (self.bytes << 8 | byte as u64) & MASK;
    }

    /// Whether there are enough of them: no letter or digit is 0.
    #[inline]
    const fn is_full(&self) -> bool {
        self.bytes >> (8 * (HEAD - 1)) != 0
    }

    #[inline]
    const fn hash(&self) -> u64 {
        spread(self.bytes)
    }

    /// Where the first of them stands at the earliest, when the last ends before `at`: a letter and up to three signs, of four
    /// bytes each.
    const fn begin(at: usize) -> usize {
        at.saturating_sub(HEAD * 16)
    }
}

const fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Two bits of the set for each hash: one alone would let through every hundredth word (Bloom 1970).
fn set(bits: &mut [u64; WORDS], hash: u64) {
    for hash in [hash, hash << 14] {
        if let Some(word) = bits.get_mut((hash >> 56) as usize) {
            *word |= 1 << (hash >> 50 & 63);
        }
    }
}

#[inline]
fn has(bits: &[u64; WORDS], hash: u64) -> bool {
    let one = |hash: u64| {
        bits.get((hash >> 56) as usize)
            .is_some_and(|word| word >> (hash >> 50 & 63) & 1 == 1)
    };
    one(hash) && one(hash << 14)
}

/// ASCII letters made small and digits; 0 for all else.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static LOWER: [u8; 256] = {
    let mut all = [0; 256];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            all[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    all
};
