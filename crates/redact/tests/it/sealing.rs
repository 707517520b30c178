//! What sealed text may hold: no value in any spelling, no look-alike.

use pii_detect::{Detector, Known};
use redact::{
    Joint, Kind, MapId, Mark, PseudonymMap, Redacted, SealError, TagKind, restore, restore_value,
    seal_checked, seal_marks, seal_value,
};

fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([2; 16]))
}

/// Seals `text` with the first occurrence of each value marked.
fn sealed(text: &str, values: &[(Kind, &str)]) -> (Redacted, PseudonymMap) {
    let mut map = map();
    let marks: Vec<Mark> = values
        .iter()
        .map(|(kind, value)| {
            let at = text.find(value).unwrap();
            Mark::new(at..at + value.len(), *kind).unwrap()
        })
        .collect();
    let redacted = seal_marks(text, &marks, &mut map).unwrap();
    assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
    (redacted, map)
}

fn check(text: &str, values: &[(Kind, &str)], expected: &str) {
    assert_eq!(sealed(text, values).0.as_str(), expected, "{text}");
}

#[test]
fn further_occurrences_are_replaced_in_any_spelling() {
    use Kind::{Address, Age, Email, Iban, Location, Order, Person, Phone};
    check(
        "Zo\u{eb} Quirk here. zoe quirk! ZOE\u{a0}QUIRK? Quirk waits, a quirk does not. zoequirk99",
        &[(Person, "Zo\u{eb} Quirk")],
        "[PERSON_1] here. [PERSON_2]! [PERSON_3]? [PERSON_4] waits, a quirk does not. [PERSON_5]",
    );
    check(
        "a@b.example A@B.example xa@b.example",
        &[(Email, "a@b.example")],
        "[EMAIL_1] [EMAIL_2] [EMAIL_3]",
    );
    check(
        "+33 6 12 34 56 78 or 06.12.34.56.78 or 0612345678",
        &[(Phone, "+33 6 12 34 56 78")],
        "[PHONE_1] or [PHONE_2] or [PHONE_3]",
    );
    check(
        "FR76 3000 6000 0112 FR7630006000 0112",
        &[(Iban, "FR76 3000 6000 0112")],
        "[IBAN_1] [IBAN_2]",
    );
    check(
        "order 12345, ORDER 12345, 123456",
        &[(Order, "12345")],
        "order [ORDER_1], ORDER [ORDER_1], 123456",
    );
    check(
        "from Nice, a nice town: NICE",
        &[(Location, "Nice")],
        "from [LOCATION_1], a nice town: [LOCATION_2]",
    );
    check(
        "12 rue Bleue / 12, Rue Bleue",
        &[(Address, "12 rue Bleue")],
        "[ADDRESS_1] / [ADDRESS_2]",
    );
    // Too short to be searched for.
    check(
        "An is 12, an apple 12",
        &[(Person, "An"), (Age, "12")],
        "[PERSON_1] is [AGE_1], an apple 12",
    );
}

#[test]
fn later_turns_are_searched_for_earlier_values() {
    let (_, mut map) = sealed("I am Zoe Quirk", &[(Kind::Person, "Zoe Quirk")]);
    let next = seal_marks("signed: Zoe Quirk", &[], &mut map).unwrap();
    assert_eq!(next.as_str(), "signed: [PERSON_1]");
}

#[test]
fn whatever_looks_like_a_tag_is_escaped() {
    for typed in [
        "[PERSON_1]",
        "[person 1]",
        "PERSON_1",
        "ORDER-7",
        "[[EMAIL_2]]",
        "&lt;PERSON_1&gt;",
        "{nom 1}",
        "\\[PERSON\\_1\\]",
        "[TEXT_1]",
        "[LOYALTY_3]",
        "[Imi\u{119} 1]",
        "\u{ff3b}PERSON_1\u{ff3d}",
        "[PER\u{200b}SON_1]",
    ] {
        let text = format!("I see {typed} here");
        let mut map = map();
        let redacted = seal_marks(&text, &[], &mut map).unwrap();
        assert_eq!(redacted.as_str(), "I see [TEXT_1] here", "{typed}");
        assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
    }
    // What ends as a tag does, though nobody's number of ten digits goes on behind what is not seen.
    let text = "I see PERSON_1_\u{200b}0612345678 here";
    let mut own = map();
    let redacted = seal_marks(text, &[], &mut own).unwrap();
    assert!(
        redacted.as_str().starts_with("I see [TEXT_1]"),
        "{redacted:?}"
    );
    assert_eq!(restore(&redacted, &own).unwrap().expose(), text);
    // An unfinished one too: restoring would drop it.
    for typed in ["[", "[PERS", "PERSON_", "&#91;PER"] {
        let text = format!("I see {typed}");
        let mut map = map();
        let redacted = seal_marks(&text, &[], &mut map).unwrap();
        assert_eq!(redacted.as_str(), "I see [TEXT_1]", "{typed}");
        assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
    }
    for plain in [
        "[1] [note] a[i] <b>",
        "person 1",
        "Client-2",
        "COVID-19 (siehe 2)",
        "x_1 {0}",
    ] {
        assert_eq!(seal_marks(plain, &[], &mut map()).unwrap().as_str(), plain);
    }
}

