//! JSON, written straight into a buffer that is wiped: no value is copied on the way.

use std::io::{self, Write};

use super::PackageInput;
use super::item::{FieldValue, Item};
use super::wipe::Wiped;

/// The schema of `data.json`, by name and version.
pub(super) const DATA: &str = "tactful.rights.data/1";

/// An instant as RFC 3339, in UTC, to the second.
pub(super) fn instant(at: retention_policy::Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A JSON string.
pub(super) fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    Ok(serde_json::to_writer(out, text)?)
}

/// `"name": ` with what goes before it.
pub(super) fn key(out: &mut impl Write, before: &str, name: &str) -> io::Result<()> {
    out.write_all(before.as_bytes())?;
    text(out, name)?;
    out.write_all(b": ")
}

/// `"name": "value"`
pub(super) fn pair(out: &mut impl Write, before: &str, name: &str, value: &str) -> io::Result<()> {
    key(out, before, name)?;
    text(out, value)
}

/// The file `data.json`: an item a line.
pub(super) fn data(input: &PackageInput, items: &[&Item]) -> io::Result<Wiped> {
    let mut out = Wiped::with_capacity(256 * (items.len() + 1));
    pair(&mut out, "{\n", "schema", DATA)?;
    pair(&mut out, ",\n", "case", &input.case.to_string())?;
    pair(&mut out, ",\n", "right", input.right.code())?;
    pair(&mut out, ",\n", "made", &instant(input.made))?;
    key(&mut out, ",\n", "items")?;
    out.write_all(b"[")?;
    for (n, item) in items.iter().enumerate() {
        let before = if n == 0 { "\n{" } else { ",\n{" };
        pair(&mut out, before, "source", item.source().as_str())?;
        pair(&mut out, ", ", "category", item.category().name())?;
        pair(&mut out, ", ", "at", &instant(item.at()))?;
        pair(&mut out, ", ", "provenance", item.provenance().code())?;
        key(&mut out, ", ", "fields")?;
        out.write_all(b"{")?;
        for (n, (name, value)) in item.expose().iter().enumerate() {
            key(&mut out, if n == 0 { "" } else { ", " }, name)?;
            match value {
                FieldValue::Text(value) => text(&mut out, value)?,
                FieldValue::Integer(value) => write!(out, "{value}")?,
                FieldValue::Flag(value) => write!(out, "{value}")?,
            }
        }
        out.write_all(b"}}")?;
    }
    out.write_all(b"\n]}\n")?;
    Ok(out)
}
