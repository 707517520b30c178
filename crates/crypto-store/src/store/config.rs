//! Where a store is.

use std::fmt;
use std::sync::Arc;

use crate::backend::Backend;

/// Where a store is and how it is opened.
pub struct StoreConfig {
    pub(super) place: Place,
    pub(super) stop: Option<StopAt>,
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
        }
    }

    /// Any back end. The same one given again opens what it holds.
    pub fn backend(backend: Arc<dyn Backend>) -> Self {
        StoreConfig {
            place: Place::Backend(backend),
            stop: None,
        }
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
}
