//! What was promised to people, each with its number.

use gdpr_rights::request::case::{
    ActingAs, AnswerTo, AnswerableBy, Case, Channel, Effect, Event, Extent, Ground, Lateness,
    Located, Message, NotNeeded, Notice, Opening, RefusalGround, Rescan, Scope, Status, Why, step,
};
use gdpr_rights::{Answer, Error, Residue, ResidueReason, Right, SourceId};
use retention_policy::Timestamp;

use super::{
    RECEIVED, approve, at, day, day_passed, days, extend, id, instants, instruct, located,
    marketing, nonce, opened, opening, order, paused, refuse, through, to_end, to_open,
};

pub(super) fn now() -> Timestamp {
    instants()[0]
}

pub(super) fn late() -> Timestamp {
    at("2026-04-02T22:00:00Z")
}

pub(super) fn open(right: Right) -> Case {
    let case = opened(opening(right, ActingAs::Controller));
    through(&case, &to_open(ActingAs::Controller), now()).0
}

pub(super) fn why(case: &Case, event: Event, now: Timestamp) -> Why {
    step(case, event, now).unwrap_err().why()
}

#[test]
fn p096_both_a_direct_user_and_an_end_customer_are_answered() {
    for right in Right::ALL {
        let direct = opened(opening(right, ActingAs::Controller));
        let (direct, _) = through(&direct, &to_open(ActingAs::Controller), now());
        let (direct, _) = through(&direct, &to_end(direct.id(), right), now());
        assert_eq!(direct.status(), Status::Fulfilled, "{right}");

        // An end-customer is referred; the client answers, or has us answer.
        let referred = opened(opening(right, ActingAs::Processor));
        let (referred, effects) = through(&referred, &[Event::ReferToController], now());
        assert_eq!(effects, [Effect::ReferToController]);
        let (by_us, _) = through(&referred, &[instruct(AnswerTo::Person)], now());
        let (by_us, _) = through(&by_us, &to_end(by_us.id(), right), now());
        assert_eq!(by_us.status(), Status::Fulfilled, "{right}");
    }
}

#[test]
fn p096_a_processor_does_nothing_before_its_instruction() {
    for right in Right::ALL {
        let case = opened(opening(right, ActingAs::Processor));
        for event in [
            Event::RequireIdentity,
            Event::IdentityNotNeeded(NotNeeded::Authenticated),
            extend(),
            refuse(RefusalGround::Unfounded),
        ] {
            assert_eq!(why(&case, event, now()), Why::NotOurRole);
        }
        let (referred, _) = through(&case, &[Event::ReferToController], now());
        for event in [
            Event::IdentityVerified,
            located(id(1)),
            approve(Extent::Full),
            Event::Execute,
            Event::Deliver,
            refuse(RefusalGround::Unfounded),
            extend(),
        ] {
            assert_eq!(why(&referred, event, now()), Why::WrongStatus);
        }
    }
    let own = opened(opening(Right::Access, ActingAs::Controller));
    assert_eq!(why(&own, Event::ReferToController, now()), Why::NotOurRole);
}

#[test]
fn p098_a_source_that_is_silent_keeps_the_case_open() {
    let (order, mut answers) = order(id(1), nonce());
    let store = SourceId::new("store").unwrap();
    let index = SourceId::new("index").unwrap();
    let reasons = |residue: Residue| residue.reasons().to_vec();
    let silent = Located::of(&order, &answers[..1]).unwrap_err();
    assert_eq!(reasons(silent), [(index.clone(), ResidueReason::Silent)]);
    answers[0] = Answer::found(&store, nonce(), 7);
    answers[1] = Answer::failed(&index, nonce());
    let failed = Located::of(&order, &answers).unwrap_err();
    assert!(reasons(failed).contains(&(index.clone(), ResidueReason::Failed)));
    answers[1] = Answer::clean(&index, nonce());
    // Something found is an answer; in a second look it is not.
    let located = Located::of(&order, &answers).unwrap();
    assert!(Rescan::conclude(&order, &answers).is_err());

    let case = open(Right::Access);
    assert_eq!(why(&case, approve(Extent::Full), now()), Why::NotAnswered);
    let (case, effects) = through(&case, &[Event::EverySourceAnswered(located)], now());
    assert_eq!(effects, [Effect::AskHuman]);
    step(&case, approve(Extent::Full), now()).unwrap();
}

