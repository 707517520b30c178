//! One ticket through the house, and the ways it may not go.

use std::sync::Arc;

use chrono::TimeDelta;
use tactful::gdpr_rights::Statement;
use tactful::retention_policy::{ClockVerdict, Purpose, Role};
use tactful::suggest_core::{Author, ChatModel, Decision, DiscardReason, ModelInfo, Outcome};
use tactful::{Clock, Customer, Desk, Error, Message, Proposal, Session, Suggested, Ticket};

use crate::{builder, by, clock, desk, in_dir, shop, ticket};

async fn drafted(desk: &Desk, id: &str) -> (Session, Proposal) {
    let session = desk.ingest(&by(Role::Agent), &ticket(id)).await.unwrap();
    match desk.suggest(&by(Role::Agent), &session).await.unwrap() {
        Suggested::Draft(proposal) => (session, *proposal),
        Suggested::None(reason) => panic!("no draft: {}", reason.code()),
    }
}

#[tokio::test]
async fn a_ticket_walks_through_the_house() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let before = desk.verify_audit().await.unwrap().leaves;
    let (session, proposal) = drafted(&desk, "T-1").await;
    for message in session.messages() {
        for value in ["Orla", "Brennigan", "FL-204417"] {
            assert!(!message.text().as_str().contains(value), "{value}");
        }
    }
    assert!(!proposal.draft().citations().is_empty());
    let shown = desk.show(&agent, &session, &proposal).await.unwrap();
    assert!(shown.expose().contains("Orla Brennigan"));
    let decided = desk
        .decide(&agent, &session, shown, Decision::Accept)
        .await
        .unwrap();
    assert_eq!(decided.outcome(), Outcome::Accepted);
    assert!(decided.expose().unwrap().contains("Orla Brennigan"));
    assert!(decided.session_closed());
    // Three sealed records and at most six audit leaves a ticket.
    let audit = desk.verify_audit().await.unwrap();
    assert!(audit.intact);
    assert!(
        audit.leaves - before <= 6,
        "{} leaves",
        audit.leaves - before
    );
    let error = desk.show(&agent, &session, &proposal).await.unwrap_err();
    assert!(error.is_stale(), "{error}");
    // And the key is gone.
    let error = desk.session(&agent, session.record()).await.unwrap_err();
    assert!(error.is_expired(), "{error}");
}

#[tokio::test]
async fn the_session_lives_until_its_last_open_draft_is_decided() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let (session, first) = drafted(&desk, "T-1").await;
    let Suggested::Draft(second) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("the same thread drafts again");
    };
    let discard = Decision::Discard {
        reason: DiscardReason::Tone,
    };
    let shown = desk.show(&agent, &session, &first).await.unwrap();
    let decided = desk.decide(&agent, &session, shown, discard).await.unwrap();
    assert!(!decided.session_closed() && decided.expose().is_none());
    let shown = desk.show(&agent, &session, &second).await.unwrap();
    let decided = desk
        .decide(&agent, &session, shown, Decision::edit("Dear Orla, yes."))
        .await
        .unwrap();
    assert!(decided.session_closed());
    assert_eq!(decided.expose(), Some("Dear Orla, yes."));
}

#[tokio::test]
async fn the_same_ticket_twice_is_one_record() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let first = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    let second = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    assert_eq!(first.record(), second.record());
    assert!(!first.already_stored() && second.already_stored());
    assert_eq!(
        first.messages()[0].text().as_str(),
        second.messages()[0].text().as_str()
    );
    let other = desk.ingest(&agent, &ticket("T-2")).await.unwrap();
    assert_ne!(first.record(), other.record());
    // The same customer is the same subject.
    assert_eq!(first.subject(), other.subject());
}

#[tokio::test]
async fn reads_end_at_23_hours_and_keys_at_the_next_quarter() {
    let clock = clock();
    let desk = desk(&clock).await;
    let agent = by(Role::Agent);
    let (session, proposal) = drafted(&desk, "T-1").await;
    clock.advance(TimeDelta::hours(23) - TimeDelta::seconds(1));
    desk.sweep().await.unwrap();
    desk.show(&agent, &session, &proposal).await.unwrap();
    clock.advance(TimeDelta::seconds(1));
    // Nothing was swept: the read is refused by the clock alone.
    assert!(
        desk.show(&agent, &session, &proposal)
            .await
            .unwrap_err()
            .is_expired()
    );
    assert!(
        desk.suggest(&agent, &session)
            .await
            .unwrap_err()
            .is_expired()
    );
    assert_eq!(desk.sweep().await.unwrap().expired.buckets, 0);
    clock.advance(TimeDelta::minutes(8));
    let swept = desk.sweep().await.unwrap();
    assert_eq!(
        (
            swept.expired.buckets,
            swept.expired.rows,
            swept.expired.pending
        ),
        (1, 1, false)
    );
}

#[tokio::test]
async fn a_draft_of_another_session_is_refused() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let (first, draft) = drafted(&desk, "T-1").await;
    let (second, _) = drafted(&desk, "T-2").await;
    let error = desk.show(&agent, &second, &draft).await.unwrap_err();
    assert!(matches!(error, Error::ForeignDraft));
    let shown = desk.show(&agent, &first, &draft).await.unwrap();
    let error = desk
        .decide(&agent, &second, shown, Decision::Accept)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::ForeignDraft));
}

