//! Held records whose bucket ends: sealed again before its key goes.

use std::collections::BTreeMap;

use retention_policy::{Scope, TenantId, Timestamp};

use super::StoredHold;
use crate::Error;
use crate::backend::{Expect, KeyId, Op, Row, Scan, Table};
use crate::entropy::draw;
use crate::envelope::{self, RecordKeys};
use crate::keyring::unit_key;
use crate::store::Store;
use crate::store::read::PAGE;
use crate::store::row::{BucketRef, Head};

/// Held records that get new keys.
#[derive(Default)]
pub(in crate::store) struct Moved {
    pub(in crate::store) count: u64,
    pub(in crate::store) old_keys: Vec<KeyId>,
    pub(in crate::store) ops: Vec<Op>,
}

impl Store {
    /// Seals held records of ending buckets again: new bucket, new unit key, next version.
    pub(in crate::store) async fn move_held(
        &self,
        tenant: TenantId,
        buckets: &[KeyId],
        now: Timestamp,
    ) -> Result<Moved, Error> {
        let mut moved = Moved::default();
        let mut rows: BTreeMap<Vec<u8>, Row> = BTreeMap::new();
        let ending = |head: &Head| buckets.contains(&head.bucket_key());
        let mut wide = Vec::new();
        for hold in self.holds_of(tenant).await? {
            if matches!(hold.hold().scope(), Scope::Record(_) | Scope::Subject(_)) {
                for row in self.covered(tenant, &hold, ending).await? {
                    rows.insert(row.key.clone(), row);
                }
            } else {
                wide.push(hold);
            }
        }
        if !wide.is_empty() {
            self.covered_in(tenant, buckets, &wide, &mut rows).await?;
        }
        if rows.is_empty() {
            return Ok(moved);
        }
        let parent = self.ring.tenant(tenant, now).await?;
        for row in rows.into_values() {
            let (head, identity, sealed) = Head::from_row(&row)?;
            if self.is_gone(&head.gone_keys()).await? {
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

    /// Rows that a hold covers and that are wanted.
    pub(super) async fn covered(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
        wanted: impl Fn(&Head) -> bool,
    ) -> Result<Vec<Row>, Error> {
        let mut all = Vec::new();
        let mut take = |rows: Vec<Row>| -> Result<(), Error> {
            for row in rows {
                let (head, ..) = Head::from_row(&row)?;
                if head.tenant() == tenant && hold.covers_found(&head) && wanted(&head) {
                    all.push(row);
                }
            }
            Ok(())
        };
        match hold.hold().scope() {
            Scope::Record(id) => {
                let row = self.backend.get(Table::Records, id.to_bytes().to_vec());
                take(row.await?.into_iter().collect())?;
            }
            Scope::Subject(id) => {
                for subject in self.linked(tenant, id).await? {
                    let mut after = 0;
                    loop {
                        let rows = self.rows_of(tenant, subject, after).await?;
                        let full = rows.len() == PAGE;
                        after = rows.last().map_or(after, |row| row.seq);
                        take(rows)?;
                        if !full {
                            break;
                        }
                    }
                }
            }
            _ => {
                let mut after = Vec::new();
                loop {
                    let scan = Scan::Prefix {
                        table: Table::Records,
                        prefix: Vec::new(),
                        after,
                        limit: PAGE,
                    };
                    let rows = self.backend.scan(scan).await?;
                    let Some(last) = rows.last() else { break };
                    after = last.key.clone();
                    take(rows)?;
                }
            }
        }
        Ok(all)
    }

    /// Rows of ending buckets that a hold on the tenant or on a query covers: looked for by the buckets' time, however much
    /// there is beside them.
    async fn covered_in(
        &self,
        tenant: TenantId,
        buckets: &[KeyId],
        holds: &[StoredHold],
        rows: &mut BTreeMap<Vec<u8>, Row>,
    ) -> Result<(), Error> {
        for bucket in buckets {
            let (of, time) = BucketRef::from_key(*bucket)?;
            if of != tenant {
                continue;
            }
            let mut after = (time.begin(), i64::MAX.cast_unsigned());
            loop {
                let scan = Scan::Due {
                    table: Table::Records,
                    after,
                    until: time.end(),
                    limit: PAGE,
                };
                let page = self.backend.scan(scan).await?;
                let Some(last) = page.last() else { break };
                after = (last.at.unwrap_or(i64::MAX), last.seq);
                for row in page {
                    let (head, ..) = Head::from_row(&row)?;
                    if head.bucket_key() == *bucket && holds.iter().any(|h| h.covers_found(&head)) {
                        rows.insert(row.key.clone(), row);
                    }
                }
            }
        }
        Ok(())
    }
}
