//! The file of records: tables of opaque rows and two linked logs.

use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Transaction, params};

use super::db::Db;
use super::fresh::Adding;
use super::worker::{Group, in_order};
use crate::backend::{Batch, Expect, Head, Log, LogRow, Op, Outcome, Row, Scan, Table};

/// Record rows carry both references and an instant; other tables only what they are searched by. Rowid tables with a
/// unique key keep large values out of the index.
pub(super) const SCHEMA: &str = "
CREATE TABLE records (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE INDEX records_r0 ON records (r0) WHERE r0 IS NOT NULL;
CREATE INDEX records_r1 ON records (r1) WHERE r1 IS NOT NULL;
CREATE INDEX records_at ON records (at) WHERE at IS NOT NULL;
CREATE TABLE terms (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE TABLE once (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE INDEX once_at ON once (at) WHERE at IS NOT NULL;
CREATE TABLE gone (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE INDEX gone_at ON gone (at) WHERE at IS NOT NULL;
CREATE TABLE holds (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE INDEX holds_r0 ON holds (r0) WHERE r0 IS NOT NULL;
CREATE TABLE links (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE INDEX links_r0 ON links (r0) WHERE r0 IS NOT NULL;
CREATE TABLE intents (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE TABLE meta (seq INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, r0 BLOB, r1 BLOB, at INTEGER, value BLOB NOT NULL);
CREATE TABLE audit (seq INTEGER PRIMARY KEY, value BLOB NOT NULL, link BLOB NOT NULL);
CREATE TABLE ledger (seq INTEGER PRIMARY KEY, value BLOB NOT NULL, link BLOB NOT NULL);
";

/// The statements of one table. Written out by a macro because a table's name cannot be a parameter.
struct Sql {
    value: &'static str,
    /// Answered by the index of the keys alone.
    there: &'static str,
    get: &'static str,
    put: &'static str,
    delete: &'static str,
    /// Between two keys, and from a key on.
    prefix: [&'static str; 2],
    all: &'static str,
    refs: [&'static str; 2],
    due: &'static str,
}

macro_rules! sql {
    ($table:literal) => {
        Sql {
            value: concat!("SELECT value FROM ", $table, " WHERE key = ?1"),
            there: concat!("SELECT 1 FROM ", $table, " WHERE key = ?1"),
            get: concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE key = ?1"),
            put: concat!(
                "INSERT INTO ", $table, " (key, r0, r1, at, value) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (key) DO UPDATE SET ",
                "r0 = excluded.r0, r1 = excluded.r1, at = excluded.at, value = excluded.value"
            ),
            delete: concat!("DELETE FROM ", $table, " WHERE key = ?1"),
            prefix: [
                concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE key >= ?1 AND key < ?3 ORDER BY key LIMIT ?2"),
                concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE key >= ?1 ORDER BY key LIMIT ?2"),
            ],
            all: concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE seq > ?1 ORDER BY seq LIMIT ?2"),
            refs: [
                concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE r0 = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"),
                concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE r1 = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"),
            ],
            due: concat!("SELECT key, r0, r1, at, value, seq FROM ", $table, " WHERE at <= ?1 AND (at, seq) > (?2, ?3) ORDER BY at, seq LIMIT ?4"),
        }
    };
}

const fn sql(table: Table) -> &'static Sql {
    match table {
        Table::Records => &sql!("records"),
        Table::Terms => &sql!("terms"),
        Table::Once => &sql!("once"),
        Table::Gone => &sql!("gone"),
        Table::Holds => &sql!("holds"),
        Table::Links => &sql!("links"),
        Table::Intents => &sql!("intents"),
        Table::Meta => &sql!("meta"),
    }
}

/// What is known from one change to the next.
#[derive(Default)]
pub(super) struct Changes {
    heads: Heads,
    terms: Adding,
}

/// Last position and link of each log, as far as they are known.
#[derive(Default)]
struct Heads([Option<(u64, [u8; 32])>; 2]);

impl Group<Batch, Outcome> for Changes {
    fn apply(&mut self, c: &Db<'_>, batch: &Batch) -> rusqlite::Result<Outcome> {
        for (position, op) in batch.ops.iter().enumerate() {
            if !self.holds(c, op)? {
                return Ok(Outcome::Refused(position));
            }
        }
        let mut appended = Vec::new();
        for op in &batch.ops {
            match op {
                Op::Require(..) => {}
                Op::Put(table, row) => {
                    if *table != Table::Terms || !self.terms.takes(c, row)? {
                        let [r0, r1] = &row.refs;
                        c.prepare_cached(sql(*table).put)?
                            .execute(params![row.key, r0, r1, row.at, row.value])?;
                    }
                }
                Op::Delete(table, key) => {
                    if *table == Table::Terms {
                        self.terms.settle_for(c, key)?;
                    }
                    c.prepare_cached(sql(*table).delete)?
                        .execute(params![key])?;
                }
                Op::Append(log, value) => {
                    appended.push(append(c, &mut self.heads, batch, *log, value)?);
                }
            }
        }
        Ok(Outcome::Committed(appended))
    }

    fn finish(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        self.terms.finish(c)
    }

    fn tidy(&mut self, c: &Db<'_>) -> rusqlite::Result<()> {
        self.terms.settle(c)
    }

    fn rolled_back(&mut self, c: &Db<'_>) {
        self.heads = Heads::default();
        self.terms.rolled_back(c);
    }
}

impl Changes {
    fn holds(&mut self, c: &Db<'_>, op: &Op) -> rusqlite::Result<bool> {
        let Op::Require(table, key, expect) = op else {
            return Ok(true);
        };
        if *table == Table::Terms {
            self.terms.know(c)?;
            if let Some(value) = c.fresh().borrow().value(key) {
                return Ok(match expect {
                    Expect::Absent => false,
                    Expect::Present => true,
                    Expect::Value(expected) => value == expected,
                });
            }
        }
        holds(c, *table, key, expect)
    }
}

fn holds(c: &Db<'_>, table: Table, key: &[u8], expect: &Expect) -> rusqlite::Result<bool> {
    let text = match expect {
        Expect::Absent | Expect::Present => sql(table).there,
        Expect::Value(_) => sql(table).value,
    };
    let mut statement = c.prepare_cached(text)?;
    let mut rows = statement.query(params![key])?;
    let row = rows.next()?;
    Ok(match (expect, row) {
        (Expect::Absent, row) => row.is_none(),
        (Expect::Present, row) => row.is_some(),
        (Expect::Value(value), None) => value.is_empty(),
        (Expect::Value(value), Some(row)) => row.get_ref(0)?.as_blob()? == value,
    })
}

fn append(
    c: &Db<'_>,
    heads: &mut Heads,
    batch: &Batch,
    log: Log,
    value: &[u8],
) -> rusqlite::Result<Head> {
    let (insert, last, [audit, ledger]) = match log {
        Log::Audit => (
            "INSERT INTO audit (seq, value, link) VALUES (?1, ?2, ?3)",
            "SELECT seq, link FROM audit ORDER BY seq DESC LIMIT 1",
            &mut heads.0,
        ),
        Log::Ledger => (
            "INSERT INTO ledger (seq, value, link) VALUES (?1, ?2, ?3)",
            "SELECT seq, link FROM ledger ORDER BY seq DESC LIMIT 1",
            &mut heads.0,
        ),
    };
    let head = if log == Log::Audit { audit } else { ledger };
    if head.is_none() {
        *head = c
            .prepare_cached(last)?
            .query_row([], |r| Ok((number(r, 0)?, r.get(1)?)))
            .optional()?;
    }
    let (seq, previous) = match head {
        Some((seq, link)) => (*seq + 1, *link),
        None => (0, [0; 32]),
    };
    let link = batch.link.link(log, &previous, seq, value);
    c.prepare_cached(insert)?
        .execute(params![signed(seq), value, link])?;
    *head = Some((seq, link));
    Ok(Head { log, seq, link })
}

/// What is read after one another is of one moment, as inside a transaction it is anyway.
fn moment<'c>(c: &Db<'c>) -> rusqlite::Result<Option<Transaction<'c>>> {
    let begun = c
        .is_autocommit()
        .then(|| c.connection().unchecked_transaction());
    begun.transpose()
}

pub(super) fn get(c: &Db<'_>, table: Table, key: &[u8]) -> rusqlite::Result<Option<Row>> {
    let terms = table == Table::Terms;
    let _moment = if terms { moment(c)? } else { None };
    if terms {
        let mut fresh = c.fresh().borrow_mut();
        fresh.follow(c)?;
        if let Some(row) = fresh.get(key) {
            return Ok(Some(row));
        }
    }
    c.prepare_cached(sql(table).get)?
        .query_row(params![key], row)
        .optional()
}

pub(super) fn get_many(
    c: &Db<'_>,
    keys: &[(Table, Vec<u8>)],
) -> rusqlite::Result<Vec<Option<Row>>> {
    let _moment = if keys.len() > 1 { moment(c)? } else { None };
    let rows = keys.iter().map(|(table, key)| get(c, *table, key));
    rows.collect()
}

pub(super) fn scan(c: &Db<'_>, scan: &Scan) -> rusqlite::Result<Vec<Row>> {
    // Fresh rows have nothing by which other scans could find them.
    let Scan::Prefix {
        table: Table::Terms,
        prefix,
        after,
        limit,
    } = scan
    else {
        return trees(c, scan);
    };
    let _moment = moment(c)?;
    let mut fresh = c.fresh().borrow_mut();
    fresh.follow(c)?;
    let fresh = fresh.prefix(prefix, after, *limit);
    let mut rows = trees(c, scan)?;
    if !fresh.is_empty() {
        rows.extend(fresh);
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        rows.truncate(*limit);
    }
    Ok(rows)
}

fn trees(c: &Db<'_>, scan: &Scan) -> rusqlite::Result<Vec<Row>> {
    match scan {
        Scan::Prefix {
            table,
            prefix,
            after,
            limit,
        } => {
            // One bound on each side: SQLite seeks by no more than one, and walks the index from there.
            let mut from = after.clone();
            if after.is_empty() || after < prefix {
                from.clone_from(prefix);
            } else {
                from.push(0);
            }
            let [between, from_on] = sql(*table).prefix;
            let rows = match successor(prefix) {
                Some(end) => c
                    .prepare_cached(between)?
                    .query_map(params![from, bound(*limit), end], row)?
                    .collect::<rusqlite::Result<Vec<Row>>>()?,
                None => c
                    .prepare_cached(from_on)?
                    .query_map(params![from, bound(*limit)], row)?
                    .collect::<rusqlite::Result<Vec<Row>>>()?,
            };
            // Only the first key of all can be empty.
            let first = |row: &Row| after.is_empty() || row.key > *after;
            in_order(rows, first, |a, b| a.key < b.key)
        }
        Scan::Ref {
            table,
            which,
            value,
            after,
            limit,
        } => {
            let [r0, r1] = sql(*table).refs;
            let text = if *which == 0 { r0 } else { r1 };
            let rows = c
                .prepare_cached(text)?
                .query_map(params![value, signed(*after), bound(*limit)], row)?
                .collect::<rusqlite::Result<Vec<Row>>>()?;
            in_order(rows, |row| row.seq > *after, |a, b| a.seq < b.seq)
        }
        Scan::Due {
            table,
            after: (at, seq),
            until,
            limit,
        } => {
            let rows = c
                .prepare_cached(sql(*table).due)?
                .query_map(params![until, at, signed(*seq), bound(*limit)], row)?
                .collect::<rusqlite::Result<Vec<Row>>>()?;
            let place = |row: &Row| (row.at, row.seq);
            let first = (Some(*at), *seq);
            in_order(rows, |row| place(row) > first, |a, b| place(a) < place(b))
        }
    }
}

pub(super) fn log(c: &Db<'_>, log: Log, from: u64, limit: usize) -> rusqlite::Result<Vec<LogRow>> {
    let text = match log {
        Log::Audit => "SELECT seq, value, link FROM audit WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
        Log::Ledger => "SELECT seq, value, link FROM ledger WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
    };
    c.prepare_cached(text)?
        .query_map(params![signed(from), bound(limit)], |r| {
            Ok(LogRow {
                seq: number(r, 0)?,
                value: bytes(r, 1)?,
                link: bytes(r, 2)?.try_into().unwrap_or_default(),
            })
        })?
        .collect()
}

/// Rows of a table by order of insertion.
pub(super) fn all(
    c: &Db<'_>,
    table: Table,
    after: u64,
    limit: usize,
) -> rusqlite::Result<Vec<Row>> {
    let _moment = moment(c)?;
    let mut rows = c
        .prepare_cached(sql(table).all)?
        .query_map(params![signed(after), bound(limit)], row)?
        .collect::<rusqlite::Result<Vec<Row>>>()?;
    if table == Table::Terms {
        let mut fresh = c.fresh().borrow_mut();
        fresh.follow(c)?;
        rows.extend(fresh.all(after, limit));
        rows.sort_unstable_by_key(|row| row.seq);
        rows.truncate(limit);
    }
    Ok(rows)
}

/// A column of a log, whatever type somebody gave it: an altered entry must be found by its link, not stop the search.
fn bytes(r: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Vec<u8>> {
    Ok(match r.get_ref(column)? {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    })
}

fn row(r: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        key: r.get(0)?,
        refs: [r.get(1)?, r.get(2)?],
        at: r.get(3)?,
        value: r.get(4)?,
        seq: number(r, 5)?,
    })
}

/// SQLite's numbers are signed; positions are far below the difference.
pub(super) fn signed(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

pub(super) fn number(r: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = r.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The smallest byte string greater than every string with this prefix.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scan_seeks_to_its_first_row_and_ends_behind_its_last() {
        let c = rusqlite::Connection::open_in_memory().unwrap();
        c.execute_batch(SCHEMA).unwrap();
        let plan = |text: &str| {
            let mut explain = c.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
            let many = explain.parameter_count();
            let nothing = vec![rusqlite::types::Null; many];
            let steps = explain.query_map(rusqlite::params_from_iter(nothing), |r| r.get(3));
            let steps: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
            steps.join("; ")
        };
        for table in [Table::Records, Table::Terms, Table::Meta] {
            let [between, from_on] = sql(table).prefix;
            let plan = [plan(between), plan(from_on)];
            assert!(plan[0].ends_with("(key>? AND key<?)"), "{plan:?}");
            assert!(plan[1].ends_with("(key>?)"), "{plan:?}");
        }
        for text in sql(Table::Records).refs {
            assert!(plan(text).contains("=? AND rowid>?)"), "{text}");
        }
        for table in [Table::Records, Table::Once, Table::Gone] {
            let plan = plan(sql(table).due);
            assert!(plan.ends_with("(at>? AND at<?)"), "{plan}");
        }
    }
}
