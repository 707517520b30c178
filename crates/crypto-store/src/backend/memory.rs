//! A store without files, for tests and for sessions that must not outlive the process.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use zeroize::Zeroize;

use super::{
    Backend, Batch, Expect, Head, KeyId, KeyOp, Log, LogRow, Op, Outcome, Row, Scan, Side, Table,
};
use crate::Error;

/// Everything in memory. Destroyed keys are zeroed; nothing survives the value.
#[derive(Default)]
pub struct MemoryBackend(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    keys: BTreeMap<KeyId, Vec<u8>>,
    tables: BTreeMap<Table, BTreeMap<Vec<u8>, Row>>,
    logs: BTreeMap<Log, Vec<LogRow>>,
    seq: u64,
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

impl Drop for Inner {
    fn drop(&mut self) {
        for wrapped in self.keys.values_mut() {
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
            answers.push(match op {
                KeyOp::Add(id, wrapped) => {
                    let new = !inner.keys.contains_key(&id);
                    inner.keys.entry(id).or_insert(wrapped);
                    new
                }
                KeyOp::Set(id, wrapped) => inner.keys.insert(id, wrapped).is_none(),
                KeyOp::Destroy(id) => inner.keys.remove(&id).map(|mut w| w.zeroize()).is_some(),
            });
        }
        Ok(answers)
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.lock()?.keys.get(&id).cloned())
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

    async fn close(&self) -> Result<(), Error> {
        self.lock()?.closed = true;
        Ok(())
    }
}

impl fmt::Debug for MemoryBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryBackend")
    }
}
