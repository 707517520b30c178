//! Which erasures are not finished, as far as this process knows.

use std::collections::BTreeMap;

use super::intent::{Intent, Progress};

/// By the id of their intent; whether their keys are gone. A sweep that has no time for rows asks here what still has keys: a
/// backlog of a million rows is many intents, and reading them all would keep the next bucket waiting. What another process left
/// behind is seen by whoever deletes rows, and by every opening.
#[derive(Debug, Default)]
pub(super) struct Unfinished(BTreeMap<[u8; 16], bool>);

impl Unfinished {
    /// These are all there are.
    pub(super) fn see(&mut self, intents: &[Intent]) {
        let known = intents.iter().map(|intent| (intent.id(), intent.destroyed));
        self.0 = known.collect();
    }

    /// It was begun.
    pub(super) fn begin(&mut self, intent: &Intent) {
        self.0.insert(intent.id(), intent.destroyed);
    }

    /// It came so far.
    pub(super) fn note(&mut self, intent: &Intent, progress: Progress) {
        if progress == Progress::Done {
            self.0.remove(&intent.id());
        } else {
            self.0.insert(intent.id(), intent.destroyed);
        }
    }

    /// It is not there any more: somebody else finished it.
    pub(super) fn forget(&mut self, id: &[u8; 16]) {
        self.0.remove(id);
    }

    /// Those whose keys may still be there.
    pub(super) fn with_keys(&self) -> Vec<[u8; 16]> {
        let there = self.0.iter().filter(|(_, destroyed)| !**destroyed);
        there.map(|(id, _)| *id).collect()
    }

    /// How many only wait for their rows to go.
    pub(super) fn without_keys(&self) -> u64 {
        self.0.values().filter(|destroyed| **destroyed).count() as u64
    }
}
