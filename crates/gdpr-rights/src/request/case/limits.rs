//! The days a case runs by, as the clock computed them. The case adds no month and knows no holiday.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use retention_policy::Timestamp;

use crate::Error;
use crate::request::clock::{Deadline, Due};

/// A civil day of the controller's zone, with the instant it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CivilDay {
    day: NaiveDate,
    ends: Timestamp,
}

impl CivilDay {
    /// Takes a day and its end, 24:00 of the zone: the first instant that is too late.
    ///
    /// # Errors
    /// [`Error::BadLimits`] when no zone ends that day then (UTC-12 to UTC+14).
    pub fn new(day: NaiveDate, ends: Timestamp) -> Result<Self, Error> {
        let end_in_utc = day
            .succ_opt()
            .ok_or(Error::BadLimits)?
            .and_time(NaiveTime::MIN)
            .and_utc();
        let off = end_in_utc.signed_duration_since(ends);
        (TimeDelta::hours(-12)..=TimeDelta::hours(14))
            .contains(&off)
            .then_some(Self { day, ends })
            .ok_or(Error::BadLimits)
    }

    /// The day.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.day
    }

    /// The first instant after it.
    #[must_use]
    pub const fn ends(self) -> Timestamp {
        self.ends
    }

    pub(super) fn is_past(self, now: Timestamp) -> bool {
        now >= self.ends
    }
}

/// The same two days as if there were no pause: no article of the GDPR names one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "Limits checks them")]
pub struct WithoutPause {
    /// One month.
    pub base_due: CivilDay,
    /// Three months.
    pub extended_due: CivilDay,
}

/// The days of a case (article 12(3)), given at opening and whenever a pause begins or ends.
///
/// ```
/// use gdpr_rights::request::case::{CivilDay, Limits};
/// let day = |day: &str, ends: &str| -> Result<_, Box<dyn std::error::Error>> {
///     Ok(CivilDay::new(day.parse()?, ends.parse()?)?)
/// };
/// // Received in Paris on 5 March 2026: Easter is on 5 April, Monday is a holiday.
/// let due = day("2026-04-07", "2026-04-07T22:00:00Z")?;
/// let extended = day("2026-06-05", "2026-06-05T22:00:00Z")?;
/// let limits = Limits::new(due, extended, due, None)?;
/// assert_eq!(limits.base_due().day().to_string(), "2026-04-07");
/// assert!(Limits::new(extended, due, due, None).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    base_due: CivilDay,
    extended_due: CivilDay,
    extension_notice_by: CivilDay,
    without_pause: Option<WithoutPause>,
}

impl Limits {
    /// Takes the days.
    ///
    /// `without_pause` is given while the two readings of a pause differ; alarms then run on the earlier day.
    ///
    /// # Errors
    /// [`Error::BadLimits`] when the extended day is before the base day, the notice of extension would be allowed after
    /// the base day, or a day without the pause is later than the day with it.
    pub fn new(
        base_due: CivilDay,
        extended_due: CivilDay,
        extension_notice_by: CivilDay,
        without_pause: Option<WithoutPause>,
    ) -> Result<Self, Error> {
        let not_later = |a: CivilDay, b: CivilDay| a.day <= b.day && a.ends <= b.ends;
        let fits = not_later(base_due, extended_due)
            && not_later(extension_notice_by, base_due)
            && without_pause.is_none_or(|w| {
                not_later(w.base_due, w.extended_due)
                    && not_later(w.base_due, base_due)
                    && not_later(w.extended_due, extended_due)
            });
        fits.then_some(Self {
            base_due,
            extended_due,
            extension_notice_by,
            without_pause,
        })
        .ok_or(Error::BadLimits)
    }

    /// The days that the clock counted. A notice of extension is safe only inside the month as the law has it, without a
    /// pause.
    ///
    /// # Errors
    /// [`Error::BadLimits`] never for what [`Clock::deadline`](crate::request::clock::Clock::deadline) gives.
    pub fn of(deadline: &Deadline) -> Result<Self, Error> {
        let day = |due: &Due| CivilDay::new(due.due(), due.ends_before().to_utc());
        let base = (deadline.base(), deadline.base_without_pause());
        let extended = (deadline.if_extended(), deadline.if_extended_without_pause());
        let same = |(a, b): (&Due, &Due)| a.due() == b.due();
        let without = if same(base) && same(extended) {
            None
        } else {
            Some(WithoutPause {
                base_due: day(base.1)?,
                extended_due: day(extended.1)?,
            })
        };
        Self::new(day(base.0)?, day(extended.0)?, day(base.1)?, without)
    }

    /// The last day of the month.
    #[must_use]
    pub const fn base_due(&self) -> CivilDay {
        self.base_due
    }

    /// The last day of the three months.
    #[must_use]
    pub const fn extended_due(&self) -> CivilDay {
        self.extended_due
    }

    /// The last day on which the person can be told of an extension.
    #[must_use]
    pub const fn extension_notice_by(&self) -> CivilDay {
        self.extension_notice_by
    }

    /// The days as if there were no pause.
    #[must_use]
    pub const fn without_pause(&self) -> Option<WithoutPause> {
        self.without_pause
    }

    pub(super) fn due(&self, extended: bool) -> CivilDay {
        if extended {
            self.extended_due
        } else {
            self.base_due
        }
    }

    /// The earlier of the two readings.
    pub(super) fn alarm(&self, extended: bool) -> CivilDay {
        self.without_pause.map_or(self.due(extended), |w| {
            if extended { w.extended_due } else { w.base_due }
        })
    }
}
