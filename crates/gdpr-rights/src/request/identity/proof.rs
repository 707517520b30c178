//! What a check that was passed leaves behind, and when it is enough.

use chrono::{NaiveDate, TimeDelta};
use retention_policy::{ActorId, CaseId, SubjectId, TenantId, Timestamp};

use super::mandate::Represented;
use super::{Level, Sensitivity};
use crate::Error;
use crate::request::right::{Request, Right};

/// A check that was passed, for one case and one right. It is used up by what it proves, so it cannot be cloned.
#[derive(Debug, PartialEq, Eq)]
pub struct Proof {
    case: CaseId,
    tenant: TenantId,
    subject: SubjectId,
    right: Right,
    level: Level,
    at: Timestamp,
    note: Option<DocumentNote>,
}

/// That a person is signed in, as the caller's sign-in says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two facts of a session")]
pub struct Session {
    /// Who.
    pub subject: SubjectId,
    /// When the second factor was last given.
    pub second_factor: Timestamp,
}

impl Session {
    /// Minutes a second factor counts as fresh.
    pub const FRESH_MINUTES: i64 = 15;
}

/// Why a document was looked at: a doubt in this very case (article 12(6)), never a rule for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// Name and record do not fit together.
    NamesDiffer,
    /// The address on file changed shortly before.
    AddressChanged,
    /// Codes were tried in vain.
    FailedCodes,
    /// Somebody warned that another would ask.
    Warning,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// An identity card.
    IdentityCard,
    /// A passport.
    Passport,
    /// A residence permit.
    ResidencePermit,
    /// A driving licence.
    DrivingLicence,
}

/// That a human looked at a document: by whom, on which day, of which kind, and why. There is no field for what it showed
/// (EDPB guidelines 01/2022, paragraph 79):
///
/// ```compile_fail
/// use gdpr_rights::request::identity::DocumentNote;
/// fn keep(note: DocumentNote) -> DocumentNote { DocumentNote { copy: vec![0_u8], ..note } }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "what may be kept, and nothing else"
)]
pub struct DocumentNote {
    /// Who looked.
    pub checked_by: ActorId,
    /// On which day.
    pub checked_on: NaiveDate,
    /// At what.
    pub kind: DocumentKind,
    /// Why that was needed.
    pub doubt: Doubt,
}

impl Proof {
    fn new(request: &Request, level: Level, at: Timestamp) -> Self {
        Self {
            case: request.case,
            tenant: request.tenant,
            subject: request.subject,
            right: request.right,
            level,
            at,
            note: None,
        }
    }

    pub(super) fn by_code(request: &Request, at: Timestamp) -> Self {
        Self::new(request, Level::Channel, at)
    }

