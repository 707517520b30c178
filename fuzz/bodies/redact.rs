//! What must hold of the gate for any bytes: one function a target.

use std::sync::LazyLock;

use redact::{
    CsvFormat, Detector, DocumentFormat, Format, Kind, Known, MapId, Mark, Numbers, PseudonymMap,
    RedactedDocument, Report, RestoreTable, Restored, Restorer, StructuredError, Tag, restore,
    restore_document, seal_checked, seal_csv, seal_html, seal_json, seal_mail, seal_marks, tags_in,
    verify,
};
use serde_json::Value;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

/// What any bytes go through.
pub(crate) type Body = fn(&[u8]);

/// Every target by name.
pub(crate) const ALL: [(&str, Body); 5] = [
    ("tags", tags),
    ("restorer", restorer),
    ("json", json),
    ("deep", deep),
    ("documents", documents),
];

/// Bytes up to the next zero, and those behind it.
fn split(data: &[u8]) -> (String, &[u8]) {
    let end = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (part, rest) = data.split_at(end);
    let part = String::from_utf8_lossy(part).into_owned();
    (part, rest.get(1..).unwrap_or(&[]))
}

/// A text in pieces, of bytes or of characters.
fn streamed(mut restorer: Restorer<'_>, text: &str, size: u8) -> (String, Report) {
    let mut out = String::new();
    if size.is_multiple_of(2) {
        for chunk in text.as_bytes().chunks(1 + usize::from(size / 2)) {
            out += &restorer.push_bytes(chunk).expect("text");
        }
    } else {
        for c in text.chars() {
            out += &restorer.push(c.encode_utf8(&mut [0; 4]));
        }
    }
    let (rest, report) = restorer.finish();
    (out + &rest, report)
}

const TAGS: [&str; 6] = [
    "[PERSON_1]",
    "[PERSON_12]",
    "[ORDER_3]",
    "[EMAIL_1]",
    "[LINE_2]",
    "[LINE_2_3]",
];

/// Any text around a tag.
pub(crate) fn tags(data: &[u8]) {
    let (before, rest) = split(data);
    let behind = String::from_utf8_lossy(rest);
    let table = RestoreTable::from_pairs(TAGS.map(|tag| (tag, "\u{3b1}"))).expect("canonical");
    // What is read comes out in canonical form, and that is read as itself.
    for text in [before.as_str(), &behind] {
        let report = table.restore(text, Format::Text).report().clone();
        for name in report.unknown() {
            let again = table.restore(name, Format::Text);
            assert!(again.report().restored().is_empty() && again.expose() == *name);
        }
        for tag in report.restored() {
            assert_eq!(Tag::parse(&tag.to_string()).as_ref(), Some(tag));
            assert!(TAGS.contains(&tag.to_string().as_str()));
        }
    }
    // A tag as we write it is found, unless what stands before it makes it part of something that is a tag too.
    let cut = before.trim_end_matches(|c: char| !c.is_alphanumeric() || c == '\\');
    for tag in TAGS {
        let text = format!("{cut}. {tag} {behind}");
        let restored = table.restore(&text, Format::Text);
        let found = restored
            .report()
            .restored()
            .iter()
            .any(|t| t.to_string() == tag);
        assert!(found, "a tag was not found");
        assert!(restored.expose().contains('\u{3b1}'));
    }
    // Where tags stand: a sealed text has them nowhere but where they were put.
    let mut map = PseudonymMap::new(MapId([3; 16]));
    let text = format!("{before}\u{3b1}\u{3b2}\u{3b3}{behind}");
    let mark = Mark::new(before.len()..before.len() + 6, Kind::Person).expect("a range");
    if let Ok(sealed) = seal_marks(&text, &[mark], &mut map) {
        assert_eq!(restore(&sealed, &map).expect("its map").expose(), text);
        let uses = tags_in(sealed.as_str(), &map);
        assert!(!uses.is_empty());
    }
}

/// Values that are looked for in what comes out. Their first and last letters are thrown out of the text around them.
const VALUES: [&str; 4] = [
    "\u{3b2}1\u{3b1}",
    "\u{3b2}2\"\u{3b1}",
    "\u{3b2}3\\,;\n\u{3b1}",
    "\u{3b2}4<b>&\r\n\u{1}'\u{3b1}",
];

