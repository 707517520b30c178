//! Text that comes back, from a model or a store, becomes redacted text again through this door alone.

use std::ops::Range;

use pii_detect::{Detector, Kind, Known};

use crate::error::{VerifyError, WrongMap};
use crate::map::{MapId, PseudonymMap};
use crate::scan::{Reading, View, find_all};
use crate::seal::leak::{Needles, folded_words};
use crate::seal::{guarded, masked, trimmed};
use crate::tag::{Tag, TagKind};
use crate::text::Redacted;

/// Checks a text that came back and binds it to the map of its conversation.
///
/// Tags in any form a restorer accepts become canonical. Then nothing may be wrong: no tag the map does not know,
/// no tag cut off at the end, no value of the map in clear, and a second detection that finds no personal data.
/// What the model was given to quote is no finding: see [`verify_beside`].
///
/// ```
/// # use pii_detect::{Detector, Known};
/// # use redact::{Kind, MapId, Mark, PseudonymMap, seal_marks, verify};
/// let mut map = PseudonymMap::new(MapId([5; 16]));
/// seal_marks("Zoe", &[Mark::new(0..3, Kind::Person).unwrap()], &mut map)?;
/// let draft = verify("Hello **[Person 1]**, all is well.", &map, &Detector::new())?;
/// assert_eq!(draft.as_str(), "Hello **[PERSON_1]**, all is well.");
/// assert!(verify("Hello [PERSON_2]", &map, &Detector::new()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`VerifyError`] with kinds and counts; the text is not used then.
pub fn verify(
    text: &str,
    map: &PseudonymMap,
    detector: &Detector,
) -> Result<Redacted, VerifyError> {
    verify_beside(text, map, detector, &Public::default())
}

/// As [`verify`], for a stored text that says which map it belongs to.
///
/// # Errors
/// [`VerifyError::WrongMap`] when that is not `map`; else as [`verify`].
pub fn verify_stored(
    text: &str,
    of: MapId,
    map: &PseudonymMap,
    detector: &Detector,
) -> Result<Redacted, VerifyError> {
    if of != map.id() {
        return Err(WrongMap {
            text: of,
            map: map.id(),
        }
        .into());
    }
    verify(text, map, detector)
}

/// Texts that are nobody's: knowledge base, playbook. A draft may quote them.
///
/// ```
/// use redact::Public;
/// let public = Public::new(["Write to help@shop.example within 14 days."]);
/// assert!(format!("{public:?}").contains("1 text"));
/// ```
#[derive(Clone, Default)]
pub struct Public {
    /// Folded, with a space at both ends, so that whole words can be looked for.
    texts: Vec<String>,
}

impl Public {
    /// Takes the texts a draft may quote.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            texts: texts.into_iter().map(spaced).collect(),
        }
    }

    fn holds(&self, part: &str) -> bool {
        let part = spaced(part);
        part.len() > 2 && self.texts.iter().any(|text| text.contains(&part))
    }
}

impl std::fmt::Debug for Public {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Public({} text(s))", self.texts.len())
    }
}

/// Words alone, so that punctuation around a quotation does not count.
fn spaced(text: &str) -> String {
    let folded = folded_words(text);
    let mut out = String::with_capacity(folded.len() + 2);
    out.push(' ');
    for word in folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        out.push_str(word);
        out.push(' ');
    }
    out
}

/// As [`verify`], where the draft may quote what is public.
///
/// A finding whose words stand in a public text is no finding. A value of the map in clear stays a leak even then,
/// unless it is of a kind that many people share (a town, a date, an amount, an organisation, a web address).
///
/// # Errors
/// [`VerifyError`] with kinds and counts; the text is not used then.
pub fn verify_beside(
    text: &str,
    map: &PseudonymMap,
    detector: &Detector,
    public: &Public,
) -> Result<Redacted, VerifyError> {
    let (text, tags) = canonical(text, map)?;
    let gaps = || gaps(&text, &tags);

    let needles = Needles::new(map.table());
    let leaks: Vec<TagKind> = gaps()
        .flat_map(|(_, gap)| {
            needles.hits(gap, true).into_iter().filter_map(|hit| {
                let quoted = is_shared(&hit.kind) && public.holds(gap.get(hit.start..hit.end)?);
                (!quoted).then_some(hit.kind)
            })
        })
        .collect();
    if let Some(kind) = leaks.first() {
        return Err(VerifyError::Leak {
            kind: kind.clone(),
            count: leaks.len(),
        });
    }

    let findings = guarded(|| detector.detect(&masked(&text, &tags), &Known::default()))?;
    let residue: Vec<TagKind> = findings
        .iter()
        .filter(|finding| {
            let span = finding.span();
            gaps().any(|(offset, gap)| {
                let start = span.start().max(offset);
                let end = span.end().min(offset + gap.len());
                start < end && {
                    let part = trimmed(&text, start..end);
                    !part.is_empty() && !public.holds(text.get(part).unwrap_or_default())
                }
            })
        })
        .map(|finding| TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into()))
        .collect();
    match residue.first() {
        Some(kind) => Err(VerifyError::Residue {
            kind: kind.clone(),
            count: residue.len(),
        }),
        None => Ok(Redacted::new(text, map.id())),
    }
}

