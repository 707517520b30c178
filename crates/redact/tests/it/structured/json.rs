//! JSON and tool calls.

use proptest::prelude::*;
use redact::{
    Format, Kind, Known, MapId, Mark, Numbers, PseudonymMap, RedactedDocument, Restorer,
    StructuredError, restore_document, restore_value, seal_json, seal_marks, seal_value,
    seal_value_as, verify,
};
use serde_json::{Value, json};

use super::{detector, exact, known, map, says_nothing, values};

fn sealed(source: &str, map: &mut PseudonymMap) -> String {
    let document = seal_json(source, Numbers::Tag, &known(), &detector(), map).unwrap();
    exact(source, &document, map)
}

#[test]
fn names_of_fields_are_cues_and_stay() {
    let mut map = map();
    let source = r#"{
  "customer": {"name": "Marie Dupont", "email":"m.dupont@example.org", "phoneNumber": "06 12 34 56 78"},
  "note" : "M\u00fcller asks \"why\"; Marie Dupont waits.",
  "count": 2, "open": true, "tags": ["new", null]
}"#;
    let document = seal_json(source, Numbers::Tag, &known(), &detector(), &mut map).unwrap();
    // The escape is not the shortest: the same JSON comes back, written plainly.
    let restored = restore_document(&document, &map).unwrap();
    assert_eq!(restored.expose(), source.replace("\\u00fc", "\u{fc}"));
    let sealed = document.as_str();
    assert!(values(&map).contains(&"[PERSON_2] M\u{fc}ller".to_owned()));
    let value: Value = serde_json::from_str(sealed).unwrap();
    assert_eq!(value["customer"]["name"], "[PERSON_1]");
    assert_eq!(value["customer"]["email"], "[EMAIL_1]");
    assert_eq!(value["customer"]["phoneNumber"], "[PHONE_1]");
    assert!(
        value["note"]
            .as_str()
            .unwrap()
            .ends_with("[PERSON_1] waits.")
    );
    assert_eq!(value["count"], 2);
    assert!(sealed.contains("\"open\": true, \"tags\": [\"new\", null]\n}"));
}

#[test]
fn names_of_the_trade_are_no_data() {
    let names = "id name first_name last_name firstName lastName email email_address phone phone_number address street city \
        zip postcode country order order_id orderId customer customer_id subject body message messages role content tool \
        tool_calls tool_call_id function arguments parameters type status created_at updated_at date time url href link \
        title description price amount currency total quantity items item sku iban bic vat_id age gender birthday dob \
        language locale timezone tags labels priority assignee agent user username password token api_key secret notes \
        comment comments attachments size model temperature max_tokens stream choices index finish_reason usage object \
        required properties enum default true data result results error code reason success page limit offset cursor next \
        religion health diagnosis party union";
    let fields: Vec<String> = names
        .split_whitespace()
        .map(|n| format!("\"{n}\":\"\""))
        .collect();
    let source = format!("{{{}}}", fields.join(","));
    assert_eq!(sealed(&source, &mut map()), source);
}

#[test]
fn names_that_are_data_are_sealed() {
    let mut map = map();
    let source = r#"{"zoe.quirk@example.org": {"seen": 1}, "x": {"zoe.quirk@example.org": []}}"#;
    assert_eq!(
        sealed(source, &mut map),
        r#"{"[EMAIL_1]": {"seen": 1}, "x": {"[EMAIL_1]": []}}"#
    );
    // A name with spaces is read as any text, in parts too.
    let heading = r#"{"Marie Dupont, Lyon office": 1}"#;
    assert!(!self::sealed(heading, &mut super::map()).contains("Dupont"));
    let value: Value = serde_json::from_str(source).unwrap();
    let sealed = seal_value(&value, &known(), &detector(), &mut map).unwrap();
    assert_eq!(sealed.as_value()["[EMAIL_1]"]["seen"], 1);
    assert_eq!(restore_value(&sealed, &map).unwrap(), value);
}

/// What a value looks like inside so many strings.
fn wrapped(inner: &Value, times: usize) -> Value {
    (0..times).fold(
        inner.clone(),
        |value, _| json!({"arguments": value.to_string()}),
    )
}

fn unwrapped(value: &Value, times: usize) -> Value {
    (0..times).fold(value.clone(), |value, _| {
        serde_json::from_str(value["arguments"].as_str().unwrap()).unwrap()
    })
}

