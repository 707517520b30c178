//! `suites`: runs a frozen suite of `benches/suites/` through the commands of `eval`, and counts.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints what it counted"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tactful_benches::cmd::{Io, restore as command};
use tactful_benches::figures::Figures;
use tactful_benches::suites::{Score, restore};

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
}

fn main() -> ExitCode {
    let Suite::Restore { file, floor, show } = Cli::parse().suite;
    match run_restore(&file) {
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

fn run_restore(file: &std::path::Path) -> Result<Score, String> {
    let text = std::fs::read_to_string(file).map_err(|e| e.kind().to_string())?;
    restore::run(&text, &mut |format, input| {
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
