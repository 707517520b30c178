//! An erasure that was begun: written down before anything is destroyed, driven to its end by whoever finds it.
//!
//! ```text
//! (1) records.db  intent, tombstones, audit leaf, ledger "begun"     reads are refused from here on
//! (2) keys.db     keys destroyed; write-ahead log emptied             nobody can read any more
//! (3) records.db  ledger "destroyed"; rows deleted; ledger "purged", intent removed; log emptied
//! ```
//!
//! Every step can be repeated, so that it does not matter where a process was killed.

use std::collections::BTreeSet;

use retention_policy::{SubjectId, TenantId, Timestamp};

use super::read::{PAGE, term_keys};
use super::row::{BucketRef, Head, pair};
use super::{StopAt, Store};
use crate::Error;
use crate::audit::BlindId;
use crate::backend::{Expect, KeyId, KeyOp, Log, Op, Outcome, Row, Scan, Side, Table};
use crate::entropy::draw;
use crate::keyring::kind;
use crate::ledger::{ErasureKind, LedgerEntry, Phase};
use crate::wire::{Reader, Writer};

const VERSION: u8 = 0;
const WHAT: &str = "an intent";
/// Tombstones outlive what could still refer to them by this many seconds (30 days).
const REMEMBERED: i64 = 30 * 24 * 3600;

/// What is to be erased and how far it got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Intent {
    id: [u8; 16],
    pub(super) destroyed: bool,
    /// What is gone, and how many of its rows were deleted so far.
    pub(super) targets: Vec<(KeyId, u64)>,
    /// Keys to destroy.
    pub(super) keys: Vec<KeyId>,
}

/// How far a drive came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// The write-ahead log of the keys is still being read by somebody.
    Pending,
    /// Nobody can read; rows are left to be deleted.
    Destroyed,
    /// All done.
    Done,
}

impl Intent {
    pub(super) fn new(store: &Store, targets: Vec<KeyId>, keys: Vec<KeyId>) -> Result<Self, Error> {
        let targets = targets.into_iter().map(|t| (t, 0)).collect();
        Ok(Intent {
            id: draw(&*store.entropy)?,
            destroyed: false,
            targets,
            keys,
        })
    }

    pub(super) fn rows(&self) -> u64 {
        self.targets.iter().map(|(_, rows)| rows).sum()
    }

    pub(super) fn name(&self) -> BlindId {
        BlindId::from_bytes(self.id)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut w = Writer::with_capacity(16 + 41 * self.targets.len() + 33 * self.keys.len())
            .u8(VERSION)
            .u8(u8::from(self.destroyed))
            .u32(count(self.targets.len()));
        for (target, rows) in &self.targets {
            w = w.fixed(target.as_bytes()).u64(*rows);
        }
        w = w.u32(count(self.keys.len()));
        for key in &self.keys {
            w = w.fixed(key.as_bytes());
        }
        w.done()
    }

