use crate::request::order::SourceId;

/// Why one source keeps a package from being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Gap {
    /// It was asked and did not answer.
    Silent,
    /// It could not look.
    Failed,
    /// It answered more than once.
    AnsweredTwice,
    /// It answered or gave items, and nobody asked it.
    NotAsked,
    /// It said another number of items than it gave.
    Miscounted {
        /// What it said.
        said: u64,
        /// What is there.
        given: u64,
    },
}

/// Why a package cannot be made, or what came is none. No variant holds text that came in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// Nobody was asked.
    #[error("a package needs at least one source that was asked")]
    NoSources,
    /// Not every source answered once and gave what it said: an incomplete copy is no copy (article 15(3)).
    #[error("{} source(s) keep the package from being complete: ask them again", .0.len())]
    Incomplete(Vec<(SourceId, Gap)>),
    /// A text that the letter needs is empty or too long.
    #[error("the letter needs a text of 1 to {max} bytes here: {part}")]
    BadText {
        /// Which.
        part: &'static str,
        /// The most bytes.
        max: usize,
    },
    /// A field without a name.
    #[error("a field needs a name of 1 to 200 bytes")]
    BadField,
    /// Two fields of an item have the same name: one of them would be lost.
    #[error("two fields of an item have the same name: number them")]
    DuplicateField,
    /// Data is handed over and the letter could not say why it is kept (article 15(1)(a), (d)).
    #[error("{categories} categories of data have no reason: give one for each")]
    NoReason {
        /// How many.
        categories: usize,
    },
    /// A category has two reasons.
    #[error("a category has more than one reason: give one for each")]
    DuplicateReason,
    /// Data that is processed on another ground than consent or contract (article 20(1)(a)).
    #[error(
        "{categories} categories rest neither on consent nor on a contract: they are no part of portability"
    )]
    NotPortable {
        /// How many.
        categories: usize,
    },
    /// A recipient outside of the European Economic Area without the safeguards of article 46 (article 15(2)).
    #[error(
        "{recipients} recipients in third countries lack the safeguards to be told (article 15(2))"
    )]
    NoSafeguard {
        /// How many.
        recipients: usize,
    },
    /// An instant that the formats of the package cannot hold, or a package made before the request.
    #[error("an instant is out of order or outside of the years 1980 to 2107: check the clock")]
    BadInstant,
    /// More than a package may hold, or than one may unpack.
    #[error("the package is larger than {} MiB or packed too tightly", super::MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// A writer failed that writes to memory: a fault of this crate.
    #[error("the package could not be written: report this")]
    Writing,
    /// The bytes are no package, or a part of it was changed.
    #[error("the package is damaged: get it again")]
    Damaged,
    /// The manifest was not signed by this key, or was changed.
    #[error("the signature does not fit: check the public key, then get the package again")]
    WrongSignature,
    /// A file that the manifest lists, the manifest or its signature is not there.
    #[error("a file is missing in the package: get it again")]
    MissingFile,
    /// A file is there that the manifest does not list.
    #[error("a file is in the package that nobody signed: get it again")]
    ExtraFile,
    /// A manifest of another version.
    #[error("this version cannot read the package: update")]
    UnknownVersion,
}
