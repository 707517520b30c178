//! What the words of a text mean: the mean of the vectors of its pieces, from a table that is part of this crate.
//!
//! Pieces are those of BERT without case and accents, the longest first (Wu and others 2016). `tools/word-vectors` builds the table
//! and describes its bytes.

use std::sync::LazyLock;

use super::features;
use crate::text;

const MAGIC: &[u8] = b"TACTVEC";
const VERSION: u8 = 1;
/// A longer word is no word.
const LONGEST: usize = 64;
/// Before the text of a piece that continues a word.
const CONTINUED: u8 = b'#';
/// Twice a code less this is its number, in halves of a step.
const MIDDLE: i32 = 15;

#[cfg(feature = "vectors")]
const BYTES: &[u8] = include_bytes!("../../data/vectors.bin");
#[cfg(not(feature = "vectors"))]
const BYTES: &[u8] = &[];

static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| Table::read(BYTES));

/// The table of this crate; none without feature `vectors`.
pub(crate) fn table() -> Option<&'static Table> {
    TABLE.as_ref()
}

/// Vectors of pieces of words.
pub(crate) struct Table {
    /// Half a step of each dimension.
    halves: Vec<f32>,
    /// Where the text of each piece begins, and where the last one ends.
    starts: Vec<usize>,
    texts: &'static [u8],
    /// Two codes a byte.
    codes: &'static [u8],
    stamp: u64,
}

impl Table {
    /// `None` for anything that is not whole, in order, and of finite numbers.
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (&version, rest) = rest.split_first()?;
        let (dims, rest) = rest.split_first_chunk()?;
        let (pieces, rest) = rest.split_first_chunk()?;
        let dims = usize::from(u16::from_le_bytes(*dims));
        let pieces = usize::try_from(u32::from_le_bytes(*pieces)).ok()?;
        if version != VERSION || dims == 0 || dims % 2 == 1 || pieces == 0 {
            return None;
        }
        let (steps, rest) = rest.split_at_checked(dims * 4)?;
        let (steps, _) = steps.as_chunks();
        let halves: Vec<f32> = steps.iter().map(|s| f32::from_le_bytes(*s) / 2.0).collect();
        if !halves.iter().all(|half| half.is_finite() && *half > 0.0) {
            return None;
        }
        let (lengths, rest) = rest.split_at_checked(pieces)?;
        let mut starts = Vec::with_capacity(pieces + 1);
        let mut end = 0;
        for length in lengths {
            starts.push(end);
            end += usize::from(*length);
        }
        starts.push(end);
        let (texts, codes) = rest.split_at_checked(end)?;
        if codes.len() != pieces.checked_mul(dims / 2)? {
            return None;
        }
        let table = Self {
            halves,
            starts,
            texts,
            codes,
            stamp: stamp(bytes),
        };
        let sorted = (1..pieces).all(|at| table.text(at - 1) < table.text(at));
        sorted.then_some(table)
    }

    pub(super) fn dims(&self) -> usize {
        self.halves.len()
    }

    /// A number that another table does not have.
    pub(super) const fn stamp(&self) -> u64 {
        self.stamp
    }

    /// What a text means: a vector of length one, or of zeros where no word is known.
    pub(crate) fn read_text(&self, whole: &str) -> Vec<f32> {
        let mut sum = vec![0i32; self.dims()];
        let mut key = Vec::with_capacity(LONGEST + 1);
        for word in text::words(features::head(whole)) {
            // Of a tag its kind is read, in words.
            let low = word.folded.to_ascii_lowercase();
            for part in low.split(|c: char| !c.is_alphanumeric()) {
                self.each_piece(part.as_bytes(), &mut key, |codes| {
                    for (two, code) in sum.chunks_exact_mut(2).zip(codes) {
                        if let [low, high] = two {
                            *low += 2 * i32::from(code & 15) - MIDDLE;
                            *high += 2 * i32::from(code >> 4) - MIDDLE;
                        }
                    }
                });
            }
        }
        let mut out: Vec<f32> = sum
            .iter()
            .zip(&self.halves)
            .map(|(sum, half)| *sum as f32 * half)
            .collect();
        let length = out.iter().map(|v| v * v).sum::<f32>().sqrt();
        if length > 0.0 {
            for value in &mut out {
                *value /= length;
            }
        }
        out
    }

    /// The codes of the longest pieces a word is made of, from the left; none of a word that is not made of them.
    fn each_piece(&self, word: &[u8], key: &mut Vec<u8>, mut each: impl FnMut(&[u8])) {
        if word.is_empty() || word.len() > LONGEST {
            return;
        }
        let mut found = Vec::new();
        let mut rest = word;
        while !rest.is_empty() {
            key.clear();
            if rest.len() < word.len() {
                key.push(CONTINUED);
            }
            let before = key.len();
            key.extend(rest);
            let piece = (before + 1..=key.len())
                .rev()
                .find_map(|end| Some((self.find(key.get(..end)?)?, end - before)));
            let Some((piece, length)) = piece else {
                return;
            };
            found.push(piece);
            rest = rest.get(length..).unwrap_or_default();
        }
        let width = self.dims() / 2;
        for piece in found {
            each(
                self.codes
                    .get(piece * width..(piece + 1) * width)
                    .unwrap_or_default(),
            );
        }
    }

    fn text(&self, piece: usize) -> &[u8] {
        match self.starts.get(piece..piece + 2) {
            Some([start, end]) => self.texts.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Whether a word is a piece of its own.
    pub(crate) fn holds(&self, word: &str) -> bool {
        self.find(word.as_bytes()).is_some()
    }

    fn find(&self, text: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.starts.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.text(middle).cmp(text) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }
}

/// Fowler, Noll, Vo, eight bytes a step.
fn stamp(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let words = words.iter().map(|word| u64::from_le_bytes(*word));
    words
        .chain(rest.iter().map(|byte| u64::from(*byte)))
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, word| {
            (hash ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29)
        })
}

