use pii_detect::{CustomLabel, CustomRecogniser, Detector, Error, Kind, Known};

fn label(text: &str) -> CustomLabel {
    CustomLabel::new(text).expect("a label")
}

#[test]
fn tenant_patterns() {
    let detector = Detector::builder()
        .tenant_pattern(Kind::Order, "WX-####@")
        .tenant_pattern(Kind::CustomerId, "K***###")
        .build()
        .expect("good patterns");
    let cases: [(&str, &[(&str, &str)]); 5] = [
        ("wx-2031b is late", &[("ORDER", "wx-2031b")]),
        ("(WX-2031B)", &[("ORDER", "WX-2031B")]),
        ("WX-2031BB WX-203B aWX-2031B", &[]),
        ("ich bin Kab1234", &[("CUSTOMER_ID", "Kab1234")]),
        ("WX-2031", &[]),
    ];
    for (text, wanted) in cases {
        let findings = detector.detect(text, &Known::new()).expect("short");
        let got: Vec<(&str, &str)> = findings
            .iter()
            .filter(|f| f.why().as_str() == "tenant:-:pattern")
            .map(|f| (f.kind().label(), f.span().of(text).expect("inside")))
            .collect();
        assert_eq!(got, wanted, "{text}");
    }
}

#[test]
fn bad_settings_say_which() {
    for pattern in [
        "",
        "##",
        "-####",
        "ORDER",
        "\u{e9}####",
        "####################################################################",
    ] {
        let refused = Detector::builder()
            .tenant_pattern(Kind::Order, "ORD-####")
            .tenant_pattern(Kind::Order, pattern)
            .build();
        assert!(
            matches!(refused, Err(Error::BadTenantPattern { index: 1 })),
            "{pattern:?}"
        );
    }
    let says = [
        ("(Orla", "unclosed group, at byte 0 of the expression"),
        ("Orla*|", "it matches the empty text"),
        ("", "it matches the empty text"),
        (r"\w{1000}{1000}{1000}", "it becomes too large"),
        (r"Orla\pX", "property not found, at byte 4"),
    ];
    for (pattern, why) in says {
        let refused = Detector::builder()
            .custom(CustomRecogniser::regex(label("GOOD"), "x+"))
            .custom(CustomRecogniser::regex(label("BAD"), pattern))
            .build();
        assert!(
            matches!(refused, Err(Error::BadRecogniser { index: 1, .. })),
            "{pattern:?}"
        );
        let said = refused.map(drop).expect_err("refused");
        assert!(said.to_string().contains(why), "{said}");
        assert!(!format!("{said} {said:?}").contains("Orla"));
    }
}

#[test]
fn recognisers_share_one_engine() {
    let detector = Detector::builder()
        .custom(CustomRecogniser::regex(label("SHELF"), r"\bR\d{2}-F\d\b"))
        .custom(CustomRecogniser::words(
            label("PRODUCT_X"),
            ["Blue (old)", "blue", "c++"],
        ))
        .build()
        .expect("good recognisers");
    let text = "R12-F3 holds Blue (old) and BLUE, not bluebird; c++ too";
    let findings = detector.detect(text, &Known::new()).expect("short");
    let got: Vec<(&str, &str)> = findings
        .iter()
        .filter(|f| f.kind() == Kind::Custom)
        .map(|f| (f.label(), f.span().of(text).expect("inside")))
        .collect();
    assert_eq!(
        got,
        [
            ("SHELF", "R12-F3"),
            ("PRODUCT_X", "Blue (old)"),
            ("PRODUCT_X", "BLUE"),
            ("PRODUCT_X", "c++")
        ]
    );
}

#[test]
fn labels_of_ones_own() {
    for good in ["A", "LOYALTY_CARD", "X1_2"] {
        assert!(CustomLabel::new(good).is_some(), "{good}");
    }
    for bad in [
        "", "a", "1A", "A__B", "_A", "A_", "PERSON", "TEXT", "A B", "\u{c9}",
    ] {
        assert!(CustomLabel::new(bad).is_none(), "{bad}");
    }
}
