//! Epochs of a tenant.

use retention_policy::TenantId;

use super::name::state_row;
use super::seal::RowSeal;
use crate::Error;
use crate::wire::{Reader, Writer};

const VERSION: u8 = 1;
const WHAT: &str = "a tenant's epochs";

/// Which keys of a tenant are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// The tenant key that new keys are wrapped under.
    pub(crate) epoch: u32,
    /// The index keys that new terms are made with.
    pub(crate) index: u32,
    /// Earlier index keys that living records still have terms of.
    pub(crate) retired: Vec<Retired>,
}

/// An index epoch that is only searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retired {
    pub(crate) epoch: u32,
    /// No bucket of a record with its terms ends later, in seconds since 1970.
    pub(crate) until: i64,
}

impl State {
    pub(crate) fn first() -> Self {
        State {
            epoch: 0,
            index: 0,
            retired: Vec::new(),
        }
    }

    /// Index epochs to search in, the present one first.
    pub(crate) fn index_epochs(&self) -> impl Iterator<Item = u32> {
        let retired = self.retired.iter().rev().map(|r| r.epoch);
        std::iter::once(self.index).chain(retired)
    }

    /// The row as it is stored.
    pub(crate) fn sealed(&self, tenant: TenantId, seal: &RowSeal) -> Vec<u8> {
        let count = u32::try_from(self.retired.len()).unwrap_or(u32::MAX);
        let mut w = Writer::with_capacity(32 + 12 * self.retired.len())
            .u8(VERSION)
            .u32(self.epoch)
            .u32(self.index)
            .u32(count);
        for retired in &self.retired {
            w = w.u32(retired.epoch).i64(retired.until);
        }
        seal.beside(state_row(tenant), w.done())
    }

    pub(crate) fn open(row: &[u8], tenant: TenantId, seal: &RowSeal) -> Result<Self, Error> {
        let mut r = Reader::new(seal.open_beside(state_row(tenant), row, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let (epoch, index) = (r.u32()?, r.u32()?);
        let mut retired = Vec::new();
        for _ in 0..r.u32()? {
            retired.push(Retired {
                epoch: r.u32()?,
                until: r.i64()?,
            });
        }
        r.end()?;
        Ok(State {
            epoch,
            index,
            retired,
        })
    }
}
