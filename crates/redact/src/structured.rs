//! JSON values, sealed string by string and restored in place: tool calls, facts, form fields.

use pii_detect::{Detector, Known};
use serde_json::{Map, Value};

use crate::error::{SealError, StructuredError, WrongMap};
use crate::map::{MapId, PseudonymMap};
use crate::restore::{Format, whole};
use crate::seal::seal_checked;

/// Deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// A JSON value in which every string, names of objects included, is redacted text of one map.
///
/// Numbers, booleans and null stay as they are: whoever hands personal numbers over as JSON numbers should make
/// strings of them first.
#[derive(Clone, PartialEq)]
pub struct RedactedValue {
    value: Value,
    map: MapId,
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

/// Seals every string of a JSON value.
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
/// [`StructuredError::Seal`] for a string that cannot be sealed, [`StructuredError::TooDeep`] beyond
/// [`MAX_DEPTH`], [`StructuredError::SameName`] where two names of an object would become one. The map is then as
/// it was.
pub fn seal_value(
    value: &Value,
    known: &Known,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<RedactedValue, StructuredError> {
    let before = map.len();
    let id = map.id();
    let sealed = each_string(value, MAX_DEPTH, &mut |text| {
        seal_checked(text, known, detector, map).map(|redacted| redacted.as_str().to_owned())
    });
    match sealed {
        Ok(value) => Ok(RedactedValue { value, map: id }),
        Err(error) => {
            map.roll_back(before);
            Err(error)
        }
    }
}

/// Restores every string of a JSON value: personal data in clear.
///
/// # Errors
/// [`StructuredError::WrongMap`] when the value belongs to another map, [`StructuredError::SameName`] where two
/// names of an object would become one.
pub fn restore_value(value: &RedactedValue, map: &PseudonymMap) -> Result<Value, StructuredError> {
    if value.map != map.id() {
        return Err(StructuredError::WrongMap(WrongMap {
            text: value.map,
            map: map.id(),
        }));
    }
    each_string(&value.value, MAX_DEPTH, &mut |text| {
        Ok(whole(text, map.table(), Format::Text).expose().to_owned())
    })
}

fn each_string(
    value: &Value,
    depth: usize,
    work: &mut dyn FnMut(&str) -> Result<String, SealError>,
) -> Result<Value, StructuredError> {
    let Some(deeper) = depth.checked_sub(1) else {
        return Err(StructuredError::TooDeep { limit: MAX_DEPTH });
    };
    Ok(match value {
        Value::String(text) => Value::String(work(text)?),
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| each_string(item, deeper, work))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => {
            let mut out = Map::new();
            for (name, field) in fields {
                let name = work(name)?;
                if out
                    .insert(name, each_string(field, deeper, work)?)
                    .is_some()
                {
                    return Err(StructuredError::SameName);
                }
            }
            Value::Object(out)
        }
        other => other.clone(),
    })
}
