//! What is planted, and where.

use super::people::{IDENTIFIERS, Person, word};

/// Fewest planted values of a person: a few beside the identifiers.
pub(super) const FEWEST: u64 = 10;

/// Where a planted value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In tickets of others (in the person's own and in the sources too).
    Mention,
    /// In a ticket of the person.
    Own,
    Index,
    Cache,
    Snapshot,
    Orders,
}

/// Half of what is no identifier is planted in tickets, the other half in the sources by turns.
const TURNS: [Place; 8] = [
    Place::Own,
    Place::Index,
    Place::Own,
    Place::Cache,
    Place::Own,
    Place::Snapshot,
    Place::Own,
    Place::Orders,
];

/// A planted value.
#[derive(Clone, Debug)]
pub(super) struct Planted {
    pub(super) person: usize,
    pub(super) place: Place,
    pub(super) value: String,
}

/// The planted values, all persons' together. Every one stands in one place only, but for the identifiers.
pub(super) fn planted(all: u64, persons: u64) -> Vec<Planted> {
    let mut out = Vec::new();
    for person in 0..persons {
        let own = all / persons + u64::from(person < all % persons);
        let somebody = Person::new(person);
        for at in 0..own as usize {
            let n = out.len() as u64;
            let (place, value) = match at.checked_sub(IDENTIFIERS) {
                None => (Place::Mention, somebody.identifier(at).0.to_owned()),
                Some(further) => {
                    let turn = (further + person as usize) % TURNS.len();
                    let place = TURNS.get(turn).copied().unwrap_or(Place::Own);
                    (place, value(n))
                }
            };
            let person = person as usize;
            out.push(Planted {
                person,
                place,
                value,
            });
        }
    }
    out
}

/// An address, a number of a purchase, a word.
fn value(n: u64) -> String {
    let word = word(0x9a, n);
    match n % 3 {
        0 => format!("{} {word} lane", 1 + n % 90),
        1 => format!("KX-{:08}", 70_000_000 + n * 7),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_planted_value_is_one_of_a_kind_and_every_place_has_some() {
        for (all, persons) in [(200, 20), (80, 8), (1000, 20), (1003, 20)] {
            let planted = planted(all, persons);
            assert_eq!(planted.len() as u64, all);
            let values: BTreeSet<&str> = planted.iter().map(|p| p.value.as_str()).collect();
            assert_eq!(values.len() as u64, all);
            assert!(values.iter().all(|v| v.len() >= 8), "{values:?}");
            for a in &values {
                assert!(!values.iter().any(|b| a != b && b.contains(a)), "{a}");
            }
            for place in TURNS.into_iter().chain([Place::Mention]) {
                assert!(planted.iter().any(|p| p.place == place), "{place:?}");
            }
        }
    }
}
