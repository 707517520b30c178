//! Tells of a text that it holds no form of any value, without looking for the places.
//!
//! One pass over the bytes. A form of whole words can stand only where a word of the text is the form's first; a form of letters
//! and digits alone only where seven of them in a row are its first seven. Both are asked of small sets of bits: what they let
//! through is searched, what they hold back is certainly clean.

use crate::scan::invisible;
use crate::tag::alias::fold;
use unicode_normalization::char::is_combining_mark;

/// Bytes of a compact form that are looked at; none is shorter.
const HEAD: usize = 7;
const MASK: u64 = (1 << (8 * HEAD)) - 1;
/// Words of bits in each set.
const WORDS: usize = 64;

/// The sets.
pub(super) struct Filter {
    words: [u64; WORDS],
    compact: [u64; WORDS],
    /// A form whose first word is cut off: every text is searched.
    always: bool,
    any_compact: bool,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            words: [0; WORDS],
            compact: [0; WORDS],
            always: false,
            any_compact: false,
        }
    }
}

impl Filter {
    /// Adds a form of whole words; `cut` when it may end within one.
    pub(super) fn add_words(&mut self, form: &str, cut: bool) {
        let mut run = Run::default();
        let mut begun = false;
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
        match form.as_bytes().first_chunk::<HEAD>() {
            Some(head) => {
                let head = head.iter().fold(0, |sum, b| sum << 8 | u64::from(*b));
                set(&mut self.compact, spread(head));
                self.any_compact = true;
            }
            None => self.always = true,
        }
    }

    /// Whether a form may stand in a text: false is certain.
    pub(super) fn may_hold(&self, text: &str) -> bool {
        if self.always {
            return true;
        }
        let mut run = Run::default();
        let mut last = Last::default();
        let mut at = 0;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii() {
                at += 1;
                let folded = LOWER.get(usize::from(*byte)).copied().unwrap_or(0);
                if folded == 0 {
                    if run.any && has(&self.words, run.hash) {
                        return true;
                    }
                    run = Run::default();
                } else {
                    run.byte(folded);
                    if self.any_compact && last.push(folded) && has(&self.compact, last.hash()) {
                        return true;
                    }
                }
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                return true;
            };
            at += c.len_utf8();
            // A word may begin behind a mark that does not count.
            if invisible(c) || is_combining_mark(c) {
                return true;
            }
            let mut any = false;
            let mut hit = false;
            fold(c, &mut |folded| {
                any = true;
                run.push(folded);
                for byte in folded.encode_utf8(&mut [0; 4]).bytes() {
                    hit |= last.push(byte) && has(&self.compact, last.hash());
                }
            });
            if hit {
                return true;
            }
            if !any {
                if run.any && has(&self.words, run.hash) {
                    return true;
                }
                run = Run::default();
            }
        }
        run.any && has(&self.words, run.hash)
    }
}

/// The letters and digits of a word.
#[derive(Default)]
struct Run {
    hash: u64,
    any: bool,
}

impl Run {
    #[inline]
    fn byte(&mut self, byte: u8) {
        self.hash =
            (self.hash.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.any = true;
    }

    fn push(&mut self, c: char) {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.byte(byte);
        }
    }
}

/// The last letters and digits.
#[derive(Default)]
struct Last {
    bytes: u64,
    count: usize,
}

impl Last {
    /// Whether there are enough of them.
    #[inline]
    fn push(&mut self, byte: u8) -> bool {
        self.bytes = (self.bytes << 8 | u64::from(byte)) & MASK;
        self.count += 1;
        self.count >= HEAD
    }

    #[inline]
    const fn hash(&self) -> u64 {
        spread(self.bytes)
    }
}

const fn spread(number: u64) -> u64 {
    number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn set(bits: &mut [u64; WORDS], hash: u64) {
    if let Some(word) = bits.get_mut((hash >> 58) as usize) {
        *word |= 1 << (hash >> 52 & 63);
    }
}

#[inline]
fn has(bits: &[u64; WORDS], hash: u64) -> bool {
    bits.get((hash >> 58) as usize)
        .is_some_and(|word| word >> (hash >> 52 & 63) & 1 == 1)
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
