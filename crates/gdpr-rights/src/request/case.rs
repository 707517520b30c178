//! One case from receipt to its end: a pure step from event to effects.
//!
//! A [`Case`] is data. [`Case::open`] makes one, [`step()`] takes it on, [`merge()`] makes one of two. Each gives the new case
//! and [`Effect`]s: what to send, order, restrict or stop. The caller stores both in one transaction, does what the effects
//! say, and comes back with what happened.
//!
//! What holds whatever events come in which order:
//!
//! - Nothing is executed or delivered before identity is settled and a human has approved; an objection nobody decided
//!   by its day is the exception, it stops by itself (article 21(1)).
//! - Contested accuracy, restriction, objection and consent taken back limit the use with the step that opens the case
//!   (articles 16, 18, 21 and 7(3)), for a processor with the step that brings the controller's instruction. This is before
//!   identity is known: it costs the person nothing, and ends with notice.
//! - What changes data closes only after every source was clean in a second look, and after article 19 is settled.
//! - A case closes by us only when its message has left ([`Event::Sent`]); a refusal is a letter too (article 12(4)).
//! - A processor refers, and does what the controller says. The case stays open until the controller closes it.
//! - One extension, with its reason, whose notice left by the day (article 12(3)).
//! - The person can withdraw until the work is ordered.
//!
//! | | status |
//! |-|-|
//! | comes in | `Received` |
//! | waits | `AwaitingIdentity`, `AwaitingClarification`, `Referred` |
//! | works | `Open` |
//! | ended by us | `Fulfilled`, `PartlyFulfilled`, `Refused`, `Merged` |
//! | ended by others | `Withdrawn`, `ReferredClosed` |
//!
//! Lateness, pauses, extension and restriction are facts beside the status. Days come from the clock as [`Limits`]. None of
//! this is legal advice.
//!
//! ```
//! use gdpr_rights::request::case::{ActingAs, Case, Channel, CivilDay, Effect, Event, Limits, NotNeeded, Opening, Status, step};
//! use gdpr_rights::{Request, Right};
//! use retention_policy::{CaseId, SubjectId, TenantId};
//!
//! let due = CivilDay::new("2026-04-02".parse()?, "2026-04-02T22:00:00Z".parse()?)?;
//! let extended = CivilDay::new("2026-06-02".parse()?, "2026-06-02T22:00:00Z".parse()?)?;
//! let now = "2026-03-02T09:07:00Z".parse()?;
//! let opening = Opening {
//!     request: Request {
//!         case: CaseId::from_random([1; 16]),
//!         tenant: TenantId::from_random([2; 16]),
//!         subject: SubjectId::from_random([3; 16]),
//!         right: Right::Access,
//!         received: now,
//!     },
//!     acting: ActingAs::Controller,
//!     channel: Channel::GeneralAddress,
//!     ground: None,
//!     limits: Limits::new(due, extended, due, None)?,
//! };
//! let (case, effects) = Case::open(opening, now)?;
//! assert_eq!(effects, [Effect::SendAcknowledgement]);
//!
//! let (case, _) = step(&case, Event::IdentityNotNeeded(NotNeeded::Authenticated), now)?;
//! assert_eq!(case.status(), Status::Open);
//! let early = step(&case, Event::Execute, now).unwrap_err();
//! assert_eq!(
//!     early.to_string(),
//!     "execute cannot happen while the case is open: no human has granted it: approve it first",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod coherent;
mod effect;
mod event;
mod facts;
mod limits;
mod merge;
mod opening;
mod record;
mod refusal;
mod step;

use std::fmt;

use retention_policy::{CaseId, SubjectId, TenantId, Timestamp};

use super::order::Nonce;
use super::right::Right;

pub use effect::{AnswerableBy, Effect};
pub use event::{Event, Located, Rescan};
pub use facts::{
    ActingAs, AnswerTo, Art19, Channel, ExtensionReason, Extent, Ground, Identity, Lateness,
    Message, RefusalGround, Scope, Status, Work,
};
pub use limits::{CivilDay, Limits, WithoutPause};
pub use merge::{Merger, merge, merge_found};
pub use opening::Opening;
pub use record::{
    Closing, DecidedBy, Decision, Extension, Instruction, NotNeeded, Notice, Restriction, Verdict,
    Wait,
};
pub use refusal::{StepError, Why};
pub use step::step;

/// How far telling the recipients is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Recipients {
    Untold,
    Asked,
    Settled(Art19),
}

/// One request of one person and what became of it. It holds ids, instants and facts, no text of the person.
///
/// Only [`Case::open`], [`step()`], [`merge()`] and [`Case::from_bytes`] make one:
///
/// ```compile_fail
/// use gdpr_rights::request::case::{Case, Status};
/// fn close(case: &mut Case) {
///     case.status = Status::Fulfilled;
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    id: CaseId,
    tenant: TenantId,
    subject: SubjectId,
    right: Right,
    acting: ActingAs,
    channel: Channel,
    ground: Option<Ground>,
    received: Timestamp,
    opened: Timestamp,
    limits: Limits,
    status: Status,
    identity: Identity,
    identity_wait: Option<Wait>,
    clarification_wait: Option<Wait>,
    scope: Scope,
    answer_to: AnswerTo,
    instructed: Option<Timestamp>,
    answered: bool,
    decision: Option<Decision>,
    work: Work,
    rescan: Option<Nonce>,
    clean: bool,
    recipients: Recipients,
    closing: Option<Closing>,
    returned: bool,
    extension: Option<Extension>,
    restriction: Option<Restriction>,
    /// A bit for each of [`step::REMIND_AT`].
    reminded: u8,
    alarmed: Lateness,
    closed: Option<Timestamp>,
}

