//! `eval seal`: detect, seal, detect again; a row is a conversation of its own unless it names one.

use std::collections::HashMap;

use clap::Args;
use serde_json::{Value, json};
use tactful::pii_detect::{self, Detector, Known};
use tactful::redact::{DetectorFailure, MapId, PseudonymMap, SealError, seal_checked};

use super::{Done, Io};
use crate::rows::{Answer, ErrorCode, Object, Row, fold_rows, strings_of};

/// Options of `seal`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {}

/// Seals every row.
///
/// # Errors
/// Reading or writing failed.
pub fn run(_options: &Options, io: Io<'_>) -> Done {
    let detector = Detector::new();
    let mut conversations: HashMap<String, PseudonymMap> = HashMap::new();
    let mut maps = 0u128;
    // Identities are counted, not random: a measurement repeats, and no map outlives it.
    let mut fresh = || {
        maps += 1;
        PseudonymMap::new(MapId(maps.to_be_bytes()))
    };
    Ok(fold_rows(
        io.input,
        io.output,
        io.figures,
        true,
        &mut |row| match row.fields.get("conversation").filter(|v| !v.is_null()) {
            None => sealed(row, &detector, &mut fresh()),
            Some(name) => {
                let map = conversations
                    .entry(name.to_string())
                    .or_insert_with(&mut fresh);
                sealed(row, &detector, map)
            }
        },
    )?)
}

fn sealed(row: &Row, detector: &Detector, map: &mut PseudonymMap) -> Answer {
    let text = row.text("text")?;
    let known = known_of(row)?;
    let redacted = seal_checked(text, &known, detector, map).map_err(|error| code_of(&error))?;
    let tags: Vec<Value> = redacted
        .tags()
        .iter()
        .map(|tag| json!({"tag": tag.to_string(), "kind": tag.kind().as_str()}))
        .collect();
    let mut fields = Object::new();
    fields.insert("redacted".into(), redacted.as_str().into());
    fields.insert("map_id".into(), redacted.map_id().to_string().into());
    fields.insert("tags".into(), tags.into());
    Ok(fields)
}

fn code_of(error: &SealError) -> ErrorCode {
    match error {
        SealError::Detector(DetectorFailure::Refused { source }) => {
            match source.downcast_ref::<pii_detect::Error>() {
                Some(pii_detect::Error::TooLarge { .. }) => ErrorCode::TooLarge,
                _ => ErrorCode::DetectorFailed,
            }
        }
        SealError::Detector(_) | SealError::Map(_) => ErrorCode::DetectorFailed,
        _ => ErrorCode::Leak,
    }
}

fn known_of(row: &Row) -> Result<Known, ErrorCode> {
    let mut known = Known::new();
    let fields = match row.fields.get("known") {
        None | Some(Value::Null) => return Ok(known),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(ErrorCode::BadField),
    };
    type Add = for<'k> fn(&'k mut Known, &str) -> &'k mut Known;
    let adders: [(&str, Add); 6] = [
        ("name", Known::add_name),
        ("email", Known::add_email),
        ("phone", Known::add_phone),
        ("address", Known::add_address),
        ("order", Known::add_order),
        ("customer_id", Known::add_customer_id),
    ];
    for (field, add) in adders {
        for value in strings_of(fields.get(field))? {
            add(&mut known, value);
        }
    }
    Ok(known)
}
