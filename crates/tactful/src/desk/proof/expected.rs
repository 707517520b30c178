//! What will have to be proved is written down before its keys go: whoever is killed between the two leaves no hole in the
//! proof.
//!
//! The fingerprint of a key can be taken only while there is the key. So each sweep that will destroy something first keeps, under
//! the desk's own tenant, the events it will have to sign; behind the proof they are ended. An opening that finds some looks in
//! the audit which of them came to pass, and has those signed by the next sweep.

use std::collections::{BTreeSet, HashMap};

use crypto_store::{AuditEntry, BlindId, Decision, IndexTerm};
use retention_policy::{Action, DeletionEvent, RecordId, SweepPlan, Timestamp};

use super::{EVENT, verify_deletion};
use crate::Error;
use crate::desk::Desk;
use crate::desk::house::{BY_LAW, desk_itself, join, split};
use crate::desk::templates::InTemplates;

/// Records that end before their bucket and are foreseen one by one; the proof of any more is written when they are gone.
const EARLY: usize = 4096;
/// Entries of the audit read at a time.
const PAGE: usize = 1024;

impl Desk {
    /// Keeps what a sweep will have to prove; nothing where it will destroy nothing or nothing could be signed. Keys do not wait
    /// for it: a failure is told, and the proof then depends on the process going on.
    pub(in crate::desk) async fn expect(
        &self,
        plan: Option<&SweepPlan>,
        counted: &InTemplates,
        at: Timestamp,
    ) -> Option<RecordId> {
        match self.try_expect(plan, counted, at).await {
            Ok(expected) => expected,
            Err(error) => {
                tracing::warn!(%error, "what ends now is proved only if the process goes on");
                None
            }
        }
    }

    async fn try_expect(
        &self,
        plan: Option<&SweepPlan>,
        counted: &InTemplates,
        at: Timestamp,
    ) -> Result<Option<RecordId>, Error> {
        if self.signing_key.is_none() {
            return Ok(None);
        }
        let foreseen = self.store.foresee(at, EARLY).await?;
        if foreseen.ended.is_empty() {
            return Ok(None);
        }
        let mut pieces = vec![foreseen.audit_from.to_be_bytes().to_vec()];
        for ended in &foreseen.ended {
            let object = self.store.blind_ended(ended);
            for event in self.events_of(plan, counted, std::slice::from_ref(ended), at) {
                pieces.push([&object.as_bytes()[..], &event.to_bytes()].concat());
            }
        }
        let once = [b"expected".as_slice(), &self.random::<16>()?].concat();
        let kept = self.keep_own(join(&pieces)?, vec![term()?], &once, at);
        Ok(Some(kept.await?))
    }

    /// Ends what was expected, once it is proved. What is not written yet stays for whoever opens the store next.
    pub(in crate::desk) async fn is_proved(&self, expected: Option<RecordId>, now: Timestamp) {
        let over = {
            let mut last = self.upkeep.last();
            last.expected.extend(expected);
            if last.unproven.is_empty() {
                std::mem::take(&mut last.expected)
            } else {
                Vec::new()
            }
        };
        for id in over {
            if let Err(error) = self.drop_kept(id, now).await {
                tracing::warn!(%error, "what was expected and proved was not ended");
                self.upkeep.last().expected.push(id);
            }
        }
    }

    /// Proves what came to pass of a sweep that failed half-way.
    pub(in crate::desk) async fn half_done(&self, expected: Option<RecordId>, at: Timestamp) {
        let Some(id) = expected else { return };
        let body = self.store.get(id, &desk_itself(), &BY_LAW, at).await;
        let passed = match body {
            Ok(body) => self.came_to_pass(body.expose()).await,
            Err(error) => Err(error.into()),
        };
        match passed {
            Ok(passed) => {
                self.upkeep.last().unproven.extend(passed);
                self.write_proof(at).await;
                self.is_proved(expected, at).await;
            }
            // The next opening looks once more.
            Err(error) => {
                tracing::warn!(%error, "what a failed sweep destroyed was not found out");
            }
        }
    }

    /// Finds what an earlier process destroyed and did not prove. The next sweep signs it. A desk opens without, too.
    pub(crate) async fn find_unproven(&self, at: Timestamp) {
        if let Err(error) = self.try_find(at).await {
            tracing::warn!(%error, "what an earlier process destroyed and did not prove was not found out");
        }
    }

    async fn try_find(&self, at: Timestamp) -> Result<(), Error> {
        // Who cannot sign leaves it to who can.
        if self.signing_key.is_none() {
            return Ok(());
        }
        let (mut found, mut ids) = (Vec::new(), Vec::new());
        for (id, body) in self.kept(&desk_itself(), &term()?, at).await? {
            ids.push(id);
            found.extend(self.came_to_pass(&body).await?);
        }
        let proved = self.proved_of(&found, at).await?;
        // One entry of the audit is proved whole or not at all.
        found.retain(|event| !proved.contains(&event.audit_leaf));
        let mut last = self.upkeep.last();
        last.unproven.extend(found);
        last.expected.extend(ids);
        Ok(())
    }

    /// The entries of the audit of which there is proof, on the days and of the tenants of some events.
    async fn proved_of(
        &self,
        events: &[DeletionEvent],
        at: Timestamp,
    ) -> Result<BTreeSet<u64>, Error> {
        let mut proved = BTreeSet::new();
        let Some(key) = &self.signing_key else {
            return Ok(proved);
        };
        let (key, by) = (key.verifying_key(), desk_itself());
        let days = events.iter().map(|e| (e.tenant, e.at.date_naive()));
        for (tenant, day) in days.collect::<BTreeSet<_>>() {
            let proofs = self.proofs_at(&by, Some(tenant), day, at).await?;
            for (_, bytes) in proofs.iter().filter(|(kind, _)| *kind == EVENT) {
                // What another key signed is signed once more by this one.
                proved.extend(verify_deletion(bytes, &key).map(|event| event.audit_leaf));
            }
        }
        Ok(proved)
    }

    /// Those of some expected events whose end the audit tells.
    async fn came_to_pass(&self, body: &[u8]) -> Result<Vec<DeletionEvent>, Error> {
        let mut pieces = split(body)?.into_iter();
        let from = pieces.next().and_then(|piece| piece.try_into().ok());
        let mut from = u64::from_be_bytes(from.ok_or(Error::DamagedProof)?);
        let mut expected: HashMap<BlindId, Vec<DeletionEvent>> = HashMap::new();
        for piece in pieces {
            let (object, event) = piece.split_first_chunk().ok_or(Error::DamagedProof)?;
            let event = DeletionEvent::from_bytes(event)?;
            expected
                .entry(BlindId::from_bytes(*object))
                .or_default()
                .push(event);
        }
        let mut passed = Vec::new();
        while !expected.is_empty() {
            let page = self.store.audit(from, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            from = last + 1;
            for (leaf, entry) in page.iter().filter(|(_, entry)| is_end(entry)) {
                for event in expected.remove(&entry.object).unwrap_or_default() {
                    passed.push(DeletionEvent {
                        audit_leaf: *leaf,
                        at: whole_seconds(entry.at()),
                        ..event
                    });
                }
            }
        }
        Ok(passed)
    }
}

fn is_end(entry: &AuditEntry) -> bool {
    entry.action == Action::Sweep && entry.decision == Decision::Allowed
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

/// By which they are found.
fn term() -> Result<IndexTerm, Error> {
    Ok(IndexTerm::new("deletion_expected", "1")?)
}
