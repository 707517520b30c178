//! What can go wrong.

use std::fmt;

use crate::custom::RecogniseFault;
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
    /// A pattern of a set cannot be used.
    #[error("pattern {index} ({label}) cannot be used: {fault}")]
    BadPattern {
        /// Which one, in the order they were added, from 0.
        index: usize,
        /// Its label; `-` where that is none.
        label: String,
        /// What is wrong with it.
        fault: RecogniserFault,
    },
    /// An allow-list cannot be used.
    #[error("allow-list {index} cannot be used: {fault}")]
    BadAllow {
        /// Which one, in the order they were added, from 0.
        index: usize,
        /// What is wrong with it.
        fault: RecogniserFault,
    },
    /// The text of a set of patterns is not what it should be.
    #[error("the patterns cannot be read, at byte {at}: {reason}")]
    BadPatternText {
        /// Where, in bytes of the text; 0 where that is not known.
        at: usize,
        /// What the parser says, without what it read.
        reason: &'static str,
    },
    /// No set of patterns has that name, so nothing was looked for.
    #[error("name {index}: there is no set of patterns of that name")]
    NoSuchSet {
        /// Which of the names, from 0.
        index: usize,
    },
    /// A recogniser of the caller's own did wrong or gave up, so the text counts as unread.
    #[error("the recogniser {name} failed: {fault}")]
    Recogniser {
        /// Its name.
        name: String,
        /// What went wrong.
        fault: RecogniseFault,
    },
    /// The bytes of a stream are no text.
    #[error("byte {at} of the stream is not UTF-8")]
    NotUtf8 {
        /// Where.
        at: usize,
    },
    /// A stream was used after it had failed.
    #[error("the stream failed before: begin a new one")]
    StreamOver,
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
    /// There are more of them than a set may have.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The expression, or a list, is longer than it may be.
    TooLong {
        /// Its length: bytes of an expression, entries of a list.
        len: usize,
        /// The limit.
        limit: usize,
    },
    /// The label is neither that of a kind nor fit for one's own, see [`crate::CustomLabel`].
    Label,
    /// A pattern is one of three: an expression, a list of words, a number pattern.
    Matcher,
    /// A number pattern breaks the rules of [`crate::DetectorBuilder::tenant_pattern`].
    Number,
    /// An entry of a list has neither letter nor digit.
    EmptyEntry {
        /// Which entry, from 0.
        entry: usize,
    },
    /// A score is no number between 0 and 1.
    Score,
    /// A locale is not the code of an official language of the Union.
    Locale {
        /// Which one, from 0.
        entry: usize,
    },
    /// No check has the name.
    Check,
    /// The window of the context is longer than it may be.
    Window {
        /// The limit in words.
        limit: usize,
    },
    /// A list within a pattern says for what it is: it is for its pattern alone.
    Nested {
        /// The key that does not belong there.
        key: &'static str,
    },
    /// One of several expressions is wrong.
    Entry {
        /// Which one, from 0.
        entry: usize,
        /// What is wrong with it.
        fault: Box<RecogniserFault>,
    },
}

impl fmt::Display for RecogniserFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { rule, at } => write!(f, "{rule}, at byte {at} of the expression"),
            Self::TooLarge => f.write_str("it becomes too large, keep bounded repeats small"),
            Self::MatchesNothing => {
                f.write_str("it matches the empty text, let it need a character")
            }
            Self::TooMany { limit } => write!(f, "a set has at most {limit}"),
            Self::TooLong { len, limit } => write!(f, "its length is {len}, at most {limit} are taken"),
            Self::Label => f.write_str(
                "the label is neither that of a kind nor upper-case letters, digits and single underscores",
            ),
            Self::Matcher => f.write_str("it needs one of regex, words and number, and no second one"),
            Self::Number => f.write_str(
                "use # for a digit, @ for a letter, * for either, at least 3 of them, 4 to 64 characters, beginning with one of them or a letter or digit",
            ),
            Self::EmptyEntry { entry } => write!(f, "entry {entry} has neither letter nor digit"),
            Self::Score => f.write_str("a score is a number from 0 to 1"),
            Self::Locale { entry } => write!(
                f,
                "locale {entry} is not the code of an official language of the European Union"
            ),
            Self::Check => {
                f.write_str("there is no such check: luhn, mod97, or a name of Scheme::all")
            }
            Self::Window { limit } => write!(f, "the window is at most {limit} words"),
            Self::Nested { key } => write!(
                f,
                "allow.{key}: a list within a pattern is for that pattern alone, leave {key} out or make the list one of its own"
            ),
            Self::Entry { entry, fault } => write!(f, "entry {entry}: {fault}"),
        }
    }
}
