//! The month, the pauses, the extension and the 72 hours.
mod held_back;
mod measured;
mod naive;
mod vectors;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use gdpr_rights::Error;
use gdpr_rights::request::clock::{Clock, Deadline, Due, ExtensionGround, Pause, Step, Zone};
use gdpr_rights::request::holidays::{Calendar, DayOff, WorkingDays};
use gdpr_rights::request::profile::LegalProfile;
use proptest::prelude::*;

use crate::at;
use crate::holidays::day;

#[allow(
    dead_code,
    reason = "the example's `main` is not called here, its table is"
)]
#[path = "../../examples/thirty_days.rs"]
mod thirty_days;

fn zone(name: &str) -> Zone {
    Zone::new(name).unwrap()
}

fn pause(asked: &str, answered: &str) -> Pause {
    Pause::new(day(asked), day(answered)).unwrap()
}

fn counted(code: &str, received: &str, pauses: &[Pause]) -> Deadline {
    let calendar = Calendar::new(code).unwrap();
    Clock::new(zone("Europe/Paris"), &calendar)
        .deadline(day(received), pauses)
        .unwrap()
}

fn rolled(due: &Due) -> Vec<String> {
    due.why()
        .iter()
        .filter_map(|step| match step {
            Step::Roll { day, off } => Some(format!("{} {off}", day.format("%m-%d"))),
            _ => None,
        })
        .collect()
}

#[test]
fn p115_the_month_ends_on_its_number_or_on_its_last_day() {
    for (received, base, extended) in [
        // EDPB 01/2022, examples of paragraph 160.
        ("2024-03-05", "2024-04-05", "2024-06-05"),
        ("2023-08-31", "2023-09-30", "2023-11-30"),
        ("2024-01-29", "2024-02-29", "2024-04-29"),
        ("2024-01-31", "2024-02-29", "2024-04-30"),
        ("2023-01-28", "2023-02-28", "2023-04-28"),
        ("2023-01-29", "2023-02-28", "2023-04-29"),
        ("2023-11-30", "2023-12-30", "2024-02-29"),
        ("2022-12-31", "2023-01-31", "2023-03-31"),
    ] {
        let deadline = counted("FR", received, &[]);
        assert_eq!(deadline.received(), day(received));
        for (due, nominal, months) in [
            (deadline.base(), base, 1),
            (deadline.if_extended(), extended, 3),
        ] {
            assert_eq!(due.nominal(), day(nominal), "{received}");
            let clipped = day(nominal).day() != day(received).day();
            let clip = Step::Clip {
                day: day(received).day(),
                to: day(nominal),
            };
            assert_eq!(due.why().contains(&clip), clipped, "{received}");
            assert!(due.why().contains(&Step::Months {
                received: day(received),
                months,
                to: day(nominal),
            }));
            let extend = Step::Extend { months: 2 };
            assert_eq!(due.why().first() == Some(&extend), months == 3);
        }
    }
}

#[test]
fn p115_the_last_day_is_a_working_day_where_the_controller_is() {
    for (code, received, due, over) in [
        // A working day stays.
        ("FR", "2026-02-03", "2026-03-03", &[] as &[&str]),
        (
            "BG",
            "2026-02-03",
            "2026-03-04",
            &["03-03 a public holiday (Liberation Day)"],
        ),
        // Easter: four days in Germany, three in France.
        (
            "DE",
            "2026-03-03",
            "2026-04-07",
            &[
                "04-03 a public holiday (Good Friday)",
                "04-04 a Saturday",
                "04-05 a Sunday",
                "04-06 a public holiday (Easter Monday)",
            ],
        ),
        ("FR", "2026-03-03", "2026-04-03", &[]),
        // Epiphany in Bavaria, not in Berlin.
        (
            "DE-BY",
            "2025-12-06",
            "2026-01-07",
            &["01-06 a public holiday (Epiphany)"],
        ),
        ("DE-BE", "2025-12-06", "2026-01-06", &[]),
        // A holiday on a Saturday is named by its weekday.
        (
            "FR",
            "2026-07-15",
            "2026-08-17",
            &["08-15 a Saturday", "08-16 a Sunday"],
        ),
        // Christmas and the turn of the year.
        (
            "LV",
            "2026-11-24",
            "2026-12-28",
            &[
                "12-24 a public holiday (Christmas Eve)",
                "12-25 a public holiday (Christmas Day)",
                "12-26 a Saturday",
                "12-27 a Sunday",
            ],
        ),
    ] {
        let deadline = counted(code, received, &[]);
        assert_eq!(deadline.base().due(), day(due), "{code} {received}");
        assert_eq!(rolled(deadline.base()), over, "{code} {received}");
        assert_eq!(deadline.base(), deadline.base_without_pause());
        assert_eq!(deadline.current(), deadline.base());
        assert_eq!(deadline.alarm(), deadline.base());
    }
}

