//! Promises about keeping, as they are kept by the house as a whole; each crate has those of its own mechanism.

use chrono::TimeDelta;
use tactful::retention_policy::{Role, Stage};
use tactful::suggest_core::{Decision, DiscardReason};
use tactful::{Clock, Suggested};

use crate::templates::{PEOPLE, drafts, lines, mail, opened, pass, report, seven};
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

/// "Not used by the agent ... anonymised or deleted after a maximum of 30 days": what six have in common is a template, the one
/// that says something else is gone, whether somebody threw it away or never looked; and the report counts both.
#[tokio::test]
async fn p037_a_draft_nobody_used_is_a_template_or_gone_before_thirty_days() {
    let clock = clock();
    let desk = opened(builder(&clock).in_memory()).await;
    let agent = by(Role::Agent);
    let all = seven(&desk).await;
    for (session, proposal) in &all[..3] {
        let shown = desk.show(&agent, session, proposal).await.unwrap();
        let reason = DiscardReason::Tone;
        let discard = Decision::Discard { reason };
        desk.decide(&agent, session, shown, discard).await.unwrap();
    }
    pass(&desk, &clock, 29).await;
    clock.advance(TimeDelta::hours(24) - TimeDelta::minutes(1));
    desk.sweep().await.unwrap();
    for (_, proposal) in &all {
        let stage = desk.store().stage(proposal.record(), shop(), clock.now());
        let stage = stage.await;
        assert!(stage.is_err() || stage.is_ok_and(|stage| stage >= Stage::Shredded));
    }
    let report = report(&desk, &clock).await;
    assert_eq!(drafts(&report), (7, 6));
    assert!(report.to_json().contains("\"templates\":6"));
    let told: String = lines(&desk).await.into_iter().collect();
    assert!(told.contains("The return is free"));
    for (n, person) in PEOPLE.iter().enumerate() {
        let names = person.split(' ').map(str::to_owned);
        for value in names.chain([mail(n), format!("FL-20441{n}")]) {
            assert!(!told.contains(&value), "{value}");
        }
    }
}
