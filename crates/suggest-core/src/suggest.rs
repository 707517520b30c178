//! The engine: from a redacted thread to a checked draft, or to the reason why there is none.

mod embedded;
mod hints;
mod model;
mod prepared;
mod ranked;
mod switches;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use redact::{Detector, Locale, PseudonymMap, Redacted};

pub use hints::Hint;
pub use switches::Switches;

use crate::classify::Classifier;
use crate::draft::{Draft, NoSuggestion, Reason, Source, Suggestion};
use crate::fact::Fact;
use crate::guard::{self, Context, Judged, Undecided};
use crate::intent::{self, Intent, Reading};
use crate::knowledge::{KnowledgeBase, Passage};
use crate::model::{CallOptions, ChatModel};
use crate::playbook::{Playbook, Style, Voice};
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
    style: Option<&'a Style>,
    channel: Option<&'a str>,
    labels: &'a [&'a str],
    switches: Option<&'a Switches>,
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
            style: None,
            channel: None,
            labels: &[],
            switches: None,
        }
    }

    /// Says how the tenant's replies sound.
    #[must_use]
    pub const fn with_style(mut self, style: &'a Style) -> Self {
        self.style = Some(style);
        self
    }

    /// Says where the message came in: a name of the integrator's, such as `email` or `chat`.
    #[must_use]
    pub const fn with_channel(mut self, channel: &'a str) -> Self {
        self.channel = Some(channel);
        self
    }

    /// Names the labels the helpdesk has put on the ticket.
    #[must_use]
    pub const fn with_labels(mut self, labels: &'a [&'a str]) -> Self {
        self.labels = labels;
        self
    }

    /// Says what is switched off. Without it nothing is, but for the labels of [`Switches::new`].
    #[must_use]
    pub const fn with_switches(mut self, switches: &'a Switches) -> Self {
        self.switches = Some(switches);
        self
    }

    /// Adds facts the draft may state.
    #[must_use]
    pub fn with_facts(mut self, facts: &'a [Fact]) -> Self {
        self.facts = facts;
        self
    }
}

/// Drafts replies. Built once; the knowledge base is its index.
#[derive(Clone, Debug)]
pub struct Engine {
    knowledge: KnowledgeBase,
    playbook: Playbook,
    options: Options,
    classifier: Option<Arc<Classifier>>,
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
            classifier: None,
        }
    }

    /// Adds a classifier whose labels are ids of macros: where it is sure, its macro is the draft. Without one, macros are
    /// found by title, examples and text.
    #[must_use]
    pub fn with_classifier(mut self, classifier: impl Into<Arc<Classifier>>) -> Self {
        self.classifier = Some(classifier.into());
        self
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

    /// The knowledge base, to be changed: what is added or removed counts from the next request on.
    #[must_use]
    pub const fn knowledge_mut(&mut self) -> &mut KnowledgeBase {
        &mut self.knowledge
    }

    fn voice<'a>(&'a self, request: &Request<'a>, locale: Locale) -> Voice<'a> {
        Voice {
            playbook: &self.playbook,
            style: request.style,
            locale,
            tone: request
                .style
                .map_or(self.options.tone, |style| style.tone_or(self.options.tone)),
        }
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
        if let Some(reason) = switched(request) {
            // The law's month runs on a channel that is switched off too.
            let asked = thread.open_question();
            return Err(NoSuggestion {
                rights: asked.map_or_else(Vec::new, |last| {
                    intent::read_rights(text::own_words(last.as_str()), thread.locale())
                }),
                ..NoSuggestion::new(reason)
            });
        }
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
        let own = self.voice(request, made.locale).sentences();
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
            longest: Context::LONGEST,
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
                versions: made
                    .citations
                    .iter()
                    .filter_map(|id| made.supplied.iter().find(|p| p.id() == id))
                    .map(|passage| passage.version())
                    .collect(),
                citations: made.citations.clone(),
                findings,
                confidence: made.confidence,
                intent: made.intent,
                locale: made.locale,
                source: made.source,
                engine: made.engine.unwrap_or(ENGINE).to_owned(),
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

/// Whether the team has switched drafting off for such a ticket.
fn switched(request: &Request<'_>) -> Option<Reason> {
    let switches = request.switches.cloned().unwrap_or_default();
    if switches.is_off(request.channel) {
        return Some(Reason::SwitchedOff);
    }
    let labels = request.labels.iter().copied();
    switches.bypassed(labels).then_some(Reason::Bypassed)
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
    /// The model, where there was one.
    engine: Option<&'a str>,
}

/// The embedded engine as drafts name it.
const ENGINE: &str = concat!("tactful ", env!("CARGO_PKG_VERSION"));
