//! False alarms on real text: each text is a draft, and the passage it cites is the same text.
//!
//! Such a draft claims nothing that its passage does not hold, so every finding but `pii` is wrong. It is counted by code. Bare,
//! it cites a passage that says nothing: then the findings are what the guards read as claims, to be read by eye.

use std::collections::BTreeMap;
use std::fmt;

use chrono::DateTime;
use serde_json::Value;
use tactful::pii_detect::Detector;
use tactful::redact::{MapId, PseudonymMap, detect_locale, seal_marks};
use tactful::suggest_core::{
    Author, Context, Locale, Message, Passage, Thread, check, is_suspicious,
};

/// What was counted.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Alarms {
    /// Texts judged.
    pub drafts: usize,
    /// Texts with a finding, by code.
    pub by_code: BTreeMap<&'static str, usize>,
    /// Texts that would be refused as articles.
    pub suspicious: usize,
    /// Code and part of each finding, where it has a place; of public data sets, so it may be shown.
    pub parts: Vec<(&'static str, String)>,
}

impl fmt::Display for Alarms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |n: usize| n as f64 * 1000.0 / self.drafts.max(1) as f64;
        writeln!(f, "{} drafts; per 1,000:", self.drafts)?;
        for (code, n) in &self.by_code {
            writeln!(f, "{:>8.2} {code} ({n})", rate(*n))?;
        }
        write!(
            f,
            "{:>8.2} suspicious as articles ({})",
            rate(self.suspicious),
            self.suspicious
        )
    }
}

/// Judges the texts of a file: an array of conversations with `original`, or JSON Lines with `text`, `thread`, `draft`, or with
/// `tokens` of turns.
///
/// # Errors
/// The file is not JSON, or the guards could not decide.
pub fn run(file: &str, bare: bool, into: &mut Alarms) -> Result<(), String> {
    let rows: Vec<Value> = match serde_json::from_str::<Value>(file) {
        Ok(Value::Array(rows)) => rows,
        _ => file
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(|line| serde_json::from_str(line).map_err(|error| error.to_string()))
            .collect::<Result<_, _>>()?,
    };
    let detector = Detector::new();
    for row in &rows {
        let named = row.get("lang").and_then(Value::as_str);
        for text in texts(row) {
            let locale = named
                .and_then(Locale::from_code)
                .or_else(|| detect_locale(&text))
                .unwrap_or(Locale::English);
            judge(&text, locale, &detector, bare, into).ok_or("a guard could not decide")?;
        }
    }
    Ok(())
}

/// The texts of a row.
fn texts(row: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let listed = |key: &str| row.get(key).and_then(Value::as_array);
    if let Some(turns) = listed("original") {
        let said = |turn: &Value| text(turn.get(1)?);
        return turns.iter().filter_map(said).collect();
    }
    if let Some(thread) = listed("thread") {
        let said = |message: &Value| text(message.get("text").unwrap_or(message));
        return thread.iter().filter_map(said).collect();
    }
    if let Some(tokens) = listed("tokens") {
        let words: Vec<&str> = tokens.iter().filter_map(Value::as_str).collect();
        return vec![words.join(" ")];
    }
    row.get("text").and_then(text).into_iter().collect()
}

fn judge(
    text: &str,
    locale: Locale,
    detector: &Detector,
    bare: bool,
    into: &mut Alarms,
) -> Option<()> {
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let asked = seal_marks("?", &[], &mut map).ok()?;
    let thread = Thread::new(vec![Message::new(Author::Customer, asked)]).ok()?;
    let passage = Passage::new("p", "", if bare { "-" } else { text }, locale);
    let citations = ["p".to_owned()];
    let supplied = [&passage];
    let now = DateTime::from_timestamp(1_790_000_000, 0)?;
    let cx =
        Context::new(&thread, &map, detector, locale, now).with_passages(&supplied, &citations);
    let findings = check(text, &cx).ok()?;
    into.drafts += 1;
    into.suspicious += usize::from(is_suspicious(&passage));
    let mut codes: Vec<&'static str> = Vec::new();
    for finding in &findings {
        let part = finding.span.and_then(|span| span.of(text));
        let code = finding.code.as_str();
        into.parts.push((code, part.unwrap_or(text).to_owned()));
        codes.push(code);
    }
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        *into.by_code.entry(code).or_default() += 1;
    }
    Some(())
}
