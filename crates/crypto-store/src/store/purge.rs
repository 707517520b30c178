//! Deleting rows that nobody can read any more: hygiene, after the keys are gone.

use std::ops::Range;

use retention_policy::{SubjectId, TenantId};

mod going;

pub(super) use going::Going;

use super::Store;
use super::hold::tenant_rows;
use super::intent::{first, reference, tenant_of};
use super::read::PAGE;
use super::row::{BucketRef, Head, pair};
use crate::Error;
use crate::backend::{KeyId, KeyOp, Op, Row, Scan, Table};
use crate::keyring::{kind, tenant_prefix};

/// Rows read at once: their bodies can be large, and are read only for the heads before them.
const READ: usize = 512;
/// The fewest and the most rows deleted in one commit, where there are so many.
const AT_ONCE: Range<usize> = 2048..16_384;

/// How many rows may still be deleted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    rows: u64,
    at_once: usize,
    /// Delete all of a target or nothing: a beginning would only cost time.
    whole: bool,
}

impl Budget {
    /// Whoever asks for many rows at once waits for the whole anyway, and a page of an index that random ids share is then
    /// written once for more of them; a small budget lets writers come between.
    pub(super) fn rows(rows: u64) -> Self {
        let share = usize::try_from(rows / 8).unwrap_or(usize::MAX);
        Budget {
            rows,
            at_once: share.clamp(AT_ONCE.start, AT_ONCE.end),
            whole: false,
        }
    }

    /// What an erasure deletes before it returns.
    pub(super) fn small(rows: u64) -> Self {
        Budget {
            rows,
            at_once: AT_ONCE.start,
            whole: true,
        }
    }

    pub(super) fn is_nothing(self) -> bool {
        self.rows == 0
    }

    /// Rows deleted in one commit.
    pub(super) fn at_once(self) -> usize {
        self.at_once
    }

    fn page(self) -> usize {
        usize::try_from(self.rows).map_or(READ, |rows| rows.saturating_add(1).min(READ))
    }

    fn spend(&mut self, rows: u64) {
        self.rows = self.rows.saturating_sub(rows);
    }
}

/// What a round did.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Purged {
    pub(super) rows: u64,
    /// There may be more.
    pub(super) left: bool,
}

impl Store {
    /// Deletes rows of something whose key is gone.
    pub(super) async fn purge_target(
        &self,
        target: KeyId,
        going: &mut Going<'_>,
        budget: &mut Budget,
    ) -> Result<Purged, Error> {
        if first(target) == kind::TENANT {
            self.purge_tenant(tenant_of(target)?, going, budget).await
        } else {
            self.purge_rows(target, going, budget).await
        }
    }

    /// Deletes the rows of records that ended one by one; whether some are left.
    pub(super) async fn purge_records(
        &self,
        targets: &mut [(KeyId, u64)],
        going: &mut Going<'_>,
        budget: &mut Budget,
    ) -> Result<bool, Error> {
        let mut places: Vec<&mut (KeyId, u64)> = targets
            .iter_mut()
            .filter(|(target, _)| first(*target) == kind::RECORD)
            .collect();
        for chunk in places.chunks_mut(READ) {
            let mut asked = Vec::with_capacity(chunk.len());
            for place in chunk.iter() {
                asked.push((Table::Records, reference(place.0)?.to_vec()));
            }
            let rows = self.backend.get_many(asked).await?;
            let there = rows.iter().flatten().count() as u64;
            if there > budget.rows {
                return Ok(true);
            }
            budget.spend(there);
            for (place, row) in chunk.iter_mut().zip(rows) {
                if let Some(row) = row
                    && going.add(Head::from_row(&row)?.0).await?
                {
                    place.1 += 1;
                }
            }
        }
        Ok(false)
    }

