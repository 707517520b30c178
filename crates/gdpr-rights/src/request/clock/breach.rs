//! Article 33(1): 72 hours, and why there are three ends.

use std::fmt;

use chrono::{DateTime, FixedOffset, TimeDelta, Timelike};
use retention_policy::Timestamp;

use super::month::{working_day, write_profile};
use super::step::Count;
use super::{Clock, Zone};
use crate::Error;
use crate::request::profile::LegalProfile;

/// The ends of the time to notify a breach, in the controller's zone. Work by [`strict`](Self::strict).
///
/// ```
/// use gdpr_rights::request::clock::{Clock, Zone};
/// use gdpr_rights::request::holidays::Calendar;
///
/// let france = Calendar::new("FR")?;
/// let clock = Clock::new(Zone::new("Europe/Paris")?, &france);
/// // A Friday; the hours of the weekend count.
/// let limits = clock.breach("2026-06-05T13:10:00Z".parse()?)?;
/// assert_eq!(limits.strict().to_rfc3339(), "2026-06-08T15:10:00+02:00");
/// assert_eq!(limits.by_regulation().to_rfc3339(), "2026-06-08T16:00:00+02:00");
/// assert_eq!(limits.contested().to_rfc3339(), "2026-06-10T00:00:00+02:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreachLimits {
    aware: DateTime<FixedOffset>,
    strict: DateTime<FixedOffset>,
    by_regulation: DateTime<FixedOffset>,
    contested: DateTime<FixedOffset>,
    profile: LegalProfile,
}

impl BreachLimits {
    /// The instant of awareness.
    #[must_use]
    pub fn aware(&self) -> DateTime<FixedOffset> {
        self.aware
    }

    /// The hours from awareness, to the second: the end to work by.
    #[must_use]
    pub fn strict(&self) -> DateTime<FixedOffset> {
        self.strict
    }

    /// The hour of awareness not counted (Regulation 1182/71, articles 3(1) and 3(2)(a)).
    #[must_use]
    pub fn by_regulation(&self) -> DateTime<FixedOffset> {
        self.by_regulation
    }

    /// The end if article 3(5), "at least two working days", held for hours. Disputed: the Bavarian commissioner denies it (2019),
    /// some authors find it arguable. Never plan with it.
    #[must_use]
    pub fn contested(&self) -> DateTime<FixedOffset> {
        self.contested
    }

    /// Whether `now` is later than [`strict`](Self::strict): a notification then states the reasons for the delay
    /// (article 33(1), second sentence).
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now > self.strict
    }
}

impl fmt::Display for BreachLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Notify by {}: {} after awareness at {}, weekends and holidays included.",
            self.strict.to_rfc3339(),
            Count(self.profile.breach_hours(), "hour"),
            self.aware.to_rfc3339()
        )?;
        writeln!(
            f,
            "The hour of awareness not counted: {} (Regulation 1182/71, article 3(1)).",
            self.by_regulation.to_rfc3339()
        )?;
        writeln!(
            f,
            "With two whole working days: {} (article 3(5); disputed for hours, do not plan with it).",
            self.contested.to_rfc3339()
        )?;
        write_profile(f, &self.profile)
    }
}

/// What article 3(5) asks for it asks of "any period of two days or more".
const TWO_DAYS: TimeDelta = TimeDelta::hours(48);

pub(super) fn limits(clock: &Clock<'_>, aware: Timestamp) -> Result<BreachLimits, Error> {
    let zone = clock.zone;
    let hours = TimeDelta::hours(i64::from(clock.profile.breach_hours()));
    let start = next_hour(zone, aware)?;
    let by_regulation = after(start, hours)?;
    let contested = if hours >= TWO_DAYS {
        two_working_days(clock, start)?.max(zone.at(by_regulation)?)
    } else {
        zone.at(by_regulation)?
    };
    Ok(BreachLimits {
        aware: zone.at(aware)?,
        strict: zone.at(after(aware, hours)?)?,
        by_regulation: zone.at(by_regulation)?,
        contested,
        profile: clock.profile,
    })
}

/// The first full hour on the clock on the wall after the one in which the instant lies.
fn next_hour(zone: Zone, at: Timestamp) -> Result<Timestamp, Error> {
    let wall = zone.civil(at)?;
    let past = TimeDelta::seconds(i64::from(wall.minute() * 60 + wall.second()))
        + TimeDelta::nanoseconds(i64::from(wall.nanosecond()));
    after(at, TimeDelta::hours(1) - past)
}

/// The end of the second working day that lies wholly after the start.
fn two_working_days(clock: &Clock<'_>, start: Timestamp) -> Result<DateTime<FixedOffset>, Error> {
    let today = clock.date(start)?;
    let mut day = today;
    if clock.zone.start_of(today)? < start {
        day = today.succ_opt().ok_or(Error::CalendarOutOfRange)?;
    }
    let first = working_day(clock, day, |_, _| {})?;
    let next = first.succ_opt().ok_or(Error::CalendarOutOfRange)?;
    clock.end_of(working_day(clock, next, |_, _| {})?)
}

fn after(at: Timestamp, time: TimeDelta) -> Result<Timestamp, Error> {
    at.checked_add_signed(time).ok_or(Error::CalendarOutOfRange)
}
