//! Values of every kind go through every door of the crate, and everything that is printed on the way is searched for
//! them (invariants 4 and 5): Debug and Display of every type and error, causes included, and logs at TRACE.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use pii_detect::{Detector, Known, Recognise, RecogniseFault, Sink, View};
use redact::log::{RedactingLayer, Scrubber, Sensitive, Watch};
use redact::operator::{HashKey, Means, Operator, Operators, Seed, Surrogates, apply};
use redact::{
    Format, Kind, Label, MapId, Mark, PseudonymMap, Public, Redacted, Relaxation, RestoreTable,
    Restorer, Tag, TagKind, anonymise, restore, restore_as, restore_for, restore_value, seal,
    seal_checked, seal_marks, seal_value, tags_in, verify, verify_beside, verify_stored,
};
use tracing_subscriber::layer::{Layer, SubscriberExt};

pub(crate) mod collect;

use collect::{Lines, found};

/// One of each kind, none like a word of our own.
const PLANTED: [(Kind, &str); 30] = [
    (Kind::Person, "Zerlinda Quastenberg"),
    (Kind::Email, "zerlinda.q@qx-mail.test"),
    (Kind::Phone, "+33 6 41 52 63 74"),
    (Kind::Address, "17 rue Quastenberg, 69003 Lyon"),
    (Kind::Location, "Quastenbourg"),
    (Kind::Postcode, "QX7 4ZP"),
    (Kind::Org, "Quastenwerk GmbH"),
    (Kind::Date, "13 October 1961"),
    (Kind::Age, "47 years old"),
    (Kind::Card, "4111 1111 1111 1111"),
    (Kind::Iban, "DE89 3704 0044 0532 0130 00"),
    (Kind::Id, "QID-8841-7720"),
    (Kind::Order, "ORD-77412-QX"),
    (Kind::Tracking, "1Z999AA10123456784"),
    (Kind::CustomerId, "CUST-QX-55120"),
    (Kind::Ip, "198.18.44.201"),
    (Kind::Url, "https://qx.test/zerlinda/profile"),
    (Kind::Username, "zerliq_quasten"),
    (Kind::Amount, "8,741.55 EUR"),
    (Kind::Secret, "hunter2-Quasten!77"),
    (Kind::Art9Health, "quastenitis"),
    (Kind::Art9Religion, "quastenism"),
    (Kind::Art9Politics, "quastenparty"),
    (Kind::Art9Union, "quastenunion"),
    (Kind::Art9Ethnicity, "quastenfolk"),
    (Kind::Art9Sex, "quastensexual"),
    (Kind::Art9Biometric, "quastenprint"),
    (Kind::Art10Criminal, "quastencrime"),
    (Kind::Child, "little Quastinchen"),
    (Kind::Custom, "QXC-4410-77"),
];

fn values() -> Vec<&'static str> {
    PLANTED.iter().map(|(_, value)| *value).collect()
}

fn known() -> Known {
    let mut known = Known::new();
    for (kind, value) in PLANTED {
        known.add(kind, value);
    }
    known
}

fn text() -> String {
    PLANTED
        .iter()
        .map(|(kind, value)| format!("{} is {value}; ", kind.label().to_lowercase()))
        .collect()
}

fn marks(text: &str) -> Vec<Mark> {
    PLANTED
        .iter()
        .filter_map(|(kind, value)| {
            let at = text.find(value)?;
            Mark::new(at..at + value.len(), *kind)
        })
        .collect()
}

/// A recogniser that quotes the text when it goes down, as a careless one would.
#[derive(Debug)]
struct Careless;

impl Recognise for Careless {
    fn name(&self) -> &str {
        "careless"
    }

    fn recognise(&self, view: &View<'_>, _: &mut Sink<'_>) -> Result<(), RecogniseFault> {
        std::panic::panic_any(view.text().to_owned())
    }
}

