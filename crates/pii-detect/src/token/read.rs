//! Reading one word: where it ends, its hash and how it looks.

use super::Shape;
use super::gap::Signs;
use crate::lexicon::{Ascii, Hash, latin};
use crate::words::Marks;

/// From so many characters on a word that is not all small letters may be a key.
const LONG: u8 = 8;

/// A word as it is read.
pub(super) struct Read {
    /// The byte behind it, and that byte; zero at the end of the text.
    pub(super) end: usize,
    pub(super) next: u8,
    pub(super) hash: u64,
    /// Number of characters, at most 255.
    pub(super) chars: u8,
    looks: u8,
}

impl Read {
    /// Small ASCII letters, as most words are.
    pub(super) const fn small(&self) -> bool {
        self.looks == SMALL
    }

    pub(super) fn shape(&self) -> Shape {
        SHAPES
            .get(usize::from(self.looks & 31))
            .copied()
            .unwrap_or(Shape::Lower)
    }

    /// The marks of a word by how it looks.
    pub(super) const fn marks(&self, shape: Shape) -> Marks {
        const KEYS: u8 = 1 << Shape::Mixed as u8 | 1 << Shape::Inner as u8;
        let mixed = KEYS >> shape as u8 & 1 != 0;
        let long = (shape as u8 != Shape::Lower as u8) & (self.chars >= LONG);
        let key = if mixed | long {
            Marks::SECRET
        } else {
            Marks::NONE
        };
        if self.looks & WIDE != 0 {
            key.or(Marks::LANGUAGE)
        } else {
            key
        }
    }
}

/// Eight bytes at once, the first in the lowest bits; zeros behind the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_bytes(bytes, at),
    }
}

#[cold]
#[inline(never)]
fn last_bytes(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or(&[]);
    rest.iter()
        .rev()
        .fold(0, |eight, b| eight << 8 | u64::from(*b))
}

/// One in the highest bit of each of eight bytes.
const TOPS: u64 = 0x8080_8080_8080_8080;
/// The same byte eight times.
const fn times(b: u8) -> u64 {
    0x0101_0101_0101_0101 * b as u64
}

/// Which of eight bytes are ASCII letters, in their top bits (the others mean nothing), and the same for capitals.
#[inline]
const fn letters(x: u64) -> (u64, u64) {
    // Adding carries into the top bit where a byte reaches a bound: between two bounds one of two sums has it.
    let small = (x & !TOPS) | times(0x20);
    let letters = (small + times(0x80 - b'a')) ^ (small + times(0x7f - b'z'));
    // The bit that small letters have and capitals lack, moved to the top.
    (letters, letters & !(x << 2))
}

/// Which of eight bytes are digits.
#[inline]
const fn digits(x: u64) -> u64 {
    let low = x & !TOPS;
    (low + times(0x80 - b'0')) ^ (low + times(0x7f - b'9'))
}

/// All bytes before the first that has its top bit in `stop`.
#[inline]
const fn before(stop: u64) -> u64 {
    ((stop & stop.wrapping_neg()) >> 7).wrapping_sub(1)
}

/// Reads a word of ASCII letters and digits; `None` where none stands, and where a character beyond ASCII goes on with it.
#[inline]
pub(super) fn plain(text: &[u8], start: usize) -> Option<Read> {
    let x = eight(text, start);
    let (letters, capitals) = letters(x);
    let digits = digits(x);
    let stop = (!(letters | digits) | x) & TOPS;
    if stop == 0 {
        return long(text, start);
    }
    let bits = stop.trailing_zeros() - 7;
    let next = (x >> bits) as u8;
    let mask = before(stop);
    if mask == 0 || next >= 128 {
        return None;
    }
    let tops = mask & TOPS;
    let seen = Seen::default().step(letters & tops, capitals & tops, digits & tops);
    Some(Read {
        end: start + bits as usize / 8,
        next,
        hash: Ascii::new().eight(x, mask).finish(),
        chars: bits as u8 / 8,
        looks: seen.looks,
    })
}

