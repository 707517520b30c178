//! A frozen view of the records: a read transaction of its own, on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::db::Db;
use super::records;
use super::worker::failed;
use crate::Error;
use crate::backend::{Item, Log, Snapshot, Table};

/// Rows told at a time.
const PAGE: usize = 512;

type Reply = oneshot::Sender<Result<Vec<Item>, Error>>;

/// The calling side; dropping it ends the thread and its transaction.
pub(super) struct Frozen {
    jobs: Sender<Reply>,
    _held: Held,
}

impl Frozen {
    /// The moment is fixed when this returns.
    pub(super) async fn begin(c: Connection, snapshots: Arc<Snapshots>) -> Result<Self, Error> {
        let (sender, receiver) = channel::<Reply>();
        let (ready, begun) = oneshot::channel();
        let held = Held::new(Arc::clone(&snapshots));
        std::thread::Builder::new()
            .name("records snapshot".to_owned())
            .spawn(move || {
                let open = Open::new(snapshots);
                let db = Db::new(&c);
                let told = freeze(&db);
                let frozen = told.is_ok();
                if ready.send(told).is_ok() && frozen {
                    Cursor::default().serve(&db, &receiver);
                }
                drop(db);
                // The transaction ends before anybody may count on an empty log again.
                drop(c);
                drop(open);
            })
            .map_err(Error::io("starting a thread"))?;
        begun.await.map_err(|_| Error::Closed)??;
        Ok(Frozen {
            jobs: sender,
            _held: held,
        })
    }
}

/// Counts the snapshots of a file.
#[derive(Default)]
pub(super) struct Snapshots {
    /// Those that somebody still asks.
    held: AtomicUsize,
    /// Those whose transaction lasts: the ones that are held, and for a moment the ones that were dropped.
    open: AtomicUsize,
}

impl Snapshots {
    /// Whether the log must not be disturbed. What was dropped and ends its transaction just now is waited for, about as
    /// many milliseconds as given.
    pub(super) fn any(&self, patience: u32) -> bool {
        for _ in 0..patience {
            if self.held.load(Ordering::Acquire) > 0 {
                return true;
            }
            if self.open.load(Ordering::Acquire) == 0 {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.open.load(Ordering::Acquire) > 0
    }
}

struct Held(Arc<Snapshots>);

impl Held {
    fn new(all: Arc<Snapshots>) -> Self {
        all.held.fetch_add(1, Ordering::AcqRel);
        Held(all)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.held.fetch_sub(1, Ordering::AcqRel);
    }
}

struct Open(Arc<Snapshots>);

impl Open {
    fn new(all: Arc<Snapshots>) -> Self {
        all.open.fetch_add(1, Ordering::AcqRel);
        Open(all)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::AcqRel);
    }
}

/// A read transaction begins with its first read.
fn freeze(c: &Db<'_>) -> Result<(), Error> {
    c.execute_batch("BEGIN; SELECT count(*) FROM meta;")
        .map_err(failed("a read"))
}

/// How far the telling is: first tables, then logs.
#[derive(Default)]
struct Cursor {
    tables: usize,
    logs: usize,
    after: u64,
}

impl Cursor {
    fn serve(&mut self, c: &Db<'_>, jobs: &Receiver<Reply>) {
        while let Ok(reply) = jobs.recv() {
            // Whoever asked and went away wants no more.
            if reply.send(self.next(c).map_err(failed("a read"))).is_err() {
                return;
            }
        }
    }

    fn next(&mut self, c: &Db<'_>) -> rusqlite::Result<Vec<Item>> {
        while let Some(table) = Table::ALL.get(self.tables) {
            let rows = records::all(c, *table, self.after, PAGE)?;
            if let Some(last) = rows.last() {
                self.after = last.seq;
                return Ok(rows.into_iter().map(|r| Item::Row(*table, r)).collect());
            }
            self.tables += 1;
            self.after = 0;
        }
        while let Some(log) = Log::ALL.get(self.logs) {
            let rows = records::log(c, *log, self.after, PAGE)?;
            if let Some(last) = rows.last() {
                self.after = last.seq + 1;
                return Ok(rows.into_iter().map(|r| Item::Log(*log, r)).collect());
            }
            self.logs += 1;
            self.after = 0;
        }
        Ok(Vec::new())
    }
}

#[async_trait]
impl Snapshot for Frozen {
    async fn next(&mut self) -> Result<Vec<Item>, Error> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(reply).map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }
}
