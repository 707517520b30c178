//! Privacy-first reply suggestions for customer support: the two columns under one roof.
//!
//! A [`Desk`] has five verbs. [`Desk::ingest`] finds personal data in a ticket and seals it away; [`Desk::suggest`] drafts a
//! reply from redacted text, or says why not; [`Desk::show`] restores the real values for the agent; [`Desk::decide`] ends
//! the draft with what a human did; [`Desk::sweep`] destroys the keys of what is over. Nothing here sends a message.
//!
//! The six crates are modules of this one: [`pii_detect`], [`redact`], [`suggest_core`] for text, [`retention_policy`],
//! [`crypto_store`], [`gdpr_rights`] for records.
//!
//! ```
//! use std::sync::Arc;
//! use tactful::crypto_store::Accessor;
//! use tactful::retention_policy::{ActorId, Region, Role, TenantId};
//! use tactful::suggest_core::{Author, Decision, KnowledgeBase};
//! use tactful::{Customer, Desk, Message, Suggested, Ticket};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let article = "---\nid: returns-en\ntitle: Returns\nlang: en\naudience: customer\n---\n\n## How to return\n\
//!     You can return goods within 30 days of delivery. The return is free.\n";
//! let desk = Desk::builder()
//!     .in_memory()
//!     .region(Region::France)
//!     .knowledge(KnowledgeBase::from_markdown([("returns.md", article)])?)
//!     .open()
//!     .await?;
//! let shop = TenantId::from_random([1; 16]);
//! desk.create_tenant(shop).await?;
//! let agent = Accessor::new(ActorId::from_random([2; 16]), Role::Agent, shop);
//!
//! let text = "Hello, I want to return the lamp from order FL-204417. How does it work? Orla Brennigan";
//! let customer = Customer::new().with_name("Orla Brennigan");
//! let ticket = Ticket::new("T-1", Some(customer), vec![Message::new(Author::Customer, None, text)])?;
//! let session = desk.ingest(&agent, &ticket).await?;
//! assert!(!session.messages()[0].text().as_str().contains("Orla"));
//!
//! if let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await? {
//!     let shown = desk.show(&agent, &session, &proposal).await?;
//!     let decided = desk.decide(&agent, &session, shown, Decision::Accept).await?;
//!     assert!(decided.expose().is_some());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | feature | default | what |
//! |-|-|-|
//! | `recovery` | no | the recovery kit: `DeskBuilder::recovery_kit_for` makes one, [`Desk::posture`] looks for it |
//!
//! What this crate does not do: it has no detector, threshold, time limit, pattern or cryptographic step of its own.
#![forbid(unsafe_code)]

pub use crypto_store;
pub use gdpr_rights;
pub use pii_detect;
pub use redact;
pub use retention_policy;
pub use suggest_core;

mod builder;
mod clock;
mod customer;
mod desk;
mod error;
mod posture;
mod request;
mod session;
mod source;
mod ticket;

pub use builder::DeskBuilder;
pub use clock::{Clock, ManualClock, SystemClock};
pub use customer::Customer;
pub use desk::decide::Decided;
pub use desk::show::Shown;
pub use desk::suggest::{Proposal, Silence, Suggested};
pub use desk::sweep::SweepReport;
pub use desk::{AuditSummary, Desk};
pub use error::Error;
pub use posture::{Posture, Recoverable};
pub use request::{
    CaseView, Collected, Controller, Correction, Handover, Intake, Letter, Progress, RightsRequest,
    Step,
};
pub use session::{SealedMessage, Session};
pub use source::{Export, Look, Person, PersonalDataSource, SourceFailed};
pub use ticket::{Message, Ticket};

/// The README's code, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
