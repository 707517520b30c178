//! What a step asks its caller to do. Store them in the transaction that stores the case.

use retention_policy::CaseId;

use super::facts::{AnswerTo, ExtensionReason, Extent, Ground, RefusalGround, Scope};
use super::limits::CivilDay;
use crate::request::order::Nonce;

/// What the caller does next. Nothing here is done yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Send the neutral reply: the same whoever asks, known or not.
    SendAcknowledgement,
    /// Ask the person to show who they are.
    AskIdentity,
    /// Ask the person what they mean.
    AskClarification,
    /// Give the request to the controller, with the day it is due.
    ReferToController,
    /// Limit use to storage, in this transaction (article 18(2)).
    RestrictAtOnce(Ground),
    /// Stop the use, in this transaction: nothing is weighed (articles 7(3) and 21(3)).
    StopAtOnce(Ground),
    /// Stop the use for good: nobody decided the objection by its day (article 21(1)).
    StopByItself,
    /// Order every source to say what it holds.
    AskEverySource(Scope),
    /// Show the case to a human, who decides.
    AskHuman,
    /// Order every source to do it.
    Execute {
        /// How much of what was asked.
        extent: Extent,
        /// How much was asked.
        scope: Scope,
    },
    /// Order every source to look again, with this nonce.
    ScanAgain(Nonce),
    /// Tell each recipient (article 19).
    NotifyRecipients,
    /// Send the answer; then [`super::Event::Sent`].
    Deliver {
        /// To whom.
        to: AnswerTo,
        /// How much was granted.
        extent: Extent,
    },
    /// Send the letter of refusal with reasons, complaint and remedy (article 12(4)); then [`super::Event::Sent`].
    LetterOfRefusal(RefusalGround),
    /// Tell the person that the request is handled with an earlier one; then [`super::Event::Sent`].
    TellJoined {
        /// The case that goes on.
        survivor: CaseId,
        /// To whom.
        to: AnswerTo,
    },
    /// Send the notice of extension with its reason and the new day, before `by` ends; then [`super::Event::Sent`].
    NoticeOfExtension {
        /// Why.
        reason: ExtensionReason,
        /// The new day.
        until: CivilDay,
        /// The last day for the notice.
        by: CivilDay,
        /// To whom.
        to: AnswerTo,
    },
    /// Tell the person that the restriction ends (article 18(3)); then [`super::Event::Sent`].
    NoticeOfLifting(AnswerTo),
    /// End the restriction.
    LiftRestriction,
    /// Tell the person that the request is taken back as they asked.
    ConfirmWithdrawal,
    /// Tell the controller that the person took the request back.
    TellControllerWithdrawn,
    /// Remind whoever has the case.
    Remind {
        /// Who.
        whom: AnswerableBy,
        /// Days until the alarm day.
        days_left: u8,
        /// The alarm day.
        day: CivilDay,
    },
    /// The alarm day passed.
    Overdue {
        /// Who has the case.
        whom: AnswerableBy,
        /// Whether it is on time if the pause counts.
        unless_paused: bool,
    },
}

/// Whom an alarm is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the house or its client")]
pub enum AnswerableBy {
    /// The house.
    Us,
    /// The controller, while the case is referred or returned.
    Controller,
}
