//! Ways in which gateways to language models were seen to fail, a test each. The number is that of the family in
//! `docs/failure-tests.md`.

use std::sync::atomic::{AtomicUsize, Ordering};

use pii_detect::{Detector, Findings, Known, Recognise, RecogniseFault, Sink, View};
use redact::{
    Format, Gate, Kind, MapId, Mark, Provenance, PseudonymMap, RestoreTable, Restorer, SealError,
    Tally, VerifyError, reseal, restore, restore_as, restore_value, seal_checked, seal_marks,
    seal_value, verify,
};

fn map(id: u8) -> PseudonymMap {
    PseudonymMap::new(MapId([id; 16]))
}

fn table(pairs: &[(&str, &str)]) -> RestoreTable {
    RestoreTable::from_pairs(pairs.iter().copied()).unwrap()
}

fn streamed<'a>(table: &RestoreTable, chunks: impl IntoIterator<Item = &'a str>) -> String {
    let mut restorer = Restorer::of_table(table, Format::Text);
    let mut out: String = chunks.into_iter().map(|c| restorer.push(c)).collect();
    out.push_str(&restorer.finish().0);
    out
}

#[test]
fn f01_a_tag_split_over_any_chunks() {
    let table = table(&[("[PERSON_1]", "Zo\u{eb}"), ("[ORDER_1]", "A-17")]);
    let text = "Bonjour **[PERSON_1]**, \u{e9}t\u{e9} [ORDER_1]!";
    let whole = "Bonjour **Zo\u{eb}**, \u{e9}t\u{e9} A-17!";
    for (at, _) in text.char_indices() {
        let (a, b) = text.split_at(at);
        assert_eq!(streamed(&table, [a, b]), whole, "{at}");
        for (next, _) in b.char_indices() {
            let (b, c) = b.split_at(next);
            assert_eq!(streamed(&table, [a, b, c]), whole);
        }
    }
    let single: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(streamed(&table, single.iter().map(String::as_str)), whole);
    // By the byte, in every format that takes this text as it is.
    for format in [
        Format::Text,
        Format::Html,
        #[cfg(feature = "csv")]
        Format::Csv(redact::CsvFormat::new(b';', true).unwrap()),
    ] {
        let mut restorer = Restorer::of_table(&table, format);
        let mut out = String::new();
        for byte in text.as_bytes() {
            out += &restorer.push_bytes(&[*byte]).unwrap();
        }
        assert_eq!(out + &restorer.finish().0, whole);
    }
}

#[test]
fn f02_text_flows_while_the_stream_runs() {
    let table = table(&[("[PERSON_1]", "Zoe")]);
    let mut restorer = Restorer::of_table(&table, Format::Text);
    let mut held = Vec::new();
    let text = "Thank you for your patience. Your parcel left our depot on Monday and arrives soon, [PERSON_1]. Kind regards";
    let mut out = String::new();
    for c in text.chars() {
        out.push_str(&restorer.push(c.encode_utf8(&mut [0; 4])));
        held.push(restorer.held_back());
    }
    held.sort_unstable();
    // Half of the time nothing waits, and never more than the tag itself.
    assert_eq!(held[held.len() / 2], 0);
    assert!(*held.last().unwrap() <= "[PERSON_1]".len());
    assert!(out.ends_with("Kind regards"));
}

#[test]
fn f03_a_value_the_model_wrote_itself_is_seen() {
    let detector = Detector::new();
    let mut map = map(3);
    seal_checked(
        "I am Zoe Quirk, zoe.quirk@mail.example",
        &Known::new(),
        &detector,
        &mut map,
    )
    .unwrap();
    // Whatever the chunks were: what is stored and shown as a draft is judged whole.
    for chunks in [
        &["Dear Zoe Qu", "irk"][..],
        &["zoe.qui", "rk@mail.ex", "ample"],
    ] {
        let reply = chunks.concat();
        let refused = verify(&reply, &map, &detector).unwrap_err();
        assert!(matches!(refused, VerifyError::Leak { .. }), "{refused}");
    }
}

