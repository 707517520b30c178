//! The first glance at a token: a logistic regression over a few features, which says of half of the tokens without a
//! label that they bear none, for a fraction of what the model costs. The first stage of a cascade (Viola, Jones 2001; for sequences Weiss, Taskar 2010).

use crate::model::{Model, Sequence, exp};
use crate::sample::Random;
use pii_detect::training::{GLANCE_UNIT, GLANCES, OUTSIDE, PLACES};

/// Steps of the training over all texts.
const EPOCHS: usize = 6;
/// One text in so many is not learned from: it sets the bound.
const KEPT: usize = 8;
/// Rate of AdaGrad.
const RATE: f32 = 0.1;
/// What a token with a label counts more than one without: the bound is where next to none of those is left, not where both are told
/// apart best.
const WEIGHT: f32 = 25.0;

/// What is learned, rounded.
#[derive(Debug)]
pub(crate) struct Glance {
    weights: Vec<i8>,
    /// A token of a lower sum bears no label.
    least: i16,
}

/// What the model says of a text's tokens: whether one is of a person, a place or an address, or of something else in several words, which may
/// be a name once one of them is closed. The first glance is to foretell that, not what annotators said, of which the model finds a part only.
fn taught(model: &Model, sequence: &Sequence) -> Vec<bool> {
    const OTHER: usize = 7;
    let states = model.decode(sequence, 0.0);
    let goes_on = |at: usize| states.get(at + 1).is_some_and(|next| *next == OTHER + 1);
    let labelled = |(at, state): (usize, &usize)| match *state {
        OUTSIDE => false,
        OTHER => goes_on(at),
        _ => true,
    };
    states.iter().enumerate().map(labelled).collect()
}

impl Glance {
    /// Learns from texts what `model` says of them; of a thousand tokens with a label `lost` may have a lower sum than the bound.
    pub(crate) fn learn(
        sequences: &[Sequence],
        model: &Model,
        lost: f32,
        random: &mut Random,
    ) -> Self {
        let labels: Vec<Vec<bool>> = sequences.iter().map(|s| taught(model, s)).collect();
        let tokens = |at: usize| {
            let (sequence, labels) = (&sequences[at], &labels[at]);
            let open = (0..sequence.open.len()).filter(|at| sequence.open[*at]);
            open.map(move |token| (&sequence.glances[token], labels[token]))
        };
        let mut weights = vec![0f32; PLACES];
        let mut squares = vec![1e-6f32; PLACES];
        let mut mean = vec![0f32; PLACES];
        let (mut order, kept): (Vec<usize>, Vec<usize>) =
            (0..sequences.len()).partition(|at| at % KEPT != 0);
        for epoch in 0..EPOCHS {
            random.shuffle(&mut order);
            for (step, at) in order.iter().enumerate() {
                for (places, label) in tokens(*at) {
                    let sum = places
                        .iter()
                        .fold(0f32, |s, p| s + weights[usize::from(*p)]);
                    let guess = 1.0 / (1.0 + exp(-sum));
                    let gradient = if label { WEIGHT * (guess - 1.0) } else { guess };
                    for place in places.map(usize::from) {
                        squares[place] += gradient * gradient;
                        weights[place] -= RATE * gradient / squares[place].sqrt();
                    }
                }
                // Sixteen moments of the last two epochs.
                let moment = (order.len() / 8).max(1);
                if epoch + 2 >= EPOCHS && step % moment == moment - 1 {
                    for (m, w) in mean.iter_mut().zip(&weights) {
                        *m += w / 16.0;
                    }
                }
            }
        }
        let round = |w: &f32| (w * GLANCE_UNIT as f32).round().clamp(-127.0, 127.0) as i8;
        let mut glance = Self {
            weights: mean.iter().map(round).collect(),
            least: i16::MIN,
        };
        let labelled = kept
            .into_iter()
            .flat_map(&tokens)
            .filter(|(_, label)| *label);
        let mut sums: Vec<i16> = labelled.map(|(places, _)| glance.sum(places)).collect();
        sums.sort_unstable();
        let bound = (sums.len() as f32 * lost / 1000.0) as usize;
        glance.least = sums.get(bound).copied().unwrap_or(i16::MIN);
        glance
    }

    fn sum(&self, places: &[u16; GLANCES]) -> i16 {
        places
            .iter()
            .fold(0, |s, p| s + i16::from(self.weights[usize::from(*p)]))
    }

    /// Closes the tokens of a text that are not worth more than a glance.
    pub(crate) fn close(&self, sequence: &mut Sequence) {
        for (open, places) in sequence.open.iter_mut().zip(&sequence.glances) {
            *open &= self.sum(places) >= self.least;
        }
    }

    /// How many of the tokens that `model` labels have a lower sum than the bound, and how many it labels.
    pub(crate) fn lost<'s>(
        &self,
        sequences: impl Iterator<Item = &'s Sequence>,
        model: &Model,
    ) -> (usize, usize) {
        let mut all = (0, 0);
        for sequence in sequences {
            let labels = taught(model, sequence);
            for (places, _) in sequence
                .glances
                .iter()
                .zip(labels)
                .filter(|(_, label)| *label)
            {
                all.0 += usize::from(self.sum(places) < self.least);
                all.1 += 1;
            }
        }
        all
    }

    /// The end of the file, as the library reads it.
    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> {
        let weights = self.weights.iter().map(|w| w.to_le_bytes()[0]);
        weights.chain(self.least.to_le_bytes())
    }
}
