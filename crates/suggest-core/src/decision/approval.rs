//! What an agent has approved, and where it comes from.

use std::fmt;

use redact::Locale;
use zeroize::Zeroizing;

use crate::decision::{EditClass, Outcome};
use crate::draft::{Draft, Source};
use crate::intent::Intent;
use crate::knowledge::Version;
use crate::playbook::{Playbook, Style, Voice};
use crate::prompt::Tone;

/// A reply that a human has approved: what the embedder's sending function should take, so that nothing else can be sent.
///
/// [`crate::decide`] alone makes one. It cannot be copied, and Debug does not show its text.
///
/// ```compile_fail,E0423
/// let forged = suggest_core::AgentApproval("I was never looked at");
/// ```
/// ```compile_fail,E0277
/// fn copies<T: Clone>() {}
/// copies::<suggest_core::AgentApproval>();
/// ```
/// ```
/// fn send(approved: suggest_core::AgentApproval) {
///     let _ = approved.expose();
/// }
/// ```
pub struct AgentApproval {
    text: Zeroizing<String>,
    provenance: Provenance,
}

impl AgentApproval {
    pub(super) const fn new(text: Zeroizing<String>, provenance: Provenance) -> Self {
        Self { text, provenance }
    }

    /// The text to send: personal data.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// Where it comes from.
    #[must_use]
    pub const fn provenance(&self) -> &Provenance {
        &self.provenance
    }
}

impl fmt::Debug for AgentApproval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AgentApproval({} bytes)", self.text.len())
    }
}

/// Where a reply comes from: who made the draft, what it rests on, what a human changed. No text of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    source: Source,
    engine: String,
    intent: Option<Intent>,
    citations: Vec<(String, Version)>,
    edit: Option<EditClass>,
    locale: Locale,
}

impl Provenance {
    pub(super) fn new(draft: &Draft, outcome: Outcome) -> Self {
        Self {
            source: draft.source(),
            engine: draft.engine().to_owned(),
            intent: draft.intent(),
            citations: draft
                .sources()
                .map(|(id, version)| (id.to_owned(), version))
                .collect(),
            edit: match outcome {
                Outcome::Edited(class) => Some(class),
                Outcome::Accepted | Outcome::Discarded(_) => None,
            },
            locale: draft.locale(),
        }
    }

    /// How the draft was made.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// What made it, with its version: this crate, or the name of a model.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// What the message was about, where that was clear.
    #[must_use]
    pub const fn intent(&self) -> Option<Intent> {
        self.intent
    }

    /// The passages it rests on, in the wording they had.
    #[must_use]
    pub fn citations(&self) -> &[(String, Version)] {
        &self.citations
    }

    /// Whether a human changed it, and how much: the distance in words over the longer text, as a class.
    #[must_use]
    pub const fn edit(&self) -> Option<EditClass> {
        self.edit
    }

    /// A sentence that tells the reader how the reply came about, in its language, the tenant's own where its style has one
    /// (`frame`, `disclosure` or `disclosure model`); `None` where the playbook does not
    /// speak it. Whether it must be shown is for the controller to say: it is no legal advice. Readers who ask are owed
    /// the truth, and (EU) 2024/1689, article 50, asks that people know when they deal with an AI system.
    #[must_use]
    pub fn disclosure(&self, style: Option<&Style>) -> Option<String> {
        let playbook = Playbook::embedded();
        let voice = Voice {
            playbook: &playbook,
            style,
            locale: self.locale,
            tone: Tone::Neutral,
        };
        let key = match self.source {
            Source::Model => "disclosure model",
            _ => "disclosure",
        };
        voice.frame(key).map(str::to_owned)
    }

    /// One line for a record: codes, ids and versions, separated by `;`, citations by spaces.
    #[must_use]
    pub fn to_line(&self) -> String {
        let cited: Vec<String> = self
            .citations
            .iter()
            .map(|(id, version)| format!("{id}@{version}"))
            .collect();
        let engine: String = self
            .engine
            .chars()
            .map(|c| if c == ';' || c.is_control() { ' ' } else { c })
            .collect();
        format!(
            "1;{};{engine};{};{};{};{}",
            self.source.code(),
            self.intent.map_or("-", Intent::code),
            self.locale.code(),
            self.edit.map_or("-", EditClass::code),
            cited.join(" "),
        )
    }
}
