//! CSV: cells with their headers, quotes, line breaks in cells.

use proptest::prelude::*;
use redact::{
    CsvFormat, DocumentFormat, Kind, Known, Mark, PseudonymMap, RedactedDocument, StructuredError,
    restore_document, seal_csv, seal_marks, verify,
};

use super::{detector, exact, known, map, says_nothing, values};

fn format(delimiter: u8, has_header: bool) -> CsvFormat {
    CsvFormat::new(delimiter, has_header).unwrap()
}

fn sealed(source: &str, format: CsvFormat, map: &mut PseudonymMap) -> String {
    let document = seal_csv(source, format, &known(), &detector(), map).unwrap();
    exact(source, &document, map)
}

#[test]
fn headers_are_cues_and_quotes_stay() {
    let mut map = map();
    let source = "\u{feff}Name;E-Mail;Telefon;Kundennummer;Bemerkung\r\n\
        \"Marie \"\"M\"\" Dupont\";m.dupont@example.org;\"0612 345 678\";K-4471;\"liefert\r\nam Montag; ruft \"\"morgen\"\" an\"\r\n\
        Zo\u{eb} Quirk;;0612 345 678;K-4472;\r\n";
    let text = sealed(source, format(b';', true), &mut map);
    let rows: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        rows[0],
        "\u{feff}Name;E-Mail;Telefon;Kundennummer;Bemerkung"
    );
    assert!(rows[1].starts_with("\"[PERSON_"), "{text}");
    assert!(
        rows[1].contains(";[EMAIL_1];\"[PHONE_1]\";[CUSTOMER_ID_1];\"liefert"),
        "{text}"
    );
    assert_eq!(rows[2], "am Montag; ruft \"\"morgen\"\" an\"");
    assert!(
        rows[3].starts_with("[PERSON_") && rows[3].ends_with("];;[PHONE_1];[CUSTOMER_ID_2];"),
        "{text}"
    );
}

#[test]
fn line_breaks_in_cells_and_values() {
    let mut map = map();
    let mut known = Known::new();
    known.add_name("Marie Dupont");
    let source = "a,b\n\"x\nMarie\nDupont \"\"here\"\"\ny\",1\n";
    let document = seal_csv(source, format(b',', true), &known, &detector(), &mut map).unwrap();
    let text = exact(source, &document, &map);
    assert!(
        !text.contains("Marie") && !text.contains("Dupont"),
        "{text}"
    );
    assert!(text.starts_with("a,b\n\"x\n[PERSON_1]"), "{text}");
    assert!(text.ends_with(" \"\"here\"\"\ny\",1\n"), "{text}");
}

#[test]
fn rows_of_any_length_and_no_header() {
    let mut map = map();
    let source = "zoe@example.org,1\n\n2\nx,y,zoe@example.org,,\"\"";
    let text = sealed(source, format(b',', false), &mut map);
    assert_eq!(text, "[EMAIL_1],1\n\n2\nx,y,[EMAIL_1],,\"\"");
    for source in [
        "",
        "\n",
        "a",
        ",",
        "a,\n",
        "\"\"\n",
        "\r\n\r\na,b\r\n",
        "a\rb",
        "a\"b,c\n",
    ] {
        assert_eq!(sealed(source, format(b',', true), &mut map), source);
    }
}

#[test]
fn formulas_are_not_altered() {
    let mut map = map();
    let source =
        "note,E-mail\n=1+2,zoe@example.org\n@x,\"=HYPERLINK(\"\"mailto:zoe@example.org\"\")\"\n";
    let text = sealed(source, format(b',', true), &mut map);
    assert_eq!(text, source.replace("zoe@example.org", "[EMAIL_1]"));
}

#[test]
fn a_value_gets_the_quotes_that_it_needs() {
    let mut map = map();
    let value = "12 \"B\" Lane, Lyon\nFrance";
    seal_marks(
        value,
        &[Mark::new(0..value.len(), Kind::Address).unwrap()],
        &mut map,
    )
    .unwrap();
    let draft = verify(
        "where,again\n[ADDRESS_1],x \"[address 1]\"\n\"at [ADDRESS_1]\",-\n",
        &map,
        &detector(),
    )
    .unwrap();
    let draft = RedactedDocument::of(draft, DocumentFormat::Csv(format(b',', true)));
    let restored = restore_document(&draft, &map).unwrap();
    let quoted = value.replace('"', "\"\"");
    assert_eq!(
        restored.expose(),
        format!("where,again\n\"{quoted}\",\"x \"\"{quoted}\"\"\"\n\"at {quoted}\",-\n")
    );
    assert_eq!(values(&map).len(), 1);
}

#[test]
fn what_is_no_csv_is_refused() {
    for source in [
        "\"Marie",
        "\"Marie\" x,1\n",
        "a,\"b\"c\"\n",
        "a,\"Marie\n\n\n",
    ] {
        let mut map = map();
        let error =
            seal_csv(source, format(b',', false), &known(), &detector(), &mut map).unwrap_err();
        assert!(
            matches!(error, StructuredError::Malformed { .. }),
            "{source}"
        );
        says_nothing(&error, &["Marie"]);
        assert!(map.is_empty());
    }
    for delimiter in [b'"', b'\n', b'a', b'7', b'[', b'_', 0xe9, 0] {
        assert!(CsvFormat::new(delimiter, true).is_none());
    }
}

fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "[", "]", "\"", ",", ";", "\n", "\r\n", "\t", "PERSON_1", "[PERSON_1]", "PERSON_", "Marie Dupont", "zoe@example.org", "=", "@",
            "06 12 34 56 78", "Name", "Zo\u{eb}", " ", "\u{1f600}", "1",
        ]).prop_map(str::to_owned),
        1 => ".{0,4}",
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restoring_undoes_sealing(
        rows in prop::collection::vec(prop::collection::vec((cell(), any::<bool>()), 1..4), 0..5),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        has_header in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let mut source = String::new();
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|(cell, always)| {
                let needs = cell.contains(['"', '\n', '\r', char::from(delimiter)]);
                // A mark of the encoding counts only unquoted, at the very beginning.
                if needs || *always || cell.starts_with('\u{feff}') { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
            }).collect();
            source.push_str(&cells.join(&char::from(delimiter).to_string()));
            source.push_str(if crlf { "\r\n" } else { "\n" });
        }
        let mut map = map();
        let document = seal_csv(&source, format(delimiter, has_header), &known(), &detector(), &mut map).unwrap();
        let text = exact(&source, &document, &map);
        prop_assert!(!text.contains("zoe@"));
        let seals = |text: &str| text.matches('\n').count();
        prop_assert!(seals(&text) <= seals(&source));
    }

    #[test]
    fn whatever_comes(source in "[\",;\n\r a\\[\\]1PERSON_\u{feff}]{0,24}") {
        let mut map = map();
        match seal_csv(&source, format(b',', true), &known(), &detector(), &mut map) {
            Ok(document) => {
                let restored = restore_document(&document, &map).unwrap();
                prop_assert!(restored.report().unknown().is_empty());
                let again = seal_csv(restored.expose(), format(b',', true), &known(), &detector(), &mut map).unwrap();
                exact(restored.expose(), &again, &map);
            }
            Err(StructuredError::Malformed { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}
