//! The end of a contract: give back, destroy, say what laws keep, certify, and once more when that is over.

use chrono::{Months, TimeDelta};

use super::Step;
use crate::category::Category;
use crate::id::ActorId;
use crate::name::ObligationId;
use crate::policy::rule::Obligation;
use crate::wire::whole;
use crate::{Error, Timestamp};

/// What becomes of the data: the client company's choice (article 28(3)(g)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "article 28(3)(g)")]
pub enum Choice {
    /// It is given back, then destroyed.
    Return,
    /// It is destroyed.
    Delete,
}

/// How far the end of a contract has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever shows open ones must know all"
)]
pub enum OffboardingStage {
    /// Somebody asked.
    Asked,
    /// The data was given back.
    Returned,
    /// The tenant's keys are gone.
    Destroyed,
    /// It is known what laws keep.
    Settled,
    /// The client company has its certificate, and something is left that laws keep.
    Certified,
    /// Nothing is left.
    Finished,
}

impl OffboardingStage {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Returned => "returned",
            Self::Destroyed => "destroyed",
            Self::Settled => "settled",
            Self::Certified => "certified",
            Self::Finished => "finished",
        }
    }
}

/// What was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "when and how much")]
pub struct Destroyed {
    /// When.
    pub at: Timestamp,
    /// How many records.
    pub records: u64,
    /// How many keys.
    pub keys: u64,
}

/// Records that a law keeps after the contract. Names the law, so that the certificate can.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remainder {
    pub(super) category: Category,
    pub(super) obligation: ObligationId,
    pub(super) law: String,
    pub(super) article: String,
    pub(super) until: Timestamp,
    pub(super) records: u64,
}

impl Remainder {
    /// So many records that an obligation keeps until then, in whole seconds.
    ///
    /// # Errors
    /// [`Error::BadRemainder`] for no records and for an end beyond the calendar.
    pub fn new(obligation: &Obligation, until: Timestamp, records: u64) -> Result<Self, Error> {
        match whole(until) {
            Some(until) if records > 0 => Ok(Self {
                category: obligation.category(),
                obligation: obligation.id(),
                law: obligation.law().to_owned(),
                article: obligation.article().to_owned(),
                until,
                records,
            }),
            _ => Err(Error::BadRemainder),
        }
    }

    /// Of which kind.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// Which obligation.
    #[must_use]
    pub fn obligation(&self) -> ObligationId {
        self.obligation
    }

    /// The name of the law.
    #[must_use]
    pub fn law(&self) -> &str {
        &self.law
    }

    /// The article of the law.
    #[must_use]
    pub fn article(&self) -> &str {
        &self.article
    }

    /// When the last of them ends.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// How many.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }
}

/// The end of a contract, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offboarding {
    pub(super) asked_at: Timestamp,
    pub(super) by: ActorId,
    pub(super) choice: Choice,
    pub(super) archive: Option<[u8; 32]>,
    pub(super) destroyed: Option<Destroyed>,
    pub(super) remainders: Option<Vec<Remainder>>,
    pub(super) certified: Option<Timestamp>,
    pub(super) finished: Option<Timestamp>,
}

impl Offboarding {
    pub(super) fn ask(by: ActorId, choice: Choice, at: Timestamp) -> Self {
        Self {
            asked_at: at,
            by,
            choice,
            archive: None,
            destroyed: None,
            remainders: None,
            certified: None,
            finished: None,
        }
    }

    /// When somebody asked.
    #[must_use]
    pub fn asked_at(&self) -> Timestamp {
        self.asked_at
    }

    /// Who asked.
    #[must_use]
    pub fn by(&self) -> ActorId {
        self.by
    }

    /// What becomes of the data.
    #[must_use]
    pub fn choice(&self) -> Choice {
        self.choice
    }

    /// How far it has come.
    #[must_use]
    pub fn stage(&self) -> OffboardingStage {
        if self.finished.is_some() {
            OffboardingStage::Finished
        } else if self.certified.is_some() {
            OffboardingStage::Certified
        } else if self.remainders.is_some() {
            OffboardingStage::Settled
        } else if self.destroyed.is_some() {
            OffboardingStage::Destroyed
        } else if self.archive.is_some() {
            OffboardingStage::Returned
        } else {
            OffboardingStage::Asked
        }
    }

