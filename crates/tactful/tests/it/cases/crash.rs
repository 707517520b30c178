//! A desk that stops in the middle: the case is where it was, and goes on.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use tactful::gdpr_rights::request::case::{
    AnswerTo, Art19, Extent, Message as Sent, NotNeeded, Status, Work,
};
use tactful::gdpr_rights::request::certificate::SignedCertificate;
use tactful::gdpr_rights::request::identity::CodeError;
use tactful::gdpr_rights::{Error as Rights, Right};
use tactful::retention_policy::CaseId;
use tactful::{Clock, Desk, Error, ManualClock, RightsRequest, Step};

use super::place::{Fault, Place};
use super::{
    ORLA, agent, ask, go, key, noor_wrote_of_orla, officer, orla, orla_wrote, refused, unpack,
    with_places,
};
use crate::{clock, in_dir, shop};

async fn reopened(clock: &Arc<ManualClock>, dir: &Path, place: &Arc<Place>) -> Desk {
    let desk = with_places(in_dir(clock, dir), &[place]);
    desk.open().await.unwrap()
}

async fn first(clock: &Arc<ManualClock>, dir: &Path, place: &Arc<Place>) -> Desk {
    let desk = reopened(clock, dir, place).await;
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk
}

/// Delivers as often as it works; every certificate that verifies.
async fn certificates(desk: &Desk, case: CaseId) -> BTreeSet<Vec<u8>> {
    let mut all = BTreeSet::new();
    for _ in 0..3 {
        if let Ok(made) = desk.advance(&officer(), case, Step::Deliver).await
            && let Some(signed) = made.certificate
        {
            let bytes = signed.to_bytes();
            SignedCertificate::verify(&bytes, &key().verifying_key()).unwrap();
            all.insert(bytes);
        }
    }
    all
}

#[tokio::test]
async fn a_case_is_there_after_the_request() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla())
        .as_controller()
        .with_message_id("<1@x>");
    let intake = ask(&desk, &request).await;
    let before = desk.case(&officer(), intake.case).await.unwrap();
    drop(desk);
    let desk = reopened(&clock, dir.path(), &crm).await;
    let after = desk.case(&officer(), intake.case).await.unwrap();
    assert!(before.case == after.case);
    assert_eq!(before.request, after.request);
    let again = desk
        .request(&officer(), &request, |_| panic!("queued twice"))
        .await
        .unwrap();
    assert!(again.repeated);
    assert_eq!(again.case, intake.case);
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn what_was_stopped_stays_stopped_after_a_restart() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    ask(&desk, &request).await;
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    drop(desk);
    let desk = reopened(&clock, dir.path(), &crm).await;
    let session = desk.session(&agent(), session.record()).await;
    if let Ok(session) = session {
        assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    }
    let next = desk.ingest(&agent(), &crate::ticket("T-8")).await.unwrap();
    assert_eq!(refused(&desk, &next).await, Some("not_permitted"));
}

#[tokio::test]
async fn what_was_to_be_stopped_and_was_not_is_stopped_after_a_restart() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    crm.breaks("restrict", Fault::Fails);
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    let intake = ask(&desk, &request).await;
    assert!(intake.pending);
    drop(desk);
    crm.mend();
    let desk = reopened(&clock, dir.path(), &crm).await;
    go(&desk, intake.case, Step::Resume).await;
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn a_case_whose_source_was_silent_is_resumed_after_a_restart() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    crm.breaks("scan", Fault::Fails);
    let told = desk.instruct(&officer(), case, AnswerTo::Person).await;
    assert!(told.unwrap().residue.is_some());
    drop(desk);
    let desk = reopened(&clock, dir.path(), &crm).await;
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.status(), Status::Open);
    assert!(view.case.instructed().is_some() && !view.case.is_answered());
    crm.mend();
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_none() && resumed.case.is_answered());
    go(&desk, case, Step::Approve(Extent::Full)).await;
    go(&desk, case, Step::Execute).await;
    drop(desk);
    let desk = reopened(&clock, dir.path(), &crm).await;
    let made = go(&desk, case, Step::Deliver).await;
    drop(desk);
    // The link is good after a restart, too.
    let desk = reopened(&clock, dir.path(), &crm).await;
    let opened = unpack(&desk, case, &made.package.unwrap()).await;
    assert!(super::all(&opened).contains("prefers the morning"));
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
}

