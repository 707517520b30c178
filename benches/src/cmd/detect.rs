//! `eval detect`: where personal data stands, what kind it is, and why.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use tactful::pii_detect::{self, Detector, Findings, Known, Locale, NameEngine, TokenClassifier};

use super::{Done, Io, Stop};
use crate::explain::{self, Entry};
use crate::gold::{self, Counted};
use crate::rows::{ErrorCode, Object, Row, map_rows, strings_of};

/// Options of `detect`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// `auto` detects the language of each text; else a code such as `fr`.
    #[arg(long, default_value = "auto")]
    pub locale: String,
    /// What finds names and places.
    #[arg(long, value_enum, default_value_t = Engine::Embedded)]
    pub engine: Engine,
    /// Folder with the model of the neural engine: `config.json`, `tokenizer.json` and one `.onnx` file, there or in `onnx`.
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// From -1 (only what is sure) to 1 (every candidate).
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    pub recall_bias: f32,
    /// Writes a page with every text and its findings, beside what its row marks by hand in `spans` (offsets in code
    /// points). It holds the texts: treat it as you treat them.
    #[arg(long, value_name = "PAGE")]
    pub explain_html: Option<PathBuf>,
    /// Labels that count on the page beside the usual ones: `ORG,AGE`.
    #[arg(long, value_delimiter = ',', requires = "explain_html")]
    pub count: Vec<String>,
    /// What `start` and `end` count.
    #[arg(long, value_enum, default_value_t = Offsets::Char)]
    pub offsets: Offsets,
    /// Threads at work.
    #[arg(long, default_value_t = 1)]
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            locale: "auto".to_owned(),
            engine: Engine::Embedded,
            model: None,
            recall_bias: 0.0,
            explain_html: None,
            count: Vec::new(),
            offsets: Offsets::Char,
            threads: 1,
        }
    }
}

/// What finds names and places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Engine {
    /// Rules and lexicon.
    Embedded,
    /// Nothing.
    None,
    /// Rules, lexicon and a model of the user's (feature `neural`).
    Neural,
}

/// What offsets count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Offsets {
    /// Unicode scalar values.
    Char,
    /// Bytes of UTF-8.
    Byte,
}

/// Detects in every row.
///
/// # Errors
/// An option that cannot be used, a part that is not built, or reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let detector = detector(options)?;
    let page = options
        .explain_html
        .as_ref()
        .map(|_| Mutex::new(Vec::new()));
    // The page is written in the order of the rows.
    let threads = if page.is_some() { 1 } else { options.threads };
    let outcome = map_rows(io.input, io.output, io.figures, threads, &|row| {
        let text = row.text("text")?;
        let known = known_of(row)?;
        let findings = detector
            .detect(text, &known)
            .map_err(|error| code_of(&error))?;
        if let Some(page) = &page {
            let entry = entry(row, text, &findings)?;
            if let Ok(mut page) = page.lock() {
                page.push(entry);
            }
        }
        Ok(answer(text, &findings, options.offsets))
    })?;
    if let (Some(path), Some(page)) = (&options.explain_html, page) {
        let counted = Counted::with(options.count.iter().map(String::as_str));
        let entries = page.into_inner().unwrap_or_default();
        let mut file = BufWriter::new(std::fs::File::create(path)?);
        explain::write(&entries, &counted, &mut file)?;
        file.into_inner()
            .map_err(|error| Stop::Io(error.into_error()))?;
    }
    Ok(outcome)
}

