//! `suites`: runs a frozen suite of `benches/suites/` through the commands of `eval`, and counts.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints what it counted"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tactful_benches::cmd::{Io, restore as command};
use tactful_benches::figures::Figures;
use tactful_benches::suites::{Score, guards, restore};

/// Runs a frozen suite.
#[derive(Parser)]
#[command(name = "suites", version)]
struct Cli {
    #[command(subcommand)]
    suite: Suite,
}

#[derive(Subcommand)]
enum Suite {
    /// Restoring: each case whole, cut at every place, one character at a time.
    Restore {
        /// The file of cases.
        file: PathBuf,
        /// Fails below this share.
        #[arg(long, default_value_t = 1.0)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// Guards: drafts with a planted fault, and drafts without.
    Guards {
        /// The file of cases.
        file: PathBuf,
        /// Fails below this share.
        #[arg(long, default_value_t = 1.0)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
}

fn main() -> ExitCode {
    let (file, floor, show, score) = match Cli::parse().suite {
        Suite::Restore { file, floor, show } => {
            let score = read(&file).and_then(|text| run_restore(&text));
            (file, floor, show, score)
        }
        Suite::Guards { file, floor, show } => {
            let score = read(&file).and_then(|text| guards::run(&text));
            (file, floor, show, score)
        }
    };
    match score {
        Ok(score) => {
            for failure in score.failures.iter().take(show) {
                println!("FAILED {failure}");
            }
            println!("{}\n{score}", file.display());
            ExitCode::from(u8::from(score.share() < floor))
        }
        Err(error) => {
            eprintln!("suites: {error}");
            ExitCode::from(2)
        }
    }
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|e| e.kind().to_string())
}

fn run_restore(text: &str) -> Result<Score, String> {
    restore::run(text, &mut |format, input| {
        let format = match format {
            "json" => command::Around::Json,
            "html" => command::Around::Html,
            _ => command::Around::Text,
        };
        let mut output = Vec::new();
        let mut figures = Figures::default();
        let io = Io {
            input: &mut input.as_slice(),
            output: &mut output,
            figures: &mut figures,
        };
        command::run(&command::Options::new(format), io)
            .map_err(|_| "eval restore failed".to_owned())?;
        Ok(output)
    })
}
