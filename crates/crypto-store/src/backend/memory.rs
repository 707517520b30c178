//! A store without files, for tests and for sessions that must not outlive the process.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use zeroize::Zeroize;

use super::{
    Backend, Batch, Expect, Head, Item, KeyId, KeyOp, Log, LogRow, Op, Outcome, Row, Scan, Side,
    Snapshot, StoredKey, Table,
};
use crate::Error;

/// Everything in memory. Destroyed keys are zeroed; nothing survives the value.
#[derive(Default)]
pub struct MemoryBackend(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    keys: BTreeMap<KeyId, (u64, Vec<u8>)>,
    tables: BTreeMap<Table, BTreeMap<Vec<u8>, Row>>,
    logs: BTreeMap<Log, Vec<LogRow>>,
    seq: u64,
    /// Position of the last key that was added.
    last_key: u64,
    closed: bool,
}

impl MemoryBackend {
    /// Makes an empty back end.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> Result<MutexGuard<'_, Inner>, Error> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.closed {
            Err(Error::Closed)
        } else {
            Ok(inner)
        }
    }
}

impl Inner {
    fn row(&self, table: Table, key: &[u8]) -> Option<&Row> {
        self.tables.get(&table)?.get(key)
    }

    fn holds(&self, op: &Op) -> bool {
        let Op::Require(table, key, expect) = op else {
            return true;
        };
        let row = self.row(*table, key);
        match expect {
            Expect::Absent => row.is_none(),
            Expect::Present => row.is_some(),
            Expect::Value(value) => row.map_or(&[][..], |r| &r.value) == value,
        }
    }

    fn apply(&mut self, batch: Batch) -> Vec<Head> {
        let mut appended = Vec::new();
        for op in batch.ops {
            match op {
                Op::Require(..) => {}
                Op::Put(table, mut row) => {
                    let rows = self.tables.entry(table).or_default();
                    row.seq = match rows.get(&row.key) {
                        Some(old) => old.seq,
                        None => {
                            self.seq += 1;
                            self.seq
                        }
                    };
                    rows.insert(row.key.clone(), row);
                }
                Op::Delete(table, key) => {
                    self.tables.entry(table).or_default().remove(&key);
                }
                Op::Append(log, value) => {
                    let rows = self.logs.entry(log).or_default();
                    let seq = rows.len() as u64;
                    let previous = rows.last().map_or([0; 32], |r| r.link);
                    let link = batch.link.link(log, &previous, seq, &value);
                    rows.push(LogRow { seq, value, link });
                    appended.push(Head { log, seq, link });
                }
            }
        }
        appended
    }
}

impl Inner {
    fn change_key(&mut self, op: KeyOp) -> bool {
        match op {
            KeyOp::Add(id, wrapped) => {
                let new = !self.keys.contains_key(&id);
                if new {
                    self.last_key += 1;
                    self.keys.insert(id, (self.last_key, wrapped));
                }
                new
            }
            KeyOp::Set(id, to) => {
                if let Some((_, wrapped)) = self.keys.get_mut(&id) {
                    wrapped.zeroize();
                    *wrapped = to;
                    return false;
                }
                self.last_key += 1;
                self.keys.insert(id, (self.last_key, to));
                true
            }
            KeyOp::Replace(seen, to) => match self.keys.get_mut(&seen.id) {
                Some((_, wrapped)) if *wrapped == seen.wrapped => {
                    wrapped.zeroize();
                    *wrapped = to;
                    true
                }
                _ => false,
            },
            KeyOp::Destroy(id) => self
                .keys
                .remove(&id)
                .map(|(_, mut w)| w.zeroize())
                .is_some(),
        }
    }
}

/// Everything there was, told in one piece.
struct Frozen(Vec<Item>);

#[async_trait]
impl Snapshot for Frozen {
    async fn next(&mut self) -> Result<Vec<Item>, Error> {
        Ok(std::mem::take(&mut self.0))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        for (_, wrapped) in self.keys.values_mut() {
            wrapped.zeroize();
        }
    }
}

