//! Patterns as data: what they find, when they are believed, whose they are, and what is said of bad ones.

use pii_detect::{
    Allow, CustomLabel, CustomRecogniser, Detector, Error, Findings, Kind, Known, NameEngine,
    Pattern, PatternSet, RecogniserFault,
};
use proptest::prelude::*;

use crate::fuzz::bodies::same_as_plain;

fn set(patterns: Vec<Pattern>) -> PatternSet {
    let mut set = PatternSet::default();
    set.patterns = patterns;
    set
}

fn built(patterns: Vec<Pattern>) -> Detector {
    let builder = Detector::builder().names(NameEngine::None);
    builder
        .patterns(set(patterns))
        .build()
        .expect("good patterns")
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|s| (*s).to_owned()).collect()
}

fn find(detector: &Detector, text: &str) -> Findings {
    detector.detect(text, &Known::new()).expect("short")
}

/// Labels and values of what patterns found.
fn own<'t>(detector: &Detector, text: &'t str) -> Vec<(String, &'t str)> {
    find(detector, text)
        .iter()
        .filter(|f| f.why().rule() == "custom")
        .map(|f| (f.label().to_owned(), f.span().of(text).expect("inside")))
        .collect()
}

fn values<'t>(detector: &Detector, text: &'t str) -> Vec<&'t str> {
    own(detector, text).into_iter().map(|(_, v)| v).collect()
}

#[test]
fn numbers_words_and_expressions() {
    let detector = built(vec![
        Pattern::number("ORDER", "WX-####@"),
        Pattern::words("PRODUCT", ["Blaue Stra\u{df}e", "c++", "Lampe"]),
        Pattern::regex("SEAT", r"\b[A-F]\d{1,2}\b"),
        Pattern::regex("TABLE", r"(?i)table no\.? (?<value>\d+)"),
    ]);
    let cases: [(&str, &[(&str, &str)]); 9] = [
        ("wx-2031b is late", &[("ORDER", "wx-2031b")]),
        (
            "(WX-2031B) aWX-2031B \u{e9}WX-2031B WX-2031B\u{e9} WX-2031BB",
            &[("ORDER", "WX-2031B")],
        ),
        (
            "die BLAUE  STRASSE, blaue\nstra\u{df}e",
            &[
                ("PRODUCT", "BLAUE  STRASSE"),
                ("PRODUCT", "blaue\nstra\u{df}e"),
            ],
        ),
        ("Lampen, c+ and C++.", &[("PRODUCT", "C++")]),
        ("B12, \u{e9}B12, B12\u{e9}, B123", &[("SEAT", "B12")]),
        ("B1\u{662}", &[]),
        ("at Table No. 17 now", &[("TABLE", "17")]),
        (
            "d\u{e9}j\u{e0} vu \u{e0} B7 \u{2014} F3!",
            &[("SEAT", "B7"), ("SEAT", "F3")],
        ),
        ("", &[]),
    ];
    for (text, wanted) in cases {
        let wanted: Vec<_> = wanted.iter().map(|(l, v)| ((*l).to_owned(), *v)).collect();
        assert_eq!(own(&detector, text), wanted, "{text}");
    }
    let order = find(&detector, "wx-2031b");
    let order = order.iter().next().expect("found");
    assert_eq!((order.kind(), order.custom_label()), (Kind::Order, None));
}

#[test]
fn context_raises_and_forbids() {
    let mut seat = Pattern::regex("SEAT", r"\b[A-F]\d{1,2}\b");
    seat.score = Some(0.2);
    seat.context = strings(&["seat", "rang\u{e9}e num\u{e9}ro"]);
    seat.unless = strings(&["paper size"]);
    seat.within = Some(3);
    let detector = built(vec![seat]);
    for (text, wanted) in [
        ("we saw A4 there", &[][..]),
        ("seat A4", &["A4"]),
        ("A4 was the SEAT", &["A4"]),
        ("seat one two three A4", &[]),
        ("la Rangee, numero A4", &["A4"]),
        ("seat, paper size A4", &[]),
        ("rang\u{e9}e A4", &[]),
    ] {
        assert_eq!(values(&detector, text), wanted, "{text}");
    }
    let found = find(&detector, "seat A4");
    let first = found.iter().next().expect("found");
    assert_eq!((first.score(), first.why().cue()), (0.9, "context"));
}

