//! Reply drafts from redacted text: playbook, retrieval, models, guards.
#![forbid(unsafe_code)]

mod intent;
mod retrieve;
mod text;

pub use intent::{Intent, RightAsked};
pub use retrieve::{Hit, Item, Retriever};
