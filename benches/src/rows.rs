//! JSON Lines in, JSON Lines out: same order, one line for each line, an `error` code instead of a guess.

use std::io::{self, BufRead, Write};

use serde_json::{Map, Value};

use crate::figures::{CpuTime, Figures};

/// One JSON object.
pub type Object = Map<String, Value>;

/// How many rows are parsed, then worked on, then written, at a time: the work is timed alone.
const BATCH: usize = 1024;

/// A batch of long texts ends earlier, so that memory does not grow with the input.
const BATCH_BYTES: usize = 8 << 20;

/// The codes that stand in `error`; `eval --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The line is no JSON object (or no UTF-8).
    NotJson,
    /// The row has no `id`.
    MissingId,
    /// The row has no `text`.
    MissingText,
    /// A field has another type than the contract says.
    BadField,
    /// The text is longer than the limit of the detector.
    TooLarge,
    /// A detector failed; nothing is handed out.
    DetectorFailed,
    /// A mapped value would have left in clear.
    Leak,
    /// A tag of `values` is not of the form `[KIND_n]`.
    BadTag,
    /// `--format json` and the text is not one JSON value.
    BadJson,
    /// A citation, passage or article could not be read.
    BadKnowledge,
    /// An operation of the store failed.
    StoreFailed,
    /// No calendar has this code.
    UnknownCalendar,
    /// A day in a year whose holidays are not known.
    CalendarOutOfRange,
    /// No time zone has this name.
    UnknownTimeZone,
    /// A pause that ends before it begins, or begins before receipt.
    InvalidPause,
    /// The notice of an extension came after the first limit.
    ExtensionTooLate,
    /// The notice of an extension has no reason.
    ReasonRequired,
    /// A reason that allows no extension.
    NotAnExtensionGround,
    /// A second extension.
    AlreadyExtended,
    /// A notice older than the request.
    NoticeBeforeReceipt,
}

impl ErrorCode {
    /// All codes, for the help text.
    pub const ALL: [Self; 20] = [
        Self::NotJson,
        Self::MissingId,
        Self::MissingText,
        Self::BadField,
        Self::TooLarge,
        Self::DetectorFailed,
        Self::Leak,
        Self::BadTag,
        Self::BadJson,
        Self::BadKnowledge,
        Self::StoreFailed,
        Self::UnknownCalendar,
        Self::CalendarOutOfRange,
        Self::UnknownTimeZone,
        Self::InvalidPause,
        Self::ExtensionTooLate,
        Self::ReasonRequired,
        Self::NotAnExtensionGround,
        Self::AlreadyExtended,
        Self::NoticeBeforeReceipt,
    ];

    /// The code as it is printed.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::MissingId => "missing_id",
            Self::MissingText => "missing_text",
            Self::BadField => "bad_field",
            Self::TooLarge => "too_large",
            Self::DetectorFailed => "detector_failed",
            Self::Leak => "leak",
            Self::BadTag => "bad_tag",
            Self::BadJson => "bad_json",
            Self::BadKnowledge => "bad_knowledge",
            Self::StoreFailed => "store_failed",
            Self::UnknownCalendar => "unknown_calendar",
            Self::CalendarOutOfRange => "calendar_out_of_range",
            Self::UnknownTimeZone => "unknown_time_zone",
            Self::InvalidPause => "invalid_pause",
            Self::ExtensionTooLate => "extension_too_late",
            Self::ReasonRequired => "reason_required",
            Self::NotAnExtensionGround => "not_an_extension_ground",
            Self::AlreadyExtended => "already_extended",
            Self::NoticeBeforeReceipt => "notice_before_receipt",
        }
    }
}

/// A parsed row.
#[derive(Debug)]
#[non_exhaustive]
pub struct Row {
    /// The fields as they came.
    pub fields: Object,
}

impl Row {
    /// The `id`, whatever JSON value it is.
    #[must_use]
    pub fn id(&self) -> Option<&Value> {
        self.fields.get("id").filter(|v| !v.is_null())
    }

    /// A string field.
    ///
    /// # Errors
    /// [`ErrorCode::MissingText`] for an absent `text`, else [`ErrorCode::BadField`].
    pub fn text(&self, field: &str) -> Result<&str, ErrorCode> {
        match self.fields.get(field) {
            Some(Value::String(s)) => Ok(s),
            None if field == "text" => Err(ErrorCode::MissingText),
            _ => Err(ErrorCode::BadField),
        }
    }

    /// The strings of an array field; empty where the field is absent.
    ///
    /// # Errors
    /// [`ErrorCode::BadField`] when it is no array of strings.
    pub fn strings(&self, field: &str) -> Result<Vec<&str>, ErrorCode> {
        strings_of(self.fields.get(field))
    }
}