/// Every door of the crate that takes text, well used and badly; what they return and refuse goes to `lines` and, as an
/// embedder would do it, to the log.
fn through_every_door(lines: &Lines) {
    let text = text();
    let known = known();
    let detector = Detector::new();
    let broken = Detector::builder().max_bytes(4).build().unwrap();
    let careless = Detector::builder()
        .recogniser(Arc::new(Careless))
        .build()
        .unwrap();
    let show = |value: &dyn std::fmt::Debug| {
        lines.debug(value);
        tracing::trace!(?value, "seen");
    };
    let refuse = |error: &(dyn std::error::Error + 'static)| {
        lines.error(error);
        tracing::error!(error, shown = %error, debug = ?error, "refused");
    };
    let findings = detector.detect(&text, &known).unwrap();
    show(&findings);
    show(&detector);
    show(&known);

    // In.
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let redacted = seal_marks(&text, &marks(&text), &mut map).unwrap();
    lines.note(redacted.as_str());
    show(&redacted);
    show(&map);
    show(&marks(&text));
    for result in [
        seal(&text, &findings, &mut PseudonymMap::new(MapId([2; 16]))),
        seal_checked(
            &text,
            &known,
            &detector,
            &mut PseudonymMap::new(MapId([2; 16])),
        ),
        seal(
            &text[..40],
            &findings,
            &mut PseudonymMap::new(MapId([2; 16])),
        ),
        seal_marks(
            &text,
            &[Mark::new(0..9_999, Kind::Person).unwrap()],
            &mut map,
        ),
        seal_checked(&text, &known, &broken, &mut map),
        seal_checked(&text, &known, &careless, &mut map),
    ] {
        match result {
            Ok(redacted) => show(&redacted),
            Err(error) => refuse(&error),
        }
    }
    let json = serde_json::json!({ "a": [text.clone()], (values()[0]): values()[1] });
    let mut of_json = PseudonymMap::new(MapId([1; 16]));
    match seal_value(&json, &known, &detector, &mut of_json) {
        Ok(value) => {
            show(&value);
            refuse(&restore_value(&value, &PseudonymMap::new(MapId([9; 16]))).unwrap_err());
        }
        Err(error) => refuse(&error),
    }
    refuse(&seal_value(&json, &known, &careless, &mut of_json).unwrap_err());
    let deep = (0..99).fold(serde_json::json!(text.clone()), |inner, _| {
        serde_json::json!([inner])
    });
    refuse(&seal_value(&deep, &known, &detector, &mut of_json).unwrap_err());

    // Back.
    let public = Public::new([text.as_str()]);
    show(&public);
    for draft in [
        text.clone(),
        values().join(" "),
        format!("[PERSON_9] {text}"),
        format!("{text} [PERS"),
        format!("{} waits", values()[1]),
    ] {
        for result in [
            verify(&draft, &map, &detector),
            verify(&draft, &PseudonymMap::new(MapId([1; 16])), &detector),
            verify(&draft, &map, &careless),
            verify(&draft, &map, &broken),
            verify_beside(&draft, &map, &detector, &public),
            verify_stored(&draft, MapId([7; 16]), &map, &detector),
        ] {
            match result {
                Ok(redacted) => show(&redacted),
                Err(error) => refuse(&error),
            }
        }
        show(&tags_in(&draft, &map));
    }
    for detector in [&detector, &broken, &careless] {
        match anonymise(&redacted, detector, Relaxation::SingleText) {
            Ok(text) => show(&text),
            Err(error) => refuse(&error),
        }
    }

    // Out: in clear for whoever asks by name, and nowhere else.
    let other = PseudonymMap::new(MapId([5; 16]));
    refuse(&restore(&redacted, &other).unwrap_err());
    refuse(&restore_as(&redacted, &other, Format::Json).unwrap_err());
    refuse(&restore_for(&redacted, &other, &BTreeSet::new()).unwrap_err());
    let restored = restore(&redacted, &map).unwrap();
    assert_eq!(restored.expose(), text);
    show(&restored);
    show(restored.report());
    show(&restore_for(&redacted, &map, &map.of_person(&known)).unwrap());
    let mut restorer = Restorer::new(&map, Format::Html);
    let _ = restorer.push(&redacted.as_str()[..redacted.len() / 2]);
    show(&restorer);
    show(&restorer.finish().1);
    show(&Redacted::join(&redacted, &[&redacted], redact::Joint::Line).unwrap());
    let pairs = [("[PERSON_1]", values()[0]), ("[EMAIL_1]", values()[1])];
    let table = RestoreTable::from_pairs(pairs).unwrap();
    show(&table);
    refuse(&RestoreTable::from_pairs([(values()[0], values()[1])]).unwrap_err());
    refuse(&RestoreTable::from_pairs([pairs[0], pairs[0]]).unwrap_err());

    // The map.
    show(&map.tags().collect::<Vec<_>>());
    show(&map.relations());
    show(&map.corrected(&map.of_person(&known), values()[0]));
    show(&map.without(&BTreeSet::new()).unwrap());
    let bytes = map.to_bytes().unwrap();
    for cut in [0, 1, 30, bytes.len() / 2] {
        refuse(&PseudonymMap::from_bytes(&bytes[..cut]).unwrap_err());
    }
    refuse(
        &PseudonymMap::from_bytes(&bytes.iter().rev().copied().collect::<Vec<_>>()).unwrap_err(),
    );
    show(
        &values()
            .iter()
            .map(|v| (Tag::parse(v), TagKind::new(v)))
            .collect::<Vec<_>>(),
    );

    // Operators.
    let key = HashKey::new([3; 32]);
    let mut surrogates = Surrogates::new(Seed::new([4; 32]));
    show(&key);
    show(&Seed::new([4; 32]));
    for operator in [
        Operator::Tag,
        Operator::Mask,
        Operator::Generalise,
        Operator::Drop,
        Operator::Keep,
        Operator::Hash,
        Operator::Surrogate,
    ] {
        for detector in [&detector, &broken, &careless] {
            let operators = Operators::all(operator);
            let mut map = PseudonymMap::new(MapId([6; 16]));
            let mut means = Means::new(&mut map, detector)
                .known(&known)
                .key(&key, Label([1; 16]))
                .surrogates(&mut surrogates);
            show(&means);
            match apply(&text, &findings, &operators, &mut means) {
                Ok(applied) => {
                    show(&applied);
                    if operator != Operator::Keep {
                        lines.note(applied.expose());
                    }
                }
                Err(error) => refuse(&error),
            }
            refuse(
                &apply(
                    "short",
                    &findings,
                    &operators,
                    &mut Means::new(&mut map, detector).key(&key, Label([1; 16])),
                )
                .unwrap_err(),
            );
        }
    }
    show(&surrogates);

    // Logs.
    let watch = Watch::new();
    watch.set(&[&map], &known).unwrap();
    show(&watch);
    for detector in [detector, broken, careless] {
        let scrubber = Scrubber::new(detector).watch(&watch);
        show(&scrubber);
        lines.note(&scrubber.message(&text));
        for (kind, value) in PLANTED {
            lines.note(&scrubber.value(kind.label(), value));
            lines.note(&scrubber.message(&value.to_uppercase()));
        }
    }
    for value in values() {
        let value = Sensitive::from(value.to_owned());
        show(&value);
        tracing::info!(%value);
    }
}

