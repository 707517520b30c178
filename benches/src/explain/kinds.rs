//! The kinds of a page, their order and their colour.

use std::collections::BTreeMap;

use crate::gold::family;
use crate::gold::judge::Totals;

/// Labels with their place in the page.
pub(super) type Kinds = BTreeMap<String, Kind>;

/// How a label is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// Its place: what counts and is most frequent comes first.
    pub(super) rank: usize,
    /// Its class in the style sheet.
    pub(super) colour: &'static str,
}

/// The kinds of all labels that occur.
pub(super) fn of(totals: &Totals) -> Kinds {
    let mut labels: Vec<_> = totals
        .iter()
        .map(|(label, counts)| {
            let rest = counts.aside.max(counts.findings);
            (std::cmp::Reverse((counts.gold, rest)), label)
        })
        .collect();
    labels.sort();
    labels
        .into_iter()
        .enumerate()
        .map(|(rank, (_, label))| {
            let colour = colour(label);
            (label.clone(), Kind { rank, colour })
        })
        .collect()
}

/// Labels in the order of their rank.
pub(super) fn in_order(kinds: &Kinds) -> Vec<(&str, Kind)> {
    let mut list: Vec<_> = kinds.iter().map(|(l, kind)| (l.as_str(), *kind)).collect();
    list.sort_by_key(|(_, kind)| kind.rank);
    list
}

/// A hue a family; red and amber are kept for errors.
fn colour(label: &str) -> &'static str {
    match family(label) {
        "person" => "k-person",
        "place" => "k-place",
        "e-mail" | "phone" => "k-reach",
        "number" => "k-number",
        "card" | "bank account" | "AMOUNT" => "k-money",
        "date" | "AGE" => "k-date",
        "machine" | "web" | "account name" => "k-net",
        "SECRET" => "k-secret",
        other if other.starts_with("ART") || other == "CHILD" || other == "HEALTH" => "k-special",
        _ => "k-rest",
    }
}
