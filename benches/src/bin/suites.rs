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
use tactful_benches::cmd::{Io, detect, restore as command};
use tactful_benches::figures::Figures;
use tactful_benches::suites::found::{self, What};
use tactful_benches::suites::{Score, guards, injections, known, restore, secrets};

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
    /// Messages that try to get at values, and replies of a model that fell for them.
    Injections {
        /// The file of cases.
        file: PathBuf,
        /// Fails below this share.
        #[arg(long, default_value_t = 1.0)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// Values of a known profile, distorted: cases made from a seed.
    Known {
        /// Where the cases begin; 1 is for development.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Profiles, five cases each.
        #[arg(long, default_value_t = 1000)]
        profiles: usize,
        /// Fails when the share of all cases is below.
        #[arg(long, default_value_t = 0.95)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// Secrets of thirty kinds and more: cases made from a seed.
    Secrets {
        /// Where the cases begin; 1 is for development.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Cases of each kind.
        #[arg(long, default_value_t = 40)]
        per_kind: usize,
        /// Fails when the share of all cases is below.
        #[arg(long, default_value_t = 0.92)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// Special categories and their harmless twins.
    Special {
        /// The file of cases.
        file: PathBuf,
        /// Fails when precision or recall of a language is below.
        #[arg(long, default_value_t = 0.85)]
        floor: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
}

fn main() -> ExitCode {
    let suite = Cli::parse().suite;
    let judge: fn(&Score) -> f64 = match &suite {
        // Each language has to hold by itself.
        Suite::Special { .. } => Score::least,
        Suite::Known { .. } => found::known_share,
        _ => Score::share,
    };
    let (file, floor, show, score) = match suite {
        Suite::Known {
            seed,
            profiles,
            floor,
            show,
        } => {
            let rows = known::cases(seed, profiles);
            let score = found::run(
                What::Known,
                rows.iter().map(String::as_str),
                &mut run_detect,
            );
            (
                PathBuf::from(format!("known, seed {seed}")),
                floor,
                show,
                score,
            )
        }
        Suite::Secrets {
            seed,
            per_kind,
            floor,
            show,
        } => {
            let rows = secrets::cases(seed, per_kind);
            let score = found::run(
                What::Secrets,
                rows.iter().map(String::as_str),
                &mut run_detect,
            );
            (
                PathBuf::from(format!("secrets, seed {seed}")),
                floor,
                show,
                score,
            )
        }
        Suite::Special { file, floor, show } => {
            let score = read(&file)
                .and_then(|text| found::run(What::Special, text.lines(), &mut run_detect));
            (file, floor, show, score)
        }
        Suite::Restore { file, floor, show } => {
            let score = read(&file).and_then(|text| run_restore(&text));
            (file, floor, show, score)
        }
        Suite::Injections { file, floor, show } => {
            let score = read(&file).and_then(|text| injections::run(&text));
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
            ExitCode::from(u8::from(judge(&score) < floor))
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

fn run_detect(input: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut output = Vec::new();
    let mut figures = Figures::default();
    let io = Io {
        input: &mut input.as_slice(),
        output: &mut output,
        figures: &mut figures,
    };
    detect::run(&detect::Options::default(), io).map_err(|_| "eval detect failed".to_owned())?;
    Ok(output)
}
