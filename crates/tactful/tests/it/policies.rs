//! Policies: tried on what there is, approved, adopted, and in force after a restart.

use chrono::TimeDelta;
use tactful::crypto_store::Reason;
use tactful::retention_policy::{ActorId, Category, Policy, Purpose, Role};
use tactful::{Desk, Error, Suggested};

use crate::{by, clock, contract, desk, in_dir, shop, ticket};

const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

fn policy(version: u32, rules: &str) -> Policy {
    Policy::from_toml(&format!("schema = 1\nversion = {version}\n{rules}")).unwrap()
}

fn rule(category: &str, trigger: &str, after: &str) -> String {
    format!("[[rule]]\ncategory = \"{category}\"\ntrigger = \"{trigger}\"\nafter = \"{after}\"\n")
}

fn ana() -> ActorId {
    by(Role::PrivacyOfficer).actor()
}

async fn draft(desk: &Desk) -> tactful::Proposal {
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    match desk.suggest(&by(Role::Agent), &session).await.unwrap() {
        Suggested::Draft(draft) => *draft,
        Suggested::None(why) => panic!("{why:?}"),
    }
}

#[tokio::test]
async fn a_shorter_policy_ends_what_is_over_by_it() {
    let clock = clock();
    let desk = desk(&clock).await;
    let (officer, draft) = (by(Role::PrivacyOfficer), draft(&desk).await);
    clock.advance(TimeDelta::days(10));
    desk.sweep().await.unwrap();
    let newer = policy(2, &rule("draft", "created", "7d"));

    let before = desk.verify_audit().await.unwrap().leaves;
    let change = desk.policy_change(&officer, &newer).await.unwrap();
    assert_eq!(desk.verify_audit().await.unwrap().leaves, before + 1);
    assert_eq!(change.dry_run.ends_now_total(), 1);
    assert!(!change.diff.lengthens());
    assert!(desk.policy_change(&by(Role::Agent), &newer).await.is_err());
    assert!(
        desk.store()
            .get(
                draft.record(),
                &officer,
                &BY_LAW,
                crate::at("2026-03-12T09:07:00Z")
            )
            .await
            .is_ok()
    );

    let approved = desk.policy().approve(&newer, ana(), None).unwrap();
    let adopted = desk.adopt(&approved).await.unwrap();
    assert_eq!(adopted.shortened, 1);
    assert_eq!(desk.contract(shop()).unwrap().policy(), 2);
    let now = crate::at("2026-03-12T09:07:00Z");
    let gone = desk
        .store()
        .get(draft.record(), &officer, &BY_LAW, now)
        .await;
    assert!(gone.is_err_and(|e| e.is_expired()));
    assert_eq!(desk.sweep().await.unwrap().expired.early, 1);

    // What was compared is not in force any more.
    assert!(matches!(desk.adopt(&approved).await, Err(Error::Policy(_))));
}

#[tokio::test]
async fn a_longer_policy_needs_two_and_puts_no_end_off() {
    let clock = clock();
    let desk = desk(&clock).await;
    let short = policy(2, &rule("draft", "created", "7d"));
    desk.adopt(&desk.policy().approve(&short, ana(), None).unwrap())
        .await
        .unwrap();
    let draft = draft(&desk).await;
    let longer = policy(3, &rule("draft", "created", "14d"));
    assert!(desk.policy().approve(&longer, ana(), None).is_err());
    let ben = ActorId::from_random([9; 16]);
    let approved = desk.policy().approve(&longer, ana(), Some(ben)).unwrap();
    let adopted = desk.adopt(&approved).await.unwrap();
    assert_eq!(adopted.shortened, 0);
    let at = crate::at("2026-03-09T09:07:00Z");
    let gone = desk
        .store()
        .get(draft.record(), &by(Role::PrivacyOfficer), &BY_LAW, at)
        .await;
    assert!(gone.is_err_and(|e| e.is_expired()));
}

