//! The acceptance list: 26 ways a model spoils a tag, in eight languages; whole, cut in two anywhere, one character at
//! a time.

use redact::{Format, RestoreTable, Restorer};
use serde_json::Value;

const ROWS: &str = include_str!("../data/acceptance.jsonl");

struct Got {
    text: String,
    restored: Vec<String>,
    unknown: Vec<String>,
    truncated: bool,
}

fn restored(table: &RestoreTable, format: Format, chunks: &[&str]) -> Got {
    let mut restorer = Restorer::of_table(table, format);
    let mut text = String::new();
    for chunk in chunks {
        text.push_str(&restorer.push(chunk));
        assert!(restorer.held_back() < 1024);
    }
    let (rest, report) = restorer.finish();
    text.push_str(&rest);
    let mut restored: Vec<String> = report.restored().iter().map(ToString::to_string).collect();
    restored.sort();
    Got {
        text,
        restored,
        unknown: report.unknown().to_vec(),
        truncated: report.truncated(),
    }
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().unwrap();
    items.iter().map(|v| v.as_str().unwrap().into()).collect()
}

#[test]
fn every_case_in_every_language() {
    let mut rows = 0;
    let mut failures = Vec::new();
    for line in ROWS.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let pairs: Vec<(&str, &str)> = row["values"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(tag, value)| (tag.as_str(), value.as_str().unwrap()))
            .collect();
        let table = RestoreTable::from_pairs(pairs).unwrap();
        let format = match row["format"].as_str().unwrap() {
            "json" => Format::Json,
            "html" => Format::Html,
            _ => Format::Text,
        };
        let text = row["text"].as_str().unwrap();
        let cuts = (0..=text.len()).filter(|&i| text.is_char_boundary(i));
        let mut ways: Vec<Vec<&str>> = vec![vec![text]];
        ways.extend(cuts.map(|i| vec![&text[..i], &text[i..]]));
        let single = text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]);
        ways.push(single.collect());
        for chunks in ways {
            let got = restored(&table, format, &chunks);
            let right = got.text == row["expect"].as_str().unwrap()
                && got.restored == strings(&row["restored"])
                && got.unknown == strings(&row["unknown"])
                && got.truncated == row["truncated"].as_bool().unwrap();
            if !right {
                failures.push(format!(
                    "{} in {} chunks\n  text     {text:?}\n  expected {}\n  got      {:?} {:?} {:?} {}",
                    row["id"], chunks.len(), row["expect"], got.text, got.restored, got.unknown, got.truncated
                ));
                break;
            }
        }
        rows += 1;
    }
    assert!(
        failures.is_empty(),
        "{} of {rows} fail\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(rows > 500);
}
