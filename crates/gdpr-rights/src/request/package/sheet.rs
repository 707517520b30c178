//! Tables for people: CSV (RFC 4180) that a spreadsheet program opens and runs nothing of.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::item::{DataCategory, FieldValue, Item};
use super::json::instant;
use super::wipe::Wiped;
use crate::request::sign::hex;

/// What the manifest says about cells that were changed.
pub(super) const GUARD: &str = "In the tables, a text that begins with = + - @ (also full-width, or after spaces), tab or \
     carriage return has an apostrophe before it, and control characters are shown as symbols, so that a spreadsheet \
     program runs nothing. data.json has every value as it is.";

/// One table.
pub(super) struct Sheet {
    /// Its name in the package.
    pub(super) file: String,
    /// Its bytes.
    pub(super) bytes: Wiped,
    /// Its category.
    pub(super) category: DataCategory,
    /// Items in it.
    pub(super) items: u64,
    /// Cells that were made harmless.
    pub(super) guarded: u64,
}

/// A table for each category that has items. The items come sorted by category.
pub(super) fn sheets(items: &[&Item]) -> io::Result<Vec<Sheet>> {
    let mut taken = BTreeSet::new();
    items
        .chunk_by(|a, b| a.category() == b.category())
        .filter_map(|items| Some((items.first()?.category(), items)))
        .map(|(category, items)| {
            let (bytes, guarded) = table(items)?;
            Ok(Sheet {
                file: format!("data/{}.csv", file_name(category.name(), &mut taken)),
                bytes,
                category: category.clone(),
                items: items.len() as u64,
                guarded,
            })
        })
        .collect()
}

/// A file name that is harmless on every system: `a-z 0-9 -`, no device name, not taken. A name that lost more than its
/// capitals and spaces carries a part of its hash.
fn file_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let plain: String = name
        .chars()
        .map(|c| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => c,
            _ => '-',
        })
        .take(40)
        .collect();
    let mut file = plain.trim_matches('-').to_owned();
    let is_device = DEVICES
        .iter()
        .any(|device| file.starts_with(device) && file.len() <= 4);
    let meant = name.to_ascii_lowercase().replace(['_', ' '], "-");
    if file.is_empty() || is_device || file != meant || taken.contains(&file) {
        let hash = hex(&Sha256::digest(name.as_bytes()));
        let (hash, _) = hash.split_at_checked(16).unwrap_or((&hash, ""));
        file = format!("{file}-{hash}").trim_matches('-').to_owned();
    }
    taken.insert(file.clone());
    file
}

fn table(items: &[&Item]) -> io::Result<(Wiped, u64)> {
    let mut columns: Vec<&str> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, _) in items.iter().flat_map(|item| item.expose()) {
        places.entry(name).or_insert_with(|| {
            columns.push(name);
            columns.len() - 1
        });
    }
    let mut out = Wiped::with_capacity(256 * (items.len() + 1));
    // The mark tells spreadsheet programs that the text is UTF-8.
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new()
        // Elsewhere the separator is a semicolon: an unquoted one inside a value would begin a new cell.
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(&mut out);
    let mut guarded = 0;
    let mut guard = |text| {
        let (cell, changed) = harmless(text);
        guarded += u64::from(changed);
        cell
    };
    for head in ["source", "at", "provenance"].iter().chain(&columns) {
        csv.write_field(guard(head).as_bytes())?;
    }
    csv.write_record(None::<&[u8]>)?;
    for item in items {
        csv.write_field(item.source().as_str())?;
        csv.write_field(instant(item.at()))?;
        csv.write_field(item.provenance().code())?;
        let mut cells: Vec<Option<&FieldValue>> = vec![None; columns.len()];
        for (name, value) in item.expose() {
            if let Some(cell) = places.get(name.as_str()).and_then(|at| cells.get_mut(*at)) {
                *cell = Some(value);
            }
        }
        for cell in cells {
            match cell {
                None => csv.write_field("")?,
                Some(FieldValue::Text(text)) => csv.write_field(guard(text).as_bytes())?,
                Some(FieldValue::Integer(number)) => csv.write_field(number.to_string())?,
                Some(FieldValue::Flag(flag)) => csv.write_field(flag.to_string())?,
            }
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    drop(csv);
    Ok((out, guarded))
}

/// A text that no spreadsheet program takes for a formula, and whether it was changed.
fn harmless(text: &str) -> (Cow<'_, str>, bool) {
    let starts = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    let is_formula = text.starts_with(['\t', '\r', '\n'])
        || text
            .trim_start_matches(|c: char| c.is_whitespace() || is_control(c) || c == '\u{feff}')
            .starts_with(starts);
    let has_controls = text.contains(is_control);
    if !is_formula && !has_controls {
        return (Cow::Borrowed(text), false);
    }
    let apostrophe = if is_formula { "'" } else { "" };
    let shown = text.chars().map(|c| match c {
        '\0'..='\x1f' if is_control(c) => {
            char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')
        }
        '\x7f' => '\u{2421}',
        c if is_control(c) => '\u{fffd}',
        c => c,
    });
    (apostrophe.chars().chain(shown).collect(), true)
}

/// Characters that a table cannot hold; line ends and tabs can be quoted.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{file_name, harmless};

    #[test]
    fn names_of_files_are_harmless_and_differ() {
        let mut taken = BTreeSet::new();
        let mut name = |text: &str| file_name(text, &mut taken);
        assert_eq!(name("rights_case"), "rights-case");
        assert_eq!(name("Loyalty points"), "loyalty-points");
        assert_eq!(name("orders"), "orders");
        assert_eq!(name("../orders"), "orders-b20e674b4c5892f0");
        let hostile = [
            "../../etc/passwd",
            "..",
            ".",
            "/",
            "C:\\x",
            "con",
            "COM1",
            "lpt9",
            "nul",
            "a\0b",
            "Orders",
            "rights-case",
            "\u{202e}txt.exe",
            "\u{e9}t\u{e9}",
            "a/b",
            "a\\b",
            "-",
            "data.json",
            "aux.txt",
        ];
        let mut names: Vec<String> = hostile.iter().map(|text| name(text)).collect();
        names.push(name(&"x".repeat(200)));
        for name in &names {
            assert!((16..=60).contains(&name.len()), "{name}");
            let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(name.bytes().all(fits), "{name}");
        }
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn formulas_are_text() {
        for text in [
            "=1+1",
            "+33 6",
            "-1",
            "@x",
            "\t=1",
            "\rx",
            "\n=1",
            "  =1",
            "\u{a0}=1",
            "\u{ff1d}1",
            "\u{feff}=1",
            "\0=1",
        ] {
            let (cell, changed) = harmless(text);
            assert!(changed && cell.starts_with('\''), "{text:?}");
        }
        for text in [
            "",
            "a=1",
            "1-1",
            "mail@example",
            "two\r\nlines",
            "a\tb",
            "\u{5d0}",
        ] {
            assert_eq!(harmless(text), (text.into(), false), "{text:?}");
        }
        assert_eq!(
            harmless("a\0\x1b[31m\x7f\u{85}"),
            ("a\u{2400}\u{241b}[31m\u{2421}\u{fffd}".into(), true)
        );
    }
}
