//! `eval anonymise`: templates of what several tickets of several people have in common; all rows are read first.

use std::collections::HashMap;
use std::io::sink;

use clap::Args;
use tactful::pii_detect::Detector;
use tactful::redact::{
    AnonymiseError, Anonymised, Backing, Gate, Label, Limits, MapId, PseudonymMap, Templates,
};

use super::{Done, Io, Stop};
use crate::figures::{CpuTime, Figures};
use crate::rows::{Answer, ErrorCode, Object, Row, fold_rows};

/// Options of `anonymise`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Tickets, and different subjects among them, that must have a template's words in common.
    #[arg(long, default_value_t = 5)]
    pub k: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { k: 5 }
    }
}

/// Answers a template for every row, or `refused`.
///
/// # Errors
/// `--k` below 2; reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    let limits = Limits::new(options.k)
        .ok_or_else(|| Stop::Usage("--k: fewer than 2 protect nobody".to_owned()))?;
    let mut input = Vec::new();
    io.input.read_to_end(&mut input)?;
    // At highest recall: what is taken too much of is only a slot more.
    let detector = Detector::builder()
        .recall_bias(1.0)
        .build()
        .map_err(|error| Stop::Failed(error.to_string()))?;
    let gate = Gate::new(&detector);
    let mut templates = Templates::new(limits);
    let mut labels: HashMap<String, u128> = HashMap::new();
    let mut label = |name: String| {
        let next = labels.len() as u128;
        Label(labels.entry(name).or_insert(next).to_be_bytes())
    };
    let mut added: Vec<Result<usize, &'static str>> = Vec::new();
    let mut maps = 0u128;
    fold_rows(
        &mut input.as_slice(),
        &mut sink(),
        io.figures,
        true,
        &mut |row| {
            let text = row.text("text")?;
            let subject = match row.fields.get("subject").filter(|v| !v.is_null()) {
                Some(subject) => format!("subject {subject}"),
                None => format!("id {}", row.id().unwrap_or_default()),
            };
            let agent = row.fields.get("agent").filter(|v| !v.is_null());
            let agent = agent.map(|agent| label(format!("agent {agent}")));
            let backing = Backing::new(label(subject), agent);
            maps += 1;
            let mut map = PseudonymMap::new(MapId(maps.to_be_bytes()));
            added.push(match gate.seal(text, &mut map) {
                Ok(sealed) => templates
                    .add(&sealed, &detector, backing)
                    .map_err(|error| error.code()),
                Err(error) => Err(error.code()),
            });
            Ok(Object::new())
        },
    )?;
    let start = CpuTime::now();
    let built = templates.build();
    io.figures.cpu_s += start.elapsed_s();
    let mut next = added.into_iter();
    Ok(fold_rows(
        &mut input.as_slice(),
        io.output,
        &mut Figures::default(),
        true,
        &mut |row| answer(row, next.next(), &built),
    )?)
}

fn answer(
    row: &Row,
    added: Option<Result<usize, &'static str>>,
    built: &[Result<Anonymised, AnonymiseError>],
) -> Answer {
    row.text("text")?;
    let mut fields = Object::new();
    match added {
        Some(Ok(at)) => match built.get(at) {
            Some(Ok(text)) => fields.insert("text".into(), text.as_str().into()),
            Some(Err(error)) => fields.insert("refused".into(), error.code().into()),
            None => return Err(ErrorCode::DetectorFailed),
        },
        Some(Err(code)) => fields.insert("refused".into(), code.into()),
        None => return Err(ErrorCode::DetectorFailed),
    };
    Ok(fields)
}
