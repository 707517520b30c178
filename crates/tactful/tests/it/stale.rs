//! Drafts of a ticket that has moved on: not shown, not sent, whatever happens at once.

use std::sync::Arc;

use tactful::retention_policy::Role;
use tactful::suggest_core::{Author, Decision, DiscardReason, Outcome};
use tactful::{Customer, Desk, Message, Proposal, Session, Shown, Suggested, Ticket};

use crate::{TEXT, by, clock, desk, in_dir, shop, ticket};

/// The ticket with so many messages: the customer's first, then answers and questions in turn.
fn longer(id: &str, messages: usize) -> Ticket {
    let customer = Customer::new()
        .with_name("Orla Brennigan")
        .with_email("orla.brennigan@mailbox.example");
    let mut thread = vec![Message::new(Author::Customer, None, TEXT)];
    for n in 1..messages {
        let (author, text) = match n % 2 {
            1 => (Author::Agent, "We have looked into it."),
            _ => (Author::Customer, "How can I return the lamp, please?"),
        };
        thread.push(Message::new(author, None, text));
    }
    Ticket::new(id, Some(customer), thread).unwrap()
}

async fn drafted(desk: &Desk, session: &Session) -> Proposal {
    match desk.suggest(&by(Role::Agent), session).await.unwrap() {
        Suggested::Draft(proposal) => *proposal,
        Suggested::None(reason) => panic!("no draft: {}", reason.code()),
    }
}

async fn shown(desk: &Desk, session: &Session, proposal: &Proposal) -> Shown {
    let agent = by(Role::Agent);
    desk.show(&agent, session, proposal).await.unwrap()
}

#[tokio::test]
async fn a_newer_message_makes_drafts_stale() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let (first, second) = (
        drafted(&desk, &session).await,
        drafted(&desk, &session).await,
    );
    let seen = shown(&desk, &session, &first).await;
    let newer = desk.ingest(&agent, &longer("T-1", 3)).await.unwrap();
    for proposal in [&first, &second] {
        let error = desk.show(&agent, &session, proposal).await.unwrap_err();
        assert!(error.is_stale(), "{error}");
    }
    let error = desk
        .decide(&agent, &session, seen, Decision::Accept)
        .await
        .unwrap_err();
    assert!(error.is_stale(), "{error}");
    let error = desk.suggest(&agent, &session).await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    // The earlier state is gone, key and all; the later one is worked on.
    let error = desk.session(&agent, session.record()).await.unwrap_err();
    assert!(error.is_expired(), "{error}");
    let proposal = drafted(&desk, &newer).await;
    shown(&desk, &newer, &proposal).await;
    // An earlier state that comes in late takes nobody's place.
    let error = desk.ingest(&agent, &longer("T-1", 2)).await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    shown(&desk, &newer, &proposal).await;
}

/// Tickets usually come in by a worker, which may not do all that an agent may.
#[tokio::test]
async fn a_worker_brings_the_newer_message_in() {
    let desk = desk(&clock()).await;
    let (agent, worker) = (by(Role::Agent), by(Role::Worker));
    let session = desk.ingest(&worker, &ticket("T-1")).await.unwrap();
    let proposal = drafted(&desk, &session).await;
    desk.ingest(&worker, &longer("T-1", 3)).await.unwrap();
    let error = desk.show(&agent, &session, &proposal).await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    let error = desk.session(&agent, session.record()).await.unwrap_err();
    assert!(error.is_expired(), "{error}");
    assert!(desk.answered_elsewhere(&worker, "T-1").await.unwrap());
}

#[tokio::test]
async fn what_another_agent_has_sent_is_sent_once() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let (mine, theirs) = (
        drafted(&desk, &session).await,
        drafted(&desk, &session).await,
    );
    let (of_mine, of_theirs) = (
        shown(&desk, &session, &mine).await,
        shown(&desk, &session, &theirs).await,
    );
    // The same draft, seen twice.
    let again = shown(&desk, &session, &mine).await;
    let sent = desk
        .decide(&agent, &session, of_mine, Decision::Accept)
        .await
        .unwrap();
    assert!(sent.session_closed() && sent.approval().is_some());
    for seen in [of_theirs, again] {
        let error = desk
            .decide(&agent, &session, seen, Decision::edit("Dear Orla."))
            .await
            .unwrap_err();
        assert!(error.is_stale(), "{error}");
    }
}

#[tokio::test]
async fn answered_elsewhere_is_answered() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let proposal = drafted(&desk, &session).await;
    let seen = shown(&desk, &session, &proposal).await;
    assert!(!desk.answered_elsewhere(&agent, "T-2").await.unwrap());
    assert!(desk.answered_elsewhere(&agent, "T-1").await.unwrap());
    assert!(!desk.answered_elsewhere(&agent, "T-1").await.unwrap());
    let decision = Decision::Discard {
        reason: DiscardReason::NotNeeded,
    };
    let error = desk
        .decide(&agent, &session, seen, decision)
        .await
        .unwrap_err();
    assert!(error.is_stale(), "{error}");
}

