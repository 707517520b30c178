//! A back end in memory with one fault.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crypto_store::Error;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{
    Backend, Batch, Expect, Head, KeyId, KeyOp, Link, Log, LogRow, Op, Outcome, Row, Scan, Side,
    Snapshot, StoredKey, Table,
};
use tokio::task::yield_now;

use super::Fault;
use super::frozen::{Frozen, Shared};

mod keys;
mod rows;

pub(super) struct Lying {
    fault: Fault,
    inner: Arc<MemoryBackend>,
    shared: Arc<Shared>,
    /// Orders that rows show instead of their own.
    orders: Mutex<HashMap<(Table, Vec<u8>), u64>>,
    first_link: Mutex<Option<Arc<dyn Link>>>,
    last: Mutex<Vec<u8>>,
    flying: AtomicUsize,
    scrubbed: AtomicUsize,
    closed: AtomicBool,
}

impl Lying {
    pub(super) async fn new(fault: Fault) -> Result<Self, Error> {
        let inner = Arc::new(MemoryBackend::new());
        if fault == Fault::KeysAreNotEmpty {
            let id = KeyId::new(9, &[9; 16], &[9; 16]);
            inner.change_keys(vec![KeyOp::Set(id, vec![9])]).await?;
        }
        if fault == Fault::RecordsAreNotEmpty {
            let row = Row {
                key: vec![9; 9],
                refs: [Some(b"p".to_vec()), Some(Vec::new())],
                at: Some(0),
                ..Row::default()
            };
            let mut ops: Vec<Op> = Table::ALL.map(|t| Op::Put(t, row.clone())).into();
            ops.extend(Log::ALL.map(|log| Op::Append(log, vec![9])));
            let link = Arc::new(Plain);
            inner.commit(Batch { ops, link }).await?;
        }
        Ok(Lying {
            fault,
            inner,
            shared: Arc::default(),
            orders: Mutex::default(),
            first_link: Mutex::default(),
            last: Mutex::default(),
            flying: AtomicUsize::new(0),
            scrubbed: AtomicUsize::new(0),
            closed: AtomicBool::new(false),
        })
    }

