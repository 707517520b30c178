//! Learners on what texts mean: separators, networks, and the examples themselves, of which the nearest are looked at.

use super::features::Sparse;
use super::net::Net;
use super::small::{cosine, dot, small};
use super::svm;
use super::vectors::Table;

/// What a separator's score counts, and what the networks' do, beside those of the n-grams.
const SEPARATORS: f32 = 1.5;
const NETS: f32 = 0.5;
/// Networks learn faster from longer vectors.
const LENGTH: f32 = 3.0;
/// Most examples kept of a label: more say little more, and each takes time.
pub(super) const MOST_KEPT: usize = 400;
/// So many labels that score best are looked at for near examples.
const LOOKED_AT: usize = 8;
/// So many examples are near, and so many of them nearest.
const NEAR: usize = 20;
const NEAREST: usize = 5;

/// How the examples lie around a text.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Around {
    /// Of the nearest and of the near ones, the share that has the label.
    pub(super) nearest: f32,
    pub(super) near: f32,
    /// How near the nearest is, at most 1.
    pub(super) best: f32,
}

/// What is learned from vectors.
pub(super) struct Meaning {
    pub(super) table: &'static Table,
    /// For each dimension the weights of all slots, and at the end what every text has.
    pub(super) weights: Vec<f32>,
    pub(super) nets: Vec<Net>,
    /// For each slot its examples, one vector after the other.
    pub(super) kept: Vec<Vec<i8>>,
}

impl Meaning {
    /// `of` names the slot of each text.
    pub(super) fn new<'t>(
        table: &'static Table,
        texts: impl Iterator<Item = &'t str>,
        of: &[usize],
        slots: usize,
        epochs: usize,
        nets: usize,
    ) -> Self {
        let dims = table.dims();
        let rows: Vec<Vec<f32>> = texts.map(|text| table.read_text(text)).collect();
        let weights = svm::separators(&rows, of, dims, slots);
        let mut kept = vec![Vec::new(); slots];
        for (slot, kept) in kept.iter_mut().enumerate() {
            let own: Vec<&Vec<f32>> = rows
                .iter()
                .zip(of)
                .filter(|(_, of)| **of == slot)
                .map(|(row, _)| row)
                .collect();
            // Evenly from all of them.
            for row in own.iter().step_by(own.len().div_ceil(MOST_KEPT).max(1)) {
                kept.extend(small(row));
            }
        }
        let rows: Vec<Sparse> = rows.iter().map(|row| long(row)).collect();
        Self {
            table,
            weights,
            nets: (1..=nets as u64)
                .map(|seed| Net::new(&rows, of, dims, slots, epochs, seed))
                .collect(),
            kept,
        }
    }

    /// Adds the scores of a text to `out`.
    pub(super) fn score(&self, vector: &[f32], out: &mut [f32]) {
        let mut lines = self.weights.chunks_exact(out.len());
        for (value, line) in vector.iter().chain([&1.0]).zip(&mut lines) {
            for (score, weight) in out.iter_mut().zip(line) {
                *score += SEPARATORS * value * weight;
            }
        }
        let row = long(vector);
        let share = NETS / self.nets.len().max(1) as f32;
        for net in &self.nets {
            net.score(&row, share, out);
        }
    }

    /// How the examples lie around a text that is said to have `label`, by the scores of all slots.
    pub(super) fn around(&self, vector: &[f32], label: usize, scores: &[f32]) -> Around {
        if vector.iter().all(|value| *value == 0.0) {
            return Around::default();
        }
        let own = small(vector);
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let of = |slot: &usize| scores.get(*slot).copied().unwrap_or(f32::MIN);
        order.sort_by(|a, b| of(b).total_cmp(&of(a)));
        let mut near: Vec<(i32, bool)> = Vec::new();
        for slot in order.into_iter().take(LOOKED_AT) {
            let rows = self.kept.get(slot).map_or(&[][..], Vec::as_slice);
            let rows = rows.chunks_exact(own.len());
            near.extend(rows.map(|row| (dot(&own, row), slot == label)));
        }
        // Of two that are as near, one of another label is first.
        let by = |a: &(i32, bool), b: &(i32, bool)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
        if near.len() > NEAR {
            near.select_nth_unstable_by(NEAR - 1, by);
            near.truncate(NEAR);
        }
        near.sort_by(by);
        let share = |most: usize| {
            let count = near.iter().take(most).filter(|(_, own)| *own).count();
            count as f32 / most as f32
        };
        Around {
            nearest: share(NEAREST),
            near: share(NEAR),
            best: near.first().map_or(0.0, |(dot, _)| cosine(*dot)),
        }
    }
}

fn long(vector: &[f32]) -> Sparse {
    let values = vector.iter().map(|value| value * LENGTH);
    (0u32..).zip(values).collect()
}
