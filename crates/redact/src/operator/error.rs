//! What can go wrong with operators. No message holds input text.

use crate::error::{DetectorFailure, MapError, SealError};
use crate::operator::Operator;
use crate::tag::TagKind;

/// Operators could not be applied to a text: nothing of it may be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperatorError {
    /// An operator needs what was not given.
    #[error(
        "the operator {operator:?} of kind {kind} needs a key or stand-ins: give them to Means"
    )]
    Missing {
        /// The operator.
        operator: Operator,
        /// A kind it is chosen for.
        kind: TagKind,
    },
    /// The findings do not fit the text, or it could not be taken apart.
    #[error("the text could not be taken apart")]
    Seal(#[source] SealError),
    /// The detector failed, so nothing is known about the text.
    #[error("the detector failed: the text is not used")]
    Detector(#[source] DetectorFailure),
    /// The map could not take another value.
    #[error("the map cannot take another value: the text is not used")]
    Map(#[source] MapError),
    /// Values that had to go would stand in the result.
    #[error(
        "{count} value(s) that had to go are left, the first of kind {kind}: the text is not used"
    )]
    Leak {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// The second detection still finds personal data.
    #[error(
        "the second detection still finds {count} piece(s) of personal data, the first of kind {kind}: the text is not used"
    )]
    Residue {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// The result holds what a restorer would take for a tag and is none.
    #[error("the result would hold {count} piece(s) that read like tags: the text is not used")]
    LookAlike {
        /// How many there are.
        count: usize,
    },
}

impl From<SealError> for OperatorError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<DetectorFailure> for OperatorError {
    fn from(error: DetectorFailure) -> Self {
        Self::Detector(error)
    }
}

impl From<MapError> for OperatorError {
    fn from(error: MapError) -> Self {
        Self::Map(error)
    }
}
