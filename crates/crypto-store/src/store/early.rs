//! Ends before the end that was written, and archives: a small row beside a record.
//!
//! An end that was written when a record was made can be brought forward and never postponed. What part of its life a
//! record is in is asked of [`Early::phase`] and nowhere else.

use std::collections::BTreeMap;

use retention_policy::{Action, DueReason, RecordId, RecordMeta, RoleSet, TenantId, Timestamp};

use super::row::Head;
use super::{Store, allowed, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, Op, Outcome, Row, Scan, Table};
use crate::keyring::RowSeal;
use crate::wire::{Reader, Writer};
use crate::{Accessor, Error, Reason};

mod due;
mod end;

pub(super) use due::DueEarly;

/// First byte of the key, among those of holds.
pub(super) const EARLY: u8 = 3;
const VERSION: u8 = 1;
const WHAT: &str = "an earlier end";
/// What a row says, as bits.
const ENDS: u8 = 1;
const ARCHIVES: u8 = 2;
/// Attempts against others who change the same record.
const ROUNDS: usize = 8;

/// In which part of its life a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordPhase {
    /// In use.
    Active,
    /// Its use is over: these roles may read it until it ends.
    Archived(RoleSet),
    /// Its time is over: nobody reads it but who must while a hold keeps it.
    Over(DueReason),
}

/// What a row beside a record says; nothing where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Early {
    /// It ends at this second, for this reason.
    pub(super) end: Option<(i64, DueReason)>,
    /// From this second on these roles may read it.
    archive: Option<(i64, RoleSet)>,
}

impl Early {
    /// Ends are half open: at the instant of its end a record is over.
    pub(super) fn phase(&self, meta: &RecordMeta, now: Timestamp) -> RecordPhase {
        let second = now.timestamp();
        match (self.end, self.archive) {
            (Some((at, reason)), _) if second >= at => RecordPhase::Over(reason),
            _ if meta.expiry().is_over(now) => RecordPhase::Over(DueReason::Expired),
            (_, Some((from, readers))) if second >= from => RecordPhase::Archived(readers),
            _ => RecordPhase::Active,
        }
    }

    /// The second at which it ends as things stand.
    fn end_of(&self, meta: &RecordMeta) -> i64 {
        let written = meta.expires_at().timestamp();
        self.end.map_or(written, |(at, _)| at.min(written))
    }

    fn row(&self, tenant: TenantId, id: RecordId) -> Row {
        let parts = [
            (self.end.is_some(), ENDS),
            (self.archive.is_some(), ARCHIVES),
        ];
        let bits = parts.iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
        let mut w = Writer::with_capacity(40).u8(VERSION).u8(bits);
        if let Some((at, reason)) = self.end {
            w = w.i64(at).fixed(&reason.to_bytes());
        }
        if let Some((from, readers)) = self.archive {
            w = w.i64(from).u8(readers.bits());
        }
        Row {
            key: early_key(tenant, id),
            at: self.end.map(|(at, _)| at),
            value: w.done(),
            ..Row::default()
        }
    }

