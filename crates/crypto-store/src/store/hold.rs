//! Holds and restrictions: what keeps a record against its end, or from being used.

use std::collections::{BTreeMap, HashMap};
use std::sync::{MutexGuard, PoisonError};

use retention_policy::{
    Action, Hold, HoldId, HoldReason, RecordId, RecordMeta, Scope, SubjectId, TenantId, Timestamp,
};

use super::read::PAGE;
use super::row::{BucketRef, Head, pair, record_gone};
use super::{Store, allowed_everywhere, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, KeyId, Op, Outcome, Row, Scan, Table};
use crate::entropy::draw;
use crate::envelope::{self, RecordKeys};
use crate::keyring::{subject_key, unit_key};
use crate::wire::{Reader, Writer};
use crate::{Accessor, Error, Reason};

const VERSION: u8 = 0;
const WHAT: &str = "a hold";
const COUNT: &str = "the count of a tenant's holds";
/// Attempts against others who place and release holds.
const ROUNDS: usize = 8;
/// First byte of a hold's key; duties have their own.
const HOLD: u8 = 0;
const DUTY: u8 = 1;
/// First byte of what a hold is found by.
const RECORD: u8 = 0;
const SUBJECT: u8 = 1;
const TENANT: u8 = 2;
const DUTY_OF: u8 = 3;

const REASONS: [(HoldReason, u8); 3] = [
    (HoldReason::LegalClaim, 0),
    (HoldReason::Order, 1),
    (HoldReason::Restriction, 2),
];

/// A record that a law asks to keep until its own end (article 17(3)(b)): erasing its person would break that duty.
pub(super) struct Duty {
    pub(super) meta: RecordMeta,
    pub(super) record: RecordId,
}

pub(super) fn duty_row(duty: Duty) -> Row {
    let (tenant, subject) = (duty.meta.tenant(), duty.meta.subject());
    Row {
        key: [&[DUTY][..], &tenant.to_bytes(), &duty.record.to_bytes()].concat(),
        refs: [Some(reference(DUTY_OF, tenant, &subject.to_bytes())), None],
        at: Some(duty.meta.expires_at().timestamp()),
        ..Row::default()
    }
}

fn reference(tag: u8, tenant: TenantId, id: &[u8; 16]) -> Vec<u8> {
    [&[tag][..], &pair(tenant, id)].concat()
}

/// What is stored of a hold.
pub(super) struct StoredHold {
    reason: u8,
    tag: u8,
    scope: [u8; 16],
}

impl StoredHold {
    pub(super) fn reason(&self) -> Option<HoldReason> {
        REASONS
            .iter()
            .find(|(_, b)| *b == self.reason)
            .map(|(r, _)| *r)
    }

