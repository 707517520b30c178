//! What can go wrong. No message holds input text: kinds, counts, lengths and identities alone.

use crate::map::MapId;
use crate::tag::{Tag, TagKind};

/// A text carries tags of another map than the one at hand: it is not restored, never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text belongs to map {text}, not to {map}: load the map of its conversation")]
#[non_exhaustive]
pub struct WrongMap {
    /// The map the text belongs to.
    pub text: MapId,
    /// The map that was given.
    pub map: MapId,
}

/// A pseudonym map could not be written, read or extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// The stored form ends too early.
    #[error("the stored map is cut short: take it from a complete copy")]
    Truncated,
    /// The stored form is not what this crate writes.
    #[error("the stored map is damaged: take it from a complete copy")]
    Corrupt,
    /// The stored form is of a later version.
    #[error("the stored map has format {version}, newer than this build knows: update the library")]
    NewerFormat {
        /// The version byte.
        version: u8,
    },
    /// A value is too long for the stored form.
    #[error("a value of the map is longer than 4 GiB: split the text")]
    TooLong,
    /// All numbers of a kind are given out.
    #[error("the map holds all tags a kind can have: begin a new conversation")]
    Full,
}

/// A text could not be sealed, so it must not be sent.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// A finding or mark does not lie on characters of this text.
    #[error("finding {index} does not lie in this text: detect and seal the same text")]
    BadMark {
        /// Which one, from 0.
        index: usize,
    },
    /// Values of the map would leave in clear.
    #[error(
        "{count} value(s) would leave in clear, the first of kind {kind}: the text is not sent"
    )]
    Leak {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// The second detection still finds personal data.
    #[error(
        "the second detection still finds {count} piece(s) of personal data, the first of kind {kind}: the text is not sent"
    )]
    Residue {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// The sealed text would not restore to the characters that came in.
    #[error("the sealed text of {len} bytes would not restore exactly: the text is not sent")]
    NotExact {
        /// Length of the text in bytes.
        len: usize,
    },
    /// The detector failed, so nothing is known about the text.
    #[error("the detector failed: the text is not sent")]
    Detector(#[source] DetectorFailure),
    /// The map could not take another value.
    #[error("the map cannot take another value: the text is not sent")]
    Map(#[source] MapError),
    /// The caller's limit was reached before the text was checked.
    #[error("the time for sealing is up: the text is not sent")]
    TimedOut,
}

impl SealError {
    /// All codes, for counters that are set up before anything happens.
    pub const CODES: [&'static str; 8] = [
        "bad_mark",
        "leak",
        "residue",
        "not_exact",
        "detector_failed",
        "detector_panicked",
        "map_full",
        "timed_out",
    ];

    /// A short name of the reason, for metrics and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadMark { .. } => "bad_mark",
            Self::Leak { .. } => "leak",
            Self::Residue { .. } => "residue",
            Self::NotExact { .. } => "not_exact",
            Self::Detector(DetectorFailure::Panicked) => "detector_panicked",
            Self::Detector(_) => "detector_failed",
            Self::Map(_) => "map_full",
            Self::TimedOut => "timed_out",
        }
    }
}

impl From<MapError> for SealError {
    fn from(error: MapError) -> Self {
        Self::Map(error)
    }
}

impl From<DetectorFailure> for SealError {
    fn from(error: DetectorFailure) -> Self {
        Self::Detector(error)
    }
}

/// How a detector failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectorFailure {
    /// It refused the text.
    #[error("the detector refused the text")]
    Refused {
        /// Its own error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It panicked. What it said is dropped: it may quote the text.
    #[error("the detector panicked: report it with an invented text that does it too")]
    Panicked,
}

/// A text that came back from a model or a store is not what may go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// It belongs to another map.
    #[error(transparent)]
    WrongMap(WrongMap),
    /// It holds tags the map does not know: invented, or of another conversation.
    #[error("the text holds {count} tag(s) that are not of this map: draft again")]
    UnknownTags {
        /// How many there are, each counted once.
        count: usize,
    },
    /// It holds tags of words that are not meant for the customer, see [`crate::Provenance`].
    #[error("the text holds {count} tag(s) of the system's own words: draft again")]
    Withheld {
        /// How many there are, each counted once.
        count: usize,
    },
    /// It ends within a tag.
    #[error("the text ends within a tag: draft again")]
    Truncated,
    /// It holds values of the map in clear.
    #[error(
        "the text holds {count} value(s) of the map in clear, the first of kind {kind}: discard it"
    )]
    Leak {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// It holds personal data that is not of the map.
    #[error(
        "the text holds {count} piece(s) of personal data of its own, the first of kind {kind}: discard it"
    )]
    Residue {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// The detector failed, so nothing is known about the text.
    #[error("the detector failed: the text is not used")]
    Detector(#[source] DetectorFailure),
}

impl From<WrongMap> for VerifyError {
    fn from(error: WrongMap) -> Self {
        Self::WrongMap(error)
    }
}

impl From<DetectorFailure> for VerifyError {
    fn from(error: DetectorFailure) -> Self {
        Self::Detector(error)
    }
}

/// A text could not be made anonymous with certainty, so it is not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnonymiseError {
    /// It is too long to say anything about who wrote it.
    #[error("the text has {words} words, more than {limit}: make a template of a group instead")]
    TooLong {
        /// Words of the text.
        words: usize,
        /// The most that are taken.
        limit: usize,
    },
    /// It holds what reads like a slot of ours.
    #[error("the text holds {count} piece(s) that read like slots: it cannot be made a template")]
    SlotLookAlike {
        /// How many there are.
        count: usize,
    },
    /// It speaks of what Articles 9 and 10 GDPR protect, or of a child.
    #[error("the text holds a tag of kind {kind}, a special category: it is not kept")]
    SpecialCategory {
        /// The kind.
        kind: TagKind,
    },
    /// Personal data is left.
    #[error("{count} piece(s) of personal data are left, the first of kind {kind}: it is not kept")]
    Residue {
        /// The kind of the first.
        kind: TagKind,
        /// How many there are.
        count: usize,
    },
    /// Most of its words are rare ones.
    #[error("{words} of {of} words are rare: it is not kept")]
    TooRare {
        /// Words that few others used.
        words: usize,
        /// Words of the text.
        of: usize,
    },
    /// Too few texts of others have enough in common with it.
    #[error("fewer than {least} tickets of as many subjects have enough in common with it")]
    Alone {
        /// How many there must be.
        least: usize,
    },
    /// It belongs to another map than the one that was given for its values.
    #[error(transparent)]
    WrongMap(WrongMap),
    /// The detector failed, so nothing is known about the text.
    #[error("the detector failed: the text is not kept")]
    Detector(#[source] DetectorFailure),
}

impl From<DetectorFailure> for AnonymiseError {
    fn from(error: DetectorFailure) -> Self {
        Self::Detector(error)
    }
}

impl AnonymiseError {
    /// A short name of the reason, for metrics and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "too_long",
            Self::SlotLookAlike { .. } => "slot_look_alike",
            Self::SpecialCategory { .. } => "special_category",
            Self::Residue { .. } => "residue",
            Self::TooRare { .. } => "too_rare",
            Self::Alone { .. } => "alone",
            Self::WrongMap(_) => "wrong_map",
            Self::Detector(_) => "detector_failed",
        }
    }
}

