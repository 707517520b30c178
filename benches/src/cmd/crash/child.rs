//! The process that is killed: it works and acknowledges, each time after the call has returned.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use tactful::crypto_store::backend::sqlite::SqliteBackend;
use tactful::crypto_store::{Error, OsEntropy, StopAt, Store, StoreConfig};
use tactful::retention_policy::{Hold, HoldId, HoldReason, RecordId, Scope};
use tokio::task::JoinSet;

use super::super::{Done, Io, Stop, shop};
use super::journal::{Act, Facts, OF_PERSON, OF_ROUND, OF_RUN, ROUNDS};
use super::lying::Lying;
use super::{Sabotage, What, files, restore, rotate};

/// Options of the process that is killed.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The store's files.
    #[arg(long)]
    pub(super) dir: PathBuf,
    /// Kind of work.
    #[arg(long, value_enum)]
    what: What,
    /// The child's place among those of one folder.
    #[arg(long)]
    pub(super) run: u64,
    /// A fault.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Records that an earlier child did not acknowledge: delivered again first.
    #[arg(long)]
    again: Vec<u64>,
}

/// Callers that put at the same time.
const CALLERS: u64 = 8;
/// Callers that erase at the same time.
const ERASERS: u64 = 4;

/// Works until it is killed.
///
/// # Errors
/// A store that does not open or refuses what it must do.
pub fn run(options: &Options, _io: Io<'_>) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        if options.what == What::Restore {
            restore::cycles(options).await?;
            return std::future::pending().await;
        }
        let worker = Arc::new(Worker::open(options).await?);
        let mut tasks = JoinSet::new();
        match options.what {
            What::Write | What::Rotate => {
                let again = Arc::new(options.again.clone());
                let next = Arc::new(AtomicU64::new(0));
                for _ in 0..CALLERS {
                    tasks.spawn(write(
                        worker.clone(),
                        again.clone(),
                        next.clone(),
                        options.run,
                    ));
                }
                if options.what == What::Rotate {
                    tasks.spawn(rotate::rotate(worker.clone(), options.run));
                }
            }
            What::Erase => {
                for task in 0..ERASERS {
                    let first = (options.run * ERASERS + task) * OF_RUN / 100;
                    tasks.spawn(erase(worker.clone(), first));
                }
            }
            // What is put back begins without a store.
            What::Sweep | What::Restore => {
                tasks.spawn(sweep(worker.clone(), options.run * ROUNDS));
            }
        }
        while let Some(done) = tasks.join_next().await {
            done.map_err(|e| Stop::failed("a task")(&e))??;
        }
        // All numbers are used up: nothing is left but to be killed.
        std::future::pending().await
    })
}

/// Where the store is, with the fault that was asked for.
pub(super) fn config(options: &Options) -> Result<StoreConfig, Stop> {
    let files = files(&options.dir);
    let stop = match options.what {
        What::Restore => StopAt::RestoreNamed,
        _ => StopAt::IntentWritten,
    };
    Ok(match options.sabotage {
        Some(Sabotage::SkipFsync) => {
            let inner = Arc::new(SqliteBackend::attach(&files)?);
            StoreConfig::backend(Arc::new(Lying::new(inner)))
        }
        Some(Sabotage::NoRecovery) => StoreConfig::sqlite(files).stop_at(stop),
        _ => StoreConfig::sqlite(files),
    })
}

/// On it is told what was done.
pub(super) struct Pipe {
    file: Mutex<File>,
    early: bool,
}

impl Pipe {
    pub(super) fn new(options: &Options) -> Result<Self, Stop> {
        Ok(Pipe {
            // Unbuffered: what was written is with the other process, whatever becomes of this one.
            file: Mutex::new(File::from(io::stdout().as_fd().try_clone_to_owned()?)),
            early: options.sabotage == Some(Sabotage::AckEarly),
        })
    }