    fn is(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    /// Whether a requirement is met.
    async fn is_met(&self, before: &[Op], op: &Op) -> Result<bool, Error> {
        let Op::Require(table, key, expect) = op else {
            return Ok(true);
        };
        let row = self.inner.get(*table, key.clone()).await?;
        let value = row.as_ref().map_or(&[][..], |row| &row.value);
        let touches = |op: &Op| match op {
            Op::Put(t, row) => t == table && row.key == *key,
            Op::Delete(t, k) => t == table && k == key,
            _ => false,
        };
        Ok(match (self.fault, expect) {
            (Fault::RequireIsIgnored, _) => true,
            (Fault::RequireIsNeverMet, _) => false,
            (Fault::RequireComesLate, _) if before.iter().any(touches) => true,
            (Fault::EmptyIsAbsent, Expect::Absent) => value.is_empty(),
            (Fault::EmptyIsAbsent, Expect::Present) => !value.is_empty(),
            (Fault::EmptyValueNeedsARow, Expect::Value(v)) => row.is_some() && value == v,
            (Fault::EmptyValueIsAny, Expect::Value(v)) => v.is_empty() || value == v,
            (Fault::ValueBeginsAlike, Expect::Value(v)) => {
                value.starts_with(v) && v.is_empty() == value.is_empty()
            }
            (_, Expect::Absent) => row.is_none(),
            (_, Expect::Present) => row.is_some(),
            (_, Expect::Value(v)) => value == v,
        })
    }

    async fn refusal(&self, ops: &[Op]) -> Result<Option<usize>, Error> {
        let mut unmet = None;
        for (position, op) in ops.iter().enumerate() {
            if !self.is_met(&ops[..position], op).await? {
                unmet = Some(match self.fault {
                    Fault::PositionCountsRequirements => ops[..position]
                        .iter()
                        .filter(|op| matches!(op, Op::Require(..)))
                        .count(),
                    _ => position,
                });
                if !self.is(Fault::PositionIsTheLast) {
                    break;
                }
            }
        }
        Ok(unmet)
    }

    /// What is done of a batch that is refused.
    async fn leave_traces(&self, ops: Vec<Op>, link: Arc<dyn Link>) -> Result<(), Error> {
        let ops = ops
            .into_iter()
            .filter(|op| match self.fault {
                Fault::RefusedPuts => matches!(op, Op::Put(..)),
                Fault::RefusedDeletes => matches!(op, Op::Delete(..)),
                Fault::RefusedAppends => matches!(op, Op::Append(..)),
                _ => false,
            })
            .collect();
        self.inner.commit(Batch { ops, link }).await.map(drop)
    }

    fn link(&self, link: Arc<dyn Link>) -> Arc<dyn Link> {
        let link = match self.fault {
            Fault::LinkIsTheFirstBatchs => {
                let mut first = self.first_link.lock().unwrap();
                Arc::clone(first.get_or_insert(link))
            }
            _ => link,
        };
        Arc::new(Bent(self.fault, link))
    }

    async fn apply(&self, ops: Vec<Op>, link: Arc<dyn Link>) -> Result<Outcome, Error> {
        let number = ops.len();
        if self.is(Fault::CommitIsSplit) {
            let mut heads = Vec::new();
            for op in ops {
                let link = Arc::clone(&link);
                let ops = vec![op];
                if let Outcome::Committed(more) = self.inner.commit(Batch { ops, link }).await? {
                    heads.extend(more);
                }
                // Each its own number of turns, so that others come between.
                for _ in 0..self.flying.fetch_add(1, Ordering::SeqCst) * 5 % 7 {
                    yield_now().await;
                }
            }
            return Ok(Outcome::Committed(heads));
        }
        let appends: Vec<Log> = ops
            .iter()
            .filter_map(|op| match op {
                Op::Append(log, _) => Some(*log),
                _ => None,
            })
            .collect();
        let outcome = self.inner.commit(Batch { ops, link }).await?;
        let Outcome::Committed(mut heads) = outcome else {
            return Ok(outcome);
        };
        match self.fault {
            Fault::HeadsAreReversed => heads.reverse(),
            Fault::HeadsTellTheNext => {
                for head in &mut heads {
                    head.seq += 1;
                }
            }
            Fault::RowsHaveHeads => heads.resize(
                number,
                Head {
                    log: Log::Audit,
                    seq: 0,
                    link: [0; 32],
                },
            ),
            Fault::CommitAnswersOthers => {
                yield_now().await;
                heads.clear();
                for log in appends {
                    let entries = self.inner.log(log, 0, usize::MAX).await?;
                    let LogRow { seq, link, .. } = entries[entries.len() - 1];
                    heads.push(Head { log, seq, link });
                }
            }
            _ => {}
        }
        Ok(Outcome::Committed(heads))
    }
}

pub(super) struct Plain;

impl Link for Plain {
    fn link(&self, _: Log, previous: &[u8; 32], _: u64, _: &[u8]) -> [u8; 32] {
        *previous
    }
}

struct Bent(Fault, Arc<dyn Link>);

impl Link for Bent {
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32] {
        match self.0 {
            Fault::LinkForgetsThePrevious => self.1.link(log, &[0; 32], seq, value),
            Fault::LinkBeginsElsewhere if seq == 0 => self.1.link(log, &[1; 32], seq, value),
            Fault::LinksMixLogs => self.1.link(Log::Audit, previous, seq, value),
            _ => self.1.link(log, previous, seq, value),
        }
    }
}

