//! What stands at an instant, for who watches: which records end next, which holds there are.

use retention_policy::{Category, Hold, Timestamp};

use super::Store;
use super::early::{Early, RecordPhase, early_key};
use super::hold::{StoredHold, every_hold};
use super::read::{DueRecord, PAGE};
use super::row::Head;
use crate::Error;
use crate::backend::{Scan, Table};

impl Store {
    /// Living records of a kind whose written end comes after `now` and at or before `until`, the earliest first, at most
    /// `limit`. For who warns of ends and asks how old the oldest data is: nothing is decrypted and nobody's data is told,
    /// so there is no reason to give. Records that a hold kept beyond their bucket are not among them.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn ending(
        &self,
        category: Category,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<DueRecord>, Error> {
        let (mut found, mut after) = (Vec::new(), (now.timestamp(), i64::MAX.cast_unsigned()));
        while found.len() < limit {
            let scan = Scan::Due {
                table: Table::Records,
                after,
                until: until.timestamp(),
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else { break };
            after = (last.at.unwrap_or(i64::MAX), last.seq);
            let mut heads = Vec::new();
            for row in &rows {
                let (head, ..) = Head::from_row(row)?;
                if head.meta.category() == category {
                    heads.push(head);
                }
            }
            let heads = self.not_gone_of(heads).await?;
            let beside = heads.iter().map(|head| {
                let key = early_key(head.tenant(), head.id);
                (Table::Holds, key)
            });
            let beside = self.backend.get_many(beside.collect()).await?;
            for (head, row) in heads.into_iter().zip(beside) {
                let phase = Early::from_row(&self.seal, row.as_ref())?.phase(&head.meta, now);
                if found.len() < limit && !matches!(phase, RecordPhase::Over(_)) {
                    found.push(DueRecord {
                        id: head.id,
                        meta: head.meta,
                        unit: head.unit,
                    });
                }
            }
        }
        Ok(found)
    }

    /// All holds of all tenants. Who placed them is blind. For who reminds of reviews: nobody's data is told.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn all_holds(&self) -> Result<Vec<Hold>, Error> {
        let (mut holds, mut after) = (Vec::new(), Vec::new());
        loop {
            let scan = Scan::Prefix {
                table: Table::Holds,
                prefix: every_hold(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else {
                return Ok(holds);
            };
            after = last.key.clone();
            for row in &rows {
                holds.push(*StoredHold::from_row(&self.seal, row)?.hold());
            }
        }
    }
}
