//! What can go wrong outside a suggestion. A suggestion itself does not fail: it says why there is none.

/// What is wrong with the input of the integrator. No message holds text of a customer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The front matter of an article cannot be read.
    #[error("{article}, line {line}: {fault}")]
    FrontMatter {
        /// The name the article was given with.
        article: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        fault: FrontMatterFault,
    },
    /// Two articles have the same id.
    #[error("the id {id} comes twice: give each article and macro one of its own")]
    DuplicatePassage {
        /// The id.
        id: String,
    },
    /// A file of articles is larger than any article.
    #[error("{article} has {bytes} bytes, more than {limit}: cut it into articles")]
    ArticleTooLarge {
        /// The name the file was given with.
        article: String,
        /// Its bytes.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A CSV file cannot be read: no such columns, or a row that has others.
    #[error("{article}, line {line}: {fault}")]
    NotCsv {
        /// The name the file was given with.
        article: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        fault: &'static str,
    },
    /// A sentence for a style that the playbook does not have, or without the slot it must have.
    #[error(
        "the playbook has no sentence `{key}` in the section `{section}` of that language, or its slot is missing"
    )]
    UnknownSentence {
        /// The section.
        section: String,
        /// The key.
        key: String,
    },
    /// Stored bytes of a knowledge base are not what this crate writes.
    #[error("the stored knowledge is damaged or cut short: read the articles again")]
    CorruptKnowledge,
    /// Messages of a thread carry tags of different maps.
    #[error("the messages of a thread must be sealed with one map")]
    MixedMaps,
    /// A thread without a message.
    #[error("a thread needs at least one message")]
    EmptyThread,
    /// Stored bytes of a corpus are not what this crate writes.
    #[error("the stored corpus is damaged or cut short: take it from a complete copy")]
    CorruptCorpus,
    /// Stored bytes of team figures are not what this crate writes.
    #[error("the stored figures of teams are damaged or cut short: take them from a complete copy")]
    CorruptTeams,
    /// Stored bytes of a later version.
    #[error(
        "the stored bytes have format {version}, newer than this build knows: update the library"
    )]
    NewerCorpus {
        /// The version byte.
        version: u8,
    },
    /// Stored bytes of a classifier are not what this crate writes.
    #[error("the stored classifier is damaged or cut short: train it again")]
    CorruptClassifier,
    /// Stored bytes of a classifier of a later version.
    #[error(
        "the stored classifier has format {version}, newer than this build knows: update the library"
    )]
    NewerClassifier {
        /// The version byte.
        version: u8,
    },
}

/// What is wrong with front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrontMatterFault {
    /// The file does not begin with `---`.
    #[error("an article begins with a line `---` and its front matter")]
    Missing,
    /// No second `---`.
    #[error("the front matter has no closing line `---`")]
    NotClosed,
    /// A line without colon.
    #[error("expected `key: value`")]
    NotKeyValue,
    /// A key that means nothing.
    #[error(
        "unknown key: id, title, lang, audience, valid_from, valid_until, kind, examples are known"
    )]
    UnknownKey,
    /// A key that stands there twice.
    #[error("the key comes twice")]
    Twice,
    /// No id, or one that cannot stand in a citation.
    #[error("`id` is missing or not of letters, digits and `-_./`, at most 80")]
    BadId,
    /// No title.
    #[error("`title` is missing")]
    NoTitle,
    /// No language, or none of the official EU languages.
    #[error("`lang` is missing or no ISO 639-1 code of an official EU language")]
    UnknownLanguage,
    /// Neither `customer` nor `internal`.
    #[error("`audience` is `customer` or `internal`")]
    UnknownAudience,
    /// Neither `article` nor `macro`.
    #[error("`kind` is `article` or `macro`")]
    UnknownKind,
    /// A macro with a slot that nothing fills.
    #[error(
        "a macro's slots are {{ORDER}} {{PERSON}} {{STATUS}} {{DATE}} {{TRACKING}} {{CARRIER}} {{AMOUNT}}"
    )]
    UnknownSlot,
    /// No date.
    #[error("expected a date YYYY-MM-DD")]
    BadDate,
    /// `valid_until` before `valid_from`.
    #[error("`valid_until` lies before `valid_from`")]
    EndsBeforeItBegins,
}