#[tokio::test]
async fn the_policy_in_force_survives_a_restart_and_no_other_is_taken() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let newer = policy(2, &rule("session", "created", "3h"));
    {
        let desk = in_dir(&clock, dir.path()).open().await.unwrap();
        desk.onboard(contract(shop())).await.unwrap();
        desk.adopt(&desk.policy().approve(&newer, ana(), None).unwrap())
            .await
            .unwrap();
    }
    let older = in_dir(&clock, dir.path())
        .policy(Policy::default())
        .open()
        .await;
    assert!(matches!(
        older,
        Err(Error::NotInForce {
            given: 1,
            in_force: 2
        })
    ));
    let unapproved = policy(3, &rule("session", "created", "2h"));
    let refused = in_dir(&clock, dir.path()).policy(unapproved).open().await;
    assert!(matches!(
        refused,
        Err(Error::NotInForce {
            given: 3,
            in_force: 2
        })
    ));
    drop((older, refused));
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    assert_eq!(*desk.policy(), newer);
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    assert_eq!(session.expires_at(), crate::at("2026-03-02T12:07:00Z"));
    drop(desk);
    let desk = in_dir(&clock, dir.path())
        .policy(newer)
        .open()
        .await
        .unwrap();
    assert_eq!(desk.contract(shop()).unwrap().policy(), 2);
}

#[tokio::test]
async fn a_tenant_s_own_rule_and_an_archive_hold_from_the_first_record() {
    let clock = clock();
    let own = format!(
        "{}tenant = \"{}\"\n",
        rule("session", "created", "2h"),
        shop().to_string().replace('-', "")
    );
    let archive = "[[rule]]\ncategory = \"draft\"\ntrigger = \"created\"\nafter = \"1d\"\naction = \"archive\"\n\
        [rule.archive]\nfor = \"6d\"\nreaders = [\"privacy_officer\"]\n";
    let desk = crate::builder(&clock)
        .in_memory()
        .policy(policy(1, &format!("{own}{archive}")));
    let desk = desk.open().await.unwrap();
    desk.onboard(contract(shop())).await.unwrap();
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    assert_eq!(session.expires_at(), crate::at("2026-03-02T11:07:00Z"));
    let draft = draft_of(&desk, &session).await;
    let (agent, officer) = (by(Role::Agent), by(Role::PrivacyOfficer));
    let reply = Reason::new(Purpose::DraftReply);
    let day = crate::at("2026-03-03T09:07:00Z");
    assert!(
        desk.store()
            .get(draft, &agent, &reply, session.expires_at())
            .await
            .is_ok()
    );
    assert!(
        desk.store()
            .get(draft, &agent, &reply, day)
            .await
            .is_err_and(|e| e.is_denied())
    );
    let opened = desk
        .store()
        .get(draft, &officer, &BY_LAW, day)
        .await
        .unwrap();
    assert_eq!(opened.meta().category(), Category::Draft);
    assert_eq!(
        opened.meta().expires_at(),
        crate::at("2026-03-09T09:07:00Z")
    );
}

async fn draft_of(desk: &Desk, session: &tactful::Session) -> tactful::retention_policy::RecordId {
    match desk.suggest(&by(Role::Agent), session).await.unwrap() {
        Suggested::Draft(draft) => draft.record(),
        Suggested::None(why) => panic!("{why:?}"),
    }
}

#[tokio::test]
async fn an_adoption_that_was_killed_is_finished_by_the_next_sweep() {
    use std::future::Future;
    use std::task::Poll;

    let newer = policy(2, &rule("draft", "created", "7d"));
    for polls in 1.. {
        let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
        let desk = in_dir(&clock, dir.path()).open().await.unwrap();
        desk.onboard(contract(shop())).await.unwrap();
        let draft = draft(&desk).await;
        clock.advance(TimeDelta::days(10));
        desk.sweep().await.unwrap();
        let approved = desk.policy().approve(&newer, ana(), None).unwrap();
        let whole = {
            let mut left = polls;
            let mut adopt = std::pin::pin!(desk.adopt(&approved));
            let adopted = std::future::poll_fn(|context| {
                left -= 1;
                match adopt.as_mut().poll(context) {
                    Poll::Pending if left == 0 => Poll::Ready(None),
                    other => other.map(Some),
                }
            });
            adopted.await.is_some()
        };
        drop(desk);
        let desk = in_dir(&clock, dir.path()).open().await.unwrap();
        desk.sweep().await.unwrap();
        desk.sweep().await.unwrap();
        let now = crate::at("2026-03-12T09:07:00Z");
        let there = desk
            .store()
            .get(draft.record(), &by(Role::PrivacyOfficer), &BY_LAW, now)
            .await;
        let version = desk.policy().version();
        assert_eq!(there.is_ok(), version == 1, "{polls}");
        assert_eq!(desk.contract(shop()).unwrap().policy(), version);
        if whole {
            assert_eq!(version, 2);
            break;
        }
    }
}
