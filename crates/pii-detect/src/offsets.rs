//! Where findings stand in the units of other languages: one pass over the text, nothing allocated.

use std::ops::Range;

use crate::finding::{Finding, Findings};

/// What a place in a text is counted in.
///
/// A Rust string counts bytes, JavaScript, Java and C# count UTF-16 code units, Python counts code points. What a
/// reader calls a character may be several of each: a family emoji is 18 bytes, 8 UTF-16 units and 5 code points.
///
/// ```
/// use pii_detect::Unit;
/// let text = "e\u{301} \u{1f600}";
/// assert_eq!(Unit::Byte.count(text), 8);
/// assert_eq!(Unit::CodePoint.count(text), 4);
/// assert_eq!(Unit::Utf16.count(text), 5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes of UTF-8, as in [`crate::Span`].
    Byte,
    /// Unicode code points: strings of Python.
    CodePoint,
    /// Code units of UTF-16: strings of JavaScript, Java, C#, positions of the Language Server Protocol.
    Utf16,
}

impl Unit {
    /// How many units a text has.
    #[must_use]
    pub fn count(self, text: &str) -> usize {
        self.of_bytes(text.as_bytes())
    }

    /// A code point begins at every byte but 0b10xxxxxx; one of four bytes is two units of UTF-16.
    fn of_bytes(self, bytes: &[u8]) -> usize {
        let points = || bytes.iter().filter(|b| **b & 0xc0 != 0x80).count();
        match self {
            Self::Byte => bytes.len(),
            Self::CodePoint => points(),
            Self::Utf16 => points() + bytes.iter().filter(|b| **b >= 0xf0).count(),
        }
    }
}

impl Findings {
    /// The findings with their places in other units; `text` must be the one they were found in.
    ///
    /// The text is read once from its start to the last finding.
    ///
    /// ```
    /// use pii_detect::{Detector, Known, Unit};
    /// let text = "\u{1f44b} Zo\u{eb}: zq@example.org";
    /// let found = Detector::new().detect(text, &Known::new())?;
    /// // What `text.slice(start, end)` needs in JavaScript, and what `text[start:end]` needs in Python.
    /// let last = |unit| found.offsets(text, unit).last().map(|(range, _)| range);
    /// assert_eq!(last(Unit::Byte), Some(11..25));
    /// assert_eq!(last(Unit::Utf16), Some(8..22));
    /// assert_eq!(last(Unit::CodePoint), Some(7..21));
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    pub fn offsets<'a>(&'a self, text: &'a str, unit: Unit) -> Offsets<'a> {
        Offsets {
            rest: self.iter(),
            bytes: text.as_bytes(),
            unit,
            at: 0,
            units: 0,
        }
    }
}

/// Findings with their places in other units; see [`Findings::offsets`].
#[derive(Clone)]
pub struct Offsets<'a> {
    rest: std::slice::Iter<'a, Finding>,
    bytes: &'a [u8],
    unit: Unit,
    /// How far the text is read, in bytes, and how many units that is.
    at: usize,
    units: usize,
}

impl Offsets<'_> {
    fn go_to(&mut self, byte: usize) -> usize {
        let byte = byte.min(self.bytes.len());
        self.units += self
            .unit
            .of_bytes(self.bytes.get(self.at..byte).unwrap_or(&[]));
        self.at = self.at.max(byte);
        self.units
    }
}

impl<'a> Iterator for Offsets<'a> {
    type Item = (Range<usize>, &'a Finding);

    fn next(&mut self) -> Option<Self::Item> {
        let finding = self.rest.next()?;
        let start = self.go_to(finding.span().start());
        Some((start..self.go_to(finding.span().end()), finding))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

impl ExactSizeIterator for Offsets<'_> {}

impl std::fmt::Debug for Offsets<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Offsets({:?}, {} to come)", self.unit, self.rest.len())
    }
}
