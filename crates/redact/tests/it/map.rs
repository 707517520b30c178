//! Maps: numbering, relations, the stored form.

use redact::{Kind, MapError, MapId, Mark, PseudonymMap, Tag, TagKind, seal_marks};

fn map_of(values: &[(Kind, &str)]) -> PseudonymMap {
    let mut map = PseudonymMap::new(MapId([9; 16]));
    for (kind, value) in values {
        seal_marks(
            value,
            &[Mark::new(0..value.len(), *kind).unwrap()],
            &mut map,
        )
        .unwrap();
    }
    map
}

fn tags(map: &PseudonymMap) -> Vec<String> {
    map.tags().map(ToString::to_string).collect()
}

#[test]
fn one_tag_for_one_spelling_numbered_by_kind() {
    let map = map_of(&[
        (Kind::Person, "Marie Dupont"),
        (Kind::Email, "m@dupont.example"),
        (Kind::Person, "MARIE DUPONT"),
        (Kind::Person, "Marie Dupont"),
    ]);
    assert_eq!(tags(&map), ["[PERSON_1]", "[EMAIL_1]", "[PERSON_2]"]);
}

#[test]
fn the_same_person_is_known() {
    let map = map_of(&[
        (Kind::Person, "Dupont"),
        (Kind::Person, "Marie Dupont"),
        (Kind::Person, "marie  dupont"),
        (Kind::Person, "Paul Martin"),
        (Kind::Person, "Anna Martin"),
        (Kind::Person, "Martin"),
        (Kind::Phone, "+33 6 12 34 56 78"),
        (Kind::Phone, "+33612345678"),
    ]);
    let pairs: Vec<String> = map
        .relations()
        .iter()
        .map(|(a, b)| format!("{a}={b}"))
        .collect();
    assert_eq!(
        pairs,
        [
            "[PERSON_1]=[PERSON_2]",
            "[PERSON_3]=[PERSON_2]",
            "[PHONE_2]=[PHONE_1]"
        ]
    );
    let martin = Tag::parse("[PERSON_6]").unwrap();
    assert_eq!(map.expose(&martin), Some("Martin"));
    assert_eq!(map.same_as(&martin), None);
}

#[test]
fn the_stored_form_is_fixed() {
    let mut map = map_of(&[(Kind::Person, "Zo\u{eb}")]);
    let own = TagKind::new("LOYALTY").unwrap();
    seal_marks("77-1", &[Mark::new(0..4, own).unwrap()], &mut map).unwrap();
    let bytes = map.to_bytes().unwrap();
    let mut expected = vec![1];
    expected.extend([9; 16]);
    expected.extend([2, 0, 0, 0]);
    expected.extend(b"\x06PERSON\0\x01\0\0\0\x04\0\0\0Zo\xc3\xab");
    expected.extend(b"\x07LOYALTY\0\x01\0\0\0\x04\0\0\x0077-1");
    assert_eq!(*bytes, expected);
    // Version 0 said nothing of whose words they were.
    let mut older = vec![0];
    older.extend([9; 16]);
    older.extend([2, 0, 0, 0]);
    older.extend(b"\x06PERSON\x01\0\0\0\x04\0\0\0Zo\xc3\xab");
    older.extend(b"\x07LOYALTY\x01\0\0\0\x04\0\0\x0077-1");
    let read = PseudonymMap::from_bytes(&older).unwrap();
    assert_eq!(*read.to_bytes().unwrap(), *bytes);
    let again = PseudonymMap::from_bytes(&bytes).unwrap();
    assert_eq!(again.id(), map.id());
    assert_eq!(tags(&again), tags(&map));
    assert_eq!(*again.to_bytes().unwrap(), *bytes);
}

#[test]
fn damaged_bytes_are_typed_errors() {
    let map = map_of(&[(Kind::Person, "Secretvalue"), (Kind::Person, "Other")]);
    let bytes = map.to_bytes().unwrap();
    for cut in 0..bytes.len() {
        let error = PseudonymMap::from_bytes(&bytes[..cut]).unwrap_err();
        assert_eq!(error, MapError::Truncated, "{cut}");
    }
    let with = |at: usize, byte: u8| {
        let mut copy = bytes.to_vec();
        copy[at] = byte;
        PseudonymMap::from_bytes(&copy).map(|_| ())
    };
    assert_eq!(with(0, 2), Err(MapError::NewerFormat { version: 2 }));
    assert_eq!(with(22, b'p'), Err(MapError::Corrupt));
    assert_eq!(with(28, 4), Err(MapError::Corrupt));
    assert_eq!(with(29, 2), Err(MapError::Corrupt));
    assert_eq!(with(37, 0xff), Err(MapError::Corrupt));
    let mut longer = bytes.to_vec();
    longer.push(0);
    assert_eq!(
        PseudonymMap::from_bytes(&longer).map(|_| ()),
        Err(MapError::Corrupt)
    );
    // A count of four billion allocates nothing.
    assert_eq!(with(20, 0xff), Err(MapError::Truncated));
    assert_eq!(format!("{map:?}"), "PseudonymMap(2 entries)");
}
