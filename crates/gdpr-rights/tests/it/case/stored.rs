//! A case as bytes.

use std::fmt::Write as _;

use gdpr_rights::request::case::{ActingAs, AnswerTo, Case, Event, Message, RefusalGround, step};
use gdpr_rights::{Error, Right};
use proptest::prelude::*;

use super::{
    extend, id, instants, instruct, opened, opening, paused, refuse, through, to_end, to_open,
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

/// The check finds damage. Whoever makes one that fits still cannot make a case that no step leads to.
#[test]
fn a_case_no_step_leads_to_is_refused() {
    use sha2::{Digest as _, Sha256};
    let resealed = |case: &Case, at: usize, value: u8| {
        let mut bytes = case.to_bytes();
        let end = bytes.len() - 8;
        bytes[at] = value;
        let check = Sha256::digest(&bytes[..end]);
        bytes[end..].copy_from_slice(&check[..8]);
        Case::from_bytes(&bytes)
    };
    // Version, ids, four codes, two instants, three days, no other reading: then the status.
    let status = 1 + 48 + 4 + 2 * 12 + 3 * 16 + 1;
    let new = opened(opening(Right::Erasure, ActingAs::Controller));
    assert_eq!(resealed(&new, status, 0), Ok(new.clone()));
    for code in 1..=255 {
        assert_eq!(resealed(&new, status, code), Err(Error::BadCase), "{code}");
    }
    // No right has two codes, and a ground belongs to its right.
    for code in 0..=255 {
        let right = resealed(&new, 49, code).map(|case| case.right());
        let expected = match code {
            0 => Ok(Right::Access),
            2 => Ok(Right::Erasure),
            4 => Ok(Right::Portability),
            6 => Ok(Right::HumanReview),
            8 => Ok(Right::Recipients),
            _ => Err(Error::BadCase),
        };
        assert_eq!(right, expected, "{code}");
    }
    // An erasure that is not done is not closed by a byte.
    let now = instants()[0];
    let (open, _) = through(&new, &to_open(ActingAs::Controller), now);
    for code in (0..=255).filter(|code| *code != 3) {
        assert_eq!(resealed(&open, status, code), Err(Error::BadCase), "{code}");
    }
    let (end, _) = through(&open, &to_end(id(1), Right::Erasure), now);
    let closed = end.to_bytes().len() - 8 - 13;
    assert_eq!(resealed(&end, closed, 0), Err(Error::BadCase));
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