impl Case {
    /// The case.
    #[must_use]
    pub const fn id(&self) -> CaseId {
        self.id
    }

    /// Whose records it is about.
    #[must_use]
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The person.
    #[must_use]
    pub const fn subject(&self) -> SubjectId {
        self.subject
    }

    /// What is asked.
    #[must_use]
    pub const fn right(&self) -> Right {
        self.right
    }

    /// In which role it is handled.
    #[must_use]
    pub const fn acting(&self) -> ActingAs {
        self.acting
    }

    /// The way it came.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// What limits the use from the beginning, if the right does.
    #[must_use]
    pub const fn ground(&self) -> Option<Ground> {
        self.ground
    }

    /// When the request reached an official channel; of two that merged, the first.
    #[must_use]
    pub const fn received(&self) -> Timestamp {
        self.received
    }

    /// When the case was opened. No day depends on it.
    #[must_use]
    pub const fn opened(&self) -> Timestamp {
        self.opened
    }

    /// The days it runs by.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where it stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// What is known of who asks.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        self.identity
    }

    /// The question for identity. The clock makes a pause of it, or not.
    #[must_use]
    pub const fn identity_wait(&self) -> Option<Wait> {
        self.identity_wait
    }

    /// The question what is meant. The clock makes a pause of it, or not.
    #[must_use]
    pub const fn clarification_wait(&self) -> Option<Wait> {
        self.clarification_wait
    }

    /// How much is asked for.
    #[must_use]
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// Who gets the answer.
    #[must_use]
    pub const fn answer_to(&self) -> AnswerTo {
        self.answer_to
    }

    /// When the controller instructed its processor.
    #[must_use]
    pub const fn instructed(&self) -> Option<Timestamp> {
        self.instructed
    }

    /// What was decided last.
    #[must_use]
    pub const fn decision(&self) -> Option<Decision> {
        self.decision
    }

    /// Whether every source said what it holds since the case was last opened for work.
    #[must_use]
    pub const fn is_answered(&self) -> bool {
        self.answered
    }

    /// What the answers of the second look must carry, while one is owed.
    #[must_use]
    pub const fn rescan(&self) -> Option<Nonce> {
        self.rescan
    }

    /// How long it took from the receipt to its end, or has taken so far.
    #[must_use]
    pub fn took(&self, now: Timestamp) -> chrono::TimeDelta {
        self.closed.unwrap_or(now) - self.received
    }

    /// How far the work is.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work
    }

    /// Whether the last second look found nothing.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.clean
    }

    /// What became of telling the recipients (article 19).
    #[must_use]
    pub const fn recipients(&self) -> Option<Art19> {
        match self.recipients {
            Recipients::Settled(how) => Some(how),
            Recipients::Untold | Recipients::Asked => None,
        }
    }

    /// The message that waits to leave, or that closed the case.
    #[must_use]
    pub const fn closing(&self) -> Option<Closing> {
        self.closing
    }

    /// Whether the controller has the result and has not closed the case.
    #[must_use]
    pub const fn is_returned(&self) -> bool {
        self.returned
    }

    /// The extension, also while its notice waits to leave.
    #[must_use]
    pub const fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// The restriction this case set, also after it ended.
    #[must_use]
    pub const fn restriction(&self) -> Option<Restriction> {
        self.restriction
    }

    /// Whether the person's data may only be stored because of this case (article 18(2)).
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        self.restriction.is_some_and(|r| r.lifted.is_none())
    }

    /// When it ended.
    #[must_use]
    pub const fn closed(&self) -> Option<Timestamp> {
        self.closed
    }

    /// The day the answer is due, with a pause if there is one.
    #[must_use]
    pub fn due(&self) -> CivilDay {
        self.limits.due(self.is_extended())
    }

    /// The day that reminders and alarms run by: the earlier reading of a contested pause.
    #[must_use]
    pub fn alarm_day(&self) -> CivilDay {
        self.limits.alarm(self.is_extended())
    }

    /// Whether it is late, or was when it ended.
    #[must_use]
    pub fn lateness(&self, now: Timestamp) -> Lateness {
        let at = self.closed.unwrap_or(now);
        if self.due().is_past(at) {
            Lateness::Late
        } else if self.alarm_day().is_past(at) {
            Lateness::LateUnlessPaused
        } else {
            Lateness::OnTime
        }
    }

    fn is_extended(&self) -> bool {
        self.extension.is_some_and(|e| e.notified.is_some())
    }

    /// Whether we may act on substance: as controller, or as instructed.
    fn may_act(&self) -> bool {
        self.acting == ActingAs::Controller || self.instructed.is_some()
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case")
            .field("id", &self.id)
            .field("right", &self.right)
            .field("acting", &self.acting)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
