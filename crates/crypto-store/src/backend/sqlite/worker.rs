//! Threads that own connections.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, InterruptHandle, TransactionBehavior};
use tokio::sync::oneshot;

use crate::Error;

/// Most changes in one transaction: bounds how long the first caller of a group waits for the last.
const GROUP: usize = 512;

/// What a database says, shared by all callers of a group.
#[derive(Clone)]
struct Failure(Arc<rusqlite::Error>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Codes only: a message of the database could quote a value.
        match &*self.0 {
            rusqlite::Error::SqliteFailure(e, _) => write!(f, "SQLite code {}", e.extended_code),
            _ => f.write_str("SQLite refused a statement"),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Failure {}

/// Translates what the database says.
pub(super) fn failed(what: &'static str) -> impl Fn(rusqlite::Error) -> Error {
    move |e| translate(what, &Arc::new(e))
}

fn translate(what: &'static str, e: &Arc<rusqlite::Error>) -> Error {
    match e.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Corrupt {
            what: "a database file",
        },
        Some(ErrorCode::ReadOnly) => Error::ReadOnly,
        _ => Error::Database {
            what,
            source: Box::new(Failure(Arc::clone(e))),
        },
    }
}

/// How one file applies changes.
pub(super) trait Group<T, R>: Send {
    fn apply(&mut self, connection: &Connection, change: &T) -> rusqlite::Result<R>;

    /// Forgets what was learnt in a transaction that did not happen.
    fn rolled_back(&mut self);
}

type Reply<R> = oneshot::Sender<Result<R, Error>>;

enum Job<T, R> {
    Change(T, Reply<R>),
    Scrub(Reply<bool>),
    Stop,
}

/// The thread that writes a file.
pub(super) struct Writer<T, R>(Sender<Job<T, R>>);

impl<T: Send + 'static, R: Send + 'static> Writer<T, R> {
    pub(super) fn spawn(
        name: &'static str,
        connection: Connection,
        group: impl Group<T, R> + 'static,
        readers: Readers,
        threads: &mut Vec<JoinHandle<()>>,
    ) -> Result<Self, Error> {
        let (sender, receiver) = channel();
        let mut state = State {
            connection,
            group,
            readers,
            poisoned: false,
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || state.run(&receiver))
            .map_err(Error::io("starting a thread"))?;
        threads.push(thread);
        Ok(Writer(sender))
    }

    pub(super) async fn change(&self, change: T) -> Result<R, Error> {
        let (reply, answer) = oneshot::channel();
        self.0
            .send(Job::Change(change, reply))
            .map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    pub(super) async fn scrub(&self) -> Result<bool, Error> {
        let (reply, answer) = oneshot::channel();
        self.0.send(Job::Scrub(reply)).map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    pub(super) fn stop(&self) {
        // A thread that is gone is stopped.
        let _ = self.0.send(Job::Stop);
    }
}

/// Who else of this process reads the file.
pub(super) struct Readers {
    /// Stops what the reading thread is at; it begins again on its own.
    pub(super) interrupt: InterruptHandle,
    /// Snapshots that are open: they must not be disturbed, and an emptying would wait for them in vain.
    pub(super) snapshots: Arc<AtomicUsize>,
}

struct State<G> {
    connection: Connection,
    group: G,
    readers: Readers,
    poisoned: bool,
}

impl<G> State<G> {
    fn run<T, R>(&mut self, jobs: &Receiver<Job<T, R>>)
    where
        G: Group<T, R>,
    {
        let (mut changes, mut scrubs) = (Vec::new(), Vec::new());
        let mut stop = false;
        while !stop {
            let Ok(first) = jobs.recv() else { return };
            let mut next = Some(first);
            while let Some(job) = next {
                match job {
                    Job::Change(change, reply) => changes.push((change, reply)),
                    Job::Scrub(reply) => scrubs.push(reply),
                    Job::Stop => {
                        stop = true;
                        break;
                    }
                }
                next = if changes.len() < GROUP {
                    jobs.try_recv().ok()
                } else {
                    None
                };
            }
            self.commit_all(std::mem::take(&mut changes));
            if !scrubs.is_empty() {
                self.scrub_all(scrubs.drain(..));
            }
        }
    }

    fn commit_all<T, R>(&mut self, jobs: Vec<(T, Reply<R>)>)
    where
        G: Group<T, R>,
    {
        let (changes, replies): (Vec<T>, Vec<Reply<R>>) = jobs.into_iter().unzip();
        if changes.is_empty() {
            return;
        }
        match self.commit(&changes) {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // A caller that went away does not undo what is durable.
                    let _ = reply.send(Ok(answer));
                }
            }
            // One change the database cannot take must not fail its neighbours.
            Err(Failed::Change(_)) if changes.len() > 1 => {
                for (change, reply) in changes.into_iter().zip(replies) {
                    self.commit_all(vec![(change, reply)]);
                }
            }
            Err(Failed::Change(e) | Failed::Commit(e)) => {
                let e = Arc::new(e);
                for reply in replies {
                    let _ = reply.send(Err(translate("a commit", &e)));
                }
            }
            Err(Failed::Poisoned) => {
                for reply in replies {
                    let _ = reply.send(Err(Error::Closed));
                }
            }
        }
    }

    fn commit<T, R>(&mut self, changes: &[T]) -> Result<Vec<R>, Failed>
    where
        G: Group<T, R>,
    {
        if self.poisoned {
            return Err(Failed::Poisoned);
        }
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Failed::Change)?;
        let answers: rusqlite::Result<Vec<R>> =
            changes.iter().map(|c| self.group.apply(&tx, c)).collect();
        let answers = match answers {
            Ok(answers) => answers,
            Err(e) => {
                self.group.rolled_back();
                if tx.rollback().is_err() {
                    self.poison();
                }
                return Err(Failed::Change(e));
            }
        };
        if let Err(e) = tx.commit() {
            self.group.rolled_back();
            // After a failed sync nobody knows what is on disk: stop writing, and let opening find out. A full disk was
            // told by a write, before any sync, and nothing of the transaction is in the file.
            if e.sqlite_error_code() != Some(ErrorCode::DiskFull) {
                self.poison();
            }
            return Err(Failed::Commit(e));
        }
        Ok(answers)
    }

    /// Leaves the files alone from here on: closing must not sync again what failed to sync, which the system would answer
    /// with a yes.
    fn poison(&mut self) {
        self.poisoned = true;
        // Where it cannot be set, closing does once more what is harmless after all: the next opening relies on nothing.
        let _ = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    }

    /// A scrub is a checkpoint that leaves an empty write-ahead log. It waits a second for readers, then ends the one of
    /// this process and tries once more.
    fn scrub_all(&mut self, replies: impl Iterator<Item = Reply<bool>>) {
        if self.poisoned {
            for reply in replies {
                let _ = reply.send(Err(Error::Closed));
            }
            return;
        }
        let mut done = self.checkpoint();
        if matches!(done, Ok(false)) && self.readers.snapshots.load(Ordering::Acquire) == 0 {
            self.readers.interrupt.interrupt();
            done = self.checkpoint();
        }
        if matches!(&done, Err(e) if e.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)) {
            self.poison();
        }
        let done = done.map_err(Arc::new);
        for reply in replies {
            let answer = match &done {
                Ok(done) => Ok(*done),
                Err(e) => Err(translate("emptying a write-ahead log", e)),
            };
            let _ = reply.send(answer);
        }
    }
}

