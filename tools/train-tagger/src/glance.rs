//! The first glance at a token: a logistic regression over a few features, which says of half of the tokens without a
//! label that they bear none, for a fraction of what the model costs. The first stage of a cascade (Viola, Jones 2001; for sequences Weiss, Taskar 2010).

use crate::model::{Model, Sequence, exp};
use crate::sample::Random;
use pii_detect::training::{GLANCE_UNIT, GLANCES, PLACES};

/// Steps of the training over all texts.
const EPOCHS: usize = 3;
/// Rate of AdaGrad.
const RATE: f32 = 0.1;

/// What is learned, rounded.
#[derive(Debug)]
pub(crate) struct Glance {
    weights: Vec<i8>,
    /// A token of a lower sum bears no label.
    least: i16,
}

/// What the model says of a text's tokens: whether one is of a person, a place or an address. The first glance is to foretell that, not
/// what annotators said, of which the model finds a part only.
fn taught(model: &Model, sequence: &Sequence) -> Vec<bool> {
    let states = model.decode(sequence, 0.0);
    states.iter().map(|state| (1..7).contains(state)).collect()
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
        let mut order: Vec<usize> = (0..sequences.len()).collect();
        for epoch in 0..EPOCHS {
            random.shuffle(&mut order);
            for (step, at) in order.iter().enumerate() {
                for (places, label) in tokens(*at) {
                    let sum = places
                        .iter()
                        .fold(0f32, |s, p| s + weights[usize::from(*p)]);
                    let guess = 1.0 / (1.0 + exp(-sum));
                    let gradient = guess - f32::from(u8::from(label));
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
        let labelled = (0..sequences.len())
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

    /// The end of the file, as the library reads it.
    pub(crate) fn bytes(&self) -> impl Iterator<Item = u8> {
        let weights = self.weights.iter().map(|w| w.to_le_bytes()[0]);
        weights.chain(self.least.to_le_bytes())
    }
}
