//! The stored form of an event: a version and codes, separated by `;`. Version 1 had neither silence nor times of drafting
//! and viewing.

use redact::Locale;

use super::{Counted, Drafting, Latency, UsageEvent, Viewing, Week, reason_of};
use crate::decision::{DiscardReason, EditClass, Outcome};
use crate::draft::Source;
use crate::intent::Intent;

const VERSION: &str = "2";

pub(super) fn write(event: &UsageEvent) -> String {
    let intent = event.intent.map_or("-", Intent::code);
    let locale = event.locale.map_or("-", Locale::code);
    let drafting = event.drafting.map_or("-", Drafting::code);
    let (week, findings) = (event.week, event.findings);
    match event.counted {
        Counted::Decided {
            outcome,
            source,
            citations,
            latency,
            viewing,
        } => {
            let detail = match outcome {
                Outcome::Accepted => "-",
                Outcome::Edited(class) => class.code(),
                Outcome::Discarded(reason) => reason.code(),
            };
            format!(
                "{VERSION};{intent};{};{detail};{week};{locale};{};{citations};{findings};{};{drafting};{}",
                outcome.code(),
                source.code(),
                latency.code(),
                viewing.map_or("-", Viewing::code),
            )
        }
        Counted::Silent { reason } => {
            format!(
                "{VERSION};{intent};none;{reason};{week};{locale};-;0;{findings};-;{drafting};-"
            )
        }
    }
}

pub(super) fn read(line: &str) -> Option<UsageEvent> {
    let parts: Vec<&str> = line.split(';').collect();
    match parts.as_slice() {
        ["1", rest @ ..] if rest.len() == 9 => {
            // What is read is written again to be compared: in the form it had.
            let event = parsed(&[rest, &["-", "-"]].concat())?;
            let decided = event.outcome().is_some();
            let again = write(&event);
            let again = again.strip_suffix(";-;-")?.strip_prefix(VERSION)?;
            (decided && line.strip_prefix('1') == Some(again)).then_some(event)
        }
        [VERSION, rest @ ..] => {
            let event = parsed(rest)?;
            (write(&event) == line).then_some(event)
        }
        _ => None,
    }
}

fn parsed(parts: &[&str]) -> Option<UsageEvent> {
    let [
        intent,
        outcome,
        detail,
        week,
        locale,
        source,
        citations,
        findings,
        latency,
        drafting,
        viewing,
    ] = parts
    else {
        return None;
    };
    let counted = if *outcome == "none" {
        Counted::Silent {
            reason: reason_of(detail)?,
        }
    } else {
        Counted::Decided {
            outcome: match *outcome {
                "accepted" => Outcome::Accepted,
                "edited" => Outcome::Edited(EditClass::from_code(detail)?),
                "discarded" => Outcome::Discarded(DiscardReason::from_code(detail)?),
                _ => return None,
            },
            source: Source::ALL.into_iter().find(|s| s.code() == *source)?,
            citations: citations.parse().ok()?,
            latency: Latency::from_code(latency)?,
            viewing: maybe(viewing, Viewing::from_code)?,
        }
    };
    Some(UsageEvent {
        intent: maybe(intent, Intent::from_code)?,
        week: Week::parse(week)?,
        locale: maybe(locale, Locale::from_code)?,
        findings: findings.parse().ok()?,
        drafting: maybe(drafting, Drafting::from_code)?,
        counted,
    })
}

/// A field that may be `-`; the outer `None` is a fault.
fn maybe<T>(field: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match field {
        "-" => Some(None),
        field => Some(Some(read(field)?)),
    }
}
