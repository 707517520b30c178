//! What a draft may rest on, arranged by value, so that a draft is judged in one pass.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::{Day, Value, What, length};
use crate::guard::words::{self, Currency, Unit};

/// Where a value was found: what a person or a fact says in passing carries no unit as a rule.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::guard) enum From {
    /// A passage or a sentence of the engine.
    Passage,
    /// A fact: `212` is whatever the draft counts.
    Fact,
    /// A message of the customer: figures may be said back, addresses not.
    Customer,
}

/// Values that hold others.
#[derive(Default)]
pub(in crate::guard) struct Support {
    /// By number: the units it was said with; `None` for a bare one that may be of any.
    numbers: BTreeMap<String, BTreeSet<Option<Unit>>>,
    prices: BTreeMap<String, BTreeSet<Option<Currency>>>,
    currencies: BTreeSet<Currency>,
    times: BTreeSet<(u32, bool)>,
    days: BTreeMap<(u32, u32), BTreeSet<Option<i32>>>,
    years: BTreeSet<i32>,
    weekdays: BTreeSet<u32>,
    urls: BTreeMap<String, BTreeSet<Option<String>>>,
    emails: BTreeSet<String>,
    /// Lengths that may be said in another unit.
    lengths: BTreeSet<(u8, u64)>,
    /// The weekdays days were said with.
    named: BTreeMap<(u32, u32), BTreeSet<u32>>,
}

impl Support {
    pub(in crate::guard) fn add(&mut self, values: Vec<Value>, from: From) {
        let mut month: Option<Day> = None;
        for value in values {
            if let (What::Number(n, Some(unit)), true) = (&value.what, value.exact) {
                self.lengths.extend(length::measure(n, *unit));
            }
            // `on 14 April, or rather on Thursday 16`: a day of the month that was named.
            match (&value.what, &value.also, month) {
                (What::Date(day), _, _) => month = Some(*day),
                (What::Number(..), Some(What::DayOfMonth(n)), Some(day)) => {
                    let day = Day {
                        day: *n,
                        weekday: None,
                        ..day
                    };
                    self.add_reading(&What::Date(day), from);
                }
                _ => {}
            }
            match (&value.what, &value.also) {
                // A bare number whose unit is told by the one before it is not of any unit.
                (What::Number(n, None), Some(also @ What::Number(_, Some(_))))
                    if from == From::Passage =>
                {
                    self.numbers.entry(n.clone()).or_default();
                    self.add_reading(also, from);
                }
                _ => {
                    for what in value.readings() {
                        self.add_reading(what, from);
                    }
                }
            }
        }
    }

    fn add_reading(&mut self, what: &What, from: From) {
        match what {
            What::Number(n, unit) => {
                self.numbers.entry(n.clone()).or_default().insert(*unit);
                if let (None, Ok(year)) = (unit, n.parse()) {
                    self.years.insert(year);
                }
            }
            What::Price(n, currency) => {
                self.prices.entry(n.clone()).or_default().insert(*currency);
                self.currencies.extend(currency);
            }
            What::Time(minute, known) => {
                self.times.insert((*minute, *known));
            }
            What::Date(day) => {
                let years = self.days.entry((day.day, day.month)).or_default();
                years.insert(day.year);
                self.years.extend(day.year);
                self.weekdays.extend(day.weekday);
                let named = self.named.entry((day.day, day.month)).or_default();
                named.extend(day.weekday);
                // The day of a known date may be named by its weekday.
                self.weekdays
                    .extend(day.year.and_then(|year| weekday(day, year)));
            }
            What::DayOfMonth(_) => {}
            What::Weekday(day) => {
                self.weekdays.insert(*day);
            }
            What::Url(scheme, rest) if from != From::Customer => {
                let schemes = self.urls.entry(rest.clone()).or_default();
                schemes.insert(scheme.clone());
            }
            What::Email(email) if from != From::Customer => {
                self.emails.insert(email.clone());
            }
            What::Url(..) | What::Email(_) => {}
        }
    }

    /// Whether a value says what one of these says, if need be in another unit.
    pub(in crate::guard) fn holds(&self, value: &Value) -> bool {
        let length = || match &value.what {
            What::Number(n, Some(unit)) if value.exact => {
                length::measure(n, *unit).is_some_and(|length| self.lengths.contains(&length))
            }
            _ => false,
        };
        self.says(value) || length()
    }

