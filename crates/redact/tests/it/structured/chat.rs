//! Chat transcripts.

use proptest::prelude::*;
use redact::{RedactedChat, Role, StructuredError, restore_document, seal_chat};

use super::{detector, exact, known, map, values};

fn sealed(source: &str, map: &mut redact::PseudonymMap) -> RedactedChat {
    let chat = seal_chat(source, &known(), &detector(), map).unwrap();
    exact(source, chat.document(), map);
    for turn in chat.turns() {
        assert_eq!(turn.text.map_id(), map.id());
    }
    chat
}

fn turns(chat: &RedactedChat) -> Vec<(Role, String, String)> {
    chat.turns()
        .iter()
        .map(|turn| {
            let speaker = turn.speaker.as_ref().map_or("-", |s| s.as_str());
            (turn.role, speaker.to_owned(), turn.text.as_str().to_owned())
        })
        .collect()
}

fn turn(role: Role, speaker: &str, text: &str) -> (Role, String, String) {
    (role, speaker.to_owned(), text.to_owned())
}

#[test]
fn lines_in_every_order() {
    for (source, expected, said) in [
        (
            "[10:32] Marie: hello",
            "[10:32] [PERSON_1]: hello",
            turn(Role::Unknown, "[PERSON_1]", "hello"),
        ),
        (
            "Marie (10:32): hello",
            "[PERSON_1] (10:32): hello",
            turn(Role::Unknown, "[PERSON_1]", "hello"),
        ),
        (
            "Agent Tom - hello",
            "Agent [PERSON_1] - hello",
            turn(Role::Agent, "[PERSON_1]", "hello"),
        ),
        (
            "Tom (Agent): hello",
            "[PERSON_1] (Agent): hello",
            turn(Role::Agent, "[PERSON_1]", "hello"),
        ),
        (
            "Kundin Zo\u{eb} van Quirk: hello",
            "Kundin [PERSON_1]: hello",
            turn(Role::Customer, "[PERSON_1]", "hello"),
        ),
        ("Bot: hello", "Bot: hello", turn(Role::Bot, "-", "hello")),
        (
            "01/05/2024, 10:32 - Marie Dupont: hello",
            "01/05/2024, 10:32 - [PERSON_1]: hello",
            turn(Role::Unknown, "[PERSON_1]", "hello"),
        ),
        (
            "[01.05.24, 10:32:05] Jan: hello",
            "[01.05.24, 10:32:05] [PERSON_1]: hello",
            turn(Role::Unknown, "[PERSON_1]", "hello"),
        ),
        (
            "2024-05-01T10:32:05Z Customer: hello",
            "2024-05-01T10:32:05Z Customer: hello",
            turn(Role::Customer, "-", "hello"),
        ),
        (
            "Marie Dupont  10:32 AM\nhello\nyou",
            "[PERSON_1]  10:32 AM\nhello\nyou",
            turn(Role::Unknown, "[PERSON_1]", "hello\nyou"),
        ),
        (
            "[10:32] zoe@quirk.example: hello",
            "[10:32] [EMAIL_1]: hello",
            turn(Role::Unknown, "[EMAIL_1]", "hello"),
        ),
        (
            "(10:32) Jan [Customer Service]: hello",
            "(10:32) [PERSON_1] [Customer Service]: hello",
            turn(Role::Agent, "[PERSON_1]", "hello"),
        ),
    ] {
        let mut map = map();
        let chat = sealed(source, &mut map);
        assert_eq!(chat.document().as_str(), expected, "{source}");
        assert_eq!(turns(&chat), [said], "{source}");
    }
}