/// After a restart nothing is remembered but what the records say: which ticket they are of.
#[tokio::test]
async fn a_restart_knows_which_ticket_a_session_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let agent = by(Role::Agent);
    let session = {
        let desk = in_dir(&clock, folder.path()).open().await.unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        desk.ingest(&agent, &ticket("T-1")).await.unwrap()
    };
    let desk = in_dir(&clock, folder.path()).open().await.unwrap();
    let again = desk.session(&agent, session.record()).await.unwrap();
    let proposal = drafted(&desk, &again).await;
    desk.ingest(&agent, &longer("T-1", 3)).await.unwrap();
    let error = desk.show(&agent, &again, &proposal).await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    drop(desk);
    // The other way round: the later state came in first.
    let desk = in_dir(&clock, folder.path()).open().await.unwrap();
    let other = desk.ingest(&agent, &ticket("T-2")).await.unwrap();
    drop(desk);
    let desk = in_dir(&clock, folder.path()).open().await.unwrap();
    desk.ingest(&agent, &longer("T-2", 3)).await.unwrap();
    let error = desk.session(&agent, other.record()).await.unwrap_err();
    assert!(error.is_stale() || error.is_expired(), "{error}");
}

/// A number that looks drawn and is the same in every run.
fn dice(seed: &mut u64) -> usize {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((z ^ (z >> 31)) & 0xffff).unwrap()
}

/// A thousand times, on real threads: two agents who send, one who shows, a newer message, an answer from elsewhere. At most one
/// of them has the last word, and after a newer message is in nothing of the earlier state is shown or sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_races() {
    let desk = Arc::new(desk(&clock()).await);
    let agent = by(Role::Agent);
    let mut seed = 11;
    let (mut sent, mut moved, mut both) = (0, 0, 0);
    for round in 0..1_000 {
        let id = format!("R-{round}");
        let session = Arc::new(desk.ingest(&agent, &ticket(&id)).await.unwrap());
        let (first, second) = (
            drafted(&desk, &session).await,
            drafted(&desk, &session).await,
        );
        let seen = [
            shown(&desk, &session, &first).await,
            shown(&desk, &session, &second).await,
        ];
        let waits: Vec<usize> = (0..4).map(|_| dice(&mut seed) % 12).collect();
        let elsewhere = round % 3 == 0;
        let mut agents = Vec::new();
        for (seen, wait) in seen.into_iter().zip(&waits) {
            let (desk, session, wait) = (Arc::clone(&desk), Arc::clone(&session), *wait);
            agents.push(tokio::spawn(async move {
                for _ in 0..wait {
                    tokio::task::yield_now().await;
                }
                let agent = by(Role::Agent);
                match desk.decide(&agent, &session, seen, Decision::Accept).await {
                    Ok(decided) => {
                        assert_eq!(decided.outcome(), Outcome::Accepted);
                        assert!(decided.expose().is_some());
                        true
                    }
                    Err(error) => {
                        assert!(error.is_stale(), "{error}");
                        false
                    }
                }
            }));
        }
        let newer = {
            let (desk, wait, id) = (Arc::clone(&desk), waits[2], id.clone());
            tokio::spawn(async move {
                for _ in 0..wait {
                    tokio::task::yield_now().await;
                }
                let agent = by(Role::Agent);
                if elsewhere {
                    desk.answered_elsewhere(&agent, &id).await.unwrap()
                } else {
                    desk.ingest(&agent, &longer(&id, 3))
                        .await
                        .map(|_| true)
                        .unwrap()
                }
            })
        };
        let looked = {
            let (desk, session, wait) = (Arc::clone(&desk), Arc::clone(&session), waits[3]);
            let first = first.clone();
            tokio::spawn(async move {
                for _ in 0..wait {
                    tokio::task::yield_now().await;
                }
                let agent = by(Role::Agent);
                match desk.show(&agent, &session, &first).await {
                    Ok(_) => {}
                    Err(error) => assert!(error.is_stale() || error.is_expired(), "{error}"),
                }
            })
        };
        let won = newer.await.unwrap();
        // It is in: whatever is asked from here on is too late.
        for proposal in [&first, &second] {
            let error = desk.show(&agent, &session, proposal).await;
            let error = error.expect_err("a stale draft was shown");
            assert!(error.is_stale() || error.is_expired(), "{error}");
        }
        looked.await.unwrap();
        let mut replies = 0;
        for agent in agents {
            replies += usize::from(agent.await.unwrap());
        }
        assert!(replies <= 1, "round {round}: two replies to one message");
        sent += replies;
        moved += usize::from(won);
        both += usize::from(won && replies == 1);
        // Answered elsewhere means that nobody here had answered.
        assert!(!elsewhere || won != (replies == 1), "round {round}");
    }
    // The race has more than one outcome, or it is none.
    assert!(
        sent > 50 && moved > 50 && both > 50,
        "{sent} sent, {moved} moved on, {both} both"
    );
}
