//! Easter Sunday, western and eastern, in the Gregorian calendar.

use chrono::{Days, NaiveDate};

/// By the rule of 1582 (Gauss's, in the form Jones and Meeus give it).
pub(super) fn western(year: i32) -> Option<NaiveDate> {
    let (golden, century, rest) = (year % 19, year / 100, year % 100);
    let moon = (century + 8) / 25;
    let solar = (century - moon + 1) / 3;
    let epact = (19 * golden + century - century / 4 - solar + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let day = epact + weekday - 7 * late + 114;
    date(year, day)
}

/// By the Julian rule; 13 days stand between the calendars from 1900 to 2099.
pub(super) fn orthodox(year: i32) -> Option<NaiveDate> {
    let epact = (19 * (year % 19) + 15) % 30;
    let weekday = (2 * (year % 4) + 4 * (year % 7) - epact + 34) % 7;
    date(year, epact + weekday + 114)?.checked_add_days(Days::new(13))
}

/// Both rules end in a number that holds month and day.
fn date(year: i32, day: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        year,
        u32::try_from(day / 31).ok()?,
        u32::try_from(day % 31 + 1).ok()?,
    )
}
