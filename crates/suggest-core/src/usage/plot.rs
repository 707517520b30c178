//! The series as one picture: five panels over the same weeks, readable without colour, without script, font or link.

use std::fmt::Write;

use super::{MIN_CELL, QualityWeek};

const WIDTH: f32 = 760.0;
const LEFT: f32 = 196.0;
const RIGHT: f32 = 64.0;
const TOP: f32 = 56.0;
const PANEL: f32 = 96.0;
const GAP: f32 = 30.0;
/// Weeks that are named below; more would overlap.
const NAMED: usize = 8;

struct Panel {
    name: &'static str,
    about: &'static str,
    of: fn(&QualityWeek) -> Option<f32>,
}

const PANELS: [Panel; 5] = [
    Panel {
        name: "Sent as shown",
        about: "of drafts decided",
        of: |week| week.acceptance,
    },
    Panel {
        name: "Words changed",
        about: "in drafts sent, estimated",
        of: |week| week.edit_distance,
    },
    Panel {
        name: "No draft",
        about: "of messages",
        of: |week| week.abstention,
    },
    Panel {
        name: "Draft sent",
        about: "of messages",
        of: |week| week.coverage,
    },
    Panel {
        name: "Drafted within 1 s",
        about: "of drafts measured",
        of: |week| week.prompt,
    },
];

const STYLE: &str = "<style>text{font:12px system-ui,sans-serif;fill:#1f2933}.t{font-size:17px;font-weight:600}\
.n{font-weight:600}.a{fill:#5f6b7a;font-size:11px}.g{stroke:#dfe4ea}.l{fill:none;stroke:#1b4f8a;stroke-width:2}\
.d{fill:#1b4f8a}</style>";

/// Draws the weeks.
pub(super) fn svg(weeks: &[QualityWeek], title: &str) -> String {
    let height = TOP + (PANEL + GAP) * PANELS.len() as f32 + 44.0;
    let title = escaped(title);
    let span = match (weeks.first(), weeks.last()) {
        (Some(first), Some(last)) => format!("{} to {}", first.week, last.week),
        _ => "no events".to_owned(),
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"t d\"><title id=\"t\">{title}</title><desc id=\"d\">Quality of reply drafts by week, \
         {span}, in per cent.</desc>{STYLE}<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
         <text x=\"16\" y=\"28\" class=\"t\">{title}</text><text x=\"16\" y=\"46\" class=\"a\">Quality of reply drafts by \
         week, {span}</text>"
    );
    for (n, panel) in PANELS.iter().enumerate() {
        let top = TOP + n as f32 * (PANEL + GAP) + 8.0;
        draw(&mut out, panel, weeks, top);
    }
    let below = TOP + PANELS.len() as f32 * (PANEL + GAP) + 8.0;
    let step = weeks.len().div_ceil(NAMED).max(1);
    for (at, week) in weeks.iter().enumerate().step_by(step) {
        put(
            &mut out,
            format_args!(
                "<text x=\"{:.1}\" y=\"{below:.1}\" class=\"a\" text-anchor=\"middle\">{}</text>",
                across(at, weeks.len()),
                week.week
            ),
        );
    }
    put(
        &mut out,
        format_args!(
            "<text x=\"16\" y=\"{:.1}\" class=\"a\">A gap is a week with fewer than {MIN_CELL} events of the kind: nothing is \
             told about so few.</text></svg>",
            below + 22.0
        ),
    );
    out
}

fn draw(out: &mut String, panel: &Panel, weeks: &[QualityWeek], top: f32) {
    let height = |share: f32| top + PANEL * (1.0 - share.clamp(0.0, 1.0));
    put(
        out,
        format_args!(
            "<text x=\"16\" y=\"{:.1}\" class=\"n\">{}</text><text x=\"16\" y=\"{:.1}\" class=\"a\">{}</text>",
            top + 14.0,
            panel.name,
            top + 30.0,
            panel.about
        ),
    );
    for share in [0.0, 0.5, 1.0] {
        let y = height(share);
        put(
            out,
            format_args!(
                "<line class=\"g\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\" class=\"a\" text-anchor=\"end\">{:.0} %</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                y + 4.0,
                100.0 * share
            ),
        );
    }
    let points: Vec<Option<(f32, f32, f32)>> = weeks
        .iter()
        .enumerate()
        .map(|(at, week)| {
            let share = (panel.of)(week)?;
            Some((across(at, weeks.len()), height(share), share))
        })
        .collect();
    for run in points.split(Option::is_none) {
        let line: Vec<String> = run
            .iter()
            .flatten()
            .map(|(x, y, _)| format!("{x:.1},{y:.1}"))
            .collect();
        if line.len() > 1 {
            put(
                out,
                format_args!("<polyline class=\"l\" points=\"{}\"/>", line.join(" ")),
            );
        }
    }
    for (point, week) in points.iter().zip(weeks) {
        if let Some((x, y, share)) = point {
            put(
                out,
                format_args!(
                    "<circle class=\"d\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"><title>{}: {:.1} %</title></circle>",
                    week.week,
                    100.0 * share
                ),
            );
        }
    }
    if let Some((x, y, share)) = points.iter().flatten().next_back() {
        put(
            out,
            format_args!(
                "<text x=\"{:.1}\" y=\"{:.1}\" class=\"n\">{:.0} %</text>",
                x + 10.0,
                y + 4.0,
                100.0 * share
            ),
        );
    }
}

/// Where a week stands; one alone in the middle.
fn across(at: usize, weeks: usize) -> f32 {
    let width = WIDTH - LEFT - RIGHT;
    match weeks {
        0 | 1 => LEFT + width / 2.0,
        _ => LEFT + 12.0 + (width - 24.0) * at as f32 / (weeks - 1) as f32,
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(text);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
