//! Requests cost nothing (article 12(5)). The two ways out have a proof and a warning before them, or do not open.

use chrono::Months;
use retention_policy::{ActorId, CaseId, Timestamp};

use super::right::{Request, Right};
use super::words::Words;
use crate::Error;

/// What makes a request one that may cost something. The controller bears the burden of showing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "articles 12(5) and 15(3) have no other way"
)]
pub enum Burden {
    /// Manifestly unfounded.
    Unfounded,
    /// Excessive, because it comes again so soon.
    Excessive {
        /// When the one before was received.
        previous: Timestamp,
    },
    /// A further copy of what was already given (article 15(3)).
    FurtherCopy {
        /// When the first copy was given.
        first: Timestamp,
    },
}

/// That a burden was shown: by whom, why, with what. It cannot be made out of nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demonstrated {
    case: CaseId,
    burden: Burden,
    reason: Words,
    evidence: [u8; 32],
    decided_by: ActorId,
    decided_at: Timestamp,
}

impl Demonstrated {
    /// Notes what was shown. `evidence` is the SHA-256 of what shows it; the reason is at most 2,000 bytes.
    ///
    /// # Errors
    /// - [`Error::FeeWithoutProof`] without a reason or with a hash of zeros;
    /// - [`Error::NotExcessive`] when the request before was not received earlier, or a year or more before: a yearly
    ///   request is never excessive (EDPB guidelines 01/2022, paragraph 185);
    /// - [`Error::NoFurtherCopy`] when it is no access request that came after a first copy.
    pub fn new(
        request: &Request,
        burden: Burden,
        reason: &str,
        evidence: [u8; 32],
        decided_by: ActorId,
        decided_at: Timestamp,
    ) -> Result<Self, Error> {
        match burden {
            Burden::Unfounded => {}
            Burden::Excessive { previous } => {
                let year = previous
                    .checked_add_months(Months::new(12))
                    .ok_or(Error::NotExcessive)?;
                if previous >= request.received || request.received >= year {
                    return Err(Error::NotExcessive);
                }
            }
            Burden::FurtherCopy { first } => {
                if request.right != Right::Access || first >= request.received {
                    return Err(Error::NoFurtherCopy);
                }
            }
        }
        let reason = Words::new(reason).ok_or(Error::FeeWithoutProof)?;
        if evidence == [0; 32] {
            return Err(Error::FeeWithoutProof);
        }
        Ok(Self {
            case: request.case,
            burden,
            reason,
            evidence,
            decided_by,
            decided_at,
        })
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// What was shown.
    #[must_use]
    pub fn burden(&self) -> Burden {
        self.burden
    }

    /// SHA-256 of what shows it.
    #[must_use]
    pub fn evidence(&self) -> [u8; 32] {
        self.evidence
    }

    /// The human who decided.
    #[must_use]
    pub fn decided_by(&self) -> ActorId {
        self.decided_by
    }

    /// When.
    #[must_use]
    pub fn decided_at(&self) -> Timestamp {
        self.decided_at
    }

    /// Why.
    #[must_use]
    pub fn expose_reason(&self) -> &str {
        self.reason.expose()
    }
}

/// That the person was told beforehand what it would cost, and could still let it be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "three facts about a letter")]
pub struct FeeWarning {
    /// The case.
    pub case: CaseId,
    /// What it was said to cost at most, in euro cents.
    pub cents: u32,
    /// When the warning was sent.
    pub sent_at: Timestamp,
}

/// A fee. Without a proof and a warning there is none:
///
/// ```
/// use gdpr_rights::request::fee::{Burden, Demonstrated, Fee, FeeWarning};
/// use gdpr_rights::{Error, Request, Right};
/// use retention_policy::{ActorId, CaseId, SubjectId, TenantId};
///
/// let received = "2026-03-02T09:00:00Z".parse().unwrap();
/// let request = Request {
///     case: CaseId::from_random([1; 16]),
///     tenant: TenantId::from_random([2; 16]),
///     subject: SubjectId::from_random([3; 16]),
///     right: Right::Access,
///     received,
/// };
/// let now = "2026-03-10T09:00:00Z".parse().unwrap();
/// assert_eq!(Fee::charge(&request, 500, None, None, now), Err(Error::FeeWithoutProof));
///
/// let first = "2026-02-20T09:00:00Z".parse().unwrap();
/// let officer = ActorId::from_random([4; 16]);
/// let burden = Burden::FurtherCopy { first };
/// let proof = Demonstrated::new(&request, burden, "Printed and sent by post.", [7; 32], officer, received)?;
/// let charged = Fee::charge(&request, 500, Some(&proof), None, now);
/// assert_eq!(charged, Err(Error::FeeWithoutWarning));
///
/// let warning = FeeWarning { case: request.case, cents: 500, sent_at: received };
/// assert_eq!(Fee::charge(&request, 500, Some(&proof), Some(warning), now)?.cents(), 500);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fee {
    case: CaseId,
    cents: u32,
    burden: Burden,
}

impl Fee {
    /// Charges a fee in euro cents, which has to be reasonable: what the administration of it costs.
    ///
    /// # Errors
    /// - [`Error::FeeWithoutProof`] when nothing was shown for this case;
    /// - [`Error::FeeWithoutWarning`] when the person was not warned before `now`, in this case, after the proof and of at
    ///   least this amount.
    pub fn charge(
        request: &Request,
        cents: u32,
        proof: Option<&Demonstrated>,
        warning: Option<FeeWarning>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let proof = proof
            .filter(|proof| proof.case == request.case)
            .ok_or(Error::FeeWithoutProof)?;
        warning
            .filter(|warning| {
                warning.case == request.case
                    && warning.cents >= cents
                    && warning.sent_at >= proof.decided_at
                    && warning.sent_at < now
            })
            .ok_or(Error::FeeWithoutWarning)?;
        Ok(Self {
            case: request.case,
            cents,
            burden: proof.burden,
        })
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// Euro cents.
    #[must_use]
    pub fn cents(&self) -> u32 {
        self.cents
    }

    /// What it is for.
    #[must_use]
    pub fn burden(&self) -> Burden {
        self.burden
    }
}
