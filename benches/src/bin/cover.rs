//! `cover`: full-cover recall of `eval detect` on labelled texts of your own.
//!
//!     cover GOLD.jsonl        rows {"id","lang","text","spans":[{"start","end","label"}]}, offsets in characters
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program prints what it counted"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tactful_benches::cmd::{Io, detect};
use tactful_benches::figures::Figures;
use tactful_benches::suites::cover;

/// Full-cover recall by language.
#[derive(Parser)]
#[command(name = "cover", version)]
struct Cli {
    /// Labelled texts.
    file: PathBuf,
    /// Labels that are not counted.
    #[arg(long, default_value = cover::IGNORED)]
    ignore: String,
    /// Fails below this share in all.
    #[arg(long, default_value_t = 0.0)]
    floor: f64,
    /// Options of `eval detect`.
    #[command(flatten)]
    detect: detect::Options,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ignored: Vec<&str> = cli.ignore.split(',').map(str::trim).collect();
    let score = std::fs::read_to_string(&cli.file)
        .map_err(|e| e.kind().to_string())
        .and_then(|text| {
            cover::run(&text, &ignored, &mut |input| {
                let mut output = Vec::new();
                let mut figures = Figures::default();
                let io = Io {
                    input: &mut input.as_slice(),
                    output: &mut output,
                    figures: &mut figures,
                };
                detect::run(&cli.detect, io).map_err(|_| "eval detect failed".to_owned())?;
                Ok(output)
            })
        });
    match score {
        Ok(score) => {
            println!("{score}");
            ExitCode::from(u8::from(score.share() < cli.floor))
        }
        Err(error) => {
            eprintln!("cover: {error}");
            ExitCode::from(2)
        }
    }
}
