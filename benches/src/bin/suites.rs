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
use tactful_benches::cmd::{Io, anonymise, detect, restore as command};
use tactful_benches::figures::{CpuTime, Figures};
use tactful_benches::suites::found::{self, What};
use tactful_benches::suites::questions::Rows;
use tactful_benches::suites::{
    Score, alarms, gate, guards, injections, known, reident, restore, rights, secrets,
};

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
    /// Drafts with one seeded hallucination, and hard ones without: recall by case, code and language, false alarms by case.
    Hallucinations {
        /// The file of cases; the open part without it.
        file: Option<PathBuf>,
        /// Fails when fewer of the faults are found.
        #[arg(long, default_value_t = 0.93)]
        floor: f64,
        /// Fails when more of the drafts without fault have a finding.
        #[arg(long, default_value_t = 0.06)]
        alarms: f64,
        /// Prints this many failures.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// False alarms of the guards: each text of the files is a draft that cites itself. Rates per 1,000 drafts, by code.
    Alarms {
        /// JSON Lines with `text`, `thread` or `tokens`, or an array of conversations with `original`.
        files: Vec<PathBuf>,
        /// Cites a passage that says nothing: what the guards read as claims.
        #[arg(long)]
        bare: bool,
        /// Prints this many findings; of public data sets alone.
        #[arg(long, default_value_t = 0)]
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
    /// Who can be found again in templates made of invented tickets: an attacker with a register, one with the tickets, and what
    /// the templates are still good for.
    Reident {
        /// Where the world begins; 1 is for development.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Fails when more texts than this share, and chance, lead to somebody behind them.
        #[arg(long, default_value_t = 0.01)]
        found: f64,
        /// Fails when more points of intent accuracy are lost.
        #[arg(long, default_value_t = 5.0)]
        lost: f64,
    },
    /// What the gate to a model costs: sealing, the leak check, restoring, what a stream holds back, calls of tools. The last
    /// line is JSON. Times are told; it fails by what is counted alone.
    Gate {
        /// JSON Lines with `text`, or with `thread` as in the example tickets, which are read without a file.
        file: Option<PathBuf>,
        /// Cases of the suite of restoring, as replies.
        #[arg(long)]
        replies: Option<PathBuf>,
        /// Rounds in which what is compared takes turns.
        #[arg(long, default_value_t = 7)]
        rounds: usize,
        /// Bytes of text a turn; shorter files are repeated.
        #[arg(long, default_value_t = 1_000_000)]
        bytes: usize,
        /// Calls of tools.
        #[arg(long, default_value_t = 200)]
        calls: usize,
        /// Prints this many calls that went wrong.
        #[arg(long, default_value_t = 20)]
        show: usize,
    },
    /// Questions over the passages of a shop's guidelines: what the retriever finds first.
    Questions {
        /// The file of questions; the development part without one.
        file: Option<PathBuf>,
        /// The guidelines, which are not kept here.
        #[arg(long)]
        guidelines: PathBuf,
        /// Writes `corpus.jsonl` and `queries.jsonl` into this folder, for `tactful-peers --retrieve`.
        #[arg(long)]
        rows: Option<PathBuf>,
        /// Fails with more errors at rank 1.
        #[arg(long)]
        errors: Option<usize>,
    },
    /// Turns of MultiDoGO over turns of the same intent; all of both files.
    Turns {
        /// The turns that are searched, unpacked.
        #[arg(long)]
        train: PathBuf,
        /// The turns that ask.
        #[arg(long)]
        dev: PathBuf,
        /// Writes `corpus.jsonl` and `queries.jsonl` into this folder, for `tactful-peers --retrieve`.
        #[arg(long)]
        rows: Option<PathBuf>,
        /// Fails with more errors at rank 1.
        #[arg(long)]
        errors: Option<usize>,
    },
    /// Which right of the GDPR a message asks for. Rows without `expect` are ordinary tickets.
    Rights {
        /// The file of cases; the development half without one.
        file: Option<PathBuf>,
        /// Fails when fewer of the texts that ask for a right are found.
        #[arg(long, default_value_t = 0.9)]
        floor: f64,
        /// Fails when more of the ordinary texts are taken for such.
        #[arg(long, default_value_t = 0.01)]
        alarms: f64,
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
    let by_other_figures = match &suite {
        Suite::Reident { seed, found, lost } => Some(run_reident(*seed, *found, *lost)),
        Suite::Rights {
            file,
            floor,
            alarms,
            show,
        } => Some(run_rights(file.as_deref(), *floor, *alarms, *show)),
        Suite::Hallucinations {
            file,
            floor,
            alarms,
            show,
        } => Some(run_hallucinations(file.as_deref(), *floor, *alarms, *show)),
        Suite::Alarms { files, bare, show } => Some(run_alarms(files, *bare, *show)),
        Suite::Questions {
            file,
            guidelines,
            rows,
            errors,
        } => Some(
            questions(file.as_deref(), guidelines)
                .and_then(|found| run_retrieve(&found, rows.as_deref(), *errors)),
        ),
        Suite::Turns {
            train,
            dev,
            rows,
            errors,
        } => Some(
            read(train)
                .and_then(|train| Rows::turns(&train, &read(dev)?))
                .and_then(|found| run_retrieve(&found, rows.as_deref(), *errors)),
        ),
        Suite::Gate {
            file,
            replies,
            rounds,
            bytes,
            calls,
            show,
        } => {
            let effort = gate::Effort {
                rounds: *rounds,
                bytes: *bytes,
                calls: *calls,
            };
            Some(run_gate(
                file.as_deref(),
                replies.as_deref(),
                &effort,
                *show,
            ))
        }
        _ => None,
    };
    match by_other_figures {
        Some(Ok(held)) => return ExitCode::from(u8::from(!held)),
        Some(Err(error)) => {
            eprintln!("suites: {error}");
            return ExitCode::from(2);
        }
        None => {}
    }
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
        // Judged above, by other figures.
        Suite::Reident { .. }
        | Suite::Gate { .. }
        | Suite::Hallucinations { .. }
        | Suite::Alarms { .. }
        | Suite::Questions { .. }
        | Suite::Turns { .. }
        | Suite::Rights { .. } => return ExitCode::from(2),
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

fn run_reident(seed: u64, found: f64, lost: f64) -> Result<bool, String> {
    let world = reident::world(seed);
    let rows = world.rows().map_err(|error| error.to_string())?;
    let input = rows.join("\n");
    let mut output = Vec::new();
    let io = Io {
        input: &mut input.as_bytes(),
        output: &mut output,
        figures: &mut Figures::default(),
    };
    anonymise::run(&anonymise::Options::default(), io)
        .map_err(|_| "eval anonymise failed".to_owned())?;
    let answers = String::from_utf8(output).map_err(|error| error.to_string())?;
    let outcome = world.outcome(answers.lines())?;
    let published = &outcome.published;
    let stand: usize = published.iter().map(|text| text.tickets.len()).sum();
    println!(
        "seed {seed}: {stand} of {} tickets in {} templates; refused {:?}, without answer {}",
        rows.len(),
        published.len(),
        outcome.refused,
        outcome.missing
    );
    let a = world.score(
        &reident::attacker_a(&world.register, published, seed),
        published,
    );
    println!("A, with a register of {}: {a}", world.register.len());
    let b = world.score_links(&reident::attacker_b(&world.tickets, published), published);
    println!("B, with the tickets: {b}");
    let utility = world.utility(published);
    println!("{utility}");
    Ok(outcome.missing == 0 && a.share() <= found + a.chance && utility.lost() <= lost)
}

fn run_hallucinations(
    file: Option<&Path>,
    floor: f64,
    alarms: f64,
    show: usize,
) -> Result<bool, String> {
    let open = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/hallucinations_dev.jsonl");
    let file = file.unwrap_or(&open);
    let planted = guards::planted(&read(file)?)?;
    for failure in planted.failures.iter().take(show) {
        println!("FAILED {failure}");
    }
    println!("{}\n{planted}", file.display());
    let (found, alarmed) = planted.shares();
    Ok(found >= floor && alarmed <= alarms)
}

fn run_alarms(files: &[PathBuf], bare: bool, show: usize) -> Result<bool, String> {
    let mut counted = alarms::Alarms::default();
    for file in files {
        alarms::run(&read(file)?, bare, &mut counted)?;
    }
    for (code, part) in counted.parts.iter().take(show) {
        println!("{code}\t{}", part.escape_debug());
    }
    println!("{counted}");
    Ok(counted.drafts > 0)
}

fn run_gate(
    file: Option<&Path>,
    replies: Option<&Path>,
    effort: &gate::Effort,
    show: usize,
) -> Result<bool, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = match file {
        Some(file) => read(file)?,
        None => read(&here.join("../examples/data/tickets.jsonl"))?,
    };
    let replies = match replies {
        Some(file) => read(file)?,
        None => read(&here.join("suites/restore_dev.jsonl"))?,
    };
    let mut figures = Figures::default();
    let start = CpuTime::now();
    let gate = gate::run(&texts, &replies, effort)?;
    figures.cpu_s = start.elapsed_s();
    for failure in gate.calls.failures.iter().take(show) {
        println!("FAILED {failure}");
    }
    gate.figures(&mut figures);
    println!("{}\n{}", gate.table(), figures.line());
    Ok(gate.holds())
}

fn questions(file: Option<&Path>, guidelines: &Path) -> Result<Rows, String> {
    let suites = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites");
    let dev = suites.join("questions_dev.jsonl");
    let guidelines = std::fs::read(guidelines).map_err(|e| e.kind().to_string())?;
    let manifest = read(&suites.join("questions_passages.json"))?;
    Rows::questions(&read(file.unwrap_or(&dev))?, &guidelines, &manifest)
}

fn run_retrieve(found: &Rows, folder: Option<&Path>, most: Option<usize>) -> Result<bool, String> {
    if let Some(folder) = folder {
        let [corpus, queries] = found.lines();
        for (name, lines) in [("corpus.jsonl", corpus), ("queries.jsonl", queries)] {
            std::fs::write(folder.join(name), lines).map_err(|e| e.kind().to_string())?;
        }
    }
    let figures = found.run()?;
    print!("{figures}");
    Ok(most.is_none_or(|most| figures.errors() <= most))
}

fn run_rights(file: Option<&Path>, floor: f64, alarms: f64, show: usize) -> Result<bool, String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("suites/rights_dev.jsonl");
    let rights = rights::run(&read(file.unwrap_or(&here))?)?;
    for failure in rights.failures.iter().take(show) {
        println!("FAILED {failure}");
    }
    println!("{rights}");
    Ok(rights.recall() >= floor && rights.false_alarms() <= alarms)
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
