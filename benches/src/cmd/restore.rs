//! `eval restore`: every chunk as it stands through the streaming restorer, with explicit values.

use clap::{Args, ValueEnum};
use serde_json::Value;
use tactful::redact::{Format, RestoreTable, Restorer};

use super::{Done, Io};
use crate::rows::{Answer, ErrorCode, Object, Row, map_rows};

/// Options of `restore`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// What the text around the tags is.
    #[arg(long, value_enum, default_value = "text")]
    format: Around,
    /// Threads to work on.
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

/// The formats of the contract.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[non_exhaustive]
pub enum Around {
    /// Plain text.
    Text,
    /// One JSON value.
    Json,
    /// HTML.
    Html,
}

impl Options {
    /// The options of one thread.
    #[must_use]
    pub fn new(format: Around) -> Self {
        Self { format, threads: 1 }
    }
}

impl From<Around> for Format {
    fn from(around: Around) -> Self {
        match around {
            Around::Text => Self::Text,
            Around::Json => Self::Json,
            Around::Html => Self::Html,
        }
    }
}

/// Restores every row.
///
/// # Errors
/// Reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let format = options.format.into();
    Ok(map_rows(
        io.input,
        io.output,
        io.figures,
        options.threads,
        &|row| restored(row, format),
    )?)
}

fn restored(row: &Row, format: Format) -> Answer {
    let Some(Value::Object(values)) = row.fields.get("values") else {
        return Err(ErrorCode::BadField);
    };
    let pairs: Vec<(&str, &str)> = values
        .iter()
        .map(|(tag, value)| Some((tag.as_str(), value.as_str()?)))
        .collect::<Option<_>>()
        .ok_or(ErrorCode::BadField)?;
    let table = RestoreTable::from_pairs(pairs).map_err(|_| ErrorCode::BadTag)?;
    if !row.fields.contains_key("chunks") {
        return Err(ErrorCode::BadField);
    }
    let chunks = row.strings("chunks")?;
    if format == Format::Json && serde_json::from_str::<Value>(&chunks.concat()).is_err() {
        return Err(ErrorCode::BadJson);
    }
    let mut restorer = Restorer::of_table(&table, format);
    let mut text = String::new();
    for chunk in chunks {
        text.push_str(&restorer.push(chunk));
    }
    let (rest, report) = restorer.finish();
    text.push_str(&rest);

    let names: Vec<String> = report.restored().iter().map(ToString::to_string).collect();
    let mut fields = Object::new();
    fields.insert("text".into(), text.into());
    fields.insert("restored".into(), names.into());
    fields.insert("unknown".into(), report.unknown().to_vec().into());
    fields.insert("truncated".into(), report.truncated().into());
    Ok(fields)
}