#[test]
fn p115_three_months_run_from_receipt_and_not_from_the_first_end() {
    let deadline = counted("FR", "2027-01-30", &[]);
    assert_eq!(deadline.base().due(), day("2027-03-01"));
    assert_eq!(deadline.if_extended().due(), day("2027-04-30"));
    assert_eq!(deadline.extension_notice_by(), day("2027-03-01"));

    let extended = deadline
        .clone()
        .extend(day("2027-03-01"), Some(ExtensionGround::Complexity))
        .unwrap();
    assert_eq!(deadline.extension(), None);
    assert_eq!(extended.current(), extended.if_extended());
    assert_eq!(extended.alarm(), extended.if_extended_without_pause());
    let extension = extended.extension().unwrap();
    assert_eq!(extension.notified(), day("2027-03-01"));
    assert_eq!(extension.ground(), ExtensionGround::Complexity);
}

#[test]
fn p115_an_extension_is_told_in_time_with_its_reason_and_once() {
    let deadline = counted("FR", "2026-09-01", &[]);
    let by = day("2026-10-01");
    let ground = Some(ExtensionGround::NumberOfRequests);
    let refused = |notified: &str, ground| deadline.clone().extend(day(notified), ground);
    assert_eq!(
        refused("2026-10-02", ground),
        Err(Error::ExtensionTooLate { by })
    );
    // Late is late, whatever it says.
    assert_eq!(
        refused("2026-10-02", None),
        Err(Error::ExtensionTooLate { by })
    );
    assert_eq!(refused("2026-10-01", None), Err(Error::ReasonRequired));
    assert_eq!(
        refused("2026-08-31", ground),
        Err(Error::NoticeBeforeReceipt)
    );
    assert!(refused("2026-09-01", ground).is_ok());
    let extended = refused("2026-10-01", ground).unwrap();
    assert_eq!(
        extended.extend(day("2026-10-01"), ground),
        Err(Error::AlreadyExtended)
    );
    // A pause moves the day of the notice along.
    let paused = counted("FR", "2026-09-01", &[pause("2026-09-02", "2026-09-04")]);
    assert_eq!(paused.extension_notice_by(), day("2026-10-05"));
    assert!(paused.extend(day("2026-10-05"), ground).is_ok());
}

#[test]
fn p115_complexity_and_number_are_the_only_grounds() {
    for ground in [
        ExtensionGround::Complexity,
        ExtensionGround::NumberOfRequests,
    ] {
        assert_eq!(ExtensionGround::new(ground.code()), Ok(ground));
    }
    assert_ne!(
        ExtensionGround::Complexity.code(),
        ExtensionGround::NumberOfRequests.code()
    );
    assert_eq!(ExtensionGround::new(""), Err(Error::ReasonRequired));
    for code in ["workload", "Complexity", "complexity ", "holidays"] {
        assert_eq!(ExtensionGround::new(code), Err(Error::NotAnExtensionGround));
    }
}

