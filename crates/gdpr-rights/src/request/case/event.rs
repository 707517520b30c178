//! What can happen to a case.

use std::fmt;

use chrono::NaiveDate;
use retention_policy::{ActorId, CaseId, TenantId};

use super::facts::{Art19, ExtensionReason, Extent, Ground, Message, RefusalGround, Scope};
use super::limits::Limits;
use super::record::{Instruction, NotNeeded};
use crate::request::order::{
    Answer, CleanScan, Nonce, Residue, ResidueReason, ScanOrder, conclude,
};

/// What happens to a case. No event carries a fee: there is none without proof (article 12(5)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Reasonable doubt about who asks: the person is asked (article 12(6)).
    RequireIdentity,
    /// Nobody needs to show anything.
    IdentityNotNeeded(NotNeeded),
    /// The person has shown who they are.
    IdentityVerified,
    /// What the person showed does not suffice.
    IdentityFailed,
    /// The person is asked once more.
    RetryIdentity,
    /// The controller gets the request (article 28(3)(e)).
    ReferToController,
    /// The controller says what to do.
    ControllerInstructs(Instruction),
    /// The controller has answered the person and closes.
    ControllerClosed(TenantId),
    /// The person is asked what they mean; once a case.
    AskClarification,
    /// The person said what they mean.
    Clarified(Scope),
    /// No answer came: the request is taken as it is, in full.
    ProceedWithAll,
    /// Every source said what it holds.
    EverySourceAnswered(Located),
    /// A human grants the request. It can be decided anew until the work is ordered.
    Approve {
        /// Who.
        by: ActorId,
        /// How much.
        extent: Extent,
    },
    /// The work is ordered. From here on the person cannot withdraw.
    Execute,
    /// Every source has done it. The nonce is drawn now, so that no answer from before can pass for the second look.
    Executed {
        /// What the answers of the second look must carry.
        rescan: Nonce,
    },
    /// Every source looked again and found nothing.
    ScannedClean(Rescan),
    /// Something is left.
    ScannedDirty,
    /// The recipients are told, or it is recorded why not (article 19).
    RecipientsSettled(Art19),
    /// The answer shall leave.
    Deliver,
    /// A human refuses the request; the letter shall leave (article 12(4)).
    Refuse {
        /// Who.
        by: ActorId,
        /// Why.
        ground: RefusalGround,
    },
    /// A message has left. An answer, a refusal and a joining close the case with this event and no other.
    Sent(Message),
    /// A message could not leave. What closes a case is sent again; a notice of extension or lifting is no longer owed.
    NotSent(Message),
    /// An answer or a refusal shall not leave after all. A refusal taken back is no decision any more.
    TakeBack,
    /// The person takes the request back.
    Withdraw,
    /// More time is needed. It counts once the notice has left.
    Extend {
        /// Who.
        by: ActorId,
        /// Why.
        reason: ExtensionReason,
    },
    /// The clock gave other days: a pause began or ended.
    LimitsChanged(Limits),
    /// A day began, or a look at the clock is due for another reason.
    DayPassed {
        /// The civil day in the controller's zone.
        today: NaiveDate,
    },
    /// The person asks for restriction beside the request (article 18(1)).
    Restrict(Ground),
    /// A restriction of a closed case shall end: the person is told first (article 18(3)).
    AnnounceLifting,
    /// The restriction ends.
    Lift,
}

impl Event {
    /// The stable name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::RequireIdentity => "require_identity",
            Self::IdentityNotNeeded(_) => "identity_not_needed",
            Self::IdentityVerified => "identity_verified",
            Self::IdentityFailed => "identity_failed",
            Self::RetryIdentity => "retry_identity",
            Self::ReferToController => "refer_to_controller",
            Self::ControllerInstructs(_) => "controller_instructs",
            Self::ControllerClosed(_) => "controller_closed",
            Self::AskClarification => "ask_clarification",
            Self::Clarified(_) => "clarified",
            Self::ProceedWithAll => "proceed_with_all",
            Self::EverySourceAnswered(_) => "every_source_answered",
            Self::Approve { .. } => "approve",
            Self::Execute => "execute",
            Self::Executed { .. } => "executed",
            Self::ScannedClean(_) => "scanned_clean",
            Self::ScannedDirty => "scanned_dirty",
            Self::RecipientsSettled(_) => "recipients_settled",
            Self::Deliver => "deliver",
            Self::Refuse { .. } => "refuse",
            Self::Sent(_) => "sent",
            Self::NotSent(_) => "not_sent",
            Self::TakeBack => "take_back",
            Self::Withdraw => "withdraw",
            Self::Extend { .. } => "extend",
            Self::LimitsChanged(_) => "limits_changed",
            Self::DayPassed { .. } => "day_passed",
            Self::Restrict(_) => "restrict",
            Self::AnnounceLifting => "announce_lifting",
            Self::Lift => "lift",
        }
    }
}

/// That every source answered an order, whatever it found. A silent or failed source keeps the case open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Located {
    case: CaseId,
}

impl Located {
    /// Checks the answers to an order to locate.
    ///
    /// # Errors
    /// [`Residue`] when a source is silent, failed, answered twice, answered another order or was not asked.
    pub fn of(order: &ScanOrder, answers: &[Answer]) -> Result<Self, Residue> {
        let found = |r: &ResidueReason| matches!(r, ResidueReason::Found(_));
        match conclude(order, answers) {
            Err(residue) if !residue.reasons().iter().all(|(_, r)| found(r)) => Err(residue),
            _ => Ok(Self { case: order.case() }),
        }
    }

    pub(super) const fn case(self) -> CaseId {
        self.case
    }
}

impl fmt::Debug for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Located({})", self.case)
    }
}

/// That a second look was clean, tied to the order it answered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rescan {
    case: CaseId,
    nonce: Nonce,
}

impl Rescan {
    /// Concludes a second look: the [`CleanScan`] is for the certificate, the other half for the case.
    ///
    /// # Errors
    /// [`Residue`], as [`conclude`].
    pub fn conclude(order: &ScanOrder, answers: &[Answer]) -> Result<(CleanScan, Self), Residue> {
        let clean = conclude(order, answers)?;
        let own = Self {
            case: order.case(),
            nonce: order.nonce(),
        };
        Ok((clean, own))
    }

    pub(super) const fn case(self) -> CaseId {
        self.case
    }

    pub(super) const fn nonce(self) -> Nonce {
        self.nonce
    }
}

impl fmt::Debug for Rescan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rescan({})", self.case)
    }
}
