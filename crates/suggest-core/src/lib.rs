//! Reply drafts from redacted text: playbook, retrieval, models, guards.
#![forbid(unsafe_code)]

mod error;
mod intent;
mod knowledge;
mod retrieve;
mod text;

pub use error::{Error, FrontMatterFault};
pub use intent::{Intent, RightAsked};
pub use knowledge::{Audience, KnowledgeBase, Passage};
pub use retrieve::{Hit, Item, Retriever};
