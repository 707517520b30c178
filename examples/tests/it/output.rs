//! What the quick start prints: the same facts for people and machines, and nothing but text in a pipe.

use std::process::Command;

use serde_json::Value;

fn run(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_quick_start"))
        .args(args)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn event<'e>(events: &'e [Value], name: &str) -> &'e Value {
    events.iter().find(|e| e["event"] == name).unwrap()
}

#[test]
fn the_machine_story_is_whole_and_holds_no_text() {
    let text = run(&["--json"]);
    let events: Vec<Value> = text
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let summary = event(&events, "summary");
    assert_eq!(summary["tickets"], 150);
    assert_eq!(summary["withheld"], 0);
    assert_eq!(event(&events, "before")["readable"], 10);
    assert_eq!(event(&events, "before")["in_clear"], 0);
    let swept = event(&events, "swept");
    assert_eq!(
        (&swept["readable"], &swept["in_clear"]),
        (&Value::from(0), &Value::from(0))
    );
    assert!(swept["buckets"].as_u64().unwrap() > 0);
    assert_eq!(event(&events, "end")["audit_intact"], true);
    let over = event(&events, "over");
    assert_eq!(over["audit_intact"], true);
    // What is left are the usage records: of drafts that were decided, and of messages without a draft.
    let decided = ["accepted", "edited", "discarded"].iter();
    let decided: u64 = decided.map(|k| summary[k].as_u64().unwrap()).sum();
    let silent = summary["silent"].as_object().unwrap().values();
    let silent: u64 = silent.map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(over["left"].as_u64().unwrap(), decided + silent);
    // The contract and the policy in force, what was signed of the decisions of the first day and of each of two sweeps, and which
    // drafts were looked at for templates.
    assert_eq!(
        (&over["books"], &over["templates"]),
        (&Value::from(6), &Value::from(1))
    );
    let templates = event(&events, "templates");
    assert!(
        templates["drafts"].as_u64().unwrap() > 20 && templates["lines"].as_u64().unwrap() > 20
    );
    let package = event(&events, "package");
    assert_eq!(
        (&package["found"], &package["items"]),
        (&Value::from(2), &Value::from(3))
    );
    assert_eq!(event(&events, "stranger")["found"], 0);
    let erased = event(&events, "erased");
    assert_eq!(erased["certificate"], true);
    assert_eq!(
        [
            &erased["readable_before"],
            &erased["readable"],
            &erased["in_clear"]
        ],
        [&Value::from(4), &Value::from(0), &Value::from(0)]
    );
    let policy = event(&events, "policy");
    assert_eq!(
        (&policy["version"], &policy["changes"]),
        (&Value::from(2), &Value::from(1))
    );
    assert!(policy["shortened"].as_u64().unwrap() > 0);
    let planned = event(&events, "planned");
    assert_eq!(
        (&planned["held"], &planned["drift_refused"]),
        (&Value::from(1), &Value::from(true))
    );
    assert_eq!(planned["ended"], planned["lines"]);
    let proved = event(&events, "proved");
    assert_eq!(
        (&proved["records"], &proved["forgery_refused"]),
        (&Value::from(2), &Value::from(true))
    );
    let released = event(&events, "released");
    for said in ["kept", "closed", "alone_refused"] {
        assert_eq!(released[said], true, "{said}");
    }
    assert_eq!(released["ended"], 1);
    let left = event(&events, "left");
    assert_eq!(
        (&left["keys_left"], &left["certificate"]),
        (&Value::from(false), &Value::from(true))
    );
    assert!(left["destroyed_records"].as_u64().unwrap() > 0);
    for word in ["Brennigan", "FL-", "@", "Orla"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn a_pipe_gets_no_escape_codes() {
    let text = run(&[]);
    assert!(!text.contains('\u{1b}'));
    for part in [
        "what the customer wrote",
        "what a model would see",
        "what the agent sees",
        "the proof",
        "nothing without an end",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.contains("10 of 10 planted values"));
    assert!(text.contains("0 of 10 planted values"));
}

#[test]
fn a_second_run_goes_on_with_a_kept_store() {
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    let args = ["--json", "--dir", store.to_str().unwrap()];
    run(&args);
    let second = run(&args);
    assert!(second.contains("\"audit_intact\":true"), "{second}");
}

#[test]
fn own_tickets_from_csv() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.csv");
    std::fs::write(
        &file,
        "id,text,email\nA-1,\"Hello, where is my order 556677? Marten Oldenkamp\",marten@oldenkamp.example\n",
    )
    .unwrap();
    let text = run(&["--json", "--tickets", file.to_str().unwrap()]);
    assert!(text.contains("\"tickets\":1"));
    assert!(!text.contains("Oldenkamp"));
}
