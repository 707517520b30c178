//! `eval anonymise`: a line for a line, a template or a refusal, and nothing of one ticket alone.

use serde_json::{Value, json};

use crate::eval;

fn answers(args: &[&str], rows: &[Value]) -> (Option<i32>, Vec<Value>) {
    let input: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let output = eval(&[&["anonymise"], args].concat(), input.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (output.status.code(), lines.collect())
}

fn ticket(n: usize, subject: usize, agent: usize) -> Value {
    let name = ["Marie", "Paul", "Ines", "Noor", "Jan", "Zoe"][n % 6];
    json!({
        "id": n,
        "text": format!("Hello, my name is {name} and I want to return the shoes of order 7712{n}."),
        "subject": subject,
        "agent": agent,
    })
}

#[test]
fn what_five_people_wrote_is_a_template() {
    let rows: Vec<Value> = (0..6).map(|n| ticket(n, n, n % 2)).collect();
    let (code, lines) = answers(&[], &rows);
    assert_eq!((code, lines.len()), (Some(0), 6));
    for (n, line) in lines.iter().enumerate() {
        assert_eq!(line["id"], n);
        let text = line["text"].as_str().unwrap();
        assert!(text.contains("return the shoes"), "{text}");
        assert!(!text.contains("7712") && !text.contains("Noor"), "{text}");
    }
}

#[test]
fn what_few_wrote_is_refused() {
    // Four people; then five who were answered by one agent; then more than there are.
    let four: Vec<Value> = (0..6).map(|n| ticket(n, n % 4, n % 2)).collect();
    let one: Vec<Value> = (0..6).map(|n| ticket(n, n, 0)).collect();
    let six: Vec<Value> = (0..6).map(|n| ticket(n, n, n % 2)).collect();
    for (args, rows) in [(&[][..], four), (&[], one), (&["--k", "7"], six)] {
        let (code, lines) = answers(args, &rows);
        assert_eq!(code, Some(0));
        assert!(
            lines.iter().all(|line| line["refused"] == "alone"),
            "{lines:?}"
        );
    }
}

#[test]
fn bad_input_is_said() {
    let (code, lines) = answers(&[], &[json!({"id": 1}), json!({"text": "x"})]);
    assert_eq!(code, Some(1));
    assert_eq!(lines[0], json!({"id": 1, "error": "missing_text"}));
    assert_eq!(lines[1], json!({"line": 2, "error": "missing_id"}));
    assert_eq!(answers(&["--k", "1"], &[]).0, Some(2));
}
