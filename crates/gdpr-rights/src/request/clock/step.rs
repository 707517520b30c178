//! What led to a date, one step at a time.

use std::fmt;

use chrono::NaiveDate;

use crate::request::holidays::DayOff;

/// One step of a calculation; its text is for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Further months were or would be added, all counted from receipt.
    Extend {
        /// The further months.
        months: u32,
    },
    /// Months were counted from receipt.
    Months {
        /// The day of receipt.
        received: NaiveDate,
        /// How many.
        months: u32,
        /// The day with the same number, or the month's last.
        to: NaiveDate,
    },
    /// The month has no day of that number.
    Clip {
        /// The number of the day of receipt.
        day: u32,
        /// The last day of the month.
        to: NaiveDate,
    },
    /// Days were credited while the person was asked.
    Pause {
        /// How many, each once.
        days: u32,
    },
    /// A question came too late to pause the clock.
    AskedLate {
        /// When it was put.
        asked: NaiveDate,
        /// The days after receipt within which it had to be.
        within: u32,
    },
    /// A question that has no answer yet: nothing is credited before.
    Unanswered {
        /// When it was put.
        asked: NaiveDate,
    },
    /// The day is no working day: the next one is looked at.
    Roll {
        /// The day.
        day: NaiveDate,
        /// What it is.
        off: DayOff,
    },
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Extend { months } => write!(
                f,
                "extended by {}, counted from receipt (GDPR, article 12(3))",
                Count(months, "further month")
            ),
            Self::Months {
                received,
                months,
                to,
            } => write!(
                f,
                "{} from receipt on {received}, that day not counted: {to} (Regulation 1182/71, articles 3(1) and 3(2)(c))",
                Count(months, "month")
            ),
            Self::Clip { day, to } => write!(
                f,
                "that month has no day {day}: its last day, {to} (Regulation 1182/71, article 3(2)(c))"
            ),
            Self::Pause { days } => write!(
                f,
                "paused for {} while the person was asked (policy; EDPB 01/2022, paragraph 159)",
                Count(days, "day")
            ),
            Self::AskedLate { asked, within } => write!(
                f,
                "the question of {asked} came more than {} after receipt and pauses nothing (policy)",
                Count(within, "day")
            ),
            Self::Unanswered { asked } => write!(
                f,
                "the question of {asked} is not answered yet: no day is credited before (policy)"
            ),
            Self::Roll { day, off } => write!(
                f,
                "{day} is {off}: on to the next day (Regulation 1182/71, article 3(4))"
            ),
        }
    }
}

/// A number and its noun.
pub(super) struct Count(pub(super) u32, pub(super) &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(number, noun) = self;
        write!(f, "{number} {noun}{}", if *number == 1 { "" } else { "s" })
    }
}
