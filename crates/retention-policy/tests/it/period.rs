use chrono::TimeDelta;
use proptest::prelude::*;
use retention_policy::{Error, Period};

use crate::at;

fn after(period: &str, start: &str) -> String {
    let end = Period::parse(period).unwrap().after(at(start)).unwrap();
    end.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[test]
fn what_can_be_said() {
    for (text, written, longest) in [
        ("0s", "0s", 0),
        ("90s", "1m 30s", 90),
        ("15m", "15m", 900),
        ("23h", "23h", 82_800),
        ("28d", "28d", 28 * 86_400),
        ("28d 23h", "28d 23h", 28 * 86_400 + 82_800),
        ("1d 1h 1m 1s", "1d 1h 1m 1s", 90_061),
        ("48h", "2d", 2 * 86_400),
        ("3 months", "3 months", 92 * 86_400),
        ("1 month", "1 month", 31 * 86_400),
        ("12 months", "1 year", 366 * 86_400),
        ("18 months", "18 months", 550 * 86_400),
        ("1 year", "1 year", 366 * 86_400),
        ("10 years", "10 years", 3653 * 86_400),
    ] {
        let period = Period::parse(text).unwrap();
        assert_eq!(period.to_string(), written, "{text}");
        assert_eq!(period.longest(), longest, "{text}");
        assert_eq!(Period::parse(written), Ok(period));
    }
}

#[test]
fn what_cannot_be_said() {
    for text in [
        "",
        " ",
        "forever",
        "unlimited",
        "inf",
        "23",
        "h",
        "-1d",
        "+1d",
        "1.5h",
        "1 d",
        "1d  2h",
        "2h 1d",
        "1d 1d",
        "1 month 2d",
        "1d 1 month",
        "0 months",
        "0 years",
        "11 years",
        "121 months",
        "99999999999 years",
        "99999999999d",
        "3654d",
        "3653d 1s",
        "1 Month",
        "1D",
        "1w",
        "1y",
        " 1d",
        "1d ",
        "\u{661}d",
    ] {
        assert_eq!(Period::parse(text), Err(Error::BadPeriod), "{text:?}");
    }
}

#[test]
fn months_end_with_the_month_and_leap_days_count() {
    for (period, start, end) in [
        ("1 month", "2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"),
        ("1 month", "2028-01-31T10:00:00Z", "2028-02-29T10:00:00Z"),
        ("2 months", "2027-12-31T23:59:59Z", "2028-02-29T23:59:59Z"),
        ("1 year", "2028-02-29T00:00:00Z", "2029-02-28T00:00:00Z"),
        ("4 years", "2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"),
        ("1 year", "2027-03-01T00:00:00Z", "2028-03-01T00:00:00Z"),
        ("365d", "2027-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("10 years", "2096-03-01T00:00:00Z", "2106-03-01T00:00:00Z"),
    ] {
        assert_eq!(after(period, start), end, "{period} after {start}");
    }
}

/// In the nights in which the Union's clocks change, a day still has 24 hours and a month its hour of the day.
#[test]
fn summer_time_moves_nothing() {
    for start in ["2026-03-28T01:30:00Z", "2026-10-24T00:30:00Z"] {
        let made = at(start);
        let day = Period::parse("1d").unwrap().after(made).unwrap();
        assert_eq!(day - made, TimeDelta::hours(24));
        let month = Period::parse("1 month").unwrap().after(made).unwrap();
        assert_eq!(month.time(), made.time());
    }
}

#[test]
fn the_end_of_the_calendar_is_no_instant() {
    let last = chrono::DateTime::<chrono::Utc>::MAX_UTC;
    for text in ["1s", "1 month", "10 years"] {
        assert_eq!(Period::parse(text).unwrap().after(last), None, "{text}");
    }
    assert_eq!(Period::ZERO.after(last), Some(last));
}

proptest! {
    #[test]
    fn written_and_read_again(seconds in 0u32..=315_619_200, months in 1u32..=120) {
        for period in [Period::seconds(seconds).unwrap(), Period::months(months).unwrap()] {
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }
    }

    #[test]
    fn none_lasts_longer_than_its_longest(months in 1u32..=120, start in 1_577_836_800i64..7_000_000_000) {
        let period = Period::months(months).unwrap();
        let start = chrono::DateTime::from_timestamp(start, 0).unwrap();
        let lasts = period.after(start).unwrap() - start;
        prop_assert!(lasts <= TimeDelta::seconds(i64::from(period.longest())));
    }

    #[test]
    fn any_text_is_a_period_or_none(text in "[-+0-9 dhms.a-z]{0,24}") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        }
    }
}
