//! A token classifier beside the rules: what enters, what wins, and that a failure fails.

use std::sync::Arc;

use pii_detect::{
    Detector, Error, Kind, Known, NameEngine, NeuralError, NeuralSpan, Span, TokenClassifier,
};

#[cfg(feature = "neural")]
mod rampart;
#[cfg(feature = "neural")]
mod tiny;

/// Finds the words it was told, wherever they stand first.
#[derive(Debug)]
struct Fake(Vec<(&'static str, Kind, f32)>);

impl TokenClassifier for Fake {
    fn classify(&self, text: &str) -> Result<Vec<NeuralSpan>, NeuralError> {
        let spans = self.0.iter().filter_map(|&(word, kind, score)| {
            let at = text.find(word)?;
            Some(NeuralSpan::new(
                Span::new(at, at + word.len())?,
                kind,
                score,
            ))
        });
        Ok(spans.collect())
    }
}

fn detector(found: &[(&'static str, Kind, f32)]) -> Detector {
    Detector::builder()
        .neural(Arc::new(Fake(found.to_vec())))
        .build()
        .expect("nothing to refuse")
}

fn found(detector: &Detector, text: &str) -> Vec<(Kind, String, &'static str)> {
    let findings = detector.detect(text, &Known::new()).expect("it is read");
    findings
        .iter()
        .map(|f| {
            let value = f.span().of(text).expect("a span lies in its text");
            (f.kind(), value.to_owned(), f.why().as_str())
        })
        .collect()
}

fn kinds(detector: &Detector, text: &str) -> Vec<(Kind, String)> {
    let all = found(detector, text).into_iter();
    all.map(|(kind, value, _)| (kind, value)).collect()
}

fn is(detector: &Detector, text: &str, wanted: &[(Kind, &str)]) {
    let got = kinds(detector, text);
    let got: Vec<(Kind, &str)> = got.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(got, wanted, "{text}");
}

#[test]
fn what_it_finds_is_found() {
    let detector = detector(&[("xqzzt", Kind::Person, 0.9)]);
    let got = found(&detector, "please ask xqzzt about the lamp");
    let wanted = (Kind::Person, "xqzzt".to_owned(), "neural:token:softmax");
    assert_eq!(got, [wanted]);
}

#[test]
fn both_engines_count_for_names() {
    let text = "my name is Yusra Okonjo and xqzzt lives in Lyon";
    let with = detector(&[("xqzzt", Kind::Person, 0.9)]);
    is(
        &with,
        text,
        &[
            (Kind::Person, "Yusra Okonjo"),
            (Kind::Person, "xqzzt"),
            (Kind::Location, "Lyon"),
        ],
    );
    let alone = Detector::builder()
        .names(NameEngine::None)
        .neural(Arc::new(Fake(vec![("xqzzt", Kind::Person, 0.9)])))
        .build()
        .expect("nothing to refuse");
    is(&alone, text, &[(Kind::Person, "xqzzt")]);
}

#[test]
fn rules_come_first_for_numbers() {
    let iban = "DE89 3704 0044 0532 0130 00";
    let text = format!("pay to {iban}, thanks");
    // A longer span of the model does not take the number from the rule that counted its check digits.
    let with = detector(&[("to DE89 3704 0044 0532 0130 00, thanks", Kind::Id, 0.99)]);
    is(&with, &text, &[(Kind::Iban, iban)]);
    let with = detector(&[("zoe@example.org", Kind::Id, 0.99)]);
    is(
        &with,
        "write to zoe@example.org",
        &[(Kind::Email, "zoe@example.org")],
    );
    // Half a number that a rule knows leaves the other half to the model.
    let with = detector(&[("zoe@example.org 55-1234", Kind::Id, 0.99)]);
    is(
        &with,
        "see zoe@example.org 55-1234",
        &[(Kind::Email, "zoe@example.org"), (Kind::Id, "55-1234")],
    );
}

#[test]
fn names_stop_where_a_sure_rule_begins() {
    let with = detector(&[("xqzzt <zoe@example.org> ppft", Kind::Person, 0.9)]);
    is(
        &with,
        "by xqzzt <zoe@example.org> ppft",
        &[
            (Kind::Person, "xqzzt"),
            (Kind::Email, "zoe@example.org"),
            (Kind::Person, "ppft"),
        ],
    );
}

#[test]
fn what_is_plainly_something_else_is_dropped() {
    for (word, kind) in [
        ("x", Kind::Person),
        ("the", Kind::Person),
        ("Monday", Kind::Person),
        ("12", Kind::Person),
        ("the lamp", Kind::Person),
        ("!!", Kind::Person),
        ("on", Kind::Location),
        ("12", Kind::Phone),
        ("12", Kind::Id),
        ("lamp", Kind::Id),
        ("lamp", Kind::Email),
        ("lamp", Kind::Postcode),
    ] {
        let with = detector(&[(word, kind, 0.99)]);
        let got = found(&with, "on Monday the lamp x broke 12 !!");
        let neural = got.iter().any(|(_, _, why)| why.starts_with("neural"));
        assert!(!neural, "{word} {kind:?}: {got:?}");
    }
}

#[test]
fn spans_are_trimmed() {
    let with = detector(&[("Mrs xqzzt's, ", Kind::Person, 0.9)]);
    is(&with, "it is Mrs xqzzt's, no", &[(Kind::Person, "xqzzt")]);
    let with = detector(&[(" \"ppft\" ", Kind::Location, 0.9)]);
    is(&with, "near \"ppft\" it is", &[(Kind::Location, "ppft")]);
}

#[test]
fn the_bias_moves_the_line() {
    let text = "ask xqzzt about it";
    let at = |bias, score| {
        let classifier = Arc::new(Fake(vec![("xqzzt", Kind::Person, score)]));
        let detector = Detector::builder().recall_bias(bias).neural(classifier);
        kinds(&detector.build().expect("nothing to refuse"), text).len()
    };
    assert_eq!(at(0.0, 0.51), 1);
    assert_eq!(at(0.0, 0.49), 0);
    assert_eq!(at(1.0, 0.1), 1);
    assert_eq!(at(-1.0, 0.95), 0);
}

#[derive(Debug)]
struct Broken;

impl TokenClassifier for Broken {
    fn classify(&self, _: &str) -> Result<Vec<NeuralSpan>, NeuralError> {
        Err(NeuralError::Failed {
            reason: "the side-car does not answer",
        })
    }
}

#[test]
fn a_failure_fails_the_detection() {
    let detector = Detector::builder().neural(Arc::new(Broken)).build();
    let error = detector
        .expect("nothing to refuse")
        .detect("my name is Zoe", &Known::new());
    let error = error.expect_err("unread is not clean");
    assert!(matches!(error, Error::Neural(NeuralError::Failed { .. })));
    assert_eq!(
        error.to_string(),
        "the token classifier failed: the side-car does not answer"
    );
}

/// Says what it was told, whatever the text.
#[derive(Debug)]
struct Says(usize, usize, f32);

impl TokenClassifier for Says {
    fn classify(&self, _: &str) -> Result<Vec<NeuralSpan>, NeuralError> {
        let span = Span::new(self.0, self.1).into_iter();
        Ok(span
            .map(|s| NeuralSpan::new(s, Kind::Person, self.2))
            .collect())
    }
}

#[test]
fn spans_that_do_not_fit_fail_the_detection() {
    let text = "Zo\u{eb} ruft an";
    for says in [
        Says(0, 99, 0.9),
        Says(50, 60, 0.9),
        Says(0, 3, 0.9),
        Says(3, 6, 0.9),
        Says(0, 4, f32::NAN),
        Says(0, 4, f32::INFINITY),
    ] {
        let detector = Detector::builder().neural(Arc::new(says)).build();
        let result = detector
            .expect("nothing to refuse")
            .detect(text, &Known::new());
        let refused = matches!(
            result,
            Err(Error::Neural(NeuralError::BadSpan { index: 0 }))
        );
        assert!(refused, "{result:?}");
    }
}

#[test]
fn an_empty_text_is_not_asked_about() {
    let detector = Detector::builder().neural(Arc::new(Broken)).build();
    let found = detector
        .expect("nothing to refuse")
        .detect("", &Known::new());
    assert!(found.is_ok_and(|f| f.is_empty()));
}
