//! What happens to a record ends it when the policy says, and no later.

use std::sync::Arc;

use chrono::TimeDelta;
use tactful::crypto_store::Reason;
use tactful::gdpr_rights::Statement;
use tactful::retention_policy::{Category, DueReason, LegalBasis, Policy, Purpose, RecordId, Role};
use tactful::suggest_core::Decision;
use tactful::{Clock, Desk, ManualClock, Proposal, Session, Suggested};

use crate::{at, builder, by, clock, contract, desk, in_dir, shop, ticket};

const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

fn policy(rules: &[(&str, &str, &str)]) -> Policy {
    let rules = rules.iter().map(|(category, trigger, after)| {
        format!(
            "[[rule]]\ncategory = \"{category}\"\ntrigger = \"{trigger}\"\nafter = \"{after}\"\n"
        )
    });
    let rules: String = rules.collect();
    Policy::from_toml(&format!("schema = 1\nversion = 1\n{rules}")).unwrap()
}

async fn under(policy: Policy, clock: &Arc<ManualClock>) -> Desk {
    let desk = builder(clock)
        .in_memory()
        .policy(policy)
        .open()
        .await
        .unwrap();
    desk.onboard(contract(shop())).await.unwrap();
    desk
}

async fn drafted(desk: &Desk) -> (Session, Proposal) {
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    match desk.suggest(&by(Role::Agent), &session).await.unwrap() {
        Suggested::Draft(draft) => (session, *draft),
        Suggested::None(why) => panic!("{why:?}"),
    }
}

async fn accept(desk: &Desk, session: &Session, draft: &Proposal) {
    let agent = by(Role::Agent);
    let shown = desk.show(&agent, session, draft).await.unwrap();
    desk.decide(&agent, session, shown, Decision::Accept)
        .await
        .unwrap();
}

async fn there(desk: &Desk, record: RecordId, clock: &ManualClock) -> bool {
    let officer = by(Role::PrivacyOfficer);
    desk.store()
        .get(record, &officer, &BY_LAW, clock.now())
        .await
        .is_ok()
}

#[tokio::test]
async fn p034_a_ticket_that_was_used_is_gone_at_once_and_it_is_told_how_soon() {
    let clock = clock();
    let desk = desk(&clock).await;
    let (session, draft) = drafted(&desk).await;
    assert_eq!(desk.time_to_delete().records, 0);
    accept(&desk, &session, &draft).await;
    assert!(!there(&desk, session.record(), &clock).await);
    assert!(
        there(&desk, draft.record(), &clock).await,
        "the house keeps it for templates"
    );
    let told = desk.time_to_delete();
    assert_eq!((told.records, told.longest), (1, TimeDelta::zero()));
}

/// What ended at once is proved with the next sweep, by the entry of the audit that says so, and is in the report of the day.
#[tokio::test]
async fn p034_what_ended_with_its_delivery_is_proved() {
    let clock = clock();
    let key = tactful::gdpr_rights::request::sign::SigningKey::from_bytes(&[7; 32]);
    let desk = crate::builder(&clock).in_memory().signing_key(key.clone());
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let (session, draft) = drafted(&desk).await;
    accept(&desk, &session, &draft).await;
    let (officer, day) = (by(Role::PrivacyOfficer), clock.now().date_naive());
    assert!(desk.deletions(&officer, day).await.unwrap().is_empty());
    assert_eq!(desk.health().await.unwrap().unproven, 0);
    clock.advance(TimeDelta::minutes(1));
    desk.sweep().await.unwrap();
    desk.sweep().await.unwrap();
    let proofs = desk.deletions(&officer, day).await.unwrap();
    assert_eq!(proofs.len(), 1);
    let event = tactful::verify_deletion(&proofs[0], &key.verifying_key()).unwrap();
    assert_eq!((event.category, event.records), (Category::Session, 1));
    assert!(
        matches!(event.reason, DueReason::PurposeOver(_)),
        "{event:?}"
    );
    assert_eq!(event.at, clock.now() - TimeDelta::minutes(1));
    assert_ne!(event.key_fingerprint, [0; 32]);
    let (_, entry) = &desk.store().audit(event.audit_leaf, 1).await.unwrap()[0];
    assert_eq!(entry.action, tactful::retention_policy::Action::Shred);
    let report = desk.deletion_report(&officer, day..=day).await.unwrap();
    assert_eq!(report.total().records(), 1);
}

