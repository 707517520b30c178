//! A stream is what the whole document is.

use proptest::prelude::*;
use serde_json::Value;

use crate::{
    DocumentFormat, Format, PseudonymMap, Redacted, RedactedDocument, Restored, restore_document,
};

#[path = "../../tests/it/random.rs"]
mod random;
#[path = "../../tests/it/streamed.rs"]
mod streamed;

use random::Random;
use streamed::{HARD, map, streamed};

/// What the whole document becomes; `None` where it is not accepted.
fn document(map: &PseudonymMap, format: DocumentFormat, text: &str) -> Option<Restored> {
    let text = Redacted::new(text.to_owned(), map.id());
    restore_document(&RedactedDocument::of(text, format), map).ok()
}

fn same_as_document(map: &PseudonymMap, text: &str) -> String {
    let whole = document(map, DocumentFormat::Json, text).unwrap();
    let (out, report) = streamed(map, Format::Json, text);
    assert_eq!(out, whole.expose(), "{text}");
    assert_eq!(report, *whole.report());
    out
}

/// A JSON string, some of its characters written with longer escapes.
fn string(text: &str, dice: &mut Random) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let must = c < ' ' || c == '"' || c == '\\';
        match c {
            _ if dice.below(12) == 0 => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out += &if dice.below(2) == 0 {
                        format!("\\u{unit:04x}")
                    } else {
                        format!("\\u{unit:04X}")
                    };
                }
            }
            '/' if dice.below(2) == 0 => out += "\\/",
            '\n' => out += "\\n",
            '"' | '\\' => out.extend(['\\', c]),
            _ if must => out += &format!("\\u{:04x}", u32::from(c)),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

fn spaces(dice: &mut Random) -> &'static str {
    ["", "", "", " ", "\n  ", "\t"][dice.below(6)]
}

/// A JSON text that looks random.
fn json(dice: &mut Random, depth: usize, layers: usize) -> String {
    let space = spaces(dice);
    let inside = match dice.below(if depth == 0 { 5 } else { 9 }) {
        0 => ["true", "false", "null"][dice.below(3)].to_owned(),
        1 => ["0", "-1", "2.5", "1e9", "-0.1E-2"][dice.below(5)].to_owned(),
        2..=4 => {
            let text = text(dice);
            string(&text, dice)
        }
        5 | 6 if layers > 0 => {
            let inner = json(dice, depth - 1, layers - 1);
            let inner = match inner.trim_start().starts_with(['{', '[']) {
                true => inner,
                false => format!("[{inner}]"),
            };
            string(&inner, dice)
        }
        kind => {
            let mut fields = Vec::new();
            for n in 0..dice.below(4) {
                let value = json(dice, depth - 1, layers);
                fields.push(if kind % 2 == 0 {
                    value
                } else {
                    // Names do not hold JSON, whatever they look like.
                    let name = format!("{}{n}", text(dice));
                    let (one, two) = (spaces(dice), spaces(dice));
                    format!("{one}{}{two}:{value}", string(&name, dice))
                });
            }
            let (open, close) = if kind % 2 == 0 {
                ("[", "]")
            } else {
                ("{", "}")
            };
            format!("{open}{}{space}{close}", fields.join(","))
        }
    };
    format!("{space}{inside}{space}")
}

/// Text with tags that does not begin like JSON, or is none before its first tag.
fn text(dice: &mut Random) -> String {
    let mut out = String::new();
    for _ in 0..dice.below(5) {
        out += [
            "[PERSON_1]",
            "PERSON_1",
            "[person 2]",
            "**[ORDER_1]**",
            "[ADDRESS_1]",
            "[[PERSON_2]]",
            "{PERSON_1}",
            "\\[PERSON_1\\]",
            "&#91;PERSON_1&#93;",
            "[PERSON\n> _1]",
            "[",
            "{",
            "[1] ",
            "{} ",
            "[true",
            "\"",
            "\\",
            " ",
            "\n",
            "u",
            "\u{e9}t\u{e9} ",
            "\u{1f600}",
            ",",
            "x",
        ][dice.below(24)];
    }
    out
}

