//! Number plans: examples of the offices that give the numbers out, and the verdicts of another implementation.

use pii_detect::{Kind, Scheme};
use std::collections::BTreeMap;

#[path = "validators/examples.rs"]
mod examples;
#[path = "validators/texts.rs"]
mod texts;

fn scheme(name: &str) -> &'static Scheme {
    Scheme::all()
        .iter()
        .find(|scheme| scheme.name() == name)
        .unwrap_or_else(|| panic!("no scheme {name}"))
}

#[test]
fn names_are_unique_and_documented() {
    let docs = include_str!("../../../../docs/identifiers.md");
    let mut seen = BTreeMap::new();
    for scheme in Scheme::all() {
        assert!(matches!(scheme.kind(), Kind::Id | Kind::Tracking));
        assert_eq!(seen.insert(scheme.name(), ()), None, "{}", scheme.name());
        let row = format!("| `{}` |", scheme.name());
        assert!(docs.contains(&row), "{} stands in no table", scheme.name());
    }
}

/// `tools/validators/vectors.py` asks python-stdnum for these. Here stands what the oracle takes and the detector
/// refuses on purpose; nothing is taken that the oracle refuses.
const STRICTER: &[(&str, &str)] = &[
    ("be-enterprise", "a key above 97 was never given out"),
    ("be-vat", "a key above 97 was never given out"),
    (
        "cz-rc",
        "nine digits of the years before 1900 belong to nobody alive",
    ),
];

#[test]
fn the_verdicts_of_python_stdnum() {
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut lines, mut refused) = (0, 0);
    for line in include_str!("../data/validators.jsonl").lines() {
        let part = |key: &str| {
            let at = line.find(key).expect("the key is there") + key.len();
            line[at..].split(['"', '}']).next().expect("a value")
        };
        let (name, number, valid) = (part("\"s\":\""), part("\"n\":\""), part("\"v\":") == "true");
        lines += 1;
        refused += usize::from(valid && !scheme(name).valid(number));
        let got = scheme(name).valid(number);
        let stricter = valid && STRICTER.iter().any(|(n, _)| *n == name);
        if got != valid && !stricter {
            wrong
                .entry(name)
                .or_default()
                .push(format!("{number} {valid}"));
        }
    }
    assert!(lines > 3000 && refused <= 10, "{lines} {refused}");
    let list: Vec<String> = wrong
        .iter()
        .map(|(name, list)| {
            format!(
                "{name} {}: {}",
                list.len(),
                list[..list.len().min(6)].join(", ")
            )
        })
        .collect();
    assert!(list.is_empty(), "{}", list.join("\n"));
}
