//! `eval sweep`: several sweepers on one store whose records end at spread instants, while somebody reads what is due.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use tactful::crypto_store::backend::Backend;
use tactful::crypto_store::backend::sqlite::SqliteBackend;
use tactful::crypto_store::{OsEntropy, Store, StoreConfig, StoreFiles};
use tactful::retention_policy::Breaker;

use super::{Done, Io, Stop, shop};
use crate::figures::CpuTime;
use crate::rows::Outcome;

mod bare;
pub mod child;
mod clock;
mod count;
mod hasty;
mod plan;
mod work;

use clock::Clock;
use plan::Plan;

/// A fault that must be seen: proof that the counts can be other than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the faults there are")]
pub enum Sabotage {
    /// The back end does not say what is gone, and is slow to destroy: sweepers end the same twice.
    Blind,
    /// The sweepers stop three hours before the last end.
    StopEarly,
    /// The reader's clock is an hour late.
    LateReader,
}

/// Options of `sweep`.
#[derive(Args, Debug)]
#[command(after_help = FIGURES)]
#[non_exhaustive]
pub struct Options {
    /// Records of 1,024 bytes; one in ten has an earlier end than the one that was written.
    #[arg(long, value_parser = clap::value_parser!(u64).range(100..=100_000_000))]
    records: u64,
    /// Threads that sweep.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=64))]
    sweepers: u32,
    /// Address of a server. Not built yet.
    #[arg(long)]
    url: Option<String>,
    /// Processes that are killed while they sweep the first half.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    kills: u32,
    /// A fault that must make a figure other than zero.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// An empty folder for the files, which stay; without it a temporary one.
    #[arg(long)]
    dir: Option<PathBuf>,
}

const FIGURES: &str = "\
The clock of the run goes through nine hours in some seconds; sweepers, and a reader of random records that are due, follow it.
  due            records whose end came
  deleted_once deleted_twice missed   of them, by the entries of the audit: of the record where it ended by itself, else of
                 its bucket
  seconds        in which they were swept, without killed processes
  reads overdue_read   reads of records that were due, and those that returned data at or after their end
  key_gone_p99_s from the end of a record to the return of the sweep that destroyed its key
  purged_per_s   rows deleted afterwards; bare_delete_per_s: the same in plain rusqlite with secure_delete, a transaction a
                 bucket, half before and half after; purge_ratio
Exit 1: deleted_twice, missed or overdue_read is not zero.";

/// Sweeps and counts.
///
/// # Errors
/// A server, which is not built; a folder that is not empty; a store that fails.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    if options.url.is_some() {
        return Err(Stop::NotBuilt("sweep --url"));
    }
    let temporary = tempfile::tempdir()?;
    let dir = options.dir.as_deref().unwrap_or(temporary.path());
    fs::create_dir_all(dir)?;
    if fs::read_dir(dir)?.next().is_some() {
        return Err(Stop::Usage("--dir is not empty".to_owned()));
    }
    let figures = io.figures;
    figures.rows = false;
    figures.threads = options.sweepers as usize;
    let cpu = CpuTime::now();
    let plan = Plan {
        records: options.records,
    };
    let place = dir.join("store");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()?;
    let ids = runtime.block_on(plan.fill(&place))?;
    let mut bare = bare::Bare::create(dir, plan)?;

    let from = child::kill(options, &place)?;
    let store = runtime.block_on(open(&place, options.sabotage))?;
    let until = match options.sabotage {
        Some(Sabotage::StopEarly) => Plan::END - 3 * 3600,
        _ => Plan::END,
    };
    let clock = Clock::new(from, until, options.records);
    let worked = work::work(&store, &plan, &ids, clock, options)?;
    figures.set("due", plan.records);
    let counted = runtime.block_on(count::count(&store, &plan, &ids))?;
    figures.set("deleted_once", counted.once);
    figures.set("deleted_twice", counted.twice);
    figures.set("missed", counted.missed);
    figures.measured("seconds", Some(worked.seconds), 3);
    figures.set("reads", worked.reads);
    figures.set("overdue_read", worked.overdue);
    figures.measured("key_gone_p99_s", worked.key_gone_p99(), 3);
    if options.sabotage.is_none() {
        bare.delete(0)?;
        let purged = runtime.block_on(purge(&store, plan::instant(Plan::END)))?;
        bare.delete(1)?;
        let plain = bare.per_s();
        figures.measured("purged_per_s", purged, 0);
        figures.measured("bare_delete_per_s", plain, 0);
        let ratio = purged.zip(plain).map(|(ours, theirs)| ours / theirs);
        figures.measured("purge_ratio", ratio, 3);
        if !runtime.block_on(store.verify_audit())?.is_intact() {
            return Err(Stop::Failed("the audit is broken".to_owned()));
        }
    }
    runtime.block_on(store.close())?;
    figures.cpu_s = cpu.elapsed_s();
    let clean = counted.twice + counted.missed + worked.overdue == 0;
    Ok(if clean {
        Outcome::AllDone
    } else {
        Outcome::SomeErrors
    })
}

/// Rows a second, until none is left.
async fn purge(
    store: &Store,
    now: tactful::retention_policy::Timestamp,
) -> Result<Option<f64>, Stop> {
    let (started, mut rows) = (std::time::Instant::now(), 0);
    loop {
        let settled = store.purge(now, 100_000).await?;
        rows += settled.rows;
        if settled.purging == 0 && settled.pending == 0 {
            let seconds = started.elapsed().as_secs_f64();
            return Ok((rows > 0).then(|| rows as f64 / seconds));
        }
    }
}

/// Opens the store with the fault that was asked for. A breaker that looks at usual hours knows none here.
async fn open(dir: &Path, sabotage: Option<Sabotage>) -> Result<Store, Stop> {
    let files = StoreFiles::in_dir(dir);
    let config = match sabotage {
        Some(Sabotage::Blind) => {
            let inner: Arc<dyn Backend> = Arc::new(SqliteBackend::attach(&files)?);
            StoreConfig::backend(Arc::new(hasty::Hasty::new(inner)))
        }
        _ => StoreConfig::sqlite(files),
    };
    let breaker = Breaker {
        share_percent: 0,
        times_usual: 0,
        floor: u64::MAX,
    };
    let entropy = Arc::new(OsEntropy::new());
    let opening = shop::opening();
    let opened = Store::open(config.breaker(breaker), shop::root(dir)?, entropy, opening);
    Ok(opened.await?)
}