#[test]
fn brackets_around_a_value_survive() {
    for text in [
        "[Zoe]",
        "[[Zoe]]",
        "{Zoe}",
        "<Zoe>",
        "(Zoe)",
        "\\Zoe\\",
        "[Zoe",
        "Zoe]",
        "_Zoe_1",
        "PERSON_Zoe_1",
    ] {
        let at = text.find("Zoe").unwrap();
        let mut map = map();
        let mark = Mark::new(at..at + 3, Kind::Person).unwrap();
        let redacted = seal_marks(text, &[mark], &mut map).unwrap();
        assert!(!redacted.as_str().contains("Zoe"), "{text}");
        assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
    }
}

#[test]
fn marks_that_overlap_hide_all_of_both() {
    let mut map = map();
    let marks = [
        Mark::new(5..12, Kind::Email).unwrap(),
        Mark::new(0..8, Kind::Person).unwrap(),
        Mark::new(2..4, Kind::Date).unwrap(),
    ];
    let redacted = seal_marks("0123456789abcdef", &marks, &mut map).unwrap();
    assert_eq!(redacted.as_str(), "[PERSON_1]cdef");
}

#[test]
fn what_fails_leaves_no_trace() {
    let mut map = map();
    let marks = [
        Mark::new(0..3, Kind::Person).unwrap(),
        Mark::new(4..6, Kind::Person).unwrap(),
    ];
    // The second lies within a character.
    let error = seal_marks("Zoe \u{20ac}", &marks, &mut map).unwrap_err();
    assert!(matches!(error, SealError::BadMark { index: 1 }));
    assert!(map.is_empty());
    let redacted = seal_marks("Zoe", &marks[..1], &mut map).unwrap();
    assert_eq!(redacted.as_str(), "[PERSON_1]");
    // Larger than the detector takes: refused, and the text is in no message.
    let detector = Detector::builder().max_bytes(8).build().unwrap();
    let error = seal_checked("Marie Dupont", &Known::default(), &detector, &mut map).unwrap_err();
    let said = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!said.contains("Marie"), "{said}");
    assert_eq!(map.len(), 1);
}

#[test]
fn detected_and_checked_again() {
    let mut map = map();
    let text = "My mail is zoe.quirk@example.org, phone 06 12 34 56 78.";
    let redacted = seal_checked(text, &Known::default(), &Detector::new(), &mut map).unwrap();
    assert!(!redacted.as_str().contains("quirk"));
    assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
    assert_eq!(
        format!("{redacted:?}"),
        format!("Redacted({} bytes)", redacted.len())
    );
}

#[test]
fn joined_and_cut() {
    let (one, _) = sealed("Zoe asks", &[(Kind::Person, "Zoe")]);
    let (two, _) = sealed("and Max", &[(Kind::Person, "Max")]);
    let joined = Redacted::join(&one, &[&two], Joint::Paragraph).unwrap();
    assert_eq!(joined.as_str(), "[PERSON_1] asks\n\nand [PERSON_1]");
    assert_eq!(joined.tags().len(), 1);
    assert_eq!(joined.part(0..10).unwrap().as_str(), "[PERSON_1]");
    assert!(joined.part(0..9).is_none());
    assert!(joined.part(1..10).is_none());
    let other = seal_marks("x", &[], &mut PseudonymMap::new(MapId([3; 16]))).unwrap();
    assert!(Redacted::join(&one, &[&other], Joint::Line).is_err());
}

#[test]
fn json_values() {
    let detector = Detector::new();
    let known = Known::default();
    let mut map = map();
    let value = serde_json::json!({
        "mail": "zoe.quirk@example.org",
        "list": [1, null, {"zoe.quirk@example.org": "[PERSON_1]"}],
    });
    let sealed = seal_value(&value, &known, &detector, &mut map).unwrap();
    let text = sealed.as_value().to_string();
    assert!(!text.contains("quirk"), "{text}");
    assert_eq!(restore_value(&sealed, &map).unwrap(), value);
    assert!(restore_value(&sealed, &PseudonymMap::new(MapId([3; 16]))).is_err());
    let deep = (0..100).fold(serde_json::json!("x"), |inner, _| {
        serde_json::json!([inner])
    });
    assert!(seal_value(&deep, &known, &detector, &mut map).is_err());
}

#[test]
fn own_labels_and_large_texts() {
    let mut map = map();
    let own = TagKind::new("LOYALTY").unwrap();
    let text = "card 99-AB-77 ".repeat(5_000);
    let redacted = seal_marks(&text, &[Mark::new(5..13, own).unwrap()], &mut map).unwrap();
    assert!(!redacted.as_str().contains("99-AB"));
    assert_eq!(redacted.tags().len(), 1);
    assert_eq!(restore(&redacted, &map).unwrap().expose(), text);
}
