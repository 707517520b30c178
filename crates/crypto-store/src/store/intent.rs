//! An erasure that was begun: written down before anything is destroyed, driven to its end by whoever finds it.
//!
//! ```text
//! (1) records.db  intent, tombstones, audit leaf, ledger "begun"     reads are refused from here on
//! (2) keys.db     keys destroyed; write-ahead log emptied             nobody can read any more
//! (3) records.db  ledger "destroyed"
//! (4) records.db  rows deleted; ledger "purged", intent removed; log emptied
//! ```
//!
//! An erasure returns after (3), which takes as long for a person with a million records as for one with none; few rows are
//! deleted at once, many by the sweeper. Every step can be repeated, so that it does not matter where a process was killed.

use retention_policy::{SubjectId, TenantId, Timestamp};

use super::purge::{Budget, Going};
use super::row::BucketRef;
use super::{StopAt, Store};
use crate::Error;
use crate::audit::BlindId;
use crate::backend::{Expect, KeyId, KeyOp, Log, Op, Outcome, Row, Scan, Side, Table};
use crate::entropy::draw;
use crate::keyring::{kind, person_gone, pool_row, state_row, tenant_key};
use crate::ledger::{ErasureKind, LedgerEntry, Phase};
use crate::wire::{Reader, Writer};

