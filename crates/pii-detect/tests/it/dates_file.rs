//! Dates, ages and amounts in seven languages, as a hostile reader would write them (`tests/data/dates.jsonl`).
//!
//! Rows marked `held` are scored and never shown: nothing is tuned to them. A minor's age is `CHILD`, which the rows
//! call `AGE`.

use pii_detect::{Detector, Known};
use std::collections::BTreeMap;
use std::fmt::Write;

static ROWS: &str = include_str!("../data/dates.jsonl");
const KINDS: [&str; 3] = ["DATE", "AGE", "AMOUNT"];

#[derive(Default)]
struct Score {
    right: usize,
    missed: usize,
    wrong: usize,
}

impl Score {
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    fn figures(&self) -> (f64, f64) {
        let share = |other: usize| self.right as f64 / ((self.right + other) as f64).max(1.0);
        (share(self.missed), share(self.wrong))
    }
}

struct Row {
    lang: &'static str,
    text: &'static str,
    spans: Vec<(String, String)>,
    held: bool,
}

fn part<'a>(text: &'a str, key: &str) -> &'a str {
    let at = text.find(key).expect("the key is there") + key.len();
    text[at..].split(['"', ',', '}']).next().expect("a value")
}

fn row(line: &'static str) -> Row {
    let from = line.find("\"text\": \"").expect("a text") + 9;
    let to = line.find("\", \"spans\"").expect("spans");
    let text = &line[from..to];
    let spans = line[to..]
        .split("{\"start\": ")
        .skip(1)
        .map(|span| {
            let start: usize = span
                .split(',')
                .next()
                .expect("a start")
                .parse()
                .expect("a number");
            let end: usize = part(span, "\"end\": ").parse().expect("a number");
            let value = text.chars().skip(start).take(end - start).collect();
            (part(span, "\"label\": \"").to_owned(), trimmed(value))
        })
        .collect();
    Row {
        lang: part(line, "\"lang\": \""),
        text,
        spans,
        held: line.ends_with("\"held\": true}"),
    }
}

/// An abbreviation's dot at the end is neither here nor there.
fn trimmed(value: String) -> String {
    value.trim_end_matches('.').to_owned()
}

#[test]
fn recall_and_precision() {
    let detector = Detector::new();
    let known = Known::new();
    let mut scores: BTreeMap<(bool, &str), Score> = BTreeMap::new();
    let mut report = String::new();
    for row in ROWS.lines().map(row) {
        let findings = detector.detect(row.text, &known).expect("short");
        let got: Vec<(String, String)> = findings
            .iter()
            .map(|f| (f.label(), f.span().of(row.text).expect("a span").to_owned()))
            .filter(|(label, _)| KINDS.contains(label) || *label == "CHILD")
            .map(|(label, value)| (label.to_owned(), trimmed(value)))
            .collect();
        let same = |a: &(String, String), b: &(String, String)| {
            a == b || a.0 == "AGE" && b.0 == "CHILD" && b.1.contains(&a.1)
        };
        for kind in KINDS {
            let score = scores.entry((row.held, kind)).or_default();
            let wanted = || row.spans.iter().filter(|s| s.0 == kind);
            let right = wanted().filter(|w| got.iter().any(|g| same(w, g))).count();
            score.right += right;
            score.missed += wanted().count() - right;
            score.wrong += got
                .iter()
                .filter(|g| g.0 == kind && !row.spans.contains(g))
                .count();
        }
        let bad = row.spans.iter().any(|w| !got.iter().any(|g| same(w, g)))
            || got.iter().any(|g| g.0 != "CHILD" && !row.spans.contains(g));
        if bad && !row.held {
            let _ = writeln!(
                report,
                "{} {}\n     wanted {:?}\n     got    {got:?}",
                row.lang, row.text, row.spans
            );
        }
    }
    let mut low = false;
    for ((held, kind), score) in &scores {
        let (recall, precision) = score.figures();
        let _ = writeln!(
            report,
            "held {held} {kind}: recall {recall:.3} precision {precision:.3} ({} right, {} missed, {} wrong)",
            score.right, score.missed, score.wrong
        );
        low |= !held && (recall < 0.95 || precision < 0.95);
    }
    println!("{report}");
    assert!(!low, "{report}");
}
