//! Erasure: everywhere, with a certificate that says where, and what is kept by which law.

use tactful::crypto_store::Reason as For;
use tactful::gdpr_rights::request::case::{Art19, Message as Sent};
use tactful::gdpr_rights::request::certificate::{Method, SignedCertificate};
use tactful::gdpr_rights::request::matrix::Condition;
use tactful::gdpr_rights::request::refusal::{Reason, RefusalGround};
use tactful::gdpr_rights::{Error as Rights, ResidueReason, Right};
use tactful::retention_policy::Purpose;
use tactful::{Clock, Desk, Error, ManualClock, RightsRequest, Session, Step};

use super::place::{Fault, Place};
use super::{
    NOOR, ORLA, agent, as_processor, ask, desk, erased, go, key, noor, noor_wrote_of_orla, officer,
    orla, orla_wrote, signed_in,
};
use crate::clock;

/// Who reads the whole of a record.
pub(super) async fn body(desk: &Desk, session: &Session, clock: &ManualClock) -> Vec<u8> {
    let why = For::new(Purpose::AnswerRequest);
    let opened = desk
        .store()
        .get(session.record(), &officer(), &why, clock.now())
        .await;
    opened.unwrap().expose().to_vec()
}

pub(super) fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|w| w == needle.as_bytes())
}

#[tokio::test]
async fn p103_the_certificate_says_where_and_how_much() {
    let (clock, crm, index) = (clock(), Place::new("crm"), Place::new("index"));
    crm.plant(ORLA, "Orla prefers the morning");
    crm.plant(ORLA, "Orla has two baskets");
    crm.plant(NOOR, "a row of Noor's");
    index.plant(NOOR, "another of Noor's");
    let desk = desk(&clock, &[&crm, &index]).await;
    let own = orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    assert!(holds(&body(&desk, &noors, &clock).await, "Orla Brennigan"));
    let signed = erased(&desk, orla(), &clock).await;
    let certificate =
        SignedCertificate::verify(&signed.to_bytes(), &key().verifying_key()).unwrap();
    let said: Vec<_> = certificate
        .sources()
        .iter()
        .map(|s| (s.source.as_str().to_owned(), s.before, s.method))
        .collect();
    assert!(said.contains(&("crm".to_owned(), Some(2), Some(Method::Deleted))));
    assert!(said.contains(&("index".to_owned(), Some(0), Some(Method::Deleted))));
    let store = said.iter().find(|s| s.0 == "store").unwrap();
    assert!(store.1.unwrap() >= 1);
    assert_eq!(store.2, Some(Method::KeyDestroyed));
    assert!(certificate.account().unwrap().exceptions.is_empty());
    let text = String::from_utf8(signed.to_bytes()).unwrap();
    for value in ["Orla", "orla", "Brennigan", "Noor", "204417"] {
        assert!(!text.contains(value), "{value}");
    }
    // The mention is gone, the ticket in which it stood goes on.
    assert_eq!(crm.texts(), ["a row of Noor's"]);
    let after = body(&desk, &noors, &clock).await;
    assert!(!holds(&after, "Orla") && !holds(&after, "brennigan"));
    assert!(holds(&after, "Noor Castellane"));
    let again = desk.session(&agent(), noors.record()).await.unwrap();
    desk.suggest(&agent(), &again).await.unwrap();
    assert!(desk.session(&agent(), own.record()).await.is_err());
    assert_eq!(desk.find_person(&officer(), &orla()).await.unwrap(), None);
    let found = desk.find_person(&officer(), &noor()).await.unwrap();
    assert_eq!(found, Some(noors.subject()));
    assert!(desk.verify_audit().await.unwrap().intact);
}

#[tokio::test]
async fn p103_who_is_only_mentioned_is_erased_too() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    let signed = erased(&desk, orla(), &clock).await;
    let store = &signed.certificate().sources()[0];
    assert_eq!(store.source.as_str(), "store");
    // "How many items it held before": the mention is one.
    assert_eq!(store.before, Some(1));
    let after = body(&desk, &noors, &clock).await;
    assert!(!holds(&after, "Orla") && !holds(&after, "brennigan"));
}

#[tokio::test]
async fn p103_of_an_unknown_person_there_is_nothing_to_erase() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let signed = erased(&desk, super::nobody(), &clock).await;
    for source in signed.certificate().sources() {
        assert_eq!(source.before, Some(0), "{}", source.source.as_str());
    }
    assert_eq!(crm.texts().len(), 1);
    assert!(
        desk.find_person(&officer(), &orla())
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test]
async fn p103_no_source_is_left_out_of_the_second_look() {
    for call in ["erase", "scan"] {
        let (clock, crm) = (clock(), Place::new("crm"));
        crm.plant(ORLA, "Orla prefers the morning");
        let desk = desk(&clock, &[&crm]).await;
        orla_wrote(&desk, &clock).await;
        let case = as_processor(&desk, Right::Erasure, orla(), &clock).await;
        crm.breaks(call, Fault::Fails);
        let stuck = go(&desk, case, Step::Execute).await;
        let residue = stuck.residue.unwrap();
        assert_eq!(residue.reasons()[0].0.as_str(), "crm");
        let why = residue.reasons()[0].1;
        assert!(
            matches!(why, ResidueReason::Failed | ResidueReason::Found(1)),
            "{call}: {why:?}"
        );
        assert!(stuck.certificate.is_none());
        for step in [Step::Deliver, Step::Sent(Sent::Answer), Step::Withdraw] {
            let error = desk.advance(&officer(), case, step).await;
            assert!(matches!(error, Err(Error::Step(_))), "{call}: {error:?}");
        }
        crm.mend();
        let resumed = go(&desk, case, Step::Resume).await;
        assert!(
            resumed.residue.is_none() && resumed.case.is_clean(),
            "{call}"
        );
        go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
        let made = go(&desk, case, Step::Deliver).await;
        assert!(made.certificate.is_some());
    }
}

#[tokio::test]
async fn p103_what_is_there_again_when_the_certificate_is_made_stops_it() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let case = as_processor(&desk, Right::Erasure, orla(), &clock).await;
    go(&desk, case, Step::Execute).await;
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    // A sloppy import brings it back.
    crm.plant(ORLA, "Orla prefers the morning");
    match desk.advance(&officer(), case, Step::Deliver).await {
        Err(Error::Residue(residue)) => {
            assert_eq!(residue.reasons()[0].1, ResidueReason::Found(1));
        }
        Ok(made) => panic!("a certificate over what is there: {:?}", made.certificate),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn p102_erasure_is_refused_only_for_what_the_matrix_knows() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let verified = signed_in(&desk, &clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let reason = |condition| {
        let ground = RefusalGround::ConditionNotMet(condition);
        [Reason::new(ground, "A law asks us to keep it.").unwrap()]
    };
    let wrong = reason(Condition::PartyToContract);
    let error = desk
        .advance(&officer(), case, Step::Refuse(&wrong))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::ReasonDoesNotFit)),
        "{error}"
    );
    let right = reason(Condition::BeyondDuty);
    let refused = go(&desk, case, Step::Refuse(&right)).await;
    assert!(refused.letter.unwrap().expose().contains("17(3)(b)"));
}