    async fn purge_rows(
        &self,
        target: KeyId,
        going: &mut Going<'_>,
        budget: &mut Budget,
    ) -> Result<Purged, Error> {
        let tenant = tenant_of(target)?;
        // Goes on behind what it saw: rows that a damaged file does not let go of must not hold up the rest.
        let mut cursor = match first(target) {
            kind::BUCKET => (
                BucketRef::from_key(target)?.1.begin(),
                i64::MAX.cast_unsigned(),
            ),
            _ => (0, 0),
        };
        let mut purged = Purged::default();
        loop {
            if budget.rows == 0 {
                purged.left = true;
                return Ok(purged);
            }
            let rows = self.dead_rows(target, cursor, budget.page()).await?;
            let Some(last) = rows.last() else { break };
            if budget.whole && rows.len() as u64 > budget.rows {
                purged.left = true;
                return Ok(purged);
            }
            cursor = (last.at.unwrap_or(i64::MAX), last.seq);
            for row in &rows {
                let (head, ..) = Head::from_row(row)?;
                let of_target = first(target) != kind::BUCKET || head.bucket_key() == target;
                if of_target && going.add(head).await? {
                    purged.rows += 1;
                    budget.spend(1);
                }
            }
        }
        if first(target) == kind::SUBJECT {
            let links = self
                .link_rows(tenant, SubjectId::from_bytes(reference(target)?))
                .await?;
            self.delete(Table::Links, links).await?;
        }
        Ok(purged)
    }

    async fn dead_rows(
        &self,
        target: KeyId,
        cursor: (i64, u64),
        limit: usize,
    ) -> Result<Vec<Row>, Error> {
        let (tenant, id) = (tenant_of(target)?, reference(target)?);
        let by_reference = |which| Scan::Ref {
            table: Table::Records,
            which,
            value: pair(tenant, &id),
            after: cursor.1,
            limit,
        };
        let scan = match first(target) {
            kind::SUBJECT => by_reference(0),
            kind::UNIT => by_reference(1),
            _ => Scan::Due {
                table: Table::Records,
                after: cursor,
                until: BucketRef::from_key(target)?.1.end(),
                limit,
            },
        };
        self.backend.scan(scan).await
    }

    /// Everything of a tenant: persons one after the other, then what is left of keys and small rows.
    async fn purge_tenant(
        &self,
        tenant: TenantId,
        going: &mut Going<'_>,
        budget: &mut Budget,
    ) -> Result<Purged, Error> {
        let mut purged = Purged::default();
        let mut after = tenant_prefix(kind::SUBJECT, tenant);
        loop {
            let page = self.names(kind::SUBJECT, tenant, after, 1).await?;
            let Some(person) = page.first().copied() else {
                break;
            };
            after = person;
            let of_person = self.purge_rows(person, going, budget).await?;
            // The name of the person's key leads to them: it goes after them.
            going.all().await?;
            purged.rows += of_person.rows;
            if of_person.left {
                purged.left = true;
                return Ok(purged);
            }
            // A person is counted too, or many without records would never end a round.
            budget.spend(1);
            self.backend
                .change_keys(vec![KeyOp::Destroy(person)])
                .await?;
        }
        for kind in [kind::BUCKET, kind::INDEX, kind::UNIT] {
            let mut after = tenant_prefix(kind, tenant);
            loop {
                let page = self.names(kind, tenant, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = *last;
                let ops = page.into_iter().map(KeyOp::Destroy).collect();
                self.backend.change_keys(ops).await?;
            }
        }
        for prefix in tenant_rows(tenant) {
            self.delete_prefix(Table::Holds, prefix).await?;
        }
        self.delete_prefix(Table::Links, tenant.to_bytes().to_vec())
            .await?;
        Ok(purged)
    }

    /// Some names of keys of one kind that a tenant has.
    async fn names(
        &self,
        kind: u8,
        tenant: TenantId,
        after: KeyId,
        limit: usize,
    ) -> Result<Vec<KeyId>, Error> {
        let mut page = self.backend.list_keys(Some(after), limit).await?;
        page.retain(|id| first(*id) == kind && tenant_of(*id).is_ok_and(|of| of == tenant));
        Ok(page)
    }

    async fn delete_prefix(&self, table: Table, prefix: Vec<u8>) -> Result<(), Error> {
        let mut after = Vec::new();
        loop {
            let scan = Scan::Prefix {
                table,
                prefix: prefix.clone(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.key.clone();
            self.delete(table, rows.into_iter().map(|row| row.key).collect())
                .await?;
        }
    }

    async fn delete(&self, table: Table, keys: Vec<Vec<u8>>) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let ops = keys.into_iter().map(|key| Op::Delete(table, key)).collect();
        self.commit(ops).await.map(drop)
    }
}
