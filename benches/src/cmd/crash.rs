//! `eval crash`: SIGKILL at random moments, and what a new process finds of what was acknowledged.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::Value;
use tactful::crypto_store::OsEntropy;

use super::{Done, Io, Stop, shop};
use crate::figures::CpuTime;
use crate::rows::Outcome;

pub mod child;
mod journal;
pub mod look;
mod lying;
mod restore;
mod rotate;

use journal::{Act, Journal};

/// What is under way when the kill comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the kinds of work there are")]
pub enum What {
    /// Records are put, several at a time.
    Write,
    /// Persons are erased and units shredded.
    Erase,
    /// Buckets expire, held records move.
    Sweep,
    /// The tenant's keys are rotated.
    Rotate,
    /// A backup is made, the records are lost and put back from it.
    Restore,
}

/// A fault that must be seen: proof that the counts can be other than zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the faults there are")]
pub enum Sabotage {
    /// The child acknowledges before it calls.
    AckEarly,
    /// The back end says "durable" and writes a little later.
    SkipFsync,
    /// The child is killed between decision and destruction, or before what was put back is brought up to date, and nobody
    /// finishes before the look.
    NoRecovery,
}

/// Where the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "the back ends that outlive a kill")]
pub enum Backend {
    /// Two SQLite files.
    Sqlite,
    /// A server. Not built yet.
    Postgres,
}

/// Options of `crash`.
#[derive(Args, Debug)]
#[command(after_help = FIGURES)]
#[non_exhaustive]
pub struct Options {
    /// How many children are killed.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    kills: u32,
    /// Where the records are.
    #[arg(long, value_enum, default_value_t = Backend::Sqlite)]
    backend: Backend,
    /// Kind of work; spread evenly over all if absent.
    #[arg(long, value_enum)]
    what: Option<What>,
    /// Chooses the moments.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A fault that must make a figure other than zero.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// An empty folder for the stores, which stay; without it a temporary one.
    #[arg(long)]
    dir: Option<PathBuf>,
}

const FIGURES: &str = "\
A child acknowledges on a pipe after each call returned; SIGKILL comes 5 to 500 ms after its start; a new process opens.
Figures, summed over all kills:
  acknowledged   calls that returned: puts, erasures, shreddings, sweeps, rotations, backups, restorings
  in_flight      kills that came while a call was under way
  in_restore     kills that came while a backup was put back (restore only)
  lost           acknowledged writes missing or different, acknowledged erasures readable; after a restoring, of the writes
                 acknowledged before the backup was begun: what was written after it is gone with the lost records, and that
                 is not counted. Erasures count whenever they were acknowledged
  corrupt        stores that do not open, records that are damaged, files that SQLite finds unsound
  half_done      some but not all effects after recovery: a person, unit or bucket in part, a key of what is gone, terms
                 without record, a record without its terms, an erasure the ledger does not see the end of, keys of two
                 epochs after a rotation was carried on, a restored store with records that came after the backup or
                 with work left to do
  audit_broken   a chain that does not verify, an acknowledged act without its entry (an entry may be lost as a write may),
                 a restoring with none or two
  doubled        deliveries stored twice although they carry one idempotency key
Exit 1: one of the last five is not zero.";

/// Kills of one folder before a fresh one.
const FOLDER: u32 = 16;
/// Acknowledgements after which a fresh folder is begun, so that a look stays short.
const FOLDER_ACTS: usize = 6_000;
/// One in so many kills is not looked at: the next child recovers, and may be killed while it does.
const UNSEEN: u64 = 4;
/// How long a child has to come to the point where a sabotage stops it.
const PATIENCE: Duration = Duration::from_secs(30);

const COUNTS: [&str; 5] = ["lost", "corrupt", "half_done", "audit_broken", "doubled"];

