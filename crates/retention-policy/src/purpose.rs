//! What personal data may be used for: a closed list (article 5(1)(b) GDPR).

use std::fmt;

use crate::Error;

/// A purpose. The list is closed: advertising, marketing and profiling cannot be expressed.
///
/// ```
/// use retention_policy::Purpose;
/// assert!(Purpose::from_code("draft_reply").is_ok());
/// assert!(Purpose::from_code("marketing").is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "closed by promise: a new purpose is a new promise and must break every match"
)]
pub enum Purpose {
    /// Drafting a reply that a human agent may send.
    DraftReply,
    /// Preparing replies to common inquiries, sent by nobody but a human.
    PrepareReply,
    /// Improving suggestions, on anonymous data only.
    ImproveService,
    /// Keeping the service running and helping the client company.
    Operate,
    /// A duty under Union or member state law (article 6(1)(c)).
    LegalObligation,
    /// Answering the request of a person (chapter III).
    AnswerRequest,
    /// Security and its audit (article 32).
    Secure,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 7] = [
        Self::DraftReply,
        Self::PrepareReply,
        Self::ImproveService,
        Self::Operate,
        Self::LegalObligation,
        Self::AnswerRequest,
        Self::Secure,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::DraftReply => "draft_reply",
            Self::PrepareReply => "prepare_reply",
            Self::ImproveService => "improve_service",
            Self::Operate => "operate",
            Self::LegalObligation => "legal_obligation",
            Self::AnswerRequest => "answer_request",
            Self::Secure => "secure",
        }
    }

    /// Reads a code.
    ///
    /// # Errors
    /// [`Error::UnknownPurpose`]: the list is closed.
    pub fn from_code(code: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|p| p.code() == code)
            .ok_or(Error::UnknownPurpose { len: code.len() })
    }

    /// Whether consent can be what it rests on (article 6(1)(a)).
    ///
    /// Duties under law, answers to requests and security have grounds of their own (articles 6(1)(c) and 32), and so
    /// has running the service for the client company (articles 6(1)(b) and (f)): a person who withdraws consent does
    /// not end them.
    #[must_use]
    pub const fn can_rest_on_consent(self) -> bool {
        matches!(
            self,
            Self::DraftReply | Self::PrepareReply | Self::ImproveService
        )
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One or more purposes. An empty set cannot be made: data without a purpose must not exist.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PurposeSet(u8);

impl PurposeSet {
    /// The set of one.
    #[must_use]
    pub const fn only(purpose: Purpose) -> Self {
        Self(purpose.bit())
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | purpose.bit())
    }

    /// Whether the purpose is in the set.
    #[must_use]
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 & purpose.bit() != 0
    }

    /// The purposes in the order of [`Purpose::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL.into_iter().filter(move |p| self.contains(*p))
    }

    /// The set as a byte, for storage.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Takes a byte that [`Self::bits`] gave.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits == 0 || bits >= 1 << Purpose::ALL.len() {
            None
        } else {
            Some(Self(bits))
        }
    }
}

impl fmt::Debug for PurposeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// The ground on which data is processed (article 6(1) GDPR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "article 6(1) has six letters")]
pub enum LegalBasis {
    /// (a) The person consented.
    Consent,
    /// (b) A contract with the person.
    Contract,
    /// (c) A duty under law.
    LegalObligation,
    /// (d) Vital interests.
    VitalInterests,
    /// (e) A task in the public interest.
    PublicTask,
    /// (f) Legitimate interests.
    LegitimateInterests,
}

impl LegalBasis {
    /// The letter in article 6(1).
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Consent => "6(1)(a)",
            Self::Contract => "6(1)(b)",
            Self::LegalObligation => "6(1)(c)",
            Self::VitalInterests => "6(1)(d)",
            Self::PublicTask => "6(1)(e)",
            Self::LegitimateInterests => "6(1)(f)",
        }
    }
}
