//! Consent, withdrawal, objection and restriction: whether a purpose may run for a person now.

use std::collections::BTreeMap;
use std::fmt;

use chrono::DateTime;
use retention_policy::{LegalBasis, Purpose, SubjectId, Timestamp};

use crate::Error;

/// What drafting, learning and running the service are for. Security, legal duties and the answering of requests are not among
/// them: they go on under every objection and restriction (articles 18(2), 21(1)).
pub const CONTESTABLE: [Purpose; 4] = [
    Purpose::DraftReply,
    Purpose::PrepareReply,
    Purpose::ImproveService,
    Purpose::Operate,
];

/// What a person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "three pairs of opposites, by articles 7, 18 and 21"
)]
pub enum Statement {
    /// Consent to a purpose (article 7).
    Consent(Purpose),
    /// Consent taken back (article 7(3)).
    Withdrawal(Purpose),
    /// Objection to a purpose (article 21(1)); it stops at once.
    Objection(Purpose),
    /// The objection was examined and compelling grounds were shown.
    ObjectionOverruled(Purpose),
    /// Restriction of all use (article 18).
    Restriction,
    /// The restriction ended, after notice to the person (article 18(3)).
    RestrictionLifted,
}

impl Statement {
    fn to_bytes(self) -> [u8; 2] {
        let purpose = |p: Purpose| {
            Purpose::ALL
                .iter()
                .position(|x| *x == p)
                .map_or(0xff, |n| n as u8)
        };
        match self {
            Self::Consent(p) => [1, purpose(p)],
            Self::Withdrawal(p) => [2, purpose(p)],
            Self::Objection(p) => [3, purpose(p)],
            Self::ObjectionOverruled(p) => [4, purpose(p)],
            Self::Restriction => [5, 0xff],
            Self::RestrictionLifted => [6, 0xff],
        }
    }

    fn from_bytes([what, purpose]: [u8; 2]) -> Option<Self> {
        let listed = Purpose::ALL.get(usize::from(purpose)).copied();
        match (what, listed) {
            (1, Some(p)) => Some(Self::Consent(p)),
            (2, Some(p)) => Some(Self::Withdrawal(p)),
            (3, Some(p)) => Some(Self::Objection(p)),
            (4, Some(p)) => Some(Self::ObjectionOverruled(p)),
            (5, None) => Some(Self::Restriction),
            (6, None) => Some(Self::RestrictionLifted),
            _ => None,
        }
    }
}

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "three facts")]
pub struct ConsentEvent {
    /// Who.
    pub subject: SubjectId,
    /// What.
    pub statement: Statement,
    /// When it was received.
    pub at: Timestamp,
}

/// Why a purpose may not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The basis is consent and there is none.
    NoConsent,
    /// Consent was withdrawn.
    Withdrawn,
    /// The person objected and nobody has shown compelling grounds.
    Objected,
    /// The person's data may only be stored.
    Restricted,
}

impl Refusal {
    /// The article that says so.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::NoConsent => "6(1)(a)",
            Self::Withdrawn => "7(3)",
            Self::Objected => "21(1)",
            Self::Restricted => "18(2)",
        }
    }
}

/// The answer to "may this purpose run now?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "yes or no")]
pub enum Permission {
    /// It may.
    Granted,
    /// It may not.
    Refused(Refusal),
}

#[derive(Clone, Copy, Default)]
struct State {
    consents: u8,
    withdrawn: u8,
    objections: u8,
    restricted: bool,
    last: Option<Timestamp>,
}

fn bit(purpose: Purpose) -> u8 {
    Purpose::ALL
        .iter()
        .position(|p| *p == purpose)
        .map_or(0, |n| 1 << n)
}

/// An append-only ledger of what people said, and what follows from it at once.
///
/// ```
/// use gdpr_rights::{ConsentEvent, ConsentLedger, Permission, Refusal, Statement};
/// use retention_policy::{LegalBasis, Purpose, SubjectId};
///
/// let subject = SubjectId::from_random([1; 16]);
/// let mut ledger = ConsentLedger::new();
/// let ask = |ledger: &ConsentLedger| ledger.may_run(subject, Purpose::DraftReply, LegalBasis::LegitimateInterests);
/// assert_eq!(ask(&ledger), Permission::Granted);
///
/// let at = "2026-03-02T09:00:00Z".parse().unwrap();
/// ledger.append(ConsentEvent { subject, statement: Statement::Objection(Purpose::DraftReply), at })?;
/// assert_eq!(ask(&ledger), Permission::Refused(Refusal::Objected));
/// # Ok::<(), gdpr_rights::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct ConsentLedger {
    events: Vec<ConsentEvent>,
    states: BTreeMap<SubjectId, State>,
}

