//! Codes, severities and findings.

use std::fmt;

use redact::Span;

/// What a guard found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// A tag the map does not know.
    UnknownTag,
    /// A tag of the map that is not of this thread, or a greeting with somebody else's name.
    ForeignTag,
    /// A value of the map in clear.
    LeakedValue,
    /// The draft says something and cites nothing.
    MissingCitation,
    /// It cites what it was not given.
    ForeignCitation,
    /// A number that stands in no cited passage and no fact.
    Number,
    /// Such a date.
    Date,
    /// Such an amount of money.
    Price,
    /// Such a web address.
    Url,
    /// Such an e-mail address.
    Email,
    /// A promise, or an action said to be done, that no cited passage or fact holds.
    Promise,
    /// Not the customer's language.
    Language,
    /// Personal data, or a tag of a kind that is never repeated.
    Pii,
    /// Signs of an instruction to the model, or tags the customer did not use.
    Injection,
    /// It rests on what no longer holds.
    Stale,
    /// It says nearly word for word what the team has answered in this thread.
    Repeats,
    /// It is longer than a reply should be.
    Length,
    /// It rests on a passage that is for the team alone.
    Internal,
}

impl Code {
    /// All codes.
    pub const ALL: [Self; 18] = [
        Self::UnknownTag,
        Self::ForeignTag,
        Self::LeakedValue,
        Self::MissingCitation,
        Self::ForeignCitation,
        Self::Number,
        Self::Date,
        Self::Price,
        Self::Url,
        Self::Email,
        Self::Promise,
        Self::Language,
        Self::Pii,
        Self::Injection,
        Self::Stale,
        Self::Repeats,
        Self::Length,
        Self::Internal,
    ];

    /// The stable code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownTag => "unknown_tag",
            Self::ForeignTag => "foreign_tag",
            Self::LeakedValue => "leaked_value",
            Self::MissingCitation => "missing_citation",
            Self::ForeignCitation => "foreign_citation",
            Self::Number => "number",
            Self::Date => "date",
            Self::Price => "price",
            Self::Url => "url",
            Self::Email => "email",
            Self::Promise => "promise",
            Self::Language => "language",
            Self::Pii => "pii",
            Self::Injection => "injection",
            Self::Stale => "stale",
            Self::Repeats => "repeats",
            Self::Length => "length",
            Self::Internal => "internal",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a finding means for the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "a draft is shown or it is not")]
pub enum Severity {
    /// Shown, with the finding beside it.
    Warn,
    /// Not shown.
    Block,
}

impl Severity {
    /// `warn` or `block`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }
}

/// A finding of a guard: code, severity and where, never text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Whether the draft may be shown.
    pub severity: Severity,
    /// Where in the draft, in bytes; `None` when it is about the whole.
    pub span: Option<Span>,
}

impl Finding {
    pub(super) fn block(code: Code, span: Option<Span>) -> Self {
        Self {
            code,
            severity: Severity::Block,
            span,
        }
    }

    pub(super) fn warn(code: Code, span: Option<Span>) -> Self {
        Self {
            code,
            severity: Severity::Warn,
            span,
        }
    }
}
