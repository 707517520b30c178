use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{
    Category, ClockState, DeletionEvent, DeletionReport, Disposition, DueReason, Error, Noted,
    PlanHash, SweepNote, Timestamp, Trigger,
};
use serde_json::{Value, json};

use crate::{MADE, at, tenant};

const MINUTE: TimeDelta = TimeDelta::minutes(1);
const DAY: TimeDelta = TimeDelta::days(1);

fn event() -> DeletionEvent {
    DeletionEvent {
        tenant: tenant(1),
        category: Category::Session,
        at: at(MADE),
        reason: DueReason::Expired,
        disposition: Disposition::Erase,
        records: 98,
        written_end: Some(at(MADE) - MINUTE),
        policy_version: 7,
        plan: PlanHash::from_bytes([3; 32]),
        key_fingerprint: [4; 32],
        audit_leaf: 55,
        backup_horizon: at(MADE) + DAY * 7,
    }
}

fn events() -> Vec<DeletionEvent> {
    vec![
        event(),
        DeletionEvent {
            records: 1,
            written_end: Some(at(MADE) - MINUTE * 3),
            ..event()
        },
        DeletionEvent {
            records: 1,
            written_end: Some(at(MADE) - MINUTE * 9),
            ..event()
        },
        DeletionEvent {
            at: at(MADE) + DAY * 2,
            category: Category::Draft,
            reason: DueReason::PurposeOver(Trigger::Used),
            records: 5,
            written_end: Some(at(MADE) + DAY * 20),
            ..event()
        },
        DeletionEvent {
            tenant: tenant(2),
            records: 1_000_000,
            ..event()
        },
    ]
}

#[test]
fn the_bytes_are_the_golden_ones() {
    let hex: String = event()
        .to_bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let three = "03".repeat(32);
    let four = "04".repeat(32);
    assert_eq!(
        hex,
        format!(
            "01\
             01010101010141018101010101010101\
             00\
             0000000069a55190\
             0400\
             00\
             0000000000000062\
             010000000069a55154\
             00000007\
             {three}{four}\
             0000000000000037\
             0000000069ae8c10"
        )
    );
    assert_eq!(DeletionEvent::from_bytes(&event().to_bytes()), Ok(event()));
}

#[test]
fn a_horizon_is_rounded_up_and_other_instants_down() {
    let finer = DeletionEvent {
        at: at(MADE) + TimeDelta::milliseconds(900),
        backup_horizon: at(MADE) + DAY * 7 - TimeDelta::milliseconds(900),
        ..event()
    };
    assert_eq!(finer.to_bytes(), event().to_bytes());
}

#[test]
fn a_report_sums_days_and_says_how_late() {
    let report = DeletionReport::new(tenant(1), &events());
    assert_eq!(report.total().records(), 105);
    assert_eq!(report.days().count(), 2);
    let (_, first) = report.days().next().unwrap();
    assert_eq!(first.records(), 100);
    assert_eq!((first.late_p99(), first.late_max()), (Some(180), Some(540)));
    assert_eq!(first.oldest_end(), Some(at(MADE) - MINUTE * 9));
    let (_, second) = report.days().last().unwrap();
    assert_eq!((second.late_p99(), second.late_max()), (None, None));
    let sums: Vec<_> = report.total().sums().collect();
    assert_eq!(
        sums,
        [
            (Category::Session, DueReason::Expired, 100),
            (Category::Draft, DueReason::PurposeOver(Trigger::Used), 5)
        ]
    );
}

#[test]
fn the_json_is_for_programs() {
    let report = DeletionReport::new(tenant(1), &events());
    let parsed: Value = serde_json::from_str(&report.to_json()).unwrap();
    let session = json!({"category": "session", "reason": "expired", "records": 100});
    let draft = json!({"category": "draft", "reason": "purpose_over:used", "records": 5});
    let horizon = "2026-03-09T09:00:00Z";
    assert_eq!(
        parsed,
        json!({
            "schema": 1,
            "tenant": "01010101-0101-4101-8101-010101010101",
            "total": {
                "records": 105, "templates": 0, "oldest_end": "2026-03-02T08:51:00Z", "backup_horizon": horizon,
                "late_max_s": 540, "late_p99_s": 180, "sums": [session, draft],
            },
            "days": [
                {
                    "day": "2026-03-02", "records": 100, "templates": 0, "oldest_end": "2026-03-02T08:51:00Z", "backup_horizon": horizon,
                    "late_max_s": 540, "late_p99_s": 180, "sums": [session],
                },
                {
                    "day": "2026-03-04", "records": 5, "templates": 0, "oldest_end": "2026-03-22T09:00:00Z", "backup_horizon": horizon,
                    "late_max_s": null, "late_p99_s": null, "sums": [draft],
                },
            ],
            "notes": [],
        })
    );
    let empty: Value =
        serde_json::from_str(&DeletionReport::new(tenant(3), &events()).to_json()).unwrap();
    assert_eq!(empty["total"]["records"], 0);
    assert_eq!(empty["days"], json!([]));
}