#[test]
fn f04_tool_calls_are_masked_and_restored_as_valid_json() {
    let detector = Detector::new();
    let mut map = map(4);
    let call = serde_json::json!({
        "name": "update_address",
        "arguments": {"mail": "zoe.quirk@mail.example", "note": "said \"call me\"\non +33 6 12 34 56 78"},
        "history": [{"role": "tool", "content": "sent to zoe.quirk@mail.example"}]
    });
    let sealed = seal_value(&call, &Known::new(), &detector, &mut map).unwrap();
    let sent = sealed.as_value().to_string();
    assert!(!sent.contains("quirk") && !sent.contains("34 56"), "{sent}");
    assert_eq!(restore_value(&sealed, &map).unwrap(), call);
    // While it streams, as JSON text; the value holds quotes and a line break.
    let table = table(&[("[PERSON_1]", "Zoe \"Z\"\nQuirk")]);
    let text = "{\"to\":\"[PERSON_1]\",\"n\":1}";
    let restored = table.restore(text, Format::Json);
    let value: serde_json::Value = serde_json::from_str(restored.expose()).unwrap();
    assert_eq!(value["to"], "Zoe \"Z\"\nQuirk");
}

#[test]
fn f05_one_value_has_one_tag_over_all_turns() {
    let detector = Detector::new();
    let mut map = map(5);
    let gate = Gate::new(&detector);
    let first = gate.seal("zoe@mail.example", &mut map).unwrap();
    gate.seal("noor@mail.example", &mut map).unwrap();
    let third = gate.seal("again zoe@mail.example", &mut map).unwrap();
    assert_eq!(first.tags(), third.tags());
    let stored = PseudonymMap::from_bytes(&map.to_bytes().unwrap()).unwrap();
    assert_eq!(
        restore(&first, &stored).unwrap().expose(),
        "zoe@mail.example"
    );
}

#[test]
fn f06_a_thousand_conversations_at_once() {
    let detector = Detector::new();
    let gate = Gate::new(&detector);
    let next = AtomicUsize::new(0);
    let one = |i: usize| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(i as u64).to_le_bytes());
        let mut map = PseudonymMap::new(MapId(id));
        let text = format!("This is mail{i}@mail.example, order A-{i:06}. mail{i}@mail.example");
        let sealed = gate.seal(&text, &mut map).unwrap();
        assert!(!sealed.as_str().contains(&format!("mail{i}")));
        (text, sealed, map)
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let mut done = Vec::new();
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        if i >= 1_000 {
                            return done;
                        }
                        done.push(one(i));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    assert_eq!(done.len(), 1_000);
    for (at, (text, sealed, map)) in done.iter().enumerate() {
        assert_eq!(restore(sealed, map).unwrap().expose(), text);
        let (_, _, other) = &done[(at + 1) % done.len()];
        assert!(restore(sealed, other).is_err());
    }
}

#[test]
fn f07_values_longer_and_shorter_than_their_tags() {
    let mut map = map(7);
    let text = "Al and Bartholomew Quirkington-Castellane met Al";
    let long = "Bartholomew Quirkington-Castellane";
    let at = text.find(long).unwrap();
    let marks = [
        Mark::new(0..2, Kind::Person).unwrap(),
        Mark::new(at..at + long.len(), Kind::Person).unwrap(),
        Mark::new(text.len() - 2..text.len(), Kind::Person).unwrap(),
    ];
    let sealed = seal_marks(text, &marks, &mut map).unwrap();
    assert_eq!(sealed.as_str(), "[PERSON_1] and [PERSON_2] met [PERSON_1]");
    assert_eq!(restore(&sealed, &map).unwrap().expose(), text);
}

/// A recogniser that fails, or panics and quotes what it read.
#[derive(Debug)]
struct Broken {
    panics: bool,
}

impl Recognise for Broken {
    fn name(&self) -> &'static str {
        "broken"
    }

    fn recognise(&self, view: &View<'_>, _: &mut Sink<'_>) -> Result<(), RecogniseFault> {
        assert!(!self.panics, "could not read {}", view.text());
        Err(RecogniseFault::Failed { reason: "no model" })
    }
}

