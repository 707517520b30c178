//! New rows of `terms`, before they are in their tree.
//!
//! An index term is a random key. In a tree each one changes a page of its own, and to log and write back a page costs more
//! than to seal a record. So new rows are written behind one another, one *run* for each commit, and every connection keeps
//! the rows of all runs in memory. When they have become many they go into the tree together, in the order of their keys: a
//! page takes many at once. (O'Neil, Cheng, Gawlick, O'Neil 1996, "The log-structured merge-tree".)
//!
//! No key is in a run and in the tree, or in two runs. All runs end together, and numbers only grow: the first and the last
//! tell which there are.

use std::collections::BTreeMap;
use std::ops::Bound;

use rusqlite::params;

use super::db::Db;
use super::records::{number, signed};
use super::worker::corrupt;
use crate::backend::Row;

/// And what came with earlier ends, which are looked for by their time.
pub(super) const SCHEMA: &str =
    "CREATE TABLE IF NOT EXISTS fresh (seq INTEGER PRIMARY KEY, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS holds_at ON holds (at) WHERE at IS NOT NULL;";

/// So many rows go into the tree. In memory they take about 4 MB a connection; into a large tree they go in a tenth of a
/// second, as long as writing back a full log takes.
const MANY: usize = if cfg!(test) { 40 } else { 32_768 };

/// The fresh rows that a connection sees.
#[derive(Default)]
pub(super) struct Fresh {
    /// Position and value by key.
    rows: BTreeMap<Vec<u8>, (u64, Vec<u8>)>,
    /// Rows before this position have been read.
    to: u64,
}

impl Fresh {
    /// Learns what was added and what went into the tree. The caller's transaction makes one moment of it and of what is
    /// read next.
    pub(super) fn follow(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        let ends = "SELECT (SELECT min(seq) FROM fresh), (SELECT max(seq) FROM fresh)";
        let mut statement = c.prepare_cached(ends)?;
        let mut ends = statement.query([])?;
        let ends = ends.next()?.ok_or_else(corrupt)?;
        if ends.get::<_, Option<i64>>(0)?.is_none() {
            self.rows.clear();
            return Ok(());
        }
        let (first, last) = (number(ends, 0)?, number(ends, 1)?);
        if first >= self.to {
            self.rows.clear();
        }
        if last >= self.to {
            self.read_on(c)?;
        }
        Ok(())
    }

    fn read_on(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        let runs = "SELECT seq, value FROM fresh WHERE seq >= ?1 ORDER BY seq";
        let mut statement = c.prepare_cached(runs)?;
        let mut runs = statement.query(params![signed(self.to)])?;
        while let Some(run) = runs.next()? {
            let at = number(run, 0)?;
            let rows = run.get_ref(1)?.as_blob().map_err(|_| corrupt())?;
            if at < self.to {
                return Err(corrupt());
            }
            self.to = self.read_run(at, rows).ok_or_else(corrupt)?;
        }
        Ok(())
    }

    /// A run: `len u8 | key | len u8 | value` each. The position behind it.
    fn read_run(&mut self, mut at: u64, mut rows: &[u8]) -> Option<u64> {
        let mut part = || {
            let (len, rest) = rows.split_first()?;
            let (part, rest) = rest.split_at_checked(usize::from(*len))?;
            rows = rest;
            Some((part.to_vec(), rest.is_empty()))
        };
        loop {
            let (key, _) = part()?;
            let (value, end) = part()?;
            self.rows.insert(key, (at, value));
            at = at.checked_add(1)?;
            if end {
                return Some(at);
            }
        }
    }

    pub(super) fn has(&self, key: &[u8]) -> bool {
        self.rows.contains_key(key)
    }