#[test]
fn tool_calls_stay_valid_while_they_stream() {
    let map = map();
    let call = r#"{"name":"send","arguments":"{\"to\":\"[PERSON_1]\",\"n\":[1,-2.5e3,true],\"more\":\"{\\\"who\\\": \\\"dear PERSON_1\\\"}\"}"}"#;
    let out = same_as_document(&map, call);
    let outer: Value = serde_json::from_str(&out).unwrap();
    let inner: Value = serde_json::from_str(outer["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(inner["to"], HARD);
    let deepest: Value = serde_json::from_str(inner["more"].as_str().unwrap()).unwrap();
    assert_eq!(deepest["who"], format!("dear {HARD}"));
    // Pretty, in a list, behind spaces, with longer escapes, a name that is a tag, and at the end of a line.
    for call in [
        r#"{"a":" \n{\n \"to\" : \"[PERSON_1]\"\n}\n"}"#,
        r#"["[\"[PERSON_1]\",{\"[PERSON_1]\":null}]"]"#,
        r#"{"a":"\u007b\u0022to\u0022:\u0022\u005bPERSON_1]\u0022}"}"#,
        r#"{"a":"{\"to\":\"\\u005bPERSON\\u005f1\\u005d \\ud83d\\ude00\"}"}"#,
        r#"{"a":"{\"to\":\"\u005c\u0075005bPERSON_1]\"}"}"#,
    ] {
        let out = same_as_document(&map, call);
        assert!(!out.contains("PERSON"), "{out}");
    }
}

#[test]
fn what_is_no_json_is_text() {
    let map = map();
    for text in [
        "[PERSON_1]",
        "[PERSON_1], [PERSON_1]",
        "[[PERSON_1], 2]",
        "{PERSON_1}",
        "{ \"a\" PERSON_1",
        "[1] see [PERSON_1]",
        "[true north] [PERSON_1]",
        "{}[PERSON_1]",
        "[\"a\",] [PERSON_1]",
        "{\"a\":\"b\\x\"} [PERSON_1]",
        "{\"a\":\"PERSON\\_1\"}",
        "{\"a\":\"\\[PERSON_1\\]\"}",
        "{\"a\":\"[PERSON\n_1]\"}",
        "[PERSON_",
        "[",
        "[ 12",
        "\u{a0}{\"a\":\"[PERSON_1]\"}",
        "\"[PERSON_1]\"",
    ] {
        let mut dice = Random::new(1);
        for _ in 0..3 {
            let text = format!("{{\"a\":{},\"b\":\"[PERSON_1]\"}}", string(text, &mut dice));
            same_as_document(&map, &text);
        }
    }
    // Names are text, whatever they look like.
    same_as_document(
        &map,
        r#"{"{\"a\":\"[PERSON_1]\"}":1,"x":["{\"a\":\"[PERSON_1]\"}"]}"#,
    );
    // What turns out to be none behind a tag: the document is valid, and the value is there.
    for text in [
        r#"{"a":"{\"to\":\"[PERSON_1]\", oops"}"#,
        r#"{"a":"{\"to\":\"[PERSON_1]"}"#,
        r#"{"a":"[\"[PERSON_1]\" [PERSON_1]"}"#,
    ] {
        let (out, _) = streamed(&map, Format::Json, text);
        let value: Value = serde_json::from_str(&out).unwrap();
        let said = value["a"].as_str().unwrap();
        assert!(said.contains("Zo\u{eb}") && !said.contains("PERSON"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(600), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_is_what_the_document_is(seed in any::<u64>()) {
        let map = map();
        let mut dice = Random::new(seed);
        let text = json(&mut dice, 5, 3);
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
        let (out, report) = streamed(&map, Format::Json, &text);
        prop_assert!(serde_json::from_str::<Value>(&out).is_ok(), "{}", out);
        prop_assert!(report.refused().is_empty());
        if !begins_like_json(&serde_json::from_str(&text).unwrap()) {
            let whole = document(&map, DocumentFormat::Json, &text).unwrap();
            prop_assert_eq!(&out, whole.expose(), "{}", text);
            prop_assert_eq!(&report, whole.report(), "{}", text);
        }
    }
}

/// Whether a string begins as only JSON does and is none. What stands before the place where that shows was written by
/// then, with the escapes of JSON.
fn begins_like_json(value: &Value) -> bool {
    let list = |text: &str| {
        let mut chars = text.chars().filter(|c| !c.is_ascii_whitespace());
        match (chars.next(), chars.next()) {
            (Some('['), Some(c)) => {
                matches!(c, '"' | '{' | '[' | ']' | '-' | '0'..='9' | 't' | 'f' | 'n')
            }
            (Some('{'), Some(c)) => matches!(c, '"' | '}'),
            _ => false,
        }
    };
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) => begins_like_json(&inner),
            Err(_) => list(text),
        },
        Value::Array(items) => items.iter().any(begins_like_json),
        Value::Object(fields) => fields.values().any(begins_like_json),
        _ => false,
    }
}

#[test]
fn most_documents_are_compared_whole() {
    let plain = (0..1000)
        .filter(|seed| {
            let text = json(&mut Random::new(*seed), 5, 3);
            !begins_like_json(&serde_json::from_str(&text).unwrap())
        })
        .count();
    assert!(plain > 850, "{plain} of 1000");
}

#[cfg(feature = "csv")]
mod csv {
    use super::*;
    use crate::CsvFormat;

    fn format(delimiter: u8) -> CsvFormat {
        CsvFormat::new(delimiter, true).unwrap()
    }

    /// The stream of a document that is accepted.
    fn same(map: &PseudonymMap, delimiter: u8, text: &str) -> String {
        let format = format(delimiter);
        let whole = document(map, DocumentFormat::Csv(format), text).unwrap();
        let (out, report) = streamed(map, Format::Csv(format), text);
        assert_eq!(out, whole.expose(), "{text}");
        assert_eq!(report, *whole.report());
        out
    }

    #[test]
    fn a_value_gets_the_quotes_that_it_needs() {
        let map = map();
        let out = same(
            &map,
            b',',
            "\u{feff}where,again\r\n[ADDRESS_1],x \"[address 1]\"\r\n\r\n\"at [ADDRESS_1] \"\"\",-\r\n[PERSON_2],[PERSON_",
        );
        assert_eq!(
            out,
            "\u{feff}where,again\r\n\"12 Lane, Lyon; France\",\"x \"\"12 Lane, Lyon; France\"\"\"\r\n\r\n\
             \"at 12 Lane, Lyon; France \"\"\",-\r\nOrla Marchetti,[PERSON_"
        );
        // At the beginning a quote would open the cell, and elsewhere it does not.
        let out = same(&map, b',', "[ORDER_1],x[ORDER_1],\"[ORDER_1]\",\n");
        assert_eq!(out, "\"\"\"A-1791\"\"\",x\"A-1791\",\"\"\"A-1791\"\"\",\n");
        // Formulas are what they were.
        let out = same(&map, b';', "=[PERSON_2];@[ADDRESS_1];-1\n");
        assert_eq!(out, "=Orla Marchetti;\"@12 Lane, Lyon; France\";-1\n");
    }

    fn cell(dice: &mut Random) -> String {
        let mut out = String::new();
        for _ in 0..dice.below(5) {
            out += [
                "[PERSON_1]",
                "PERSON_2",
                "[address 1]",
                "[ORDER_1]",
                "[ORDER\n_1]",
                "\"",
                ",",
                ";",
                "\r\n",
                "\n",
                " ",
                "=",
                "[",
                "[PERSON_",
                "x",
                "\u{e9}",
            ][dice.below(16)];
        }
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::times(600), failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_stream_is_what_the_document_is(seed in any::<u64>(), delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|'])) {
            let map = map();
            let mut dice = Random::new(seed);
            let mut text = String::new();
            for _ in 0..dice.below(6) {
                let cells: Vec<String> = (0..=dice.below(4)).map(|_| {
                    let cell = cell(&mut dice);
                    let needs = cell.starts_with('"') || cell.contains(['\n', '\r', char::from(delimiter)]);
                    if needs || dice.below(3) == 0 { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
                }).collect();
                text += &cells.join(&char::from(delimiter).to_string());
                text += ["\n", "\r\n", "\r", "\n\n"][dice.below(4)];
            }
            let format = format(delimiter);
            let (out, report) = streamed(&map, Format::Csv(format), &text);
            prop_assert!(report.refused().is_empty());
            let whole = document(&map, DocumentFormat::Csv(format), &text).unwrap();
            prop_assert_eq!(&out, whole.expose(), "{}", text);
            prop_assert_eq!(&report, whole.report(), "{}", text);
        }
    }
}