#[test]
fn p104_an_objection_restricts_and_marketing_stops_with_the_opening() {
    let at_opening = |opening: Opening| Case::open(opening, now()).unwrap();
    let (case, effects) = at_opening(opening(Right::Objection, ActingAs::Controller));
    let ground = Ground::ObjectionPending;
    assert_eq!(
        effects,
        [Effect::SendAcknowledgement, Effect::RestrictAtOnce(ground)]
    );
    assert!(case.is_restricted());
    assert_eq!(case.ground(), Some(ground));

    let (case, effects) = at_opening(marketing());
    let ground = Ground::DirectMarketing;
    assert_eq!(
        effects,
        [
            Effect::SendAcknowledgement,
            Effect::RestrictAtOnce(ground),
            Effect::StopAtOnce(ground)
        ]
    );
    // Nothing is weighed against it: not refused on the merits, not granted in part.
    let (case, _) = through(
        &case,
        &[Event::IdentityNotNeeded(NotNeeded::LowHarm), located(id(1))],
        now(),
    );
    for event in [
        refuse(RefusalGround::CompellingGrounds),
        refuse(RefusalGround::LegalClaims),
        refuse(RefusalGround::NotApplicable),
        refuse(RefusalGround::Exception),
        approve(Extent::WithExceptions),
    ] {
        assert_eq!(why(&case, event, now()), Why::Absolute);
    }
    step(&case, refuse(RefusalGround::Excessive), now()).unwrap();
    step(&case, approve(Extent::Full), now()).unwrap();

    let (_, effects) = at_opening(opening(Right::WithdrawConsent, ActingAs::Controller));
    let ground = Ground::ConsentWithdrawn;
    assert_eq!(
        effects[1..],
        [Effect::RestrictAtOnce(ground), Effect::StopAtOnce(ground)]
    );
}

#[test]
fn p104_a_processor_restricts_in_the_step_of_the_instruction() {
    let case = opened(opening(Right::Objection, ActingAs::Processor));
    assert!(!case.is_restricted());
    let (_, effects) = through(
        &case,
        &[Event::ReferToController, instruct(AnswerTo::Controller)],
        now(),
    );
    assert_eq!(
        effects,
        [
            Effect::RestrictAtOnce(Ground::ObjectionPending),
            Effect::AskEverySource(Scope::Everything)
        ]
    );
}

#[test]
fn p107_correction_restriction_and_objection_restrict_in_the_same_step() {
    let grounds = [
        (Right::Rectification, None, Ground::AccuracyContested),
        (Right::Restriction, None, Ground::AccuracyContested),
        (
            Right::Restriction,
            Some(Ground::LegalClaim),
            Ground::LegalClaim,
        ),
        (Right::Restriction, Some(Ground::Unlawful), Ground::Unlawful),
        (Right::Objection, None, Ground::ObjectionPending),
    ];
    for (right, given, ground) in grounds {
        for acting in [ActingAs::Controller, ActingAs::Processor] {
            let opening = Opening {
                ground: given,
                ..opening(right, acting)
            };
            let (case, effects) = match acting {
                ActingAs::Processor => through(&opened(opening), &to_open(acting), now()),
                _ => Case::open(opening, now()).unwrap(),
            };
            assert!(effects.contains(&Effect::RestrictAtOnce(ground)));
            let restriction = case.restriction().unwrap();
            assert_eq!(
                (restriction.ground, restriction.since, restriction.lifted),
                (ground, now(), None)
            );
            assert_eq!(
                ground.keeps_data(),
                matches!(ground, Ground::LegalClaim | Ground::Unlawful)
            );
        }
    }
    // Others restrict when the person asks for it, once.
    let access = open(Right::Access);
    assert!(!access.is_restricted());
    let (access, effects) = through(&access, &[Event::Restrict(Ground::LegalClaim)], now());
    assert_eq!(effects, [Effect::RestrictAtOnce(Ground::LegalClaim)]);
    let again = Event::Restrict(Ground::Unlawful);
    assert_eq!(why(&access, again, now()), Why::RestrictedBefore);
    let marketing = Event::Restrict(Ground::DirectMarketing);
    assert_eq!(
        why(&open(Right::Access), marketing, now()),
        Why::WrongGround
    );
    // A ground belongs to its right.
    for (right, ground) in [
        (Right::Access, Ground::LegalClaim),
        (Right::Rectification, Ground::DirectMarketing),
        (Right::Restriction, Ground::ObjectionPending),
        (Right::Objection, Ground::AccuracyContested),
    ] {
        let opening = Opening {
            ground: Some(ground),
            ..opening(right, ActingAs::Controller)
        };
        assert_eq!(Case::open(opening, now()), Err(Error::BadGround));
    }
}