    pub(super) fn value(&self, key: &[u8]) -> Option<&[u8]> {
        self.rows.get(key).map(|(_, value)| value.as_slice())
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Row> {
        self.rows.get(key).map(|of| row(key, of))
    }

    /// Rows whose keys have the prefix and are greater than `after`, in order; an empty `after` is less than every key.
    pub(super) fn prefix(&self, prefix: &[u8], after: &[u8], limit: usize) -> Vec<Row> {
        let from = if after.is_empty() || after < prefix {
            Bound::Included(prefix)
        } else {
            Bound::Excluded(after)
        };
        self.rows
            .range::<[u8], _>((from, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(limit)
            .map(|(key, of)| row(key, of))
            .collect()
    }

    /// Rows behind a position, in order.
    pub(super) fn all(&self, after: u64, limit: usize) -> Vec<Row> {
        let behind = self.rows.iter().filter(|(_, (at, _))| *at > after);
        let mut rows: Vec<Row> = behind.map(|(key, of)| row(key, of)).collect();
        rows.sort_unstable_by_key(|row| row.seq);
        rows.truncate(limit);
        rows
    }
}

fn row(key: &[u8], (seq, value): &(u64, Vec<u8>)) -> Row {
    Row {
        key: key.to_vec(),
        value: value.clone(),
        seq: *seq,
        ..Row::default()
    }
}

/// What the writer knows beside: the run of the commit that it is at.
#[derive(Default)]
pub(super) struct Adding {
    /// What the file holds has been read: from then on nobody else changes it.
    known: bool,
    /// The position of the next row. It never goes back while the file is open, because others tell by positions what they
    /// have read.
    next: u64,
    run: Vec<u8>,
    rows: u64,
}

impl Adding {
    pub(super) fn know(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        if !self.known {
            let mut fresh = c.fresh().borrow_mut();
            fresh.follow(c)?;
            let last = "SELECT ifnull(max(seq), 0) FROM terms";
            let last = c.prepare_cached(last)?.query_row([], |r| number(r, 0))?;
            self.next = self.next.max(fresh.to).max(last + 1);
            self.known = true;
        }
        Ok(())
    }

    /// Takes a row into the run of this commit; false if it has to go into the tree, which is ready for it then.
    pub(super) fn takes(&mut self, c: &Db<'_>, row: &Row) -> rusqlite::Result<bool> {
        self.settle_for(c, &row.key)?;
        let there = "SELECT 1 FROM terms WHERE key = ?1";
        if c.prepare_cached(there)?.exists(params![row.key])? {
            return Ok(false);
        }
        let short = |part: &[u8]| u8::try_from(part.len()).ok();
        let (Some(key), Some(value), [None, None], None) =
            (short(&row.key), short(&row.value), &row.refs, row.at)
        else {
            // Its position will be behind those of the tree alone.
            self.settle(c)?;
            self.known = false;
            return Ok(false);
        };
        for (len, part) in [(key, &row.key), (value, &row.value)] {
            self.run.push(len);
            self.run.extend(part);
        }
        let at = self.next + self.rows;
        let mut fresh = c.fresh().borrow_mut();
        fresh.rows.insert(row.key.clone(), (at, row.value.clone()));
        self.rows += 1;
        Ok(true)
    }

    /// Before the row of a key changes in the tree: if it is a fresh one, it has to go there.
    pub(super) fn settle_for(&mut self, c: &Db<'_>, key: &[u8]) -> rusqlite::Result<()> {
        self.know(c)?;
        let fresh = c.fresh().borrow().has(key);
        if fresh { self.settle(c) } else { Ok(()) }
    }

    /// Before the commit.
    pub(super) fn finish(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        if self.rows > 0 && c.fresh().borrow().rows.len() >= MANY {
            return self.settle(c);
        }
        if self.rows > 0 {
            c.prepare_cached("INSERT INTO fresh (seq, value) VALUES (?1, ?2)")?
                .execute(params![signed(self.next), self.run])?;
            self.begin_run(c);
        }
        Ok(())
    }

    /// Puts all fresh rows into the tree.
    pub(super) fn settle(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        self.know(c)?;
        let rows = std::mem::take(&mut c.fresh().borrow_mut().rows);
        if rows.is_empty() {
            return Ok(());
        }
        // In the way can only be what somebody else put there: a check tells what is missing or too much.
        let put = "INSERT OR IGNORE INTO terms (seq, key, value) VALUES (?1, ?2, ?3)";
        let mut put = c.prepare_cached(put)?;
        for (key, (at, value)) in &rows {
            put.execute(params![signed(*at), key, value])?;
        }
        c.prepare_cached("DELETE FROM fresh")?.execute([])?;
        self.begin_run(c);
        Ok(())
    }

    fn begin_run(&mut self, c: &Db<'_>) {
        self.next += self.rows;
        self.rows = 0;
        self.run.clear();
        c.fresh().borrow_mut().to = self.next;
    }

    /// Forgets what is not so: the transaction did not happen.
    pub(super) fn rolled_back(&mut self, c: &Db<'_>) {
        *self = Adding {
            next: self.next,
            ..Adding::default()
        };
        *c.fresh().borrow_mut() = Fresh::default();
    }
}

#[cfg(test)]
mod tests;