#[test]
fn who_said_what() {
    let mut map = map();
    let source = "Chat started 01/05/2024\r\n\r\n[10:32] Zo\u{eb} Quirk: hi, my number is 06 12 34 56 78\r\nand I wait\r\n\
        [10:33] Bot: Thank you, Zo\u{eb} Quirk. Your order?\r\n[10:34] Agent Jo: I see [PERSON_1]\r\n[10:35] Jo: done, Zo\u{eb} Quirk\r\n";
    let chat = sealed(source, &mut map);
    let text = chat.document().as_str();
    assert!(
        !text.contains("Zo\u{eb}") && !text.contains("Quirk") && !text.contains("Jo"),
        "{text}"
    );
    for stamp in [
        "[10:32] [PERSON_1]:",
        "[10:33] Bot:",
        "[10:34] Agent [PERSON_",
        "[10:35] [PERSON_",
    ] {
        assert!(text.contains(stamp), "{stamp} not in {text}");
    }
    let turns = turns(&chat);
    assert_eq!(turns[0].1, "[PERSON_1]");
    assert_eq!(turns[0].2, "hi, my number is [PHONE_1]\nand I wait");
    assert_eq!(turns[1].0, Role::Bot);
    assert_eq!(turns[1].2, "Thank you, [PERSON_1]. Your order?");
    assert_eq!(turns[2].0, Role::Agent);
    assert_eq!(turns[2].2, "I see [TEXT_1]");
    // The same name without the word is the same person, with the same role.
    assert_eq!((turns[3].0, &turns[3].1), (Role::Agent, &turns[2].1));
}

#[test]
fn names_alone_are_speakers_where_all_lines_begin_so() {
    let mut map = map();
    let source = "Wim: is it there?\nBo: not yet\nWim: when?\nBo: order: tomorrow\n";
    let chat = sealed(source, &mut map);
    assert_eq!(
        chat.document().as_str(),
        "[PERSON_1]: is it there?\n[PERSON_2]: not yet\n[PERSON_1]: when?\n[PERSON_2]: order: tomorrow\n"
    );
    assert_eq!(chat.turns().len(), 4);
    // A form is no chat: its labels stay.
    let form = "Size: 42\nColour: red\nQuantity: 2\nComment: none\n";
    let chat = sealed(form, &mut map);
    assert_eq!(chat.document().as_str(), form);
    assert!(chat.turns().is_empty());
}

#[test]
fn exports_one_message_a_line() {
    let mut map = map();
    let source = concat!(
        r#"{"type":"message","user":"U02ABCD34","user_profile":{"real_name":"Marie Dupont","display_name":"marie"},"text":"I am Marie Dupont,\n06 12 34 56 78","ts":"1714552325.000200"}"#,
        "\n\n",
        r#"{"created_at": 1714552400, "author": {"type": "admin", "name": "Tom", "email": "tom@shop.example"}, "body": "<p>Dear Marie Dupont</p>"}"#,
        "\n",
        r#"{"role":"assistant","content":"Thank you"}"#,
        "\n",
    );
    let chat = sealed(source, &mut map);
    let text = chat.document().as_str();
    for gone in ["Marie", "Dupont", "U02ABCD34", "12 34", "Tom", "tom@"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    for kept in [
        "\"ts\":\"1714552325.000200\"",
        "\"created_at\": 1714552400",
        "\"type\": \"admin\"",
        "\"type\":\"message\"",
        "<p>Dear [PERSON_",
    ] {
        assert!(text.contains(kept), "{kept} not in {text}");
    }
    let turns = turns(&chat);
    assert_eq!(turns.len(), 3);
    assert!(
        turns[0].2.starts_with("I am [PERSON_") && turns[0].2.ends_with(",\n[PHONE_1]"),
        "{turns:?}"
    );
    assert_eq!((turns[1].0, turns[2].0), (Role::Agent, Role::Bot));
    assert_eq!(turns[2].2, "Thank you");
    assert!(values(&map).iter().any(|v| v.ends_with(" Marie Dupont")));
}

#[test]
fn exports_in_one_value() {
    let mut map = map();
    let source = r#"{"id": "c", "parts": [
      {"author": {"type": "user", "name": "Zoe Quirk"}, "body": "see \"this\"", "sent_at": "2024-05-01T10:32:05Z"},
      {"author": {"type": "bot"}, "body": "ok", "attachments": [{"name": "a.png"}]}
    ]}"#;
    let chat = sealed(source, &mut map);
    let turns = turns(&chat);
    assert_eq!(turns[0], turn(Role::Customer, "[PERSON_1]", "see \"this\""));
    assert_eq!((turns[1].0, turns[1].2.as_str()), (Role::Bot, "ok"));
    assert!(chat.document().as_str().contains("2024-05-01T10:32:05Z"));
    // A birthday is no time of a message, however it is written.
    let birthday = r#"[{"text": "x", "date_of_birth_time": "1985-03-02T00:00:00Z", "sent_at": "1985-03-02T00:00:00Z"}]"#;
    let text = sealed(birthday, &mut super::map())
        .document()
        .as_str()
        .to_owned();
    assert!(
        text.contains("\"sent_at\": \"1985") && !text.contains("time\": \"1985"),
        "{text}"
    );
    // A number under the name of a time is one only if it can be.
    let phone = r#"[{"phone at": 33612345678, "text": "x"}]"#;
    let error = seal_chat(phone, &known(), &detector(), &mut map).unwrap_err();
    assert!(matches!(error, StructuredError::Number { .. }), "{error}");
}

