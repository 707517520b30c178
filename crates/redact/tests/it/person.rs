//! One person's values: a copy without others' data, and a ticket without theirs.

use std::collections::BTreeSet;

use redact::{
    Detector, Kind, Known, MapId, Mark, PseudonymMap, Redacted, Tag, restore, restore_for,
    seal_marks, verify,
};

const TEXT: &str = "Noor Castellane (noor@castellane.example) and Noor Vale asked; Castellane paid with order A-1, says \
                    Zoe Quirk, zoe@quirk.example.";

fn sealed(map: &mut PseudonymMap) -> Redacted {
    let marks: Vec<Mark> = [
        ("Noor Castellane", Kind::Person),
        ("noor@castellane.example", Kind::Email),
        ("Noor Vale", Kind::Person),
        ("Castellane paid", Kind::Person),
        ("A-1", Kind::Order),
        ("Zoe Quirk", Kind::Person),
        ("zoe@quirk.example", Kind::Email),
    ]
    .iter()
    .map(|(value, kind)| {
        let start = TEXT.find(value).unwrap();
        let end = start + value.strip_suffix(" paid").unwrap_or(value).len();
        Mark::new(start..end, *kind).unwrap()
    })
    .collect();
    seal_marks(TEXT, &marks, map).unwrap()
}

fn noor() -> Known {
    let mut known = Known::new();
    known
        .add_name("noor castellane")
        .add_email("Noor@Castellane.example");
    known
}

fn names(tags: &BTreeSet<Tag>) -> Vec<String> {
    tags.iter().map(ToString::to_string).collect()
}

#[test]
fn a_persons_values_are_found_in_any_spelling_and_nobody_elses() {
    let mut map = PseudonymMap::new(MapId([3; 16]));
    sealed(&mut map);
    let own = names(&map.of_person(&noor()));
    assert_eq!(own.len(), 3, "{own:?}");
    for tag in ["[PERSON_1]", "[PERSON_3]", "[EMAIL_1]"] {
        assert!(own.contains(&tag.to_owned()), "{tag} {own:?}");
    }
    assert!(map.of_person(&Known::new()).is_empty());
    // Of two people with one first name it is nobody's.
    let mut first = Known::new();
    first.add_name("Noor Quist");
    assert!(map.of_person(&first).is_empty());
}

#[test]
fn a_copy_has_no_name_or_address_of_others() {
    let mut map = PseudonymMap::new(MapId([3; 16]));
    let text = sealed(&mut map);
    let copy = restore_for(&text, &map, &map.of_person(&noor())).unwrap();
    for own in [
        "Noor Castellane",
        "noor@castellane.example",
        "Castellane paid",
        "A-1",
    ] {
        assert!(copy.expose().contains(own), "{own}");
    }
    for anothers in ["Vale", "Zoe", "Quirk", "zoe@"] {
        assert!(!copy.expose().contains(anothers), "{anothers}");
    }
    assert_eq!(copy.report().unknown().len(), 3);
    let other = PseudonymMap::new(MapId([4; 16]));
    assert!(restore_for(&text, &other, &BTreeSet::new()).is_err());
}

#[test]
fn what_was_taken_out_is_nowhere_and_everything_else_is_as_it_was() {
    let mut map = PseudonymMap::new(MapId([3; 16]));
    let text = sealed(&mut map);
    let left = map.without(&map.of_person(&noor())).unwrap();
    assert_eq!(left.id(), map.id());
    assert_eq!(left.len(), map.len());
    let bytes = left.to_bytes().unwrap();
    let stored = PseudonymMap::from_bytes(&bytes).unwrap();
    for value in ["Noor Castellane", "noor@castellane", "Castellane"] {
        assert!(!bytes.windows(value.len()).any(|w| w == value.as_bytes()));
    }
    let restored = restore(&text, &stored).unwrap();
    assert_eq!(
        restored.expose(),
        "(erased PERSON1) ((erased EMAIL1)) and Noor Vale asked; (erased PERSON3) paid with order A-1, says Zoe Quirk, \
         zoe@quirk.example."
    );
    // A stored text still passes the checks that it has to pass when it is opened again.
    assert!(verify(text.as_str(), &stored, &Detector::new()).is_ok());
    // Taken out twice is taken out once.
    let again = stored.without(&map.of_person(&noor())).unwrap();
    assert_eq!(*again.to_bytes().unwrap(), *bytes);
}
