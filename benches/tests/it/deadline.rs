//! `eval deadline` and `eval breach`: rows in, dates or a code out.

use serde_json::{Value, json};

use crate::eval;

/// The answers to rows, and the exit.
fn answers(command: &str, rows: &[Value]) -> (Vec<Value>, Option<i32>) {
    let input: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let output = eval(&[command], input.as_bytes());
    let lines = String::from_utf8(output.stdout).unwrap();
    let answers = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (answers, output.status.code())
}

#[test]
fn months_come_with_their_extension_and_without_their_pause() {
    let (answers, exit) = answers(
        "deadline",
        &[
            json!({"id": 1, "received": "2026-03-02T23:30:00Z", "calendar": "FR-6AE", "tz": "Europe/Paris"}),
            json!({"id": 2, "received": "2026-09-01", "calendar": "FR", "tz": "Europe/Paris",
                "pauses": [["2026-09-02", "2026-09-05"], ["2026-09-04", "2026-09-09"], ["2026-09-10", "2026-09-20"]],
                "extension_notified": "2026-09-30", "reason_code": "complexity", "more": true}),
            json!({"id": 3, "received": "2026-09-01", "calendar": "FR", "pauses": [["2026-09-02", null]],
                "extension_notified": ["2026-09-30"], "reason_code": "number_of_requests"}),
        ],
    );
    assert_eq!(
        answers,
        [
            json!({"id": 1, "base_due": "2026-04-07", "extended_due": "2026-06-03",
                "extension_notice_by": "2026-04-07", "base_due_without_pause": "2026-04-07"}),
            json!({"id": 2, "base_due": "2026-10-08", "extended_due": "2026-12-08",
                "extension_notice_by": "2026-10-08", "base_due_without_pause": "2026-10-01"}),
            json!({"id": 3, "base_due": "2026-10-01", "extended_due": "2026-12-01",
                "extension_notice_by": "2026-10-01", "base_due_without_pause": "2026-10-01"}),
        ]
    );
    assert_eq!(exit, Some(0));
}

#[test]
fn a_row_that_cannot_be_counted_says_why() {
    let base = json!({"id": 1, "received": "2026-09-01", "calendar": "FR", "tz": "Europe/Paris"});
    let cases = [
        (json!({"calendar": "XX"}), "unknown_calendar"),
        (json!({"calendar": 7}), "bad_field"),
        (json!({"received": "2036-02-01"}), "calendar_out_of_range"),
        (json!({"received": "2035-11-01"}), "calendar_out_of_range"),
        (json!({"received": "2026-02-30"}), "bad_field"),
        (json!({"received": null}), "bad_field"),
        (
            json!({"received": "2026-09-01T10:00:00Z", "tz": null}),
            "bad_field",
        ),
        (json!({"tz": "Europe/Atlantis"}), "unknown_time_zone"),
        (
            json!({"pauses": [["2026-09-09", "2026-09-02"]]}),
            "invalid_pause",
        ),
        (
            json!({"pauses": [["2026-08-31", "2026-09-02"]]}),
            "invalid_pause",
        ),
        (json!({"pauses": [["2026-09-02"]]}), "bad_field"),
        (
            json!({"extension_notified": "2026-10-02"}),
            "extension_too_late",
        ),
        (
            json!({"extension_notified": "2026-10-02", "reason_code": "complexity"}),
            "extension_too_late",
        ),
        (
            json!({"extension_notified": "2026-10-01"}),
            "reason_required",
        ),
        (
            json!({"extension_notified": "2026-10-01", "reason_code": ""}),
            "reason_required",
        ),
        (
            json!({"extension_notified": "2026-10-01", "reason_code": "backlog"}),
            "not_an_extension_ground",
        ),
        (
            json!({"extension_notified": "2026-08-31", "reason_code": "complexity"}),
            "notice_before_receipt",
        ),
        (
            json!({"extension_notified": ["2026-09-10", "2026-09-20"], "reason_code": "complexity"}),
            "already_extended",
        ),
    ];
    let rows: Vec<Value> = cases
        .iter()
        .map(|(change, _)| {
            let mut row = base.as_object().unwrap().clone();
            row.extend(change.as_object().unwrap().clone());
            Value::Object(row)
        })
        .collect();
    let (answers, exit) = answers("deadline", &rows);
    let expected: Vec<Value> = cases
        .iter()
        .map(|(_, code)| json!({"id": 1, "error": code}))
        .collect();
    assert_eq!(answers, expected);
    assert_eq!(exit, Some(1));

    let help = String::from_utf8(eval(&["--help"], b"").stdout).unwrap();
    for (_, code) in &cases {
        assert!(help.contains(code), "{code}");
    }
}

#[test]
fn hours_have_three_ends() {
    let row = json!({"id": "a", "aware_at": "2026-06-05T13:10:00Z", "calendar": "FR", "tz": "Europe/Paris"});
    let with = |field: &str, value: Value| {
        let mut row = row.as_object().unwrap().clone();
        row.insert(field.to_owned(), value);
        Value::Object(row)
    };
    let (answers, exit) = answers(
        "breach",
        &[
            row.clone(),
            with("hours", json!(96)),
            with("hours", json!(-1)),
            with("hours", json!("72")),
            with("tz", json!("Europe/Atlantis")),
            with("tz", Value::Null),
            with("calendar", json!("")),
            with("aware_at", json!("2026-06-05")),
            with("aware_at", json!("2036-06-05T13:10:00Z")),
        ],
    );
    let error = |code: &str| json!({"id": "a", "error": code});
    assert_eq!(
        answers,
        [
            json!({"id": "a", "strict_instant": "2026-06-08T15:10:00+02:00",
                "reg1182_period_end": "2026-06-08T16:00:00+02:00",
                "contested_art3_5_end": "2026-06-10T00:00:00+02:00"}),
            json!({"id": "a", "strict_instant": "2026-06-09T15:10:00+02:00",
                "reg1182_period_end": "2026-06-09T16:00:00+02:00",
                "contested_art3_5_end": "2026-06-10T00:00:00+02:00"}),
            error("bad_field"),
            error("bad_field"),
            error("unknown_time_zone"),
            error("bad_field"),
            error("unknown_calendar"),
            error("bad_field"),
            error("calendar_out_of_range"),
        ]
    );
    assert_eq!(exit, Some(1));
}
