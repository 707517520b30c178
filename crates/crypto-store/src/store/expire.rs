//! Ending what is over: the key of a time bucket goes, and with it everything in it.

#[cfg(feature = "sqlite")]
use std::sync::PoisonError;

use std::collections::BTreeSet;

use retention_policy::{Action, Disposition, DueReason, RecordId, TenantId, Timestamp, Tripped};

use super::hold::DUTY;
use super::intent::{Intent, Progress, reference};
use super::purge::Budget;
use super::row::BucketRef;
use super::{Ended, Store, not_gone, own_entry};
use crate::Error;
use crate::audit::AuditEntry;
use crate::backend::{KeyId, Op, Row, Scan, Side, Table};
use crate::keyring::kind;

/// Bucket keys destroyed in one commit.
const BUCKETS_AT_ONCE: usize = 256;
/// Unreadable rows deleted by one sweep or opening.
const ROWS_A_SWEEP: u64 = 20_000;
/// Attempts against holds that are placed at the same moment.
const ROUNDS: usize = 8;

/// What a sweep did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Expired {
    /// Bucket keys destroyed.
    pub buckets: u64,
    /// Held records moved to the hold bucket first.
    pub kept: u64,
    /// Ciphertext rows deleted.
    pub rows: u64,
    /// A write-ahead log may still hold a destroyed key: sweep again.
    pub pending: bool,
    /// Unreadable rows are left for the next sweep.
    pub rows_left: bool,
    /// Records that ended before the end that was written in them.
    pub early: u64,
    /// What was destroyed, one a bucket and one a record that ended early.
    pub ended: Vec<Ended>,
    /// Tenants of whose records too many would end early at once. None of theirs was destroyed; all are refused to readers.
    /// [`Store::execute`] ends them when two people have confirmed.
    pub tripped: Vec<Tripped>,
}

/// What was found half-way and carried on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Settled {
    /// Erasures that are finished now.
    pub done: u64,
    /// Erasures whose keys are gone while rows are left.
    pub purging: u64,
    /// Erasures whose keys may still be in a write-ahead log.
    pub pending: u64,
    /// Ciphertext rows deleted.
    pub rows: u64,
}

impl Store {
    /// Destroys the keys of all buckets that have ended, moves held records out first, and finishes destructions that a
    /// reader held up. It takes as long for a million records as for one; [`purge`](Self::purge) deletes the rows. Then it
    /// ends records whose [earlier end](Self::shorten) is reached, unless that would be too many of a tenant's: ends that were
    /// written when records were made are no surprise, these may be one. For the sweeper; the caller has asked its clock guard
    /// whether this clock may destroy.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Conflict`] if holds change all the time, [`Error::Provider`], [`Error::Database`],
    /// [`Error::Corrupt`] if a held record cannot be moved: its bucket stays until it can.
    pub async fn expire_buckets(&self, now: Timestamp) -> Result<Expired, Error> {
        self.writable()?;
        let mut all = Expired::default();
        let due = self.ended_buckets(now).await?;
        self.expire_all(&due, now, &mut all).await?;
        all.tripped = self.tripped(&self.breaker, now).await?;
        let tripped: BTreeSet<TenantId> = all.tripped.iter().map(|t| t.tenant).collect();
        let wanted = |tenant, _| !tripped.contains(&tenant);
        self.end_due(wanted, now, &mut all).await?;
        self.finish_releases(now).await?;
        self.finish_expiry(now, all).await
    }

    pub(super) async fn expire_all(
        &self,
        due: &[KeyId],
        now: Timestamp,
        all: &mut Expired,
    ) -> Result<(), Error> {
        for chunk in due.chunks(BUCKETS_AT_ONCE) {
            self.expire(chunk, now, all).await?;
        }
        Ok(())
    }

    /// Ends records whose earlier end is reached, those that are wanted.
    pub(super) async fn end_due(
        &self,
        wanted: impl Fn(TenantId, RecordId) -> bool,
        now: Timestamp,
        all: &mut Expired,
    ) -> Result<(), Error> {
        let ended = self.end_early(wanted, now).await?;
        all.early += ended.len() as u64;
        all.ended.extend(ended);
        Ok(())
    }

