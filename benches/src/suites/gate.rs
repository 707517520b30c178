//! What the gate to a model costs, measured in one run: sealing beside detection, the leak check, restoring, what a stream
//! holds back; and whether calls of tools come through whole.
//!
//! Times are CPU time of this process, told and never judged: they are what the machine is. What is judged is counted.

use std::fmt::Write as _;

use serde_json::Value;
use tactful::pii_detect::Detector;

use crate::figures::Figures;

mod calls;
mod hold;
mod speed;

pub use calls::Calls;
pub use hold::Held;
pub use speed::{Leaks, Speed};

/// How much is done.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "any values are good")]
pub struct Effort {
    /// Rounds in which what is compared takes turns; the median is told.
    pub rounds: usize,
    /// Bytes of text a turn; fewer are repeated.
    pub bytes: usize,
    /// Calls of tools.
    pub calls: usize,
}

/// What was measured.
#[derive(Debug)]
#[non_exhaustive]
pub struct Gate {
    /// Times.
    pub speed: Speed,
    /// The leak check, by how many values the map holds.
    pub leaks: Vec<Leaks>,
    /// What streams held back, by format.
    pub held: Vec<(&'static str, Held)>,
    /// Calls of tools.
    pub calls: Calls,
}

/// Measures with texts, one ticket each, and cases of the suite of restoring as replies.
///
/// # Errors
/// There is no text, or a line of either file is not what it should be.
pub fn run(texts: &str, replies: &str, effort: &Effort) -> Result<Gate, String> {
    let texts = texts_of(texts)?;
    let detector = Detector::new();
    let sealed = speed::sealed(&detector, &texts);
    let speed = speed::speed(&detector, &texts, &sealed, effort)?;
    let leaks = speed::LEAK_VALUES
        .into_iter()
        .map(|values| speed::leaks(&sealed, values, effort))
        .collect::<Result<_, _>>()?;
    Ok(Gate {
        speed,
        leaks,
        held: hold::held(&sealed, replies)?,
        calls: calls::calls(&detector, effort.calls)?,
    })
}

/// The texts: `text` of a row, else what its `thread` says, one text a ticket.
fn texts_of(file: &str) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    for (number, line) in (1..).zip(file.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        let row: Value =
            serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
        let text = match (row.get("text"), row.get("thread")) {
            (Some(Value::String(text)), _) => text.clone(),
            (_, Some(Value::Array(thread))) => thread
                .iter()
                .filter_map(|message| message.get("text")?.as_str())
                .collect::<Vec<_>>()
                .join("\n\n"),
            _ => return Err(format!("line {number} has neither text nor thread")),
        };
        if !text.is_empty() {
            texts.push(text);
        }
    }
    if texts.is_empty() {
        return Err("no text".to_owned());
    }
    Ok(texts)
}

impl Gate {
    /// Whether everything that is counted holds: what was sealed comes back, streams hold nothing back half of the time and
    /// never more than 96 characters, calls are masked and come back.
    #[must_use]
    pub fn holds(&self) -> bool {
        let calls = &self.calls;
        self.speed.whole == self.speed.sealed
            && self.speed.sealed > 0
            && self
                .held
                .iter()
                .all(|(_, held)| held.median() == 0 && held.longest() <= 96)
            && calls.masked == calls.run
            && calls.whole == calls.run
            && self.leaks.iter().all(|leaks| leaks.found == leaks.planted)
    }

