//! Sealing: personal data out, tags in, and nothing leaves that was not checked.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pii_detect::{Detector, Findings, Known};

use crate::error::{DetectorFailure, SealError};
use crate::gate::Gate;
use crate::map::PseudonymMap;
use crate::restore::is_source;
use crate::tag::TagKind;
use crate::text::Redacted;

mod again;
mod escaped;
pub(crate) mod leak;
mod plan;

pub use again::reseal;
pub(crate) use plan::{Cut, Piece};
use plan::{Plan, Rendered};

/// More rounds of detection than any text needs; one that needs more is not sent.
const DETECTIONS: usize = 4;

/// A part of a text that holds personal data, found by whatever means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    range: Range<usize>,
    kind: TagKind,
}

impl Mark {
    /// A mark by byte offsets; `None` when the range is empty.
    #[must_use]
    pub fn new(range: Range<usize>, kind: impl Into<TagKind>) -> Option<Self> {
        (!range.is_empty()).then(|| Self {
            range,
            kind: kind.into(),
        })
    }

    /// Where it stands, in bytes.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The label its tag gets.
    #[must_use]
    pub const fn kind(&self) -> &TagKind {
        &self.kind
    }
}

/// Replaces findings by tags.
///
/// What the text holds that a restorer could take for a tag, in any form, becomes a `[TEXT_n]` tag first: a customer
/// who types `[PERSON_1]` gets these characters back and nobody's name. Further occurrences of values the map knows
/// are replaced too. Then the egress check looks for every value of the map in every spelling, and the whole is restored
/// and compared: `restore(seal(x)) == x`, byte for byte, or nothing is sent.
///
/// The findings must come from the same text. [`seal_checked`] detects by itself, and a second time on the result;
/// prefer it for everything that goes to a model.
///
/// # Errors
/// [`SealError`]; the map is then as it was.
pub fn seal(
    text: &str,
    findings: &Findings,
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    seal_marks(text, &marks_of(findings), map)
}

/// As [`seal`], for parts found by another detector. Marks may come in any order and overlap.
///
/// ```
/// use redact::{Kind, MapId, Mark, PseudonymMap, seal_marks};
/// let mut map = PseudonymMap::new(MapId([3; 16]));
/// let marks = [Mark::new(3..6, Kind::Person).unwrap()];
/// let redacted = seal_marks("Hi Zoe, you wrote [PERSON_1]", &marks, &mut map)?;
/// assert_eq!(redacted.as_str(), "Hi [PERSON_1], you wrote [TEXT_1]");
/// # Ok::<(), redact::SealError>(())
/// ```
///
/// # Errors
/// [`SealError`]; the map is then as it was.
pub fn seal_marks(
    text: &str,
    marks: &[Mark],
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    undone_on_error(map, |map| {
        let (plan, rendered) = sealed(text, None, marks, map)?;
        Ok(redacted(plan, rendered, map))
    })
}

/// Detects, seals, and detects again on the result until nothing is found that is not a tag.
///
/// # Errors
/// [`SealError`]; the map is then as it was. A detector that fails or panics means the text is not sent.
///
/// ```
/// use pii_detect::{Detector, Known};
/// use redact::{MapId, PseudonymMap, seal_checked};
/// let mut map = PseudonymMap::new(MapId([4; 16]));
/// let text = "Please write to zoe.quirk@example.org";
/// let redacted = seal_checked(text, &Known::default(), &Detector::new(), &mut map)?;
/// assert_eq!(redacted.as_str(), "Please write to [EMAIL_1]");
/// # Ok::<(), redact::SealError>(())
/// ```
pub fn seal_checked(
    text: &str,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    Gate::new(detector).known(known).seal(text, map)
}

/// Seals and detects again.
pub(crate) fn sealed_twice(
    text: &str,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    undone_on_error(map, |map| {
        let (plan, rendered) = checked(text, None, &[], &|_| true, eyes, map)?;
        Ok(redacted(plan, rendered, map))
    })
}

/// What looks at a text.
#[derive(Clone, Copy)]
pub(crate) struct Eyes<'e> {
    pub(crate) known: &'e Known,
    pub(crate) detector: &'e Detector,
    /// Whether the time is up.
    pub(crate) up: &'e dyn Fn() -> bool,
}

/// As [`seal_checked`], for a text of pieces, with parts that are known beforehand, and of findings those alone that
/// count. Tags given out stay on error.
pub(crate) fn checked<'a>(
    text: &'a str,
    pieces: Option<&'a [Piece]>,
    sure: &[Mark],
    counts: &dyn Fn(&Mark) -> bool,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<(Plan<'a>, Rendered), SealError> {
    let detect = |text: &str| eyes.detector.detect(text, eyes.known);
    let in_time = || {
        if (eyes.up)() {
            Err(SealError::TimedOut)
        } else {
            Ok(())
        }
    };
    in_time()?;
    let mut marks = sure.to_vec();
    let found = marks_of(&guarded(|| detect(text))?);
    marks.extend(found.into_iter().filter(|mark| counts(mark)));
    let before = map.len();
    for _ in 0..DETECTIONS {
        in_time()?;
        map.roll_back(before);
        let (plan, rendered) = sealed(text, pieces, &marks, map)?;
        in_time()?;
        let masked = masked(&rendered.text, &rendered.tags);
        let again = guarded(|| detect(&masked))?;
        let mut left = Vec::new();
        for finding in &again {
            let span = finding.span();
            let kind = TagKind::new(finding.label()).unwrap_or(TagKind::TEXT);
            for range in plan.plain_parts(&rendered, &(span.start()..span.end())) {
                for part in plan.within(range, &kind) {
                    let mark = Mark::new(trimmed(text, part), kind.clone());
                    left.extend(mark.filter(counts));
                }
            }
        }
        if left.is_empty() {
            in_time()?;
            return Ok((plan, rendered));
        }
        marks.extend(left);
    }
    let last = marks.last().map_or(TagKind::TEXT, |mark| mark.kind.clone());
    Err(SealError::Residue {
        kind: last,
        count: 1,
    })
}