    fn from_row(row: &Row) -> Result<Self, Error> {
        let id: [u8; 16] = row
            .key
            .as_slice()
            .try_into()
            .map_err(|_| Error::Corrupt { what: WHAT })?;
        let mut r = Reader::new(&row.value, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let destroyed = match r.u8()? {
            0 => false,
            1 => true,
            _ => return Err(r.corrupt()),
        };
        let (mut targets, mut keys) = (Vec::new(), Vec::new());
        for _ in 0..r.u32()? {
            targets.push((KeyId::from_bytes(r.array()?), r.u64()?));
        }
        for _ in 0..r.u32()? {
            keys.push(KeyId::from_bytes(r.array()?));
        }
        r.end()?;
        Ok(Intent {
            id,
            destroyed,
            targets,
            keys,
        })
    }

    fn row(&self) -> Row {
        Row {
            key: self.id.to_vec(),
            value: self.to_bytes(),
            ..Row::default()
        }
    }

    /// The intent is still as it was seen: somebody else may be driving it too.
    fn unchanged(&self) -> Op {
        Op::Require(
            Table::Intents,
            self.id.to_vec(),
            Expect::Value(self.to_bytes()),
        )
    }

    fn ledger(&self, store: &Store, phase: Phase, now: Timestamp) -> Result<Vec<Op>, Error> {
        self.targets
            .iter()
            .map(|(target, rows)| {
                let (tenant, kind) = (tenant_of(*target)?, kind_of(*target)?);
                let entry = LedgerEntry {
                    at_ms: now.timestamp_millis(),
                    kind,
                    phase,
                    erasure: self.name(),
                    tenant: store.blind(kind::TENANT, &tenant.to_bytes()),
                    target: store.blind(first(*target), &reference(*target)?),
                    rows: *rows,
                };
                Ok(Op::Append(Log::Ledger, entry.to_bytes()))
            })
            .collect()
    }

    /// What step (1) commits beside the caller's leaf.
    pub(super) fn begin(&self, store: &Store, now: Timestamp) -> Result<Vec<Op>, Error> {
        let mut ops = vec![Op::Put(Table::Intents, self.row())];
        for (target, _) in &self.targets {
            let at = match first(*target) {
                // A person stays gone; the others are random or over and cannot come back once nothing is in flight.
                kind::SUBJECT => None,
                kind::BUCKET => Some(
                    BucketRef::from_key(*target)?
                        .1
                        .end()
                        .saturating_add(REMEMBERED),
                ),
                _ => Some(now.timestamp().saturating_add(REMEMBERED)),
            };
            let row = Row {
                key: target.as_bytes().to_vec(),
                at,
                ..Row::default()
            };
            ops.push(Op::Put(Table::Gone, row));
        }
        ops.extend(self.ledger(store, Phase::Begun, now)?);
        Ok(ops)
    }
}

impl Store {
    /// Intents that are not finished.
    pub(super) async fn intents(&self) -> Result<Vec<Intent>, Error> {
        let scan = Scan::Prefix {
            table: Table::Intents,
            prefix: Vec::new(),
            after: Vec::new(),
            limit: usize::MAX,
        };
        self.backend
            .scan(scan)
            .await?
            .iter()
            .map(Intent::from_row)
            .collect()
    }

    /// Carries an intent on. Deletes about `budget` rows at most.
    pub(super) async fn drive(
        &self,
        intent: &mut Intent,
        budget: &mut u64,
        now: Timestamp,
    ) -> Result<Progress, Error> {
        if !intent.destroyed && self.destroy(intent, now).await? == Progress::Pending {
            return Ok(Progress::Pending);
        }
        let before = intent.clone();
        let mut left = false;
        for (target, rows) in &mut intent.targets {
            let deleted = self.purge(*target, *budget).await?;
            *rows += deleted;
            *budget = budget.saturating_sub(deleted);
            // Whoever has used up the budget cannot know whether something is left.
            left |= *budget == 0;
        }
        self.stop_at(StopAt::RowsDeleted)?;
        let mut ops = vec![before.unchanged()];
        if left {
            ops.push(Op::Put(Table::Intents, intent.row()));
        } else {
            ops.push(Op::Delete(Table::Intents, intent.id.to_vec()));
            ops.extend(intent.ledger(self, Phase::Purged, now)?);
        }
        // Refused means that another task finished the same intent.
        self.commit(ops).await?;
        if intent.rows() > before.rows() {
            self.backend.scrub(Side::Keys).await?;
        }
        self.backend.scrub(Side::Records).await?;
        Ok(if left {
            Progress::Destroyed
        } else {
            Progress::Done
        })
    }

    /// Step (2) and its note.
    async fn destroy(&self, intent: &mut Intent, now: Timestamp) -> Result<Progress, Error> {
        let mut ops: Vec<KeyOp> = intent.keys.iter().copied().map(KeyOp::Destroy).collect();
        ops.extend(self.mark());
        self.backend.change_keys(ops).await?;
        self.ring.forget(&intent.keys);
        self.stop_at(StopAt::KeysDestroyed)?;
        if !self.backend.scrub(Side::Keys).await? {
            return Ok(Progress::Pending);
        }
        self.stop_at(StopAt::LogEmptied)?;
        let before = intent.unchanged();
        intent.destroyed = true;
        let mut ops = vec![before, Op::Put(Table::Intents, intent.row())];
        ops.extend(intent.ledger(self, Phase::Destroyed, now)?);
        if let Outcome::Refused(_) = self.commit(ops).await? {
            return Err(Error::Conflict);
        }
        self.stop_at(StopAt::DestructionWritten)?;
        Ok(Progress::Destroyed)
    }

