//! Hashed character n-grams: the cosine of sublinear counts, each gram of the query times how rare it is.
//!
//! Rarity weighs in the query alone (`lnc.ltc` of the SMART notation), so that the norm of a text is its own.

use std::fmt;

use super::lists::{Lists, posting};
use super::read::Reading;

/// Grams of a query beyond this many, the lightest first, change no ranking and cost time.
const QUERY_GRAMS: usize = 256;

/// A gram in more than this share of the texts says little and has the longest list.
const COMMON_SHARE: f32 = 0.25;

#[derive(Clone, Default)]
pub(super) struct Grams {
    lists: Lists,
    /// One over the length of each slot's vector.
    scales: Vec<f32>,
}

impl fmt::Debug for Grams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Grams({})", self.lists.keys())
    }
}

impl Grams {
    /// The index of texts in slots from 0.
    pub(super) fn of(readings: &[Reading]) -> Self {
        let mut grams = Self::default();
        let mut postings = Vec::with_capacity(readings.iter().map(|r| r.grams.len()).sum());
        for (slot, reading) in (0u32..).zip(readings) {
            grams.scale(slot, reading);
            for (gram, count, _) in &reading.grams {
                postings.push(posting(*gram, slot, *count));
            }
        }
        grams.lists = Lists::of(postings);
        grams
    }

    pub(super) fn insert(&mut self, slot: u32, reading: &Reading) {
        self.scale(slot, reading);
        for (gram, count, _) in &reading.grams {
            self.lists.insert(*gram, slot, *count);
        }
    }

    /// Notes the length of a text's vector.
    fn scale(&mut self, slot: u32, reading: &Reading) {
        let mut norm = 0.0;
        for (_, count, _) in &reading.grams {
            norm += sublinear(*count).powi(2);
        }
        let at = slot as usize;
        if self.scales.len() <= at {
            self.scales.resize(at + 1, 0.0);
        }
        if let Some(scale) = self.scales.get_mut(at) {
            *scale = if norm > 0.0 { norm.sqrt().recip() } else { 0.0 };
        }
    }

    pub(super) fn remove(&mut self, slot: u32, reading: &Reading) {
        for (gram, _, _) in &reading.grams {
            self.lists.remove(*gram, slot);
        }
    }

    /// Adds the likeness, 0 to 1, to each of `docs` texts.
    pub(super) fn add_scores(&self, reading: &Reading, docs: usize, scores: &mut [f32]) {
        let mut norm = 0.0;
        let mut grams = Vec::with_capacity(reading.grams.len());
        let common = ((docs as f32 * COMMON_SHARE) as usize).max(50);
        for (gram, _, weight) in &reading.grams {
            let list = self.lists.get(*gram);
            let in_docs = list.map_or(0, |list| list.len());
            let weight = weight * (((1.0 + docs as f32) / (1.0 + in_docs as f32)).ln() + 1.0);
            norm += weight * weight;
            if let Some(list) = list.filter(|_| in_docs <= common) {
                grams.push((*gram, weight, list));
            }
        }
        if norm == 0.0 {
            return;
        }
        if grams.len() > QUERY_GRAMS {
            grams.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            grams.truncate(QUERY_GRAMS);
            // Sums of floats depend on their order: the order of the grams is the same every time.
            grams.sort_unstable_by_key(|(gram, ..)| *gram);
        }
        let mut levels = [0f32; 256];
        for (level, count) in levels.iter_mut().zip(0..=u8::MAX) {
            *level = sublinear(count);
        }
        let scale = norm.sqrt().recip();
        let mut sums = vec![0f32; scores.len()];
        for (_, weight, list) in grams {
            for (slot, count) in list.iter() {
                let level = levels.get(usize::from(count)).copied().unwrap_or(1.0);
                if let Some(sum) = sums.get_mut(slot as usize) {
                    *sum += weight * level;
                }
            }
        }
        for ((score, sum), of_text) in scores.iter_mut().zip(sums).zip(&self.scales) {
            *score += sum * scale * of_text;
        }
    }
}

/// The hundredth time says little more than the tenth.
fn sublinear(count: u8) -> f32 {
    if count == 0 {
        0.0
    } else {
        1.0 + f32::from(count).ln()
    }
}
