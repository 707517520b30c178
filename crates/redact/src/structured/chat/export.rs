//! Exports as JSON: one value, or one on each line.

use std::ops::Range;

use super::line::kind_of;
use super::time::{is_epoch, is_time};
use super::{Role, Said, role_of};
use crate::error::StructuredError;
use crate::structured::json::Numbers;
use crate::structured::segments::{Joint, Segment};
use crate::structured::{DocumentFormat, parse};
use crate::tag::TagKind;

/// Last words of fields that hold a name.
const NAMES: [&str; 14] = [
    "name",
    "author",
    "user",
    "username",
    "sender",
    "from",
    "speaker",
    "nickname",
    "nick",
    "handle",
    "participant",
    "agent",
    "customer",
    "operator",
];

/// Last words of fields that hold what was said.
const TEXTS: [&str; 7] = [
    "text",
    "message",
    "body",
    "content",
    "msg",
    "comment",
    "utterance",
];

/// Last words of fields that say what somebody is.
const ROLES: [&str; 9] = [
    "role",
    "type",
    "author",
    "sender",
    "from",
    "speaker",
    "user",
    "source",
    "direction",
];

/// Last words of fields that hold the time of a message. A "date" may be anybody's birthday.
const TIMES: [&str; 8] = [
    "ts",
    "time",
    "timestamp",
    "at",
    "created",
    "updated",
    "sent",
    "edited",
];

/// Beginnings of words that say that a time is somebody's.
const PERSONAL: [&str; 7] = ["birth", "born", "dob", "geb", "naiss", "nac", "nasc"];

/// What a transcript is written in, when it is an export.
pub(super) fn format(source: &str) -> Option<DocumentFormat> {
    // Malformed ones are text: the detector reads them all the same.
    [DocumentFormat::Json, DocumentFormat::JsonLines]
        .into_iter()
        .find(|format| match parse(source, *format, Numbers::Refuse) {
            Ok(segments) => !segments.is_empty(),
            // So deep that nobody can say: refused where it is read.
            Err(error) => matches!(error, StructuredError::TooDeep { .. }),
        })
}

/// The segments of an export with what is known of them, and who said what.
pub(super) fn read(
    source: &str,
    format: DocumentFormat,
) -> Result<(Vec<Segment>, Vec<Said>), StructuredError> {
    let mut segments = parse(source, format, Numbers::Refuse)?;
    for segment in &mut segments {
        let field = last_word(segment).to_owned();
        let text = segment.data.text();
        if TIMES.contains(&field.as_str())
            && !is_personal(segment)
            && (is_epoch(text) || is_time(text))
        {
            segment.stays = true;
        } else if NAMES.contains(&field.as_str())
            && !text.trim().is_empty()
            && role_of(text).is_none()
            && text.len() <= 80
            && text.contains(char::is_alphanumeric)
            && segment.hold == crate::structured::segments::Hold::Parts
        {
            segment.kind = Some(TagKind::from(kind_of(text.trim())));
        }
    }
    let mut turns = Vec::new();
    for unit in units(source, format) {
        let first = segments.partition_point(|s| s.range.start < unit.start);
        let here: Vec<(usize, &Segment)> = segments
            .iter()
            .enumerate()
            .skip(first)
            .take_while(|(_, s)| s.range.start < unit.end)
            .filter(|(_, s)| !s.aside)
            .collect();
        let of = |words: &[&str]| -> Vec<usize> {
            here.iter()
                .filter(|(_, s)| words.contains(&last_word(s)) && !s.stays)
                .map(|(index, _)| *index)
                .collect()
        };
        let text: Vec<usize> = of(&TEXTS)
            .into_iter()
            .filter(|index| segments.get(*index).is_some_and(|s| s.kind.is_none()))
            .collect();
        if text.is_empty() {
            continue;
        }
        let role = of(&ROLES)
            .into_iter()
            .filter_map(|index| role_of(segments.get(index)?.data.text()))
            .next();
        let speaker = here
            .iter()
            .find(|(_, s)| s.kind.is_some())
            .map(|(index, _)| *index);
        turns.push(Said {
            role: role.unwrap_or(Role::Unknown),
            speaker: speaker.into_iter().collect(),
            text,
        });
    }
    Ok((segments, turns))
}

fn is_personal(segment: &Segment) -> bool {
    let Joint::Field(cue) = &segment.joint else {
        return false;
    };
    cue.split(' ')
        .any(|word| PERSONAL.iter().any(|start| word.starts_with(start)))
}

/// The last word of the name of the field that a segment is the value of.
fn last_word(segment: &Segment) -> &str {
    match &segment.joint {
        Joint::Field(cue) => cue.rsplit(' ').next().unwrap_or_default(),
        _ => "",
    }
}

/// The parts of an export that each hold a message: the innermost items of arrays that are objects, else lines.
fn units(source: &str, format: DocumentFormat) -> Vec<Range<usize>> {
    let mut units = Vec::new();
    if format == DocumentFormat::JsonLines {
        let mut start = 0;
        for line in source.split_inclusive('\n') {
            units.push(start..start + line.len());
            start += line.len();
        }
        return units;
    }
    // Objects that are items of the array with the most of them.
    let mut open: Vec<(u8, usize, Vec<Range<usize>>)> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in source.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => open.push((byte, at, Vec::new())),
            b']' | b'}' => {
                let Some((kind, start, items)) = open.pop() else {
                    continue;
                };
                if kind == b'{' {
                    if let Some((b'[', _, items)) = open.last_mut() {
                        items.push(start..at + 1);
                    }
                } else if items.len() > units.len() {
                    units = items;
                }
            }
            _ => {}
        }
    }
    if units.is_empty() {
        units.push(0..source.len());
    }
    units
}
