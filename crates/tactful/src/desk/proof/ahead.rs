//! Before something ends: it is counted, those who must be told have their notices, and what will have to be proved is kept.

use std::collections::BTreeMap;

use crypto_store::Expired;
use retention_policy::{Category, Forget, RecordId, SweepPlan, TenantId, Timestamp};

use crate::Error;
use crate::desk::Desk;
use crate::desk::templates::InTemplates;

/// What is known of an end before it comes.
#[derive(Default)]
pub(in crate::desk) struct Foresight {
    pub(in crate::desk) plan: Option<SweepPlan>,
    pub(super) counted: InTemplates,
    /// What will have to be proved, written down.
    pub(in crate::desk) expected: Option<RecordId>,
}

impl Desk {
    /// Looks at what a plan ends, as far as that is gone afterwards. It keeps no key from going.
    pub(in crate::desk) async fn look_ahead(
        &self,
        plan: Option<SweepPlan>,
        at: Timestamp,
    ) -> Foresight {
        let counted = self.in_templates(plan.as_ref()).await;
        let expected = self.expect(plan.as_ref(), &counted, at).await;
        Foresight {
            plan,
            counted,
            expected,
        }
    }

    /// What would end now, counted before it does. Where that fails, because a row is damaged, keys go all the same.
    pub(in crate::desk) async fn foreseen(&self, at: Timestamp) -> Option<SweepPlan> {
        match self.store.plan_sweep(self.policy().version(), at).await {
            Ok(plan) => Some(plan),
            Err(error) => {
                tracing::warn!(%error, "what ends now could not be counted");
                None
            }
        }
    }

    /// Opens the notices of what a plan ends, before its keys go.
    pub(in crate::desk) async fn announce(
        &self,
        plan: &SweepPlan,
        at: Timestamp,
    ) -> Result<(), Error> {
        let lines = plan.lines().iter();
        let ended = lines.filter_map(|line| Some((line.tenant, line.category, line.bucket_end?)));
        self.forget(buckets(ended), at).await?;
        // Those that end one by one. Whether they did is looked at before anybody is told.
        if plan.lines().iter().any(|line| line.bucket_end.is_none()) && self.has_sinks() {
            let due = self.store.due(at, usize::MAX).await?;
            let early = due.iter().filter(|one| one.meta.expires_at() > at);
            let early = early.map(|one| (one.meta.tenant(), Forget::Record(one.id)));
            self.forget(early.collect::<Vec<_>>(), at).await?;
        }
        Ok(())
    }

    /// Opens the notices of what was destroyed, where that was not foreseen.
    pub(in crate::desk) async fn announce_ended(
        &self,
        expired: &Expired,
        at: Timestamp,
    ) -> Result<(), Error> {
        let ended = expired.ended.iter();
        let whole = ended.filter_map(|one| Some((one.tenant, one.category, one.bucket_end?)));
        self.forget(buckets(whole), at).await?;
        let ended = expired.ended.iter();
        let single = ended.filter_map(|one| Some((one.tenant, Forget::Record(one.record?))));
        self.forget(single.collect::<Vec<_>>(), at).await
    }
}

/// One notice for all buckets of a kind that end together.
fn buckets(
    ended: impl Iterator<Item = (TenantId, Category, Timestamp)>,
) -> Vec<(TenantId, Forget)> {
    let mut what = BTreeMap::new();
    for (tenant, category, until) in ended {
        let last = what.entry((tenant, category)).or_insert(until);
        *last = until.max(*last);
    }
    what.into_iter()
        .map(|((tenant, category), until)| (tenant, Forget::Ended { category, until }))
        .collect()
}
