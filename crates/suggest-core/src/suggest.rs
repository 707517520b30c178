//! The engine: from a redacted thread to a checked draft, or to the reason why there is none.

mod embedded;
mod model;
mod ranked;

use chrono::{DateTime, Utc};
use redact::{Detector, Locale, PseudonymMap, Redacted};

use crate::draft::{Draft, NoSuggestion, Reason, Source, Suggestion};
use crate::fact::Fact;
use crate::guard::{self, Context, Judged, Undecided};
use crate::intent::{self, Intent, Reading};
use crate::knowledge::{KnowledgeBase, Passage};
use crate::model::{CallOptions, ChatModel};
use crate::playbook::Playbook;
use crate::prompt::Tone;
use crate::text;
use crate::thread::Thread;

/// Which way is tried first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prefer {
    /// The embedded engine; the model when that has no draft.
    #[default]
    Embedded,
    /// The model; the embedded engine when that has no draft.
    Model,
}

/// How an [`Engine`] drafts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Options {
    /// Which way is tried first when a model is given.
    pub prefer: Prefer,
    /// How a model should sound.
    pub tone: Tone,
    /// Limits of a call to a model.
    pub call: CallOptions,
    /// Drafts although the message holds data of a special category, of crimes or of a child (tags `ART9_..`,
    /// `ART10_..`, `CHILD`). Off by default: a human alone prepares such an answer.
    pub draft_on_special_categories: bool,
}

/// What a draft is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub(crate) thread: &'a Thread,
    pub(crate) map: &'a PseudonymMap,
    pub(crate) detector: &'a Detector,
    pub(crate) facts: &'a [Fact],
    pub(crate) now: DateTime<Utc>,
}

impl<'a> Request<'a> {
    /// A request: the thread, the map it was sealed with, the detector for the second detection, the instant.
    #[must_use]
    pub fn new(
        thread: &'a Thread,
        map: &'a PseudonymMap,
        detector: &'a Detector,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            thread,
            map,
            detector,
            facts: &[],
            now,
        }
    }

    /// Adds facts the draft may state.
    #[must_use]
    pub fn with_facts(mut self, facts: &'a [Fact]) -> Self {
        self.facts = facts;
        self
    }
}

/// Drafts replies. Built once; the knowledge base is its index.
#[derive(Debug)]
pub struct Engine {
    knowledge: KnowledgeBase,
    playbook: Playbook,
    options: Options,
}

/// What is known of a message before drafting.
struct Question<'a> {
    /// The customer's own words of the last message.
    words: &'a str,
    last: &'a Redacted,
    locale: Locale,
    reading: Option<Reading>,
}

impl Engine {
    /// An engine over a knowledge base, with the embedded playbook.
    #[must_use]
    pub fn new(knowledge: KnowledgeBase) -> Self {
        Self {
            knowledge,
            playbook: Playbook::embedded(),
            options: Options::default(),
        }
    }

    /// Changes how it drafts.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The knowledge base.
    #[must_use]
    pub const fn knowledge(&self) -> &KnowledgeBase {
        &self.knowledge
    }

    /// Drafts without a model: playbook, passages, facts. The same input gives the same draft.
    #[must_use]
    pub fn suggest_embedded(&self, request: &Request<'_>) -> Suggestion {
        match self.question(request) {
            Ok(question) => self.embedded(request, &question),
            Err(none) => Suggestion::None(none),
        }
    }

    /// Drafts with a model where one is given. What only a human may handle never reaches it.
    pub async fn suggest(
        &self,
        request: &Request<'_>,
        model: Option<&dyn ChatModel>,
    ) -> Suggestion {
        let question = match self.question(request) {
            Ok(question) => question,
            Err(none) => return Suggestion::None(none),
        };
        let Some(model) = model else {
            return self.embedded(request, &question);
        };
        match self.options.prefer {
            Prefer::Embedded => {
                let first = self.embedded(request, &question);
                match first.reason() {
                    Some(reason) if reason.leaves_room() => {
                        self.by_model(request, &question, model).await
                    }
                    _ => first,
                }
            }
            Prefer::Model => {
                let first = self.by_model(request, &question, model).await;
                if first.draft().is_some() {
                    return first;
                }
                let second = self.embedded(request, &question);
                if second.draft().is_some() {
                    second
                } else {
                    first
                }
            }
        }
    }