#[cfg(feature = "vectors")]
#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(word: &str) -> Vec<String> {
        let table = table().unwrap();
        let mut found = Vec::new();
        table.each_piece(word.as_bytes(), &mut Vec::new(), |codes| {
            let at = (codes.as_ptr() as usize - table.codes.as_ptr() as usize) / codes.len();
            found.push(String::from_utf8(table.text(at).to_vec()).unwrap());
        });
        found
    }

    fn alike(one: &str, two: &str) -> f32 {
        let table = table().unwrap();
        let (one, two) = (table.read_text(one), table.read_text(two));
        one.iter().zip(&two).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn words_are_read_by_their_longest_pieces() {
        assert_eq!(pieces("card"), ["card"]);
        assert_eq!(pieces("refund"), ["ref", "#und"]);
        assert_eq!(pieces("topup"), ["top", "#up"]);
        assert!(pieces("\u{448}").is_empty());
        assert!(pieces("").is_empty());
        assert!(pieces(&"a".repeat(LONGEST + 1)).is_empty());
    }

    #[test]
    fn texts_that_mean_the_same_are_near() {
        let asked = "where is my parcel?";
        assert!(
            alike(asked, "has the package been shipped")
                > alike(asked, "I forgot my password") + 0.1
        );
        assert!(alike("O\u{f9} est le CAF\u{c9}", "ou est le cafe") > 0.999);
        assert!(alike("[ORDER_1]", "order") > 0.999);
        assert_eq!(alike("\u{448}\u{449}", "order"), 0.0);
    }

    #[test]
    fn a_damaged_table_is_none() {
        assert!(Table::read(BYTES).is_some());
        assert!(Table::read(&[]).is_none());
        for end in (0..BYTES.len())
            .step_by(100_003)
            .chain([7, 8, 14, BYTES.len() - 1])
        {
            assert!(Table::read(&BYTES[..end]).is_none(), "{end}");
        }
        for (at, byte) in [(0, b't'), (7, 2), (8, 1), (10, 0xff), (17, 0xff)] {
            let mut bytes = BYTES.to_vec();
            bytes[at] = byte;
            assert!(Table::read(bytes.leak()).is_none(), "{at}");
        }
        // Two texts that change places.
        let mut bytes = BYTES.to_vec();
        let texts = 14 + 4 * 256 + 18_480;
        bytes.swap(texts + 4, texts + 7);
        assert!(Table::read(bytes.leak()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_a_vector_of_length_one_or_none(text in "\\PC{0,80}|[a-z ]{0,200}|([A-Z]{1,3}\\[ORDER_[0-9]\\] ?){0,9}") {
            let vector = table().unwrap().read_text(&text);
            let length: f32 = vector.iter().map(|v| v * v).sum();
            proptest::prop_assert!(length == 0.0 || (length - 1.0).abs() < 1e-3);
        }
    }
}
