//! Ending what is over: the key of a time bucket goes, and with it everything in it.

#[cfg(feature = "sqlite")]
use std::sync::PoisonError;

use retention_policy::{Action, TenantId, Timestamp};

use super::erase::Erased;
use super::intent::Progress;
use super::purge::Budget;
use super::row::BucketRef;
use super::{Store, own_entry};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    /// reader held up. It takes as long for a million records as for one; [`purge`](Self::purge) deletes the rows. For the
    /// sweeper; the caller has asked its clock guard whether this clock may destroy.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Conflict`] if holds change all the time, [`Error::Provider`], [`Error::Database`],
    /// [`Error::Corrupt`] if a held record cannot be moved: its bucket stays until it can.
    pub async fn expire_buckets(&self, now: Timestamp) -> Result<Expired, Error> {
        self.writable()?;
        let mut all = Expired::default();
        let due = self.ended_buckets(now).await?;
        for chunk in due.chunks(BUCKETS_AT_ONCE) {
            let (erased, kept) = self.expire(chunk, now).await?;
            all.buckets += chunk.len() as u64;
            all.kept += kept;
            all.rows += erased.receipt().rows;
        }
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
        let _turn = self.erasing.lock().await;
        let mut settled = Settled::default();
        for mut intent in self.intents().await? {
            let before = intent.rows();
            match self.drive(&mut intent, &mut budget, now).await? {
                Progress::Done => settled.done += 1,
                Progress::Destroyed => settled.purging += 1,
                Progress::Pending => settled.pending += 1,
            }
            settled.rows += intent.rows() - before;
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

    async fn ended_buckets(&self, now: Timestamp) -> Result<Vec<KeyId>, Error> {
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
    async fn expire(&self, buckets: &[KeyId], now: Timestamp) -> Result<(Erased, u64), Error> {
        let mut tenants: Vec<TenantId> = Vec::new();
        for bucket in buckets {
            let (tenant, _) = BucketRef::from_key(*bucket)?;
            if !tenants.contains(&tenant) {
                tenants.push(tenant);
            }
        }
        for _ in 0..ROUNDS {
            let mut ops: Vec<Op> = Vec::new();
            let mut keys = buckets.to_vec();
            let mut kept = 0;
            for tenant in &tenants {
                ops.push(self.holds_unchanged(*tenant).await?);
            }
            for tenant in &tenants {
                let moved = self.move_held(*tenant, buckets, now).await?;
                kept += moved.count;
                keys.extend(moved.old_keys);
                ops.extend(moved.ops);
            }
            // Requirements stand first in a batch by convention; the back end checks all before any change.
            let count = u32::try_from(buckets.len()).unwrap_or(u32::MAX);
            let entry = AuditEntry {
                count,
                ..own_entry(Action::Sweep, now)
            };
            match self.erase(buckets.to_vec(), keys, ops, entry, now).await {
                Err(Error::Conflict) => {}
                other => return Ok((other?, kept)),
            }
        }
        Err(Error::Conflict)
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
                let own = |row: &Row| self.seal.open_row(table, row, "a row").is_ok();
                let over = rows.into_iter().filter(own);
                let ops = over.map(|row| Op::Delete(table, row.key)).collect();
                self.commit(ops).await?;
            }
        }
        Ok(())
    }
}
