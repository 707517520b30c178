use std::collections::HashSet;

use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Breaker, Category, Disposition, DueReason, Error, PlanHash, PlanLine, Stage, SweepPlan,
    TenantId, Trigger, TripReason, Tripped,
};

use crate::{MADE, actor, at, tenant};

fn line() -> PlanLine {
    PlanLine {
        tenant: tenant(1),
        category: Category::Draft,
        bucket_end: Some(at(MADE)),
        reason: DueReason::Default,
        disposition: Disposition::Erase,
        records: 12,
        held: 3,
    }
}

fn plan(lines: &[PlanLine]) -> SweepPlan {
    SweepPlan::new(7, at(MADE), lines.iter().copied())
}

#[test]
fn stages_go_forward_one_by_one_and_can_be_done_again() {
    for (n, before) in Stage::ALL.into_iter().enumerate() {
        assert_eq!(before.next(), Stage::ALL.get(n + 1).copied());
        assert_eq!(Stage::from_byte(before.to_byte()), Some(before));
        for (m, after) in Stage::ALL.into_iter().enumerate() {
            assert_eq!(
                after.may_follow(before),
                m == n || m == n + 1,
                "{before} {after}"
            );
        }
    }
    assert_eq!(Stage::from_byte(5), None);
}

/// The hash covers what would be destroyed: every field, and the version of the policy; not when.
#[test]
fn the_hash_changes_with_every_field_and_not_with_the_time() {
    let base = line();
    let mut hashes = HashSet::new();
    assert!(hashes.insert(plan(&[base]).hash()));
    for changed in [
        PlanLine {
            tenant: tenant(2),
            ..base
        },
        PlanLine {
            category: Category::Session,
            ..base
        },
        PlanLine {
            bucket_end: None,
            ..base
        },
        PlanLine {
            bucket_end: Some(at(MADE) + TimeDelta::days(1)),
            ..base
        },
        PlanLine {
            reason: DueReason::Erasure,
            ..base
        },
        PlanLine {
            reason: DueReason::PurposeOver(Trigger::Used),
            ..base
        },
        PlanLine {
            reason: DueReason::PurposeOver(Trigger::Delivered),
            ..base
        },
        PlanLine {
            disposition: Disposition::Template,
            ..base
        },
        PlanLine {
            records: 13,
            ..base
        },
        PlanLine { held: 4, ..base },
        PlanLine {
            records: 3,
            held: 12,
            ..base
        },
    ] {
        assert!(hashes.insert(plan(&[changed]).hash()), "{changed:?}");
    }
    assert!(hashes.insert(plan(&[]).hash()));
    assert!(hashes.insert(SweepPlan::new(8, at(MADE), [base]).hash()));
    let other = PlanLine {
        tenant: tenant(2),
        ..base
    };
    assert!(hashes.insert(plan(&[base, other]).hash()));
    let later = SweepPlan::new(7, at(MADE) + TimeDelta::days(9), [base]);
    assert_eq!(later.hash(), plan(&[base]).hash());
    assert_eq!(later.check(&plan(&[base]).hash()), Ok(()));
    assert_eq!(later.check(&plan(&[other]).hash()), Err(Error::PlanDrifted));
}

#[test]
fn the_hash_is_the_golden_one() {
    assert_eq!(
        plan(&[line()]).hash().to_string(),
        "5a4a3a4f499c10a07ca4334eb08e5ef3a41de2b19712e4f1261b2831df1e4ca6"
    );
}

#[test]
fn lines_are_summed_and_empty_ones_left_out() {
    let empty = PlanLine {
        records: 0,
        held: 0,
        ..line()
    };
    let held = PlanLine {
        records: 0,
        category: Category::Session,
        ..line()
    };
    let plan = plan(&[line(), empty, held, line()]);
    let counts: Vec<(u64, u64)> = plan.lines().iter().map(|l| (l.records, l.held)).collect();
    assert_eq!(counts, [(0, 3), (24, 6)]);
    assert_eq!(plan.records(), 24);
}

#[test]
fn hashes_are_copied_by_hand() {
    let hash = plan(&[line()]).hash();
    let text = hash.to_string();
    assert_eq!(PlanHash::from_hex(&text), Ok(hash));
    assert_eq!(PlanHash::from_hex(&text.to_uppercase()), Ok(hash));
    assert_eq!(PlanHash::from_bytes(hash.to_bytes()), hash);
    for bad in [
        "",
        "00",
        &text[1..],
        &format!("{text}0"),
        &text.replacen(&text[..1], "g", 1),
        &"\u{e9}".repeat(32),
    ] {
        assert_eq!(
            PlanHash::from_hex(bad),
            Err(Error::BadHash { len: bad.len() }),
            "{bad}"
        );
    }
}