/// Kinds that say little about one person when a public text says the same.
fn is_shared(kind: &TagKind) -> bool {
    matches!(
        kind.kind(),
        Some(
            Kind::Location
                | Kind::Postcode
                | Kind::Org
                | Kind::Date
                | Kind::Amount
                | Kind::Url
                | Kind::Age
        )
    )
}

/// The text with every tag in canonical form, and where the tags stand.
fn canonical(text: &str, map: &PseudonymMap) -> Result<(String, Vec<Range<usize>>), VerifyError> {
    let (found, open) = find_all(text, View::Table(map.table()));
    let unknown: std::collections::BTreeSet<&str> = found
        .iter()
        .filter_map(|f| match &f.reading {
            Reading::Unknown(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    if !unknown.is_empty() {
        return Err(VerifyError::UnknownTags {
            count: unknown.len(),
        });
    }
    let withheld: std::collections::BTreeSet<usize> = found
        .iter()
        .filter_map(|f| match f.reading {
            Reading::Value(index) => Some(index),
            _ => None,
        })
        .filter(|index| map.table().restorable(*index).is_none())
        .collect();
    if !withheld.is_empty() {
        return Err(VerifyError::Withheld {
            count: withheld.len(),
        });
    }
    if open.is_some() {
        return Err(VerifyError::Truncated);
    }
    let mut out = String::with_capacity(text.len());
    let mut tags = Vec::with_capacity(found.len());
    let mut at = 0;
    for f in &found {
        let Reading::Value(index) = f.reading else {
            continue;
        };
        let Some(tag) = map.table().tag(index) else {
            continue;
        };
        out.push_str(text.get(at..f.start).unwrap_or_default());
        let start = out.len();
        tag.write_to(&mut out);
        tags.push(start..out.len());
        at = f.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Ok((out, tags))
}

fn gaps<'t>(
    text: &'t str,
    tags: &'t [Range<usize>],
) -> impl Iterator<Item = (usize, &'t str)> + 't {
    let starts = std::iter::once(0).chain(tags.iter().map(|tag| tag.end));
    let ends = tags
        .iter()
        .map(|tag| tag.start)
        .chain(std::iter::once(text.len()));
    starts
        .zip(ends)
        .filter_map(move |(start, end)| Some((start, text.get(start..end)?)))
}

/// A tag in a text that came back, for guards that judge drafts before they are verified.
///
/// One that the map does not know may be anything somebody typed: Debug prints its place.
#[derive(Clone, PartialEq, Eq)]
pub struct TagUse {
    range: Range<usize>,
    tag: Option<Tag>,
    name: String,
}

impl std::fmt::Debug for TagUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TagUse")
            .field("range", &self.range)
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}

impl TagUse {
    /// Where it stands, in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The tag of the map; `None` for one the map does not know.
    #[must_use]
    pub const fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }

    /// Its canonical form, known or not.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The tags of a text in any form a restorer accepts, in the order they stand.
#[must_use]
pub fn tags_in(text: &str, map: &PseudonymMap) -> Vec<TagUse> {
    let (found, _) = find_all(text, View::Table(map.table()));
    found
        .into_iter()
        .filter_map(|f| {
            let (tag, name) = match f.reading {
                Reading::Value(index) => {
                    let tag = map.table().tag(index)?.clone();
                    let name = tag.to_string();
                    (Some(tag), name)
                }
                Reading::Unknown(name) => (None, name),
                Reading::LookAlike => return None,
            };
            Some(TagUse {
                range: f.start..f.end,
                tag,
                name,
            })
        })
        .collect()
}
