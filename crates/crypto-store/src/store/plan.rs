//! A sweep as a value: what would be destroyed is shown first, and exactly that is destroyed.

use std::collections::{BTreeMap, BTreeSet};

use retention_policy::{
    Action, Breaker, Confirmed, Disposition, DueReason, PlanHash, PlanLine, RecordId, SweepPlan,
    TenantId, Timestamp, Tripped,
};

use super::expire::Expired;
use super::read::PAGE;
use super::row::{BucketRef, Head};
use super::{Store, leaf, own_entry};
use crate::Error;
use crate::audit::{AuditEntry, BlindId};
use crate::backend::{KeyId, Scan, Table};

/// A plan and what it is about.
struct Planned {
    plan: SweepPlan,
    buckets: Vec<KeyId>,
    early: BTreeSet<RecordId>,
}

impl Store {
    /// Says what a sweep would destroy at `now`: buckets that have ended, and records whose earlier end is reached, with how
    /// many of them are held. Counts every row of what has ended, and destroys nothing.
    ///
    /// Made right after [`expire_buckets`](Self::expire_buckets), it tells what a tripped breaker left.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn plan_sweep(
        &self,
        policy_version: u32,
        now: Timestamp,
    ) -> Result<SweepPlan, Error> {
        Ok(self.planned(policy_version, now).await?.plan)
    }

    /// Asks a breaker about a plan, with the records that each tenant has and the number that usually ends in an hour, by
    /// the erasure ledger of the last seven days. What comes back needs a [`Confirmed`].
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn look_at_plan(
        &self,
        plan: &SweepPlan,
        breaker: &Breaker,
        now: Timestamp,
    ) -> Result<Vec<Tripped>, Error> {
        self.look_with(breaker, plan, now).await
    }

    /// Destroys what a plan says, and nothing else. It is planned again as of the plan's own instant, so that what becomes
    /// due meanwhile does not matter; records, holds and ends that changed do. Who confirmed is written in the audit, blind,
    /// before anything is destroyed. The caller has asked its clock guard whether this clock may destroy.
    ///
    /// # Errors
    /// [`Error::PlanDrifted`] unless `hash` is of this plan and the same would be destroyed now: show the new one;
    /// [`Error::NeedsConfirmation`] if the breaker trips and nobody confirmed this plan; otherwise as
    /// [`expire_buckets`](Self::expire_buckets).
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{EphemeralRoot, Error, OsEntropy, Store, StoreConfig};
    /// # use retention_policy::{Breaker, PlanHash};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let now = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    /// # let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
    /// let plan = store.plan_sweep(7, now).await?;
    /// let done = store.execute(&plan, &plan.hash(), None, &Breaker::default(), now).await?;
    /// assert_eq!(done.ended.len(), plan.lines().len());
    /// let other = PlanHash::from_bytes([0; 32]);
    /// let drifted = store.execute(&plan, &other, None, &Breaker::default(), now).await;
    /// assert!(matches!(drifted, Err(Error::PlanDrifted)));
    /// # Ok(()) }) }
    /// ```
    pub async fn execute(
        &self,
        plan: &SweepPlan,
        hash: &PlanHash,
        confirmed: Option<&Confirmed>,
        breaker: &Breaker,
        now: Timestamp,
    ) -> Result<Expired, Error> {
        self.writable()?;
        let drifted = |_| Error::PlanDrifted;
        plan.check(hash).map_err(drifted)?;
        if plan.now() > now {
            return Err(Error::PlanDrifted);
        }
        let planned = self.planned(plan.policy_version(), plan.now()).await?;
        planned.plan.check(hash).map_err(drifted)?;
        let confirmed = confirmed.filter(|c| c.is_of(&planned.plan));
        if confirmed.is_none() && !self.look_with(breaker, plan, now).await?.is_empty() {
            return Err(Error::NeedsConfirmation);
        }
        if let Some(confirmed) = confirmed {
            self.write_confirmed(confirmed, plan, now).await?;
        }
        let mut all = Expired::default();
        self.expire_all(&planned.buckets, now, &mut all).await?;
        for ended in &mut all.ended {
            let of = |line: &&PlanLine| {
                (line.tenant, line.category, line.bucket_end)
                    == (ended.tenant, ended.category, ended.bucket_end)
            };
            let line = planned.plan.lines().iter().find(of);
            ended.records = Some(line.map_or(0, |line| line.records));
        }
        let wanted = |_, id| planned.early.contains(&id);
        self.end_due(wanted, now, &mut all).await?;
        self.finish_expiry(now, all).await
    }

    /// Two entries, one a person; their object is the beginning of the plan's hash.
    async fn write_confirmed(
        &self,
        confirmed: &Confirmed,
        plan: &SweepPlan,
        now: Timestamp,
    ) -> Result<(), Error> {
        let object = confirmed.hash().to_bytes();
        let object = object.first_chunk().copied().unwrap_or_default();
        let (first, second) = confirmed.by();
        let said = |actor: retention_policy::ActorId| {
            leaf(&AuditEntry {
                actor: self.blind(u8::MAX, &actor.to_bytes()),
                object: BlindId::from_bytes(object),
                count: u32::try_from(plan.records()).unwrap_or(u32::MAX),
                ..own_entry(Action::Verify, now)
            })
        };
        self.commit(vec![said(first), said(second)]).await.map(drop)
    }

    async fn planned(&self, policy_version: u32, at: Timestamp) -> Result<Planned, Error> {
        let mut buckets = Vec::new();
        for bucket in self.ended_buckets(at).await? {
            if !self.is_gone(&[bucket]).await? {
                buckets.push(bucket);
            }
        }
        let mut lines = self.bucket_lines(&buckets, at).await?;
        let (early, ids) = self.early_lines(None, at).await?;
        lines.extend(early);
        Ok(Planned {
            plan: SweepPlan::new(policy_version, at, lines),
            buckets,
            early: ids,
        })
    }

    /// Counts the records of ended buckets, held ones apart.
    async fn bucket_lines(&self, buckets: &[KeyId], at: Timestamp) -> Result<Vec<PlanLine>, Error> {
        let mut sums: BTreeMap<KeyId, (u64, u64)> = BTreeMap::new();
        sums.extend(buckets.iter().map(|bucket| (*bucket, (0, 0))));
        let mut after = (i64::MIN, 0);
        while !sums.is_empty() {
            let scan = Scan::Due {
                table: Table::Records,
                after,
                until: at.timestamp(),
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else { break };
            after = (last.at.unwrap_or(i64::MAX), last.seq);
            let mut heads = Vec::with_capacity(rows.len());
            for row in &rows {
                let (head, ..) = Head::from_row(row)?;
                if sums.contains_key(&head.bucket_key()) {
                    heads.push(head);
                }
            }
            for (head, held) in self.held(self.not_gone_of(heads).await?).await? {
                if let Some(sum) = sums.get_mut(&head.bucket_key()) {
                    let place = if held { &mut sum.1 } else { &mut sum.0 };
                    *place += 1;
                }
            }
        }
        let mut lines = Vec::with_capacity(sums.len());
        for (bucket, (records, held)) in sums {
            let (tenant, time) = BucketRef::from_key(bucket)?;
            let Some(category) = time.category() else {
                continue;
            };
            lines.push(PlanLine {
                tenant,
                category,
                bucket_end: Timestamp::from_timestamp(time.end(), 0),
                reason: DueReason::Expired,
                disposition: Disposition::Erase,
                records,
                held,
            });
        }
        Ok(lines)
    }

    /// Those of some records that nothing has ended yet.
    pub(super) async fn not_gone_of(&self, heads: Vec<Head>) -> Result<Vec<Head>, Error> {
        let (mut asked, mut many) = (Vec::new(), Vec::with_capacity(heads.len()));
        for head in &heads {
            let keys = head.gone_keys();
            many.push(keys.len());
            asked.extend(keys.iter().map(|k| (Table::Gone, k.as_bytes().to_vec())));
        }
        let mut found = self.backend.get_many(asked).await?.into_iter();
        let there = heads.into_iter().zip(many).filter_map(|(head, many)| {
            let gone = found.by_ref().take(many).filter(Option::is_some).count();
            (gone == 0).then_some(head)
        });
        Ok(there.collect())
    }

    /// Which of some records are held.
    pub(super) async fn held(&self, heads: Vec<Head>) -> Result<Vec<(Head, bool)>, Error> {
        // Most tenants have no hold: they are asked once.
        let mut any: BTreeMap<TenantId, bool> = BTreeMap::new();
        let mut all = Vec::with_capacity(heads.len());
        for head in heads {
            let tenant = head.tenant();
            let some = match any.get(&tenant) {
                Some(some) => *some,
                None => {
                    let some = self.has_holds(tenant).await?;
                    any.insert(tenant, some);
                    some
                }
            };
            let held = some && !self.holds_on(&head).await?.is_empty();
            all.push((head, held));
        }
        Ok(all)
    }
}
