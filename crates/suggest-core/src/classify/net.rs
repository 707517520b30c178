//! A network with one hidden layer over the same features: it learns which features mean the same, which a separator for each
//! label cannot.
//!
//! Rectified linear units, softmax, cross-entropy, one example a step, AdaGrad (Duchi, Hazan, Singer 2011) with one rate a
//! feature; half of the features of an example are left out in each step (dropout on the input: Srivastava, Hinton, Krizhevsky,
//! Sutskever, Salakhutdinov 2014; for bags of words Iyyer, Manjunatha, Boyd-Graber, Daume 2015).

use super::dice::Dice;
use super::features::Sparse;

/// Hidden units.
pub(super) const HIDDEN: usize = 128;
/// Of the features of an example this share is left out in a step.
const LEFT_OUT: f32 = 0.5;
/// The weights begin between plus and minus this.
const BEGIN: f32 = 0.15;
const BEGIN_LAST: f32 = 0.077;
/// How far a step goes: for what leads into the hidden units, and for what leads out.
const RATE: f32 = 0.05;
const RATE_LAST: f32 = 0.015;
/// Where so little is missing from certainty, nothing is learned: it saves time.
const LEARNED: f32 = 0.02;
/// Keeps the first steps finite.
const FLOOR: f32 = 1e-6;
const FLOOR_LAST: f32 = 1e-4;

/// Weights into and out of the hidden units.
pub(super) struct Net {
    /// For each feature those of all units.
    pub(super) first: Vec<f32>,
    /// One a unit.
    pub(super) bias: Vec<f32>,
    /// For each unit those of all slots, and at the end one a slot.
    pub(super) last: Vec<f32>,
}

impl Net {
    /// Learns to tell `slots` apart; `of` names the slot of each row.
    pub(super) fn new(
        rows: &[Sparse],
        of: &[usize],
        features: usize,
        slots: usize,
        epochs: usize,
        seed: u64,
    ) -> Self {
        let mut dice = Dice::new(seed);
        let mut begin = |count: usize, most: f32| -> Vec<f32> {
            (0..count)
                .map(|_| (dice.share() * 2.0 - 1.0) * most)
                .collect()
        };
        let first = begin(features * HIDDEN, BEGIN);
        let mut last = begin(HIDDEN * slots, BEGIN_LAST);
        last.resize((HIDDEN + 1) * slots, 0.0);
        let mut school = School {
            net: Self {
                first,
                bias: vec![0.0; HIDDEN],
                last,
            },
            first: vec![0.0; features],
            bias: 0.0,
            last: vec![0.0; HIDDEN + 1],
            seen: Vec::new(),
            hidden: vec![0.0; HIDDEN],
            back: vec![0.0; HIDDEN],
            out: vec![0.0; slots],
        };
        let mut order: Vec<usize> = (0..rows.len()).collect();
        for epoch in 0..epochs {
            dice.shuffle(&mut order);
            let pace = 1.0 - epoch as f32 / epochs as f32;
            for row in &order {
                if let (Some(row), Some(slot)) = (rows.get(*row), of.get(*row)) {
                    school.step(row, *slot, pace, &mut dice);
                }
            }
        }
        school.net
    }

    /// Adds `times` the scores of a text to `out`.
    pub(super) fn score(&self, row: &Sparse, times: f32, out: &mut [f32]) {
        let mut hidden = self.bias.clone();
        self.enter(row, &mut hidden);
        let mut scores = vec![0.0; out.len()];
        self.leave(&hidden, &mut scores);
        for (slot, score) in out.iter_mut().zip(scores) {
            *slot += times * score;
        }
    }

    fn enter(&self, row: &Sparse, hidden: &mut [f32]) {
        for (feature, value) in row {
            let from = *feature as usize * HIDDEN;
            let own = self.first.get(from..from + HIDDEN).unwrap_or_default();
            add(hidden, own, *value);
        }
    }

    fn leave(&self, hidden: &[f32], out: &mut [f32]) {
        let mut lines = self.last.chunks_exact(out.len());
        for (unit, line) in hidden.iter().zip(&mut lines) {
            if *unit > 0.0 {
                add(out, line, *unit);
            }
        }
        if let Some(bias) = lines.next() {
            add(out, bias, 1.0);
        }
    }
}

/// A network that learns, with the sums of squared slopes by which AdaGrad slows down.
struct School {
    net: Net,
    first: Vec<f32>,
    bias: f32,
    last: Vec<f32>,
    seen: Sparse,
    hidden: Vec<f32>,
    back: Vec<f32>,
    out: Vec<f32>,
}

impl School {
    fn step(&mut self, row: &Sparse, slot: usize, pace: f32, dice: &mut Dice) {
        self.seen.clear();
        for (feature, value) in row {
            if dice.share() >= LEFT_OUT {
                self.seen.push((*feature, *value / (1.0 - LEFT_OUT)));
            }
        }
        self.hidden.copy_from_slice(&self.net.bias);
        self.net.enter(&self.seen, &mut self.hidden);
        self.out.fill(0.0);
        self.net.leave(&self.hidden, &mut self.out);
        softmax(&mut self.out);
        if let Some(own) = self.out.get_mut(slot) {
            *own -= 1.0;
            if -*own < LEARNED {
                return;
            }
        }
        let slots = self.out.len();
        let slope = self.out.iter().map(|e| e * e).sum::<f32>() / slots as f32;
        let units = self.hidden.iter().copied().chain([1.0]);
        let lines = self.net.last.chunks_exact_mut(slots).zip(&mut self.last);
        let back = self.back.iter_mut().map(Some).chain([None]);
        for ((unit, (line, sum)), back) in units.zip(lines).zip(back) {
            let active = unit > 0.0;
            if let Some(back) = back {
                *back = if active { dot(line, &self.out) } else { 0.0 };
            }
            if active {
                *sum += unit * unit * slope;
                let rate = pace * RATE_LAST / (*sum + FLOOR_LAST).sqrt();
                add(line, &self.out, -rate * unit);
            }
        }
        let slope = self.back.iter().map(|e| e * e).sum::<f32>() / HIDDEN as f32;
        if slope == 0.0 {
            return;
        }
        self.bias += slope;
        let rate = pace * RATE_LAST / (self.bias + FLOOR_LAST).sqrt();
        add(&mut self.net.bias, &self.back, -rate);
        for (feature, value) in &self.seen {
            let feature = *feature as usize;
            let from = feature * HIDDEN;
            if let (Some(own), Some(sum)) = (
                self.net.first.get_mut(from..from + HIDDEN),
                self.first.get_mut(feature),
            ) {
                *sum += slope * value * value;
                let rate = pace * RATE / (*sum + FLOOR).sqrt();
                add(own, &self.back, -rate * value);
            }
        }
    }
}

fn add(to: &mut [f32], what: &[f32], times: f32) {
    for (slot, value) in to.iter_mut().zip(what) {
        *slot += value * times;
    }
}

/// In eight sums beside each other, which a processor adds at once.
pub(super) fn dot(one: &[f32], two: &[f32]) -> f32 {
    let mut sums = [0.0; 8];
    let (one, one_rest) = one.as_chunks::<8>();
    let (two, two_rest) = two.as_chunks::<8>();
    for (one, two) in one.iter().zip(two) {
        for ((sum, a), b) in sums.iter_mut().zip(one).zip(two) {
            *sum += a * b;
        }
    }
    let rest = one_rest.iter().zip(two_rest).map(|(a, b)| a * b);
    sums.iter().copied().chain(rest).sum()
}

fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = (*score - most).exp();
        sum += *score;
    }
    for score in scores {
        *score /= sum;
    }
}
