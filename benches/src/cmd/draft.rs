//! `eval draft`: replies from a knowledge base, each row a ticket of one message.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::{Value, json};
use tactful::pii_detect::{self, Detector, Known};
use tactful::redact::{
    DetectorFailure, MapId, PseudonymMap, Redacted, SealError, Tag, restore, seal_checked,
};
use tactful::suggest_core::{
    Author, Engine, Fact, FactKind, Finding, KnowledgeBase, Message, Request, Suggestion, Thread,
};

use super::{Done, Io, Stop};
use crate::rows::{Answer, ErrorCode, Object, Row, map_rows};

/// Options of `draft`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Folder of `*.md` with front matter, `*.html` and `*.csv`, folders in it included.
    #[arg(long)]
    pub knowledge: PathBuf,
    /// A model with the interface of OpenAI. Not built yet.
    #[arg(long)]
    pub model: Option<String>,
    /// The name of the model.
    #[arg(long)]
    pub model_name: Option<String>,
    /// The instant articles and facts must hold at (RFC 3339); the clock's otherwise.
    #[arg(long)]
    pub now: Option<DateTime<Utc>>,
    /// Threads at work.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
}

/// Drafts a reply for every row.
///
/// # Errors
/// The knowledge base cannot be used, a model is asked for, reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    if options.model.is_some() || options.model_name.is_some() {
        return Err(Stop::NotBuilt("draft --model"));
    }
    let engine = Engine::new(knowledge(&options.knowledge)?);
    io.figures.set("passages", engine.knowledge().len());
    let detector = Detector::new();
    let now = options
        .now
        .unwrap_or_else(|| std::time::SystemTime::now().into());
    let times = Mutex::new(Vec::new());
    let done = map_rows(io.input, io.output, io.figures, options.threads, &|row| {
        drafted(row, &engine, &detector, now, &times)
    })?;
    let mut times = times.into_inner().unwrap_or_else(PoisonError::into_inner);
    times.sort_unstable();
    for (name, share) in [("draft_p50_ms", 50), ("draft_p99_ms", 99)] {
        let at = times.len() * share / 100;
        let time = times.get(at).map(Duration::as_secs_f64);
        io.figures.measured(name, time.map(|s| s * 1e3), 3);
    }
    Ok(done)
}

fn knowledge(folder: &Path) -> Result<KnowledgeBase, Stop> {
    let mut articles = Vec::new();
    read_folder(folder, &mut articles)
        .map_err(|error| Stop::Usage(format!("the knowledge cannot be read: {}", error.kind())))?;
    articles.sort();
    if articles.is_empty() {
        return Err(Stop::Usage(
            "the folder holds no *.md, *.html or *.csv".to_owned(),
        ));
    }
    KnowledgeBase::from_files(articles.iter().map(|(n, t)| (n.as_str(), t.as_str())))
        .map_err(|error| Stop::Usage(error.to_string()))
}

/// What is read; other files of the folder may be no text at all.
const ENDINGS: [&str; 5] = ["md", "markdown", "html", "htm", "csv"];

