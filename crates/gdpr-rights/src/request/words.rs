//! Words that a human wrote about a case.

use std::fmt;

use zeroize::Zeroizing;

/// Some words, trimmed and never empty. They may be about a person, so they are shown on purpose only.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Words(Zeroizing<String>);

impl Words {
    /// The most bytes that are taken.
    pub(super) const MAX: usize = 2_000;

    /// Takes words; `None` when there are none, or too many.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (1..=Self::MAX)
            .contains(&text.len())
            .then(|| Self(Zeroizing::new(text.to_owned())))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} bytes)", self.0.len())
    }
}
