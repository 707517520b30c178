//! Texts that were written to hurt: nothing panics, spans stay in order, work stays in proportion.

use pii_detect::{Detector, Error, Findings, Known};
use proptest::prelude::*;

fn in_order(text: &str, findings: &Findings) {
    let mut behind = 0;
    for finding in findings {
        let span = finding.span();
        assert!(span.start() >= behind, "sorted, no overlap");
        let value = span.of(text).expect("character boundaries inside the text");
        assert_eq!(value.trim(), value, "no space at the ends");
        assert!((0.0..=1.0).contains(&finding.score()));
        assert!(finding.why().as_str().is_ascii());
        assert_eq!(finding.why().as_str().split(':').count(), 3);
        behind = span.end();
    }
}

fn known() -> Known {
    let mut known = Known::new();
    known
        .add_name("Zo\u{eb} Quirk")
        .add_email("zq@example.org")
        .add_phone("0612345678")
        .add_address("Via Lunga 3, Milano")
        .add_order("ORD-1");
    known
}

#[test]
fn odd_texts() {
    let detector = Detector::new();
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{0}\u{0}a@b.de\u{0}",
        "\u{feff}Zo\u{e9}",
        "\u{202e}moc.elpmaxe@eoz",
        "a\u{301}\u{301}\u{301}@\u{301}",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} 06 12 34 56 78 \u{1f600}",
        "\u{661}\u{662}\u{663} \u{ff11}\u{ff12}\u{ff13}",
        "@",
        "@@",
        "#",
        "://",
        "::",
        "+",
        "(+",
        "1",
        "\r\n\r\n",
        "\u{130}\u{df}\u{1e9e}\u{149}",
        "\u{10ffff}\u{fffd}",
    ];
    for text in texts {
        in_order(text, &detector.detect(text, &known()).expect("short"));
    }
}

#[test]
fn long_runs_of_one_thing() {
    let detector = Detector::new();
    let none = Known::new();
    // Long enough that quadratic work would not end within the patience of a test run.
    let pieces = [
        "@",
        "1",
        "(",
        "a@",
        "1 ",
        "1-",
        "+1",
        "::",
        "a.",
        "1.",
        "A ",
        "AB12-",
        "://",
        "order ",
        "password: ",
        "\u{e9}",
        "\n",
        "12.",
        "Zoe ",
        "mr ",
        "at dot ",
        "1/1/",
        "[",
        "x@y.de ",
        "is ",
        "of of ",
        "4111 1111 ",
        "DE89 ",
        "rue ",
        "#1",
        "\u{0}",
        "in ",
        "3 May ",
        "- ",
        "www.",
        "eyJ",
        "sk-",
        "?\n1234\n",
        "g 75\n",
        "as a Muslim Anna ",
        "Anna Smith, anna.smith@example.org ",
        "sam 27 gmailcom ",
        "my son is 7 ",
    ];
    for piece in pieces {
        let text = piece.repeat(60_000 / piece.len());
        in_order(&text, &detector.detect(&text, &none).expect("short enough"));
    }
}

#[test]
fn megabytes_of_what_leads_on() {
    // Each of these made every place of the text look at all that follows.
    let detector = Detector::new();
    let closing = format!("http://a{} ", ")".repeat(2_030));
    let hosts = format!("{}{} ", "ab.de/-".repeat(146), ")".repeat(1_000));
    for piece in [
        "mr ",
        "Dr. ",
        "thanks, ",
        "merci. ",
        "\u{b2} ",
        "\u{663} ",
        "5 dollars to Anna send ",
        &closing,
        &hosts,
    ] {
        let text = piece.repeat(2_000_000 / piece.len());
        in_order(
            &text,
            &detector.detect(&text, &known()).expect("short enough"),
        );
    }
}

#[test]
fn ten_megabytes() {
    let detector = Detector::new();
    let mut text = "Hello, order 48213 from zoe@example.org is late. ".repeat(10_000_000 / 49);
    let findings = detector
        .detect(&text, &Known::new())
        .expect("below the limit");
    assert!(findings.len() > 300_000);
    text.push_str(&" ".repeat(pii_detect::DEFAULT_MAX_BYTES));
    let refused = detector.detect(&text, &Known::new());
    assert!(matches!(refused, Err(Error::TooLarge { .. })));
}

#[test]
fn the_limit_is_the_callers() {
    let detector = Detector::builder().max_bytes(4).build().expect("fine");
    assert!(detector.detect("abcd", &Known::new()).is_ok());
    let Err(error) = detector.detect("abcde", &Known::new()) else {
        panic!("five bytes are more than four");
    };
    assert!(matches!(error, Error::TooLarge { len: 5, limit: 4 }));
    assert!(!error.to_string().contains("abcde"));
}

#[test]
fn many_findings_beside_many_names() {
    // Whoever looks through all findings for each name or line does not come back from this.
    let text = "Anna Smith, a.smith@example.org, as a Muslim: 4711?\n4712\n".repeat(2_000_000 / 56);
    let findings = Detector::new()
        .detect(&text, &known())
        .expect("below the limit");
    in_order(&text, &findings);
    assert!(findings.len() > 100_000);
}

/// Pieces that rules bite on, in any order, with anything between.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,6}",
        "[0-9]{1,20}",
        "[ -~]{0,8}",
        "[\\u{c0}-\\u{17f}]{1,5}",
        prop::sample::select(vec![
            "@",
            "+33 ",
            "order ",
            "n\u{b0} ",
            "IBAN DE89 ",
            "4111 1111 1111 1111",
            "12.03.2024",
            " \u{20ac}",
            "$",
            "my name is ",
            "Zo\u{eb} ",
            "rue ",
            "75001 ",
            "password: ",
            "://",
            "www.",
            ".com",
            "(at)",
            " dot ",
            "\n",
            "\u{a0}",
            "1Z",
            "#",
            "Mr. ",
            "years old",
            "mai ",
            "Dr. ",
            "\u{200b}",
            ", ",
            "GmbH",
            "2A",
            "1 85 05 78 006 084 36",
            "-",
            "/",
            "::",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(600), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        let findings = Detector::new().detect(&text, &known()).expect("short");
        in_order(&text, &findings);
    }

    #[test]
    fn any_pieces(text in pieces()) {
        let findings = Detector::new().detect(&text, &known()).expect("short");
        in_order(&text, &findings);
    }

    #[test]
    fn known_values_are_always_found(before in "\\PC{0,40}", after in "\\PC{0,40}") {
        let text = format!("{before} Zo\u{eb} Quirk zq@example.org {after}");
        let findings = Detector::new().detect(&text, &known()).expect("short");
        let at = before.len() + 1;
        for byte in (at..at + 9).chain(at + 11..at + 25).filter(|b| *b != at + 4) {
            prop_assert!(
                findings.iter().any(|f| f.span().start() <= byte && byte < f.span().end()),
                "byte {byte} is not covered"
            );
        }
    }
}