#[test]
fn f08_what_fails_is_not_sent_and_is_counted() {
    let tally = Tally::default();
    for (panics, code) in [(false, "detector_failed"), (true, "detector_panicked")] {
        let broken = std::sync::Arc::new(Broken { panics });
        let detector = Detector::builder().recogniser(broken).build().unwrap();
        let mut map = map(8);
        let gate = Gate::new(&detector).tally(&tally);
        let refused = gate.seal("Zoe Quirk waits", &mut map).unwrap_err();
        assert_eq!(refused.code(), code);
        let shown = format!("{refused} {refused:?}");
        assert!(!shown.contains("Quirk"), "{shown}");
        assert!(map.is_empty());
        assert_eq!(tally.refused(code), 1);
        let again = reseal("Zoe [PERSON_1] waits", &detector, &mut map).unwrap_err();
        assert_eq!(again.code(), code);
        assert!(map.is_empty());
    }
    let detector = Detector::new();
    // Time is up in the middle of the work: after the third question.
    let asked = AtomicUsize::new(0);
    let up = || asked.fetch_add(1, Ordering::Relaxed) >= 3;
    let gate = Gate::new(&detector).tally(&tally).until(&up);
    let mut map = map(8);
    let refused = gate.seal("zoe@mail.example", &mut map).unwrap_err();
    assert!(matches!(refused, SealError::TimedOut));
    assert!(map.is_empty());
    assert_eq!((tally.sealed(), tally.refused("timed_out")), (0, 1));
    assert_eq!(tally.all().map(|(_, n)| n).sum::<u64>(), 3);
}

#[test]
fn f09_no_value_in_what_is_printed() {
    let detector = Detector::new();
    let mut map = map(9);
    let text = "Zoe Quirk, zoe.quirk@mail.example";
    let sealed = seal_checked(text, &Known::new(), &detector, &mut map).unwrap();
    let restored = restore(&sealed, &map).unwrap();
    let leak = verify("Dear Zoe Quirk", &map, &detector).unwrap_err();
    let restorer = Restorer::new(&map, Format::Text);
    // What a customer typed as a tag may be a name.
    let typed = table(&[]).restore("dear [QUIRK_1]", Format::Text);
    assert_eq!(typed.report().unknown(), ["[QUIRK_1]"]);
    let uses = redact::tags_in("dear [QUIRK_1]", &map);
    let report = typed.report();
    let shown =
        format!("{map:?} {sealed:?} {restored:?} {leak} {leak:?} {restorer:?} {report:?} {uses:?}");
    assert!(!shown.to_lowercase().contains("quirk"), "{shown}");
}

#[test]
fn f10_overlapping_findings_are_undone_exactly() {
    let text = "Marie Dupont-Lyon";
    for (a, b) in [
        (0..12, 6..17),
        (6..17, 0..12),
        (0..17, 6..12),
        (0..5, 5..17),
    ] {
        let mut map = map(10);
        let marks = [
            Mark::new(a, Kind::Person).unwrap(),
            Mark::new(b, Kind::Location).unwrap(),
        ];
        let sealed = seal_marks(text, &marks, &mut map).unwrap();
        assert_eq!(restore(&sealed, &map).unwrap().expose(), text);
    }
}

#[test]
fn f11_one_tag_never_means_two_people() {
    let detector = Detector::new();
    let (mut one, mut two) = (map(1), map(2));
    let gate = Gate::new(&detector);
    let first = gate.seal("zoe@mail.example", &mut one).unwrap();
    let second = gate.seal("noor@mail.example", &mut two).unwrap();
    assert_eq!(first.as_str(), second.as_str());
    assert!(restore(&first, &two).is_err());
    assert!(restore_as(&second, &one, Format::Html).is_err());
}

#[test]
fn f12_bare_tags_are_restored_and_reported() {
    let table = table(&[("[PERSON_1]", "Zoe"), ("[PERSON_10]", "Noor")]);
    let restored = table.restore("{\"to\":\"PERSON_10\",\"cc\":\"PERSON-1\"}", Format::Json);
    assert_eq!(restored.expose(), "{\"to\":\"Noor\",\"cc\":\"Zoe\"}");
    assert_eq!(restored.report().restored().len(), 2);
}

#[test]
fn f13_a_tag_the_customer_typed_comes_back_as_typed() {
    let detector = Detector::new();
    for typed in [
        "[PERSON_1]",
        "\u{ff3b}PERSON_1\u{ff3d}",
        "&#91;person 1&#93;",
        "PERSON_1",
        "[Nom\u{200b}_1]",
    ] {
        let mut map = map(13);
        let text = format!("zoe@mail.example wrote {typed}");
        let sealed = seal_checked(&text, &Known::new(), &detector, &mut map).unwrap();
        assert!(!sealed.as_str().contains(typed), "{typed}");
        assert_eq!(restore(&sealed, &map).unwrap().expose(), text);
    }
}

