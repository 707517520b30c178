//! One step of a case at a time: two would be stored over one another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use retention_policy::CaseId;

/// Locks of the cases that somebody is at.
#[derive(Debug, Default)]
pub(crate) struct Locks(Mutex<BTreeMap<CaseId, Arc<tokio::sync::Mutex<()>>>>);

impl Locks {
    /// The lock of a case. Those that nobody holds any more go.
    pub(crate) fn of(&self, case: CaseId) -> Arc<tokio::sync::Mutex<()>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(all.entry(case).or_default())
    }
}