#[test]
fn a_plan_is_confirmed_by_two_people() {
    let plan = plan(&[line()]);
    assert_eq!(plan.confirm(actor(1), actor(1)), Err(Error::SamePerson));
    let confirmed = plan.confirm(actor(1), actor(2)).unwrap();
    assert!(confirmed.is_of(&plan));
    assert!(!confirmed.is_of(&self::plan(&[])));
    assert_eq!(confirmed.by(), (actor(1), actor(2)));
}

fn look(
    breaker: Breaker,
    lines: &[PlanLine],
    live: u64,
    usual: u64,
) -> Vec<(u64, u64, TripReason)> {
    let of = |n| [(tenant(1), n)];
    breaker
        .look(&plan(lines), &of(live), &of(usual))
        .into_iter()
        .map(
            |Tripped {
                 records, of, why, ..
             }| (records, of, why),
        )
        .collect()
}

#[test]
fn a_breaker_counts_what_ends_before_its_time() {
    let early = |records| PlanLine { records, ..line() };
    let default = Breaker::default();
    assert_eq!(
        (default.share_percent, default.times_usual, default.floor),
        (20, 10, 1000)
    );
    for (records, live, usual, tripped) in [
        (1000, 0, 0, vec![]),
        (1001, 5004, 101, vec![TripReason::Share]),
        (1001, 5005, 101, vec![]),
        (1001, 5005, 100, vec![TripReason::Unusual]),
        (1001, 0, 0, vec![TripReason::Share, TripReason::Unusual]),
        (u64::MAX, u64::MAX, u64::MAX, vec![TripReason::Share]),
    ] {
        let got = look(default, &[early(records)], live, usual);
        let why: Vec<TripReason> = got.iter().map(|t| t.2).collect();
        assert_eq!(why, tripped, "{records} of {live}, usually {usual}");
        assert!(got.iter().all(|t| t.0 == records));
    }
    // Two buckets of one tenant count together.
    let second = PlanLine {
        bucket_end: None,
        ..early(600)
    };
    assert_eq!(look(default, &[early(600), second], 1000, 1000).len(), 1);
    for reason in [DueReason::Expired, DueReason::Erasure] {
        let line = PlanLine {
            reason,
            ..early(1_000_000)
        };
        assert_eq!(look(default, &[line], 0, 0), []);
    }
    for reason in [
        DueReason::ConsentWithdrawn,
        DueReason::Default,
        DueReason::PurposeOver(Trigger::Used),
    ] {
        let line = PlanLine {
            reason,
            ..early(1_000_000)
        };
        assert_eq!(look(default, &[line], 0, 0).len(), 2, "{reason}");
    }
}

#[test]
fn one_tenant_does_not_hide_another() {
    let lines = [
        PlanLine {
            records: 2000,
            ..line()
        },
        PlanLine {
            records: 2000,
            tenant: tenant(2),
            ..line()
        },
    ];
    let live: [(TenantId, u64); 2] = [(tenant(1), 1_000_000), (tenant(2), 2000)];
    let usual = [(tenant(1), 1000), (tenant(2), 1000)];
    let tripped = Breaker::default().look(&plan(&lines), &live, &usual);
    assert_eq!(tripped.len(), 1);
    assert_eq!(tripped[0].tenant, tenant(2));
}

fn lines() -> impl Strategy<Value = Vec<PlanLine>> {
    let one = (
        1u8..4,
        0usize..8,
        proptest::option::of(0i64..5),
        0usize..4,
        any::<bool>(),
        0u64..5,
        0u64..3,
    )
        .prop_map(
            |(of, category, end, reason, template, records, held)| PlanLine {
                tenant: tenant(of),
                category: Category::ALL[category],
                bucket_end: end.map(|days| at(MADE) + TimeDelta::days(days)),
                reason: [
                    DueReason::Erasure,
                    DueReason::Default,
                    DueReason::PurposeOver(Trigger::Used),
                    DueReason::Expired,
                ][reason],
                disposition: if template {
                    Disposition::Template
                } else {
                    Disposition::Erase
                },
                records,
                held,
            },
        );
    proptest::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn the_order_of_lines_does_not_matter(lines in lines(), turn in 0usize..12) {
        let mut turned = lines.clone();
        turned.rotate_left(turn.min(lines.len()));
        turned.reverse();
        prop_assert_eq!(plan(&lines).hash(), plan(&turned).hash());
        prop_assert_eq!(plan(&lines), plan(&turned));
    }

    #[test]
    fn plans_that_differ_have_hashes_that_differ(a in lines(), b in lines()) {
        prop_assert_eq!(plan(&a).hash() == plan(&b).hash(), plan(&a) == plan(&b));
    }

    #[test]
    fn any_text_is_a_hash_or_none(text in "[0-9a-fA-Fg]{62,66}") {
        if let Ok(hash) = PlanHash::from_hex(&text) {
            prop_assert_eq!(hash.to_string(), text.to_lowercase());
        }
    }
}
