//! `eval retrieve`: the nearest texts of a corpus for each row.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use tactful::redact::{MapId, PseudonymMap, detect_locale, seal_marks};
use tactful::suggest_core::{Item, Locale, Retriever};

use super::{Done, Io, Stop};
use crate::rows::{ErrorCode, Object, Row, map_rows};

/// Options of `retrieve`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// JSON Lines of `{"id","text"}` to search in.
    #[arg(long)]
    pub corpus: PathBuf,
    /// Hits a row.
    #[arg(long, default_value_t = 10)]
    pub k: usize,
    /// Threads at work.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
}

/// Searches for every row.
///
/// # Errors
/// The corpus cannot be used; reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let corpus = corpus(options)?;
    // One language for the whole corpus: a short text alone is easily mistaken for another.
    let mut votes: BTreeMap<Locale, usize> = BTreeMap::new();
    for (_, text) in &corpus {
        if let Some(locale) = detect_locale(text) {
            *votes.entry(locale).or_default() += 1;
        }
    }
    let locale = votes.into_iter().max_by_key(|(_, n)| *n).map(|(l, _)| l);
    let items: Vec<Item<'_>> = corpus
        .iter()
        .map(|(id, text)| Item::new(id, locale, text))
        .collect();
    let retriever = Retriever::new(&items);
    io.figures.set("corpus", retriever.len());
    Ok(map_rows(
        io.input,
        io.output,
        io.figures,
        options.threads,
        &|row| {
            // The measure is the search: a row is sealed as it stands, without detection.
            let mut map = PseudonymMap::new(MapId([0; 16]));
            let query =
                seal_marks(row.text("text")?, &[], &mut map).map_err(|_| ErrorCode::Leak)?;
            let hits: Vec<Value> = retriever
                .search(&query, locale, options.k)
                .into_iter()
                .map(|hit| json!({"id": hit.id, "score": f64::from(hit.score)}))
                .collect();
            let mut fields = Object::new();
            fields.insert("hits".into(), hits.into());
            Ok(fields)
        },
    )?)
}

fn corpus(options: &Options) -> Result<Vec<(String, String)>, Stop> {
    let unusable = |line: usize| {
        Stop::Usage(format!(
            "line {line} of the corpus is no object with `id` and `text`"
        ))
    };
    let source = std::fs::read_to_string(&options.corpus)
        .map_err(|error| Stop::Usage(format!("the corpus cannot be read: {}", error.kind())))?;
    let mut corpus = Vec::new();
    for (number, line) in (1..).zip(source.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let fields = match serde_json::from_str(line) {
            Ok(Value::Object(fields)) => fields,
            _ => return Err(unusable(number)),
        };
        let row = Row { fields };
        let id = match row.id().ok_or_else(|| unusable(number))? {
            Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let text = row.text("text").map_err(|_| unusable(number))?.to_owned();
        corpus.push((id, text));
    }
    Ok(corpus)
}
