//! The same work in plain SQLite, nothing sealed, nothing audited: what the store's rates are measured against.
//!
//! Callers, channel, group commit, threads and settings are those of the store's back end; a row holds an id, an owner, an
//! end and the body in clear.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};
use tokio::sync::oneshot;

use super::super::{Stop, shop};
use super::plan::Plan;

/// Most rows in one transaction, as in the store.
const GROUP: usize = 512;

const SCHEMA: &str = "
CREATE TABLE rows (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, owner BLOB NOT NULL, expiry INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX rows_owner ON rows (owner);
CREATE INDEX rows_expiry ON rows (expiry);
";

struct Insert {
    id: [u8; 16],
    owner: [u8; 16],
    expiry: i64,
    body: Vec<u8>,
    reply: oneshot::Sender<bool>,
}

struct Get {
    id: [u8; 16],
    reply: oneshot::Sender<Option<Vec<u8>>>,
}

/// A file with one thread that writes and one that reads.
pub(super) struct Bare {
    writer: Sender<Insert>,
    reader: Sender<Get>,
}

/// The threads; they end when the handles are gone.
pub(super) struct Threads(Vec<JoinHandle<()>>);

impl Threads {
    pub(super) fn join(self) {
        for thread in self.0 {
            // A thread that panicked has failed its callers already.
            let _ = thread.join();
        }
    }
}

impl Bare {
    pub(super) fn create(dir: &Path) -> Result<(Self, Threads), Stop> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join("bare.db");
        let write = Connection::open(&path)?;
        write.execute_batch("PRAGMA page_size = 8192; PRAGMA secure_delete = ON;")?;
        write.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        write.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000;")?;
        write.execute_batch(SCHEMA)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let read = Connection::open_with_flags(&path, flags)?;
        let (writer, inserts) = channel();
        let (reader, gets) = channel();
        let threads = vec![
            std::thread::spawn(move || write_all(write, &inserts)),
            std::thread::spawn(move || read_all(&read, &gets)),
        ];
        Ok((Bare { writer, reader }, Threads(threads)))
    }

    pub(super) async fn put(&self, plan: &Plan, n: u64) -> Result<(), Stop> {
        let (reply, answer) = oneshot::channel();
        let meta = plan.meta(n)?;
        let row = Insert {
            id: row_id(n),
            owner: meta.subject().to_bytes(),
            expiry: meta.expires_at().timestamp(),
            body: plan.body(n),
            reply,
        };
        self.writer.send(row).map_err(|_| gone())?;
        match answer.await {
            Ok(true) => Ok(()),
            _ => Err(gone()),
        }
    }

    pub(super) async fn get(&self, plan: &Plan, n: u64) -> Result<(), Stop> {
        let (reply, answer) = oneshot::channel();
        let id = row_id(n);
        self.reader.send(Get { id, reply }).map_err(|_| gone())?;
        match answer.await {
            Ok(Some(body)) if body == plan.body(n) => Ok(()),
            _ => Err(gone()),
        }
    }
}

fn row_id(n: u64) -> [u8; 16] {
    shop::id(0xba, n)
}

fn gone() -> Stop {
    Stop::Failed("plain SQLite did not do what it was asked".to_owned())
}

fn write_all(mut connection: Connection, inserts: &Receiver<Insert>) {
    while let Ok(first) = inserts.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            match inserts.try_recv() {
                Ok(next) => group.push(next),
                Err(_) => break,
            }
        }
        let done = commit(&mut connection, &group).is_ok();
        for insert in group {
            let _ = insert.reply.send(done);
        }
    }
}

fn commit(connection: &mut Connection, group: &[Insert]) -> rusqlite::Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for row in group {
        tx.prepare_cached("INSERT INTO rows (id, owner, expiry, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row.id, row.owner, row.expiry, row.body])?;
    }
    tx.commit()
}

fn read_all(connection: &Connection, gets: &Receiver<Get>) {
    while let Ok(get) = gets.recv() {
        let _ = get.reply.send(read(connection, &get.id).unwrap_or(None));
    }
}

fn read(connection: &Connection, id: &[u8; 16]) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT body FROM rows WHERE id = ?1")?
        .query_row(params![id], |row| row.get(0))
        .optional()
}
