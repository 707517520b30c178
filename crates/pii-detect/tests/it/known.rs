use crate::marked::{found, unmark};
use pii_detect::{Detector, Kind, Known};

fn known() -> Known {
    let mut known = Known::new();
    known
        .add_name("Zoë Quirk-Strasser")
        .add_email("zq@example.org")
        .add_phone("+33 6 12 34 56 78")
        .add_address("Via Lunga 3, 20121 Milano")
        .add_order("ORD-20-31")
        .add_customer_id("k 8812");
    known
}

#[test]
fn values_of_the_caller() {
    let cases = [
        "{PERSON:zoe} here",
        "ask {PERSON:QUIRK STRASSER}",
        "{PERSON:Quirk-Strasser, Zoë}",
        "{PERSON:Zoë} wrote, {PERSON:strasser} too",
        "mail {EMAIL:ZQ@Example.org}",
        "{PHONE:0612345678}",
        "{PHONE:+33612345678}",
        "{PHONE:06.12.34.56.78}",
        "{PHONE:0033 6 12345678}",
        "wohne in {ADDRESS:via lunga 3}",
        "{ORDER:ord2031} or {ORDER:ORD 20 31}",
        "nr {CUSTOMER_ID:K8812}",
    ];
    let detector = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .expect("nothing to refuse");
    for marked in cases {
        let (text, wanted) = unmark(marked);
        assert_eq!(
            found(&detector, &known(), &Kind::ALL, &text),
            wanted,
            "{text}"
        );
        let findings = detector.detect(&text, &known()).expect("short");
        assert!(
            findings
                .iter()
                .all(|f| f.why().as_str().starts_with("known:")),
            "{text}"
        );
    }
}

#[test]
fn an_ordinary_word_is_a_name_only_when_written_as_one() {
    let mut known = Known::new();
    known.add_name("Will de Young");
    let detector = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .expect("nothing to refuse");
    let people = |text: &str| found(&detector, &known, &[Kind::Person], text).len();
    assert_eq!(people("it will take de facto long for young people"), 0);
    assert_eq!(people("I told Will about it"), 1);
    assert_eq!(people("will de young"), 1);
}

#[test]
fn whoever_shares_a_first_name_with_a_known_person_is_found_whole() {
    let mut known = Known::new();
    known.add_name("Anna Keller");
    let people = |text: &str| {
        let all = Detector::new().detect(text, &known).unwrap();
        let people = all.iter().filter(|f| f.kind() == Kind::Person);
        people
            .map(|f| f.span().of(text).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        people("The lamp is for my colleague Anna Marchetti.\nThank you\nAnna Keller"),
        ["Anna Marchetti", "Anna Keller"]
    );
    assert_eq!(people("please tell Anna about it"), ["Anna"]);
}

#[test]
fn distorted_values_of_the_caller() {
    let cases = [
        "M. {PERSON:Strasser} rief an",
        "{PERSON:Quirk Z}",
        "{PERSON:Z. Strasser}",
        "frag {PERSON:Starsser}",
        "{PERSON:Strassers} Paket",
        "login {PERSON:zstrasser}",
        "{PERSON:strasser_z} is my account",
        "{EMAIL:zoe.strasser@other.example}",
        "{ADDRESS:3 Via Lunga} in town",
        "{ORDER:ord - 2031}",
    ];
    let mut known = Known::new();
    known
        .add_name("Zo\u{eb} Quirk-Strasser")
        .add_email("zq@example.org")
        .add_address("Via Lunga 3, 20121 Milano")
        .add_order("ORD-2031")
        .add_order("FL-204417");
    let detector = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .expect("nothing to refuse");
    let mut wrong = Vec::new();
    for marked in cases.into_iter().chain(["it was {ORDER:204417}"]) {
        let (text, wanted) = unmark(marked);
        let got = found(&detector, &known, &Kind::ALL, &text);
        if got != wanted {
            wrong.push(format!("{text}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn somebody_elses_name_is_not_the_callers() {
    let mut known = Known::new();
    known.add_name("Marina Dupont").add_order("FL-204417");
    let detector = Detector::new();
    for text in [
        "Marino Durand called",
        "the marine department",
        "Martin Duport answered",
        "order 1204417 and 204418",
    ] {
        let findings = detector.detect(text, &known).expect("short");
        let known = findings
            .iter()
            .filter(|f| f.why().rule() == "known")
            .count();
        assert_eq!(known, 0, "{text}");
    }
}
