//! Bills, series, teams: made of events, told only where enough of them are.

use std::time::Duration;

use proptest::prelude::*;
use suggest_core::{
    Bill, EditClass, Error, Label, MIN_CELL, Outcome, QualitySeries, Tariff, Teams, UsageEvent,
    Week,
};

const LINES: [&str; 6] = [
    "2;return;accepted;-;2026-W23;en;playbook;1;0;lt_1m;lt_10ms;lt_30s",
    "2;refund;edited;light;2026-W23;fr;macro;1;0;lt_1m;lt_10ms;lt_30s",
    "2;-;edited;rewritten;2026-W24;de;extractive;1;0;lt_10m;lt_1s;ge_2m",
    "2;return;discarded;wrong;2026-W23;en;model;1;1;lt_1m;lt_10s;lt_5s",
    "2;-;none;intent_unclear;2026-W23;-;-;0;0;-;-;-",
    "1;return;accepted;-;2026-W24;en;playbook;1;0;ge_1h",
];

fn event(line: &str) -> UsageEvent {
    UsageEvent::from_line(line).unwrap_or_else(|| panic!("{line}"))
}

fn week(text: &str) -> Week {
    Week::parse(text).unwrap()
}

#[test]
fn a_bill_is_its_events() {
    let events: Vec<UsageEvent> = LINES.map(event).to_vec();
    let tariff = Tariff::new("EUR").accepted(12).edited(8).silent(1);
    let bill = Bill::of(&events, &tariff).unwrap();
    assert_eq!(bill.total(), 12 + 8 + 8 + 1 + 12);
    assert_eq!(
        bill.to_string(),
        "week      outcome        count     price          EUR\n\
         2026-W23  accepted           1      0.12         0.12\n\
         2026-W23  edited             1      0.08         0.08\n\
         2026-W23  discarded          1      0.00         0.00\n\
         2026-W23  none               1      0.01         0.01\n\
         2026-W24  accepted           1      0.12         0.12\n\
         2026-W24  edited             1      0.08         0.08\n\
         total                                            0.41"
    );
    let dear = Tariff::new("EUR").accepted(u32::MAX);
    assert!(Bill::of(&events, &dear).is_ok());
}

proptest! {
    /// Whoever has the lines has the bill, in whatever order and however often they were read and written.
    #[test]
    fn bills_come_from_the_lines_alone(picked in proptest::collection::vec(0usize..6, 0..60), seed in any::<u64>()) {
        let events: Vec<UsageEvent> = picked.iter().map(|n| event(LINES[*n])).collect();
        let mut lines: Vec<String> = events.iter().map(UsageEvent::to_line).collect();
        let turn = usize::try_from(seed % 61).unwrap() % lines.len().max(1);
        lines.rotate_left(turn);
        lines.reverse();
        let again: Vec<UsageEvent> = lines.iter().map(|line| event(line)).collect();
        let tariff = Tariff::new("EUR").accepted(7).edited(5).discarded(3).silent(2);
        let bill = Bill::of(&events, &tariff).unwrap();
        prop_assert_eq!(&bill, &Bill::of(&again, &tariff).unwrap());
        prop_assert_eq!(bill.lines().iter().map(|l| l.count).sum::<u64>(), events.len() as u64);
        let sum: u64 = bill.lines().iter().map(|l| l.amount).sum();
        prop_assert_eq!(bill.total(), sum);
    }
}

fn many(counts: &[(usize, &str)]) -> Vec<UsageEvent> {
    counts
        .iter()
        .flat_map(|(n, line)| std::iter::repeat_n(event(line), *n))
        .collect()
}

#[test]
fn a_week_has_its_figures() {
    let [shown, light, rewritten, thrown, silent, _] = LINES;
    let in_23 = rewritten.replace("W24", "W23");
    let series = QualitySeries::of(&many(&[
        (6, shown),
        (3, light),
        (1, &in_23),
        (2, thrown),
        (4, silent),
    ]));
    let [only] = series.weeks() else {
        panic!("{series:?}");
    };
    let near = |share: Option<f32>, expected: f32| {
        assert!(
            (share.unwrap() - expected).abs() < 1e-4,
            "{share:?} {expected}"
        );
    };
    assert_eq!(only.asked, Some(16));
    near(only.acceptance, 6.0 / 12.0);
    near(only.edit_distance, (3.0 * 0.05 + 0.8) / 10.0);
    near(only.abstention, 4.0 / 16.0);
    near(only.coverage, 10.0 / 16.0);
    near(only.prompt, 10.0 / 12.0);
}