#[tokio::test]
async fn an_erasure_is_finished_after_a_restart_and_certified_once() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    let session = orla_wrote(&desk, &clock).await;
    let noors = noor_wrote_of_orla(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    desk.instruct(&officer(), case, AnswerTo::Person)
        .await
        .unwrap();
    go(&desk, case, Step::Approve(Extent::Full)).await;
    crm.breaks("erase", Fault::Fails);
    let stuck = go(&desk, case, Step::Execute).await;
    assert!(stuck.residue.is_some() && stuck.certificate.is_none());
    drop(desk);
    for _ in 0..2 {
        drop(reopened_after(&clock, dir.path(), &crm, case).await);
    }
    crm.mend();
    let desk = reopened(&clock, dir.path(), &crm).await;
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_none(), "{:?}", resumed.residue);
    assert!(resumed.case.is_clean() && crm.texts().is_empty());
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    let certificates = certificates(&desk, case).await;
    assert_eq!(certificates.len(), 1, "one certificate");
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
    // How much was there before is not forgotten on the way.
    let bytes = certificates.into_iter().next().unwrap();
    let certificate = SignedCertificate::verify(&bytes, &key().verifying_key()).unwrap();
    let crm = certificate
        .sources()
        .iter()
        .find(|s| s.source.as_str() == "crm");
    assert_eq!(crm.unwrap().before, Some(1));
    assert!(desk.session(&agent(), session.record()).await.is_err());
    assert!(desk.session(&agent(), noors.record()).await.is_ok());
    assert!(desk.verify_audit().await.unwrap().intact);
}

/// Opens the desk while the source is broken: nothing is certified, the case is where it was.
async fn reopened_after(
    clock: &Arc<ManualClock>,
    dir: &Path,
    crm: &Arc<Place>,
    case: CaseId,
) -> Desk {
    let desk = reopened(clock, dir, crm).await;
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.status(), Status::Open);
    assert_ne!(view.case.work(), Work::NotStarted);
    assert!(!view.case.is_clean());
    let resumed = go(&desk, case, Step::Resume).await;
    assert!(resumed.residue.is_some() && resumed.certificate.is_none());
    let error = desk.advance(&officer(), case, Step::Deliver).await;
    assert!(matches!(error, Err(Error::Step(_))), "{error:?}");
    desk
}

#[tokio::test]
async fn tries_of_a_code_are_counted_across_a_restart() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let dir = tempfile::tempdir().unwrap();
    let mut desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let digits = go(&desk, case, Step::AskIdentity).await.digits.unwrap();
    let right = digits.expose();
    let wrong = format!("{}{}", &right[1..], &right[..1]);
    assert_ne!(right, wrong);
    for left in (0..5).rev() {
        drop(desk);
        desk = reopened(&clock, dir.path(), &crm).await;
        let error = desk.advance(&officer(), case, Step::Code(&wrong)).await;
        let Err(Error::Rights(error)) = error else {
            panic!("{error:?}")
        };
        assert_eq!(error, Rights::Code(CodeError::Wrong { left }));
    }
    let error = desk.advance(&officer(), case, Step::Code(right)).await;
    let error = error.unwrap_err();
    assert!(
        matches!(
            error,
            Error::NotAsked | Error::Rights(Rights::Code(CodeError::Exhausted))
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_case_outlives_the_ticket_it_is_about() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    // Four weeks: every ticket is long gone.
    clock.advance(TimeDelta::days(28));
    desk.sweep().await.unwrap();
    drop(desk);
    let desk = reopened(&clock, dir.path(), &crm).await;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    go(&desk, case, step).await;
    go(&desk, case, Step::Approve(Extent::Full)).await;
    let done = go(&desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    assert!(crm.texts().is_empty());
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    assert_eq!(certificates(&desk, case).await.len(), 1);
}

#[tokio::test]
async fn a_certificate_that_was_made_before_the_crash_is_not_lost() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let dir = tempfile::tempdir().unwrap();
    let desk = first(&clock, dir.path(), &crm).await;
    orla_wrote(&desk, &clock).await;
    let case = super::as_processor(&desk, Right::Erasure, orla(), &clock).await;
    go(&desk, case, Step::Execute).await;
    go(&desk, case, Step::Recipients(Art19::NoRecipients)).await;
    let made = go(&desk, case, Step::Deliver).await.certificate.unwrap();
    drop(desk);
    // It never left: the mail that should carry it is written again.
    let desk = reopened(&clock, dir.path(), &crm).await;
    let mut again = go(&desk, case, Step::Resume).await.certificate;
    if again.is_none() {
        let step = Step::NotSent(Sent::Answer);
        again = go(&desk, case, step).await.certificate;
    }
    assert_eq!(again.unwrap().to_bytes(), made.to_bytes());
}