#[test]
fn checks_locales_and_allowed_values() {
    let mut card = Pattern::number("MEMBER", "MB-######");
    card.check = Some("luhn".to_owned());
    card.allow.values = strings(&["mb 000018"]);
    card.allow.prefixes = strings(&["MB-1"]);
    card.allow.regexes = strings(&[".*26"]);
    let mut iso = Pattern::regex("REF", r"RF\d{2}[0-9A-Z]{4,21}");
    iso.check = Some("mod97".to_owned());
    let mut pesel = Pattern::regex("PL", r"\b\d{11}\b");
    pesel.check = Some("pl-pesel".to_owned());
    let mut german = Pattern::words("GERMAN", ["Kennung"]);
    german.locales = strings(&["de", "DE-AT"]);
    let detector = built(vec![card, iso, pesel, german]);
    for (text, wanted) in [
        ("MB-000034 but not MB-000035", &["MB-000034"][..]),
        ("MB-000018 MB-100017 MB-000026", &[]),
        ("97 is 1 in RF01, AA97", &[]),
        ("wo ist meine Bestellung, die Kennung ist da", &["Kennung"]),
        ("where is my order, the Kennung is not here", &[]),
        ("Kennung", &["Kennung"]),
    ] {
        assert_eq!(values(&detector, text), wanted, "{text}");
    }
    let texts = "44051401359 44051401358";
    let checked = find(&detector, texts);
    let by_pattern = checked.iter().filter(|f| f.why().rule() == "custom");
    assert!(by_pattern.count() <= 1);
}

#[test]
fn what_one_pattern_refuses_another_may_find() {
    let mut checked = Pattern::regex("CHECKED", r"\d{6}");
    checked.check = Some("luhn".to_owned());
    let plain = Pattern::regex("PLAIN", r"\b\d{6}\b");
    let long = Pattern::regex("LONG", r"\b\d{6}-\d\d\b");
    let detector = built(vec![checked, plain, long]);
    let got = own(&detector, "000018 000019 000018-12 x000019");
    let got: Vec<(&str, &str)> = got.iter().map(|(l, v)| (l.as_str(), *v)).collect();
    // Two that cover the same are one finding; the longer wins.
    assert_eq!(
        got,
        [
            ("CHECKED", "000018"),
            ("PLAIN", "000019"),
            ("LONG", "000018-12")
        ]
    );
}

#[test]
fn no_match_hides_one_of_another_pattern() {
    let mut refused = Pattern::regex("REFUSED", r"[A-Z]-\d+");
    refused.allow.regexes = strings(&[".*"]);
    let detector = built(vec![
        Pattern::regex("SHORT", r"AB-\d{3}"),
        // Begins within the first, and is longer.
        Pattern::regex("LONG", r"\d{3}-\d{5}"),
        Pattern::regex("INNER", "B-1"),
        refused,
        // What stands round two of them is read twice.
        Pattern::regex("PART", r"/(?<value>\d+)/"),
    ]);
    let cases: [(&str, &[(&str, &str)]); 4] = [
        // What is left of the shorter one is not lost.
        ("AB-123-45678", &[("SHORT", "AB-"), ("LONG", "123-45678")]),
        ("AB-123 AB-456", &[("SHORT", "AB-123"), ("SHORT", "AB-456")]),
        ("XB-123", &[("INNER", "B-1")]),
        ("/1/2/", &[("PART", "1"), ("PART", "2")]),
    ];
    for (text, wanted) in cases {
        let wanted: Vec<_> = wanted.iter().map(|(l, v)| ((*l).to_owned(), *v)).collect();
        assert_eq!(own(&detector, text), wanted, "{text}");
    }
}

