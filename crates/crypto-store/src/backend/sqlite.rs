//! Two SQLite files: `records.db` and `keys.db`.
//!
//! Each file has one thread that writes and one that reads. The writer takes whatever waits for it into one transaction
//! (group commit): with many callers in flight the cost of a durable commit is shared. Files are in WAL mode with full
//! synchronisation and secure deletion.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use async_trait::async_trait;

use super::{
    Backend, Batch, KeyId, KeyOp, Link, Log, LogRow, Outcome, Row, Scan, Side, Snapshot, StoredKey,
    Table,
};
use crate::{Error, FORMAT};

mod db;
mod fresh;
mod keys;
mod open;
mod reader;
mod records;
mod snapshot;
mod worker;

use reader::Reader;
use worker::{Group, Readers, Writer};

/// Where the two files of a store are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFiles {
    records: PathBuf,
    keys: PathBuf,
}

impl StoreFiles {
    /// `records.db` and `keys.db` in one folder.
    pub fn in_dir(dir: impl AsRef<Path>) -> Self {
        StoreFiles {
            records: dir.as_ref().join("records.db"),
            keys: dir.as_ref().join("keys.db"),
        }
    }

    /// Two files anywhere: keys belong on other backups than records.
    pub fn new(records: impl Into<PathBuf>, keys: impl Into<PathBuf>) -> Self {
        StoreFiles {
            records: records.into(),
            keys: keys.into(),
        }
    }

    /// Path of the records.
    pub fn records(&self) -> &Path {
        &self.records
    }

    /// Path of the keys.
    pub fn keys(&self) -> &Path {
        &self.keys
    }

    /// True if any part of a store is there. Make a new root key only where this is false.
    pub fn exist(&self) -> bool {
        self.records.exists() || self.keys.exists()
    }
}

/// How the files are opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The one process a store belongs to.
    Owner,
    /// A copy of the records with keys that may be in use: keys are never written.
    Copy,
}

/// The SQLite back end.
pub struct SqliteBackend {
    sides: Mutex<Option<Sides>>,
    handles: Handles,
    files: StoreFiles,
    /// Open snapshots of the records.
    snapshots: Arc<snapshot::Snapshots>,
    mode: Mode,
}

/// What callers need: senders into the threads.
struct Handles {
    records: Writer<Batch, Outcome>,
    records_read: Reader,
    keys: Option<Writer<Vec<KeyOp>, Vec<bool>>>,
    keys_read: Reader,
}

/// What ends with the store: readers, then writers, then locks. The last connection of a file empties its write-ahead log
/// and removes it, which only one that writes can.
struct Sides {
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
    locks: Vec<std::fs::File>,
}

impl SqliteBackend {
    /// Makes a new store out of first rows. Either the whole store exists afterwards or none.
    pub(crate) fn create(
        files: &StoreFiles,
        keys: Vec<KeyOp>,
        records: Batch,
    ) -> Result<(), Error> {
        let _locks = open::lock(files, Mode::Owner)?;
        if open::finish_creation(files)? || files.exist() {
            return Err(Error::AlreadyExists);
        }
        let (keys_new, records_new) = (open::draft(&files.keys), open::draft(&files.records));
        open::remove_draft(&keys_new)?;
        open::remove_draft(&records_new)?;
        open::create_file(&keys_new, open::KEYS, |c| keys::apply(c, &keys).map(drop))?;
        open::create_file(&records_new, open::RECORDS, |c| {
            let mut changes = records::Changes::default();
            changes.apply(c, &records)?;
            changes.finish(c)
        })?;
        open::rename(&keys_new, &files.keys)?;
        open::rename(&records_new, &files.records)
    }

    /// Makes the two files with their tables and nothing in them, for [`attach`](Self::attach). A store of its own makes its
    /// files itself.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`], [`Error::StoreBusy`], [`Error::NoStore`] if there is no such folder, [`Error::Io`],
    /// [`Error::Database`].
    pub fn create_empty(files: &StoreFiles) -> Result<(), Error> {
        let nothing = Batch {
            ops: Vec::new(),
            link: Arc::new(NoLink),
        };
        Self::create(files, Vec::new(), nothing)
    }

    /// Opens the files of a store as a bare back end, as their one owner: to wrap it in a back end of your own, which
    /// [`StoreConfig::backend`](crate::StoreConfig::backend) takes.
    ///
    /// # Errors
    /// [`Error::NoStore`], [`Error::StoreBusy`], [`Error::KeysLost`], [`Error::RecordsLost`], [`Error::Truncated`],
    /// [`Error::Corrupt`], [`Error::NewerFormat`], [`Error::Io`], [`Error::Database`].
    pub fn attach(files: &StoreFiles) -> Result<Self, Error> {
        Self::open(files, Mode::Owner)
    }