impl<G> State<G> {
    fn checkpoint(&self) -> rusqlite::Result<bool> {
        if self.readers.snapshots.load(Ordering::Acquire) > 0 {
            return Ok(false);
        }
        let busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        match busy {
            Ok(busy) => Ok(busy == 0),
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            Err(e) => Err(e),
        }
    }
}

enum Failed {
    Change(rusqlite::Error),
    Commit(rusqlite::Error),
    Poisoned,
}

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// The thread that reads a file.
pub(super) struct Reader(Sender<Option<Query>>);

impl Reader {
    pub(super) fn spawn(
        name: &'static str,
        connection: Connection,
        threads: &mut Vec<JoinHandle<()>>,
    ) -> Result<Self, Error> {
        let (sender, receiver) = channel::<Option<Query>>();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while let Ok(Some(query)) = receiver.recv() {
                    query(&connection);
                }
            })
            .map_err(Error::io("starting a thread"))?;
        threads.push(thread);
        Ok(Reader(sender))
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        query: impl Fn(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let job: Query = Box::new(move |connection| {
            let mut read = query(connection);
            // An erasure that waited for this read has ended it: the log is empty now, and reading begins again.
            if matches!(&read, Err(e) if e.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
            {
                read = query(connection);
            }
            let _ = reply.send(read.map_err(failed("a read")));
        });
        self.0.send(Some(job)).map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    pub(super) fn stop(&self) {
        let _ = self.0.send(None);
    }
}
