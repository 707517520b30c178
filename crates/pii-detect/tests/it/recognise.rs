//! Code of the caller's own beside the rules: what it sees, what it may say, and how it fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pii_detect::{
    CustomLabel, Detector, Error, Kind, Known, Locale, Recognise, RecogniseFault, Sink, View, Why,
};

type Look = fn(&View<'_>, &mut Sink<'_>) -> Result<(), RecogniseFault>;

/// A recogniser made of a function.
struct Own(Look);

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Own")
    }
}

impl Recognise for Own {
    fn name(&self) -> &str {
        "own"
    }

    fn recognise(&self, view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), RecogniseFault> {
        (self.0)(view, sink)
    }
}

fn with(f: Look) -> Detector {
    let builder = Detector::builder().recogniser(Arc::new(Own(f)));
    builder.build().expect("nothing to refuse")
}

fn why() -> Why {
    Why::own("own:-:-").expect("three parts")
}

const TEXT: &str = "d\u{e9}j\u{e0} vu: wo ist meine Bestellung, bitte?";

#[test]
fn sees_the_text_its_words_and_its_language() {
    let detector = with(|view, sink| {
        assert_eq!(view.locale(), Some(Locale::German));
        assert_eq!(view.text(), TEXT);
        let words: Vec<&str> = view.words().map(|span| view.word(span)).collect();
        assert_eq!(&words[..3], ["d\u{e9}j\u{e0}", "vu", "wo"]);
        assert_eq!(
            format!("{view:?} {sink:?}"),
            "View(42 bytes, Some(German)) Sink(0 candidates)"
        );
        let label = CustomLabel::new("FEELING").ok_or(RecogniseFault::BadScore)?;
        sink.push(0..9, &label, 0.8, why())?;
        sink.push(21..31, Kind::Order, 0.7, why())
    });
    let found = detector.detect(TEXT, &Known::new()).expect("fine");
    let got: Vec<_> = found
        .iter()
        .map(|f| (f.label(), f.span().of(TEXT)))
        .collect();
    assert_eq!(got[0], ("FEELING", Some("d\u{e9}j\u{e0} vu")));
    assert_eq!(got[1].0, "ORDER");
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
fn bad_spans_fail_and_name_the_recogniser() {
    let bad: [Look; 7] = [
        |_, sink| sink.push(0..0, Kind::Id, 0.9, why()),
        |_, sink| sink.push(5..3, Kind::Id, 0.9, why()),
        |_, sink| sink.push(0..usize::MAX, Kind::Id, 0.9, why()),
        |_, sink| sink.push(0..2, Kind::Id, 0.9, why()),
        |_, sink| sink.push(0..1, Kind::Id, f32::NAN, why()),
        |_, sink| sink.push(0..1, Kind::Id, 1.1, why()),
        // Going on as if nothing had been said does not hide it.
        |_, sink| {
            let _ = sink.push(2..9, Kind::Id, 0.9, why());
            sink.push(0..1, Kind::Id, 0.9, why())
        },
    ];
    for (at, f) in bad.into_iter().enumerate() {
        let said = with(f).detect(TEXT, &Known::new()).expect_err("refused");
        let Error::Recogniser { name, fault } = &said else {
            panic!("{said}");
        };
        let score = matches!(at, 4 | 5);
        assert_eq!(matches!(fault, RecogniseFault::BadScore), score, "{at}");
        assert_eq!(name, "own");
        assert!(!format!("{said} {said:?}").contains("Bestellung"));
    }
}

#[test]
fn giving_up_fails_the_detection() {
    let detector = with(|_, _| {
        Err(RecogniseFault::Failed {
            reason: "no word list",
        })
    });
    let said = detector.detect(TEXT, &Known::new()).expect_err("unread");
    assert_eq!(said.to_string(), "the recogniser own failed: no word list");
}

#[test]
fn a_panic_reaches_the_caller_and_the_detector_lives_on() {
    let detector = with(|view, _| {
        assert!(!view.text().contains("panic"), "as it was told");
        Ok(())
    });
    let hidden = catch_unwind(AssertUnwindSafe(|| detector.detect("panic", &Known::new())));
    assert!(hidden.is_err());
    assert_eq!(
        detector
            .detect("zq@example.org", &Known::new())
            .expect("fine")
            .len(),
        1
    );
}

#[test]
fn reasons_have_three_parts() {
    for bad in [
        "",
        "a",
        "a:b",
        "a:b:",
        ":b:c",
        "a:b:c:d",
        "known:-:-",
        "special:-:-",
        "a b:-:-",
        "\u{e9}:-:-",
    ] {
        assert_eq!(Why::own(bad), None, "{bad}");
    }
}
