//! Putting a store back from its backups.
//!
//! ```text
//! (1) a draft beside the files     rows and logs as they were; an entry in the audit; a note that they were put back
//! (2) the draft gets its name      an opening finds the note and goes on
//! (3) before anybody can read      the mark in keys.db is set to these records; erasures begun are finished; what has no
//!                                  key is purged; persons whom keys.db knows as erased are erased again; ended buckets go
//! (4) the note is removed
//! ```
//!
//! Every step can be repeated. Until (2) there is no store, until (4) every opening does (3) first.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use retention_policy::{Action, SubjectId, TenantId, Timestamp};

use super::config::Place;
use super::hold::holds_row;
use super::mark::Ends;
use super::read::PAGE;
use super::row::Head;
use super::{StopAt, Store, StoreConfig, own_entry};
use crate::audit::AuditEntry;
#[cfg(feature = "sqlite")]
use crate::backend::sqlite::SqliteBackend;
use crate::backend::{Expect, KeyId, Op, Row, Scan, Side, Table};
use crate::backup::sealed::Sealed;
use crate::keyring::{RowSeal, kind, person_gone, store_key, subject_key, tenant_key, unit_key};
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, KeyProvider};

#[cfg(feature = "sqlite")]
mod copy;
mod fill;
mod keys;

use fill::fill;

pub use keys::RestoredKeys;

/// The note that a store was put back and what must still be done.
const NOTE: &[u8] = b"restored";
const VERSION: u8 = 1;
const WHAT: &str = "the note of a restored backup";
/// Rows of one commit.
const GROUP: usize = 512;
/// Persons erased again at a time.
const PERSONS: usize = 256;
/// Tombstones of units are kept for 30 days: no delivery is repeated later.
const REMEMBERED: i64 = 30 * 24 * 3600;

/// What putting a backup back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Restored {
    /// When the backup was made.
    pub made: Timestamp,
    /// Records that were in it.
    pub records: u64,
    /// Records whose keys do not exist any more: erased or decided since, or over. Their rows are deleted.
    pub destroyed: u64,
    /// Persons and tenants who were erased since: they are noted and stay erased.
    pub tombstones: u64,
    /// Time buckets that had ended and are destroyed now.
    pub expired: u64,
    /// Entries of the audit that the keys remember and the backup did not have, at least. Holds and restrictions that were
    /// placed since are lost with them: place them again.
    pub missing_entries: u64,
}

