//! The same rows in plain SQLite, deleted by their end: what deleting costs without keys, terms and an audit.

use std::path::Path;
use std::time::Instant;

use rusqlite::{Connection, params};

use super::super::{Stop, shop};
use super::plan::Plan;

const SCHEMA: &str = "
CREATE TABLE rows (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, owner BLOB NOT NULL, expiry INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX rows_owner ON rows (owner);
CREATE INDEX rows_expiry ON rows (expiry);
";
/// Rows inserted at once.
const GROUP: u64 = 4096;

pub(super) struct Bare {
    connection: Connection,
    ends: Vec<i64>,
    rows: u64,
    seconds: f64,
}

impl Bare {
    pub(super) fn create(dir: &Path, plan: Plan) -> Result<Self, Stop> {
        let connection = Connection::open(dir.join("bare.db"))?;
        connection.execute_batch("PRAGMA page_size = 8192; PRAGMA secure_delete = ON;")?;
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        connection.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = -16384;")?;
        connection.execute_batch(SCHEMA)?;
        let mut ends = Vec::new();
        let mut n = 0;
        while n < plan.records {
            let tx = connection.unchecked_transaction()?;
            for n in n..plan.records.min(n + GROUP) {
                let meta = Plan::meta(n)?;
                let insert = "INSERT INTO rows (id, owner, expiry, body) VALUES (?1, ?2, ?3, ?4)";
                tx.prepare_cached(insert)?.execute(params![
                    shop::id(0xba, n),
                    meta.subject().to_bytes(),
                    meta.expires_at().timestamp(),
                    Plan::body(n)
                ])?;
                ends.push(meta.bucket().end().timestamp());
            }
            tx.commit()?;
            n += GROUP;
        }
        ends.sort_unstable();
        ends.dedup();
        Ok(Bare {
            connection,
            ends,
            rows: 0,
            seconds: 0.0,
        })
    }

    /// Deletes the first or the second half of the buckets.
    pub(super) fn delete(&mut self, half: usize) -> Result<(), Stop> {
        let (first, second) = self.ends.split_at(self.ends.len() / 2);
        let started = Instant::now();
        for end in if half == 0 { first } else { second } {
            let tx = self.connection.unchecked_transaction()?;
            let deleted = tx.execute("DELETE FROM rows WHERE expiry <= ?1", params![end])?;
            tx.commit()?;
            self.rows += deleted as u64;
        }
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.seconds += started.elapsed().as_secs_f64();
        Ok(())
    }

    pub(super) fn per_s(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.rows as f64 / self.seconds)
    }
}
