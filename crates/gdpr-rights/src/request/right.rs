//! The rights of chapter III, and the others people ask for by name.

use std::fmt;

use retention_policy::{CaseId, SubjectId, TenantId, Timestamp};

/// A right a person can exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Right {
    /// To know whether and what (article 15).
    Access,
    /// To have it corrected (article 16).
    Rectification,
    /// To have it erased (article 17).
    Erasure,
    /// To have its use limited (article 18).
    Restriction,
    /// To take it along (article 20).
    Portability,
    /// To object (article 21).
    Objection,
    /// To have a human decide (article 22(3)).
    HumanReview,
    /// To take consent back (article 7(3)).
    WithdrawConsent,
    /// To know the recipients of a correction or erasure (article 19).
    Recipients,
    /// To object to direct marketing (article 21(2)). No weighing follows, unlike [`Self::Objection`] (article 21(1)).
    MarketingObjection,
}

impl Right {
    /// All rights. The place in this list is a stored byte: new ones go to the end.
    pub const ALL: [Self; 10] = [
        Self::Access,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Portability,
        Self::Objection,
        Self::HumanReview,
        Self::WithdrawConsent,
        Self::Recipients,
        Self::MarketingObjection,
    ];

    /// The article of the GDPR.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Access => "15",
            Self::Rectification => "16",
            Self::Erasure => "17",
            Self::Restriction => "18",
            Self::Portability => "20",
            Self::Objection => "21",
            Self::HumanReview => "22(3)",
            Self::WithdrawConsent => "7(3)",
            Self::Recipients => "19",
            Self::MarketingObjection => "21(2)",
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Portability => "portability",
            Self::Objection => "objection",
            Self::HumanReview => "human_review",
            Self::WithdrawConsent => "withdraw_consent",
            Self::Recipients => "recipients",
            Self::MarketingObjection => "objection_direct_marketing",
        }
    }

    /// Whether it works at once and not after an examination: a withdrawal or objection stops the use first
    /// (articles 7(3), 21(1) with 18(1)(d), 21(3)).
    #[must_use]
    pub const fn stops_at_once(self) -> bool {
        matches!(
            self,
            Self::Objection | Self::MarketingObjection | Self::WithdrawConsent
        )
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A request as it was received. It holds no text of the person: that stays with the helpdesk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "five facts, each valid with any other"
)]
pub struct Request {
    /// The case it opens.
    pub case: CaseId,
    /// Whose records it is about.
    pub tenant: TenantId,
    /// The person.
    pub subject: SubjectId,
    /// What is asked.
    pub right: Right,
    /// When it reached an official channel, known or not (article 12(3)).
    pub received: Timestamp,
}
