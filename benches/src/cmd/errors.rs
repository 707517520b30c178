//! `eval errors`: the worst misses of sets marked by hand, told without a word of their texts.
//!
//! Such sets are other people's, licensed for looking and not for passing on. What a rule writer needs to know of a miss
//! is its kind, its shape, the sort of place it stands in and what it lacked, and none of that quotes.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use tactful::pii_detect::{Detector, Known};

use super::{Done, Io, Stop};
use crate::gold::judge::{self, Fate, weight};
use crate::gold::{self, Counted, Span};
use crate::rows::{Outcome, Row};

mod doc;
mod place;
mod probe;
mod shape;

/// Options of `errors`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Sets: JSON Lines with `text`, `lang` and `spans` (offsets in code points).
    pub files: Vec<PathBuf>,
    /// Sets of which each language is told for itself.
    #[arg(long, value_name = "FILE")]
    pub by_language: Vec<PathBuf>,
    /// How many misses of a set are told.
    #[arg(long, default_value_t = 50)]
    pub worst: usize,
    /// Labels that count beside the usual ones: `ORG,AGE`.
    #[arg(long, value_delimiter = ',')]
    pub count: Vec<String>,
    /// Writes the classes of misses into this document and keeps what stands in its column "what was done"; without
    /// it each miss is printed as a row.
    #[arg(long, value_name = "DOC")]
    pub doc: Option<PathBuf>,
}

/// A text of a set.
struct Text {
    lang: String,
    text: String,
    gold: Vec<Span>,
}

/// A miss, without its text.
#[derive(Debug)]
struct Miss {
    kind: String,
    lang: String,
    shape: String,
    place: &'static str,
    why: String,
    /// Letters and digits in clear.
    clear: usize,
}

/// A set's misses.
#[derive(Debug)]
struct Told {
    name: String,
    /// Spans marked by hand that count.
    marked: usize,
    /// Those with letters or digits in clear, and how many of these.
    open: usize,
    clear: usize,
    worst: Vec<Miss>,
}

/// Tells the worst misses of every set.
///
/// # Errors
/// A file that cannot be read or holds no marks, or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    io.figures.rows = false;
    let counted = Counted::with(options.count.iter().map(String::as_str));
    let mut told = Vec::new();
    for file in &options.by_language {
        let texts = read(file)?;
        let langs: BTreeSet<&str> = texts.iter().map(|t| t.lang.as_str()).collect();
        for lang in langs {
            let part: Vec<&Text> = texts.iter().filter(|t| t.lang == lang).collect();
            let name = format!("{} {lang}", stem(file));
            told.push(tell(name, &part, &counted, options.worst)?);
        }
    }
    for file in &options.files {
        let texts = read(file)?;
        let all: Vec<&Text> = texts.iter().collect();
        told.push(tell(stem(file), &all, &counted, options.worst)?);
    }
    if told.is_empty() {
        return Err(Stop::Usage("which sets?".to_owned()));
    }
    match &options.doc {
        Some(path) => {
            let old = match std::fs::read_to_string(path) {
                Ok(old) => old,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(error.into()),
            };
            std::fs::write(path, doc::renewed(&old, &told))?;
        }
        None => {
            for set in &told {
                io.output.write_all(doc::rows(set).as_bytes())?;
            }
        }
    }
    Ok(Outcome::AllDone)
}

fn stem(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn read(file: &Path) -> Result<Vec<Text>, Stop> {
    let bad = |line: usize, what: &str| {
        Stop::Usage(format!("{}, line {}: {what}", file.display(), line + 1))
    };
    let mut texts = Vec::new();
    for (at, line) in BufReader::new(std::fs::File::open(file)?)
        .lines()
        .enumerate()
    {
        let Ok(Value::Object(fields)) = serde_json::from_str(&line?) else {
            return Err(bad(at, "no JSON object"));
        };
        let row = Row { fields };
        let text = row.text("text").map_err(|e| bad(at, e.as_str()))?;
        let gold = gold::of_row(&row, text).map_err(|e| bad(at, e.as_str()))?;
        let gold = gold.ok_or_else(|| bad(at, "no spans"))?;
        let lang = match row.fields.get("lang") {
            Some(Value::String(lang)) => lang.clone(),
            _ => String::new(),
        };
        texts.push(Text {
            lang,
            text: text.to_owned(),
            gold,
        });
    }
    Ok(texts)
}

/// Finds everything, keeps the worst, and asks of these why.
fn tell(name: String, texts: &[&Text], counted: &Counted, worst: usize) -> Result<Told, Stop> {
    let detector = Detector::new();
    let all = texts.iter().flat_map(|t| &t.gold);
    let families = judge::marked(all, counted);
    let mut told = Told {
        name,
        marked: 0,
        open: 0,
        clear: 0,
        worst: Vec::new(),
    };
    // Weight, letters in clear, text, span.
    let mut misses = Vec::new();
    let mut found_of = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let findings = detector
            .detect(&text.text, &Known::new())
            .map_err(|error| Stop::failed("the detector")(&error))?;
        let found = gold::found(&findings);
        let verdict = judge::judge(&text.text, &text.gold, &found, counted, &families);
        for (index, (span, (fate, open))) in text.gold.iter().zip(&verdict.gold).enumerate() {
            if *fate == Fate::Aside {
                continue;
            }
            told.marked += 1;
            let letters = |range: &std::ops::Range<usize>| {
                let part = text.text.get(range.clone()).unwrap_or("");
                part.chars().filter(|c| c.is_alphanumeric()).count()
            };
            let clear: usize = open.iter().map(letters).sum();
            if clear > 0 {
                told.open += 1;
                told.clear += clear;
                misses.push((weight(&span.label) * clear, clear, at, index));
            }
        }
        found_of.push(found);
    }
    misses.sort_by_key(|(worth, _, at, index)| (std::cmp::Reverse(*worth), *at, *index));
    let probe = probe::Probe::new(detector)?;
    for (_, clear, at, index) in misses.into_iter().take(worst) {
        let (Some(text), Some(found)) = (texts.get(at), found_of.get(at)) else {
            continue;
        };
        let Some(span) = text.gold.get(index) else {
            continue;
        };
        told.worst.push(Miss {
            kind: span.label.clone(),
            lang: text.lang.clone(),
            shape: shape::of(&text.text, span, found),
            place: place::of(&text.text, span),
            why: probe.why(&text.text, span, found),
            clear,
        });
    }
    Ok(told)
}
