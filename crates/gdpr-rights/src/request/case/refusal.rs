//! Why a step is refused.

use std::fmt;

use super::facts::Status;

/// An event that cannot happen now. The case is unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepError {
    status: Status,
    event: &'static str,
    why: Why,
}

impl StepError {
    pub(super) const fn new(status: Status, event: &'static str, why: Why) -> Self {
        Self { status, event, why }
    }

    /// Where the case stands.
    #[must_use]
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The name of the event.
    #[must_use]
    pub const fn event(&self) -> &'static str {
        self.event
    }

    /// Why not.
    #[must_use]
    pub const fn why(&self) -> Why {
        self.why
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} cannot happen while the case is {}: {}",
            self.event, self.status, self.why
        )
    }
}

impl std::error::Error for StepError {}

/// What stands in the way, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The event belongs to another status.
    #[error("it belongs to another status")]
    WrongStatus,
    /// A processor does nothing on substance by itself, and a controller refers to nobody.
    #[error("it is not ours in this role: refer to the controller, or answer as one")]
    NotOurRole,
    /// Another controller.
    #[error("only the controller of this case can say so")]
    WrongController,
    /// The right does harm in wrong hands.
    #[error("this right needs a proof of identity: ask for one")]
    IdentityNeeded,
    /// No attempt failed.
    #[error("the person was asked and has not failed: wait for the answer")]
    NotFailed,
    /// Clarification is asked once.
    #[error("clarification is asked once: proceed with everything")]
    AskedBefore,
    /// A human decided.
    #[error("it is decided already")]
    Decided,
    /// Sources have not answered.
    #[error("not every source has answered: ask the silent ones")]
    NotAnswered,
    /// Nobody granted it.
    #[error("no human has granted it: approve it first")]
    NotApproved,
    /// Work is ordered and cannot be taken back.
    #[error("the work is ordered and cannot be taken back")]
    WorkOrdered,
    /// Work is not ordered.
    #[error("the work is not ordered: execute it first")]
    WorkNotOrdered,
    /// Work is not done.
    #[error("the work is not done in every source: wait for it")]
    WorkNotDone,
    /// No clean second look.
    #[error("not every source was clean in a second look: scan again")]
    NotClean,
    /// A second look is clean already, or this right has none.
    #[error("there is no second look to conclude")]
    NoRescan,
    /// An answer to another case or order.
    #[error("the answers belong to another case or order: scan again")]
    OtherOrder,
    /// Recipients are open.
    #[error("recipients are neither told nor recorded as unreachable: settle article 19 first")]
    RecipientsOpen,
    /// There is nothing to settle.
    #[error("no recipient waits to be told")]
    NoRecipientsAsked,
    /// Nothing may be weighed here.
    #[error("nothing is weighed against direct marketing or consent taken back: grant it in full")]
    Absolute,
    /// The reason fits another status or right.
    #[error("this reason does not fit: before identity is settled only article 12(5) and (6) do")]
    WrongGround,
    /// A message waits to leave.
    #[error("a closing message is on its way: say that it was sent or not")]
    OnItsWay,
    /// No such message waits.
    #[error("no such message waits to leave")]
    NothingOnItsWay,
    /// The controller has our result.
    #[error("the controller has the result: it closes the case")]
    Returned,
    /// One extension is all.
    #[error("it is extended once already")]
    ExtendedBefore,
    /// Too late to extend.
    #[error("the day to tell the person of an extension has passed: answer now")]
    NoticeTooLate,
    /// The day to extend by moved later.
    #[error("the day to tell the person of an extension cannot move later")]
    NoticeMoved,
    /// The civil day is not one of this instant.
    #[error("no zone has that civil day now: check the clock and the zone")]
    WrongDay,
    /// Restriction is on.
    #[error("it is restricted already")]
    RestrictedBefore,
    /// Restriction is off.
    #[error("nothing is restricted by this case")]
    NotRestricted,
    /// The case still needs it.
    #[error("the restriction lasts until the case is closed")]
    StillNeeded,
    /// Notice comes first.
    #[error("the person must be told before a restriction ends (article 18(3)): send the notice")]
    NoticeFirst,
    /// The objection's day passed.
    #[error("nobody decided the objection by its day: let the day pass, it stops by itself")]
    Lapsed,
    /// Not the same person, tenant, right and role, or the same case.
    #[error("only two cases of one person, tenant, right and role merge")]
    NotTheSame,
    /// Somebody has not shown who they are.
    #[error("only cases with proved identity merge")]
    NotProved,
    /// Merging would give more time than one of the two has.
    #[error("merging would delay one of them: answer each by its own day")]
    WouldDelay,
}
