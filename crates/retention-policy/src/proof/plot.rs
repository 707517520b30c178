//! The days as one picture: a bar each, stacked by reason, readable without script, font or link.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, Days, NaiveDate};

use super::report::{DeletionDay, DeletionReport};
use crate::verdict::DueReason;

const WIDTH: f64 = 760.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 44.0;
const PANEL: f64 = 200.0;
const BELOW: f64 = 34.0;
/// More days than this are drawn by week.
const MOST_DAYS: i64 = 62;
/// Bars that are named below; more would overlap.
const NAMED: usize = 8;

/// Reasons as they are drawn: rules of all triggers are one.
pub(super) const LAYERS: [(&str, &str); 5] = [
    ("e", "Written end reached"),
    ("d", "Default over"),
    ("p", "Purpose over"),
    ("w", "Consent withdrawn"),
    ("r", "Erasure request"),
];

pub(super) fn layer(reason: DueReason) -> usize {
    match reason {
        DueReason::Expired => 0,
        DueReason::Default => 1,
        DueReason::PurposeOver(_) => 2,
        DueReason::ConsentWithdrawn => 3,
        DueReason::Erasure => 4,
    }
}

struct Bar {
    first: NaiveDate,
    layers: [u64; LAYERS.len()],
}

impl Bar {
    fn records(&self) -> u64 {
        super::report::total(self.layers.iter())
    }
}

pub(super) fn svg(report: &DeletionReport) -> String {
    let (bars, unit) = bars(report);
    let most = bars.iter().map(Bar::records).max().unwrap_or(0).max(1);
    let top = nice(most);
    let height = TOP + PANEL + BELOW;
    let span = match (bars.first(), report.days().last()) {
        (Some(first), Some((last, _))) => format!("{} to {last}", first.first),
        _ => "no deletions".to_owned(),
    };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"t d\">\
         <title id=\"t\">Records destroyed</title><desc id=\"d\">Records destroyed by {unit} and reason, {span}. The table \
         below has the same numbers.</desc>"
    );
    let mut x = LEFT;
    for (class, name) in LAYERS {
        put(
            &mut out,
            format_args!(
                "<rect class=\"{class}\" x=\"{x:.1}\" y=\"10\" width=\"12\" height=\"12\"/>\
                 <text class=\"a\" x=\"{:.1}\" y=\"20\">{name}</text>",
                x + 17.0
            ),
        );
        x += 40.0 + 6.6 * name.len() as f64;
    }
    for part in 0..=4 {
        let value = top / 4 * part;
        let y = TOP + PANEL * (1.0 - value as f64 / top as f64);
        put(
            &mut out,
            format_args!(
                "<line class=\"g\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"a\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                y + 4.0
            ),
        );
    }
    let step = (WIDTH - LEFT - RIGHT) / bars.len().max(1) as f64;
    let named = bars.len().div_ceil(NAMED).max(1);
    for (n, bar) in bars.iter().enumerate() {
        draw(&mut out, bar, LEFT + step * n as f64, step, top);
        if n % named == 0 {
            put(
                &mut out,
                format_args!(
                    "<text class=\"a\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    LEFT + step * (n as f64 + 0.5),
                    TOP + PANEL + 20.0,
                    bar.first
                        .format(if unit == "week" { "%Y-%m-%d" } else { "%d %b" })
                ),
            );
        }
    }
    out.push_str("</svg>");
    out
}

fn draw(out: &mut String, bar: &Bar, x: f64, step: f64, top: u64) {
    let width = (step * 0.8).min(48.0);
    let mut y = TOP + PANEL;
    for ((class, name), records) in LAYERS.iter().zip(bar.layers) {
        if records > 0 {
            let height = PANEL * records as f64 / top as f64;
            y -= height;
            put(
                out,
                format_args!(
                    "<rect class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\">\
                     <title>{}, {name}: {records}</title></rect>",
                    x + (step - width) / 2.0,
                    bar.first
                ),
            );
        }
    }
}

/// A bar for every day from the first to the last, or for every week, named by its Monday.
fn bars(report: &DeletionReport) -> (Vec<Bar>, &'static str) {
    let ends = (report.days().next(), report.days().last());
    let (Some((first, _)), Some((last, _))) = ends else {
        return (Vec::new(), "day");
    };
    let by_week = (last - first).num_days() >= MOST_DAYS;
    let of = |day: NaiveDate| {
        let back = u64::from(day.weekday().num_days_from_monday());
        let monday = day.checked_sub_days(Days::new(back));
        if by_week { monday.unwrap_or(day) } else { day }
    };
    let mut sums: BTreeMap<NaiveDate, [u64; LAYERS.len()]> = BTreeMap::new();
    let mut next = Some(of(first));
    while let Some(day) = next.filter(|day| *day <= last) {
        sums.insert(day, [0; LAYERS.len()]);
        next = day.checked_add_days(Days::new(if by_week { 7 } else { 1 }));
    }
    for (day, sum) in report.days() {
        add(sums.entry(of(day)).or_default(), sum);
    }
    let bars = sums
        .into_iter()
        .map(|(first, layers)| Bar { first, layers });
    (bars.collect(), if by_week { "week" } else { "day" })
}

fn add(layers: &mut [u64; LAYERS.len()], day: &DeletionDay) {
    for (_, reason, records) in day.sums() {
        if let Some(sum) = layers.get_mut(layer(reason)) {
            *sum = sum.saturating_add(records);
        }
    }
}

/// The next of 4, 8, 20, 40, 80, 200 and so on: a quarter of it is a round number.
fn nice(most: u64) -> u64 {
    let mut ten = 4u64;
    loop {
        for step in [1, 2, 5] {
            let top = ten.saturating_mul(step);
            if top >= most {
                return top;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String does not fail.
    let _ = out.write_fmt(text);
}
