//! Stops a plan that destroys far more than usual before its time: a wrong policy, a wrong event, a wrong hand.

use std::collections::BTreeMap;

use super::plan::SweepPlan;
use crate::id::TenantId;
use crate::verdict::DueReason;

/// When a plan needs two people.
///
/// It counts records that end **before** the end that was written: ends that were written when records were made are no
/// surprise, and to delay them would break the promise; an erasure is one person's right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "three limits, any values are valid"
)]
pub struct Breaker {
    /// More than so many per cent of a tenant's live records.
    pub share_percent: u8,
    /// More than so many times what ends before its time in a usual hour.
    pub times_usual: u16,
    /// Up to so many records of a tenant are never too many.
    pub floor: u64,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            share_percent: 20,
            times_usual: 10,
            floor: 1000,
        }
    }
}

/// Why a breaker tripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the two limits of a breaker")]
pub enum TripReason {
    /// Too large a part of what is there.
    Share,
    /// Too many for an hour.
    Unusual,
}

/// A tenant of whose records a plan would destroy too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tripped {
    /// Whose.
    pub tenant: TenantId,
    /// How many would end before their time.
    pub records: u64,
    /// Of how many: live ones, or such as end in a usual hour.
    pub of: u64,
    /// Which limit.
    pub why: TripReason,
}

impl Breaker {
    /// Looks at a plan. If anything comes back it runs only with a [`crate::Confirmed`] of it.
    ///
    /// `live` says how many records a tenant has, `usual_per_hour` how many of them usually end before their time in an
    /// hour. A tenant that is missing there has none: what nobody counted is not waved through.
    #[must_use]
    pub fn look(
        &self,
        plan: &SweepPlan,
        live: &[(TenantId, u64)],
        usual_per_hour: &[(TenantId, u64)],
    ) -> Vec<Tripped> {
        let mut early: BTreeMap<TenantId, u64> = BTreeMap::new();
        for line in plan.lines() {
            if !matches!(line.reason, DueReason::Expired | DueReason::Erasure) {
                let sum = early.entry(line.tenant).or_default();
                *sum = sum.saturating_add(line.records);
            }
        }
        let of = |list: &[(TenantId, u64)], tenant| {
            list.iter()
                .filter(|(t, _)| *t == tenant)
                .fold(0u64, |sum, (_, n)| sum.saturating_add(*n))
        };
        let mut tripped = Vec::new();
        for (tenant, records) in early.into_iter().filter(|(_, n)| *n > self.floor) {
            let (live, usual) = (of(live, tenant), of(usual_per_hour, tenant));
            let share = u128::from(live) * u128::from(self.share_percent);
            if u128::from(records) * 100 > share {
                tripped.push(Tripped {
                    tenant,
                    records,
                    of: live,
                    why: TripReason::Share,
                });
            }
            if u128::from(records) > u128::from(usual) * u128::from(self.times_usual) {
                tripped.push(Tripped {
                    tenant,
                    records,
                    of: usual,
                    why: TripReason::Unusual,
                });
            }
        }
        tripped
    }
}
