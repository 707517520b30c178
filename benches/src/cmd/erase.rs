//! `eval erase`: one person of many is erased in five sources, timed; then everything that was planted is searched.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use tactful::Customer;

use super::store::fsync::Disk;
use super::{Done, Io, Stop};
use crate::figures::{CpuTime, Figures};
use crate::rows::Outcome;

mod cache;
mod case;
mod fill;
mod index;
mod look;
mod orders;
mod people;
mod plan;
mod planted;
mod snapshot;
mod source;
mod tell;
mod town;

use look::{Keys, Looker};
use people::Person;
use plan::Plan;
use planted::FEWEST;
use town::{Faults, Town};

/// A fault that must be seen: proof that the counts can be other than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the faults there are")]
pub enum Sabotage {
    /// The copy is opened with the keys that were copied with it.
    KeepKey,
    /// The request names the customer number alone, so that nobody knows whom others write about.
    KeepMention,
    /// The cache leaves a value where it stands and says that it erased.
    LyingSource,
    /// The index says that it cannot erase.
    SilentSource,
    /// Somebody else is erased too.
    HarmOthers,
}

/// Options of `erase`.
#[derive(Args, Debug)]
#[command(after_help = FIGURES)]
#[non_exhaustive]
pub struct Options {
    /// Customers of the shop; each is in all five sources.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1000..=10_000_000))]
    people: u64,
    /// Records of the store, all persons' together.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1000..=100_000_000))]
    records: u64,
    /// Values of the persons who are erased, each planted somewhere.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(10..=1_000_000))]
    planted: u64,
    /// Persons who are erased, the smallest first.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=20))]
    erased: u64,
    /// An empty folder for the files, which stay; without it a temporary one.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Lets a source leave one planted value: it must be counted.
    #[arg(long, conflicts_with = "sabotage")]
    self_test: bool,
    /// A fault that must make a figure other than zero.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
}

const FIGURES: &str = "\
Persons with 1 to 1,000 tickets, of whom 1 to 50 tickets of others speak, are erased one after the other.
  erase_p50_ms erase_max_ms   the order to erase in the store and four systems, until all have looked again
  store_p50_ms sources_p50_ms the same less the systems' own time, and that time; erase_cpu_p50_ms CPU of all threads
  case_p50_ms case_max_ms     from the mail to the last letter
  erasures                    each of them
  fsync_p50_ms fsync_p99_ms   of the same folder, between the erasures; erase_fsync_ratio = erase_p50_ms / fsync_p99_ms
  found_before                planted values that were found: in the systems' files, in the store, and in a copy of it
  in_clear                    in any file afterwards, as such, in hexadecimal, in base64
  readable                    afterwards in the desk; readable_in_copy: in the copy, with the keys that survive
  others_lost                 of others_checked: records, tickets, entries of other persons
  certificates                that hold offline; certificates_missing
Exit 1: something was read afterwards or lost, a certificate is missing; with --self-test: not exactly one was counted.";

/// Fsyncs sampled before and after, and before each erasure.
const FSYNCS: usize = 100;
const FSYNCS_BETWEEN: usize = 10;

/// Erases and searches.
///
/// # Errors
/// A folder that is not empty, a planted value that is not found before, a desk that fails.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let temporary = tempfile::tempdir()?;
    let dir = options.dir.as_deref().unwrap_or(temporary.path());
    super::store::empty(dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().build()?;
    let cpu = CpuTime::now();
    io.figures.rows = false;
    io.figures.threads = runtime.metrics().num_workers();
    let done = runtime.block_on(measure(options, dir, io.figures));
    io.figures.cpu_s = cpu.elapsed_s();
    done
}

async fn measure(options: &Options, dir: &Path, figures: &mut Figures) -> Done {
    let plan = Plan {
        people: options.people,
        records: options.records,
        erased: usize::try_from(options.erased).unwrap_or(usize::MAX),
    };
    if options.planted < FEWEST * options.erased {
        return Err(Stop::Usage(format!(
            "--planted: at least {FEWEST} values a person, so that every place has some"
        )));
    }
    figures.set("people", plan.people);
    figures.set("records", plan.records);
    figures.set("planted", options.planted);
    let filling = Instant::now();
    let faults = Faults {
        leaves: options.self_test || options.sabotage == Some(Sabotage::LyingSource),
        fails: options.sabotage == Some(Sabotage::SilentSource),
    };
    let planted = planted::planted(options.planted, options.erased);
    let town = Town::build(&plan, planted, faults, dir, figures).await?;
    let filled = fill::fill(&town.desk, &plan, &town.planted).await?;
    figures.measured("fill_s", Some(filling.elapsed().as_secs_f64()), 1);

    let looker = Looker::new(&town, &filled, dir);
    looker.copy().await?;
    if !looker.in_files("store")?.is_empty() {
        return Err(Stop::Failed(
            "something stands in clear in the store".to_owned(),
        ));
    }
    let (in_desk, tickets) = looker.in_desk().await?;
    let in_copy = looker.in_copy(Keys::Before, filled.sample.len()).await?;
    let missing = looker.missing(&in_copy, &in_desk)?;
    figures.set("found_before", town.planted.len() - missing);
    if missing > 0 {
        return Err(Stop::Failed(format!(
            "{missing} planted values are not found before anything is erased: the search proves nothing"
        )));
    }
    let others = looker.of_others(tickets).await?;

    let work = dir.join("work");
    fs::create_dir_all(&work)?;
    let mut disk = Disk::new(&work)?;
    disk.sample(FSYNCS)?;
    let mut all = Vec::new();
    for person in 0..plan.erased {
        disk.sample(FSYNCS_BETWEEN)?;
        let who = Person::new(person as u64).customer();
        let who = match options.sabotage {
            Some(Sabotage::KeepMention) => by_number(&who),
            _ => who,
        };
        all.push(case::erase(&town, who).await?);
    }
    disk.sample(FSYNCS)?;
    if options.sabotage == Some(Sabotage::HarmOthers)
        && let Some(other) = filled.others.first()
    {
        case::erase(&town, Person::new(*other).customer()).await?;
    }
    tell::tell(&plan, &all, &disk, figures);

    let (readable, tickets) = looker.in_desk().await?;
    let after = looker.of_others(tickets).await?;
    let keys = match options.sabotage {
        Some(Sabotage::KeepKey) => Keys::Before,
        _ => Keys::Surviving,
    };
    let in_copy = looker.in_copy(keys, after.records).await?;
    if !town.desk.verify_audit().await?.intact {
        return Err(Stop::Failed("the audit is broken".to_owned()));
    }
    town.desk.close().await?;
    let in_clear = looker.in_files("")?;
    let missing = all.iter().filter(|one| !one.certified).count();
    let counts = [
        ("in_clear", in_clear.len()),
        ("readable", readable.len()),
        ("readable_in_copy", in_copy.len()),
        (
            "others_lost",
            others.count() - after.count().min(others.count()),
        ),
        ("certificates_missing", missing),
    ];
    for (name, count) in counts {
        figures.set(name, count);
    }
    figures.set("others_checked", others.count());
    figures.set("certificates", all.len() - missing);
    let expected = usize::from(options.self_test);
    let passed = counts
        .iter()
        .all(|(name, count)| *count == if *name == "in_clear" { expected } else { 0 });
    Ok(if passed {
        Outcome::AllDone
    } else {
        Outcome::SomeErrors
    })
}

fn by_number(who: &Customer) -> Customer {
    let mut less = Customer::new();
    less.customer_ids.clone_from(&who.customer_ids);
    less
}
