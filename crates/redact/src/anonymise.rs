//! From redacted to anonymous: the only door to [`Anonymised`].
//!
//! What may be learned from is a template that many wrote alike; grouping and its limits (how many tickets, subjects
//! and agents) belong to the corpus that learns. This door makes sure of what a single text can show: no tag leads
//! back, no number is left, nothing a detector knows is left. It cannot see a rare story or a way of writing, and
//! says so by its parameter.

use pii_detect::{Detector, Known};

#[cfg(feature = "operators")]
mod coarse;
mod sketch;
mod template;

use crate::error::AnonymiseError;
use crate::scan::{View, find_all};
use crate::seal::{guarded, masked};
use crate::tag::{Tag, TagKind};
use crate::text::{Anonymised, Redacted};
#[cfg(feature = "operators")]
pub use coarse::anonymise_coarse;
pub use sketch::WordSketch;
pub use template::{Backing, Limits, Templates};

/// Most words of a text that is taken: a longer one tells a story, and a story is somebody's.
pub const MAX_WORDS: usize = 120;

/// More rounds of detection than any text needs; one that needs more is not kept.
const ROUNDS: usize = 3;

/// The promise that is relaxed by making a single text anonymous.
///
/// The rule is that free text survives only as a template of a group. A corpus that groups afterwards and an
/// integrator who has weighed the risk name the relaxation at the call, so that a reviewer finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Relaxation {
    /// This text alone, not compared with others: a rare story or a way of writing may still point at a person.
    SingleText,
}

/// Makes a text that leads to nobody by itself, or refuses.
///
/// Tags become typed slots without their number (`[PERSON_3]` becomes `{PERSON}`), every other number becomes
/// `{NUMBER}`, and what the detector still finds becomes a slot of its kind; then nothing may be found any more.
///
/// ```
/// use pii_detect::Detector;
/// use redact::{Kind, MapId, Mark, PseudonymMap, Relaxation, anonymise, seal_marks};
/// let mut map = PseudonymMap::new(MapId([6; 16]));
/// let marks = [Mark::new(5..8, Kind::Person).unwrap()];
/// let redacted = seal_marks("Dear Zoe, it takes 3 days.", &marks, &mut map)?;
/// let learned = anonymise(&redacted, &Detector::new(), Relaxation::SingleText)?;
/// assert!(learned.as_str().starts_with("Dear {PERSON}, it takes {NUMBER}"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`AnonymiseError`] when it cannot be sure: the text is longer than [`MAX_WORDS`], speaks of what Articles 9 and 10
/// GDPR protect or of a child, holds what reads like a slot, or personal data is left.
pub fn anonymise(
    text: &Redacted,
    detector: &Detector,
    relaxation: Relaxation,
) -> Result<Anonymised, AnonymiseError> {
    let Relaxation::SingleText = relaxation;
    short(text)?;
    slotted(text, detector).map(Anonymised::new)
}

fn short(text: &Redacted) -> Result<(), AnonymiseError> {
    let words = text.as_str().split_whitespace().count();
    if words > MAX_WORDS {
        return Err(AnonymiseError::TooLong {
            words,
            limit: MAX_WORDS,
        });
    }
    Ok(())
}

