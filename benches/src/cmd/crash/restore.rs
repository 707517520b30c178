//! A backup, and the records lost and put back from it, when the kill comes.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tactful::crypto_store::{Error, KeyFile, OsEntropy, Store, StoreConfig};
use tokio::task::JoinSet;

use super::super::{Stop, shop};
use super::child::{Options, Pipe, Worker, config, erase_person, shred_unit};
use super::journal::{Act, Facts, OF_PERSON, OF_RUN};
use super::{What, files};

/// Cycles of one child, at most.
const CYCLES: u64 = 1_000;
/// Persons of a cycle: of these the backup has what was written,
const BEFORE: u64 = 6;
/// of these perhaps, they come while it is made,
const WHILE: u64 = 2;
/// and of these nothing.
const AFTER: u64 = 2;
const PERSONS: u64 = BEFORE + WHILE + AFTER;
const _: () = assert!(CYCLES * PERSONS * OF_PERSON <= OF_RUN);

/// Writes and erases, makes a backup, goes on, loses the records and puts them back: over and over.
pub(super) async fn cycles(options: &Options) -> Result<(), Stop> {
    let pipe = Arc::new(Pipe::new(options)?);
    let mut store = match lost(&options.dir)? {
        Some(nth) => put_back(options, &pipe, nth).await?,
        None => {
            let (root, entropy) = (shop::root(&options.dir)?, Arc::new(OsEntropy::new()));
            Store::open(config(options)?, root, entropy, shop::opening()).await?
        }
    };
    for nth in options.run * CYCLES..(options.run + 1) * CYCLES {
        let worker = Arc::new(Worker::new(store, Arc::clone(&pipe)));
        let mut tasks = JoinSet::new();
        let first = nth * PERSONS;

        come(&worker, &mut tasks, first, BEFORE);
        all(&mut tasks).await?;
        tasks.spawn(shred(Arc::clone(&worker), first));
        tasks.spawn(erase(Arc::clone(&worker), first + 1));
        all(&mut tasks).await?;

        come(&worker, &mut tasks, first + BEFORE, WHILE);
        tasks.spawn(erase(Arc::clone(&worker), first + 2));
        let to = options.dir.join(format!("{nth}{BACKUP}"));
        let call = async {
            worker.store.backup(&to, shop::opening()).await?;
            Ok(None)
        };
        worker.act(Act::Backup(nth), call).await?;
        all(&mut tasks).await?;

        come(&worker, &mut tasks, first + BEFORE + WHILE, AFTER);
        tasks.spawn(shred(Arc::clone(&worker), first + 3));
        tasks.spawn(erase(Arc::clone(&worker), first + 4));
        all(&mut tasks).await?;

        // A disk that fails asks nobody: every other time the store has no last word.
        if nth % 2 == 0 {
            worker.store.close().await?;
        }
        drop(worker);
        lose(&options.dir)?;
        store = put_back(options, &pipe, nth).await?;
        fs::remove_file(to)?;
    }
    Ok(())
}

/// All records of some persons, at the same time.
fn come(worker: &Arc<Worker>, tasks: &mut JoinSet<Result<(), Stop>>, first: u64, persons: u64) {
    for n in first * OF_PERSON..(first + persons) * OF_PERSON {
        let worker = Arc::clone(worker);
        tasks.spawn(async move { worker.put(Facts::of(What::Restore, n)).await.map(drop) });
    }
}

async fn shred(worker: Arc<Worker>, person: u64) -> Result<(), Stop> {
    shred_unit(&worker, person).await
}

async fn erase(worker: Arc<Worker>, person: u64) -> Result<(), Stop> {
    erase_person(&worker, person).await
}

async fn all(tasks: &mut JoinSet<Result<(), Stop>>) -> Result<(), Stop> {
    while let Some(done) = tasks.join_next().await {
        done.map_err(|e| Stop::failed("a task")(&e))??;
    }
    Ok(())
}

const BACKUP: &str = ".backup";

/// The backup to put back, if the records are lost: the last one.
pub(super) fn lost(dir: &Path) -> Result<Option<u64>, Stop> {
    if files(dir).records().exists() {
        return Ok(None);
    }
    let mut last = None;
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let nth = name.to_str().and_then(|name| name.strip_suffix(BACKUP));
        last = last.max(nth.and_then(|nth| nth.parse().ok()));
    }
    match last {
        Some(nth) => Ok(Some(nth)),
        None => Err(Stop::Failed(
            "the records are lost and there is no backup".to_owned(),
        )),
    }
}

/// Removes the records as a disk that fails does: all of them.
pub(super) fn lose(dir: &Path) -> Result<(), Stop> {
    let records = files(dir).records().to_owned();
    for beside in ["", "-wal", "-shm"] {
        let mut path = records.clone().into_os_string();
        path.push(beside);
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Puts the records back and opens the store.
pub(super) async fn restore(
    dir: &Path,
    nth: u64,
    config: StoreConfig,
    root: Arc<KeyFile>,
) -> Result<Store, Error> {
    let backup = dir.join(format!("{nth}{BACKUP}"));
    let entropy = Arc::new(OsEntropy::new());
    let (store, _) = Store::restore(backup, config, root, entropy, shop::opening()).await?;
    Ok(store)
}

async fn put_back(options: &Options, pipe: &Pipe, nth: u64) -> Result<Store, Stop> {
    // The loss may have been interrupted.
    lose(&options.dir)?;
    let (config, root) = (config(options)?, shop::root(&options.dir)?);
    let mut store = None;
    let call = async {
        store = Some(restore(&options.dir, nth, config, root).await?);
        Ok(None)
    };
    pipe.act(Act::Restore(nth), call).await?;
    store.ok_or(Stop::Failed("no store was put back".to_owned()))
}
