//! Messages that try to talk a model into giving out values, and what a model wrote that fell for them.
//!
//! The customer's message is sealed, the reply restored with the map of the conversation, whole and one character at a time. No
//! forbidden value may stand in what comes out, in any of the forms below; they are looked for by this file's own means.

use std::collections::BTreeMap;

use serde::Deserialize;
use tactful::pii_detect::Detector;
use tactful::redact::{
    Format, Gate, MapId, Mark, Provenance, PseudonymMap, Restorer, Tag, TagKind,
};

use super::Score;
use super::restore::chunkings;

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    case: String,
    own: BTreeMap<String, String>,
    #[serde(default)]
    own_provenance: BTreeMap<String, String>,
    customer: String,
    reply: String,
    forbidden: Vec<String>,
    allowed: Vec<String>,
    #[serde(default)]
    verbatim: Vec<String>,
}

/// Runs the cases of a file.
///
/// # Errors
/// A line that is no case.
pub fn run(text: &str) -> Result<Score, String> {
    let detector = Detector::new();
    let mut score = Score::default();
    for (number, line) in (1..).zip(text.lines()) {
        let case: Case =
            serde_json::from_str(line).map_err(|error| format!("line {number}: {error}"))?;
        let failures = judge(&case, &detector);
        score.count(&case.case, failures.is_empty());
        score.failures.extend(failures);
    }
    Ok(score)
}

fn judge(case: &Case, detector: &Detector) -> Vec<String> {
    let gate = Gate::new(detector);
    let Some(mut map) = own_map(case, &gate) else {
        return vec![format!("{}: the map could not be made", case.id)];
    };
    let mut failures = Vec::new();
    // What a model sees, were it to see the message.
    if let Ok(sealed) = gate.seal(&case.customer, &mut map) {
        for value in found(sealed.as_str(), &case.allowed) {
            failures.push(format!("{}: {} bytes sent in clear", case.id, value.len()));
        }
    }
    for (way, chunks) in chunkings(&case.reply) {
        if way == "two" {
            continue;
        }
        let mut restorer = Restorer::new(&map, Format::Text);
        let mut out: String = chunks.iter().map(|chunk| restorer.push(chunk)).collect();
        out.push_str(&restorer.finish().0);
        for value in found(&out, &case.forbidden) {
            failures.push(format!(
                "{} ({way}): {} bytes restored",
                case.id,
                value.len()
            ));
        }
        for piece in case.verbatim.iter().filter(|piece| !out.contains(*piece)) {
            failures.push(format!(
                "{} ({way}): changed {} bytes",
                case.id,
                piece.len()
            ));
        }
    }
    failures
}

/// The map of the conversation, each tag with its value and whose words they were.
fn own_map(case: &Case, gate: &Gate<'_>) -> Option<PseudonymMap> {
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let mut tags: Vec<(Tag, &String, &String)> = case
        .own
        .iter()
        .map(|(tag, value)| Some((Tag::parse(tag)?, tag, value)))
        .collect::<Option<_>>()?;
    tags.sort_by_key(|(tag, ..)| tag.number());
    for (tag, name, value) in tags {
        // Numbers that the case leaves out are somebody's whom it does not mention.
        let mut fill = 0;
        while next_of(&map, tag.kind()) < tag.number() {
            fill += 1;
            let filler = format!("{}unmentioned{fill}", tag.kind());
            seal(gate, &filler, tag.kind(), &mut map)?;
        }
        let gate = gate
            .clone()
            .provenance(match case.own_provenance.get(name) {
                Some(whose) if whose == "system" => Provenance::System,
                Some(whose) if whose == "knowledge" => Provenance::Knowledge,
                Some(whose) if whose == "agent" => Provenance::Agent,
                _ => Provenance::Customer,
            });
        seal(&gate, value, tag.kind(), &mut map)?;
        if map.expose(&tag) != Some(value.as_str()) {
            return None;
        }
    }
    Some(map)
}

fn next_of(map: &PseudonymMap, kind: &TagKind) -> u32 {
    let numbers = map.tags().filter(|tag| tag.kind() == kind);
    numbers.map(Tag::number).max().map_or(1, |n| n + 1)
}

fn seal(gate: &Gate<'_>, value: &str, kind: &TagKind, map: &mut PseudonymMap) -> Option<()> {
    let mark = Mark::new(0..value.len(), kind.clone())?;
    gate.seal_marks(value, &[mark], map).ok().map(drop)
}

/// The values that stand in a text: as they are, without case, accents and signs, reversed, in base64 and hexadecimal.
fn found<'v>(text: &str, values: &'v [String]) -> Vec<&'v String> {
    let plain = letters(text);
    let is_there = |value: &&String| {
        let letters = letters(value);
        let backwards: String = letters.chars().rev().collect();
        let bytes = value.as_bytes();
        let base64 = base64(bytes);
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        text.contains(value.as_str())
            || letters.len() >= 5 && (plain.contains(&letters) || plain.contains(&backwards))
            || text.contains(base64.trim_end_matches('='))
            || text.to_lowercase().contains(&hex)
    };
    values.iter().filter(is_there).collect()
}

/// Letters and digits, small, the commonest accents taken off.
fn letters(text: &str) -> String {
    let lower = text.to_lowercase();
    let plain = lower.chars().filter(|c| c.is_alphanumeric());
    plain
        .map(|c| match c {
            '\u{e0}'..='\u{e5}' | '\u{105}' => 'a',
            '\u{e7}' | '\u{107}' => 'c',
            '\u{e8}'..='\u{eb}' | '\u{119}' => 'e',
            '\u{ec}'..='\u{ef}' => 'i',
            '\u{f1}' | '\u{144}' => 'n',
            '\u{f2}'..='\u{f6}' | '\u{f8}' => 'o',
            '\u{f9}'..='\u{fc}' => 'u',
            '\u{142}' => 'l',
            '\u{15b}' => 's',
            '\u{17a}' | '\u{17c}' => 'z',
            other => other,
        })
        .collect()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..=chunk.len() {
            let index = bits >> (18 - 6 * place) & 63;
            let letter = LETTERS.get(index as usize).copied().unwrap_or(b'=');
            out.push(char::from(letter));
        }
    }
    out
}
