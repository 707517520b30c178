//! What a stream holds back: replies pushed one character at a time.

use std::collections::BTreeMap;

use serde_json::json;
use tactful::redact::{Format, PseudonymMap, RestoreTable, Restorer};

use super::speed::Sealed;
use crate::suites::restore::Case;

/// How many characters were pushed and not given out, after each push.
#[derive(Debug, Default)]
pub struct Held {
    counts: BTreeMap<usize, usize>,
}

impl Held {
    /// How often something was pushed.
    #[must_use]
    pub fn pushes(&self) -> usize {
        self.counts.values().sum()
    }

    /// As many characters or fewer were held back after this share of the pushes.
    #[must_use]
    pub fn quantile(&self, share: f64) -> usize {
        let wanted = self.pushes() as f64 * share;
        let mut seen = 0;
        for (held, count) in &self.counts {
            seen += count;
            if seen as f64 >= wanted {
                return *held;
            }
        }
        0
    }

    /// The median.
    #[must_use]
    pub fn median(&self) -> usize {
        self.quantile(0.5)
    }

    /// The most that was ever held back.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.counts.keys().max().copied().unwrap_or(0)
    }

    fn stream(&mut self, text: &str, mut restorer: Restorer<'_>) {
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            let _ = restorer.push(text.get(at..end).unwrap_or_default());
            // What is held back is the end of what was pushed.
            let start = end.saturating_sub(restorer.held_back());
            let held = text
                .get(start..end)
                .map_or(end - start, |t| t.chars().count());
            *self.counts.entry(held).or_default() += 1;
        }
    }
}

/// The texts as replies in each format, and the cases of the suite of restoring in the format they are.
pub(super) fn held(
    sealed: &[Sealed<'_>],
    replies: &str,
) -> Result<Vec<(&'static str, Held)>, String> {
    let cases: Vec<Case> = replies
        .lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate()
        .map(|(n, line)| serde_json::from_str(line).map_err(|e| format!("case {}: {e}", n + 1)))
        .collect::<Result<_, _>>()?;
    let mut all = Vec::new();
    for (name, format) in [
        ("text", Format::Text),
        ("json", Format::Json),
        ("html", Format::Html),
    ] {
        let mut held = Held::default();
        for (_, redacted, map) in sealed {
            let reply = written(redacted.as_str(), format);
            held.stream(&reply, of_map(map, format));
        }
        for case in cases.iter().filter(|case| case.format == name) {
            let pairs = case.values.iter().map(|(t, v)| (t.as_str(), v.as_str()));
            let table =
                RestoreTable::from_pairs(pairs).map_err(|error| format!("{}: {error}", case.id))?;
            held.stream(&case.text, Restorer::of_table(&table, format));
        }
        all.push((name, held));
    }
    Ok(all)
}

fn of_map(map: &PseudonymMap, format: Format) -> Restorer<'_> {
    Restorer::new(map, format)
}

/// A text as a model writes it into a format.
fn written(text: &str, format: Format) -> String {
    match format {
        Format::Json => json!({"reply": text, "done": true}).to_string(),
        Format::Html => {
            let text = text
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;");
            format!("<p>{}</p>\n", text.replace('\n', "<br>\n"))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_not_bytes() {
        let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe")]).unwrap();
        let mut held = Held::default();
        let text = "a \u{ff3b}PERSON_1\u{ff3d}.";
        held.stream(text, Restorer::of_table(&table, Format::Text));
        assert_eq!(held.pushes(), text.chars().count());
        // All of the tag but its last bracket, or that one too where a second one might follow.
        assert!((9..=10).contains(&held.longest()), "{held:?}");
        assert_eq!(held.quantile(1.0), held.longest());
    }
}
