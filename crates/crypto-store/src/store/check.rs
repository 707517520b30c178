//! Looking at everything: is the store what it was written as?

use retention_policy::{Action, Timestamp};

use super::put::term_value;
use super::read::{PAGE, term_keys};
use super::row::Head;
use super::{Store, Survey, leaf, own_entry};
use crate::Error;
use crate::audit::{AuditEntry, AuditReport};
use crate::backend::{Row, Scan, Side, Table};

/// What a look at everything found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// The databases found pages, rows and indexes of both files in order.
    pub sound: bool,
    /// Audit and ledger.
    pub audit: AuditReport,
    /// Records.
    pub survey: Survey,
    /// Small rows (holds, tombstones, links, deliveries and the like) whose tag does not fit, links that lead one way only,
    /// and tenants whose number of holds is not what was written down.
    pub altered: u64,
    /// Index terms that are missing, of no record, or altered.
    pub terms: u64,
    /// Wrapped keys and rows beside them that do not open.
    pub keys: u64,
}

impl Checked {
    /// True if everything is what and where it was written.
    pub fn is_intact(&self) -> bool {
        self.sound
            && self.audit.is_intact()
            && self.survey.damaged == 0
            && (self.altered, self.terms, self.keys) == (0, 0, 0)
    }
}

impl Store {
    /// Looks at everything: the structure of both databases, both logs, every record, term, small row and key. Contents are
    /// opened and dropped at once. Takes as long as reading it all; one audit entry tells that it was done. Writes that go on
    /// meanwhile can be counted as terms that do not fit: look again.
    ///
    /// Alterations are findings, not errors, wherever the database can still be read.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Provider`], [`Error::Closed`].
    pub async fn check(&self, now: Timestamp) -> Result<Checked, Error> {
        let mut sound = true;
        for side in [Side::Records, Side::Keys] {
            sound &= self.backend.check(side).await?;
        }
        let checked = Checked {
            sound,
            audit: self.verify_audit().await?,
            survey: self.look_at_records(now).await?,
            altered: self.look_at_small_rows().await? + self.look_at_holds().await?,
            terms: self.look_at_terms().await?,
            keys: self.look_at_keys(now).await?,
        };
        let count = u32::try_from(checked.survey.records).unwrap_or(u32::MAX);
        let entry = AuditEntry {
            count,
            ..own_entry(Action::Verify, now)
        };
        self.commit(vec![leaf(&entry)]).await?;
        Ok(checked)
    }

    async fn look_at_small_rows(&self) -> Result<u64, Error> {
        let mut altered = 0;
        for table in [
            Table::Once,
            Table::Gone,
            Table::Holds,
            Table::Links,
            Table::Intents,
            Table::Meta,
        ] {
            let mut after = Vec::new();
            loop {
                let rows = self.backend.scan(all(table, after)).await?;
                let Some(last) = rows.last() else { break };
                after = last.key.clone();
                let fits = |row| self.seal.open_row(table, row, "a row").is_ok();
                altered += rows.iter().filter(|row| !fits(row)).count() as u64;
                if table == Table::Links {
                    altered += self.one_way(&rows).await?;
                }
            }
        }
        Ok(altered)
    }

    /// Links without the one that leads back: who was linked would not be found from there.
    async fn one_way(&self, links: &[Row]) -> Result<u64, Error> {
        let back = |row: &Row| {
            let (tenant, pair) = row.key.split_at_checked(16)?;
            let (from, to) = pair.split_at_checked(16)?;
            Some((Table::Links, [tenant, to, from].concat()))
        };
        let asked = links.iter().filter_map(back).collect();
        let found = self.backend.get_many(asked).await?;
        Ok(found.iter().filter(|row| row.is_none()).count() as u64)
    }

    async fn look_at_holds(&self) -> Result<u64, Error> {
        let mut altered = 0;
        for (tenant, _) in self.ring.tenants().await? {
            match self.holds_of(tenant).await {
                Ok(_) => {}
                Err(Error::Corrupt { .. }) => altered += 1,
                Err(e) => return Err(e),
            }
        }
        Ok(altered)
    }

    /// Every term of a record has its row, and there are no other rows.
    async fn look_at_terms(&self) -> Result<u64, Error> {
        let (mut wrong, mut known, mut after) = (0u64, 0u64, Vec::new());
        loop {
            let rows = self.backend.scan(all(Table::Records, after)).await?;
            let Some(last) = rows.last() else { break };
            after = last.key.clone();
            // A record that cannot be taken apart is counted as damaged; its terms are left over below.
            let heads = rows.iter().filter_map(|row| Head::from_row(row).ok());
            for (head, ..) in heads {
                let asked = term_keys(&head).map(|key| (Table::Terms, key)).collect();
                let value = term_value(&head);
                for term in self.backend.get_many(asked).await? {
                    known += u64::from(term.is_some());
                    wrong += u64::from(term.is_none_or(|row| row.value != value));
                }
            }
        }
        let (mut there, mut after) = (0u64, Vec::new());
        loop {
            let rows = self.backend.scan(all(Table::Terms, after)).await?;
            let Some(last) = rows.last() else { break };
            after = last.key.clone();
            there += rows.len() as u64;
        }
        Ok(wrong + there.abs_diff(known))
    }

    async fn look_at_keys(&self, now: Timestamp) -> Result<u64, Error> {
        let (mut wrong, mut after) = (0, 0);
        loop {
            let page = self.backend.scan_keys(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(wrong);
            };
            after = last.at;
            for stored in &page {
                match self.ring.try_key(stored, now).await {
                    Ok(()) => {}
                    Err(Error::Corrupt { .. } | Error::WrongKey) => wrong += 1,
                    Err(e) => return Err(e),
                }
            }
        }
    }
}

fn all(table: Table, after: Vec<u8>) -> Scan {
    Scan::Prefix {
        table,
        prefix: Vec::new(),
        after,
        limit: PAGE,
    }
}
