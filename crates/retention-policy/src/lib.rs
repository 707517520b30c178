//! What a record is, for the purpose of keeping and reading it.
//!
//! | you need | use |
//! |-|-|
//! | the identity of a record | [`RecordMeta`], made of ids, [`Category`], [`PurposeSet`], [`Region`], [`Expiry`] |
//! | time limits | [`Policy`], its [`Default`] is what the house promises |
//! | may somebody do this | [`access()`]: role x action x purpose x category, deny by default |
//! | what happens to a record now | [`Policy::verdict`] of a [`Dossier`]: its meta data, [`Events`] and [`Hold`]s |
//! | who lets go of a hold | [`Hold::ask_release`], [`Release::approve`] |
//! | what a newer policy would change | [`Policy::diff`], [`Policy::dry_run`]; who lets it: [`Policy::approve`] |
//! | what a sweep may destroy | [`SweepPlan`], [`Breaker`], [`Stage`] |
//! | where copies lie, and who has forgotten | [`Sinks`] |
//! | what is owed at the end of a contract | [`Contract`], [`Offboarding`] |
//! | what is left of what was destroyed | [`DeletionEvent`], [`SweepNote`], [`DeletionReport`] |
//! | may this clock destroy | [`ClockWatch`], [`clock_guard`] |
//!
//! Pure and synchronous: no clock, no file, no text of a ticket. `now` comes in as a value.
//!
//! ```
//! use retention_policy::{Category, Policy, Purpose, PurposeSet, RecordMeta, Region, SubjectId, TenantId};
//! let now = "2026-03-02T09:07:00Z".parse().unwrap();
//! let policy = Policy::default();
//! let meta = RecordMeta::new(
//!     TenantId::from_random([1; 16]),
//!     SubjectId::from_random([2; 16]),
//!     Category::Session,
//!     PurposeSet::only(Purpose::DraftReply),
//!     Region::France,
//!     policy.expiry(Category::Session, now)?,
//! )?;
//! // 23 hours later reads are refused; the key of the bucket goes at the next quarter of an hour.
//! assert_eq!(meta.expires_at().to_rfc3339(), "2026-03-03T08:07:00+00:00");
//! assert_eq!(meta.bucket().end().to_rfc3339(), "2026-03-03T08:15:00+00:00");
//! # Ok::<(), retention_policy::Error>(())
//! ```
//!
//! What this crate does not do: it destroys nothing, stores nothing and computes no legal deadline (that is
//! `gdpr-rights`). What it says about law is software, not legal advice.
#![forbid(unsafe_code)]

mod access;
mod category;
mod clock;
mod contract;
mod error;
mod hold;
mod id;
mod name;
mod policy;
mod proof;
mod purpose;
mod record;
mod region;
mod sink;
mod sweep;
mod trigger;
mod verdict;
mod wire;

pub use access::{Access, Action, Role, RoleSet, access};
pub use category::Category;
pub use clock::{ClockState, ClockVerdict, ClockWatch, clock_guard};
pub use contract::{
    Choice, Contract, Destroyed, Offboarding, OffboardingStage, Party, Remainder, State, Step,
};
pub use error::{Error, PolicyFault};
pub use hold::{Hold, HoldReason, Query, Release, Released, Scope};
pub use id::{ActorId, CaseId, HoldId, RecordId, SubjectId, TenantId, UnitId};
pub use name::{ObligationId, SinkId};
pub use policy::Policy;
pub use policy::approve::ApprovedPolicy;
pub use policy::diff::{Change, Effect, PolicyDiff, What};
pub use policy::dry_run::{DryRun, DryRunRow};
pub use policy::period::Period;
pub use policy::rule::{Archive, Disposition, Obligation, Rule, RuleKey};
pub use proof::{DeletionDay, DeletionEvent, DeletionReport, Noted, SweepNote};
pub use purpose::{LegalBasis, Purpose, PurposeSet};
pub use record::{Bucket, EPOCH_SECONDS, Expiry, Lifetime, RecordMeta};
pub use region::{Region, Relaxation};
pub use sink::{Forget, Notice, Pending, SinkKind, Sinks};
pub use sweep::breaker::{Breaker, TripReason, Tripped};
pub use sweep::plan::{Confirmed, PlanHash, PlanLine, SweepPlan};
pub use sweep::stage::Stage;
pub use trigger::{Events, Trigger};
pub use verdict::{Dossier, DueReason, Verdict};

/// An instant in UTC, the time type of the whole house.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
