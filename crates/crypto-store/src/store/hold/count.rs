//! How many holds a tenant has: the row that every look relies on and every change of a hold changes.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use retention_policy::TenantId;

use super::stored::WHAT;
use super::{HOLD, StoredHold, holds_row};
use crate::Error;
use crate::backend::{Expect, Op, Row, Scan, Table};
use crate::entropy::draw;
use crate::store::Store;
use crate::wire::{Reader, Writer};

const COUNT: &str = "the count of a tenant's holds";

/// How many holds a tenant has, and the row that says so.
#[derive(Clone)]
pub(in crate::store) struct KnownHolds {
    pub(in crate::store) count: u32,
    pub(in crate::store) row: Vec<u8>,
}

impl Store {
    pub(in crate::store) async fn holds_of(
        &self,
        tenant: TenantId,
    ) -> Result<Vec<StoredHold>, Error> {
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
            .map(|row| StoredHold::from_row(&self.seal, row))
            .collect()
    }

    /// How many holds a tenant has. The row is there from the tenant's beginning: without it nobody may assume that nothing
    /// is held.
    pub(super) async fn hold_count(&self, tenant: TenantId) -> Result<u32, Error> {
        let row = self.backend.get(Table::Meta, holds_row(tenant)).await?;
        self.count_of(row.as_ref())
    }

    /// Whether a tenant has a hold at all.
    pub(in crate::store) async fn has_holds(&self, tenant: TenantId) -> Result<bool, Error> {
        Ok(self.hold_count(tenant).await? > 0)
    }

    /// The row that counts a tenant's holds, as it was last seen. Who relies on it commits nothing unless it is still so.
    pub(in crate::store) async fn known_holds(
        &self,
        tenant: TenantId,
    ) -> Result<KnownHolds, Error> {
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

    pub(in crate::store) fn forget_holds(&self, tenant: TenantId) {
        self.holds().remove(&tenant);
    }

    fn holds(&self) -> MutexGuard<'_, HashMap<TenantId, KnownHolds>> {
        self.holds.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the row that counts a tenant's holds.
    pub(in crate::store) fn count_of(&self, row: Option<&Row>) -> Result<u32, Error> {
        let row = row.ok_or(Error::Corrupt { what: COUNT })?;
        let mut r = Reader::new(self.seal.open_row(Table::Meta, row, COUNT)?, COUNT);
        r.take(16)?;
        let count = r.u32()?;
        r.end()?;
        Ok(count)
    }

    /// A requirement that no hold of the tenant was placed or released since now.
    pub(in crate::store) async fn holds_unchanged(&self, tenant: TenantId) -> Result<Op, Error> {
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
    pub(super) async fn holds_change(&self, tenant: TenantId, more: i64) -> Result<[Op; 2], Error> {
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
    pub(in crate::store) fn holds_counted(
        &self,
        tenant: TenantId,
        count: u32,
    ) -> Result<Op, Error> {
        let stamp: [u8; 16] = draw(&*self.entropy)?;
        let row = Row {
            key: holds_row(tenant),
            value: Writer::with_capacity(40).fixed(&stamp).u32(count).done(),
            ..Row::default()
        };
        Ok(self.put_small(Table::Meta, row))
    }
}
