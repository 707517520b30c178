//! Seals and restores documents of segments, all or nothing.

use std::collections::HashSet;
use std::ops::Range;

use pii_detect::Kind;
use zeroize::Zeroizing;

use super::escape::Escape;
use super::segments::{Hold, Projection, Segment};
use crate::error::{SealError, StructuredError};
use crate::map::PseudonymMap;
use crate::map::table::Table;
use crate::restore::{Report, is_source};
use crate::scan::{Reading, View, find_all};
use crate::seal::{Cut, Eyes, Mark, checked};
use crate::tag::{Tag, TagKind};

/// More rounds than any document needs; one that needs more is not sent.
pub(super) const ROUNDS: usize = 8;

/// The parts of each segment that tags stand for, by offsets in its decoded text.
pub(super) type Cuts = Vec<Vec<Cut>>;

/// Runs `work` and forgets the tags it gave out when it fails.
pub(super) fn undone_on_error<T>(
    map: &mut PseudonymMap,
    work: impl FnOnce(&mut PseudonymMap) -> Result<T, StructuredError>,
) -> Result<T, StructuredError> {
    let before = map.len();
    let result = work(map);
    if result.is_err() {
        map.roll_back(before);
    }
    result
}

/// Finds what has to go from the segments; `sure` are parts that have to go in any case.
pub(super) fn cuts(
    segments: &[Segment],
    sure: &[(usize, Range<usize>, TagKind)],
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<Cuts, StructuredError> {
    let projection = Projection::new(segments);
    let mut marks = Vec::new();
    let mut starts: Vec<Option<usize>> = segments.iter().map(|_| None).collect();
    for (piece, of) in projection.pieces.iter().zip(&projection.of) {
        if let Some(kind) = segments.get(*of).and_then(|s| s.kind.clone()) {
            let text = projection.text.get(piece.range.clone()).unwrap_or_default();
            let bare = text.trim();
            let start = piece.range.start + (text.len() - text.trim_start().len());
            marks.extend(Mark::new(start..start + bare.len(), kind));
        }
        if let Some(slot) = starts.get_mut(*of) {
            *slot = Some(piece.range.start);
        }
    }
    for (index, range, kind) in sure {
        if let Some(Some(start)) = starts.get(*index) {
            marks.extend(Mark::new(
                start + range.start..start + range.end,
                kind.clone(),
            ));
        }
    }
    let counts = |mark: &Mark| {
        let range = mark.range();
        let Some((index, _)) = projection.locate(&range) else {
            return true;
        };
        segments.get(index).is_none_or(|segment| {
            let name = segment.data.text();
            // A name with spaces is a heading, and may hold a person's like any text.
            !segment.is_name
                || !is_soft(mark.kind())
                || name.contains(char::is_whitespace)
                || range.len() >= name.trim_matches(|c: char| !c.is_alphanumeric()).len()
        })
    };
    let (plan, _) = checked(
        &projection.text,
        Some(&projection.pieces),
        &marks,
        &counts,
        eyes,
        map,
    )?;
    let mut cuts: Cuts = segments.iter().map(|_| Vec::new()).collect();
    for cut in plan.into_cuts() {
        let found = projection.locate(&cut.range);
        let Some((index, range)) = found else {
            return Err(not_exact(projection.text.len()));
        };
        let Some((segment, here)) = segments.get(index).zip(cuts.get_mut(index)) else {
            return Err(not_exact(projection.text.len()));
        };
        match segment.hold {
            Hold::Parts | Hold::Whole => here.push(Cut {
                range,
                tag: cut.tag,
            }),
            Hold::Number => {
                return Err(StructuredError::Number {
                    kind: cut.tag.kind().clone(),
                });
            }
            #[cfg(feature = "html")]
            Hold::Markup => {
                return Err(StructuredError::Markup {
                    kind: cut.tag.kind().clone(),
                });
            }
        }
    }
    Ok(cuts)
}

/// Kinds that are words, so that a word of a longer name says nothing.
fn is_soft(kind: &TagKind) -> bool {
    matches!(
        kind.kind(),
        Some(Kind::Person | Kind::Location | Kind::Org | Kind::Username)
    )
}

/// A sealed document.
pub(super) struct Sealed {
    pub(super) text: String,
    /// Segments that were JSON numbers.
    pub(super) numbers: Vec<usize>,
    /// The decoded text of each segment, with tags.
    pub(super) parts: Vec<String>,
}

/// The decoded text of each segment, with tags.
fn parts(segments: &[Segment], cuts: &[Vec<Cut>]) -> Vec<String> {
    segments
        .iter()
        .zip(cuts)
        .map(|(segment, cuts)| {
            let tags: Vec<(Range<usize>, String)> = cuts
                .iter()
                .map(|cut| (cut.range.clone(), cut.tag.to_string()))
                .collect();
            let tags: Vec<(Range<usize>, &str)> = tags
                .iter()
                .map(|(range, tag)| (range.clone(), tag.as_str()))
                .collect();
            filled(segment.data.text(), &tags).to_string()
        })
        .collect()
}

/// A sealed source: its text and where tags stand in it.
pub(super) struct Spliced {
    pub(super) text: String,
    /// In the order of the text: where it stands, what it stands for in the source.
    tags: Vec<(Range<usize>, Range<usize>)>,
}

/// The source with its cuts replaced by tags; every other byte as it came.
pub(super) fn splice(source: &str, segments: &[Segment], cuts: &[Vec<Cut>]) -> Spliced {
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for (segment, cuts) in segments.iter().zip(cuts) {
        for cut in cuts {
            if segment.hold == Hold::Whole {
                let string = format!("\"{}\"", cut.tag);
                let string = match segment.escape {
                    Escape::Json(0) => string,
                    Escape::Json(depth) => Escape::Json(depth - 1).write(&string).to_string(),
                    _ => string,
                };
                places.push((segment.range.clone(), string));
            } else {
                places.push((segment.data.source(cut.range.clone()), cut.tag.to_string()));
            }
        }
    }
    places.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(source.len() + 8 * places.len());
    let mut tags = Vec::with_capacity(places.len());
    let mut at = 0;
    for (range, tag) in places {
        text.push_str(source.get(at..range.start).unwrap_or_default());
        let start = text.len();
        text.push_str(&tag);
        tags.push((start..text.len(), range.clone()));
        at = range.end;
    }
    text.push_str(source.get(at..).unwrap_or_default());
    Spliced { text, tags }
}

impl Spliced {
    /// The parts of the source that stand inside a range of the text, tags left out.
    fn plain_parts(&self, place: &Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut at = place.start;
        let first = self.tags.partition_point(|(tag, _)| tag.end <= place.start);
        let shift =
            |index: usize, at: usize| match index.checked_sub(1).and_then(|i| self.tags.get(i)) {
                Some((tag, source)) => source.end + (at - tag.end),
                None => at,
            };
        for index in first..=self.tags.len() {
            let tag = self.tags.get(index).map(|(tag, _)| tag);
            let end = tag.map_or(place.end, |tag| tag.start.min(place.end));
            if at < end {
                parts.push(shift(index, at)..shift(index, end));
            }
            match tag {
                Some(tag) if tag.end < place.end => at = at.max(tag.end),
                _ => break,
            }
        }
        parts
    }

    /// Whether a place is one tag: for a number, with its quotes around it.
    fn is_tag(&self, place: &Range<usize>) -> bool {
        let index = self.tags.partition_point(|(tag, _)| tag.end < place.end);
        self.tags.get(index).is_some_and(|(tag, _)| {
            tag.start <= place.start
                && place.end <= tag.end
                && self
                    .text
                    .get(place.clone())
                    .is_some_and(|text| Tag::parse(text).is_some())
        })
    }
}

/// Seals a source: `parse` finds the segments of it, and of what is made of it.
pub(super) fn seal(
    source: &str,
    parse: &dyn Fn(&str) -> Result<Vec<Segment>, StructuredError>,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<Sealed, StructuredError> {
    let segments = parse(source)?;
    let before = map.len();
    let mut sure: Vec<(usize, Range<usize>, TagKind)> = Vec::new();
    for _ in 0..ROUNDS {
        map.roll_back(before);
        let cuts = cuts(&segments, &sure, eyes, map)?;
        let spliced = splice(source, &segments, &cuts);
        // What reads as a tag only between markup and segments, or in the way it is written.
        let strays = strays(&spliced, &segments)?;
        if !strays.is_empty() {
            sure.extend(strays);
            continue;
        }
        let numbers: Vec<usize> = segments
            .iter()
            .zip(&cuts)
            .enumerate()
            .filter(|(_, (segment, cuts))| segment.hold == Hold::Whole && !cuts.is_empty())
            .map(|(index, _)| index)
            .collect();
        let restored = restore(&spliced.text, parse, &numbers, (map.table(), Shown::All))?;
        if !same(source, &segments, &restored.0, &parse(&restored.0)?) {
            let more = nearly_json(&segments, &cuts);
            if more.is_empty() {
                return Err(not_exact(source.len()));
            }
            sure.extend(more);
            continue;
        }
        return Ok(Sealed {
            text: spliced.text,
            numbers,
            parts: parts(&segments, &cuts),
        });
    }
    Err(not_exact(source.len()))
}

/// Seals a text whose segments were found when it was made.
pub(super) fn seal_text(
    source: &str,
    segments: &[Segment],
    mut sure: Vec<(usize, Range<usize>, TagKind)>,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<Sealed, StructuredError> {
    let before = map.len();
    for _ in 0..ROUNDS {
        map.roll_back(before);
        let cuts = cuts(segments, &sure, eyes, map)?;
        let spliced = splice(source, segments, &cuts);
        let strays = strays(&spliced, segments)?;
        if !strays.is_empty() {
            sure.extend(strays);
            continue;
        }
        if !is_source(&spliced.text, map.table(), source) {
            break;
        }
        return Ok(Sealed {
            text: spliced.text,
            numbers: Vec::new(),
            parts: parts(segments, &cuts),
        });
    }
    Err(not_exact(source.len()))
}

fn not_exact(len: usize) -> StructuredError {
    StructuredError::Seal(SealError::NotExact { len })
}

/// What reads as a tag and is none, as parts of segments.
fn strays(
    spliced: &Spliced,
    segments: &[Segment],
) -> Result<Vec<(usize, Range<usize>, TagKind)>, StructuredError> {
    let (found, open) = find_all(&spliced.text, View::Any);
    let places = found
        .into_iter()
        .map(|f| f.start..f.end)
        .chain(open.map(|at| at..spliced.text.len()))
        .filter(|place| !spliced.is_tag(place));
    let mut strays = Vec::new();
    for place in places {
        let before = strays.len();
        for part in spliced.plain_parts(&place) {
            let first = segments.partition_point(|s| s.range.end <= part.start);
            for (index, segment) in segments.iter().enumerate().skip(first) {
                if segment.range.start >= part.end {
                    break;
                }
                let range = segment.data.of_source(&part);
                if segment.hold == Hold::Parts && !range.is_empty() {
                    strays.push((index, range, TagKind::TEXT));
                }
            }
        }
        if strays.len() == before {
            return Err(StructuredError::Markup {
                kind: TagKind::TEXT,
            });
        }
    }
    Ok(strays)
}

/// Strings that begin as JSON does, each as a whole. One that is none can become JSON by its tags, if what keeps it from being
/// some goes with one of them: then its values would be written with escapes that they never had.
pub(super) fn nearly_json(
    segments: &[Segment],
    cuts: &[Vec<Cut>],
) -> Vec<(usize, Range<usize>, TagKind)> {
    let segments = segments.iter().zip(cuts).enumerate();
    segments
        .filter_map(|(index, (segment, cuts))| {
            let text = segment.data.text();
            let bare = text.trim();
            let start = text.len() - text.trim_start().len();
            let whole = start..start + bare.len();
            let parts = segment.hold == Hold::Parts
                && bare.starts_with(['{', '['])
                && cuts.iter().any(|cut| cut.range != whole);
            parts.then_some((index, whole, TagKind::TEXT))
        })
        .collect()
}

/// Whether two documents say the same: equal segments, and equal bytes between them.
fn same(one: &str, ones: &[Segment], two: &str, twos: &[Segment]) -> bool {
    let mut at = (0, 0);
    ones.len() == twos.len()
        && ones.iter().zip(twos).all(|(a, b)| {
            let between = one.get(at.0..a.range.start) == two.get(at.1..b.range.start);
            at = (a.range.end, b.range.end);
            between && a.data.text() == b.data.text()
        })
        && one.get(at.0..) == two.get(at.1..)
}

/// Which values a document gets back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Every one: to compare a sealed document with its source.
    All,
    /// Those that are meant for the customer, see [`crate::Provenance`].
    Restorable,
}

/// Restores a document: values as each place wants them, every other byte as it came.
pub(super) fn restore(
    sealed: &str,
    parse: &dyn Fn(&str) -> Result<Vec<Segment>, StructuredError>,
    numbers: &[usize],
    (table, shown): (&Table, Shown),
) -> Result<(Zeroizing<String>, Report), StructuredError> {
    let segments = parse(sealed)?;
    let mut report = Report::default();
    let mut seen: HashSet<usize> = HashSet::new();
    let mut unknown: HashSet<String> = HashSet::new();
    let mut places: Vec<(Range<usize>, Zeroizing<String>)> = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        let text = segment.data.text();
        let (found, open) = find_all(text, View::Table(table));
        report.truncated |= open.is_some();
        let mut here: Vec<(Range<usize>, &str)> = Vec::new();
        for found in found {
            match found.reading {
                Reading::Value(entry)
                    if shown == Shown::Restorable && table.restorable(entry).is_none() =>
                {
                    if seen.insert(entry)
                        && let Some(tag) = table.tag(entry)
                    {
                        report.withheld.push(tag.clone());
                    }
                }
                Reading::Value(entry) => {
                    if seen.insert(entry)
                        && let Some(tag) = table.tag(entry)
                    {
                        report.restored.push(tag.clone());
                    }
                    here.push((
                        found.start..found.end,
                        table.value(entry).unwrap_or_default(),
                    ));
                }
                Reading::Unknown(name) => {
                    if unknown.insert(name.clone()) {
                        report.unknown.push(name);
                    }
                }
                Reading::LookAlike => {}
            }
        }
        if here.is_empty() {
            continue;
        }
        if let Some(written) = rewritten(segment, &here, numbers.binary_search(&index).is_ok()) {
            places.push(written);
            continue;
        }
        for (range, value) in here {
            places.push((segment.data.source(range), segment.escape.write(value)));
        }
    }
    places.sort_by_key(|(range, _)| range.start);
    let taken: usize = places.iter().map(|(range, _)| range.len()).sum();
    let given: usize = places.iter().map(|(_, value)| value.len()).sum();
    let mut out = Zeroizing::new(String::with_capacity(
        (sealed.len() + given).saturating_sub(taken),
    ));
    let mut at = 0;
    for (range, value) in &places {
        out.push_str(sealed.get(at..range.start).unwrap_or_default());
        out.push_str(value);
        at = range.end;
    }
    out.push_str(sealed.get(at..).unwrap_or_default());
    Ok((out, report))
}

/// A segment that cannot stay around its values: a number that became a string, a cell that needs quotes now.
fn rewritten(
    segment: &Segment,
    values: &[(Range<usize>, &str)],
    is_number: bool,
) -> Option<(Range<usize>, Zeroizing<String>)> {
    let text = segment.data.text();
    if is_number
        && let [(range, value)] = values
        && *range == (0..text.len())
        && let Escape::Json(depth) = segment.escape
    {
        // The quotes around it, and their escapes: each depth doubles what stands before a quote and adds one.
        let quote = 1_usize.checked_shl(depth.into())?;
        let range = segment.range.start.checked_sub(quote)?..segment.range.end + quote;
        return Some((range, Zeroizing::new((*value).to_owned())));
    }
    #[cfg(feature = "csv")]
    if let Escape::Cell(delimiter, quote) = segment.escape {
        let special = |c: char| c == char::from(delimiter) || c == '\n' || c == '\r';
        // A quote inside a cell without quotes is itself, as it was in the source; at the beginning it would open one.
        let whole = filled(text, values);
        if whole.starts_with(char::from(quote))
            || values.iter().any(|(_, value)| value.contains(special))
        {
            let inside = Escape::Quoted(quote).write(&whole);
            let mut out = Zeroizing::new(String::with_capacity(inside.len() + 2));
            out.push(char::from(quote));
            out.push_str(&inside);
            out.push(char::from(quote));
            return Some((segment.range.clone(), out));
        }
    }
    None
}

/// A text with some ranges replaced.
pub(super) fn filled(text: &str, values: &[(Range<usize>, &str)]) -> Zeroizing<String> {
    let length = text.len() + values.iter().map(|(_, value)| value.len()).sum::<usize>();
    let mut out = Zeroizing::new(String::with_capacity(length));
    let mut at = 0;
    for (range, value) in values {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(value);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
