//! What is learned from answered tickets: sentences that many wrote alike, and nothing of one ticket alone.
//!
//! A sentence is kept for templates when at least [`MIN_TICKETS`] tickets of at least [`MIN_SUBJECTS`] subjects and
//! [`MIN_AGENTS`] agents hold it, about the same matter in the same language. Below that it waits in memory and in the
//! snapshot, is in no template, and goes when its source is forgotten. A new template is in quarantine until released.

mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use redact::{Anonymised, Label, Locale};

use crate::error::Error;
use crate::intent::Intent;
use crate::text;

/// Tickets that must hold a sentence.
pub const MIN_TICKETS: usize = 5;

/// Different subjects among them.
pub const MIN_SUBJECTS: usize = 5;

/// Different agents among them.
pub const MIN_AGENTS: usize = 2;

/// Where a reply comes from. The labels mean something to the facade alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    source: Label,
    subject: Label,
    agent: Label,
}

impl Origin {
    /// The ticket, the person it belongs to, and who answered.
    #[must_use]
    pub const fn new(source: Label, subject: Label, agent: Label) -> Self {
        Self {
            source,
            subject,
            agent,
        }
    }
}

/// What a reply is about: only replies of one topic are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    intent: Intent,
    locale: Locale,
}

impl Subject {
    /// A matter in a language.
    #[must_use]
    pub const fn new(intent: Intent, locale: Locale) -> Self {
        Self { intent, locale }
    }
}

/// A sentence many wrote alike, with a slot for every tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    about: Subject,
    text: String,
    tickets: usize,
    released: bool,
}

impl Template {
    /// What it is about.
    #[must_use]
    pub const fn intent(&self) -> Intent {
        self.about.intent
    }

    /// Its language.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.about.locale
    }

    /// The sentence; slots are `{KIND}`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many tickets hold it.
    #[must_use]
    pub const fn tickets(&self) -> usize {
        self.tickets
    }

    /// Whether a human has released it.
    #[must_use]
    pub const fn is_released(&self) -> bool {
        self.released
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Sentence {
    text: String,
    origins: BTreeSet<Origin>,
    /// Places in the replies, summed: templates come in the order they are usually written.
    places: u64,
    released: bool,
}

/// Learns from anonymised replies.
///
/// Redacted text is still personal data and does not enter:
///
/// ```compile_fail,E0308
/// fn learn(corpus: &mut suggest_core::Corpus, text: &redact::Redacted, origin: suggest_core::Origin, about: suggest_core::Subject) {
///     corpus.learn(text, origin, about);
/// }
/// ```
/// ```
/// fn learn(corpus: &mut suggest_core::Corpus, text: &redact::Anonymised, origin: suggest_core::Origin, about: suggest_core::Subject) {
///     corpus.learn(text, origin, about);
/// }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    /// By matter and by the folded words of the sentence.
    sentences: BTreeMap<(Subject, String), Sentence>,
}

impl fmt::Debug for Corpus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Corpus({} sentences)", self.sentences.len())
    }
}

impl Corpus {
    /// An empty corpus.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns from a reply. The same ticket twice counts once.
    pub fn learn(&mut self, reply: &Anonymised, origin: Origin, about: Subject) {
        for (place, range) in (0u64..).zip(text::sentences(reply.as_str())) {
            let sentence = reply.as_str().get(range).unwrap_or_default();
            let key = key(sentence);
            if key.is_empty() {
                continue;
            }
            let entry = self.sentences.entry((about, key)).or_default();
            if entry.text.is_empty() {
                sentence.clone_into(&mut entry.text);
            }
            if entry.origins.insert(origin) {
                entry.places += place;
            }
        }
    }

    /// The sentences enough people wrote, in the order they are usually written.
    #[must_use]
    pub fn templates(&self) -> Vec<Template> {
        let mut found: Vec<(Subject, u64, Template)> = self
            .sentences
            .iter()
            .filter(|(_, sentence)| sentence.is_shared())
            .map(|((about, _), sentence)| {
                let tickets = sentence.tickets();
                let template = Template {
                    about: *about,
                    text: sentence.text.clone(),
                    tickets,
                    released: sentence.released,
                };
                (
                    *about,
                    sentence.places * 1_000 / tickets.max(1) as u64,
                    template,
                )
            })
            .collect();
        found.sort_by(|a, b| {
            (a.0, a.1)
                .cmp(&(b.0, b.1))
                .then_with(|| a.2.text.cmp(&b.2.text))
        });
        found.into_iter().map(|(_, _, template)| template).collect()
    }

    /// Releases a template from quarantine; says whether it was there.
    pub fn release(&mut self, template: &Template) -> bool {
        match self
            .sentences
            .get_mut(&(template.about, key(&template.text)))
        {
            Some(sentence) if sentence.is_shared() => {
                sentence.released = true;
                true
            }
            _ => false,
        }
    }

    /// Forgets a ticket: what it alone held goes, what then too few hold is no template any more.
    pub fn forget_source(&mut self, source: Label) {
        self.forget(|origin| origin.source == source);
    }

    /// Forgets a person's tickets.
    pub fn forget_subject(&mut self, subject: Label) {
        self.forget(|origin| origin.subject == subject);
    }

    fn forget(&mut self, gone: impl Fn(&Origin) -> bool) {
        self.sentences.retain(|_, sentence| {
            sentence.origins.retain(|origin| !gone(origin));
            if !sentence.is_shared() {
                sentence.released = false;
            }
            !sentence.origins.is_empty()
        });
    }

    /// The bytes to keep, a version first. They hold sentences below the limit too: seal them.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::write(self)
    }

    /// Reads kept bytes.
    ///
    /// # Errors
    /// [`Error::NewerCorpus`] for a later version, [`Error::CorruptCorpus`] for anything else [`Corpus::snapshot`]
    /// would not have written.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, Error> {
        snapshot::read(bytes)
    }
}

impl Sentence {
    fn tickets(&self) -> usize {
        self.distinct(|origin| origin.source)
    }

    fn distinct(&self, of: impl Fn(&Origin) -> Label) -> usize {
        self.origins.iter().map(of).collect::<BTreeSet<_>>().len()
    }

    fn is_shared(&self) -> bool {
        self.tickets() >= MIN_TICKETS
            && self.distinct(|origin| origin.subject) >= MIN_SUBJECTS
            && self.distinct(|origin| origin.agent) >= MIN_AGENTS
    }
}

/// Case, accents and punctuation do not make another sentence; a slot does.
fn key(sentence: &str) -> String {
    let words: Vec<String> = text::words(sentence)
        .into_iter()
        .map(|word| word.folded)
        .collect();
    words.join(" ")
}
