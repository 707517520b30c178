//! The clock against vectors of somebody who had not seen it, and against the naive clock on every day.

use chrono::{Datelike, NaiveDate, Weekday};
use gdpr_rights::Error;
use gdpr_rights::request::clock::{Clock, ExtensionGround, Pause, Zone};
use gdpr_rights::request::holidays::{Calendar, DayOff, WorkingDays};
use gdpr_rights::request::profile::LegalProfile;

use super::held_back;
use super::naive::{self, Asked, Dates};
use super::vectors::{BREACHES, Breach, DEADLINES, Deadline, UNDUE_DELAY_DAYS};

fn counted(v: &Deadline) -> Result<Dates, Error> {
    let calendar = Calendar::new(v.calendar)?;
    let clock = Clock::new(Zone::new(v.zone)?, &calendar);
    let mut pauses = Vec::new();
    for (asked, answered) in v.pauses() {
        pauses.push(match answered {
            Some(answered) => Pause::new(asked, answered)?,
            None => Pause::open(asked),
        });
    }
    let ground = v.reason.map(ExtensionGround::new).transpose()?;
    let received = match chrono::DateTime::parse_from_rfc3339(v.received) {
        Ok(instant) => clock.date(instant.to_utc())?,
        Err(_) => v.received(),
    };
    let mut deadline = clock.deadline(received, &pauses)?;
    for notice in v.notices() {
        deadline = deadline.extend(notice, ground)?;
    }
    Ok(Dates {
        base_due: deadline.base().due(),
        extended_due: deadline.if_extended().due(),
        extension_notice_by: deadline.extension_notice_by(),
        base_due_without_pause: deadline.base_without_pause().due(),
    })
}

fn code(error: Error) -> &'static str {
    match error {
        Error::UnknownCalendar => "unknown_calendar",
        Error::CalendarOutOfRange => "calendar_out_of_range",
        Error::InvalidPause => "invalid_pause",
        Error::ExtensionTooLate { .. } => "extension_too_late",
        Error::ReasonRequired => "reason_required",
        Error::NotAnExtensionGround => "not_an_extension_ground",
        Error::AlreadyExtended => "already_extended",
        _ => "another",
    }
}

fn missed(deadlines: &[Deadline], breaches: &[Breach]) -> Vec<&'static str> {
    let deadlines = deadlines.iter().filter_map(|v| {
        let fits = counted(v).map_err(code) == v.expected();
        (!fits).then_some(v.id)
    });
    let breaches = breaches.iter().filter_map(|v| {
        let calendar = Calendar::new(v.calendar).unwrap();
        let profile = LegalProfile::GDPR.with_breach_hours(v.hours);
        let clock = Clock::new(Zone::new(v.zone).unwrap(), &calendar).with_profile(profile);
        let limits = clock.breach(v.aware_at()).unwrap();
        let expected = v.expected();
        let fits = limits.strict() == expected.strict
            && limits.by_regulation() == expected.regulation_end
            && limits.contested() == expected.contested_end;
        (!fits).then_some(v.id)
    });
    deadlines.chain(breaches).collect()
}

#[test]
fn p115_the_clock_meets_every_vector_of_another_hand() {
    let missed = missed(DEADLINES, BREACHES);
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn p115_a_period_of_less_than_two_days_needs_no_working_days() {
    let calendar = Calendar::new("FR").unwrap();
    let clock = Clock::new(Zone::new("Europe/Paris").unwrap(), &calendar);
    // A Friday: two working days end on Tuesday.
    let aware = "2026-06-05T13:00:00Z".parse().unwrap();
    for (hours, contested) in [
        (47, "2026-06-07T15:00:00+02:00"),
        (48, "2026-06-10T00:00:00+02:00"),
    ] {
        let clock = clock.with_profile(LegalProfile::GDPR.with_breach_hours(hours));
        let limits = clock.breach(aware).unwrap();
        assert_eq!(limits.contested().to_rfc3339(), contested);
    }
}

/// A third is held back: nobody looks at it while building. `.ci/full suites` says how many are missed, not which.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment what to run"
)]
fn p115_the_clock_meets_what_was_held_back() {
    if std::env::var_os("TACTFUL_HELD_BACK").is_none() {
        return;
    }
    let missed = missed(held_back::DEADLINES, held_back::BREACHES).len();
    let all = held_back::DEADLINES.len() + held_back::BREACHES.len();
    eprintln!("held back: {} of {all} met", all - missed);
    assert_eq!(missed, 0);
}

#[test]
fn p115_the_clock_agrees_with_a_naive_one_on_every_day_of_receipt() {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    for code in ["FR", "DE-BY", "BG", "IE", "PT-30", "CY"] {
        let calendar = Calendar::new(code).unwrap();
        let clock = Clock::new(Zone::new("Europe/Paris").unwrap(), &calendar);
        let off = |day: NaiveDate| {
            let off = calendar.day_off(day).unwrap();
            assert_eq!(off == Some(DayOff::Sunday), day.weekday() == Weekday::Sun);
            matches!(off, Some(DayOff::Holiday(_)))
        };
        // Three months later has to be within what the calendar knows.
        for received in first.iter_days().take_while(|day| day.year() < 2035) {
            let deadline = clock.deadline(received, &[]).unwrap();
            let asked = Asked {
                received,
                pauses: &[],
                notices: &[],
                reason: None,
                undue_delay_days: UNDUE_DELAY_DAYS,
            };
            let naive = naive::dates(&asked, &off).unwrap();
            assert_eq!(deadline.base().due(), naive.base_due, "{code} {received}");
            assert_eq!(
                deadline.if_extended().due(),
                naive.extended_due,
                "{code} {received}"
            );
        }
    }
}