    /// Reads what is beside a record.
    pub(super) fn from_row(seal: &RowSeal, row: Option<&Row>) -> Result<Self, Error> {
        let Some(row) = row else {
            return Ok(Early::default());
        };
        let mut r = Reader::new(seal.open_row(Table::Holds, row, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let bits = r.u8()?;
        if bits == 0 || bits > ENDS | ARCHIVES {
            return Err(r.corrupt());
        }
        let mut early = Early::default();
        if bits & ENDS != 0 {
            let at = r.i64()?;
            let reason = DueReason::from_bytes(r.array()?).ok_or(r.corrupt())?;
            early.end = Some((at, reason));
        }
        if bits & ARCHIVES != 0 {
            let from = r.i64()?;
            early.archive = Some((from, RoleSet::from_bits(r.u8()?).ok_or(r.corrupt())?));
        }
        r.end()?;
        if row.at != early.end.map(|(at, _)| at) {
            return Err(Error::Corrupt { what: WHAT });
        }
        Ok(early)
    }
}

/// Where it is written that a record ends earlier.
pub(super) fn early_key(tenant: TenantId, id: RecordId) -> Vec<u8> {
    [&[EARLY][..], &tenant.to_bytes(), &id.to_bytes()].concat()
}

/// The tenant and record of a row's key.
fn of_key(key: &[u8]) -> Result<(TenantId, RecordId), Error> {
    let mut r = Reader::new(key, WHAT);
    if r.u8()? != EARLY {
        return Err(r.corrupt());
    }
    let of = (
        TenantId::from_bytes(r.array()?),
        RecordId::from_bytes(r.array()?),
    );
    r.end()?;
    Ok(of)
}

impl Store {
    /// Writes down that a record ends at `at`, before the end that was written when it was made. From then on every read is
    /// refused as for one that has expired, swept or not; the sweep destroys its unit key unless a hold keeps it. `at` may
    /// have passed: then the record is over now. Instants count in whole seconds, rounded down.
    ///
    /// The same end written twice is one. The entry in the audit is that of a shredding, about 0 records: nothing is
    /// destroyed yet.
    ///
    /// # Errors
    /// [`Error::NotEarlier`] unless `at` is before the end that stands, [`Error::Invalid`] for [`DueReason::Expired`], which
    /// is no reason to end earlier, [`Error::NotFound`], [`Error::Denied`] unless the role may shred for this purpose,
    /// [`Error::Expired`], [`Error::AlreadyErased`], [`Error::UnknownTenant`], [`Error::Conflict`], [`Error::ReadOnly`],
    /// [`Error::Database`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{Accessor, EphemeralRoot, NewRecord, OsEntropy, Reason, Store, StoreConfig};
    /// # use retention_policy::{ActorId, Category, DueReason, Policy, Purpose, PurposeSet, RecordMeta, Region, Role, SubjectId,
    /// #     TenantId, Timestamp, Trigger};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(EphemeralRoot::new(entropy.clone())?);
    /// # let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
    /// # let tenant = TenantId::from_random([1; 16]);
    /// # store.create_tenant(tenant, now).await?;
    /// # let agent = Accessor::new(ActorId::from_random([2; 16]), Role::Agent, tenant);
    /// # let why = Reason::new(Purpose::DraftReply);
    /// # let meta = RecordMeta::new(tenant, SubjectId::from_random([3; 16]), Category::Session,
    /// #     PurposeSet::only(Purpose::DraftReply), Region::France, Policy::default().expiry(Category::Session, now)?)?;
    /// let id = store.put(NewRecord::new(meta, b"hello".to_vec()), &agent, &why, now).await?.id();
    /// let at = now + chrono::TimeDelta::hours(1);
    /// let used = DueReason::PurposeOver(Trigger::Used);
    /// store.shorten(id, at, used, &agent, &why, now).await?;
    /// assert!(store.get(id, &agent, &why, now).await.is_ok());
    /// assert!(store.get(id, &agent, &why, at).await.is_err_and(|e| e.is_expired()));
    /// assert_eq!(store.expire_buckets(at).await?.early, 1);
    /// # Ok(()) }) }
    /// ```
    pub async fn shorten(
        &self,
        id: RecordId,
        at: Timestamp,
        reason: DueReason,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        if reason == DueReason::Expired {
            return Err(Error::Invalid {
                what: "an earlier end needs a reason of its own: the written end comes by itself",
            });
        }
        let at = at.timestamp();
        let change = |early: &Early, meta: &RecordMeta| {
            if early.end == Some((at, reason)) {
                return Ok(None);
            }
            if at >= early.end_of(meta) {
                return Err(Error::NotEarlier);
            }
            Ok(Some(Early {
                end: Some((at, reason)),
                ..*early
            }))
        };
        self.change_early(id, change, by, why, now).await
    }

    /// Writes down that from an instant on only these roles may read a record, until it ends. An archive can be made
    /// narrower and earlier, not wider and not later. Who may and the entry in the audit are those of
    /// [`shorten`](Self::shorten).
    ///
    /// # Errors
    /// [`Error::NotEarlier`] at or after its end, and for what would widen an archive; otherwise as
    /// [`shorten`](Self::shorten).
    pub async fn archive(
        &self,
        id: RecordId,
        from: Timestamp,
        readers: RoleSet,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        let from = from.timestamp();
        let change = |early: &Early, meta: &RecordMeta| {
            if early.archive == Some((from, readers)) {
                return Ok(None);
            }
            let wider = early
                .archive
                .is_some_and(|(since, few)| from > since || readers.bits() & !few.bits() != 0);
            if wider || from >= early.end_of(meta) {
                return Err(Error::NotEarlier);
            }
            Ok(Some(Early {
                archive: Some((from, readers)),
                ..*early
            }))
        };
        self.change_early(id, change, by, why, now).await
    }

    /// In which part of its life a record is. Nothing is decrypted; the entry in the audit is that of a search.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`] unless the role may find or shred such records for this purpose,
    /// [`Error::AlreadyErased`], [`Error::UnknownTenant`], [`Error::Database`].
    pub async fn phase(
        &self,
        id: RecordId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<RecordPhase, Error> {
        self.ring.tenant(by.tenant(), now).await?;
        let entry = AuditEntry {
            object: self.blind_record(id),
            ..self.entry(Action::Find, by, why, now)
        };
        let Some((row, early)) = self.row_and_early(id, by.tenant()).await? else {
            return Err(self.refuse(entry, Error::NotFound).await);
        };
        let (head, ..) = Head::from_row(&row)?;
        let category = head.meta.category();
        if ![Action::Find, Action::Shred]
            .iter()
            .any(|action| allowed(*action, by, why, category))
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        if self.is_gone(&head.gone_keys()).await? {
            return Err(self.refuse(entry, Error::AlreadyErased).await);
        }
        let phase = Early::from_row(&self.seal, early.as_ref())?.phase(&head.meta, now);
        self.commit(vec![leaf(&entry)]).await?;
        Ok(phase)
    }

    async fn change_early(
        &self,
        id: RecordId,
        change: impl Fn(&Early, &RecordMeta) -> Result<Option<Early>, Error>,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writable()?;
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let entry = AuditEntry {
            object: self.blind_record(id),
            count: 0,
            ..self.entry(Action::Shred, by, why, now)
        };
        for _ in 0..ROUNDS {
            let Some((row, seen)) = self.row_and_early(id, tenant).await? else {
                return Err(self.refuse(entry, Error::NotFound).await);
            };
            let (head, ..) = Head::from_row(&row)?;
            let entry = AuditEntry {
                subject: self.blind_subject(head.meta.subject()),
                ..entry
            };
            if !allowed(Action::Shred, by, why, head.meta.category()) {
                return Err(self.refuse(entry, Error::Denied).await);
            }
            if self.is_gone(&head.gone_keys()).await? {
                return Err(self.refuse(entry, Error::AlreadyErased).await);
            }
            let early = Early::from_row(&self.seal, seen.as_ref())?;
            let over = matches!(early.phase(&head.meta, now), RecordPhase::Over(_));
            let next = match change(&early, &head.meta) {
                Ok(None) => return Ok(()),
                _ if over => return Err(self.refuse(entry, Error::Expired).await),
                Ok(Some(next)) => next,
                Err(e) => return Err(e),
            };
            let mut ops = vec![
                Op::Require(
                    Table::Holds,
                    early_key(tenant, id),
                    Expect::Value(seen.map(|row| row.value).unwrap_or_default()),
                ),
                Op::Require(Table::Records, row.key, Expect::Present),
            ];
            ops.extend(head.gone_keys().into_iter().map(not_gone));
            ops.push(self.put_small(Table::Holds, next.row(tenant, id)));
            ops.push(leaf(&entry));
            match self.commit(ops).await? {
                Outcome::Committed(_) => return Ok(()),
                // Somebody else changed the same row.
                Outcome::Refused(0) => {}
                Outcome::Refused(_) => {
                    return Err(self.refuse(entry, Error::AlreadyErased).await);
                }
            }
        }
        Err(Error::Conflict)
    }

    /// A record of this tenant and the row beside it, of one moment.
    pub(super) async fn row_and_early(
        &self,
        id: RecordId,
        tenant: TenantId,
    ) -> Result<Option<(Row, Option<Row>)>, Error> {
        let keys = vec![
            (Table::Records, id.to_bytes().to_vec()),
            (Table::Holds, early_key(tenant, id)),
        ];
        let mut rows = self.backend.get_many(keys).await?.into_iter();
        let (Some(Some(row)), early) = (rows.next(), rows.next().flatten()) else {
            return Ok(None);
        };
        let (head, ..) = Head::from_row(&row)?;
        Ok((head.tenant() == tenant).then_some((row, early)))
    }

    /// Whether a tenant has an earlier end or an archive at all.
    pub(super) async fn has_early(&self, tenant: TenantId) -> Result<bool, Error> {
        let scan = Scan::Prefix {
            table: Table::Holds,
            prefix: [&[EARLY][..], &tenant.to_bytes()].concat(),
            after: Vec::new(),
            limit: 1,
        };
        Ok(!self.backend.scan(scan).await?.is_empty())
    }

    /// What is beside some records.
    pub(super) async fn early_of(
        &self,
        heads: &[Head],
    ) -> Result<BTreeMap<RecordId, Early>, Error> {
        let key = |head: &Head| (Table::Holds, early_key(head.tenant(), head.id));
        let rows = self
            .backend
            .get_many(heads.iter().map(key).collect())
            .await?;
        let mut found = BTreeMap::new();
        for (head, row) in heads.iter().zip(rows) {
            found.insert(head.id, Early::from_row(&self.seal, row.as_ref())?);
        }
        Ok(found)
    }
}