#[test]
fn json_in_json_in_json() {
    let quoted = "Zo\u{eb} \"Z\" Quirk\\n";
    let inner = json!({
        "to": "zoe.quirk@example.org",
        "name": quoted,
        "text": "line one\nfor zoe.quirk@example.org \"now\"\t\u{1f600}",
        "phone": 33_612_345_678_u64,
        "list": [{"email": "max@example.org"}],
    });
    let mut known = Known::new();
    known.add_name(quoted);
    for times in 0..6 {
        let mut map = map();
        let source = wrapped(&inner, times).to_string();
        let document = seal_json(&source, Numbers::Tag, &known, &detector(), &mut map).unwrap();
        let text = exact(&source, &document, &map);
        assert!(!text.contains("quirk") && !text.contains("33612"), "{text}");
        let deep = unwrapped(&serde_json::from_str(&text).unwrap(), times);
        assert!(deep["to"].as_str().unwrap().starts_with("[EMAIL_"));
        assert_eq!(deep["phone"], "[PHONE_1]");
        // The same as a value.
        let value: Value = serde_json::from_str(&source).unwrap();
        let sealed = seal_value_as(&value, Numbers::Tag, &known, &detector(), &mut map).unwrap();
        assert_eq!(unwrapped(sealed.as_value(), times), deep);
        assert_eq!(restore_value(&sealed, &map).unwrap(), value);
    }
}

