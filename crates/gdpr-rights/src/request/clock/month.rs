//! Article 12(3): one month from receipt, or three.

use std::fmt;

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate};
use retention_policy::Timestamp;

use super::{Clock, Pause, Step, pause};
use crate::Error;
use crate::request::profile::LegalProfile;

/// One date and how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    nominal: NaiveDate,
    due: NaiveDate,
    ends_before: DateTime<FixedOffset>,
    why: Vec<Step>,
}

impl Due {
    /// The day months after receipt, before pauses and days off.
    #[must_use]
    pub fn nominal(&self) -> NaiveDate {
        self.nominal
    }

    /// The last day, a working day.
    #[must_use]
    pub fn due(&self) -> NaiveDate {
        self.due
    }

    /// The first instant that is too late: the end of the last day in the controller's zone.
    #[must_use]
    pub fn ends_before(&self) -> DateTime<FixedOffset> {
        self.ends_before
    }

    /// Whether `now` is too late.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.ends_before
    }

    /// The steps, in order.
    #[must_use]
    pub fn why(&self) -> &[Step] {
        &self.why
    }
}

/// Why more time is necessary: the law knows two grounds (article 12(3); EDPB 01/2022, paragraphs 163 and 164).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 12(3) knows two; effort and workload are none"
)]
pub enum ExtensionGround {
    /// The request is complex.
    Complexity,
    /// The person has made several.
    NumberOfRequests,
}

impl ExtensionGround {
    /// Reads a code.
    ///
    /// # Errors
    /// [`Error::ReasonRequired`] for an empty one; [`Error::NotAnExtensionGround`] for any other than the two.
    pub fn new(code: &str) -> Result<Self, Error> {
        match code {
            "" => Err(Error::ReasonRequired),
            "complexity" => Ok(Self::Complexity),
            "number_of_requests" => Ok(Self::NumberOfRequests),
            _ => Err(Error::NotAnExtensionGround),
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complexity => "complexity",
            Self::NumberOfRequests => "number_of_requests",
        }
    }
}

/// An extension the person was told of in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    notified: NaiveDate,
    ground: ExtensionGround,
}

impl Extension {
    /// The day of the notice.
    #[must_use]
    pub fn notified(&self) -> NaiveDate {
        self.notified
    }

    /// The reason it states.
    #[must_use]
    pub fn ground(&self) -> ExtensionGround {
        self.ground
    }
}

/// All dates of one request. Printing it shows them with their reasons, and that it is not legal advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    received: NaiveDate,
    base: Due,
    base_without_pause: Due,
    if_extended: Due,
    if_extended_without_pause: Due,
    extension: Option<Extension>,
    profile: LegalProfile,
}

impl Deadline {
    /// The day of receipt.
    #[must_use]
    pub fn received(&self) -> NaiveDate {
        self.received
    }

    /// The first limit, pauses credited.
    #[must_use]
    pub fn base(&self) -> &Due {
        &self.base
    }

    /// The first limit as the law has it, without any pause.
    #[must_use]
    pub fn base_without_pause(&self) -> &Due {
        &self.base_without_pause
    }

    /// The limit an extension gives, whether there is one or not; pauses credited.
    #[must_use]
    pub fn if_extended(&self) -> &Due {
        &self.if_extended
    }

    /// The same without any pause.
    #[must_use]
    pub fn if_extended_without_pause(&self) -> &Due {
        &self.if_extended_without_pause
    }

    /// The last day to notify an extension with its reasons; on the safe side it is that of
    /// [`base_without_pause`](Self::base_without_pause).
    #[must_use]
    pub fn extension_notice_by(&self) -> NaiveDate {
        self.base.due
    }

    /// The extension, if there is one.
    #[must_use]
    pub fn extension(&self) -> Option<Extension> {
        self.extension
    }

    /// The limit that counts, pauses credited.
    #[must_use]
    pub fn current(&self) -> &Due {
        if self.extension.is_some() {
            &self.if_extended
        } else {
            &self.base
        }
    }

    /// The limit that counts when no pause does: alarms run on it, since no court need accept a policy.
    #[must_use]
    pub fn alarm(&self) -> &Due {
        if self.extension.is_some() {
            &self.if_extended_without_pause
        } else {
            &self.base_without_pause
        }
    }

