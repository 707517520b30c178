//! What became of each span: found, found in part, taken for something else, missed; right or a false alarm.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Counted, Span, family};

/// What became of something marked by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every case is drawn and counted, so a new one must break the build"
)]
pub enum Fate {
    /// Every letter and digit is covered, and a finding of the family lies there.
    Found,
    /// Some letter or digit is covered, and some is not.
    Partly,
    /// Every letter and digit is covered, by findings of other families alone.
    Other,
    /// No finding touches it.
    Missed,
    /// Its family does not count.
    Aside,
}

/// What a finding is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every case is drawn and counted, so a new one must break the build"
)]
pub enum Worth {
    /// Something of its family is marked there.
    Right,
    /// Something of another family is marked there.
    Other,
    /// Nothing is marked there.
    False,
    /// The set marks nothing of the family anywhere, or only what does not count lies there.
    Unjudged,
}

/// A text's spans, judged.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Verdict {
    /// One for each span marked by hand, with the stretches that no finding covers.
    pub gold: Vec<(Fate, Vec<Range<usize>>)>,
    /// One for each finding.
    pub found: Vec<Worth>,
}

/// The families that a set marks and that count.
#[must_use]
pub fn marked<'g>(
    gold: impl IntoIterator<Item = &'g Span>,
    counted: &Counted,
) -> BTreeSet<&'g str> {
    gold.into_iter()
        .map(Span::family)
        .filter(|family| counted.has(family))
        .collect()
}

/// Judges a text; `marked` are the families of the whole set.
#[must_use]
pub fn judge(
    text: &str,
    gold: &[Span],
    found: &[Span],
    counted: &Counted,
    marked: &BTreeSet<&str>,
) -> Verdict {
    let counts = |span: &Span| counted.has(span.family());
    let gold_verdicts = gold
        .iter()
        .map(|span| {
            let open = open(text, span, found);
            let mut there = found.iter().filter(|f| f.meets(span)).peekable();
            let fate = if !counts(span) {
                Fate::Aside
            } else if there.peek().is_none() {
                Fate::Missed
            } else if !open.is_empty() {
                Fate::Partly
            } else if there.any(|f| f.family() == span.family()) {
                Fate::Found
            } else {
                Fate::Other
            };
            (fate, open)
        })
        .collect();
    let found_verdicts = found
        .iter()
        .map(|finding| {
            let there = || gold.iter().filter(|g| g.meets(finding));
            if there().any(|g| counts(g) && g.family() == finding.family()) {
                Worth::Right
            } else if there().any(counts) {
                Worth::Other
            } else if there().next().is_some() || !marked.contains(finding.family()) {
                Worth::Unjudged
            } else {
                Worth::False
            }
        })
        .collect();
    Verdict {
        gold: gold_verdicts,
        found: found_verdicts,
    }
}

/// The stretches of a span from its first to its last letter or digit that no finding covers.
fn open(text: &str, span: &Span, found: &[Span]) -> Vec<Range<usize>> {
    let mut open: Vec<Range<usize>> = Vec::new();
    let mut joins = false;
    for (at, c) in text.get(span.start..span.end).unwrap_or("").char_indices() {
        let at = span.start + at;
        if found.iter().any(|f| f.start <= at && at < f.end) {
            joins = false;
        } else if c.is_alphanumeric() {
            let end = at + c.len_utf8();
            match open.last_mut() {
                Some(last) if joins => last.end = end,
                _ => open.push(at..end),
            }
            joins = true;
        }
    }
    open
}

/// Counts of one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named as the cases they count")]
#[expect(clippy::exhaustive_structs, reason = "plain counts")]
pub struct Counts {
    pub gold: usize,
    pub found: usize,
    pub partly: usize,
    pub other: usize,
    pub missed: usize,
    pub aside: usize,
    pub findings: usize,
    pub right: usize,
    pub as_other: usize,
    pub false_alarms: usize,
    pub unjudged: usize,
}

/// Counts by label.
pub type Totals = BTreeMap<String, Counts>;

/// Adds a text to the counts; without `verdict` only findings are counted.
pub fn count(totals: &mut Totals, gold: &[Span], found: &[Span], verdict: Option<&Verdict>) {
    for finding in found {
        totals.entry(finding.label.clone()).or_default().findings += 1;
    }
    let Some(verdict) = verdict else { return };
    for (finding, worth) in found.iter().zip(&verdict.found) {
        let counts = totals.entry(finding.label.clone()).or_default();
        *match worth {
            Worth::Right => &mut counts.right,
            Worth::Other => &mut counts.as_other,
            Worth::False => &mut counts.false_alarms,
            Worth::Unjudged => &mut counts.unjudged,
        } += 1;
    }
    for (span, (fate, _)) in gold.iter().zip(&verdict.gold) {
        let counts = totals.entry(span.label.clone()).or_default();
        if *fate != Fate::Aside {
            counts.gold += 1;
        }
        *match fate {
            Fate::Found => &mut counts.found,
            Fate::Partly => &mut counts.partly,
            Fate::Other => &mut counts.other,
            Fate::Missed => &mut counts.missed,
            Fate::Aside => &mut counts.aside,
        } += 1;
    }
}

/// How much a kind tells who somebody is: 3 by itself, 2 with little more, 1 hardly.
#[must_use]
pub fn weight(label: &str) -> usize {
    match family(label) {
        "person" | "e-mail" | "phone" | "card" | "bank account" | "account name" => 3,
        "number" if label != "ORDER" && label != "TRACKING" => 3,
        "place" if label.contains("ADDRESS") => 3,
        "number" | "place" | "machine" | "date" => 2,
        _ => 1,
    }
}