#[test]
fn a_tool_call_of_a_model_becomes_valid_json_again() {
    let mut map = map();
    let value = "Zo\u{eb} \"Z\" Quirk\nLyon\\";
    let mark = Mark::new(0..value.len(), Kind::Person).unwrap();
    seal_marks(value, &[mark], &mut map).unwrap();
    let call = r#"{"name":"send","arguments":"{\"to\":\"[PERSON_1]\",\"more\":\"{\\\"who\\\":\\\"dear [Person 1]\\\"}\"}"}"#;
    let document = RedactedDocument::of(
        verify(call, &map, &detector()).unwrap(),
        redact::DocumentFormat::Json,
    );
    let restored = restore_document(&document, &map).unwrap();
    let outer: Value = serde_json::from_str(restored.expose()).unwrap();
    let inner: Value = serde_json::from_str(outer["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(inner["to"], value);
    let deepest: Value = serde_json::from_str(inner["more"].as_str().unwrap()).unwrap();
    assert_eq!(deepest["who"], format!("dear {value}"));
}

#[test]
fn numbers_are_refused_or_tagged() {
    let source = r#"{"phone": 33612345678, "n": [1, 2.50, -3e2]}"#;
    let mut map = map();
    let error = seal_json(source, Numbers::Refuse, &known(), &detector(), &mut map).unwrap_err();
    assert!(matches!(&error, StructuredError::Number { kind } if kind.as_str() == "PHONE"));
    says_nothing(&error, &["336"]);
    assert!(map.is_empty());
    let text = sealed(source, &mut map);
    assert_eq!(text, r#"{"phone": "[PHONE_1]", "n": [1, 2.50, -3e2]}"#);
    assert_eq!(values(&map), ["[PHONE_1] 33612345678"]);
    // A number that the map knows as a string is found, too.
    let again = r#"{"x": 33612345678}"#;
    assert_eq!(sealed(again, &mut map), r#"{"x": "[ID_1]"}"#);
}

#[test]
fn depth_is_bounded_everywhere() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    let inside = json!({"arguments": deep}).to_string();
    let objects = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let mut map = map();
    for source in [&deep, &inside, &objects, &"[".repeat(100_000)] {
        let error = seal_json(source, Numbers::Tag, &known(), &detector(), &mut map).unwrap_err();
        assert!(
            matches!(error, StructuredError::TooDeep { limit: 64 }),
            "{error}"
        );
        let redacted = seal_marks(source, &[], &mut map).unwrap();
        let document = RedactedDocument::of(redacted, redact::DocumentFormat::Json);
        let error = restore_document(&document, &map).unwrap_err();
        assert!(matches!(error, StructuredError::TooDeep { .. }), "{error}");
        map = super::map();
    }
    let value = json!({"arguments": deep});
    let error = seal_value(&value, &known(), &detector(), &mut map).unwrap_err();
    assert!(matches!(error, StructuredError::TooDeep { .. }), "{error}");
    // While it streams, depth is no matter: strings are restored wherever they stand.
    seal_marks("Zoe", &[Mark::new(0..3, Kind::Person).unwrap()], &mut map).unwrap();
    let deep = format!("{}\"[PERSON_1]\"{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut restorer = Restorer::new(&map, Format::Json);
    let out = restorer.push(&deep) + &restorer.finish().0;
    assert_eq!(out, deep.replace("[PERSON_1]", "Zoe"));
}

#[test]
fn what_is_no_json_is_refused() {
    for source in [
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"Marie Dupont\"}",
        "\"Marie",
        "01",
        "1.",
        "tru",
        "[1] 2",
        "\"\\x\"",
        "\"\\ud800\"",
        "\"a\nb\"",
        "{a:1}",
        "'Marie'",
        "[1 2]",
        "-",
        "\u{feff}1",
    ] {
        let error = seal_json(source, Numbers::Tag, &known(), &detector(), &mut map()).unwrap_err();
        assert!(
            matches!(error, StructuredError::Malformed { .. }),
            "{source}"
        );
        assert!(serde_json::from_str::<Value>(source).is_err(), "{source}");
        says_nothing(&error, &["Marie"]);
    }
    let other = PseudonymMap::new(MapId([9; 16]));
    let document = seal_json("{}", Numbers::Tag, &known(), &detector(), &mut map()).unwrap();
    assert!(matches!(
        restore_document(&document, &other),
        Err(StructuredError::WrongMap(_))
    ));
}

/// What a customer typed like a tag goes with the backslash behind it, and what was no JSON would be some.
#[test]
fn a_string_that_its_tags_would_make_json_becomes_one_tag() {
    for text in [
        r#"{"a":"PERSON_1\"}"#,
        r#"["PERSON_1\", "b"]"#,
        " {\"a\":\"PERSON_1\\\"} \n",
    ] {
        let mut map = map();
        let value = json!({ "": [text, "PERSON_1"] });
        let source = value.to_string();
        let document = seal_json(&source, Numbers::Tag, &known(), &detector(), &mut map).unwrap();
        exact(&source, &document, &map);
        let sealed = seal_value_as(&value, Numbers::Tag, &known(), &detector(), &mut map).unwrap();
        assert!(
            sealed.as_value()[""][0]
                .as_str()
                .unwrap()
                .trim()
                .starts_with("[TEXT_")
        );
        assert_eq!(restore_value(&sealed, &map).unwrap(), value);
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(vec![
            "[", "]", "{", "}", "\"", "\\", "PERSON_1", "[PERSON_1]", "[TEXT_1]", "{\"a\":\"", "\"}", "[\"", "\"]", "&#91;", "FOO_1",
            "Marie Dupont", "zoe@example.org", "06 12 34 56 78", "0612345678", "Zo\u{eb}", "\n", "\u{1f600}", " ", ",", ":", "1", "\0",
        ]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::String),
        1 => any::<i64>().prop_map(|n| json!(n)),
        1 => any::<f64>().prop_map(|n| json!(n)),
        1 => Just(json!(33_612_345_678_u64)),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((text(), inner.clone()), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            inner.prop_map(|value| Value::String(value.to_string())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restoring_undoes_sealing(value in value(), pretty in any::<bool>()) {
        let mut map = map();
        let source = if pretty { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
        let document = seal_json(&source, Numbers::Tag, &known(), &detector(), &mut map);
        let document = match document {
            Err(StructuredError::TooDeep { .. }) => return Ok(()),
            other => other.unwrap(),
        };
        prop_assert!(serde_json::from_str::<Value>(document.as_str()).is_ok());
        exact(&source, &document, &map);
        let sealed = seal_value_as(&value, Numbers::Tag, &known(), &detector(), &mut map).unwrap();
        prop_assert_eq!(restore_value(&sealed, &map).unwrap(), value);
    }

    #[test]
    fn what_is_json_is_what_others_say(text in text(), cut in 0usize..12) {
        for source in [text.clone(), format!("\"{text}\""), format!("[{text}]"), format!("{{\"a\":{text}}}"), format!("{{\"{text}\":1}}")] {
            let end = (0..=source.len().saturating_sub(cut)).rev().find(|i| source.is_char_boundary(*i)).unwrap();
            let source = &source[..end];
            let ours = seal_json(source, Numbers::Tag, &known(), &detector(), &mut map());
            let theirs = serde_json::from_str::<Value>(source);
            if !matches!(ours, Err(StructuredError::Seal(_) | StructuredError::TooDeep { .. })) {
                prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", source);
            }
        }
    }
}