/// The strings of an optional JSON array.
///
/// # Errors
/// [`ErrorCode::BadField`] when it is no array of strings.
pub fn strings_of(value: Option<&Value>) -> Result<Vec<&str>, ErrorCode> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => items
            .iter()
            .map(|v| v.as_str().ok_or(ErrorCode::BadField))
            .collect(),
        Some(_) => Err(ErrorCode::BadField),
    }
}

/// Whether every row came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "all or not all")]
pub enum Outcome {
    /// No row carries `error`.
    AllDone,
    /// Some row carries `error`.
    SomeErrors,
}

/// What a command makes of a row: the fields of the answer after `id`.
pub type Answer = Result<Object, ErrorCode>;

/// Works on every row with `threads` threads; the order of the answers is the order of the rows.
///
/// # Errors
/// Reading or writing failed.
pub fn map_rows(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    figures: &mut Figures,
    threads: usize,
    work: &(dyn Fn(&Row) -> Answer + Sync),
) -> io::Result<Outcome> {
    figures.threads = threads.max(1);
    drive(input, output, figures, true, &mut |rows| {
        if threads <= 1 {
            return rows.iter().map(|r| answer(r, work)).collect();
        }
        let share = rows.len().div_ceil(threads).max(1);
        std::thread::scope(|scope| {
            let handles: Vec<_> = rows
                .chunks(share)
                .map(|part| {
                    scope.spawn(move || part.iter().map(|r| answer(r, work)).collect::<Vec<_>>())
                })
                .collect();
            handles
                .into_iter()
                .flat_map(|h| h.join().unwrap_or_default())
                .collect()
        })
    })
}

/// Works on every row in order with a closure that may keep state between rows.
///
/// # Errors
/// Reading or writing failed.
pub fn fold_rows(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    figures: &mut Figures,
    needs_id: bool,
    work: &mut dyn FnMut(&Row) -> Answer,
) -> io::Result<Outcome> {
    drive(input, output, figures, needs_id, &mut |rows| {
        rows.iter()
            .map(|r| r.as_ref().map_err(|e| *e).and_then(&mut *work))
            .collect()
    })
}

fn answer(row: &Result<Row, ErrorCode>, work: &(dyn Fn(&Row) -> Answer + Sync)) -> Answer {
    row.as_ref().map_err(|e| *e).and_then(work)
}

type Batch<'a> = dyn FnMut(&[Result<Row, ErrorCode>]) -> Vec<Answer> + 'a;

fn drive(
    input: &mut dyn BufRead,
    output: &mut dyn Write,
    figures: &mut Figures,
    needs_id: bool,
    work: &mut Batch<'_>,
) -> io::Result<Outcome> {
    let mut outcome = Outcome::AllDone;
    let mut line_number = 0usize;
    let mut buffer = Vec::new();
    loop {
        let mut lines = Vec::with_capacity(BATCH);
        let mut rows = Vec::with_capacity(BATCH);
        let mut batch_bytes = 0;
        while rows.len() < BATCH && batch_bytes < BATCH_BYTES {
            buffer.clear();
            let read = input.read_until(b'\n', &mut buffer)?;
            if read == 0 {
                break;
            }
            batch_bytes += read;
            line_number += 1;
            if buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            lines.push(line_number);
            rows.push(parse(&buffer, needs_id));
        }
        if rows.is_empty() {
            return Ok(outcome);
        }
        for row in rows.iter().flatten() {
            figures.texts += 1;
            if let Some(Value::String(text)) = row.fields.get("text") {
                figures.bytes += text.len();
            }
        }
        let start = CpuTime::now();
        let answers = work(&rows);
        figures.cpu_s += start.elapsed_s();
        for ((row, line), answer) in rows.iter().zip(&lines).zip(answers) {
            let mut object = Object::new();
            match row.as_ref().ok().and_then(Row::id) {
                Some(id) => {
                    object.insert("id".into(), id.clone());
                }
                None if needs_id || row.is_err() => {
                    object.insert("line".into(), (*line).into());
                }
                None => {}
            }
            match answer {
                Ok(fields) => object.extend(fields),
                Err(code) => {
                    outcome = Outcome::SomeErrors;
                    object.insert("error".into(), code.as_str().into());
                }
            }
            serde_json::to_writer(&mut *output, &Value::Object(object))?;
            output.write_all(b"\n")?;
        }
    }
}

fn parse(line: &[u8], needs_id: bool) -> Result<Row, ErrorCode> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(line) else {
        return Err(ErrorCode::NotJson);
    };
    let row = Row { fields };
    if needs_id && row.id().is_none() {
        return Err(ErrorCode::MissingId);
    }
    Ok(row)
}
