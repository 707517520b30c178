//! The shop's own database: customers and what they ordered.

use std::fs;
use std::io;
use std::path::Path;

use rusqlite::{Connection, params};
use tactful::Customer;

use super::super::Stop;
use super::people::Person;
use super::source::System;

pub(super) struct Orders {
    db: Connection,
    rows: usize,
}

const SCHEMA: &str = "
CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT, email TEXT, phone TEXT, note TEXT) WITHOUT ROWID;
CREATE TABLE orders (number TEXT PRIMARY KEY, customer TEXT, note TEXT) WITHOUT ROWID;
CREATE INDEX customers_by_email ON customers (email);
CREATE INDEX orders_by_customer ON orders (customer);";

impl Orders {
    pub(super) fn create<'p>(
        dir: &Path,
        persons: impl IntoIterator<Item = (&'p Person, String)>,
    ) -> Result<Self, Stop> {
        fs::create_dir_all(dir)?;
        let db = Connection::open(dir.join("orders.db"))?;
        db.execute_batch(
            "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        )?;
        db.execute_batch(SCHEMA)?;
        let mut rows = 0;
        db.execute_batch("BEGIN")?;
        for (who, note) in persons {
            let add = "INSERT INTO customers VALUES (?1, ?2, ?3, ?4, ?5)";
            db.prepare_cached(add)?.execute(params![
                who.customer_id,
                who.name,
                who.emails[0],
                who.phone,
                note
            ])?;
            for order in &who.orders {
                let add = "INSERT INTO orders VALUES (?1, ?2, ?3)";
                let note = format!("parcel to {}", who.name);
                db.prepare_cached(add)?
                    .execute(params![order, who.customer_id, note])?;
            }
            rows += 1 + who.orders.len();
        }
        db.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")?;
        Ok(Orders { db, rows })
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    fn try_erase(&mut self, who: &Customer) -> rusqlite::Result<()> {
        let change = self.db.transaction()?;
        for id in &who.customer_ids {
            change
                .prepare_cached("DELETE FROM orders WHERE customer = ?1")?
                .execute([id])?;
            change
                .prepare_cached("DELETE FROM customers WHERE id = ?1")?
                .execute([id])?;
        }
        change.commit()?;
        // The log holds pages as they were.
        self.db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
    }

    fn try_held(&self, who: &Customer) -> rusqlite::Result<i64> {
        let mut held = 0;
        for (sql, values) in [
            (
                "SELECT count(*) FROM customers WHERE id = ?1",
                &who.customer_ids,
            ),
            (
                "SELECT count(*) FROM orders WHERE customer = ?1",
                &who.customer_ids,
            ),
            (
                "SELECT count(*) FROM customers WHERE email = ?1",
                &who.emails,
            ),
            ("SELECT count(*) FROM orders WHERE number = ?1", &who.orders),
        ] {
            let mut count = self.db.prepare_cached(sql)?;
            for value in values {
                held += count.query_row([value], |row| row.get::<_, i64>(0))?;
            }
        }
        Ok(held)
    }
}

impl System for Orders {
    fn held(&self, who: &Customer) -> io::Result<u64> {
        let held = self.try_held(who).map_err(io::Error::other)?;
        u64::try_from(held).map_err(io::Error::other)
    }

    fn erase(&mut self, who: &Customer) -> io::Result<()> {
        self.try_erase(who).map_err(io::Error::other)
    }
}
