//! Processes that sweep until they are killed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use clap::Args;

use super::super::{Done, Io, Stop, shop};
use super::clock::Clock;
use super::plan::Plan;
use super::{Options, Sabotage, open, work};

/// Options of the process that is killed.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Child {
    /// The store's files.
    #[arg(long)]
    dir: PathBuf,
    /// Where its clock begins, in seconds after the opening.
    #[arg(long)]
    from: u64,
    /// Where its clock ends.
    #[arg(long)]
    until: u64,
    /// Threads that sweep.
    #[arg(long)]
    sweepers: u32,
    /// A fault.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
}

/// In which a child's clock goes from its beginning to its end.
const TIME: Duration = Duration::from_millis(400);

/// Kills the children one after the other; where the clock stands then.
pub(super) fn kill(options: &Options, dir: &Path) -> Result<u64, Stop> {
    let (begin, half) = (Plan::BEGIN, (Plan::END - Plan::BEGIN) / 2);
    let mut random = 7;
    let at = |n: u64| begin + half * n / u64::from(options.kills).max(1);
    for n in 0..u64::from(options.kills) {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("sweep-child").arg("--dir").arg(dir);
        command.args([
            "--from",
            &at(n).to_string(),
            "--until",
            &at(n + 1).to_string(),
        ]);
        command.args(["--sweepers", &options.sweepers.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn()?;
        random = shop::mix(random);
        std::thread::sleep(Duration::from_millis(5 + random % 496));
        child.kill()?;
        if child.wait()?.code().is_some() {
            return Err(Stop::Failed(
                "a child ended before it was killed".to_owned(),
            ));
        }
    }
    Ok(if options.kills == 0 {
        begin
    } else {
        begin + half
    })
}

/// Sweeps until it is killed.
///
/// # Errors
/// A store that does not open or sweep.
pub fn run(options: &Child, _io: Io<'_>) -> Done {
    let store = work::block(open(&options.dir, options.sabotage))?;
    let clock = Clock::within(options.from, options.until, TIME);
    let ended = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..options.sweepers {
            scope.spawn(|| {
                loop {
                    let swept = work::block(work::sweep(&store, clock, &ended));
                    let purged = work::block(async { Ok(store.purge(clock.now(), 2000).await?) });
                    if swept.is_err() || purged.is_err() {
                        std::process::exit(1);
                    }
                }
            });
        }
    });
    Err(Stop::Failed("a child was not killed".to_owned()))
}
