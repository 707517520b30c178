//! Posting lists that texts can be put into and taken out of.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Which texts hold something and how often, in the order of their slots.
#[derive(Clone, Default)]
pub(super) struct List {
    slots: Vec<u32>,
    counts: Vec<u8>,
}

impl List {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        self.slots.iter().copied().zip(self.counts.iter().copied())
    }
}

/// Lists by the hash of what is held. Their order is never asked for.
#[derive(Clone, Default)]
pub(super) struct Lists(HashMap<u32, List, BuildHasherDefault<Spread>>);

/// A posting before it lies in its list: hash, slot and count in one number, so that numbers sort as postings do.
pub(super) fn posting(key: u32, slot: u32, count: u8) -> u64 {
    u64::from(key & KEYS) << 40 | u64::from(slot) << 8 | u64::from(count)
}

/// Hashes have 24 bits: ten thousand words collide in three pairs.
pub(super) const KEYS: u32 = (1 << 24) - 1;

impl Lists {
    /// Builds all lists at once: each is written in one go, where putting texts in one by one jumps between all of them.
    pub(super) fn of(mut postings: Vec<u64>) -> Self {
        postings.sort_unstable();
        let lists = postings.chunk_by(|a, b| a >> 40 == b >> 40).map(|run| {
            let list = List {
                slots: run.iter().map(|posting| (posting >> 8) as u32).collect(),
                counts: run.iter().map(|posting| *posting as u8).collect(),
            };
            let key = run.first().map_or(0, |posting| (posting >> 40) as u32);
            (key, list)
        });
        Self(lists.collect())
    }

    pub(super) fn insert(&mut self, key: u32, slot: u32, count: u8) {
        let list = self.0.entry(key).or_default();
        match list.slots.last() {
            Some(last) if *last >= slot => {
                if let Err(at) = list.slots.binary_search(&slot) {
                    list.slots.insert(at, slot);
                    list.counts.insert(at, count);
                }
            }
            _ => {
                list.slots.push(slot);
                list.counts.push(count);
            }
        }
    }

    pub(super) fn remove(&mut self, key: u32, slot: u32) {
        let Some(list) = self.0.get_mut(&key) else {
            return;
        };
        if let Ok(at) = list.slots.binary_search(&slot) {
            list.slots.remove(at);
            list.counts.remove(at);
        }
        if list.slots.is_empty() {
            self.0.remove(&key);
        }
    }

    pub(super) fn get(&self, key: u32) -> Option<&List> {
        self.0.get(&key)
    }

    pub(super) fn keys(&self) -> usize {
        self.0.len()
    }
}

/// Keys are hashes already (the integrator's texts, so nobody chooses them to collide); one multiplication spreads them
/// over the table.
#[derive(Clone, Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.0 = (self.0 ^ u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}
