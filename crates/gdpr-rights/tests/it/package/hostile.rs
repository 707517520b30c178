use gdpr_rights::request::package::{
    DataCategory, Item, Keeps, LetterLanguage, Origin, Package, PackageInput, Provenance,
    SourceReport,
};
use proptest::prelude::*;
use retention_policy::LegalBasis;
use serde_json::Value;

use super::{example, input, json, key, open, reason, rows, source, text};
use crate::at;

/// Text that hurts one reader or another.
const HOSTILE: [&str; 16] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><script>1</script>",
    "{{ case }}{% for x in y %}",
    "=HYPERLINK(\"http://evil.example\";\"x\")",
    "+1;=cmd|' /C calc'!A0",
    "-2+3\",\"=1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r\n=1+1",
    "\u{202e}gnp.exe\u{202c}\u{2066}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{627}\u{644}\u{633}\u{644}\u{627}\u{645}",
    "\u{0}\u{1}\u{8}\u{1b}[2J\u{7f}\u{85}\u{9b}31m",
    "../../../../etc/passwd",
    "__proto__",
    "\u{2028}\u{2029}\u{feff}\u{fffd}\u{1f9ea}",
];

/// Everything a caller can write is this text.
fn all_of(text: &str, language: LetterLanguage) -> PackageInput {
    let mut input = example::input(
        gdpr_rights::request::package::PackageRight::Access,
        language,
    )
    .unwrap();
    let category = DataCategory::named(text).unwrap();
    let item = Item::new(
        &source("mail-archive"),
        category.clone(),
        at("2026-03-01T00:00:00Z"),
        Provenance::Provided,
    )
    .unwrap()
    .with(text, text)
    .unwrap();
    input.items.push(item);
    input.reports[3] = SourceReport::answered(&source("mail-archive"), 1);
    let mut why = reason(category, LegalBasis::Contract);
    (why.keeps, why.origin) = (Keeps::Until(text.into()), Origin::Other(text.into()));
    input.reasons.push(why);
    (input.controller, input.contact, input.authority) = (text.into(), text.into(), text.into());
    input.recipients[0].recipient.name = text.into();
    input.recipients[1].safeguard = Some(text.into());
    input.automation = gdpr_rights::request::package::Automation::Decides {
        logic: text.into(),
        significance: text.into(),
        consequences: text.into(),
    };
    input
}

/// The tags of a page, without their attributes' values.
fn tags(html: &str) -> Vec<&str> {
    html.split('<')
        .skip(1)
        .map(|tag| tag.split(['>', ' ']).next().unwrap())
        .collect()
}

fn check(input: &PackageInput, hostile: &str) {
    let opened = open(input);
    // JSON has it as it is.
    let data = json(&opened, "data.json");
    let item = data["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["source"] == "mail-archive")
        .unwrap();
    assert_eq!(
        item["fields"].as_object().unwrap().iter().next().unwrap(),
        (&hostile.to_owned(), &Value::from(hostile))
    );
    // The page has the tags of the page for harmless words.
    let calm = open(&all_of("calm words", input.language));
    let page = text(&opened, "letter.html");
    let expected = text(&calm, "letter.html");
    assert_eq!(
        tags(&page)
            .iter()
            .filter(|t| **t != "p" && **t != "/p")
            .collect::<Vec<_>>(),
        tags(&expected)
            .iter()
            .filter(|t| **t != "p" && **t != "/p")
            .collect::<Vec<_>>()
    );
    assert!(
        !page.chars().any(|c| c.is_control() && c != '\n'),
        "{page:?}"
    );
    // No table has a cell that begins a formula, and raw control characters are in none.
    let manifest = json(&opened, "manifest.json");
    for table in manifest["tables"].as_array().unwrap() {
        let name = table["file"].as_str().unwrap();
        assert!(
            name.strip_prefix("data/")
                .unwrap()
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)),
            "{name}"
        );
        let raw = text(&opened, name);
        assert!(
            !raw.chars().any(|c| c.is_control() && !"\r\n\t".contains(c)),
            "{raw:?}"
        );
        let mut head = csv::Reader::from_reader(raw.as_bytes());
        let head: Vec<String> = head.headers().unwrap().iter().map(str::to_owned).collect();
        for cell in rows(&opened, name).into_iter().flatten().chain(head) {
            let begins = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            assert!(!begins.starts_with(['=', '+', '-', '@']), "{cell:?}");
            assert!(!cell.starts_with(['\t', '\r', '\n']), "{cell:?}");
        }
    }
}