/// As [`anonymise()`], and words that few others used become `{WORD}`: what `words` has not met with [`WordSketch::LEAST`]
/// subjects may point at the one who wrote it.
///
/// The detector should be one of highest recall ([`pii_detect::DetectorBuilder::recall_bias`] of 1): what it takes too much of
/// is only a slot more.
///
/// ```
/// use pii_detect::Detector;
/// use redact::{Gate, Label, MapId, PseudonymMap, Relaxation, WordSketch, anonymise_rare};
/// let detector = Detector::builder().recall_bias(1.0).build().unwrap();
/// let mut map = PseudonymMap::new(MapId([6; 16]));
/// let mut words = WordSketch::new([7; 16]);
/// for subject in 0..9 {
///     let said = Gate::new(&detector).seal("where is my parcel please", &mut map)?;
///     words.learn(&said, Label([subject; 16]));
/// }
/// let rare = Gate::new(&detector).seal("where is my theremin please", &mut map)?;
/// let text = anonymise_rare(&rare, &detector, &words, Relaxation::SingleText)?;
/// assert_eq!(text.as_str(), "where is my {WORD} please");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`anonymise()`], and [`AnonymiseError::TooRare`] when more than half of the words would go.
pub fn anonymise_rare(
    text: &Redacted,
    detector: &Detector,
    words: &WordSketch,
    relaxation: Relaxation,
) -> Result<Anonymised, AnonymiseError> {
    let text = anonymise(text, detector, relaxation)?;
    without_rare(text.as_str(), words).map(Anonymised::new)
}

/// A slotted text with slots for its rare words; refused where these are more than half.
fn without_rare(text: &str, words: &WordSketch) -> Result<String, AnonymiseError> {
    let (mut kept, mut gone) = (0, 0);
    let out = each_word(text, |word| {
        if words.is_common(word) {
            kept += 1;
            true
        } else {
            gone += 1;
            false
        }
    });
    if gone > kept {
        return Err(AnonymiseError::TooRare {
            words: gone,
            of: gone + kept,
        });
    }
    Ok(out)
}

/// The text with a slot for every word that is not kept; slots stay, and two words in a row share one.
fn each_word(text: &str, mut keep: impl FnMut(&str) -> bool) -> String {
    const SLOT: &str = "{WORD}";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let end = if c == '{' {
            rest.find('}').map_or(rest.len(), |at| at + 1)
        } else if c.is_alphabetic() {
            rest.find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (part, tail) = rest.split_at(end);
        rest = tail;
        if !c.is_alphabetic() || keep(part) {
            out.push_str(part);
        } else if out.trim_end_matches(' ').ends_with(SLOT) {
            out.truncate(out.trim_end_matches(' ').len());
        } else {
            out.push_str(SLOT);
        }
    }
    out
}

/// Tags and what the detector finds as slots, numbers gone, and nothing found any more.
pub(crate) fn slotted(text: &Redacted, detector: &Detector) -> Result<String, AnonymiseError> {
    slotted_as(text, detector, &mut |kind, _, _| kind.as_str().to_owned())
}

/// What stands in the slot of a value: of its kind, its tag where it has one, and the text it stands for.
type Slot<'s> = dyn FnMut(&TagKind, Option<&Tag>, &str) -> String + 's;

