//! Templates: only what enough people wrote.

use redact::{Anonymised, Detector, Label, Relaxation, anonymise};
use suggest_core::{Corpus, Error, Intent, Origin, Subject};

use crate::help::{locale, map, seal};

fn reply(text: &str) -> Anonymised {
    let redacted = seal(text, &mut map());
    anonymise(&redacted, &Detector::new(), Relaxation::SingleText).unwrap()
}

fn label(n: u8) -> Label {
    Label([n; 16])
}

fn origin(ticket: u8, subject: u8, agent: u8) -> Origin {
    Origin::new(label(ticket), label(100 + subject), label(200 + agent))
}

fn about() -> Subject {
    Subject::new(Intent::Return, locale("en"))
}

const SHARED: &str = "Thank you for your message {PERSON:Zora Quill}. Please print the label.";

#[test]
fn a_template_needs_five_tickets_five_subjects_two_agents() {
    for (origins, expected) in [
        (
            vec![(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 1), (5, 5, 2)],
            2,
        ),
        (vec![(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 2)], 0),
        (
            vec![(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 1), (5, 5, 1)],
            0,
        ),
        (
            vec![(1, 1, 1), (2, 2, 1), (3, 3, 1), (4, 4, 2), (5, 4, 2)],
            0,
        ),
        (
            vec![(1, 1, 1), (1, 2, 1), (1, 3, 1), (1, 4, 2), (1, 5, 2)],
            0,
        ),
    ] {
        let mut corpus = Corpus::new();
        for (ticket, subject, agent) in &origins {
            let text = format!(
                "{SHARED} My own words number {}.",
                ["a", "b", "c", "d", "e"][usize::from(*ticket - 1)]
            );
            corpus.learn(&reply(&text), origin(*ticket, *subject, *agent), about());
        }
        let templates = corpus.templates();
        assert_eq!(templates.len(), expected, "{origins:?}");
        assert!(
            templates
                .iter()
                .all(|t| !t.text().contains("own words") && !t.is_released())
        );
    }
}

fn learned() -> Corpus {
    let mut corpus = Corpus::new();
    for n in 1..=5 {
        corpus.learn(&reply(SHARED), origin(n, n, n % 2), about());
    }
    corpus
}

#[test]
fn templates_hold_slots_in_the_order_they_are_written() {
    let texts: Vec<String> = learned()
        .templates()
        .iter()
        .map(|t| t.text().to_owned())
        .collect();
    assert_eq!(
        texts,
        [
            "Thank you for your message {PERSON}.",
            "Please print the label."
        ]
    );
}

#[test]
fn quarantine_and_forgetting() {
    let mut corpus = learned();
    let template = corpus.templates().remove(1);
    assert!(corpus.release(&template));
    assert!(corpus.templates()[1].is_released());
    corpus.forget_source(label(3));
    assert!(corpus.templates().is_empty());
    assert!(!corpus.release(&template));
    // What comes back after a ticket was forgotten is in quarantine again.
    corpus.learn(&reply(SHARED), origin(9, 9, 1), about());
    assert!(corpus.templates().iter().all(|t| !t.is_released()));
    let mut corpus = learned();
    corpus.forget_subject(label(102));
    assert!(corpus.templates().is_empty());
    for n in 1..=5 {
        corpus.forget_source(label(n));
    }
    assert_eq!(corpus, Corpus::new());
}

#[test]
fn other_matters_and_languages_do_not_mix() {
    let mut corpus = Corpus::new();
    for n in 1..=5 {
        let intent = if n < 3 {
            Intent::Return
        } else {
            Intent::Refund
        };
        corpus.learn(
            &reply(SHARED),
            origin(n, n, n % 2),
            Subject::new(intent, locale("en")),
        );
    }
    assert!(corpus.templates().is_empty());
}

#[test]
fn snapshots() {
    let mut corpus = learned();
    corpus.release(&corpus.templates().remove(0));
    let bytes = corpus.snapshot();
    assert_eq!(Corpus::from_snapshot(&bytes).as_ref(), Ok(&corpus));
    for end in 0..bytes.len() {
        assert_eq!(
            Corpus::from_snapshot(&bytes[..end]),
            Err(Error::CorruptCorpus),
            "{end}"
        );
    }
    let mut newer = bytes.clone();
    newer[0] = 2;
    assert_eq!(
        Corpus::from_snapshot(&newer),
        Err(Error::NewerCorpus { version: 2 })
    );
    let mut longer = bytes;
    longer.push(0);
    assert_eq!(Corpus::from_snapshot(&longer), Err(Error::CorruptCorpus));
}
