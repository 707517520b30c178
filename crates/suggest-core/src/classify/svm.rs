//! A linear support vector machine with squared hinge loss, by dual coordinate descent with shrinking: algorithm 3 of Hsieh,
//! Chang, Lin, Keerthi, Sundararajan, "A dual coordinate descent method for large-scale linear SVM" (ICML 2008).

use super::dice::Dice;
use super::features::Sparse;
use super::net::dot;

/// The price of an example on the wrong side.
const C: f32 = 1.0;
/// Passes over the examples at most; most separators need fewer.
const PASSES: usize = 60;
/// The gradients may differ by so much at the end: beside a network, no more is needed.
const CLOSE: f32 = 0.4;
/// A step so small changes nothing.
const NOTHING: f32 = 1e-12;

/// What an example is to a separator.
pub(super) trait Row {
    fn dot(&self, weights: &[f32]) -> f32;
    /// Adds it, so many times, to the weights.
    fn add(&self, times: f32, weights: &mut [f32]);
    fn square(&self) -> f32;
}

impl Row for Sparse {
    fn dot(&self, weights: &[f32]) -> f32 {
        // In four sums beside each other, so that no addition waits for the one before.
        let of = |(feature, value): &(u32, f32)| {
            weights.get(*feature as usize).copied().unwrap_or(0.0) * value
        };
        let mut sums = [0.0; 4];
        let (fours, rest) = self.as_chunks::<4>();
        for four in fours {
            for (sum, own) in sums.iter_mut().zip(four) {
                *sum += of(own);
            }
        }
        sums.iter().copied().chain(rest.iter().map(of)).sum()
    }

    fn add(&self, times: f32, weights: &mut [f32]) {
        for (feature, value) in self {
            if let Some(weight) = weights.get_mut(*feature as usize) {
                *weight += times * value;
            }
        }
    }

    fn square(&self) -> f32 {
        self.iter().map(|(_, value)| value * value).sum()
    }
}

impl Row for Vec<f32> {
    fn dot(&self, weights: &[f32]) -> f32 {
        dot(self, weights.get(..self.len()).unwrap_or_default())
    }

    fn add(&self, times: f32, weights: &mut [f32]) {
        for (weight, value) in weights.iter_mut().zip(self) {
            *weight += times * value;
        }
    }

    fn square(&self) -> f32 {
        self.iter().map(|value| value * value).sum()
    }
}

/// For each feature the weights of all slots, and at the end those of what every row has; `of` names the slot of each row.
pub(super) fn separators<R: Row>(
    rows: &[R],
    of: &[usize],
    features: usize,
    slots: usize,
) -> Vec<f32> {
    let mut weights = vec![0.0; (features + 1) * slots];
    let mut trainer = Trainer::new(rows, features);
    for slot in 0..slots {
        let own = trainer.separate(|row| of.get(row) == Some(&slot));
        for (all, weight) in weights.chunks_exact_mut(slots).zip(own) {
            if let Some(at) = all.get_mut(slot) {
                *at = *weight;
            }
        }
    }
    weights
}

/// Separates examples from the others, again and again.
struct Trainer<'r, R> {
    rows: &'r [R],
    /// Squared length of each row, with what every row has and the price.
    lengths: Vec<f32>,
    weights: Vec<f32>,
    alphas: Vec<f32>,
    active: Vec<usize>,
    dice: Dice,
}

impl<'r, R: Row> Trainer<'r, R> {
    fn new(rows: &'r [R], features: usize) -> Self {
        let length = |row: &R| row.square() + 1.0 + 0.5 / C;
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
    fn separate(&mut self, belongs: impl Fn(usize) -> bool) -> &[f32] {
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
        let own = self.rows.get(row).map_or(0.0, |r| r.dot(&self.weights));
        own + self.weights.last().copied().unwrap_or(0.0)
    }

    fn add(&mut self, row: usize, times: f32) {
        if let Some(row) = self.rows.get(row) {
            row.add(times, &mut self.weights);
        }
        if let Some(weight) = self.weights.last_mut() {
            *weight += times;
        }
    }
}
