//! The guard cases: drafts with one planted fault or with none, judged as if a model had written them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tactful::pii_detect::Detector;
use tactful::redact::{MapId, Mark, PseudonymMap, Redacted, Tag, TagKind, seal_marks};
use tactful::suggest_core::{
    Author, Context, Fact, FactKind, Locale, Message, Passage, Thread, judge,
};

use super::Score;

/// The instant of all cases, before the end of every fact that holds.
const NOW: &str = "2026-03-14T10:00:00Z";

#[derive(Deserialize)]
struct Case {
    id: String,
    lang: String,
    case: String,
    thread: Vec<String>,
    map_tags: Vec<String>,
    values: BTreeMap<String, String>,
    passages: Vec<Text>,
    facts: Vec<Given>,
    draft: String,
    citations: Vec<String>,
    expect: Vec<String>,
}

#[derive(Deserialize)]
struct Text {
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Given {
    kind: String,
    key: String,
    value: String,
    valid_until: Option<DateTime<Utc>>,
}

/// Judges every case: a fault passes when all its codes are found, a draft without fault when nothing is found.
///
/// # Errors
/// The file does not have the schema.
pub fn run(text: &str) -> Result<Score, String> {
    let detector = Detector::new();
    let mut score = Score::default();
    for (n, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let case: Case = serde_json::from_str(line).map_err(|e| format!("case {}: {e}", n + 1))?;
        let found =
            found(&case, &detector).ok_or_else(|| format!("case {} cannot be set up", case.id))?;
        let passed = if case.expect.is_empty() {
            found.is_empty()
        } else {
            case.expect.iter().all(|code| found.contains(code))
        };
        if !passed {
            let (id, expect) = (&case.id, &case.expect);
            score
                .failures
                .push(format!("{id}: expected {expect:?}, found {found:?}"));
        }
        score.count(&case.case, passed);
    }
    Ok(score)
}

/// The codes of what is found in a draft.
fn found(case: &Case, detector: &Detector) -> Option<Vec<String>> {
    let mut map = map(case)?;
    let mut messages = Vec::new();
    for message in &case.thread {
        messages.push(Message::new(
            Author::Customer,
            sealed(message, case, &mut map)?,
        ));
    }
    let thread = Thread::new(messages).ok()?;
    let mut facts = Vec::new();
    for given in &case.facts {
        let value = sealed(&given.value, case, &mut map)?;
        let fact = Fact::new(FactKind::from_label(&given.kind), value)
            .about(sealed(&given.key, case, &mut map)?);
        facts.push(match given.valid_until {
            Some(until) => fact.valid_until(until),
            None => fact,
        });
    }
    let locale = Locale::from_code(&case.lang)?;
    let passages: Vec<Passage> = case
        .passages
        .iter()
        .map(|p| Passage::new(&p.id, "", &p.text, locale))
        .collect();
    let supplied: Vec<&Passage> = passages.iter().collect();
    let cx = Context::new(&thread, &map, detector, locale, NOW.parse().ok()?)
        .with_facts(&facts)
        .with_passages(&supplied, &case.citations);
    let findings = judge(&case.draft, &cx).ok()?.findings;
    Some(
        findings
            .iter()
            .map(|f| f.code.as_str().to_owned())
            .collect(),
    )
}

/// The map of a case: its tags with their values. A number that no tag of the case has gets a value that stands nowhere.
fn map(case: &Case) -> Option<PseudonymMap> {
    let mut highest: BTreeMap<TagKind, u32> = BTreeMap::new();
    for tag in &case.map_tags {
        let tag = Tag::parse(tag)?;
        let number = highest.entry(tag.kind().clone()).or_default();
        *number = (*number).max(tag.number());
    }
    let mut map = PseudonymMap::new(MapId([1; 16]));
    for (kind, highest) in highest {
        for number in 1..=highest {
            let tag = Tag::new(kind.clone(), number)?.to_string();
            let filler = || format!("zz{}filler{number}qq", kind.as_str().to_lowercase());
            let value = case.values.get(&tag).cloned().unwrap_or_else(filler);
            let mark = Mark::new(0..value.len(), kind.clone())?;
            let sealed = seal_marks(&value, &[mark], &mut map).ok()?;
            if sealed.as_str() != tag {
                return None;
            }
        }
    }
    Some(map)
}

/// A redacted text of the file as redacted text of the library: values for tags, and sealed again.
fn sealed(text: &str, case: &Case, map: &mut PseudonymMap) -> Option<Redacted> {
    let (mut clear, mut marks, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once('[') {
        clear.push_str(before);
        let Some((inner, tail)) = after.split_once(']') else {
            clear.push('[');
            rest = after;
            continue;
        };
        let written = format!("[{inner}]");
        match (Tag::parse(&written), case.values.get(&written)) {
            (Some(tag), Some(value)) => {
                let start = clear.len();
                clear.push_str(value);
                marks.push(Mark::new(start..clear.len(), tag.kind().clone())?);
            }
            _ => clear.push_str(&written),
        }
        rest = tail;
    }
    clear.push_str(rest);
    seal_marks(&clear, &marks, map).ok()
}
