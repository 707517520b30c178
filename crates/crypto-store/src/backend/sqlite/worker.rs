//! Threads that own connections.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, InterruptHandle, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::db::Db;
use super::snapshot::Snapshots;
use crate::Error;

/// Most changes in one transaction: bounds how long the first caller of a group waits for the last.
const GROUP: usize = 512;

/// How long an open group waits for the next of those it expects.
const MOMENT: Duration = Duration::from_micros(100);

/// Milliseconds in which a snapshot that was dropped ends its transaction.
const ENDING: u32 = 1000;

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

/// Rows that do not come in the order that was asked for are of a damaged tree. Whoever goes on from the last of them would go
/// round in circles.
pub(super) fn in_order<T>(
    rows: Vec<T>,
    behind: impl Fn(&T) -> bool,
    before: impl Fn(&T, &T) -> bool,
) -> rusqlite::Result<Vec<T>> {
    if rows.first().is_none_or(behind) && rows.is_sorted_by(before) {
        return Ok(rows);
    }
    Err(corrupt())
}

/// What SQLite says of a damaged file, for damage that it does not see itself.
pub(super) fn corrupt() -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, None)
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
    fn apply(&mut self, db: &Db<'_>, change: &T) -> rusqlite::Result<R>;

    /// Writes what several changes share, before they are committed.
    fn finish(&mut self, _db: &Db<'_>) -> rusqlite::Result<()> {
        Ok(())
    }

    /// Tidies up, in a transaction of its own, before the file is closed. Nothing is lost if it cannot.
    fn tidy(&mut self, _db: &Db<'_>) -> rusqlite::Result<()> {
        Ok(())
    }

    /// Forgets what was learnt in a transaction that did not happen.
    fn rolled_back(&mut self, db: &Db<'_>);
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
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                State {
                    db: Db::new(&connection),
                    group,
                    readers,
                    expected: 1,
                    poisoned: false,
                }
                .run(&receiver);
            })
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
    pub(super) snapshots: Arc<Snapshots>,
}

/// What came in since the last commit.
struct Taken<T, R> {
    changes: Vec<(T, Reply<R>)>,
    scrubs: Vec<Reply<bool>>,
    stop: bool,
}

impl<T, R> Default for Taken<T, R> {
    fn default() -> Self {
        Taken {
            changes: Vec::new(),
            scrubs: Vec::new(),
            stop: false,
        }
    }
}

impl<T, R> Taken<T, R> {
    fn take(&mut self, job: Job<T, R>) {
        match job {
            Job::Change(change, reply) => self.changes.push((change, reply)),
            Job::Scrub(reply) => self.scrubs.push(reply),
            Job::Stop => self.stop = true,
        }
    }
}

struct State<'c, G> {
    db: Db<'c>,
    group: G,
    readers: Readers,
    /// Changes in the last group.
    expected: usize,
    poisoned: bool,
}

impl<G> State<'_, G> {
    fn run<T, R>(&mut self, jobs: &Receiver<Job<T, R>>)
    where
        G: Group<T, R>,
    {
        while let Ok(first) = jobs.recv() {
            let mut group = Taken::default();
            group.take(first);
            if !group.changes.is_empty() {
                self.commit_group(&mut group, jobs);
            }
            if !group.scrubs.is_empty() {
                self.scrub_all(group.scrubs.drain(..));
            }
            if group.stop {
                self.tidy();
                return;
            }
        }
    }

    /// One transaction for whatever comes while it is open. It is kept open a moment for as many as the last one had: they
    /// were answered together and are on their way back.
    fn commit_group<T, R>(&mut self, group: &mut Taken<T, R>, jobs: &Receiver<Job<T, R>>)
    where
        G: Group<T, R>,
    {
        let expected = std::mem::replace(&mut self.expected, 1);
        let open = |len: usize| len < GROUP;
        let more = |len: usize| {
            if len < expected {
                jobs.recv_timeout(MOMENT).ok()
            } else {
                jobs.try_recv().ok()
            }
        };
        let answers = self.commit(group, open, more);
        let jobs = std::mem::take(&mut group.changes);
        self.expected = jobs.len();
        self.answer(jobs, answers);
    }

    fn tidy<T, R>(&mut self)
    where
        G: Group<T, R>,
    {
        if self.poisoned {
            return;
        }
        let tx = Transaction::new_unchecked(self.db.connection(), TransactionBehavior::Immediate);
        let tidied = tx.and_then(|tx| {
            self.group.tidy(&self.db)?;
            tx.commit()
        });
        if matches!(&tidied, Err(e) if e.sqlite_error_code() == Some(ErrorCode::SystemIoFailure)) {
            self.poison();
        }
    }

    fn answer<T, R>(&mut self, jobs: Vec<(T, Reply<R>)>, answers: Result<Vec<R>, Failed>)
    where
        G: Group<T, R>,
    {
        match answers {
            Ok(answers) => {
                for ((_, reply), answer) in jobs.into_iter().zip(answers) {
                    // A caller that went away does not undo what is durable.
                    let _ = reply.send(Ok(answer));
                }
            }
            // One change the database cannot take must not fail its neighbours.
            Err(Failed::Change(_)) if jobs.len() > 1 => {
                for job in jobs {
                    let mut alone = Taken {
                        changes: vec![job],
                        ..Taken::default()
                    };
                    let answer = self.commit(&mut alone, |_| false, |_| None);
                    self.answer(alone.changes, answer);
                }
            }
            Err(Failed::Change(e) | Failed::Commit(e)) => {
                let e = Arc::new(e);
                for (_, reply) in jobs {
                    let _ = reply.send(Err(translate("a commit", &e)));
                }
            }
            Err(Failed::Poisoned) => {
                for (_, reply) in jobs {
                    let _ = reply.send(Err(Error::Closed));
                }
            }
        }
    }

    /// Applies the changes taken, and while `open` those that `more` gives; then commits them together.
    fn commit<T, R>(
        &mut self,
        group: &mut Taken<T, R>,
        open: impl Fn(usize) -> bool,
        more: impl Fn(usize) -> Option<Job<T, R>>,
    ) -> Result<Vec<R>, Failed>
    where
        G: Group<T, R>,
    {
        if self.poisoned {
            return Err(Failed::Poisoned);
        }
        let tx = Transaction::new_unchecked(self.db.connection(), TransactionBehavior::Immediate)
            .map_err(Failed::Change)?;
        let mut answers = Vec::with_capacity(group.changes.len());
        let mut applied: rusqlite::Result<()> = Ok(());
        while applied.is_ok() {
            if let Some((change, _)) = group.changes.get(answers.len()) {
                applied = self.group.apply(&self.db, change).map(|a| answers.push(a));
            } else if !group.stop
                && open(group.changes.len())
                && let Some(job) = more(group.changes.len())
            {
                group.take(job);
            } else {
                break;
            }
        }
        let applied = applied.and_then(|()| self.group.finish(&self.db));
        let answers = match applied.map(|()| answers) {
            Ok(answers) => answers,
            Err(e) => {
                self.group.rolled_back(&self.db);
                if tx.rollback().is_err() {
                    self.poison();
                }
                return Err(Failed::Change(e));
            }
        };
        if let Err(e) = tx.commit() {
            self.group.rolled_back(&self.db);
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
            .db
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
        if matches!(done, Ok(false)) && !self.readers.snapshots.any(0) {
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

impl<G> State<'_, G> {
    fn checkpoint(&self) -> rusqlite::Result<bool> {
        if self.readers.snapshots.any(ENDING) {
            return Ok(false);
        }
        let busy = self
            .db
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
