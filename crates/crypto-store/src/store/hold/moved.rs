//! Held records whose bucket ends: sealed again before its key goes.

use std::collections::BTreeMap;

use retention_policy::{SubjectId, TenantId, Timestamp};

use super::{RECORD, SUBJECT, StoredHold};
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
    pub(super) async fn covered(
        &self,
        tenant: TenantId,
        hold: &StoredHold,
    ) -> Result<Vec<Row>, Error> {
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
}
