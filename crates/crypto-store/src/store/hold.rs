//! Holds and restrictions: what keeps a record against its end, or from being used.

use retention_policy::{
    Action, Hold, HoldId, HoldReason, RecordId, RecordMeta, Scope, TenantId, Timestamp,
};

use super::early::EARLY;
use super::row::{Head, pair};
use super::{Store, allowed_everywhere, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, Op, Outcome, Row, Table};
use crate::keyring::subject_key;
use crate::{Accessor, Error, Reason};

mod ask;
mod count;
mod moved;
mod release;
mod stored;

pub(super) use count::KnownHolds;
pub(super) use stored::StoredHold;

/// Attempts against others who place and release holds.
const ROUNDS: usize = 8;
/// First byte of a hold's key; duties, releases that were asked for and earlier ends have their own.
const HOLD: u8 = 0;
pub(super) const DUTY: u8 = 1;
const ASKED: u8 = 2;
/// A hold that was let go and may have left something; 3 are earlier ends.
const LET_GO: u8 = 4;
/// First byte of what a hold is found by.
const RECORD: u8 = 0;
const SUBJECT: u8 = 1;
const TENANT: u8 = 2;
const DUTY_OF: u8 = 3;

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

impl Store {
    /// Places a hold. From here on what it covers cannot be shredded or erased and survives its expiry; a restriction
    /// also stops every use but answering the person and legal duties. A hold on a query also covers what is written later.
    ///
    /// A hold and a sweep at the same moment have an order: what the hold covers and its answer is Ok outlives its end.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::AlreadyErased`] if what it should cover is gone or its bucket is closing,
    /// [`Error::NotFound`] for a record without a row, [`Error::Invalid`] for another tenant's scope and for the name of a
    /// legal claim or order that is another one, [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Database`].
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
        let mut ops = match hold.scope() {
            Scope::Record(id) => {
                let Some(row) = self.own_row(id, by).await? else {
                    return Err(self.refuse(entry, Error::NotFound).await);
                };
                let (head, ..) = Head::from_row(&row)?;
                entry.subject = self.blind_subject(head.meta.subject());
                let mut ops = vec![Op::Require(Table::Records, row.key, Expect::Present)];
                ops.extend(head.gone_keys().into_iter().map(not_gone));
                ops
            }
            Scope::Subject(id) => {
                entry.subject = self.blind_subject(id);
                vec![not_gone(subject_key(tenant, id))]
            }
            Scope::Tenant | Scope::Query(_) => Vec::new(),
            _ => {
                return Err(Error::Invalid {
                    what: "this store keeps holds on a record, a person, a query or a tenant",
                });
            }
        };
        let placed_by = self.blind(u8::MAX, &hold.placed_by().to_bytes());
        let row = StoredHold::row(hold, placed_by);
        let alive = ops.len();
        ops.push(self.put_small(Table::Holds, row.clone()));
        ops.push(leaf(&entry));
        for _ in 0..ROUNDS {
            let there = self.backend.get(Table::Holds, row.key.clone()).await?;
            let more = i64::from(there.is_none());
            if let Some(there) = &there {
                let there = StoredHold::from_row(&self.seal, there)?;
                // Or one person could turn what needs two into what needs one.
                if there.reason() != HoldReason::Restriction
                    && (there.reason(), there.hold().scope()) != (hold.reason(), hold.scope())
                {
                    return Err(Error::Invalid {
                        what: "another hold has this name: release it, or place this one under a new name",
                    });
                }
            }
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

    fn hold_entry(&self, id: HoldId, by: &Accessor, why: &Reason, now: Timestamp) -> AuditEntry {
        AuditEntry {
            object: self.blind(HOLD, &id.to_bytes()),
            ..self.entry(Action::Hold, by, why, now)
        }
    }
}

/// What all rows of a tenant in the table of holds begin with.
pub(super) fn tenant_rows(tenant: TenantId) -> [Vec<u8>; 5] {
    [HOLD, DUTY, ASKED, EARLY, LET_GO].map(|first| [&[first][..], &tenant.to_bytes()].concat())
}

/// What the rows of all holds begin with.
pub(super) fn every_hold() -> Vec<u8> {
    vec![HOLD]
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
