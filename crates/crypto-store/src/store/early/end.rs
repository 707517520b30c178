//! Ending records whose earlier end is reached: their unit key goes, and who shares it is sealed again first.

use std::collections::BTreeSet;

use retention_policy::{Action, Disposition, RecordId, TenantId, Timestamp, UnitId};

use super::{DueEarly, ROUNDS, early_key, of_key};
use crate::Error;
use crate::audit::AuditEntry;
use crate::backend::{Expect, KeyId, KeyOp, Op, Row, Scan, Table};
use crate::entropy::draw;
use crate::envelope::{self, RecordKeys};
use crate::keyring::{kind, unit_key};
use crate::store::ended::Ended;
use crate::store::read::PAGE;
use crate::store::row::{Head, pair, record_gone};
use crate::store::{Store, not_gone, own_entry};

/// Records ended in one commit.
const AT_ONCE: usize = 256;

impl DueEarly {
    /// What is to be said of it; where in the audit is told later.
    fn ended(&self, key_fingerprint: [u8; 32]) -> Ended {
        Ended {
            tenant: self.head.tenant(),
            category: self.head.meta.category(),
            record: Some(self.head.id),
            bucket_end: None,
            records: Some(1),
            reason: self.reason,
            disposition: Disposition::Erase,
            written_end: self.head.meta.expires_at(),
            key_fingerprint,
            audit_leaf: 0,
        }
    }
}

impl Store {
    /// Ends records whose earlier end is reached and that nothing holds, those that are wanted.
    pub(in crate::store) async fn end_early(
        &self,
        wanted: impl Fn(TenantId, RecordId) -> bool,
        now: Timestamp,
    ) -> Result<Vec<Ended>, Error> {
        let (mut ended, mut after) = (Vec::new(), (i64::MIN, 0));
        while let Some(mut rows) = self.early_rows(now, &mut after).await? {
            rows.retain(|row| of_key(&row.key).is_ok_and(|(tenant, id)| wanted(tenant, id)));
            for chunk in rows.chunks(AT_ONCE) {
                ended.extend(self.end_some(chunk.to_vec(), now).await?);
            }
        }
        Ok(ended)
    }