/// Of four events nothing is told; of weeks without any the series has a gap.
#[test]
fn small_counts_are_not_told() {
    let few = MIN_CELL - 1;
    let later = LINES[0].replace("W23", "W26");
    let series = QualitySeries::of(&many(&[(few, LINES[0]), (few, &later), (20, LINES[4])]));
    let weeks: Vec<String> = series.weeks().iter().map(|w| w.week.to_string()).collect();
    assert_eq!(weeks, ["2026-W23", "2026-W24", "2026-W25", "2026-W26"]);
    let [first, second, _, last] = series.weeks() else {
        panic!();
    };
    assert_eq!((first.asked, first.acceptance), (Some(24), None));
    assert_eq!(first.edit_distance, None);
    assert!(first.abstention.is_some());
    for week in [second, last] {
        assert_eq!((week.asked, week.coverage), (None, None));
    }
    assert!(
        series.to_string().contains("2026-W24        -          -"),
        "{series}"
    );
    let svg = series.to_svg("A & <b>");
    assert_eq!(svg.matches("<polyline").count(), 0);
    // Silence and coverage of the first week, and nothing else.
    assert_eq!(svg.matches("<circle").count(), 2);
    assert!(svg.contains("A &amp; &lt;b&gt;") && !svg.contains("<b>"));
    for outside in [
        "http://", "https://", "<script", "url(", "@import", "<image",
    ] {
        let but = svg.replace("http://www.w3.org/2000/svg", "");
        assert!(!but.contains(outside), "{outside}");
    }
}

#[test]
fn a_line_breaks_where_nothing_is_told() {
    let of = |week: &str| LINES[0].replace("2026-W23", week);
    let lines = ["2026-W51", "2026-W52", "2027-W01", "2027-W02"].map(of);
    let events: Vec<UsageEvent> = lines
        .iter()
        .flat_map(|line| std::iter::repeat_n(event(line), 9))
        .collect();
    let series = QualitySeries::of(&events);
    // 2026 has a week 53.
    assert_eq!(series.weeks().len(), 5);
    assert_eq!(series.weeks()[2].asked, None);
    let svg = series.to_svg("Shop");
    assert_eq!(svg.matches("<polyline").count(), 2 * 5);
    assert_eq!(svg.matches("<circle").count(), 4 * 5);
}

fn label(n: u8) -> Label {
    Label([n; 16])
}

#[test]
fn teams_are_told_when_enough_agents_are_in_them() {
    let (this, next) = (week("2026-W23"), week("2026-W24"));
    let mut teams = Teams::new();
    let seconds = Duration::from_secs;
    for agent in 1..=5 {
        teams.note(label(1), label(agent), this, Outcome::Accepted, seconds(3));
        teams.note(
            label(1),
            label(agent),
            this,
            Outcome::Edited(EditClass::Much),
            seconds(60),
        );
    }
    // Many decisions of four agents are four agents'.
    for n in 0..40 {
        teams.note(label(2), label(n % 4), this, Outcome::Accepted, seconds(3));
    }
    assert!(teams.told(this, this).is_empty());
    let told = teams.told(this, next);
    let [only] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!((only.team, only.decided, only.agents), (label(1), 10, 5));
    assert_eq!(only.changed, [5, 0, 0, 5, 0]);
    assert_eq!(only.viewed, [5, 0, 5, 0]);
    assert!((only.edit_distance().unwrap() - 0.225).abs() < 1e-4);
    let back = Teams::from_snapshot(&teams.snapshot()).unwrap();
    assert!(back == teams);
    teams.forget(label(5));
    assert!(teams.told(this, next).is_empty());
    let mut teams = back;
    assert_eq!(teams.close_before(next).len(), 1);
    assert!(teams == Teams::new());
    assert!(!format!("{teams:?}").contains("01"));
}

#[test]
fn snapshots_of_teams_are_read_or_refused() {
    let mut teams = Teams::new();
    teams.note(
        label(1),
        label(2),
        week("2026-W23"),
        Outcome::Accepted,
        Duration::ZERO,
    );
    let bytes = teams.snapshot();
    for cut in 0..bytes.len() {
        assert_eq!(
            Teams::from_snapshot(&bytes[..cut]).err(),
            Some(Error::CorruptTeams),
            "{cut}"
        );
    }
    let mut newer = bytes;
    newer[0] = 7;
    assert_eq!(
        Teams::from_snapshot(&newer).err(),
        Some(Error::NewerCorpus { version: 7 })
    );
}

/// "Logs of suggestions and their outcomes (without personal identifiers)": no field takes a word of somebody's, and the
/// bill is made of the log alone.
#[test]
fn p040_the_log_of_outcomes_names_nobody() {
    for line in LINES {
        let fields: Vec<&str> = line.split(';').collect();
        for at in 0..fields.len() {
            for word in ["Orla Brennigan", "orla@mailbox.example", "0049 30 1234567"] {
                let mut with = fields.clone();
                with[at] = word;
                let with = with.join(";");
                assert!(UsageEvent::from_line(&with).is_none(), "{with}");
            }
        }
        let more = format!("{line};Orla");
        assert!(UsageEvent::from_line(&more).is_none(), "{more}");
    }
}

/// "Service performance and our business obligations": an invoice, with no store of personal data anywhere near.
#[test]
fn p041_an_invoice_needs_the_anonymous_log_alone() {
    let log = LINES.join("\n");
    let events: Vec<UsageEvent> = log.lines().map(event).collect();
    let tariff = Tariff::new("EUR").accepted(12).edited(8);
    let bill = Bill::of(&events, &tariff).unwrap();
    assert_eq!(bill.total(), 2 * 12 + 2 * 8);
    assert!(bill.to_string().contains("total"));
    assert!(QualitySeries::of(&events).to_string().contains("2026-W23"));
}
