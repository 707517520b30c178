//! How many people used a word, in little room and without the words.

use std::fmt;
use std::hash::Hasher;

use zeroize::{Zeroize, Zeroizing};

use crate::error::SketchError;
use crate::map::Label;
use crate::tag::alias::fold;
use crate::text::Redacted;

const VERSION: u8 = 0;
/// Rows of the table; a word has a cell in each, and the least of them counts.
const ROWS: usize = 4;
/// Cells of a row.
const CELLS: usize = 1 << 14;
/// Bytes of a key.
const KEY: usize = 16;

/// Who used which word: a count-min sketch (Cormode, Muthukrishnan 2005) whose cells hold a bit for each of 32 groups of
/// subjects, so that one person who uses a word often counts once (linear counting, Whang et al. 1990).
///
/// The count is never above the number of different subjects but for words that share all four cells: with 10,000 different
/// words learned, fewer than one word in a hundred is given a subject too many.
///
/// Of the words themselves nothing can be read from it without the key; with it a guess can be tested. So it is personal data
/// as long as few have been learned: seal [`WordSketch::to_bytes`] before it is written anywhere. It never forgets; begin a
/// new one when its time is up.
pub struct WordSketch {
    key: Zeroizing<[u8; KEY]>,
    cells: Vec<u32>,
}

impl WordSketch {
    /// Different subjects that must have used a word for it to be common.
    pub const LEAST: u32 = 5;

    /// An empty sketch. The key is 16 random bytes of the caller.
    #[must_use]
    pub fn new(key: [u8; 16]) -> Self {
        Self {
            key: Zeroizing::new(key),
            cells: vec![0; ROWS * CELLS],
        }
    }

    /// Learns the words of a text that somebody wrote; tags are no words.
    pub fn learn(&mut self, text: &Redacted, subject: Label) {
        let group = 1 << (self.hash(&subject.0, ROWS as u64) % 32);
        let mut rest = text.as_str();
        while let Some(c) = rest.chars().next() {
            if c == '['
                && let Some(end) = rest.find(']')
            {
                rest = rest.get(end + 1..).unwrap_or_default();
            } else if c.is_alphabetic() {
                let end = rest.find(|c: char| !c.is_alphabetic());
                let (word, tail) = rest.split_at(end.unwrap_or(rest.len()));
                for place in self.places(word) {
                    if let Some(cell) = self.cells.get_mut(place) {
                        *cell |= group;
                    }
                }
                rest = tail;
            } else {
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }

    /// How many different subjects used a word at least, up to 32; case and accents do not count.
    #[must_use]
    pub fn subjects(&self, word: &str) -> u32 {
        let counts = self
            .places(word)
            .map(|place| self.cells.get(place).map_or(0, |cell| cell.count_ones()));
        counts.into_iter().min().unwrap_or(0)
    }

    pub(super) fn is_common(&self, word: &str) -> bool {
        self.subjects(word) >= Self::LEAST
    }

    fn places(&self, word: &str) -> [usize; ROWS] {
        let mut folded = Zeroizing::new(String::with_capacity(word.len() * 2));
        for c in word.chars() {
            fold(c, &mut |c| folded.push(c));
        }
        std::array::from_fn(|row| {
            let hash = self.hash(folded.as_bytes(), row as u64);
            row * CELLS + (hash as usize & (CELLS - 1))
        })
    }

    /// SipHash-2-4 (Aumasson, Bernstein 2012): without the key nothing can be said of what was hashed.
    fn hash(&self, bytes: &[u8], row: u64) -> u64 {
        let [a, b] = self.key.as_chunks::<8>().0 else {
            return 0;
        };
        #[expect(
            deprecated,
            reason = "the one hasher of the standard library whose result never changes"
        )]
        let mut hasher = std::hash::SipHasher::new_with_keys(
            u64::from_le_bytes(*a) ^ row,
            u64::from_le_bytes(*b),
        );
        hasher.write(bytes);
        hasher.finish()
    }

    /// The stored form: a version byte, the key, and the cells as little-endian `u32`. Personal data: seal it.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(1 + KEY + 4 * self.cells.len()));
        out.push(VERSION);
        out.extend_from_slice(self.key.as_slice());
        for cell in &self.cells {
            out.extend_from_slice(&cell.to_le_bytes());
        }
        out
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`SketchError`] for what [`WordSketch::to_bytes`] has not written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SketchError> {
        let (version, rest) = bytes.split_first().ok_or(SketchError::Corrupt)?;
        if *version != VERSION {
            return Err(SketchError::NewerFormat { version: *version });
        }
        let (key, rest) = rest
            .split_first_chunk::<KEY>()
            .ok_or(SketchError::Corrupt)?;
        let (cells, tail) = rest.as_chunks::<4>();
        if cells.len() != ROWS * CELLS || !tail.is_empty() {
            return Err(SketchError::Corrupt);
        }
        Ok(Self {
            key: Zeroizing::new(*key),
            cells: cells.iter().map(|cell| u32::from_le_bytes(*cell)).collect(),
        })
    }
}

impl Drop for WordSketch {
    fn drop(&mut self) {
        self.cells.zeroize();
    }
}

impl fmt::Debug for WordSketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WordSketch(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::MapId;

    fn text(words: &str) -> Redacted {
        Redacted::new(words.to_owned(), MapId([1; 16]))
    }

    #[test]
    fn people_are_counted_and_not_words() {
        let mut sketch = WordSketch::new([3; 16]);
        for _ in 0..50 {
            sketch.learn(&text("Theremin [PERSON_1] broken"), Label([9; 16]));
        }
        assert_eq!(sketch.subjects("theremin"), 1);
        for subject in 0..20 {
            sketch.learn(&text("My PARC\u{c9}L is broken"), Label([subject; 16]));
        }
        // Twenty people fall into thirty-two groups: some share one, so the count is below.
        assert!((10..=20).contains(&sketch.subjects("parcel")));
        assert_eq!(sketch.subjects("person"), 0);
        let read = WordSketch::from_bytes(&sketch.to_bytes()).unwrap();
        assert_eq!(read.subjects("parcel"), sketch.subjects("parcel"));
        assert_eq!(
            WordSketch::from_bytes(&[0; 40]).map(|_| ()),
            Err(SketchError::Corrupt)
        );
        assert_eq!(
            WordSketch::from_bytes(&[1; 40]).map(|_| ()),
            Err(SketchError::NewerFormat { version: 1 })
        );
    }

    #[test]
    fn few_words_are_given_somebody_elses_readers() {
        let word = |mut i: u32| {
            let mut word = String::new();
            for _ in 0..5 {
                word.extend(char::from_u32(0x61 + i % 26));
                i /= 26;
            }
            word
        };
        let mut sketch = WordSketch::new([5; 16]);
        for i in 0..10_000 {
            sketch.learn(&text(&word(i)), Label((u128::from(i) * 7).to_le_bytes()));
        }
        let others = 500_000..510_000;
        let wrong = others
            .filter(|i| sketch.subjects(&word(*i)) >= WordSketch::LEAST)
            .count();
        assert!(wrong < 10, "{wrong}");
        let more = (0..10_000)
            .filter(|i| sketch.subjects(&word(*i)) > 1)
            .count();
        assert!(more < 500, "{more}");
    }
}
