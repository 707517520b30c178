//! The acceptance cases of restoring, each whole, cut at every place, and one character at a time.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Score;

/// One case of the file.
#[derive(Debug, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "the schema of a frozen file")]
pub struct Case {
    /// Unique in the file.
    pub id: String,
    /// Label language.
    pub lang: String,
    /// What is tried.
    pub case: String,
    /// Tag to value.
    pub values: BTreeMap<String, String>,
    /// What the model wrote.
    pub text: String,
    /// What must come out.
    pub expect: Expect,
    /// `text`, `json` or `html`.
    #[serde(default = "plain")]
    pub format: String,
}

/// The expected answer.
#[derive(Debug, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "the schema of a frozen file")]
pub struct Expect {
    /// Restored text.
    pub text: String,
    /// Tags restored, in order of first occurrence.
    pub restored: Vec<String>,
    /// Tags left, in canonical form.
    pub unknown: Vec<String>,
    /// Whether an unfinished tag was dropped.
    pub truncated: bool,
}

fn plain() -> String {
    "text".to_owned()
}

/// All ways a text arrives: whole, in two pieces at every place, one character at a time.
#[must_use]
pub fn chunkings(text: &str) -> Vec<(&'static str, Vec<&str>)> {
    let mut out = vec![("whole", vec![text])];
    for (at, _) in text.char_indices().skip(1) {
        let (left, right) = text.split_at(at);
        out.push(("two", vec![left, right]));
    }
    let mut single: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (head, tail) = rest.split_at(c.len_utf8());
        single.push(head);
        rest = tail;
    }
    out.push(("chars", single));
    out
}

/// The rows of `eval restore` for the cases of one format, and for each row its case and chunking.
#[must_use]
pub fn rows<'c>(cases: &'c [Case], format: &str) -> Vec<(&'c Case, &'static str, Value)> {
    let mut out = Vec::new();
    for case in cases.iter().filter(|c| c.format == format) {
        for (n, (how, chunks)) in chunkings(&case.text).into_iter().enumerate() {
            let row = json!({
                "id": format!("{}#{n}", case.id),
                "values": case.values,
                "chunks": chunks,
            });
            out.push((case, how, row));
        }
    }
    out
}

/// `eval restore` for one format: rows in, one answer a row out.
pub type Restorer<'a> = dyn FnMut(&str, Vec<u8>) -> Result<Vec<u8>, String> + 'a;

/// Runs the file through `answer`.
///
/// # Errors
/// The file does not have the schema, or `answer` failed.
pub fn run(text: &str, answer: &mut Restorer<'_>) -> Result<Score, String> {
    let cases: Vec<Case> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .enumerate()
        .map(|(n, line)| serde_json::from_str(line).map_err(|e| format!("case {}: {e}", n + 1)))
        .collect::<Result<_, _>>()?;
    let mut score = Score::default();
    for format in ["text", "json", "html"] {
        let rows = rows(&cases, format);
        let mut input = Vec::new();
        for (_, _, row) in &rows {
            input.extend_from_slice(row.to_string().as_bytes());
            input.push(b'\n');
        }
        let output = answer(format, input)?;
        let output = String::from_utf8(output).map_err(|e| e.to_string())?;
        let answers: Vec<Value> = output
            .lines()
            .map(|l| serde_json::from_str(l).map_err(|e| e.to_string()))
            .collect::<Result<_, _>>()?;
        if answers.len() != rows.len() {
            return Err(format!("{} rows, {} answers", rows.len(), answers.len()));
        }
        for ((case, how, row), got) in rows.iter().zip(&answers) {
            let want = json!({
                "id": row.get("id"),
                "text": case.expect.text,
                "restored": case.expect.restored,
                "unknown": case.expect.unknown,
                "truncated": case.expect.truncated,
            });
            let passed = *got == want;
            score.count(&format!("{} {how}", case.lang), passed);
            if !passed {
                score.failures.push(format!(
                    "{} ({}, {how}): want {want} got {got}",
                    case.id, case.case
                ));
            }
        }
    }
    Ok(score)
}