#[test]
fn p108_a_restriction_ends_after_the_case_and_after_its_notice() {
    let case = open(Right::Rectification);
    assert_eq!(why(&case, Event::Lift, now()), Why::StillNeeded);
    assert_eq!(why(&case, Event::AnnounceLifting, now()), Why::StillNeeded);
    let (end, _) = through(&case, &to_end(id(1), Right::Rectification), now());
    assert!(end.is_restricted());
    assert_eq!(why(&end, Event::Lift, now()), Why::NoticeFirst);

    let (told, effects) = step(&end, Event::AnnounceLifting, now()).unwrap();
    assert_eq!(effects, [Effect::NoticeOfLifting(AnswerTo::Person)]);
    assert_eq!(why(&told, Event::Lift, now()), Why::NoticeFirst);
    assert_eq!(why(&told, Event::AnnounceLifting, now()), Why::OnItsWay);
    let (not_told, _) = step(&told, Event::NotSent(Message::Lifting), now()).unwrap();
    assert_eq!(not_told.restriction().unwrap().notice, Notice::None);
    assert_eq!(why(&not_told, Event::Lift, now()), Why::NoticeFirst);

    let (told, _) = step(&told, Event::Sent(Message::Lifting), now()).unwrap();
    let (lifted, effects) = step(&told, Event::Lift, late()).unwrap();
    assert_eq!(effects, [Effect::LiftRestriction]);
    assert!(!lifted.is_restricted());
    let restriction = lifted.restriction().unwrap();
    assert_eq!(restriction.notice, Notice::Sent(now()));
    assert_eq!(restriction.lifted, Some(late()));
    assert_eq!(why(&lifted, Event::Lift, now()), Why::NotRestricted);
    assert_eq!(lifted.status(), Status::Fulfilled);
    assert_eq!(lifted.closed(), Some(now()));
}

#[test]
fn p108_what_nothing_is_weighed_against_ends_by_the_person_alone() {
    let (case, _) = through(
        &opened(marketing()),
        &[Event::IdentityNotNeeded(NotNeeded::LowHarm)],
        now(),
    );
    let (end, _) = through(&case, &to_end(id(1), Right::Objection), now());
    assert_eq!(why(&end, Event::AnnounceLifting, now()), Why::Absolute);
    let (withdrawn, effects) = step(&case, Event::Withdraw, now()).unwrap();
    assert_eq!(effects, [Effect::ConfirmWithdrawal]);
    step(&withdrawn, Event::AnnounceLifting, now()).unwrap();
    assert_eq!(
        why(
            &step(&open(Right::Access), Event::Withdraw, now())
                .unwrap()
                .0,
            Event::Lift,
            now()
        ),
        Why::NotRestricted
    );
}

#[test]
fn p112_the_result_goes_to_the_client_unless_it_authorises_us() {
    let case = opened(opening(Right::Portability, ActingAs::Processor));
    for to in [AnswerTo::Controller, AnswerTo::Person] {
        let (case, _) = through(&case, &[Event::ReferToController, instruct(to)], now());
        assert_eq!(case.answer_to(), to);
        let mut events = to_end(id(1), Right::Portability);
        events.pop();
        let (_, effects) = through(&case, &events, now());
        let extent = Extent::Full;
        assert_eq!(effects, [Effect::Deliver { to, extent }]);
        // Refusing is the controller's, unless it has us answer.
        let refused = step(&case, refuse(RefusalGround::Exception), now());
        match to {
            AnswerTo::Person => assert!(refused.is_ok()),
            _ => assert_eq!(refused.unwrap_err().why(), Why::NotOurRole),
        }
    }
}

