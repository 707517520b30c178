//! Public holidays of the 30 countries of the EEA by rule, and of the regions that differ.
//!
//! Regulation (EEC, Euratom) 1182/71 knows three kinds of days that are no working days: Saturdays, Sundays and the public
//! holidays "designated as such in the Member State in which action is to be taken" (article 2). [`Calendar`] answers for a
//! country (`"FR"`) or a region (`"DE-BY"`, ISO 3166-2); whoever knows better, or keeps days that no list has, implements
//! [`WorkingDays`]. Outside of the years a calendar is known for, the answer is an error and not a guess.
//!
//! # What the tables take for granted
//!
//! | where | what |
//! |-|-|
//! | years after 2026 | the law as it stands; a new holiday (lately IE 2023, PL 2025, IT 2026) needs a new version |
//! | BG, GR, LV | a day on a weekend adds the next working day where the law says so; in GR by the minister's habit |
//! | ES-.. | Mondays after a holiday on a Sunday as each community published until 2026, later by habit; CE and ML end in 2026 |
//! | HU, LV | working days that a decree moved to a Saturday count as holidays until 2026; the Saturday stays a Saturday |
//! | IE, LU, NL and others | a holiday on a weekend gives employees another day, but moves nothing |
//! | FR overseas | the commemoration of the code of labour; days kept by local custom are left out |
//! | half days, patron saints of towns, islands of ES-CN, Assumption Day in DE-BY | left out: of two possible ends the earlier is the safe one |
//!
//! Software, not legal advice.

mod common;
mod east;
mod easter;
mod north;
mod rule;
mod south;
mod spain;
mod table;
mod west;

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::Error;
use rule::{Rule, weekend};
use table::{CALENDARS, Entry, SINCE};

/// Why a day is no working day (Regulation 1182/71, article 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 2(2) of Regulation 1182/71 knows three kinds"
)]
pub enum DayOff {
    /// A Saturday, whatever else it is.
    Saturday,
    /// A Sunday, whatever else it is.
    Sunday,
    /// A public holiday, with its name in English.
    Holiday(&'static str),
}

impl fmt::Display for DayOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saturday => f.write_str("a Saturday"),
            Self::Sunday => f.write_str("a Sunday"),
            Self::Holiday(name) => write!(f, "a public holiday ({name})"),
        }
    }
}

/// Knows which days are working days where the action is to be taken.
///
/// ```
/// use chrono::NaiveDate;
/// use gdpr_rights::Error;
/// use gdpr_rights::request::holidays::{Calendar, DayOff, WorkingDays};
///
/// /// France, and the day the company is closed by an order of the prefect.
/// #[derive(Debug)]
/// struct Ours(Calendar, NaiveDate);
///
/// impl WorkingDays for Ours {
///     fn day_off(&self, day: NaiveDate) -> Result<Option<DayOff>, Error> {
///         let closed = (day == self.1).then_some(DayOff::Holiday("Closed by Order"));
///         Ok(closed.or(self.0.day_off(day)?))
///     }
/// }
/// ```
pub trait WorkingDays: fmt::Debug {
    /// Says why a day is none, or nothing for a working day.
    ///
    /// # Errors
    /// [`Error::CalendarOutOfRange`] where the holidays of that year are not known.
    fn day_off(&self, day: NaiveDate) -> Result<Option<DayOff>, Error>;
}

/// The calendar of a country or a region; a reference to a table, cheap to copy.
///
/// ```
/// use chrono::NaiveDate;
/// use gdpr_rights::request::holidays::{Calendar, DayOff, WorkingDays};
///
/// let day = NaiveDate::from_ymd_opt(2026, 1, 6).ok_or("no such day")?;
/// assert_eq!(Calendar::new("DE")?.day_off(day)?, None);
/// assert_eq!(Calendar::new("DE-BY")?.day_off(day)?, Some(DayOff::Holiday("Epiphany")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Calendar(&'static Entry);

impl Calendar {
    /// Finds a calendar by its code: ISO 3166-1 for a country, ISO 3166-2 for a region that differs.
    ///
    /// # Errors
    /// [`Error::UnknownCalendar`] for any other code.
    pub fn new(code: &str) -> Result<Self, Error> {
        CALENDARS
            .iter()
            .find(|entry| entry.code == code)
            .map(Self)
            .ok_or(Error::UnknownCalendar)
    }

    /// All calendars, sorted by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CALENDARS.iter().map(Self)
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// The years it is known for.
    #[must_use]
    pub fn years(self) -> RangeInclusive<i32> {
        SINCE..=self.0.until
    }

    /// The name of a public holiday in English, on weekends too; of two on one day the first in the table.
    ///
    /// # Errors
    /// [`Error::CalendarOutOfRange`] outside of [`years`](Self::years).
    pub fn holiday(self, day: NaiveDate) -> Result<Option<&'static str>, Error> {
        if !self.years().contains(&day.year()) {
            return Err(Error::CalendarOutOfRange);
        }
        Ok(self
            .named(day)
            .map(Rule::name)
            .or_else(|| self.added(day).map(Rule::name)))
    }

    fn named(self, day: NaiveDate) -> Option<&'static Rule> {
        self.on(day).next()
    }

    fn on(self, day: NaiveDate) -> impl Iterator<Item = &'static Rule> {
        self.rules()
            .filter(move |rule| rule.on(day.year()) == Some(day))
    }

    fn rules(self) -> impl Iterator<Item = &'static Rule> {
        self.0.tables.iter().flat_map(|table| table.iter())
    }

    /// The holiday of a weekend that this working day makes good.
    fn added(self, day: NaiveDate) -> Option<&'static Rule> {
        /// Longer than any run of weekend and holidays that holds a day to be made good.
        const RUN: u64 = 8;
        if !self.rules().any(Rule::adds_any) {
            return None;
        }
        let mut owed: Vec<&'static Rule> = Vec::new();
        for past in (0..=RUN).rev() {
            let at = day.checked_sub_days(Days::new(past))?;
            if weekend(at) {
                owed.extend(self.on(at).find(|rule| rule.adds_for(at)));
            } else if self.named(at).is_none() && !owed.is_empty() {
                let made_good = owed.remove(0);
                if at == day {
                    return Some(made_good);
                }
            }
        }
        None
    }
}

impl WorkingDays for Calendar {
    fn day_off(&self, day: NaiveDate) -> Result<Option<DayOff>, Error> {
        let holiday = self.holiday(day)?;
        Ok(match day.weekday() {
            Weekday::Sat => Some(DayOff::Saturday),
            Weekday::Sun => Some(DayOff::Sunday),
            _ => holiday.map(DayOff::Holiday),
        })
    }
}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Calendar").field(&self.0.code).finish()
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.0.code == other.0.code
    }
}

impl Eq for Calendar {}
