//! What was destroyed can be shown, by whoever has the public key.

use std::future::Future;

use chrono::TimeDelta;
use tactful::crypto_store::{Accessor, Reason};
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::retention_policy::{
    ActorId, Breaker, Category, DueReason, HoldReason, Purpose, Query, Role, Scope, Trigger,
};
use tactful::{Clock, Desk, ManualClock, verify_deletion};

use crate::{builder, by, clock, in_dir, shop, ticket};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn second_officer() -> Accessor {
    Accessor::new(ActorId::from_random([5; 16]), Role::PrivacyOfficer, shop())
}

async fn desk(clock: &std::sync::Arc<ManualClock>) -> Desk {
    let desk = builder(clock).in_memory().signing_key(key());
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk
}

#[tokio::test]
async fn each_sweep_leaves_signed_events() {
    let clock = clock();
    let desk = desk(&clock).await;
    for id in ["T-1", "T-2"] {
        desk.ingest(&by(Role::Agent), &ticket(id)).await.unwrap();
    }
    clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(9));
    let plan = desk.plan_sweep().await.unwrap();
    assert_eq!((plan.lines().len(), plan.records()), (1, 2));
    let swept = desk.sweep().await.unwrap();
    assert_eq!(swept.expired.buckets, 1);

    let officer = by(Role::PrivacyOfficer);
    let day = clock.now().date_naive();
    let events = desk.deletions(&officer, day).await.unwrap();
    assert_eq!(events.len(), 1);
    let event = verify_deletion(&events[0], &key().verifying_key()).unwrap();
    assert_eq!((event.tenant, event.category), (shop(), Category::Session));
    assert_eq!((event.records, event.reason), (2, DueReason::Expired));
    assert_eq!(event.plan, plan.hash());
    assert_eq!(event.audit_leaf, swept.expired.ended[0].audit_leaf);
    assert_eq!(event.late_by(), Some(9 * 60));
    for at in [0, 40, events[0].len() - 1] {
        let mut forged = events[0].clone();
        forged[at] ^= 1;
        assert!(verify_deletion(&forged, &key().verifying_key()).is_err());
    }
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(verify_deletion(&events[0], &other).is_err());

    let report = desk.deletion_report(&officer, day..=day).await.unwrap();
    assert_eq!(report.total().records(), 2);
    let page = report.to_html();
    for told in [format!("{report:?}"), report.to_json(), page] {
        for value in ["Orla", "brennigan", "FL-204417", "T-1"] {
            assert!(!told.contains(value), "{value}");
        }
    }
    // Who answers customers reads no reports, and another client's officer sees none of it.
    let denied = desk.deletions(&by(Role::Agent), day).await.unwrap_err();
    assert!(denied.is_denied(), "{denied}");
    let other = tactful::retention_policy::TenantId::from_random([77; 16]);
    let stranger = Accessor::new(ActorId::from_random([6; 16]), Role::PrivacyOfficer, other);
    assert!(desk.deletions(&stranger, day).await.unwrap().is_empty());
    // A sweep that destroys nothing proves nothing.
    desk.sweep().await.unwrap();
    assert_eq!(desk.deletions(&officer, day).await.unwrap().len(), 1);
}

#[tokio::test]
async fn proofs_outlive_a_restart_and_the_tenant() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let officer = by(Role::PrivacyOfficer);
    {
        let desk = in_dir(&clock, dir.path())
            .signing_key(key())
            .open()
            .await
            .unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
        clock.advance(TimeDelta::hours(24));
        desk.sweep().await.unwrap();
        let why = Reason::new(Purpose::AnswerRequest);
        let ended = desk.store().end_tenant(&officer, &why, clock.now());
        ended.await.unwrap();
    }
    let desk = in_dir(&clock, dir.path())
        .signing_key(key())
        .open()
        .await
        .unwrap();
    let day = clock.now().date_naive();
    let events = desk.deletions(&officer, day).await.unwrap();
    assert_eq!(events.len(), 1);
    assert!(verify_deletion(&events[0], &key().verifying_key()).is_ok());
}