/// Reads a word of eight letters and more, eight a step.
#[inline(never)]
fn long(text: &[u8], start: usize) -> Option<Read> {
    let mut hash = Ascii::new();
    let mut seen = Seen::default();
    loop {
        let x = eight(text, start + seen.chars);
        let (letters, capitals) = letters(x);
        let digits = digits(x);
        let stop = (!(letters | digits) | x) & TOPS;
        let mask = before(stop);
        if mask != 0 {
            hash = hash.eight(x, mask);
            let tops = mask & TOPS;
            seen = seen.step(letters & tops, capitals & tops, digits & tops);
        }
        if stop == 0 {
            seen.chars += 8;
            continue;
        }
        let bits = stop.trailing_zeros() - 7;
        seen.chars += bits as usize / 8;
        let next = (x >> bits) as u8;
        return (next < 128).then(|| Read {
            end: start + seen.chars,
            next,
            hash: hash.finish(),
            chars: seen.chars.min(255) as u8,
            looks: seen.looks,
        });
    }
}

/// Combining marks continue a word written in decomposed form.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Reads a word that holds a character beyond ASCII. What is no letter at all is passed over and has no characters.
pub(super) fn wide(text: &str, start: usize) -> Read {
    let mut hash = Hash::new();
    let mut seen = Seen {
        chars: 0,
        looks: WIDE,
    };
    let mut end = start;
    for c in text.get(start..).unwrap_or("").chars() {
        if c.is_ascii() {
            let b = c as u8;
            if !Signs::word(b) {
                break;
            }
            // Digits have the bit of small letters.
            let small = b | 0x20;
            seen.see(b <= b'9', b != small);
            hash.small(small);
            end += 1;
            continue;
        }
        let latin = latin(c);
        let (goes_on, digit, capital) = match latin {
            Some(latin) => (latin.letter, false, latin.capital),
            None => (
                c.is_alphanumeric() || is_mark(c) && seen.chars != 0,
                c.is_numeric(),
                c.is_uppercase(),
            ),
        };
        if !goes_on {
            // Nothing was a letter: this one is passed over.
            if seen.chars == 0 {
                end += c.len_utf8();
            }
            break;
        }
        seen.see(digit, capital);
        match latin {
            Some(latin) => hash.latin(latin),
            None => hash.add(c),
        }
        end += c.len_utf8();
    }
    Read {
        end,
        next: text.as_bytes().get(end).copied().unwrap_or(0),
        hash: hash.finish(),
        chars: seen.chars.min(255) as u8,
        looks: seen.looks,
    }
}

/// A small letter, or one of a script without case.
const SMALL: u8 = 1;
/// A digit.
const DIGITS: u8 = 2;
/// A capital.
const CAPITAL: u8 = 4;
/// More than one capital in eight letters: a single one is told from these only where it stands alone.
const CAPITALS: u8 = 8;
/// A capital first.
const FIRST_CAPITAL: u8 = 16;
/// A letter beyond ASCII.
const WIDE: u8 = 32;

/// Shapes by what was seen.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SHAPES: [Shape; 32] = {
    let mut shapes = [Shape::Lower; 32];
    let mut looks = 0;
    while looks < 32 {
        let seen = looks as u8;
        let small = seen & SMALL != 0;
        let capital = seen & CAPITAL != 0;
        shapes[looks] = if seen & DIGITS != 0 {
            if small || capital {
                Shape::Mixed
            } else {
                Shape::Number
            }
        } else if !small && seen & CAPITALS == 0 {
            Shape::Initial
        } else if !small {
            Shape::Upper
        } else if !capital {
            Shape::Lower
        } else if seen & FIRST_CAPITAL != 0 {
            Shape::Capital
        } else {
            Shape::Inner
        };
        looks += 1;
    }
    shapes
};

/// How the letters of a word look.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    chars: usize,
    looks: u8,
}

impl Seen {
    const fn see(&mut self, digit: bool, capital: bool) {
        if digit {
            self.looks |= DIGITS;
        } else if capital {
            if self.chars == 0 {
                self.looks |= FIRST_CAPITAL;
            }
            self.more_capitals(self.looks & CAPITAL != 0);
            self.looks |= CAPITAL;
        } else {
            self.looks |= SMALL;
        }
        self.chars += 1;
    }

    /// With eight letters and digits of ASCII more, a top bit for each; of `letters` some are `capitals`.
    #[inline]
    fn step(mut self, letters: u64, capitals: u64, digits: u64) -> Self {
        self.looks |= (SMALL * u8::from(letters != capitals))
            | (DIGITS * u8::from(digits != 0))
            | (CAPITAL * u8::from(capitals != 0))
            | (FIRST_CAPITAL * u8::from(self.chars == 0 && capitals & 0x80 != 0));
        self.more_capitals(capitals & capitals.wrapping_sub(1) != 0);
        self
    }

    const fn more_capitals(&mut self, more: bool) {
        self.looks |= CAPITALS * more as u8;
    }
}
