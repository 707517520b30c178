//! Folding and hashing of words, shared word for word by the lexicon and the tool that builds it.
//!
//! Two spellings of one name meet in one hash: case, accents and the usual ligatures are folded
//! (M\u{fc}ller = `MULLER`, Strau\u{df} = `STRAUSS`). Digraph spellings (`Mueller`) are entries of their own.

use std::sync::LazyLock;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0xd6e8_feb8_6659_fd93;
/// The bit that an ASCII capital lacks and every small letter and digit has, in eight bytes.
const SMALL: u64 = 0x2020_2020_2020_2020;

/// First character of the precomputed block (Latin-1 letters) and the one behind its last (Latin Extended-A).
const LATIN: std::ops::Range<u32> = 0xC0..0x180;

/// A letter of the precomputed block, or one of the two signs among them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latin {
    /// Folded bytes; a zero byte means "nothing".
    folded: [u8; 2],
    pub(crate) letter: bool,
    pub(crate) capital: bool,
}

static FOLDED: LazyLock<Vec<Latin>> = LazyLock::new(|| {
    LATIN
        .map(|c| {
            let mut folded = [0u8; 2];
            let mut at = folded.iter_mut();
            let c = char::from_u32(c).unwrap_or('\0');
            fold_slow(c, &mut |b| {
                if let Some(slot) = at.next() {
                    *slot = b;
                }
            });
            Latin {
                folded,
                letter: c.is_alphanumeric(),
                capital: c.is_uppercase(),
            }
        })
        .collect()
});

/// What is known of a character of the precomputed block.
pub(crate) fn latin(c: char) -> Option<&'static Latin> {
    let place = (c as u32).checked_sub(LATIN.start)?;
    FOLDED.get(place as usize)
}

/// Feeds the folded bytes of one character to `sink`.
fn fold_char(c: char, sink: &mut impl FnMut(u8)) {
    if c.is_ascii() {
        sink((c as u8).to_ascii_lowercase());
    } else if LATIN.contains(&(c as u32)) {
        if let Some(latin) = latin(c) {
            latin
                .folded
                .iter()
                .filter(|b| **b != 0)
                .for_each(|b| sink(*b));
        }
    } else {
        fold_slow(c, sink);
    }
}

fn fold_slow(c: char, sink: &mut impl FnMut(u8)) {
    if is_combining_mark(c) {
        return;
    }
    let ascii = match c {
        '\u{df}' | '\u{1e9e}' => "ss",
        '\u{e6}' | '\u{c6}' => "ae",
        '\u{153}' | '\u{152}' => "oe",
        '\u{f8}' | '\u{d8}' => "o",
        '\u{142}' | '\u{141}' => "l",
        '\u{111}' | '\u{110}' | '\u{f0}' | '\u{d0}' => "d",
        '\u{fe}' | '\u{de}' => "th",
        '\u{131}' | '\u{130}' => "i",
        '\u{127}' | '\u{126}' => "h",
        '\u{167}' | '\u{166}' => "t",
        _ => "",
    };
    if !ascii.is_empty() {
        ascii.bytes().for_each(sink);
        return;
    }
    decompose_canonical(c, |d| {
        if !is_combining_mark(d) {
            for lower in d.to_lowercase() {
                let mut buf = [0u8; 4];
                lower.encode_utf8(&mut buf).bytes().for_each(&mut *sink);
            }
        }
    });
}

/// Multiplies into 128 bits and folds the halves together: every bit of the result depends on every bit of the factor.
const fn mix(value: u64) -> u64 {
    let wide = value as u128 * PRIME as u128;
    (wide ^ (wide >> 64)) as u64
}

/// The hash of a phrase, by those of its words: what it holds already, and one word more.
pub(crate) const fn phrase(first: u64, next: u64) -> u64 {
    mix(first.rotate_left(29) ^ next)
}

/// The hash of a word of ASCII letters and digits, eight bytes a step, the last step filled with zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ascii(u64);

impl Ascii {
    /// The hash of nothing.
    pub(crate) const fn new() -> Self {
        Self(SEED)
    }

