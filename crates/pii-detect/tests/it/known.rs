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