    fn from_row(store: &Store, row: &Row) -> Result<Self, Error> {
        let mut r = Reader::new(store.seal.open_row(Table::Holds, row, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let hold = StoredHold {
            reason: r.u8()?,
            tag: r.u8()?,
            scope: r.array()?,
        };
        if hold.reason().is_none() || hold.tag > TENANT {
            return Err(r.corrupt());
        }
        r.take(32)?;
        r.end()?;
        Ok(hold)
    }

    fn covers(&self, head: &Head) -> bool {
        match self.tag {
            RECORD => self.scope == head.id.to_bytes(),
            SUBJECT => self.scope == head.meta.subject().to_bytes(),
            _ => true,
        }
    }
}

/// How many holds a tenant has, and the row that says so.
#[derive(Clone)]
pub(super) struct KnownHolds {
    pub(super) count: u32,
    pub(super) row: Vec<u8>,
}

/// Held records that get new keys.
#[derive(Default)]
pub(super) struct Moved {
    pub(super) count: u64,
    pub(super) old_keys: Vec<KeyId>,
    pub(super) ops: Vec<Op>,
}

impl Store {
    /// Places a hold. From here on what it covers cannot be shredded or erased and survives its expiry; a restriction
    /// also stops every use but answering the person and legal duties.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::AlreadyErased`] if what it should cover is gone or its bucket is closing,
    /// [`Error::NotFound`] for a record without a row, [`Error::Invalid`] for another tenant's scope,
    /// [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn place_hold(
        &self,
        hold: &Hold,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writable()?;
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let mut entry = self.hold_entry(hold.id(), by, why, now);
        if !allowed_everywhere(Action::Hold, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let (tag, scope, mut ops) = match hold.scope() {
            Scope::Record(id) => {
                let Some(row) = self.own_row(id, by).await? else {
                    return Err(self.refuse(entry, Error::NotFound).await);
                };
                let (head, ..) = Head::from_row(&row)?;
                entry.subject = self.blind_subject(head.meta.subject());
                let mut ops = vec![Op::Require(Table::Records, row.key, Expect::Present)];
                ops.extend(head.gone_keys().into_iter().map(not_gone));
                (RECORD, id.to_bytes(), ops)
            }
            Scope::Subject(id) => {
                entry.subject = self.blind_subject(id);
                (
                    SUBJECT,
                    id.to_bytes(),
                    vec![not_gone(subject_key(tenant, id))],
                )
            }
            Scope::Tenant(id) if id == tenant => (TENANT, id.to_bytes(), Vec::new()),
            _ => {
                return Err(Error::Invalid {
                    what: "a hold covers records of the accessor's own tenant",
                });
            }
        };
        let reason = REASONS
            .iter()
            .find(|(r, _)| *r == hold.reason())
            .map_or(0, |(_, b)| *b);
        let value = Writer::with_capacity(51)
            .u8(VERSION)
            .u8(reason)
            .u8(tag)
            .fixed(&scope)
            .fixed(self.blind(u8::MAX, &hold.placed_by().to_bytes()).as_bytes())
            .i64(hold.placed_at().timestamp())
            .i64(hold.review_by().timestamp())
            .done();
        let row = Row {
            key: hold_key(tenant, hold.id()),
            refs: [Some(reference(tag, tenant, &scope)), None],
            value,
            ..Row::default()
        };
        let alive = ops.len();
        ops.push(self.put_small(Table::Holds, row.clone()));
        ops.push(leaf(&entry));
        for _ in 0..ROUNDS {
            let there = self.backend.get(Table::Holds, row.key.clone()).await?;
            let more = i64::from(there.is_none());
            let mut ops = ops.clone();
            ops.extend(self.holds_change(tenant, more).await?);
            match self.commit(ops).await? {
                Outcome::Committed(_) => return Ok(()),
                Outcome::Refused(at) if at < alive => {
                    return Err(self.refuse(entry, Error::AlreadyErased).await);
                }
                // Another hold was placed or released meanwhile.
                Outcome::Refused(_) => {}
            }
        }
        Err(Error::Conflict)
    }

    /// Lets go. Records that only this hold kept and whose time is over end now; how many.
    ///
    /// # Errors
    /// [`Error::UnknownHold`], [`Error::Denied`], [`Error::UnknownTenant`], [`Error::Conflict`], [`Error::ReadOnly`],
    /// [`Error::Database`].
    pub async fn release_hold(
        &self,
        id: HoldId,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<u64, Error> {
        self.writable()?;
        let tenant = by.tenant();
        self.ring.tenant(tenant, now).await?;
        let entry = self.hold_entry(id, by, why, now);
        if !allowed_everywhere(Action::Hold, by, why) {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        let key = hold_key(tenant, id);
        let Some(row) = self.backend.get(Table::Holds, key.clone()).await? else {
            return Err(Error::UnknownHold);
        };
        let hold = StoredHold::from_row(self, &row)?;
        for _ in 0..ROUNDS {
            let mut ops = vec![
                Op::Require(Table::Holds, key.clone(), Expect::Present),
                Op::Delete(Table::Holds, key.clone()),
                leaf(&entry),
            ];
            ops.extend(self.holds_change(tenant, -1).await?);
            match self.commit(ops).await? {
                Outcome::Committed(_) => return self.end_released(tenant, &hold, now).await,
                Outcome::Refused(0) => return Err(Error::UnknownHold),
                Outcome::Refused(_) => {}
            }
        }
        Err(Error::Conflict)
    }

    /// Ends records of the hold bucket that nothing holds any more.
    async fn end_released(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let unheld = self.holds_unchanged(tenant).await?;
        let (mut targets, mut keys) = (Vec::new(), Vec::new());
        for row in self.covered(tenant, hold).await? {
            let (head, ..) = Head::from_row(&row)?;
            if head.bucket == BucketRef::HOLD
                && head.meta.expiry().is_over(now)
                && self
                    .holds_on(tenant, head.meta.subject(), Some(head.id))
                    .await?
                    .is_empty()
            {
                targets.push(record_gone(tenant, head.id));
                keys.push(head.unit_key());
            }
        }
        let count = targets.len();
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let entry = AuditEntry {
                count,
                ..super::own_entry(Action::Sweep, now)
            };
            self.erase(targets, keys, vec![unheld], entry, now).await?;
        }
        Ok(count as u64)
    }

    /// Seals held records of ending buckets again: new bucket, new unit key, next version.
    pub(super) async fn move_held(
        &self,
        tenant: TenantId,
        buckets: &[KeyId],
        now: Timestamp,
    ) -> Result<Moved, Error> {
        let mut moved = Moved::default();
        let mut rows: BTreeMap<Vec<u8>, Row> = BTreeMap::new();
        for hold in self.holds_of(tenant).await? {
            for row in self.covered(tenant, &hold).await? {
                rows.insert(row.key.clone(), row);
            }
        }
        if rows.is_empty() {
            return Ok(moved);
        }
        let parent = self.ring.tenant(tenant, now).await?;
        for row in rows.into_values() {
            let (head, identity, sealed) = Head::from_row(&row)?;
            if !buckets.contains(&head.bucket_key()) || self.is_gone(&head.gone_keys()).await? {
                continue;
            }
            let body = match self.unseal(&parent, &head, &identity, sealed, now).await {
                // A key that is gone for another reason: nothing is left to be held.
                Err(Error::AlreadyErased) => continue,
                other => other?,
            };
            let old = head.unit_key();
            let mut next = Head {
                bucket: BucketRef::HOLD,
                unit_ref: draw(&*self.entropy)?,
                version: head.version.saturating_add(1),
                ..head.clone()
            };
            next.terms.clone_from(&head.terms);
            let fresh = unit_key(tenant, &next.unit_ref);
            let ids = [next.subject_key(), next.bucket_key(), fresh];
            let keys = self
                .ring
                .get_or_make(&parent, &ids, Some(fresh), None, now)
                .await?;
            let [subject, bucket, unit] = keys.as_slice() else {
                return Err(Error::Conflict);
            };
            let keys = RecordKeys {
                subject,
                bucket,
                unit,
            };
            let random = draw(&*self.entropy)?;
            let sealed = envelope::seal(keys, &next.identity(), &body, &random)?;
            moved.ops.push(Op::Require(
                Table::Records,
                row.key,
                Expect::Value(row.value),
            ));
            moved
                .ops
                .push(Op::Put(Table::Records, next.into_row(&sealed)));
            if head.is_own_unit() {
                moved.old_keys.push(old);
            }
            moved.count += 1;
        }
        Ok(moved)
    }

    /// Rows a hold covers.
    async fn covered(&self, tenant: TenantId, hold: &StoredHold) -> Result<Vec<Row>, Error> {
        match hold.tag {
            RECORD => Ok(self
                .backend
                .get(Table::Records, hold.scope.to_vec())
                .await?
                .into_iter()
                .collect()),
            SUBJECT => {
                let mut all = Vec::new();
                for subject in self
                    .linked(tenant, SubjectId::from_bytes(hold.scope))
                    .await?
                {
                    let mut after = 0;
                    loop {
                        let rows = self.rows_of(tenant, subject, after).await?;
                        let full = rows.len() == PAGE;
                        after = rows.last().map_or(after, |row| row.seq);
                        all.extend(rows);
                        if !full {
                            break;
                        }
                    }
                }
                Ok(all)
            }
            _ => {
                let (mut all, mut after) = (Vec::new(), Vec::new());
                loop {
                    let scan = Scan::Prefix {
                        table: Table::Records,
                        prefix: Vec::new(),
                        after,
                        limit: PAGE,
                    };
                    let rows = self.backend.scan(scan).await?;
                    let Some(last) = rows.last() else {
                        return Ok(all);
                    };
                    after = last.key.clone();
                    for row in rows {
                        if Head::from_row(&row)?.0.tenant() == tenant {
                            all.push(row);
                        }
                    }
                }
            }
        }
    }

    /// Holds on a record or its person or tenant.
    pub(super) async fn holds_on(
        &self,
        tenant: TenantId,
        subject: SubjectId,
        record: Option<RecordId>,
    ) -> Result<Vec<StoredHold>, Error> {
        let mut found = Vec::new();
        if self.hold_count(tenant).await? == 0 {
            return Ok(found);
        }
        let mut asked = vec![reference(TENANT, tenant, &tenant.to_bytes())];
        asked.extend(record.map(|id| reference(RECORD, tenant, &id.to_bytes())));
        for subject in self.linked(tenant, subject).await? {
            asked.push(reference(SUBJECT, tenant, &subject.to_bytes()));
        }
        for value in asked {
            let scan = Scan::Ref {
                table: Table::Holds,
                which: 0,
                value,
                after: 0,
                limit: PAGE,
            };
            for row in self.backend.scan(scan).await? {
                found.push(StoredHold::from_row(self, &row)?);
            }
        }
        Ok(found)
    }

    /// Whether a hold or a duty stands on any record of these subjects.
    pub(super) async fn holds_any(
        &self,
        tenant: TenantId,
        group: &[SubjectId],
        now: Timestamp,
    ) -> Result<bool, Error> {
        for subject in group {
            let value = reference(DUTY_OF, tenant, &subject.to_bytes());
            let scan = Scan::Ref {
                table: Table::Holds,
                which: 0,
                value,
                after: 0,
                limit: PAGE,
            };
            if self
                .backend
                .scan(scan)
                .await?
                .iter()
                .any(|row| row.at.is_some_and(|at| at > now.timestamp()))
            {
                return Ok(true);
            }
        }
        for hold in self.holds_of(tenant).await? {
            for row in self.covered_quickly(tenant, &hold, group).await? {
                let (head, ..) = Head::from_row(&row)?;
                if hold.covers(&head) && group.contains(&head.meta.subject()) {
                    return Ok(true);
                }
            }
            let on_person = hold.tag == TENANT || group.iter().any(|s| s.to_bytes() == hold.scope);
            if hold.tag != RECORD && on_person {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The row of a record hold; person and tenant holds are decided without looking at rows.
    async fn covered_quickly(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        _: &[SubjectId],
    ) -> Result<Vec<Row>, Error> {
        if hold.tag == RECORD {
            self.covered(tenant, hold).await
        } else {
            Ok(Vec::new())
        }
    }

    /// Whether anything of a tenant must be kept.
    pub(super) async fn holds_tenant(
        &self,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<bool, Error> {
        for prefix in tenant_holds(tenant) {
            let scan = Scan::Prefix {
                table: Table::Holds,
                prefix,
                after: Vec::new(),
                limit: usize::MAX,
            };
            let rows = self.backend.scan(scan).await?;
            // A hold has no end of its own; a duty ends with its record.
            if rows
                .iter()
                .any(|row| row.at.is_none_or(|at| at > now.timestamp()))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) async fn holds_of(&self, tenant: TenantId) -> Result<Vec<StoredHold>, Error> {
        let count = self.hold_count(tenant).await?;
        if count == 0 {
            return Ok(Vec::new());
        }
        let prefix = [&[HOLD][..], &tenant.to_bytes()].concat();
        let scan = Scan::Prefix {
            table: Table::Holds,
            prefix,
            after: Vec::new(),
            limit: usize::MAX,
        };
        let rows = self.backend.scan(scan).await?;
        // One that is missing was taken away by somebody without the keys, or is being released right now.
        if (rows.len() as u64) < u64::from(count) && self.hold_count(tenant).await? == count {
            return Err(Error::Corrupt { what: WHAT });
        }
        rows.iter()
            .map(|row| StoredHold::from_row(self, row))
            .collect()
    }

    /// How many holds a tenant has. The row is there from the tenant's beginning: without it nobody may assume that nothing
    /// is held.
    async fn hold_count(&self, tenant: TenantId) -> Result<u32, Error> {
        let row = self.backend.get(Table::Meta, holds_row(tenant)).await?;
        self.count_of(row.as_ref())
    }

    /// The row that counts a tenant's holds, as it was last seen. Who relies on it commits nothing unless it is still so.
    pub(super) async fn known_holds(&self, tenant: TenantId) -> Result<KnownHolds, Error> {
        if let Some(known) = self.holds().get(&tenant) {
            return Ok(known.clone());
        }
        let row = self.backend.get(Table::Meta, holds_row(tenant)).await?;
        let known = KnownHolds {
            count: self.count_of(row.as_ref())?,
            row: row.map(|row| row.value).unwrap_or_default(),
        };
        self.holds().insert(tenant, known.clone());
        Ok(known)
    }

    pub(super) fn forget_holds(&self, tenant: TenantId) {
        self.holds().remove(&tenant);
    }

    fn holds(&self) -> MutexGuard<'_, HashMap<TenantId, KnownHolds>> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the row that counts a tenant's holds.
    pub(super) fn count_of(&self, row: Option<&Row>) -> Result<u32, Error> {
        let row = row.ok_or(Error::Corrupt { what: COUNT })?;
        let mut r = Reader::new(self.seal.open_row(Table::Meta, row, COUNT)?, COUNT);
        r.take(16)?;
        let count = r.u32()?;
        r.end()?;
        Ok(count)
    }

    /// A requirement that no hold of the tenant was placed or released since now.
    pub(super) async fn holds_unchanged(&self, tenant: TenantId) -> Result<Op, Error> {
        let key = holds_row(tenant);
        let seen = self
            .backend
            .get(Table::Meta, key.clone())
            .await?
            .map(|row| row.value)
            .unwrap_or_default();
        Ok(Op::Require(Table::Meta, key, Expect::Value(seen)))
    }

    /// A new stamp and count, if the row is still as it is now.
    async fn holds_change(&self, tenant: TenantId, more: i64) -> Result<[Op; 2], Error> {
        let key = holds_row(tenant);
        let seen = self.backend.get(Table::Meta, key.clone()).await?;
        let count = i64::from(self.count_of(seen.as_ref())?) + more;
        let count = u32::try_from(count).map_err(|_| Error::Corrupt { what: COUNT })?;
        let seen = seen.map(|row| row.value).unwrap_or_default();
        Ok([
            Op::Require(Table::Meta, key, Expect::Value(seen)),
            self.holds_counted(tenant, count)?,
        ])
    }

    /// The row that counts a tenant's holds.
    pub(super) fn holds_counted(&self, tenant: TenantId, count: u32) -> Result<Op, Error> {
        let stamp: [u8; 16] = draw(&*self.entropy)?;
        let row = Row {
            key: holds_row(tenant),
            value: Writer::with_capacity(40).fixed(&stamp).u32(count).done(),
            ..Row::default()
        };
        Ok(self.put_small(Table::Meta, row))
    }

    fn hold_entry(&self, id: HoldId, by: &Accessor, why: &Reason, now: Timestamp) -> AuditEntry {
        AuditEntry {
            object: self.blind(HOLD, &id.to_bytes()),
            ..self.entry(Action::Hold, by, why, now)
        }
    }
}

/// What the rows of a tenant's holds and duties begin with.
pub(super) fn tenant_holds(tenant: TenantId) -> [Vec<u8>; 2] {
    [HOLD, DUTY].map(|first| [&[first][..], &tenant.to_bytes()].concat())
}

fn hold_key(tenant: TenantId, id: HoldId) -> Vec<u8> {
    [&[HOLD][..], &tenant.to_bytes(), &id.to_bytes()].concat()
}

pub(super) fn holds_row(tenant: TenantId) -> Vec<u8> {
    [&b"holds"[..], &tenant.to_bytes()].concat()
}