    /// Whether a value says what one of these says, in its own unit: what a customer wrote is said back as it stands.
    pub(in crate::guard) fn says(&self, value: &Value) -> bool {
        value.readings().any(|what| self.holds_reading(what))
    }

    fn holds_reading(&self, what: &What) -> bool {
        match what {
            What::Number(n, None) => {
                self.numbers.contains_key(n)
                    || self.prices.contains_key(n)
                    || n.parse().is_ok_and(|n: u32| self.is_part(n))
            }
            What::Number(n, Some(unit)) => {
                let said = self
                    .numbers
                    .get(n)
                    .is_some_and(|units| units.contains(&None) || units.contains(&Some(*unit)));
                let hour = words::unit("hour") == Some(*unit)
                    && n.parse().is_ok_and(|n: u32| self.is_time(n * 60, true));
                said || hour
            }
            What::Price(n, currency) => {
                let same = self.prices.get(n).is_some_and(|known| {
                    currency.is_none() || known.contains(&None) || known.contains(currency)
                });
                let bare = self
                    .numbers
                    .get(n)
                    .is_some_and(|units| units.contains(&None));
                // A passage may name the currency once for several amounts, a draft for each.
                let named = currency
                    .is_none_or(|c| self.currencies.is_empty() || self.currencies.contains(&c));
                same || (bare && named && !self.prices.contains_key(n))
            }
            What::Time(minute, known) => {
                let hour = (minute % 60 == 0).then(|| (minute / 60).to_string());
                let counted = hour.is_some_and(|hour| {
                    self.numbers.get(&hour).is_some_and(|units| {
                        units.contains(&None) || units.contains(&words::unit("hour"))
                    })
                });
                let other = !known && {
                    let hour = (minute + 720) % 1440 / 60;
                    minute % 60 == 0
                        && self
                            .numbers
                            .get(&hour.to_string())
                            .is_some_and(|units| units.contains(&words::unit("hour")))
                };
                self.is_time(*minute, *known) || counted || other
            }
            What::Date(day) => self.holds_day(day),
            What::DayOfMonth(n) => self.days.keys().any(|(day, _)| day == n),
            What::Weekday(day) => self.weekdays.contains(day),
            What::Url(scheme, rest) => self.urls.get(rest).is_some_and(|schemes| match scheme {
                None => true,
                Some(scheme) => {
                    schemes.contains(&Some(scheme.clone()))
                        || (scheme == "https" && schemes.contains(&None))
                }
            }),
            What::Email(email) => self.emails.contains(email),
        }
    }

    fn is_time(&self, minute: u32, known: bool) -> bool {
        let other = (minute + 720) % 1440;
        self.times
            .iter()
            .any(|(at, of)| *at == minute || (*at == other && (!known || !of)))
    }

    /// A bare number that is the year of a date, or the hour of a time.
    fn is_part(&self, n: u32) -> bool {
        i32::try_from(n).is_ok_and(|n| self.years.contains(&n))
            || (n <= 24 && self.is_time(n % 24 * 60, true))
    }

    fn holds_day(&self, day: &Day) -> bool {
        let Some(years) = self.days.get(&(day.day, day.month)) else {
            return false;
        };
        let year = match day.year {
            None => true,
            Some(year) => {
                // A passage that names no year holds a year that is named elsewhere, or any where none is.
                let told = years.iter().any(Option::is_some);
                years.contains(&Some(year))
                    || (!told && (self.years.is_empty() || self.years.contains(&year)))
            }
        };
        let named = day.weekday.is_none_or(|said| {
            let mut known = years
                .iter()
                .filter_map(|year| year.or(day.year))
                .filter_map(|year| weekday(day, year))
                .peekable();
            let named = self.named.get(&(day.day, day.month));
            // Without a year, the weekday a passage names with the day.
            let agrees = named.is_none_or(|known| known.is_empty() || known.contains(&said));
            match known.peek() {
                None => agrees,
                Some(_) => known.any(|is| is == said),
            }
        });
        year && named
    }
}

fn weekday(day: &Day, year: i32) -> Option<u32> {
    NaiveDate::from_ymd_opt(year, day.month, day.day)
        .map(|date| date.weekday().num_days_from_monday())
}