#[test]
fn f14_what_the_system_said_is_never_restored() {
    let detector = Detector::new();
    let mut map = map(14);
    let gate = Gate::new(&detector);
    let system = gate.clone().provenance(Provenance::System);
    let rule = system
        .seal("Escalate to boss@shop.example", &mut map)
        .unwrap();
    // The same value, said by the customer, has a tag of its own.
    let said = gate.seal("is it boss@shop.example?", &mut map).unwrap();
    assert_ne!(rule.tags(), said.tags());
    assert_eq!(map.provenance(&rule.tags()[0]), Some(Provenance::System));
    assert_eq!(map.provenance(&said.tags()[0]), Some(Provenance::Customer));
    assert_eq!(
        restore(&said, &map).unwrap().expose(),
        "is it boss@shop.example?"
    );
    // A model that was talked into repeating the instructions, stored map or not, in any form of the tag, streamed or not.
    let stored = PseudonymMap::from_bytes(&map.to_bytes().unwrap()).unwrap();
    for form in [
        "[EMAIL_1]",
        "EMAIL_1",
        "**[e-mail 1]**",
        "\u{ff3b}EMAIL_1\u{ff3d}",
    ] {
        let mut restorer = Restorer::new(&stored, Format::Text);
        let mut out = restorer.push(form);
        let (rest, report) = restorer.finish();
        out.push_str(&rest);
        assert_eq!(out, form);
        assert_eq!(report.withheld(), rule.tags());
        assert!(report.unknown().is_empty() && report.restored().is_empty());
        let refused = verify(form, &map, &detector).unwrap_err();
        assert!(
            matches!(refused, VerifyError::Withheld { count: 1 }),
            "{refused}"
        );
    }
    assert_eq!(
        restore(&rule, &map).unwrap().expose(),
        "Escalate to [EMAIL_1]"
    );
}

#[test]
fn f15_half_a_tag_is_flagged() {
    let table = table(&[("[PERSON_1]", "Kris")]);
    for half in ["Dear [PERSON_", "Dear [PER", "Dear [PERSON_1"] {
        let restored = table.restore(half, Format::Text);
        assert_eq!(restored.expose(), "Dear ", "{half}");
        assert!(restored.report().truncated());
    }
}

#[test]
fn f16_dropped_and_changed_tags_are_reported() {
    let table = table(&[("[PERSON_1]", "Zoe"), ("[ORDER_1]", "A-17")]);
    let expected = ["[PERSON_1]", "[ORDER_1]"].map(|tag| redact::Tag::parse(tag).unwrap());
    let restored = table.restore("Dear [PERSON_1], order [ORDER_2]", Format::Text);
    let report = restored.report();
    assert_eq!(report.dropped(&expected), [expected[1].clone()]);
    assert_eq!(report.unknown(), ["[ORDER_2]"]);
}

#[test]
fn f17_every_way_out_is_the_same_door() {
    // A title, a summary, a subject, a page, the arguments of a tool: one restorer, one report.
    let table = table(&[("[PERSON_1]", "Zoe\r\nBcc: x@evil.example")]);
    let line = table.restore("Re: [PERSON_1]", Format::Line);
    assert_eq!(line.expose().lines().count(), 1);
    let html = table.restore("<b>[PERSON_1]</b>", Format::Html);
    assert!(html.expose().starts_with("<b>Zoe"));
    for format in [Format::Text, Format::Line, Format::Html, Format::Json] {
        let restored = table.restore("\"[PERSON_1]\"", format);
        assert_eq!(restored.report().restored().len(), 1);
    }
}

#[test]
fn f18_half_an_escape_at_the_end_of_a_chunk() {
    let table = table(&[("[PERSON_1]", "Zo\u{eb}")]);
    let text = "{\"a\":\"\\u005bPERSON\\u005f1\\u005d \\\"ok\\\" \\\\\"}";
    for (at, _) in text.char_indices() {
        let (a, b) = text.split_at(at);
        let mut restorer = Restorer::of_table(&table, Format::Json);
        let mut out = restorer.push(a);
        out.push_str(&restorer.push(b));
        out.push_str(&restorer.finish().0);
        assert_eq!(out, "{\"a\":\"Zo\u{eb} \\\"ok\\\" \\\\\"}", "{at}");
    }
}