/// A text of the page.
fn entry(row: &Row, text: &str, findings: &Findings) -> Result<Entry, ErrorCode> {
    let id = match row.id() {
        Some(Value::String(id)) => id.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let lang = match row.fields.get("lang") {
        Some(Value::String(lang)) => lang,
        _ => findings.locale().map_or("", Locale::code),
    };
    let gold = gold::of_row(row, text)?;
    Ok(Entry::new(&id, lang, text, gold, gold::found(findings)))
}

fn detector(options: &Options) -> Result<Detector, Stop> {
    if options.engine == Engine::Neural && !cfg!(feature = "neural") {
        return Err(NO_NEURAL);
    }
    let names = match options.engine {
        Engine::Embedded | Engine::Neural => NameEngine::Embedded,
        Engine::None => NameEngine::None,
    };
    if options.model.is_some() != (options.engine == Engine::Neural) {
        return Err(Stop::Usage(
            "--model goes with --engine neural, and the other way round".to_owned(),
        ));
    }
    if !(-1.0..=1.0).contains(&options.recall_bias) {
        return Err(Stop::Usage(
            "--recall-bias lies between -1 and 1".to_owned(),
        ));
    }
    let mut builder = Detector::builder()
        .names(names)
        .recall_bias(options.recall_bias);
    if let Some(dir) = &options.model {
        builder = builder.neural(classifier(dir)?);
    }
    if options.locale != "auto" {
        let locale = Locale::from_code(&options.locale)
            .ok_or_else(|| Stop::Usage("--locale is auto or an official EU language".to_owned()))?;
        builder = builder.locale(locale);
    }
    builder
        .build()
        .map_err(|error| Stop::Usage(error.to_string()))
}

const NO_NEURAL: Stop = Stop::NotBuilt("detect --engine neural (build with --features neural)");

#[cfg(not(feature = "neural"))]
fn classifier(_: &Path) -> Result<Arc<dyn TokenClassifier>, Stop> {
    Err(NO_NEURAL)
}

/// The model of a folder.
#[cfg(feature = "neural")]
fn classifier(dir: &Path) -> Result<Arc<dyn TokenClassifier>, Stop> {
    let refused = |error: &dyn std::error::Error| Stop::Usage(format!("--model: {error}"));
    let text = |name: &str| {
        std::fs::read_to_string(dir.join(name))
            .map_err(|error| Stop::Usage(format!("--model: {name}: {error}")))
    };
    let config = pii_detect::ModelConfig::from_config_json(&text("config.json")?)
        .map_err(|error| refused(&error))?;
    let mut found = Vec::new();
    for folder in [dir.to_path_buf(), dir.join("onnx")] {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "onnx") {
                found.push(path);
            }
        }
    }
    let [onnx] = found.as_slice() else {
        let count = found.len();
        return Err(Stop::Usage(format!(
            "--model: one .onnx file is wanted, {count} are there"
        )));
    };
    let model =
        pii_detect::NeuralModel::load(std::fs::read(onnx)?, &text("tokenizer.json")?, &config)
            .map_err(|error| refused(&error))?;
    Ok(Arc::new(model))
}

fn answer(text: &str, findings: &Findings, offsets: Offsets) -> Object {
    // Findings are in order, so one walk over the text counts its characters.
    let (mut byte, mut char) = (0, 0);
    let mut offset = |to: usize| match offsets {
        Offsets::Byte => to,
        Offsets::Char => {
            char += text.get(byte..to).map_or(0, |part| part.chars().count());
            byte = to;
            char
        }
    };
    let spans: Vec<Value> = findings
        .iter()
        .map(|finding| {
            let start = offset(finding.span().start());
            let end = offset(finding.span().end());
            // Two decimals say all that a score knows, and print without the noise of an f32.
            let score = (f64::from(finding.score()) * 100.0).round() / 100.0;
            json!({
                "start": start,
                "end": end,
                "label": finding.label(),
                "score": score,
                "why": finding.why().as_str(),
            })
        })
        .collect();
    let mut fields = Object::new();
    fields.insert("spans".into(), spans.into());
    fields
}

fn code_of(error: &pii_detect::Error) -> ErrorCode {
    match error {
        pii_detect::Error::TooLarge { .. } => ErrorCode::TooLarge,
        _ => ErrorCode::DetectorFailed,
    }
}

/// The `known` of a row.
///
/// # Errors
/// [`ErrorCode::BadField`] when it is no object of string arrays.
pub(crate) fn known_of(row: &Row) -> Result<Known, ErrorCode> {
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
