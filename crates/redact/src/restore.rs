//! Restoring: tags back to values, once, from left to right, values inserted literally and never read again.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::{TableError, WrongMap};
use crate::map::PseudonymMap;
use crate::map::table::Table;
use crate::provenance::Provenance;
use crate::stream::Restorer;
#[cfg(feature = "csv")]
use crate::structured::CsvFormat;
use crate::tag::Tag;
use crate::text::{Redacted, Restored};

/// What the text around the tags is, and so how a value is written into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Plain text: the value literally.
    #[default]
    Text,
    /// One line, such as a subject or a header: line breaks of a value become spaces.
    Line,
    /// One JSON value: tags inside strings alone, values with the shortest escapes, every other byte as it came. Strings
    /// that hold JSON, as the arguments of tool calls do, are JSON again, see [`Restorer`].
    Json,
    /// HTML: `& < >` and both quotes of a value are escaped.
    Html,
    /// CSV (RFC 4180): quotes of a value are doubled in a cell between quotes, and a cell without them gets them where a value
    /// needs them. Formulas are not altered, as [`crate::seal_csv`] says.
    #[cfg(feature = "csv")]
    Csv(CsvFormat),
}

/// Why a value was not written in the place of its tag, though it may be shown: the tag stands there as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The tag stands in JSON in more than [`crate::MAX_LAYERS`] strings of one another; behind an escape of more than 4 KiB;
    /// or in JSON in a string more than 64 lists and objects deep of which it is not known whether it is a name. With which
    /// escapes the value belongs there is not known for certain.
    TooDeep,
    /// The value has line breaks or delimiters and the tag stands in a CSV cell without quotes, more than 32 KiB behind its
    /// beginning, or behind the closing quote of one. What stands before it was given out without a quote.
    Unquoted,
}

/// What a restorer did.
///
/// What looks like a tag may be anything somebody typed, a name among it: Debug prints how many there are.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub(crate) restored: Vec<Tag>,
    pub(crate) unknown: Vec<String>,
    pub(crate) withheld: Vec<Tag>,
    pub(crate) refused: Vec<(Tag, Refusal)>,
    pub(crate) truncated: bool,
}

impl Report {
    /// The tags that were restored, each once, in the order they first appeared.
    #[must_use]
    pub fn restored(&self) -> &[Tag] {
        &self.restored
    }

    /// Tags nobody gave out, in canonical form, each once: invented, or of a word that fits two kinds.
    /// They stand in the text as they came.
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Tags of words that are not meant for the customer, each once, see [`crate::Provenance`]. They stand in the text as
    /// they came.
    #[must_use]
    pub fn withheld(&self) -> &[Tag] {
        &self.withheld
    }

    /// Tags whose values do not fit where they stand, each once, with the first reason. They stand in the text as they came,
    /// in these places; nothing else is missing.
    ///
    /// ```
    /// use redact::{Format, MAX_LAYERS, Refusal, RestoreTable};
    /// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe")])?;
    /// let mut json = String::from(r#"{"a":"[PERSON_1]"}"#);
    /// for _ in 0..=MAX_LAYERS {
    ///     json = format!(r#"{{"a":"{}"}}"#, json.replace('\\', r"\\").replace('"', r#"\""#));
    /// }
    /// let restored = table.restore(&json, Format::Json);
    /// assert_eq!(restored.expose(), json);
    /// assert_eq!(restored.report().refused()[0].1, Refusal::TooDeep);
    /// # Ok::<(), redact::TableError>(())
    /// ```
    #[must_use]
    pub fn refused(&self) -> &[(Tag, Refusal)] {
        &self.refused
    }

    /// Of the tags that the text was expected to hold, those that it does not: a model dropped them, or changed their number.
    ///
    /// ```
    /// use redact::{Format, RestoreTable, Tag};
    /// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe"), ("[ORDER_1]", "A-17")])?;
    /// let restored = table.restore("Hello [PERSON_1], your parcel is on its way.", Format::Text);
    /// let expected = ["[PERSON_1]", "[ORDER_1]"].map(|tag| Tag::parse(tag).unwrap());
    /// assert_eq!(restored.report().dropped(&expected), [expected[1].clone()]);
    /// # Ok::<(), redact::TableError>(())
    /// ```
    #[must_use]
    pub fn dropped(&self, expected: &[Tag]) -> Vec<Tag> {
        let gone = |tag: &&Tag| {
            !self.restored.contains(tag)
                && !self.withheld.contains(tag)
                && !self.refused.iter().any(|(refused, _)| refused == *tag)
        };
        expected.iter().filter(gone).cloned().collect()
    }