#[test]
fn whatever_is_no_chat_is_read_as_text() {
    for source in [
        "",
        "\n\n",
        "{",
        "[10:32]",
        "[10:32] :",
        ": x",
        "a: b: c",
        "{\"a\":",
        "[1] x: y",
        "10:32",
        "> [10:32] x\n> y",
    ] {
        let mut map = map();
        let chat = seal_chat(source, &known(), &detector(), &mut map).unwrap();
        let restored = restore_document(chat.document(), &map).unwrap();
        assert_eq!(restored.expose(), source);
    }
    let mut map = map();
    let chat = sealed(
        "order [10:32\nzoe@example.org [0612345678] Marie: x",
        &mut map,
    );
    assert!(!chat.document().as_str().contains("0612345678"));
}

fn line() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[10:32]",
        "(10:33)",
        "10:34",
        "01/05/2024, 10:32",
        " ",
        ": ",
        ":",
        " - ",
        "Marie",
        "Marie Dupont",
        "Zo\u{eb}",
        "Agent",
        "Bot",
        "Kunde",
        "[",
        "]",
        "(",
        ")",
        "PERSON_1",
        "[PERSON_1]",
        "PERSON_",
        "zoe@example.org",
        "06 12 34 56 78",
        "> ",
        "hello",
        "\u{2013}",
        "<m@example.org>",
        "{",
        "}",
        "\"",
        "\\",
        ",",
        "@zoe",
        "\u{1f600}",
        "\r",
    ]);
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

#[test]
fn a_heading_that_begins_as_a_tag_is_said() {
    for open in ["{", "[", "(", "<"] {
        for line in [
            "Agent - ",
            "Agent: ",
            "Agent: hello",
            "Agent - zoe@example.org",
        ] {
            let source = format!("{open}{line}");
            let mut map = map();
            let chat = sealed(&source, &mut map);
            assert!(
                !chat.document().as_str().contains("zoe@example"),
                "{source}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restoring_undoes_sealing(lines in prop::collection::vec(line(), 0..6)) {
        let source = lines.join("\n");
        let mut map = map();
        let chat = sealed(&source, &mut map);
        prop_assert!(!chat.document().as_str().contains("zoe@example"));
        // What was said is in the transcript, and nothing that reads as a tag is in it that is none.
        for turn in chat.turns() {
            for line in turn.text.as_str().split('\n') {
                prop_assert!(chat.document().as_str().contains(line));
            }
            let whole = turn.text.part(0..turn.text.len());
            prop_assert_eq!(whole.as_ref(), Some(&turn.text));
        }
    }

    #[test]
    fn exports_come_back(said in prop::collection::vec((line(), line(), 0usize..4), 0..5), as_lines in any::<bool>()) {
        let messages: Vec<serde_json::Value> = said.iter().map(|(name, text, role)| {
            let role = ["user", "agent", "bot", "else"][*role];
            serde_json::json!({"author": {"type": role, "name": name}, "text": format!("so {text}"), "ts": "1714552325.000200"})
        }).collect();
        let source = if as_lines {
            messages.iter().map(|m| format!("{m}\n")).collect()
        } else {
            serde_json::to_string_pretty(&messages).unwrap()
        };
        let mut map = map();
        let chat = sealed(&source, &mut map);
        prop_assert!(!chat.document().as_str().contains("zoe@example"));
        prop_assert_eq!(chat.turns().len(), said.len());
    }
}