#[test]
fn pauses_count_each_day_once_and_only_when_asked_in_time() {
    // Received on a Tuesday; the month ends on Thursday 1 October.
    for (pauses, days) in [
        (vec![], 0),
        (vec![pause("2026-09-01", "2026-09-02")], 1),
        // Asked and answered on one day.
        (vec![pause("2026-09-02", "2026-09-02")], 0),
        // One after the other, overlapping, one within the other, in any order.
        (
            vec![
                pause("2026-09-02", "2026-09-04"),
                pause("2026-09-04", "2026-09-09"),
            ],
            7,
        ),
        (
            vec![
                pause("2026-09-04", "2026-09-09"),
                pause("2026-09-02", "2026-09-05"),
            ],
            7,
        ),
        (
            vec![
                pause("2026-09-02", "2026-09-09"),
                pause("2026-09-03", "2026-09-04"),
            ],
            7,
        ),
        (
            vec![
                pause("2026-09-02", "2026-09-03"),
                pause("2026-09-07", "2026-09-08"),
            ],
            2,
        ),
        // On the seventh day after receipt, and on the eighth.
        (vec![pause("2026-09-08", "2026-09-15")], 7),
        (vec![pause("2026-09-09", "2026-09-15")], 0),
        // The late question adds nothing to the early one.
        (
            vec![
                pause("2026-09-08", "2026-09-10"),
                pause("2026-09-09", "2026-09-15"),
            ],
            2,
        ),
        (vec![Pause::open(day("2026-09-02"))], 0),
        (
            vec![
                Pause::open(day("2026-09-02")),
                pause("2026-09-02", "2026-09-03"),
            ],
            1,
        ),
    ] {
        let deadline = counted("FR", "2026-09-01", &pauses);
        let nominal = day("2026-10-01") + Days::new(days);
        let due = if nominal.weekday() == Weekday::Sat {
            nominal + Days::new(2)
        } else if nominal.weekday() == Weekday::Sun {
            nominal + Days::new(1)
        } else {
            nominal
        };
        assert_eq!(deadline.base().due(), due, "{pauses:?}");
        assert_eq!(deadline.base().nominal(), day("2026-10-01"));
        assert_eq!(deadline.base_without_pause().due(), day("2026-10-01"));
        assert_eq!(deadline.alarm(), deadline.base_without_pause());
        assert_eq!(
            deadline.if_extended_without_pause().due(),
            day("2026-12-01")
        );
        let credited: Vec<&Step> = deadline
            .base()
            .why()
            .iter()
            .filter(|step| matches!(step, Step::Pause { .. }))
            .collect();
        let expected = Step::Pause {
            days: u32::try_from(days).unwrap(),
        };
        assert_eq!(credited, if days > 0 { vec![&expected] } else { vec![] });
    }
}

#[test]
fn a_pause_moves_the_extended_limit_by_the_same_days() {
    let deadline = counted("FR", "2026-09-01", &[pause("2026-09-02", "2026-09-09")]);
    assert_eq!(deadline.base().due(), day("2026-10-08"));
    assert_eq!(deadline.if_extended().due(), day("2026-12-08"));
    let extended = deadline
        .extend(day("2026-09-20"), Some(ExtensionGround::Complexity))
        .unwrap();
    assert_eq!(extended.current().due(), day("2026-12-08"));
    assert_eq!(extended.alarm().due(), day("2026-12-01"));
}

#[test]
fn pauses_that_credit_nothing_say_why() {
    let late = counted("FR", "2026-09-01", &[pause("2026-09-09", "2026-09-15")]);
    assert!(late.base().why().contains(&Step::AskedLate {
        asked: day("2026-09-09"),
        within: 7,
    }));
    let asked = day("2026-09-03");
    let open = counted("FR", "2026-09-01", &[Pause::open(asked)]);
    assert!(open.base().why().contains(&Step::Unanswered { asked }));
    assert_eq!(
        (Pause::open(asked).asked(), Pause::open(asked).answered()),
        (asked, None)
    );
    assert_eq!(
        pause("2026-09-02", "2026-09-03").answered(),
        Some(day("2026-09-03"))
    );
}

#[test]
fn a_pause_cannot_begin_before_the_request_or_end_before_it_begins() {
    assert_eq!(
        Pause::new(day("2026-09-09"), day("2026-09-08")),
        Err(Error::InvalidPause)
    );
    let france = Calendar::new("FR").unwrap();
    let clock = Clock::new(zone("Europe/Paris"), &france);
    for pause in [
        pause("2026-08-31", "2026-09-08"),
        Pause::open(day("2026-08-31")),
    ] {
        assert_eq!(
            clock.deadline(day("2026-09-01"), &[pause]),
            Err(Error::InvalidPause)
        );
    }
}

