//! Backups: the records sealed under a key of the store, the keys under one that the root wraps.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use retention_policy::{Action, Timestamp};

use super::{Store, leaf, own_entry};
use crate::audit::AuditEntry;
use crate::backup::sealed::{Draft, Header, Sealer, What};
use crate::backup::{Backup, Job, KeyBackups, Piece, Pieces, file_name};
use crate::{Error, Key32, crypt};

/// Keys read at a time.
const PAGE: usize = 512;

/// A backup of the keys that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyBackup {
    /// Where it is.
    pub path: PathBuf,
    /// Keys and notes in it.
    pub keys: u64,
    /// Bytes that were written.
    pub bytes: u64,
    /// Older backups whose time was over and that were overwritten.
    pub pruned: u64,
}

/// The key that backups of the records are sealed under.
pub(super) fn sealing_key(audit: &Key32) -> Result<Key32, Error> {
    let mut key = Key32::zeroed();
    crypt::hkdf(
        &[],
        &[audit.expose()],
        &[b"tactful crypto-store backup key v1"],
        key.bytes_mut(),
    )
    .map_err(|_| Error::Corrupt {
        what: "the audit key",
    })?;
    Ok(key)
}

/// What the key of a backup of the keys is wrapped for.
pub(super) fn wrapping_context(store: &[u8; 16]) -> Vec<u8> {
    [&b"tactful crypto-store key backup v1"[..], store].concat()
}

impl Store {
    /// Writes a sealed backup of all records, terms, holds, links, audit and ledger as they are at one moment, while
    /// reading and writing go on. The file has its name, with mode 0600, only when it is whole and durable.
    ///
    /// Everything that was acknowledged before the call is in it. No key is in it and no content in clear: it opens with the
    /// `keys.db` of this store alone, so that what is erased later cannot be read from it either. It is the store's own
    /// work, without a person: one audit entry tells how many records left.
    ///
    /// The folder's file system must know hard links: they are how a file is named without ever replacing another.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is such a file or it is just being made, [`Error::ReadOnly`], [`Error::Io`],
    /// [`Error::Database`], [`Error::Entropy`], [`Error::Closed`]. Nothing is left under the name then.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use crypto_store::{Error, KeyFile, OsEntropy, Store, StoreConfig, StoreFiles};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// # let dir = tempfile::tempdir()?;
    /// # let now = "2026-03-02T09:00:00Z".parse()?;
    /// # let entropy = Arc::new(OsEntropy::new());
    /// # let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone())?);
    /// let files = StoreFiles::in_dir(dir.path());
    /// let store = Store::create(StoreConfig::sqlite(files.clone()), root.clone(), entropy.clone(), now).await?;
    /// let backup = dir.path().join("monday.backup");
    /// store.backup(&backup, now).await?;
    /// store.close().await?;
    ///
    /// // The disk of the records is lost; the keys are not.
    /// std::fs::remove_file(files.records())?;
    /// let config = StoreConfig::sqlite(files);
    /// let (store, restored) = Store::restore(&backup, config, root, entropy, now).await?;
    /// assert_eq!((restored.records, restored.destroyed), (0, 0));
    /// assert!(store.verify_audit().await?.is_intact());
    /// # Ok(()) }) }
    /// ```
    pub async fn backup(&self, to: impl AsRef<Path>, now: Timestamp) -> Result<Backup, Error> {
        self.writable()?;
        let (draft, backup) = self.seal_records(Draft::begin(to.as_ref())?, now).await?;
        draft.publish()?;
        Ok(backup)
    }

    /// Writes what [`backup`](Self::backup) writes to somewhere else; gives the writer back when it has all. The caller
    /// makes it durable. A part of a backup does not open.
    ///
    /// # Errors
    /// As [`backup`](Self::backup); [`Error::Io`] when the writer fails.
    pub async fn backup_into<W: Write + Send + 'static>(
        &self,
        to: W,
        now: Timestamp,
    ) -> Result<(W, Backup), Error> {
        self.writable()?;
        self.seal_records(to, now).await
    }

    async fn seal_records<W: Write + Send + 'static>(
        &self,
        to: W,
        now: Timestamp,
    ) -> Result<(W, Backup), Error> {
        let header = Header::new(What::Records, *self.ring.store(), now);
        let key = sealing_key(&self.chain.0)?;
        let job = Job::begin(Sealer::new(&key, &header, &*self.entropy, to)?)?;
        let mut snapshot = self.backend.snapshot().await?;
        let mut records = 0u64;
        loop {
            let items = snapshot.next().await?;
            let count = items.iter().filter(|item| is_record(item)).count();
            if items.is_empty() {
                break;
            }
            if !job.write(items).await {
                return job.finish().await;
            }
            records += count as u64;
        }
        drop(snapshot);
        // Without its last chunk a backup does not open: there is none that the audit does not know of.
        let count = u32::try_from(records).unwrap_or(u32::MAX);
        self.commit(vec![leaf(&AuditEntry {
            count,
            ..own_entry(Action::Backup, now)
        })])
        .await?;
        job.finish().await
    }

    /// Writes a sealed backup of the keys into a folder, then overwrites and removes those in it whose time is over.
    ///
    /// Call it after every change near the root (a new tenant, a rotation, another root) and at least once in
    /// [`KeyBackups::horizon`]. It opens with the root key that wraps the keys now. What is destroyed while it is made may
    /// or may not be in it; rotations wait.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Provider`], [`Error::Io`], [`Error::Database`], [`Error::Entropy`], [`Error::Closed`].
    pub async fn backup_keys(&self, to: &KeyBackups, now: Timestamp) -> Result<KeyBackup, Error> {
        self.writable()?;
        // Keys of two epochs, or under two roots, would be of no use together.
        let _steady = self.ring.steady().await;
        let (root, store) = (self.ring.provider(), self.ring.store());
        let key = Key32::random(&*self.entropy)?;
        let wrapped = root.wrap(&key, &wrapping_context(store)).await?;
        let mut header = Header::new(What::Keys, *store, now);
        header.extra = [&root.id().as_bytes()[..], &wrapped].concat();

        make_folder(to.dir())?;
        let path = to.dir().join(file_name(now, &*self.entropy)?);
        let sealer = Sealer::new(&key, &header, &*self.entropy, Draft::begin(&path)?)?;
        let mut pieces = Pieces::new(sealer);
        let (mut after, mut keys) = (0, 0);
        loop {
            let page = self.backend.scan_keys(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.at;
            keys += page.len() as u64;
            for key in page {
                pieces.write(&Piece::Key(key))?;
            }
        }
        let (draft, bytes) = pieces.finish()?;
        let entry = AuditEntry {
            count: u32::try_from(keys).unwrap_or(u32::MAX),
            ..own_entry(Action::Backup, now)
        };
        self.commit(vec![leaf(&entry)]).await?;
        draft.publish()?;
        let pruned = to.prune(now)?;
        Ok(KeyBackup {
            path,
            keys,
            bytes,
            pruned,
        })
    }

    /// Something near the root has changed: the keys are backed up if the store was told where to.
    pub(super) async fn keys_changed(&self, now: Timestamp) -> Result<(), Error> {
        match &self.key_backups {
            Some(to) => self.backup_keys(to, now).await.map(drop),
            None => Ok(()),
        }
    }
}

fn is_record(item: &crate::backend::Item) -> bool {
    use crate::backend::{Item, Table};
    matches!(item, Item::Row(Table::Records, _))
}

/// A folder that only its owner can look into.
fn make_folder(dir: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(dir)
        .map_err(Error::io("making the folder of key backups"))
}