#[tokio::test]
async fn the_report_says_what_was_not_destroyed_and_why() {
    let clock = clock();
    let breaker = Breaker {
        floor: 0,
        ..Breaker::default()
    };
    let desk = builder(&clock)
        .in_memory()
        .signing_key(key())
        .breaker(breaker);
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let (agent, officer) = (by(Role::Agent), by(Role::PrivacyOfficer));
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let query = Query::new(Some(Category::Session), None, None).unwrap();
    let hold = desk
        .place_hold(&officer, Scope::Query(query), HoldReason::LegalClaim, None)
        .await
        .unwrap();
    clock.advance(TimeDelta::hours(24));
    let swept = desk.sweep().await.unwrap();
    assert_eq!(swept.expired.kept, 1);

    // Two people let go of it, and neither alone.
    assert!(desk.release_hold(&officer, hold).await.is_err());
    desk.ask_release(&officer, hold).await.unwrap();
    assert!(desk.release_hold(&officer, hold).await.is_err());
    assert_eq!(desk.release_hold(&second_officer(), hold).await.unwrap(), 1);
    assert!(
        desk.session(&agent, session.record())
            .await
            .unwrap_err()
            .is_expired()
    );

    let other = desk.ingest(&agent, &ticket("T-2")).await.unwrap();
    let now = clock.now();
    let closed = DueReason::PurposeOver(Trigger::TicketClosed);
    let why = Reason::new(Purpose::DraftReply);
    desk.store()
        .shorten(other.record(), now, closed, &agent, &why, now)
        .await
        .unwrap();
    assert_eq!(desk.sweep().await.unwrap().expired.early, 0);
    let day = now.date_naive();
    clock.jump_to(now + TimeDelta::days(400));
    for _ in 0..3 {
        desk.sweep().await.unwrap();
    }
    clock.jump_to(now);
    let report = desk.deletion_report(&officer, day..=day).await.unwrap();
    let mut notes: Vec<&str> = report.notes().iter().map(|n| n.what.code()).collect();
    notes.sort_unstable();
    notes.dedup();
    assert_eq!(notes, ["clock_ahead", "held", "tripped"]);
    let ahead = report
        .notes()
        .iter()
        .filter(|n| n.what.code() == "clock_ahead");
    assert_eq!(ahead.count(), 1, "once a day");
    let page = report.to_html();
    assert!(page.contains("The clock jumped ahead") && page.contains("kept by a hold"));
}

#[tokio::test]
async fn a_plan_that_drifted_destroys_nothing() {
    let clock = clock();
    let desk = desk(&clock).await;
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    clock.advance(TimeDelta::hours(24));
    let plan = desk.plan_sweep().await.unwrap();
    desk.sweep().await.unwrap();
    let drifted = desk.execute(&plan, &plan.hash(), None).await.unwrap_err();
    assert!(drifted.to_string().contains("plan"), "{drifted}");
}

#[tokio::test]
async fn without_a_key_there_is_no_proof_and_health_says_so() {
    let clock = clock();
    let desk = crate::desk(&clock).await;
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    clock.advance(TimeDelta::hours(24));
    assert_eq!(desk.sweep().await.unwrap().expired.buckets, 1);
    let (officer, day) = (by(Role::PrivacyOfficer), clock.now().date_naive());
    assert!(desk.deletion_report(&officer, day..=day).await.is_err());
    let health = desk.health().await.unwrap();
    assert!(!health.proves && health.unproven == 0);
}

/// However far a sweep came before its process ended, what it destroyed is proved once by the next one.
#[tokio::test]
async fn a_sweep_that_is_cut_off_anywhere_is_proved() {
    let (mut cut, mut after_keys) = (0, 0);
    for polls in (1..).step_by(2) {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let open = async || {
            let desk = in_dir(&clock, dir.path()).signing_key(key());
            desk.open().await.unwrap()
        };
        let desk = open().await;
        desk.onboard(crate::contract(shop())).await.unwrap();
        for id in ["T-1", "T-2"] {
            desk.ingest(&by(Role::Agent), &ticket(id)).await.unwrap();
        }
        clock.advance(TimeDelta::hours(23) + TimeDelta::minutes(9));
        let mut left = polls;
        let swept = {
            let mut sweep = Box::pin(desk.sweep());
            let swept = std::future::poll_fn(|context| {
                left -= 1;
                match sweep.as_mut().poll(context) {
                    std::task::Poll::Pending if left == 0 => std::task::Poll::Ready(None),
                    other => other.map(Some),
                }
            });
            swept.await
        };
        drop(desk);
        // Whoever opens it without the key, and sweeps when the keys are gone, leaves the proof to who has it.
        let without = in_dir(&clock, dir.path()).open().await.unwrap();
        if without.plan_sweep().await.unwrap().lines().is_empty() {
            without.sweep().await.unwrap();
        }
        drop(without);
        let desk = open().await;
        let day = clock.now().date_naive();
        let officer = by(Role::PrivacyOfficer);
        let proved = desk.deletions(&officer, day).await.unwrap();
        let gone = desk.plan_sweep().await.unwrap().lines().is_empty();
        after_keys += u32::from(gone && proved.is_empty());

        desk.sweep().await.unwrap();
        let proved = desk.deletions(&officer, day).await.unwrap();
        let events: Vec<_> = proved
            .iter()
            .map(|bytes| verify_deletion(bytes, &key().verifying_key()).unwrap())
            .collect();
        assert_eq!(events.len(), 1, "{polls} polls: {events:?}");
        assert_eq!(
            (events[0].records, events[0].category),
            (2, Category::Session)
        );
        let leaf = desk.store().audit(events[0].audit_leaf, 1).await.unwrap();
        assert_eq!(leaf[0].1.action, tactful::retention_policy::Action::Sweep);
        assert_eq!(desk.health().await.unwrap().unproven, 0);
        assert!(desk.verify_audit().await.unwrap().intact);
        if swept.is_some() {
            break;
        }
        cut += 1;
    }
    assert!(
        cut > 5 && after_keys > 0,
        "{cut} cuts, {after_keys} behind the keys"
    );
}
