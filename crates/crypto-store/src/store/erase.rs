//! Ending records before their time: a unit, some records, a person.

use std::collections::BTreeSet;

use retention_policy::{Action, RecordId, SubjectId, Timestamp, UnitId};

use super::intent::{Intent, Progress};
use super::purge::Budget;
use super::read::PAGE;
use super::row::{Head, pair, record_gone};
use super::{StopAt, Store, allowed, allowed_everywhere, leaf};
use crate::audit::{AuditEntry, BlindId};
use crate::backend::{KeyId, Log, Op, Outcome, Scan, Side, Table};
use crate::keyring::{kind, subject_key, tenant_key, unit_key};
use crate::{Accessor, Error, Reason};

/// Rows that an erasure deletes before it returns if there are no more; else the sweeper deletes them all. Nobody can read
/// them any more.
const ROWS_AT_ONCE: u64 = 128;

/// What an erasure did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// Names the erasure in the ledger.
    pub erasure: BlindId,
    /// Keys destroyed directly; records may depend on each. None are counted for a tenant, whose own key goes.
    pub keys: u64,
    /// Ciphertext rows deleted.
    pub rows: u64,
    /// Unreadable rows are left for the next sweep.
    pub rows_left: bool,
    /// Position of the first entry in the audit that says it.
    pub audit_leaf: u64,
    /// Of the first of the keys, as [`Ended::key_fingerprint`](super::Ended::key_fingerprint).
    pub key_fingerprint: [u8; 32],
}

/// How far an erasure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the key is gone from the files or it may still be in a log; there is no third way"
)]
pub enum Erased {
    /// The key does not exist in the files any more.
    Done(Receipt),
    /// Reads are refused and the key is destroyed, but a reader keeps a write-ahead log alive that may still hold it.
    /// [`Store::settle`] finishes; so does the next opening.
    Pending(Receipt),
}

impl Erased {
    /// True if the key does not exist in the files any more.
    pub fn is_done(&self) -> bool {
        matches!(self, Erased::Done(_))
    }

    /// What was done so far.
    pub fn receipt(&self) -> &Receipt {
        let (Erased::Done(receipt) | Erased::Pending(receipt)) = self;
        receipt
    }
}

