//! Restriction: at once, for every use but keeping, and ended only after the person was told.

use chrono::TimeDelta;
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{
    AnswerTo, Art19, Effect, Extent, Ground, Message as Sent, NotNeeded, Status, Why,
};
use tactful::retention_policy::CaseId;
use tactful::{Clock, Desk, Error, ManualClock, RightsRequest, Session, Step};

use super::place::{Fault, Place};
use super::{ORLA, agent, ask, desk, go, officer, orla, orla_wrote, refused};
use crate::clock;

fn restriction(clock: &ManualClock, ground: Ground) -> RightsRequest {
    RightsRequest::new(Right::Restriction, clock.now(), orla())
        .as_controller()
        .on(ground)
}

/// To the last letter; the restriction stays.
async fn answered(desk: &Desk, case: CaseId) {
    go(desk, case, Step::IdentityNotNeeded(NotNeeded::LowHarm)).await;
    go(desk, case, Step::Approve(Extent::Full)).await;
    let done = go(desk, case, Step::Execute).await;
    assert!(done.residue.is_none(), "{:?}", done.residue);
    go(desk, case, Step::Recipients(Art19::NoRecipients)).await;
    go(desk, case, Step::Deliver).await;
    let closed = go(desk, case, Step::Sent(Sent::Answer)).await;
    assert_eq!(closed.case.status(), Status::Fulfilled);
}

async fn why_not(desk: &Desk, case: CaseId, step: Step<'_>) -> Why {
    match desk.advance(&officer(), case, step).await.unwrap_err() {
        Error::Step(error) => error.why(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn p107_the_use_is_limited_before_the_request_returns() {
    for ground in [
        Ground::AccuracyContested,
        Ground::Unlawful,
        Ground::LegalClaim,
    ] {
        let (clock, crm) = (clock(), Place::new("crm"));
        crm.plant(ORLA, "Orla prefers the morning");
        let desk = desk(&clock, &[&crm]).await;
        let session = orla_wrote(&desk, &clock).await;
        assert_eq!(refused(&desk, &session).await, None);
        let intake = ask(&desk, &restriction(&clock, ground)).await;
        assert!(!intake.pending);
        assert!(crm.limits(ORLA));
        assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
        let view = desk.case(&officer(), intake.case).await.unwrap();
        let restriction = view.case.restriction().unwrap();
        assert_eq!(restriction.ground, ground);
        assert_eq!(restriction.since, clock.now());
        assert!(view.case.is_restricted());
    }
}

#[tokio::test]
async fn p107_a_processor_limits_when_its_client_says_so() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Restriction, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    go(&desk, case, Step::Refer).await;
    assert_eq!(refused(&desk, &session).await, None);
    let told = desk.instruct(&officer(), case, AnswerTo::Person).await;
    assert!(told.unwrap().case.is_restricted());
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn p107_a_source_that_goes_on_is_said_and_stopped_later() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    crm.breaks("restrict", Fault::Fails);
    let intake = ask(&desk, &restriction(&clock, Ground::Unlawful)).await;
    assert!(intake.pending && !crm.limits(ORLA));
    // The house's own use stopped all the same.
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    crm.mend();
    // "Every Desk::advance tries again."
    go(&desk, intake.case, Step::Day).await;
    assert!(crm.limits(ORLA));
}

#[tokio::test]
async fn p107_a_repetition_says_as_well_what_still_goes_on() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    crm.breaks("restrict", Fault::Fails);
    let request = restriction(&clock, Ground::Unlawful).with_message_id("<1@x>");
    assert!(ask(&desk, &request).await.pending);
    let again = ask(&desk, &request).await;
    assert!(again.repeated && again.pending);
}

#[tokio::test]
async fn p107_restriction_can_be_asked_for_beside_another_request() {
    let (clock, crm) = (clock(), Place::new("crm"));
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    go(&desk, case, step).await;
    assert_eq!(refused(&desk, &session).await, None);
    let done = go(&desk, case, Step::Restrict(Ground::LegalClaim)).await;
    assert!(done.case.is_restricted() && crm.limits(ORLA));
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    let again = why_not(&desk, case, Step::Restrict(Ground::LegalClaim)).await;
    assert_eq!(again, Why::RestrictedBefore);
}

#[tokio::test]
async fn p107_what_comes_in_later_is_limited_too() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    ask(&desk, &restriction(&clock, Ground::Unlawful)).await;
    clock.advance(TimeDelta::hours(2));
    let next = desk.ingest(&agent(), &crate::ticket("T-9")).await.unwrap();
    assert_eq!(refused(&desk, &next).await, Some("not_permitted"));
}

#[tokio::test]
async fn p107_who_writes_again_after_their_tickets_ended_is_limited_still() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    ask(&desk, &restriction(&clock, Ground::AccuracyContested)).await;
    // Nothing of her is left but the restriction.
    clock.advance(TimeDelta::days(3));
    desk.sweep().await.unwrap();
    let next = desk.ingest(&agent(), &crate::ticket("T-10")).await.unwrap();
    assert_eq!(refused(&desk, &next).await, Some("not_permitted"));
}

