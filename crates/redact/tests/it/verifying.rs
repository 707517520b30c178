//! Text that comes back: verified or refused, and anonymous or refused.

use pii_detect::Detector;
use redact::{
    AnonymiseError, Kind, MapId, Mark, PseudonymMap, Public, Redacted, Relaxation, VerifyError,
    anonymise, reseal, restore, seal_marks, tags_in, verify, verify_beside, verify_stored,
};

fn conversation() -> (Redacted, PseudonymMap) {
    let mut map = PseudonymMap::new(MapId([4; 16]));
    let text = "Zoe Quirk, A-10177, Lyon";
    let marks = [
        Mark::new(0..9, Kind::Person).unwrap(),
        Mark::new(11..18, Kind::Order).unwrap(),
        Mark::new(20..24, Kind::Location).unwrap(),
    ];
    (seal_marks(text, &marks, &mut map).unwrap(), map)
}

/// A text whose map is gone: its tags stay what they are of, and nothing in clear comes with them.
#[test]
fn a_stored_text_comes_in_without_its_map() {
    let detector = Detector::new();
    for (stored, expected) in [
        ("nothing here", "nothing here"),
        (
            "[PERSON_9], [PERSON_2], [PERSON_9] and [ORDER_14]",
            "[PERSON_1], [PERSON_2], [PERSON_1] and [ORDER_1]",
        ),
        ("Ask [person 1] again", "Ask [TEXT_1] again"),
        (
            "[PERSON_3] wrote from zoe.quirk@example.org",
            "[PERSON_1] wrote from [EMAIL_1]",
        ),
    ] {
        let mut map = PseudonymMap::new(MapId([4; 16]));
        let text = reseal(stored, &detector, &mut map).unwrap();
        assert_eq!(text.as_str(), expected);
        assert_eq!(text.map_id(), map.id());
        assert_eq!(restore(&text, &map).unwrap().expose(), stored);
    }
    // What nobody may learn stays what it is.
    let mut map = PseudonymMap::new(MapId([4; 16]));
    let ill = reseal("[PERSON_1] has [ART9_HEALTH_2]", &detector, &mut map).unwrap();
    let learned = anonymise(&ill, &detector, Relaxation::SingleText);
    assert!(matches!(
        learned,
        Err(AnonymiseError::SpecialCategory { .. })
    ));
}

#[test]
fn tags_become_canonical() {
    let (_, map) = conversation();
    let detector = Detector::new();
    for (text, expected) in [
        (
            "Hello [nom 1], ORDER_1 waits",
            "Hello [PERSON_1], [ORDER_1] waits",
        ),
        ("Hello [[PERSON\u{2011}1]]", "Hello [PERSON_1]"),
        ("nothing here", "nothing here"),
    ] {
        let redacted = verify(text, &map, &detector).unwrap();
        assert_eq!(redacted.as_str(), expected);
        assert_eq!(redacted.map_id(), map.id());
    }
    let uses = tags_in("a [person 1] [PERSON_9]", &map);
    let seen: Vec<_> = uses
        .iter()
        .map(|u| (u.range(), u.name(), u.tag().is_some()))
        .collect();
    assert_eq!(
        seen,
        [(2..12, "[PERSON_1]", true), (13..23, "[PERSON_9]", false)]
    );
}

#[test]
fn what_is_refused() {
    let (_, map) = conversation();
    let detector = Detector::new();
    let refused = |text: &str| verify(text, &map, &detector).unwrap_err();
    assert!(matches!(
        refused("[PERSON_2] [person 2]"),
        VerifyError::UnknownTags { count: 1 }
    ));
    assert!(matches!(refused("Hello [PERS"), VerifyError::Truncated));
    for leak in [
        "zoe quirk",
        "order A-10177",
        "a10177 Zoe-Quirk",
        "dear Mrs Quirk",
        "from LYON",
    ] {
        assert!(
            matches!(refused(leak), VerifyError::Leak { count: 1.., .. }),
            "{leak}"
        );
    }
    let residue = refused("write to max.other@example.org");
    assert!(matches!(residue, VerifyError::Residue { count: 1, .. }));
    let said = format!("{residue} {residue:?} {}", refused("zoe quirk"));
    assert!(!said.contains("max") && !said.contains("quirk"), "{said}");
    let other = MapId([5; 16]);
    assert!(matches!(
        verify_stored("[PERSON_1]", other, &map, &detector),
        Err(VerifyError::WrongMap(_))
    ));
}

#[test]
fn what_is_public_may_be_quoted() {
    let (_, map) = conversation();
    let detector = Detector::new();
    let public = Public::new(["Our shop in Lyon: help@shop.example. Ask for Zoe Quirk."]);
    let text = "[PERSON_1], write to help@shop.example or come to Lyon.";
    assert!(verify(text, &map, &detector).is_err());
    assert!(verify_beside(text, &map, &detector, &public).is_ok());
    // A person of the map stays a leak, public or not.
    assert!(verify_beside("Ask for Zoe Quirk.", &map, &detector, &public).is_err());
}

#[test]
fn another_map_is_never_guessed() {
    let (redacted, _) = conversation();
    let mut other = PseudonymMap::new(MapId([6; 16]));
    seal_marks("Max", &[Mark::new(0..3, Kind::Person).unwrap()], &mut other).unwrap();
    let error = restore(&redacted, &other).unwrap_err();
    assert_eq!((error.text, error.map), (MapId([4; 16]), MapId([6; 16])));
    assert!(error.to_string().contains("04040404"));
}

#[test]
fn anonymous_or_refused() {
    let (redacted, mut map) = conversation();
    let detector = Detector::new();
    let learned = anonymise(&redacted, &detector, Relaxation::SingleText).unwrap();
    assert_eq!(learned.as_str(), "{PERSON}, {ORDER}, {LOCATION}");
    let mut refused = |text: &str, kind: Kind| {
        let marks = [Mark::new(0..4, kind).unwrap()];
        let redacted = seal_marks(text, &marks, &mut map).unwrap();
        anonymise(&redacted, &detector, Relaxation::SingleText).unwrap_err()
    };
    assert!(matches!(
        refused("gout is painful", Kind::Art9Health),
        AnonymiseError::SpecialCategory { .. }
    ));
    assert!(matches!(
        refused("Anna {PERSON}", Kind::Person),
        AnonymiseError::SlotLookAlike { count: 2 }
    ));
    let long = "Anna ".to_owned() + &"word ".repeat(130);
    assert!(matches!(
        refused(&long, Kind::Person),
        AnonymiseError::TooLong { words: 131, .. }
    ));
}
