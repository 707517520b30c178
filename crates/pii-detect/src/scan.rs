//! What every rule reads: the tokens of a text and the anchors at which candidates begin.

use std::cell::Cell;

use crate::token::{Look, Tokens};
use crate::trigger::{Cue, Set};

/// How many tokens' cues are remembered.
pub(crate) const CUES: usize = 4;

/// A text, looked at once.
pub(crate) struct Scan<'t> {
    /// The text.
    pub(crate) text: &'t str,
    /// Its words and numbers.
    pub(crate) tokens: Tokens<'t>,
    /// The words before the tokens read last: several rules ask of one number, and of the word before it.
    pub(crate) cues: [Cell<Option<(usize, Cue)>>; CUES],
}

impl<'t> Scan<'t> {
    /// Looks at a text and its names.
    #[cfg(test)]
    pub(crate) fn new(text: &'t str) -> Self {
        Self::with(text, true)
    }

    /// Looks at a text, at its names only where they are asked for; linear in its length.
    pub(crate) fn with(text: &'t str, names: bool) -> Self {
        Self {
            text,
            tokens: Tokens::split(text, names),
            cues: [const { Cell::new(None) }; CUES],
        }
    }

    /// Places of the tokens that hold a digit.
    pub(crate) fn numeric(&self) -> impl Iterator<Item = usize> {
        self.tokens.looks().ones(Look::Digits)
    }

    /// The lists of all its words that say what a number is.
    pub(crate) const fn triggers(&self) -> Set {
        self.tokens.triggers()
    }

    /// The byte before `at`, 0 at the start of the text.
    pub(crate) fn byte_before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |before| self.byte(before))
    }

    /// The byte at `at`, 0 behind the end.
    pub(crate) fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The text between two offsets; empty when they are no boundaries.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or("")
    }
}
