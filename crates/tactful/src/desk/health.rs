//! `health`: the numbers to watch.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use retention_policy::{
    Category, ClockState, Pending, PlanLine, SinkId, State, TenantId, Timestamp, Tripped,
};

use super::Desk;
use crate::{Error, Health};

impl Desk {
    /// How keeping and ending stand, as numbers; `docs/operations.md` says what each alarm means and what to do.
    ///
    /// Looks at what is due and at one page of what ends next, decrypts nothing and writes nothing down. With the feature
    /// `metrics` the numbers are also set as gauges.
    ///
    /// # Errors
    /// The store failed; a clock before 2020.
    pub async fn health(&self) -> Result<Health, Error> {
        let (reading, verdict) = self.look()?;
        // What is due is asked of the latest instant that was trusted, as the sweep does.
        let now = match verdict.state() {
            ClockState::Ok => reading,
            _ => self.last_seen().unwrap_or(reading),
        };
        let within = self.policy().sweep_within().as_delta();
        let plan = self.store.plan_sweep(self.policy().version(), now).await?;
        let lines = || plan.lines().iter();
        let ended = |line: &PlanLine| line.bucket_end.unwrap_or(now);
        let waits = lines().filter(|line| line.records > 0 || line.held > 0);
        let oldest = waits.map(ended).min();
        let late = lines().filter(|line| ended(line) + within < now);
        let life = self.policy().lifetime(Category::Session).as_delta();
        let first = self.store.ending(Category::Session, now, now + life, 1);
        let first = first.await?;
        let made = first.first().map(|one| one.meta.expiry().made());
        let holds = self.store.all_holds().await?;
        let owed = self.upkeep.told.pending(now).len() as u64;
        let failing = self.failing_sinks(now).len() as u64;
        let unanswered = self.unanswered(now).await?.len() as u64;
        let contracts = self.contracts();
        let ending = contracts
            .iter()
            .filter(|c| matches!(c.state(), State::Ending(_)));
        let offboardings = ending.count() as u64;
        let offboardings_overdue = self.offboardings_overdue(now).len() as u64;
        let health = {
            let last = self.upkeep.last();
            Health {
                at: reading,
                clock: verdict.state(),
                swept: last.swept,
                sweeps_failed: last.failed,
                sweep_lag: oldest.map_or_else(TimeDelta::zero, |end| now - end),
                backlog: plan.records(),
                overdue: late.map(|line| line.records).sum(),
                oldest_ticket: made.map(|made| now - made),
                unanswered,
                held: lines().map(|line| line.held).sum(),
                holds: holds.len() as u64,
                holds_overdue: holds.iter().filter(|hold| hold.is_overdue(now)).count() as u64,
                owed,
                sinks_failing: failing,
                tripped: waiting(&last.tripped),
                time_to_delete: last.late,
                proves: self.signing_key.is_some(),
                unproven: (last.unproven.len() + last.unnoted.len()) as u64,
                offboardings,
                offboardings_overdue,
            }
        };
        #[cfg(feature = "metrics")]
        health.record();
        Ok(health)
    }

    /// Tickets that end before the policy's warning time has passed and that nobody decided.
    pub(crate) async fn unanswered(
        &self,
        now: Timestamp,
    ) -> Result<Vec<crypto_store::DueRecord>, Error> {
        let life = self.policy().lifetime(Category::Session).as_delta();
        let left = life - self.policy().warn_after().as_delta();
        let ending = self
            .store
            .ending(Category::Session, now, now + left, usize::MAX);
        Ok(ending.await?)
    }

    /// What each failing sink has owed the longest.
    pub(crate) fn failing_sinks(&self, now: Timestamp) -> Vec<Pending> {
        let told = &self.upkeep.told;
        let mut failing: BTreeMap<SinkId, Pending> = BTreeMap::new();
        for one in told.pending(now) {
            if one.attempts > 0 || !told.is_registered(one.sink) {
                failing.entry(one.sink).or_insert(one);
            }
        }
        failing.into_values().collect()
    }

    /// Contracts that are ending and past what was due.
    pub(crate) fn offboardings_overdue(&self, now: Timestamp) -> Vec<(TenantId, Timestamp)> {
        let late = self.contracts().into_iter().filter(|c| c.is_overdue(now));
        late.filter_map(|contract| match contract.state() {
            State::Ending(end) => Some((contract.tenant(), end.next_due()?)),
            _ => None,
        })
        .collect()
    }
}

/// A tenant may trip two limits with the same records.
fn waiting(tripped: &[Tripped]) -> u64 {
    let mut tenants: BTreeMap<TenantId, u64> = BTreeMap::new();
    for one in tripped {
        let most = tenants.entry(one.tenant).or_default();
        *most = one.records.max(*most);
    }
    tenants.into_values().sum()
}