impl Store {
    /// Ends records: each must be a unit of its own, or all records of its unit must be given.
    ///
    /// Ids without a row are passed over, so that a repeated call is not an error.
    ///
    /// # Errors
    /// [`Error::NotFound`] if none of the ids has a row of this tenant, [`Error::Denied`], [`Error::Held`],
    /// [`Error::Invalid`] for a part of a unit, [`Error::Conflict`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn shred(
        &self,
        ids: &[RecordId],
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        self.writable()?;
        let entry = self.entry(Action::Shred, by, why, now);
        let mut heads = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some(row) = self.own_row(*id, by).await? {
                heads.push(Head::from_row(&row)?.0);
            }
        }
        let given: BTreeSet<RecordId> = ids.iter().copied().collect();
        let units: BTreeSet<UnitId> = heads
            .iter()
            .filter(|h| !h.is_own_unit())
            .map(|h| h.unit)
            .collect();
        for unit in units {
            if self
                .unit_heads(unit, by)
                .await?
                .iter()
                .any(|h| !given.contains(&h.id))
            {
                return Err(Error::Invalid {
                    what: "records of one unit end together: shred the unit, or give all of its records",
                });
            }
        }
        self.shred_heads(heads, entry, by, why, now).await
    }

    /// Ends a unit: what was decided, or is not needed any more.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the unit has no row of this tenant, [`Error::Denied`], [`Error::Held`],
    /// [`Error::Conflict`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn shred_unit(
        &self,
        unit: UnitId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        self.writable()?;
        let object = self.blind(kind::UNIT, &unit.to_bytes());
        let entry = AuditEntry {
            object,
            ..self.entry(Action::Shred, by, why, now)
        };
        let mut heads = self.unit_heads(unit, by).await?;
        if let Some(row) = self
            .own_row(RecordId::from_bytes(unit.to_bytes()), by)
            .await?
        {
            heads.push(Head::from_row(&row)?.0);
        }
        self.shred_heads(heads, entry, by, why, now).await
    }

    async fn unit_heads(&self, unit: UnitId, by: &Accessor) -> Result<Vec<Head>, Error> {
        let value = pair(by.tenant(), &unit.to_bytes());
        let mut heads = Vec::new();
        let mut after = 0;
        loop {
            let scan = Scan::Ref {
                table: Table::Records,
                which: 1,
                value: value.clone(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            for row in &rows {
                heads.push(Head::from_row(row)?.0);
            }
            match rows.last() {
                Some(last) if rows.len() == PAGE => after = last.seq,
                _ => return Ok(heads),
            }
        }
    }

    async fn shred_heads(
        &self,
        heads: Vec<Head>,
        entry: AuditEntry,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        if heads.is_empty() {
            return Err(self.refuse(entry, Error::NotFound).await);
        }
        if heads
            .iter()
            .any(|h| !allowed(Action::Shred, by, why, h.meta.category()))
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        // Read before the holds: a hold that is placed in between changes it and the commit is refused.
        let unheld = self.holds_unchanged(by.tenant()).await?;
        let (mut targets, mut keys) = (BTreeSet::new(), BTreeSet::new());
        for head in &heads {
            if !self.holds_on(head).await?.is_empty() {
                return Err(self.refuse(entry, Error::Held).await);
            }
            keys.insert(head.unit_key());
            targets.insert(if head.is_own_unit() {
                record_gone(head.tenant(), head.id)
            } else {
                // Also the key that a later record of the same unit would use.
                keys.insert(unit_key(head.tenant(), &head.unit.to_bytes()));
                unit_key(head.tenant(), &head.unit.to_bytes())
            });
        }
        let count = u32::try_from(heads.len()).unwrap_or(u32::MAX);
        let entry = AuditEntry { count, ..entry };
        self.erase(
            targets.into_iter().collect(),
            keys.into_iter().collect(),
            vec![unheld],
            entry,
            now,
        )
        .await
    }

    /// Erases a person: destroys their key and with it every record of theirs, links followed. The subject's id cannot be
    /// used again.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::AlreadyErased`], [`Error::Held`] for a hold or an accounting duty on one of the records,
    /// [`Error::UnknownTenant`], [`Error::Conflict`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn erase_subject(
        &self,
        subject: SubjectId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        self.writable()?;
        let tenant = by.tenant();
        let entry = AuditEntry {
            subject: self.blind_subject(subject),
            ..self.entry(Action::Erase, by, why, now)
        };
        self.ring.tenant(tenant, now).await?;
        if !allowed_everywhere(Action::Erase, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let unheld = self.holds_unchanged(tenant).await?;
        let group = self.linked(tenant, subject).await?;
        if self.is_gone(&[subject_key(tenant, subject)]).await? {
            return Err(self.refuse(entry, Error::AlreadyErased).await);
        }
        if self.holds_any(tenant, &group, now).await? {
            return Err(self.refuse(entry, Error::Held).await);
        }
        let keys: Vec<KeyId> = group.iter().map(|s| subject_key(tenant, *s)).collect();
        self.erase(keys.clone(), keys, vec![unheld], entry, now)
            .await
    }

    /// Ends the accessor's tenant: destroys its keys and with them every record, term and person of it. The tenant's id
    /// cannot be used again.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::UnknownTenant`], [`Error::Held`] while a hold or an accounting duty of the tenant stands,
    /// [`Error::Conflict`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn end_tenant(
        &self,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        self.writable()?;
        let tenant = by.tenant();
        let entry = self.entry(Action::Erase, by, why, now);
        self.ring.state(tenant).await?;
        if !allowed_everywhere(Action::Erase, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let unheld = self.holds_unchanged(tenant).await?;
        if self.holds_tenant(tenant, now).await? {
            return Err(self.refuse(entry, Error::Held).await);
        }
        // Its epochs are read when they are destroyed, with nobody beside.
        let ended = vec![tenant_key(tenant, 0)];
        let ended = self
            .erase(ended, Vec::new(), vec![unheld], entry, now)
            .await?;
        self.keys_changed(now).await?;
        Ok(ended)
    }

    /// The steps. `requirements` guard the first.
    pub(super) async fn erase(
        &self,
        targets: Vec<KeyId>,
        keys: Vec<KeyId>,
        requirements: Vec<Op>,
        entry: AuditEntry,
        now: Timestamp,
    ) -> Result<Erased, Error> {
        let entries = [entry];
        let erased = self.erase_all(targets, keys, requirements, &entries, now);
        Ok(erased.await?.0)
    }

    /// The same with several entries in the audit, whose positions come back.
    pub(super) async fn erase_all(
        &self,
        targets: Vec<KeyId>,
        keys: Vec<KeyId>,
        requirements: Vec<Op>,
        entries: &[AuditEntry],
        now: Timestamp,
    ) -> Result<(Erased, Vec<u64>), Error> {
        let first = keys.first().copied().into_iter().collect::<Vec<_>>();
        let prints = self.fingerprints(&first).await?;
        let mut intent = Intent::new(self, targets, keys)?;
        let mut ops = requirements;
        ops.extend(intent.begin(self, now)?);
        ops.extend(entries.iter().map(leaf));
        let mut unfinished = self.erasing.lock().await;
        let Outcome::Committed(heads) = self.commit(ops).await? else {
            return Err(Error::Conflict);
        };
        let audited = heads.iter().filter(|head| head.log == Log::Audit);
        let positions: Vec<u64> = audited.map(|head| head.seq).collect();
        unfinished.begin(&intent);
        self.stop_at(StopAt::IntentWritten)?;
        let budget = &mut Budget::small(ROWS_AT_ONCE);
        let progress = self.drive(std::slice::from_mut(&mut intent), budget, now);
        let progress = progress.await?;
        for progress in &progress {
            unfinished.note(&intent, *progress);
        }
        if intent.rows() > 0 {
            self.backend.scrub(Side::Keys).await?;
        }
        let receipt = Receipt {
            erasure: intent.name(),
            keys: intent.keys.len() as u64,
            rows: intent.rows(),
            rows_left: progress != [Progress::Done],
            audit_leaf: positions.first().copied().unwrap_or_default(),
            key_fingerprint: prints.first().copied().unwrap_or_default(),
        };
        let erased = if progress == [Progress::Pending] {
            Erased::Pending(receipt)
        } else {
            Erased::Done(receipt)
        };
        Ok((erased, positions))
    }
}