#[test]
fn p119_a_referred_case_stays_open_until_the_client_closes_it() {
    let case = opened(opening(Right::Erasure, ActingAs::Processor));
    let (referred, _) = through(&case, &[Event::ReferToController], now());
    // Reminded like a case of our own, and years late it is still open.
    let near = at("2026-03-31T06:00:00Z");
    let (referred, effects) = step(&referred, day_passed(near), near).unwrap();
    assert!(matches!(
        effects[..],
        [Effect::Remind {
            whom: AnswerableBy::Controller,
            days_left: 2,
            ..
        }]
    ));
    let years = at("2029-03-02T06:00:00Z");
    let (referred, effects) = step(&referred, day_passed(years), years).unwrap();
    assert!(matches!(
        effects[..],
        [Effect::Overdue {
            whom: AnswerableBy::Controller,
            ..
        }]
    ));
    assert_eq!(referred.status(), Status::Referred);

    let (given, _) = through(
        &case,
        &[Event::ReferToController, instruct(AnswerTo::Controller)],
        now(),
    );
    let (given, _) = through(&given, &to_end(id(1), Right::Erasure), now());
    let (_, effects) = step(&given, day_passed(near), near).unwrap();
    assert!(matches!(
        effects[..],
        [Effect::Remind {
            whom: AnswerableBy::Controller,
            ..
        }]
    ));

    // Done and given back, it is still the client's to close.
    let (given, _) = through(&referred, &[instruct(AnswerTo::Controller)], now());
    let (given, _) = through(&given, &to_end(id(1), Right::Erasure), now());
    assert!(given.is_returned() && !given.status().is_terminal());
    assert_eq!(why(&given, Event::Deliver, now()), Why::Returned);
    let (given, effects) = through(&given, &[Event::LimitsChanged(paused())], now());
    assert_eq!(effects, []);
    let other = Event::ControllerClosed(retention_policy::TenantId::from_random([66; 16]));
    for case in [&referred, &given] {
        assert_eq!(why(case, other, now()), Why::WrongController);
        let (closed, _) = step(case, Event::ControllerClosed(super::tenant()), now()).unwrap();
        assert_eq!(closed.status(), Status::ReferredClosed);
    }
    // What we answer by its authority is ours to end.
    let (authorised, _) = through(&referred, &[instruct(AnswerTo::Person)], now());
    assert!(!authorised.is_returned() && authorised.instructed() == Some(now()));
    let closing = Event::ControllerClosed(super::tenant());
    assert_eq!(why(&authorised, closing, now()), Why::WrongStatus);
    // Not in the middle of an erasure.
    let (half, _) = through(&referred, &[instruct(AnswerTo::Controller)], now());
    let (half, _) = through(&half, &to_end(id(1), Right::Erasure)[..3], now());
    assert_eq!(why(&half, closing, now()), Why::WorkOrdered);
}

#[test]
fn p122_the_clock_runs_from_receipt_at_any_address() {
    let opened_at = at("2026-03-05T08:00:00Z");
    let opens = |channel: Channel| {
        let opening = Opening {
            channel,
            ..opening(Right::Access, ActingAs::Controller)
        };
        Case::open(opening, opened_at).unwrap().0
    };
    for channel in Channel::ALL {
        let case = opens(*channel);
        assert_eq!(case.channel(), *channel);
        assert_eq!(case.received(), at(RECEIVED));
        assert_eq!(case.opened(), opened_at);
        assert_eq!(case.due(), day("2026-04-02"));
    }
    // Even if somebody finds the mail when it is late.
    let (case, _) = Case::open(opening(Right::Access, ActingAs::Controller), late()).unwrap();
    assert_eq!(case.lateness(late()), Lateness::Late);
    let ahead = Case::open(
        opening(Right::Access, ActingAs::Controller),
        at(RECEIVED) - days(1),
    );
    assert_eq!(ahead, Err(Error::ReceivedInFuture));
    let mut long_ago = opening(Right::Access, ActingAs::Controller);
    long_ago.request.received = late();
    assert_eq!(Case::open(long_ago, late()), Err(Error::BadLimits));
}
