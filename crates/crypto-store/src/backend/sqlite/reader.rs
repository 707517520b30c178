//! The thread that reads a file.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use super::db::Db;
use super::worker::failed;
use crate::Error;

/// Most reads in one transaction.
const READS: usize = 64;

/// A read; true if it was ended from outside and is to be done again.
type Query = Box<dyn FnMut(&Db<'_>) -> bool + Send>;

/// The thread that reads a file. What waits for it is read in one transaction: the locks of a snapshot cost as much as a
/// row.
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
                let db = Db::new(&connection);
                while let Ok(Some(query)) = receiver.recv() {
                    if !read_together(&db, query, &receiver) {
                        break;
                    }
                }
            })
            .map_err(Error::io("starting a thread"))?;
        threads.push(thread);
        Ok(Reader(sender))
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        query: impl Fn(&Db<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let (mut reply, mut again) = (Some(reply), true);
        let job: Query = Box::new(move |connection| {
            let read = query(connection);
            // An erasure that waited for this read has ended it: the log is empty now, and reading begins again.
            if std::mem::take(&mut again)
                && matches!(&read, Err(e) if e.sqlite_error_code() == Some(ErrorCode::OperationInterrupted))
            {
                return true;
            }
            if let Some(reply) = reply.take() {
                let _ = reply.send(read.map_err(failed("a read")));
            }
            false
        });
        self.0.send(Some(job)).map_err(|_| Error::Closed)?;
        answer.await.map_err(|_| Error::Closed)?
    }

    pub(super) fn stop(&self) {
        let _ = self.0.send(None);
    }
}

/// Reads what waits; false after the last word. Everything was asked for before the transaction begins, so nobody reads what
/// is older than their asking.
fn read_together(c: &Db<'_>, first: Query, waiting: &Receiver<Option<Query>>) -> bool {
    let mut queries = vec![first];
    let mut open = true;
    while queries.len() < READS && open {
        match waiting.try_recv() {
            Ok(Some(query)) => queries.push(query),
            Ok(None) => open = false,
            Err(_) => break,
        }
    }
    // Reading alone needs no transaction of its own; one that cannot begin is done without.
    let together = queries.len() > 1 && c.execute_batch("BEGIN").is_ok();
    let mut ended = Vec::new();
    for mut query in queries {
        if query(c) {
            ended.push(query);
        }
    }
    if together {
        // A read transaction has nothing that could fail to be kept.
        let _ = c.execute_batch("COMMIT");
    }
    for mut query in ended {
        query(c);
    }
    open
}
