//! What a caller reads off a case and gives it: days from the clock, what is owed, who two cases are about.

use chrono::TimeDelta;
use gdpr_rights::request::case::{
    ActingAs, Closing, Event, Extent, Ground, Limits, Message, Opening, Why, merge, merge_found,
};
use gdpr_rights::request::clock::{Clock, Pause, Zone};
use gdpr_rights::request::holidays::Calendar;
use gdpr_rights::request::identity::IdentityKey;
use gdpr_rights::request::{case, refusal};
use gdpr_rights::{Request, Right, Statement};
use retention_policy::{Purpose, SubjectId};

use super::promises::{now, open};
use super::{
    RECEIVED, approve, at, clean, day, executed, id, limits, located, nonce, opening, paused,
    through, to_end, to_open,
};

#[test]
fn p101_what_it_took_runs_from_the_receipt_to_the_end() {
    let case = open(Right::Rectification);
    let later = now() + TimeDelta::hours(30);
    assert_eq!(case.took(later), later - at(RECEIVED));
    let end = now() + TimeDelta::hours(5);
    let (case, _) = through(&case, &to_end(case.id(), Right::Rectification), end);
    assert_eq!(case.took(later), end - at(RECEIVED));
}

#[test]
fn what_is_owed_can_be_read_off_a_case() {
    let case = open(Right::Erasure);
    assert!(!case.is_answered() && case.rescan().is_none());
    let (case, _) = through(&case, &[located(id(1)), approve(Extent::Full)], now());
    assert!(case.is_answered());
    let (case, _) = through(&case, &[Event::Execute, executed()], now());
    assert_eq!(case.rescan(), Some(nonce()));
    assert!(!case.is_clean());
    let (case, _) = through(&case, &[clean(id(1), nonce())], now());
    assert!(case.is_clean());
}

#[test]
fn the_days_of_a_case_are_those_of_the_clock() {
    let france = Calendar::new("FR").unwrap();
    let clock = Clock::new(Zone::new("Europe/Paris").unwrap(), &france);
    let received = clock.date(at(RECEIVED)).unwrap();
    let plain = clock.deadline(received, &[]).unwrap();
    assert_eq!(Limits::of(&plain).unwrap(), limits());
    let asked = "2026-03-03".parse().unwrap();
    let pause = Pause::new(asked, "2026-03-14".parse().unwrap()).unwrap();
    let paused_days = clock.deadline(received, &[pause]).unwrap();
    let found = Limits::of(&paused_days).unwrap();
    assert_eq!(found, paused());
    // The notice of an extension keeps to the month without the pause.
    assert_eq!(found.extension_notice_by(), day("2026-04-02"));
}

#[test]
fn p107_a_restriction_is_said_in_the_ledger_and_taken_back_there() {
    for ground in [
        Ground::AccuracyContested,
        Ground::Unlawful,
        Ground::LegalClaim,
        Ground::ObjectionPending,
    ] {
        assert_eq!(ground.statements(true), [Statement::Restriction]);
        assert_eq!(ground.statements(false), [Statement::RestrictionLifted]);
    }
    let withdrawn = Ground::ConsentWithdrawn.statements(true);
    assert!(withdrawn.contains(&Statement::Withdrawal(Purpose::DraftReply)));
    for owed in [
        Purpose::AnswerRequest,
        Purpose::LegalObligation,
        Purpose::Secure,
    ] {
        assert!(!withdrawn.contains(&Statement::Withdrawal(owed)));
    }
    // Only the person gives consent again.
    assert!(Ground::ConsentWithdrawn.statements(false).is_empty());
    assert!(Ground::DirectMarketing.statements(true).is_empty());
}

#[test]
fn cases_that_were_opened_for_nobody_merge_by_who_was_found() {
    let found = SubjectId::from_random([7; 16]);
    let of = |n: u8| {
        let base = opening(Right::Access, ActingAs::Controller);
        let case = super::opened(Opening {
            request: Request {
                case: id(n),
                subject: SubjectId::from_random([n + 100; 16]),
                ..base.request
            },
            ..base
        });
        through(&case, &to_open(ActingAs::Controller), now()).0
    };
    let (first, second) = (of(1), of(2));
    assert_eq!(
        merge(&first, &second, now()).unwrap_err().why(),
        Why::NotTheSame
    );
    let other = SubjectId::from_random([8; 16]);
    let refused = merge_found((&first, found), (&second, other), now());
    assert_eq!(refused.unwrap_err().why(), Why::NotTheSame);
    let done = merge_found((&first, found), (&second, found), now()).unwrap();
    assert_eq!(done.survivor.subject(), first.subject());
    assert_eq!(done.duplicate.subject(), second.subject());
    assert_eq!(done.duplicate.closing(), Some(Closing::Joined(first.id())));
    let sent = [Event::Sent(Message::Joined)];
    let (gone, _) = through(&done.duplicate, &sent, now());
    assert!(gone.status().is_terminal());
}

#[test]
fn a_reason_with_words_has_its_kind() {
    use case::RefusalGround as Kind;
    use refusal::RefusalGround as Ground;
    for (ground, kind) in [
        (Ground::NotIdentified, Kind::IdentityNotProved),
        (Ground::NotAuthorised, Kind::IdentityNotProved),
        (Ground::OthersRights, Kind::Exception),
        (Ground::OverridingGrounds, Kind::CompellingGrounds),
    ] {
        assert_eq!(ground.kind(), kind, "{ground:?}");
    }
}

#[test]
fn p103_a_person_in_a_certificate_is_blind_under_its_key() {
    let person = SubjectId::from_random([7; 16]);
    let blind = |key: u8, of| IdentityKey::from_bytes([key; 32]).blind(of);
    assert_eq!(blind(1, person), blind(1, person));
    assert_ne!(blind(1, person), blind(2, person));
    assert_ne!(blind(1, person), blind(1, SubjectId::from_random([8; 16])));
    let bytes = blind(1, person);
    assert!(!bytes.as_bytes().starts_with(&person.to_bytes()));
}