/// The values of a map that stand in a text in clear, in any spelling, behind escapes too: the egress check by itself, for what
/// leaves by other ways, such as an export or a log.
///
/// ```
/// use redact::{Kind, MapId, Mark, PseudonymMap, leaks_in, seal_marks};
/// let mut map = PseudonymMap::new(MapId([3; 16]));
/// seal_marks("Zo\u{eb} Quirk", &[Mark::new(0..10, Kind::Person).unwrap()], &mut map)?;
/// let leaks = leaks_in("GET /?name=Zo%C3%AB%20Quirk HTTP/1.1", &map);
/// assert_eq!((leaks[0].range(), leaks[0].kind().as_str()), (11..27, "PERSON"));
/// assert!(leaks_in("GET /?name=[PERSON_1]", &map).is_empty());
/// # Ok::<(), redact::SealError>(())
/// ```
#[must_use]
pub fn leaks_in(text: &str, map: &PseudonymMap) -> Vec<Mark> {
    let hits = leak::Needles::new(map.table()).hits(text, false);
    hits.into_iter()
        .map(|hit| Mark {
            range: hit.start..hit.end,
            kind: hit.kind,
        })
        .collect()
}

fn sealed<'a>(
    text: &'a str,
    pieces: Option<&'a [Piece]>,
    marks: &[Mark],
    map: &mut PseudonymMap,
) -> Result<(Plan<'a>, Rendered), SealError> {
    let mut plan = Plan::new(text, pieces, marks, map)?;
    plan.close_leaks(map)?;
    let rendered = plan.settle(map)?;
    if !is_source(&rendered.text, map.table(), text) {
        return Err(SealError::NotExact { len: text.len() });
    }
    Ok((plan, rendered))
}

fn redacted(plan: Plan<'_>, rendered: Rendered, map: &PseudonymMap) -> Redacted {
    let tags = plan.into_cuts().into_iter().map(|cut| cut.tag);
    Redacted::with_tags(rendered.text, map.id(), tags)
}

fn undone_on_error<T>(
    map: &mut PseudonymMap,
    work: impl FnOnce(&mut PseudonymMap) -> Result<T, SealError>,
) -> Result<T, SealError> {
    let before = map.len();
    let result = work(map);
    if result.is_err() {
        map.roll_back(before);
    }
    result
}

fn marks_of(findings: &Findings) -> Vec<Mark> {
    findings
        .iter()
        .filter_map(|finding| {
            let span = finding.span();
            let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
            Mark::new(span.start()..span.end(), kind)
        })
        .collect()
}

/// Runs a detector. A panic is an answer: what it says is dropped, it may quote the text.
pub(crate) fn guarded<E: std::error::Error + Send + Sync + 'static>(
    detect: impl FnOnce() -> Result<Findings, E>,
) -> Result<Findings, DetectorFailure> {
    match catch_unwind(AssertUnwindSafe(detect)) {
        Ok(Ok(findings)) => Ok(findings),
        Ok(Err(error)) => Err(DetectorFailure::Refused {
            source: Box::new(error),
        }),
        Err(_) => Err(DetectorFailure::Panicked),
    }
}

/// What a tag is filled in with, as long as most.
const DASHES: &str = "----------------";

/// The text with every tag filled in, so that the detector reads no label as a cue. Offsets stay.
pub(crate) fn masked(text: &str, tags: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for tag in tags {
        out.push_str(text.get(at..tag.start).unwrap_or_default());
        out.push('[');
        let mut left = tag.len().saturating_sub(2);
        while left > 0 {
            let dashes = left.min(DASHES.len());
            out.push_str(DASHES.get(..dashes).unwrap_or_default());
            left -= dashes;
        }
        out.push(']');
        at = tag.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// A range without spaces and punctuation at its ends; empty when nothing else is there.
pub(crate) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = part.find(char::is_alphanumeric).unwrap_or(part.len());
    let end = part
        .char_indices()
        .rev()
        .find(|(_, c)| c.is_alphanumeric())
        .map_or(start, |(at, c)| at + c.len_utf8());
    range.start + start..range.start + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_of_the_detector_says_nothing() {
        let failure = guarded::<std::fmt::Error>(|| panic!("Marie Dupont")).unwrap_err();
        assert!(matches!(failure, DetectorFailure::Panicked));
        assert!(!format!("{failure} {failure:?}").contains("Marie"));
        let failure = guarded(|| Err(std::fmt::Error)).unwrap_err();
        assert!(matches!(failure, DetectorFailure::Refused { .. }));
    }

    #[test]
    fn masking_keeps_offsets() {
        assert_eq!(
            masked("a [PERSON_1] b", std::slice::from_ref(&(2..12))),
            "a [--------] b"
        );
        assert_eq!(trimmed("x, (ab). y", 1..8), 4..6);
    }
}
