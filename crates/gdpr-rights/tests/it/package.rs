//! The package: complete, readable, checkable, harmless.
#![allow(clippy::indexing_slicing, reason = "a test that fails may panic")]

use std::io::{Cursor, Read, Write};

use gdpr_rights::request::package::{
    Automation, DataCategory, FieldValue, Gap, Item, LetterLanguage, Opened, Origin, Package,
    PackageError, PackageInput, PackageRight, Provenance, Reason, SourceReport,
};
use gdpr_rights::request::sign::SigningKey;
use gdpr_rights::{Country, SourceId};
use retention_policy::{Category, LegalBasis, Policy, Purpose, PurposeSet};
use serde_json::Value;

use crate::at;

mod archive;
#[path = "../../examples/package.rs"]
mod example;
mod hostile;
mod letter;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn input() -> PackageInput {
    example::input(PackageRight::Access, LetterLanguage::English).unwrap()
}

fn portable() -> PackageInput {
    example::input(PackageRight::Portability, LetterLanguage::English).unwrap()
}

fn source(name: &str) -> SourceId {
    SourceId::new(name).unwrap()
}

fn open(input: &PackageInput) -> Opened {
    let package = Package::build(input, &key()).unwrap();
    Package::open(package.expose_bytes(), &key().verifying_key()).unwrap()
}

fn refusal(input: &PackageInput) -> PackageError {
    Package::build(input, &key()).map(|_| ()).unwrap_err()
}

fn text(opened: &Opened, name: &str) -> String {
    String::from_utf8(opened.expose(name).unwrap().to_vec()).unwrap()
}

fn json(opened: &Opened, name: &str) -> Value {
    serde_json::from_slice(opened.expose(name).unwrap()).unwrap()
}

