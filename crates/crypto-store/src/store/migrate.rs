//! From format 0 to format 1, once, when the owner opens.
//!
//! ```text
//! (1) a sealed copy of both files beside them
//! (2) records.db  tags on small rows, counts of holds          one transaction
//! (3) keys.db     written anew under another name, renamed
//! (4) the earlier keys.db overwritten and removed
//! ```
//!
//! Each step finds out by itself whether it was done. Keys go into a new file because longer values would move rows about,
//! and what is moved leaves copies behind.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use retention_policy::{SubjectId, TenantId, Timestamp};

use super::hold::{holds_row, tenant_holds};
use super::top;
use crate::audit::verify::Chain;
use crate::backend::sqlite::{Mode, SqliteBackend};
use crate::backend::{Backend, Batch, KeyId, KeyOp, Log, Op, Row, Scan, Side, StoredKey, Table};
use crate::backup::sealed::{self, Header, Sealed, What};
use crate::entropy::draw;
use crate::keyring::{self, RowSeal, kind, person_gone, state_row, store_key};
use crate::provider::file;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, Key32, KeyProvider, ProviderId, StoreFiles, keywrap};

const MAGIC: &[u8; 8] = b"TCSHEAD0";
const WHAT: &str = "a store of format 0";
/// Sealed copies hold keys that may be destroyed later: they live no longer than copies of keys should.
const COPIES_HOURS: i64 = 72;
const PAGE: usize = 1024;

