//! Privacy-first reply suggestions for customer support: the two columns under one roof.
//!
//! A [`Desk`] has five verbs. [`Desk::ingest`] finds personal data in a ticket and seals it away; [`Desk::suggest`] drafts a
//! reply from redacted text, or says why not; [`Desk::show`] restores the real values for the agent; [`Desk::decide`] ends
//! the draft with what a human did; [`Desk::sweep`] destroys the keys of what is over. Nothing here sends a message.
//!
//! People who ask for their data have verbs of their own: [`Desk::request`] opens a case and queues the same reply for
//! everybody, [`Desk::instruct`] and [`Desk::advance`] take it on, [`Desk::collect`] hands the package over.
//!
//! The six crates are modules of this one: [`pii_detect`], [`redact`], [`suggest_core`] for text, [`retention_policy`],
//! [`crypto_store`], [`gdpr_rights`] for records.
//!
//! ```
//! use std::sync::Arc;
//! use tactful::crypto_store::Accessor;
//! use tactful::retention_policy::{ActorId, Contract, Party, Region, Role, TenantId};
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
//! let since = "2026-01-01T00:00:00Z".parse()?;
//! let policy = desk.policy().version();
//! let operators = [ActorId::from_random([3; 16])];
//! desk.onboard(Contract::new(shop, Party::Processor, Region::France, policy, operators, since)?).await?;
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
//! A request, from the mail to the link:
//!
//! ```
//! use std::sync::Arc;
//! use tactful::crypto_store::Accessor;
//! use tactful::gdpr_rights::Right;
//! use tactful::gdpr_rights::request::case::{AnswerTo, Extent, Message};
//! use tactful::gdpr_rights::request::package::Package;
//! use tactful::gdpr_rights::request::sign::SigningKey;
//! use tactful::retention_policy::{ActorId, Contract, Party, Region, Role, TenantId};
//! use tactful::{Clock, Controller, Customer, Desk, ManualClock, RightsRequest, Step};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shop = TenantId::from_random([1; 16]);
//! let key = SigningKey::from_bytes(&[7; 32]); // yours, from where no erasure reaches
//! let clock = Arc::new(ManualClock::new("2026-03-02T09:00:00Z".parse()?));
//! let desk = Desk::builder()
//!     .in_memory()
//!     .region(Region::France)
//!     .controller(shop, Controller::new("Lantern & Oak SAS", "privacy@lantern-oak.example", "FR", "Europe/Paris")?)
//!     .signing_key(key.clone())
//!     .clock(Arc::<ManualClock>::clone(&clock))
//!     .open()
//!     .await?;
//! let operators = [ActorId::from_random([3; 16])];
//! desk.onboard(Contract::new(shop, Party::Processor, Region::France, 1, operators, clock.now())?).await?;
//! let officer = Accessor::new(ActorId::from_random([2; 16]), Role::PrivacyOfficer, shop);
//!
//! let who = Customer::new().with_email("orla@mailbox.example");
//! let request = RightsRequest::new(Right::Access, clock.now(), who).with_message_id("<4711@mailbox.example>");
//! let intake = desk.request(&officer, &request, |reply| println!("{}", reply.body())).await?;
//! assert_eq!(intake.deadline.base().due().to_string(), "2026-04-02");
//!
//! // An end-customer's request is the client's to decide.
//! desk.advance(&officer, intake.case, Step::Refer).await?;
//! let asked = desk.instruct(&officer, intake.case, AnswerTo::Person).await?;
//! assert_eq!(asked.found.len(), 1); // every source answered: here the desk's own store
//! desk.advance(&officer, intake.case, Step::Approve(Extent::Full)).await?;
//! desk.advance(&officer, intake.case, Step::Execute).await?;
//! let answer = desk.advance(&officer, intake.case, Step::Deliver).await?;
//! let link = answer.package.ok_or("a package")?;
//! desk.advance(&officer, intake.case, Step::Sent(Message::Answer)).await?;
//!
//! let fetched = desk.collect(&officer, intake.case, &link.token).await?;
//! let package = Package::open(&fetched.bytes, &key.verifying_key())?;
//! assert!(package.expose("letter.html").is_some());
//! # Ok(())
//! # }
//! ```
//!
//! | feature | default | what |
//! |-|-|-|
//! | `worker` | no | the module `worker`: the sweep by itself, and what people should know, on tokio |
//! | `metrics` | no | what [`Desk::health`] tells as gauges of the `metrics` facade |
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
mod facts;
mod health;
mod posture;
mod request;
mod session;
mod sink;
mod source;
mod ticket;
#[cfg(feature = "worker")]
pub mod worker;

pub use builder::DeskBuilder;
pub use clock::{Clock, ManualClock, SystemClock};
pub use customer::Customer;
pub use desk::decide::Decided;
pub use desk::events::TimeToDelete;
pub use desk::offboard::{HandedBack, OpenOffboarding, Waiting};
pub use desk::policy::{Adopted, PolicyChange};
pub use desk::proof::verify_deletion;
pub use desk::quality::Reading;
pub use desk::show::Shown;
pub use desk::suggest::{Proposal, Silence, Suggested};
pub use desk::sweep::SweepReport;
pub use desk::templates::DraftTemplates;
pub use desk::{AuditSummary, Desk};
pub use error::Error;
pub use facts::{FactKeys, FactSource, FactsUnavailable, Stated};
pub use health::Health;
pub use posture::{Posture, Recoverable};
pub use request::{
    Address, CaseView, Collected, Controller, Correction, Handover, Intake, Letter, OpenedRights,
    Progress, RightsRequest, Step,
};
pub use session::{SealedMessage, Session};
pub use sink::{Sink, SinkFailed};
pub use source::{Export, Look, Person, PersonalDataSource, SourceFailed};
pub use ticket::{Message, Ticket};

/// The README's code, compiled with the documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
