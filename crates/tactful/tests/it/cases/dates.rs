//! By which day: counted as the law counts, reminded, extended once, never closed in silence.

use chrono::TimeDelta;
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{
    AnswerTo, AnswerableBy, Effect, ExtensionReason, Lateness, Message as Sent, NotNeeded, Status,
    Why,
};
use tactful::retention_policy::Timestamp;
use tactful::{Clock, Controller, Error, Intake, ManualClock, RightsRequest, Step};

use super::{ask, desk, go, key, officer, orla};
use crate::{at, builder, clock, shop};

async fn counted(place: &str, zone: &str, received: &str) -> Intake {
    let clock = std::sync::Arc::new(ManualClock::new(at(received) + TimeDelta::hours(1)));
    let company = Controller::new("Lantern & Oak", "privacy@x.example", place, zone).unwrap();
    let desk = builder(&clock)
        .in_memory()
        .controller(shop(), company)
        .signing_key(key())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    ask(
        &desk,
        &RightsRequest::new(Right::Access, at(received), orla()),
    )
    .await
}

#[tokio::test]
async fn p115_the_day_is_counted_as_the_law_counts() {
    for (place, zone, received, due, extended) in [
        // A plain month; 2 June is a Tuesday.
        (
            "IE",
            "Europe/Dublin",
            "2026-03-02T09:07:00Z",
            "2026-04-02",
            "2026-06-02",
        ),
        // No 31 February, and 28 February is a Saturday; 30 April is a Thursday.
        (
            "IE",
            "Europe/Dublin",
            "2026-01-31T12:00:00Z",
            "2026-03-02",
            "2026-04-30",
        ),
        // A leap year.
        (
            "IE",
            "Europe/Dublin",
            "2024-01-30T12:00:00Z",
            "2024-02-29",
            "2024-04-30",
        ),
        // Late in the evening it is the next day in Paris; 3 April 2026 is Good Friday, a working day there.
        (
            "FR",
            "Europe/Paris",
            "2026-03-02T23:30:00Z",
            "2026-04-03",
            "2026-06-03",
        ),
        // But not in Alsace.
        (
            "FR-6AE",
            "Europe/Paris",
            "2026-03-02T23:30:00Z",
            "2026-04-07",
            "2026-06-03",
        ),
        // Christmas Day is a Friday; the day after is one of rest, then comes Sunday. In February the 25th is a Thursday.
        (
            "DE-BE",
            "Europe/Berlin",
            "2026-11-25T10:00:00Z",
            "2026-12-28",
            "2027-02-25",
        ),
    ] {
        let intake = counted(place, zone, received).await;
        let deadline = &intake.deadline;
        assert_eq!(deadline.base().due().to_string(), due, "{place} {received}");
        assert_eq!(
            deadline.if_extended().due().to_string(),
            extended,
            "{place} {received}"
        );
        assert_eq!(deadline.current().due(), deadline.base().due());
        // The reasons, and that they are no legal advice.
        assert!(!deadline.base().why().is_empty());
        assert!(deadline.to_string().contains("legal advice"), "{deadline}");
    }
}

/// An access request that came on 2 March and is due on 2 April 2026.
async fn opened() -> (tactful::Desk, std::sync::Arc<ManualClock>, Intake) {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla()).as_controller();
    let intake = ask(&desk, &request).await;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    go(&desk, intake.case, step).await;
    (desk, clock, intake)
}

fn to(clock: &ManualClock, when: &str) {
    clock.advance(at(when) - clock.now());
}

fn reminders(todo: &[Effect]) -> Vec<u8> {
    let days = todo.iter().filter_map(|effect| match effect {
        Effect::Remind {
            whom: AnswerableBy::Us,
            days_left,
            ..
        } => Some(*days_left),
        _ => None,
    });
    days.collect()
}

