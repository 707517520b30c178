//! Objection and consent taken back: what stops at once, and what stops by itself.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::case::{
    AnswerTo, DecidedBy, Extent, Ground, Message as Sent, NotNeeded, Status, Verdict, Why,
};
use tactful::gdpr_rights::request::refusal::{Reason, RefusalGround};
use tactful::gdpr_rights::{Error as Rights, Refusal, Right, Statement};
use tactful::retention_policy::{LegalBasis, Purpose, Role};
use tactful::{Clock, Error, RightsRequest, Silence, Step, Suggested};

use super::place::Place;
use super::{ORLA, agent, ask, desk, go, officer, orla, orla_wrote, refused, with_places};
use crate::{builder, by, clock, shop, ticket};

#[tokio::test]
async fn p104_an_objection_stops_the_use_at_once() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let Suggested::None(Silence::NotPermitted(why)) =
        desk.suggest(&agent(), &session).await.unwrap()
    else {
        panic!("a draft")
    };
    assert!(matches!(why, Refusal::Restricted | Refusal::Objected));
    let view = desk.case(&officer(), case).await.unwrap();
    let restriction = view.case.restriction().unwrap();
    assert_eq!(restriction.ground, Ground::ObjectionPending);
    assert!(crm.limits(ORLA));
    // Compelling grounds: a named human, with reasons, and a notice before it goes on.
    let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
    go(&desk, case, step).await;
    let reason = Reason::new(RefusalGround::OverridingGrounds, "A claim is pending.").unwrap();
    let refusal = go(&desk, case, Step::Refuse(&[reason])).await;
    let decision = refusal.case.decision().unwrap();
    assert_eq!(decision.by, DecidedBy::Human(officer().actor()));
    let letter = refusal.letter.unwrap();
    assert!(letter.expose().contains("A claim is pending.") && letter.expose().contains("21(1)"));
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    go(&desk, case, Step::Sent(Sent::Refusal)).await;
    let error = desk.advance(&officer(), case, Step::Lift).await;
    let Err(Error::Step(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.why(), Why::NoticeFirst);
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
}

#[tokio::test]
async fn p104_what_was_overruled_goes_on_after_the_notice() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::IdentityNotNeeded(NotNeeded::LowHarm)).await;
    let reason = Reason::new(RefusalGround::OverridingGrounds, "A claim is pending.").unwrap();
    go(&desk, case, Step::Refuse(&[reason])).await;
    go(&desk, case, Step::Sent(Sent::Refusal)).await;
    go(&desk, case, Step::AnnounceLifting).await;
    go(&desk, case, Step::Sent(Sent::Lifting)).await;
    go(&desk, case, Step::Lift).await;
    assert!(!crm.limits(ORLA));
    assert_eq!(refused(&desk, &session).await, None);
}