#[test]
fn tenants_do_not_meet() {
    let names = ["acme", "bolt", "crux"];
    let mut patterns = vec![Pattern::number("SHARED", "SH-####")];
    let mut all = set(Vec::new());
    for name in names {
        let mut number = Pattern::number(&name.to_uppercase(), "TN-####-##");
        number.set = Some(name.to_owned());
        let mut words = Pattern::words(&format!("{}_WORD", name.to_uppercase()), ["Lumo"]);
        words.set = Some(name.to_owned());
        let mut regex = Pattern::regex(&format!("{}_RE", name.to_uppercase()), r"\bq\d+\b");
        regex.set = Some(name.to_owned());
        patterns.extend([number, words, regex]);
    }
    let mut allow = Allow::default();
    allow.values = strings(&["help@acme.example"]);
    allow.set = Some("acme".to_owned());
    all.patterns = patterns;
    all.allow = vec![allow];
    let detector = Detector::builder().patterns(all).build().expect("good");
    let text = "SH-1234 TN-1234-12 Lumo q77 help@acme.example";
    let labels = |detector: &Detector| -> Vec<String> {
        let found = find(detector, text);
        found.iter().map(|f| f.label().to_owned()).collect()
    };
    assert!(labels(&detector).contains(&"SHARED".to_owned()));
    assert!(labels(&detector).contains(&"EMAIL".to_owned()));
    for (at, name) in names.iter().enumerate() {
        let one = detector.for_sets(&[name]).expect("there");
        let got = labels(&one);
        for (other, theirs) in names.iter().enumerate() {
            for part in ["", "_WORD", "_RE"] {
                let label = format!("{}{part}", theirs.to_uppercase());
                assert_eq!(got.contains(&label), at == other, "{name} {label} {got:?}");
            }
        }
        assert_eq!(got.contains(&"EMAIL".to_owned()), at != 0, "{name}");
        assert!(got.contains(&"SHARED".to_owned()));
    }
    let none = detector.for_sets(&[]).expect("nothing to find");
    assert_eq!(labels(&none), labels(&detector));
    let wrong = detector.for_sets(&["acme", "acne"]).expect_err("misspelt");
    assert!(matches!(wrong, Error::NoSuchSet { index: 1 }));
    // From one tenant's detector to another's: nothing of the first stays.
    let first = detector.for_sets(&["acme"]).expect("there");
    let second = first.for_sets(&["bolt"]).expect("there");
    assert!(!labels(&second).contains(&"ACME".to_owned()));
    assert!(Detector::new().for_sets(&["acme"]).is_err());
}

#[test]
fn the_shops_own_values_are_no_findings() {
    let mut own = Allow::default();
    own.values = strings(&[
        "+49 30 1234567",
        "Musterstra\u{df}e 17, 10115 Berlin",
        "Hilfe@Shop.example",
    ]);
    own.suffixes = strings(&["@intern.example"]);
    let with = Detector::builder().allow(own).build().expect("good");
    let without = Detector::new();
    for text in [
        "call +49 30 1234567",
        "call +49 (30) 12345-67 now",
        "hilfe@shop.example",
        "Anfragen an zq@intern.example",
        "Musterstra\u{df}e 17, 10115 Berlin",
        "MUSTERSTRASSE 17\n10115 BERLIN",
    ] {
        assert!(!find(&without, text).is_empty(), "{text}");
        assert!(
            find(&with, text).is_empty(),
            "{text} {:?}",
            find(&with, text)
        );
    }
    for text in [
        "call +49 30 12345678",
        "hilfe@shop.example.org",
        "my-hilfe@shop.example",
        "hil.fe@shop.example",
        "Musterstra\u{df}e 18, 10115 Berlin",
    ] {
        assert!(!find(&with, text).is_empty(), "{text}");
    }
    // What is known of the customer is found whatever is allowed.
    let mut known = Known::new();
    known
        .add_email("zq@intern.example")
        .add_phone("+49 30 1234567");
    let text = "I am zq@intern.example, +49 30 1234567";
    let found = with.detect(text, &known).expect("short");
    let kinds: Vec<Kind> = found.iter().map(|f| f.kind()).collect();
    assert_eq!(kinds, [Kind::Email, Kind::Phone]);
}

