//! `eval classify`: labels learned from a file, given to each row.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use tactful::redact::{MapId, PseudonymMap, seal_marks};
use tactful::suggest_core::{Example, Training};

use super::{Done, Io, Stop};
use crate::figures::CpuTime;
use crate::rows::{ErrorCode, Object, Row, fold_rows};

/// The label of texts that have none.
const OUTSIDE: &str = "oos";

/// Options of `classify`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// JSON Lines of `{"text","label"}` to learn from; `oos` is no label but the lack of one.
    #[arg(long)]
    pub train: PathBuf,
    /// The same, for thresholds alone. Without it the thresholds are cross-fitted: each third of the others, by a hash of the
    /// text, is judged by what was learned from the two other thirds; all of them are learned from at the end.
    #[arg(long)]
    pub val: Option<PathBuf>,
    /// The share of sure answers (`"answer": true`) that shall be right.
    #[arg(long, default_value_t = 0.99)]
    pub precision: f32,
}

/// Learns, then gives every row a label.
///
/// # Errors
/// A file cannot be used or learned from; reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let train = read(&options.train)?;
    let val = options.val.as_deref().map(read).transpose()?;
    let examples = examples(&train);
    let held = val.as_deref().map(self::examples);
    let start = CpuTime::now();
    let mut training = Training::new(&examples).precision(options.precision);
    if let Some(held) = &held {
        training = training.held_out(held);
    }
    let classifier = training
        .train()
        .map_err(|error| Stop::Usage(format!("the examples: {error}")))?;
    let figures = &mut *io.figures;
    figures.measured("train_s", Some(start.elapsed_s()), 2);
    figures.set("examples", examples.len());
    figures.set("labels", classifier.labels().count());
    figures.set("rejects", classifier.rejects());
    figures.measured("threshold", classifier.threshold().map(f64::from), 4);
    Ok(fold_rows(
        io.input,
        io.output,
        io.figures,
        false,
        &mut |row| {
            // The measure is the label: a row is sealed as it stands, without detection.
            let mut map = PseudonymMap::new(MapId([0; 16]));
            let text = seal_marks(row.text("text")?, &[], &mut map).map_err(|_| ErrorCode::Leak)?;
            let verdict = classifier.classify(&text);
            let mut fields = Object::new();
            fields.insert("label".into(), verdict.label.unwrap_or(OUTSIDE).into());
            fields.insert("confidence".into(), f64::from(verdict.confidence).into());
            fields.insert("answer".into(), verdict.sure.into());
            Ok(fields)
        },
    )?)
}

fn examples(rows: &[(String, String)]) -> Vec<Example<'_>> {
    rows.iter()
        .map(|(text, label)| match label.as_str() {
            OUTSIDE => Example::outside(text),
            label => Example::own(text, label),
        })
        .collect()
}

fn read(path: &Path) -> Result<Vec<(String, String)>, Stop> {
    let source = std::fs::read_to_string(path)
        .map_err(|error| Stop::Usage(format!("the examples cannot be read: {}", error.kind())))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(source.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let unusable = || {
            Stop::Usage(format!(
                "line {number} of the examples is no object with `text` and `label`"
            ))
        };
        let Ok(Value::Object(fields)) = serde_json::from_str(line) else {
            return Err(unusable());
        };
        let row = Row { fields };
        let text = row.text("text").map_err(|_| unusable())?.to_owned();
        let label = row.text("label").map_err(|_| unusable())?.to_owned();
        rows.push((text, label));
    }
    Ok(rows)
}
