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
        Training::new(&empty).label_names(false).train().err(),
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

#[test]
fn names_of_labels_are_examples_where_wanted() {
    let examples = [
        Example::own("my parcel", "lost_shipment"),
        Example::own("my money", "late-refund"),
    ];
    let asked = sealed("a shipment, lost");
    let with = Training::new(&examples).train().unwrap();
    assert_eq!(with.classify(&asked).label, Some("lost_shipment"));
    assert_eq!(
        with.classify(&sealed("refund, late")).label,
        Some("late-refund")
    );
    let without = Training::new(&examples).label_names(false).train().unwrap();
    assert_ne!(
        with.classify(&asked).confidence,
        without.classify(&asked).confidence
    );
    assert!(with.model.vocabulary.len() > without.model.vocabulary.len());
}

#[cfg(feature = "vectors")]
#[test]
fn words_that_no_example_has_are_understood() {
    let examples = [
        Example::own("the courier lost my package", "delivery"),
        Example::own("shipping takes a week", "delivery"),
        Example::own("I cannot sign in any more", "password"),
        Example::own("reset my account", "password"),
    ];
    let classifier = Training::new(&examples).train().unwrap();
    for (text, label) in [
        ("parcels are delayed", "delivery"),
        ("login fails", "password"),
    ] {
        assert_eq!(classifier.classify(&sealed(text)).label, Some(label));
    }
}

#[cfg(feature = "vectors")]
#[test]
fn examples_around_a_text_are_counted() {
    let examples = [
        Example::own("where is my parcel", "delivery"),
        Example::own("my package is late", "delivery"),
        Example::own("I forgot my password", "password"),
    ];
    let model = Model::new(&examples).unwrap();
    let lead = model.lead("where is my parcel");
    // Two of three, of the five that are counted.
    assert!((lead.around.nearest - 0.4).abs() < 1e-6, "{lead:?}");
    assert!(lead.around.best > 0.98, "{lead:?}");
    // No word that is known: nothing is near.
    assert_eq!(model.lead("\u{448}\u{449}").around.best, 0.0);
}

/// Small, with all parts of a curve.
fn small() -> Classifier {
    let owned = examples();
    let mut all: Vec<_> = owned
        .iter()
        .map(|(text, label)| Example::own(text, label))
        .collect();
    let strangers: Vec<String> = (0..60)
        .map(|n| format!("sunshine {n} in a garden"))
        .collect();
    all.extend(strangers.iter().map(|text| Example::outside(text)));
    // Some that are hard, so that there is a curve.
    let hard: Vec<String> = (0..40)
        .map(|n| format!("{} {}", OF[n % 4].1[n % 3], OF[(n + 1) % 4].1[n % 4]))
        .collect();
    all.extend(
        hard.iter()
            .enumerate()
            .map(|(n, text)| Example::own(text, OF[n / 5 % 4].0)),
    );
    Training::new(&all).precision(0.8).train().unwrap()
}

#[test]
fn a_classifier_is_kept_as_bytes() {
    let one = small();
    assert!(one.rejects() && one.threshold().is_some());
    let bytes = one.to_bytes();
    let two = Classifier::from_bytes(&bytes).unwrap();
    assert_eq!(bytes, two.to_bytes());
    for text in ["parcel and refund", "sunshine in a garden", "", "?"] {
        let text = sealed(text);
        assert_eq!(one.classify(&text), two.classify(&text));
    }
    assert_eq!(one.threshold(), two.threshold());
}

#[test]
fn damaged_bytes_are_refused() {
    let bytes = small().to_bytes();
    let error = |bytes: &[u8]| Classifier::from_bytes(bytes).err();
    assert_eq!(error(&[]), Some(Error::CorruptClassifier));
    for end in (0..bytes.len()).step_by(997).chain([bytes.len() - 1]) {
        assert_eq!(
            error(&bytes[..end]),
            Some(Error::CorruptClassifier),
            "{end}"
        );
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(error(&longer), Some(Error::CorruptClassifier));
    let mut newer = bytes.clone();
    newer[0] = 9;
    assert_eq!(error(&newer), Some(Error::NewerClassifier { version: 9 }));
    let mut older = bytes.clone();
    older[0] = 1;
    assert_eq!(error(&older), Some(Error::CorruptClassifier));
    // Learned with other vectors.
    if let Some(table) = vectors::table() {
        let stamp = table.stamp().to_le_bytes();
        let at = bytes.windows(8).position(|part| part == stamp).unwrap();
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert_eq!(error(&other), Some(Error::CorruptClassifier));
    }
    // A number of labels that no memory holds.
    let mut many = bytes.clone();
    many[2..10].fill(0xff);
    assert_eq!(error(&many), Some(Error::CorruptClassifier));
    // The last doubt before the curve, as no number.
    let mut odd = bytes;
    let at = odd.len() - 3 * (1 + 88) - 4;
    odd[at..at + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_eq!(error(&odd), Some(Error::CorruptClassifier));
}

proptest::proptest! {
    /// Any bytes, alone or over a part of good ones: an error or a classifier that works, never a panic.
    #[test]
    fn any_bytes(
        noise in proptest::collection::vec(proptest::num::u8::ANY, 0..64),
        at in 0usize..400,
    ) {
        static GOOD: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
            let two = [Example::own("a parcel", "a"), Example::own("a refund", "b")];
            Training::new(&two).train().map(|c| c.to_bytes()).unwrap_or_default()
        });
        let mut own = vec![2];
        own.extend(&noise);
        let _ = Classifier::from_bytes(&noise);
        let _ = Classifier::from_bytes(&own);
        let mut bytes = GOOD.clone();
        for (slot, byte) in bytes.iter_mut().skip(at).zip(noise) {
            *slot = byte;
        }
        if let Ok(read) = Classifier::from_bytes(&bytes) {
            let _ = read.classify(&sealed("a parcel or a refund"));
            proptest::prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}