#[test]
fn the_day_of_receipt_is_the_controllers() {
    let calendar = Calendar::new("FI").unwrap();
    for (name, instant, date) in [
        ("Europe/Helsinki", "2026-03-31T20:59:59Z", "2026-03-31"),
        ("Europe/Helsinki", "2026-03-31T21:00:00Z", "2026-04-01"),
        ("Atlantic/Reykjavik", "2026-03-31T23:59:59Z", "2026-03-31"),
        ("Atlantic/Azores", "2026-01-01T00:59:59Z", "2025-12-31"),
        ("America/Martinique", "2026-01-01T03:59:59Z", "2025-12-31"),
    ] {
        let clock = Clock::new(zone(name), &calendar);
        assert_eq!(clock.date(at(instant)), Ok(day(date)), "{name} {instant}");
    }
    for name in ["", "Mars/Olympus", "europe/paris", "Europe/Paris "] {
        assert_eq!(Zone::new(name), Err(Error::UnknownZone), "{name:?}");
    }
    assert_eq!(zone("Europe/Paris").to_string(), "Europe/Paris");
    assert_eq!(
        format!("{:?}", zone("Europe/Paris")),
        "Zone(\"Europe/Paris\")"
    );
}

#[test]
fn nothing_is_received_in_the_future() {
    let calendar = Calendar::new("FR").unwrap();
    let clock = Clock::new(zone("Europe/Paris"), &calendar);
    let now = at("2026-03-31T22:30:00Z");
    assert_eq!(clock.received(now, now), Ok(day("2026-04-01")));
    assert_eq!(
        clock.received(at("2026-03-31T22:30:01Z"), now),
        Err(Error::ReceivedInFuture)
    );
}

#[test]
fn the_last_day_ends_at_midnight_whatever_the_clock_does() {
    let none = Working;
    for (name, received, end) in [
        ("Europe/Paris", "2026-02-28", "2026-03-29T00:00:00+01:00"),
        ("Europe/Paris", "2026-03-01", "2026-04-02T00:00:00+02:00"),
        ("Europe/Paris", "2026-09-25", "2026-10-26T00:00:00+01:00"),
        // On the Azores the clock jumps from 00:00 to 01:00 ...
        ("Atlantic/Azores", "2026-02-28", "2026-03-29T01:00:00+00:00"),
        // ... and back from 01:00 to 00:00: the day before ends once.
        ("Atlantic/Azores", "2026-09-24", "2026-10-25T00:00:00+00:00"),
        ("Atlantic/Azores", "2026-09-25", "2026-10-26T00:00:00-01:00"),
        // Samoa had no 30 December 2011.
        ("Pacific/Apia", "2011-11-29", "2011-12-31T00:00:00+14:00"),
    ] {
        let clock = Clock::new(zone(name), &none);
        let deadline = clock.deadline(day(received), &[]).unwrap();
        let due = deadline.base();
        if name == "Europe/Paris" && received == "2026-03-01" {
            assert_eq!(due.due(), day("2026-04-01"));
        }
        assert_eq!(due.ends_before().to_rfc3339(), end, "{name} {received}");
        let end = due.ends_before().to_utc();
        assert!(due.is_over(end));
        assert!(!due.is_over(end - chrono::TimeDelta::milliseconds(1)));
    }
}

/// Every day a working day.
#[derive(Debug)]
struct Working;

impl WorkingDays for Working {
    fn day_off(&self, _: NaiveDate) -> Result<Option<DayOff>, Error> {
        Ok(None)
    }
}

/// No day a working day, until one.
#[derive(Debug)]
struct Closed(NaiveDate);

impl WorkingDays for Closed {
    fn day_off(&self, day: NaiveDate) -> Result<Option<DayOff>, Error> {
        Ok((day < self.0).then_some(DayOff::Holiday("Closed")))
    }
}

#[test]
fn an_integrators_own_calendar_counts() {
    let received = day("2026-09-01");
    let run = |opens: NaiveDate| {
        Clock::new(zone("Europe/Paris"), &Closed(opens))
            .deadline(received, &[])
            .map(|deadline| deadline.base().due())
    };
    assert_eq!(run(day("2026-10-20")), Ok(day("2026-10-20")));
    assert_eq!(run(day("2027-10-01")), Ok(day("2027-10-01")));
    assert_eq!(run(day("2027-10-02")), Err(Error::NoWorkingDay));
}