    /// What every way of drafting asks first: is there a question, in which language, and may it be answered at all?
    fn question<'a>(&self, request: &Request<'a>) -> Result<Question<'a>, NoSuggestion> {
        let thread = request.thread;
        let map = request.map.id();
        let facts_fit = request
            .facts
            .iter()
            .all(|fact| fact.value().map_id() == map);
        if thread.map_id() != map || !facts_fit {
            return Err(NoSuggestion::new(Reason::WrongMap));
        }
        let last = thread
            .open_question()
            .ok_or_else(|| NoSuggestion::new(Reason::AlreadyAnswered))?;
        let words = text::own_words(last.as_str());
        let plain = text::without_tags(words);
        if text::words(&plain).is_empty() {
            return Err(NoSuggestion::new(Reason::EmptyMessage));
        }
        let locale = thread.locale().or_else(|| redact::detect_locale(&plain));
        let none = |reason, intent| NoSuggestion {
            reason,
            findings: Vec::new(),
            intent,
            locale,
            rights: Vec::new(),
        };
        let commands = text::sentences(words)
            .into_iter()
            .filter_map(|range| words.get(range))
            .any(guard::commands);
        if commands {
            return Err(none(Reason::Injection, None));
        }
        let rights = intent::read_rights(words, locale);
        if let Some(first) = rights.first().copied() {
            return Err(NoSuggestion {
                rights,
                ..none(Reason::RightsRequest(first), Some(Intent::Right(first)))
            });
        }
        let Some(locale) = locale else {
            let intent = intent::for_human(words);
            let reason = intent.and_then(for_human);
            return Err(none(reason.unwrap_or(Reason::UnknownLanguage), intent));
        };
        let reading = intent::read(words, locale);
        if let Some(Reading { intent, .. }) = reading
            && let Some(reason) = for_human(intent)
        {
            let rights = match intent {
                Intent::Right(right) => vec![right],
                _ => Vec::new(),
            };
            return Err(NoSuggestion {
                rights,
                ..none(reason, Some(intent))
            });
        }
        if !self.options.draft_on_special_categories && text::holds_special(words) {
            return Err(none(Reason::SpecialCategory, reading.map(|r| r.intent)));
        }
        Ok(Question {
            words,
            last,
            locale,
            reading,
        })
    }

    /// Judges a text and makes it a draft. Whatever made the text, this is the only way to one.
    fn checked(&self, request: &Request<'_>, made: &Made<'_>) -> Suggestion {
        let own: Vec<&str> = self.playbook.sentences(made.locale).collect();
        let cx = Context {
            thread: request.thread,
            map: request.map,
            detector: request.detector,
            facts: request.facts,
            supplied: made.supplied,
            citations: &made.citations,
            own: &own,
            locale: made.locale,
            now: request.now,
            only_asks: made.only_asks,
        };
        let none = |reason, findings| {
            Suggestion::None(NoSuggestion {
                reason,
                findings,
                intent: made.intent,
                locale: Some(made.locale),
                rights: Vec::new(),
            })
        };
        match guard::judge(&made.text, &cx) {
            Ok(Judged {
                text: Some(text),
                findings,
            }) => Suggestion::Draft(Box::new(Draft {
                text,
                citations: made.citations.clone(),
                findings,
                confidence: made.confidence,
                intent: made.intent,
                locale: made.locale,
                source: made.source,
                answers: request.thread.fingerprint(),
            })),
            Ok(Judged {
                text: None,
                findings,
            }) => none(Reason::GuardBlocked, findings),
            Err(Undecided) => none(Reason::GuardUndecided, Vec::new()),
        }
    }
}

/// Why no machine answers an intent; `None` where one may.
const fn for_human(intent: Intent) -> Option<Reason> {
    match intent {
        Intent::Right(right) => Some(Reason::RightsRequest(right)),
        Intent::LegalThreat => Some(Reason::LegalThreat),
        Intent::HumanWanted => Some(Reason::HumanWanted),
        Intent::Security => Some(Reason::Security),
        Intent::Abuse => Some(Reason::Abuse),
        _ => None,
    }
}

/// A text on its way to the guards.
struct Made<'a> {
    text: String,
    citations: Vec<String>,
    supplied: &'a [&'a Passage],
    only_asks: bool,
    confidence: f32,
    intent: Option<Intent>,
    locale: Locale,
    source: Source,
}
