//! The objection that stops by itself (P105), and reminders, alarms, extension, messages before an end (P115).

use gdpr_rights::Right;
use gdpr_rights::request::case::{
    ActingAs, AnswerTo, AnswerableBy, DecidedBy, Decision, Effect, Event, Extent, Lateness,
    Message, RefusalGround, Status, Verdict, Why, Work, step,
};

use super::promises::{late, now, open, why};
use super::{
    approve, at, clean, day, day_passed, days, executed, extend, id, located, nonce, officer,
    opened, opening, paused, refuse, through, to_end,
};

#[test]
fn p105_an_objection_nobody_decides_stops_by_itself() {
    let case = open(Right::Objection);
    let just_before = late() - days(0) - chrono::TimeDelta::nanoseconds(1);
    let (same, effects) = step(&case, day_passed(just_before), just_before).unwrap();
    assert!(!effects.contains(&Effect::StopByItself));
    assert_eq!(same.work(), Work::NotStarted);

    let (stopped, effects) = step(&case, day_passed(late()), late()).unwrap();
    assert!(effects.contains(&Effect::StopByItself), "{effects:?}");
    assert_eq!(
        stopped.decision(),
        Some(Decision {
            verdict: Verdict::Grant(Extent::Full),
            by: DecidedBy::Lapse,
            at: late(),
        })
    );
    // Once, and nobody refuses any more.
    let (again, effects) = step(&stopped, day_passed(late()), late()).unwrap();
    assert_eq!((again, effects), (stopped.clone(), vec![]));
    let refusal = refuse(RefusalGround::CompellingGrounds);
    assert_eq!(why(&stopped, refusal, late()), Why::WorkOrdered);
    // The person is told as after any other stop.
    let (end, _) = through(
        &stopped,
        &[
            executed(),
            clean(id(1), nonce()),
            Event::Deliver,
            Event::Sent(Message::Answer),
        ],
        late(),
    );
    assert_eq!(end.status(), Status::Fulfilled);
}

#[test]
fn p105_nothing_comes_between_the_day_and_the_stop() {
    let refusal = refuse(RefusalGround::CompellingGrounds);
    let case = open(Right::Objection);
    for event in [refusal, Event::AskClarification, extend(), Event::Withdraw] {
        assert_eq!(why(&case, event, late()), Why::Lapsed);
    }
    // Not looked at, or asked what was meant: it stops as well.
    let received = opened(opening(Right::Objection, ActingAs::Controller));
    let (asked, _) = through(&case, &[Event::AskClarification], now());
    for case in [received, asked] {
        let (stopped, effects) = step(&case, day_passed(late()), late()).unwrap();
        assert!(effects.contains(&Effect::StopByItself));
        assert_eq!(stopped.status(), Status::Open);
        let wait = stopped.clarification_wait();
        assert!(wait.is_none_or(|w| w.answered == Some(late())));
    }
    // A person who was asked for identity and has not shown it waits restricted, and stops once it is shown.
    let waiting = opened(opening(Right::Objection, ActingAs::Controller));
    let (waiting, _) = through(&waiting, &[Event::RequireIdentity], now());
    let (waiting, effects) = step(&waiting, day_passed(late()), late()).unwrap();
    assert!(!effects.contains(&Effect::StopByItself) && waiting.is_restricted());
    let (_, effects) = step(&waiting, Event::IdentityVerified, late()).unwrap();
    assert!(effects.contains(&Effect::StopByItself));
}