    /// Deletes rows of something whose key is gone; how many.
    async fn purge(&self, target: KeyId, budget: u64) -> Result<u64, Error> {
        let tenant = tenant_of(target)?;
        let reference = reference(target)?;
        let mut deleted = 0;
        let mut cursor = match first(target) {
            kind::BUCKET => (
                BucketRef::from_key(target)?.1.begin(),
                i64::MAX.cast_unsigned(),
            ),
            _ => (0, 0),
        };
        while deleted < budget {
            let rows = match first(target) {
                kind::SUBJECT => {
                    self.rows_of(tenant, SubjectId::from_bytes(reference), 0)
                        .await?
                }
                kind::UNIT => {
                    let value = pair(tenant, &reference);
                    self.backend
                        .scan(Scan::Ref {
                            table: Table::Records,
                            which: 1,
                            value,
                            after: 0,
                            limit: PAGE,
                        })
                        .await?
                }
                kind::RECORD => self
                    .backend
                    .get(Table::Records, reference.to_vec())
                    .await?
                    .into_iter()
                    .collect(),
                _ => {
                    let until = BucketRef::from_key(target)?.1.end();
                    self.backend
                        .scan(Scan::Due {
                            table: Table::Records,
                            after: cursor,
                            until,
                            limit: PAGE,
                        })
                        .await?
                }
            };
            let Some(last) = rows.last() else { break };
            cursor = (last.at.unwrap_or(i64::MAX), last.seq);
            let mut heads = Vec::with_capacity(rows.len());
            for row in &rows {
                let (head, ..) = Head::from_row(row)?;
                if first(target) != kind::BUCKET || head.bucket_key() == target {
                    heads.push(head);
                }
            }
            self.delete_rows(&heads).await?;
            deleted += heads.len() as u64;
        }
        if deleted < budget && first(target) == kind::SUBJECT {
            let subject = SubjectId::from_bytes(reference);
            let links = self.link_rows(tenant, subject).await?;
            if !links.is_empty() {
                self.commit(
                    links
                        .into_iter()
                        .map(|key| Op::Delete(Table::Links, key))
                        .collect(),
                )
                .await?;
            }
        }
        Ok(deleted)
    }

    /// Deletes the rows of records that nobody can read, their index terms, and the unit keys that nothing else needs.
    pub(super) async fn delete_rows(&self, heads: &[Head]) -> Result<(), Error> {
        if heads.is_empty() {
            return Ok(());
        }
        // Keys first: a row without keys is deleted by the next drive, a key without rows would be forgotten.
        let own: Vec<KeyOp> = heads
            .iter()
            .filter(|h| h.is_own_unit())
            .map(|h| KeyOp::Destroy(h.unit_key()))
            .collect();
        if !own.is_empty() {
            self.backend.change_keys(own).await?;
        }
        let mut shared: BTreeSet<(KeyId, Vec<u8>)> = BTreeSet::new();
        let mut ops = Vec::with_capacity(heads.len() * 4);
        for head in heads {
            ops.push(Op::Delete(Table::Records, head.id.to_bytes().to_vec()));
            ops.extend(term_keys(head).map(|key| Op::Delete(Table::Terms, key)));
            if !head.is_own_unit() {
                shared.insert((head.unit_key(), pair(head.tenant(), &head.unit.to_bytes())));
            }
        }
        self.commit(ops).await?;
        let mut unused = Vec::new();
        for (key, value) in shared {
            let scan = Scan::Ref {
                table: Table::Records,
                which: 1,
                value,
                after: 0,
                limit: 1,
            };
            if self.backend.scan(scan).await?.is_empty() {
                unused.push(KeyOp::Destroy(key));
            }
        }
        if !unused.is_empty() {
            self.backend.change_keys(unused).await?;
        }
        Ok(())
    }
}

fn first(id: KeyId) -> u8 {
    id.as_bytes().first().copied().unwrap_or(u8::MAX)
}

fn tenant_of(id: KeyId) -> Result<TenantId, Error> {
    let mut r = Reader::new(id.as_bytes(), WHAT);
    r.u8()?;
    Ok(TenantId::from_bytes(r.array()?))
}

fn reference(id: KeyId) -> Result<[u8; 16], Error> {
    let mut r = Reader::new(id.as_bytes(), WHAT);
    r.take(17)?;
    r.array()
}

fn kind_of(id: KeyId) -> Result<ErasureKind, Error> {
    match first(id) {
        kind::SUBJECT => Ok(ErasureKind::Subject),
        kind::BUCKET => Ok(ErasureKind::Bucket),
        kind::UNIT => Ok(ErasureKind::Unit),
        kind::RECORD => Ok(ErasureKind::Record),
        _ => Err(Error::Corrupt { what: WHAT }),
    }
}
