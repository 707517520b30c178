//! Requests of people under the GDPR: which right, asked of whom, answered how, proved by what.
//!
//! Two wings. [`request`] follows one request of one person: the right, the order to every place that holds data, the
//! answers, the conclusion and the certificate. [`account`] is what must be true all the time: consent and objection,
//! recipients, incidents, checks of promises.
//!
//! | you need | use |
//! |-|-|
//! | to take a request from its receipt to its end | [`request::case`] |
//! | may this purpose run for this person now | [`ConsentLedger::may_run`] |
//! | by which day to answer, and why | [`request::clock`], with [`request::holidays`] |
//! | does this right apply, and why not | [`applies`], by basis and [`Role`]; [`RefusalNotice`] |
//! | who asks | [`identity`](request::identity): what to ask for, [`OneTimeCode`], [`Mandate`], [`Verified`] |
//! | to answer whoever writes | [`IntakeReply`], the same for everybody |
//! | whom to complain to | [`Authority`] |
//! | to ask every place that holds data | [`ScanOrder`], [`Answer`], [`conclude`] |
//! | to write an erasure down before it is ordered | [`request::ledger`] |
//! | to certify an erasure | [`ErasureCertificate::issue`], from a [`CleanScan`] and nothing else; [`request::certificate`] |
//! | to hand a person their data | [`request::package`]: letter, JSON, CSV, manifest, signature |
//! | proof of what was destroyed | [`account::deletion`] |
//! | a register of incidents, recipients, checks | [`Breach`], [`Recipient`], [`Check`] |
//!
//! Pure and synchronous: no file, no look at the time, no text of a ticket. What it computes and says is software, not legal
//! advice.
//!
//! ```
//! use gdpr_rights::{Answer, ErasureCertificate, Nonce, ScanOrder, SourceId, conclude};
//! use retention_policy::CaseId;
//!
//! let case = CaseId::from_random([1; 16]);
//! let nonce = Nonce::from_random([2; 32]);
//! let store = SourceId::new("store")?;
//! let order = ScanOrder::new(case, [store.clone()], nonce)?;
//!
//! // The facade erases, then asks every source to look again.
//! let answers = [Answer::clean(&store, nonce)];
//! let clean = conclude(&order, &answers).map_err(|residue| format!("{residue}"))?;
//! let certificate = ErasureCertificate::issue(clean, "2026-03-02T09:00:00Z".parse()?);
//! assert!(certificate.text().contains("not legal advice"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod account;
mod error;
pub mod request;

pub use account::check::{Check, CheckStatus};
pub use account::consent::{ConsentEvent, ConsentLedger, Permission, Refusal, Statement};
pub use account::incident::{Breach, BreachKind, Notification};
pub use account::recipients::{Country, Recipient, RecipientRole};
pub use error::Error;
pub use request::authority::Authority;
pub use request::certificate::ErasureCertificate;
pub use request::identity::{Mandate, OneTimeCode, Verified};
pub use request::language::Language;
pub use request::matrix::{Applies, Role, applies};
pub use request::order::{
    Answer, CleanScan, Nonce, Residue, ResidueReason, ScanOrder, SourceId, conclude,
};
pub use request::refusal::RefusalNotice;
pub use request::reply::IntakeReply;
pub use request::right::{Request, Right};