    /// Begins one side anew, under another name, beside the other one. An earlier draft is thrown away.
    ///
    /// Keys can be put back while the records are lost too: an empty draft stands for them, which is never published.
    pub(crate) fn draft(files: &StoreFiles, side: Side) -> Result<Self, Error> {
        let locks = open::lock(files, Mode::Owner)?;
        match (side, files.records.exists(), files.keys.exists()) {
            (Side::Records, true, _) | (Side::Keys, _, true) => return Err(Error::AlreadyExists),
            (Side::Records, false, false) => return Err(Error::KeysLost { what: "keys.db" }),
            _ => {}
        }
        let mut drafted = files.clone();
        let kinds = [(Side::Records, open::RECORDS), (Side::Keys, open::KEYS)];
        for (of, kind) in kinds {
            let path = match of {
                Side::Records => &mut drafted.records,
                Side::Keys => &mut drafted.keys,
            };
            if of == side || !path.exists() {
                *path = open::restoring(path);
                open::remove_database(path)?;
                open::create_file(path, kind, |_| Ok(()))?;
            }
        }
        Self::open_locked(&drafted, Mode::Owner, locks)
    }

    /// Gives a [draft](Self::draft) its name if it was filled, or removes it.
    pub(crate) async fn publish<T>(
        self,
        files: &StoreFiles,
        side: Side,
        filled: Result<T, Error>,
    ) -> Result<T, Error> {
        let filled = match filled {
            // As if killed: nothing is tidied up.
            Err(Error::Stopped) => return Err(Error::Stopped),
            Ok(filled) if self.scrub(side).await? => Ok(filled),
            Ok(_) => Err(Error::StoreBusy),
            Err(e) => Err(e),
        };
        let (draft, name) = match side {
            Side::Records => (&self.files.records, &files.records),
            Side::Keys => (&self.files.keys, &files.keys),
        };
        // Nobody else may have the files before the draft has its name.
        let _locks = self.shut();
        let named = match filled {
            Ok(filled) => open::rename(draft, name).map(|()| filled),
            Err(e) => Err(e),
        };
        for path in [&self.files.records, &self.files.keys] {
            if path != &files.records && path != &files.keys {
                open::remove_database(path)?;
            }
        }
        named
    }

    /// Opens a store.
    pub(crate) fn open(files: &StoreFiles, mode: Mode) -> Result<Self, Error> {
        let locks = open::lock(files, mode)?;
        if mode == Mode::Owner {
            open::finish_creation(files)?;
        }
        match (files.records.exists(), files.keys.exists()) {
            (true, true) => {}
            (true, false) => return Err(Error::KeysLost { what: "keys.db" }),
            (false, true) => return Err(Error::RecordsLost),
            (false, false) => return Err(Error::NoStore),
        }
        Self::open_locked(files, mode, locks)
    }

    fn open_locked(
        files: &StoreFiles,
        mode: Mode,
        locks: Vec<std::fs::File>,
    ) -> Result<Self, Error> {
        open::check_header(&files.records, open::RECORDS)?;
        open::check_header(&files.keys, open::KEYS)?;

        // All connections before the first thread: an opening that fails has closed its files when it returns.
        let connect = open::connect;
        let records = connect(&files.records, open::RECORDS, open::Access::Write)?;
        let records_read = connect(&files.records, open::RECORDS, open::Access::Read)?;
        let keys = match mode {
            Mode::Owner => Some(connect(&files.keys, open::KEYS, open::Access::Write)?),
            Mode::Copy => None,
        };
        let keys_read = connect(&files.keys, open::KEYS, open::Access::Read)?;

        let (mut readers, mut writers) = (Vec::new(), Vec::new());
        let snapshots = Arc::new(snapshot::Snapshots::default());
        let beside =
            |reader: &rusqlite::Connection, snapshots: &Arc<snapshot::Snapshots>| Readers {
                interrupt: reader.get_interrupt_handle(),
                snapshots: Arc::clone(snapshots),
            };
        let records_beside = beside(&records_read, &snapshots);
        let keys_beside = beside(&keys_read, &Arc::default());
        let records = Writer::spawn(
            "records writer",
            records,
            records::Changes::default(),
            records_beside,
            &mut writers,
        )?;
        let records_read = Reader::spawn("records reader", records_read, &mut readers)?;
        let keys = keys
            .map(|keys| {
                Writer::spawn(
                    "keys writer",
                    keys,
                    keys::group(),
                    keys_beside,
                    &mut writers,
                )
            })
            .transpose()?;
        let keys_read = Reader::spawn("keys reader", keys_read, &mut readers)?;
        Ok(SqliteBackend {
            sides: Mutex::new(Some(Sides {
                readers,
                writers,
                locks,
            })),
            handles: Handles {
                records,
                records_read,
                keys,
                keys_read,
            },
            files: files.clone(),
            snapshots,
            mode,
        })
    }