#[test]
fn hostile_text_is_harmless_in_every_place() {
    for language in LetterLanguage::ALL {
        for text in HOSTILE {
            // A category is trimmed, and a name of only white space is none.
            check(&all_of(text, language), text);
        }
    }
}

#[test]
fn what_was_changed_for_spreadsheets_is_said() {
    let mut input = input();
    input.items.truncate(0);
    let item = |n: i64, value: &str| {
        Item::new(
            &source("store"),
            retention_policy::Category::Session,
            at("2026-03-01T00:00:00Z"),
            Provenance::Provided,
        )
        .unwrap()
        .with("n", n)
        .unwrap()
        .with("=name", value)
        .unwrap()
    };
    input.items = vec![item(-1, "=1+1"), item(2, "fine"), item(3, "a\u{0}b")];
    input.reports = input
        .asked
        .iter()
        .map(|s| SourceReport::answered(s, if s.as_str() == "store" { 3 } else { 0 }))
        .collect();
    let opened = open(&input);
    let manifest = json(&opened, "manifest.json");
    // The head, a formula, a control character. A number is none.
    assert_eq!(manifest["guarded_cells"], 3);
    assert_eq!(manifest["tables"][0]["guarded_cells"], 3);
    assert!(manifest["guard"].as_str().unwrap().contains("apostrophe"));
    let cells: Vec<_> = rows(&opened, "data/session.csv")
        .into_iter()
        .map(|row| row[3..].to_vec())
        .collect();
    assert_eq!(cells, [["-1", "'=1+1"], ["2", "fine"], ["3", "a\u{2400}b"]]);
    let raw = text(&opened, "data/session.csv");
    assert!(
        raw.starts_with("\u{feff}\"source\",\"at\",\"provenance\",\"n\",\"'=name\"\r\n"),
        "{raw}"
    );
    assert!(text(&opened, "letter.html").contains("3 cells"));
}

#[test]
fn long_text_stays_whole() {
    let mut input = input();
    let long = "abcdefghij".repeat(100_000);
    input.items[0] = input.items[0].clone().with("long", long.as_str()).unwrap();
    let opened = open(&input);
    assert!(text(&opened, "data.json").contains(&long));
    assert!(text(&opened, "data/session.csv").contains(&long));
}

#[test]
fn categories_that_look_alike_have_tables_of_their_own() {
    let names = [
        "Orders",
        "orders",
        "ORDERS",
        "orders/",
        "../orders",
        "orders\u{0}",
        "con",
        "CON",
        "\u{43e}rders",
    ];
    let mut input = input();
    for (n, name) in names.iter().enumerate() {
        let category = DataCategory::named(name).unwrap();
        if input.reasons.iter().all(|r| r.category != category) {
            input
                .reasons
                .push(reason(category.clone(), LegalBasis::Contract));
        }
        let item = Item::new(
            &source("mail-archive"),
            category,
            at("2026-03-01T00:00:00Z"),
            Provenance::Provided,
        )
        .unwrap();
        input
            .items
            .push(item.with("plant", format!("plant-{n}")).unwrap());
    }
    input.reports[3] = SourceReport::answered(&source("mail-archive"), names.len() as u64);
    let opened = open(&input);
    for n in 0..names.len() {
        let holders: Vec<_> = opened
            .files()
            .iter()
            .filter(|file| {
                file.name.ends_with(".csv")
                    && rows(&opened, &file.name)
                        .iter()
                        .flatten()
                        .any(|cell| *cell == format!("plant-{n}"))
            })
            .collect();
        assert_eq!(holders.len(), 1, "{n}");
    }
    let tables: Vec<_> = opened
        .files()
        .iter()
        .filter(|f| f.name.ends_with(".csv"))
        .collect();
    // Orders of the shop and "Orders" are one category.
    assert_eq!(tables.len(), 2 + names.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_harmless_and_comes_back(text in "[\\PC\\x00-\\x1f<>&\"'=+@;,{}%]{1,60}") {
        prop_assume!(!text.trim().is_empty() && retention_policy::Category::ALL.iter().all(|c| c.code() != text.trim()));
        check(&all_of(&text, LetterLanguage::French), &text);
    }

    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Package::open(&bytes, &key().verifying_key()).is_err());
    }
}
