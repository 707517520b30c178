//! What can go wrong.

use std::fmt;

use crate::neural::NeuralError;

/// Why a detector could not be built or could not look at a text.
///
/// No message holds input text: lengths, positions and limits alone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text is longer than the detector's limit.
    #[error(
        "the text has {len} bytes, the detector takes {limit}: split it, or raise DetectorBuilder::max_bytes"
    )]
    TooLarge {
        /// Length of the text in bytes.
        len: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A tenant pattern cannot be used.
    #[error(
        "tenant pattern {index} cannot be used: use # for a digit, @ for a letter, * for either, at least 3 of them, 4 to 64 characters, beginning with one of them or a letter or digit"
    )]
    BadTenantPattern {
        /// Which one, in the order they were added, from 0.
        index: usize,
    },
    /// A custom recogniser cannot be compiled.
    #[error("custom recogniser {index} cannot be used: {fault}")]
    BadRecogniser {
        /// Which one, in the order they were added, from 0.
        index: usize,
        /// What is wrong with it.
        fault: RecogniserFault,
    },
    /// The token classifier failed, so the text counts as unread.
    #[error("the token classifier failed: {0}")]
    Neural(#[from] NeuralError),
}

/// What is wrong with a custom recogniser. The expression is not quoted: its words may be somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecogniserFault {
    /// The expression breaks the syntax of the `regex` crate.
    Syntax {
        /// The rule.
        rule: String,
        /// Where, in bytes of the expression.
        at: usize,
    },
    /// The compiled expression is too large: keep bounded repeats small.
    TooLarge,
    /// The expression matches the empty text and would match everywhere.
    MatchesNothing,
}

impl fmt::Display for RecogniserFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { rule, at } => write!(f, "{rule}, at byte {at} of the expression"),
            Self::TooLarge => f.write_str("it becomes too large, keep bounded repeats small"),
            Self::MatchesNothing => {
                f.write_str("it matches the empty text, let it need a character")
            }
        }
    }
}