#[test]
fn dates_beyond_the_calendar_are_errors() {
    let calendar = Calendar::new("FR").unwrap();
    let clock = Clock::new(zone("Europe/Paris"), &calendar);
    // The month ends in 2035, three months would end in 2036.
    for received in ["2035-10-01", "2036-01-01", "2019-11-30", "2019-08-01"] {
        assert_eq!(
            clock.deadline(day(received), &[]),
            Err(Error::CalendarOutOfRange),
            "{received}"
        );
    }
    assert!(clock.deadline(day("2035-09-28"), &[]).is_ok());
    // Received before the calendar begins, answered within it.
    assert!(clock.deadline(day("2019-12-02"), &[]).is_ok());
    for edge in [NaiveDate::MIN, NaiveDate::MAX] {
        let clock = Clock::new(zone("Europe/Paris"), &Working);
        assert_eq!(clock.deadline(edge, &[]), Err(Error::CalendarOutOfRange));
    }
    let far = Pause::new(day("2026-09-02"), NaiveDate::MAX).unwrap();
    assert_eq!(
        Clock::new(zone("Europe/Paris"), &Working).deadline(day("2026-09-01"), &[far]),
        Err(Error::CalendarOutOfRange)
    );
    for edge in [
        chrono::DateTime::<chrono::Utc>::MIN_UTC,
        chrono::DateTime::<chrono::Utc>::MAX_UTC,
    ] {
        assert_eq!(clock.date(edge), Err(Error::CalendarOutOfRange));
        assert_eq!(clock.breach(edge), Err(Error::CalendarOutOfRange));
    }
}

#[test]
fn p115_people_are_reminded_before_the_earlier_end() {
    let dates = |deadline: &Deadline| -> Vec<(String, u32)> {
        deadline
            .reminders()
            .map(|(day, left)| (day.to_string(), left))
            .collect()
    };
    let of = |day: &str, left| (day.to_owned(), left);
    let expected = [
        of("2026-09-17", 14),
        of("2026-09-24", 7),
        of("2026-09-28", 3),
        of("2026-09-30", 1),
    ];
    let plain = counted("FR", "2026-09-01", &[]);
    assert_eq!(dates(&plain), expected);
    assert_eq!(plain.target(), day("2026-09-11"));
    // A pause does not put off the alarm.
    let paused = counted("FR", "2026-09-01", &[pause("2026-09-02", "2026-09-09")]);
    assert_eq!(dates(&paused), expected);
    let extended = plain
        .extend(day("2026-09-20"), Some(ExtensionGround::Complexity))
        .unwrap();
    assert_eq!(dates(&extended).first(), Some(&of("2026-11-17", 14)));
    assert_eq!(extended.target(), day("2026-09-11"));

    // None on the day of receipt or before, and no target after the end.
    let calendar = Calendar::new("FR").unwrap();
    let eager = LegalProfile::GDPR
        .with_reminders([40, 30, 29, 1])
        .with_target_days(60);
    let deadline = Clock::new(zone("Europe/Paris"), &calendar)
        .with_profile(eager)
        .deadline(day("2026-09-01"), &[])
        .unwrap();
    assert_eq!(
        dates(&deadline),
        [of("2026-09-02", 29), of("2026-09-30", 1)]
    );
    assert_eq!(deadline.target(), day("2026-10-01"));
}

#[test]
fn p115_every_date_says_how_it_came_about() {
    let deadline = counted(
        "DE",
        "2026-01-31",
        &[
            pause("2026-02-02", "2026-03-08"),
            pause("2026-02-20", "2026-02-25"),
            Pause::open(day("2026-02-03")),
        ],
    );
    insta::assert_snapshot!(deadline);
    let extended = deadline
        .extend(day("2026-02-20"), Some(ExtensionGround::NumberOfRequests))
        .unwrap();
    insta::assert_snapshot!(extended);
}

#[test]
fn the_front_page_shows_the_table_of_the_example() {
    let page = include_str!("../../src/request/clock.rs");
    let table = thirty_days::table().unwrap();
    assert_eq!(table.lines().count(), 32);
    let documented: String = table.lines().map(|line| format!("//! {line}\n")).collect();
    assert!(
        page.contains(&documented),
        "put this into clock.rs:\n{documented}"
    );
}

