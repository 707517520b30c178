//! A ticket asks for rights: no draft, and one call opens the cases.

use tactful::gdpr_rights::Right;
use tactful::retention_policy::Role;
use tactful::suggest_core::{Author, NoSuggestion, Reason, RightAsked};
use tactful::{Desk, Error, Message, Silence, Suggested, Ticket};

use super::{agent, desk, officer, orla, words};
use crate::{by, clock};

/// Why nothing was drafted for a ticket.
async fn none(desk: &Desk, ticket: &Ticket) -> NoSuggestion {
    let session = desk.ingest(&agent(), ticket).await.unwrap();
    match desk.suggest(&agent(), &session).await.unwrap() {
        Suggested::None(Silence::Engine(none)) => none,
        other => panic!("a right gets no draft: {other:?}"),
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_french_ticket_that_asks_for_erasure_opens_its_case() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let ticket = words(
        "T-9",
        orla(),
        "Bonjour,\n\nsupprimez mes donn\u{e9}es, s'il vous pla\u{ee}t.\n\nOrla Brennigan",
    );
    let none = none(&desk, &ticket).await;
    assert_eq!(none.reason, Reason::RightsRequest(RightAsked::Erasure));
    assert_eq!(none.rights, [RightAsked::Erasure]);

    let mut replies = Vec::new();
    let opened = desk
        .open_rights(&officer(), &ticket, &none, |reply| {
            replies.push(reply.body().to_owned());
        })
        .await
        .unwrap();
    let [intake] = opened.cases.as_slice() else {
        panic!("one right, one case");
    };
    assert!(!intake.repeated && opened.for_human.is_empty());
    assert_eq!(replies.len(), 1);
    assert!(replies[0].contains("demande"), "in the customer's language");
    let view = desk.case(&officer(), intake.case).await.unwrap();
    assert_eq!(view.request.right, Right::Erasure);
    assert!(view.person.is_some(), "the ticket's customer was found");

    // The same thread again: the case of then, and no second reply.
    let again = desk
        .open_rights(&officer(), &ticket, &none, |_| panic!("queued twice"))
        .await
        .unwrap();
    assert!(again.cases[0].repeated);
    assert_eq!(again.cases[0].case, intake.case);
}

#[tokio::test(flavor = "current_thread")]
async fn several_rights_open_several_cases_and_a_correction_waits() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let ticket = words(
        "T-10",
        orla(),
        "Please send me a copy of all data you hold about me. My date of birth in my profile is wrong, correct it. \
         And I withdraw my consent to the newsletter.",
    );
    let none = none(&desk, &ticket).await;
    assert_eq!(
        none.rights,
        [
            RightAsked::Access,
            RightAsked::Rectification,
            RightAsked::WithdrawConsent
        ]
    );
    let opened = desk
        .open_rights(&officer(), &ticket, &none, |_| ())
        .await
        .unwrap();
    assert_eq!(opened.for_human, [Right::Rectification]);
    let mut rights = Vec::new();
    for intake in &opened.cases {
        let view = desk.case(&officer(), intake.case).await.unwrap();
        rights.push(view.request.right);
    }
    assert_eq!(rights, [Right::Access, Right::WithdrawConsent]);
}

#[tokio::test(flavor = "current_thread")]
async fn nobody_known_and_no_permission_open_nothing() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let mail = "Delete all my personal data.";
    let ticket = words("T-11", orla(), mail);
    let none = none(&desk, &ticket).await;
    let denied = desk
        .open_rights(&by(Role::Agent), &ticket, &none, |_| panic!("queued"))
        .await;
    assert!(denied.is_err_and(|error| error.is_denied()));
    let anonymous = Ticket::new(
        "T-12",
        None,
        vec![Message::new(Author::Customer, None, mail)],
    )
    .unwrap();
    let refused = desk
        .open_rights(&officer(), &anonymous, &none, |_| panic!("queued"))
        .await;
    assert!(matches!(refused, Err(Error::Incomplete(_))));
    assert_eq!(desk.open_cases(&officer()).await.unwrap(), []);
}
