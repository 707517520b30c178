//! How long: fixed seconds or calendar months, never endless.

use std::fmt;

use chrono::{Months, NaiveDate, TimeDelta};

use crate::record::Lifetime;
use crate::{Error, Timestamp};

/// Ten years, the most months that can be said.
const MOST_MONTHS: u32 = 120;
/// The bounds of calendar units are counted from the months of these years: a leap day has every place there that it can
/// have in ten years.
const YEARS: std::ops::Range<i32> = 2001..2005;

/// A bounded period of a rule: seconds, minutes, hours and days of a fixed length, or months and years of the calendar.
///
/// Written as `90s`, `15m`, `23h`, `28d`, `28d 23h`, `3 months`, `10 years`. Calendar units are counted in UTC, where
/// no day is longer than another; 31 January and a month is the last day of February. At most ten years; nothing
/// endless can be said.
///
/// ```
/// use retention_policy::{Period, Timestamp};
/// let made: Timestamp = "2027-01-31T09:00:00Z".parse().unwrap();
/// let month = Period::parse("1 month")?;
/// assert_eq!(month.after(made).unwrap().to_rfc3339(), "2027-02-28T09:00:00+00:00");
/// assert_eq!(Period::parse("28d 23h")?.to_string(), "28d 23h");
/// assert!(Period::parse("forever").is_err());
/// # Ok::<(), retention_policy::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period(Span);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Span {
    Seconds(u32),
    Months(u32),
}

impl Period {
    /// No time at all: at the instant of the trigger.
    pub const ZERO: Self = Self(Span::Seconds(0));

    /// A fixed period.
    ///
    /// # Errors
    /// [`Error::BadPeriod`] for more than ten years.
    pub const fn seconds(seconds: u32) -> Result<Self, Error> {
        if seconds > Lifetime::LAW_CEILING.as_seconds() {
            return Err(Error::BadPeriod);
        }
        Ok(Self(Span::Seconds(seconds)))
    }

    /// A calendar period; twelve months are a year.
    ///
    /// # Errors
    /// [`Error::BadPeriod`] for none and for more than 120.
    pub const fn months(months: u32) -> Result<Self, Error> {
        if months == 0 || months > MOST_MONTHS {
            return Err(Error::BadPeriod);
        }
        Ok(Self(Span::Months(months)))
    }

    /// Reads the written form.
    ///
    /// # Errors
    /// [`Error::BadPeriod`] for everything else: other units, units of both kinds, a unit twice or out of order, signs,
    /// fractions, more than ten years.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some((number, unit)) = text.split_once(' ')
            && let Some(months) = match unit {
                "month" | "months" => Some(1),
                "year" | "years" => Some(12),
                _ => None,
            }
        {
            return Self::months(digits(number)?.saturating_mul(months));
        }
        let mut total = 0u32;
        let mut last = u32::MAX;
        for part in text.split(' ') {
            let unit = match part.as_bytes().last() {
                Some(b'd') => 86_400,
                Some(b'h') => 3600,
                Some(b'm') => 60,
                Some(b's') => 1,
                _ => return Err(Error::BadPeriod),
            };
            if unit >= last {
                return Err(Error::BadPeriod);
            }
            last = unit;
            let number = part.get(..part.len() - 1).unwrap_or_default();
            total = total.saturating_add(digits(number)?.saturating_mul(unit));
        }
        Self::seconds(total)
    }

    /// The instant a period after `start`; none where the calendar ends.
    #[must_use]
    pub fn after(self, start: Timestamp) -> Option<Timestamp> {
        match self.0 {
            Span::Seconds(s) => start.checked_add_signed(TimeDelta::seconds(i64::from(s))),
            Span::Months(m) => start.checked_add_months(Months::new(m)),
        }
    }

    /// Whether it is no time at all.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0 == Span::Seconds(0)
    }

    /// The most seconds it can last, whenever it begins: a month up to 31 days, ten years up to 3,653.
    #[must_use]
    pub fn longest(self) -> u32 {
        self.bounds().1
    }

    /// The fewest and the most seconds it can last.
    pub(crate) fn bounds(self) -> (u32, u32) {
        match self.0 {
            Span::Seconds(s) => (s, s),
            Span::Months(m) => {
                // A day that the last month lacks is the month's last day, so that every start lasts as long as the sum
                // of whole months, or less by up to three days. The years around 2100 lack one more.
                let lengths = YEARS
                    .flat_map(|year| (1..=12).map(move |month| (year, month)))
                    .filter_map(|(year, month)| {
                        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
                        let next = first.checked_add_months(Months::new(m))?;
                        u32::try_from((next - first).num_days()).ok()
                    });
                let (mut fewest, mut most) = (u32::MAX, 0);
                for days in lengths {
                    fewest = fewest.min(days);
                    most = most.max(days);
                }
                (fewest.saturating_sub(4) * 86_400, most * 86_400)
            }
        }
    }

    /// Both of fixed length, or both of the calendar: how they compare, whenever they begin.
    pub(crate) fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self.0, other.0) {
            (Span::Seconds(a), Span::Seconds(b)) | (Span::Months(a), Span::Months(b)) => {
                Some(a.cmp(&b))
            }
            _ => None,
        }
    }

    /// In words: `28 days 23 hours`, `at once`.
    pub(crate) fn words(self) -> String {
        match self.0 {
            Span::Seconds(0) => "at once".to_owned(),
            Span::Seconds(s) => in_words(s),
            Span::Months(_) => self.to_string(),
        }
    }
}

/// Seconds in words of a plain sentence.
pub(crate) fn in_words(seconds: u32) -> String {
    let parts: Vec<String> = fixed(seconds)
        .into_iter()
        .map(|(n, _, name)| format!("{n} {name}{}", if n == 1 { "" } else { "s" }))
        .collect();
    parts.join(" ")
}

fn fixed(seconds: u32) -> Vec<(u32, char, &'static str)> {
    [
        (seconds / 86_400, 'd', "day"),
        (seconds / 3600 % 24, 'h', "hour"),
        (seconds / 60 % 60, 'm', "minute"),
        (seconds % 60, 's', "second"),
    ]
    .into_iter()
    .filter(|(n, ..)| *n > 0)
    .collect()
}

fn digits(text: &str) -> Result<u32, Error> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::BadPeriod);
    }
    // Too many digits are too long in any unit.
    Ok(text.parse().unwrap_or(u32::MAX))
}

impl fmt::Display for Period {
    /// The written form, which [`Period::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Span::Seconds(0) => f.write_str("0s"),
            Span::Seconds(s) => {
                let parts: Vec<String> = fixed(s)
                    .into_iter()
                    .map(|(n, unit, _)| format!("{n}{unit}"))
                    .collect();
                f.write_str(&parts.join(" "))
            }
            Span::Months(m) => {
                let (n, unit) = if m % 12 == 0 {
                    (m / 12, "year")
                } else {
                    (m, "month")
                };
                write!(f, "{n} {unit}{}", if n == 1 { "" } else { "s" })
            }
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Period({self})")
    }
}