#[test]
fn p105_a_refusal_needs_a_name_a_reason_and_a_letter_in_time() {
    let case = open(Right::Objection);
    let refusal = refuse(RefusalGround::CompellingGrounds);
    let (refused, effects) = step(&case, refusal, now()).unwrap();
    assert_eq!(
        effects,
        [Effect::LetterOfRefusal(RefusalGround::CompellingGrounds)]
    );
    assert_eq!(
        refused.decision(),
        Some(Decision {
            verdict: Verdict::Refuse(RefusalGround::CompellingGrounds),
            by: DecidedBy::Human(officer()),
            at: now(),
        })
    );
    // Decided in time: the day passes without a stop, and the letter is sent again until it leaves.
    let (refused, effects) = step(&refused, day_passed(late()), late()).unwrap();
    assert!(!effects.contains(&Effect::StopByItself));
    let (refused, effects) = step(&refused, Event::NotSent(Message::Refusal), late()).unwrap();
    assert_eq!(
        effects,
        [Effect::LetterOfRefusal(RefusalGround::CompellingGrounds)]
    );
    let (end, _) = step(&refused, Event::Sent(Message::Refusal), late()).unwrap();
    assert_eq!(end.status(), Status::Refused);
    // Taken back after the day, it is no decision: the objection stops.
    let (back, effects) = step(&refused, Event::TakeBack, late()).unwrap();
    assert_eq!(effects, [Effect::AskHuman, Effect::StopByItself]);
    assert_eq!(back.decision().unwrap().by, DecidedBy::Lapse);
    // Only an objection is weighed against compelling grounds.
    assert_eq!(why(&open(Right::Erasure), refusal, now()), Why::WrongGround);
}

#[test]
fn p105_it_stops_on_the_earlier_reading_of_a_pause() {
    let (case, _) = through(
        &open(Right::Objection),
        &[Event::LimitsChanged(paused())],
        now(),
    );
    let (_, effects) = step(&case, day_passed(late()), late()).unwrap();
    assert!(effects.contains(&Effect::StopByItself));
    // What was granted and not done by the day is done now.
    let (granted, _) = through(
        &open(Right::Objection),
        &[located(id(1)), approve(Extent::Full)],
        now(),
    );
    let (stopped, effects) = step(&granted, day_passed(late()), late()).unwrap();
    assert!(effects.contains(&Effect::StopByItself));
    assert_eq!(
        stopped.decision().unwrap().by,
        DecidedBy::Human(officer()),
        "the human's decision stays on record"
    );
    // Other rights are late and do not run by themselves.
    let (erasure, effects) = step(&open(Right::Erasure), day_passed(late()), late()).unwrap();
    assert_eq!(erasure.work(), Work::NotStarted);
    assert!(!effects.contains(&Effect::StopByItself));
}