/// Migrates the files if they are older. Nothing is changed before the root has proved to be the store's.
pub(super) async fn migrate(
    files: &StoreFiles,
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<(), Error> {
    // Left by a migration that ended between its last two steps.
    wipe(&before(files.keys()))?;
    if !SqliteBackend::is_older(files)? {
        return Ok(());
    }
    let backend = SqliteBackend::open(files, Mode::Owner)?;
    let old = Old::read(&backend, provider).await?;
    let mut keys_to_write = None;
    if old.header {
        // Both files must be complete without their logs before they are copied.
        if !(backend.scrub(Side::Records).await? && backend.scrub(Side::Keys).await?) {
            return Err(Error::StoreBusy);
        }
        for path in [files.records(), files.keys()] {
            copy(path, &old.store, provider, entropy, now).await?;
        }
        if !old.records_done {
            old.change_records(&backend, entropy).await?;
        }
        keys_to_write = Some(old.new_keys(&backend, provider, entropy, now).await?);
    }
    backend.close().await?;
    drop(backend);
    SqliteBackend::restamp_records(files)?;
    if let Some(keys) = keys_to_write {
        SqliteBackend::replace_keys(files, &keys, &before(files.keys()))?;
        wipe(&before(files.keys()))?;
    }
    Ok(())
}

/// Where the earlier `keys.db` is for the moment until it is overwritten.
fn before(keys: &Path) -> PathBuf {
    keys.with_added_extension("v0")
}

/// Where the sealed copy of a file of format 0 is.
fn copy_of(path: &Path) -> PathBuf {
    path.with_added_extension("v0.sealed")
}

fn wipe(path: &Path) -> Result<(), Error> {
    if path.exists() {
        file::wipe(path)?;
    }
    Ok(())
}

/// Overwrites and removes sealed copies whose time is over; true if there are none left.
pub(super) fn end_copies(files: &StoreFiles, now: Timestamp) -> Result<bool, Error> {
    let mut none = true;
    for path in [copy_of(files.records()), copy_of(files.keys())] {
        if !path.exists() {
            continue;
        }
        let opened = std::fs::File::open(&path).map_err(Error::io("reading a sealed copy"))?;
        // What cannot be read any more helps nobody and is not kept.
        let made = Sealed::read(opened).map_or(i64::MIN, |copy| copy.header().made);
        if now.timestamp().saturating_sub(made) >= TimeDelta::hours(COPIES_HOURS).num_seconds() {
            file::wipe(&path)?;
        } else {
            none = false;
        }
    }
    Ok(none)
}

/// Seals a file under a key of its own, which stands in the header wrapped by the root.
async fn copy(
    path: &Path,
    store: &[u8; 16],
    provider: &dyn KeyProvider,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> Result<(), Error> {
    let to = copy_of(path);
    // One that is there is whole: it was given its name last.
    if to.exists() {
        return Ok(());
    }
    let key = Key32::random(entropy)?;
    let mut header = Header::new(What::File, *store, now);
    header.extra = provider.wrap(&key, &copy_context(store)).await?;
    sealed::seal_file(&key, &header, entropy, path, &to).map(drop)
}

/// What the key of a sealed copy is wrapped for.
pub(super) fn copy_context(store: &[u8; 16]) -> Vec<u8> {
    [&b"tactful crypto-store copy v1"[..], store].concat()
}

/// What is known of an older store.
struct Old {
    store: [u8; 16],
    provider: ProviderId,
    audit: Key32,
    /// `keys.db` is still to be written.
    header: bool,
    records_done: bool,
}

impl Old {
    async fn read(backend: &dyn Backend, provider: &dyn KeyProvider) -> Result<Self, Error> {
        let what = "the header of keys.db";
        let header = backend.key(store_key(kind::HEADER)).await?;
        let header = header.ok_or(Error::KeysLost { what })?;
        let own = backend.get(Table::Meta, b"store".to_vec()).await?;
        let own = own.ok_or(Error::RecordsLost)?;
        let mut r = Reader::new(&header, what);
        let older = r.take(MAGIC.len())? == MAGIC;
        let root = ProviderId::from_bytes(r.array()?);
        let store: [u8; 16] = r.array()?;
        r.end()?;
        if !own.value.starts_with(&store) {
            return Err(Error::Corrupt {
                what: "the pair of files (records.db and keys.db are of two stores), one of them",
            });
        }
        if provider.id() != root {
            return Err(Error::WrongKey);
        }
        let id = store_key(kind::AUDIT);
        let wrapped = backend.key(id).await?.ok_or(Error::KeysLost {
            what: "the audit key",
        })?;
        let audit = provider
            .unwrap(&wrapped, &keyring::context(&store, id))
            .await?;
        let old = Old {
            store,
            provider: root,
            audit,
            header: older,
            records_done: own.value.len() > store.len(),
        };
        if older && old.is_cut_off(backend).await? {
            return Err(Error::RolledBack);
        }
        Ok(old)
    }

    /// The mark of format 0: position and link of an audit entry.
    async fn mark(&self, backend: &dyn Backend) -> Result<Option<(u64, [u8; 32])>, Error> {
        let Some(note) = backend.key(store_key(kind::MARK)).await? else {
            return Ok(None);
        };
        let mut r = Reader::new(&note, "the mark in keys.db");
        let mark = (r.u64()?, r.array()?);
        r.end()?;
        Ok(Some(mark))
    }

    async fn is_cut_off(&self, backend: &dyn Backend) -> Result<bool, Error> {
        let Some((seq, link)) = self.mark(backend).await? else {
            return Ok(false);
        };
        let found = backend.log(Log::Audit, seq, 1).await?;
        Ok(found
            .first()
            .is_none_or(|row| row.seq != seq || row.link != link))
    }

    /// Step (2).
    async fn change_records(
        &self,
        backend: &dyn Backend,
        entropy: &dyn Entropy,
    ) -> Result<(), Error> {
        let seal = RowSeal::new(&self.audit);
        let mut ops = vec![Op::Put(Table::Meta, top::store_row(&self.store, &seal))];
        for table in [
            Table::Once,
            Table::Gone,
            Table::Holds,
            Table::Links,
            Table::Intents,
        ] {
            for row in rows(backend, table, Vec::new()).await? {
                ops.push(Op::Put(table, seal.row(table, row)));
            }
        }
        for tenant in tenants(backend).await?.into_keys() {
            let [holds, _] = tenant_holds(tenant);
            let count = rows(backend, Table::Holds, holds).await?.len();
            let count = u32::try_from(count).map_err(|_| Error::Corrupt { what: WHAT })?;
            let stamp: [u8; 16] = draw(entropy)?;
            let row = Row {
                key: holds_row(tenant),
                value: Writer::with_capacity(40).fixed(&stamp).u32(count).done(),
                ..Row::default()
            };
            ops.push(Op::Put(Table::Meta, seal.row(Table::Meta, row)));
        }
        let link = Arc::new(Chain(Key32::from_bytes(*self.audit.expose())));
        backend.commit(Batch { ops, link }).await.map(drop)
    }

    /// What step (3) writes.
    async fn new_keys(
        &self,
        backend: &dyn Backend,
        provider: &dyn KeyProvider,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Vec<KeyOp>, Error> {
        let seal = RowSeal::new(&self.audit);
        let mut parents: BTreeMap<TenantId, Key32> = BTreeMap::new();
        for (tenant, wrapped) in tenants(backend).await? {
            let context = self.context(keyring::tenant_key(tenant, 0));
            parents.insert(tenant, provider.unwrap(&wrapped, &context).await?);
        }
        let header = top::header(self.provider, &self.store);
        let mut ops = vec![KeyOp::Set(store_key(kind::HEADER), header)];
        let mut above = vec![(store_key(kind::AUDIT), &self.audit)];
        above.extend(
            parents
                .iter()
                .map(|(tenant, key)| (keyring::tenant_key(*tenant, 0), key)),
        );
        for (id, key) in above {
            ops.push(KeyOp::Set(id, provider.wrap(key, &self.context(id)).await?));
        }
        for tenant in parents.keys() {
            let epochs = keyring::State::first().sealed(*tenant, &seal);
            ops.push(KeyOp::Set(state_row(*tenant), epochs));
        }
        let mut after = 0;
        loop {
            let page = backend.scan_keys(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.at;
            for stored in &page {
                ops.extend(self.under_tenant(stored, &parents, entropy)?);
            }
        }
        for row in rows(backend, Table::Gone, Vec::new()).await? {
            let name = row.key.as_slice().try_into();
            let id = KeyId::from_bytes(name.map_err(|_| Error::Corrupt { what: WHAT })?);
            if let (kind::SUBJECT, tenant, reference) = parts(id)? {
                let id = person_gone(tenant, Some(SubjectId::from_bytes(reference)));
                let at = Writer::with_capacity(24).i64(now.timestamp_millis()).done();
                ops.push(KeyOp::Set(id, seal.beside(id, at)));
            }
        }
        ops.extend(self.new_mark(backend, &seal).await?);
        Ok(ops)
    }

    /// A key under a tenant's, wrapped anew; nothing for the rows that are written otherwise.
    fn under_tenant(
        &self,
        stored: &StoredKey,
        parents: &BTreeMap<TenantId, Key32>,
        entropy: &dyn Entropy,
    ) -> Result<Option<KeyOp>, Error> {
        let (kind, tenant, reference) = parts(stored.id)?;
        let id = match kind {
            kind::BUCKET | kind::SUBJECT | kind::UNIT => stored.id,
            kind::INDEX => {
                let mut cut = reference;
                cut.iter_mut().skip(12).for_each(|byte| *byte = 0);
                KeyId::new(kind, &tenant.to_bytes(), &cut)
            }
            _ => return Ok(None),
        };
        let parent = parents.get(&tenant).ok_or(Error::Corrupt { what: WHAT })?;
        let key = keywrap::unwrap(parent, &self.context(stored.id), &stored.wrapped)?;
        let wrapped = keywrap::wrap(parent, 0, &self.context(id), &key, entropy)?;
        Ok(Some(KeyOp::Set(id, wrapped.to_vec())))
    }

    async fn new_mark(
        &self,
        backend: &dyn Backend,
        seal: &RowSeal,
    ) -> Result<Option<KeyOp>, Error> {
        let mut ledger = 0;
        while let Some(last) = backend.log(Log::Ledger, ledger, PAGE).await?.last() {
            ledger = last.seq + 1;
        }
        let audit = self.mark(backend).await?;
        Ok(super::mark::Ends { audit, ledger }.note(seal))
    }

    fn context(&self, id: KeyId) -> Vec<u8> {
        keyring::context(&self.store, id)
    }
}

/// Tenants and their wrapped keys.
async fn tenants(backend: &dyn Backend) -> Result<BTreeMap<TenantId, Vec<u8>>, Error> {
    let mut found = BTreeMap::new();
    let mut after = 0;
    loop {
        let page = backend.scan_keys(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(found);
        };
        after = last.at;
        for stored in page {
            if let (kind::TENANT, tenant, _) = parts(stored.id)? {
                found.insert(tenant, stored.wrapped);
            }
        }
    }
}

async fn rows(backend: &dyn Backend, table: Table, prefix: Vec<u8>) -> Result<Vec<Row>, Error> {
    let scan = Scan::Prefix {
        table,
        prefix,
        after: Vec::new(),
        limit: usize::MAX,
    };
    backend.scan(scan).await
}

fn parts(id: KeyId) -> Result<(u8, TenantId, [u8; 16]), Error> {
    let mut r = Reader::new(id.as_bytes(), WHAT);
    Ok((r.u8()?, TenantId::from_bytes(r.array()?), r.array()?))
}
