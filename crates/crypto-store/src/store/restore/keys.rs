//! Putting the keys back: never one that the records know as destroyed.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use retention_policy::{Action, TenantId, Timestamp};

use super::fill::{expect, open_sealed};
use super::{gone_key, open_backup};
use crate::audit::AuditEntry;
use crate::audit::verify::Chain;
use crate::backend::{Backend, Batch, KeyId, KeyOp, Row, Scan, Table};
#[cfg(feature = "sqlite")]
use crate::backend::{Side, sqlite::SqliteBackend};
use crate::backup::sealed::{Sealed, What};
use crate::backup::{self, Piece};
use crate::keyring::{self, RowSeal, kind, store_key};
use crate::store::again::note;
use crate::store::backup::wrapping_context;
use crate::store::config::Place;
use crate::store::intent::{first, tenant_of};
use crate::store::row::Head;
use crate::store::top::{STORE_ROW, read_header};
use crate::store::{Store, StoreConfig, leaf, own_entry};
use crate::wire::Reader;
use crate::{Error, KeyProvider, ProviderId};

const WHAT: &str = "a tombstone";
/// Keys of one commit.
const GROUP: usize = 512;

/// What putting keys back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RestoredKeys {
    /// When the backup was made.
    pub made: Timestamp,
    /// Keys and notes that are back.
    pub keys: u64,
    /// Keys that were left out: destroyed since, by what the records know, or of no record.
    pub left_out: u64,
    /// Living records that miss a key: written since, they can only be read if a newer backup turns up.
    pub missing: u64,
    /// `records.db` is lost too: put it back with [`Store::restore`], which erases what it knows as erased.
    pub without_records: bool,
}

impl Store {
    /// Puts `keys.db` back from one of [`KeyBackups`](crate::KeyBackups); the store can be opened afterwards. `keys.db`
    /// must not be there.
    ///
    /// Keys of persons, tenants, buckets, units and records that `records.db` knows as gone, and of units that have no record
    /// any more, are left out: what was erased stays erased. Killed at any moment, there are no keys yet and the same call
    /// starts again.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there are keys, [`Error::WrongKey`] if another root wrapped them, [`Error::Invalid`] for
    /// the backup of another store or of records, [`Error::Truncated`], [`Error::Corrupt`], [`Error::NewerFormat`],
    /// [`Error::StoreBusy`], [`Error::NoStore`] if the folder is not there, [`Error::Io`], [`Error::Database`],
    /// [`Error::Provider`]; then there are no keys where there were none.
    pub async fn restore_keys(
        backup: impl AsRef<Path>,
        config: StoreConfig,
        provider: Arc<dyn KeyProvider>,
        now: Timestamp,
    ) -> Result<RestoredKeys, Error> {
        let sealed = open_backup(backup.as_ref())?;
        match &config.place {
            #[cfg(feature = "sqlite")]
            Place::Files(files) => {
                let draft = SqliteBackend::draft(files, Side::Keys)?;
                let filled = fill(&draft, sealed, &*provider, now).await;
                draft.publish(files, Side::Keys, filled).await
            }
            Place::Backend(backend) => fill(&**backend, sealed, &*provider, now).await,
        }
    }
}

/// What the records know about keys.
#[derive(Default)]
struct Known {
    gone: HashSet<KeyId>,
    tenants: HashSet<TenantId>,
    units: HashSet<KeyId>,
    there: bool,
}

impl Known {
    async fn gather(backend: &dyn Backend) -> Result<Self, Error> {
        let mut known = Known {
            there: backend
                .get(Table::Meta, STORE_ROW.to_vec())
                .await?
                .is_some(),
            ..Known::default()
        };
        for_each(backend, Table::Gone, |row| {
            let id = gone_key(row)?;
            if first(id) == kind::TENANT {
                known.tenants.insert(tenant_of(id)?);
            }
            known.gone.insert(id);
            Ok(())
        })
        .await?;
        for_each(backend, Table::Records, |row| {
            let (head, ..) = Head::from_row(row)?;
            known.units.insert(head.unit_key());
            Ok(())
        })
        .await?;
        Ok(known)
    }

    fn is_gone(&self, id: KeyId) -> Result<bool, Error> {
        Ok(self.gone.contains(&id) || self.tenants.contains(&tenant_of(id)?))
    }

    /// Whether a key may come back.
    fn admits(&self, id: KeyId) -> Result<bool, Error> {
        let unused = self.there && first(id) == kind::UNIT && !self.units.contains(&id);
        Ok(!unused && !self.is_gone(id)?)
    }

