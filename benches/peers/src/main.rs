//! How fast this detector and other crates read the same texts in the same minutes. See README.md.
#![forbid(unsafe_code)]

mod gate;
mod input;
mod measure;
mod peers;
mod retrieve;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Speed of detection beside other crates: CPU time, start and memory, as a Markdown table a file.
#[derive(Parser)]
#[command(name = "tactful-peers", version)]
struct Cli {
    /// JSON Lines with `text`, or with `thread` (one call a ticket). Without one: the example tickets.
    files: Vec<PathBuf>,
    /// Bytes of text a round; shorter files are repeated.
    #[arg(long, default_value_t = 5_000_000)]
    bytes: usize,
    /// Rounds; the peers take turns in each.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// CPU seconds after which a peer's turn ends; what it read until then counts.
    #[arg(long, default_value_t = 2.0)]
    turn: f64,
    /// Pseudonymises and restores instead, beside the peer that does both.
    #[arg(long)]
    gate: bool,
    /// Searches instead: files are the corpus and the queries that `suites questions --rows` or `suites turns --rows` wrote.
    #[arg(long)]
    retrieve: bool,
    /// Only peers whose name holds this.
    #[arg(long)]
    only: Option<String>,
    /// Measures start and memory of one peer, in a process of its own.
    #[arg(long, hide = true)]
    child: Option<String>,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(what) => {
            eprintln!("peers: {what}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli) -> Result<(), String> {
    let mut files = cli.files.clone();
    if files.is_empty() {
        files.push(PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../examples/data/tickets.jsonl"
        )));
    }
    if let Some(name) = &cli.child {
        let texts = input::texts(&files[0])?;
        let peer = peers::by_name(name).ok_or("no such peer")?;
        println!("{}", measure::start(peer, &texts)?);
        return Ok(());
    }
    if cli.retrieve {
        let [corpus, queries] = &files[..] else {
            return Err("--retrieve takes a corpus and queries".to_owned());
        };
        return retrieve::print(corpus, queries);
    }
    if cli.gate {
        for file in &files {
            let texts = input::texts(file)?;
            gate::print(file, &texts, cli.bytes, cli.rounds, cli.turn)?;
        }
        return Ok(());
    }
    let wanted: Vec<_> = peers::all()
        .into_iter()
        .filter(|p| p.ours() || cli.only.as_ref().is_none_or(|part| p.name.contains(part)))
        .collect();
    for file in &files {
        let texts = input::texts(file)?;
        let starts = wanted
            .iter()
            .map(|peer| measure::start_in_child(peer.name, file))
            .collect::<Result<Vec<_>, _>>()?;
        let speeds = measure::speeds(&wanted, &texts, cli.bytes, cli.rounds, cli.turn)?;
        table::print(file, &texts, &wanted, &starts, &speeds);
    }
    Ok(())
}
