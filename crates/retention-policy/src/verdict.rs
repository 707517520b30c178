//! What happens to a record now: one total order of reasons.

use crate::hold::{Hold, HoldReason};
use crate::id::RecordId;
use crate::policy::Policy;
use crate::record::RecordMeta;
use crate::{Category, Timestamp};

/// What a person asked for, as far as it ends a record early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two facts of one person")]
pub struct Wishes {
    /// An erasure request was granted.
    pub erasure: bool,
    /// The consent this record rests on was withdrawn.
    pub consent_withdrawn: bool,
}

/// The answer, strongest reason first: hold, legal obligation, erasure, withdrawal, expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Kept against its end by a hold.
    Held {
        /// When the hold must be reviewed.
        review_by: Timestamp,
    },
    /// Kept and not used (article 18).
    Restricted {
        /// When the restriction must be reviewed.
        review_by: Timestamp,
    },
    /// A law asks for it until then, whatever the person wishes (article 17(3)(b)).
    LegalObligation {
        /// When the duty ends.
        until: Timestamp,
    },
    /// To be destroyed now.
    Due(DueReason),
    /// An unanswered ticket close to its end.
    Warn {
        /// When it ends.
        until: Timestamp,
    },
    /// Nothing to do.
    Keep {
        /// When it ends.
        until: Timestamp,
    },
}

/// Why a record is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DueReason {
    /// The person's erasure request.
    Erasure,
    /// The person withdrew consent.
    ConsentWithdrawn,
    /// Its time is over.
    Expired,
}

impl Policy {
    /// Says what happens to a record at `now`. Later instants never make a due record live again.
    #[must_use]
    pub fn verdict(
        &self,
        id: RecordId,
        meta: &RecordMeta,
        holds: &[Hold],
        wishes: Wishes,
        now: Timestamp,
    ) -> Verdict {
        let holding = || {
            holds
                .iter()
                .filter(|h| h.covers(meta.tenant(), meta.subject(), id))
        };
        let review = |h: &Hold| h.review_by();
        if let Some(review_by) = holding()
            .filter(|h| h.reason() != HoldReason::Restriction)
            .map(review)
            .min()
        {
            return Verdict::Held { review_by };
        }
        if let Some(review_by) = holding().map(review).min() {
            return Verdict::Restricted { review_by };
        }
        let until = meta.expires_at();
        let over = meta.expiry().is_over(now);
        if meta.category() == Category::Billing && !over {
            return Verdict::LegalObligation { until };
        }
        if wishes.erasure {
            return Verdict::Due(DueReason::Erasure);
        }
        if wishes.consent_withdrawn {
            return Verdict::Due(DueReason::ConsentWithdrawn);
        }
        if over {
            return Verdict::Due(DueReason::Expired);
        }
        let age = now - meta.expiry().made();
        if meta.category() == Category::Session && age >= self.warn_after().as_delta() {
            return Verdict::Warn { until };
        }
        Verdict::Keep { until }
    }
}
