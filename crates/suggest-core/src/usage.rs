//! What is counted about drafts. An event holds no text, no person, no agent, no ticket and no time finer than a week.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use redact::Locale;

use crate::decision::{DiscardReason, EditClass, Outcome};
use crate::draft::{Draft, Source};
use crate::intent::Intent;

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

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-W{:02}", self.year, self.week)
    }
}

/// How long something took, in classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Latency {
    /// Under a minute.
    UnderMinute,
    /// Under ten minutes.
    UnderTenMinutes,
    /// Under an hour.
    UnderHour,
    /// Longer.
    Longer,
}

impl Latency {
    /// All classes.
    pub const ALL: [Self; 4] = [
        Self::UnderMinute,
        Self::UnderTenMinutes,
        Self::UnderHour,
        Self::Longer,
    ];

    /// The class of a duration.
    #[must_use]
    pub fn of(took: Duration) -> Self {
        match took.as_secs() {
            0..60 => Self::UnderMinute,
            60..600 => Self::UnderTenMinutes,
            600..3_600 => Self::UnderHour,
            _ => Self::Longer,
        }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnderMinute => "lt_1m",
            Self::UnderTenMinutes => "lt_10m",
            Self::UnderHour => "lt_1h",
            Self::Longer => "ge_1h",
        }
    }
}

/// One decided draft, for statistics. Its constructor takes nothing that could lead to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UsageEvent {
    intent: Option<Intent>,
    outcome: Outcome,
    week: Week,
    locale: Locale,
    source: Source,
    citations: u8,
    findings: u8,
    latency: Latency,
}

/// Version of [`UsageEvent::to_line`].
const VERSION: &str = "1";

impl UsageEvent {
    /// Counts a decided draft: what it was about, what became of it, in which week, how long the decision took.
    #[must_use]
    pub fn new(draft: &Draft, outcome: Outcome, week: Week, latency: Latency) -> Self {
        let few = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        Self {
            intent: draft.intent(),
            outcome,
            week,
            locale: draft.locale(),
            source: draft.source(),
            citations: few(draft.citations().len()),
            findings: few(draft.findings().len()),
            latency,
        }
    }

    /// What it was about.
    #[must_use]
    pub const fn intent(&self) -> Option<Intent> {
        self.intent
    }

    /// What became of the draft.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The week.
    #[must_use]
    pub const fn week(&self) -> Week {
        self.week
    }

    /// The language.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// How the draft was made.
    #[must_use]
    pub const fn source(&self) -> Source {
        self.source
    }

    /// How long the decision took.
    #[must_use]
    pub const fn latency(&self) -> Latency {
        self.latency
    }

    /// The stored form: a version and codes, separated by `;`.
    #[must_use]
    pub fn to_line(&self) -> String {
        let detail = match self.outcome {
            Outcome::Accepted => "-",
            Outcome::Edited(class) => class.code(),
            Outcome::Discarded(reason) => reason.code(),
        };
        format!(
            "{VERSION};{};{};{detail};{};{};{};{};{};{}",
            self.intent.map_or("-", Intent::code),
            self.outcome.code(),
            self.week,
            self.locale.code(),
            self.source.code(),
            self.citations,
            self.findings,
            self.latency.code()
        )
    }

    /// Reads the stored form; `None` for anything [`UsageEvent::to_line`] would not have written.
    #[must_use]
    pub fn from_line(line: &str) -> Option<Self> {
        let parts: Vec<&str> = line.split(';').collect();
        let [
            VERSION,
            intent,
            outcome,
            detail,
            week,
            locale,
            source,
            citations,
            findings,
            latency,
        ] = parts.as_slice()
        else {
            return None;
        };
        let outcome = match *outcome {
            "accepted" if *detail == "-" => Outcome::Accepted,
            "edited" => Outcome::Edited(EditClass::ALL.into_iter().find(|c| c.code() == *detail)?),
            "discarded" => Outcome::Discarded(
                DiscardReason::ALL
                    .into_iter()
                    .find(|r| r.code() == *detail)?,
            ),
            _ => return None,
        };
        let (year, number) = week.split_once("-W")?;
        let event = Self {
            intent: match *intent {
                "-" => None,
                code => Some(Intent::from_code(code)?),
            },
            outcome,
            week: Week {
                year: year.parse().ok()?,
                week: number.parse().ok().filter(|n| (1..=53).contains(n))?,
            },
            locale: Locale::from_code(locale)?,
            source: Source::ALL.into_iter().find(|s| s.code() == *source)?,
            citations: citations.parse().ok()?,
            findings: findings.parse().ok()?,
            latency: Latency::ALL.into_iter().find(|l| l.code() == *latency)?,
        };
        (event.to_line() == line).then_some(event)
    }
}
