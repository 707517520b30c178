//! The ten edges. A new one is the rarest kind of change: its own commit, its own reason, and this list.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand};

const EDGES: [(&str, &str); 10] = [
    ("tactful-redact", "tactful-pii-detect"),
    ("tactful-suggest-core", "tactful-redact"),
    ("tactful-crypto-store", "tactful-retention-policy"),
    ("tactful-gdpr-rights", "tactful-retention-policy"),
    ("tactful", "tactful-pii-detect"),
    ("tactful", "tactful-redact"),
    ("tactful", "tactful-suggest-core"),
    ("tactful", "tactful-retention-policy"),
    ("tactful", "tactful-crypto-store"),
    ("tactful", "tactful-gdpr-rights"),
];

/// Programs and measurements stand outside the house and may use the facade.
const PROGRAMS: [&str; 3] = ["tactful-examples", "tactful-benches", "tactful-lexicon"];

#[test]
fn the_edges_are_these_ten() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours: BTreeSet<String> = metadata
        .workspace_packages()
        .iter()
        .map(|p| p.name.to_string())
        .collect();
    let mut found = BTreeSet::new();
    for package in metadata.workspace_packages() {
        if PROGRAMS.contains(&package.name.as_str()) || package.publish.is_some() {
            continue;
        }
        for dependency in &package.dependencies {
            if dependency.kind != DependencyKind::Development && ours.contains(&dependency.name) {
                found.insert((package.name.to_string(), dependency.name.clone()));
            }
        }
    }
    let expected: BTreeSet<(String, String)> = EDGES
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn programs_reach_the_libraries_through_the_facade_alone() {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    for package in metadata.workspace_packages() {
        if !PROGRAMS.contains(&package.name.as_str()) {
            continue;
        }
        for dependency in &package.dependencies {
            let inner = dependency.name.starts_with("tactful-")
                && dependency.name != "tactful-examples"
                && dependency.kind == DependencyKind::Normal;
            assert!(
                !inner,
                "{} depends on {} beside the facade",
                package.name, dependency.name
            );
        }
    }
}
