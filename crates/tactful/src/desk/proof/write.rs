//! Writing down what a sweep destroyed, signed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use crypto_store::{Ended, Expired, Receipt};
use gdpr_rights::account::deletion::SignedDeletion;
use retention_policy::{
    ClockVerdict, DeletionEvent, Disposition, DueReason, Noted, PlanHash, SweepNote, SweepPlan,
    TenantId, Timestamp,
};

use super::{EVENT, Foresight, NOTE, day_term};
use crate::Error;
use crate::desk::Desk;
use crate::desk::events::Concerned;
use crate::desk::house::join;
use crate::desk::templates::InTemplates;

/// A plan that does not exist: the rows could not be counted, and were destroyed all the same.
const NO_PLAN: [u8; 32] = [0; 32];

impl Desk {
    /// Notes that something ended at once, because of what happened to it: the next sweep signs it with what ended by time.
    pub(in crate::desk) fn will_prove(
        &self,
        record: &Concerned,
        reason: DueReason,
        receipt: &Receipt,
        at: Timestamp,
    ) {
        if self.signing_key.is_none() {
            return;
        }
        let event = DeletionEvent {
            tenant: record.meta.tenant(),
            category: record.meta.category(),
            at,
            reason,
            disposition: Disposition::Erase,
            // Rows of a unit go with its key but where they are many: it is then at least the one.
            records: receipt.rows.max(1),
            written_end: Some(record.meta.expires_at()),
            policy_version: self.policy().version(),
            plan: PlanHash::from_bytes(NO_PLAN),
            key_fingerprint: receipt.key_fingerprint,
            audit_leaf: receipt.audit_leaf,
            backup_horizon: self.store.backup_horizon(at).unwrap_or(at),
        };
        self.upkeep.last().at_once.push(event);
    }

    /// Signs and writes down what a sweep destroyed, and what it did not. What fails is tried again by the next sweep.
    pub(in crate::desk) async fn prove(
        &self,
        foreseen: &Foresight,
        expired: &Expired,
        at: Timestamp,
    ) {
        let Foresight { plan, counted, .. } = foreseen;
        let lines = plan.as_ref().map(SweepPlan::lines).unwrap_or_default();
        let events = self.events_of(plan.as_ref(), counted, &expired.ended, at);
        let mut notes = Vec::new();
        for line in lines.iter().filter(|line| line.held > 0) {
            notes.push((
                line.tenant,
                Noted::Held {
                    category: line.category,
                    records: line.held,
                },
            ));
        }
        for one in &expired.tripped {
            let (records, of) = (one.records, one.of);
            notes.push((one.tenant, Noted::Tripped { records, of }));
        }
        {
            let mut last = self.upkeep.last();
            let late = events.iter().filter_map(DeletionEvent::late_by);
            late.clone().for_each(crate::health::deleted_after);
            last.late = late.max().or(last.late);
            last.tripped.clone_from(&expired.tripped);
            let at_once = std::mem::take(&mut last.at_once);
            last.unproven.extend(at_once);
            last.unproven.extend(events);
            last.unnoted
                .extend(notes.into_iter().map(|(tenant, what)| SweepNote {
                    tenant: Some(tenant),
                    at,
                    what,
                }));
        }
        self.write_proof(at).await;
    }

    /// What is to be signed of what ended. What became templates is told apart.
    pub(super) fn events_of(
        &self,
        plan: Option<&SweepPlan>,
        counted: &InTemplates,
        ended: &[Ended],
        at: Timestamp,
    ) -> Vec<DeletionEvent> {
        let hash = plan.map_or(PlanHash::from_bytes(NO_PLAN), SweepPlan::hash);
        let lines = plan.map(SweepPlan::lines).unwrap_or_default();
        let horizon = self.store.backup_horizon(at).unwrap_or(at);
        let version = self.policy().version();
        let events = ended.iter().flat_map(|ended| {
            let mut event = ended.event(at, version, hash, horizon);
            let line = lines.iter().find(|line| {
                ended.bucket_end.is_some()
                    && (line.tenant, line.category, line.bucket_end)
                        == (ended.tenant, ended.category, ended.bucket_end)
            });
            event.records = match (ended.record, ended.records, line) {
                (Some(_), ..) => 1,
                (None, Some(counted), _) => counted,
                (None, None, line) => line.map_or(0, |line| line.records),
            };
            self.told_apart(ended, event, counted)
        });
        events.collect()
    }

    /// Notes that the clock is not trusted, once a day.
    pub(in crate::desk) async fn note_clock(&self, verdict: ClockVerdict) {
        let at = match verdict {
            ClockVerdict::Trusted => return,
            ClockVerdict::WentBack { last_seen, .. } => Some(last_seen),
            ClockVerdict::JumpedAhead { .. } => self.last_seen(),
        };
        // Without an instant that was trusted there is no day to note it under.
        if let Some(at) = at {
            let what = Noted::Clock(verdict.state());
            self.upkeep.last().unnoted.push(SweepNote {
                tenant: None,
                at,
                what,
            });
            self.write_proof(at).await;
        }
    }

    pub(super) async fn write_proof(&self, now: Timestamp) {
        let (events, notes) = {
            let mut last = self.upkeep.last();
            (
                std::mem::take(&mut last.unproven),
                std::mem::take(&mut last.unnoted),
            )
        };
        if let Err(error) = self.try_write(&events, &notes, now).await {
            tracing::error!(%error, "a proof of deletion was not written: the next sweep tries again");
            let mut last = self.upkeep.last();
            last.unproven.extend(events);
            last.unnoted.extend(notes);
        }
    }

    async fn try_write(
        &self,
        events: &[DeletionEvent],
        notes: &[SweepNote],
        now: Timestamp,
    ) -> Result<(), Error> {
        // Without a key there is nothing to prove with: `health` says so.
        let Some(key) = &self.signing_key else {
            return Ok(());
        };
        let mut days: BTreeMap<(TenantId, NaiveDate), Vec<&DeletionEvent>> = BTreeMap::new();
        for event in events {
            let day = (event.tenant, event.at.date_naive());
            days.entry(day).or_default().push(event);
        }
        for ((tenant, day), events) in days {
            let mut once = b"deletion".to_vec();
            let mut pieces = Vec::with_capacity(events.len());
            for event in events {
                once.extend_from_slice(&event.audit_leaf.to_be_bytes());
                let signed = SignedDeletion::sign(event, key).to_bytes();
                pieces.push([&[EVENT][..], &signed].concat());
            }
            let body = join(&pieces)?;
            self.keep_own(body, vec![day_term(Some(tenant), day)?], &once, now)
                .await?;
        }
        let notes: BTreeMap<_, _> = notes.iter().map(|note| (once_a_day(note), note)).collect();
        for (once, note) in notes {
            let term = day_term(note.tenant, note.at.date_naive())?;
            let body = join(&[[&[NOTE][..], &note.to_bytes()].concat()])?;
            self.keep_own(body, vec![term], &once, now).await?;
        }
        Ok(())
    }
}

/// The same note of the same day is written once.
fn once_a_day(note: &SweepNote) -> Vec<u8> {
    let day = note.at.date_naive();
    format!("note {:?} {day} {:?}", note.tenant, note.what).into_bytes()
}