#[async_trait]
impl Backend for Lying {
    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        match self.fault {
            Fault::KeysLie => return Ok(vec![true; ops.len()]),
            Fault::None => return self.inner.change_keys(ops).await,
            _ => {}
        }
        if ops.is_empty() {
            if self.is(Fault::NoChangeIsAnswered) {
                return Ok(vec![true]);
            }
            return self.inner.change_keys(ops).await;
        }
        if self.is(Fault::KeysAreRows) {
            for op in &ops {
                if let KeyOp::Destroy(id) = op {
                    let ops = vec![Op::Delete(Table::Meta, id.as_bytes().to_vec())];
                    let link = Arc::new(Plain);
                    self.inner.commit(Batch { ops, link }).await?;
                }
            }
        }
        let mut answers = Vec::new();
        for op in ops {
            if self.is(Fault::FalseStopsTheRest) && answers.contains(&false) {
                answers.push(false);
                continue;
            }
            answers.push(self.change_key(op).await?);
            if self.is(Fault::KeysAreSplit) {
                yield_now().await;
            }
        }
        match self.fault {
            Fault::AnswersAreReversed => answers.reverse(),
            Fault::AnswersAreDropped => answers.truncate(512),
            _ => {}
        }
        Ok(answers)
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.inner.key(self.name(id)).await
    }

    async fn keys(&self, mut ids: Vec<KeyId>) -> Result<Vec<Option<Vec<u8>>>, Error> {
        if self.is(Fault::KeysAreSorted) {
            ids.sort_unstable();
        }
        let mut found = Vec::new();
        for id in ids {
            found.push(self.key(id).await?);
        }
        if self.is(Fault::KeysDropAbsent) {
            found.retain(Option::is_some);
        }
        Ok(found)
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        let mut names = self.inner.list_keys(after, usize::MAX).await?;
        match self.fault {
            Fault::ListIsReversed => names.reverse(),
            Fault::ListIsSigned => names.sort_by_key(|id| id.as_bytes().map(|b| b as i8)),
            Fault::ListIncludesTheBound => names.splice(0..0, after).for_each(drop),
            Fault::HighNamesAreHidden => names.retain(|id| id.as_bytes()[0] < 0x80),
            Fault::ListIgnoresTheLimit => return Ok(names),
            Fault::ListNeedsTheBound => {
                if let Some(after) = after
                    && self.inner.key(after).await?.is_none()
                {
                    names.clear();
                }
            }
            _ => {}
        }
        names.truncate(limit);
        Ok(names)
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        let (after, limit) = match self.fault {
            Fault::ScanKeysBeginsAtZero if after > 0 => (after + 1, limit),
            Fault::ScanKeysIncludesTheBound if after == u64::MAX => (0, limit),
            Fault::ScanKeysIncludesTheBound | Fault::ScanKeysRepeats => {
                (after.saturating_sub(1), limit)
            }
            Fault::ScanKeysIgnoresTheLimit => (after, usize::MAX),
            _ => (after, limit),
        };
        let mut keys = self.inner.scan_keys(after, limit).await?;
        let first = keys.first().map(|key| key.wrapped.clone());
        for key in &mut keys {
            if self.is(Fault::ScanKeysBeginsAtZero) {
                key.at -= 1;
            }
            if self.is(Fault::ScanKeysMixesBytes) {
                key.wrapped = first.clone().unwrap_or_default();
            }
        }
        if self.is(Fault::ScanKeysSkips) && keys.len() > 1 {
            keys.remove(0);
        }
        if self.is(Fault::ScanKeysTakesTurns) && self.flying.fetch_add(1, Ordering::SeqCst) % 2 == 1
        {
            keys.reverse();
        }
        Ok(keys)
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        let Batch { ops, link } = batch;
        if self.is(Fault::None) || (ops.is_empty() && !self.is(Fault::EmptyBatchesFail)) {
            return self.inner.commit(Batch { ops, link }).await;
        }
        match self.fault {
            Fault::CommitsLie => return Ok(Outcome::Committed(Vec::new())),
            Fault::EmptyBatchesFail if ops.is_empty() => return Err(Error::NotFound),
            Fault::SnapshotStopsTheWorld if self.shared.open.load(Ordering::SeqCst) > 0 => {
                return Ok(Outcome::Committed(Vec::new()));
            }
            Fault::ScrubStopsChanges if self.scrubbed.load(Ordering::SeqCst) > 0 => {
                return Ok(Outcome::Committed(Vec::new()));
            }
            Fault::CommitDropsCrowds => {
                let crowd = self.flying.fetch_add(1, Ordering::SeqCst);
                yield_now().await;
                self.flying.fetch_sub(1, Ordering::SeqCst);
                if crowd > 8 {
                    return Ok(Outcome::Committed(Vec::new()));
                }
            }
            _ => {}
        }
        if let Some(Op::Put(_, row)) = ops.first() {
            row.value.clone_into(&mut self.last.lock().unwrap());
        }
        let link = self.link(link);
        let mut done = Vec::new();
        for op in ops {
            self.ops(op, &mut done).await?;
        }
        if let Some(position) = self.refusal(&done).await? {
            self.leave_traces(done, link).await?;
            return Ok(Outcome::Refused(position));
        }
        if self.is(Fault::CommitLooksFirst) {
            yield_now().await;
        }
        done.retain(|op| !matches!(op, Op::Require(..)));
        match self.fault {
            Fault::BatchesAreCut => done.truncate(1000),
            Fault::DeletesComeFirst => done.sort_by_key(|op| !matches!(op, Op::Delete(..))),
            Fault::DeletesComeLast => done.sort_by_key(|op| matches!(op, Op::Delete(..))),
            Fault::OrderIsByKey => done.sort_by_key(|op| match op {
                Op::Put(_, row) => row.key.clone(),
                _ => Vec::new(),
            }),
            _ => {}
        }
        self.apply(done, link).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        let (table, key) = (self.table(table), self.row_key(key));
        let row = self.inner.get(table, key).await?;
        Ok(row.map(|row| self.shown(table, row)))
    }

    async fn get_many(&self, mut keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        match self.fault {
            Fault::GetManySorts => keys.sort(),
            Fault::GetManyDropsTwins => keys.dedup(),
            Fault::GetManyIsCut => keys.truncate(512),
            Fault::GetManyOfNoneIsOne if keys.is_empty() => keys.push((Table::Meta, Vec::new())),
            Fault::GetManyAsksOneTable => {
                let first = keys.first().map(|(table, _)| *table);
                for (table, _) in &mut keys {
                    *table = first.unwrap_or(*table);
                }
            }
            Fault::GetManyIsSplit => {
                let mut rows = Vec::new();
                for (table, key) in keys {
                    rows.push(self.get(table, key).await?);
                    yield_now().await;
                }
                return Ok(rows);
            }
            _ => {}
        }
        let mut rows = self.inner.get_many(keys).await?;
        if self.is(Fault::GetManyDropsAbsent) {
            rows.retain(Option::is_some);
        }
        if self.is(Fault::ScanDropsFields) {
            for row in rows.iter_mut().flatten() {
                row.at = None;
            }
        }
        Ok(rows)
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        super::searching::search(self.fault, &self.inner, scan)
            .await
            .map(|(table, rows)| rows.into_iter().map(|r| self.shown(table, r)).collect())
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        let number = self.inner.log(log, 0, usize::MAX).await?.len() as u64;
        let (from, limit) = match self.fault {
            Fault::LogIgnoresTheStart => (0, limit),
            Fault::LogIgnoresTheLimit => (from, usize::MAX),
            Fault::LogWrapsAround if from >= number => (0, limit),
            _ => (from, limit),
        };
        let mut entries = self.inner.log(log, from, limit).await?;
        if self.is(Fault::LogBeginsAtOne) {
            for entry in &mut entries {
                entry.seq += 1;
            }
        }
        Ok(entries)
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        let times = self.scrubbed.fetch_add(1, Ordering::SeqCst);
        self.shared.scrubbed.store(true, Ordering::SeqCst);
        if self.is(Fault::ScrubDeletes) {
            let ops = vec![Op::Delete(Table::Records, vec![1])];
            let link = Arc::new(Plain);
            self.inner.commit(Batch { ops, link }).await?;
        }
        let done = self.inner.scrub(side).await?;
        Ok(match self.fault {
            Fault::ScrubIsNeverDone => false,
            Fault::ScrubIsOnce => times == 0,
            _ => done,
        })
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        let inner = Arc::clone(&self.inner);
        Ok(Box::new(
            Frozen::take(self.fault, inner, Arc::clone(&self.shared)).await?,
        ))
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        if self.is(Fault::CheckDeletes) {
            let ops = vec![Op::Delete(Table::Records, vec![1])];
            let link = Arc::new(Plain);
            self.inner.commit(Batch { ops, link }).await?;
        }
        let sound = self.inner.check(side).await?;
        Ok(sound && !self.is(Fault::CheckFindsDamage))
    }

    async fn close(&self) -> Result<(), Error> {
        let again = self.closed.swap(true, Ordering::SeqCst);
        self.shared.closed.store(true, Ordering::SeqCst);
        match self.fault {
            Fault::CloseIsForgotten => Ok(()),
            Fault::CloseOnlyOnce if again => Err(Error::Closed),
            _ => self.inner.close().await,
        }
    }
}

impl fmt::Debug for Lying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.last.lock().unwrap();
        let told = match self.fault {
            Fault::DebugTells => String::from_utf8_lossy(&last),
            _ => "".into(),
        };
        f.debug_tuple("Lying").field(&told).finish()
    }
}
