//! What is noted down beside the status: decisions, questions, extension, restriction, instruction.

use retention_policy::{ActorId, CaseId, TenantId, Timestamp};

use super::facts::{AnswerTo, ExtensionReason, Extent, Ground, Message, RefusalGround};

/// Why nobody needs to show who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotNeeded {
    /// The request came from a session that had shown it. Asking more would be out of proportion.
    Authenticated,
    /// It does little harm in wrong hands: objection, restriction, withdrawal of consent, and no other right.
    LowHarm,
}

/// What is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "yes or no")]
pub enum Verdict {
    /// It is done.
    Grant(Extent),
    /// It is not.
    Refuse(RefusalGround),
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "somebody, or nobody in time")]
pub enum DecidedBy {
    /// A named human.
    Human(ActorId),
    /// Nobody had by the day, so the objection counts (article 21(1)).
    Lapse,
}

/// The record of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what, who, when")]
pub struct Decision {
    /// What.
    pub verdict: Verdict,
    /// Who.
    pub by: DecidedBy,
    /// When.
    pub at: Timestamp,
}

/// A question to the person. The clock decides whether the time until the answer is a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "from and until")]
pub struct Wait {
    /// When it was asked first.
    pub asked: Timestamp,
    /// When it was answered, or given up.
    pub answered: Option<Timestamp>,
}

/// The one extension of a case. It counts once its notice has left in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "why, who, when, told when")]
pub struct Extension {
    /// Why.
    pub reason: ExtensionReason,
    /// Who decided it.
    pub by: ActorId,
    /// When.
    pub at: Timestamp,
    /// When the person was told.
    pub notified: Option<Timestamp>,
}

/// The notice before a restriction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a message and its leaving")]
pub enum Notice {
    /// Nobody announced an end.
    None,
    /// It waits to leave.
    Queued,
    /// It left.
    Sent(Timestamp),
}

/// Data that may be stored and not used (article 18(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "why, since, told, until")]
pub struct Restriction {
    /// Why.
    pub ground: Ground,
    /// Since when.
    pub since: Timestamp,
    /// Whether the person knows that it ends.
    pub notice: Notice,
    /// When it ended.
    pub lifted: Option<Timestamp>,
}

/// The message that waits to leave, or left, and ends the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the three ways a case ends by us")]
pub enum Closing {
    /// The answer.
    Answer,
    /// The letter of refusal.
    Refusal,
    /// That this case goes on in another one.
    Joined(CaseId),
}

impl Closing {
    /// The kind of message.
    #[must_use]
    pub const fn message(self) -> Message {
        match self {
            Self::Answer => Message::Answer,
            Self::Refusal => Message::Refusal,
            Self::Joined(_) => Message::Joined,
        }
    }
}

/// What the controller tells its processor to do (article 28(3)(a)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "who says it, and who answers")]
pub struct Instruction {
    /// The controller. By instructing it states that whoever asks may ask.
    pub controller: TenantId,
    /// Who answers the person: the controller, unless it authorises us.
    pub answer_to: AnswerTo,
}
