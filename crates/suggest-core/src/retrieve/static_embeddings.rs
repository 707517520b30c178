//! Word vectors from a file of the integrator's: the text format of word2vec, GloVe and fastText.

use std::collections::HashMap;
use std::fmt;
use std::io::BufRead;

use super::embed::Embedder;
use crate::text;

/// How much a word's rarity counts: the `a` of the article.
const SIF: f64 = 1e-3;

/// What is read at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VectorLimits {
    /// Words; the lines after them are not read. Such files begin with the most frequent ones.
    pub words: usize,
    /// Numbers a word.
    pub dimensions: usize,
    /// Bytes a line.
    pub line: usize,
}

impl Default for VectorLimits {
    /// 200,000 words of 1,024 numbers, 32 KiB a line.
    fn default() -> Self {
        Self {
            words: 200_000,
            dimensions: 1024,
            line: 32 * 1024,
        }
    }
}

/// What is wrong with a file of word vectors. Lines count from 1; no message holds text of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VectorFault {
    /// The source failed.
    #[error("line {line} cannot be read: {kind}")]
    Read {
        /// The line.
        line: usize,
        /// What the source says.
        kind: std::io::ErrorKind,
    },
    /// A line is longer than the limit.
    #[error("line {line} is longer than the limit: raise `line` of the limits")]
    LongLine {
        /// The line.
        line: usize,
    },
    /// A line is not UTF-8.
    #[error("line {line} is not UTF-8")]
    Encoding {
        /// The line.
        line: usize,
    },
    /// A line is no word followed by numbers.
    #[error("line {line} is no word followed by finite numbers")]
    Malformed {
        /// The line.
        line: usize,
    },
    /// A line has another count of numbers than the first.
    #[error("line {line} has {found} numbers, the first has {expected}")]
    Dimensions {
        /// The line.
        line: usize,
        /// Numbers it has.
        found: usize,
        /// Numbers of the first line.
        expected: usize,
    },
    /// More numbers a word than the limit.
    #[error("line {line} has more numbers than the limit: raise `dimensions` of the limits")]
    TooWide {
        /// The line.
        line: usize,
    },
    /// There is no word in it.
    #[error("there is no word vector in it")]
    Empty,
}

/// Word vectors; a text is the mean of its words, rare ones first (SIF: Arora, Liang, Ma, "A Simple but Tough-to-Beat
/// Baseline for Sentence Embeddings", ICLR 2017; without the common component, which needs a corpus).
///
/// How frequent a word is is guessed from its line (Zipf 1949): such files are sorted by frequency. Words are folded to
/// lower case without diacritics; of two that fold alike the earlier one stays.
///
/// ```
/// use suggest_core::{Embedder, StaticEmbeddings, VectorLimits};
/// let file = "2 3\nrefund 1 0 0.5\nparcel 0 1 0\n";
/// let vectors = StaticEmbeddings::read(file.as_bytes(), VectorLimits::default())?;
/// assert_eq!(vectors.dim(), 3);
/// assert!(vectors.embed("a refund, please").is_some());
/// assert!(vectors.embed("nothing known").is_none());
/// # Ok::<(), suggest_core::VectorFault>(())
/// ```
pub struct StaticEmbeddings {
    dim: usize,
    /// Where a word's numbers begin, over `dim`, and its weight.
    words: HashMap<String, (usize, f32)>,
    numbers: Vec<f32>,
}

impl fmt::Debug for StaticEmbeddings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "StaticEmbeddings({} words, {} dimensions)",
            self.words.len(),
            self.dim
        )
    }
}

impl StaticEmbeddings {
    /// Reads `word v1 v2 ..` a line, after an optional header `words dimensions`. A gzip file is unpacked by the caller.
    ///
    /// # Errors
    /// The first fault, with its line.
    pub fn read(mut source: impl BufRead, limits: VectorLimits) -> Result<Self, VectorFault> {
        let mut vectors = Self {
            dim: 0,
            words: HashMap::new(),
            numbers: Vec::new(),
        };
        let mut buffer = Vec::new();
        let mut rank = 0usize;
        for line in 1.. {
            if rank >= limits.words {
                break;
            }
            buffer.clear();
            let most = u64::try_from(limits.line).unwrap_or(u64::MAX);
            let read = std::io::Read::take(&mut source, most.saturating_add(1))
                .read_until(b'\n', &mut buffer)
                .map_err(|error| VectorFault::Read {
                    line,
                    kind: error.kind(),
                })?;
            if read == 0 {
                break;
            }
            if read > limits.line {
                return Err(VectorFault::LongLine { line });
            }
            let text = std::str::from_utf8(&buffer).map_err(|_| VectorFault::Encoding { line })?;
            let text = text.trim_matches([' ', '\t', '\r', '\n']);
            if text.is_empty() || (line == 1 && is_header(text)) {
                continue;
            }
            rank += 1;
            vectors.push(text, line, rank, limits)?;
        }
        if vectors.words.is_empty() {
            return Err(VectorFault::Empty);
        }
        Ok(vectors)
    }

    /// How many words it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether it knows none, which [`read`](Self::read) refuses.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn push(
        &mut self,
        text: &str,
        line: usize,
        rank: usize,
        limits: VectorLimits,
    ) -> Result<(), VectorFault> {
        let mut parts = text.split([' ', '\t']).filter(|part| !part.is_empty());
        let malformed = VectorFault::Malformed { line };
        let word = parts.next().ok_or(malformed)?;
        let before = self.numbers.len();
        for part in parts {
            let number: f32 = part.parse().map_err(|_| malformed)?;
            if !number.is_finite() {
                return Err(malformed);
            }
            if self.numbers.len() - before >= limits.dimensions {
                return Err(VectorFault::TooWide { line });
            }
            self.numbers.push(number);
        }
        let found = self.numbers.len() - before;
        if found == 0 {
            return Err(malformed);
        }
        if self.dim == 0 {
            self.dim = found;
        }
        if found != self.dim {
            return Err(VectorFault::Dimensions {
                line,
                found,
                expected: self.dim,
            });
        }
        let mut folded = text::fold(word);
        folded.retain(char::is_alphanumeric);
        if folded.is_empty() || self.words.contains_key(&folded) {
            self.numbers.truncate(before);
            return Ok(());
        }
        // Zipf: the word of rank r makes up about 0.1 / r of a text.
        let frequency = 0.1 / rank as f64;
        let weight = (SIF / (SIF + frequency)) as f32;
        self.words.insert(folded, (before / self.dim, weight));
        Ok(())
    }
}

/// Two whole numbers and nothing else.
fn is_header(text: &str) -> bool {
    let mut parts = text.split_ascii_whitespace();
    let mut whole = || parts.next().is_some_and(|part| part.parse::<u64>().is_ok());
    whole() && whole() && parts.next().is_none()
}

impl Embedder for StaticEmbeddings {
    fn dim(&self) -> usize {
        self.dim
    }

    fn embed(&self, redacted: &str) -> Option<Vec<f32>> {
        let mut sum = vec![0f32; self.dim];
        let mut known = false;
        for word in text::words(redacted) {
            let Some((at, weight)) = self.words.get(&word.folded) else {
                continue;
            };
            known = true;
            let numbers = self.numbers.iter().skip(at * self.dim);
            for (sum, number) in sum.iter_mut().zip(numbers) {
                *sum += weight * number;
            }
        }
        known.then_some(sum)
    }
}
