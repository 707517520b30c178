//! Reply drafts from redacted text: playbook, retrieval, models, guards.
#![forbid(unsafe_code)]

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

pub use draft::{Draft, NoSuggestion, Reason, Source, Suggestion};
pub use error::{Error, FrontMatterFault};
pub use intent::{Intent, RightAsked};
pub use knowledge::{Audience, KnowledgeBase, Passage};
pub use fact::{Fact, FactKind};
pub use guard::{Code, Context, Finding, Severity, Undecided, check};
pub use model::{CallOptions, ChatModel, ModelError, ModelInfo, ModelReply, ScriptedModel};
pub use playbook::Playbook;
pub use prompt::{Prompt, TEMPLATE_VERSION, Tone};
pub use suggest::{Engine, Options, Prefer, Request};
pub use thread::{Author, Message, Thread};
pub use retrieve::{Hit, Item, Retriever};
