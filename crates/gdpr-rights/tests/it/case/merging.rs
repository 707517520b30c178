//! Two requests become one.

use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Case, Channel, Closing, Effect, Event, Extent, Ground, Message, NotNeeded,
    Opening, RefusalGround, Scope, Status, Why, merge, step,
};
use gdpr_rights::{Request, Right};

use super::promises::{late, now, open, why};
use super::{
    RECEIVED, approve, at, day, day_passed, extend, id, limits, located, opened, opening, paused,
    refuse, through, to_end, to_open,
};

#[test]
fn merging_keeps_the_earlier_receipt_and_what_was_asked() {
    let later = Opening {
        request: Request {
            case: id(2),
            received: at("2026-03-20T09:00:00Z"),
            ..opening(Right::Rectification, ActingAs::Controller).request
        },
        limits: gdpr_rights::request::case::Limits::new(
            day("2026-04-20"),
            day("2026-06-22"),
            day("2026-04-20"),
            None,
        )
        .unwrap(),
        ..opening(Right::Rectification, ActingAs::Controller)
    };
    let now = at("2026-03-21T09:00:00Z");
    let (later, _) = through(&opened(later), &to_open(ActingAs::Controller), now);
    let (later, _) = through(
        &later,
        &[Event::AskClarification, Event::Clarified(Scope::Narrowed)],
        now,
    );
    let earlier = open(Right::Rectification);
    for (survivor, duplicate) in [(&earlier, &later), (&later, &earlier)] {
        let done = merge(survivor, duplicate, now).unwrap();
        assert_eq!(done.survivor.id(), survivor.id());
        assert_eq!(done.survivor.received(), at(RECEIVED));
        assert_eq!(done.survivor.limits(), &limits());
        assert_eq!(done.survivor.scope(), Scope::Everything);
        let since = done.survivor.restriction().unwrap().since;
        assert_eq!(since, at(RECEIVED));
        assert_eq!(
            done.survivor_effects,
            [Effect::AskEverySource(Scope::Everything)]
        );
        assert_eq!(
            done.duplicate_effects,
            [Effect::TellJoined {
                survivor: survivor.id(),
                to: AnswerTo::Person,
            }]
        );
        // There is no way back, and the person is told before the case ends.
        assert_eq!(why(&done.duplicate, Event::TakeBack, now), Why::OnItsWay);
        let (told_again, effects) =
            step(&done.duplicate, Event::NotSent(Message::Joined), now).unwrap();
        assert_eq!(effects, done.duplicate_effects);
        assert_eq!(told_again.closing(), Some(Closing::Joined(survivor.id())));
        let (end, _) = step(&told_again, Event::Sent(Message::Joined), now).unwrap();
        assert_eq!(end.status(), Status::Merged);
        assert!(!end.is_restricted());
    }
}

#[test]
fn only_verified_cases_of_the_same_request_merge() {
    let case = open(Right::Objection);
    let other = |n: u8, change: fn(&mut Opening)| {
        let mut opening = opening(Right::Objection, ActingAs::Controller);
        opening.request.case = id(n);
        change(&mut opening);
        opened(opening)
    };
    let verified = |case: Case| through(&case, &to_open(ActingAs::Controller), now()).0;
    let refused = |a: &Case, b: &Case, now| merge(a, b, now).unwrap_err().why();
    let twin = verified(other(2, |_| ()));
    merge(&case, &twin, now()).unwrap();

    assert_eq!(refused(&case, &other(2, |_| ()), now()), Why::WrongStatus);
    let low = Event::IdentityNotNeeded(NotNeeded::LowHarm);
    let unknown = through(&other(2, |_| ()), &[low], now()).0;
    assert_eq!(refused(&case, &unknown, now()), Why::NotProved);
    assert_eq!(refused(&unknown, &case, now()), Why::NotProved);
    assert_eq!(refused(&case, &case, now()), Why::NotTheSame);
    let strangers: [fn(&mut Opening); 4] = [
        |o| o.request.subject = retention_policy::SubjectId::from_random([66; 16]),
        |o| o.request.tenant = retention_policy::TenantId::from_random([66; 16]),
        |o| o.request.right = Right::Access,
        |o| o.ground = Some(Ground::DirectMarketing),
    ];
    for change in strangers {
        let stranger = verified(other(2, change));
        assert_eq!(refused(&case, &stranger, now()), Why::NotTheSame);
    }
    let worked = through(&twin, &to_end(id(2), Right::Objection)[..3], now()).0;
    assert_eq!(refused(&case, &worked, now()), Why::WorkOrdered);
    let queued = through(&twin, &[refuse(RefusalGround::Excessive)], now()).0;
    assert_eq!(refused(&case, &queued, now()), Why::OnItsWay);
    let extending = through(&twin, &[extend()], now()).0;
    assert_eq!(refused(&case, &extending, now()), Why::OnItsWay);
    assert_eq!(refused(&case, &twin, late()), Why::Lapsed);

    // An extension of the one is none of the other: its day would move.
    let extended = through(
        &open(Right::Access),
        &[extend(), Event::Sent(Message::Extension)],
        now(),
    )
    .0;
    let later = verified(other(2, |o| {
        o.request.right = Right::Access;
        o.request.received = at("2026-03-02T09:30:00Z");
    }));
    assert_eq!(refused(&extended, &later, now()), Why::WouldDelay);
    // The decision of before does not bind what is asked now.
    let (decided, _) = through(&case, &[located(id(1)), approve(Extent::Full)], now());
    let one = merge(&decided, &twin, now()).unwrap().survivor;
    assert_eq!(one.decision(), None);
    assert_eq!(why(&one, approve(Extent::Full), now()), Why::NotAnswered);
}