#[test]
fn a_form_speaks_for_its_own_finding_alone() {
    let mut own = Allow::default();
    own.prefixes = strings(&["https://shop.example/"]);
    own.suffixes = strings(&["@shop.example"]);
    let detector = Detector::builder().allow(own).build().expect("good");
    for text in [
        "ftp://zoe:hunter22@shop.example",
        "https://shop.example/reset?token=9f8e7d6c5b4a39281706f1e2&email=zq@example.org",
    ] {
        let found = find(&detector, text);
        assert!(!found.is_empty(), "{text}");
    }
}

#[test]
fn allowed_for_some_labels_only() {
    let mut own = Allow::default();
    own.values = strings(&["zq@example.org"]);
    own.labels = strings(&["PHONE"]);
    let detector = Detector::builder().allow(own).build().expect("good");
    assert_eq!(find(&detector, "zq@example.org").len(), 1);
}

#[test]
fn bad_patterns_say_which_and_where() {
    type Change = fn(&mut Pattern);
    let long = "x".repeat(9000);
    let cases: Vec<(Pattern, Change, RecogniserFault)> = vec![
        (
            Pattern::regex("person", "x"),
            |_| (),
            RecogniserFault::Label,
        ),
        (
            Pattern::default(),
            |p| p.label = "A".into(),
            RecogniserFault::Matcher,
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.number = Some("####".into()),
            RecogniserFault::Matcher,
        ),
        (Pattern::number("A", "##"), |_| (), RecogniserFault::Number),
        (
            Pattern::words("A", ["Orla", "--"]),
            |_| (),
            RecogniserFault::EmptyEntry { entry: 1 },
        ),
        (
            Pattern::regex("A", "x*"),
            |_| (),
            RecogniserFault::MatchesNothing,
        ),
        (
            Pattern::regex("A", r"\b"),
            |_| (),
            RecogniserFault::MatchesNothing,
        ),
        (
            Pattern::regex("A", &long),
            |_| (),
            RecogniserFault::TooLong {
                len: 9000,
                limit: 8192,
            },
        ),
        (
            Pattern::regex("A", r"\w{1000}{1000}"),
            |_| (),
            RecogniserFault::TooLarge,
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.score = Some(f32::NAN),
            RecogniserFault::Score,
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.context_score = Some(1.5),
            RecogniserFault::Score,
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.locales = vec!["de".into(), "Orla".into()],
            RecogniserFault::Locale { entry: 1 },
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.check = Some("Orla".into()),
            RecogniserFault::Check,
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.within = Some(33),
            RecogniserFault::Window { limit: 32 },
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.allow.set = Some("Orla".into()),
            RecogniserFault::Nested { key: "set" },
        ),
        (
            Pattern::regex("A", "x"),
            |p| p.allow.labels = vec!["A".into()],
            RecogniserFault::Nested { key: "labels" },
        ),
    ];
    for (mut pattern, change, fault) in cases {
        change(&mut pattern);
        let list = set(vec![Pattern::regex("GOOD", "x"), pattern]);
        let said = Detector::builder().patterns(list).build();
        let said = said.map(drop).expect_err("refused");
        assert!(
            matches!(&said, Error::BadPattern { index: 1, fault: f, .. } if *f == fault),
            "{said:?}"
        );
        let text = format!("{said} {said:?}");
        assert!(!text.contains("Orla"), "{text}");
    }
    let list = set(vec![Pattern::regex("ORLA_NO", r"Orla [\d")]);
    let said = Detector::builder().patterns(list).build();
    assert_eq!(
        said.map(drop).expect_err("refused").to_string(),
        "pattern 0 (ORLA_NO) cannot be used: unclosed character class, at byte 5 of the expression"
    );
    let mut nested = Pattern::words("SEAT", ["Orla"]);
    nested.allow.set = Some("Orla".to_owned());
    let said = Detector::builder().patterns(set(vec![nested])).build();
    assert_eq!(
        said.map(drop).expect_err("refused").to_string(),
        "pattern 0 (SEAT) cannot be used: allow.set: a list within a pattern is for that pattern alone, leave set out or make \
         the list one of its own"
    );
    let mut allow = Allow::default();
    allow.regexes = strings(&["a", "(Orla"]);
    let said = Detector::builder().allow(allow).build();
    assert_eq!(
        said.map(drop).expect_err("refused").to_string(),
        "allow-list 0 cannot be used: entry 1: unclosed group, at byte 0 of the expression"
    );
    let many = set(vec![Pattern::words("A", ["x"]); 1001]);
    let said = Detector::builder().patterns(many).build();
    assert!(matches!(said, Err(Error::BadPattern { index: 1000, .. })));
}

