use std::process::Command;

use serde_json::Value;

fn gate(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_suites"))
        .arg("gate")
        .args(["--rounds", "1", "--bytes", "1"])
        .args(args)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn every_figure_is_there_and_the_counts_are_those_of_the_input() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("texts.jsonl");
    let rows = [
        r#"{"text":"Please write to zoe.quirk@example.org"}"#,
        r#"{"thread":[{"text":"My number is +33 6 39 98 41 27."},{"text":"No, \"+33 6 39 98 41 28\"!\n"}]}"#,
    ];
    std::fs::write(&file, rows.join("\n")).unwrap();
    let (code, text) = gate(&[file.to_str().unwrap(), "--calls", "16"]);
    let line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(code == Some(0) || code == Some(1), "{text}");
    for (count, is) in [
        ("texts", 2),
        ("sealed", 2),
        ("whole", 2),
        ("leaks_missed", 0),
        ("calls", 16),
        ("calls_whole", 16),
        ("held_text_median", 0),
        ("held_json_median", 0),
        ("held_html_median", 0),
    ] {
        assert_eq!(line[count], is, "{count}: {text}");
    }
    // The cases of the suite end in tags that are cut off, so something is held back in every format that has such.
    assert!(line["held_text_max"].as_u64() > Some(5), "{text}");
    assert!(line["calls_masked"].as_u64() <= Some(16), "{text}");
    for figure in [
        "detect_mb_per_s",
        "seal_mb_per_s",
        "restore_mb_per_s",
        "gate_ratio",
        "leak_5_mb_per_s",
        "leak_50_mb_per_s",
        "leak_500_mb_per_s",
        "leak_50_short_us",
        "restore_50_tags_us",
    ] {
        assert!(line[figure].as_f64() >= Some(0.0), "{figure}: {text}");
    }
    assert_eq!(
        text.lines().filter(|l| l.starts_with("held back")).count(),
        3
    );
}

#[test]
fn a_file_without_a_text_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("none.jsonl");
    std::fs::write(&file, "{\"id\":1}\n").unwrap();
    let (code, text) = gate(&[file.to_str().unwrap()]);
    assert_eq!(code, Some(2), "{text}");
}