/// The events of a stream as a proxy gets them: lines cut anywhere, characters too. Framing is the caller's; what it finds
/// between two line breaks goes on as bytes.
#[test]
fn f18_events_and_characters_cut_anywhere() {
    let table = table(&[("[PERSON_1]", "Zo\u{eb} \"Z\"")]);
    let deltas = [r#"{"to":""#, "[PER", "SON_1", "]\",\"n\":\"\u{e9}\"", "}"];
    let events: String = deltas.iter().map(|d| format!("data: {d}\n\n")).collect();
    for size in 1..events.len() {
        let mut restorer = Restorer::of_table(&table, Format::Json);
        let (mut line, mut out) = (Vec::new(), String::new());
        for byte in events.as_bytes().chunks(size).flatten() {
            if *byte != b'\n' {
                line.push(*byte);
                continue;
            }
            if let Some(delta) = line.strip_prefix(b"data: ") {
                for piece in delta.chunks(size) {
                    out += &restorer.push_bytes(piece).unwrap();
                }
            }
            line.clear();
        }
        out += &restorer.finish().0;
        assert_eq!(
            out, "{\"to\":\"Zo\u{eb} \\\"Z\\\"\",\"n\":\"\u{e9}\"}",
            "{size}"
        );
    }
    let mut restorer = Restorer::of_table(&table, Format::Json);
    assert_eq!(restorer.push_bytes(b"{\"a\":\"\xc3").unwrap(), "{\"a\":\"");
    assert_eq!(restorer.push_bytes(b"(").unwrap_err().at, 6);
}

#[test]
fn f18_half_an_escape_within_escapes() {
    let table = table(&[("[PERSON_1]", "Zo\u{eb} \"Z\"\n")]);
    let text = r#"{"a":"{\"b\":\"\\u005bPERSON\\u005f1\\u005d \\\"ok\\\" \\\\\"}"}"#;
    let whole = r#"{"a":"{\"b\":\"Zo~ \\\"Z\\\"\\n \\\"ok\\\" \\\\\"}"}"#.replace('~', "\u{eb}");
    for (at, _) in text.char_indices() {
        let (a, b) = text.split_at(at);
        let mut restorer = Restorer::of_table(&table, Format::Json);
        let mut out = restorer.push(a);
        out.push_str(&restorer.push(b));
        out.push_str(&restorer.finish().0);
        assert_eq!(out, whole, "{at}");
    }
}

#[test]
fn f19_invented_tags_stay_and_are_reported() {
    let table = table(&[("[PERSON_1]", "Zoe")]);
    let restored = table.restore(
        "[PERSON_7], [PERSON_01] and [STEP_1_BEST_URL_2]",
        Format::Text,
    );
    assert_eq!(
        restored.expose(),
        "[PERSON_7], [PERSON_01] and [STEP_1_BEST_URL_2]"
    );
    assert_eq!(
        restored.report().unknown(),
        ["[PERSON_7]", "[PERSON_01]", "[STEP_1_BEST_URL_2]"]
    );
}

#[test]
fn f20_tags_do_not_hide_a_way_of_writing() {
    // What is not claimed: the words around the values are the customer's still, and lead to who writes like that.
    let detector = Detector::new();
    let mut map = map(20);
    let text = "hullo hullo!! its me agen, zoe@mail.example, ta muchly";
    let sealed = seal_checked(text, &Known::new(), &detector, &mut map).unwrap();
    assert!(sealed.as_str().contains("hullo hullo!! its me agen"));
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/threat-model.md");
    if let Ok(docs) = std::fs::read_to_string(docs) {
        assert!(docs.contains("way of writing"));
    }
}

#[test]
fn findings_of_another_text_are_refused() {
    let detector = Detector::new();
    let findings: Findings = detector
        .detect("write to zoe@mail.example", &Known::new())
        .unwrap();
    let refused = redact::seal("short", &findings, &mut map(0)).unwrap_err();
    assert_eq!(refused.code(), "bad_mark");
}
