//! What is kept although erasure was asked for: named, or in the way.

use tactful::crypto_store::{Accessor, Reason as For};
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{Art19, Extent, Message as Sent, Status};
use tactful::gdpr_rights::request::certificate::{KeptUntil, SignedCertificate};
use tactful::gdpr_rights::request::matrix::Condition;
use tactful::gdpr_rights::request::refusal::{
    ErasureException, Exception, ExceptionDraft, KeepUntil, Reason, RefusalGround,
};
use tactful::retention_policy::{
    ActorId, Category, Hold, HoldId, HoldReason, Purpose, Role, Scope,
};
use tactful::{Clock, Desk, Error, ManualClock, Session, Step};

use super::erase::{body, holds};
use super::{as_processor, desk, go, key, noor_wrote_of_orla, officer, orla, orla_wrote};
use crate::clock;

fn kept(clock: &ManualClock) -> Exception {
    let draft = ExceptionDraft {
        law: "Order of the district court".to_owned(),
        provision: "section 4".to_owned(),
        categories: vec![Category::Session],
        until: Some(KeepUntil::Date("2027-03-01".parse().unwrap())),
        decided_by: Some(officer().actor()),
        reason: "The court ordered us to keep this ticket.".to_owned(),
    };
    Exception::new(ErasureException::LegalClaims, draft, clock.now()).unwrap()
}

async fn held(desk: &Desk, session: &Session, clock: &ManualClock) {
    let hold = Hold::for_a_year(
        HoldId::from_random([3; 16]),
        officer().tenant(),
        Scope::Record(session.record()),
        HoldReason::Order,
        officer().actor(),
        clock.now(),
    );
    let why = For::new(Purpose::LegalObligation);
    desk.store()
        .place_hold(&hold.unwrap(), &officer(), &why, clock.now())
        .await
        .unwrap();
}

#[tokio::test]
async fn p103_a_mention_that_is_held_keeps_the_case_open() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    held(&desk, &noors, &clock).await;
    let case = as_processor(&desk, Right::Erasure, orla(), &clock).await;
    let stuck = go(&desk, case, Step::Execute).await;
    let residue = stuck.residue.unwrap();
    assert_eq!(residue.reasons()[0].0.as_str(), "store");
    assert!(holds(&body(&desk, &noors, &clock).await, "Orla Brennigan"));
    let error = desk.advance(&officer(), case, Step::Deliver).await;
    assert!(matches!(error, Err(Error::Step(_))), "{error:?}");
    // The order ends: so does the case.
    let why = For::new(Purpose::LegalObligation);
    let (other, hold) = (
        Accessor::new(
            ActorId::from_random([0x77; 16]),
            Role::PrivacyOfficer,
            officer().tenant(),
        ),
        HoldId::from_random([3; 16]),
    );
    desk.store()
        .ask_release(hold, &other, &why, clock.now())
        .await
        .unwrap();
    desk.store()
        .release_hold(HoldId::from_random([3; 16]), &officer(), &why, clock.now())
        .await
        .unwrap();
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_none() && resumed.case.is_clean());
    assert!(!holds(&body(&desk, &noors, &clock).await, "Orla"));
}

#[tokio::test]
async fn p103_what_is_kept_by_law_is_named_item_by_item() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    held(&desk, &noors, &clock).await;
    let case = as_processor(&desk, Right::Erasure, orla(), &clock).await;
    go(&desk, case, Step::Approve(Extent::WithExceptions)).await;
    let done = go(&desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    // In part without saying which part is no answer.
    assert!(desk.advance(&officer(), case, Step::Deliver).await.is_err());
    let unsaid = Step::DeliverExcept {
        reasons: &[],
        exceptions: &[],
    };
    assert!(desk.advance(&officer(), case, unsaid).await.is_err());
    let exceptions = [kept(&clock)];
    let step = Step::DeliverExcept {
        reasons: &[],
        exceptions: &exceptions,
    };
    let made = go(&desk, case, step).await;
    let letter = made.letter.unwrap();
    for said in [
        "Order of the district court",
        "section 4",
        "2027-03-01",
        "17(3)(e)",
        "Data Protection Commission",
    ] {
        assert!(letter.expose().contains(said), "{said}");
    }
    let signed = made.certificate.unwrap();
    let certificate =
        SignedCertificate::verify(&signed.to_bytes(), &key().verifying_key()).unwrap();
    let exceptions = &certificate.account().unwrap().exceptions;
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0].law(), "Order of the district court");
    assert_eq!(
        *exceptions[0].until(),
        KeptUntil::Date("2027-03-01".parse().unwrap())
    );
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::PartlyFulfilled);
}

#[tokio::test]
async fn p103_what_is_held_is_an_exception_and_no_mere_reason() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    held(&desk, &noors, &clock).await;
    let case = as_processor(&desk, Right::Erasure, orla(), &clock).await;
    go(&desk, case, Step::Approve(Extent::WithExceptions)).await;
    go(&desk, case, Step::Execute).await;
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    let ground = RefusalGround::ConditionNotMet(Condition::BeyondDuty);
    let reasons = [Reason::new(ground, "A law asks us to keep it.").unwrap()];
    let step = Step::DeliverExcept {
        reasons: &reasons,
        exceptions: &[],
    };
    if let Ok(made) = desk.advance(&officer(), case, step).await {
        let signed = made.certificate.unwrap();
        let account = signed.certificate().account().unwrap();
        assert!(!account.exceptions.is_empty(), "kept, and not named");
    }
}
