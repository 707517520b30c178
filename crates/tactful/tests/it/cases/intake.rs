//! What is said at once: the same to everybody, before anybody is looked for, once a message.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tactful::crypto_store::{Accessor, ParcelToken, SeededEntropy};
use tactful::gdpr_rights::request::case::{AnswerTo, Channel, Status};
use tactful::gdpr_rights::{IntakeReply, Right};
use tactful::retention_policy::{ActorId, CaseId, Role, TenantId};
use tactful::{Clock, Customer, Desk, Error, Intake, ManualClock, RightsRequest, Step};

use super::place::{Fault, Place};
use super::{ask, company, desk, key, nobody, officer, orla, orla_wrote};
use crate::{at, builder, clock, shop};

fn text(reply: &IntakeReply) -> String {
    format!("{}\n\n{}", reply.subject(), reply.body())
}

fn objection(clock: &ManualClock, who: Customer) -> RightsRequest {
    RightsRequest::new(Right::Objection, clock.now(), who)
        .as_controller()
        .with_message_id("<4711@mailbox.example>")
}

/// What one person hears, with the reference masked, from a house whose source does this when it is asked to limit the use.
async fn heard(who: Customer, fault: Option<Fault>) -> (String, Vec<String>) {
    let (clock, place) = (clock(), Place::new("crm"));
    if let Some(fault) = fault {
        place.breaks("restrict", fault);
    }
    let desk: Arc<Desk> = Arc::new(desk(&clock, &[&place]).await);
    orla_wrote(&desk, &clock).await;
    let request = objection(&clock, who);
    let heard = Arc::new(Mutex::new(None));
    let mut task = tokio::task::spawn_local({
        let (desk, request) = (Arc::clone(&desk), request.clone());
        let (log, heard) = (Arc::clone(&place.log), Arc::clone(&heard));
        async move {
            desk.request(&officer(), &request, |reply| {
                log.lock().unwrap().push("queued".to_owned());
                *heard.lock().unwrap() = Some(text(reply));
            })
            .await
        }
    });
    if fault == Some(Fault::Hangs) {
        tokio::select! {
            () = place.entered.notified() => {}
            done = &mut task => panic!("nobody was looked for: {done:?}"),
        }
        // The look-up hangs, and the reply is out.
        assert!(heard.lock().unwrap().is_some());
        place.mend();
        place.release.notify_one();
    }
    let done: Result<Result<Intake, Error>, _> = task.await;
    match fault {
        None | Some(Fault::Hangs) => assert!(!done.unwrap().unwrap().pending),
        Some(Fault::Fails) => assert!(done.unwrap().unwrap().pending),
        Some(Fault::Panics) => assert!(done.is_err() || done.unwrap().unwrap().pending),
    }
    place.mend();
    // The message again: the case of the first time, and nothing is queued.
    let again = desk
        .request(&officer(), &request, |_| panic!("queued twice"))
        .await
        .unwrap();
    assert!(again.repeated);
    let case = desk.case(&officer(), again.case).await.unwrap().case;
    assert!(case.is_restricted());
    let heard = heard.lock().unwrap().take().unwrap();
    assert!(heard.contains(&again.case.to_string()));
    assert_eq!(heard, text(&again.reply));
    (
        heard.replace(&again.case.to_string(), "REFERENCE"),
        place.calls(),
    )
}

#[tokio::test]
async fn p097_known_and_unknown_people_hear_the_same_before_anybody_looks() {
    let mut replies = Vec::new();
    for fault in [
        None,
        Some(Fault::Hangs),
        Some(Fault::Fails),
        Some(Fault::Panics),
    ] {
        for who in [orla(), nobody()] {
            let local = tokio::task::LocalSet::new();
            let (reply, calls) = local.run_until(heard(who, fault)).await;
            assert_eq!(
                calls.first().map(String::as_str),
                Some("queued"),
                "{fault:?}"
            );
            assert!(calls.iter().any(|c| c == "crm.restrict"), "{fault:?}");
            assert_eq!(calls.iter().filter(|c| *c == "queued").count(), 1);
            replies.push(reply);
        }
    }
    assert!(
        replies
            .iter()
            .all(|r| r.as_bytes() == replies[0].as_bytes())
    );
    assert!(!replies[0].contains("Lantern"));
}