    /// The table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let speed = &self.speed;
        let mut rows: Vec<[String; 4]> = vec![
            row("detect, MB/s", "", "", num(speed.detect, 2)),
            row("seal, a map a ticket, MB/s", "", "", num(speed.seal, 2)),
            row(
                "restore what was sealed, MB/s",
                "",
                "",
                num(speed.restore, 1),
            ),
            row(
                "detect to seal + restore (range)",
                ".35",
                ".45",
                format!(
                    "{:.3} ({:.3} to {:.3})",
                    speed.ratio, speed.range.0, speed.range.1
                ),
            ),
            row(
                "tickets sealed, of these restored as they were",
                "all",
                "",
                format!("{} of {}, {}", speed.sealed, speed.texts, speed.whole),
            ),
        ];
        for leaks in &self.leaks {
            let (floor, aim) = match leaks.values {
                speed::LEAK_BAR => ("100", "300"),
                _ => ("", ""),
            };
            let what = format!("leak check, {} values, MB/s", leaks.values);
            rows.push(row(&what, floor, aim, num(leaks.mb_per_s, 1)));
            let what = format!("the same, one text of {} bytes, us", leaks.short_bytes);
            rows.push(row(&what, "", "", num(leaks.short_us, 1)));
        }
        rows.push(row(
            &format!("restore {} bytes with 50 tags, us", speed.tagged_bytes),
            "100",
            "40",
            num(speed.tagged_us, 1),
        ));
        for (format, held) in &self.held {
            rows.push(row(
                &format!("held back, {format}, characters: median, 99 %, longest"),
                "0, 96",
                "0, 72",
                format!(
                    "{}, {}, {} of {} pushes",
                    held.median(),
                    held.quantile(0.99),
                    held.longest(),
                    held.pushes()
                ),
            ));
        }
        let calls = &self.calls;
        rows.push(row(
            "calls of tools: every value masked; JSON and the source again",
            "all",
            "",
            format!("{} of {}; {}", calls.masked, calls.run, calls.whole),
        ));
        aligned(&rows)
    }

    /// The figures of the line for programs.
    pub fn figures(&self, figures: &mut Figures) {
        figures.rows = false;
        let speed = &self.speed;
        figures.set("texts", speed.texts);
        figures.set("sealed", speed.sealed);
        figures.set("whole", speed.whole);
        figures.measured("detect_mb_per_s", Some(speed.detect), 2);
        figures.measured("seal_mb_per_s", Some(speed.seal), 2);
        figures.measured("restore_mb_per_s", Some(speed.restore), 1);
        figures.measured("gate_ratio", Some(speed.ratio), 3);
        for leaks in &self.leaks {
            let name = format!("leak_{}_mb_per_s", leaks.values);
            figures.measured(&name, Some(leaks.mb_per_s), 1);
            let name = format!("leak_{}_short_us", leaks.values);
            figures.measured(&name, Some(leaks.short_us), 1);
        }
        let found = |leaks: &Leaks| leaks.planted - leaks.found.min(leaks.planted);
        figures.set("leaks_missed", self.leaks.iter().map(found).sum::<usize>());
        figures.measured("restore_50_tags_us", Some(speed.tagged_us), 1);
        for (format, held) in &self.held {
            figures.set(&format!("held_{format}_median"), held.median());
            figures.set(&format!("held_{format}_p99"), held.quantile(0.99));
            figures.set(&format!("held_{format}_max"), held.longest());
        }
        figures.set("calls", self.calls.run);
        figures.set("calls_masked", self.calls.masked);
        figures.set("calls_whole", self.calls.whole);
    }
}

fn row(what: &str, floor: &str, aim: &str, reached: String) -> [String; 4] {
    [what.to_owned(), floor.to_owned(), aim.to_owned(), reached]
}

fn num(value: f64, digits: usize) -> String {
    format!("{value:.digits$}")
}

fn aligned(rows: &[[String; 4]]) -> String {
    let head = row("what", "floor", "aim", "measured".to_owned());
    let width = |column: fn(&[String; 4]) -> &String| {
        let widths = rows.iter().chain([&head]).map(column);
        widths.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let (what, floor, aim) = (
        width(|[w, ..]| w),
        width(|[_, f, ..]| f),
        width(|[_, _, a, _]| a),
    );
    let mut out = String::new();
    for [w, f, a, reached] in [&head].into_iter().chain(rows) {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{w:<what$}  {f:>floor$}  {a:>aim$}  {reached}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_rows_and_threads() {
        let file = "{\"text\":\"a\"}\n\n{\"thread\":[{\"text\":\"b\"},{\"text\":\"c\"}]}\n";
        assert_eq!(texts_of(file).unwrap(), ["a", "b\n\nc"]);
        assert!(texts_of("{\"id\":1}").is_err());
        assert!(texts_of("").is_err());
    }
}
