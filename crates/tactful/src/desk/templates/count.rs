//! How many of the drafts that a sweep ends are in templates.

use std::collections::BTreeMap;

use crypto_store::Ended;
use retention_policy::{Category, DeletionEvent, Disposition, SweepPlan, TenantId, Timestamp};

use crate::desk::Desk;

/// Of buckets that are about to end: how many of their drafts are in templates. Counted while their keys are there, since who
/// was erased meanwhile, or is kept by a hold, does not end with them.
#[derive(Debug, Default)]
pub(in crate::desk) struct InTemplates(BTreeMap<(TenantId, Timestamp), u64>);

impl Desk {
    /// Counts for the buckets of a plan.
    pub(in crate::desk) async fn in_templates(&self, plan: Option<&SweepPlan>) -> InTemplates {
        let mut counted = InTemplates::default();
        for line in plan.map(SweepPlan::lines).unwrap_or_default() {
            let (Category::Draft, Some(end)) = (line.category, line.bucket_end) else {
                continue;
            };
            let ids = self.templated.of_bucket(line.tenant, end);
            let left = match self.store.unended(&ids).await {
                Ok(left) => left.len(),
                Err(error) => {
                    // Keys go all the same, and what is known is told.
                    tracing::warn!(%error, "drafts that are in templates could not be counted");
                    ids.len()
                }
            };
            counted.0.insert((line.tenant, end), left as u64);
        }
        counted
    }

    /// What there is to sign of a bucket or record that ended: one event, or two where some of its records are in templates.
    pub(in crate::desk) fn told_apart(
        &self,
        ended: &Ended,
        event: DeletionEvent,
        counted: &InTemplates,
    ) -> Vec<DeletionEvent> {
        let some = match (ended.record, ended.bucket_end) {
            _ if ended.category != Category::Draft => 0,
            (Some(id), _) => u64::from(self.templated.is_in(ended.tenant, id) == Some(true)),
            (None, Some(end)) => counted.0.get(&(ended.tenant, end)).copied().unwrap_or(0),
            (None, None) => 0,
        };
        let some = some.min(event.records);
        let templates = DeletionEvent {
            records: some,
            disposition: Disposition::Template,
            ..event
        };
        let gone = DeletionEvent {
            records: event.records - some,
            ..event
        };
        match (some, gone.records) {
            (0, _) => vec![gone],
            (_, 0) => vec![templates],
            _ => vec![templates, gone],
        }
    }
}
