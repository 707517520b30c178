//! A processor refers, helps, and leaves the answer to its client.

use chrono::TimeDelta;
use tactful::crypto_store::Accessor;
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{
    AnswerTo, AnswerableBy, Effect, Extent, Message as Sent, Status, Why,
};
use tactful::retention_policy::{ActorId, Role, TenantId};
use tactful::{Clock, Error, RightsRequest, Step};

use super::place::Place;
use super::{ORLA, all, ask, desk, go, officer, orla, orla_wrote, unpack};
use crate::clock;

#[tokio::test]
async fn p118_the_reply_names_no_client_and_the_case_goes_to_it() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let intake = ask(&desk, &request).await;
    for text in [intake.reply.subject(), intake.reply.body()] {
        assert!(!text.contains("Lantern") && !text.contains("lantern"));
    }
    let referred = go(&desk, intake.case, Step::Refer).await;
    assert_eq!(referred.case.status(), Status::Referred);
    assert!(referred.todo.contains(&Effect::ReferToController));
    // Nothing is done on substance before the client says so.
    for step in [Step::Approve(Extent::Full), Step::Execute, Step::Deliver] {
        let error = desk.advance(&officer(), intake.case, step).await;
        assert!(matches!(error, Err(Error::Step(_))), "{error:?}");
    }
}

#[tokio::test]
async fn p119_a_referred_case_stays_open_until_the_client_closes_it() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let intake = ask(&desk, &request).await;
    let case = intake.case;
    go(&desk, case, Step::Refer).await;
    // The client is silent: reminded, late, open.
    clock.advance(TimeDelta::days(27));
    let reminded = go(&desk, case, Step::Day).await;
    assert!(
        reminded.todo.iter().any(|e| matches!(
            e,
            Effect::Remind {
                whom: AnswerableBy::Controller,
                ..
            }
        )),
        "{:?}",
        reminded.todo
    );
    clock.advance(TimeDelta::days(60));
    let late = go(&desk, case, Step::Day).await;
    assert_eq!(late.case.status(), Status::Referred);
    let stranger = Accessor::new(
        ActorId::from_random([8; 16]),
        Role::PrivacyOfficer,
        TenantId::from_random([9; 16]),
    );
    let error = desk
        .advance(&stranger, case, Step::ControllerClosed)
        .await
        .unwrap_err();
    assert!(!matches!(error, Error::Step(_)), "{error}");
    let closed = go(&desk, case, Step::ControllerClosed).await;
    assert_eq!(closed.case.status(), Status::ReferredClosed);
    assert_eq!(closed.case.closed(), Some(clock.now()));
}

#[tokio::test]
async fn p112_the_answer_goes_to_the_client_unless_it_says_otherwise() {
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "Orla prefers the morning");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let case = ask(&desk, &request).await.case;
    let view = desk.case(&officer(), case).await.unwrap();
    assert_eq!(view.case.answer_to(), AnswerTo::Controller);
    go(&desk, case, Step::Refer).await;
    desk.instruct(&officer(), case, AnswerTo::Controller)
        .await
        .unwrap();
    go(&desk, case, Step::Approve(Extent::Full)).await;
    go(&desk, case, Step::Execute).await;
    let made = go(&desk, case, Step::Deliver).await;
    assert!(
        made.todo.contains(&Effect::Deliver {
            to: AnswerTo::Controller,
            extent: Extent::Full
        }),
        "{:?}",
        made.todo
    );
    let handover = made.package.unwrap();
    assert!(all(&unpack(&desk, case, &handover).await).contains("prefers the morning"));
    // The client has our result and has not closed the case.
    let sent = go(&desk, case, Step::Sent(Sent::Answer)).await;
    assert!(sent.case.is_returned() && !sent.case.status().is_terminal());
    let error = desk.advance(&officer(), case, Step::Deliver).await;
    let Err(Error::Step(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.why(), Why::Returned);
    let closed = go(&desk, case, Step::ControllerClosed).await;
    assert!(closed.case.status().is_terminal());
}

#[tokio::test]
async fn p118_a_controller_refers_to_nobody() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let error = desk.advance(&officer(), case, Step::Refer).await;
    let Err(Error::Step(error)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(error.why(), Why::NotOurRole);
}
