//! JSON values in memory, sealed string by string and restored in place.

use std::collections::BTreeMap;
use std::fmt::Write;

use pii_detect::{Detector, Known};
use serde_json::{Map, Number, Value};
use zeroize::Zeroizing;

use super::MAX_DEPTH;
use super::engine::{self, Cuts, Shown, splice};
use super::escape::Escape;
use super::json::{self, Numbers, field, inner_cue};
use super::segments::{Hold, Joint, Segment, Traced};
use crate::error::{SealError, StructuredError, WrongMap};
use crate::gate::Gate;
use crate::map::{MapId, PseudonymMap};
use crate::seal::Eyes;
use crate::tag::Tag;

/// A JSON value in which every string, names of objects included, is redacted text of one map.
#[derive(Clone, PartialEq)]
pub struct RedactedValue {
    value: Value,
    map: MapId,
    /// What was a number: segments of a string, by the way to it. Names in it are sealed.
    numbers: BTreeMap<String, Vec<usize>>,
}

impl RedactedValue {
    /// The value with its tags.
    #[must_use]
    pub const fn as_value(&self) -> &Value {
        &self.value
    }

    /// The map its tags belong to.
    #[must_use]
    pub const fn map_id(&self) -> MapId {
        self.map
    }
}

impl std::fmt::Debug for RedactedValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RedactedValue(..)")
    }
}

