//! What kinds of records exist, how long each may live at most, and how coarse its end is kept.

use std::fmt;

use crate::record::Lifetime;

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Category {
    /// Thread and pseudonym map of a ticket.
    Session,
    /// A redacted draft.
    Draft,
    /// What became of a suggestion; no person in it.
    Usage,
    /// A reply pattern learned from many tickets; no person in it.
    Template,
    /// An attachment kept on request, with its ticket's end.
    Attachment,
    /// A case of a person's request.
    RightsCase,
    /// Consent, objection and restriction.
    Consent,
    /// What a client company is charged.
    Billing,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 8] = [
        Self::Session,
        Self::Draft,
        Self::Usage,
        Self::Template,
        Self::Attachment,
        Self::RightsCase,
        Self::Consent,
        Self::Billing,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Draft => "draft",
            Self::Usage => "usage",
            Self::Template => "template",
            Self::Attachment => "attachment",
            Self::RightsCase => "rights_case",
            Self::Consent => "consent",
            Self::Billing => "billing",
        }
    }

    /// The stored byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self as u8
    }

    /// Takes a byte that [`Self::to_byte`] gave.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.to_byte() == byte)
    }

    /// The longest life a record of this kind can be given. Policies only shorten it.
    #[must_use]
    pub const fn ceiling(self) -> Lifetime {
        match self {
            Self::Session | Self::Attachment => Lifetime::TICKET_CEILING,
            Self::Draft => Lifetime::DRAFT_CEILING,
            Self::Usage | Self::Template => Lifetime::ANONYMOUS_CEILING,
            Self::RightsCase | Self::Consent => Lifetime::PROOF_CEILING,
            Self::Billing => Lifetime::LAW_CEILING,
        }
    }

    /// The width of the time buckets that share a key, in seconds: 15 minutes for ticket data, a day for drafts, a
    /// week for the rest. A record's bucket ends at or after its expiry, never before.
    #[must_use]
    pub const fn bucket_seconds(self) -> u32 {
        match self {
            Self::Session | Self::Attachment => 15 * 60,
            Self::Draft => 24 * 3600,
            _ => 7 * 24 * 3600,
        }
    }

    /// Whether a record of this kind holds no person: its times are kept by week, its subject means nobody.
    #[must_use]
    pub const fn is_anonymous(self) -> bool {
        matches!(self, Self::Usage | Self::Template)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