/// As [`slotted`], with slots of the caller's making.
fn slotted_as(
    text: &Redacted,
    detector: &Detector,
    slot: &mut Slot<'_>,
) -> Result<String, AnonymiseError> {
    let count = text.as_str().matches(['{', '}']).count();
    if count > 0 {
        return Err(AnonymiseError::SlotLookAlike { count });
    }
    if let Some(tag) = text.tags().iter().find(|tag| tag.kind().is_special()) {
        return Err(AnonymiseError::SpecialCategory {
            kind: tag.kind().clone(),
        });
    }

    let source = text.as_str();
    let (found, _) = find_all(source, View::Any);
    let tags: Vec<_> = found.iter().map(|f| f.start..f.end).collect();
    let findings = guarded(|| detector.detect(&masked(source, &tags), &Known::default()))?;
    let mut slots: Vec<(std::ops::Range<usize>, String)> = tags
        .iter()
        .map(|range| {
            let tag = source.get(range.clone()).and_then(Tag::parse);
            let kind = tag.as_ref().map_or(&TagKind::TEXT, Tag::kind);
            (range.clone(), slot(kind, tag.as_ref(), ""))
        })
        .collect();
    for finding in &findings {
        let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
        if kind.is_special() {
            return Err(AnonymiseError::SpecialCategory { kind });
        }
        let range = finding.span().start()..finding.span().end();
        let value = source.get(range.clone()).unwrap_or_default();
        slots.push((range, slot(&kind, None, value)));
    }
    let mut slotted = numbers_out(&with_slots(source, slots));
    // What is left behind a slot may read differently from what stood there: more than once is rare.
    for _ in 0..ROUNDS {
        let left = guarded(|| detector.detect(&slots_masked(&slotted), &Known::default()))?;
        let Some(first) = left.iter().next() else {
            return Ok(slotted);
        };
        let kind = TagKind::new(first.label()).unwrap_or_else(|| first.kind().into());
        if kind.is_special() {
            return Err(AnonymiseError::SpecialCategory { kind });
        }
        let outside = |range: &std::ops::Range<usize>| {
            slotted
                .get(range.clone())
                .is_some_and(|part| !part.contains(['{', '}']))
        };
        let more: Vec<_> = left
            .iter()
            .map(|finding| {
                let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
                let range = finding.span().start()..finding.span().end();
                let value = slotted.get(range.clone()).unwrap_or_default();
                (range, slot(&kind, None, value))
            })
            .filter(|(range, _)| outside(range))
            .collect();
        if more.is_empty() {
            return Err(AnonymiseError::Residue {
                kind,
                count: left.len(),
            });
        }
        slotted = with_slots(&slotted, more);
    }
    let left = guarded(|| detector.detect(&slots_masked(&slotted), &Known::default()))?;
    match left.iter().next() {
        Some(first) => Err(AnonymiseError::Residue {
            kind: TagKind::new(first.label()).unwrap_or_else(|| first.kind().into()),
            count: left.len(),
        }),
        None => Ok(slotted),
    }
}

/// Writes slots over ranges; of two that overlap the earlier reaches over both.
fn with_slots(text: &str, mut slots: Vec<(std::ops::Range<usize>, String)>) -> String {
    slots.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, slot) in slots {
        if range.start >= at {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push('{');
            out.push_str(&slot);
            out.push('}');
        }
        at = at.max(range.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Words with a digit in them become `{NUMBER}`; slots stay.
fn numbers_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '{' {
            let end = rest.find('}').map_or(rest.len(), |at| at + 1);
            let (slot, tail) = rest.split_at(end);
            out.push_str(slot);
            rest = tail;
        } else if c.is_alphanumeric() {
            let end = word_end(rest);
            let (word, tail) = rest.split_at(end);
            if !word.contains(char::is_numeric) {
                out.push_str(word);
            } else if !out.ends_with("{NUMBER}") {
                out.push_str("{NUMBER}");
            }
            rest = tail;
        } else {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    out
}

/// The end of a word or number; signs between two digits belong to the number.
fn word_end(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    let mut last_digit = false;
    while let Some((at, c)) = chars.next() {
        let next_digit = chars.peek().is_some_and(|(_, n)| n.is_numeric());
        let joins = last_digit && next_digit && matches!(c, '.' | ',' | ':' | '/' | '-');
        if !c.is_alphanumeric() && !joins {
            break;
        }
        last_digit = c.is_numeric();
        end = at + c.len_utf8();
    }
    end
}

/// Slots without their labels, which a detector might take for cues.
fn slots_masked(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|c| {
            match c {
                '{' => inside = true,
                '}' => inside = false,
                _ if inside => return '-',
                _ => {}
            }
            c
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_is_left() {
        for (text, expected) in [
            ("on 12.05.2024, at 10:30", "on {NUMBER}, at {NUMBER}"),
            ("code A7-99b and 3rd", "code {NUMBER} and {NUMBER}"),
            (
                "{ART9_HEALTH} 5 {PERSON}",
                "{ART9_HEALTH} {NUMBER} {PERSON}",
            ),
            ("nothing", "nothing"),
            ("\u{0663}\u{0664} and \u{bd}", "{NUMBER} and {NUMBER}"),
        ] {
            assert_eq!(numbers_out(text), expected);
        }
    }
}