#[test]
fn nothing_of_a_pattern_is_printed() {
    let mut pattern = Pattern::words("A", ["Orla"]);
    pattern.context = strings(&["Orla"]);
    pattern.allow.values = strings(&["Orla"]);
    let mut all = set(vec![pattern, Pattern::regex("B", "Orla")]);
    let mut allow = Allow::default();
    allow.values = strings(&["Orla"]);
    all.allow = vec![allow];
    let builder = Detector::builder().patterns(all.clone());
    let printed = format!("{all:?} {builder:?} {:?}", builder.clone().build());
    assert!(!printed.contains("Orla"), "{printed}");
}

#[test]
fn matches_across_the_engines_windows() {
    let label = CustomLabel::new("MARK").expect("a label");
    let detector = Detector::builder()
        .names(NameEngine::None)
        .custom(CustomRecogniser::regex(label, r"\bMK[a-z ]{1,200}KM\b"))
        .build()
        .expect("good");
    let mark = "MK some words in between KM";
    for before in (32_000..33_200)
        .step_by(13)
        .chain([65_500, 98_300, 131_000])
    {
        let text = format!("{}{mark} \u{e9} {mark}.", "-".repeat(before));
        let found = find(&detector, &text);
        let starts: Vec<usize> = found.iter().map(|f| f.span().start()).collect();
        assert_eq!(starts, [before, before + mark.len() + 4], "{before}");
    }
}

#[test]
fn hostile_texts_cost_what_their_length_says() {
    let mut checked = Pattern::regex("DIGITS", r"[\d ]+");
    checked.check = Some("pl-pesel".to_owned());
    let mut near = Pattern::regex("SEAT", r"[a-f]\d?");
    near.unless = strings(&["seat of"]);
    let ahead = Pattern::regex("AHEAD", "a.*z|b");
    let mut words = Pattern::words("W", ["a a a b", "a a c", "1 1 1 2"]);
    words.context = strings(&["a a a a d"]);
    let mut allow = Allow::default();
    allow.values = strings(&["a a a a e", "1"]);
    let mut all = set(vec![checked, near, ahead, words]);
    all.allow = vec![allow];
    let builder = Detector::builder().names(NameEngine::None);
    let detector = builder.patterns(all).build().expect("good");
    for piece in [
        "1",
        "1 ",
        "a",
        "a ",
        "b",
        "\u{301}",
        "\u{5d0}",
        "\u{1f600}",
        "\n",
        "seat of a1 ",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        let found = find(&detector, &text);
        let mut behind = 0;
        for finding in &found {
            assert!(finding.span().start() >= behind && finding.span().of(&text).is_some());
            behind = finding.span().end();
        }
    }
}

/// The plain reading of a word border, against the engine's.
#[test]
fn word_borders_are_those_of_the_syntax() {
    let text =
        "B1 \u{e9}B1 B1\u{e9} _B1 B1_ (B1) B1\u{301} \u{5d0}B1 B1.B1 9B1 B12 \u{662}B1 B1\u{662}";
    let detector = built(vec![Pattern::regex("SEAT", r"\bB1\b")]);
    // B1, (B1), B1.B1
    let starts: Vec<usize> = find(&detector, text)
        .iter()
        .map(|f| f.span().start())
        .collect();
    let wanted: Vec<usize> = text
        .match_indices("B1")
        .filter(|(at, _)| {
            let word = |c: Option<char>| {
                c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '\u{301}')
            };
            !word(text[..*at].chars().next_back()) && !word(text[at + 2..].chars().next())
        })
        .map(|(at, _)| at)
        .collect();
    assert_eq!(wanted.len(), 4);
    assert_eq!(starts, wanted);
}

