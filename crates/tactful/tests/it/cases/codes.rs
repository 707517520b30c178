//! One-time codes, and the facts beside them.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::case::{Identity, Status};
use tactful::gdpr_rights::request::identity::{CodeError, FactKind, Level};
use tactful::gdpr_rights::{Error as Rights, Right};
use tactful::retention_policy::CaseId;
use tactful::{Clock, Customer, Desk, Error, ManualClock, RightsRequest, Step};

use super::{ask, desk, go, nobody, officer, orla, orla_wrote};
use crate::clock;

/// A direct user wants this; the case.
pub(super) async fn wants(desk: &Desk, clock: &ManualClock, right: Right, who: Customer) -> CaseId {
    let request = RightsRequest::new(right, clock.now(), who).as_controller();
    ask(desk, &request).await.case
}

pub(super) async fn code(desk: &Desk, case: CaseId) -> String {
    let asked = go(desk, case, Step::AskIdentity).await;
    assert_eq!(asked.case.status(), Status::AwaitingIdentity);
    asked.digits.unwrap().expose().to_owned()
}

fn wrong(right: &str) -> String {
    let first = if right.starts_with('1') { '2' } else { '1' };
    format!("{first}{}", &right[1..])
}

pub(super) async fn typed(desk: &Desk, case: CaseId, digits: &str) -> Result<Identity, Rights> {
    match desk.advance(&officer(), case, Step::Code(digits)).await {
        Ok(progress) => Ok(progress.case.identity()),
        Err(Error::Rights(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_no_more() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Erasure, orla()).await;
    let right = code(&desk, case).await;
    for left in (0..5).rev() {
        assert_eq!(
            typed(&desk, case, &wrong(&right)).await,
            Err(Rights::Code(CodeError::Wrong { left }))
        );
    }
    for sixth in [&wrong(&right), &right] {
        let error = desk.advance(&officer(), case, Step::Code(sixth)).await;
        let error = error.unwrap_err();
        assert!(
            matches!(
                error,
                Error::NotAsked | Error::Rights(Rights::Code(CodeError::Exhausted))
            ),
            "{error}"
        );
    }
    let view = desk.case(&officer(), case).await.unwrap();
    assert!(!view.case.identity().is_settled());
    // "Send a new one": the person is not shut out.
    let fresh = code(&desk, case).await;
    assert_eq!(typed(&desk, case, &fresh).await, Ok(Identity::Verified));
}

#[tokio::test]
async fn the_sixth_try_is_told_that_the_code_was_tried_five_times() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Erasure, orla()).await;
    let right = code(&desk, case).await;
    for _ in 0..5 {
        let typed = typed(&desk, case, &wrong(&right)).await;
        assert!(typed.is_err());
    }
    assert_eq!(
        typed(&desk, case, &right).await,
        Err(Rights::Code(CodeError::Exhausted))
    );
}

#[tokio::test]
async fn a_code_is_good_for_its_case_for_a_quarter_of_an_hour_and_once() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let first = wants(&desk, &clock, Right::Erasure, orla()).await;
    let second = wants(&desk, &clock, Right::Erasure, orla()).await;
    let (ours, theirs) = (code(&desk, first).await, code(&desk, second).await);
    assert_ne!(ours, theirs);
    assert!(matches!(
        typed(&desk, first, &theirs).await,
        Err(Rights::Code(CodeError::Wrong { .. } | CodeError::OtherCase))
    ));
    let spaced = format!("{} - {}", &ours[..4], &ours[4..]);
    assert_eq!(typed(&desk, first, &spaced).await, Ok(Identity::Verified));
    assert!(
        desk.advance(&officer(), first, Step::Code(&ours))
            .await
            .is_err(),
        "a code passes once"
    );
    clock.advance(TimeDelta::minutes(15));
    assert_eq!(
        typed(&desk, second, &theirs).await,
        Err(Rights::Code(CodeError::Expired))
    );
    let fresh = code(&desk, second).await;
    assert_eq!(typed(&desk, second, &fresh).await, Ok(Identity::Verified));
}

#[tokio::test]
async fn a_code_that_nobody_asked_for_is_none() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Erasure, orla()).await;
    for typed in ["00000000", "", "not a code"] {
        let error = desk
            .advance(&officer(), case, Step::Code(typed))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::NotAsked), "{error}");
    }
}

#[tokio::test]
async fn an_address_that_came_with_the_request_gets_no_code() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    // The first ticket and the request arrive in the same second.
    desk.ingest(&super::agent(), &crate::ticket("T-1"))
        .await
        .unwrap();
    let case = wants(&desk, &clock, Right::Erasure, orla()).await;
    match desk.advance(&officer(), case, Step::AskIdentity).await {
        Ok(asked) => assert!(asked.digits.is_none()),
        Err(error) => assert!(matches!(error, Error::Rights(_)), "{error}"),
    }
    // Nor does anybody get one of whom nothing is known.
    let case = wants(&desk, &clock, Right::Erasure, nobody()).await;
    match desk.advance(&officer(), case, Step::AskIdentity).await {
        Ok(asked) => assert!(asked.digits.is_none()),
        Err(error) => assert!(matches!(error, Error::Rights(_)), "{error}"),
    }
}

const GIVEN: [(FactKind, &str); 2] = [
    (FactKind::OrderNumber, "fl 204417"),
    (FactKind::Amount, "89.90 EUR"),
];
const ON_FILE: [(FactKind, &str); 3] = [
    (FactKind::OrderNumber, "FL-204417"),
    (FactKind::Amount, "EUR 89,90"),
    (FactKind::TicketNumber, "T-1"),
];

#[tokio::test]
async fn p117_access_needs_more_than_a_code() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let case = wants(&desk, &clock, Right::Access, orla()).await;
    let digits = code(&desk, case).await;
    assert_eq!(
        typed(&desk, case, &digits).await,
        Err(Rights::NotEnough(Level::Session))
    );
    let error = desk.advance(&officer(), case, Step::Execute).await;
    assert!(matches!(error, Err(Error::Step(_))));
    // One fact that fits and one that does not.
    let digits = code(&desk, case).await;
    let given = [GIVEN[0], (FactKind::TicketNumber, "T-2")];
    let step = Step::CodeAndFacts {
        typed: &digits,
        given: &given,
        on_file: &ON_FILE,
    };
    let error = desk.advance(&officer(), case, step).await.unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::FactsDoNotFit)),
        "{error}"
    );
    let digits = code(&desk, case).await;
    let on_file = [ON_FILE[0], (FactKind::Amount, "89.90 EUR")];
    let step = Step::CodeAndFacts {
        typed: &digits,
        given: &GIVEN,
        on_file: &on_file,
    };
    let passed = go(&desk, case, step).await;
    assert_eq!(passed.case.identity(), Identity::Verified);
    assert_eq!(passed.case.status(), Status::Open);
}
