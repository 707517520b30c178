//! The month of article 12(3) and the 72 hours of article 33, counted as the law counts, with every step explained.
//!
//! # A month is not 30 days
//!
//! "Receipt + 30 days" is what most software computes. For the 2,556 days of receipt from 2021 to 2027 that date is late, after
//! the last day the law gives, or early, with days given away:
//!
//! | country | late | right | early | the month lasts |
//! |-|-|-|-|-|
//! | AT | 173 (6.8 %) | 620 (24.3 %) | 1763 (69.0 %) | 28 to 34 days |
//! | BE | 173 (6.8 %) | 631 (24.7 %) | 1752 (68.5 %) | 28 to 34 days |
//! | BG | 171 (6.7 %) | 610 (23.9 %) | 1775 (69.4 %) | 28 to 36 days |
//! | CY | 167 (6.5 %) | 628 (24.6 %) | 1761 (68.9 %) | 28 to 35 days |
//! | CZ | 171 (6.7 %) | 620 (24.3 %) | 1765 (69.1 %) | 28 to 35 days |
//! | DE | 171 (6.7 %) | 629 (24.6 %) | 1756 (68.7 %) | 28 to 35 days |
//! | DK | 169 (6.6 %) | 634 (24.8 %) | 1753 (68.6 %) | 28 to 36 days |
//! | EE | 172 (6.7 %) | 640 (25.0 %) | 1744 (68.2 %) | 28 to 35 days |
//! | ES | 172 (6.7 %) | 633 (24.8 %) | 1751 (68.5 %) | 28 to 34 days |
//! | FI | 171 (6.7 %) | 628 (24.6 %) | 1757 (68.7 %) | 28 to 35 days |
//! | FR | 173 (6.8 %) | 627 (24.5 %) | 1756 (68.7 %) | 28 to 34 days |
//! | GR | 167 (6.5 %) | 630 (24.6 %) | 1759 (68.8 %) | 28 to 36 days |
//! | HR | 173 (6.8 %) | 640 (25.0 %) | 1743 (68.2 %) | 28 to 34 days |
//! | HU | 166 (6.5 %) | 628 (24.6 %) | 1762 (68.9 %) | 28 to 36 days |
//! | IE | 169 (6.6 %) | 636 (24.9 %) | 1751 (68.5 %) | 28 to 34 days |
//! | IS | 169 (6.6 %) | 633 (24.8 %) | 1754 (68.6 %) | 28 to 36 days |
//! | IT | 173 (6.8 %) | 638 (25.0 %) | 1745 (68.3 %) | 28 to 34 days |
//! | LI | 170 (6.7 %) | 626 (24.5 %) | 1760 (68.9 %) | 28 to 34 days |
//! | LT | 171 (6.7 %) | 635 (24.8 %) | 1750 (68.5 %) | 28 to 35 days |
//! | LU | 173 (6.8 %) | 630 (24.6 %) | 1753 (68.6 %) | 28 to 34 days |
//! | LV | 171 (6.7 %) | 626 (24.5 %) | 1759 (68.8 %) | 28 to 36 days |
//! | MT | 169 (6.6 %) | 639 (25.0 %) | 1748 (68.4 %) | 28 to 34 days |
//! | NL | 171 (6.7 %) | 636 (24.9 %) | 1749 (68.4 %) | 28 to 35 days |
//! | NO | 169 (6.6 %) | 629 (24.6 %) | 1758 (68.8 %) | 28 to 36 days |
//! | PL | 173 (6.8 %) | 635 (24.8 %) | 1748 (68.4 %) | 28 to 35 days |
//! | PT | 172 (6.7 %) | 630 (24.6 %) | 1754 (68.6 %) | 28 to 34 days |
//! | RO | 174 (6.8 %) | 628 (24.6 %) | 1754 (68.6 %) | 28 to 35 days |
//! | SE | 171 (6.7 %) | 638 (25.0 %) | 1747 (68.3 %) | 28 to 35 days |
//! | SI | 173 (6.8 %) | 641 (25.1 %) | 1742 (68.2 %) | 28 to 35 days |
//! | SK | 171 (6.7 %) | 632 (24.7 %) | 1753 (68.6 %) | 28 to 35 days |
//!
//! The example `thirty_days` computes the table, a test compares it with this page.
//!
//! # The rules
//!
//! | rule | source |
//! |-|-|
//! | the limit runs from receipt, known or not, on the controller's civil day | GDPR 12(3), EDPB 01/2022 paragraph 159 |
//! | the day of receipt is not counted; a month ends on the same number, or else on the month's last day | Regulation 1182/71, 3(1), 3(2)(c) |
//! | it ends at 24:00; a Saturday, Sunday or public holiday moves it to the next working day | 3(2)(c), 3(4) |
//! | extended: three months from receipt, not two from the first end; notice with reasons within the first limit, once | GDPR 12(3) |
//! | a pause while the person is asked is policy: both dates are computed, alarms run on the earlier | EDPB 01/2022 paragraph 159 |
//! | hours count on every day, and 3(4) does not move their end | Regulation 1182/71, 3(3), 3(4) |
//!
//! Usable without the rest of the crate: [`Clock`] takes a [`Zone`] and any [`WorkingDays`].
//!
//! ```
//! use gdpr_rights::request::clock::{Clock, Zone};
//! use gdpr_rights::request::holidays::Calendar;
//!
//! let alsace = Calendar::new("FR-6AE")?;
//! let clock = Clock::new(Zone::new("Europe/Paris")?, &alsace);
//! // Late in the evening, UTC; in Paris it is the next day already.
//! let received = clock.date("2026-03-02T23:30:00Z".parse()?)?;
//! let deadline = clock.deadline(received, &[])?;
//!
//! // Good Friday (in Alsace), the weekend and Easter Monday are no working days.
//! assert_eq!(deadline.base().due().to_string(), "2026-04-07");
//! assert_eq!(deadline.base().ends_before().to_rfc3339(), "2026-04-08T00:00:00+02:00");
//! assert_eq!(deadline.base().why().len(), 5);
//! println!("{deadline}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Software, not legal advice.

