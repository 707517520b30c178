//! Representatives: for whom, for what, until when, shown by what (article 80; EDPB guidelines 01/2022, paragraphs 80, 81).

use std::collections::BTreeSet;
use std::fmt;

use retention_policy::{CaseId, SubjectId, Timestamp};

use crate::request::right::{Request, Right};

/// Somebody who acts for a person: 16 random bytes that lead to who it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepresentativeId([u8; 16]);

impl RepresentativeId {
    /// Takes 16 random bytes of the caller, or those that [`Self::to_bytes`] gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Debug for RepresentativeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RepresentativeId(16 bytes)")
    }
}

/// Why somebody may not act for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum MandateError {
    /// There is none.
    #[error("there is no mandate: ask the representative for it")]
    Missing,
    /// It is another representative's.
    #[error("the mandate names another representative")]
    OtherAgent,
    /// It is for another person.
    #[error("the mandate is for another person")]
    OtherPerson,
    /// The right is not among those it names.
    #[error("the mandate does not cover this right: ask for one that does")]
    OutOfScope,
    /// It has ended.
    #[error("the mandate has ended: ask for a new one")]
    Expired,
    /// A mandate for nothing.
    #[error("a mandate names at least one right")]
    Empty,
    /// Nothing was shown for it.
    #[error("a mandate needs the hash of what shows it")]
    NoEvidence,
}

/// Who may act for whom. What shows it is kept elsewhere or not at all; here is its SHA-256.
///
/// ```
/// use gdpr_rights::request::identity::{Mandate, MandateError, RepresentativeId};
/// use gdpr_rights::{Request, Right};
/// use retention_policy::{CaseId, SubjectId, TenantId};
///
/// let subject = SubjectId::from_random([3; 16]);
/// let lawyer = RepresentativeId::from_bytes([9; 16]);
/// let until = "2026-06-30T22:00:00Z".parse().unwrap();
/// let mandate = Mandate::new(lawyer, subject, [Right::Access], [0xab; 32], until)?;
///
/// let now = "2026-03-02T09:00:00Z".parse().unwrap();
/// let request = Request {
///     case: CaseId::from_random([1; 16]),
///     tenant: TenantId::from_random([2; 16]),
///     subject,
///     right: Right::Erasure,
///     received: now,
/// };
/// let refused = Mandate::check(Some(&mandate), lawyer, &request, now);
/// assert_eq!(refused, Err(MandateError::OutOfScope));
/// # Ok::<(), MandateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mandate {
    agent: RepresentativeId,
    subject: SubjectId,
    scope: BTreeSet<Right>,
    evidence: [u8; 32],
    valid_until: Timestamp,
}

/// That a mandate was checked: this representative may exercise this right of this person. Only [`Mandate::check`] makes
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Represented {
    agent: RepresentativeId,
    case: CaseId,
    subject: SubjectId,
    right: Right,
    evidence: [u8; 32],
}

impl Mandate {
    /// Notes a mandate. `evidence` is the SHA-256 of what a human looked at; `valid_until` is the first instant at which it
    /// counts no more.
    ///
    /// # Errors
    /// [`MandateError::Empty`] without a right, [`MandateError::NoEvidence`] when the hash is all zeros.
    pub fn new(
        agent: RepresentativeId,
        subject: SubjectId,
        scope: impl IntoIterator<Item = Right>,
        evidence: [u8; 32],
        valid_until: Timestamp,
    ) -> Result<Self, MandateError> {
        let scope: BTreeSet<_> = scope.into_iter().collect();
        if scope.is_empty() {
            return Err(MandateError::Empty);
        }
        if evidence == [0; 32] {
            return Err(MandateError::NoEvidence);
        }
        Ok(Self {
            agent,
            subject,
            scope,
            evidence,
            valid_until,
        })
    }

    /// Checks whether a representative may make this request.
    ///
    /// # Errors
    /// The first of [`MandateError::Missing`], [`MandateError::OtherAgent`], [`MandateError::OtherPerson`],
    /// [`MandateError::OutOfScope`], [`MandateError::Expired`] that is so.
    pub fn check(
        mandate: Option<&Self>,
        agent: RepresentativeId,
        request: &Request,
        now: Timestamp,
    ) -> Result<Represented, MandateError> {
        let mandate = mandate.ok_or(MandateError::Missing)?;
        if mandate.agent != agent {
            return Err(MandateError::OtherAgent);
        }
        if mandate.subject != request.subject {
            return Err(MandateError::OtherPerson);
        }
        if !mandate.scope.contains(&request.right) {
            return Err(MandateError::OutOfScope);
        }
        if now >= mandate.valid_until {
            return Err(MandateError::Expired);
        }
        Ok(Represented {
            agent,
            case: request.case,
            subject: request.subject,
            right: request.right,
            evidence: mandate.evidence,
        })
    }

    /// Who acts.
    #[must_use]
    pub fn agent(&self) -> RepresentativeId {
        self.agent
    }

    /// For whom.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// For which rights.
    pub fn scope(&self) -> impl Iterator<Item = Right> {
        self.scope.iter().copied()
    }

    /// SHA-256 of what shows it.
    #[must_use]
    pub fn evidence(&self) -> [u8; 32] {
        self.evidence
    }

    /// The first instant at which it counts no more.
    #[must_use]
    pub fn valid_until(&self) -> Timestamp {
        self.valid_until
    }
}

impl Represented {
    /// Who acts.
    #[must_use]
    pub fn agent(&self) -> RepresentativeId {
        self.agent
    }

    /// SHA-256 of what showed the mandate.
    #[must_use]
    pub fn evidence(&self) -> [u8; 32] {
        self.evidence
    }

    pub(super) fn is_for(&self, request: &Request) -> bool {
        self.case == request.case && self.subject == request.subject && self.right == request.right
    }
}