    pub(super) async fn finish_expiry(
        &self,
        now: Timestamp,
        mut all: Expired,
    ) -> Result<Expired, Error> {
        let settled = self.carry_on(now, Budget::small(0)).await?;
        all.pending = settled.pending > 0;
        all.rows_left = settled.purging > 0;
        Ok(all)
    }

    /// Finishes erasures that were begun: after a crash, or while a reader kept a log alive. Deletes rows that nobody can
    /// read, as many as one sweep should.
    ///
    /// # Errors
    /// As [`purge`](Self::purge).
    pub async fn settle(&self, now: Timestamp) -> Result<Settled, Error> {
        self.purge(now, ROWS_A_SWEEP).await
    }

    /// Finishes erasures that were begun, deletes about `rows` rows that nobody can read, and forgets what need not be
    /// remembered: deliveries, tombstones, index keys that were rotated out.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Database`], [`Error::Corrupt`].
    pub async fn purge(&self, now: Timestamp, rows: u64) -> Result<Settled, Error> {
        self.writable()?;
        let settled = self.carry_on(now, Budget::rows(rows)).await?;
        self.forget_old(now).await?;
        self.end_index_epochs().await?;
        #[cfg(feature = "sqlite")]
        self.end_copies(now)?;
        // What was deleted may still stand in the log. Who reads beside keeps it for now; the next sweep comes soon.
        self.backend.scrub(Side::Records).await?;
        Ok(settled)
    }

    async fn carry_on(&self, now: Timestamp, mut budget: Budget) -> Result<Settled, Error> {
        let mut unfinished = self.erasing.lock().await;
        let mut settled = Settled::default();
        let mut intents = if budget.is_nothing() {
            // Rows are for another time: only what may still have keys needs anything.
            settled.purging = unfinished.without_keys();
            let ids = unfinished.with_keys();
            let mut there = Vec::new();
            for (id, intent) in ids.iter().zip(self.intents_of(&ids).await?) {
                match intent {
                    Some(intent) => there.push(intent),
                    None => unfinished.forget(id),
                }
            }
            there
        } else {
            let all = self.intents().await?;
            unfinished.see(&all);
            all
        };
        let before: u64 = intents.iter().map(Intent::rows).sum();
        let progress = self.drive(&mut intents, &mut budget, now).await?;
        for (intent, progress) in intents.iter().zip(progress) {
            unfinished.note(intent, progress);
            match progress {
                Progress::Done => settled.done += 1,
                Progress::Destroyed => settled.purging += 1,
                Progress::Pending => settled.pending += 1,
            }
        }
        settled.rows = intents.iter().map(Intent::rows).sum::<u64>() - before;
        if settled.rows > 0 {
            self.backend.scrub(Side::Keys).await?;
        }
        Ok(settled)
    }

    /// Ends sealed copies of before a migration when their time is over.
    #[cfg(feature = "sqlite")]
    fn end_copies(&self, now: Timestamp) -> Result<(), Error> {
        let mut copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(files) = copies.as_ref()
            && super::migrate::end_copies(files, now)?
        {
            *copies = None;
        }
        Ok(())
    }

    pub(super) async fn ended_buckets(&self, now: Timestamp) -> Result<Vec<KeyId>, Error> {
        let mut due = Vec::new();
        let mut after = KeyId::new(kind::BUCKET, &[0; 16], &[0; 16]);
        loop {
            let page = self.backend.list_keys(Some(after), 512).await?;
            for id in &page {
                if id.as_bytes().first() != Some(&kind::BUCKET) {
                    return Ok(due);
                }
                if BucketRef::from_key(*id)?.1.end() <= now.timestamp() {
                    due.push(*id);
                }
            }
            match page.last() {
                Some(last) => after = *last,
                None => return Ok(due),
            }
        }
    }