#[cfg(feature = "toml")]
#[test]
fn patterns_from_a_file() {
    let text = r#"
[[pattern]]
label = "ORDER"
number = "WX-####@"
set = "acme"

[[pattern]]
label = "SEAT"
regex = '\b[A-F]\d{1,2}\b'
score = 0.2
context = ["seat"]
unless = ["paper"]
within = 4
allow = { values = ["A0"] }

[[allow]]
values = ["Orla"]
"#;
    let set = PatternSet::from_toml(text).expect("good");
    assert_eq!((set.patterns.len(), set.allow.len()), (2, 1));
    let seat = set.patterns.get(1).expect("two");
    assert_eq!((seat.within, seat.score), (Some(4), Some(0.2)));
    assert_eq!(seat.allow.values, ["A0"]);
    for (text, reason, at) in [
        (
            "[[pattern]]\nlabel = \"A\"\nOrla = 1",
            "there is no such key",
            24,
        ),
        (
            "[[pattern]]\nlabel = [\"Orla\"]",
            "the value has the wrong type",
            20,
        ),
        ("[[pattern]\nOrla", "it is no TOML", 10),
    ] {
        let said = PatternSet::from_toml(text).expect_err("refused");
        let printed = format!("{said} {said:?}");
        assert!(!printed.contains("Orla"), "{printed}");
        let Error::BadPatternText {
            at: place,
            reason: why,
        } = said
        else {
            panic!("{said}");
        };
        assert_eq!((why, place), (reason, at), "{text}");
    }
}

/// Expressions of a small grammar, word borders and lazy repeats among them.
fn expressions() -> impl Strategy<Value = String> {
    let atoms = [
        "a",
        "b",
        "\u{e9}",
        "1",
        "_",
        "-",
        "[ab]",
        "[^a]",
        "[a\u{e9}]",
        r"\w",
        r"\W",
        r"\d",
        r"\s",
        ".",
        r"\b",
        r"\B",
        r"\b",
        "^",
        "$",
        r"\b{start}",
        r"\b{end}",
        "(?-u:\\b)",
        "(?i:B)",
    ];
    let atom = prop::sample::select(atoms.to_vec()).prop_map(str::to_owned);
    let often = [
        "", "", "", "?", "*", "+", "{1,2}", "??", "*?", "+?", "{1,3}?",
    ];
    atom.prop_recursive(3, 12, 4, move |inner| {
        let often = prop::sample::select(often.to_vec());
        let item = (inner, often).prop_map(|(atom, often)| format!("(?:{atom}){often}"));
        let row = prop::collection::vec(item, 1..5).prop_map(|row| row.concat());
        prop::collection::vec(row, 1..3).prop_map(|rows| rows.join("|"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_expression(expression in "\\PC{0,24}|[a-z0-9\\\\bdw.*+?()\\[\\]{}|^$-]{0,24}", text in "\\PC{0,60}|[a-z0-9 ]{0,60}") {
        let list = set(vec![Pattern::regex("A", &expression), Pattern::regex("B", r"\b\d+\b")]);
        match Detector::builder().patterns(list).build() {
            Ok(detector) => {
                for finding in &find(&detector, &text) {
                    prop_assert!(finding.span().of(&text).is_some());
                }
            }
            Err(Error::BadPattern { index: 0, .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    /// The engine finds what the plain engine finds, wherever nothing is refused.
    #[test]
    fn the_same_as_the_plain_engine(text in "[a-c1-3\u{e9} _-]{0,80}") {
        for expression in [r"\b[a-c]\d\b", r"\b\d+\b", r"[ab]{2}|c1", r"\ba|b\b", r"a[^ ]+?\b", r"\w*\b1"] {
            same_as_plain(expression, &text);
        }
    }

    #[test]
    fn any_expression_as_the_plain_engine(expression in expressions(), text in "[ab\u{e9}\u{301}1 _-]{0,60}") {
        same_as_plain(&expression, &text);
    }
}
