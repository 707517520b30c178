//! `eval detect --explain-html`: a page that stands alone, lets nothing out of its quotes, and counts right.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::eval;

/// A row whose `marked` parts are the spans somebody marked by hand.
fn row(id: &str, text: &str, marked: &[(&str, &str)]) -> Value {
    let spans: Vec<Value> = marked
        .iter()
        .map(|(part, label)| {
            let byte = text.find(part).unwrap();
            let start = text[..byte].chars().count();
            json!({"start": start, "end": start + part.chars().count(), "label": label})
        })
        .collect();
    json!({"id": id, "lang": "en", "text": text, "spans": spans})
}

fn rows() -> Vec<Value> {
    vec![
        row(
            "whole and in part",
            "Dear team, this is Orla Brennigan, write to orla@mailbox.example or to the old box 7-c.",
            &[
                ("Orla Brennigan", "PERSON"),
                ("orla@mailbox.example or to the old box", "EMAIL"),
                ("7-c", "REFERENCE"),
            ],
        ),
        row(
            "another kind",
            "Write to jo@mailbox.example today, it is Z\u{fc}rich \u{2014} or to mo@mailbox.example.",
            &[
                ("jo@mailbox.example", "USERNAME"),
                ("mo@mailbox.example", "EMAIL_ADDRESS"),
            ],
        ),
        row(
            "false alarm",
            "The address help@mailbox.example is ours, https://mailbox.example too.",
            &[("ours", "JOB")],
        ),
        row("nothing", "Hello?", &[]),
    ]
}

/// The answers and the page.
fn page(rows: &[Value], more: &[&str]) -> (Vec<Value>, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("page.html");
    let input: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let mut args = vec!["detect", "--explain-html", path.to_str().unwrap()];
    args.extend(more);
    let output = eval(&args, input.as_bytes());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers = answers.lines().map(|l| serde_json::from_str(l).unwrap());
    (answers.collect(), std::fs::read_to_string(path).unwrap())
}

/// The numbers of the table, by label.
fn table(page: &str) -> BTreeMap<String, Vec<usize>> {
    let body = page.split("<tbody>").nth(1).unwrap();
    let body = body.split("</table>").next().unwrap();
    let mut table = BTreeMap::new();
    for line in body.split("<tr>").skip(1) {
        let head = line.split("</th>").next().unwrap();
        let label = head.rsplit('>').next().unwrap().to_owned();
        let cells = line.split("<td class=\"").skip(1).filter_map(|cell| {
            let inner = cell.split_once('>')?.1;
            inner.split('<').next()?.parse().ok()
        });
        table.insert(label, cells.collect());
    }
    table
}

/// The families of this file's labels, told once more.
fn family(label: &str) -> &str {
    match label {
        "EMAIL_ADDRESS" => "EMAIL",
        "REFERENCE" | "ORDER" | "CUSTOMER_ID" => "ID",
        "LOCATION" | "POSTCODE" => "ADDRESS",
        other => other,
    }
}

const COUNTED: [&str; 6] = ["PERSON", "EMAIL", "ID", "ADDRESS", "USERNAME", "URL"];

/// marked, found, in part, other kind, missed, findings, right, other kind, false, not judged, marked and set aside:
/// counted character by character.
fn counts(rows: &[Value], answers: &[Value]) -> BTreeMap<String, [usize; 11]> {
    let spans = |row: &Value| -> Vec<(usize, usize, String)> {
        let at = |s: &Value, f: &str| usize::try_from(s[f].as_u64().unwrap()).unwrap();
        let list = row["spans"].as_array().unwrap().iter();
        list.map(|s| {
            let label = s["label"].as_str().unwrap().to_owned();
            (at(s, "start"), at(s, "end"), label)
        })
        .collect()
    };
    let marked: Vec<String> = rows
        .iter()
        .flat_map(|r| spans(r).into_iter().map(|s| family(&s.2).to_owned()))
        .filter(|f| COUNTED.contains(&f.as_str()))
        .collect();
    let mut counts: BTreeMap<String, [usize; 11]> = BTreeMap::new();
    for (row, answer) in rows.iter().zip(answers) {
        let text: Vec<char> = row["text"].as_str().unwrap().chars().collect();
        let (gold, found) = (spans(row), spans(answer));
        let over = |list: &[(usize, usize, String)], at: usize| -> Vec<String> {
            let there = list.iter().filter(|s| s.0 <= at && at < s.1);
            there.map(|s| family(&s.2).to_owned()).collect()
        };
        for (start, end, label) in &gold {
            let counted = COUNTED.contains(&family(label));
            let entry = counts.entry(label.clone()).or_default();
            if !counted {
                entry[10] += 1;
                continue;
            }
            entry[0] += 1;
            let there: Vec<String> = (*start..*end).flat_map(|at| over(&found, at)).collect();
            let clear = (*start..*end)
                .filter(|at| text[*at].is_alphanumeric() && over(&found, *at).is_empty());
            let place = match (there.is_empty(), clear.count()) {
                (true, _) => 4,
                (_, 1..) => 2,
                _ if there.iter().any(|f| f == family(label)) => 1,
                _ => 3,
            };
            entry[place] += 1;
        }
        for (start, end, label) in &found {
            let there: Vec<String> = (*start..*end).flat_map(|at| over(&gold, at)).collect();
            let counted = |f: &String| COUNTED.contains(&f.as_str());
            let entry = counts.entry(label.clone()).or_default();
            entry[5] += 1;
            let place = if there.iter().any(|f| f == family(label)) {
                6
            } else if there.iter().any(counted) {
                7
            } else if !there.is_empty() || !marked.iter().any(|f| f == family(label)) {
                9
            } else {
                8
            };
            entry[place] += 1;
        }
    }
    counts
}