#[tokio::test]
async fn roles_that_do_not_answer_customers_are_denied() {
    let desk = desk(&clock()).await;
    let (session, proposal) = drafted(&desk, "T-1").await;
    for role in [Role::Engineer, Role::Auditor, Role::PrivacyOfficer] {
        let error = desk.show(&by(role), &session, &proposal).await.unwrap_err();
        assert!(error.is_denied(), "{role}: {error}");
        let error = desk.ingest(&by(role), &ticket("T-9")).await.unwrap_err();
        assert!(error.is_denied(), "{role}: {error}");
    }
}

#[tokio::test]
async fn an_objection_stops_drafting_at_once() {
    let desk = desk(&clock()).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket("T-1")).await.unwrap();
    desk.state(
        &agent,
        session.subject(),
        Statement::Objection(Purpose::DraftReply),
    )
    .await
    .unwrap();
    let Suggested::None(silence) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("drafted against an objection");
    };
    assert_eq!(silence.code(), "not_permitted");
    assert_eq!(desk.consents().events().len(), 1);
}

#[tokio::test]
async fn a_clock_that_jumps_destroys_nothing_until_somebody_looks() {
    let clock = clock();
    let desk = desk(&clock).await;
    let agent = by(Role::Agent);
    let (session, proposal) = drafted(&desk, "T-1").await;
    let right = clock.now();
    clock.jump_to(right + TimeDelta::days(365));
    let swept = desk.sweep().await.unwrap();
    assert!(matches!(swept.clock, ClockVerdict::JumpedAhead { .. }));
    assert_eq!(swept.expired.buckets, 0);
    assert!(
        desk.show(&agent, &session, &proposal)
            .await
            .unwrap_err()
            .is_expired()
    );
    // Back to the right time: everything is still there.
    clock.jump_to(right);
    desk.show(&agent, &session, &proposal).await.unwrap();
    clock.jump_to(right - TimeDelta::hours(3));
    assert!(matches!(
        desk.ingest(&agent, &ticket("T-2")).await.unwrap_err(),
        Error::ClockUntrusted
    ));
    clock.jump_to(right + TimeDelta::days(365));
    desk.confirm_clock();
    assert!(desk.sweep().await.unwrap().expired.buckets > 0);
}

#[tokio::test]
async fn a_session_opens_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let agent = by(Role::Agent);
    let first = {
        let desk = in_dir(&clock, folder.path()).open().await.unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        desk.ingest(&agent, &ticket("T-1")).await.unwrap()
    };
    let desk = in_dir(&clock, folder.path()).open().await.unwrap();
    let again = desk.session(&agent, first.record()).await.unwrap();
    assert_eq!(
        again.messages()[0].text().as_str(),
        first.messages()[0].text().as_str()
    );
    assert_eq!(
        (again.subject(), again.map_id()),
        (first.subject(), first.map_id())
    );
    let Suggested::Draft(proposal) = desk.suggest(&agent, &again).await.unwrap() else {
        panic!("no draft after a restart");
    };
    let shown = desk.show(&agent, &again, &proposal).await.unwrap();
    assert!(shown.expose().contains("Orla Brennigan"));
}

#[tokio::test]
async fn a_model_outside_the_union_is_refused_at_the_door() {
    #[derive(Debug)]
    struct Elsewhere(ModelInfo);
    #[async_trait::async_trait]
    impl ChatModel for Elsewhere {
        fn info(&self) -> &ModelInfo {
            &self.0
        }
        async fn complete(
            &self,
            _: &tactful::suggest_core::Prompt,
            _: &tactful::suggest_core::CallOptions,
        ) -> Result<tactful::suggest_core::ModelReply, tactful::suggest_core::ModelError> {
            panic!("must not be called")
        }
    }
    let model = Elsewhere(ModelInfo::new("m", "US", None, "p"));
    let error = builder(&clock())
        .in_memory()
        .model(Arc::new(model))
        .open()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::ModelOutsideUnion));
}

#[tokio::test]
async fn two_first_tickets_of_one_customer_at_once_are_one_person() {
    let clock = clock();
    let desk = desk(&clock).await;
    let agent = by(Role::Agent);
    for round in 0..5 {
        let email = format!("zoe-{round}@quill.example");
        let of = |n: u8| {
            let message = Message::new(Author::Customer, None, "Where is my parcel?");
            let customer = Customer::new().with_email(email.as_str());
            Ticket::new(format!("T-{round}-{n}"), Some(customer), vec![message]).unwrap()
        };
        let tickets = [of(1), of(2), of(3)];
        let [first, second, third] = &tickets;
        let (first, second, third) = tokio::join!(
            desk.ingest(&agent, first),
            desk.ingest(&agent, second),
            desk.ingest(&agent, third),
        );
        let people = [first, second, third].map(|session| session.unwrap().subject());
        assert_eq!(people[0], people[1]);
        assert_eq!(people[0], people[2]);
    }
}
