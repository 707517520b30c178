//! What is counted about drafts. An event holds no text, no person, no agent, no ticket and no time finer than a week.

mod bill;
mod line;
mod plot;
mod series;
mod teams;
mod week;

use std::time::Duration;

use redact::Locale;

pub use bill::{Bill, BillError, BillLine, Tariff};
pub use series::{QualitySeries, QualityWeek};
pub use teams::{TeamWeek, Teams};
pub use week::Week;

use crate::decision::Outcome;
use crate::draft::{Draft, NoSuggestion, Reason, Source};
use crate::intent::Intent;

/// Fewer events, or fewer agents, than this are not told: they could be somebody's.
pub const MIN_CELL: usize = 5;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $code:literal $below:expr;)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All classes, the shortest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The class of a duration.
            #[must_use]
            pub fn of(took: Duration) -> Self {
                let bounds: &[(Self, Option<Duration>)] = &[$((Self::$variant, $below),)*];
                let class = bounds.iter().find(|(_, below)| below.is_none_or(|below| took < below));
                class.map_or(Self::Longer, |(class, _)| *class)
            }

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            pub(crate) fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.code() == code)
            }
        }
    )*};
}

classes! {
    /// How long a decision took, in classes.
    Latency {
        /// Under a minute.
        UnderMinute "lt_1m" Some(Duration::from_secs(60));
        /// Under ten minutes.
        UnderTenMinutes "lt_10m" Some(Duration::from_secs(600));
        /// Under an hour.
        UnderHour "lt_1h" Some(Duration::from_secs(3_600));
        /// Longer.
        Longer "ge_1h" None;
    }
    /// How long a draft took to make, in classes.
    Drafting {
        /// Under ten milliseconds.
        UnderTenMillis "lt_10ms" Some(Duration::from_millis(10));
        /// Under a tenth of a second.
        UnderTenth "lt_100ms" Some(Duration::from_millis(100));
        /// Under a second.
        UnderSecond "lt_1s" Some(Duration::from_secs(1));
        /// Under ten seconds.
        UnderTenSeconds "lt_10s" Some(Duration::from_secs(10));
        /// Longer.
        Longer "ge_10s" None;
    }
    /// How long an agent looked at a draft, in classes.
    Viewing {
        /// Under five seconds: hardly read.
        UnderFiveSeconds "lt_5s" Some(Duration::from_secs(5));
        /// Under half a minute.
        UnderHalfMinute "lt_30s" Some(Duration::from_secs(30));
        /// Under two minutes.
        UnderTwoMinutes "lt_2m" Some(Duration::from_secs(120));
        /// Longer.
        Longer "ge_2m" None;
    }
}

/// What was counted: a draft that was decided, or a message without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Counted {
    Decided {
        outcome: Outcome,
        source: Source,
        citations: u8,
        latency: Latency,
        viewing: Option<Viewing>,
    },
    Silent {
        /// The code of a [`Reason`].
        reason: &'static str,
    },
}

/// One decided draft, or one message without a draft, for statistics. Its constructors take nothing that could lead to
/// somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UsageEvent {
    intent: Option<Intent>,
    week: Week,
    locale: Option<Locale>,
    findings: u8,
    drafting: Option<Drafting>,
    counted: Counted,
}

impl UsageEvent {
    /// Counts a decided draft: what it was about, what became of it, in which week, how long the decision took.
    #[must_use]
    pub fn new(draft: &Draft, outcome: Outcome, week: Week, latency: Latency) -> Self {
        Self {
            intent: draft.intent(),
            week,
            locale: Some(draft.locale()),
            findings: few(draft.findings().len()),
            drafting: None,
            counted: Counted::Decided {
                outcome,
                source: draft.source(),
                citations: few(draft.citations().len()),
                latency,
                viewing: None,
            },
        }
    }

    /// Counts a message without a draft, and why there is none.
    #[must_use]
    pub fn silent(none: &NoSuggestion, week: Week) -> Self {
        Self {
            intent: none.intent,
            week,
            locale: none.locale,
            findings: few(none.findings.len()),
            drafting: None,
            counted: Counted::Silent {
                reason: none.reason.code(),
            },
        }
    }

    /// Adds how long the engine took.
    #[must_use]
    pub fn drafted_in(mut self, took: Duration) -> Self {
        self.drafting = Some(Drafting::of(took));
        self
    }

    /// Adds how long the agent looked at the draft; a message without a draft was not looked at.
    #[must_use]
    pub fn viewed_for(mut self, took: Duration) -> Self {
        if let Counted::Decided { viewing, .. } = &mut self.counted {
            *viewing = Some(Viewing::of(took));
        }
        self
    }

    /// What it was about.
    #[must_use]
    pub const fn intent(&self) -> Option<Intent> {
        self.intent
    }

    /// What became of the draft; `None` where there was none.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.counted {
            Counted::Decided { outcome, .. } => Some(outcome),
            Counted::Silent { .. } => None,
        }
    }

    /// The code of the [`Reason`] why there was no draft.
    #[must_use]
    pub const fn silence(&self) -> Option<&'static str> {
        match self.counted {
            Counted::Decided { .. } => None,
            Counted::Silent { reason } => Some(reason),
        }
    }

    /// The week.
    #[must_use]
    pub const fn week(&self) -> Week {
        self.week
    }

    /// The language, where it was clear.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        self.locale
    }

    /// How the draft was made.
    #[must_use]
    pub const fn source(&self) -> Option<Source> {
        match self.counted {
            Counted::Decided { source, .. } => Some(source),
            Counted::Silent { .. } => None,
        }
    }

    /// How long the decision took.
    #[must_use]
    pub const fn latency(&self) -> Option<Latency> {
        match self.counted {
            Counted::Decided { latency, .. } => Some(latency),
            Counted::Silent { .. } => None,
        }
    }

    /// How long the agent looked at it, where that was measured.
    #[must_use]
    pub const fn viewing(&self) -> Option<Viewing> {
        match self.counted {
            Counted::Decided { viewing, .. } => viewing,
            Counted::Silent { .. } => None,
        }
    }

    /// How long the engine took, where that was measured.
    #[must_use]
    pub const fn drafting(&self) -> Option<Drafting> {
        self.drafting
    }

    /// The stored form: a version and codes, separated by `;`.
    #[must_use]
    pub fn to_line(&self) -> String {
        line::write(self)
    }

    /// Reads the stored form, of every version there was; `None` for anything else.
    #[must_use]
    pub fn from_line(text: &str) -> Option<Self> {
        line::read(text)
    }
}

/// Numbers beyond a byte say "many".
fn few(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

/// The code of a reason as this build knows it.
fn reason_of(code: &str) -> Option<&'static str> {
    Reason::CODES.iter().copied().find(|known| *known == code)
}
