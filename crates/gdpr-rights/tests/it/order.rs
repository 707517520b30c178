use gdpr_rights::{
    Answer, ErasureCertificate, Error, Nonce, ResidueReason, ScanOrder, SourceId, conclude,
};
use retention_policy::CaseId;

use crate::at;

fn source(name: &str) -> SourceId {
    SourceId::new(name).unwrap()
}

fn order() -> ScanOrder {
    ScanOrder::new(
        CaseId::from_random([1; 16]),
        [source("store"), source("index")],
        Nonce::from_random([7; 32]),
    )
    .unwrap()
}

fn reasons(answers: &[Answer]) -> Vec<(String, ResidueReason)> {
    conclude(&order(), answers)
        .unwrap_err()
        .reasons()
        .iter()
        .map(|(s, r)| (s.as_str().to_owned(), *r))
        .collect()
}

#[test]
fn a_certificate_needs_every_source_clean_once() {
    let nonce = order().nonce();
    let (store, index) = (source("store"), source("index"));
    let clean = conclude(
        &order(),
        &[Answer::clean(&index, nonce), Answer::clean(&store, nonce)],
    )
    .unwrap();
    assert_eq!(clean.sources(), [index, store]);
    let certificate = ErasureCertificate::issue(clean, at("2026-03-02T09:00:00Z"));
    insta::assert_snapshot!(certificate.text());
}

#[test]
fn everything_else_is_residue() {
    let nonce = order().nonce();
    let other = Nonce::from_random([8; 32]);
    let (store, index, cache) = (source("store"), source("index"), source("cache"));
    let of = |name: &str, reason| (name.to_owned(), reason);
    assert_eq!(
        reasons(&[]),
        [
            of("index", ResidueReason::Silent),
            of("store", ResidueReason::Silent)
        ]
    );
    assert_eq!(
        reasons(&[Answer::clean(&store, nonce), Answer::failed(&index, nonce)]),
        [of("index", ResidueReason::Failed)]
    );
    assert_eq!(
        reasons(&[
            Answer::clean(&store, nonce),
            Answer::found(&index, nonce, 3)
        ]),
        [of("index", ResidueReason::Found(3))]
    );
    assert_eq!(
        reasons(&[Answer::clean(&store, nonce), Answer::clean(&index, other)]),
        [of("index", ResidueReason::WrongNonce)]
    );
    assert_eq!(
        reasons(&[
            Answer::clean(&store, nonce),
            Answer::clean(&store, nonce),
            Answer::clean(&index, nonce)
        ]),
        [of("store", ResidueReason::AnsweredTwice)]
    );
    assert_eq!(
        reasons(&[
            Answer::clean(&store, nonce),
            Answer::clean(&index, nonce),
            Answer::clean(&cache, nonce)
        ]),
        [of("cache", ResidueReason::NotAsked)]
    );
}

#[test]
fn an_order_proves_nothing_without_sources_or_with_doubles() {
    let new = |sources: Vec<SourceId>| {
        ScanOrder::new(
            CaseId::from_random([1; 16]),
            sources,
            Nonce::from_random([7; 32]),
        )
        .map(|_| ())
    };
    assert_eq!(new(vec![]), Err(Error::NoSources));
    assert_eq!(
        new(vec![source("a"), source("a")]),
        Err(Error::DuplicateSource)
    );
    for name in ["", "Store", "a b", &"x".repeat(65)] {
        assert_eq!(SourceId::new(name), Err(Error::BadSource), "{name:?}");
    }
}
