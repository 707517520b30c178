//! What others do with the same records: pgcrypto in PostgreSQL, and plain SQLite, in the same run as the store.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use tactful::crypto_store::{OsEntropy, Store};
use tactful::retention_policy::RecordId;

use super::super::{Stop, shop};
use super::bare::{Bare, Threads};
use super::load::{CALLERS, Rate, callers, rounds};
use super::plan::{LARGE, Plan};
use super::{copy, rates};
use crate::figures::Figures;

mod postgres;
mod sample;

use postgres::{Pgcrypto, Server};
use sample::Sample;

/// Options of the peers.
#[derive(Args, Debug)]
#[command(after_help = HELP)]
#[non_exhaustive]
pub struct Options {
    /// Records of 1,024 bytes; half of them, at most 10,000, are one person's.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1_000..=1_000_000))]
    records: u64,
}

const HELP: &str = "\
One line on stdout a peer. All commit durably (fsync on), 64 callers at a time, by turns:
  put_per_s get_per_s   one record a transaction; encrypted and audited (crypto-store), encrypted (pgcrypto), in clear
                        (rusqlite)
  batch_per_s           512 records a transaction
  delete_ms             the 10,000 records of one person, until the call returns
  sampled remnants      of so many of that person's records, how many can still be had with the key that stays: opened
                        by a fresh process from the files (crypto-store), ciphertexts in any file after DELETE, CHECKPOINT
                        and VACUUM (pgcrypto; heap_deleted heap_vacuumed wal_vacuumed), plaintexts in the files after a
                        truncating checkpoint (rusqlite, secure_delete on; remnants_default with it off)
PostgreSQL listens on a socket in a folder of its own, as the user postgres or nobody where this runs as root.";

/// Turns between the peers.
const TURNS: u64 = 4;
/// Records in one transaction of a batch.
const BATCH: u64 = 512;
/// Most records of the person who is deleted.
const PERSON: u64 = 10_000;
/// Records of that person that are searched for.
const SAMPLED: u64 = 1_000;

/// Which records there are: `k` counts from 0, the person's come first.
#[derive(Clone, Copy)]
struct Shape {
    records: u64,
    person: u64,
    plan: Plan,
}

impl Shape {
    fn new(asked: u64) -> Self {
        // As many for every caller in every turn.
        let records = asked.next_multiple_of(TURNS * CALLERS as u64);
        let plan = Plan {
            // More than there are, so that a person has as many as anywhere.
            records: 10 * PERSON + records,
            per_subject: 10,
            terms: 0,
            buckets: 5,
            seed: 0x9ee5,
        };
        let person = PERSON.min(records / 2);
        Shape {
            records,
            person,
            plan,
        }
    }

    /// The plan's number of a record.
    fn number(&self, k: u64) -> u64 {
        if k < self.person {
            LARGE * k
        } else {
            LARGE * self.plan.large() + k - self.person
        }
    }

    fn sampled(&self) -> impl Iterator<Item = u64> {
        let step = (self.person / SAMPLED).max(1);
        (0..self.person.min(SAMPLED)).map(move |k| k * step)
    }

    /// Plaintexts of the person's sampled records.
    fn planted(&self) -> Sample {
        Sample::new(self.sampled().map(|k| self.plan.planted(self.number(k))))
    }
}

/// Rates of one peer.
#[derive(Default)]
struct Rates {
    put: Rate,
    get: Rate,
}

/// Measures all peers and prints a line of each.
///
/// # Errors
/// Files that cannot be written, a server that does not start, a peer that fails.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    runtime.block_on(compare(Shape::new(options.records), out))
}

