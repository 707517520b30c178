//! One real ticket walks all the way through the house, then 150 of them, then the clock moves.
//!
//!     cargo run -p tactful-examples --bin quick_start
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tactful_examples::quick_start::{Options, check, run, verify};

/// Seals tickets into an encrypted store, drafts replies, moves the clock and proves what is gone.
#[derive(Parser)]
#[command(name = "quick_start", version)]
struct Cli {
    /// Your own tickets: JSON Lines, or CSV with the columns `id` and `text`. Default: 150 invented ones.
    #[arg(long, value_name = "FILE")]
    tickets: Option<PathBuf>,
    /// Keeps the store in this folder. Default: a temporary folder that is removed at the end.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// One JSON object a line instead of pictures, each after the fact it tells is durable.
    #[arg(long)]
    json: bool,
    /// Reads what an earlier `--json` run printed from FILE and counts what of it the store in --dir still holds.
    #[arg(long, value_name = "FILE", requires = "dir")]
    check: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Checks a certificate of erasure offline, with the public key in the file of the same name that ends in .pub.
    Verify {
        /// The certificate that an earlier run left in its --dir.
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Verify { file }) = &cli.command {
        return match verify(file) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&error.to_string()),
        };
    }
    let options = Options {
        tickets: cli.tickets,
        dir: cli.dir,
        json: cli.json,
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no runtime: {}", error.kind())),
    };
    let done = runtime.block_on(async {
        match cli.check {
            Some(file) => check(&options, &file).await,
            None => run(&options).await,
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

#[expect(
    clippy::print_stderr,
    reason = "a program tells its user what went wrong"
)]
fn fail(message: &str) -> ExitCode {
    eprintln!("quick_start: {message}");
    ExitCode::FAILURE
}