    /// Notes that the person was told of an extension on that day and why.
    ///
    /// # Errors
    /// [`Error::AlreadyExtended`] the second time; [`Error::NoticeBeforeReceipt`]; [`Error::ExtensionTooLate`] after
    /// [`extension_notice_by`](Self::extension_notice_by); [`Error::ReasonRequired`] where the notice states none.
    pub fn extend(
        self,
        notified: NaiveDate,
        ground: Option<ExtensionGround>,
    ) -> Result<Self, Error> {
        if self.extension.is_some() {
            return Err(Error::AlreadyExtended);
        }
        if notified < self.received {
            return Err(Error::NoticeBeforeReceipt);
        }
        let by = self.extension_notice_by();
        if notified > by {
            return Err(Error::ExtensionTooLate { by });
        }
        let ground = ground.ok_or(Error::ReasonRequired)?;
        Ok(Self {
            extension: Some(Extension { notified, ground }),
            ..self
        })
    }

    /// The day the house wants to have answered by.
    #[must_use]
    pub fn target(&self) -> NaiveDate {
        let days = Days::new(u64::from(self.profile.target_days()));
        let target = self.received.checked_add_days(days);
        target.map_or(self.alarm().due, |day| day.min(self.alarm().due))
    }

    /// The days on which people are reminded, with the days that are left, before the end of [`alarm`](Self::alarm).
    pub fn reminders(&self) -> impl Iterator<Item = (NaiveDate, u32)> + '_ {
        self.profile.reminders().into_iter().filter_map(|left| {
            let day = self
                .alarm()
                .due
                .checked_sub_days(Days::new(u64::from(left)))?;
            (day > self.received).then_some((day, left))
        })
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.current();
        writeln!(
            f,
            "Answer by {} (before {}):",
            shown.due,
            shown.ends_before.to_rfc3339()
        )?;
        for step in &shown.why {
            writeln!(f, "- {step}")?;
        }
        if self.alarm().due != shown.due {
            writeln!(f, "Without the pause: {}.", self.alarm().due)?;
        }
        if self.extension.is_none() {
            writeln!(
                f,
                "With an extension, notified with its reasons by {}: {}.",
                self.extension_notice_by(),
                self.if_extended.due
            )?;
        }
        write_profile(f, &self.profile)
    }
}

/// The last line of everything that shows dates.
pub(super) fn write_profile(f: &mut fmt::Formatter<'_>, profile: &LegalProfile) -> fmt::Result {
    match profile.in_force_from() {
        Some(from) => write!(f, "Limits: {}, in force since {from}. ", profile.version())?,
        None => write!(f, "Limits: {}, NOT THE LAW IN FORCE. ", profile.version())?,
    }
    writeln!(f, "Computed by software; not legal advice.")
}

pub(super) fn deadline(
    clock: &Clock<'_>,
    received: NaiveDate,
    pauses: &[Pause],
) -> Result<Deadline, Error> {
    let profile = clock.profile;
    let (credit, asked) = pause::credit(received, pauses, profile.question_days())?;
    let count = |further: u32, days: u32, asked: &[Step]| -> Result<Due, Error> {
        due(clock, received, further, days, asked)
    };
    let further = profile.extension_months();
    Ok(Deadline {
        received,
        base: count(0, credit, &asked)?,
        base_without_pause: count(0, 0, &[])?,
        if_extended: count(further, credit, &asked)?,
        if_extended_without_pause: count(further, 0, &[])?,
        extension: None,
        profile,
    })
}

fn due(
    clock: &Clock<'_>,
    received: NaiveDate,
    further: u32,
    credit: u32,
    asked: &[Step],
) -> Result<Due, Error> {
    let months = clock.profile.months().saturating_add(further);
    let nominal = received
        .checked_add_months(Months::new(months))
        .ok_or(Error::CalendarOutOfRange)?;
    let mut why = Vec::new();
    if further > 0 {
        why.push(Step::Extend { months: further });
    }
    why.push(Step::Months {
        received,
        months,
        to: nominal,
    });
    if nominal.day() != received.day() {
        why.push(Step::Clip {
            day: received.day(),
            to: nominal,
        });
    }
    why.extend_from_slice(asked);
    let paused = nominal
        .checked_add_days(Days::new(u64::from(credit)))
        .ok_or(Error::CalendarOutOfRange)?;
    let due = working_day(clock, paused, |day, off| why.push(Step::Roll { day, off }))?;
    Ok(Due {
        nominal,
        due,
        ends_before: clock.end_of(due)?,
        why,
    })
}

/// The first working day on or after a day.
pub(super) fn working_day(
    clock: &Clock<'_>,
    from: NaiveDate,
    mut over: impl FnMut(NaiveDate, crate::request::holidays::DayOff),
) -> Result<NaiveDate, Error> {
    /// Nothing known has a tenth of it.
    const AT_MOST: usize = 366;
    for day in from.iter_days().take(AT_MOST) {
        match clock.days.day_off(day)? {
            None => return Ok(day),
            Some(off) => over(day, off),
        }
    }
    Err(Error::NoWorkingDay)
}