/// The rows of a table below its head, as text.
fn rows(opened: &Opened, name: &str) -> Vec<Vec<String>> {
    let bytes = opened.expose(name).unwrap();
    let mut reader = csv::Reader::from_reader(bytes);
    reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn reason(category: impl Into<DataCategory>, basis: LegalBasis) -> Reason {
    Reason {
        category: category.into(),
        ..Reason::by_policy(
            &Policy::default(),
            Category::Session,
            PurposeSet::only(Purpose::DraftReply),
            basis,
            Origin::Person,
        )
    }
}

#[test]
fn p098_every_planted_item_is_in_the_data_and_in_a_table() {
    let mut input = input();
    let plants: Vec<String> = (0..1_000).map(|n| format!("plant {n:04} end")).collect();
    let sources = ["store", "shop-orders", "mood-index", "mail-archive"].map(source);
    let own = DataCategory::named("Loyalty points").unwrap();
    input
        .reasons
        .push(reason(own.clone(), LegalBasis::Contract));
    input.items.clear();
    for (n, plant) in plants.iter().enumerate() {
        let category = if n % 3 == 0 {
            own.clone()
        } else {
            Category::Session.into()
        };
        let provenance = [
            Provenance::Provided,
            Provenance::Observed,
            Provenance::Inferred,
        ][n % 3];
        let item = Item::new(
            &sources[n % 4],
            category,
            at("2026-03-01T00:00:00Z"),
            provenance,
        )
        .unwrap();
        input.items.push(
            item.with(&format!("field {}", n % 7), plant.as_str())
                .unwrap(),
        );
    }
    input.reports = sources
        .iter()
        .map(|s| SourceReport::answered(s, 250))
        .collect();
    let opened = open(&input);
    assert_eq!(opened.items(), 1_000);
    let data = json(&opened, "data.json");
    let mut found: Vec<&str> = data["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| item["fields"].as_object().unwrap().values())
        .map(|value| value.as_str().unwrap())
        .collect();
    found.sort_unstable();
    assert_eq!(found, plants);
    let tables = json(&opened, "manifest.json")["tables"].clone();
    let mut found: Vec<String> = tables
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|table| rows(&opened, table["file"].as_str().unwrap()))
        .flat_map(|row| row.into_iter().skip(3).filter(|cell| !cell.is_empty()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, plants);
}

#[test]
fn p098_a_source_that_does_not_answer_prevents_the_package() {
    let gaps = |input: &PackageInput| match refusal(input) {
        PackageError::Incomplete(gaps) => gaps,
        other => panic!("{other:?}"),
    };
    let (store, shop) = (source("store"), source("shop-orders"));
    let mut silent = input();
    silent.reports.remove(0);
    assert_eq!(gaps(&silent), [(store.clone(), Gap::Silent)]);
    let mut failed = input();
    failed.reports[1] = SourceReport::failed(&shop);
    assert_eq!(gaps(&failed), [(shop.clone(), Gap::Failed)]);
    let mut twice = input();
    twice.reports.push(SourceReport::answered(&store, 3));
    assert_eq!(gaps(&twice), [(store.clone(), Gap::AnsweredTwice)]);
    let mut lost = input();
    lost.items.remove(0);
    assert_eq!(
        gaps(&lost),
        [(store.clone(), Gap::Miscounted { said: 3, given: 2 })]
    );
    let mut strange = input();
    strange.asked.retain(|asked| *asked != shop);
    assert_eq!(gaps(&strange), [(shop.clone(), Gap::NotAsked)]);
    let mut all = input();
    all.reports.clear();
    assert_eq!(gaps(&all).len(), 4);
    let mut nobody = input();
    (nobody.asked, nobody.reports, nobody.items) = (vec![], vec![], vec![]);
    assert_eq!(refusal(&nobody), PackageError::NoSources);
}

#[test]
fn p098_the_manifest_names_every_source_and_what_it_answered() {
    let manifest = json(&open(&input()), "manifest.json");
    assert_eq!(manifest["complete"], Value::Bool(true));
    let sources: Vec<(&str, &str, u64)> = manifest["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| {
            let field = |name| s[name].as_str().unwrap();
            (
                field("source"),
                field("answer"),
                s["items"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("mail-archive", "nothing", 0),
        ("mood-index", "items", 1),
        ("shop-orders", "items", 2),
        ("store", "items", 3),
    ];
    assert_eq!(sources, expected);
}

#[test]
fn p098_one_request_has_one_package_in_whatever_order_answers_come() {
    let first = Package::build(&input(), &key()).unwrap();
    let mut turned = input();
    turned.items.reverse();
    turned.reports.reverse();
    turned.asked.reverse();
    let second = Package::build(&turned, &key()).unwrap();
    assert!(first.expose_bytes() == second.expose_bytes());
    let mut later = input();
    later.made = at("2026-03-09T15:30:02Z");
    let third = Package::build(&later, &key()).unwrap();
    assert!(first.expose_bytes() != third.expose_bytes());
}

#[test]
fn p109_both_packages_are_valid_by_the_published_schemas() {
    let of = |file: &str| -> Value {
        let path = format!("{}/../../docs/schemas/{file}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let data = jsonschema::draft202012::new(&of("data.schema.json")).unwrap();
    let manifest = jsonschema::draft202012::new(&of("manifest.schema.json")).unwrap();
    for input in [input(), portable()] {
        let opened = open(&input);
        data.validate(&json(&opened, "data.json")).unwrap();
        manifest.validate(&json(&opened, "manifest.json")).unwrap();
        assert_eq!(json(&opened, "data.schema.json"), of("data.schema.json"));
    }
    // The schema itself refuses what must not be there.
    let mut inferred = json(&open(&input()), "data.json");
    inferred["right"] = "portability".into();
    assert!(!data.is_valid(&inferred));
    let mut lacking = json(&open(&input()), "data.json");
    lacking["items"][0]
        .as_object_mut()
        .unwrap()
        .remove("provenance");
    assert!(!data.is_valid(&lacking));
    let mut incomplete = json(&open(&input()), "manifest.json");
    incomplete["complete"] = false.into();
    assert!(!manifest.is_valid(&incomplete));
    for (file, own) in [
        (
            "data.schema.json",
            gdpr_rights::request::package::DATA_SCHEMA,
        ),
        (
            "manifest.schema.json",
            gdpr_rights::request::package::MANIFEST_SCHEMA,
        ),
    ] {
        assert_eq!(
            of(file),
            serde_json::from_str::<Value>(own).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn p109_what_was_inferred_is_not_taken_along() {
    let access = open(&input());
    assert!(text(&access, "data.json").contains("disappointed"));
    let opened = open(&portable());
    assert_eq!(opened.right(), PackageRight::Portability);
    assert_eq!((access.items(), opened.items()), (6, 5));
    assert_eq!(json(&opened, "manifest.json")["inferred_left_out"], 1);
    let names: Vec<&str> = opened.files().iter().map(|f| f.name.as_str()).collect();
    for name in names.iter().copied().chain(["manifest.json"]) {
        let content = opened.expose(name).unwrap();
        assert!(!content.windows(12).any(|w| w == b"disappointed"), "{name}");
        assert!(
            !content.starts_with(b"%PDF") && !name.ends_with(".pdf"),
            "{name}"
        );
    }
    assert!(
        names.contains(&"data.json") && names.contains(&"data/session.csv"),
        "{names:?}"
    );
}

#[test]
fn p109_what_rests_on_another_ground_is_no_part_of_portability() {
    for (basis, fits) in [
        (LegalBasis::Consent, true),
        (LegalBasis::Contract, true),
        (LegalBasis::LegalObligation, false),
        (LegalBasis::VitalInterests, false),
        (LegalBasis::PublicTask, false),
        (LegalBasis::LegitimateInterests, false),
    ] {
        let mut input = portable();
        input.reasons[0].basis = basis;
        let built = Package::build(&input, &key()).map(|_| ());
        let expected = if fits {
            Ok(())
        } else {
            Err(PackageError::NotPortable { categories: 1 })
        };
        assert_eq!(built, expected, "{basis:?}");
        input.right = PackageRight::Access;
        assert!(Package::build(&input, &key()).is_ok(), "{basis:?}");
    }
}

#[test]
fn what_the_letter_would_lack_is_refused() {
    let mut unexplained = input();
    unexplained.reasons.truncate(1);
    assert_eq!(
        refusal(&unexplained),
        PackageError::NoReason { categories: 2 }
    );
    let mut double = input();
    double.reasons.push(double.reasons[0].clone());
    assert_eq!(refusal(&double), PackageError::DuplicateReason);
    let mut abroad = input();
    abroad.recipients[1].safeguard = None;
    assert_eq!(
        refusal(&abroad),
        PackageError::NoSafeguard { recipients: 1 }
    );
    abroad.recipients[1].recipient.country = Country::from_code("NO").unwrap();
    assert!(Package::build(&abroad, &key()).is_ok());
    type Break = fn(&mut PackageInput);
    let texts: [(&str, Break); 5] = [
        ("controller", |i| i.controller.clear()),
        ("authority", |i| i.authority = " \n".into()),
        ("contact", |i| i.contact = "x".repeat(2_001)),
        ("recipient", |i| i.recipients[0].recipient.name.clear()),
        ("logic", |i| {
            i.automation = Automation::Decides {
                logic: String::new(),
                significance: "s".into(),
                consequences: "c".into(),
            }
        }),
    ];
    for (expected, break_it) in texts {
        let mut input = input();
        break_it(&mut input);
        match refusal(&input) {
            PackageError::BadText { part, .. } => assert_eq!(part, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    for (received, made) in [
        ("2026-03-09T15:30:01Z", "2026-03-09T15:30:00Z"),
        ("1979-12-31T23:59:59Z", "2026-03-09T15:30:00Z"),
        ("2026-03-09T15:30:00Z", "2108-01-01T00:00:00Z"),
    ] {
        let mut input = input();
        (input.received, input.made) = (at(received), at(made));
        assert_eq!(
            refusal(&input),
            PackageError::BadInstant,
            "{received} {made}"
        );
    }
    let item = || {
        Item::new(
            &source("store"),
            Category::Session,
            at("2026-03-01T00:00:00Z"),
            Provenance::Provided,
        )
    };
    assert_eq!(
        item().unwrap().with("", "x").unwrap_err(),
        PackageError::BadField
    );
    let twice = item()
        .unwrap()
        .with("a", 1)
        .unwrap()
        .with("a", true)
        .unwrap_err();
    assert_eq!(twice, PackageError::DuplicateField);
    assert!(DataCategory::named(" ").is_err());
    assert_eq!(
        DataCategory::named("session").unwrap(),
        Category::Session.into()
    );
}

#[test]
fn debug_shows_no_content() {
    let mut input = input();
    input.items[0] = input.items[0]
        .clone()
        .with("secret", "Quillfeather")
        .unwrap();
    let package = Package::build(&input, &key()).unwrap();
    let opened = Package::open(package.expose_bytes(), &key().verifying_key()).unwrap();
    let own = DataCategory::named("Quillfeather").unwrap();
    let shown = format!(
        "{input:?} {:?} {:?} {package:?} {opened:?} {own:?} {:?}",
        input.items,
        input.items[0].expose(),
        FieldValue::from("Quillfeather")
    );
    for secret in ["Quill", "+33", "lamp", "disappointed"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(text(&opened, "data.json").contains("Quillfeather"));
}

/// Packs files as any ZIP program would.
fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .unix_permissions(0o600);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|n| {
            let mut file = zip.by_index(n).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            (file.name().unwrap().into_owned(), content)
        })
        .collect()
}
