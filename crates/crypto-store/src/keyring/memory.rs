//! A short memory of unwrapped keys.

use std::collections::HashMap;
use std::sync::Arc;

use retention_policy::Timestamp;

use crate::Key32;
use crate::backend::KeyId;

/// Unwrapped keys are forgotten after a quarter of an hour, or when the two halves of the memory are full.
const LIFE_MS: i64 = 15 * 60 * 1000;
const HALF: usize = 16_384;

type Half = HashMap<KeyId, (Arc<Key32>, i64)>;

/// Two halves: what is used moves to the young one; when that is full it becomes the old one and the old one is dropped.
#[derive(Default)]
pub(super) struct Memory {
    young: Half,
    old: Half,
    /// Counts destructions, so that a key that was read before one is not remembered after it.
    era: u64,
}

impl Memory {
    pub(super) fn era(&self) -> u64 {
        self.era
    }

    pub(super) fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// A key if it is known and fresh; and the era to give when keeping what was read instead.
    pub(super) fn recall(&mut self, id: KeyId, now: Timestamp) -> (Option<Arc<Key32>>, u64) {
        let fresh = |since: i64| (0..LIFE_MS).contains(&(now.timestamp_millis() - since));
        if let Some((key, since)) = self.young.get(&id) {
            return (fresh(*since).then(|| Arc::clone(key)), self.era);
        }
        let found = match self.old.remove(&id) {
            Some((key, since)) if fresh(since) => {
                self.insert(id, Arc::clone(&key), since);
                Some(key)
            }
            _ => None,
        };
        (found, self.era)
    }

    /// Remembers a key that was read in `era`.
    pub(super) fn keep(&mut self, id: KeyId, key: &Arc<Key32>, era: u64, now: Timestamp) {
        if self.era == era {
            self.insert(id, Arc::clone(key), now.timestamp_millis());
        }
    }

    fn insert(&mut self, id: KeyId, key: Arc<Key32>, since: i64) {
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(id, (key, since));
    }

    pub(super) fn forget(&mut self, ids: &[KeyId]) {
        self.era += 1;
        for id in ids {
            self.young.remove(id);
            self.old.remove(id);
        }
    }

    pub(super) fn clear(&mut self) {
        self.era += 1;
        self.young.clear();
        self.old.clear();
    }
}
