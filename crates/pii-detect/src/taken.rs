//! Which parts of a text somebody has found already: asked in logarithmic time, however many findings there are.

use crate::finding::Finding;
use crate::span::Span;

/// Parts of a text, in order, without overlap.
pub(crate) struct Taken(Vec<(usize, usize)>);

impl Taken {
    pub(crate) fn new<'f>(findings: impl Iterator<Item = &'f Finding>) -> Self {
        let mut all: Vec<(usize, usize)> = findings
            .map(|f| (f.span().start(), f.span().end()))
            .collect();
        if !all.is_sorted() {
            all.sort_unstable();
        }
        all.dedup_by(|next, last| {
            let meets = next.0 <= last.1;
            if meets {
                last.1 = last.1.max(next.1);
            }
            meets
        });
        Self(all)
    }

    /// The parts from the first that ends behind `start`.
    fn from(&self, start: usize) -> &[(usize, usize)] {
        let first = self.0.partition_point(|&(_, end)| end <= start);
        self.0.get(first..).unwrap_or(&[])
    }

    /// Whether somebody holds a byte of `start..end`.
    pub(crate) fn meets(&self, start: usize, end: usize) -> bool {
        self.from(start).first().is_some_and(|part| part.0 < end)
    }

    /// Whether somebody holds all of `start..end`.
    pub(crate) fn holds(&self, start: usize, end: usize) -> bool {
        self.from(start)
            .first()
            .is_some_and(|part| part.0 <= start && end <= part.1)
    }

    /// The pieces of a span that nobody holds.
    pub(crate) fn free(&self, span: Span) -> Vec<(usize, usize)> {
        let mut at = span.start();
        let mut free = Vec::new();
        for &(start, end) in self.from(span.start()) {
            if start >= span.end() {
                break;
            }
            if at < start {
                free.push((at, start));
            }
            at = at.max(end);
        }
        if at < span.end() {
            free.push((at, span.end()));
        }
        free
    }
}