#[tokio::test]
async fn a_policy_says_how_long_after_use_a_ticket_and_its_draft_are_there() {
    let clock = clock();
    let rules = [
        ("session", "used", "1h"),
        ("session", "delivered", "2h"),
        ("draft", "used", "3h"),
    ];
    let desk = under(policy(&rules), &clock).await;
    let (session, draft) = drafted(&desk).await;
    clock.advance(TimeDelta::minutes(30));
    accept(&desk, &session, &draft).await;
    clock.advance(TimeDelta::minutes(59));
    assert!(there(&desk, session.record(), &clock).await);
    clock.advance(TimeDelta::minutes(1));
    assert!(!there(&desk, session.record(), &clock).await);
    clock.advance(TimeDelta::minutes(119));
    assert!(there(&desk, draft.record(), &clock).await);
    clock.advance(TimeDelta::minutes(1));
    assert!(!there(&desk, draft.record(), &clock).await);
    assert_eq!(desk.sweep().await.unwrap().expired.early, 2);
}

#[tokio::test]
async fn p045_a_closed_ticket_ends_with_its_drafts() {
    let clock = clock();
    let desk = under(policy(&[("draft", "ticket_closed", "0s")]), &clock).await;
    let (session, draft) = drafted(&desk).await;
    let agent = by(Role::Agent);
    assert!(!desk.ticket_closed(&agent, "T-2").await.unwrap());
    assert!(desk.ticket_closed(&agent, "T-1").await.unwrap());
    // Nobody will use it, and the house ends a session whose draft was discarded.
    assert!(!there(&desk, session.record(), &clock).await);
    assert!(!there(&desk, draft.record(), &clock).await);
    assert!(
        desk.show(&agent, &session, &draft)
            .await
            .is_err_and(|e| e.is_stale())
    );
}

#[tokio::test]
async fn a_ticket_of_an_earlier_process_is_closed_too() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let rules = policy(&[
        ("draft", "ticket_closed", "1h"),
        ("session", "ticket_closed", "0s"),
    ]);
    let (session, draft) = {
        let desk = in_dir(&clock, dir.path())
            .policy(rules)
            .open()
            .await
            .unwrap();
        desk.onboard(contract(shop())).await.unwrap();
        drafted(&desk).await
    };
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    assert!(desk.ticket_closed(&by(Role::Agent), "T-1").await.unwrap());
    assert!(!there(&desk, session.record(), &clock).await);
    assert!(there(&desk, draft.record(), &clock).await);
    clock.advance(TimeDelta::hours(1));
    assert!(!there(&desk, draft.record(), &clock).await);
}

#[tokio::test]
async fn p045_what_rests_on_consent_ends_when_it_is_taken_back() {
    for (basis, stays) in [
        (LegalBasis::Consent, false),
        (LegalBasis::LegitimateInterests, true),
    ] {
        let clock = clock();
        let desk = builder(&clock)
            .in_memory()
            .legal_basis(basis)
            .open()
            .await
            .unwrap();
        desk.onboard(contract(shop())).await.unwrap();
        let agent = by(Role::Agent);
        let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
        let said = |statement| desk.state(&agent, session.subject(), statement);
        said(Statement::Consent(Purpose::DraftReply)).await.unwrap();
        let Suggested::Draft(draft) = desk.suggest(&agent, &session).await.unwrap() else {
            panic!("a draft");
        };
        said(Statement::Withdrawal(Purpose::PrepareReply))
            .await
            .unwrap();
        assert!(there(&desk, session.record(), &clock).await);
        said(Statement::Withdrawal(Purpose::DraftReply))
            .await
            .unwrap();
        assert_eq!(there(&desk, session.record(), &clock).await, stays);
        assert_eq!(there(&desk, draft.record(), &clock).await, stays);
    }
}

#[tokio::test]
async fn what_nobody_works_on_ends_after_the_last_activity() {
    let clock = clock();
    let desk = under(policy(&[("session", "last_activity", "2h")]), &clock).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    desk.suggest(&agent, &session).await.unwrap();
    clock.advance(TimeDelta::minutes(90));
    desk.sweep().await.unwrap();
    assert!(there(&desk, session.record(), &clock).await);
    clock.advance(TimeDelta::minutes(30));
    desk.sweep().await.unwrap();
    assert!(!there(&desk, session.record(), &clock).await);
}

#[tokio::test]
async fn the_end_of_a_contract_is_an_event_too() {
    let clock = clock();
    let desk = builder(&clock)
        .in_memory()
        .policy(policy(&[("draft", "contract_end", "7d")]));
    let key = tactful::gdpr_rights::request::sign::SigningKey::from_bytes(&[7; 32]);
    let desk = desk.signing_key(key).open().await.unwrap();
    desk.onboard(contract(shop())).await.unwrap();
    let (_, draft) = drafted(&desk).await;
    let operator = crate::clients::for_the_shop();
    let choice = tactful::retention_policy::Choice::Return;
    desk.offboard(&operator, choice).await.unwrap();
    assert!(there(&desk, draft.record(), &clock).await);
    let (officer, over) = (by(Role::PrivacyOfficer), at("2026-03-09T09:07:00Z"));
    let gone = desk
        .store()
        .get(draft.record(), &officer, &BY_LAW, over)
        .await;
    assert!(gone.is_err_and(|e| e.is_expired()));
}
