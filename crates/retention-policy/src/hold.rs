//! What keeps a record beyond its end, or from being used.

mod release;
mod scope;

use chrono::TimeDelta;

use crate::id::{ActorId, HoldId, RecordId, TenantId};
use crate::record::RecordMeta;
use crate::{Error, Timestamp};

pub use release::{Release, Released};
pub use scope::{Query, Scope};

/// Why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HoldReason {
    /// Establishment, exercise or defence of legal claims (article 17(3)(e)).
    LegalClaim,
    /// An order of a court or authority.
    Order,
    /// Restriction at the person's request (article 18): kept, and used for nothing else.
    Restriction,
}

/// A legal hold or a restriction: placed by somebody, for a reason, reviewed within a year. One without a review date
/// cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    id: HoldId,
    tenant: TenantId,
    scope: Scope,
    reason: HoldReason,
    placed_by: ActorId,
    placed_at: Timestamp,
    review_by: Timestamp,
}

impl Hold {
    /// Places a hold.
    ///
    /// # Errors
    /// [`Error::BadReview`] unless `placed_at < review_by <= placed_at + 366 days`.
    pub fn new(
        id: HoldId,
        tenant: TenantId,
        scope: Scope,
        reason: HoldReason,
        placed_by: ActorId,
        placed_at: Timestamp,
        review_by: Timestamp,
    ) -> Result<Self, Error> {
        if review_by <= placed_at || review_by - placed_at > TimeDelta::days(366) {
            return Err(Error::BadReview);
        }
        Ok(Self {
            id,
            tenant,
            scope,
            reason,
            placed_by,
            placed_at,
            review_by,
        })
    }

    /// Places a hold that somebody looks at again in a year.
    ///
    /// # Errors
    /// [`Error::BadReview`] at the end of the calendar.
    pub fn for_a_year(
        id: HoldId,
        tenant: TenantId,
        scope: Scope,
        reason: HoldReason,
        placed_by: ActorId,
        placed_at: Timestamp,
    ) -> Result<Self, Error> {
        let review = placed_at
            .checked_add_signed(TimeDelta::days(365))
            .ok_or(Error::BadReview)?;
        Self::new(id, tenant, scope, reason, placed_by, placed_at, review)
    }

    /// Its identifier.
    #[must_use]
    pub fn id(&self) -> HoldId {
        self.id
    }

    /// Whose records.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What it covers.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Why it was placed.
    #[must_use]
    pub fn reason(&self) -> HoldReason {
        self.reason
    }

    /// Who placed it.
    #[must_use]
    pub fn placed_by(&self) -> ActorId {
        self.placed_by
    }

    /// When it was placed.
    #[must_use]
    pub fn placed_at(&self) -> Timestamp {
        self.placed_at
    }

    /// When somebody must look at it again. A hold past its review still holds: forgetting must not destroy evidence.
    #[must_use]
    pub fn review_by(&self) -> Timestamp {
        self.review_by
    }

    /// Whether its review has passed: somebody owes a look. It still holds.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        now >= self.review_by
    }

    /// Whether it covers this record: one of its tenant, in its scope.
    #[must_use]
    pub fn covers(&self, meta: &RecordMeta, record: RecordId) -> bool {
        self.tenant == meta.tenant() && self.scope.covers(meta, record)
    }
}
