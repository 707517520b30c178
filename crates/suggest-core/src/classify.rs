//! Labels for texts, learned in process: hashed words and character n-grams, vectors of words, linear separators and small networks.
//!
//! Features are words, pairs of neighbouring words, and the 2- to 5-grams of characters within words, weighted by TF-IDF with
//! sublinear counts; and, with feature `vectors`, the mean of the vectors of a text's words. On each of the two, two kinds of learner
//! add up their scores: for each label a support vector machine with squared hinge loss,
//! by dual coordinate descent (Hsieh, Chang, Lin, Keerthi, Sundararajan 2008), and a network with one hidden layer, three of them
//! where examples are few. Texts without a label are one label more. How sure an answer is, is read by logistic curves from the
//! lead over the second label, the score, how far texts without a label are behind, how much the scores leave open, how many of
//! the examples that are nearest by their vectors have the label, and how often the label was given wrongly.

mod dice;
mod doubt;
mod features;
mod lead;
mod meaning;
mod model;
mod net;
mod small;
mod snapshot;
mod svm;
mod vectors;

use std::collections::BTreeSet;
use std::fmt;

use redact::{Anonymised, Redacted};

use crate::error::Error;

use lead::{Curve, Judged};
use model::Model;
pub(crate) use small::{cosine, dot, small};
pub(crate) use vectors::table;

/// Of the texts that belong to a label, this share may be turned away so that those that belong to none are noticed.
const TURNED_AWAY: f32 = 0.035;

/// So many times the examples are divided into those that are learned from and those that are judged.
const FOLDS: u32 = 3;

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
    label_names: bool,
}

impl<'e> Training<'e> {
    /// Learns from these.
    #[must_use]
    pub const fn new(examples: &'e [Example<'e>]) -> Self {
        Self {
            examples,
            held_out: None,
            precision: 0.99,
            label_names: true,
        }
    }

    /// Learns how sure a lead is from these, which are not among the examples. Otherwise the examples are divided in three by a
    /// hash of the text, each third is judged by what was learned from the two others, and all is learned from at the end
    /// (cross-fitting), which takes three times as long.
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

    /// Whether the name of each label is an example of it, with spaces for `_` and `-`. Yes where nothing is said: it
    /// helps where examples are few. Say no where the names mean nothing.
    #[must_use]
    pub const fn label_names(mut self, learned: bool) -> Self {
        self.label_names = learned;
        self
    }

    /// Learns. The same examples give the same classifier.
    ///
    /// Time is proportional to the examples, their words and the labels: about 10 seconds for
    /// 10,000 examples of 77 labels where others are held out, three times that where they are not.
    ///
    /// # Errors
    /// [`TrainError`].
    pub fn train(&self) -> Result<Classifier, TrainError> {
        if !(0.0..=1.0).contains(&self.precision) {
            return Err(TrainError::BadPrecision);
        }
        let names = self.names();
        let all: Vec<Example<'_>> = self
            .examples
            .iter()
            .copied()
            .chain(names.iter().map(|(name, label)| Example::own(name, label)))
            .collect();
        let mut model = Model::new(&all)?;
        let mut judged = match self.held_out {
            Some(held) => model.judge(held),
            None => self.crossed(&all, &model.labels),
        };
        model.doubts = doubt::doubts(&mut judged, model.labels.len());
        let curve = Curve::new(&judged, self.precision, TURNED_AWAY);
        Ok(Classifier { model, curve })
    }

    /// Leads of all examples, each by a model that was learned without it; names of labels are in all of them.
    fn crossed(&self, all: &[Example<'_>], labels: &[String]) -> Vec<Judged> {
        let (own, names) = all.split_at(self.examples.len().min(all.len()));
        let mut judged = Vec::with_capacity(own.len());
        for fold in 0..FOLDS {
            let (held, mut rest): (Vec<_>, Vec<_>) = own
                .iter()
                .copied()
                .partition(|e| features::bucket(e.text) % FOLDS == fold);
            rest.extend(names);
            // Where too little is left to learn from, nothing is sure.
            if let Ok(model) = Model::new(&rest) {
                let number = |own: usize| {
                    let label = model.labels.get(own);
                    label.and_then(|label| labels.binary_search(label).ok())
                };
                judged.extend(model.judge(&held).into_iter().map(|(mut lead, right)| {
                    // A third may lack a label, and then numbers the others in its own way.
                    lead.label = number(lead.label).unwrap_or(labels.len());
                    (lead, right)
                }));
            }
        }
        judged
    }

    /// The labels as texts: `lost_or_stolen-phone` is an example of its own.
    fn names(&self) -> Vec<(String, &'e str)> {
        let labels: BTreeSet<&str> = self.examples.iter().filter_map(|e| e.label).collect();
        labels
            .into_iter()
            .filter(|_| self.label_names)
            .map(|label| (label.replace(['_', '-'], " "), label))
            .collect()
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
pub struct Classifier {
    model: Model,
    curve: Curve,
}

impl Classifier {
    /// The classifier as bytes, to be kept: four for each feature and label, 512 more for each feature and network, and 256 for
    /// each example (of a label with more than 400, for some of them); 30 MB after 10,000 examples of 77 labels.
    ///
    /// They hold the labels as they are, of the examples the hashes of words and parts of words, and what each means as a
    /// vector: whoever has a list of words can tell which of them the examples held, and guess at each example. Keep them as
    /// long as the examples may be kept.
    ///
    /// ```
    /// use suggest_core::{Classifier, Example, Training};
    /// let examples = [
    ///     Example::own("where is my parcel", "delivery"),
    ///     Example::own("I want my money back", "refund"),
    /// ];
    /// let bytes = Training::new(&examples).train()?.to_bytes();
    /// let again = Classifier::from_bytes(&bytes)?;
    /// assert_eq!(again.labels().count(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        snapshot::write(self)
    }

    /// The classifier that [`Self::to_bytes`] wrote. Memory stays in proportion to the bytes, whatever they say.
    ///
    /// # Errors
    /// [`Error::NewerClassifier`] for a later version, [`Error::CorruptClassifier`] for anything else that `to_bytes` does not write:
    /// an earlier version, other vectors of words, or none of them (feature `vectors`).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        snapshot::read(bytes)
    }

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

#[cfg(test)]
mod tests;
