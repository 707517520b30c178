//! The page of `eval detect --explain-html`: every text with what was found and why, beside what was marked by hand.
//!
//! One file without any outside resource, so that it can be looked at where the texts may lie. Texts are the customers'
//! words: they are escaped, and the page's own policy lets nothing run but its own script.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::gold::judge::{self, Totals, Verdict};
use crate::gold::{Counted, Span};

mod body;
mod escape;
mod kinds;
mod policy;
mod summary;

/// One text of a page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// What the row calls it.
    pub id: String,
    /// The language, as the row says or as it was detected; empty where neither could tell.
    pub lang: String,
    /// The text.
    pub text: String,
    /// What was marked by hand; `None` where the row has nothing to compare with.
    pub gold: Option<Vec<Span>>,
    /// What was found.
    pub found: Vec<Span>,
}

impl Entry {
    /// An entry.
    #[must_use]
    pub fn new(
        id: &str,
        lang: &str,
        text: &str,
        gold: Option<Vec<Span>>,
        found: Vec<Span>,
    ) -> Self {
        let own = str::to_owned;
        Self {
            id: own(id),
            lang: own(lang),
            text: own(text),
            gold,
            found,
        }
    }
}

/// Entries judged and counted.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<'e> {
    /// The texts.
    pub entries: &'e [Entry],
    /// What became of the spans of each; `None` where nothing was marked by hand.
    pub verdicts: Vec<Option<Verdict>>,
    /// Counts by label.
    pub totals: Totals,
    /// Texts of each language.
    pub langs: BTreeMap<&'e str, usize>,
}

impl<'e> Report<'e> {
    /// Judges every entry against the families that all of them together mark.
    #[must_use]
    pub fn new(entries: &'e [Entry], counted: &Counted) -> Self {
        let all = entries.iter().filter_map(|e| e.gold.as_ref()).flatten();
        let marked: BTreeSet<&str> = judge::marked(all, counted);
        let mut totals = Totals::new();
        let mut langs = BTreeMap::new();
        let mut verdicts = Vec::with_capacity(entries.len());
        for entry in entries {
            let gold = entry.gold.as_deref();
            let verdict =
                gold.map(|gold| judge::judge(&entry.text, gold, &entry.found, counted, &marked));
            let gold = gold.unwrap_or_default();
            judge::count(&mut totals, gold, &entry.found, verdict.as_ref());
            *langs.entry(entry.lang.as_str()).or_insert(0) += 1;
            verdicts.push(verdict);
        }
        Self {
            entries,
            verdicts,
            totals,
            langs,
        }
    }

    /// Whether anything was marked by hand.
    #[must_use]
    pub fn has_gold(&self) -> bool {
        self.verdicts.iter().any(Option::is_some)
    }
}

const TEMPLATE: &str = include_str!("explain/page.html");
const STYLE: &str = include_str!("explain/page.css");
const SCRIPT: &str = include_str!("explain/page.js");

/// Writes the page.
///
/// # Errors
/// Writing failed.
pub fn write(entries: &[Entry], counted: &Counted, out: &mut dyn Write) -> io::Result<()> {
    let report = Report::new(entries, counted);
    let kinds = kinds::of(&report.totals);
    let mut texts = body::Texts::default();
    for (entry, verdict) in report.entries.iter().zip(&report.verdicts) {
        texts.add(entry, verdict.as_ref(), &kinds);
    }
    // Places of the template; what is put in is not looked at again, so no text can name one.
    for (index, part) in TEMPLATE.split("{{").enumerate() {
        let (place, rest) = match part.split_once("}}") {
            Some((place, rest)) if index > 0 => (place, rest),
            _ => ("", part),
        };
        let content = match place {
            "policy" => policy::of(STYLE, SCRIPT),
            "mode" => (if report.has_gold() { "gold" } else { "plain" }).to_owned(),
            // Without marks by hand the filters tell as much.
            "open" => (if report.has_gold() { " open" } else { "" }).to_owned(),
            "style" => STYLE.to_owned(),
            "script" => SCRIPT.to_owned(),
            "tiles" => summary::tiles(&report),
            "filters" => summary::filters(&report, &kinds),
            "legend" => summary::legend(&report),
            "table" => summary::table(&report, &kinds),
            "errors" => summary::errors(&texts.errors, report.has_gold()),
            "texts" => {
                out.write_all(texts.html.as_bytes())?;
                String::new()
            }
            _ => String::new(),
        };
        out.write_all(content.as_bytes())?;
        out.write_all(rest.as_bytes())?;
    }
    Ok(())
}
