//! The controller's time zone.

use std::fmt;

use chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone,
};
use chrono_tz::Tz;
use retention_policy::Timestamp;

use crate::Error;

/// A time zone of the IANA database, as built into this version.
///
/// ```
/// use gdpr_rights::Error;
/// use gdpr_rights::request::clock::Zone;
///
/// assert_eq!(Zone::new("Atlantic/Azores")?.name(), "Atlantic/Azores");
/// assert_eq!(Zone::new("Europe/Atlantis"), Err(Error::UnknownZone));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Zone {
    /// Finds a zone by its name.
    ///
    /// # Errors
    /// [`Error::UnknownZone`] for a name that the database does not have.
    pub fn new(name: &str) -> Result<Self, Error> {
        name.parse().map(Self).map_err(|_| Error::UnknownZone)
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The civil date of an instant.
    ///
    /// # Errors
    /// [`Error::CalendarOutOfRange`] for an instant outside of the years 1 to 9999.
    pub fn date(self, at: Timestamp) -> Result<NaiveDate, Error> {
        Ok(self.civil(at)?.date())
    }

    /// What calendar and clock on the wall show.
    pub(super) fn civil(self, at: Timestamp) -> Result<NaiveDateTime, Error> {
        Ok(self.at(at)?.naive_local())
    }

    /// The instant with the zone's offset.
    pub(super) fn at(self, at: Timestamp) -> Result<DateTime<FixedOffset>, Error> {
        // No local time of these years overflows, whatever the offset.
        if !(1..=9999).contains(&at.year()) {
            return Err(Error::CalendarOutOfRange);
        }
        let offset = self.0.offset_from_utc_datetime(&at.naive_utc()).fix();
        Ok(at.with_timezone(&offset))
    }

    /// The first instant of a civil day. Where the clock jumps over midnight it is the end of the jump; where midnight comes twice
    /// it is the first.
    pub(super) fn start_of(self, day: NaiveDate) -> Result<DateTime<FixedOffset>, Error> {
        /// Every gap of the database that begins at midnight is a multiple of it and shorter than two days.
        const STEP: TimeDelta = TimeDelta::minutes(15);
        const STEPS: usize = 192;
        if !(1..=9999).contains(&day.year()) {
            return Err(Error::CalendarOutOfRange);
        }
        let mut local = day.and_time(NaiveTime::MIN);
        for _ in 0..STEPS {
            if let Some(start) = self.0.from_local_datetime(&local).earliest() {
                return Ok(start.fixed_offset());
            }
            local = local
                .checked_add_signed(STEP)
                .ok_or(Error::CalendarOutOfRange)?;
        }
        Err(Error::CalendarOutOfRange)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name()).finish()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
