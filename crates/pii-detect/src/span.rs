//! Where a finding stands.

/// A range of bytes of a text, never empty.
///
/// Spans made by the detector lie on character boundaries of the text they were found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: usize,
    end: usize,
}

#[expect(clippy::len_without_is_empty, reason = "a span is never empty")]
impl Span {
    /// A span from `start` to before `end`; `None` when it would be empty or turned round.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Option<Self> {
        if start < end {
            Some(Self { start, end })
        } else {
            None
        }
    }

    /// The first byte.
    #[must_use]
    pub const fn start(self) -> usize {
        self.start
    }

    /// The byte behind the last.
    #[must_use]
    pub const fn end(self) -> usize {
        self.end
    }

    /// The number of bytes, at least 1.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// The text of the span; `None` when `text` is not the one it was found in.
    #[must_use]
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.start..self.end)
    }

    /// Whether the two have a byte in common.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}