    pub(super) fn raised_to(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// Checks a session (L2).
    ///
    /// # Errors
    /// [`Error::OtherPerson`] when somebody else is signed in; [`Error::StaleSession`] when the second factor is 15 minutes
    /// old or from the future.
    pub fn by_session(request: &Request, session: Session, now: Timestamp) -> Result<Self, Error> {
        if session.subject != request.subject {
            return Err(Error::OtherPerson);
        }
        let age = now - session.second_factor;
        if age < TimeDelta::zero() || age >= TimeDelta::minutes(Session::FRESH_MINUTES) {
            return Err(Error::StaleSession);
        }
        Ok(Self::new(request, Level::Session, now))
    }

    /// Takes the note of a human who looked at a document (L4).
    ///
    /// # Errors
    /// [`Error::BadDocumentNote`] when its day is after that of `now` anywhere on earth.
    pub fn by_document(
        request: &Request,
        note: DocumentNote,
        now: Timestamp,
    ) -> Result<Self, Error> {
        // The day is that of the human's own zone, at most 14 hours ahead.
        let latest = now
            .checked_add_signed(TimeDelta::hours(14))
            .unwrap_or(now)
            .date_naive();
        if note.checked_on > latest {
            return Err(Error::BadDocumentNote);
        }
        Ok(Self {
            note: Some(note),
            ..Self::new(request, Level::Document, now)
        })
    }

    /// The level reached.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }
}

/// That whoever asks has been identified as far as the right needs. What executes a request takes one.
///
/// ```compile_fail
/// use gdpr_rights::request::identity::{Level, Verified};
/// let verified = Verified { level: Level::Document, ..todo!() };
/// ```
///
/// ```
/// use gdpr_rights::request::identity::{Level, Proof, Sensitivity, Session, Verified};
/// use gdpr_rights::{Error, Request, Right};
/// use retention_policy::{CaseId, SubjectId, TenantId};
///
/// let now = "2026-03-02T09:00:00Z".parse().unwrap();
/// let request = Request {
///     case: CaseId::from_random([1; 16]),
///     tenant: TenantId::from_random([2; 16]),
///     subject: SubjectId::from_random([3; 16]),
///     right: Right::Access,
///     received: now,
/// };
/// let nothing = Verified::new(&request, Sensitivity::Ordinary, None, now);
/// assert_eq!(nothing, Err(Error::NotEnough(Level::Session)));
///
/// let session = Session { subject: request.subject, second_factor: now };
/// let proof = Proof::by_session(&request, session, now)?;
/// let verified = Verified::new(&request, Sensitivity::Ordinary, Some(proof), now)?;
/// assert!(verified.is_for(&request));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    case: CaseId,
    tenant: TenantId,
    subject: SubjectId,
    right: Right,
    level: Level,
    at: Timestamp,
    note: Option<DocumentNote>,
    represented: Option<Represented>,
}

impl Verified {
    /// Says that the person is identified as far as this right and this data need. Where nothing is needed, `None` is enough.
    ///
    /// # Errors
    /// [`Error::OtherPerson`] when the proof is of another case, person or right; [`Error::NotEnough`] with the level that
    /// is needed.
    pub fn new(
        request: &Request,
        sensitivity: Sensitivity,
        proof: Option<Proof>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let need = Level::required(request.right, sensitivity);
        let proof = proof.unwrap_or_else(|| Proof::new(request, Level::Nothing, now));
        let verified = Self {
            case: proof.case,
            tenant: proof.tenant,
            subject: proof.subject,
            right: proof.right,
            level: proof.level,
            at: proof.at,
            note: proof.note,
            represented: None,
        };
        if !verified.is_for(request) {
            return Err(Error::OtherPerson);
        }
        if !verified.level.suffices_for(need) {
            return Err(Error::NotEnough(need));
        }
        Ok(verified)
    }

    /// The same for a representative whose mandate was checked. It replaces no proof: the code still goes to the address of
    /// the person represented, who hands it on.
    ///
    /// # Errors
    /// As [`Self::new`], and [`Error::OtherPerson`] when the mandate was checked for another request.
    pub fn represented(
        request: &Request,
        sensitivity: Sensitivity,
        proof: Option<Proof>,
        represented: Represented,
        now: Timestamp,
    ) -> Result<Self, Error> {
        if !represented.is_for(request) {
            return Err(Error::OtherPerson);
        }
        Ok(Self {
            represented: Some(represented),
            ..Self::new(request, sensitivity, proof, now)?
        })
    }

    /// Whether it was made for this request.
    #[must_use]
    pub fn is_for(&self, request: &Request) -> bool {
        self.case == request.case
            && self.tenant == request.tenant
            && self.subject == request.subject
            && self.right == request.right
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// The person.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// The right.
    #[must_use]
    pub fn right(&self) -> Right {
        self.right
    }

    /// The level reached.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// When the check was passed.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// What is noted about a document, if one was looked at.
    #[must_use]
    pub fn document(&self) -> Option<DocumentNote> {
        self.note
    }

    /// Who acted for the person, if anybody.
    #[must_use]
    pub fn representative(&self) -> Option<&Represented> {
        self.represented.as_ref()
    }
}
