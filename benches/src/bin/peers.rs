//! `peers`: what pgcrypto and plain SQLite do with the records of the store. See docs/benchmarks.md.
#![forbid(unsafe_code)]
#![expect(clippy::print_stderr, reason = "what went wrong belongs on stderr")]

use std::io::{empty, stdout};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tactful_benches::cmd::store::{copy, peers};
use tactful_benches::cmd::{Io, Stop};
use tactful_benches::figures::Figures;

/// Measures the store beside pgcrypto and plain SQLite; one JSON line on stdout a peer.
#[derive(Parser)]
#[command(name = "peers", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    options: peers::Options,
    #[command(subcommand)]
    look: Option<Look>,
}

#[derive(Subcommand)]
enum Look {
    /// What a copy of a store's files still tells.
    #[command(hide = true)]
    StoreLook(copy::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut output = stdout().lock();
    let done = match &cli.look {
        None => peers::run(&cli.options, &mut output),
        Some(Look::StoreLook(options)) => {
            let io = Io {
                input: &mut empty(),
                output: &mut output,
                figures: &mut Figures::default(),
            };
            copy::run(options, io).map(drop)
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Usage(what) | Stop::Failed(what)) => {
            eprintln!("peers: {what}");
            ExitCode::from(2)
        }
        Err(Stop::Io(error)) => {
            eprintln!("peers: reading or writing failed: {}", error.kind());
            ExitCode::from(2)
        }
        Err(_) => ExitCode::from(2),
    }
}
