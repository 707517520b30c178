//! An older file of keys was put back: what was erased since has keys again. They are destroyed once more.

use retention_policy::{Action, SubjectId, Timestamp};

use super::intent::{first, reference, tenant_of};
use super::{Store, leaf, own_entry};
use crate::Error;
use crate::audit::{AuditEntry, BlindId};
use crate::backend::{KeyId, KeyOp, Log, Scan, Side, Table};
use crate::keyring::{RowSeal, kind, person_gone, pool_row, state_row, tenant_key, unit_key};
use crate::ledger::{LedgerEntry, Phase};
use crate::wire::Writer;

/// Rows read at a time.
const PAGE: usize = 1024;
const WHAT: &str = "a tombstone";

impl Store {
    /// Reads to the ends of the logs, and compares the ledger with what the keys remember of it: if the keys know less than
    /// they should, every key that the records know to be gone is destroyed.
    pub(super) async fn catch_up(&self, now: Timestamp) -> Result<(), Error> {
        let begun = self.read_on().await?;
        // Of an erasure that was interrupted before its keys were destroyed the keys rightly know nothing.
        let intents = self.intents().await?;
        let waiting = |id: &BlindId| intents.iter().any(|i| i.name() == *id && !i.destroyed);
        if begun.iter().all(waiting) {
            return Ok(());
        }
        let destroyed = self.destroy_gone(now).await?;
        let entry = AuditEntry {
            count: u32::try_from(destroyed).unwrap_or(u32::MAX),
            ..own_entry(Action::Erase, now)
        };
        self.commit(vec![leaf(&entry)]).await?;
        // Only now may the keys remember as much as the records.
        let mark: Vec<KeyOp> = self.mark().into_iter().collect();
        self.backend.change_keys(mark).await.map(drop)
    }

    /// Moves the known ends of the logs to where they are; erasures that were begun after the known end.
    async fn read_on(&self) -> Result<Vec<BlindId>, Error> {
        let noted = *self.ends();
        let mut from = noted.audit.map_or(0, |(seq, _)| seq);
        let mut audit = noted.audit;
        loop {
            let page = self.backend.log(Log::Audit, from, PAGE).await?;
            let Some(last) = page.last() else { break };
            audit = Some((last.seq, last.link));
            from = last.seq + 1;
        }
        let (mut ledger, mut begun) = (noted.ledger, Vec::new());
        loop {
            let page = self.backend.log(Log::Ledger, ledger, PAGE).await?;
            let Some(last) = page.last() else { break };
            ledger = last.seq + 1;
            for row in &page {
                let entry = LedgerEntry::from_bytes(&row.value)?;
                if entry.phase == Phase::Begun {
                    begun.push(entry.erasure);
                }
            }
        }
        let mut ends = self.ends();
        ends.audit = audit;
        ends.ledger = ledger;
        Ok(begun)
    }

    /// Destroys the keys of everything in `gone`, and notes the persons and tenants beside the keys; how many keys there
    /// were.
    pub(super) async fn destroy_gone(&self, now: Timestamp) -> Result<u64, Error> {
        let (mut destroyed, mut after) = (0, Vec::new());
        loop {
            let scan = Scan::Prefix {
                table: Table::Gone,
                prefix: Vec::new(),
                after,
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else { break };
            after = last.key.clone();
            let (mut keys, mut notes): (Vec<KeyId>, Vec<KeyOp>) = Default::default();
            for row in &rows {
                self.seal.open_row(Table::Gone, row, WHAT)?;
                let name = row.key.as_slice().try_into();
                let id = KeyId::from_bytes(name.map_err(|_| Error::Corrupt { what: WHAT })?);
                notes.extend(note(&self.seal, id, now)?);
                match first(id) {
                    kind::RECORD => keys.push(unit_key(tenant_of(id)?, &reference(id)?)),
                    kind::TENANT => {
                        let tenant = tenant_of(id)?;
                        let epochs = self.ring.epochs(tenant).await?;
                        keys.extend(epochs.into_iter().map(|e| tenant_key(tenant, e)));
                        keys.extend([state_row(tenant), pool_row(tenant)]);
                    }
                    _ => keys.push(id),
                }
            }
            let mut ops: Vec<KeyOp> = keys.iter().copied().map(KeyOp::Destroy).collect();
            ops.extend(notes);
            let answers = self.backend.change_keys(ops).await?;
            let answers = answers.into_iter().take(keys.len());
            destroyed += answers.filter(|there| *there).count() as u64;
            self.ring.forget(&keys);
        }
        self.backend.scrub(Side::Keys).await?;
        Ok(destroyed)
    }
}

/// The note beside the keys that a person or tenant was erased, unless there is one.
pub(super) fn note(seal: &RowSeal, gone: KeyId, now: Timestamp) -> Result<Option<KeyOp>, Error> {
    let tenant = tenant_of(gone)?;
    let id = match first(gone) {
        kind::SUBJECT => person_gone(tenant, Some(SubjectId::from_bytes(reference(gone)?))),
        kind::TENANT => person_gone(tenant, None),
        _ => return Ok(None),
    };
    let at = Writer::with_capacity(24).i64(now.timestamp_millis()).done();
    Ok(Some(KeyOp::Add(id, seal.beside(id, at))))
}
