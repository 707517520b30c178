//! No reply, however mangled, gives one person's value where another's tag stood.
//!
//! `TACTFUL_REPLIES` sets how many replies are tried; `.ci/full gate` tries a million.

use redact::{Format, MapId, PseudonymMap, RestoreTable, Restorer, restore_as};

use crate::random::Random;

/// Tags of each kind.
const TAGS: usize = 12;
const KINDS: [(&str, &[&str]); 4] = [
    (
        "PERSON",
        &[
            "person",
            "name",
            "nom",
            "Pr\u{e9}nom",
            "Vorname",
            "naam",
            "osoba",
            "persona",
        ],
    ),
    (
        "EMAIL",
        &["e-mail", "mail", "courriel", "correo electr\u{f3}nico"],
    ),
    (
        "ORDER",
        &["order", "commande", "Bestellung", "pedido", "ordine"],
    ),
    (
        "PHONE",
        &["phone", "t\u{e9}l\u{e9}phone", "Telefon", "tel\u{e9}fono"],
    ),
];

fn value(kind: usize, number: usize) -> String {
    format!(
        "\u{ab}{}{}\u{bb}",
        ["anna", "mail", "parcel", "call"][kind],
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"][number - 1]
    )
}

fn table() -> RestoreTable {
    let pairs: Vec<(String, String)> = (0..KINDS.len())
        .flat_map(|kind| {
            (1..=TAGS).map(move |n| (format!("[{}_{n}]", KINDS[kind].0), value(kind, n)))
        })
        .collect();
    RestoreTable::from_pairs(
        pairs
            .iter()
            .map(|(tag, value)| (tag.as_str(), value.as_str())),
    )
    .unwrap()
}

/// A tag as a model may write it.
fn mangled(random: &mut Random, kind: usize, number: usize) -> String {
    let (label, words) = KINDS[kind];
    let label = match random.below(5) {
        0 => words[random.below(words.len())].to_owned(),
        1 => label.to_lowercase(),
        2 => format!("{}{}", &label[..1], label[1..].to_lowercase()),
        _ => label.to_owned(),
    };
    let joint = [
        "_",
        "_",
        "_",
        "-",
        " ",
        "\u{a0}",
        "\u{2011}",
        "\\_",
        " _ ",
        "\u{200b}_",
        "\n",
    ][random.below(11)];
    let (open, close) = [
        ("[", "]"),
        ("[", "]"),
        ("[", "]"),
        ("[[", "]]"),
        ("\u{ff3b}", "\u{ff3d}"),
        ("\u{3010}", "\u{3011}"),
        ("<", ">"),
        ("{", "}"),
        ("{{", "}}"),
        ("&#91;", "&#93;"),
        ("\\[", "\\]"),
        ("&lt;", "&gt;"),
        ("(", ")"),
        ("", ""),
        ("[ ", " ]"),
        ("[**", "**]"),
    ][random.below(16)];
    let (before, after) = [
        ("", ""),
        ("**", "**"),
        ("`", "`"),
        ("*", "*"),
        ("\"", "\""),
        ("", "'s"),
        ("", ","),
        ("", "."),
    ][random.below(8)];
    format!("{before}{open}{label}{joint}{number}{close}{after}")
}

/// What must not become anybody: numbers nobody has, and numbers that are no number.
fn nobody(random: &mut Random) -> String {
    let kind = KINDS[random.below(KINDS.len())].0;
    let n = 1 + random.below(TAGS);
    match random.below(12) {
        0 => format!("[{kind}_{}]", TAGS + 1 + random.below(500)),
        1 => format!("[{kind}_0{n}]"),
        2 => format!("[{kind}_0]"),
        3 => format!("[{kind}_{n}{n}{n}]"),
        4 => format!("[{kind}_{n}x]"),
        5 => format!("[{kind}]"),
        6 => format!("{kind}_{n}{n}0"),
        7 => format!("{} {n}", kind.to_lowercase()),
        8 => format!("[{}_{n}/{n}]", kind.to_lowercase()),
        // Behind a full stop a sentence may go on, so "ORDER_5.5" is ORDER_5 and ".5"; a comma joins nothing.
        9 => format!("[{kind},{n}]"),
        10 => format!("{kind}_{n}_{n}"),
        _ => format!("[STEP_{n}]"),
    }
}

#[test]
fn no_value_stands_where_another_tag_stood() {
    let replies = std::env::var("TACTFUL_REPLIES").map_or(20_000, |n| n.parse().unwrap());
    let table = table();
    let all: Vec<String> = (0..KINDS.len())
        .flat_map(|kind| (1..=TAGS).map(move |n| value(kind, n)))
        .collect();
    let mut restored = 0;
    for seed in 0..replies {
        let mut random = Random::new(seed);
        let mut reply = String::new();
        let mut allowed: Vec<Option<String>> = Vec::new();
        for _ in 0..1 + random.below(5) {
            if random.below(3) == 0 {
                reply.push_str(&nobody(&mut random));
                allowed.push(None);
            } else {
                let (kind, number) = (random.below(KINDS.len()), 1 + random.below(TAGS));
                reply.push_str(&mangled(&mut random, kind, number));
                allowed.push(Some(value(kind, number)));
            }
            reply.push_str(" \u{2260} ");
        }
        let mut restorer = Restorer::of_table(&table, Format::Text);
        let mut out = String::new();
        let mut rest = reply.as_str();
        while !rest.is_empty() {
            let end = rest
                .char_indices()
                .nth(1 + random.below(9))
                .map_or(rest.len(), |(at, _)| at);
            out.push_str(&restorer.push(&rest[..end]));
            rest = &rest[end..];
        }
        out.push_str(&restorer.finish().0);
        for (part, allowed) in out.split(" \u{2260} ").zip(&allowed) {
            for value in all.iter().filter(|value| part.contains(value.as_str())) {
                assert_eq!(Some(value), allowed.as_ref(), "seed {seed}: {reply}");
                restored += 1;
            }
        }
    }
    // Otherwise nothing was tried: two of three are tags, and most forms are restored.
    assert!(restored > replies, "{restored} of {replies}");
}

#[test]
fn another_conversations_map_restores_nothing() {
    let replies =
        std::env::var("TACTFUL_REPLIES").map_or(2_000, |n| n.parse::<u64>().unwrap() / 10);
    for seed in 0..replies {
        let mut random = Random::new(seed);
        let [mut one, mut two] = [1, 2].map(|id| PseudonymMap::new(MapId([id; 16])));
        let text = format!("name{}@mail.example", random.below(1_000));
        let mark = redact::Mark::new(0..text.len(), redact::Kind::Email).unwrap();
        let sealed = redact::seal_marks(&text, std::slice::from_ref(&mark), &mut one).unwrap();
        let other = format!("other{:03}@mail.example", random.below(1_000));
        let mark = redact::Mark::new(0..other.len(), redact::Kind::Email).unwrap();
        redact::seal_marks(&other, &[mark], &mut two).unwrap();
        for format in [Format::Text, Format::Line, Format::Html, Format::Json] {
            assert!(restore_as(&sealed, &two, format).is_err());
            assert!(Restorer::answering(sealed.map_id(), &two, format).is_err());
        }
        assert_eq!(redact::restore(&sealed, &one).unwrap().expose(), text);
    }
}