const VERSION: u8 = 0;
const WHAT: &str = "an intent";
/// Intents whose end is written in one commit.
const NOTED_AT_ONCE: usize = 64;
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

    pub(super) fn id(&self) -> [u8; 16] {
        self.id
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

    fn from_row(store: &Store, row: &Row) -> Result<Self, Error> {
        let id: [u8; 16] = row
            .key
            .as_slice()
            .try_into()
            .map_err(|_| Error::Corrupt { what: WHAT })?;
        let mut r = Reader::new(store.seal.open_row(Table::Intents, row, WHAT)?, WHAT);
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

    fn row(&self, store: &Store) -> Row {
        let row = Row {
            key: self.id.to_vec(),
            value: self.to_bytes(),
            ..Row::default()
        };
        store.seal.row(Table::Intents, row)
    }

    /// The intent is still as it was seen: somebody else may be driving it too.
    fn unchanged(&self, store: &Store) -> Op {
        let row = self.row(store);
        Op::Require(Table::Intents, row.key, Expect::Value(row.value))
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
        let mut ops = vec![Op::Put(Table::Intents, self.row(store))];
        for (target, _) in &self.targets {
            let at = match first(*target) {
                // Persons and tenants stay gone; the others are random or over and cannot come back once nothing is in flight.
                kind::SUBJECT | kind::TENANT => None,
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
            ops.push(store.put_small(Table::Gone, row));
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
            .map(|row| Intent::from_row(self, row))
            .collect()
    }

    /// Of some intents, those that are not finished.
    pub(super) async fn intents_of(&self, ids: &[[u8; 16]]) -> Result<Vec<Option<Intent>>, Error> {
        let asked = ids.iter().map(|id| (Table::Intents, id.to_vec()));
        let rows = self.backend.get_many(asked.collect()).await?;
        let read = |row: Option<Row>| row.map(|row| Intent::from_row(self, &row)).transpose();
        rows.into_iter().map(read).collect()
    }

    /// Carries intents on, one after the other, and says how far each came. Deletes rows as the budget allows: unit keys were
    /// destroyed with them, and whoever drives empties the log of the keys then, once for all intents.
    pub(super) async fn drive(
        &self,
        intents: &mut [Intent],
        budget: &mut Budget,
        now: Timestamp,
    ) -> Result<Vec<Progress>, Error> {
        let (mut progress, mut driven) = (Vec::with_capacity(intents.len()), Vec::new());
        let mut going = Going::new(self, budget.at_once());
        let mut failed = None;
        for intent in intents {
            match self.drive_one(intent, &mut going, budget, now).await {
                Ok(None) => progress.push(Progress::Pending),
                Ok(Some((before, left))) => {
                    progress.push(if left {
                        Progress::Destroyed
                    } else {
                        Progress::Done
                    });
                    driven.push((before, &*intent, left));
                }
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        if !driven.is_empty() {
            // One that cannot go on does not hold up those before it.
            going.finish().await?;
            self.stop_at(StopAt::RowsDeleted)?;
            self.note_driven(&driven, now).await?;
        }
        failed.map_or(Ok(progress), Err)
    }

    /// Steps (2) and (3), and the rows on their way out: the intent before, and whether some are left. Nothing while the log of
    /// the keys is being read.
    async fn drive_one(
        &self,
        intent: &mut Intent,
        going: &mut Going<'_>,
        budget: &mut Budget,
        now: Timestamp,
    ) -> Result<Option<(Intent, bool)>, Error> {
        if !intent.destroyed && self.destroy(intent, now).await? == Progress::Pending {
            return Ok(None);
        }
        let before = intent.clone();
        let mut left = self
            .purge_records(&mut intent.targets, going, budget)
            .await?;
        for (target, rows) in &mut intent.targets {
            if first(*target) != kind::RECORD {
                let purged = self.purge_target(*target, going, budget).await?;
                *rows += purged.rows;
                left |= purged.left;
            }
        }
        Ok(Some((before, left)))
    }

    /// Writes down how far intents came, many in one commit. Each is as it was seen, or another task finished it.
    async fn note_driven(
        &self,
        driven: &[(Intent, &Intent, bool)],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut noted = Vec::with_capacity(driven.len());
        for (before, intent, left) in driven {
            if *left && intent.rows() == before.rows() {
                continue;
            }
            let mut then = Vec::new();
            if *left {
                then.push(Op::Put(Table::Intents, intent.row(self)));
            } else {
                then.push(Op::Delete(Table::Intents, intent.id.to_vec()));
                then.extend(intent.ledger(self, Phase::Purged, now)?);
            }
            noted.push((before.unchanged(self), then));
        }
        for some in noted.chunks(NOTED_AT_ONCE) {
            let seen = some.iter().map(|(seen, _)| seen.clone());
            let then = some.iter().flat_map(|(_, then)| then.iter().cloned());
            if let Outcome::Refused(_) = self.commit(seen.chain(then).collect()).await? {
                for (seen, then) in some {
                    let alone = std::iter::once(seen).chain(then).cloned();
                    self.commit(alone.collect()).await?;
                }
            }
        }
        Ok(())
    }

    /// Step (2) and its note.
    async fn destroy(&self, intent: &mut Intent, now: Timestamp) -> Result<Progress, Error> {
        let mut keys = intent.keys.clone();
        let mut notes = Vec::new();
        let mut alone = None;
        for (target, _) in &intent.targets {
            let tenant = tenant_of(*target)?;
            let person = match first(*target) {
                kind::SUBJECT => Some(SubjectId::from_bytes(reference(*target)?)),
                kind::TENANT => None,
                _ => continue,
            };
            if person.is_none() {
                // Nobody makes keys of a tenant while it ends, and every epoch it has by now goes.
                alone = Some(self.ring.alone().await);
                let epochs = self.ring.epochs(tenant).await?;
                keys.extend(epochs.into_iter().map(|e| tenant_key(tenant, e)));
                keys.extend([state_row(tenant), pool_row(tenant)]);
            }
            let id = person_gone(tenant, person);
            let note = Writer::with_capacity(24).i64(now.timestamp_millis()).done();
            notes.push(KeyOp::Set(id, self.seal.beside(id, note)));
        }
        let mut ops: Vec<KeyOp> = keys.iter().copied().map(KeyOp::Destroy).collect();
        ops.extend(notes);
        ops.extend(self.mark());
        self.backend.change_keys(ops).await?;
        self.ring.forget(&keys);
        drop(alone);
        self.stop_at(StopAt::KeysDestroyed)?;
        if !self.backend.scrub(Side::Keys).await? {
            return Ok(Progress::Pending);
        }
        self.stop_at(StopAt::LogEmptied)?;
        let before = intent.unchanged(self);
        intent.destroyed = true;
        let mut ops = vec![before, Op::Put(Table::Intents, intent.row(self))];
        ops.extend(intent.ledger(self, Phase::Destroyed, now)?);
        if let Outcome::Refused(_) = self.commit(ops).await? {
            return Err(Error::Conflict);
        }
        self.stop_at(StopAt::DestructionWritten)?;
        Ok(Progress::Destroyed)
    }
}

pub(super) fn first(id: KeyId) -> u8 {
    id.as_bytes().first().copied().unwrap_or(u8::MAX)
}

pub(super) fn tenant_of(id: KeyId) -> Result<TenantId, Error> {
    let mut r = Reader::new(id.as_bytes(), WHAT);
    r.u8()?;
    Ok(TenantId::from_bytes(r.array()?))
}

pub(super) fn reference(id: KeyId) -> Result<[u8; 16], Error> {
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
        kind::TENANT => Ok(ErasureKind::Tenant),
        _ => Err(Error::Corrupt { what: WHAT }),
    }
}
