//! Where a store is.

use std::fmt;
use std::sync::Arc;

use retention_policy::Breaker;

use crate::backend::Backend;
use crate::backup::KeyBackups;

/// Where a store is and how it is opened.
pub struct StoreConfig {
    pub(super) place: Place,
    pub(super) stop: Option<StopAt>,
    pub(super) key_backups: Option<KeyBackups>,
    pub(super) breaker: Breaker,
}

pub(super) enum Place {
    #[cfg(feature = "sqlite")]
    Files(crate::StoreFiles),
    Backend(Arc<dyn Backend>),
}

impl StoreConfig {
    /// Two SQLite files.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(files: crate::StoreFiles) -> Self {
        StoreConfig {
            place: Place::Files(files),
            stop: None,
            key_backups: None,
            breaker: Breaker::default(),
        }
    }

    /// Any back end. The same one given again opens what it holds.
    pub fn backend(backend: Arc<dyn Backend>) -> Self {
        StoreConfig {
            place: Place::Backend(backend),
            stop: None,
            key_backups: None,
            breaker: Breaker::default(),
        }
    }

    /// Backs the keys up into a folder after every change near the root, and prunes what is there.
    #[must_use]
    pub fn key_backups(mut self, to: KeyBackups) -> Self {
        self.key_backups = Some(to);
        self
    }

    /// Of how many records the sweep of earlier ends may take a tenant's without two people
    /// ([`Store::expire_buckets`](crate::Store::expire_buckets)); the default is the policy's.
    #[must_use]
    pub fn breaker(mut self, breaker: Breaker) -> Self {
        self.breaker = breaker;
        self
    }

    /// Makes erasures and writes stop with [`Error::Stopped`](crate::Error::Stopped) at one point, as if the process had
    /// been killed there: for tests of recovery.
    #[doc(hidden)]
    #[must_use]
    pub fn stop_at(mut self, stop: StopAt) -> Self {
        self.stop = Some(stop);
        self
    }
}

impl fmt::Debug for StoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.place {
            #[cfg(feature = "sqlite")]
            Place::Files(_) => "files",
            Place::Backend(_) => "backend",
        };
        f.debug_struct("StoreConfig")
            .field("place", &place)
            .field("stop", &self.stop)
            .finish()
    }
}

/// Points between the commits of a write or an erasure.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopAt {
    /// A write: keys are durable, the record is not written.
    KeysWritten,
    /// An erasure: intent, tombstones, leaf and ledger are durable, keys exist.
    IntentWritten,
    /// An erasure: keys are destroyed, the write-ahead log may still hold them.
    KeysDestroyed,
    /// An erasure: the log is empty, nothing says so yet.
    LogEmptied,
    /// An erasure: destruction is written down, rows are not deleted.
    DestructionWritten,
    /// An erasure: rows are deleted, the intent still stands.
    RowsDeleted,
    /// A hold is let go, what only it kept has not ended.
    HoldReleased,
    /// Putting back a backup: some of it is written.
    RestoreBegun,
    /// Putting back a backup: all of it is written, the files do not have their names.
    RestoreWritten,
    /// Putting back a backup: the files have their names, nothing was replayed.
    RestoreNamed,
    /// Putting back a backup: the keys remember the records that are there now.
    RestoreMarked,
    /// Putting back a backup: everything is replayed, the note that it must be still stands.
    RestoreReplayed,
}
