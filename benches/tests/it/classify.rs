//! `eval classify` on files.

use crate::eval;

fn rows(of: &[(&str, &[&str])], frames: &[&str]) -> String {
    let mut out = String::new();
    for (label, words) in of {
        for word in *words {
            for frame in frames {
                let text = frame.replace("{}", word);
                out.push_str(&format!(
                    "{}\n",
                    serde_json::json!({"text": text, "label": label})
                ));
            }
        }
    }
    out
}

const OF: [(&str, &[&str]); 2] = [
    ("delivery", &["parcel", "courier", "shipping", "delivery"]),
    ("refund", &["refund", "money", "repayment", "bank"]),
];

#[test]
fn labels_confidence_and_what_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    let train = dir.path().join("train.jsonl");
    let frames = [
        "where is my {}",
        "about the {} please",
        "{}",
        "a question: {}",
        "no {} yet",
    ];
    std::fs::write(&train, rows(&OF, &frames)).unwrap();
    let train = train.to_str().unwrap();
    let input = b"{\"text\":\"still no parcel\"}\n{\"id\":7,\"text\":\"my money\"}\n{\"label\":\"refund\"}\nx\n";
    let output = eval(&["classify", "--train", train], input);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["label"], "delivery");
    assert!(lines[0].get("id").is_none());
    assert_eq!(
        (&lines[1]["label"], &lines[1]["id"]),
        (&"refund".into(), &7.into())
    );
    for line in &lines[..2] {
        assert!((0.0..=1.0).contains(&line["confidence"].as_f64().unwrap()));
        assert!(line["answer"].is_boolean());
    }
    assert_eq!(lines[2]["error"], "missing_text");
    assert_eq!(
        lines[3],
        serde_json::json!({"line": 4, "error": "not_json"})
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    let figures: serde_json::Value = serde_json::from_str(stderr.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&figures["labels"], &figures["rejects"]),
        (&2.into(), &false.into())
    );
}

#[test]
fn rejection_comes_with_examples_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let (train, val) = (dir.path().join("train.jsonl"), dir.path().join("val.jsonl"));
    std::fs::write(
        &train,
        rows(&OF, &["where is my {}", "about the {} please", "{}"]),
    )
    .unwrap();
    let strangers: [(&str, &[&str]); 1] = [("oos", &["weather", "garden", "music", "holiday"])];
    let known = rows(&OF, &["my {}", "a {}", "the {} again"]);
    let unknown = rows(&strangers, &["fine {}", "some {} at noon", "{} and rain"]);
    std::fs::write(&val, known + &unknown).unwrap();
    let args = [
        "classify",
        "--train",
        train.to_str().unwrap(),
        "--val",
        val.to_str().unwrap(),
    ];
    let output = eval(
        &args,
        b"{\"text\":\"the courier\"}\n{\"text\":\"sunny weather\"}\n",
    );
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    let labels: Vec<String> = stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["label"].to_string())
        .collect();
    assert_eq!(labels, ["\"delivery\"", "\"oos\""]);
}

#[test]
fn examples_that_cannot_be_used_exit_2() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("train.jsonl");
    for (rows, told) in [
        ("{\"text\":\"secret\"}\n", "line 1"),
        ("{\"text\":\"a\",\"label\":\"x\"}\nno\n", "line 2"),
        ("{\"text\":\"a secret\",\"label\":\"x\"}\n", "at least two"),
    ] {
        std::fs::write(&file, rows).unwrap();
        let output = eval(&["classify", "--train", file.to_str().unwrap()], b"");
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains(told) && !stderr.contains("secret"),
            "{stderr}"
        );
    }
    assert_eq!(
        eval(&["classify", "--train", "/nowhere"], b"")
            .status
            .code(),
        Some(2)
    );
    assert_eq!(eval(&["classify"], b"").status.code(), Some(2));
}