    /// Living records that miss one of the keys that came back.
    async fn missing(&self, backend: &dyn Backend, back: &HashSet<KeyId>) -> Result<u64, Error> {
        let mut missing = 0;
        for_each(backend, Table::Records, |row| {
            let (head, ..) = Head::from_row(row)?;
            let keys = [head.subject_key(), head.bucket_key(), head.unit_key()];
            let mut living = true;
            for key in keys {
                living &= !self.is_gone(key)?;
            }
            missing += u64::from(living && !keys.iter().all(|key| back.contains(key)));
            Ok(())
        })
        .await?;
        Ok(missing)
    }
}

async fn for_each(
    backend: &dyn Backend,
    table: Table,
    mut each: impl FnMut(&Row) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = Vec::new();
    loop {
        let scan = Scan::Prefix {
            table,
            prefix: Vec::new(),
            after,
            limit: GROUP,
        };
        let rows = backend.scan(scan).await?;
        rows.iter().try_for_each(&mut each)?;
        match rows.last() {
            Some(last) => after = last.key.clone(),
            None => return Ok(()),
        }
    }
}

/// Notes of all persons and tenants whom the records know as erased: these keys are from before, and records may be lost
/// later.
async fn notes(backend: &dyn Backend, seal: &RowSeal, now: Timestamp) -> Result<Vec<KeyOp>, Error> {
    let mut notes = Vec::new();
    for_each(backend, Table::Gone, |row| {
        seal.open_row(Table::Gone, row, WHAT)?;
        notes.extend(note(seal, gone_key(row)?, now)?);
        Ok(())
    })
    .await?;
    Ok(notes)
}

/// Writes the keys. The header, without which there is no store, comes last.
async fn fill<R: Read + Send>(
    backend: &dyn Backend,
    sealed: Sealed<R>,
    provider: &dyn KeyProvider,
    now: Timestamp,
) -> Result<RestoredKeys, Error> {
    if backend.key(store_key(kind::HEADER)).await?.is_some() {
        return Err(Error::AlreadyExists);
    }
    let header = sealed.header().clone();
    let own = backend.get(Table::Meta, STORE_ROW.to_vec()).await?;
    let own = own.and_then(|row| row.value.first_chunk().copied());
    expect(&header, What::Keys, &own.unwrap_or(header.store))?;
    let mut r = Reader::new(&header.extra, "a backup");
    if ProviderId::from_bytes(r.array()?) != provider.id() {
        return Err(Error::WrongKey);
    }
    let key = provider
        .unwrap(r.rest(), &wrapping_context(&header.store))
        .await?;
    let mut from = open_sealed(sealed, &key)?;
    loop {
        // What an interrupted call has left.
        let old = backend.list_keys(None, GROUP).await?;
        if old.is_empty() {
            break;
        }
        let ops = old.into_iter().map(KeyOp::Destroy).collect();
        backend.change_keys(ops).await?;
    }

    let known = Known::gather(backend).await?;
    let mut back = HashSet::new();
    let mut told = RestoredKeys {
        made: Timestamp::from_timestamp(header.made, 0).unwrap_or_default(),
        without_records: !known.there,
        ..RestoredKeys::default()
    };
    let (mut pieces, mut ops) = (0u64, Vec::new());
    let (mut head, mut audit) = (None, None);
    loop {
        match backup::next(&mut from)? {
            Piece::Key(key) if key.id == store_key(kind::HEADER) => head = Some(key.wrapped),
            Piece::Key(key) if !known.admits(key.id)? => told.left_out += 1,
            Piece::Key(key) => {
                if key.id == store_key(kind::AUDIT) {
                    audit = Some(key.wrapped.clone());
                }
                told.keys += 1;
                back.insert(key.id);
                ops.push(KeyOp::Add(key.id, key.wrapped));
            }
            Piece::End(count) if count == pieces => break,
            _ => return Err(backup::sealed::corrupt()),
        }
        pieces += 1;
        if ops.len() == GROUP {
            backend.change_keys(std::mem::take(&mut ops)).await?;
        }
    }
    from.end()?;
    let (Some(head), Some(audit)) = (head, audit) else {
        return Err(backup::sealed::corrupt());
    };
    if read_header(&head)? != (provider.id(), header.store) {
        return Err(backup::sealed::corrupt());
    }
    told.keys += 1;
    told.missing = known.missing(backend, &back).await?;

    if known.there {
        let context = keyring::context(&header.store, store_key(kind::AUDIT));
        let audit = provider.unwrap(&audit, &context).await?;
        ops.extend(notes(backend, &RowSeal::new(&audit), now).await?);
        let chain = Chain(audit);
        let entry = AuditEntry {
            count: u32::try_from(told.keys).unwrap_or(u32::MAX),
            ..own_entry(Action::Restore, now)
        };
        let batch = Batch {
            ops: vec![leaf(&entry)],
            link: Arc::new(chain),
        };
        backend.commit(batch).await?;
    }
    ops.push(KeyOp::Add(store_key(kind::HEADER), head));
    backend.change_keys(ops).await?;
    Ok(told)
}
