//! A case as bytes.

use std::fmt::Write as _;

use gdpr_rights::request::case::{
    ActingAs, AnswerTo, Art19, Case, Event, Extent, Message, Notice, RefusalGround, Verdict, merge,
    step,
};
use gdpr_rights::{Error, Right};
use proptest::prelude::*;

use super::{
    approve, day_passed, extend, id, instants, instruct, marketing, opened, opening, paused,
    refuse, through, to_end, to_open,
};

/// One with everything in it that can be.
fn full() -> Case {
    let now = instants()[0];
    let case = opened(opening(Right::Restriction, ActingAs::Processor));
    let (case, _) = through(
        &case,
        &[
            Event::ReferToController,
            instruct(AnswerTo::Person),
            Event::LimitsChanged(paused()),
            extend(),
            Event::Sent(Message::Extension),
            Event::AskClarification,
            Event::ProceedWithAll,
        ],
        now,
    );
    let (case, _) = through(&case, &to_end(id(1), Right::Restriction), now);
    let (case, _) = through(
        &case,
        &[
            Event::AnnounceLifting,
            Event::Sent(Message::Lifting),
            Event::Lift,
        ],
        now,
    );
    case
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::new();
    for line in bytes.chunks(32) {
        for byte in line {
            write!(out, "{byte:02x}").unwrap();
        }
        out.push('\n');
    }
    out
}

#[test]
fn golden_bytes_of_version_1() {
    let new = opened(opening(Right::Access, ActingAs::Controller));
    insta::assert_snapshot!("new", hex(&new.to_bytes()));
    insta::assert_snapshot!("full", hex(&full().to_bytes()));
    for case in [new, full()] {
        assert_eq!(Case::from_bytes(&case.to_bytes()), Ok(case));
    }
}

#[test]
fn every_changed_byte_and_every_short_or_long_form_is_refused() {
    let bytes = full().to_bytes();
    for n in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[n] ^= flip;
            let expected = if n == 0 {
                Error::UnknownCaseVersion { found: 1 ^ flip }
            } else {
                Error::BadCase
            };
            assert_eq!(Case::from_bytes(&damaged), Err(expected), "byte {n}");
        }
        let short = Case::from_bytes(&bytes[..n]).unwrap_err();
        assert_eq!(short, Error::BadCase, "{n} bytes");
    }
    let mut long = bytes;
    long.push(0);
    assert_eq!(Case::from_bytes(&long), Err(Error::BadCase));
    assert_eq!(
        Case::from_bytes(&[2]),
        Err(Error::UnknownCaseVersion { found: 2 })
    );
}

fn resealed(case: &Case, changes: &[(usize, u8)]) -> Result<Case, Error> {
    use sha2::{Digest as _, Sha256};
    let mut bytes = case.to_bytes();
    let end = bytes.len() - 8;
    for (at, value) in changes {
        bytes[*at] = *value;
    }
    let check = Sha256::digest(&bytes[..end]);
    bytes[end..].copy_from_slice(&check[..8]);
    Case::from_bytes(&bytes)
}