async fn compare(shape: Shape, out: &mut dyn Write) -> Result<(), Stop> {
    let dir = tempfile::tempdir()?;
    let before = load();
    let mut ours = Ours::create(shape, dir.path()).await?;
    let mut plain = Plain::create(shape, dir.path())?;
    let server = Server::start()?;
    let mut postgres = match &server {
        Some(server) => vec![
            Pgcrypto::create(shape, server, "pgcrypto", "cipher-algo=aes256")?,
            // A random key needs no stretching.
            Pgcrypto::create(
                shape,
                server,
                "pgcrypto, s2k-mode=1",
                "cipher-algo=aes256, s2k-mode=1",
            )?,
        ],
        None => Vec::new(),
    };
    for round in rounds(0..shape.records, TURNS) {
        ours.put(round.clone()).await?;
        plain.put(round.clone()).await?;
        for peer in &mut postgres {
            peer.put(round.end - round.start)?;
        }
    }
    for round in rounds(0..shape.records, TURNS) {
        ours.get(round.clone()).await?;
        plain.get(round.clone()).await?;
        for peer in &mut postgres {
            peer.get(round.end - round.start)?;
        }
    }
    let mut lines = vec![ours.end().await?, plain.end()?];
    for peer in postgres {
        lines.push(peer.end()?);
    }
    if server.is_none() {
        lines.push(json!({"peer": "pgcrypto", "skipped": "install postgresql-15"}));
    }
    let machine = json!({"load_before": before, "load_after": load()});
    for mut line in lines {
        if let (Some(line), Value::Object(machine)) = (line.as_object_mut(), machine.clone()) {
            line.extend(machine);
        }
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What every line has.
fn figures(shape: Shape, rates: &Rates) -> Figures {
    let mut figures = Figures::default();
    figures.set("records", shape.records);
    figures.set("callers", CALLERS);
    figures.measured("put_per_s", rates.put.per_s(), 1);
    figures.measured("get_per_s", rates.get.per_s(), 1);
    figures.set("deleted", shape.person);
    figures.set("sampled", shape.sampled().count());
    figures
}

fn line(peer: &str, figures: Figures) -> Value {
    let mut line = serde_json::Map::new();
    line.insert("peer".to_owned(), peer.into());
    line.extend(figures.extra);
    Value::Object(line)
}

/// Processes that wanted a processor in the last minute.
fn load() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

/// The store.
struct Ours {
    shape: Shape,
    work: std::path::PathBuf,
    store: Arc<Store>,
    /// By the plan's number.
    ids: Arc<Vec<RecordId>>,
    rates: Rates,
}

impl Ours {
    async fn create(shape: Shape, dir: &Path) -> Result<Self, Stop> {
        let place = dir.join("store");
        let store = shop::create(&place, Arc::new(OsEntropy::new())).await?;
        let none = RecordId::from_bytes([0; 16]);
        Ok(Ours {
            shape,
            work: dir.to_path_buf(),
            store: Arc::new(store),
            ids: Arc::new(vec![none; shape.plan.records as usize]),
            rates: Rates::default(),
        })
    }

    async fn put(&mut self, round: std::ops::Range<u64>) -> Result<(), Stop> {
        let (shape, store, done) = (self.shape, Arc::clone(&self.store), round.end - round.start);
        let worked = callers(round, move |k| {
            rates::put(Arc::clone(&store), shape.plan, shape.number(k))
        })
        .await?;
        self.rates.put.add(done, worked.seconds);
        let ids = Arc::make_mut(&mut self.ids);
        for (k, id) in worked.answers {
            if let Some(place) = ids.get_mut(shape.number(k) as usize) {
                *place = id;
            }
        }
        Ok(())
    }

    async fn get(&mut self, round: std::ops::Range<u64>) -> Result<(), Stop> {
        let (shape, done) = (self.shape, round.end - round.start);
        let (store, ids) = (Arc::clone(&self.store), Arc::clone(&self.ids));
        let worked = callers(round, move |k| {
            let n = shape.number(shop::mix(k) % shape.records);
            rates::get(Arc::clone(&store), Arc::clone(&ids), shape.plan, n)
        })
        .await?;
        self.rates.get.add(done, worked.seconds);
        Ok(())
    }

    async fn end(self) -> Result<Value, Stop> {
        let (shape, subject) = (self.shape, Plan::subject(0));
        let started = Instant::now();
        let erased = self
            .store
            .erase_subject(subject, &shop::officer(), &shop::REQUEST, shop::opening())
            .await?;
        let took = started.elapsed().as_secs_f64() * 1000.0;
        copy::copy(&self.work.join("store"), &self.work.join("copy"))?;
        if !erased.is_done() {
            return Err(Stop::Failed("an erasure is pending".to_owned()));
        }
        let id = |k| self.ids.get(shape.number(k) as usize).copied();
        let ended: Vec<RecordId> = shape.sampled().filter_map(id).collect();
        let alive: Vec<RecordId> = (shape.person..shape.records)
            .take(100)
            .filter_map(id)
            .collect();
        let looked = copy::look(&self.work, &ended, &alive, &copy::subject_key(subject))?;
        if looked.unreadable > 0 {
            return Err(Stop::Failed("a copy of the store does not open".to_owned()));
        }
        shop::purge(&self.store, shop::opening()).await?;
        if !self.store.verify_audit().await?.is_intact() {
            return Err(Stop::Failed("the audit is broken".to_owned()));
        }
        self.store.close().await?;
        let plaintexts = shape.planted().search(&self.work.join("store"), |_| true)?;
        let mut figures = figures(shape, &self.rates);
        figures.measured("delete_ms", Some(took), 3);
        figures.set("remnants", looked.readable + plaintexts);
        Ok(line("crypto-store", figures))
    }
}

/// Plain SQLite.
struct Plain {
    shape: Shape,
    dir: std::path::PathBuf,
    bare: Arc<Bare>,
    threads: Threads,
    rates: Rates,
}

impl Plain {
    fn create(shape: Shape, dir: &Path) -> Result<Self, Stop> {
        let dir = dir.join("plain");
        let (bare, threads) = Bare::create(&dir)?;
        Ok(Plain {
            shape,
            dir,
            bare: Arc::new(bare),
            threads,
            rates: Rates::default(),
        })
    }

    async fn put(&mut self, round: std::ops::Range<u64>) -> Result<(), Stop> {
        let (shape, bare, done) = (self.shape, Arc::clone(&self.bare), round.end - round.start);
        let worked = callers(round, move |k| {
            let bare = Arc::clone(&bare);
            async move { bare.put(&shape.plan, shape.number(k)).await }
        })
        .await?;
        self.rates.put.add(done, worked.seconds);
        Ok(())
    }

    async fn get(&mut self, round: std::ops::Range<u64>) -> Result<(), Stop> {
        let (shape, bare, done) = (self.shape, Arc::clone(&self.bare), round.end - round.start);
        let worked = callers(round, move |k| {
            let bare = Arc::clone(&bare);
            let n = shape.number(shop::mix(k) % shape.records);
            async move { bare.get(&shape.plan, n).await }
        })
        .await?;
        self.rates.get.add(done, worked.seconds);
        Ok(())
    }

    fn end(self) -> Result<Value, Stop> {
        let shape = self.shape;
        drop(self.bare);
        self.threads.join();
        let planted = shape.planted();
        let other = self.dir.join("default");
        copy::copy(&self.dir, &other)?;
        let (_, default) = delete(&other, "OFF", &planted)?;
        fs::remove_dir_all(&other)?;
        let (took, left) = delete(&self.dir, "ON", &planted)?;
        let mut figures = figures(shape, &self.rates);
        figures.measured("batch_per_s", Some(batch(&self.dir, shape)?), 1);
        figures.measured("delete_ms", Some(took), 3);
        figures.set("remnants", left);
        figures.set("remnants_default", default);
        Ok(line("rusqlite", figures))
    }
}

fn open(dir: &Path, secure_delete: &str) -> Result<Connection, Stop> {
    let db = Connection::open(dir.join("bare.db"))?;
    db.execute_batch("PRAGMA synchronous = FULL")?;
    db.pragma_update(None, "secure_delete", secure_delete)?;
    Ok(db)
}

/// Milliseconds, and how many of the sample are left.
fn delete(dir: &Path, secure_delete: &str, sample: &Sample) -> Result<(f64, u64), Stop> {
    let db = open(dir, secure_delete)?;
    let owner = Plan::subject(0).to_bytes();
    let started = Instant::now();
    db.execute("DELETE FROM rows WHERE owner = ?1", [owner])?;
    let took = started.elapsed().as_secs_f64() * 1000.0;
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok((took, sample.search(dir, |_| true)?))
}

/// The same records once more in large transactions.
fn batch(dir: &Path, shape: Shape) -> Result<f64, Stop> {
    let mut db = open(dir, "ON")?;
    let started = Instant::now();
    for start in (0..shape.records).step_by(BATCH as usize) {
        let tx = db.transaction()?;
        for k in start..(start + BATCH).min(shape.records) {
            let n = shape.number(k);
            let (id, meta) = (shop::id(0xbb, n), shape.plan.meta(n)?);
            tx.prepare_cached(
                "INSERT INTO rows (id, owner, expiry, body) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                id,
                meta.subject().to_bytes(),
                meta.expires_at().timestamp(),
                shape.plan.body(n)
            ])?;
        }
        tx.commit()?;
    }
    Ok(shape.records as f64 / started.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_records_are_one_persons() {
        for asked in [1_000, 20_000, 50_000] {
            let shape = Shape::new(asked);
            let numbers: std::collections::HashSet<u64> =
                (0..shape.records).map(|k| shape.number(k)).collect();
            assert_eq!(numbers.len() as u64, shape.records);
            let persons = |k| shape.plan.person(shape.number(k));
            let first = (0..shape.records).filter(|k| persons(*k) == 0).count() as u64;
            assert_eq!(first, shape.person);
            assert_eq!(first, 10_000.min(shape.records / 2));
            assert_eq!(shape.sampled().count() as u64, 1_000.min(first));
        }
    }
}
