//! One at a time, for each of many things.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Locks of what somebody is at: a case, of which two steps at once would be stored over one another; a customer, whose first two
/// tickets at once would make two people of one.
#[derive(Debug)]
pub(crate) struct Locks<K>(Mutex<BTreeMap<K, Arc<tokio::sync::Mutex<()>>>>);

impl<K> Default for Locks<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord> Locks<K> {
    /// The lock of one of them. Those that nobody holds any more go.
    pub(crate) fn of(&self, key: K) -> Arc<tokio::sync::Mutex<()>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, lock| Arc::strong_count(lock) > 1);
        Arc::clone(all.entry(key).or_default())
    }
}