#[test]
fn a_profile_that_changes_the_law_says_so() {
    let law = LegalProfile::GDPR;
    assert!(law.is_in_force());
    assert_eq!(law.in_force_from(), Some(day("2018-05-25")));
    assert_eq!(law.version(), "GDPR");
    assert_eq!((law.question_days(), law.target_days()), (7, 10));
    assert_eq!(law.reminders(), [14, 7, 3, 1]);
    // The house decides for itself.
    let house = law
        .with_question_days(3)
        .with_target_days(5)
        .with_reminders([10, 5, 2, 1]);
    assert!(house.is_in_force());
    assert_eq!((house.question_days(), house.target_days()), (3, 5));
    assert_eq!(house.reminders(), [10, 5, 2, 1]);
    // The law does not.
    assert!(law.with_breach_hours(72).with_months(1, 2).is_in_force());
    for other in [
        law.with_breach_hours(96),
        law.with_months(2, 2),
        law.with_months(1, 1),
        law.proposed("draft"),
        law.with_breach_hours(96).with_breach_hours(72),
    ] {
        assert!(!other.is_in_force(), "{other:?}");
        assert_eq!(other.in_force_from(), None);
    }
    assert_eq!(law.proposed("draft").version(), "draft");

    let calendar = Calendar::new("FR").unwrap();
    let clock = Clock::new(zone("Europe/Paris"), &calendar);
    let longer = clock
        .with_profile(law.with_months(2, 1).with_question_days(2))
        .deadline(day("2026-09-01"), &[pause("2026-09-04", "2026-09-08")])
        .unwrap();
    assert_eq!(longer.base().due(), day("2026-11-02"));
    assert_eq!(longer.if_extended().due(), day("2026-12-01"));
    assert!(longer.to_string().contains("NOT THE LAW IN FORCE"));
    let law = clock.deadline(day("2026-09-01"), &[]).unwrap();
    assert!(!law.to_string().contains("NOT THE LAW"));
}

#[test]
fn a_breach_has_three_ends() {
    for (code, name, aware, strict, regulation, contested) in [
        // Monday morning: two whole working days lie within.
        (
            "FR",
            "Europe/Paris",
            "2026-09-14T09:05:10+02:00",
            "2026-09-17T09:05:10+02:00",
            "2026-09-17T10:00:00+02:00",
            "2026-09-17T10:00:00+02:00",
        ),
        // Wednesday: Thursday and Friday do, and Saturday ends it.
        (
            "FR",
            "Europe/Paris",
            "2026-09-16T09:59:59+02:00",
            "2026-09-19T09:59:59+02:00",
            "2026-09-19T10:00:00+02:00",
            "2026-09-19T10:00:00+02:00",
        ),
        // Thursday: Friday and Monday would be the two.
        (
            "FR",
            "Europe/Paris",
            "2026-09-17T18:00:00+02:00",
            "2026-09-20T18:00:00+02:00",
            "2026-09-20T19:00:00+02:00",
            "2026-09-22T00:00:00+02:00",
        ),
        // Before Easter; the clock changed on the Sunday before.
        (
            "DE",
            "Europe/Berlin",
            "2027-03-25T12:00:00+01:00",
            "2027-03-28T13:00:00+02:00",
            "2027-03-28T14:00:00+02:00",
            "2027-04-01T00:00:00+02:00",
        ),
        // The clock goes back: 72 hours all the same.
        (
            "FR",
            "Europe/Paris",
            "2027-10-30T02:10:00+02:00",
            "2027-11-02T01:10:00+01:00",
            "2027-11-02T02:00:00+01:00",
            "2027-11-04T00:00:00+01:00",
        ),
        // The hour after 23:40 is midnight, and the whole day counts.
        (
            "FR",
            "Europe/Paris",
            "2026-09-13T23:40:00+02:00",
            "2026-09-16T23:40:00+02:00",
            "2026-09-17T00:00:00+02:00",
            "2026-09-17T00:00:00+02:00",
        ),
        // So it does for the two days: Friday and Monday.
        (
            "FR",
            "Europe/Paris",
            "2026-09-17T23:40:00.500+02:00",
            "2026-09-20T23:40:00.500+02:00",
            "2026-09-21T00:00:00+02:00",
            "2026-09-22T00:00:00+02:00",
        ),
        // A zone with half hours: the hour is that of the clock on the wall.
        (
            "FR",
            "Asia/Kolkata",
            "2026-09-14T09:05:00+05:30",
            "2026-09-17T09:05:00+05:30",
            "2026-09-17T10:00:00+05:30",
            "2026-09-17T10:00:00+05:30",
        ),
    ] {
        let calendar = Calendar::new(code).unwrap();
        let limits = Clock::new(zone(name), &calendar).breach(at(aware)).unwrap();
        assert_eq!(limits.aware().to_rfc3339(), aware);
        assert_eq!(limits.strict().to_rfc3339(), strict);
        assert_eq!(limits.by_regulation().to_rfc3339(), regulation);
        assert_eq!(limits.contested().to_rfc3339(), contested);
        let strict = limits.strict().to_utc();
        assert!(!limits.is_over(strict));
        assert!(limits.is_over(strict + chrono::TimeDelta::milliseconds(1)));
    }
}