/// Version byte of [`ConsentLedger::to_bytes`].
const VERSION: u8 = 0;
/// Subject, statement, seconds.
const LINE: usize = 16 + 2 + 8;

impl ConsentLedger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a statement; it counts from now on.
    ///
    /// # Errors
    /// [`Error::OutOfOrder`] when the person's last statement is younger.
    pub fn append(&mut self, event: ConsentEvent) -> Result<(), Error> {
        let state = self.states.entry(event.subject).or_default();
        if state.last.is_some_and(|last| last > event.at) {
            return Err(Error::OutOfOrder);
        }
        state.last = Some(event.at);
        match event.statement {
            Statement::Consent(p) => {
                state.consents |= bit(p);
                state.withdrawn &= !bit(p);
            }
            Statement::Withdrawal(p) => {
                state.consents &= !bit(p);
                state.withdrawn |= bit(p);
            }
            Statement::Objection(p) => state.objections |= bit(p),
            Statement::ObjectionOverruled(p) => state.objections &= !bit(p),
            Statement::Restriction => state.restricted = true,
            Statement::RestrictionLifted => state.restricted = false,
        }
        self.events.push(event);
        Ok(())
    }

    /// Whether the purpose may run for this person now.
    ///
    /// Security, legal obligations and the answering of requests run under restriction and objection as well:
    /// articles 18(2) and 21(1) leave them. An objection counts on the bases it can be made under, (e) and (f).
    #[must_use]
    pub fn may_run(&self, subject: SubjectId, purpose: Purpose, basis: LegalBasis) -> Permission {
        let state = self.states.get(&subject).copied().unwrap_or_default();
        let owed = matches!(
            purpose,
            Purpose::LegalObligation | Purpose::AnswerRequest | Purpose::Secure
        );
        if state.restricted && !owed {
            return Permission::Refused(Refusal::Restricted);
        }
        let contestable = matches!(
            basis,
            LegalBasis::LegitimateInterests | LegalBasis::PublicTask
        );
        if contestable && !owed && state.objections & bit(purpose) != 0 {
            return Permission::Refused(Refusal::Objected);
        }
        if basis == LegalBasis::Consent && state.consents & bit(purpose) == 0 {
            let refusal = if state.withdrawn & bit(purpose) != 0 {
                Refusal::Withdrawn
            } else {
                Refusal::NoConsent
            };
            return Permission::Refused(refusal);
        }
        Permission::Granted
    }

    /// All statements, oldest first.
    #[must_use]
    pub fn events(&self) -> &[ConsentEvent] {
        &self.events
    }

    /// The ledger as bytes, to be sealed in a store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + self.events.len() * LINE);
        out.push(VERSION);
        for event in &self.events {
            out.extend_from_slice(&event.subject.to_bytes());
            out.extend_from_slice(&event.statement.to_bytes());
            out.extend_from_slice(&event.at.timestamp().to_be_bytes());
        }
        out
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadLedger`]: half a ledger would allow what was forbidden.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let (version, lines) = bytes.split_first().ok_or(Error::BadLedger)?;
        let chunks = lines.chunks_exact(LINE);
        if *version != VERSION || !chunks.remainder().is_empty() {
            return Err(Error::BadLedger);
        }
        let mut ledger = Self::new();
        for line in chunks {
            let (subject, rest) = line.split_first_chunk::<16>().ok_or(Error::BadLedger)?;
            let (what, seconds) = rest.split_first_chunk::<2>().ok_or(Error::BadLedger)?;
            let seconds = seconds.first_chunk::<8>().ok_or(Error::BadLedger)?;
            ledger
                .append(ConsentEvent {
                    subject: SubjectId::from_bytes(*subject),
                    statement: Statement::from_bytes(*what).ok_or(Error::BadLedger)?,
                    at: DateTime::from_timestamp(i64::from_be_bytes(*seconds), 0)
                        .ok_or(Error::BadLedger)?,
                })
                .map_err(|_| Error::BadLedger)?;
        }
        Ok(ledger)
    }
}

impl fmt::Debug for ConsentLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ConsentLedger({} events of {} people)",
            self.events.len(),
            self.states.len()
        )
    }
}
