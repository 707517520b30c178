//! What the desk remembers between two sweeps; nothing of it is needed after a restart.

use std::sync::{Mutex, MutexGuard, PoisonError};

use retention_policy::{DeletionEvent, RecordId, SweepNote, Timestamp, Tripped};

use super::sinks::Told;

/// What belongs to ending, telling and proving.
#[derive(Default)]
pub(crate) struct Upkeep {
    pub(crate) told: Told,
    last: Mutex<Last>,
}

/// What the last sweeps were like.
#[derive(Default)]
pub(crate) struct Last {
    /// When one went through.
    pub(crate) swept: Option<Timestamp>,
    /// How many failed since.
    pub(crate) failed: u64,
    /// The most seconds between a written end and the destruction, of the last one that destroyed something.
    pub(crate) late: Option<u64>,
    /// Of whose records too many would have ended.
    pub(crate) tripped: Vec<Tripped>,
    /// What ended at once since the last sweep, because of what happened to it.
    pub(crate) at_once: Vec<DeletionEvent>,
    /// What was destroyed and could not be written down yet: the next sweep tries again.
    pub(crate) unproven: Vec<DeletionEvent>,
    pub(crate) unnoted: Vec<SweepNote>,
    /// Records that say what had to be proved: they go when it is.
    pub(crate) expected: Vec<RecordId>,
}

impl Upkeep {
    pub(crate) fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