#[tokio::test]
async fn p115_reminders_come_fourteen_seven_three_and_one_day_before() {
    let (desk, clock, intake) = opened().await;
    for (day, left) in [
        ("2026-03-18", None),
        ("2026-03-19", Some(14)),
        ("2026-03-25", None),
        ("2026-03-26", Some(7)),
        ("2026-03-29", None),
        ("2026-03-30", Some(3)),
        ("2026-03-31", None),
        ("2026-04-01", Some(1)),
        ("2026-04-02", None),
    ] {
        to(&clock, &format!("{day}T08:00:00Z"));
        let progress = go(&desk, intake.case, Step::Day).await;
        let expected: Vec<u8> = left.into_iter().collect();
        assert_eq!(reminders(&progress.todo), expected, "{day}");
        // Once a day, however often it is asked.
        let again = go(&desk, intake.case, Step::Day).await;
        assert!(reminders(&again.todo).is_empty(), "{day}");
        assert_eq!(progress.case.lateness(clock.now()), Lateness::OnTime);
    }
    to(&clock, "2026-04-03T08:00:00Z");
    let late = go(&desk, intake.case, Step::Day).await;
    assert!(late.todo.iter().any(|e| matches!(
        e,
        Effect::Overdue {
            whom: AnswerableBy::Us,
            ..
        }
    )));
    assert_eq!(late.case.lateness(clock.now()), Lateness::Late);
    // Late is no end.
    clock.advance(TimeDelta::days(100));
    let later = go(&desk, intake.case, Step::Day).await;
    assert_eq!(later.case.status(), Status::Open);
    assert!(later.case.closed().is_none());
}

async fn why_not(desk: &tactful::Desk, intake: &Intake, step: Step<'_>) -> Why {
    let error = desk.advance(&officer(), intake.case, step).await;
    match error.unwrap_err() {
        Error::Step(error) => error.why(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn p115_it_is_extended_once_and_counts_when_the_notice_has_left() {
    let (desk, clock, intake) = opened().await;
    to(&clock, "2026-04-01T08:00:00Z");
    let step = Step::Extend(ExtensionReason::Complexity);
    let extended = go(&desk, intake.case, step).await;
    let notice = extended.todo.iter().find_map(|effect| match effect {
        Effect::NoticeOfExtension { until, by, to, .. } => Some((*until, *by, *to)),
        _ => None,
    });
    let (until, by, to_whom) = notice.unwrap();
    assert_eq!(until.day().to_string(), "2026-06-02");
    assert_eq!(by.day().to_string(), "2026-04-02");
    assert_eq!(to_whom, AnswerTo::Person);
    assert_eq!(extended.case.due().day().to_string(), "2026-04-02");
    let step = Step::Sent(Sent::Extension);
    let sent = go(&desk, intake.case, step).await;
    assert_eq!(sent.case.due().day().to_string(), "2026-06-02");
    assert_eq!(sent.deadline.current().due().to_string(), "2026-06-02");
    assert!(sent.deadline.extension().is_some());
    let again = Step::Extend(ExtensionReason::Number);
    assert_eq!(why_not(&desk, &intake, again).await, Why::ExtendedBefore);
    // Restarted clocks: the reminders run by the new day.
    to(&clock, "2026-05-19T08:00:00Z");
    let progress = go(&desk, intake.case, Step::Day).await;
    assert_eq!(reminders(&progress.todo), [14]);
}

#[tokio::test]
async fn p115_an_extension_after_the_day_is_none() {
    let (desk, clock, intake) = opened().await;
    to(&clock, "2026-04-01T08:00:00Z");
    go(
        &desk,
        intake.case,
        Step::Extend(ExtensionReason::Complexity),
    )
    .await;
    // Midnight in Dublin is 23:00 UTC: the notice is too late.
    to(&clock, "2026-04-02T23:00:00Z");
    let sent = why_not(&desk, &intake, Step::Sent(Sent::Extension)).await;
    assert_eq!(sent, Why::NoticeTooLate);
    let (desk, clock, intake) = opened().await;
    to(&clock, "2026-04-02T23:00:00Z");
    let step = Step::Extend(ExtensionReason::Complexity);
    assert_eq!(why_not(&desk, &intake, step).await, Why::NoticeTooLate);
}

#[tokio::test]
async fn p115_late_receipt_into_the_house_changes_no_day() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    // Found in a mailbox 40 days later: it is late the moment it is opened.
    let received: Timestamp = clock.now() - TimeDelta::days(40);
    let intake = ask(&desk, &RightsRequest::new(Right::Access, received, orla())).await;
    assert_eq!(intake.deadline.received().to_string(), "2026-01-21");
    assert_eq!(intake.deadline.base().due().to_string(), "2026-02-23");
    let view = desk.case(&officer(), intake.case).await.unwrap();
    assert_eq!(view.case.lateness(clock.now()), Lateness::Late);
    assert_eq!(view.case.status(), Status::Received);
}