/// What an embedder does that does not know better.
fn careless_logging() {
    let text = text();
    for (_, value) in PLANTED {
        let span = tracing::trace_span!("work", value, late = tracing::field::Empty);
        let _in = span.enter();
        span.record("late", value.to_uppercase());
        let error = std::io::Error::other(value);
        tracing::trace!(value, "{value}");
        tracing::debug!(display = %value, debug = ?value, list = ?[value, value], some = ?Some(value.to_owned()));
        tracing::error!(error = &error as &(dyn std::error::Error + 'static), shown = %error);
        tracing::warn!(bytes = value.as_bytes(), escaped = ?format!("\"{value}\"\n{value}\t"));
        tracing::trace!(json = %serde_json::json!({ "value": value, "more": [value.to_uppercase()] }));
    }
    tracing::info!("{text}");
    tracing::info!(joined = values().join(",").as_str());
}

fn logged(lines: &Lines, scrubber: Option<Scrubber>, work: impl FnOnce()) {
    let plain = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(lines.writer());
    let json = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(lines.writer());
    let both = plain.and_then(json);
    let layer = match scrubber {
        Some(scrubber) => RedactingLayer::new(both, scrubber).boxed(),
        None => both.boxed(),
    };
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
}

fn clean(lines: &Lines, least: usize) {
    let text = lines.text();
    assert!(
        text.len() > least,
        "nothing was written: {} bytes",
        text.len()
    );
    for line in text.lines() {
        let left = found(line, &values());
        assert!(left.is_empty(), "{left:?} in {line}");
        // A part of one is no better.
        assert!(!line.to_lowercase().contains("quasten"), "{line}");
    }
}

#[test]
fn every_door_without_the_layer() {
    let lines = Lines::new();
    logged(&lines, None, || through_every_door(&lines));
    clean(&lines, 50_000);
}

#[test]
fn every_door_with_the_layer() {
    let lines = Lines::new();
    let watch = Watch::new();
    watch.set(&[], &known()).unwrap();
    let scrubber = Scrubber::new(Detector::new()).watch(&watch);
    logged(&lines, Some(scrubber), || through_every_door(&lines));
    clean(&lines, 50_000);
}

#[test]
fn whatever_else_is_logged() {
    let lines = Lines::new();
    let watch = Watch::new();
    watch.set(&[], &known()).unwrap();
    let scrubber = Scrubber::new(Detector::new()).watch(&watch);
    logged(&lines, Some(scrubber), careless_logging);
    clean(&lines, 50_000);
    // The test itself can fail: without the layer all of it is there.
    let lines = Lines::new();
    logged(&lines, None, careless_logging);
    assert_eq!(found(&lines.text(), &values()).len(), PLANTED.len());
}

#[test]
fn a_panic_is_no_way_out() {
    let careless = Detector::builder()
        .recogniser(Arc::new(Careless))
        .build()
        .unwrap();
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let result = catch_unwind(AssertUnwindSafe(|| {
        seal_checked(&text(), &Known::new(), &careless, &mut map).map(|_| ())
    }));
    assert!(result.unwrap().is_err());
    assert!(map.is_empty());
}
