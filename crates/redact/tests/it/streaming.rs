//! Restoring while a text arrives is restoring the whole: JSON within JSON, CSV, bytes.

use proptest::prelude::*;
use redact::{Format, MAX_LAYERS, Refusal, Restorer};
use serde_json::Value;

use crate::streamed::{HARD, chunks, map, streamed};

/// JSON in a string of JSON, so many times.
fn wrapped(inner: &str, times: usize) -> String {
    (0..times).fold(inner.to_owned(), |json, _| {
        serde_json::json!({ "a": json }).to_string()
    })
}

fn unwrapped(value: Value, times: usize) -> Value {
    (0..times).fold(value, |value, _| {
        serde_json::from_str(value["a"].as_str().unwrap()).unwrap()
    })
}

#[test]
fn strings_in_strings_up_to_a_limit() {
    let map = map();
    let inner = r#"{"to":"[PERSON_1]","t":"x\n\"[PERSON_2]\""}"#;
    for times in 0..=MAX_LAYERS + 3 {
        let text = wrapped(inner, times);
        let (out, report) = if times < 6 {
            streamed(&map, Format::Json, &text)
        } else {
            chunks(&map, Format::Json, text.split_inclusive('"'))
        };
        assert_eq!(
            chunks(&map, Format::Json, [text.as_str()]),
            (out.clone(), report.clone())
        );
        if times <= MAX_LAYERS {
            let innermost = unwrapped(serde_json::from_str(&out).unwrap(), times);
            assert_eq!(innermost["to"], HARD);
            assert_eq!(innermost["t"], "x\n\"Orla Marchetti\"");
            assert!(report.refused().is_empty());
            continue;
        }
        // Not a byte is guessed.
        assert_eq!(out, text);
        assert!(report.restored().is_empty());
        assert_eq!(report.refused().len(), 2);
        assert!(
            report
                .refused()
                .iter()
                .all(|(_, why)| *why == Refusal::TooDeep)
        );
        assert!(report.dropped(&[report.refused()[0].0.clone()]).is_empty());
    }
    // A string beside it is no deeper than it is.
    let text = format!("[{},\"[PERSON_2]\"]", wrapped(inner, MAX_LAYERS + 1));
    let (out, report) = chunks(&map, Format::Json, [text.as_str()]);
    assert!(out.ends_with(",\"Orla Marchetti\"]"));
    assert_eq!((report.restored().len(), report.refused().len()), (1, 2));
}

#[test]
fn lists_and_objects_of_any_depth() {
    let map = map();
    for (open, close) in [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("[1,", "]"),
        ("{\"b\":1,\"a\":", "}"),
    ] {
        for depth in [63, 64, 65, 10_000, 200_000] {
            let leaf = r#"["[PERSON_2]","[PERSON_2]",{"[PERSON_2]":"[\"[PERSON_2]\"]"}]"#;
            let text = format!("{}{leaf}{}", open.repeat(depth), close.repeat(depth));
            let mut restorer = Restorer::new(&map, Format::Json);
            let mut out = String::new();
            for chunk in text.as_bytes().chunks(7) {
                out += &restorer.push_bytes(chunk).unwrap();
                assert!(restorer.held_back() < 32);
            }
            let (rest, report) = restorer.finish();
            assert_eq!(out + &rest, text.replace("[PERSON_2]", "Orla Marchetti"));
            assert!(report.refused().is_empty());
            // The same in a string.
            let text = serde_json::json!([text]).to_string();
            let (out, report) = chunks(&map, Format::Json, [text.as_str()]);
            assert_eq!(out, text.replace("[PERSON_2]", "Orla Marchetti"));
            assert!(report.refused().is_empty());
        }
    }
    // Behind the comma of a list or object that is too deep, a string may be a name: JSON in it is not written into.
    let text = format!(
        "{}[\"[\\\"[PERSON_1]\\\"]\",[],\"[\\\"[PERSON_1]\\\"]\",\"[PERSON_1]\"]",
        "[".repeat(70)
    );
    let (out, report) = chunks(&map, Format::Json, [text.as_str()]);
    assert_eq!(out.matches("PERSON_1").count(), 1);
    assert_eq!(report.refused().len(), 1);
}