#[test]
fn counts_are_those_of_the_rows() {
    let rows = rows();
    let (answers, page) = page(&rows, &[]);
    let wanted = counts(&rows, &answers);
    let mut table = table(&page);
    let all = table.remove("all").unwrap();
    assert_eq!(table.len(), wanted.len(), "{table:?}");
    for (label, counts) in &wanted {
        assert_eq!(table[label], counts, "{label}");
    }
    for (place, sum) in all.iter().enumerate() {
        assert_eq!(*sum, wanted.values().map(|c| c[place]).sum::<usize>());
    }
    // Every case is there, or the comparison proves little; every error has its place and its line.
    for place in [1, 2, 3, 4, 6, 7, 8, 9, 10] {
        assert!(all[place] > 0, "{place}: {all:?}");
    }
    let errors = all[2] + all[3] + all[4] + all[8];
    for number in 1..=errors {
        assert_eq!(page.matches(&format!(" id=\"e{number}\"")).count(), 1);
        assert_eq!(page.matches(&format!("href=\"#e{number}\"")).count(), 1);
    }
    assert!(!page.contains(&format!("#e{}\"", errors + 1)));
    assert!(page.contains("<body class=\"gold\">"));
}

#[test]
fn more_labels_can_be_counted() {
    let rows = [row("a", "Our nurse wrote.", &[("nurse", "JOB")])];
    assert_eq!(table(&page(&rows, &[]).1)["JOB"][..5], [0, 0, 0, 0, 0]);
    let counted = table(&page(&rows, &["--count", "JOB"]).1);
    assert_eq!(counted["JOB"][..5], [1, 0, 0, 0, 1]);
}

#[test]
fn without_marks_by_hand_findings_are_counted() {
    let mut rows = rows();
    for row in &mut rows {
        row.as_object_mut().unwrap().remove("spans");
    }
    let (answers, page) = page(&rows, &[]);
    let mut wanted: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for span in answers.iter().flat_map(|a| a["spans"].as_array().unwrap()) {
        wanted
            .entry(span["label"].as_str().unwrap().to_owned())
            .or_insert_with(|| vec![0])[0] += 1;
        let title = format!(
            "title=\"{} {:.2}\"",
            span["why"].as_str().unwrap(),
            span["score"].as_f64().unwrap()
        );
        assert!(page.contains(&title), "{title}");
    }
    let all = vec![wanted.values().map(|c| c[0]).sum()];
    wanted.insert("all".to_owned(), all);
    assert_eq!(table(&page), wanted);
    assert!(page.contains("<body class=\"plain\">"));
    assert!(!page.contains("false alarm</b>"));
}

#[test]
fn the_page_stands_alone_and_nothing_gets_out_of_its_text() {
    let evil = "</p><script>alert(1)</script> \"'><img onerror=x> {{script}} & me@mailbox.example";
    let mut row = row("\"><script>", evil, &[("alert(1)", "PERSON")]);
    row["lang"] = json!("\"><b onclick=x>");
    row["spans"][0]["label"] = json!("X\"><script>");
    let (_, page) = page(&[row], &["--count", "X\"><script>"]);
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(page.contains("&lt;script&gt;<mark") || page.contains("&lt;script&gt;alert"));
    assert!(
        page.contains("{{script}}"),
        "a text names no place of the page"
    );
    for absent in [
        "<img",
        "<b onclick",
        "http://",
        "https://",
        " src=",
        "<link",
        "@import",
        "url(",
    ] {
        assert!(!page.contains(absent), "{absent}");
    }
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(!page.contains("unsafe-inline"));
    assert!(page.contains("This page holds the texts."));
}

#[test]
fn marks_that_do_not_lie_in_the_text_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("page.html");
    let bad = [
        json!([{"start": 2, "end": 9, "label": "PERSON"}]),
        json!([{"start": 2, "end": 2, "label": "PERSON"}]),
        json!([{"start": 0, "end": 2}]),
        json!({"start": 0}),
    ];
    let lines = bad
        .each_ref()
        .map(|spans| json!({"id": 1, "text": "Zo\u{eb}!", "spans": spans}).to_string());
    let args = ["detect", "--explain-html", path.to_str().unwrap()];
    let output = eval(&args, lines.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let answers = String::from_utf8(output.stdout).unwrap();
    assert_eq!(answers.matches("bad_field").count(), bad.len());
    // Without a page nobody reads the marks.
    let output = eval(&["detect"], lines.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(0));
}
