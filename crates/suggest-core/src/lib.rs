//! Reply drafts from redacted text: playbook, retrieval, models, guards.
//!
//! What enters is [`Redacted`] text with tags in the place of personal data; what leaves is a
//! [`Draft`] with the same tags, or a [`NoSuggestion`] that says why there is none. A draft rests on the integrator's
//! [`KnowledgeBase`], cites it, and has passed the guards and a second detection. It is never sent by this crate.
//!
//! | you want | use |
//! |-|-|
//! | a draft without a model | [`Engine::suggest_embedded`] |
//! | a draft by a language model, where the embedded engine has none | [`Engine::suggest`] with a [`ChatModel`] |
//! | to judge a text you have from elsewhere | [`judge`] |
//! | articles, macros and past replies to rest on | [`KnowledgeBase`], [`Article`] |
//! | what an agent may want to read beside a ticket | [`Engine::hints`] |
//! | a tenant's own voice; channels and labels that are left to humans | [`Style`], [`Switches`] |
//! | which right of the GDPR a text asks for | [`rights_asked`] |
//! | to find passages or macros | [`Retriever`] |
//! | to learn labels of your own from examples | [`Training`], [`Classifier`] |
//! | which rights of the GDPR a message asks for | [`rights_asked`] |
//! | what became of a draft: an approval to send, an event without a person | [`decide`], [`AgentApproval`], [`UsageEvent`] |
//! | bills, weekly figures with a picture, teams of five and more | [`Bill`], [`QualitySeries`], [`Teams`] |
//! | templates of what many answered alike | [`Corpus`] |
//!
//! ```
//! use redact::{Detector, Known, MapId, PseudonymMap, restore, seal_checked};
//! use suggest_core::{Author, Engine, KnowledgeBase, Message, Request, Thread};
//!
//! let article = "---\nid: returns\ntitle: Returns\nlang: en\n---\n## How to return\n\
//!                You can return goods within 30 days. Print the label from your account.\n";
//! let engine = Engine::new(KnowledgeBase::from_markdown([("returns.md", article)])?);
//!
//! let detector = Detector::new();
//! let mut map = PseudonymMap::new(MapId([7; 16]));
//! let mail = "Hello, how can I return the jacket from order AB-20417?\n\nThanks\nMarie Dupont";
//! let thread = Thread::new(vec![Message::new(
//!     Author::Customer,
//!     seal_checked(mail, &Known::new(), &detector, &mut map)?,
//! )])?;
//!
//! let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
//! let suggestion = engine.suggest_embedded(&Request::new(&thread, &map, &detector, now));
//! let draft = suggestion.draft().ok_or("there is a draft")?;
//! assert_eq!(draft.citations(), ["returns#how-to-return"]);
//! assert!(!draft.text().as_str().contains("Marie"));
//! assert!(restore(draft.text(), &map)?.expose().contains("within 30 days"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//! `vectors` (on by default): what English words mean, for the classifier, 2.5 MB of the binary. `html` and `csv`: articles in these
//! formats. `static-embeddings`: word vectors from a file, for the retriever.
//!
//! # What this crate does not do
//! It holds no HTTP client, no file access, no clock and no personal data in clear. It keeps no state between calls.
//! It sends nothing: a human decides about every draft.
#![forbid(unsafe_code)]

mod bytes;
mod classify;
mod corpus;
mod decision;
mod draft;
mod error;
mod fact;
mod guard;
mod intent;
mod knowledge;
mod model;
mod playbook;
mod prompt;
mod retrieve;
mod suggest;
mod text;
mod thread;
mod usage;

pub use classify::{Classifier, Example, TrainError, Training, Verdict};
pub use corpus::{Corpus, MIN_AGENTS, MIN_SUBJECTS, MIN_TICKETS, Origin, Subject, Template};
pub use decision::{
    AgentApproval, Decided, Decision, DiscardReason, EditClass, Outcome, Provenance, Review, Stale,
    decide,
};
pub use draft::{Draft, NoSuggestion, Reason, Source, Suggestion};
pub use error::{Error, FrontMatterFault};
pub use fact::{Fact, FactKind};
pub use guard::{Code, Context, Finding, Judged, Severity, Undecided, check, is_suspicious, judge};
pub use intent::{Intent, RightAsked, rights_asked};
pub use knowledge::{Article, Audience, Change, KnowledgeBase, Passage, Pool, Version};
pub use model::{CallOptions, ChatModel, ModelError, ModelInfo, ModelReply, ScriptedModel};
pub use playbook::{Playbook, Style};
pub use prompt::{Prompt, TEMPLATE_VERSION, Tone};
pub use redact::{Anonymised, Label, Locale, MapId, PseudonymMap, Redacted, Restored, Tag};
pub use retrieve::{Embedder, Hit, Item, Retriever};
#[cfg(feature = "static-embeddings")]
pub use retrieve::{StaticEmbeddings, VectorFault, VectorLimits};
pub use suggest::{Engine, Hint, Options, Prefer, Request, Switches};
pub use thread::{Author, Message, Thread};
pub use usage::{
    Bill, BillError, BillLine, Drafting, Latency, MIN_CELL, QualitySeries, QualityWeek, Tariff,
    TeamWeek, Teams, UsageEvent, Viewing, Week,
};
