//! Structured text: sealed in place, restored as it was.

use redact::{
    Detector, Known, MapId, PseudonymMap, RedactedDocument, StructuredError, restore_document,
};

mod chat;
#[cfg(feature = "csv")]
mod csv;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "mail")]
mod mail;

fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([8; 16]))
}

fn detector() -> Detector {
    Detector::new()
}

/// The sealed document, after it was restored to exactly the source.
fn exact(source: &str, sealed: &RedactedDocument, map: &PseudonymMap) -> String {
    let restored = restore_document(sealed, map).unwrap();
    assert_eq!(restored.expose(), source);
    assert!(restored.report().unknown().is_empty());
    assert!(!restored.report().truncated());
    sealed.as_str().to_owned()
}

/// The values of a map, as "TAG value".
fn values(map: &PseudonymMap) -> Vec<String> {
    map.tags()
        .map(|tag| format!("{tag} {}", map.expose(tag).unwrap()))
        .collect()
}

/// No error says what it was about.
fn says_nothing(error: &StructuredError, of: &[&str]) {
    use std::error::Error;
    let said = format!(
        "{error} {error:?} {:?}",
        error.source().map(ToString::to_string)
    );
    for part in of {
        assert!(!said.contains(part), "{said}");
    }
}

fn known() -> Known {
    Known::new()
}
