//! Texts with their findings marked: `write to {EMAIL:zoe@example.org}`.

use pii_detect::{Detector, Kind, Known};

/// A text without its marks, and what was marked.
pub(crate) fn unmark(marked: &str) -> (String, Vec<(String, String)>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = marked;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let close = open + rest[open..].find('}').expect("a mark is closed");
        let (label, value) = rest[open + 1..close]
            .split_once(':')
            .expect("a mark has a label");
        spans.push((label.to_owned(), value.to_owned()));
        text.push_str(value);
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    (text, spans)
}

/// What the detector finds of the kinds.
pub(crate) fn found(
    detector: &Detector,
    known: &Known,
    kinds: &[Kind],
    text: &str,
) -> Vec<(String, String)> {
    let findings = detector.detect(text, known).expect("the text is short");
    findings
        .iter()
        .filter(|f| kinds.contains(&f.kind()))
        .map(|f| {
            let value = f.span().of(text).expect("a span lies in its text");
            (f.label().to_owned(), value.to_owned())
        })
        .collect()
}

/// Each text gives exactly its marks, as far as the kinds go.
pub(crate) fn check(kinds: &[Kind], texts: &[&str]) {
    let detector = Detector::new();
    let known = Known::new();
    let mut wrong = Vec::new();
    for marked in texts {
        let (text, wanted) = unmark(marked);
        let got = found(&detector, &known, kinds, &text);
        if got != wanted {
            wrong.push(format!("{text}\n   wanted {wanted:?}\n   got    {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
