//! What a suggestion is: a draft, or the reason why there is none.

use std::fmt;

use redact::{Locale, MapId, Redacted};

use crate::guard::Finding;
use crate::intent::{Intent, RightAsked};
use crate::knowledge::Version;
use crate::model::ModelError;
use crate::thread::Thread;

/// How a draft was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// A macro of the team's, its slots filled.
    Macro,
    /// Sentences of the playbook around a passage or a fact.
    Playbook,
    /// Sentences of a passage.
    Extractive,
    /// A language model, from passages and facts.
    Model,
}

impl Source {
    /// All ways.
    pub const ALL: [Self; 4] = [Self::Macro, Self::Playbook, Self::Extractive, Self::Model];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Macro => "macro",
            Self::Playbook => "playbook",
            Self::Extractive => "extractive",
            Self::Model => "model",
        }
    }
}

/// A reply that passed the guards and the second detection. It holds tags, no values; a human decides about it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(crate) text: Redacted,
    pub(crate) citations: Vec<String>,
    pub(crate) versions: Vec<Version>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) confidence: f32,
    pub(crate) intent: Option<Intent>,
    pub(crate) locale: Locale,
    pub(crate) source: Source,
    pub(crate) engine: String,
    pub(crate) answers: u64,
}

impl Draft {
    /// The text with tags.
    #[must_use]
    pub const fn text(&self) -> &Redacted {
        &self.text
    }

    /// Ids of the passages it rests on; empty when it only asks, acknowledges or states facts of the caller.
    #[must_use]
    pub fn citations(&self) -> &[String] {
        &self.citations
    }

    /// The same with the wording each of them had: the guards let no citation pass that was not supplied.
    pub fn sources(&self) -> impl Iterator<Item = (&str, Version)> {
        let ids = self.citations.iter().map(String::as_str);
        ids.zip(self.versions.iter().copied())
    }

    /// What the guards noticed without blocking.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The map its tags belong to.
    #[must_use]
    pub const fn map_id(&self) -> MapId {
        self.text.map_id()
    }

    /// How sure the engine is that this answers the message, 0 to 1.
    #[must_use]
    pub const fn confidence(&self) -> f32 {
        self.confidence
    }

    /// What the message is about, where that was clear.
    #[must_use]
    pub const fn intent(&self) -> Option<Intent> {
        self.intent
    }

    /// The language it is written in.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// How it was made.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// What made it, with its version: this crate, or the name of a model.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// [`Thread::fingerprint`] of the thread it was made for, to be kept with the draft.
    #[must_use]
    pub const fn answers(&self) -> u64 {
        self.answers
    }

    /// Whether the thread has changed since: the draft is not shown then, and not sent.
    #[must_use]
    pub fn is_stale(&self, thread: &Thread) -> bool {
        self.answers != thread.fingerprint()
    }
}

/// A draft, or why there is none. Silence is a normal result: a wrong draft costs more than none.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is a draft or there is none")]
pub enum Suggestion {
    /// There is one.
    Draft(Box<Draft>),
    /// There is none.
    None(NoSuggestion),
}

impl Suggestion {
    /// The draft, when there is one.
    #[must_use]
    pub fn draft(&self) -> Option<&Draft> {
        match self {
            Self::Draft(draft) => Some(draft),
            Self::None(_) => None,
        }
    }

    /// Why there is none.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::Draft(_) => None,
            Self::None(none) => Some(none.reason),
        }
    }
}

/// No draft, and why.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NoSuggestion {
    /// Why.
    pub reason: Reason,
    /// What the guards found, when they blocked a draft.
    pub findings: Vec<Finding>,
    /// What the message is about, where that was clear.
    pub intent: Option<Intent>,
    /// Its language, where that was clear.
    pub locale: Option<Locale>,
    /// Every right of the GDPR it asks for, sorted by article.
    pub rights: Vec<RightAsked>,
}

impl NoSuggestion {
    pub(crate) fn new(reason: Reason) -> Self {
        Self {
            reason,
            findings: Vec::new(),
            intent: None,
            locale: None,
            rights: Vec::new(),
        }
    }
}

/// Why there is no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// The channel, or everything, is switched off.
    SwitchedOff,
    /// The ticket has a label that leaves it to humans.
    Bypassed,
    /// The last message is the team's.
    AlreadyAnswered,
    /// The last message holds no words of its own.
    EmptyMessage,
    /// Nothing speaks for one language.
    UnknownLanguage,
    /// The playbook does not speak it, and no model was given.
    UnsupportedLanguage,
    /// A right of the data subject is asked for: a human handles it, within its time limit. With several it is the first
    /// by article; [`NoSuggestion::rights`] holds all.
    RightsRequest(RightAsked),
    /// A lawyer, a court or an authority is named.
    LegalThreat,
    /// The customer wants a person.
    HumanWanted,
    /// Fraud or a stolen account.
    Security,
    /// Threats, insults, hate, or a writer who speaks of harming themselves.
    Abuse,
    /// The message holds data of a special category, of crimes or of a child (articles 9, 10 and 8): a human alone
    /// prepares the answer, see [`Options`](crate::Options).
    SpecialCategory,
    /// The message gives orders to a model or asks for tags.
    Injection,
    /// What is asked is not clear enough.
    IntentUnclear,
    /// It is clear, and no passage and no fact answers it.
    NoKnowledge,
    /// Only passages that no longer hold would answer it.
    StaleKnowledge,
    /// A guard found something; see the findings.
    GuardBlocked,
    /// A guard or the detector failed.
    GuardUndecided,
    /// Thread, facts and map do not belong together.
    WrongMap,
    /// The model did not answer.
    ModelFailed(ModelError),
    /// The model says that the passages do not hold the answer.
    ModelAbstained,
}

impl Reason {
    /// All codes.
    pub const CODES: &[&str] = &[
        "switched_off",
        "bypassed",
        "already_answered",
        "empty_message",
        "unknown_language",
        "unsupported_language",
        "rights_request",
        "legal_threat",
        "human_wanted",
        "security",
        "abuse",
        "special_category",
        "injection",
        "intent_unclear",
        "no_knowledge",
        "stale_knowledge",
        "guard_blocked",
        "guard_undecided",
        "wrong_map",
        "model_failed",
        "model_abstained",
    ];

    /// The stable code, one of [`Reason::CODES`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SwitchedOff => "switched_off",
            Self::Bypassed => "bypassed",
            Self::AlreadyAnswered => "already_answered",
            Self::EmptyMessage => "empty_message",
            Self::UnknownLanguage => "unknown_language",
            Self::UnsupportedLanguage => "unsupported_language",
            Self::RightsRequest(_) => "rights_request",
            Self::LegalThreat => "legal_threat",
            Self::HumanWanted => "human_wanted",
            Self::Security => "security",
            Self::Abuse => "abuse",
            Self::SpecialCategory => "special_category",
            Self::Injection => "injection",
            Self::IntentUnclear => "intent_unclear",
            Self::NoKnowledge => "no_knowledge",
            Self::StaleKnowledge => "stale_knowledge",
            Self::GuardBlocked => "guard_blocked",
            Self::GuardUndecided => "guard_undecided",
            Self::WrongMap => "wrong_map",
            Self::ModelFailed(_) => "model_failed",
            Self::ModelAbstained => "model_abstained",
        }
    }

    /// Whether another way of drafting may still be tried: the matter itself is not for a human.
    pub(crate) const fn leaves_room(self) -> bool {
        matches!(
            self,
            Self::UnsupportedLanguage
                | Self::IntentUnclear
                | Self::NoKnowledge
                | Self::GuardBlocked
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
