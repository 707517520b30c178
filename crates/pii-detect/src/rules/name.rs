//! Names of persons: by what stands before them, by the tagger, and by being said twice.
//!
//! Three ways, in this order. *Cues* ("my name is", "Mr", a greeting, the line under the regards) say that a
//! name follows, so that lower-case and unknown names are found. The *tagger* sees the others. *Again* finds every name
//! once more that was sure the first time.

mod again;
mod cue;
mod extent;
mod mail;

use crate::tagger::{Label, Tagged};
use crate::token::Tokens;

/// A name, as a range of tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    /// First token.
    pub(crate) from: usize,
    /// Token behind the last.
    pub(crate) to: usize,
    /// How sure, 0 to 1.
    pub(crate) score: f32,
    /// `rule:cue:validator`.
    pub(crate) why: &'static str,
}

/// Finds the names of a text. `taken` marks tokens that belong to something else, such as a street.
pub(crate) fn find(tokens: &Tokens<'_>, taken: &[bool], tagged: &[Tagged]) -> Vec<Name> {
    let mut names = Vec::new();
    cue::find(tokens, &mut names);
    mail::find(tokens, &mut names);
    let persons = tagged.iter().filter(|t| t.label == Label::Person);
    names.extend(persons.filter_map(|t| {
        let from = cue::skip_titles(tokens, t.from);
        (from < t.to).then_some(Name {
            from,
            to: t.to,
            score: t.score,
            why: "name:tagger:crf",
        })
    }));
    names.retain(|name| (name.from..name.to).all(|at| !taken.get(at).copied().unwrap_or(false)));
    again::find(tokens, taken, &mut names);
    names
}
