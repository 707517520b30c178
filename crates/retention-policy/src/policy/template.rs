//! What of records that end may live on as templates, and when it is looked for.

use super::Policy;
use super::period::Period;
use super::rule::{Disposition, Rule};
use super::seconds;
use crate::Lifetime;
use crate::category::Category;
use crate::id::TenantId;
use crate::record::RecordMeta;
use crate::trigger::Trigger;
use crate::verdict::DueReason;

/// How long before its end a record is looked at: whoever is away for a day misses none.
const AHEAD: u32 = 2 * DAY;
/// How often records are looked at together. The more of them, the more they have in common.
const EVERY: u32 = DAY - HOUR;
const DAY: u32 = 24 * HOUR;
const HOUR: u32 = 3600;

impl Policy {
    /// How a record ends that ends for this reason. Where several rules may be meant, one that erases counts.
    ///
    /// ```
    /// use retention_policy::*;
    /// # let made = "2026-03-02T09:00:00Z".parse().unwrap();
    /// let policy = Policy::default();
    /// # let meta = RecordMeta::new(TenantId::from_random([1; 16]), SubjectId::from_random([2; 16]), Category::Draft,
    /// #     PurposeSet::only(Purpose::DraftReply), Region::Italy, policy.expiry(Category::Draft, made)?)?;
    /// assert_eq!(policy.disposition(&meta, DueReason::Expired), Disposition::Template);
    /// assert_eq!(policy.disposition(&meta, DueReason::Erasure), Disposition::Erase);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn disposition(&self, meta: &RecordMeta, reason: DueReason) -> Disposition {
        let (tenant, category) = (Some(meta.tenant()), meta.category());
        match reason {
            DueReason::Erasure | DueReason::ConsentWithdrawn => Disposition::Erase,
            DueReason::Expired | DueReason::Default => {
                self.default_rule(tenant, category).disposition()
            }
            DueReason::PurposeOver(trigger) => {
                let concerns = |rule: &&Rule| {
                    let key = rule.key();
                    let purpose = key.purpose.is_none_or(|p| meta.purposes().contains(p));
                    !rule.is_default() && key.trigger == trigger && purpose
                };
                let rules = self.in_force(tenant, category).filter(concerns);
                rules
                    .map(Rule::disposition)
                    .min()
                    .unwrap_or(Disposition::Erase)
            }
        }
    }

    /// Whether any rule makes templates of a tenant's records of this kind.
    #[must_use]
    pub fn makes_templates(&self, tenant: TenantId, category: Category) -> bool {
        self.in_force(Some(tenant), category)
            .any(|rule| rule.disposition() == Disposition::Template)
    }

    /// How long before their end records are looked at for what they have in common: two days.
    #[must_use]
    pub fn template_ahead(&self) -> Lifetime {
        seconds(AHEAD)
    }

    /// How often a tenant's records of this kind are looked at: about once a day, and twice in the shortest time for which
    /// one of them lives, but not more than once an hour.
    #[must_use]
    pub fn template_every(&self, tenant: TenantId, category: Category) -> Lifetime {
        let created = |rule: &&Rule| rule.key().trigger == Trigger::Created;
        let rules = self.in_force(Some(tenant), category).filter(created);
        let shortest = rules.map(Rule::after).map(Period::longest).min();
        let half = shortest.unwrap_or(EVERY) / 2;
        seconds(half.clamp(HOUR, EVERY))
    }
}
