//! Public holidays: the tables, the rules that move days, and where knowledge ends.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};
use gdpr_rights::Error;
use gdpr_rights::request::holidays::{Calendar, DayOff, WorkingDays};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn calendar(code: &str) -> Calendar {
    Calendar::new(code).unwrap()
}

fn days(year: i32) -> impl Iterator<Item = NaiveDate> {
    NaiveDate::from_ymd_opt(year, 1, 1)
        .unwrap()
        .iter_days()
        .take_while(move |day| day.year() == year)
}

/// Every weekday off, one line a calendar: what a reader of the law can check by eye.
#[test]
fn the_weekdays_off_in_2026() {
    let mut lines = String::new();
    for calendar in Calendar::all() {
        write!(lines, "{}:", calendar.code()).unwrap();
        for day in days(2026) {
            if let Some(DayOff::Holiday(_)) = calendar.day_off(day).unwrap() {
                write!(lines, " {}", day.format("%m-%d")).unwrap();
            }
        }
        lines.push('\n');
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn the_days_of_one_year_by_name() {
    let mut lines = String::new();
    for code in ["BG", "DE-SN", "ES-MD", "FI", "IE", "NL"] {
        for day in days(2022) {
            if let Some(name) = calendar(code).holiday(day).unwrap() {
                writeln!(lines, "{code} {day} {name}").unwrap();
            }
        }
    }
    insta::assert_snapshot!(lines);
}

/// The dates of Easter that the churches publish.
#[test]
fn easter_monday_of_both_churches() {
    for (west, east) in [
        ("2020-04-13", "2020-04-20"),
        ("2021-04-05", "2021-05-03"),
        ("2022-04-18", "2022-04-25"),
        ("2023-04-10", "2023-04-17"),
        ("2024-04-01", "2024-05-06"),
        ("2025-04-21", "2025-04-21"),
        ("2026-04-06", "2026-04-13"),
        ("2027-03-29", "2027-05-03"),
        ("2028-04-17", "2028-04-17"),
        ("2029-04-02", "2029-04-09"),
        ("2030-04-22", "2030-04-29"),
        ("2031-04-14", "2031-04-14"),
        ("2032-03-29", "2032-05-03"),
        ("2033-04-18", "2033-04-25"),
        ("2034-04-10", "2034-04-10"),
        ("2035-03-26", "2035-04-30"),
    ] {
        for (code, monday) in [("FR", west), ("CY", east)] {
            let year = day(monday).year();
            let found: Vec<NaiveDate> = days(year)
                .filter(|d| calendar(code).holiday(*d) == Ok(Some("Easter Monday")))
                .collect();
            assert_eq!(found, [day(monday)], "{code}");
        }
    }
}

/// Rules that move a day, each where the weekday makes it move and where it does not.
#[test]
fn days_that_move() {
    for (code, date, expected) in [
        // A Sunday: the king's birthday is kept on Saturday.
        ("NL", "2025-04-26", Some("King's Day")),
        ("NL", "2025-04-27", None),
        ("NL", "2026-04-27", Some("King's Day")),
        ("NL", "2025-05-05", Some("Liberation Day")),
        ("NL", "2026-05-05", None),
        // Sunday and Monday before two holidays: the days made good come after both.
        ("BG", "2022-12-27", Some("Christmas Eve")),
        ("BG", "2022-12-28", Some("Christmas Day")),
        ("BG", "2022-12-29", None),
        ("BG", "2023-12-27", Some("Christmas Eve")),
        ("BG", "2023-12-28", None),
        ("BG", "2020-12-28", Some("Second Day of Christmas")),
        // Holy Saturday is also Labour Day; Monday is Easter Monday.
        ("BG", "2021-05-04", Some("Labour Day")),
        ("BG", "2021-05-05", None),
        // Nothing is owed for the days of Easter themselves.
        ("BG", "2024-05-07", None),
        ("GR", "2021-05-04", Some("Labour Day")),
        ("GR", "2022-05-02", Some("Labour Day")),
        ("GR", "2024-05-01", None),
        ("GR", "2024-05-07", Some("Labour Day")),
        ("LV", "2024-05-06", Some("Restoration of Independence Day")),
        ("LV", "2023-11-20", Some("Proclamation Day")),
        ("LV", "2020-05-05", None),
        // A national day on a Sunday: each community for itself.
        ("ES", "2026-11-01", None),
        ("ES", "2026-11-02", None),
        ("ES", "2022-01-01", Some("New Year's Day")),
        ("ES-AN", "2026-11-02", Some("All Saints' Day")),
        ("ES-CT", "2026-11-02", None),
        ("ES-AN", "2021-03-01", Some("Andalusia Day")),
        ("ES-AN", "2021-02-28", None),
        ("ES-AN", "2022-02-28", Some("Andalusia Day")),
        ("ES-CN", "2021-05-31", None),
        ("ES-CN", "2027-05-31", Some("Day of the Canary Islands")),
        ("IE", "2026-02-02", Some("Saint Brigid's Day")),
        ("IE", "2030-02-01", Some("Saint Brigid's Day")),
        ("IE", "2030-02-04", None),
        ("IE", "2022-02-07", None),
        ("IE", "2026-10-26", Some("October Bank Holiday")),
        ("SE", "2026-06-20", Some("Midsummer Day")),
        ("SE", "2026-10-31", Some("All Saints' Day")),
        ("IS", "2026-04-23", Some("First Day of Summer")),
        ("DE-SN", "2023-11-22", Some("Repentance and Prayer Day")),
        ("DE-SN", "2026-11-18", Some("Repentance and Prayer Day")),
    ] {
        assert_eq!(
            calendar(code).holiday(day(date)),
            Ok(expected),
            "{code} {date}"
        );
    }
}

/// Holidays that laws made, took away or gave once.
#[test]
fn days_that_hold_for_some_years() {
    for (code, with, without) in [
        ("DK", "2023-05-05", "2024-04-26"),
        ("PL", "2025-12-24", "2024-12-24"),
        ("RO", "2024-01-06", "2023-01-06"),
        ("RO", "2024-01-07", "2023-01-07"),
        ("IT", "2026-10-04", "2025-10-04"),
        ("HU", "2027-12-24", "2023-12-24"),
        ("DE-MV", "2023-03-08", "2022-03-08"),
        ("SK", "2023-09-01", "2024-09-01"),
        ("SK", "2024-11-17", "2025-11-17"),
        ("SK", "2027-05-08", "2026-05-08"),
        ("SK", "2025-09-15", "2026-09-15"),
        ("IE", "2022-03-18", "2023-03-18"),
        ("DE-BE", "2025-05-08", "2026-05-08"),
        ("SI", "2023-08-14", "2024-08-14"),
        ("ES-IB", "2026-04-06", "2025-04-21"),
    ] {
        assert!(
            calendar(code).holiday(day(with)).unwrap().is_some(),
            "{code} {with}"
        );
        assert_eq!(
            calendar(code).holiday(day(without)),
            Ok(None),
            "{code} {without}"
        );
    }
}

#[test]
fn every_member_state_of_the_eea_has_one() {
    let countries: Vec<&str> = Calendar::all()
        .map(Calendar::code)
        .filter(|code| code.len() == 2)
        .collect();
    assert_eq!(
        countries,
        [
            "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
            "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE",
            "SI", "SK"
        ]
    );
    let codes: Vec<&str> = Calendar::all().map(Calendar::code).collect();
    assert!(codes.is_sorted());
    for code in codes {
        assert_eq!(calendar(code).code(), code);
        assert_eq!(
            format!("{:?}", calendar(code)),
            format!("Calendar({code:?})")
        );
    }
    assert_eq!(calendar("FR"), calendar("FR"));
    assert_ne!(calendar("FR"), calendar("FR-57"));
}

#[test]
fn a_region_has_the_days_of_its_country() {
    for region in Calendar::all().filter(|c| c.code().len() > 2) {
        let country = calendar(region.code().split('-').next().unwrap());
        for year in region.years() {
            for day in days(year).filter(|d| country.holiday(*d) != Ok(None)) {
                assert!(region.holiday(day).unwrap().is_some(), "{region:?} {day}");
            }
        }
    }
}

#[test]
fn a_weekend_is_a_weekend_whatever_else_it_is() {
    let germany = calendar("DE");
    // German Unity Day 2026 is a Saturday, Christmas Day 2022 a Sunday.
    assert_eq!(
        germany.day_off(day("2026-10-03")),
        Ok(Some(DayOff::Saturday))
    );
    assert_eq!(germany.day_off(day("2022-12-25")), Ok(Some(DayOff::Sunday)));
    assert_eq!(
        germany.day_off(day("2022-12-26")),
        Ok(Some(DayOff::Holiday("Second Day of Christmas")))
    );
    assert_eq!(germany.day_off(day("2022-12-27")), Ok(None));
    assert_eq!(DayOff::Saturday.to_string(), "a Saturday");
    assert_eq!(DayOff::Sunday.to_string(), "a Sunday");
    assert_eq!(
        DayOff::Holiday("Labour Day").to_string(),
        "a public holiday (Labour Day)"
    );
}

#[test]
fn beyond_what_is_known_is_an_error() {
    for code in ["", "fr", "XX", "FR-", "FR-75", "GB", "DE-BY ", "EL"] {
        assert_eq!(
            Calendar::new(code).unwrap_err(),
            Error::UnknownCalendar,
            "{code:?}"
        );
    }
    for calendar in Calendar::all() {
        let (first, last) = calendar.years().into_inner();
        assert_eq!(first, 2020);
        let melilla_ceuta = ["ES-CE", "ES-ML"].contains(&calendar.code());
        assert_eq!(last, if melilla_ceuta { 2026 } else { 2035 });
        for (year, inside) in [
            (first - 1, false),
            (first, true),
            (last, true),
            (last + 1, false),
        ] {
            for date in [(1, 1), (7, 1), (12, 31)] {
                let date = NaiveDate::from_ymd_opt(year, date.0, date.1).unwrap();
                let answer = calendar.day_off(date);
                assert_eq!(answer.is_ok(), inside, "{calendar:?} {date}");
                if !inside {
                    assert_eq!(answer, Err(Error::CalendarOutOfRange));
                }
            }
        }
    }
}
