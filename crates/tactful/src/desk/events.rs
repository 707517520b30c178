//! What happens to records, and what the policy makes of it: an end that comes earlier is written down at once.
//!
//! Kept is the end, not the event. An end can be brought forward and never put off, and the ends of several events do not depend
//! on each other, so the earliest is all that has to be known later.

use crypto_store::{Accessor, Described, Reason};
use retention_policy::{
    Dossier, DueReason, Events, Policy, RecordId, RecordMeta, TenantId, Timestamp, Trigger, Verdict,
};

use super::Desk;
use super::house::{BY_LAW, desk_for};
use crate::Error;

/// When a record ends as things stand, and why, if that is before the end that was written.
pub(crate) fn earlier_end(
    policy: &Policy,
    id: RecordId,
    meta: &RecordMeta,
    events: &Events,
) -> Option<(Timestamp, DueReason)> {
    let dossier = Dossier {
        id,
        meta,
        events,
        holds: &[],
    };
    let end = policy.end(&dossier);
    match policy.verdict(&dossier, end) {
        Verdict::Due { reason, .. } if end < meta.expires_at() => Some((end, reason)),
        _ => None,
    }
}

impl Desk {
    /// Writes down that a record ends earlier, if it does.
    pub(crate) async fn shorten(
        &self,
        (id, end): (RecordId, (Timestamp, DueReason)),
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let (at, reason) = end;
        let done = self.store.shorten(id, at, reason, by, why, now).await;
        match done {
            Ok(()) => Ok(true),
            // It ends as early already, or has ended.
            Err(crypto_store::Error::NotEarlier) => Ok(false),
            Err(error) if error.is_expired() || error.is_erased() || error.is_not_found() => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells all records of a client what happened to its contract.
    pub(crate) async fn told_to_all(
        &self,
        tenant: TenantId,
        events: Events,
        now: Timestamp,
    ) -> Result<(), Error> {
        let policy = self.policy();
        if !events.iter().any(|(trigger, _)| listens(&policy, trigger)) {
            return Ok(());
        }
        let by = desk_for(tenant);
        let mut walk = self.store.walk(&by, &BY_LAW, now).await?;
        while let Some(page) = walk.next().await? {
            for Described { id, meta, .. } in page {
                if let Some(end) = earlier_end(&policy, id, &meta, &events) {
                    self.shorten((id, end), &by, &BY_LAW, now).await?;
                }
            }
        }
        Ok(())
    }
}

/// Whether any rule counts from such an event.
pub(crate) fn listens(policy: &Policy, trigger: Trigger) -> bool {
    policy
        .rules()
        .iter()
        .any(|rule| rule.key().trigger == trigger)
}