impl Store {
    /// Puts the records back from a backup and opens the store. `keys.db` must be the store's own, of today; `records.db`
    /// must not be there. A back end of your own must be empty on the side of the records, or hold a part of this backup.
    ///
    /// Before anything can be read, what was erased since the backup is erased again, by what `keys.db` knows, and what has
    /// no key any more is deleted. Killed at any moment, there is no store yet and the same call starts again, or the next
    /// opening finishes. The caller has asked its clock guard whether this clock may destroy.
    ///
    /// # Errors
    /// [`Error::KeysLost`], [`Error::AlreadyExists`] if there are records, [`Error::WrongKey`], [`Error::Invalid`] for the
    /// backup of another store or of keys, [`Error::Truncated`], [`Error::Corrupt`], [`Error::NewerFormat`],
    /// [`Error::StoreBusy`], [`Error::NoStore`], [`Error::Io`], [`Error::Database`], [`Error::Provider`]; then there is no
    /// store where there was none.
    pub async fn restore(
        backup: impl AsRef<Path>,
        config: StoreConfig,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<(Self, Restored), Error> {
        let sealed = open_backup(backup.as_ref())?;
        let stop = config.stop;
        let filled = match &config.place {
            #[cfg(feature = "sqlite")]
            Place::Files(files) => {
                let draft = SqliteBackend::draft(files, Side::Records)?;
                let filled = fill(&draft, sealed, &*provider, stop, now).await;
                stop_at(stop, StopAt::RestoreWritten)?;
                draft.publish(files, Side::Records, filled).await?
            }
            Place::Backend(backend) => {
                let filled = fill(&**backend, sealed, &*provider, stop, now).await?;
                stop_at(stop, StopAt::RestoreWritten)?;
                filled
            }
        };
        stop_at(stop, StopAt::RestoreNamed)?;
        let (store, restored) = Self::open_settled(config, provider, entropy, now).await?;
        let restored = Restored {
            made: filled.made,
            records: filled.records,
            ..restored.unwrap_or_default()
        };
        Ok((store, restored))
    }

    /// Does what is left to be done if these records were put back from a backup.
    pub(super) async fn finish_restore(&self, now: Timestamp) -> Result<Option<Restored>, Error> {
        let Some(row) = self.backend.get(Table::Meta, NOTE.to_vec()).await? else {
            return Ok(None);
        };
        let note = Note::from_row(&row, &self.seal)?;
        let mark = self.backend.key(store_key(kind::MARK)).await?;
        if mark.unwrap_or_default() == note.old_mark {
            // What the keys remember from before says nothing about these records.
            *self.ends() = note.ends;
            let mark = self.mark().into_iter().collect();
            self.backend.change_keys(mark).await?;
        } else if self.is_cut_off().await? {
            return Err(Error::RolledBack);
        }
        self.stop_at(StopAt::RestoreMarked)?;

        let mut restored = Restored {
            missing_entries: note.missing,
            ..Restored::default()
        };
        self.destroy_gone(now).await?;
        let settled = self.settle(now).await?;
        let noted = self.noted().await?;
        let (tombstones, erased) = self.erase_again(noted, now).await?;
        let expired = self.expire_buckets(now).await?;
        let (unreadable, tenants) = self.purge_unreadable(now).await?;
        self.count_holds(&tenants).await?;
        restored.tombstones = tombstones;
        restored.expired = expired.buckets;
        restored.destroyed = settled.rows + erased + expired.rows + unreadable;
        self.stop_at(StopAt::RestoreReplayed)?;

        let seen = Op::Require(Table::Meta, row.key.clone(), Expect::Value(row.value));
        self.commit(vec![seen, Op::Delete(Table::Meta, row.key)])
            .await?;
        self.backend.scrub(Side::Records).await?;
        Ok(Some(restored))
    }

    /// Deletes the rows of records that miss a key; how many, and the tenants of all records.
    async fn purge_unreadable(&self, now: Timestamp) -> Result<(u64, BTreeSet<TenantId>), Error> {
        let (mut purged, mut tenants) = (0, BTreeSet::new());
        let mut known: HashMap<KeyId, bool> = HashMap::new();
        let mut units: BTreeSet<KeyId> = BTreeSet::new();
        let mut after = Vec::new();
        loop {
            let rows = self.page(Table::Records, after).await?;
            let Some(last) = rows.last() else { break };
            after = last.key.clone();
            if known.len() > GROUP * GROUP {
                known.clear();
            }
            let mut dead = Vec::new();
            for row in &rows {
                // A row that is damaged is damaged in the backup too: whoever reads it is told.
                let Ok((head, ..)) = Head::from_row(row) else {
                    continue;
                };
                tenants.insert(head.tenant());
                if self.has_key(head.subject_key(), &mut known).await?
                    && self.has_tenant(head.tenant()).await?
                    && self.has_key(head.bucket_key(), &mut known).await?
                    && self.backend.key(head.unit_key()).await?.is_some()
                {
                    continue;
                }
                if !head.is_own_unit() && head.unit_ref == head.unit.to_bytes() {
                    units.insert(head.unit_key());
                }
                dead.push(head);
            }
            purged += dead.len() as u64;
            self.delete_rows(dead).await?;
        }
        // A unit that was decided stays decided, even if a delivery for it is repeated.
        let at = Some(now.timestamp().saturating_add(REMEMBERED));
        let mut ops = Vec::new();
        for unit in units {
            if self.backend.key(unit).await?.is_none() {
                let row = Row {
                    key: unit.as_bytes().to_vec(),
                    at,
                    ..Row::default()
                };
                ops.push(self.put_small(Table::Gone, row));
            }
        }
        for group in ops.chunks(GROUP) {
            self.commit(group.to_vec()).await?;
        }
        Ok((purged, tenants))
    }

    /// A tenant that came after the backup has keys and nothing here: it begins without holds. One that has records and no
    /// count was tampered with before, which stays to be seen.
    async fn count_holds(&self, known: &BTreeSet<TenantId>) -> Result<(), Error> {
        for (tenant, _) in self.ring.tenants().await? {
            let key = holds_row(tenant);
            if known.contains(&tenant)
                || self.backend.get(Table::Meta, key.clone()).await?.is_some()
            {
                continue;
            }
            let absent = Op::Require(Table::Meta, key, Expect::Absent);
            self.commit(vec![absent, self.holds_counted(tenant, 0)?])
                .await?;
        }
        Ok(())
    }

    async fn has_key(&self, id: KeyId, known: &mut HashMap<KeyId, bool>) -> Result<bool, Error> {
        if let Some(there) = known.get(&id) {
            return Ok(*there);
        }
        let there = self.backend.key(id).await?.is_some();
        known.insert(id, there);
        Ok(there)
    }

    /// Whom `keys.db` knows as erased.
    async fn noted(&self) -> Result<Vec<KeyId>, Error> {
        let mut noted = Vec::new();
        let mut after = KeyId::new(kind::PERSON_GONE, &[0; 16], &[0; 16]);
        loop {
            let page = self.backend.list_keys(Some(after), GROUP).await?;
            for id in &page {
                let mut r = Reader::new(id.as_bytes(), WHAT);
                if r.u8()? != kind::PERSON_GONE {
                    return Ok(noted);
                }
                let tenant = TenantId::from_bytes(r.array()?);
                noted.push(if *id == person_gone(tenant, None) {
                    tenant_key(tenant, 0)
                } else {
                    subject_key(tenant, SubjectId::from_bytes(r.array()?))
                });
            }
            match page.last() {
                Some(last) => after = *last,
                None => return Ok(noted),
            }
        }
    }

    /// Erases who is not known as erased here, with all that an erasure writes down; how many, and their rows that were
    /// deleted.
    async fn erase_again(&self, all: Vec<KeyId>, now: Timestamp) -> Result<(u64, u64), Error> {
        let mut new = Vec::new();
        for id in all {
            if !self.is_gone(&[id]).await? {
                new.push(id);
            }
        }
        let mut rows = 0;
        for group in new.chunks(PERSONS) {
            let entry = AuditEntry {
                count: u32::try_from(group.len()).unwrap_or(u32::MAX),
                ..own_entry(Action::Erase, now)
            };
            let is_person = |id: &&KeyId| id.as_bytes().first() == Some(&kind::SUBJECT);
            let keys = group.iter().filter(is_person).copied().collect();
            let erased = self.erase(group.to_vec(), keys, Vec::new(), entry, now);
            rows += erased.await?.receipt().rows;
        }
        Ok((new.len() as u64, rows))
    }

    async fn page(&self, table: Table, after: Vec<u8>) -> Result<Vec<Row>, Error> {
        let scan = Scan::Prefix {
            table,
            prefix: Vec::new(),
            after,
            limit: PAGE,
        };
        self.backend.scan(scan).await
    }
}

/// The key that a tombstone says is gone: a record that is its own unit is named by itself.
fn gone_key(row: &Row) -> Result<KeyId, Error> {
    let mut r = Reader::new(&row.key, "a tombstone");
    let (of, tenant, reference) = (r.u8()?, TenantId::from_bytes(r.array()?), r.array()?);
    r.end()?;
    Ok(match of {
        kind::RECORD => unit_key(tenant, &reference),
        _ => KeyId::new(of, &tenant.to_bytes(), &reference),
    })
}

fn open_backup(path: &Path) -> Result<Sealed<BufReader<File>>, Error> {
    let file = File::open(path).map_err(Error::io("opening a backup"))?;
    Sealed::read(BufReader::new(file))
}

fn stop_at(stop: Option<StopAt>, here: StopAt) -> Result<(), Error> {
    if stop == Some(here) {
        Err(Error::Stopped)
    } else {
        Ok(())
    }
}

/// What an opening must know of records that were put back. Bound to the one mark that they are older than: nobody can put
/// other records in their place and be believed.
struct Note {
    /// The mark as it was; empty for none.
    old_mark: Vec<u8>,
    /// Ends of the logs with the entry that tells of the putting back.
    ends: Ends,
    missing: u64,
}

impl Note {
    fn row(&self, seal: &RowSeal) -> Row {
        let (seq, link) = self.ends.audit.unwrap_or_default();
        let value = Writer::with_capacity(192)
            .u8(VERSION)
            .bytes(&self.old_mark)
            .u64(seq)
            .fixed(&link)
            .u64(self.ends.ledger)
            .u64(self.missing)
            .done();
        let row = Row {
            key: NOTE.to_vec(),
            value,
            ..Row::default()
        };
        seal.row(Table::Meta, row)
    }

    fn from_row(row: &Row, seal: &RowSeal) -> Result<Self, Error> {
        let mut r = Reader::new(seal.open_row(Table::Meta, row, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let note = Note {
            old_mark: r.bytes()?.to_vec(),
            ends: Ends {
                audit: Some((r.u64()?, r.array()?)),
                ledger: r.u64()?,
            },
            missing: r.u64()?,
        };
        r.end()?;
        Ok(note)
    }
}
