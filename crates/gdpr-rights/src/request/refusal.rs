//! Not doing what was asked, whole or in part: never without the three mentions of article 12(4).

mod exception;
mod ground;
mod letter;

use retention_policy::{ActorId, CaseId, Timestamp};

use super::authority::Authority;
use super::right::Right;
use crate::Error;

pub use exception::{ErasureException, Exception, ExceptionDraft, ExceptionPart, KeepUntil};
pub use ground::{Reason, RefusalGround};

/// What article 12(4) has said to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "article 12(4) has three")]
pub enum Mention {
    /// The reasons.
    Reasons,
    /// That one can complain to a supervisory authority.
    Complaint,
    /// That one can go to court.
    Remedy,
}

/// How much is refused. A part of it has the same mentions (EDPB guidelines 01/2022, paragraph 193).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whole or part")]
pub enum Extent {
    /// All of it.
    Whole,
    /// A part.
    Part,
}

/// Before which courts (article 79(2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "article 79(2) has two cases")]
pub enum Remedy {
    /// Where the controller is established, or where the person lives.
    EstablishmentOrResidence,
    /// Only those of the controller's state: it is an authority that used its public powers.
    ControllersState,
}

/// What a refusal is made of, filled in step by step.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a form: what it lacks is told by RefusalNotice::new"
)]
pub struct RefusalDraft {
    /// The case.
    pub case: CaseId,
    /// What was asked.
    pub right: Right,
    /// How much is refused.
    pub extent: Extent,
    /// Why. What is kept under article 17(3) has its reason in the exception and needs none here.
    pub reasons: Vec<Reason>,
    /// What is kept against a request for erasure.
    pub exceptions: Vec<Exception>,
    /// The authority to complain to: see [`Authority::of`].
    pub complaint: Option<Authority>,
    /// The courts.
    pub remedy: Option<Remedy>,
    /// The human who decided.
    pub decided_by: ActorId,
    /// When.
    pub decided_at: Timestamp,
}

/// A refusal that says why, where to complain and that there are courts (article 12(4)). There is no other way to make one.
///
/// ```
/// use gdpr_rights::request::authority::Authority;
/// use gdpr_rights::request::language::Language;
/// use gdpr_rights::request::matrix::{Applies, Role, applies};
/// use gdpr_rights::request::refusal::{
///     Extent, Mention, Reason, RefusalDraft, RefusalGround, RefusalNotice, Remedy,
/// };
/// use gdpr_rights::{Error, Right};
/// use retention_policy::{ActorId, CaseId, LegalBasis};
///
/// let answer = applies(LegalBasis::LegitimateInterests, Right::Portability, Role::Controller);
/// let Applies::No(why) = answer else { panic!("it does not apply") };
/// let reason = Reason::new(RefusalGround::NotApplicable(why), "We use this data in our own interest.")?;
/// let draft = RefusalDraft {
///     case: CaseId::from_random([1; 16]),
///     right: Right::Portability,
///     extent: Extent::Whole,
///     reasons: vec![reason],
///     exceptions: vec![],
///     complaint: None,
///     remedy: Some(Remedy::EstablishmentOrResidence),
///     decided_by: ActorId::from_random([2; 16]),
///     decided_at: "2026-03-20T09:00:00Z".parse().unwrap(),
/// };
/// let incomplete = RefusalNotice::new(draft.clone());
/// assert_eq!(incomplete.unwrap_err(), Error::Article12Point4Incomplete(Mention::Complaint));
///
/// let complaint = Some(Authority::of_code("IE")?);
/// let notice = RefusalNotice::new(RefusalDraft { complaint, ..draft })?;
/// assert!(notice.expose_letter(Language::English).contains("Data Protection Commission"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalNotice {
    case: CaseId,
    right: Right,
    extent: Extent,
    reasons: Vec<Reason>,
    exceptions: Vec<Exception>,
    complaint: Authority,
    remedy: Remedy,
    decided_by: ActorId,
    decided_at: Timestamp,
}

impl RefusalNotice {
    /// Makes the refusal.
    ///
    /// # Errors
    /// - [`Error::Article12Point4Incomplete`] with the first mention that lacks;
    /// - [`Error::ReasonDoesNotFit`] when a reason cannot be one for this right, or exceptions are not for an erasure;
    /// - [`Error::AbsoluteRight`] when it is refused on its merits where nothing can be weighed (articles 7(3), 21(3)).
    pub fn new(draft: RefusalDraft) -> Result<Self, Error> {
        if draft.reasons.is_empty() && draft.exceptions.is_empty() {
            return Err(Error::Article12Point4Incomplete(Mention::Reasons));
        }
        let complaint = draft
            .complaint
            .ok_or(Error::Article12Point4Incomplete(Mention::Complaint))?;
        let remedy = draft
            .remedy
            .ok_or(Error::Article12Point4Incomplete(Mention::Remedy))?;
        if draft.right != Right::Erasure && !draft.exceptions.is_empty() {
            return Err(Error::ReasonDoesNotFit);
        }
        for reason in &draft.reasons {
            reason.fits(draft.right, draft.case)?;
        }
        Ok(Self {
            case: draft.case,
            right: draft.right,
            extent: draft.extent,
            reasons: draft.reasons,
            exceptions: draft.exceptions,
            complaint,
            remedy,
            decided_by: draft.decided_by,
            decided_at: draft.decided_at,
        })
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// What was asked.
    #[must_use]
    pub fn right(&self) -> Right {
        self.right
    }

    /// How much is refused.
    #[must_use]
    pub fn extent(&self) -> Extent {
        self.extent
    }

    /// Why.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// What is kept.
    #[must_use]
    pub fn exceptions(&self) -> &[Exception] {
        &self.exceptions
    }

    /// The authority it names.
    #[must_use]
    pub fn complaint(&self) -> Authority {
        self.complaint
    }

    /// The courts it names.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        self.remedy
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
}
