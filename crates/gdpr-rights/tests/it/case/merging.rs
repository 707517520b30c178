//! Two requests become one.

use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Case, Effect, Event, Extent, Ground, Message, NotNeeded, Opening,
    RefusalGround, Scope, Status, Why, merge, step,
};
use gdpr_rights::{Request, Right};

use super::promises::{late, now, open, why};
use super::{
    RECEIVED, approve, at, day, extend, id, limits, located, opened, opening, refuse, through,
    to_end, to_open,
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