/// Seals a JSON value; a number that is personal data is refused. See [`seal_value_as`].
///
/// ```
/// use pii_detect::{Detector, Known};
/// use redact::{MapId, PseudonymMap, restore_value, seal_value};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let value = serde_json::json!({"to": ["zoe.quirk@example.org"], "urgent": true});
/// let sealed = seal_value(&value, &Known::default(), &Detector::new(), &mut map)?;
/// assert_eq!(sealed.as_value()["to"][0], "[EMAIL_1]");
/// assert_eq!(restore_value(&sealed, &map)?, value);
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// As [`seal_value_as`].
pub fn seal_value(
    value: &Value,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedValue, StructuredError> {
    seal_value_as(value, Numbers::Refuse, known, detector, map)
}

/// Seals every string of a JSON value and every name of its objects; strings that hold JSON, as the arguments of tool calls
/// do, are sealed inside. All of it is read as one text, so that names of fields are cues.
///
/// ```
/// use redact::{Detector, Known, MapId, Numbers, PseudonymMap, StructuredError, restore_value, seal_value_as};
/// let mut map = PseudonymMap::new(MapId([8; 16]));
/// let value = serde_json::json!({"phone": 33612345678_u64, "call": r#"{"phone": "+33 6 12 34 56 78"}"#});
/// let (known, detector) = (Known::new(), Detector::new());
/// let refused = seal_value_as(&value, Numbers::Refuse, &known, &detector, &mut map);
/// assert!(matches!(refused, Err(StructuredError::Number { .. })));
/// let sealed = seal_value_as(&value, Numbers::Tag, &known, &detector, &mut map)?;
/// assert_eq!(sealed.as_value()["call"], r#"{"phone": "[PHONE_1]"}"#);
/// assert_eq!(sealed.as_value()["phone"], "[PHONE_2]");
/// assert_eq!(restore_value(&sealed, &map)?, value);
/// # Ok::<(), redact::StructuredError>(())
/// ```
///
/// # Errors
/// [`StructuredError::Seal`] for a value that cannot be sealed, [`StructuredError::Number`] for a number that is
/// personal data under [`Numbers::Refuse`], [`StructuredError::TooDeep`] beyond [`MAX_DEPTH`],
/// [`StructuredError::SameName`] where two names of an object would become one. The map is then as it was.
pub fn seal_value_as(
    value: &Value,
    numbers: Numbers,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedValue, StructuredError> {
    Gate::new(detector)
        .known(known)
        .seal_value(value, numbers, map)
}

/// As [`seal_value_as`].
pub(super) fn seal(
    value: &Value,
    numbers: Numbers,
    eyes: Eyes<'_>,
    map: &mut PseudonymMap,
) -> Result<RedactedValue, StructuredError> {
    engine::undone_on_error(map, |map| {
        let mut segments = Vec::new();
        read(value, numbers, "", 0, &mut segments)?;
        let before = map.len();
        let mut sure = Vec::new();
        for _ in 0..engine::ROUNDS {
            map.roll_back(before);
            let cuts = engine::cuts(&segments, &sure, eyes, map)?;
            let mut sealer = Sealer {
                numbers,
                segments: &segments,
                cuts: &cuts,
                at: 0,
                way: String::new(),
                tagged: BTreeMap::new(),
            };
            let sealed = RedactedValue {
                value: sealer.value(value, 0)?,
                map: map.id(),
                numbers: sealer.tagged,
            };
            if restored(&sealed, map, Shown::All)? == *value {
                return Ok(sealed);
            }
            let more = engine::nearly_json(&segments, &cuts);
            if more.is_empty() {
                break;
            }
            sure.extend(more);
        }
        let len = segments.iter().map(|s| s.data.text().len()).sum();
        Err(StructuredError::Seal(SealError::NotExact { len }))
    })
}

/// Restores every string of a JSON value: personal data in clear. Strings that hold JSON are restored as JSON. What is not
/// meant for the customer stays a tag.
///
/// # Errors
/// [`StructuredError::WrongMap`] when the value belongs to another map, [`StructuredError::SameName`] where two
/// names of an object would become one, [`StructuredError::TooDeep`] beyond [`MAX_DEPTH`].
pub fn restore_value(value: &RedactedValue, map: &PseudonymMap) -> Result<Value, StructuredError> {
    if value.map != map.id() {
        return Err(StructuredError::WrongMap(WrongMap {
            text: value.map,
            map: map.id(),
        }));
    }
    restored(value, map, Shown::Restorable)
}

fn restored(
    value: &RedactedValue,
    map: &PseudonymMap,
    shown: Shown,
) -> Result<Value, StructuredError> {
    Restorer {
        map,
        shown,
        numbers: &value.numbers,
        way: String::new(),
    }
    .value(&value.value, 0)
}

/// The segments of a string of a value, by its own offsets.
fn leaf(
    text: &str,
    name: &str,
    numbers: Numbers,
    depth: usize,
    out: &mut Vec<Segment>,
) -> Result<(), StructuredError> {
    let data = Traced::plain(text, 0);
    json::string(
        data,
        0..text.len(),
        name,
        Escape::Text,
        numbers,
        (0, depth),
        out,
    )
}

fn name_of(name: &str) -> Segment {
    let data = Traced::plain(name, 0);
    let mut segment = Segment::new(0..name.len(), data, Joint::Line, Escape::Text);
    segment.aside = true;
    segment.is_name = true;
    segment
}

fn deeper(depth: usize) -> Result<usize, StructuredError> {
    if depth >= MAX_DEPTH {
        return Err(StructuredError::TooDeep { limit: MAX_DEPTH });
    }
    Ok(depth + 1)
}

fn read(
    value: &Value,
    numbers: Numbers,
    name: &str,
    depth: usize,
    out: &mut Vec<Segment>,
) -> Result<(), StructuredError> {
    let depth = deeper(depth)?;
    match value {
        Value::String(text) => leaf(text, name, numbers, depth, out)?,
        Value::Number(number) => {
            let text = Zeroizing::new(number.to_string());
            let data = Traced::plain(&text, 0);
            let mut segment = Segment::new(0..text.len(), data, field(name), Escape::Text);
            segment.hold = numbers.hold();
            out.push(segment);
        }
        Value::Array(items) => {
            for item in items {
                read(item, numbers, name, depth, out)?;
            }
        }
        Value::Object(fields) => {
            for (inner, value) in fields {
                out.push(name_of(inner));
                read(value, numbers, &inner_cue(name, inner), depth, out)?;
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    Ok(())
}

/// Goes a step down; the answer is what to shorten the way to afterwards.
fn below(way: &mut String, step: impl std::fmt::Display) -> usize {
    let length = way.len();
    // Writing to a string cannot fail.
    let _ = write!(way, "/{step}");
    length
}

/// Walks a value as [`read`] did, with the cuts of its segments.
struct Sealer<'s> {
    numbers: Numbers,
    segments: &'s [Segment],
    cuts: &'s Cuts,
    at: usize,
    /// Sealed names and numbers of items down to here.
    way: String,
    tagged: BTreeMap<String, Vec<usize>>,
}

impl Sealer<'_> {
    fn text(&mut self, text: &str, count: usize) -> String {
        let range = self.at..self.at + count;
        self.at += count;
        let segments = self.segments.get(range.clone()).unwrap_or_default();
        let cuts = self.cuts.get(range).unwrap_or_default();
        let tagged: Vec<usize> = (0..count)
            .filter(|index| {
                let hold = segments.get(*index).map(|segment| segment.hold);
                hold == Some(Hold::Whole) && cuts.get(*index).is_some_and(|cuts| !cuts.is_empty())
            })
            .collect();
        if !tagged.is_empty() {
            self.tagged.insert(self.way.clone(), tagged);
        }
        splice(text, segments, cuts).text
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<Value, StructuredError> {
        let depth = deeper(depth)?;
        Ok(match value {
            Value::String(text) => {
                let mut here = Vec::new();
                leaf(text, "", self.numbers, depth, &mut here)?;
                Value::String(self.text(text, here.len()))
            }
            Value::Number(number) => {
                let cut = self.cuts.get(self.at).and_then(|cuts| cuts.first());
                self.at += 1;
                match cut {
                    Some(cut) => {
                        self.tagged.insert(self.way.clone(), vec![0]);
                        Value::String(cut.tag.to_string())
                    }
                    None => Value::Number(number.clone()),
                }
            }
            Value::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let back = below(&mut self.way, index);
                    out.push(self.value(item, depth)?);
                    self.way.truncate(back);
                }
                Value::Array(out)
            }
            Value::Object(fields) => {
                let mut out = Map::new();
                for (name, value) in fields {
                    let name = self.text(name, 1);
                    let back = below(&mut self.way, &name);
                    if out.insert(name, self.value(value, depth)?).is_some() {
                        return Err(StructuredError::SameName);
                    }
                    self.way.truncate(back);
                }
                Value::Object(out)
            }
            other => other.clone(),
        })
    }
}

/// The number that was written so, to the last bit: `serde_json` may round.
fn number_of(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    Number::from_f64(text.parse().ok()?)
}

struct Restorer<'r> {
    map: &'r PseudonymMap,
    shown: Shown,
    numbers: &'r BTreeMap<String, Vec<usize>>,
    way: String,
}

impl Restorer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<Value, StructuredError> {
        let depth = deeper(depth)?;
        let table = (self.map.table(), self.shown);
        Ok(match value {
            Value::String(text) => {
                let read = |text: &str| {
                    let mut here = Vec::new();
                    leaf(text, "", Numbers::Refuse, depth, &mut here)?;
                    Ok(here)
                };
                let numbers = self.numbers.get(&self.way).map_or(&[][..], Vec::as_slice);
                let (restored, _) = engine::restore(text, &read, numbers, table)?;
                let was_number = !numbers.is_empty() && Tag::parse(text).is_some();
                match was_number.then(|| number_of(&restored)).flatten() {
                    Some(number) => Value::Number(number),
                    None => Value::String(restored.as_str().to_owned()),
                }
            }
            Value::Array(items) => {
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let back = below(&mut self.way, index);
                    out.push(self.value(item, depth)?);
                    self.way.truncate(back);
                }
                Value::Array(out)
            }
            Value::Object(fields) => {
                let mut out = Map::new();
                for (name, value) in fields {
                    let back = below(&mut self.way, name);
                    let read = |text: &str| Ok(vec![name_of(text)]);
                    let (name, _) = engine::restore(name, &read, &[], table)?;
                    let restored = self.value(value, depth)?;
                    self.way.truncate(back);
                    if out.insert(name.as_str().to_owned(), restored).is_some() {
                        return Err(StructuredError::SameName);
                    }
                }
                Value::Object(out)
            }
            other => other.clone(),
        })
    }
}