fn read_folder(folder: &Path, articles: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            read_folder(&path, articles)?;
        } else if path
            .extension()
            .and_then(|end| end.to_str())
            .is_some_and(|end| ENDINGS.contains(&end.to_ascii_lowercase().as_str()))
        {
            articles.push((path.display().to_string(), std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Drafts, and notes how long the engine alone took.
fn drafted(
    row: &Row,
    engine: &Engine,
    detector: &Detector,
    now: DateTime<Utc>,
    times: &Mutex<Vec<Duration>>,
) -> Answer {
    let mut map = PseudonymMap::new(MapId([0; 16]));
    let (known, name) = customer(row)?;
    let mut seal = |text: &str| {
        seal_checked(text, &known, detector, &mut map).map_err(|error| code_of(&error))
    };
    let text = seal(row.text("text")?)?;
    let facts = facts(row, &mut seal)?;
    let thread =
        Thread::new(vec![Message::new(Author::Customer, text)]).map_err(|_| ErrorCode::BadField)?;
    // The customer's own name, where the caller gave it and the mail holds it.
    let own = name.as_deref().and_then(|name| {
        let tags: Vec<Tag> = thread.messages().first()?.text().tags().to_vec();
        tags.into_iter().find(|tag| map.expose(tag) == Some(name))
    });
    let thread = match own {
        Some(tag) => thread.with_customer(tag),
        None => thread,
    };
    let request = Request::new(&thread, &map, detector, now).with_facts(&facts);
    let mut fields = Object::new();
    let start = Instant::now();
    let suggestion = engine.suggest_embedded(&request);
    times
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(start.elapsed());
    match suggestion {
        Suggestion::Draft(draft) => {
            let restored = restore(draft.text(), &map).map_err(|_| ErrorCode::Leak)?;
            fields.insert("draft".into(), draft.text().as_str().into());
            fields.insert("draft_restored".into(), restored.expose().into());
            fields.insert("citations".into(), json!(draft.citations()));
            fields.insert(
                "findings".into(),
                shown(draft.findings(), draft.text().as_str()),
            );
            fields.insert("confidence".into(), json!(f64::from(draft.confidence())));
            fields.insert("intent".into(), json!(draft.intent().map(|i| i.code())));
            fields.insert("why_none".into(), Value::Null);
        }
        Suggestion::None(none) => {
            fields.insert("draft".into(), Value::Null);
            fields.insert("draft_restored".into(), Value::Null);
            fields.insert("citations".into(), json!([]));
            fields.insert("findings".into(), shown(&none.findings, ""));
            fields.insert("confidence".into(), json!(0.0));
            fields.insert("intent".into(), json!(none.intent.map(|i| i.code())));
            fields.insert("why_none".into(), none.reason.code().into());
        }
    }
    Ok(fields)
}

/// Offsets in Unicode scalar values, as `detect` has them; absent where a finding is about the whole.
fn shown(findings: &[Finding], draft: &str) -> Value {
    let chars = |byte: usize| draft.get(..byte).map(|text| text.chars().count());
    findings
        .iter()
        .map(|finding| {
            json!({
                "code": finding.code.as_str(),
                "severity": finding.severity.as_str(),
                "start": finding.span.and_then(|span| chars(span.start())),
                "end": finding.span.and_then(|span| chars(span.end())),
            })
        })
        .collect()
}

/// `customer`: a name, or an object of names, e-mail addresses and so on, as `known` of `detect`.
fn customer(row: &Row) -> Result<(Known, Option<String>), ErrorCode> {
    let mut known = Known::new();
    let mut name = None;
    match row.fields.get("customer") {
        None | Some(Value::Null) => {}
        Some(Value::String(one)) => {
            known.add_name(one);
            name = Some(one.clone());
        }
        Some(Value::Object(fields)) => {
            for (field, value) in fields {
                let values: Vec<&str> = match value {
                    Value::String(one) => vec![one],
                    Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
                    Value::Null => continue,
                    _ => return Err(ErrorCode::BadField),
                };
                for value in values {
                    match field.as_str() {
                        "name" | "names" => {
                            name.get_or_insert_with(|| value.to_owned());
                            known.add_name(value)
                        }
                        "email" | "emails" => known.add_email(value),
                        "phone" | "phones" => known.add_phone(value),
                        "address" | "addresses" => known.add_address(value),
                        "order" | "orders" => known.add_order(value),
                        "customer_id" => known.add_customer_id(value),
                        _ => &mut known,
                    };
                }
            }
        }
        Some(_) => return Err(ErrorCode::BadField),
    }
    Ok((known, name))
}

fn facts(
    row: &Row,
    seal: &mut dyn FnMut(&str) -> Result<Redacted, ErrorCode>,
) -> Result<Vec<Fact>, ErrorCode> {
    let list = match row.fields.get("facts") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(ErrorCode::BadField),
    };
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(ErrorCode::BadField),
    };
    let mut facts = Vec::new();
    for fact in list {
        let kind = text(fact.get("kind"))?.ok_or(ErrorCode::BadField)?;
        let value = text(fact.get("value"))?.ok_or(ErrorCode::BadField)?;
        let mut made = Fact::new(FactKind::from_label(&kind), seal(&value)?);
        if let Some(key) = text(fact.get("key"))? {
            made = made.about(seal(&key)?);
        }
        if let Some(until) = text(fact.get("valid_until"))? {
            made = made.valid_until(instant(&until).ok_or(ErrorCode::BadField)?);
        }
        facts.push(made);
    }
    Ok(facts)
}

/// An RFC 3339 instant, or a day: it holds to the day's end in UTC.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc())
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
