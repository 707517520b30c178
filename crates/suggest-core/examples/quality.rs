//! Weekly figures and a bill from usage events alone: `cargo run -p tactful-suggest-core --example quality > quality.svg`.
//!
//! The events are invented; a desk reads its own with `Desk::usage`. The table and the bill go to stderr.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::error::Error;

use suggest_core::{Bill, QualitySeries, Tariff, UsageEvent};

fn main() -> Result<(), Box<dyn Error>> {
    let mut events = Vec::new();
    for (week, [accepted, edited, discarded, silent]) in WEEKS {
        let mut add = |n: usize, line: String| -> Result<(), &'static str> {
            let event = UsageEvent::from_line(&line).ok_or("an event")?;
            events.extend(std::iter::repeat_n(event, n));
            Ok(())
        };
        let tail = "en;playbook;1;0;lt_1m;lt_10ms;lt_30s";
        add(accepted, format!("2;return;accepted;-;{week};{tail}"))?;
        add(edited, format!("2;return;edited;light;{week};{tail}"))?;
        add(edited / 3, format!("2;return;edited;much;{week};{tail}"))?;
        let slow = "en;model;1;0;lt_1m;lt_10s;lt_30s";
        add(discarded, format!("2;return;discarded;wrong;{week};{slow}"))?;
        add(
            silent,
            format!("2;-;none;intent_unclear;{week};en;-;0;0;-;-;-"),
        )?;
    }
    let series = QualitySeries::of(&events);
    eprintln!("{series}\n");
    eprintln!(
        "{}",
        Bill::of(&events, &Tariff::new("EUR").accepted(12).edited(8))?
    );
    println!("{}", series.to_svg("The lantern shop"));
    Ok(())
}

/// Drafts accepted, edited, discarded, and messages without one. Of the week with three messages nothing is told.
const WEEKS: [(&str, [usize; 4]); 9] = [
    ("2026-W20", [40, 30, 25, 60]),
    ("2026-W21", [48, 28, 24, 55]),
    ("2026-W22", [52, 30, 20, 50]),
    ("2026-W23", [60, 27, 18, 44]),
    ("2026-W24", [1, 1, 0, 1]),
    ("2026-W25", [66, 24, 15, 40]),
    ("2026-W26", [71, 26, 12, 36]),
    ("2026-W27", [70, 22, 13, 33]),
    ("2026-W28", [82, 21, 10, 30]),
];
