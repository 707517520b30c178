//! What scores a text for each label: separators and networks, over n-grams and over vectors, their scores added.

use std::collections::BTreeMap;

use super::features::{Sparse, Vocabulary};
use super::lead::Judged;
use super::meaning::{Around, Meaning};
use super::net::{HIDDEN, Net};
use super::{Example, TrainError, svm, vectors};

/// Most weights: 512 MB.
pub(super) const MOST_WEIGHTS: usize = 1 << 27;
/// What a separator's score counts beside the logarithm of odds that a network gives.
const SEPARATORS: f32 = 1.5;
/// Sums of scores are surer than they should be: as logarithms of odds they are divided by this.
const EVEN: f32 = 2.0;
/// Steps a network takes, about: fewer examples are looked at more often, and by more networks.
const STEPS: usize = 100_000;

/// The first of the labels, and by how much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lead {
    pub(super) label: usize,
    /// Its score.
    pub(super) score: f32,
    /// What it is ahead of the second.
    pub(super) ahead: f32,
    /// What the texts without a label are ahead of all labels together; 0 where none were learned from.
    pub(super) outside: f32,
    /// How much the scores leave open: the logarithm of what the first lacks of certainty, and the entropy, at odds made even by half.
    pub(super) lacking: f32,
    pub(super) open: f32,
    pub(super) around: Around,
    /// How often its label was given wrongly, beside what is usual.
    pub(super) doubt: f32,
}

/// Separators of labels, and networks.
pub(super) struct Model {
    pub(super) labels: Vec<String>,
    /// Whether a slot follows those of the labels, for texts that have none.
    pub(super) outside: bool,
    pub(super) vocabulary: Vocabulary,
    /// For each feature the weights of all slots, and at the end what every text has.
    pub(super) weights: Vec<f32>,
    pub(super) nets: Vec<Net>,
    /// What is learned from vectors, where there are any.
    pub(super) meaning: Option<Meaning>,
    /// How doubtful each label is; nothing until it was tried on examples held out.
    pub(super) doubts: Vec<f32>,
}

impl Model {
    pub(super) fn new(examples: &[Example<'_>]) -> Result<Self, TrainError> {
        let mut numbers: BTreeMap<&str, usize> = examples
            .iter()
            .filter_map(|e| Some((e.label?, 0)))
            .collect();
        if numbers.len() < 2 {
            return Err(TrainError::TooFewLabels {
                labels: numbers.len(),
            });
        }
        for (at, (_, number)) in numbers.iter_mut().enumerate() {
            *number = at;
        }
        let vocabulary = Vocabulary::new(examples.iter().map(|e| e.text));
        let (features, labels) = (vocabulary.len(), numbers.len());
        if features == 0 {
            return Err(TrainError::NoWords);
        }
        let outside = examples.iter().any(|e| e.label.is_none());
        let slots = labels + usize::from(outside);
        let count = examples.len();
        let epochs = (STEPS / count).clamp(8, 30);
        let nets = (STEPS / (count * epochs)).clamp(1, 3);
        if features.saturating_mul(slots + nets * HIDDEN) > MOST_WEIGHTS {
            return Err(TrainError::TooLarge { features, labels });
        }
        let rows: Vec<Sparse> = examples.iter().map(|e| vocabulary.read(e.text)).collect();
        let of: Vec<usize> = examples
            .iter()
            .map(|e| e.label.and_then(|l| numbers.get(l)).copied())
            .map(|slot| slot.unwrap_or(labels))
            .collect();
        let weights = svm::separators(&rows, &of, features, slots);
        let meaning = vectors::table().map(|table| {
            let texts = examples.iter().map(|e| e.text);
            Meaning::new(table, texts, &of, slots, epochs, nets)
        });
        Ok(Self {
            labels: numbers.into_keys().map(str::to_owned).collect(),
            outside,
            nets: (1..=nets as u64)
                .map(|seed| Net::new(&rows, &of, features, slots, epochs, seed))
                .collect(),
            vocabulary,
            weights,
            meaning,
            doubts: vec![0.0; labels],
        })
    }

    pub(super) fn slots(&self) -> usize {
        self.labels.len() + usize::from(self.outside)
    }

    pub(super) fn lead(&self, text: &str) -> Lead {
        let count = self.slots();
        let row = self.vocabulary.read(text);
        let of = |feature: usize| {
            let from = feature * count;
            self.weights.get(from..from + count).unwrap_or_default()
        };
        let mut scores = of(self.vocabulary.len()).to_vec();
        for (feature, value) in &row {
            for (score, weight) in scores.iter_mut().zip(of(*feature as usize)) {
                *score += weight * value;
            }
        }
        for score in &mut scores {
            *score *= SEPARATORS;
        }
        let share = 1.0 / self.nets.len().max(1) as f32;
        for net in &self.nets {
            net.score(&row, share, &mut scores);
        }
        let vector = self.meaning.as_ref().map(|meaning| {
            let vector = meaning.table.read_text(text);
            meaning.score(&vector, &mut scores);
            (meaning, vector)
        });
        let all = scores.clone();
        let stranger = if self.outside { scores.pop() } else { None };
        let mut lead = Lead {
            label: 0,
            score: f32::MIN,
            ahead: 0.0,
            outside: 0.0,
            lacking: 0.0,
            open: 0.0,
            around: Around::default(),
            doubt: 0.0,
        };
        let mut second = f32::MIN;
        for (label, score) in scores.iter().enumerate() {
            if *score > lead.score {
                second = lead.score;
                (lead.label, lead.score) = (label, *score);
            } else {
                second = second.max(*score);
            }
        }
        lead.ahead = lead.score - second;
        if let Some(stranger) = stranger {
            let sum: f32 = scores.iter().map(|s| (s - lead.score).exp()).sum();
            lead.outside = stranger - lead.score - sum.ln();
        }
        let odds = scores.iter().map(|s| (s - lead.score) / EVEN);
        let sum: f32 = odds.clone().map(f32::exp).sum();
        lead.lacking = (1.0 - 1.0 / sum + 1e-6).ln();
        lead.open = odds.map(|o| (sum.ln() - o) * o.exp() / sum).sum();
        if let Some((meaning, vector)) = vector {
            lead.around = meaning.around(&vector, lead.label, &all);
        }
        lead.doubt = self.doubts.get(lead.label).copied().unwrap_or_default();
        lead
    }

    /// Leads of examples this model has not seen.
    pub(super) fn judge(&self, held: &[Example<'_>]) -> Vec<Judged> {
        held.iter()
            .map(|example| {
                let lead = self.lead(example.text);
                let right = example
                    .label
                    .map(|label| self.labels.get(lead.label).is_some_and(|l| l == label));
                (lead, right)
            })
            .collect()
    }
}
