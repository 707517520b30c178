//! Labels for texts, learned in process: hashed words and character n-grams, and one linear separator a label.
//!
//! Features are words, pairs of neighbouring words, and the 2- to 5-grams of characters within words, weighted by TF-IDF with
//! sublinear counts; each label's separator is a support vector machine with squared hinge loss, trained by dual coordinate
//! descent (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008). The lead over the second label is the better measure of how sure
//! the first one is, better than its score, so the confidence is read from the lead.

mod features;
mod lead;
mod svm;

use std::collections::BTreeMap;
use std::fmt;

use redact::{Anonymised, Redacted};

use features::{Sparse, Vocabulary};
use lead::Curve;

/// Most features times labels: 256 MB of weights.
const MOST_WEIGHTS: usize = 1 << 26;

/// Of the texts that belong to a label, this share may be turned away so that those that belong to none are noticed.
const TURNED_AWAY: f32 = 0.045;

/// Every so-manieth example is held out to learn how sure a lead is, where no others are given.
const HELD_OUT: u32 = 5;

/// A text and the label it has.
///
/// There are two ways to one, so that no customer's words are learned from as they came: the integrator's own words (titles of
/// macros, names of labels, invented examples), and what was made anonymous.
#[derive(Clone, Copy)]
pub struct Example<'a> {
    text: &'a str,
    label: Option<&'a str>,
}

impl<'a> Example<'a> {
    /// The integrator's own words.
    #[must_use]
    pub const fn own(text: &'a str, label: &'a str) -> Self {
        Self {
            text,
            label: Some(label),
        }
    }

    /// Words of a customer, made anonymous.
    #[must_use]
    pub fn learned(text: &'a Anonymised, label: &'a str) -> Self {
        Self::own(text.as_str(), label)
    }

    /// The integrator's own words that have none of the labels. With some of these, a classifier learns to say so.
    #[must_use]
    pub const fn outside(text: &'a str) -> Self {
        Self { text, label: None }
    }
}

impl fmt::Debug for Example<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Example({} bytes)", self.text.len())
    }
}

/// Examples that cannot be learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// There is nothing to choose between.
    #[error("{labels} label(s) with examples: at least two are needed")]
    TooFewLabels {
        /// How many there are.
        labels: usize,
    },
    /// No example holds a word.
    #[error("no example holds a word")]
    NoWords,
    /// More labels and different words than fit into memory.
    #[error("{features} features of {labels} labels are too many: take fewer labels or examples")]
    TooLarge {
        /// Different words and parts of words.
        features: usize,
        /// Labels.
        labels: usize,
    },
    /// The wanted precision is no share.
    #[error("the precision wanted is not between 0 and 1")]
    BadPrecision,
}

/// What is learned, and how sure an answer has to be.
///
/// ```
/// use suggest_core::{Example, Training};
/// let examples = [
///     Example::own("where is my parcel", "delivery"),
///     Example::own("my parcel has not arrived", "delivery"),
///     Example::own("I want my money back", "refund"),
///     Example::own("when do I get the refund", "refund"),
/// ];
/// let classifier = Training::new(&examples).precision(0.95).train()?;
/// assert_eq!(classifier.labels().collect::<Vec<_>>(), ["delivery", "refund"]);
/// # Ok::<(), suggest_core::TrainError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Training<'e> {
    examples: &'e [Example<'e>],
    held_out: Option<&'e [Example<'e>]>,
    precision: f32,
}

impl<'e> Training<'e> {
    /// Learns from these.
    #[must_use]
    pub const fn new(examples: &'e [Example<'e>]) -> Self {
        Self {
            examples,
            held_out: None,
            precision: 0.99,
        }
    }

    /// Learns how sure a lead is from these, which are not among the examples. Otherwise a fifth of the examples is held out for
    /// that, by a hash of the text, and learned from afterwards.
    #[must_use]
    pub const fn held_out(mut self, examples: &'e [Example<'e>]) -> Self {
        self.held_out = Some(examples);
        self
    }

    /// The share of sure answers that shall be right: .99 where nothing is said.
    #[must_use]
    pub const fn precision(mut self, share: f32) -> Self {
        self.precision = share;
        self
    }

    /// Learns. The same examples give the same classifier.
    ///
    /// Time is proportional to the examples, their words and the labels: about 2 seconds for 10,000 examples of 77 labels.
    ///
    /// # Errors
    /// [`TrainError`].
    pub fn train(&self) -> Result<Classifier, TrainError> {
        if !(0.0..=1.0).contains(&self.precision) {
            return Err(TrainError::BadPrecision);
        }
        let all: Vec<Example<'_>> = self.examples.to_vec();
        let (curve, seen) = match self.held_out {
            Some(held) => {
                let model = Model::new(&all)?;
                (model.curve(held, self.precision), Some(model))
            }
            None => {
                let (held, rest): (Vec<_>, Vec<_>) = all
                    .iter()
                    .copied()
                    .partition(|e| features::bucket(e.text).is_multiple_of(HELD_OUT));
                // Where too little is left to learn from, nothing is sure.
                let curve = Model::new(&rest).map(|model| model.curve(&held, self.precision));
                (curve.unwrap_or_default(), None)
            }
        };
        let model = match seen {
            Some(model) => model,
            None => Model::new(&all)?,
        };
        Ok(Classifier { model, curve })
    }
}