/// A bucket of which some became templates is two events, and one day of the report.
#[test]
fn what_lives_on_in_templates_is_counted_apart() {
    let draft = DeletionEvent {
        category: Category::Draft,
        ..event()
    };
    let templates = DeletionEvent {
        disposition: Disposition::Template,
        records: 6,
        ..draft
    };
    let gone = DeletionEvent {
        records: 1,
        ..draft
    };
    let report = DeletionReport::new(tenant(1), &[templates, gone]);
    assert_eq!(report.total().records(), 7);
    assert_eq!(report.total().templates(), 6);
    let sums: Vec<_> = report.total().sums().collect();
    assert_eq!(sums, [(Category::Draft, DueReason::Expired, 7)]);
    let parsed: Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(parsed["total"]["templates"], 6);
    assert_eq!(parsed["days"][0]["templates"], 6);
    let page = report.to_html();
    assert!(page.contains("Of 6 of them what many had in common lives on"));
    let row = "of these, in templates</td><td class=\"n\">6</td>";
    assert!(page.contains(row));
    let without = DeletionReport::new(tenant(1), &[gone]);
    assert_eq!(without.total().templates(), 0);
    assert!(!without.to_html().contains("templates"));
}

#[test]
fn the_page_stands_alone() {
    let page = DeletionReport::new(tenant(1), &events()).to_html();
    for foreign in [
        "<script",
        "http-equiv=\"refresh\"",
        "src=",
        "href=",
        "url(",
        "@import",
        "@font-face",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    let links: Vec<&str> = page
        .split("http")
        .skip(1)
        .map(|rest| &rest[..rest.len().min(24)])
        .collect();
    assert_eq!(
        links,
        ["-equiv=\"Content-Security", "://www.w3.org/2000/svg\" "]
    );
    for said in [
        "prefers-color-scheme:dark",
        "default-src 'none'",
        "not legal advice",
        "105 records were destroyed on 2 days (UTC)",
        "99 of 100 were gone within 3 minutes, the last within 9 minutes",
        "<td>2026-03-04</td><td>draft</td><td>purpose_over:used</td><td class=\"n\">5</td>",
        "<title>2026-03-02, Written end reached: 100</title>",
        "from 2026-03-09 09:00 UTC on",
    ] {
        assert!(page.contains(said), "{said}");
    }
    // A bar for every day between, and a name for each.
    for day in ["02 Mar", "03 Mar", "04 Mar"] {
        assert!(page.contains(day), "{day}");
    }
    for (open, close) in [
        ("<rect", "/>"),
        ("<svg", "</svg>"),
        ("<table", "</table>"),
        ("<text", "</text>"),
        ("<tr", "</tr>"),
    ] {
        assert!(
            page.matches(open).count() <= page.matches(close).count(),
            "{open}"
        );
    }
    let nothing = DeletionReport::new(tenant(3), &[]).to_html();
    assert!(nothing.contains("no deletions") && nothing.contains("0 records"));
}

/// Many days are drawn by week: the page of ten years has as many bars as weeks.
#[test]
fn long_reports_are_drawn_by_week() {
    let all: Vec<DeletionEvent> = (0..3650)
        .map(|n| DeletionEvent {
            at: at(MADE) + DAY * n,
            ..event()
        })
        .collect();
    let page = DeletionReport::new(tenant(1), &all).to_html();
    let bars = page.matches("Written end reached: ").count();
    assert!((521..=523).contains(&bars), "{bars}");
    assert!(page.contains("Records destroyed by week and reason"));
}

fn any_event() -> impl Strategy<Value = DeletionEvent> {
    let reasons: Vec<DueReason> = [
        DueReason::Erasure,
        DueReason::ConsentWithdrawn,
        DueReason::Default,
        DueReason::Expired,
    ]
    .into_iter()
    .chain(Trigger::ALL.map(DueReason::PurposeOver))
    .collect();
    let instant =
        || (0i64..4_000_000_000).prop_map(|s| chrono::DateTime::from_timestamp(s, 0).unwrap());
    (
        (0usize..8, proptest::sample::select(reasons), any::<bool>()),
        (instant(), proptest::option::of(instant()), instant()),
        (any::<u64>(), any::<u32>(), any::<u64>()),
        (any::<[u8; 32]>(), any::<[u8; 32]>()),
    )
        .prop_map(
            |(
                (category, reason, template),
                (at, end, horizon),
                (records, version, leaf),
                (plan, key),
            )| {
                DeletionEvent {
                    tenant: tenant(1),
                    category: Category::ALL[category],
                    at,
                    reason,
                    disposition: Disposition::ALL[usize::from(template)],
                    records,
                    written_end: end,
                    policy_version: version,
                    plan: PlanHash::from_bytes(plan),
                    key_fingerprint: key,
                    audit_leaf: leaf,
                    backup_horizon: horizon,
                }
            },
        )
}

proptest! {
    #[test]
    fn an_event_comes_back_from_its_bytes(event in any_event(), n in 0usize..200, bit in 0u8..8) {
        let mut bytes = event.to_bytes();
        prop_assert_eq!(DeletionEvent::from_bytes(&bytes), Ok(event));
        let cut = &bytes[..n.min(bytes.len() - 1)];
        prop_assert!(matches!(DeletionEvent::from_bytes(cut), Err(Error::BadStored { .. })), "cut");
        let n = n % bytes.len();
        bytes[n] ^= 1 << bit;
        if let Ok(other) = DeletionEvent::from_bytes(&bytes) {
            prop_assert_ne!(other, event);
            prop_assert_eq!(other.to_bytes(), bytes);
        }
    }

    /// Whatever was destroyed: the report parses, and its sums are those of the events.
    #[test]
    fn reports_add_up(mut all in proptest::collection::vec(any_event(), 0..20)) {
        for event in &mut all {
            event.records %= 1_000_000;
            event.at = at(MADE) + TimeDelta::seconds(event.at.timestamp() % 8_000_000);
        }
        let report = DeletionReport::new(tenant(1), &all);
        let parsed: Value = serde_json::from_str(&report.to_json()).unwrap();
        let sum: u64 = all.iter().map(|e| e.records).sum();
        prop_assert_eq!(&parsed["total"]["records"], &json!(sum));
        let by_day: u64 = parsed["days"].as_array().unwrap().iter().map(|d| d["records"].as_u64().unwrap()).sum();
        prop_assert_eq!(by_day, sum);
        prop_assert!(report.total().late_p99() <= report.total().late_max());
        let _ = report.to_html();
    }
}

#[test]
fn what_was_not_destroyed_is_told_before_the_numbers() {
    let at: Timestamp = "2026-03-02T10:00:00.5Z".parse().unwrap();
    let notes = [
        (
            Some(tenant(1)),
            Noted::Tripped {
                records: 5000,
                of: 6200,
            },
        ),
        (None, Noted::Clock(ClockState::Ahead)),
        (None, Noted::Clock(ClockState::Back)),
        (
            Some(tenant(1)),
            Noted::Held {
                category: Category::Session,
                records: 12,
            },
        ),
        (
            Some(tenant(2)),
            Noted::Held {
                category: Category::Draft,
                records: 99,
            },
        ),
    ];
    let notes = notes.map(|(tenant, what)| SweepNote { tenant, at, what });
    for note in &notes {
        let bytes = note.to_bytes();
        let back = SweepNote::from_bytes(&bytes).unwrap();
        assert_eq!((back.tenant, back.what), (note.tenant, note.what));
        assert_eq!(
            back.at,
            "2026-03-02T10:00:00Z".parse::<Timestamp>().unwrap()
        );
        for len in 0..bytes.len() {
            assert!(SweepNote::from_bytes(&bytes[..len]).is_err());
        }
        assert!(SweepNote::from_bytes(&[bytes, vec![0]].concat()).is_err());
    }
    // Golden: version, tenant, seconds, held, draft, 99.
    let golden = notes[4].to_bytes();
    assert_eq!(golden[..2], [1, 1]);
    assert_eq!(
        golden[18..],
        [0, 0, 0, 0, 105, 165, 95, 160, 2, 1, 0, 0, 0, 0, 0, 0, 0, 99]
    );
    let report = DeletionReport::new(tenant(1), &events()).with_notes(notes);
    let codes: Vec<&str> = report.notes().iter().map(|n| n.what.code()).collect();
    assert_eq!(codes, ["tripped", "clock_ahead", "clock_back", "held"]);
    let parsed: Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(
        parsed["notes"][1],
        json!({"at": "2026-03-02T10:00:00Z", "what": "clock_ahead", "records": null})
    );
    assert_eq!(parsed["notes"][3]["records"], 12);
    let page = report.to_html();
    let told = page.find("they wait for two people").unwrap();
    assert!(told < page.find("<thead>").unwrap());
    assert!(!page.contains("99 records of kind"));
}
