//! Letting go of a hold: one person asks, another approves.

use chrono::TimeDelta;

use super::{Hold, HoldReason};
use crate::id::{ActorId, HoldId, TenantId};
use crate::wire::{Reader, Writer, floor};
use crate::{Error, Timestamp};

const VERSION: u8 = 1;
/// How long somebody else may think about it.
const WITHIN: TimeDelta = TimeDelta::days(7);

/// A release that somebody asked for and nobody approved yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    hold: HoldId,
    tenant: TenantId,
    asked_by: ActorId,
    asked_at: Timestamp,
}

/// The proof that a hold may be taken away. There is no way to it but [`Release::approve`] and [`Hold::lift`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Released {
    asked: Release,
    approved_by: Option<ActorId>,
    at: Timestamp,
}

impl Hold {
    /// Asks that the hold be released. Somebody else has seven days to approve.
    ///
    /// # Errors
    /// [`Error::ReleaseOver`] for an instant before the hold was placed.
    ///
    /// ```
    /// use retention_policy::*;
    /// # let at = "2026-03-02T09:00:00Z".parse().unwrap();
    /// # let (ana, ben) = (ActorId::from_random([1; 16]), ActorId::from_random([2; 16]));
    /// # let (id, tenant) = (HoldId::from_random([3; 16]), TenantId::from_random([4; 16]));
    /// let hold = Hold::for_a_year(id, tenant, Scope::Tenant, HoldReason::LegalClaim, ana, at)?;
    /// let asked = hold.ask_release(ana, at)?;
    /// assert_eq!(asked.approve(ana, at), Err(Error::SamePerson));
    /// assert_eq!(asked.approve(ben, at)?.hold(), id);
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    pub fn ask_release(&self, by: ActorId, at: Timestamp) -> Result<Release, Error> {
        if at < self.placed_at() {
            return Err(Error::ReleaseOver);
        }
        Ok(Release {
            hold: self.id(),
            tenant: self.tenant(),
            asked_by: by,
            asked_at: floor(at),
        })
    }

    /// Lifts a restriction (article 18): it served the person, and needs no second one. The person is told before
    /// (article 18(3)).
    ///
    /// # Errors
    /// [`Error::NeedsSecond`] for other holds, [`Error::ReleaseOver`] for an instant before it was placed.
    pub fn lift(&self, by: ActorId, at: Timestamp) -> Result<Released, Error> {
        if self.reason() != HoldReason::Restriction {
            return Err(Error::NeedsSecond);
        }
        Ok(Released {
            asked: self.ask_release(by, at)?,
            approved_by: None,
            at,
        })
    }
}

impl Release {
    /// Approves what somebody else asked for.
    ///
    /// # Errors
    /// [`Error::SamePerson`]; [`Error::ReleaseOver`] before it was asked and from seven days after on: then it is asked
    /// again.
    pub fn approve(&self, by: ActorId, at: Timestamp) -> Result<Released, Error> {
        if by == self.asked_by {
            return Err(Error::SamePerson);
        }
        let passed = at.signed_duration_since(self.asked_at);
        if passed < TimeDelta::zero() || passed >= WITHIN {
            return Err(Error::ReleaseOver);
        }
        Ok(Released {
            asked: *self,
            approved_by: Some(by),
            at,
        })
    }

    /// Which hold.
    #[must_use]
    pub fn hold(&self) -> HoldId {
        self.hold
    }

    /// Whose.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who asked.
    #[must_use]
    pub fn asked_by(&self) -> ActorId {
        self.asked_by
    }

    /// When it was asked.
    #[must_use]
    pub fn asked_at(&self) -> Timestamp {
        self.asked_at
    }

    /// The same as canonical bytes, for storage until somebody approves: version 1, then the four fields.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Writer::new(VERSION)
            .fixed(&self.hold.to_bytes())
            .fixed(&self.tenant.to_bytes())
            .fixed(&self.asked_by.to_bytes())
            .time(self.asked_at)
            .done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "a release", VERSION)?;
        let release = Self {
            hold: HoldId::from_bytes(input.fixed()?),
            tenant: TenantId::from_bytes(input.fixed()?),
            asked_by: ActorId::from_bytes(input.fixed()?),
            asked_at: input.time()?,
        };
        input.end()?;
        Ok(release)
    }
}

impl Released {
    /// Which hold.
    #[must_use]
    pub fn hold(&self) -> HoldId {
        self.asked.hold
    }

    /// Whose.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.asked.tenant
    }

    /// Who asked.
    #[must_use]
    pub fn asked_by(&self) -> ActorId {
        self.asked.asked_by
    }

    /// Who approved; nobody for a restriction that was lifted.
    #[must_use]
    pub fn approved_by(&self) -> Option<ActorId> {
        self.approved_by
    }

    /// When it was approved or lifted.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }
}