/// A number that says how the text is cut, values that are no tags, and a text.
pub(crate) fn restorer(data: &[u8]) {
    let (size, rest) = data.split_first().unwrap_or((&0, &[]));
    let text: String = String::from_utf8_lossy(rest)
        .chars()
        .filter(|c| !matches!(c, '\u{3b1}' | '\u{3b2}'))
        .collect();
    let chosen = usize::from(size / 64);
    let pairs = TAGS.iter().zip(VALUES.iter().cycle().skip(chosen));
    let table = RestoreTable::from_pairs(pairs.clone().map(|(t, v)| (*t, *v))).expect("canonical");
    let csv = CsvFormat::new(b",;\t|"[chosen % 4], true).expect("a delimiter");
    for format in [
        Format::Text,
        Format::Line,
        Format::Html,
        Format::Json,
        Format::Csv(csv),
    ] {
        let whole = table.restore(&text, format);
        let (out, report) = streamed(Restorer::of_table(&table, format), &text, *size);
        assert_eq!(out, whole.expose());
        assert_eq!(report, *whole.report());
        assert_eq!(out.contains('\u{3b1}'), !report.restored().is_empty());
        for (index, value) in VALUES.iter().enumerate() {
            let named = pairs.clone().any(|(tag, v)| {
                v == value && report.restored().iter().any(|t| t.to_string() == *tag)
            });
            let there = out.contains(&format!("\u{3b2}{}", index + 1));
            assert_eq!(there, named, "a value of another tag");
        }
        kept(&text, whole.expose(), format);
    }
}

/// What a format promises of the text around a value.
fn kept(text: &str, out: &str, format: Format) {
    let count = |of: &str, what: &[char]| of.matches(what).count();
    match format {
        Format::Line => assert!(count(out, &['\r', '\n']) <= count(text, &['\r', '\n'])),
        Format::Html => {
            for sign in ['<', '>', '"', '\''] {
                assert!(count(out, &[sign]) <= count(text, &[sign]));
            }
        }
        Format::Json if serde_json::from_str::<Value>(text).is_ok() => {
            assert!(serde_json::from_str::<Value>(out).is_ok(), "no JSON");
        }
        _ => {}
    }
}

/// A JSON text made of bytes: lists, objects, strings, and strings that hold JSON.
fn made(bytes: &mut impl Iterator<Item = u8>, depth: usize) -> Value {
    const TEXTS: [&str; 12] = [
        "",
        "[PERSON_1]",
        "dear [ORDER_3] \"PERSON_12\"",
        "{",
        "[",
        "[1] [EMAIL_1]",
        "\\",
        "a\nb\u{1f600}",
        "{}",
        "\\[EMAIL_1\\]",
        "[PERSON_",
        "x",
    ];
    let Some(byte) = bytes.next() else {
        return Value::Null;
    };
    let text = TEXTS[usize::from(byte >> 4) % TEXTS.len()];
    match byte % 8 {
        0 if depth > 0 => (0..byte >> 5).map(|_| made(bytes, depth - 1)).collect(),
        1 if depth > 0 => (0..byte >> 5)
            .map(|n| (format!("{n}{text}"), made(bytes, depth - 1)))
            .collect(),
        2 | 3 if depth > 0 => Value::String(made(bytes, depth - 1).to_string()),
        4 => Value::from(i32::from(byte) - 90),
        5 => Value::Bool(byte > 99),
        _ => Value::String(text.to_owned()),
    }
}

fn of(text: &str, map: &PseudonymMap, format: DocumentFormat) -> Option<Restored> {
    let text = verify(text, map, &DETECTOR).ok()?;
    restore_document(&RedactedDocument::of(text, format), map).ok()
}

/// JSON that is made, and the bytes as they are: valid in, valid out; in a stream as in one piece as a document.
pub(crate) fn json(data: &[u8]) {
    let (size, rest) = data.split_first().unwrap_or((&0, &[]));
    let mut map = PseudonymMap::new(MapId([4; 16]));
    for (kind, value) in [
        (Kind::Person, VALUES[3]),
        (Kind::Order, VALUES[1]),
        (Kind::Email, VALUES[2]),
    ] {
        let mark = Mark::new(0..value.len(), kind).expect("a range");
        seal_marks(value, &[mark], &mut map).expect("room");
    }
    let any = String::from_utf8_lossy(rest);
    for text in [
        made(&mut rest.iter().copied(), 5).to_string(),
        Value::from(any.as_ref()).to_string(),
        any.to_string(),
    ] {
        let (out, report) = streamed(Restorer::new(&map, Format::Json), &text, *size);
        let valid = serde_json::from_str::<Value>(&text).is_ok();
        assert!(
            !valid || serde_json::from_str::<Value>(&out).is_ok(),
            "no JSON"
        );
        // What verifying changes is the spelling of tags.
        if let Ok(same) = verify(&text, &map, &DETECTOR)
            && same.as_str() == text
            && let Some(whole) = of(&text, &map, DocumentFormat::Json)
            && begins_as_it_is(&text)
        {
            assert_eq!(out, whole.expose());
            assert_eq!(report, *whole.report());
        }
    }
}

