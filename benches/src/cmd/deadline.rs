//! `eval deadline`: the legal month of each row.

use clap::Args;
use serde_json::Value;
use tactful::gdpr_rights::Error;
use tactful::gdpr_rights::request::clock::{Clock, ExtensionGround, Pause, Zone};
use tactful::gdpr_rights::request::holidays::Calendar;
use tactful::retention_policy::Timestamp;

use super::{Done, Io};
use crate::rows::{Answer, ErrorCode, Object, Row, map_rows};

/// Options of `deadline`.
#[derive(Args, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Threads to work on.
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

impl Options {
    pub(super) fn threads(&self) -> usize {
        self.threads
    }
}

/// Counts the limits of every row.
///
/// # Errors
/// Reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    Ok(map_rows(
        io.input,
        io.output,
        io.figures,
        options.threads,
        &counted,
    )?)
}

fn counted(row: &Row) -> Answer {
    let zone = zone(row)?;
    let pauses = pauses(row, zone)?;
    let ground = match given(row, "reason_code") {
        None => None,
        Some(Value::String(code)) if code.is_empty() => None,
        Some(Value::String(code)) => Some(ExtensionGround::new(code).map_err(code_of)?),
        Some(_) => return Err(ErrorCode::BadField),
    };
    let calendar = calendar(row)?;
    let received = civil(given(row, "received"), zone)?;

    // A civil date needs no zone, and no answer here shows an instant.
    let clock = Clock::new(zone.map_or_else(utc, Ok)?, &calendar);
    let deadline = clock.deadline(received, &pauses).map_err(code_of)?;
    let notices = match given(row, "extension_notified") {
        None => Vec::new(),
        Some(Value::Array(notices)) => notices.iter().collect(),
        Some(notice) => vec![notice],
    };
    if notices.len() > 1 {
        return Err(code_of(Error::AlreadyExtended));
    }
    let deadline = match notices.first() {
        None => deadline,
        Some(notice) => deadline
            .extend(civil(Some(notice), zone)?, ground)
            .map_err(code_of)?,
    };

    let mut fields = Object::new();
    for (name, day) in [
        ("base_due", deadline.base().due()),
        ("extended_due", deadline.if_extended().due()),
        ("extension_notice_by", deadline.extension_notice_by()),
        (
            "base_due_without_pause",
            deadline.base_without_pause().due(),
        ),
    ] {
        fields.insert(name.into(), day.to_string().into());
    }
    Ok(fields)
}

fn pauses(row: &Row, zone: Option<Zone>) -> Result<Vec<Pause>, ErrorCode> {
    let pauses = match given(row, "pauses") {
        None => return Ok(Vec::new()),
        Some(Value::Array(pauses)) => pauses,
        Some(_) => return Err(ErrorCode::BadField),
    };
    pauses
        .iter()
        .map(|pause| match pause.as_array().map(Vec::as_slice) {
            Some([asked, Value::Null]) => Ok(Pause::open(civil(Some(asked), zone)?)),
            Some([asked, answered]) => {
                Pause::new(civil(Some(asked), zone)?, civil(Some(answered), zone)?).map_err(code_of)
            }
            _ => Err(ErrorCode::BadField),
        })
        .collect()
}

/// A civil date as it stands, or an RFC 3339 instant seen in the zone.
fn civil(value: Option<&Value>, zone: Option<Zone>) -> Result<chrono::NaiveDate, ErrorCode> {
    let text = value.and_then(Value::as_str).ok_or(ErrorCode::BadField)?;
    if let Ok(day) = text.parse() {
        return Ok(day);
    }
    let at = instant(text)?;
    zone.ok_or(ErrorCode::BadField)?.date(at).map_err(code_of)
}

pub(super) fn instant(text: &str) -> Result<Timestamp, ErrorCode> {
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| ErrorCode::BadField)
}

pub(super) fn zone(row: &Row) -> Result<Option<Zone>, ErrorCode> {
    match given(row, "tz") {
        None => Ok(None),
        Some(Value::String(name)) => Zone::new(name).map(Some).map_err(code_of),
        Some(_) => Err(ErrorCode::BadField),
    }
}

pub(super) fn calendar(row: &Row) -> Result<Calendar, ErrorCode> {
    Calendar::new(row.text("calendar")?).map_err(code_of)
}

fn utc() -> Result<Zone, ErrorCode> {
    Zone::new("UTC").map_err(code_of)
}

pub(super) fn given<'a>(row: &'a Row, field: &str) -> Option<&'a Value> {
    row.fields.get(field).filter(|value| !value.is_null())
}

pub(super) fn code_of(error: Error) -> ErrorCode {
    match error {
        Error::UnknownCalendar => ErrorCode::UnknownCalendar,
        Error::CalendarOutOfRange => ErrorCode::CalendarOutOfRange,
        Error::UnknownZone => ErrorCode::UnknownTimeZone,
        Error::InvalidPause => ErrorCode::InvalidPause,
        Error::ExtensionTooLate { .. } => ErrorCode::ExtensionTooLate,
        Error::ReasonRequired => ErrorCode::ReasonRequired,
        Error::NotAnExtensionGround => ErrorCode::NotAnExtensionGround,
        Error::AlreadyExtended => ErrorCode::AlreadyExtended,
        Error::NoticeBeforeReceipt => ErrorCode::NoticeBeforeReceipt,
        _ => ErrorCode::BadField,
    }
}
