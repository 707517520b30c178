//! The vocabulary of the record column from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod access;
mod agreement;
mod clock;
mod contract;
mod diff;
mod dry_run;
mod faults;
mod fuzz;
mod hold;
mod limits;
mod period;
mod policy;
mod precedence;
mod promises;
mod proof;
mod properties;
// By another hand, and left as it came.
#[rustfmt::skip]
#[allow(clippy::all, unreachable_pub, reason = "read as a text of its own")]
mod reference;
mod schema;
mod sinks;
mod suites;
mod sweep;
mod verdict;

use retention_policy::{
    Category, Events, Expiry, Hold, HoldReason, Policy, Purpose, PurposeSet, RecordId, RecordMeta,
    Region, Scope, SubjectId, TenantId, Timestamp,
};

const MADE: &str = "2026-03-02T09:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn tenant(n: u8) -> TenantId {
    TenantId::from_random([n; 16])
}

fn actor(n: u8) -> retention_policy::ActorId {
    retention_policy::ActorId::from_random([n; 16])
}

fn record() -> RecordId {
    RecordId::from_random([7; 16])
}

fn person() -> SubjectId {
    SubjectId::from_random([2; 16])
}

/// A record of tenant 1 with an end as the policy writes it.
fn made_under(policy: &Policy, category: Category, made: Timestamp) -> RecordMeta {
    let expiry = policy.expiry_for(tenant(1), category, made).unwrap();
    meta(category, PurposeSet::only(Purpose::DraftReply), expiry)
}

fn meta(category: Category, purposes: PurposeSet, expiry: Expiry) -> RecordMeta {
    RecordMeta::new(
        tenant(1),
        person(),
        category,
        purposes,
        Region::Italy,
        expiry,
    )
    .unwrap()
}

fn hold(scope: Scope, reason: HoldReason) -> Hold {
    Hold::new(
        retention_policy::HoldId::from_random([9; 16]),
        tenant(1),
        scope,
        reason,
        actor(8),
        at(MADE),
        at("2026-09-01T00:00:00Z"),
    )
    .unwrap()
}

fn dossier<'a>(
    meta: &'a RecordMeta,
    events: &'a Events,
    holds: &'a [Hold],
) -> retention_policy::Dossier<'a> {
    retention_policy::Dossier {
        id: record(),
        meta,
        events,
        holds,
    }
}

/// A policy of this version and these lines.
fn policy(rest: &str) -> Policy {
    Policy::from_toml(&format!("schema = 1\nversion = 2\n{rest}")).unwrap()
}

/// A rule as text: category, trigger, period and whatever else.
fn rule(category: &str, trigger: &str, after: &str, rest: &str) -> String {
    format!(
        "[[rule]]\ncategory = \"{category}\"\ntrigger = \"{trigger}\"\nafter = \"{after}\"\n{rest}\n"
    )
}