/// Which label a text has.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Verdict<'c> {
    /// The label; `None` where the text has most likely none of them.
    pub label: Option<&'c str>,
    /// How likely that is right, 0 to 1, as the examples held out say.
    pub confidence: f32,
    /// Whether it is sure enough for the precision that was wanted.
    pub sure: bool,
}

/// Gives texts labels.
///
/// ```
/// use redact::{MapId, PseudonymMap, seal_marks};
/// use suggest_core::{Example, Training};
/// let examples = [
///     Example::own("where is my parcel", "delivery"),
///     Example::own("my parcel has not arrived", "delivery"),
///     Example::own("I want my money back", "refund"),
///     Example::own("when do I get the refund", "refund"),
/// ];
/// let classifier = Training::new(&examples).train()?;
/// let mut map = PseudonymMap::new(MapId([1; 16]));
/// let text = seal_marks("has the parcel arrived?", &[], &mut map)?;
/// assert_eq!(classifier.classify(&text).label, Some("delivery"));
/// // Four examples say nothing of how sure that is.
/// assert!(!classifier.classify(&text).sure);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Classifier {
    model: Model,
    curve: Curve,
}

impl Classifier {
    /// The labels, sorted.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.model.labels.iter().map(String::as_str)
    }

    /// Whether it can say that a text has none of the labels: it was shown such texts.
    #[must_use]
    pub const fn rejects(&self) -> bool {
        self.curve.rejects()
    }

    /// The least confidence of an answer that is sure; `None` where none is.
    #[must_use]
    pub fn threshold(&self) -> Option<f32> {
        self.curve.threshold()
    }

    /// The label of a text; its tags count as words of their kind.
    #[must_use]
    pub fn classify(&self, text: &Redacted) -> Verdict<'_> {
        let lead = self.model.lead(text.as_str());
        let outside = self.curve.is_outside(&lead);
        let confidence = self.curve.confidence(&lead);
        Verdict {
            label: if outside {
                None
            } else {
                self.model.labels.get(lead.label).map(String::as_str)
            },
            confidence,
            sure: !outside && self.curve.is_sure(confidence),
        }
    }
}

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Classifier({} labels, {} features)",
            self.model.labels.len(),
            self.model.vocabulary.len()
        )
    }
}

/// The first of the labels, and by how much.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lead {
    label: usize,
    /// Its score.
    score: f32,
    /// What it is ahead of the second.
    ahead: f32,
}

/// Separators of labels.
#[derive(Clone)]
struct Model {
    labels: Vec<String>,
    vocabulary: Vocabulary,
    /// For each feature the weights of all labels, and at the end what every text has.
    weights: Vec<f32>,
}

impl Model {
    fn new(examples: &[Example<'_>]) -> Result<Self, TrainError> {
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
        if features.saturating_mul(labels) > MOST_WEIGHTS {
            return Err(TrainError::TooLarge { features, labels });
        }
        let rows: Vec<Sparse> = examples.iter().map(|e| vocabulary.read(e.text)).collect();
        let of: Vec<Option<usize>> = examples
            .iter()
            .map(|e| numbers.get(e.label?).copied())
            .collect();
        let mut weights = vec![0.0; (features + 1) * labels];
        let mut trainer = svm::Trainer::new(&rows, features);
        for label in 0..labels {
            let own = trainer.separate(|row| of.get(row).copied().flatten() == Some(label));
            for (all, weight) in weights.chunks_exact_mut(labels).zip(own) {
                if let Some(slot) = all.get_mut(label) {
                    *slot = *weight;
                }
            }
        }
        Ok(Self {
            labels: numbers.into_keys().map(str::to_owned).collect(),
            vocabulary,
            weights,
        })
    }

    fn lead(&self, text: &str) -> Lead {
        let count = self.labels.len();
        let of = |feature: usize| {
            let from = feature * count;
            self.weights.get(from..from + count).unwrap_or_default()
        };
        let mut scores = of(self.vocabulary.len()).to_vec();
        for (feature, value) in self.vocabulary.read(text) {
            for (score, weight) in scores.iter_mut().zip(of(feature as usize)) {
                *score += weight * value;
            }
        }
        let mut lead = Lead {
            label: 0,
            score: f32::MIN,
            ahead: 0.0,
        };
        let mut second = f32::MIN;
        for (label, score) in scores.into_iter().enumerate() {
            if score > lead.score {
                second = lead.score;
                (lead.label, lead.score) = (label, score);
            } else {
                second = second.max(score);
            }
        }
        lead.ahead = lead.score - second;
        lead
    }

    /// What leads mean, learned from examples this model has not seen.
    fn curve(&self, held: &[Example<'_>], precision: f32) -> Curve {
        let judged: Vec<(Lead, Option<bool>)> = held
            .iter()
            .map(|example| {
                let lead = self.lead(example.text);
                let right = example
                    .label
                    .map(|label| self.labels.get(lead.label).is_some_and(|l| l == label));
                (lead, right)
            })
            .collect();
        Curve::new(&judged, precision, TURNED_AWAY)
    }
}

#[cfg(test)]
mod tests;