#[test]
fn the_hours_of_a_breach_are_those_of_the_profile() {
    let calendar = Calendar::new("FR").unwrap();
    let clock = Clock::new(zone("Europe/Paris"), &calendar);
    let law = clock.breach(at("2026-09-14T07:05:00Z")).unwrap();
    insta::assert_snapshot!(law);
    let proposal = clock
        .with_profile(
            LegalProfile::GDPR
                .proposed("COM(2025) 837")
                .with_breach_hours(96),
        )
        .breach(at("2026-09-14T07:05:00Z"))
        .unwrap();
    insta::assert_snapshot!(proposal);
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    proptest::sample::select(Calendar::all().collect::<Vec<_>>())
}

/// Days whose extended limit every calendar knows.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0u64..2_380).prop_map(|days| day("2020-01-01") + Days::new(days))
}

fn any_pauses(received: NaiveDate) -> impl Strategy<Value = Vec<Pause>> {
    proptest::collection::vec((0u64..20, 0u64..30), 0..4).prop_map(move |pauses| {
        pauses
            .into_iter()
            .map(|(asked, length)| {
                let asked = received + Days::new(asked);
                Pause::new(asked, asked + Days::new(length)).unwrap()
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn p115_a_limit_is_a_working_day_28_to_40_days_on(calendar in any_calendar(), received in any_day()) {
        let clock = Clock::new(zone("Europe/Paris"), &calendar);
        let deadline = clock.deadline(received, &[]).unwrap();
        let due = deadline.base().due();
        prop_assert!((28..=40).contains(&(due - received).num_days()));
        prop_assert_eq!(calendar.day_off(due).unwrap(), None);
        prop_assert_eq!(calendar.day_off(deadline.if_extended().due()).unwrap(), None);
        prop_assert!(deadline.if_extended().due() > due);
        // Nothing between the nominal day and the last one is a working day.
        for day in deadline.base().nominal().iter_days().take_while(|day| *day < due) {
            prop_assert!(calendar.day_off(day).unwrap().is_some());
        }
        prop_assert!(deadline.target() <= due);
    }

    #[test]
    fn p115_who_asks_later_is_not_answered_earlier(calendar in any_calendar(), received in any_day()) {
        let clock = Clock::new(zone("Europe/Paris"), &calendar);
        let first = clock.deadline(received, &[]).unwrap();
        let next = clock.deadline(received + Days::new(1), &[]).unwrap();
        prop_assert!(first.base().due() <= next.base().due());
        prop_assert!(first.if_extended().due() <= next.if_extended().due());
        prop_assert!(first.base().ends_before() <= next.base().ends_before());
    }

    #[test]
    fn p115_a_pause_never_moves_the_alarm(
        calendar in any_calendar(),
        (received, pauses) in any_day().prop_flat_map(|day| (Just(day), any_pauses(day))),
    ) {
        let clock = Clock::new(zone("Europe/Paris"), &calendar);
        let plain = clock.deadline(received, &[]).unwrap();
        let paused = clock.deadline(received, &pauses).unwrap();
        prop_assert_eq!(paused.alarm(), plain.alarm());
        prop_assert!(paused.base().due() >= plain.base().due());
        // The order of the questions does not matter.
        let turned: Vec<Pause> = pauses.iter().rev().copied().collect();
        let again = clock.deadline(received, &turned).unwrap();
        prop_assert_eq!(paused.base().due(), again.base().due());
        prop_assert_eq!(paused.if_extended().due(), again.if_extended().due());
    }

    #[test]
    fn a_breach_ends_in_order(calendar in any_calendar(), received in any_day(), second in 0i64..86_400) {
        let clock = Clock::new(zone("Europe/Paris"), &calendar);
        let aware = received.and_time(chrono::NaiveTime::MIN).and_utc() + chrono::TimeDelta::seconds(second);
        let limits = clock.breach(aware).unwrap();
        prop_assert_eq!(limits.strict().to_utc() - aware, chrono::TimeDelta::hours(72));
        let more = limits.by_regulation() - limits.strict();
        prop_assert!(more > chrono::TimeDelta::zero() && more <= chrono::TimeDelta::hours(1));
        prop_assert!(limits.contested() >= limits.by_regulation());
    }
}
