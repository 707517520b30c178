//! Full-cover recall: the share of labelled spans of which no visible character stays uncovered.
//!
//! What leaks is what counts: a span found by half is a leak, a span found under another label is none.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Score;

/// Labels of common corpora that are nobody's personal data, or that no label of ours answers.
pub const IGNORED: &str = "ORG,CUSTOM,MISC,WORK,PRODUCT,GROUP,TITLE,PREFIX,AGE,SEX,FAMILY,JOB,COUNT,TIME_GOLD,NRP,\
    HEALTH,ART9,AMOUNT,SECRET,CRYPTO,CHILD";

#[derive(Deserialize)]
struct Gold {
    id: Value,
    #[serde(default)]
    lang: String,
    text: String,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    start: usize,
    end: usize,
    label: String,
}

/// Runs `answer`, which is `eval detect`, over labelled texts `{"id","lang","text","spans"}` (offsets in characters).
///
/// # Errors
/// The file does not have the schema, or `answer` failed.
pub fn run(
    text: &str,
    ignored: &[&str],
    answer: &mut dyn FnMut(Vec<u8>) -> Result<Vec<u8>, String>,
) -> Result<Score, String> {
    let gold: Vec<Gold> = text
        .lines()
        .filter(|l| !l.trim().is_empty())
        .enumerate()
        .map(|(n, line)| serde_json::from_str(line).map_err(|e| format!("line {}: {e}", n + 1)))
        .collect::<Result<_, _>>()?;
    let mut input = Vec::new();
    for row in &gold {
        // The detector sees the text alone: no language, no labels.
        input.extend_from_slice(
            json!({"id": row.id, "text": row.text})
                .to_string()
                .as_bytes(),
        );
        input.push(b'\n');
    }
    let output = String::from_utf8(answer(input)?).map_err(|e| e.to_string())?;
    let mut found: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for line in output.lines() {
        #[derive(Deserialize)]
        struct Answer {
            id: Value,
            spans: Vec<Span>,
        }
        let answer: Answer = serde_json::from_str(line).map_err(|e| e.to_string())?;
        found.insert(answer.id.to_string(), answer.spans);
    }
    let mut score = Score::default();
    for row in &gold {
        let spans = found
            .get(&row.id.to_string())
            .ok_or_else(|| format!("no answer for {}", row.id))?;
        let visible: Vec<bool> = row.text.chars().map(|c| !c.is_whitespace()).collect();
        let covered = |at: usize| spans.iter().any(|s| (s.start..s.end).contains(&at));
        for span in &row.spans {
            if ignored.contains(&span.label.as_str()) {
                continue;
            }
            let whole =
                (span.start..span.end).all(|at| visible.get(at).is_none_or(|v| !v) || covered(at));
            score.count(&row.lang, whole);
        }
    }
    Ok(score)
}