/// Cases at every turn of the way.
fn ways() -> Vec<(&'static str, Case)> {
    let now = instants()[0];
    let ours = |right, events: &[Event]| {
        through(&opened(opening(right, ActingAs::Controller)), events, now).0
    };
    let theirs = |right, events: &[Event]| {
        through(&opened(opening(right, ActingAs::Processor)), events, now).0
    };
    let known = to_open(ActingAs::Controller);
    let erasing = |n: usize| {
        let mut events = known.clone();
        events.extend(to_end(id(1), Right::Erasure).into_iter().take(n));
        ours(Right::Erasure, &events)
    };
    let returned = [
        vec![Event::ReferToController, instruct(AnswerTo::Controller)],
        to_end(id(1), Right::Access),
    ]
    .concat();
    let refusing = [Event::RequireIdentity, refuse(RefusalGround::Excessive)];
    let closed = Event::ControllerClosed(super::tenant());
    let corrected = ours(
        Right::Rectification,
        &[known.clone(), to_end(id(1), Right::Rectification)].concat(),
    );
    let lifting = [
        Event::AnnounceLifting,
        Event::Sent(Message::Lifting),
        Event::Lift,
    ];
    let open = ours(Right::Access, &known);
    let mut twin = opening(Right::Access, ActingAs::Controller);
    twin.request.case = id(2);
    let (twin, _) = through(&opened(twin), &known, now);
    let joining = merge(&twin, &open, now).unwrap().duplicate;
    vec![
        ("received", ours(Right::Access, &[])),
        ("received by a processor", theirs(Right::Access, &[])),
        ("asked who", ours(Right::Access, &known[..1])),
        (
            "asked what",
            ours(
                Right::Access,
                &[known.clone(), vec![Event::AskClarification]].concat(),
            ),
        ),
        ("open", open),
        ("approved", erasing(2)),
        ("ordered", erasing(3)),
        ("done", erasing(4)),
        ("clean", erasing(5)),
        ("told recipients", erasing(6)),
        ("answering", erasing(7)),
        ("fulfilled", erasing(8)),
        ("refusing", ours(Right::Access, &refusing)),
        (
            "refused",
            through(
                &ours(Right::Access, &refusing),
                &[Event::Sent(Message::Refusal)],
                now,
            )
            .0,
        ),
        ("partly fulfilled", {
            let mut events = [known.clone(), to_end(id(1), Right::Access)].concat();
            events[3] = approve(Extent::WithExceptions);
            ours(Right::Access, &events)
        }),
        ("lapsed", {
            let day = instants()[5];
            let objection = ours(Right::Objection, &known);
            through(&objection, &[day_passed(day)], day).0
        }),
        ("marketing approved", {
            let events = [known.clone(), to_end(id(1), Right::Objection)].concat();
            through(&opened(marketing()), &events[..4], now).0
        }),
        ("corrected", corrected.clone()),
        (
            "lifting",
            through(&corrected, &[Event::AnnounceLifting], now).0,
        ),
        ("lifted", through(&corrected, &lifting, now).0),
        ("withdrawn while asked what", {
            let ask = [Event::AskClarification, Event::Withdraw];
            ours(Right::Access, &[known.clone(), ask.to_vec()].concat())
        }),
        ("withdrawn", ours(Right::Access, &[Event::Withdraw])),
        (
            "withdrawn while refusing",
            through(&ours(Right::Access, &refusing), &[Event::Withdraw], now).0,
        ),
        (
            "merged",
            through(&joining, &[Event::Sent(Message::Joined)], now).0,
        ),
        ("joining", joining),
        (
            "referred",
            theirs(Right::Access, &[Event::ReferToController]),
        ),
        ("instructed", theirs(Right::Access, &returned[..2])),
        ("returned", theirs(Right::Access, &returned)),
        (
            "closed by the controller",
            theirs(Right::Access, &[returned, vec![closed]].concat()),
        ),
    ]
}