    async fn end_some(&self, rows: Vec<Row>, now: Timestamp) -> Result<Vec<Ended>, Error> {
        for _ in 0..ROUNDS {
            match self.try_end(rows.clone(), now).await {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        Err(Error::Conflict)
    }

    async fn try_end(&self, rows: Vec<Row>, now: Timestamp) -> Result<Vec<Ended>, Error> {
        // A record that came into a unit meanwhile would lose its key.
        let _alone = self.units.write().await;
        let mut ops = Vec::new();
        let mut tenants = BTreeSet::new();
        for row in &rows {
            let (tenant, _) = of_key(&row.key)?;
            if tenants.insert(tenant) {
                // Read before the holds: a hold that is placed in between changes it and the commit is refused.
                ops.push(self.holds_unchanged(tenant).await?);
            }
        }
        let mut due = Vec::new();
        for (one, held) in self.living(rows).await? {
            if !held {
                due.push(one);
            }
        }
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let ids: BTreeSet<RecordId> = due.iter().map(|d| d.head.id).collect();
        let keys: BTreeSet<KeyId> = due.iter().map(|d| d.head.unit_key()).collect();
        for DueEarly {
            head, record, row, ..
        } in &due
        {
            let early = early_key(head.tenant(), head.id);
            let expect = |row: &Row| Expect::Value(row.value.clone());
            ops.push(Op::Require(Table::Holds, early.clone(), expect(row)));
            // From here on the tombstone says so: the next sweep need not pass it again.
            ops.push(Op::Delete(Table::Holds, early));
            ops.push(Op::Require(
                Table::Records,
                record.key.clone(),
                expect(record),
            ));
            ops.extend(head.gone_keys().into_iter().map(not_gone));
        }
        let (again, fresh) = self.seal_siblings(&due, &ids, &keys, now).await?;
        ops.extend(again);
        let leaf = |d: &DueEarly| AuditEntry {
            tenant: self.blind(kind::TENANT, &d.head.tenant().to_bytes()),
            subject: self.blind_subject(d.head.meta.subject()),
            object: self.blind_record(d.head.id),
            ..own_entry(Action::Sweep, now)
        };
        let leaves: Vec<AuditEntry> = due.iter().map(leaf).collect();
        let names: Vec<KeyId> = due.iter().map(|d| d.head.unit_key()).collect();
        let prints = self.fingerprints(&names).await?;
        let targets = due.iter().map(|d| record_gone(d.head.tenant(), d.head.id));
        let erased = self
            .erase_all(
                targets.collect(),
                keys.into_iter().collect(),
                ops,
                &leaves,
                now,
            )
            .await;
        let positions = match erased {
            Ok((_, positions)) => positions,
            Err(e) => {
                if matches!(e, Error::Conflict) {
                    // Nothing was written under the keys that were made for it.
                    let orphans = fresh.iter().copied().map(KeyOp::Destroy).collect();
                    self.backend.change_keys(orphans).await?;
                    self.ring.forget(&fresh);
                }
                return Err(e);
            }
        };
        let ended = due.iter().zip(prints).zip(positions);
        Ok(ended
            .map(|((due, print), audit_leaf)| Ended {
                audit_leaf,
                ..due.ended(print)
            })
            .collect())
    }

    /// What there will be to say of records whose earlier end is reached, `most` of them at most.
    pub(in crate::store) async fn early_foreseen(
        &self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Ended>, Error> {
        let (mut foreseen, mut after) = (Vec::new(), (i64::MIN, 0));
        while let Some(rows) = self.early_rows(now, &mut after).await? {
            let living = self.living(rows).await?.into_iter();
            let due: Vec<DueEarly> = living.filter(|(_, held)| !held).map(|(d, _)| d).collect();
            let names: Vec<KeyId> = due.iter().map(|d| d.head.unit_key()).collect();
            let prints = self.fingerprints(&names).await?;
            foreseen.extend(due.iter().zip(prints).map(|(due, print)| due.ended(print)));
            if foreseen.len() >= most {
                foreseen.truncate(most);
                break;
            }
        }
        Ok(foreseen)
    }

    /// Seals those again under keys of their own who share a unit key with records that end, and stay.
    async fn seal_siblings(
        &self,
        due: &[DueEarly],
        ending: &BTreeSet<RecordId>,
        keys: &BTreeSet<KeyId>,
        now: Timestamp,
    ) -> Result<(Vec<Op>, Vec<KeyId>), Error> {
        let units: BTreeSet<(TenantId, UnitId)> =
            due.iter().map(|d| (d.head.tenant(), d.head.unit)).collect();
        let (mut ops, mut made) = (Vec::new(), Vec::new());
        for (tenant, unit) in units {
            for row in self.rows_of_unit(tenant, unit).await? {
                let (head, identity, sealed) = Head::from_row(&row)?;
                if ending.contains(&head.id)
                    || !keys.contains(&head.unit_key())
                    || self.is_gone(&head.gone_keys()).await?
                {
                    continue;
                }
                let parent = self.ring.tenant(tenant, now).await?;
                let body = match self.unseal(&parent, &head, &identity, sealed, now).await {
                    // Over for another reason: nothing is left to be sealed again.
                    Err(Error::AlreadyErased) => continue,
                    other => other?,
                };
                let unit_ref = draw(&*self.entropy)?;
                let fresh = unit_key(tenant, &unit_ref);
                let next = Head {
                    unit_ref,
                    version: head.version.saturating_add(1),
                    ..head.clone()
                };
                let ids = [next.subject_key(), next.bucket_key(), fresh];
                let made_keys = self
                    .ring
                    .get_or_make(&parent, &ids, Some(fresh), self.mark(), now)
                    .await?;
                made.push(fresh);
                let [subject, bucket, unit] = made_keys.as_slice() else {
                    return Err(Error::Conflict);
                };
                let with = RecordKeys {
                    subject,
                    bucket,
                    unit,
                };
                let random = draw(&*self.entropy)?;
                let sealed = envelope::seal(with, &next.identity(), &body, &random)?;
                ops.extend(head.gone_keys().into_iter().map(not_gone));
                let seen = Expect::Value(row.value);
                ops.push(Op::Require(Table::Records, row.key, seen));
                ops.push(Op::Put(Table::Records, next.into_row(&sealed)));
            }
        }
        Ok((ops, made))
    }

    /// All records of a unit: those that name it, and the one whose own it is.
    async fn rows_of_unit(&self, tenant: TenantId, unit: UnitId) -> Result<Vec<Row>, Error> {
        let own = unit.to_bytes().to_vec();
        let own = self.backend.get(Table::Records, own).await?;
        let mut all: Vec<Row> = own.into_iter().collect();
        all.retain(|row| Head::from_row(row).is_ok_and(|(head, ..)| head.tenant() == tenant));
        let mut after = 0;
        loop {
            let scan = Scan::Ref {
                table: Table::Records,
                which: 1,
                value: pair(tenant, &unit.to_bytes()),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let full = rows.len() == PAGE;
            after = rows.last().map_or(after, |row| row.seq);
            all.extend(rows);
            if !full {
                return Ok(all);
            }
        }
    }
}
