//! Spans that are asked whether another touches them, each in logarithmic time.

use redact::Span;

/// Spans in order of their start, the longer first where two begin together.
pub(super) struct Spans {
    spans: Vec<Span>,
    /// For every place: the furthest end of the spans up to it.
    reach: Vec<usize>,
}

impl Spans {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_by_key(|span| (span.start(), std::cmp::Reverse(span.end())));
        spans.dedup();
        let mut furthest = 0;
        let reach = spans
            .iter()
            .map(|span| {
                furthest = span.end().max(furthest);
                furthest
            })
            .collect();
        Self { spans, reach }
    }

    /// Whether one of them shares a byte with a span.
    pub(super) fn overlap(&self, span: Span) -> bool {
        let behind = self.spans.partition_point(|own| own.start() < span.end());
        self.reach_before(behind) > span.start()
    }

    /// Whether another of them holds a span whole.
    pub(super) fn another_holds(&self, span: Span) -> bool {
        let key = |own: &Span| (own.start(), std::cmp::Reverse(own.end()));
        let place = self.spans.partition_point(|own| key(own) < key(&span));
        self.reach_before(place) >= span.end()
    }

    fn reach_before(&self, place: usize) -> usize {
        place
            .checked_sub(1)
            .and_then(|last| self.reach.get(last))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_one_by_one(pairs in prop::collection::vec((0..30_usize, 1..9_usize), 1..12)) {
            let all: Vec<Span> =
                pairs.iter().filter_map(|(at, n)| Span::new(*at, at + n)).collect();
            let (asked, rest) = all.split_first().unwrap();
            let spans = Spans::new(rest.iter().copied());
            let overlap = rest.iter().any(|own| own.overlaps(*asked));
            prop_assert_eq!(spans.overlap(*asked), overlap);
            let held = rest.iter().any(|own| {
                own != asked && own.start() <= asked.start() && asked.end() <= own.end()
            });
            prop_assert_eq!(spans.another_holds(*asked), held);
        }
    }
}