#[test]
fn the_survivor_lives_by_the_facts_of_the_earlier_case() {
    let later = |n: u8, channel: Channel, received: &str| {
        let opening = Opening {
            request: Request {
                case: id(n),
                received: at(received),
                ..opening(Right::Access, ActingAs::Controller).request
            },
            channel,
            ..opening(Right::Access, ActingAs::Controller)
        };
        let case = Case::open(opening, now()).unwrap().0;
        through(&case, &to_open(ActingAs::Controller), now()).0
    };
    // Of two received at the same instant, the one that goes on is the earlier.
    let own = open(Right::Access);
    let tie = later(2, Channel::Post, RECEIVED);
    let one = merge(&own, &tie, now()).unwrap().survivor;
    assert_eq!(one.channel(), Channel::PrivacyAddress);
    let one = merge(&tie, &own, now()).unwrap().survivor;
    assert_eq!((one.id(), one.channel()), (id(2), Channel::Post));

    // Opened, asked, extended, reminded, rung: all of that is the earlier one's.
    let late_by_pause = at("2026-04-06T08:00:00Z");
    let earlier = own.clone();
    let (earlier, effects) = through(
        &earlier,
        &[
            Event::LimitsChanged(paused()),
            Event::AskClarification,
            Event::ProceedWithAll,
        ],
        now(),
    );
    assert_eq!(effects, [Effect::AskEverySource(Scope::Everything)]);
    let (rung, _) = through(&earlier, &[day_passed(late_by_pause)], late_by_pause);
    let other = later(2, Channel::Form, "2026-03-02T09:30:00Z");
    let one = merge(&other, &rung, late_by_pause).unwrap().survivor;
    assert_eq!(one.channel(), Channel::PrivacyAddress);
    assert_eq!(one.opened(), at(RECEIVED));
    assert_eq!(one.limits(), &paused());
    assert_eq!(one.clarification_wait(), rung.clarification_wait());
    assert_eq!(one.identity_wait(), rung.identity_wait());
    let (_, again) = step(&one, day_passed(late_by_pause), late_by_pause).unwrap();
    assert_eq!(again, [], "the alarm rang for this day");

    let soon = at("2026-03-31T08:00:00Z");
    let (reminded, _) = through(&own, &[day_passed(soon)], soon);
    let one = merge(&other, &reminded, soon).unwrap().survivor;
    assert_eq!(step(&one, day_passed(soon), soon).unwrap().1, []);
    let fresh = merge(&other, &own, soon).unwrap().survivor;
    assert_eq!(step(&fresh, day_passed(soon), soon).unwrap().1.len(), 1);

    // An extension of the later one is none of the earlier's; one of the earlier's does not reach past the later's day.
    let extended = [extend(), Event::Sent(Message::Extension)];
    let (longer, _) = through(&other, &extended, now());
    let one = merge(&longer, &own, now()).unwrap().survivor;
    assert_eq!((one.extension(), one.due()), (None, day("2026-04-02")));
    let (both, _) = through(&own, &extended, now());
    let one = merge(&longer, &both, now()).unwrap().survivor;
    assert_eq!(one.extension(), both.extension());

    // A question is asked once, whichever of the two asked it.
    let (asked, _) = through(
        &other,
        &[Event::AskClarification, Event::ProceedWithAll],
        now(),
    );
    let one = merge(&own, &asked, now()).unwrap().survivor;
    assert_eq!(one.clarification_wait(), asked.clarification_wait());
}

#[test]
fn the_wider_scope_and_the_stricter_restriction_win() {
    let narrow = [Event::AskClarification, Event::Clarified(Scope::Narrowed)];
    let two = |events: &[Event]| {
        let mut opening = opening(Right::Access, ActingAs::Controller);
        opening.request.case = id(2);
        opening.request.received = at("2026-03-02T09:30:00Z");
        let case = Case::open(opening, now()).unwrap().0;
        let (case, _) = through(&case, &to_open(ActingAs::Controller), now());
        through(&case, events, now()).0
    };
    let one = |events: &[Event]| through(&open(Right::Access), events, now()).0;
    let scope = |a: &[Event], b: &[Event]| merge(&one(a), &two(b), now()).unwrap().survivor.scope();
    assert_eq!(scope(&narrow, &narrow), Scope::Narrowed);
    assert_eq!(scope(&narrow, &[]), Scope::Everything);
    assert_eq!(scope(&[], &narrow), Scope::Everything);
    assert_eq!(scope(&[], &[]), Scope::Everything);

    let restricted = |a: &[Event], b: &[Event]| {
        let case = merge(&one(a), &two(b), now()).unwrap().survivor;
        case.restriction().map(|r| r.ground)
    };
    let claim = [Event::Restrict(Ground::LegalClaim)];
    let accuracy = [Event::Restrict(Ground::AccuracyContested)];
    assert_eq!(restricted(&[], &[]), None);
    assert_eq!(restricted(&[], &claim), Some(Ground::LegalClaim));
    assert_eq!(restricted(&accuracy, &claim), Some(Ground::LegalClaim));
    assert_eq!(restricted(&claim, &accuracy), Some(Ground::LegalClaim));
}
