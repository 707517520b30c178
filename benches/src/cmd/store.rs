//! `eval store`: how fast records are put, read and ended, beside the same work in plain SQLite, and what is left of them.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Done, Io, Stop};
use crate::figures::{CpuTime, Figures};
use crate::rows::Outcome;

mod bare;
pub mod copy;
mod end;
pub(super) mod fsync;
mod keys;
pub(super) mod load;
pub mod peers;
mod plan;
mod rates;
mod recorder;
pub(super) mod remnants;
mod rotate;
mod seal;
mod terms;

use fsync::Disk;
use load::CALLERS;
use plan::Plan;
use rates::Rates;
use recorder::Recorder;

/// Where the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the back ends there are")]
pub enum Backend {
    /// In this process.
    Memory,
    /// Two SQLite files.
    Sqlite,
    /// A server. Not built yet.
    Postgres,
}

/// Options of `store`.
#[derive(Args, Debug)]
#[command(after_help = FIGURES)]
#[non_exhaustive]
pub struct Options {
    /// Records of 1,024 bytes; the first five persons own a tenth each, at most 10,000.
    #[arg(long, value_parser = clap::value_parser!(u64).range(100..=100_000_000))]
    records: u64,
    /// Records of every other person.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    per_subject: u64,
    /// Index terms of a record.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=64))]
    terms: u16,
    /// Time buckets the records end in.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=80))]
    buckets: u64,
    /// Where the records are.
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    backend: Backend,
    /// Address of the server.
    #[arg(long)]
    url: Option<String>,
    /// An empty folder for the files, which stay; without it a temporary one.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Puts one destroyed key into a file afterwards: it must be counted.
    #[arg(long)]
    self_test: bool,
}

const FIGURES: &str = "\
Figures (SQLite beside plain rusqlite, same callers, threads and durability, by turns):
  seal_ns open_ns         one record without a store, best of many rounds; bare_seal_ns is AES-256-GCM alone with a fresh
                          key, seal_ratio
  put_per_s get_per_s     64 callers; bare_put_per_s bare_get_per_s, put_ratio get_ratio
  commit_per_s            puts of one caller; bare_commit_per_s, commit_ratio
  put0_per_s put0_ratio   without index terms; term_cost: further time of each term, relative
  get_fsync_ratio         gets beside 64 / median fsync
  rotate_s rotated        keys of the tenant wrapped again, subject_keys of them, while records are read at random:
                          rotate_reads rotate_failed_reads
  erase_subject_ms expire_bucket_ms   median from the call to the return; a fresh process with the root opens a copy
                          taken at the return: readable_after is what it could read of what was ended
  fsync_p50_ms fsync_p99_ms
  remnants                planted plaintexts, raw and wrapped bytes of destroyed keys in all files after closing, as such,
                          in hexadecimal, in base64
Exit 1: something was read after its end, or remnants; with --self-test: the planted one was not counted.";

/// Fsyncs sampled before, between and after the rates.
const FSYNCS: usize = 100;

/// Measures a store.
///
/// # Errors
/// A folder that is not empty, a back end that is not built, a store that fails.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let plan = Plan {
        records: options.records,
        per_subject: options.per_subject,
        terms: usize::from(options.terms),
        buckets: options.buckets,
        seed: 0x5eed,
    };
    if options.url.is_some() && options.backend != Backend::Postgres {
        return Err(Stop::Usage("--url goes with --backend postgres".to_owned()));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let cpu = CpuTime::now();
    io.figures.rows = false;
    io.figures.threads = runtime.metrics().num_workers();
    if options.backend != Backend::Postgres {
        seal::measure(plan, io.figures)?;
    }
    let done = match options.backend {
        Backend::Postgres => Err(Stop::NotBuilt("store --backend postgres")),
        Backend::Memory if options.self_test || options.dir.is_some() => Err(Stop::Usage(
            "--dir and --self-test need files: --backend sqlite".to_owned(),
        )),
        Backend::Memory => runtime.block_on(rates::memory(plan, io.figures)),
        Backend::Sqlite => {
            let temporary = tempfile::tempdir()?;
            let dir = options.dir.as_deref().unwrap_or(temporary.path());
            empty(dir)?;
            runtime.block_on(sqlite(plan, dir, options.self_test, io.figures))
        }
    };
    io.figures.cpu_s = cpu.elapsed_s();
    done
}

pub(super) fn empty(dir: &Path) -> Result<(), Stop> {
    fs::create_dir_all(dir)?;
    if fs::read_dir(dir)?.next().is_some() {
        return Err(Stop::Usage(
            "--dir is not empty: every file in it is searched for remnants".to_owned(),
        ));
    }
    Ok(())
}

async fn sqlite(plan: Plan, dir: &Path, self_test: bool, figures: &mut Figures) -> Done {
    // What holds bodies in clear or copies of keys lies here and is gone before the search.
    let work = dir.join("work");
    fs::create_dir_all(&work)?;
    let mut disk = Disk::new(&work)?;
    disk.sample(FSYNCS)?;
    terms::measure(plan, &work, figures).await?;
    disk.sample(FSYNCS)?;

    let place = dir.join("store");
    let recorder = std::sync::Arc::new(Recorder::default());
    let store = super::shop::create(&place, recorder.clone()).await?;
    let mut rates = Rates::new(plan, store);
    let (bare, threads) = bare::Bare::create(&work)?;
    rates.measure(Some(bare)).await?;
    threads.join();
    disk.sample(FSYNCS)?;
    rates.tell(figures);
    figures.measured("fsync_p50_ms", disk.quantile_ms(0.5), 4);
    figures.measured("fsync_p99_ms", disk.quantile_ms(0.99), 4);
    if let (Some(gets), Some(p50)) = (rates.gets(), disk.quantile_ms(0.5)) {
        let most = CALLERS as f64 / (p50 / 1000.0);
        figures.measured("get_fsync_ratio", Some(gets / most), 4);
    }
    for name in ["bare.db", "bare.db-wal", "bare.db-shm"] {
        let _ = fs::remove_file(work.join(name));
    }

    let mut ended = end::Ended::new(&place, &work, self_test);
    ended.measure(&rates, figures).await?;
    let now = ended.now();
    super::shop::purge(&rates.store, now).await?;
    if !rates.store.verify_audit().await?.is_intact() {
        return Err(Stop::Failed("the audit is broken".to_owned()));
    }
    rates.store.close().await?;
    let passed = ended.search(dir, &plan, &recorder.take(), figures)?;
    Ok(if passed {
        Outcome::AllDone
    } else {
        Outcome::SomeErrors
    })
}
