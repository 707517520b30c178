//! The engine and a naive reference by another hand, on cases that chance makes.
//!
//! Where the crate reads the requirements otherwise, on purpose, `readings` says how and why; what is left must be equal.

mod adapter;
mod readings;
mod timelines;

use std::collections::BTreeMap;

use retention_policy::{Role, RoleSet, Trigger, Verdict};

use crate::reference::{self, Answer};
use adapter::Both;

/// `TACTFUL_CASES` sets how many; `.ci/full suites` tries a million.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment what to run"
)]
fn cases() -> u64 {
    std::env::var("TACTFUL_CASES").map_or(10_000, |n| n.parse().unwrap())
}

#[test]
fn agreement_on_verdicts_ends_and_reads() {
    let mut apart: BTreeMap<&str, u32> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut plain, mut wrong, mut shown) = (0u32, 0u32, Vec::new());
    for seed in 0..cases() {
        let both = Both::of_chance(seed);
        let (expected, readings) = both.expected();
        for reading in &readings {
            *apart.entry(reading).or_default() += 1;
        }
        plain += u32::from(readings.is_empty());
        let (case, dossier) = (&both.case, both.dossier());
        let verdict = both.policy.verdict(&dossier, both.now());
        *kinds.entry(kind(&verdict)).or_default() += 1;
        let got = adapter::answer(&verdict);
        let end = both.policy.end(&dossier).timestamp();
        let naive_end = reference::end(&case.policy, &case.record, &case.events);
        // What is over, asked back by the person, or due is not read.
        let asked = both.events.at(Trigger::Request);
        let read = !both.meta.expiry().is_over(both.now())
            && asked.is_none_or(|at| both.now() < at)
            && !matches!(verdict, Verdict::Due { .. });
        let naive_read = reference::readable(
            &case.policy,
            &case.record,
            &case.events,
            &case.holds,
            case.now,
        );
        let readers = match verdict {
            Verdict::Archived { readers, .. } => Some(readers),
            _ => None,
        };
        let right = expected.as_ref().is_none_or(|expected| *expected == got)
            && readers.is_none_or(|r| Ok(r) == RoleSet::new([Role::PrivacyOfficer]))
            && end == naive_end
            && read == naive_read;
        if !right {
            wrong += 1;
            if shown.len() < 5 {
                shown.push(format!(
                    "seed {seed}: {got:?} for {expected:?}, end {end} for {naive_end}, read {read} for {naive_read}\n{case:?}"
                ));
            }
        }
    }
    eprintln!("{plain} without a reading of their own, apart {apart:?}, {kinds:?}");
    assert_eq!(wrong, 0, "{}", shown.join("\n"));
    assert_eq!(kinds.len(), 7);
    assert!(u64::from(plain) > cases() / 2);
}

fn kind(verdict: &Verdict) -> &'static str {
    match adapter::answer(verdict) {
        Answer::Held { .. } => "held",
        Answer::Restricted { .. } => "restricted",
        Answer::LegalObligation { .. } => "obligation",
        Answer::Due { .. } => "due",
        Answer::Archived { .. } => "archived",
        Answer::Warn { .. } => "warn",
        Answer::Keep { .. } => "keep",
    }
}