    /// Whether a whole store is there whose files have an older format. No file is changed, no lock taken.
    pub(crate) fn is_older(files: &StoreFiles) -> Result<bool, Error> {
        if !(files.records.exists() && files.keys.exists()) {
            return Ok(false);
        }
        let records = open::check_header(&files.records, open::RECORDS)?;
        let keys = open::check_header(&files.keys, open::KEYS)?;
        Ok(records.min(keys) < FORMAT)
    }

    /// Says that the records have the present format: the last step of a migration of theirs.
    pub(crate) fn restamp_records(files: &StoreFiles) -> Result<(), Error> {
        let _locks = open::lock(files, Mode::Owner)?;
        open::restamp(&files.records, open::RECORDS)
    }

    /// Puts a new file of keys in the place of an older one, which is at `before` afterwards. The new one is whole before it
    /// has the name.
    pub(crate) fn replace_keys(
        files: &StoreFiles,
        keys: &[KeyOp],
        before: &Path,
    ) -> Result<(), Error> {
        let _locks = open::lock(files, Mode::Owner)?;
        // Another process may have been faster.
        if open::check_header(&files.keys, open::KEYS)? == FORMAT {
            return Ok(());
        }
        let draft = open::draft(&files.keys);
        open::remove_draft(&draft)?;
        open::create_file(&draft, open::KEYS, |c| keys::apply(c, keys).map(drop))?;
        std::fs::hard_link(&files.keys, before).map_err(Error::io("naming a new file"))?;
        open::rename(&draft, &files.keys)
    }

    fn is_shut(&self) -> bool {
        let sides = self.sides.lock().unwrap_or_else(PoisonError::into_inner);
        sides.is_none()
    }

    /// Ends threads and connections; gives the locks back.
    fn shut(&self) -> Vec<std::fs::File> {
        let sides = self
            .sides
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(sides) = sides else {
            return Vec::new();
        };
        // A thread that panicked has nothing left to finish.
        self.handles.records_read.stop();
        self.handles.keys_read.stop();
        for reader in sides.readers {
            let _ = reader.join();
        }
        self.handles.records.stop();
        if let Some(keys) = &self.handles.keys {
            keys.stop();
        }
        for writer in sides.writers {
            let _ = writer.join();
        }
        sides.locks
    }
}

/// The link of a batch that appends nothing.
struct NoLink;

impl Link for NoLink {
    fn link(&self, _: Log, previous: &[u8; 32], _: u64, _: &[u8]) -> [u8; 32] {
        *previous
    }
}

impl Drop for SqliteBackend {
    fn drop(&mut self) {
        drop(self.shut());
    }
}

#[async_trait]
impl Backend for SqliteBackend {
    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        match &self.handles.keys {
            Some(keys) => keys.change(ops).await,
            None => Err(Error::ReadOnly),
        }
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.handles.keys_read.run(move |c| keys::get(c, &id)).await
    }

    async fn keys(&self, ids: Vec<KeyId>) -> Result<Vec<Option<Vec<u8>>>, Error> {
        self.handles
            .keys_read
            .run(move |c| ids.iter().map(|id| keys::get(c, id)).collect())
            .await
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        self.handles
            .keys_read
            .run(move |c| keys::list(c, after, limit))
            .await
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        self.handles
            .keys_read
            .run(move |c| keys::scan(c, after, limit))
            .await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        self.handles.records.change(batch).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        self.handles
            .records_read
            .run(move |c| records::get(c, table, &key))
            .await
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        self.handles
            .records_read
            .run(move |c| records::get_many(c, &keys))
            .await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        self.handles
            .records_read
            .run(move |c| records::scan(c, &scan))
            .await
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.handles
            .records_read
            .run(move |c| records::log(c, log, from, limit))
            .await
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        match (side, &self.handles.keys) {
            (Side::Records, _) => self.handles.records.scrub().await,
            (Side::Keys, Some(keys)) => keys.scrub().await,
            (Side::Keys, None) => Err(Error::ReadOnly),
        }
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        // A closed store has let go of its locks: its files may be somebody else's by now.
        if self.is_shut() {
            return Err(Error::Closed);
        }
        let c = open::connect(&self.files.records, open::RECORDS, open::Access::Read)?;
        let frozen = snapshot::Frozen::begin(c, Arc::clone(&self.snapshots)).await?;
        Ok(Box::new(frozen))
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        let reader = match side {
            Side::Keys => &self.handles.keys_read,
            Side::Records => &self.handles.records_read,
        };
        reader.run(open::is_sound).await
    }

    async fn close(&self) -> Result<(), Error> {
        drop(self.shut());
        Ok(())
    }
}

impl fmt::Debug for SqliteBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteBackend")
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