#[tokio::test]
async fn p097_without_a_source_the_reply_is_the_same_too() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let mut replies = Vec::new();
    for who in [orla(), nobody()] {
        let request = RightsRequest::new(Right::Objection, clock.now(), who).as_controller();
        let intake = ask(&desk, &request).await;
        assert!(!intake.pending && !intake.repeated);
        replies.push(text(&intake.reply).replace(&intake.case.to_string(), "REFERENCE"));
    }
    assert_eq!(replies[0], replies[1]);
}

#[tokio::test]
async fn the_same_message_twice_is_one_case() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).with_message_id("<1@x>");
    let first = ask(&desk, &request).await;
    clock.advance(TimeDelta::days(2));
    let second = desk
        .request(&officer(), &request, |_| panic!("queued twice"))
        .await
        .unwrap();
    assert!(!first.repeated && second.repeated);
    assert_eq!(first.case, second.case);
    assert_eq!(first.reply, second.reply);
    assert_eq!(first.deadline.base().due(), second.deadline.base().due());
    // Another message, and one without an id, are requests of their own.
    let other = RightsRequest::new(Right::Access, clock.now(), orla()).with_message_id("<2@x>");
    let without = RightsRequest::new(Right::Access, clock.now(), orla());
    let mut cases = vec![first.case];
    for request in [&other, &without, &without] {
        let intake = ask(&desk, request).await;
        assert!(!intake.repeated && !cases.contains(&intake.case));
        cases.push(intake.case);
    }
}

#[tokio::test]
async fn the_same_message_id_at_two_clients_is_two_cases() {
    let clock = clock();
    let other = TenantId::from_random([9; 16]);
    let desk = builder(&clock)
        .in_memory()
        .controller(shop(), company())
        .controller(other, company())
        .signing_key(key())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk.onboard(crate::contract(other)).await.unwrap();
    let theirs = Accessor::new(ActorId::from_random([8; 16]), Role::PrivacyOfficer, other);
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).with_message_id("<1@x>");
    let first = ask(&desk, &request).await;
    let mut queued = 0;
    let second = desk
        .request(&theirs, &request, |_| queued += 1)
        .await
        .unwrap();
    assert_eq!((second.repeated, queued), (false, 1));
    assert_ne!(first.case, second.case);
    let error = desk.case(&theirs, first.case).await.unwrap_err();
    assert!(matches!(error, Error::UnknownCase), "{error}");
}

#[tokio::test]
async fn p122_every_way_in_opens_a_case_that_is_dated_at_receipt() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let received = at("2026-02-26T23:30:00Z");
    for channel in Channel::ALL.iter().copied() {
        let request = RightsRequest::new(Right::Access, received, orla()).through(channel);
        let intake = ask(&desk, &request).await;
        let case = desk.case(&officer(), intake.case).await.unwrap().case;
        assert_eq!(case.channel(), channel);
        assert_eq!(case.status(), Status::Received);
        assert_eq!(case.received(), received);
        assert_eq!(case.opened(), clock.now());
        assert_eq!(intake.deadline.received().to_string(), "2026-02-26");
        assert_eq!(intake.deadline.base().due().to_string(), "2026-03-26");
    }
}

/// Says whether a future may move to another thread.
struct Probe<F>(PhantomData<F>);

fn probe<F>(_: &F) -> Probe<F> {
    Probe(PhantomData)
}

impl<F: Send> Probe<F> {
    #[expect(clippy::unused_self, reason = "the type is what is asked")]
    fn is_send(&self) -> bool {
        true
    }
}

trait Otherwise {
    fn is_send(&self) -> bool {
        false
    }
}

impl<F> Otherwise for Probe<F> {}

#[tokio::test]
async fn a_request_can_be_taken_on_any_thread() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let by = officer();
    let request = RightsRequest::new(Right::Access, clock.now(), orla());
    let case = CaseId::from_random([1; 16]);
    let token = ParcelToken::random(&SeededEntropy::insecure(99)).unwrap();
    // The probe tells one from the other.
    assert!(!probe(&std::rc::Rc::new(0)).is_send());
    assert!(probe(&desk.case(&by, case)).is_send());
    assert!(probe(&desk.collect(&by, case, &token)).is_send());
    assert!(probe(&desk.advance(&by, case, Step::Resume)).is_send());
    assert!(probe(&desk.instruct(&by, case, AnswerTo::Person)).is_send());
    assert!(probe(&desk.request(&by, &request, |_| ())).is_send());
}