/// The check finds damage. Whoever makes one that fits still cannot make a case that no step leads to: the snapshot has
/// every fact that can be changed alone, by one byte.
#[test]
fn a_case_no_step_leads_to_is_refused() {
    let facts = |c: &Case| -> [String; 10] {
        let decided = c.decision().map(|d| match d.verdict {
            Verdict::Grant(extent) => extent.name(),
            Verdict::Refuse(_) => "no",
        });
        let sent = |notice| match notice {
            Notice::None => "none",
            Notice::Queued => "queued",
            Notice::Sent(_) => "sent",
        };
        [
            format!("{} {}", c.right(), c.acting()),
            format!("{} answer to {}", c.status(), c.answer_to()),
            format!("identity {}", c.identity()),
            format!("work {} clean {}", c.work(), c.is_clean()),
            format!("recipients {:?}", c.recipients()),
            format!("closing {:?}", c.closing().map(|c| c.message())),
            format!("returned {}", c.is_returned()),
            format!("granted {decided:?}"),
            format!("notice {:?}", c.restriction().map(|r| sent(r.notice))),
            format!("restricted {}", c.is_restricted()),
        ]
    };
    let mut out = String::new();
    for (name, case) in ways() {
        writeln!(out, "{name}").unwrap();
        let end = case.to_bytes().len() - 8;
        for at in 49..end {
            for value in (0..=16).chain([255]) {
                let Ok(other) = resealed(&case, &[(at, value)]) else {
                    continue;
                };
                for (now, then) in facts(&other).iter().zip(facts(&case)) {
                    if *now != then {
                        writeln!(out, "  {at:3} = {value}: {then} -> {now}").unwrap();
                    }
                }
            }
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn facts_that_are_wrong_in_pairs_are_refused() {
    let bad = |case: &Case, changes: &[(usize, u8)]| {
        assert_eq!(resealed(case, changes), Err(Error::BadCase), "{changes:?}");
    };
    let ways = ways();
    let way = |name: &str| ways.iter().find(|(n, _)| *n == name).unwrap().1.clone();
    let new = way("received");
    let end = new.to_bytes().len() - 8;
    let (reminded, answered, answer_to) = (end - 3, 133, 131);
    assert!(resealed(&new, &[(reminded, 15)]).is_ok());
    bad(&new, &[(reminded, 16)]);
    bad(&new, &[(answered, 1)]);
    // A processor that asked for identity, refused, or answers for itself. A question stands before the addressee.
    bad(&way("asked who"), &[(50, 1), (answer_to + 13, 1)]);
    bad(&way("refusing"), &[(50, 1), (answer_to + 13, 1)]);
    bad(&way("received by a processor"), &[(answer_to, 0)]);
    // A case opened before it was received.
    let opened = 65 + 7;
    bad(&new, &[(opened, 0)]);
    for art19 in Art19::ALL {
        let (told, _) = through(
            &way("clean"),
            &[Event::RecipientsSettled(*art19)],
            instants()[0],
        );
        assert_eq!(told.recipients(), Some(*art19));
        assert_eq!(Case::from_bytes(&told.to_bytes()), Ok(told));
    }
    for (_, case) in ways {
        assert_eq!(Case::from_bytes(&case.to_bytes()), Ok(case));
    }
}

#[test]
fn debug_shows_no_person() {
    let case = full();
    let text = format!("{case:?}");
    assert!(text.contains("Restriction") && text.contains("Fulfilled"));
    assert!(!text.contains(&case.subject().to_string()), "{text}");
    assert!(!text.contains(&case.tenant().to_string()), "{text}");
    let now = instants()[0];
    let new = opened(opening(Right::Access, ActingAs::Controller));
    let (refused, effects) = step(&new, refuse(RefusalGround::Excessive), now).unwrap();
    let told = format!("{refused:?} {effects:?}");
    assert!(!told.contains(&case.subject().to_string()), "{told}");
}

proptest! {
    #[test]
    fn noise_is_an_error_and_no_panic(noise in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(Case::from_bytes(&noise).is_err());
    }

    #[test]
    fn noise_with_a_fitting_check_is_an_error_or_the_same_bytes(
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        use sha2::{Digest as _, Sha256};
        let mut bytes = full().to_bytes();
        let end = bytes.len() - 8;
        for (at, value) in noise {
            bytes[1 + at.index(end - 1)] = value;
        }
        let check = Sha256::digest(&bytes[..end]);
        bytes[end..].copy_from_slice(&check[..8]);
        if let Ok(case) = Case::from_bytes(&bytes) {
            prop_assert_eq!(case.to_bytes(), bytes);
        }
    }
}
