//! A linear support vector machine with squared hinge loss, by dual coordinate descent with shrinking: algorithm 3 of Hsieh,
//! Chang, Lin, Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM" (ICML 2008).

use super::dice::Dice;
use super::features::Sparse;

/// The price of an example on the wrong side.
const C: f32 = 1.0;
/// Passes over the examples at most; most separators need fewer.
const PASSES: usize = 60;
/// The gradients may differ by so much at the end: beside a network, no more is needed.
const CLOSE: f32 = 0.4;
/// A step so small changes nothing.
const NOTHING: f32 = 1e-12;

/// Separates examples from the others, again and again.
pub(super) struct Trainer<'r> {
    rows: &'r [Sparse],
    /// Squared length of each row, with what every row has and the price.
    lengths: Vec<f32>,
    weights: Vec<f32>,
    alphas: Vec<f32>,
    active: Vec<usize>,
    dice: Dice,
}

impl<'r> Trainer<'r> {
    pub(super) fn new(rows: &'r [Sparse], features: usize) -> Self {
        let length = |row: &Sparse| {
            let sum: f32 = row.iter().map(|(_, value)| value * value).sum();
            sum + 1.0 + 0.5 / C
        };
        Self {
            rows,
            lengths: rows.iter().map(length).collect(),
            weights: vec![0.0; features + 1],
            alphas: vec![0.0; rows.len()],
            active: Vec::with_capacity(rows.len()),
            dice: Dice::new(0),
        }
    }

    /// The weights that tell the rows that belong from the others; the last is the one that every row has.
    pub(super) fn separate(&mut self, belongs: impl Fn(usize) -> bool) -> &[f32] {
        self.weights.fill(0.0);
        self.alphas.fill(0.0);
        self.active.clear();
        self.active.extend(0..self.rows.len());
        // The order is random and the same in every run.
        self.dice = Dice::new(0x9e37_79b9_7f4a_7c15);
        let mut most = f32::INFINITY;
        for _ in 0..PASSES {
            self.dice.shuffle(&mut self.active);
            let (mut up, mut down) = (f32::MIN, f32::MAX);
            let mut at = 0;
            while let Some(&row) = self.active.get(at) {
                let side = if belongs(row) { 1.0 } else { -1.0 };
                let alpha = self.alphas.get(row).copied().unwrap_or(0.0);
                let gradient = side * self.score(row) - 1.0 + alpha * 0.5 / C;
                // Far on the right side: it will not be looked at again.
                if alpha == 0.0 && gradient > most {
                    self.active.swap_remove(at);
                    continue;
                }
                at += 1;
                let step = if alpha == 0.0 {
                    gradient.min(0.0)
                } else {
                    gradient
                };
                (up, down) = (up.max(step), down.min(step));
                if step.abs() > NOTHING {
                    let length = self.lengths.get(row).copied().unwrap_or(1.0);
                    let new = (alpha - gradient / length).max(0.0);
                    self.add(row, (new - alpha) * side);
                    if let Some(slot) = self.alphas.get_mut(row) {
                        *slot = new;
                    }
                }
            }
            if up - down > CLOSE {
                most = if up <= 0.0 { f32::INFINITY } else { up };
                continue;
            }
            if self.active.len() == self.rows.len() {
                break;
            }
            // All of them once more, those that were left out included.
            self.active.clear();
            self.active.extend(0..self.rows.len());
            most = f32::INFINITY;
        }
        &self.weights
    }

    fn score(&self, row: usize) -> f32 {
        let row = self.rows.get(row).map_or(&[][..], Vec::as_slice);
        let own: f32 = row
            .iter()
            .map(|(feature, value)| {
                self.weights.get(*feature as usize).copied().unwrap_or(0.0) * value
            })
            .sum();
        own + self.weights.last().copied().unwrap_or(0.0)
    }

    fn add(&mut self, row: usize, times: f32) {
        for (feature, value) in self.rows.get(row).into_iter().flatten() {
            if let Some(weight) = self.weights.get_mut(*feature as usize) {
                *weight += times * value;
            }
        }
        if let Some(weight) = self.weights.last_mut() {
            *weight += times;
        }
    }
}
