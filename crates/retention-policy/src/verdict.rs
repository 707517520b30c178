//! What happens to a record now: one total order of reasons.

mod ends;

use std::fmt;

use crate::access::RoleSet;
use crate::hold::{Hold, HoldReason};
use crate::id::RecordId;
use crate::name::ObligationId;
use crate::policy::Policy;
use crate::policy::rule::Disposition;
use crate::record::RecordMeta;
use crate::trigger::{Events, Trigger};
use crate::{Category, Timestamp};
use ends::Ends;

/// All that a decision about one record needs: what it is, what happened to it, and what holds there are.
///
/// Holds that do not cover the record change nothing, so that those of a whole tenant can be given.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a record, its events and its holds; a decision knows nothing else"
)]
pub struct Dossier<'a> {
    /// The record.
    pub id: RecordId,
    /// What it is.
    pub meta: &'a RecordMeta,
    /// What happened to it.
    pub events: &'a Events,
    /// Holds that may cover it.
    pub holds: &'a [Hold],
}

/// The answer, strongest reason first.
///
/// Hold, restriction, legal obligation, erasure request, withdrawn consent, the written end, the purpose that is over
/// first, the default of the category. Whoever has to weigh two reasons finds the answer here and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Kept against its end by a hold (article 17(3)(e)).
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
        /// Which: see [`Policy::obligation`].
        obligation: ObligationId,
    },
    /// To be destroyed now.
    Due {
        /// Why.
        reason: DueReason,
        /// How.
        disposition: Disposition,
    },
    /// Its use is over; few may read it until it ends.
    Archived {
        /// When it ends.
        until: Timestamp,
        /// Who may read it.
        readers: RoleSet,
    },
    /// A ticket close to its end that nobody has dealt with: no suggestion was delivered, used or thrown away, and it is
    /// not closed.
    Warn {
        /// When its use ends: an archive begins, or the record goes.
        until: Timestamp,
    },
    /// Nothing to do.
    Keep {
        /// When it ends.
        until: Timestamp,
    },
}

/// Why a record is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DueReason {
    /// The person's erasure request (article 17(1)).
    Erasure,
    /// The person withdrew consent, and the record rests on nothing else (article 17(1)(b)).
    ConsentWithdrawn,
    /// What it was kept for is over: the rule of this trigger (article 17(1)(a)).
    PurposeOver(Trigger),
    /// The default of its category is over.
    Default,
    /// The end that was written when it was made is reached (article 5(1)(e)).
    Expired,
}

impl DueReason {
    /// The stable code, `purpose_over:used` for instance.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Erasure => "erasure",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::PurposeOver(Trigger::Created) => "purpose_over:created",
            Self::PurposeOver(Trigger::LastActivity) => "purpose_over:last_activity",
            Self::PurposeOver(Trigger::Delivered) => "purpose_over:delivered",
            Self::PurposeOver(Trigger::Used) => "purpose_over:used",
            Self::PurposeOver(Trigger::Discarded) => "purpose_over:discarded",
            Self::PurposeOver(Trigger::TicketClosed) => "purpose_over:ticket_closed",
            Self::PurposeOver(Trigger::ContractEnd) => "purpose_over:contract_end",
            Self::PurposeOver(Trigger::ConsentWithdrawn) => "purpose_over:consent_withdrawn",
            Self::PurposeOver(Trigger::Request) => "purpose_over:request",
            Self::Default => "default",
            Self::Expired => "expired",
        }
    }

    /// The two stored bytes: the reason and its trigger.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 2] {
        match self {
            Self::Erasure => [0, 0],
            Self::ConsentWithdrawn => [1, 0],
            Self::PurposeOver(trigger) => [2, trigger.to_byte()],
            Self::Default => [3, 0],
            Self::Expired => [4, 0],
        }
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        Some(match bytes {
            [0, 0] => Self::Erasure,
            [1, 0] => Self::ConsentWithdrawn,
            [2, trigger] => Self::PurposeOver(Trigger::from_byte(trigger)?),
            [3, 0] => Self::Default,
            [4, 0] => Self::Expired,
            _ => return None,
        })
    }
}

