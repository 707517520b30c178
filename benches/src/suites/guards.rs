//! The guard cases: drafts with one planted fault or with none, judged as if a model had written them.

use std::collections::BTreeMap;
use std::fmt;

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
    let mut score = Score::default();
    for (case, found) in judged(text)? {
        let passed = as_expected(&case, &found);
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

/// Drafts with a planted fault, and drafts without: faults found by case, code and language, false alarms by case and
/// language.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Planted {
    /// Found and planted.
    pub faults: Groups,
    /// Alarms and drafts without fault.
    pub alarms: Groups,
    /// What went wrong, in the order of the file.
    pub failures: Vec<String>,
}

type Groups = BTreeMap<(&'static str, String), (usize, usize)>;

impl Planted {
    /// Found / planted, and alarms / drafts without fault.
    #[must_use]
    pub fn shares(&self) -> (f64, f64) {
        let share = |groups: &Groups| {
            let (n, all) = groups
                .iter()
                .filter(|((by, _), _)| *by == "case")
                .fold((0, 0), |(n, all), (_, (m, of))| (n + m, all + of));
            n as f64 / all.max(1) as f64
        };
        (share(&self.faults), share(&self.alarms))
    }
}

impl fmt::Display for Planted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, groups) in [("recall", &self.faults), ("alarms", &self.alarms)] {
            for ((by, group), (n, all)) in groups {
                writeln!(f, "{name} {n:>5} / {all:<5} {by:<5} {group}")?;
            }
        }
        let (recall, alarms) = self.shares();
        write!(
            f,
            "recall {:.3}, false alarms {:.2} %",
            recall,
            alarms * 100.0
        )
    }
}

/// Judges every case and counts faults and false alarms apart.
///
/// # Errors
/// The file does not have the schema.
pub fn planted(text: &str) -> Result<Planted, String> {
    let mut out = Planted::default();
    for (case, found) in judged(text)? {
        let passed = as_expected(&case, &found);
        let (groups, hit) = if case.expect.is_empty() {
            (&mut out.alarms, !passed)
        } else {
            (&mut out.faults, passed)
        };
        let mut names = vec![("case", case.case.clone()), ("lang", case.lang.clone())];
        names.extend(case.expect.iter().map(|code| ("code", code.clone())));
        for name in names {
            let entry = groups.entry(name).or_default();
            entry.0 += usize::from(hit);
            entry.1 += 1;
        }
        if !passed {
            let (id, expect) = (&case.id, &case.expect);
            out.failures
                .push(format!("{id}: expected {expect:?}, found {found:?}"));
        }
    }
    Ok(out)
}

fn judged(text: &str) -> Result<Vec<(Case, Vec<String>)>, String> {
    let detector = Detector::new();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate()
        .map(|(n, line)| {
            let case: Case =
                serde_json::from_str(line).map_err(|e| format!("case {}: {e}", n + 1))?;
            let found = found(&case, &detector)
                .ok_or_else(|| format!("case {} cannot be set up", case.id))?;
            Ok((case, found))
        })
        .collect()
}

/// All codes of a fault were found, and nothing in a draft without one.
fn as_expected(case: &Case, found: &[String]) -> bool {
    if case.expect.is_empty() {
        found.is_empty()
    } else {
        case.expect.iter().all(|code| found.contains(code))
    }
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
        let fact = Fact::new(kind_of(given), value).about(sealed(&given.key, case, &mut map)?);
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

/// The kind an integrator would give a fact whose labels are words of any language: by the label where it says so, else by
/// the form of the value.
fn kind_of(given: &Given) -> FactKind {
    let by_label = FactKind::from_label(&given.kind);
    if by_label != FactKind::Other {
        return by_label;
    }
    let value = given.value.as_str();
    let day = value.get(..10).unwrap_or_default();
    let is_day = chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok();
    let is_amount = value.split_once(' ').is_some_and(|(amount, currency)| {
        amount.parse::<f64>().is_ok()
            && currency.len() == 3
            && currency.chars().all(char::is_uppercase)
    });
    match FactKind::from_label(&given.key) {
        _ if is_day => FactKind::Date,
        _ if is_amount => FactKind::Amount,
        kind => kind,
    }
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
