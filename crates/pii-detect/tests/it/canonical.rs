use pii_detect::{Kind, canonical};

#[test]
fn two_spellings_meet() {
    let cases = [
        (Kind::Person, "Zoë  QUIRK-Straßer", "zoe quirk strasser"),
        (Kind::Person, "O\u{2019}Neil", "O'Neil"),
        (Kind::Email, "Zoe@Example.org", "zoe (at) example dot org"),
        (Kind::Phone, "+33 (0)6 12-34.56 78", "0033612345678"),
        (Kind::Order, "ord-20 31", "ORD2031"),
        (
            Kind::Iban,
            "de89 3704 0044 0532 0130 00",
            "DE89370400440532013000",
        ),
        (Kind::Card, "4111-1111-1111-1111", "4111111111111111"),
        (Kind::Url, "https://www.Example.org/a/", "example.org/a"),
        (Kind::Username, "@ZoeQ", "zoeq"),
        (Kind::Address, "Via  Lunga 3", "via lunga 3"),
    ];
    for (kind, a, b) in cases {
        assert_eq!(canonical::of(kind, a), canonical::of(kind, b), "{kind:?}");
    }
}

#[test]
fn different_values_stay_apart() {
    let cases = [
        (Kind::Person, "Anna", "Anne"),
        (Kind::Order, "ORD-1", "ORD-2"),
        (Kind::Secret, "abc", "ABC"),
        (Kind::Phone, "061234", "61234"),
    ];
    for (kind, a, b) in cases {
        assert_ne!(canonical::of(kind, a), canonical::of(kind, b), "{kind:?}");
    }
}

#[test]
fn canonical_forms_are_stable() {
    for kind in Kind::ALL {
        for value in [
            "",
            " ",
            "Zo\u{eb} (at) x",
            "+49 (0) 30",
            "\u{1e9e}\u{fb01}",
            "a@b.c",
            "\u{0}",
        ] {
            let once = canonical::of(kind, value);
            assert_eq!(canonical::of(kind, &once), once, "{kind:?} {value:?}");
        }
    }
}
