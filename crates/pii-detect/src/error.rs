//! What can go wrong.

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
    #[error(
        "custom recogniser {index} cannot be compiled: check its syntax, keep bounded repeats small, and let it match no empty text"
    )]
    BadRecogniser {
        /// Which one, in the order they were added, from 0.
        index: usize,
        /// What the engine said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}
