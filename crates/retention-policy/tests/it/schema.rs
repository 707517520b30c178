//! The published schema and the reader refuse the same structures.

use jsonschema::Validator;
use proptest::prelude::*;
use retention_policy::{Category, Obligation, Policy, Purpose, Region, Role, Trigger};
use serde_json::Value;

use crate::policy::FULL;
use crate::properties::policies;

fn schema() -> Value {
    let path = "/../../docs/schemas/policy.schema.json";
    let path = format!("{}{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn validator() -> Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn json(text: &str) -> Value {
    toml::from_str(text).unwrap()
}

fn codes(at: &str) -> Vec<String> {
    let schema = schema();
    let list = schema.pointer(at).unwrap().as_array().unwrap();
    list.iter()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_schema_lists_what_there_is() {
    let rule = "/$defs/rule/properties";
    let law = "/$defs/obligation/properties";
    assert_eq!(
        codes(&format!("{rule}/category/enum")),
        Category::ALL.map(Category::code)
    );
    assert_eq!(
        codes(&format!("{rule}/trigger/enum")),
        Trigger::ALL.map(Trigger::code)
    );
    assert_eq!(
        codes(&format!("{rule}/purpose/enum")),
        Purpose::ALL.map(Purpose::code)
    );
    let readers = format!("{rule}/archive/properties/readers/items/enum");
    assert_eq!(codes(&readers), Role::ALL.map(Role::code));
    assert_eq!(
        codes(&format!("{law}/category/enum")),
        Obligation::CATEGORIES.map(Category::code)
    );
    let mut countries = vec!["EU"];
    countries.extend(Region::ALL.map(Region::code));
    assert_eq!(codes(&format!("{law}/country/enum")), countries);
}

/// Every way to spoil a value or to leave a key out of the example: read and refused alike.
#[test]
fn both_refuse_the_same_structures() {
    let validator = validator();
    assert!(validator.is_valid(&json(FULL)));
    let lines: Vec<&str> = FULL.lines().collect();
    let mut looked = 0;
    for (n, line) in lines.iter().enumerate() {
        let Some((key, _)) = line.split_once(" = ") else {
            continue;
        };
        let other = [
            "1",
            "0",
            "-1",
            "4294967296",
            "\"\"",
            "\"0s\"",
            "\"1h\"",
            "\"1 month\"",
            "\"1h 1d\"",
            "\"forever\"",
            "inf",
            "true",
            "[]",
            "[\"auditor\"]",
            "[\"dpo\"]",
            "\"archive\"",
            "\"template\"",
            "\"erase\"",
            "\"request\"",
            "\"created\"",
            "\"used\"",
            "\"FR\"",
            "\"US\"",
            "\"billing\"",
            "\"marketing\"",
            "\"a\\tb\"",
            "[\"agent\", \"worker\", \"engineer\", \"privacy_officer\", \"auditor\"]",
            "\"00112233445566778899aabbccddeeff\"",
            "\"Code civil\"",
        ];
        let mut texts: Vec<String> = other.iter().map(|v| format!("{key} = {v}")).collect();
        texts.push(String::new());
        texts.push(format!("{line}\nunknown = 1"));
        for text in texts {
            let mut all: Vec<&str> = lines.clone();
            all[n] = &text;
            let all = all.join("\n");
            let read = Policy::from_toml(&all);
            // Ceilings and doubles are no structure.
            let beyond = read.as_ref().err().is_some_and(|e| {
                let said = e.to_string();
                said.contains("is too long") || said.contains("says again")
            });
            if !beyond {
                assert_eq!(
                    validator.is_valid(&json(&all)),
                    read.is_ok(),
                    "{text}: {read:?}"
                );
                looked += 1;
            }
        }
    }
    assert!(looked > 500, "{looked}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_fits_the_schema(policy in policies()) {
        let text = policy.to_toml();
        prop_assert!(validator().is_valid(&json(&text)), "{text}");
    }
}
