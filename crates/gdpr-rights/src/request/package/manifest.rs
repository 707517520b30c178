//! What is in a package, and who was asked for it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use retention_policy::{CaseId, Timestamp};
use serde_json::Value;

use super::json::{instant, key, pair, text};
use super::sheet::{GUARD, Sheet};
use super::wipe::Wiped;
use super::words::code;
use super::{FileEntry, PackageError, PackageInput, PackageRight};
use crate::request::order::SourceId;
use crate::request::sign::{KeyId, hex, unhex};

/// The schema of `manifest.json`, by name and version.
pub(super) const MANIFEST: &str = "tactful.rights.manifest/1";

/// What the manifest is written from.
pub(super) struct Facts<'a> {
    pub(super) input: &'a PackageInput,
    pub(super) answers: &'a BTreeMap<SourceId, u64>,
    pub(super) items: u64,
    pub(super) sheets: &'a [Sheet],
    pub(super) files: &'a [FileEntry],
    pub(super) key: KeyId,
}

/// The file `manifest.json`.
pub(super) fn write(facts: &Facts<'_>) -> io::Result<Wiped> {
    let Facts { input, .. } = facts;
    let asked: u64 = facts.answers.values().sum();
    let guarded: u64 = facts.sheets.iter().map(|sheet| sheet.guarded).sum();
    let mut out = Wiped::default();
    pair(&mut out, "{\n", "schema", MANIFEST)?;
    pair(&mut out, ",\n", "case", &input.case.to_string())?;
    pair(&mut out, ",\n", "right", input.right.code())?;
    pair(&mut out, ",\n", "article", input.right.article())?;
    pair(&mut out, ",\n", "language", input.language.code())?;
    pair(&mut out, ",\n", "controller", &input.controller)?;
    pair(&mut out, ",\n", "country", &code(input.country))?;
    pair(&mut out, ",\n", "received", &instant(input.received))?;
    pair(&mut out, ",\n", "due", &input.due.to_string())?;
    pair(&mut out, ",\n", "made", &instant(input.made))?;
    // There is no other package: a source that did not answer prevents it.
    write!(out, ",\n\"complete\": true")?;
    write!(out, ",\n\"items\": {}", facts.items)?;
    write!(out, ",\n\"inferred_left_out\": {}", asked - facts.items)?;
    write!(out, ",\n\"redacted_values\": {}", input.redacted_values)?;
    write!(out, ",\n\"guarded_cells\": {guarded}")?;
    pair(&mut out, ",\n", "guard", GUARD)?;
    key(&mut out, ",\n", "sources")?;
    for (n, (source, items)) in facts.answers.iter().enumerate() {
        let before = if n == 0 { "[\n{" } else { ",\n{" };
        pair(&mut out, before, "source", source.as_str())?;
        let answer = if *items == 0 { "nothing" } else { "items" };
        pair(&mut out, ", ", "answer", answer)?;
        write!(out, ", \"items\": {items}}}")?;
    }
    key(&mut out, "\n],\n", "tables")?;
    out.write_all(b"[")?;
    for (n, sheet) in facts.sheets.iter().enumerate() {
        let before = if n == 0 { "\n{" } else { ",\n{" };
        pair(&mut out, before, "file", &sheet.file)?;
        pair(&mut out, ", ", "category", sheet.category.name())?;
        write!(out, ", \"items\": {}", sheet.items)?;
        write!(out, ", \"guarded_cells\": {}}}", sheet.guarded)?;
    }
    key(&mut out, "\n],\n", "files")?;
    for (n, file) in facts.files.iter().enumerate() {
        let before = if n == 0 { "[\n{" } else { ",\n{" };
        pair(&mut out, before, "name", &file.name)?;
        write!(out, ", \"size\": {}", file.size)?;
        pair(&mut out, ", ", "sha256", &hex(&file.sha256))?;
        out.write_all(b"}")?;
    }
    key(&mut out, "\n],\n", "signature")?;
    pair(&mut out, "{", "file", super::SIGNATURE_FILE)?;
    pair(&mut out, ", ", "algorithm", "Ed25519")?;
    key(&mut out, ", ", "key")?;
    text(&mut out, &facts.key.to_string())?;
    out.write_all(b"}}\n")?;
    Ok(out)
}

/// What a manifest says.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    pub(super) case: CaseId,
    pub(super) right: PackageRight,
    pub(super) received: Timestamp,
    pub(super) made: Timestamp,
    pub(super) items: u64,
    pub(super) sources: Vec<(SourceId, u64)>,
    pub(super) files: Vec<FileEntry>,
}

/// Reads a manifest whose signature was checked.
pub(super) fn read(bytes: &[u8]) -> Result<Manifest, PackageError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| PackageError::Damaged)?;
    if value.get("schema").and_then(Value::as_str) != Some(MANIFEST) {
        return Err(PackageError::UnknownVersion);
    }
    parse(&value).ok_or(PackageError::Damaged)
}

fn parse(value: &Value) -> Option<Manifest> {
    let field = |name| value.get(name)?.as_str();
    let sources = value.get("sources")?.as_array()?.iter().map(|source| {
        let id = SourceId::new(source.get("source")?.as_str()?).ok()?;
        Some((id, source.get("items")?.as_u64()?))
    });
    let files = value.get("files")?.as_array()?.iter().map(|file| {
        Some(FileEntry {
            name: file.get("name")?.as_str()?.to_owned(),
            size: file.get("size")?.as_u64()?,
            sha256: unhex(file.get("sha256")?.as_str()?)?,
        })
    });
    let right = field("right")?;
    value.get("complete")?.as_bool()?.then_some(())?;
    Some(Manifest {
        case: CaseId::parse(field("case")?).ok()?,
        right: PackageRight::ALL.into_iter().find(|r| r.code() == right)?,
        received: field("received")?.parse().ok()?,
        made: field("made")?.parse().ok()?,
        items: value.get("items")?.as_u64()?,
        sources: sources.collect::<Option<_>>()?,
        files: files.collect::<Option<_>>()?,
    })
}
