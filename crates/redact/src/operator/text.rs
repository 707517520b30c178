//! The states of text that operators make.

use std::fmt;

use zeroize::Zeroizing;

use crate::text::Redacted;

/// What became of a text. Which state it has follows from what stands in it, not from what was asked for.
///
/// | state | stands in it | may be given to a model |
/// |-|-|-|
/// | [`Redacted`] | tags, `<KIND>`, and coarse forms in which the detector finds nothing | yes |
/// | [`Replaced`] | also codes, stand-ins, coarse forms that the detector takes for data | no |
/// | [`Partial`] | also values that were kept or masked | no |
///
/// A code joins conversations of one person, which a model's operator has no business to see; a stand-in comes back in
/// the draft as somebody's name, and no map leads from it to the customer. So neither is [`Redacted`].
#[derive(Debug)]
#[non_exhaustive]
pub enum Applied {
    /// Nothing but tags of the map leads back.
    Redacted(Redacted),
    /// No value is left, but what stands for them is for people and statistics, not for a model.
    Replaced(Replaced),
    /// Personal data is left.
    Partial(Partial),
}

impl Applied {
    /// The redacted text, where it is that.
    #[must_use]
    pub fn redacted(self) -> Option<Redacted> {
        match self {
            Self::Redacted(text) => Some(text),
            _ => None,
        }
    }

    /// The text, whatever its state: personal data in clear where that is [`Partial`].
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Redacted(text) => text.as_str(),
            Self::Replaced(text) => text.as_str(),
            Self::Partial(text) => text.expose(),
        }
    }
}

/// Text in which no value is left. Pseudonymous under article 4(5) GDPR: whoever holds the key, the seed or the
/// stand-ins can tell whom it speaks of.
///
/// ```compile_fail,E0308
/// fn prompt(text: redact::Redacted) {}
/// fn door(text: redact::operator::Replaced) { prompt(text) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Replaced {
    text: String,
}

impl Replaced {
    pub(super) const fn new(text: String) -> Self {
        Self { text }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Replaced({} bytes)", self.text.len())
    }
}

/// Text in which values stand, whole or in part: personal data, for the eyes of whoever may see just that.
///
/// Zeroised on drop; Debug prints the length; there is no Display.
///
/// ```compile_fail,E0308
/// fn prompt(text: redact::Redacted) {}
/// fn door(text: redact::operator::Partial) { prompt(text) }
/// ```
/// ```compile_fail,E0277
/// fn show(text: &redact::operator::Partial) -> String { format!("{text}") }
/// ```
pub struct Partial {
    text: Zeroizing<String>,
}

impl Partial {
    pub(super) const fn new(text: Zeroizing<String>) -> Self {
        Self { text }
    }

    /// The text in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Partial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partial({} bytes)", self.text.len())
    }
}
