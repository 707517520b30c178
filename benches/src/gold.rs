//! What somebody marked by hand in a text, and what of it a detector found.
//!
//! A row may carry `"spans": [{"start", "end", "label"}]`, offsets in code points. Sets name the same thing differently
//! and finer or coarser than this workspace does, so labels are compared by family: an order number found as a customer
//! number is found, a town found as an address too.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rows::{ErrorCode, Row};

pub mod judge;

/// A family and the labels that belong to it.
const FAMILIES: [(&str, &[&str]); 12] = [
    (
        "person",
        &["PERSON", "PER", "NAME", "FIRSTNAME", "LASTNAME", "SURNAME"],
    ),
    ("e-mail", &["EMAIL", "EMAIL_ADDRESS"]),
    ("phone", &["PHONE", "PHONE_NUMBER", "FAX"]),
    (
        "place",
        &[
            "ADDRESS",
            "STREET_ADDRESS",
            "LOCATION",
            "LOC",
            "GPE",
            "CITY",
            "POSTCODE",
            "ZIP_CODE",
        ],
    ),
    ("date", &["DATE", "DATE_TIME", "DATETIME", "TIME", "DOB"]),
    ("card", &["CARD", "CREDIT_CARD"]),
    ("bank account", &["IBAN", "IBAN_CODE"]),
    (
        "number",
        &[
            "ID",
            "NATIONAL_ID",
            "ORDER",
            "TRACKING",
            "CUSTOMER_ID",
            "REFERENCE",
            "SSN",
            "PASSPORT",
            "TAX_ID",
            "VAT_ID",
            "BIC",
            "IMEI",
            "MAC",
            "MAC_ADDRESS",
        ],
    ),
    ("machine", &["IP", "IP_ADDRESS"]),
    ("web", &["URL", "DOMAIN_NAME"]),
    ("account name", &["USERNAME", "HANDLE"]),
    ("organisation", &["ORG", "ORGANIZATION", "ORGANISATION"]),
];

/// The family that is nobody's personal data by itself: found is well, missed is no loss.
const NOBODY: &str = "organisation";

/// The family of a label; a label that no family has is one of its own.
#[must_use]
pub fn family(label: &str) -> &str {
    let known = FAMILIES
        .iter()
        .find(|(_, labels)| labels.contains(&label))
        .map(|(family, _)| *family);
    // National numbers are often called by their country: US_SSN, ES_NIF.
    let of_country = || {
        let (country, rest) = label.split_once('_')?;
        let fits = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
        (fits && !rest.is_empty()).then_some("number")
    };
    known.or_else(of_country).unwrap_or(label)
}

/// Which families count: those of the table without organisations, and what the caller adds.
///
/// Other labels (ages, amounts, jobs, health) are drawn differently from set to set; they are shown and set aside.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    more: BTreeSet<String>,
}

impl Counted {
    /// The table's families and those of these labels.
    pub fn with<'a>(labels: impl IntoIterator<Item = &'a str>) -> Self {
        let more = labels.into_iter().map(|l| family(l).to_owned()).collect();
        Self { more }
    }

    /// Whether a family counts.
    #[must_use]
    pub fn has(&self, family: &str) -> bool {
        let usual = FAMILIES
            .iter()
            .any(|(name, _)| *name == family && *name != NOBODY);
        usual || self.more.contains(family)
    }
}

/// One span, marked by hand or found; `start` and `end` in bytes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The label as the set or the detector gives it.
    pub label: String,
    /// How sure the detector is, 0 to 1; 1 for what is marked by hand.
    pub score: f32,
    /// Why it was found; empty for what is marked by hand.
    pub why: &'static str,
}

impl Span {
    /// A span marked by hand.
    #[must_use]
    pub fn gold(start: usize, end: usize, label: &str) -> Self {
        Self {
            start,
            end,
            label: label.to_owned(),
            score: 1.0,
            why: "",
        }
    }

    /// The family of its label.
    #[must_use]
    pub fn family(&self) -> &str {
        family(&self.label)
    }

    /// Whether the two share a character.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The findings of a text as spans.
#[must_use]
pub fn found(findings: &tactful::pii_detect::Findings) -> Vec<Span> {
    findings
        .iter()
        .map(|finding| Span {
            start: finding.span().start(),
            end: finding.span().end(),
            label: finding.label().to_owned(),
            score: finding.score(),
            why: finding.why().as_str(),
        })
        .collect()
}

/// The spans a row carries, in the order of the text; `None` where it carries none to compare with.
///
/// # Errors
/// [`ErrorCode::BadField`] when `spans` is no array of spans that lie in the text.
pub fn of_row(row: &Row, text: &str) -> Result<Option<Vec<Span>>, ErrorCode> {
    let list = match row.fields.get("spans") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ErrorCode::BadField),
    };
    // Byte offsets of all characters, and of the end.
    let mut bytes: Vec<usize> = Vec::new();
    if !list.is_empty() {
        bytes.extend(text.char_indices().map(|(at, _)| at));
        bytes.push(text.len());
    }
    let mut spans = list
        .iter()
        .map(|item| {
            let at = |field: &str| {
                let char = usize::try_from(item.get(field)?.as_u64()?).ok()?;
                bytes.get(char).copied()
            };
            let start = at("start").ok_or(ErrorCode::BadField)?;
            let end = at("end").ok_or(ErrorCode::BadField)?;
            let label = item.get("label").and_then(Value::as_str);
            let label = label.ok_or(ErrorCode::BadField)?;
            if start >= end {
                return Err(ErrorCode::BadField);
            }
            Ok(Span::gold(start, end, label))
        })
        .collect::<Result<Vec<_>, _>>()?;
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    Ok(Some(spans))
}
