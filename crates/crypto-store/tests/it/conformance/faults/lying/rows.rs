//! Operations on rows and logs, with one fault.

use crypto_store::Error;
use crypto_store::backend::{Backend, Log, Op, Row, Scan, Table};

use super::Lying;
use crate::conformance::faults::Fault;

impl Lying {
    pub(super) fn row_key(&self, mut key: Vec<u8>) -> Vec<u8> {
        match self.fault {
            Fault::KeysLoseZeros => {
                while key.last() == Some(&0) {
                    key.pop();
                }
            }
            Fault::KeysAreLatin => key.retain(|b| *b != 0xff),
            Fault::KeysAreShort => key.truncate(255),
            _ => {}
        }
        key
    }

    pub(super) fn table(&self, table: Table) -> Table {
        match table {
            Table::Links if self.is(Fault::TablesMix) => Table::Holds,
            other => other,
        }
    }

    /// A row as it is kept.
    async fn kept(&self, table: Table, mut row: Row) -> Result<Row, Error> {
        row.key = self.row_key(row.key);
        match self.fault {
            Fault::ValuesAreShort => row.value.truncate(0xffff),
            Fault::ValuesAreText => {
                let end = row.value.iter().position(|b| *b == 0);
                row.value.truncate(end.unwrap_or(row.value.len()));
            }
            Fault::EmptyReferencesAreNone => {
                for reference in &mut row.refs {
                    reference.take_if(|bytes| bytes.is_empty());
                }
            }
            Fault::ReferencesAreShort => {
                for reference in row.refs.iter_mut().flatten() {
                    reference.truncate(32);
                }
            }
            Fault::TimesAreSmall => {
                row.at = row
                    .at
                    .map(|at| at.clamp(i64::from(i32::MIN), i64::from(i32::MAX)));
            }
            Fault::PutKeepsReferences => {
                if let Some(old) = self.inner.get(table, row.key.clone()).await? {
                    for (new, old) in row.refs.iter_mut().zip(old.refs) {
                        *new = new.take().or(old);
                    }
                }
            }
            Fault::OrderIsTheGivenOne if row.seq > 0 => {
                let mut orders = self.orders.lock().unwrap();
                orders.insert((table, row.key.clone()), row.seq);
            }
            _ => {}
        }
        Ok(row)
    }

    /// A row as it is shown.
    pub(super) fn shown(&self, table: Table, mut row: Row) -> Row {
        if let Some(seq) = self.orders.lock().unwrap().get(&(table, row.key.clone())) {
            row.seq = *seq;
        }
        if self.is(Fault::OrderBeginsAtZero) {
            row.seq -= 1;
        }
        row
    }

    /// What really is done for an operation.
    pub(super) async fn ops(&self, op: Op, done: &mut Vec<Op>) -> Result<(), Error> {
        match op {
            Op::Put(table, row) => {
                let table = self.table(table);
                let row = self.kept(table, row).await?;
                let there = self.inner.get(table, row.key.clone()).await?.is_some();
                let twin = |op: &Op| matches!(op, Op::Put(t, r) if *t == table && r.key == row.key);
                match self.fault {
                    Fault::EmptyRowKeyIsNone if row.key.is_empty() => return Ok(()),
                    Fault::PutKeepsTheOld if there => return Ok(()),
                    Fault::FirstPutWins if done.iter().any(twin) => return Ok(()),
                    Fault::PutMoves => done.push(Op::Delete(table, row.key.clone())),
                    Fault::LogsAreTables => done.push(Op::Append(Log::Audit, row.key.clone())),
                    _ => {}
                }
                done.push(Op::Put(table, row));
            }
            Op::Delete(table, key) => {
                let (table, key) = (self.table(table), self.row_key(key));
                let found = self.inner.get(table, key.clone()).await?;
                match self.fault {
                    Fault::DeleteKeeps => return Ok(()),
                    Fault::DeleteOfNothingFails if found.is_none() => return Err(Error::NotFound),
                    Fault::DeleteTakesWhatBeginsAlike => {
                        let scan = Scan::Prefix {
                            table,
                            prefix: key.clone(),
                            after: Vec::new(),
                            limit: usize::MAX,
                        };
                        let rows = self.inner.scan(scan).await?;
                        done.extend(rows.into_iter().map(|row| Op::Delete(table, row.key)));
                    }
                    Fault::DeletedRowsComeBackInPlace => {
                        if let Some(row) = found {
                            let mut orders = self.orders.lock().unwrap();
                            orders.insert((table, key.clone()), row.seq);
                        }
                    }
                    _ => {}
                }
                done.push(Op::Delete(table, key));
            }
            Op::Append(log, mut value) => {
                match self.fault {
                    Fault::LogsForget => return Ok(()),
                    Fault::EmptyEntriesAreDropped if value.is_empty() => return Ok(()),
                    Fault::EntriesAreCut => value.truncate(0x10000),
                    Fault::TwinsAreDropped => {
                        let entries = self.inner.log(log, 0, usize::MAX).await?;
                        if entries.last().is_some_and(|entry| entry.value == value) {
                            return Ok(());
                        }
                    }
                    _ => {}
                }
                done.push(Op::Append(log, value));
            }
            Op::Require(table, key, expect) => {
                let table = match self.fault {
                    Fault::RequireLooksIntoMeta => Table::Meta,
                    _ => self.table(table),
                };
                done.push(Op::Require(table, self.row_key(key), expect));
            }
        }
        Ok(())
    }
}