#[test]
fn p115_reminders_at_14_7_3_and_1_days_each_once() {
    let mut case = open(Right::Access);
    let mut reminders = Vec::new();
    let mut alarms = Vec::new();
    for n in 0..60 {
        let now = at("2026-03-03T06:00:00Z") + days(n);
        for _ in 0..2 {
            let (next, effects) = step(&case, day_passed(now), now).unwrap();
            case = next;
            for effect in effects {
                let today = now.date_naive().to_string();
                match effect {
                    Effect::Remind {
                        whom: AnswerableBy::Us,
                        days_left,
                        day,
                    } => reminders.push((today, days_left, day.day().to_string())),
                    Effect::Overdue {
                        unless_paused: false,
                        ..
                    } => alarms.push(today),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    let due = "2026-04-02".to_owned();
    assert_eq!(
        reminders,
        [
            ("2026-03-19".to_owned(), 14, due.clone()),
            ("2026-03-26".to_owned(), 7, due.clone()),
            ("2026-03-30".to_owned(), 3, due.clone()),
            ("2026-04-01".to_owned(), 1, due),
        ]
    );
    assert_eq!(alarms, ["2026-04-03"]);
}

#[test]
fn p115_days_nobody_looked_are_made_up_by_one_reminder() {
    let now = at("2026-04-02T21:00:00Z");
    let (case, effects) = step(&open(Right::Access), day_passed(now), now).unwrap();
    assert_eq!(
        effects,
        [Effect::Remind {
            whom: AnswerableBy::Us,
            days_left: 0,
            day: day("2026-04-02"),
        }]
    );
    assert_eq!(step(&case, day_passed(now), now).unwrap().1, []);
}

#[test]
fn p115_a_contested_pause_rings_by_the_earlier_day_and_again_by_the_later() {
    let (case, _) = through(
        &open(Right::Access),
        &[Event::LimitsChanged(paused())],
        now(),
    );
    assert_eq!(case.alarm_day(), day("2026-04-02"));
    assert_eq!(case.due(), day("2026-04-13"));
    let overdue = |unless_paused| Effect::Overdue {
        whom: AnswerableBy::Us,
        unless_paused,
    };
    let first = at("2026-04-03T06:00:00Z");
    assert_eq!(case.lateness(first), Lateness::LateUnlessPaused);
    let (case, effects) = step(&case, day_passed(first), first).unwrap();
    assert_eq!(effects, [overdue(true)]);
    let between = at("2026-04-13T06:00:00Z");
    assert_eq!(step(&case, day_passed(between), between).unwrap().1, []);
    let second = at("2026-04-14T06:00:00Z");
    let (case, effects) = step(&case, day_passed(second), second).unwrap();
    assert_eq!(effects, [overdue(false)]);
    assert_eq!(case.lateness(second), Lateness::Late);
}

#[test]
fn p115_one_extension_with_a_reason_told_inside_the_month() {
    let case = open(Right::Access);
    let (extended, effects) = step(&case, extend(), now()).unwrap();
    assert!(matches!(
        effects[..],
        [Effect::NoticeOfExtension { until, by, to: AnswerTo::Person, .. }]
            if until == day("2026-06-02") && by == day("2026-04-02")
    ));
    // It does not count before the notice has left, and not at all if that is too late.
    assert_eq!(extended.due(), day("2026-04-02"));
    let sent = Event::Sent(Message::Extension);
    assert_eq!(why(&extended, sent, late()), Why::NoticeTooLate);
    assert_eq!(why(&extended, extend(), now()), Why::ExtendedBefore);
    let (told, _) = step(&extended, sent, now()).unwrap();
    assert_eq!(told.due(), day("2026-06-02"));
    assert_eq!(told.extension().unwrap().notified, Some(now()));
    assert_eq!(why(&told, extend(), now()), Why::ExtendedBefore);
    assert_eq!(why(&told, sent, now()), Why::NothingOnItsWay);
    assert_eq!(why(&case, extend(), late()), Why::NoticeTooLate);
    // A notice that could not leave is none; a pause does not move its day.
    let (again, _) = step(&extended, Event::NotSent(Message::Extension), now()).unwrap();
    step(&again, extend(), now()).unwrap();
    let (pause, _) = through(&case, &[Event::LimitsChanged(paused())], now());
    assert_eq!(why(&pause, extend(), late()), Why::NoticeTooLate);
    // Reminders begin anew for the new day.
    let soon = at("2026-04-02T06:00:00Z");
    let (near, _) = through(&case, &[day_passed(soon), extend(), sent], soon);
    let later = at("2026-05-20T06:00:00Z");
    let (_, effects) = step(&near, day_passed(later), later).unwrap();
    assert!(matches!(
        effects[..],
        [Effect::Remind { days_left: 13, .. }]
    ));
}

#[test]
fn p115_nothing_closes_before_its_message_left() {
    for event in [
        Event::Deliver,
        Event::Sent(Message::Answer),
        Event::Sent(Message::Refusal),
        Event::Sent(Message::Joined),
    ] {
        let refused = step(&open(Right::Access), event, now()).unwrap_err();
        assert!(matches!(
            refused.why(),
            Why::NotApproved | Why::NothingOnItsWay
        ));
    }
    let mut events = to_end(id(1), Right::Access);
    let sent = events.pop().unwrap();
    let (case, effects) = through(&open(Right::Access), &events, now());
    let deliver = effects;
    assert_eq!(case.status(), Status::Open);
    // While it is on its way, nothing else happens; if it comes back, it is sent again or taken back.
    assert_eq!(why(&case, Event::Deliver, now()), Why::OnItsWay);
    let (case, effects) = step(&case, Event::NotSent(Message::Answer), now()).unwrap();
    assert_eq!(effects, deliver);
    let (back, effects) = step(&case, Event::TakeBack, now()).unwrap();
    assert_eq!(effects, [Effect::AskHuman]);
    assert_eq!(why(&back, sent, now()), Why::NothingOnItsWay);
    assert_eq!(why(&back, Event::Withdraw, now()), Why::WorkOrdered);
    let (end, effects) = step(&case, sent, now()).unwrap();
    assert_eq!((end.status(), effects), (Status::Fulfilled, vec![]));
}
