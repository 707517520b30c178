//! What happens to records, and what the policy makes of it: an end that comes earlier is written down at once.
//!
//! Kept is the end, not the event. An end can be brought forward and never put off, and the ends of several events do not depend
//! on each other, so the earliest is all that has to be known later.

use std::sync::PoisonError;

use chrono::TimeDelta;
use crypto_store::{Accessor, Described, IndexTerm, Reason};
use retention_policy::{
    Dossier, DueReason, Events, Forget, Policy, Purpose, RecordId, RecordMeta, Role, TenantId,
    Timestamp, Trigger, UnitId, Verdict,
};

use super::house::{BY_LAW, desk_for};
use super::{Desk, REPLY};
use crate::Error;

mod told;

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

/// How long it takes from an event that ends a record at once to the end of its key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeToDelete {
    /// Records that ended so, in this process.
    pub records: u64,
    /// How long the latest of them took.
    pub last: TimeDelta,
    /// How long the slowest took.
    pub longest: TimeDelta,
}

impl TimeToDelete {
    fn took(&mut self, time: TimeDelta) {
        self.records += 1;
        self.last = time;
        self.longest = self.longest.max(time);
    }
}

/// A record to which something happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Concerned {
    pub(crate) id: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) meta: RecordMeta,
}

impl Concerned {
    /// A record of its own unit.
    pub(crate) fn alone(id: RecordId, meta: RecordMeta) -> Self {
        let unit = UnitId::from_bytes(id.to_bytes());
        Self { id, unit, meta }
    }
}

impl Desk {
    /// How long it took in this process until what was decided, closed or withdrawn was destroyed.
    #[must_use]
    pub fn time_to_delete(&self) -> TimeToDelete {
        *self.deleted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes of events what the policy says: a record whose time is over is destroyed now, one that ends earlier is told so. One
    /// that a hold keeps ends when it is let go.
    pub(crate) async fn happened(
        &self,
        record: &Concerned,
        events: &Events,
        (by, why): (&Accessor, &Reason),
        since: TimeDelta,
        now: Timestamp,
    ) -> Result<(), Error> {
        let policy = self.policy();
        let Some(end) = earlier_end(&policy, record.id, &record.meta, events) else {
            return Ok(());
        };
        if end.0 <= now {
            self.forget([(record.meta.tenant(), Forget::Record(record.id))], now)
                .await?;
            match self.store.shred_unit(record.unit, by, why, now).await {
                Ok(erased) => {
                    self.will_prove(record, end.1, erased.receipt(), now);
                    let took = self.clock.monotonic() - since;
                    let mut deleted = self.deleted.lock().unwrap_or_else(PoisonError::into_inner);
                    deleted.took(took);
                    return Ok(());
                }
                Err(error) if error.is_erased() || error.is_not_found() => return Ok(()),
                Err(crypto_store::Error::Held) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.shorten((record.id, end), by, why, now).await.map(drop)
    }
}

/// Why somebody ends what is over: a worker in order to run the service, an agent in order to reply.
pub(crate) fn why_ends(by: &Accessor) -> Reason {
    match by.role() {
        Role::Worker => Reason::new(Purpose::Operate),
        _ => REPLY,
    }
}

/// What the records of a ticket are found by, if a rule counts from its end.
pub(crate) fn of_ticket(ticket: &str) -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("ticket", ticket)?)
}
