//! `eval errors`: what was missed, without a word of the texts.

use serde_json::json;

use crate::eval;

const TEXTS: [(&str, &str, &str); 4] = [
    ("en", "qwertzuiop", "PERSON"),
    ("en", "pffft grumblefix 77-kx-4411", "LOCATION"),
    ("de", "we saw the old blubberquark", "USERNAME"),
    ("en", "mail plonk@mailbox.example quaxiflora", "EMAIL"),
];

/// A set in which the last word of every text is marked; in the last one the address too.
fn set(dir: &std::path::Path) -> String {
    let rows = TEXTS.map(|(lang, text, label)| {
        let words: Vec<&str> = text.split(' ').collect();
        let marked = if label == "EMAIL" {
            words[1..].join(" ")
        } else {
            words[words.len() - 1].to_owned()
        };
        let start = text.find(&marked).unwrap();
        let spans = json!([{"start": start, "end": start + marked.len(), "label": label}]);
        json!({"id": text, "lang": lang, "text": text, "spans": spans}).to_string()
    });
    let path = dir.join("invented.jsonl");
    std::fs::write(&path, rows.join("\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn without_words(told: &str) {
    for (_, text, _) in TEXTS {
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            assert!(word.len() < 5 || !told.contains(word), "{word}: {told}");
        }
    }
}

#[test]
fn misses_are_told_by_shape_the_worst_first() {
    let dir = tempfile::tempdir().unwrap();
    let set = set(dir.path());
    let output = eval(&["errors", "--by-language", &set, &set], b"");
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8(output.stdout).unwrap();
    without_words(&told);
    for heading in ["## invented de\n", "## invented en\n", "## invented\n"] {
        assert!(told.contains(heading), "{told}");
    }
    let whole = told.split("## invented\n").nth(1).unwrap();
    let rows: Vec<&str> = whole.lines().filter(|l| l.contains('`')).collect();
    assert!(
        rows[0].contains("| USERNAME | de | 12 | `xxxxx` |"),
        "{rows:?}"
    );
    let part = rows.iter().find(|row| row.starts_with("| EMAIL")).unwrap();
    assert!(
        part.contains("} xxxxx` |") && part.contains("found in part (its tail open)"),
        "{part}"
    );
    let one = eval(&["errors", "--worst", "1", &set], b"");
    assert_eq!(
        String::from_utf8(one.stdout).unwrap().matches('`').count(),
        2
    );
}

#[test]
fn the_document_keeps_what_people_wrote() {
    let dir = tempfile::tempdir().unwrap();
    let set = set(dir.path());
    let path = dir.path().join("errors.md");
    let doc = path.to_str().unwrap();
    std::fs::write(&path, "# Errors\n\nForeword.\n").unwrap();
    let run = || {
        let output = eval(&["errors", "--doc", doc, &set], b"");
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty());
        std::fs::read_to_string(&path).unwrap()
    };
    let first = run();
    without_words(&first);
    assert!(first.starts_with("# Errors\n\nForeword.\n"));
    assert_eq!(
        run(),
        first,
        "nothing changed, so nothing is written differently"
    );
    // Somebody tells what was done, and a class of the first run is gone.
    let line = first.lines().find(|l| l.starts_with("| USERNAME")).unwrap();
    let told = first
        .replace(line, &line.replace("|  |", "| a rule |"))
        .replace(
            "<!-- /set -->",
            "| PHONE | no cue | 7 | 2 | 9 | | | a cue |\n<!-- /set -->\nAfterword.",
        );
    std::fs::write(&path, told).unwrap();
    let second = run();
    assert!(second.contains("| a rule |"), "{second}");
    assert!(second.contains("| PHONE | no cue | 7 | 0 | 0 | | | a cue |"));
    assert!(second.ends_with("Afterword.\n"));
    assert_eq!(run(), second);
}

#[test]
fn a_set_without_marks_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rows.jsonl");
    std::fs::write(&path, "{\"id\":1,\"text\":\"Hello\"}\n").unwrap();
    let output = eval(&["errors", path.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(eval(&["errors"], b"").status.code(), Some(2));
}
