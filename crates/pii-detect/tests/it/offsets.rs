//! Places in bytes, code points and UTF-16, against the slow way of counting.

use pii_detect::{Detector, Known, Unit};
use proptest::prelude::*;

/// Every finding cut out of the text by every unit is the same value.
fn same_value(text: &str) {
    let findings = Detector::new().detect(text, &Known::new()).expect("short");
    let points: Vec<char> = text.chars().collect();
    let units: Vec<u16> = text.encode_utf16().collect();
    let all = |unit| -> Vec<_> { findings.offsets(text, unit).map(|(r, _)| r).collect() };
    assert_eq!(findings.offsets(text, Unit::Byte).len(), findings.len());
    let ranges = all(Unit::Byte)
        .into_iter()
        .zip(all(Unit::CodePoint))
        .zip(all(Unit::Utf16));
    for (finding, ((byte, point), utf16)) in findings.iter().zip(ranges) {
        let value = finding.span().of(text).expect("inside");
        assert_eq!(text.get(byte), Some(value));
        assert_eq!(
            points.get(point).map(|p| p.iter().collect::<String>()),
            Some(value.to_owned())
        );
        let utf16 = units.get(utf16).map(String::from_utf16);
        assert_eq!(utf16.and_then(Result::ok).as_deref(), Some(value));
    }
}

#[test]
fn emoji_marks_and_line_ends() {
    let mail = "zq@example.org";
    for before in [
        "",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} ",
        "e\u{301}\u{301} ",
        "a\r\nb\r\n",
        "\u{feff}",
        "\u{202e}\u{5d0} ",
        "\u{10ffff} ",
    ] {
        let text = format!("{before}{mail}\r\n\u{1f1eb}\u{1f1f7} +33 6 12 34 56 78 \u{e9} {mail}");
        let findings = Detector::new().detect(&text, &Known::new()).expect("short");
        assert!(findings.len() >= 3, "{before:?}");
        same_value(&text);
    }
    let none = Detector::new().detect("", &Known::new()).expect("short");
    assert_eq!(none.offsets("", Unit::Utf16).next(), None);
}

#[test]
fn another_text_does_no_harm() {
    let findings = Detector::new()
        .detect("write to zq@example.org", &Known::new())
        .expect("short");
    let mut ranges = findings.offsets("\u{e9}", Unit::CodePoint);
    assert_eq!(ranges.next().map(|(range, _)| range), Some(1..1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(parts in prop::collection::vec(("\\PC{0,12}", prop::sample::select(vec![" zq@example.org ", " 06 12 34 56 78\r\n", " "])), 0..8)) {
        let text: String = parts.iter().flat_map(|(a, b)| [a.as_str(), b]).collect();
        same_value(&text);
    }
}
