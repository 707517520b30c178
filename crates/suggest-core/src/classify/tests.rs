use redact::{MapId, PseudonymMap, Redacted, seal_marks};

use super::*;

const OF: [(&str, &[&str]); 4] = [
    ("delivery", &["parcel", "courier", "shipping", "arrive"]),
    ("refund", &["refund", "money", "bank", "returned"]),
    ("password", &["password", "login", "account", "reset"]),
    ("invoice", &["invoice", "receipt", "billing", "tax"]),
];

/// Sentences about two things of a label, with words that are in all of them.
fn examples() -> Vec<(String, &'static str)> {
    let mut all = Vec::new();
    for (label, words) in OF {
        for one in words {
            for two in words {
                for frame in [
                    "please help me with the {} and my {}",
                    "the {} of my {} is wrong",
                    "{}? what about {}",
                ] {
                    all.push((frame.replacen("{}", one, 1).replacen("{}", two, 1), label));
                }
            }
        }
    }
    all
}

fn sealed(text: &str) -> Redacted {
    seal_marks(text, &[], &mut PseudonymMap::new(MapId([1; 16]))).unwrap()
}

#[test]
fn labels_are_learned_and_the_same_every_time() {
    let owned = examples();
    let examples: Vec<_> = owned
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    let one = Training::new(&examples).train().unwrap();
    let two = Training::new(&examples).train().unwrap();
    for (label, words) in OF {
        for word in words {
            // A slip, and a sentence that no example has.
            let text = sealed(&format!(
                "hello, i wonder about {}s today",
                word.to_uppercase()
            ));
            let verdict = one.classify(&text);
            assert_eq!(verdict.label, Some(label), "{word}");
            assert_eq!(verdict, two.classify(&text));
        }
    }
    assert!(!one.rejects());
}

#[test]
fn what_belongs_to_none_is_turned_away() {
    let owned = examples();
    let strangers: Vec<String> = (0..300)
        .map(|n| {
            format!(
                "{} weather {} sunshine in the garden",
                ["fine", "bad", "odd"][n % 3],
                "x".repeat(n % 100 + 1)
            )
        })
        .collect();
    let mut examples: Vec<_> = owned
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    examples.extend(strangers.iter().map(|text| Example::outside(text)));
    let classifier = Training::new(&examples).train().unwrap();
    assert!(classifier.rejects());
    let verdict = classifier.classify(&sealed("odd weather, sunshine tomorrow in my garden"));
    assert_eq!((verdict.label, verdict.sure), (None, false));
    assert_eq!(
        classifier
            .classify(&sealed("my parcel and the courier"))
            .label,
        Some("delivery")
    );
}

#[test]
fn held_out_examples_say_how_sure_an_answer_is() {
    let owned = examples();
    let (held, rest): (Vec<_>, Vec<_>) = owned.iter().enumerate().partition(|(n, _)| n % 3 == 0);
    let of = |part: &[(usize, &(String, &'static str))]| -> Vec<(String, &'static str)> {
        part.iter().map(|(_, e)| (e.0.clone(), e.1)).collect()
    };
    let (mut held, rest) = (of(&held), of(&rest));
    // Some that are hard: words of two labels.
    for n in 0..40 {
        let (a, b) = (OF[n % 4], OF[(n + 1 + n / 4 % 3) % 4]);
        held.push((format!("{} {}", a.1[n % 4], b.1[(n + 1) % 4]), a.0));
    }
    let examples: Vec<_> = rest
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    let held: Vec<_> = held
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    let classifier = Training::new(&examples)
        .held_out(&held)
        .precision(0.9)
        .train()
        .unwrap();
    let easy = classifier.classify(&sealed("please help me with the parcel and my courier"));
    assert!(easy.sure && easy.confidence >= classifier.threshold().unwrap());
    let hard = classifier.classify(&sealed("parcel refund"));
    assert!(hard.confidence < easy.confidence && !hard.sure, "{hard:?}");
}

#[test]
fn tags_count_by_their_kind() {
    let owned: Vec<(String, &str)> = (1..9)
        .flat_map(|n| {
            [
                (format!("about [ORDER_{n}]"), "order"),
                (format!("about [IBAN_{n}]"), "bank"),
            ]
        })
        .collect();
    let examples: Vec<_> = owned
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    let classifier = Training::new(&examples).train().unwrap();
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let mark = redact::Mark::new(6..10, redact::Kind::Order).unwrap();
    let text = seal_marks("about A-17", &[mark], &mut map).unwrap();
    assert_eq!(text.as_str(), "about [ORDER_1]");
    assert_eq!(classifier.classify(&text).label, Some("order"));
}

#[test]
fn bad_examples_are_refused() {
    let one = [
        Example::own("a parcel", "delivery"),
        Example::own("a courier", "delivery"),
    ];
    assert_eq!(
        Training::new(&one).train().err(),
        Some(TrainError::TooFewLabels { labels: 1 })
    );
    assert_eq!(
        Training::new(&[]).train().err(),
        Some(TrainError::TooFewLabels { labels: 0 })
    );
    let empty = [Example::own("?!", "a"), Example::own("...", "b")];
    assert_eq!(
        Training::new(&empty).train().err(),
        Some(TrainError::NoWords)
    );
    let two = [Example::own("a parcel", "a"), Example::own("a refund", "b")];
    for precision in [-0.1, 1.1, f32::NAN] {
        assert_eq!(
            Training::new(&two).precision(precision).train().err(),
            Some(TrainError::BadPrecision)
        );
    }
    assert_eq!(format!("{:?}", two[0]), "Example(8 bytes)");
}
