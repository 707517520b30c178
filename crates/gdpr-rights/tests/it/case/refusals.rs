//! Events at the wrong time: a typed error with what to do, and the case as it was.

use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Art19, CivilDay, Event, Extent, Identity, Limits, Message, NotNeeded,
    RefusalGround, Scope, Status, Why, WithoutPause, Work, step,
};
use gdpr_rights::{Error, Nonce, Right};

use super::{
    alphabet, approve, at, clean, day, days, executed, id, instants, limits, located, nonce,
    opened, opening, paused, refuse, through, to_end, to_open,
};

#[test]
fn every_event_out_of_place_names_itself_and_the_status() {
    let now = instants()[0];
    let received = opened(opening(Right::Erasure, ActingAs::Controller));
    let (awaiting, _) = through(&received, &[Event::RequireIdentity], now);
    let (open, _) = through(&awaiting, &[Event::IdentityVerified], now);
    let (asked, _) = through(&open, &[Event::AskClarification], now);
    let (fulfilled, _) = through(&open, &to_end(id(1), Right::Erasure), now);
    let (withdrawn, _) = through(&open, &[Event::Withdraw], now);
    let mut seen = 0;
    for case in [received, awaiting, open, asked, fulfilled, withdrawn] {
        let before = case.clone();
        for event in alphabet(id(1)) {
            let Err(error) = step(&case, event, now) else {
                continue;
            };
            seen += 1;
            assert_eq!(error.status(), case.status());
            assert_eq!(error.event(), event.name());
            let text = error.to_string();
            let status = case.status().name();
            assert!(text.starts_with(event.name()), "{text}");
            assert!(text.contains(status), "{text}");
            assert!(!text.contains(&case.subject().to_string()));
            assert_eq!(case, before);
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn each_condition_has_its_own_reason() {
    let now = instants()[0];
    let late = at("2026-04-02T22:00:00Z");
    let why = |right: Right, before: &[Event], event: Event| {
        let case = opened(opening(right, ActingAs::Controller));
        let (case, _) = through(&case, before, now);
        step(&case, event, now).unwrap_err().why()
    };
    let open = to_open(ActingAs::Controller);
    let up_to = |n: usize, right: Right| {
        let mut events = open.clone();
        events.extend(to_end(id(1), right).into_iter().take(n));
        events
    };
    let identity = [Event::RequireIdentity];
    let failed = [Event::RequireIdentity, Event::IdentityFailed];
    let access = Right::Access;
    let erasure = Right::Erasure;
    let low = Event::IdentityNotNeeded(NotNeeded::LowHarm);
    let other = Nonce::from_random([66; 32]);
    let table = [
        (why(access, &[], low), Why::IdentityNeeded),
        (why(Right::Recipients, &[], low), Why::IdentityNeeded),
        (why(access, &identity, Event::RetryIdentity), Why::NotFailed),
        (why(access, &failed, Event::Execute), Why::WrongStatus),
        (
            why(access, &[], refuse(RefusalGround::IdentityNotProved)),
            Why::WrongGround,
        ),
        (
            why(access, &[], refuse(RefusalGround::NotApplicable)),
            Why::WrongGround,
        ),
        (
            why(access, &identity, refuse(RefusalGround::Exception)),
            Why::WrongGround,
        ),
        (
            why(access, &open, refuse(RefusalGround::IdentityNotProved)),
            Why::WrongGround,
        ),
        (why(access, &open, Event::Execute), Why::NotApproved),
        (why(access, &open, located(id(2))), Why::OtherOrder),
        (
            why(access, &up_to(1, access), Event::Execute),
            Why::NotApproved,
        ),
        (
            why(access, &up_to(2, access), Event::AskClarification),
            Why::Decided,
        ),
        (
            why(access, &up_to(2, access), executed()),
            Why::WorkNotOrdered,
        ),
        (
            why(access, &up_to(2, access), Event::Deliver),
            Why::WorkNotOrdered,
        ),
        (
            why(access, &up_to(3, access), Event::Deliver),
            Why::WorkNotDone,
        ),
        (
            why(access, &up_to(3, access), Event::Execute),
            Why::WorkOrdered,
        ),
        (
            why(access, &up_to(3, access), approve(Extent::WithExceptions)),
            Why::WorkOrdered,
        ),
        (
            why(access, &up_to(3, access), located(id(1))),
            Why::WorkOrdered,
        ),
        (
            why(access, &up_to(3, access), refuse(RefusalGround::Exception)),
            Why::WorkOrdered,
        ),
        (
            why(access, &up_to(3, access), Event::Withdraw),
            Why::WorkOrdered,
        ),
        (
            why(access, &up_to(4, access), clean(id(1), nonce())),
            Why::NoRescan,
        ),
        (
            why(access, &up_to(4, access), Event::ScannedDirty),
            Why::NoRescan,
        ),
        (
            why(erasure, &up_to(3, erasure), clean(id(1), nonce())),
            Why::WorkNotDone,
        ),
        (
            why(erasure, &up_to(4, erasure), clean(id(1), other)),
            Why::OtherOrder,
        ),
        (
            why(erasure, &up_to(4, erasure), clean(id(2), nonce())),
            Why::OtherOrder,
        ),
        (
            why(erasure, &up_to(4, erasure), Event::Deliver),
            Why::NotClean,
        ),
        (
            why(
                erasure,
                &up_to(4, erasure),
                Event::RecipientsSettled(Art19::Notified),
            ),
            Why::NoRecipientsAsked,
        ),
        (
            why(erasure, &up_to(5, erasure), Event::Deliver),
            Why::RecipientsOpen,
        ),
        (
            why(erasure, &up_to(5, erasure), clean(id(1), nonce())),
            Why::NoRescan,
        ),
        (
            why(
                access,
                &up_to(5, access),
                Event::ControllerClosed(super::tenant()),
            ),
            Why::OnItsWay,
        ),
        (
            why(access, &open, Event::ControllerClosed(super::tenant())),
            Why::NotOurRole,
        ),
        (why(access, &open, Event::TakeBack), Why::NothingOnItsWay),
        (
            why(access, &open, Event::Sent(Message::Lifting)),
            Why::NothingOnItsWay,
        ),
        (
            why(
                access,
                &open,
                Event::DayPassed {
                    today: (now + days(2)).date_naive(),
                },
            ),
            Why::WrongDay,
        ),
        (
            why(
                access,
                &open,
                Event::DayPassed {
                    today: (now - days(2)).date_naive(),
                },
            ),
            Why::WrongDay,
        ),
    ];
    for (n, (found, expected)) in table.into_iter().enumerate() {
        assert_eq!(found, expected, "row {n}");
    }
    // Clarification is asked once.
    let (once, _) = through(
        &opened(opening(access, ActingAs::Controller)),
        &[
            open.clone(),
            vec![Event::AskClarification, Event::ProceedWithAll],
        ]
        .concat(),
        now,
    );
    let error = step(&once, Event::AskClarification, now).unwrap_err();
    assert_eq!(error.why(), Why::AskedBefore);
    // A day that does not exist now is refused on an objection's last day as on any other.
    let objection = opened(opening(Right::Objection, ActingAs::Controller));
    let wrong = Event::DayPassed {
        today: now.date_naive(),
    };
    assert_eq!(
        step(&objection, wrong, late).unwrap_err().why(),
        Why::WrongDay
    );
}

#[test]
fn a_second_look_that_finds_something_sends_the_work_back() {
    let now = instants()[0];
    let case = opened(opening(Right::Erasure, ActingAs::Controller));
    let (case, _) = through(&case, &to_open(ActingAs::Controller), now);
    let (case, _) = through(&case, &to_end(id(1), Right::Erasure)[..6], now);
    assert!(case.is_clean());
    let (dirty, effects) = step(&case, Event::ScannedDirty, now).unwrap();
    assert_eq!(effects.len(), 1);
    assert!(!dirty.is_clean());
    assert_eq!(dirty.work(), Work::Ordered);
    // The look from before proves nothing, and the recipients are not told twice.
    let fresh = Nonce::from_random([8; 32]);
    let (done, _) = step(&dirty, Event::Executed { rescan: fresh }, now).unwrap();
    let old = step(&done, clean(id(1), nonce()), now).unwrap_err();
    assert_eq!(old.why(), Why::OtherOrder);
    let (again, effects) = step(&done, clean(id(1), fresh), now).unwrap();
    assert_eq!(effects, []);
    assert_eq!(again.recipients(), Some(Art19::Notified));
    step(&again, Event::Deliver, now).unwrap();
}

#[test]
fn the_answers_of_before_a_question_count_no_more() {
    let now = instants()[0];
    let case = opened(opening(Right::Access, ActingAs::Controller));
    let (case, _) = through(&case, &to_open(ActingAs::Controller), now);
    let (case, _) = through(
        &case,
        &[
            located(id(1)),
            Event::AskClarification,
            Event::Clarified(Scope::Narrowed),
        ],
        now,
    );
    let error = step(&case, approve(Extent::Full), now).unwrap_err();
    assert_eq!(error.why(), Why::NotAnswered);
    let wait = case.clarification_wait().unwrap();
    assert_eq!((wait.asked, wait.answered), (now, Some(now)));
}

#[test]
fn questions_are_noted_from_the_first_asking() {
    let [first, second, third] = [0, 1, 2].map(|n| instants()[n]);
    let case = opened(opening(Right::Access, ActingAs::Controller));
    let (case, _) = through(&case, &[Event::RequireIdentity], first);
    let (case, _) = through(
        &case,
        &[Event::IdentityFailed, Event::RetryIdentity],
        second,
    );
    assert_eq!(case.identity(), Identity::Asked);
    let wait = case.identity_wait().unwrap();
    assert_eq!((wait.asked, wait.answered), (first, None));
    let (case, _) = through(&case, &[Event::IdentityVerified], third);
    let wait = case.identity_wait().unwrap();
    assert_eq!((wait.asked, wait.answered), (first, Some(third)));
    assert_eq!(case.identity(), Identity::Verified);
}

#[test]
fn identity_that_is_never_shown_ends_in_a_letter() {
    let now = instants()[0];
    let case = opened(opening(Right::Access, ActingAs::Controller));
    let (case, _) = through(
        &case,
        &[
            Event::RequireIdentity,
            refuse(RefusalGround::IdentityNotProved),
            Event::Sent(Message::Refusal),
        ],
        now,
    );
    assert_eq!(case.status(), Status::Refused);
    assert_eq!(case.closed(), Some(now));
}

#[test]
fn a_withdrawal_of_a_referred_case_reaches_the_client() {
    use gdpr_rights::request::case::Effect;
    let now = instants()[0];
    let case = opened(opening(Right::Access, ActingAs::Processor));
    let told = [Effect::ConfirmWithdrawal, Effect::TellControllerWithdrawn];
    let (_, effects) = through(&case, &[Event::Withdraw], now);
    assert_eq!(effects, told[..1]);
    let (_, effects) = through(&case, &[Event::ReferToController, Event::Withdraw], now);
    assert_eq!(effects, told);
    let (_, effects) = through(
        &case,
        &[
            Event::ReferToController,
            super::instruct(AnswerTo::Controller),
            Event::Withdraw,
        ],
        now,
    );
    assert_eq!(effects, told);
}

#[test]
fn days_that_contradict_one_another_are_refused() {
    let due = day("2026-04-02");
    let extended = day("2026-06-02");
    let bad = |limits: Result<Limits, Error>| assert_eq!(limits, Err(Error::BadLimits));
    bad(Limits::new(extended, due, due, None));
    bad(Limits::new(due, extended, day("2026-04-03"), None));
    for (base, extended_without) in [
        ("2026-04-03", "2026-06-02"),
        ("2026-04-02", "2026-06-03"),
        ("2026-04-02", "2026-04-01"),
    ] {
        let without = WithoutPause {
            base_due: day(base),
            extended_due: day(extended_without),
        };
        bad(Limits::new(due, extended, due, Some(without)));
    }
    // A day ends at some zone's midnight.
    let date = due.day();
    for (ends, fits) in [
        ("2026-04-02T10:00:00Z", true),
        ("2026-04-02T09:59:59Z", false),
        ("2026-04-03T12:00:00Z", true),
        ("2026-04-03T12:00:01Z", false),
    ] {
        assert_eq!(CivilDay::new(date, at(ends)).is_ok(), fits, "{ends}");
    }
    assert_eq!(
        CivilDay::new(chrono::NaiveDate::MAX, at("2026-04-03T12:00:00Z")),
        Err(Error::BadLimits)
    );
    // A change cannot move the last day for a notice of extension.
    let now = instants()[0];
    let case = opened(opening(Right::Access, ActingAs::Controller));
    let later = Limits::new(
        day("2026-04-13"),
        day("2026-06-15"),
        day("2026-04-13"),
        None,
    )
    .unwrap();
    let error = step(&case, Event::LimitsChanged(later), now).unwrap_err();
    assert_eq!(error.why(), Why::NoticeMoved);
    let (paused_case, _) = step(&case, Event::LimitsChanged(paused()), now).unwrap();
    assert_eq!(paused_case.limits(), &paused());
    let (back, _) = step(&paused_case, Event::LimitsChanged(limits()), now).unwrap();
    assert_eq!(back, case);
}
