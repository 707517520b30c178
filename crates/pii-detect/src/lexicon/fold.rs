//! Folding and hashing of words, shared word for word by the lexicon and the tool that builds it.
//!
//! Two spellings of one name meet in one hash: case, accents and the usual ligatures are folded
//! (M\u{fc}ller = `MULLER`, Strau\u{df} = `STRAUSS`). Digraph spellings (`Mueller`) are entries of their own.

use std::sync::LazyLock;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

const SEED: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// First character of the precomputed block (Latin-1 letters) and the one behind its last (Latin Extended-A).
const LATIN: std::ops::Range<u32> = 0xC0..0x180;

/// Folded bytes of the precomputed block; a zero byte means "nothing".
static FOLDED: LazyLock<Vec<[u8; 2]>> = LazyLock::new(|| {
    LATIN
        .map(|c| {
            let mut two = [0u8; 2];
            let mut at = two.iter_mut();
            if let Some(c) = char::from_u32(c) {
                fold_slow(c, &mut |b| {
                    if let Some(slot) = at.next() {
                        *slot = b;
                    }
                });
            }
            two
        })
        .collect()
});

/// Feeds the folded bytes of one character to `sink`.
fn fold_char(c: char, sink: &mut impl FnMut(u8)) {
    if c.is_ascii() {
        sink((c as u8).to_ascii_lowercase());
    } else if LATIN.contains(&(c as u32)) {
        if let Some(two) = FOLDED.get((c as u32 - LATIN.start) as usize) {
            two.iter().filter(|b| **b != 0).for_each(|b| sink(*b));
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

/// A hash in the making, so that a phrase can be hashed word by word.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash(u64);

impl Hash {
    /// The hash of nothing.
    pub(crate) const fn new() -> Self {
        Self(SEED)
    }

    /// The hash with the folded `word` behind what it holds.
    pub(crate) fn word(mut self, word: &str) -> Self {
        for c in word.chars() {
            fold_char(c, &mut |b| self.byte(b));
        }
        self
    }

    /// The hash with one folded character behind what it holds.
    pub(crate) fn char(mut self, c: char) -> Self {
        fold_char(c, &mut |b| self.byte(b));
        self
    }

    /// The hash with one ASCII letter or digit, folded, behind what it holds.
    pub(crate) const fn ascii(self, b: u8) -> Self {
        // Digits and small letters have this bit already.
        Self((self.0 ^ (b | 0x20) as u64).wrapping_mul(PRIME))
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

    /// The hash with a word border behind what it holds.
    pub(crate) fn space(mut self) -> Self {
        self.byte(b' ');
        self
    }

    /// The finished hash, every bit of it mixed (FNV alone leaves the upper bits of short words poor).
    pub(crate) const fn finish(self) -> u64 {
        let mut h = self.0;
        h ^= h >> 32;
        h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
        h ^= h >> 32;
        h = h.wrapping_mul(0xd6e8_feb8_6659_fd93);
        h ^ (h >> 32)
    }

    fn byte(&mut self, b: u8) {
        self.0 = (self.0 ^ u64::from(b)).wrapping_mul(PRIME);
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