    /// When the client company must have its certificate: a calendar month after it asked, and never more than 30 days.
    #[must_use]
    pub fn due(&self) -> Timestamp {
        let month = self.asked_at.checked_add_months(Months::new(1));
        let days = self.asked_at.checked_add_signed(TimeDelta::days(30));
        month.min(days).unwrap_or(self.asked_at)
    }

    /// When the last of what laws keep is over; none if nothing is kept, or it is not known yet.
    #[must_use]
    pub fn second_timer(&self) -> Option<Timestamp> {
        self.remainders().iter().map(|r| r.until).max()
    }

    /// The instant from which on the next thing owed is late: the certificate, then the end of what laws keep.
    #[must_use]
    pub fn next_due(&self) -> Option<Timestamp> {
        match (self.certified, self.finished) {
            (_, Some(_)) => None,
            (Some(_), None) => self.second_timer(),
            (None, None) => Some(self.due()),
        }
    }

    /// The SHA-256 of the archive that was given back.
    #[must_use]
    pub fn archive(&self) -> Option<[u8; 32]> {
        self.archive
    }

    /// What was destroyed.
    #[must_use]
    pub fn destroyed(&self) -> Option<Destroyed> {
        self.destroyed
    }

    /// What laws keep, as far as it is known.
    #[must_use]
    pub fn remainders(&self) -> &[Remainder] {
        self.remainders.as_deref().unwrap_or_default()
    }

    /// When the certificate was made.
    #[must_use]
    pub fn certified_at(&self) -> Option<Timestamp> {
        self.certified
    }

    /// When nothing was left: with the certificate, or with the second one.
    #[must_use]
    pub fn finished_at(&self) -> Option<Timestamp> {
        self.finished
    }

    pub(super) fn latest(&self) -> Timestamp {
        let destroyed = self.destroyed.map(|d| d.at);
        [destroyed, self.certified, self.finished]
            .into_iter()
            .flatten()
            .fold(self.asked_at, Timestamp::max)
    }

    /// The next stage, or none if the step does not follow.
    pub(super) fn step(&self, step: &Step, at: Timestamp) -> Result<Option<Self>, Error> {
        let mut next = self.clone();
        match (self.stage(), self.choice, step) {
            (OffboardingStage::Asked, Choice::Return, Step::Returned { archive }) => {
                next.archive = Some(*archive);
            }
            (OffboardingStage::Asked, Choice::Delete, Step::Destroyed { records, keys })
            | (OffboardingStage::Returned, _, Step::Destroyed { records, keys }) => {
                next.destroyed = Some(Destroyed {
                    at,
                    records: *records,
                    keys: *keys,
                });
            }
            (OffboardingStage::Destroyed, _, Step::Remains(remainders)) => {
                let mut sorted = remainders.clone();
                sorted.sort_by_key(key);
                let over = sorted.iter().any(|r| r.until <= at);
                if over || !are_apart(&sorted) {
                    return Err(Error::BadRemainder);
                }
                next.remainders = Some(sorted);
            }
            (OffboardingStage::Settled, _, Step::Certify) => {
                next.certified = Some(at);
                next.finished = self.remainders().is_empty().then_some(at);
            }
            (OffboardingStage::Certified, _, Step::Finish) => {
                if let Some(until) = self.second_timer().filter(|until| at < *until) {
                    return Err(Error::TooEarly { until });
                }
                next.finished = Some(at);
            }
            _ => return Ok(None),
        }
        Ok(Some(next))
    }
}

pub(super) fn key(remainder: &Remainder) -> (Category, ObligationId) {
    (remainder.category, remainder.obligation)
}

/// Whether each obligation is said once.
pub(super) fn are_apart(sorted: &[Remainder]) -> bool {
    sorted.is_sorted_by(|a, b| key(a) < key(b))
}
