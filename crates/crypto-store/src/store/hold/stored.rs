//! What is stored of a hold.

use chrono::TimeDelta;
use retention_policy::{
    ActorId, Hold, HoldId, HoldReason, RecordId, Scope, SubjectId, TenantId, Timestamp,
};

use super::{HOLD, LET_GO, RECORD, SUBJECT, TENANT, hold_key, reference};
use crate::Error;
use crate::audit::BlindId;
use crate::backend::{Row, Table};
use crate::keyring::RowSeal;
use crate::store::row::Head;
use crate::wire::{Reader, Writer};

/// What is written. Version 0 knew no queries.
const VERSION: u8 = 1;
pub(super) const WHAT: &str = "a hold";

const REASONS: [(HoldReason, u8); 3] = [
    (HoldReason::LegalClaim, 0),
    (HoldReason::Order, 1),
    (HoldReason::Restriction, 2),
];

/// A hold as it is stored: who placed it is blind.
pub(in crate::store) struct StoredHold(Hold);

impl StoredHold {
    pub(in crate::store) fn hold(&self) -> &Hold {
        &self.0
    }

    pub(in crate::store) fn reason(&self) -> HoldReason {
        self.0.reason()
    }

    /// What the row of a hold is; its tag comes later.
    pub(super) fn row(hold: &Hold, placed_by: BlindId) -> Row {
        let (tenant, scope) = (hold.tenant(), hold.scope());
        let reason = REASONS
            .iter()
            .find(|(r, _)| *r == hold.reason())
            .map_or(0, |(_, b)| *b);
        let value = Writer::with_capacity(96)
            .u8(VERSION)
            .u8(reason)
            .fixed(placed_by.as_bytes())
            .i64(hold.placed_at().timestamp())
            .i64(hold.review_by().timestamp())
            .bytes(&scope.to_bytes())
            .done();
        Row {
            key: hold_key(tenant, hold.id()),
            refs: [Some(found_by(tenant, &scope)), None],
            value,
            ..Row::default()
        }
    }

    /// What stays of it when it is let go, until nothing is left that only it kept. Nothing is found by it: it holds nothing.
    pub(super) fn let_go_row(&self) -> Row {
        let placed_by = BlindId::from_bytes(self.0.placed_by().to_bytes());
        let row = Self::row(&self.0, placed_by);
        Row {
            key: [&[LET_GO][..], row.key.get(1..).unwrap_or_default()].concat(),
            refs: [None, None],
            ..row
        }
    }

    /// Reads a hold, or one that was let go.
    pub(in crate::store) fn from_row(seal: &RowSeal, row: &Row) -> Result<Self, Error> {
        let mut key = Reader::new(&row.key, WHAT);
        let holds = match key.u8()? {
            HOLD => true,
            LET_GO => false,
            _ => return Err(key.corrupt()),
        };
        let tenant = TenantId::from_bytes(key.array()?);
        let id = HoldId::from_bytes(key.array()?);
        key.end()?;
        let mut r = Reader::new(seal.open_row(Table::Holds, row, WHAT)?, WHAT);
        let version = r.u8()?;
        let reason = r.u8()?;
        let reason = REASONS
            .iter()
            .find(|(_, b)| *b == reason)
            .map(|(r, _)| *r)
            .ok_or(r.corrupt())?;
        let early = match version {
            0 => Some(early_scope(&mut r)?),
            VERSION => None,
            _ => return Err(r.corrupt()),
        };
        let placed_by = ActorId::from_bytes(r.array()?);
        let (placed, review) = (r.i64()?, r.i64()?);
        let scope = match early {
            Some(scope) => scope,
            None => Scope::from_bytes(r.bytes()?).map_err(|_| r.corrupt())?,
        };
        r.end()?;
        let corrupt = || Error::Corrupt { what: WHAT };
        let at = |seconds| Timestamp::from_timestamp(seconds, 0).ok_or_else(corrupt);
        let placed = at(placed)?;
        // Both are stored in whole seconds: less than one between them is none.
        let review = at(review)?.max(placed + TimeDelta::seconds(1));
        if row.refs != [holds.then(|| found_by(tenant, &scope)), None] {
            return Err(corrupt());
        }
        let hold = Hold::new(id, tenant, scope, reason, placed_by, placed, review);
        hold.map(StoredHold).map_err(|_| corrupt())
    }

    /// Whether it covers a record of its tenant that was found by what the hold is found by: links were followed there.
    pub(super) fn covers_found(&self, head: &Head) -> bool {
        match self.0.scope() {
            Scope::Record(_) | Scope::Subject(_) | Scope::Tenant => true,
            _ => self.0.covers(&head.meta, head.id),
        }
    }
}

/// Tag and scope of version 0.
fn early_scope(r: &mut Reader<'_>) -> Result<Scope, Error> {
    let (tag, scope) = (r.u8()?, r.array()?);
    match tag {
        RECORD => Ok(Scope::Record(RecordId::from_bytes(scope))),
        SUBJECT => Ok(Scope::Subject(SubjectId::from_bytes(scope))),
        TENANT => Ok(Scope::Tenant),
        _ => Err(r.corrupt()),
    }
}

/// What a hold is found by: record, person, or the whole tenant. What a query covers is seen where it is asked.
fn found_by(tenant: TenantId, scope: &Scope) -> Vec<u8> {
    match scope {
        Scope::Record(id) => reference(RECORD, tenant, &id.to_bytes()),
        Scope::Subject(id) => reference(SUBJECT, tenant, &id.to_bytes()),
        _ => reference(TENANT, tenant, &tenant.to_bytes()),
    }
}
