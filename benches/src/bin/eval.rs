//! `eval`: measures the libraries over their public API. See docs/benchmarks.md.
#![forbid(unsafe_code)]
#![expect(clippy::print_stderr, reason = "figures and usage belong on stderr")]

use std::io::{BufReader, BufWriter, Write, stdin, stdout};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tactful_benches::cmd::{
    Io, Stop, anonymise, breach, classify, crash, deadline, detect, draft, erase, errors, restore,
    retrieve, seal, store, sweep,
};
use tactful_benches::figures::Figures;
use tactful_benches::rows::{ErrorCode, Outcome};

/// Measures the libraries: JSON Lines on stdin, one answer a line on stdout, figures as the last line on stderr.
#[derive(Parser)]
#[command(name = "eval", version, after_help = codes())]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Personal data in texts: where, what kind, why.
    Detect(detect::Options),
    /// The worst misses of sets marked by hand, without a word of their texts, as Markdown.
    Errors(errors::Options),
    /// Texts with tags for values.
    Seal(seal::Options),
    /// Tags in a model's answer back to values, chunk by chunk.
    Restore(restore::Options),
    /// Texts of a corpus nearest to each row.
    Retrieve(retrieve::Options),
    /// Replies from a knowledge base, or why there is none.
    Draft(draft::Options),
    /// Templates of what several tickets of several people have in common.
    Anonymise(anonymise::Options),
    /// Labels learned from a file, with how sure they are.
    Classify(classify::Options),
    /// The month to answer a request, extended or not, with pauses. Not legal advice.
    Deadline(deadline::Options),
    /// The hours to notify a breach, counted in three ways. Not legal advice.
    Breach(deadline::Options),
    /// Throughput and remnants of the store.
    Store(store::Options),
    /// What a copy of a store's files still tells.
    #[command(hide = true)]
    StoreLook(store::copy::Options),
    /// One person of many erased in five sources, timed, and everything searched for what is left.
    Erase(erase::Options),
    /// SIGKILL at random moments.
    Crash(crash::Options),
    /// What is killed.
    #[command(hide = true)]
    CrashChild(crash::child::Options),
    /// What a killed process left.
    #[command(hide = true)]
    CrashLook(crash::look::Options),
    /// Time limits under load: several sweepers, a reader, processes that are killed.
    Sweep(sweep::Options),
    /// What is killed while it sweeps.
    #[command(hide = true)]
    SweepChild(sweep::child::Child),
    /// Whole tickets a second. Not built yet.
    #[command(disable_help_flag = true)]
    Pipeline(Rest),
    /// One row a promise. Not built yet.
    #[command(disable_help_flag = true)]
    Promises(Rest),
}

/// Options of a command that is not built; read and not looked at.
#[derive(clap::Args)]
struct Rest {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<String>,
}

fn codes() -> String {
    let names: Vec<_> = ErrorCode::ALL.iter().map(|c| c.as_str()).collect();
    format!(
        "Exit: 0 all done, 1 some row carries `error`, 2 usage or unreadable input, 3 not built yet.\nError codes: {}",
        names.join(" ")
    )
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut figures = Figures::default();
    let mut input = BufReader::with_capacity(1 << 20, stdin().lock());
    let mut output = BufWriter::with_capacity(1 << 20, stdout().lock());
    let io = Io {
        input: &mut input,
        output: &mut output,
        figures: &mut figures,
    };
    let done = run(&cli.command, io);
    if let Err(error) = output.flush() {
        eprintln!("eval: writing failed: {}", error.kind());
        return ExitCode::from(2);
    }
    match done {
        Ok(outcome) => {
            eprintln!("{}", figures.line());
            ExitCode::from(u8::from(outcome == Outcome::SomeErrors))
        }
        Err(Stop::NotBuilt(what)) => {
            eprintln!("eval: {what} is not built yet");
            ExitCode::from(3)
        }
        Err(Stop::Usage(what)) => {
            eprintln!("eval: {what}");
            ExitCode::from(2)
        }
        Err(Stop::Io(error)) => {
            eprintln!("eval: reading or writing failed: {}", error.kind());
            ExitCode::from(2)
        }
        Err(Stop::Failed(what)) => {
            eprintln!("eval: {what}");
            ExitCode::from(2)
        }
        Err(_) => ExitCode::from(2),
    }
}

fn run(command: &Command, io: Io<'_>) -> Result<Outcome, Stop> {
    match command {
        Command::Detect(options) => detect::run(options, io),
        Command::Errors(options) => errors::run(options, io),
        Command::Seal(options) => seal::run(options, io),
        Command::Restore(options) => restore::run(options, io),
        Command::Retrieve(options) => retrieve::run(options, io),
        Command::Draft(options) => draft::run(options, io),
        Command::Anonymise(options) => anonymise::run(options, io),
        Command::Classify(options) => classify::run(options, io),
        Command::Deadline(options) => deadline::run(options, io),
        Command::Breach(options) => breach::run(options, io),
        Command::Store(options) => store::run(options, io),
        Command::StoreLook(options) => store::copy::run(options, io),
        Command::Erase(options) => erase::run(options, io),
        Command::Crash(options) => crash::run(options, io),
        Command::CrashChild(options) => crash::child::run(options, io),
        Command::CrashLook(options) => crash::look::run(options, io),
        Command::Sweep(options) => sweep::run(options, io),
        Command::SweepChild(options) => sweep::child::run(options, io),
        Command::Pipeline(_) => Err(Stop::NotBuilt("pipeline (whole tickets a second)")),
        Command::Promises(_) => Err(Stop::NotBuilt("promises (one row a promise)")),
    }
}
