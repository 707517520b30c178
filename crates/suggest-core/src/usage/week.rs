//! Weeks, the finest time that is kept.

use std::fmt;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};

/// An ISO 8601 week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Week {
    year: i32,
    week: u32,
}

impl Week {
    /// The week an instant lies in, in UTC.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        let week = at.iso_week();
        Self {
            year: week.year(),
            week: week.week(),
        }
    }
}

impl Week {
    /// Reads what Display writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let read = Self {
            year: year.parse().ok()?,
            week: week.parse().ok()?,
        };
        read.monday()?;
        (read.to_string() == text).then_some(read)
    }

    /// The week after it.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let monday = self.monday()?.checked_add_days(Days::new(7))?;
        Some(Self::of(monday.and_hms_opt(0, 0, 0)?.and_utc()))
    }

    fn monday(self) -> Option<NaiveDate> {
        NaiveDate::from_isoywd_opt(self.year, self.week, Weekday::Mon)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_follow_each_other() {
        let mut week = Week::parse("2026-W52").unwrap();
        let mut shown = Vec::new();
        for _ in 0..3 {
            shown.push(week.to_string());
            week = week.next().unwrap();
        }
        assert_eq!(shown, ["2026-W52", "2026-W53", "2027-W01"]);
        for wrong in [
            "2027-W53",
            "2026-W00",
            "2026-W1",
            "2026W10",
            "+2026-W10",
            "",
        ] {
            assert_eq!(Week::parse(wrong), None, "{wrong}");
        }
    }
}