    /// The hash with the next bytes, folded, behind what it holds. `mask` has all bits of those that count, and only the
    /// last step has fewer than eight.
    pub(crate) const fn eight(self, bytes: u64, mask: u64) -> Self {
        Self(mix(self.0 ^ (bytes | SMALL) & mask))
    }

    /// The hash of a word of ASCII letters and digits.
    pub(crate) fn of(word: &[u8]) -> u64 {
        let (whole, rest) = word.as_chunks();
        let hash = whole.iter().fold(Self::new(), |hash, eight| {
            hash.eight(u64::from_le_bytes(*eight), u64::MAX)
        });
        if rest.is_empty() {
            return hash.finish();
        }
        let last = rest
            .iter()
            .rev()
            .fold(0, |last, b| last << 8 | u64::from(*b));
        hash.eight(last, u64::MAX >> (64 - 8 * rest.len())).finish()
    }

    /// The finished hash.
    pub(crate) const fn finish(self) -> u64 {
        self.0
    }
}

/// A hash in the making, byte by byte; equal to that of [`Ascii`] for equal folded bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash {
    /// Whole steps.
    state: u64,
    /// Bytes of the step that is not whole.
    part: u64,
    /// Bits of it.
    bits: u32,
}

impl Hash {
    /// The hash of nothing.
    pub(crate) const fn new() -> Self {
        Self {
            state: SEED,
            part: 0,
            bits: 0,
        }
    }

    /// The hash with the folded `word` behind what it holds.
    pub(crate) fn word(mut self, word: &str) -> Self {
        for c in word.chars() {
            fold_char(c, &mut |b| self.byte(b));
        }
        self
    }

    /// Adds a small ASCII letter or a digit.
    #[inline]
    pub(crate) const fn small(&mut self, b: u8) {
        self.byte(b);
    }

    /// Adds a letter of the precomputed block.
    #[inline]
    pub(crate) fn latin(&mut self, latin: &Latin) {
        let [first, second] = latin.folded;
        if first != 0 {
            self.byte(first);
        }
        if second != 0 {
            self.byte(second);
        }
    }

    /// Adds one folded character.
    #[inline]
    pub(crate) fn add(&mut self, c: char) {
        fold_char(c, &mut |b| self.byte(b));
    }

    /// The hash with one character as it stands behind what it holds.
    pub(crate) fn raw(mut self, c: char) -> Self {
        let mut buf = [0u8; 4];
        // A leading byte that no UTF-8 holds keeps these apart from folded words.
        self.byte(0xff);
        for b in c.encode_utf8(&mut buf).bytes() {
            self.byte(b);
        }
        self
    }

    /// The finished hash, every bit of it mixed.
    pub(crate) const fn finish(self) -> u64 {
        if self.bits == 0 {
            self.state
        } else {
            mix(self.state ^ self.part)
        }
    }

    #[inline]
    const fn byte(&mut self, b: u8) {
        self.part |= (b as u64) << self.bits;
        self.bits += 8;
        if self.bits == 64 {
            self.state = mix(self.state ^ self.part);
            self.part = 0;
            self.bits = 0;
        }
    }
}

/// The hash of a phrase in the making, as [`phrase`] joins the hashes of its words.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Words {
    hash: u64,
    count: usize,
}

impl Words {
    /// With one word more.
    pub(crate) const fn and(self, word: u64) -> Self {
        Self {
            hash: if self.count == 0 {
                word
            } else {
                phrase(self.hash, word)
            },
            count: self.count + 1,
        }
    }

    /// The finished hash.
    pub(crate) const fn finish(self) -> u64 {
        self.hash
    }
}

/// Feeds the folded bytes of a word to `sink`.
pub(crate) fn fold_into(word: &str, sink: &mut impl FnMut(u8)) {
    for c in word.chars() {
        fold_char(c, sink);
    }
}

/// The folded bytes of a word.
pub(crate) fn folded(word: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(word.len());
    fold_into(word, &mut |b| bytes.push(b));
    bytes
}

/// Hashes one folded word.
pub(crate) fn hash_word(word: &str) -> u64 {
    Hash::new().word(word).finish()
}