    /// Whether an unfinished tag or character stood at the end, which is dropped, or an unfinished tag at the end of a JSON
    /// string or a CSV cell, where it stays.
    #[must_use]
    pub const fn truncated(&self) -> bool {
        self.truncated
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("restored", &self.restored)
            .field("unknown", &self.unknown.len())
            .field("withheld", &self.withheld)
            .field("refused", &self.refused)
            .field("truncated", &self.truncated)
            .finish()
    }
}

/// Restores a text with the map of its tags.
///
/// ```
/// # use redact::{Mark, MapId, PseudonymMap, Kind, seal_marks};
/// # let mut map = PseudonymMap::new(MapId([1; 16]));
/// # let redacted = seal_marks("Zoe", &[Mark::new(0..3, Kind::Person).unwrap()], &mut map)?;
/// let restored = redact::restore(&redacted, &map)?;
/// assert_eq!(restored.expose(), "Zoe");
/// assert!(restored.report().unknown().is_empty());
///
/// let other = PseudonymMap::new(MapId([2; 16]));
/// assert!(redact::restore(&redacted, &other).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`WrongMap`] when the text belongs to another map.
pub fn restore(text: &Redacted, map: &PseudonymMap) -> Result<Restored, WrongMap> {
    restore_as(text, map, Format::Text)
}

/// As [`restore`], into another format.
///
/// # Errors
/// [`WrongMap`] when the text belongs to another map.
pub fn restore_as(
    text: &Redacted,
    map: &PseudonymMap,
    format: Format,
) -> Result<Restored, WrongMap> {
    if text.map_id() != map.id() {
        return Err(WrongMap {
            text: text.map_id(),
            map: map.id(),
        });
    }
    Ok(whole(text.as_str(), map.table(), format))
}

/// Restores a whole text. Values are about as long as their tags, so the buffer seldom has to grow.
pub(crate) fn whole(text: &str, table: &Table, format: Format) -> Restored {
    let mut out = Zeroizing::new(String::with_capacity(text.len() + text.len() / 4 + 64));
    let mut restorer = Restorer::over(table, format);
    restorer.feed(text, &mut |piece| push(&mut out, piece));
    let report = restorer.end(&mut |piece| push(&mut out, piece));
    Restored::new(out, report)
}

/// Adds a piece. A string that grows by itself leaves a copy of its values behind; here the old one is overwritten.
pub(crate) fn push(out: &mut Zeroizing<String>, piece: &str) {
    let needed = out.len() + piece.len();
    if needed > out.capacity() {
        let mut more = Zeroizing::new(String::with_capacity(needed.max(2 * out.capacity())));
        more.push_str(out);
        *out = more;
    }
    out.push_str(piece);
}

/// Whether a sealed text becomes its source again, what is never shown included; nothing is written.
pub(crate) fn is_source(text: &str, table: &Table, source: &str) -> bool {
    let mut rest = Some(source);
    let mut compare = |piece: &str| rest = rest.and_then(|rest| rest.strip_prefix(piece));
    let mut restorer = Restorer::over(table, Format::Text).unbound();
    restorer.feed(text, &mut compare);
    let report = restorer.end(&mut compare);
    rest == Some("") && !report.truncated()
}

/// Tags and values given by the caller, for texts whose map is elsewhere.
///
/// The values are personal data: Debug prints their number, memory is zeroised.
///
/// ```
/// use redact::{Format, RestoreTable};
/// let table = RestoreTable::from_pairs([("[PERSON_1]", "Zoe"), ("[ORDER_1]", "A-17")])?;
/// let restored = table.restore("Bonjour **[Pr\u{e9}nom 1]**, ORDER_1 est parti.", Format::Text);
/// assert_eq!(restored.expose(), "Bonjour **Zoe**, A-17 est parti.");
/// # Ok::<(), redact::TableError>(())
/// ```
#[derive(Default)]
pub struct RestoreTable {
    table: Table,
}

impl RestoreTable {
    /// An empty table: every tag is unknown.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A table of canonical tags and their values.
    ///
    /// # Errors
    /// [`TableError`] for a tag that is not canonical or stands twice.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, TableError> {
        let mut table = Table::default();
        for (index, (tag, value)) in pairs.into_iter().enumerate() {
            let tag = Tag::parse(tag).ok_or(TableError::BadTag { index })?;
            if table.find(&tag).is_some() {
                return Err(TableError::Twice { tag });
            }
            table.insert(tag, value, Provenance::Customer);
        }
        Ok(Self { table })
    }

    /// Restores a whole text.
    #[must_use]
    pub fn restore(&self, text: &str, format: Format) -> Restored {
        whole(text, &self.table, format)
    }

    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }
}

impl fmt::Debug for RestoreTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RestoreTable({} entries)", self.table.len())
    }
}