    /// Destroys bucket keys after moving held records out of the buckets, in the transaction that marks them closing.
    async fn expire(
        &self,
        buckets: &[KeyId],
        now: Timestamp,
        all: &mut Expired,
    ) -> Result<(), Error> {
        for _ in 0..ROUNDS {
            let mut ops: Vec<Op> = Vec::new();
            let mut ending = Vec::with_capacity(buckets.len());
            let mut tenants: Vec<TenantId> = Vec::new();
            for bucket in buckets {
                // Somebody else may have been faster: nothing ends twice.
                if self.is_gone(&[*bucket]).await? {
                    continue;
                }
                ending.push(*bucket);
                let (tenant, _) = BucketRef::from_key(*bucket)?;
                if !tenants.contains(&tenant) {
                    tenants.push(tenant);
                }
            }
            if ending.is_empty() {
                return Ok(());
            }
            for tenant in &tenants {
                ops.push(self.holds_unchanged(*tenant).await?);
            }
            ops.extend(ending.iter().copied().map(not_gone));
            let mut keys = ending.clone();
            let mut kept = 0;
            for tenant in &tenants {
                let moved = self.move_held(*tenant, &ending, now).await?;
                kept += moved.count;
                keys.extend(moved.old_keys);
                ops.extend(moved.ops);
            }
            // Requirements stand first in a batch by convention; the back end checks all before any change.
            let (ended, leaves) = self.bucket_leaves(&ending, now).await?;
            match self.erase_all(ending, keys, ops, &leaves, now).await {
                Err(Error::Conflict) => {}
                Err(e) => return Err(e),
                Ok((erased, positions)) => {
                    all.buckets += ended.len() as u64;
                    all.kept += kept;
                    all.rows += erased.receipt().rows;
                    let ended = ended.into_iter().zip(positions);
                    all.ended
                        .extend(ended.map(|(one, audit_leaf)| Ended { audit_leaf, ..one }));
                    return Ok(());
                }
            }
        }
        Err(Error::Conflict)
    }

    /// What there will be to say of ended buckets, and the entries that say it.
    pub(super) async fn bucket_leaves(
        &self,
        buckets: &[KeyId],
        now: Timestamp,
    ) -> Result<(Vec<Ended>, Vec<AuditEntry>), Error> {
        let prints = self.fingerprints(buckets).await?;
        let (mut ended, mut leaves) = (Vec::new(), Vec::new());
        for (bucket, key_fingerprint) in buckets.iter().zip(prints) {
            let (tenant, time) = BucketRef::from_key(*bucket)?;
            leaves.push(AuditEntry {
                tenant: self.blind(kind::TENANT, &tenant.to_bytes()),
                object: self.blind(kind::BUCKET, &reference(*bucket)?),
                ..own_entry(Action::Sweep, now)
            });
            ended.push(Ended {
                tenant,
                category: time.category().ok_or(Error::Corrupt {
                    what: "the name of a bucket key",
                })?,
                record: None,
                bucket_end: Timestamp::from_timestamp(time.end(), 0),
                records: None,
                reason: DueReason::Expired,
                disposition: Disposition::Erase,
                written_end: self.earliest_end(*bucket).await?,
                key_fingerprint,
                audit_leaf: 0,
            });
        }
        Ok((ended, leaves))
    }

    /// Deletes idempotency rows and tombstones whose time is over.
    async fn forget_old(&self, now: Timestamp) -> Result<(), Error> {
        for table in [Table::Once, Table::Gone, Table::Holds] {
            let mut after = (i64::MIN, 0);
            loop {
                let scan = Scan::Due {
                    table,
                    after,
                    until: now.timestamp(),
                    limit: 512,
                };
                let rows = self.backend.scan(scan).await?;
                let Some(last) = rows.last() else { break };
                // Goes on behind what it saw: rows that a damaged file does not let go of must not hold up the rest.
                after = (last.at.unwrap_or(i64::MAX), last.seq);
                // A row whose tag does not fit may have been given this time by somebody else: it stays and is found by a check.
                // And of holds only duties end by themselves.
                let own = |row: &Row| {
                    (table != Table::Holds || row.key.first() == Some(&DUTY))
                        && self.seal.open_row(table, row, "a row").is_ok()
                };
                let over = rows.into_iter().filter(own);
                let ops = over.map(|row| Op::Delete(table, row.key)).collect();
                self.commit(ops).await?;
            }
        }
        Ok(())
    }
}