#[tokio::test]
async fn p104_nothing_is_weighed_against_direct_marketing() {
    let (clock, crm) = (clock(), Place::new("newsletter"));
    crm.plant(ORLA, "Orla, every Monday");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let request =
        RightsRequest::new(Right::MarketingObjection, clock.now(), orla()).as_controller();
    let intake = ask(&desk, &request).await;
    assert!(!intake.pending);
    assert!(
        crm.calls()
            .contains(&"newsletter: direct_marketing on".to_owned())
    );
    let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
    go(&desk, intake.case, step).await;
    let reason = Reason::new(RefusalGround::OverridingGrounds, "We like to write.").unwrap();
    let error = desk
        .advance(&officer(), intake.case, Step::Refuse(&[reason]))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::AbsoluteRight)),
        "{error}"
    );
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn p104_an_objection_to_direct_marketing_is_fulfilled() {
    let (clock, crm) = (clock(), Place::new("newsletter"));
    crm.plant(ORLA, "Orla, every Monday");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let request =
        RightsRequest::new(Right::MarketingObjection, clock.now(), orla()).as_controller();
    let intake = ask(&desk, &request).await;
    let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
    go(&desk, intake.case, step).await;
    go(&desk, intake.case, Step::Approve(Extent::Full)).await;
    let done = go(&desk, intake.case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(&desk, intake.case, Step::Deliver).await;
    let closed = go(&desk, intake.case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn p104_consent_taken_back_stops_at_once() {
    let clock = clock();
    let consent = builder(&clock).in_memory().legal_basis(LegalBasis::Consent);
    let desk = with_places(consent, &[]).open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let session = desk.ingest(&agent(), &ticket("T-1")).await.unwrap();
    for purpose in [Purpose::DraftReply, Purpose::PrepareReply] {
        desk.state(&agent(), session.subject(), Statement::Consent(purpose))
            .await
            .unwrap();
    }
    clock.advance(TimeDelta::hours(1));
    assert_eq!(refused(&desk, &session).await, None);
    let request = RightsRequest::new(Right::WithdrawConsent, clock.now(), orla()).as_controller();
    ask(&desk, &request).await;
    let Suggested::None(Silence::NotPermitted(why)) =
        desk.suggest(&agent(), &session).await.unwrap()
    else {
        panic!("a draft")
    };
    assert_eq!(why, Refusal::Withdrawn);
}

#[tokio::test]
async fn p105_an_objection_that_nobody_decides_stops_by_itself() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    let intake = ask(&desk, &request).await;
    let case = intake.case;
    let ends: tactful::retention_policy::Timestamp = intake.deadline.base().ends_before().into();
    // A minute before midnight nothing has lapsed.
    clock.advance(ends - clock.now() - TimeDelta::minutes(1));
    let before = go(&desk, case, Step::Day).await;
    assert!(before.case.decision().is_none());
    clock.advance(TimeDelta::minutes(1));
    let lapsed = go(&desk, case, Step::Day).await;
    let decision = lapsed.case.decision().unwrap();
    assert_eq!(decision.by, DecidedBy::Lapse);
    assert_eq!(decision.verdict, Verdict::Grant(Extent::Full));
    // Nobody can overrule it now.
    let reason = Reason::new(RefusalGround::OverridingGrounds, "Too late.").unwrap();
    let error = desk
        .advance(&officer(), case, Step::Refuse(&[reason]))
        .await;
    assert!(matches!(error, Err(Error::Step(_))), "{error:?}");
    assert!(crm.limits(ORLA));
    // Nor can the end be announced while the answer is owed.
    let error = desk.advance(&officer(), case, Step::Lift).await;
    assert!(matches!(error, Err(Error::Step(_))), "{error:?}");
    let mut case_now = lapsed.case;
    if case_now.closing().is_none() {
        case_now = go(&desk, case, Step::Deliver).await.case;
    }
    assert!(case_now.closing().is_some());
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn p105_what_stopped_by_itself_is_stopped_for_good() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    clock.advance(TimeDelta::days(40));
    desk.sweep().await.unwrap();
    let lapsed = go(&desk, case, Step::Day).await;
    assert_eq!(lapsed.case.decision().unwrap().by, DecidedBy::Lapse);
    // A ticket of hers that comes in afterwards gets no draft.
    let next = desk.ingest(&agent(), &ticket("T-7")).await.unwrap();
    assert_eq!(refused(&desk, &next).await, Some("not_permitted"));
}

#[tokio::test]
async fn p105_only_a_named_human_decides() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Objection, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    desk.instruct(&officer(), case, AnswerTo::Person)
        .await
        .unwrap();
    let worker = by(Role::Worker);
    let step = Step::Approve(Extent::Full);
    let error = desk.advance(&worker, case, step).await.unwrap_err();
    assert!(error.is_denied(), "{error}");
    let granted = go(&desk, case, Step::Approve(Extent::Full)).await;
    let decision = granted.case.decision().unwrap();
    assert_eq!(decision.by, DecidedBy::Human(officer().actor()));
    assert_eq!(decision.at, clock.now());
}

#[tokio::test]
async fn p104_consent_taken_back_is_fulfilled() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let consent = builder(&clock).in_memory().legal_basis(LegalBasis::Consent);
    let desk = with_places(consent, &[&crm]).open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    crm.plant(ORLA, "Orla, every Monday");
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::WithdrawConsent, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::IdentityNotNeeded(NotNeeded::LowHarm)).await;
    go(&desk, case, Step::Approve(Extent::Full)).await;
    let done = go(&desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(&desk, case, Step::Deliver).await;
    let closed = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
}