#[async_trait]
impl Backend for MemoryBackend {
    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        let mut inner = self.lock()?;
        let mut answers = Vec::with_capacity(ops.len());
        for op in ops {
            let answer = inner.change_key(op);
            answers.push(answer);
        }
        Ok(answers)
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock()?.keys.get(&id).map(|(_, w)| w.clone()))
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        let inner = self.lock()?;
        Ok(inner
            .keys
            .keys()
            .filter(|id| after.is_none_or(|a| **id > a))
            .take(limit)
            .copied()
            .collect())
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        let inner = self.lock()?;
        let mut keys: Vec<StoredKey> = inner
            .keys
            .iter()
            .filter(|(_, (at, _))| *at > after)
            .map(|(id, (at, wrapped))| StoredKey {
                id: *id,
                at: *at,
                wrapped: wrapped.clone(),
            })
            .collect();
        keys.sort_unstable_by_key(|key| key.at);
        keys.truncate(limit);
        Ok(keys)
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        let mut inner = self.lock()?;
        if let Some(refused) = batch.ops.iter().position(|op| !inner.holds(op)) {
            return Ok(Outcome::Refused(refused));
        }
        Ok(Outcome::Committed(inner.apply(batch)))
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        Ok(self.lock()?.row(table, &key).cloned())
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        let inner = self.lock()?;
        Ok(keys
            .iter()
            .map(|(table, key)| inner.row(*table, key).cloned())
            .collect())
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        let inner = self.lock()?;
        let rows = |table| {
            inner
                .tables
                .get(&table)
                .into_iter()
                .flat_map(BTreeMap::values)
        };
        Ok(match scan {
            Scan::Prefix {
                table,
                prefix,
                after,
                limit,
            } => {
                let from = if !after.is_empty() && after >= prefix {
                    Bound::Excluded(after)
                } else {
                    Bound::Included(prefix.clone())
                };
                let all = inner.tables.get(&table).into_iter();
                all.flat_map(|rows| rows.range((from.clone(), Bound::Unbounded)))
                    .take_while(|(key, _)| key.starts_with(&prefix))
                    .take(limit)
                    .map(|(_, row)| row.clone())
                    .collect()
            }
            Scan::Ref {
                table,
                which,
                value,
                after,
                limit,
            } => {
                let mut found: Vec<&Row> = rows(table)
                    .filter(|r| {
                        r.seq > after
                            && r.refs
                                .get(which)
                                .is_some_and(|v| v.as_ref() == Some(&value))
                    })
                    .collect();
                found.sort_unstable_by_key(|r| r.seq);
                found.into_iter().take(limit).cloned().collect()
            }
            Scan::Due {
                table,
                after,
                until,
                limit,
            } => {
                let due = |r: &&Row| r.at.is_some_and(|at| at <= until && (at, r.seq) > after);
                let mut found: Vec<&Row> = rows(table).filter(due).collect();
                found.sort_unstable_by_key(|r| (r.at, r.seq));
                found.into_iter().take(limit).cloned().collect()
            }
        })
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        let inner = self.lock()?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        Ok(inner
            .logs
            .get(&log)
            .into_iter()
            .flatten()
            .skip(from)
            .take(limit)
            .cloned()
            .collect())
    }

    async fn scrub(&self, _: Side) -> Result<bool, Error> {
        self.lock().map(|_| true)
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        let inner = self.lock()?;
        let mut items = Vec::new();
        for table in Table::ALL {
            let mut rows: Vec<Row> = inner
                .tables
                .get(&table)
                .into_iter()
                .flat_map(BTreeMap::values)
                .cloned()
                .collect();
            rows.sort_unstable_by_key(|row| row.seq);
            items.extend(rows.into_iter().map(|row| Item::Row(table, row)));
        }
        for log in Log::ALL {
            let rows = inner.logs.get(&log).into_iter().flatten().cloned();
            items.extend(rows.map(|row| Item::Log(log, row)));
        }
        Ok(Box::new(Frozen(items)))
    }

    async fn check(&self, _: Side) -> Result<bool, Error> {
        self.lock().map(|_| true)
    }

    async fn close(&self) -> Result<(), Error> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.closed = true;
        Ok(())
    }
}

impl fmt::Debug for MemoryBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryBackend")
    }
}