#[tokio::test]
async fn p107_who_is_unknown_yet_is_limited_when_they_write() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    // She writes to the privacy address first, to the shop later.
    let request = restriction(&clock, Ground::Unlawful);
    let case = ask(&desk, &request).await.case;
    clock.advance(TimeDelta::hours(1));
    let session = orla_wrote(&desk, &clock).await;
    go(&desk, case, Step::Day).await;
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
}

#[tokio::test]
async fn p108_no_restriction_ends_before_the_person_knows() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    let session = orla_wrote(&desk, &clock).await;
    let case = ask(&desk, &restriction(&clock, Ground::AccuracyContested))
        .await
        .case;
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::StillNeeded);
    answered(&desk, case).await;
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::NoticeFirst);
    let told = go(&desk, case, Step::AnnounceLifting).await;
    assert!(
        told.todo
            .contains(&Effect::NoticeOfLifting(AnswerTo::Person))
    );
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::NoticeFirst);
    assert!(crm.limits(ORLA));
    go(&desk, case, Step::Sent(Sent::Lifting)).await;
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
    let lifted = go(&desk, case, Step::Lift).await;
    assert!(!lifted.case.is_restricted());
    assert!(!crm.limits(ORLA));
    assert_eq!(refused(&desk, &session).await, None);
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::NotRestricted);
}

/// How many rows can be opened two days later, after the sweep, while the restriction stands.
async fn readable(ground: Ground) -> (u64, Session, Desk, std::sync::Arc<ManualClock>, CaseId) {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let session = orla_wrote(&desk, &clock).await;
    let case = ask(&desk, &restriction(&clock, ground)).await.case;
    answered(&desk, case).await;
    clock.advance(TimeDelta::hours(48));
    desk.sweep().await.unwrap();
    let survey = desk.store().survey(clock.now()).await.unwrap();
    (survey.readable, session, desk, clock, case)
}

#[tokio::test]
async fn p108_data_is_kept_beyond_its_end_only_where_the_person_asked_for_that() {
    let (contested, ..) = readable(Ground::AccuracyContested).await;
    for ground in [Ground::Unlawful, Ground::LegalClaim] {
        let (kept, session, desk, clock, case) = readable(ground).await;
        assert!(kept > contested, "{ground}: {kept} > {contested}");
        assert!(desk.session(&agent(), session.record()).await.is_err());
        // With the restriction ends the keeping.
        go(&desk, case, Step::AnnounceLifting).await;
        go(&desk, case, Step::Sent(Sent::Lifting)).await;
        go(&desk, case, Step::Lift).await;
        clock.advance(TimeDelta::hours(2));
        desk.sweep().await.unwrap();
        let survey = desk.store().survey(clock.now()).await.unwrap();
        // The ticket is gone; that the restriction ended is a statement more.
        assert!(
            survey.readable < kept + 1,
            "{ground}: {} left",
            survey.readable
        );
    }
}

#[tokio::test]
async fn p108_a_restriction_ends_after_the_case_and_the_notice() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let session = orla_wrote(&desk, &clock).await;
    let request = restriction(&clock, Ground::AccuracyContested);
    let case = ask(&desk, &request).await.case;
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::StillNeeded);
    answered(&desk, case).await;
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::NoticeFirst);
    let told = go(&desk, case, Step::AnnounceLifting).await;
    let notice = Effect::NoticeOfLifting(AnswerTo::Person);
    assert!(told.todo.contains(&notice));
    assert_eq!(why_not(&desk, case, Step::Lift).await, Why::NoticeFirst);
    assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
}

#[tokio::test]
async fn p108_a_restriction_that_ends_leaves_the_one_of_another_case() {
    let clock = clock();
    let place = Place::new("crm");
    let desk = desk(&clock, &[&place]).await;
    let session = orla_wrote(&desk, &clock).await;
    let contested = restriction(&clock, Ground::AccuracyContested);
    let first = ask(&desk, &contested).await.case;
    clock.advance(TimeDelta::hours(1));
    let second = ask(&desk, &contested).await.case;
    for case in [first, second] {
        answered(&desk, case).await;
        assert!(place.limits(ORLA), "the other case still limits it");
        assert_eq!(refused(&desk, &session).await, Some("not_permitted"));
        go(&desk, case, Step::AnnounceLifting).await;
        go(&desk, case, Step::Sent(Sent::Lifting)).await;
        go(&desk, case, Step::Lift).await;
    }
    assert!(!place.limits(ORLA));
    assert_eq!(refused(&desk, &session).await, None);
}

#[tokio::test]
async fn p117_special_categories_need_more_than_low_harm() {
    let clock = clock();
    let shop = tactful::Controller::new("Oak SAS", "privacy@oak.example", "FR", "Europe/Paris");
    let desk = crate::builder(&clock)
        .in_memory()
        .controller(crate::shop(), shop.unwrap().with_special_categories())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(crate::shop())).await.unwrap();
    let contested = restriction(&clock, Ground::AccuracyContested);
    let case = ask(&desk, &contested).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
    let error = desk.advance(&officer(), case, step).await.unwrap_err();
    use tactful::gdpr_rights::{Error as Rights, request::identity::Level};
    assert!(
        matches!(error, Error::Rights(Rights::NotEnough(Level::Channel))),
        "{error}"
    );
    // The use is limited all the same.
    assert!(
        desk.case(&officer(), case)
            .await
            .unwrap()
            .case
            .is_restricted()
    );
}