/// Kills and counts.
///
/// # Errors
/// A part that is not built, a child that fails on its own, files that cannot be read.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    if options.backend == Backend::Postgres {
        return Err(Stop::NotBuilt("crash --backend postgres"));
    }
    let kinds = kinds(options)?;
    let temporary = tempfile::tempdir()?;
    let dir = options.dir.as_deref().unwrap_or(temporary.path());
    fs::create_dir_all(dir)?;
    if fs::read_dir(dir)?.next().is_some() {
        return Err(Stop::Usage("--dir is not empty".to_owned()));
    }
    let cpu = CpuTime::now();
    let mut total = Counts::default();
    let mut random = Random(shop::mix(options.seed));
    let each = |nth: usize| {
        let (kills, kinds) = (options.kills as usize, kinds.len());
        ((nth + 1) * kills / kinds - nth * kills / kinds) as u32
    };
    for (nth, what) in kinds.iter().enumerate() {
        let mut left = each(nth);
        let mut folder = 0;
        while left > 0 {
            let place = dir.join(format!("{what:?}-{folder}").to_lowercase());
            let mut one = Folder::new(place, *what, options)?;
            left -= one.kill_some(left, &mut random, &mut total)?;
            if options.dir.is_none() {
                fs::remove_dir_all(&one.dir)?;
            }
            folder += 1;
        }
    }
    let figures = io.figures;
    figures.rows = false;
    figures.cpu_s = cpu.elapsed_s();
    figures.set("kills", options.kills);
    figures.set("acknowledged", total.acknowledged);
    figures.set("in_flight", total.in_flight);
    if kinds.contains(&What::Restore) {
        figures.set("in_restore", total.in_restore);
    }
    for (name, count) in COUNTS.into_iter().zip(total.counts) {
        figures.set(name, count);
    }
    if total.acknowledged == 0 && options.kills >= 10 {
        return Err(Stop::Failed("no kill fell into the work".to_owned()));
    }
    Ok(if total.counts.iter().all(|count| *count == 0) {
        Outcome::AllDone
    } else {
        Outcome::SomeErrors
    })
}

/// What is killed, and whether the sabotage can show in it.
fn kinds(options: &Options) -> Result<Vec<What>, Stop> {
    let all = <What as ValueEnum>::value_variants();
    let shows: &[What] = match options.sabotage {
        None | Some(Sabotage::AckEarly) => all,
        Some(Sabotage::SkipFsync) => &[What::Write],
        Some(Sabotage::NoRecovery) => &[What::Erase, What::Sweep, What::Restore],
    };
    match options.what {
        None => Ok(shows.to_vec()),
        Some(what) if shows.contains(&what) => Ok(vec![what]),
        Some(_) => Err(Stop::Usage(
            "this sabotage cannot show in this kind of work: see --help".to_owned(),
        )),
    }
}

#[derive(Default)]
struct Counts {
    acknowledged: u64,
    in_flight: u64,
    in_restore: u64,
    counts: [u64; 5],
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = shop::mix(self.0);
        self.0 % end
    }
}

/// One store and what its children told.
struct Folder<'a> {
    dir: PathBuf,
    what: What,
    options: &'a Options,
    journal: PathBuf,
    lines: Vec<String>,
    /// Lines a look has seen.
    seen: usize,
}