mod breach;
mod month;
mod pause;
mod step;
mod zone;

use chrono::{DateTime, FixedOffset, NaiveDate};
use retention_policy::Timestamp;

pub use breach::BreachLimits;
pub use month::{Deadline, Due, Extension, ExtensionGround};
pub use pause::Pause;
pub use step::Step;
pub use zone::Zone;

use crate::Error;
use crate::request::holidays::WorkingDays;
use crate::request::profile::LegalProfile;

/// Counts limits for one controller: where it is, which days it works, which law holds.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    zone: Zone,
    days: &'a dyn WorkingDays,
    profile: LegalProfile,
}

impl<'a> Clock<'a> {
    /// Sets a clock by the law in force.
    #[must_use]
    pub fn new(zone: Zone, days: &'a dyn WorkingDays) -> Self {
        Self {
            zone,
            days,
            profile: LegalProfile::GDPR,
        }
    }

    /// Counts by other limits.
    #[must_use]
    pub fn with_profile(self, profile: LegalProfile) -> Self {
        Self { profile, ..self }
    }

    /// The civil date of an instant in the controller's zone: the day of receipt.
    ///
    /// # Errors
    /// [`Error::CalendarOutOfRange`] for an instant outside of the years 1 to 9999.
    pub fn date(&self, at: Timestamp) -> Result<NaiveDate, Error> {
        self.zone.date(at)
    }

    /// The day of receipt, where `now` is known as well.
    ///
    /// # Errors
    /// [`Error::ReceivedInFuture`] after `now`; else as [`date`](Self::date).
    pub fn received(&self, at: Timestamp, now: Timestamp) -> Result<NaiveDate, Error> {
        if at > now {
            return Err(Error::ReceivedInFuture);
        }
        self.date(at)
    }

    /// Counts the limits of a request received on that civil day of the controller's zone.
    ///
    /// # Errors
    /// [`Error::InvalidPause`] for a pause that begins before receipt; [`Error::CalendarOutOfRange`] where a day needed is not
    /// known; [`Error::NoWorkingDay`] when the calendar has none.
    pub fn deadline(&self, received: NaiveDate, pauses: &[Pause]) -> Result<Deadline, Error> {
        month::deadline(self, received, pauses)
    }

    /// Counts the hours to notify a breach, from awareness with reasonable certainty (EDPB 9/2022, paragraph 31).
    ///
    /// # Errors
    /// [`Error::CalendarOutOfRange`] and [`Error::NoWorkingDay`] as [`deadline`](Self::deadline), for the contested end.
    pub fn breach(&self, aware: Timestamp) -> Result<BreachLimits, Error> {
        breach::limits(self, aware)
    }

    /// The first instant that is no longer within that civil day.
    fn end_of(&self, day: NaiveDate) -> Result<DateTime<FixedOffset>, Error> {
        self.zone
            .start_of(day.succ_opt().ok_or(Error::CalendarOutOfRange)?)
    }
}