impl fmt::Display for DueReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Policy {
    /// Says what happens to a record at `now`. With the same events and holds, a later instant never makes a due record
    /// live again.
    ///
    /// Ends are half open: at the instant of its end a record is over. Nothing but a hold keeps a record past the end
    /// that was written when it was made, whatever the policy says now.
    ///
    /// ```
    /// use retention_policy::*;
    /// # let made = "2026-03-02T09:00:00Z".parse().unwrap();
    /// # let policy = Policy::default();
    /// # let meta = RecordMeta::new(TenantId::from_random([1; 16]), SubjectId::from_random([2; 16]), Category::Session,
    /// #     PurposeSet::only(Purpose::DraftReply), Region::Italy, policy.expiry(Category::Session, made)?)?;
    /// let used = "2026-03-02T09:12:00Z".parse().unwrap();
    /// let events = Events::default().with(Trigger::Used, used);
    /// let dossier = Dossier { id: RecordId::from_random([3; 16]), meta: &meta, events: &events, holds: &[] };
    /// let over = Verdict::Due {
    ///     reason: DueReason::PurposeOver(Trigger::Used),
    ///     disposition: Disposition::Erase,
    /// };
    /// assert_eq!(policy.verdict(&dossier, used), over);
    /// assert_eq!(policy.end(&dossier), used);
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    #[must_use]
    pub fn verdict(&self, dossier: &Dossier<'_>, now: Timestamp) -> Verdict {
        if let Some(verdict) = held(dossier) {
            return verdict;
        }
        let ends = Ends::of(self, dossier);
        if let Some((until, obligation)) = ends.law
            && now < until
        {
            return Verdict::LegalObligation { until, obligation };
        }
        if let Some((reason, disposition)) = ends.due(now) {
            return Verdict::Due {
                reason,
                disposition,
            };
        }
        let until = ends.first();
        if let Some(readers) = ends.readers(now) {
            return Verdict::Archived { until, readers };
        }
        let used_until = ends.used_until();
        if dossier.meta.category() == Category::Session
            && used_until - now <= self.warn_before_end().as_delta()
            && !dealt_with(dossier.events, now)
        {
            return Verdict::Warn { until: used_until };
        }
        Verdict::Keep { until }
    }

    /// When the record will be due as things stand. Holds are left out: nobody knows when one is released.
    ///
    /// Agrees with [`Policy::verdict`]: without a hold a record is due at an instant if and only if this end is reached.
    #[must_use]
    pub fn end(&self, dossier: &Dossier<'_>) -> Timestamp {
        let ends = Ends::of(self, dossier);
        let law = ends.law.map(|(until, _)| until);
        law.map_or(ends.first(), |until| until.max(ends.first()))
    }

    /// When an archive of the record begins as things stand, and who may read it from then on: who may by every archive that
    /// will have begun before it ends. Should that be nobody, who may by the first.
    #[must_use]
    pub fn archive(&self, dossier: &Dossier<'_>) -> Option<(Timestamp, RoleSet)> {
        let ends = Ends::of(self, dossier);
        let from = ends.first_archive()?;
        let last = ends.first().max(from);
        ends.readers(last).map(|readers| (from, readers))
    }

    /// Who may still read a record whose use is over, if that is so: also of one that a hold or a law keeps.
    ///
    /// None means that the record is in use; what a role may do then says [`crate::access()`].
    #[must_use]
    pub fn archived_for(&self, dossier: &Dossier<'_>, now: Timestamp) -> Option<RoleSet> {
        Ends::of(self, dossier).readers(now)
    }
}

/// Nobody waits for what was delivered, used, thrown away or closed.
fn dealt_with(events: &Events, now: Timestamp) -> bool {
    [
        Trigger::Delivered,
        Trigger::Used,
        Trigger::Discarded,
        Trigger::TicketClosed,
    ]
    .into_iter()
    .filter_map(|trigger| events.at(trigger))
    .any(|at| at <= now)
}

/// A claim or an order before a restriction: what must be produced in court is not only kept from use.
fn held(dossier: &Dossier<'_>) -> Option<Verdict> {
    let review = |restriction: bool| {
        dossier
            .holds
            .iter()
            .filter(|h| (h.reason() == HoldReason::Restriction) == restriction)
            .filter(|h| h.covers(dossier.meta, dossier.id))
            .map(Hold::review_by)
            .min()
    };
    let held = |review_by| Verdict::Held { review_by };
    review(false)
        .map(held)
        .or_else(|| review(true).map(|review_by| Verdict::Restricted { review_by }))
}