impl<'a> Folder<'a> {
    fn new(dir: PathBuf, what: What, options: &'a Options) -> Result<Self, Stop> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let store = shop::create(&dir, Arc::new(OsEntropy::new())).await?;
            store.close().await?;
            Ok::<_, Stop>(())
        })?;
        let mut journal = dir.clone().into_os_string();
        journal.push(".journal");
        Ok(Folder {
            dir,
            what,
            options,
            journal: journal.into(),
            lines: Vec::new(),
            seen: 0,
        })
    }

    /// Kills children until the folder is full; how many.
    fn kill_some(
        &mut self,
        most: u32,
        random: &mut Random,
        total: &mut Counts,
    ) -> Result<u32, Stop> {
        let most = most.min(FOLDER);
        for run in 0..most {
            let told = self.kill_one(run, random)?;
            let journal = Journal::read(self.what, told.iter().map(String::as_str));
            total.acknowledged += journal.acknowledged();
            total.in_flight += u64::from(journal.is_in_flight());
            total.in_restore += u64::from(journal.is_restoring());
            self.lines.extend(told);
            let full = self.lines.len() > 2 * FOLDER_ACTS;
            let last = run + 1 == most || full;
            if last || self.options.sabotage.is_some() || random.below(UNSEEN) > 0 {
                let counts = self.look(last)?;
                for (sum, count) in total.counts.iter_mut().zip(counts) {
                    *sum += count;
                }
                self.seen = self.lines.len();
            }
            if full {
                return Ok(run + 1);
            }
        }
        Ok(most)
    }

    fn kill_one(&self, run: u32, random: &mut Random) -> Result<Vec<String>, Stop> {
        let mut command = this(&["crash-child", "--dir"])?;
        command.arg(&self.dir);
        command.args(["--what", &name_of(self.what), "--run", &run.to_string()]);
        if let Some(sabotage) = self.options.sabotage {
            command.args(["--sabotage", &name_of(sabotage)]);
        }
        if matches!(self.what, What::Write | What::Rotate) {
            let journal = Journal::read(self.what, self.lines.iter().map(String::as_str));
            for n in journal.unacknowledged() {
                command.args(["--again", &n.to_string()]);
            }
        }
        let mut child = command.stderr(Stdio::piped()).spawn()?;
        let mut pipe = child.stdout.take().ok_or_else(no_pipe)?;
        let (stopped, is_stopped) = std::sync::mpsc::channel();
        let reader = std::thread::spawn(move || {
            let (mut told, mut part) = (Vec::new(), [0; 4096]);
            while let Ok(len @ 1..) = pipe.read(&mut part) {
                told.extend_from_slice(part.get(..len).unwrap_or_default());
                if told.ends_with(Act::STOPPED.as_bytes()) {
                    // Nobody waits if there is no sabotage.
                    let _ = stopped.send(());
                }
            }
            told
        });
        std::thread::sleep(Duration::from_millis(5 + random.below(496)));
        if self.options.sabotage == Some(Sabotage::NoRecovery) {
            is_stopped
                .recv_timeout(PATIENCE)
                .map_err(|_| Stop::Failed("a child did not stop where it should".to_owned()))?;
        }
        end(child)?;
        let told = reader.join().map_err(|_| no_pipe())?;
        // A line that the kill cut off was not told.
        let whole = told
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let told = String::from_utf8_lossy(told.get(..whole).unwrap_or_default());
        Ok(told.lines().map(str::to_owned).collect())
    }

    /// Lets a new process open the store and count.
    fn look(&mut self, whole: bool) -> Result<[u64; 5], Stop> {
        fs::write(&self.journal, self.lines.join("\n"))?;
        let mut command = this(&["crash-look", "--dir"])?;
        command.arg(&self.dir).arg("--journal").arg(&self.journal);
        command.args([
            "--what",
            &name_of(self.what),
            "--seen",
            &self.seen.to_string(),
        ]);
        if self.options.sabotage == Some(Sabotage::NoRecovery) {
            command.arg("--as-it-is");
        }
        if whole {
            command.arg("--whole");
        }
        let output = command.stderr(Stdio::piped()).output()?;
        let told: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
            let said = String::from_utf8_lossy(&output.stderr);
            Stop::Failed(format!("a look failed: {}", said.trim()))
        })?;
        let also = told.get("told").and_then(Value::as_str).unwrap_or_default();
        let also = also.lines().filter(|line| !line.is_empty());
        self.lines.extend(also.map(str::to_owned));
        Ok(COUNTS.map(|name| told.get(name).and_then(Value::as_u64).unwrap_or(u64::MAX)))
    }
}

/// SIGKILL: no destructor, no flush, no last word.
fn end(mut child: Child) -> Result<(), Stop> {
    child.kill()?;
    let status = child.wait()?;
    if status.code().is_some() {
        let mut said = String::new();
        if let Some(mut stderr) = child.stderr.take() {
            stderr.read_to_string(&mut said)?;
        }
        return Err(Stop::Failed(format!(
            "a child ended before it was killed: {}",
            said.trim()
        )));
    }
    Ok(())
}

fn this(args: &[&str]) -> Result<Command, Stop> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    Ok(command)
}

fn no_pipe() -> Stop {
    Stop::Failed("the pipe of a child broke".to_owned())
}

fn name_of(value: impl ValueEnum) -> String {
    value
        .to_possible_value()
        .map(|v| v.get_name().to_owned())
        .unwrap_or_default()
}

fn files(dir: &Path) -> tactful::crypto_store::StoreFiles {
    tactful::crypto_store::StoreFiles::in_dir(dir)
}
