//! Restoring beyond the acceptance list: labels, ambiguity, hostile input.

use redact::{Format, RestoreTable, Restorer};

fn check(values: &[(&str, &str)], text: &str, expected: &str, unknown: &[&str]) {
    let table = RestoreTable::from_pairs(values.iter().copied()).unwrap();
    let restored = table.restore(text, Format::Text);
    assert_eq!(restored.expose(), expected, "{text}");
    assert_eq!(restored.report().unknown(), unknown, "{text}");
    let mut restorer = Restorer::of_table(&table, Format::Text);
    let mut out = String::new();
    for c in text.chars() {
        out.push_str(&restorer.push(&c.to_string()));
    }
    let (rest, report) = restorer.finish();
    assert_eq!(out + &rest, expected, "{text}");
    assert_eq!(report, *restored.report(), "{text}");
}

#[test]
fn a_word_that_fits_two_kinds_is_left() {
    let both = [("[PERSON_1]", "Zoe"), ("[CUSTOMER_ID_1]", "K-9")];
    check(&both, "[client 1]", "[client 1]", &["[CLIENT_1]"]);
    check(&both[..1], "[client 1]", "Zoe", &[]);
    check(&both[1..], "[client 1]", "K-9", &[]);
    check(&[], "[client 1]", "[client 1]", &["[CLIENT_1]"]);
    // The tenant's own label is exact in canonical form, and otherwise as good as the built-in word.
    let own = [("[PERSON_1]", "Zoe"), ("[NAME_1]", "rose")];
    check(
        &own,
        "[NAME_1] [name_1] [Vorname 1]",
        "rose [name_1] Zoe",
        &["[NAME_1]"],
    );
}

#[test]
fn labels_of_the_tenant() {
    let own = [
        ("[LOYALTY_CARD_1]", "L1"),
        ("[LINE_2]", "two"),
        ("[LINE_2_3]", "x"),
    ];
    check(&own, "[Loyalty card 1], LOYALTY_CARD_1", "L1, L1", &[]);
    check(
        &own,
        "[LINE_2] [LINE_2_3] [line 2 3] LINE_2_3",
        "two x x x",
        &[],
    );
    check(
        &own,
        "[loyaltycard1] LOYALTY-CARD-1",
        "[loyaltycard1] LOYALTY-CARD-1",
        &[],
    );
}

#[test]
fn numbers_are_never_guessed() {
    let values = [("[PERSON_1]", "Zoe")];
    check(&values, "[PERSON_01]", "[PERSON_01]", &["[PERSON_01]"]);
    check(&values, "[PERSON_0]", "[PERSON_0]", &["[PERSON_0]"]);
    check(&values, "[PERSON_11111111111]", "[PERSON_11111111111]", &[]);
    check(
        &values,
        "PERSON_1_2 PERSON_1.5x PERSON-7",
        "PERSON_1_2 Zoe.5x PERSON-7",
        &["[PERSON_7]"],
    );
    check(
        &values,
        "ORDER-7 IP-68 [Person, 1]",
        "ORDER-7 IP-68 [Person, 1]",
        &[],
    );
}

#[test]
fn brackets_of_the_sentence_stay() {
    let values = [("[PERSON_1]", "Zoe"), ("[PERSON_2]", "Max")];
    for (text, expected) in [
        ("([PERSON_1])", "(Zoe)"),
        ("(person_1)", "(Zoe)"),
        ("(person 1)", "(person 1)"),
        ("[[PERSON_1] and [PERSON_2]]", "[Zoe and Max]"),
        ("[PERSON_1, PERSON_2]", "[Zoe, Max]"),
        ("<[PERSON_1]>", "<Zoe>"),
        ("[PERSON_1]]", "Zoe]"),
        ("[[[[PERSON_1]]]]", "[Zoe]"),
        ("C:\\[PERSON_1]", "C:\\Zoe"),
        ("[PERSON_1](https://x.example)", "Zoe(https://x.example)"),
    ] {
        check(&values, text, expected, &[]);
    }
}

#[test]
fn text_goes_through_at_once() {
    let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe")]).unwrap();
    let mut restorer = Restorer::of_table(&table, Format::Text);
    for (chunk, out) in [
        ("Hello ", "Hello "),
        ("[9", "[9"),
        ("] and [", "] and "),
        ("Per", ""),
        ("haps]", "[Perhaps]"),
        (" [PERSON_1]", " Zoe"),
        (" P", " "),
        ("ERSON_1", ""),
        (".", "Zoe."),
    ] {
        assert_eq!(restorer.push(chunk), out, "{chunk}");
    }
}

/// Work is bounded for each byte: what is held back stays small whatever comes, in one piece or by the byte.
#[test]
fn hostile_input_is_held_back_no_longer_than_a_tag() {
    let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe"), ("[A_B_1]", "x")]).unwrap();
    for pattern in [
        "[",
        "[ ",
        "[[ ",
        "\\",
        "\\[",
        "&",
        "&#",
        "&#9",
        "&#91;",
        "{",
        "<",
        "(",
        "[P",
        "[PERSON_",
        "[PERSON_1",
        "[*",
        "[PERSON \n> ",
        "PERSON_",
        "PERSON_1",
        "1",
        "_",
        "[\u{200b}",
        "A_B_",
        "[A",
        "\u{ff3b}",
        "[PERSON_1\\",
        "&lt;",
        "&ZeroWidthSpac",
    ] {
        for format in [Format::Text, Format::Json, Format::Html] {
            let text = pattern.repeat(200_000 / pattern.len());
            let mut restorer = Restorer::of_table(&table, format);
            if format == Format::Json {
                assert_eq!(restorer.push("\""), "\"");
            }
            let mut length = 0;
            let mut most = 0;
            for chunk in text.as_bytes().chunks(997) {
                // Patterns of more than one byte a character are cut on boundaries by lossy reading of ASCII ones.
                length += restorer.push(&String::from_utf8_lossy(chunk)).len();
                most = most.max(restorer.held_back());
            }
            assert!(most < 2048, "{pattern:?} {format:?} held {most}");
            let (rest, _) = restorer.finish();
            assert!(length + rest.len() > text.len() / 8, "{pattern:?}");
        }
    }
}

#[test]
fn tables_are_checked() {
    assert!(RestoreTable::from_pairs([("[PERSON_01]", "x")]).is_err());
    assert!(RestoreTable::from_pairs([("[PERSON_1]", "x"), ("[PERSON_1]", "y")]).is_err());
    let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe")]).unwrap();
    assert!(!format!("{table:?}").contains("Zoe"));
    let restored = table.restore("[PERSON_1]", Format::Text);
    assert!(!format!("{restored:?}").contains("Zoe"));
    let restorer = Restorer::of_table(&table, Format::Text);
    assert!(!format!("{restorer:?}").contains("Zoe"));
}

#[test]
fn a_line_stays_one_line() {
    let table = RestoreTable::from_pairs([("[PERSON_1]", "a\r\nBcc: b")]).unwrap();
    assert_eq!(
        table.restore("Re: [PERSON_1]", Format::Line).expose(),
        "Re: a  Bcc: b"
    );
}
