//! Rows on their way out, many in one commit.

use std::collections::{BTreeSet, HashSet};

use retention_policy::{RecordId, TenantId};

use super::super::Store;
use super::super::early::early_key;
use super::super::read::term_keys;
use super::super::row::{Head, pair};
use crate::Error;
use crate::backend::{KeyId, KeyOp, Op, Scan, Table};

/// Keys first: a row without keys is deleted by the next drive, a key without rows would be forgotten. The two files have a
/// thread each, so the keys of the next many go while the rows of the last many do.
pub(in crate::store) struct Going<'s> {
    store: &'s Store,
    at_once: usize,
    heads: Vec<Head>,
    /// Their keys are gone.
    ready: Vec<Head>,
    /// What ended by itself and with its bucket goes, and counts, once.
    seen: HashSet<RecordId>,
}

impl<'s> Going<'s> {
    pub(in crate::store) fn new(store: &'s Store, at_once: usize) -> Self {
        Going {
            store,
            at_once,
            heads: Vec::new(),
            ready: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Adds one, unless it is on its way already; whether it was added.
    pub(super) async fn add(&mut self, head: Head) -> Result<bool, Error> {
        if !self.seen.insert(head.id) {
            return Ok(false);
        }
        self.heads.push(head);
        if self.heads.len() >= self.at_once {
            self.go().await?;
        }
        Ok(true)
    }

    /// Deletes what is left.
    pub(in crate::store) async fn finish(mut self) -> Result<(), Error> {
        self.all().await
    }

    /// Deletes all that was added so far.
    pub(super) async fn all(&mut self) -> Result<(), Error> {
        self.go().await?;
        self.go().await
    }

    async fn go(&mut self) -> Result<(), Error> {
        let mut next = std::mem::take(&mut self.heads);
        // Ids are random: in their order they change a page of an index once, not once each.
        next.sort_unstable_by_key(|h| h.id.to_bytes());
        let ready = std::mem::take(&mut self.ready);
        let keys = self.store.destroy_own_units(&next);
        tokio::try_join!(keys, self.store.delete_without_keys(&ready))?;
        self.ready = next;
        Ok(())
    }
}

impl Store {
    /// Deletes the rows of records that nobody can read, their index terms, and the unit keys that nothing else needs.
    pub(in crate::store) async fn delete_rows(&self, heads: Vec<Head>) -> Result<(), Error> {
        let mut going = Going::new(self, usize::MAX);
        going.heads = heads;
        going.finish().await
    }

    async fn destroy_own_units(&self, heads: &[Head]) -> Result<(), Error> {
        let own = heads.iter().filter(|h| h.is_own_unit());
        self.destroy_keys(own.map(Head::unit_key)).await
    }

    async fn destroy_keys(&self, keys: impl Iterator<Item = KeyId>) -> Result<(), Error> {
        let ops: Vec<KeyOp> = keys.map(KeyOp::Destroy).collect();
        if !ops.is_empty() {
            self.backend.change_keys(ops).await?;
        }
        Ok(())
    }

    async fn delete_without_keys(&self, heads: &[Head]) -> Result<(), Error> {
        if heads.is_empty() {
            return Ok(());
        }
        let mut shared: BTreeSet<(KeyId, Vec<u8>)> = BTreeSet::new();
        let tenants: BTreeSet<TenantId> = heads.iter().map(Head::tenant).collect();
        let mut shortened = BTreeSet::new();
        for tenant in tenants {
            if self.has_early(tenant).await? {
                shortened.insert(tenant);
            }
        }
        let mut ops = Vec::with_capacity(heads.len() * 4);
        for head in heads {
            if shortened.contains(&head.tenant()) {
                ops.push(Op::Delete(Table::Holds, early_key(head.tenant(), head.id)));
            }
            ops.push(Op::Delete(Table::Records, head.id.to_bytes().to_vec()));
            ops.extend(term_keys(head).map(|key| Op::Delete(Table::Terms, key)));
            if !head.is_own_unit() {
                shared.insert((head.unit_key(), pair(head.tenant(), &head.unit.to_bytes())));
            }
        }
        self.commit(ops).await?;
        let mut unused = Vec::new();
        for (key, value) in shared {
            let scan = Scan::Ref {
                table: Table::Records,
                which: 1,
                value,
                after: 0,
                limit: 1,
            };
            if self.backend.scan(scan).await?.is_empty() {
                unused.push(key);
            }
        }
        self.destroy_keys(unused.into_iter()).await
    }
}
