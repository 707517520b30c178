//! Suites of detection: known values, secrets, special categories. Each row goes through `eval detect`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Score;

/// Which suite rows belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// Distorted values of a known profile: found as known, and nobody else's name with them.
    Known,
    /// Secrets of many kinds, and talk about secrets without one.
    Secrets,
    /// Words that reveal a special category, and their harmless twins.
    Special,
}

#[derive(Deserialize)]
struct Case {
    id: Value,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    distortion: String,
    text: String,
    #[serde(default)]
    known: Value,
    #[serde(default)]
    spans: Vec<Part>,
    #[serde(default)]
    span: Option<String>,
    #[serde(default)]
    others: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    start: usize,
    end: usize,
    #[serde(default)]
    label: String,
    #[serde(default)]
    why: String,
}

impl Part {
    const fn meets(&self, start: usize, end: usize) -> bool {
        self.start < end && start < self.end
    }
}

/// Runs `answer`, which is `eval detect`, over the rows and counts by group.
///
/// # Errors
/// A row does not have the schema, or `answer` failed.
pub fn run<'r>(
    what: What,
    rows: impl Iterator<Item = &'r str>,
    answer: &mut dyn FnMut(Vec<u8>) -> Result<Vec<u8>, String>,
) -> Result<Score, String> {
    let cases: Vec<Case> = rows
        .filter(|row| !row.trim().is_empty())
        .enumerate()
        .map(|(n, row)| serde_json::from_str(row).map_err(|e| format!("row {}: {e}", n + 1)))
        .collect::<Result<_, _>>()?;
    let mut input = Vec::new();
    for case in &cases {
        let mut row = json!({"id": case.id, "text": case.text});
        if what == What::Known
            && let Some(row) = row.as_object_mut()
        {
            row.insert("known".to_owned(), case.known.clone());
        }
        input.extend_from_slice(row.to_string().as_bytes());
        input.push(b'\n');
    }
    let output = String::from_utf8(answer(input)?).map_err(|e| e.to_string())?;
    let mut found: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for line in output.lines() {
        #[derive(Deserialize)]
        struct Answer {
            id: Value,
            spans: Vec<Part>,
        }
        let answer: Answer = serde_json::from_str(line).map_err(|e| e.to_string())?;
        found.insert(answer.id.to_string(), answer.spans);
    }
    let mut score = Score::default();
    for case in &cases {
        let spans = found
            .get(&case.id.to_string())
            .ok_or_else(|| format!("no answer for {}", case.id))?;
        match what {
            What::Known => known(case, spans, &mut score),
            What::Secrets => secrets(case, spans, &mut score),
            What::Special => special(case, spans, &mut score),
        }
    }
    Ok(score)
}

/// Whether every visible character of a part lies in one of the spans.
fn covered(text: &str, part: &Part, spans: &[&Part]) -> bool {
    let visible: Vec<bool> = text.chars().map(char::is_alphanumeric).collect();
    (part.start..part.end)
        .all(|at| visible.get(at).is_none_or(|v| !v) || spans.iter().any(|s| s.meets(at, at + 1)))
}

/// Group of the names of others.
const OTHERS: &str = "others left alone";

/// The share of planted values that were found; 0 where more than one other name in a hundred was taken for the customer's.
#[must_use]
pub fn known_share(score: &Score) -> f64 {
    let of = |others: bool| {
        score
            .groups
            .iter()
            .filter(|(group, _)| (group.as_str() == OTHERS) == others)
            .fold((0usize, 0usize), |(p, n), (_, (a, b))| (p + a, n + b))
    };
    let share = |(passed, run): (usize, usize)| passed as f64 / run.max(1) as f64;
    if share(of(true)) < 0.99 {
        0.0
    } else {
        share(of(false))
    }
}

fn known(case: &Case, spans: &[Part], score: &mut Score) {
    let ours: Vec<&Part> = spans
        .iter()
        .filter(|s| s.why.starts_with("known"))
        .collect();
    for part in &case.spans {
        let same: Vec<&Part> = ours
            .iter()
            .filter(|s| s.label == part.label)
            .copied()
            .collect();
        let passed = covered(&case.text, part, &same);
        score.count(&format!("{} {}", case.distortion, part.label), passed);
        if !passed {
            score.failures.push(format!(
                "{} {} {}: {}",
                case.id, case.distortion, part.label, case.text
            ));
        }
    }
    for other in &case.others {
        let passed = !ours.iter().any(|s| s.meets(other.start, other.end));
        score.count(OTHERS, passed);
        if !passed {
            score
                .failures
                .push(format!("{} other: {}", case.id, case.text));
        }
    }
}

fn secrets(case: &Case, spans: &[Part], score: &mut Score) {
    let ours: Vec<&Part> = spans.iter().filter(|s| s.label == "SECRET").collect();
    let kind = case.kind.as_deref().unwrap_or("");
    let passed = if case.spans.is_empty() {
        ours.is_empty()
    } else {
        case.spans
            .iter()
            .all(|part| covered(&case.text, part, &ours))
    };
    score.count(kind, passed);
    if !passed {
        score
            .failures
            .push(format!("{} {kind}: {}", case.id, case.text));
    }
}

fn special(case: &Case, spans: &[Part], score: &mut Score) {
    let ours =
        |label: &str| label.starts_with("ART9") || label.starts_with("ART10") || label == "CHILD";
    let fired = spans.iter().any(|s| ours(&s.label));
    let hit = case
        .kind
        .as_deref()
        .zip(case.span.as_deref())
        .map(|(kind, words)| {
            let start = case
                .text
                .split(words)
                .next()
                .map_or(0, |t| t.chars().count());
            let end = start + words.chars().count();
            spans.iter().any(|s| s.label == kind && s.meets(start, end))
        });
    let (recall, precision) = (
        format!("{} recall", case.lang),
        format!("{} precision", case.lang),
    );
    match hit {
        Some(hit) => {
            score.count(&recall, hit);
            if fired {
                score.count(&precision, hit);
            }
        }
        None if fired => score.count(&precision, false),
        None => {}
    }
    if hit == Some(false) || hit.is_none() && fired {
        score.failures.push(format!("{}: {}", case.id, case.text));
    }
}