#[test]
fn escapes_of_escapes_are_held_back_no_longer_than_they_may_be() {
    let map = map();
    let mut texts: Vec<String> = Vec::new();
    for piece in ["\\\\", "\\u005c", "\\\"", "[", "&#91;", "\\u005b", "{", "P"] {
        for begin in [
            "\"",
            "[\"[\\\"",
            "[\"[\\\"[\\\\\\\"[\\\\\\\\\\\\\\\"",
            "[\"\\u005b\\u0022\\u005b\\u005c\\u0022",
        ] {
            texts.push(format!("{begin}{}", piece.repeat(60_000 / piece.len())));
        }
    }
    // Backslashes of backslashes of backslashes, each with the longest escape.
    let mut longest = String::from("\\");
    for _ in 0..7 {
        longest = longest
            .chars()
            .map(|c| format!("\\u{:04x}", u32::from(c)))
            .take(20_000)
            .collect();
        let mut begin = String::from("[\"");
        for _ in 0..6 {
            begin += "[\\u0022";
        }
        texts.push(format!("[\"[\\\"[\\\\\\\"[\\\\\\\\\\\\\\\"{longest}"));
        texts.push(begin + &longest);
    }
    for text in texts {
        let mut restorer = Restorer::new(&map, Format::Json);
        let (mut length, mut most) = (0, 0);
        for chunk in text.as_bytes().chunks(499) {
            length += restorer.push_bytes(chunk).unwrap().len();
            most = most.max(restorer.held_back());
        }
        assert!(most < 24 * 1024, "{most} {:?}", &text[..40]);
        let (rest, _) = restorer.finish();
        assert!(length + rest.len() > text.len() / 8);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(600), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a string holds, the document around it stays valid, and what was no tag stays as it was.
    #[test]
    fn a_document_stays_valid(pieces in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", "\"", "\\", ":", ",", "1", "true", "\\\"", "\\\\", "\\u005b", "\\n", "\n", " ", "x", "[PERSON_1]",
        "{\"a\":\"", "[\"", "\"]", "\"}", "PERSON_1", "[PERSON_", "[ORDER_1]", "\u{1f600}",
    ]), 0..12)) {
        let map = map();
        let text = serde_json::json!({"a": pieces.concat(), "[PERSON_1]": [pieces.concat()]}).to_string();
        let (out, _) = streamed(&map, Format::Json, &text);
        prop_assert!(serde_json::from_str::<Value>(&out).is_ok(), "{} {}", text, out);
    }

    #[test]
    fn bytes_are_text_or_refused(bytes in prop::collection::vec(prop_oneof![
        4 => prop::sample::select("[PERSON_1] \u{e9}\u{20ac}\u{1f600}".as_bytes().to_vec()), 1 => any::<u8>()
    ], 0..40), size in 1usize..6) {
        let map = map();
        let mut restorer = Restorer::new(&map, Format::Text);
        let mut out = String::new();
        let mut refused = None;
        for (index, chunk) in bytes.chunks(size).enumerate() {
            match restorer.push_bytes(chunk) {
                Ok(piece) => out += &piece,
                Err(error) => {
                    refused = Some((error.at, index * size));
                    prop_assert_eq!(restorer.push_bytes(chunk), Err(error));
                    break;
                }
            }
        }
        match (std::str::from_utf8(&bytes), refused) {
            (Ok(text), None) => {
                let (rest, report) = restorer.finish();
                prop_assert_eq!((out + &rest, report), chunks(&map, Format::Text, [text]));
            }
            (Err(error), Some((at, before))) => {
                prop_assert_eq!(at, error.valid_up_to());
                // What came before goes on where it was.
                let taken = &bytes[..before.min(at)];
                let end = std::str::from_utf8(taken).map_or_else(|e| e.valid_up_to(), str::len);
                let text = std::str::from_utf8(&taken[..end]).unwrap();
                let (rest, report) = restorer.finish();
                let (whole, other) = chunks(&map, Format::Text, [text]);
                prop_assert_eq!(out + &rest, whole);
                prop_assert_eq!(report.truncated(), other.truncated() || end < before);
            }
            (Err(error), None) => {
                prop_assert!(error.error_len().is_none());
                let (rest, report) = restorer.finish();
                let text = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap();
                prop_assert_eq!(out + &rest, chunks(&map, Format::Text, [text]).0);
                prop_assert!(report.truncated());
            }
            (Ok(_), Some(_)) => prop_assert!(false, "refused"),
        }
    }
}

#[test]
fn text_behind_half_a_character() {
    let map = map();
    let mut restorer = Restorer::new(&map, Format::Text);
    assert_eq!(restorer.push_bytes(b"a\xe2\x82").unwrap(), "a");
    assert_eq!(restorer.held_back(), 2);
    assert_eq!(restorer.push("b\u{e9}"), "b\u{e9}");
    assert_eq!(restorer.push_bytes(b"\xff").unwrap_err().at, 6);
    assert!(restorer.finish().1.truncated());
}

#[cfg(feature = "csv")]
mod csv {
    use super::*;
    use redact::{CsvFormat, Kind, MapId, Mark, PseudonymMap, seal_marks};

    fn format(delimiter: u8) -> CsvFormat {
        CsvFormat::new(delimiter, true).unwrap()
    }

    #[test]
    fn a_cell_is_held_back_up_to_a_bound() {
        let map = map();
        let format = Format::Csv(format(b','));
        for (words, refused) in [(4_000, false), (9_000, true)] {
            let text = format!("a,{}[ADDRESS_1] [PERSON_2] \"\",b\n", "word ".repeat(words));
            let mut restorer = Restorer::new(&map, format);
            let mut out = String::new();
            for chunk in text.as_bytes().chunks(97) {
                out += &restorer.push_bytes(chunk).unwrap();
                assert!(restorer.held_back() < 34 * 1024);
            }
            let (rest, report) = restorer.finish();
            out += &rest;
            assert_eq!(chunks(&map, format, [text.as_str()]).0, out);
            if refused {
                assert_eq!(out, text.replace("[PERSON_2]", "Orla Marchetti"));
                assert_eq!(report.refused()[0].1, Refusal::Unquoted);
            } else {
                assert!(report.refused().is_empty());
                assert!(
                    out.starts_with("a,\"word ")
                        && out.ends_with("12 Lane, Lyon; France Orla Marchetti \"\"\"\"\",b\n")
                );
            }
        }
        // Nothing is held back where no value needs quotes.
        let mut map = PseudonymMap::new(MapId([6; 16]));
        let mark = Mark::new(0..3, Kind::Person).unwrap();
        seal_marks("Zoe", &[mark], &mut map).unwrap();
        let mut restorer = Restorer::new(&map, format);
        assert_eq!(restorer.push("dear [PERSON_1] and"), "dear Zoe and");
    }
}
