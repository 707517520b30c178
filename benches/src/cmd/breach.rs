//! `eval breach`: the three ends of the hours of each row.

use serde_json::Value;
use tactful::gdpr_rights::request::clock::Clock;
use tactful::gdpr_rights::request::profile::LegalProfile;

use super::deadline::{Options, calendar, code_of, given, instant, zone};
use super::{Done, Io};
use crate::rows::{Answer, ErrorCode, Object, Row, map_rows};

/// Counts the hours of every row.
///
/// # Errors
/// Reading or writing failed.
pub fn run(options: &Options, io: Io<'_>) -> Done {
    Ok(map_rows(
        io.input,
        io.output,
        io.figures,
        options.threads(),
        &counted,
    )?)
}

fn counted(row: &Row) -> Answer {
    let zone = zone(row)?.ok_or(ErrorCode::BadField)?;
    let calendar = calendar(row)?;
    let aware = instant(row.text("aware_at")?)?;
    let profile = match given(row, "hours") {
        None => LegalProfile::GDPR,
        Some(hours) => LegalProfile::GDPR.with_breach_hours(whole(hours)?),
    };
    let limits = Clock::new(zone, &calendar)
        .with_profile(profile)
        .breach(aware)
        .map_err(code_of)?;

    let mut fields = Object::new();
    for (name, end) in [
        ("strict_instant", limits.strict()),
        ("reg1182_period_end", limits.by_regulation()),
        ("contested_art3_5_end", limits.contested()),
    ] {
        fields.insert(name.into(), end.to_rfc3339().into());
    }
    Ok(fields)
}

fn whole(hours: &Value) -> Result<u32, ErrorCode> {
    hours
        .as_u64()
        .and_then(|hours| u32::try_from(hours).ok())
        .ok_or(ErrorCode::BadField)
}
