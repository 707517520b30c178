//! Holds and restrictions: what keeps a record against its end, or from being used.

use retention_policy::{
    Action, Hold, HoldId, HoldReason, RecordId, RecordMeta, Scope, TenantId, Timestamp,
};

use super::row::{BucketRef, Head, pair, record_gone};
use super::{Store, allowed_everywhere, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, Op, Outcome, Row, Table};
use crate::keyring::subject_key;
use crate::wire::{Reader, Writer};
use crate::{Accessor, Error, Reason};

mod ask;
mod count;
mod moved;

pub(super) use count::KnownHolds;

const VERSION: u8 = 0;
const WHAT: &str = "a hold";
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
        if hold.tenant() != tenant {
            return Err(Error::Invalid {
                what: "a hold covers records of the accessor's own tenant",
            });
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
            Scope::Tenant => (TENANT, tenant.to_bytes(), Vec::new()),
            _ => {
                return Err(Error::Invalid {
                    what: "this store keeps holds on a record, a person or a tenant",
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