    fn tell(&self, line: &str) -> Result<(), Stop> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(file.write_all(line.as_bytes())?)
    }

    /// Tells that a call begins, makes it, and tells that it returned.
    pub(super) async fn act(
        &self,
        act: Act,
        call: impl Future<Output = Result<Option<RecordId>, Error>>,
    ) -> Result<Option<RecordId>, Stop> {
        self.tell(&act.begun())?;
        if self.early {
            self.tell(&act.done(None))?;
            return Ok(call.await?);
        }
        match call.await {
            Ok(id) => {
                self.tell(&act.done(id))?;
                Ok(id)
            }
            Err(Error::Stopped) => {
                self.tell(Act::STOPPED)?;
                std::future::pending().await
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// A store, and the pipe.
pub(super) struct Worker {
    pub(super) store: Store,
    pipe: Arc<Pipe>,
}

impl Worker {
    async fn open(options: &Options) -> Result<Self, Stop> {
        let (root, entropy) = (shop::root(&options.dir)?, Arc::new(OsEntropy::new()));
        let store = Store::open(config(options)?, root, entropy, shop::opening()).await?;
        Ok(Self::new(store, Arc::new(Pipe::new(options)?)))
    }

    pub(super) fn new(store: Store, pipe: Arc<Pipe>) -> Self {
        Worker { store, pipe }
    }

    pub(super) async fn act(
        &self,
        act: Act,
        call: impl Future<Output = Result<Option<RecordId>, Error>>,
    ) -> Result<Option<RecordId>, Stop> {
        self.pipe.act(act, call).await
    }

    pub(super) async fn put(&self, facts: Facts) -> Result<Option<RecordId>, Stop> {
        let record = facts.record()?;
        let call = async {
            let put = self
                .store
                .put(record, &shop::agent(), &shop::REPLY, facts.made())
                .await?;
            Ok(Some(put.id()))
        };
        self.act(Act::Put(facts.n), call).await
    }
}

/// First what was not acknowledged, under the same idempotency keys; then new records.
async fn write(
    worker: Arc<Worker>,
    again: Arc<Vec<u64>>,
    next: Arc<AtomicU64>,
    run: u64,
) -> Result<(), Stop> {
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let n = match again.get(at as usize) {
            Some(n) => *n,
            None if at < OF_RUN => run * OF_RUN + at,
            None => return Ok(()),
        };
        worker.put(Facts::of(What::Write, n)).await?;
    }
}

/// Persons come, some of their units are shredded, most of them are erased.
async fn erase(worker: Arc<Worker>, first: u64) -> Result<(), Stop> {
    for person in first..first + OF_RUN / 100 {
        for n in person * OF_PERSON..(person + 1) * OF_PERSON {
            worker.put(Facts::of(What::Erase, n)).await?;
        }
        if person % 2 == 0 {
            shred_unit(&worker, person).await?;
        }
        if person % 3 != 2 {
            erase_person(&worker, person).await?;
        }
    }
    Ok(())
}

/// The unit of a person's first two records.
pub(super) async fn shred_unit(worker: &Worker, person: u64) -> Result<(), Stop> {
    let (unit, agent) = (Facts::unit_id(person), shop::agent());
    let call = worker
        .store
        .shred_unit(unit, &agent, &shop::REPLY, shop::opening());
    let act = Act::Shred(person);
    worker.act(act, finished(worker, call)).await.map(drop)
}

pub(super) async fn erase_person(worker: &Worker, person: u64) -> Result<(), Stop> {
    let (subject, officer) = (Facts::subject(person), shop::officer());
    let call = worker
        .store
        .erase_subject(subject, &officer, &shop::REQUEST, shop::opening());
    let act = Act::Erase(person);
    worker.act(act, finished(worker, call)).await.map(drop)
}

/// What is pending is not done: it is acknowledged when nobody can read any more.
async fn finished(
    worker: &Worker,
    call: impl Future<Output = Result<tactful::crypto_store::Erased, Error>>,
) -> Result<Option<RecordId>, Error> {
    if !call.await?.is_done() {
        while worker.store.settle(shop::opening()).await?.pending > 0 {}
    }
    Ok(None)
}

/// Rounds of a quarter of an hour: records, now and then a hold on two of them, and the sweep at the round's end.
async fn sweep(worker: Arc<Worker>, first: u64) -> Result<(), Stop> {
    for round in first..first + ROUNDS {
        let mut puts = JoinSet::new();
        for n in round * OF_ROUND..(round + 1) * OF_ROUND {
            let worker = Arc::clone(&worker);
            puts.spawn(async move {
                let id = worker.put(Facts::of(What::Sweep, n)).await?;
                Ok::<_, Stop>((n, id))
            });
        }
        let mut ids = Vec::new();
        while let Some(put) = puts.join_next().await {
            ids.push(put.map_err(|e| Stop::failed("a task")(&e))??);
        }
        if round % 4 == 0 {
            // One of a unit of two, and one that is a unit of its own.
            for (n, id) in ids {
                if let (Some(id), 0 | 4) = (id, n % OF_ROUND) {
                    hold(&worker, n, id).await?;
                }
            }
        }
        let end = Facts::time(round + 1);
        let call = async {
            while worker.store.expire_buckets(end).await?.pending {}
            Ok(None)
        };
        worker.act(Act::Sweep(round), call).await?;
    }
    Ok(())
}

async fn hold(worker: &Worker, n: u64, id: RecordId) -> Result<(), Stop> {
    let now = Facts::of(What::Sweep, n).made();
    let hold = Hold::new(
        HoldId::from_random(shop::id(0x40, n)),
        shop::officer().tenant(),
        Scope::Record(id),
        HoldReason::LegalClaim,
        shop::officer().actor(),
        now,
        now + chrono::TimeDelta::days(30),
    )?;
    let call = async {
        worker
            .store
            .place_hold(&hold, &shop::officer(), &shop::REQUEST, now)
            .await?;
        Ok(None)
    };
    worker.act(Act::Hold(n), call).await.map(drop)
}
