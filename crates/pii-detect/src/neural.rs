//! A token classifier of the user's own beside the rules.
//!
//! The rules find what has a form; a model reads what stands around a word. [`TokenClassifier`] is the door for any
//! backend: a side-car, a model of another family, or, with the feature `neural`, `NeuralModel`, which runs a
//! BERT token classifier in ONNX form here, in Rust and on one thread.
//!
//! What a classifier finds enters as candidates and is resolved with those of the rules. Names and places are the
//! union of both; for numbers and addresses of the net the rules come first, for they can count check digits. A
//! classifier that fails fails the detection: an unread text never passes for a clean one.

use std::fmt;

use crate::kind::Kind;
use crate::span::Span;

mod admit;
#[cfg(feature = "neural")]
mod join;
#[cfg(feature = "neural")]
mod label;
#[cfg(feature = "neural")]
mod model;
#[cfg(feature = "neural")]
mod window;
#[cfg(feature = "neural")]
mod wordpiece;

pub(crate) use admit::add;
#[cfg(feature = "neural")]
pub use label::ModelConfig;
#[cfg(feature = "neural")]
pub use model::NeuralModel;

/// Something that reads a text and says where personal data stands.
///
/// One classifier serves all threads. It gets the whole text and must not keep it. It reports in bytes of that
/// text; a span that does not lie on character boundaries in it, or a score that is no number, fails the detection.
///
/// ```
/// use std::sync::Arc;
/// use pii_detect::{Detector, Kind, Known, NeuralError, NeuralSpan, Span, TokenClassifier};
///
/// #[derive(Debug)]
/// struct SideCar;
/// impl TokenClassifier for SideCar {
///     fn classify(&self, text: &str) -> Result<Vec<NeuralSpan>, NeuralError> {
///         let name = text.find("quillon").and_then(|at| Span::new(at, at + 7));
///         Ok(name.map(|span| NeuralSpan::new(span, Kind::Person, 0.9)).into_iter().collect())
///     }
/// }
///
/// let detector = Detector::builder().neural(Arc::new(SideCar)).build()?;
/// let found = detector.detect("that is for quillon I think", &Known::new())?;
/// assert_eq!(found.iter().map(|f| f.kind()).collect::<Vec<_>>(), [Kind::Person]);
/// # Ok::<(), pii_detect::Error>(())
/// ```
pub trait TokenClassifier: fmt::Debug + Send + Sync {
    /// Finds personal data in a text.
    ///
    /// # Errors
    /// The backend could not look at the text. Errors hold no text of the input: [`NeuralError::Failed`] takes a constant.
    fn classify(&self, text: &str) -> Result<Vec<NeuralSpan>, NeuralError>;
}

/// What a classifier found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeuralSpan {
    span: Span,
    kind: Kind,
    score: f32,
}

impl NeuralSpan {
    /// A span of the text, its kind, and how probable the classifier holds it, 0 to 1.
    #[must_use]
    pub const fn new(span: Span, kind: Kind, score: f32) -> Self {
        Self { span, kind, score }
    }

    /// Where it stands, in bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// How probable it is, 0 to 1.
    #[must_use]
    pub const fn score(&self) -> f32 {
        self.score
    }
}

/// Why a classifier could not be loaded or could not look at a text.
///
/// No message holds input text; what is said of files is said of the model's, not of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NeuralError {
    /// The ONNX file is damaged, or needs what the runtime lacks.
    #[error("the ONNX model cannot be used: {fault}")]
    BadModel {
        /// What the runtime says of it.
        fault: String,
    },
    /// The tokenizer is not one that this crate can follow, or belongs to another model.
    #[error("tokenizer.json cannot be used: {fault}")]
    BadTokenizer {
        /// What is wrong with it.
        fault: &'static str,
    },
    /// The labels or the configuration cannot be used.
    #[error("the labels of the model cannot be used: {fault}")]
    BadLabels {
        /// What is wrong with them.
        fault: &'static str,
    },
    /// The model tells another number of labels apart than were given.
    #[error("the model gives {outputs} values a token, but {labels} labels were named")]
    LabelCount {
        /// How many labels were given.
        labels: usize,
        /// How many values the model gives.
        outputs: usize,
    },
    /// A span of a classifier lies outside the text or within a character, or its score is no number.
    #[error("span {index} of the classifier does not fit the text")]
    BadSpan {
        /// Which one, from 0.
        index: usize,
    },
    /// The backend failed.
    #[error("{reason}")]
    Failed {
        /// Why, as a constant, so that no text of the input can be in it.
        reason: &'static str,
    },
}
