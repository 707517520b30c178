//! BM25 (Robertson and Zaragoza 2009) over what stands in texts of one language, divided by the best score in reach.
//!
//! The length norm is worked out for each query from whole numbers: nothing of a text depends on the others.

use super::lists::Lists;
use super::read::Reading;
use super::spellings::Spellings;

const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The texts of one language: their stems, what the thesaurus makes of them, and their words as they are spelled.
#[derive(Clone, Default)]
pub(super) struct Field {
    pub(super) words: Bm25,
    pub(super) concepts: Bm25,
    pub(super) spellings: Spellings,
}

impl Field {
    pub(super) fn insert(&mut self, slot: u32, reading: &Reading) {
        self.words.insert(slot, &reading.words);
        self.concepts.insert(slot, &reading.concepts);
        self.spellings.insert(&reading.spelled);
    }

    pub(super) fn remove(&mut self, slot: u32, reading: &Reading) {
        self.words.remove(slot, &reading.words);
        self.concepts.remove(slot, &reading.concepts);
        self.spellings.remove(&reading.spelled);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.docs == 0
    }
}

/// A term, how often it stands, and its weight in a query.
pub(super) type Term = (u32, u8, f32);

#[derive(Clone, Default)]
pub(super) struct Bm25 {
    lists: Lists,
    lengths: Vec<u32>,
    total: u64,
    docs: u64,
}

impl Bm25 {
    fn insert(&mut self, slot: u32, terms: &[Term]) {
        let at = slot as usize;
        if self.lengths.len() <= at {
            self.lengths.resize(at + 1, 0);
        }
        let length = length(terms);
        if let Some(of_slot) = self.lengths.get_mut(at) {
            *of_slot = length;
        }
        self.total += u64::from(length);
        self.docs += 1;
        for (term, count, _) in terms {
            self.lists.insert(*term, slot, *count);
        }
    }

    fn remove(&mut self, slot: u32, terms: &[Term]) {
        self.total = self.total.saturating_sub(u64::from(length(terms)));
        self.docs = self.docs.saturating_sub(1);
        for (term, ..) in terms {
            self.lists.remove(*term, slot);
        }
    }

    /// Whether a text holds a term.
    pub(super) fn holds(&self, term: u32) -> bool {
        self.lists.get(term).is_some()
    }

    /// Adds `share` times the score, 0 to 1, to each text; whether there was anything to look for.
    pub(super) fn add_scores(&self, terms: &[Term], share: f32, scores: &mut [f32]) -> bool {
        let docs = self.docs as f32;
        let mut best = 0.0;
        let mut found = Vec::with_capacity(terms.len());
        for (term, _, weight) in terms {
            let list = self.lists.get(*term);
            let n = list.map_or(0.0, |list| list.len() as f32);
            let idf = weight * (1.0 + (docs - n + 0.5) / (n + 0.5)).ln();
            best += idf * (K1 + 1.0);
            if let Some(list) = list {
                found.push((list, idf));
            }
        }
        if best <= 0.0 || found.is_empty() {
            return false;
        }
        let mean = (self.total as f32 / docs.max(1.0)).max(1.0);
        for (list, idf) in found {
            for (slot, count) in list.iter() {
                let at = slot as usize;
                let length = self.lengths.get(at).copied().unwrap_or(0) as f32;
                let n = f32::from(count);
                let part = n * (K1 + 1.0) / (n + K1 * (1.0 - B + B * length / mean));
                if let Some(score) = scores.get_mut(at) {
                    *score += share * idf * part / best;
                }
            }
        }
        true
    }
}

fn length(terms: &[Term]) -> u32 {
    terms.iter().map(|(_, count, _)| u32::from(*count)).sum()
}