/// Whether every string that begins like JSON is JSON, all the way down.
fn begins_as_it_is(text: &str) -> bool {
    fn holds(value: &Value) -> bool {
        match value {
            Value::String(text) if text.trim_start().starts_with(['{', '[']) => {
                begins_as_it_is(text)
            }
            Value::Array(items) => items.iter().all(holds),
            Value::Object(fields) => fields.values().all(holds),
            _ => true,
        }
    }
    serde_json::from_str::<Value>(text).is_ok_and(|value| holds(&value))
}

/// Pieces of nesting, each many times: an answer or an error, in a stream an answer, never a stack that ends.
pub(crate) fn deep(data: &[u8]) {
    const OPEN: [(&str, &str); 6] = [
        ("[", "]"),
        ("{\"a\":", "}"),
        ("[1,", "]"),
        ("[\"[", "]\"]"),
        ("{\"a\":\"{\\\"a\\\":", "}\"}"),
        ("\"", "\""),
    ];
    let mut text = String::new();
    let mut close = Vec::new();
    for byte in data.iter().take(3) {
        let (begin, end) = OPEN[usize::from(*byte) % OPEN.len()];
        let times = [1, 3, 64, 65, 2_000, 10_000][usize::from(byte >> 4) % 6];
        text.push_str(&begin.repeat(times));
        close.push(end.repeat(times));
    }
    text.push_str("\"[PERSON_1]\"");
    if data.first().is_none_or(|byte| byte & 8 == 0) {
        close.iter().rev().for_each(|end| text.push_str(end));
    }
    // Once as it is, and once as the string that it would be in a tool call.
    for text in [text.clone(), Value::from(text).to_string()] {
        let table = RestoreTable::from_pairs([("[PERSON_1]", VALUES[0])]).expect("canonical");
        let mut restorer = Restorer::of_table(&table, Format::Json);
        let mut length = 0;
        for chunk in text.as_bytes().chunks(1_021) {
            length += restorer.push_bytes(chunk).expect("text").len();
            assert!(restorer.held_back() < 32 * 1024);
        }
        let (rest, report) = restorer.finish();
        let all = length + rest.len();
        // One tag is replaced by less.
        assert!(all + 10 >= text.len() || report.truncated());
        let mut map = PseudonymMap::new(MapId([5; 16]));
        let known = Known::new();
        match seal_json(&text, Numbers::Tag, &known, &DETECTOR, &mut map) {
            Ok(sealed) => {
                assert_eq!(
                    restore_document(&sealed, &map).expect("its own").expose(),
                    text
                );
            }
            Err(
                StructuredError::TooDeep { .. }
                | StructuredError::Malformed { .. }
                | StructuredError::Markup { .. },
            ) => assert!(map.is_empty()),
            Err(other) => panic!("{other}"),
        }
        let sealed = seal_marks(&text, &[], &mut map).expect("plain");
        // A document or an error.
        let _ = restore_document(&RedactedDocument::of(sealed, DocumentFormat::Json), &map);
    }
}

/// A number and a text: sealed as each format, it is the text again when restored, or an error.
pub(crate) fn documents(data: &[u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let any = String::from_utf8_lossy(rest);
    let known = Known::new();
    let csv = CsvFormat::new(b",;\t|"[usize::from(first % 4)], first & 4 > 0).expect("a delimiter");
    let mut map = PseudonymMap::new(MapId([6; 16]));
    let exact =
        |sealed: Result<RedactedDocument, StructuredError>, source: &str, map: &PseudonymMap| {
            let Ok(sealed) = sealed else {
                return;
            };
            let restored = restore_document(&sealed, map).expect("its own");
            assert_eq!(restored.expose(), source);
        };
    let made = made(&mut rest.iter().copied(), 5).to_string();
    for text in [any.as_ref(), &made] {
        // Another spelling of the same JSON may come back.
        if let Ok(sealed) = seal_json(text, Numbers::Tag, &known, &DETECTOR, &mut map) {
            let restored = restore_document(&sealed, &map).expect("its own");
            let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            assert_eq!(value(restored.expose()), value(text));
        }
    }
    exact(seal_csv(&any, csv, &known, &DETECTOR, &mut map), &any, &map);
    if let Ok(sealed) = seal_checked(&any, &known, &DETECTOR, &mut map) {
        assert_eq!(restore(&sealed, &map).expect("its map").expose(), any);
    }
    // What is left out of these does not come back, and what comes back is sealed to the same.
    if let Ok(sealed) = seal_html(&any, &known, &DETECTOR, &mut map) {
        let restored = restore_document(&sealed, &map).expect("its own");
        let again = seal_html(restored.expose(), &known, &DETECTOR, &mut map).expect("the same");
        let again = restore_document(&again, &map).expect("its own");
        assert_eq!(again.expose(), restored.expose());
    }
    if let Ok(sealed) = seal_mail(rest, &known, &DETECTOR, &mut map) {
        restore_document(&sealed, &map).expect("its own");
    }
}
