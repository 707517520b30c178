//! What a draft is judged against.

use std::fmt;

use chrono::{DateTime, Utc};
use redact::{Detector, Locale, PseudonymMap};

use crate::fact::Fact;
use crate::knowledge::Passage;
use crate::thread::Thread;

/// What a draft is judged against.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Context<'a> {
    /// The thread it answers.
    pub thread: &'a Thread,
    /// The map of the thread.
    pub map: &'a PseudonymMap,
    /// Finds personal data the draft should not have.
    pub detector: &'a Detector,
    /// The facts it may rest on.
    pub facts: &'a [Fact],
    /// The passages it was given.
    pub supplied: &'a [&'a Passage],
    /// The ids it cites.
    pub citations: &'a [String],
    /// Sentences of the engine's own that any draft may hold.
    pub own: &'a [&'a str],
    /// The customer's language.
    pub locale: Locale,
    /// The instant passages and facts must hold at.
    pub now: DateTime<Utc>,
    /// Whether it may do without a citation: it asks and acknowledges, nothing more.
    pub only_asks: bool,
    /// Characters from which a draft is too long; [`LONGEST`](Self::LONGEST) unless changed.
    pub longest: usize,
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("facts", &self.facts.len())
            .field("supplied", &self.supplied.len())
            .field("citations", &self.citations.len())
            .field("locale", &self.locale)
            .finish_non_exhaustive()
    }
}

impl<'a> Context<'a> {
    /// Characters of a long reply: some 450 words, a page and a half of mail.
    pub const LONGEST: usize = 3000;

    /// Judges against nothing but the thread; add what the draft may rest on.
    #[must_use]
    pub fn new(
        thread: &'a Thread,
        map: &'a PseudonymMap,
        detector: &'a Detector,
        locale: Locale,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            thread,
            map,
            detector,
            facts: &[],
            supplied: &[],
            citations: &[],
            own: &[],
            locale,
            now,
            only_asks: false,
            longest: Self::LONGEST,
        }
    }

    /// Adds the facts.
    #[must_use]
    pub fn with_facts(mut self, facts: &'a [Fact]) -> Self {
        self.facts = facts;
        self
    }

    /// Adds the passages that were given and the ids that are cited.
    #[must_use]
    pub fn with_passages(mut self, supplied: &'a [&'a Passage], citations: &'a [String]) -> Self {
        self.supplied = supplied;
        self.citations = citations;
        self
    }

    /// What the facts that hold say: the caller's own words, sealed.
    pub(super) fn stated(&self) -> impl Iterator<Item = &'a str> {
        let now = self.now;
        let facts = self.facts.iter().filter(move |fact| fact.is_valid(now));
        facts.map(|fact| fact.value().as_str())
    }

    /// The passages that are both given and cited: what the draft may rest on.
    pub(super) fn cited(&self) -> impl Iterator<Item = &'a Passage> {
        let citations = self.citations;
        self.supplied
            .iter()
            .copied()
            .filter(move |passage| citations.iter().any(|id| id == passage.id()))
    }
}
