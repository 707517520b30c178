//! Promises about keeping, as they are kept by the house as a whole; each crate has those of its own mechanism.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::retention_policy::{Category, Role, Stage};
use tactful::suggest_core::{Decision, DiscardReason};
use tactful::{Clock, Suggested};

use crate::{builder, by, clock, desk, shop, ticket};

/// "Kept only for the short time it takes to produce and deliver the suggestion": the decision ends it, no timer.
#[tokio::test]
async fn p034_delivery_destroys_the_ticket_at_once() {
    let clock = clock();
    let desk = desk(&clock).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("no draft");
    };
    let shown = desk.show(&agent, &session, &proposal).await.unwrap();
    desk.decide(&agent, &session, shown, Decision::Accept)
        .await
        .unwrap();
    assert!(
        desk.session(&agent, session.record())
            .await
            .unwrap_err()
            .is_expired()
    );
    let stage = desk
        .store()
        .stage(session.record(), shop(), clock.now())
        .await;
    assert!(stage.is_err() || stage.is_ok_and(|stage| stage >= Stage::Shredded));
}

/// "Stored for less than 24 hours": no ticket is ever older, and the team hears three hours before.
#[tokio::test]
async fn p035_no_ticket_is_ever_a_day_old() {
    let clock = clock();
    let desk = desk(&clock).await;
    let day = TimeDelta::hours(24);
    for hour in 0..60 {
        let id = format!("T-{hour}");
        desk.ingest(&by(Role::Agent), &ticket(&id)).await.unwrap();
        clock.advance(TimeDelta::hours(1));
        desk.sweep().await.unwrap();
        let health = desk.health().await.unwrap();
        assert!(health.oldest_ticket.unwrap() < day);
        assert_eq!(health.overdue, 0);
        assert_eq!(health.unanswered > 0, hour >= 19, "{hour}");
    }
}

/// "Not used by the agent ... after a maximum of 30 days", counted in the report.
#[tokio::test]
async fn p037_a_draft_nobody_used_is_gone_before_thirty_days() {
    let clock = clock();
    let desk = builder(&clock).in_memory();
    let desk = desk
        .signing_key(SigningKey::from_bytes(&[7; 32]))
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("no draft");
    };
    let shown = desk.show(&agent, &session, &proposal).await.unwrap();
    let reason = DiscardReason::Tone;
    desk.decide(&agent, &session, shown, Decision::Discard { reason })
        .await
        .unwrap();
    let made = clock.now().date_naive();
    clock.advance(TimeDelta::days(30) - TimeDelta::minutes(1));
    desk.sweep().await.unwrap();
    let days = made..=clock.now().date_naive();
    let report = desk
        .deletion_report(&by(Role::PrivacyOfficer), days)
        .await
        .unwrap();
    let drafts: u64 = report
        .total()
        .sums()
        .filter(|(category, ..)| *category == Category::Draft)
        .map(|(.., records)| records)
        .sum();
    assert_eq!(drafts, 1);
}