/// A stored sketch of words could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SketchError {
    /// It has not the length that this version writes.
    #[error("the stored sketch is damaged or cut short: take it from a complete copy")]
    Corrupt,
    /// It is of a later version.
    #[error(
        "the stored sketch has format {version}, newer than this build knows: update the library"
    )]
    NewerFormat {
        /// The version byte.
        version: u8,
    },
}

/// A tag of an explicit table is not of the form `[KIND_n]`, or stands in it twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Not the canonical form.
    #[error("entry {index} is not of the form [KIND_n]")]
    BadTag {
        /// Which one, from 0.
        index: usize,
    },
    /// Given twice.
    #[error("{tag} stands in the table twice")]
    Twice {
        /// The tag.
        tag: Tag,
    },
}

/// The bytes of a stream are no text. Nothing of their chunk was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at} of the stream is not UTF-8")]
#[non_exhaustive]
pub struct NotUtf8 {
    /// Where, in bytes from the beginning of the text.
    pub at: usize,
}

/// A structured document could not be sealed or restored. Nothing of it is sent then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StructuredError {
    /// A part of it could not be sealed.
    #[error("a part of the document could not be sealed")]
    Seal(#[source] SealError),
    /// It is not of the format it was said to be.
    #[error("the document is not well-formed {format} at byte {at}: the document is not sent")]
    Malformed {
        /// The format.
        format: &'static str,
        /// Where, in bytes of the document, or of the string of it that is a document itself.
        at: usize,
    },
    /// A JSON number is personal data and may not become a string.
    #[error(
        "a JSON number is personal data of kind {kind}: hand it over as a string, or allow tags with Numbers::Tag"
    )]
    Number {
        /// Its kind.
        kind: TagKind,
    },
    /// A name of the markup is personal data, or the markup reads as a tag: it cannot be replaced without breaking it.
    #[error(
        "the markup itself holds what must not leave, of kind {kind}: the document is not sent"
    )]
    Markup {
        /// Its kind; `TEXT` for what reads as a tag.
        kind: TagKind,
    },
    /// It is larger than the limit.
    #[error("the document has more than {limit} parts: split it")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// It belongs to another map.
    #[error(transparent)]
    WrongMap(WrongMap),
    /// It is nested deeper than the limit.
    #[error("the document is nested deeper than {limit} levels: flatten it")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// After restoring, two names of an object are the same.
    #[error("two names of an object restore to the same text: rename one")]
    SameName,
}

impl StructuredError {
    /// All codes that sealing a document can end with, those of [`SealError`] first.
    pub const CODES: [&'static str; 15] = [
        "bad_mark",
        "leak",
        "residue",
        "not_exact",
        "detector_failed",
        "detector_panicked",
        "map_full",
        "timed_out",
        "malformed",
        "number",
        "markup",
        "too_many",
        "too_deep",
        "same_name",
        "wrong_map",
    ];

    /// A short name of the reason, for metrics and logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Seal(error) => error.code(),
            Self::Malformed { .. } => "malformed",
            Self::Number { .. } => "number",
            Self::Markup { .. } => "markup",
            Self::TooMany { .. } => "too_many",
            Self::TooDeep { .. } => "too_deep",
            Self::SameName => "same_name",
            Self::WrongMap(_) => "wrong_map",
        }
    }
}

impl From<SealError> for StructuredError {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed() {
        let (own, rest) = StructuredError::CODES.split_at(SealError::CODES.len());
        assert_eq!(own, SealError::CODES);
        let kind = TagKind::TEXT;
        let map = MapId([0; 16]);
        let errors = [
            StructuredError::Malformed {
                format: "JSON",
                at: 0,
            },
            StructuredError::Number { kind: kind.clone() },
            StructuredError::Markup { kind },
            StructuredError::TooMany { limit: 1 },
            StructuredError::TooDeep { limit: 1 },
            StructuredError::SameName,
            StructuredError::WrongMap(WrongMap { text: map, map }),
        ];
        let codes: Vec<_> = errors.iter().map(StructuredError::code).collect();
        assert_eq!(codes, rest);
    }
}
