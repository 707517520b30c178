//! The guard, reading by reading.

use chrono::TimeDelta;

use super::{ClockVerdict, clock_guard};
use crate::{Error, Timestamp};

/// What a metric says of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "forward, backward or fine")]
pub enum ClockState {
    /// Fine.
    Ok,
    /// It went back.
    Back,
    /// It ran ahead, and nobody confirmed it.
    Ahead,
}

impl ClockState {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Back => "back",
            Self::Ahead => "ahead",
        }
    }
}

impl ClockVerdict {
    /// The same for a metric.
    #[must_use]
    pub fn state(self) -> ClockState {
        match self {
            Self::Trusted => ClockState::Ok,
            Self::WentBack { .. } => ClockState::Back,
            Self::JumpedAhead { .. } => ClockState::Ahead,
        }
    }
}

/// Applies [`clock_guard`] to one reading after the other, and remembers a jump until somebody confirms it or the
/// clock takes it back.
///
/// A value: whoever has it stores [`ClockWatch::last_seen`] and [`ClockWatch::unconfirmed`] and resumes from both, so
/// that a restart does not make a wrong clock right.
///
/// ```
/// use chrono::TimeDelta;
/// use retention_policy::{ClockState, ClockWatch, Timestamp};
/// let minute = TimeDelta::minutes(1);
/// let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
/// let mut watch = ClockWatch::resume(None, None);
/// assert_eq!(watch.read(start, None, minute)?.state(), ClockState::Ok);
/// let year = TimeDelta::days(365);
/// assert_eq!(watch.read(start + year, Some(minute), minute)?.state(), ClockState::Ahead);
/// assert_eq!(watch.read(start + year + minute, Some(minute), minute)?.state(), ClockState::Ahead);
/// watch.confirm();
/// assert_eq!(watch.read(start + year + minute * 2, Some(minute), minute)?.state(), ClockState::Ok);
/// # Ok::<(), retention_policy::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockWatch {
    last_seen: Option<Timestamp>,
    unconfirmed: Option<Timestamp>,
    /// What the monotonic clock counted since `last_seen`; unknown after a restart.
    passed: Option<TimeDelta>,
}

impl ClockWatch {
    /// Goes on from what was stored: the latest instant that was trusted, and a jump that waits for confirmation.
    #[must_use]
    pub fn resume(last_seen: Option<Timestamp>, unconfirmed: Option<Timestamp>) -> Self {
        Self {
            last_seen,
            unconfirmed,
            passed: None,
        }
    }

    /// Takes a reading of the wall clock. `monotonic` is the time since the reading before, none for the first one
    /// after a restart; `sweep_every` is how often the caller looks.
    ///
    /// # Errors
    /// [`Error::ClockBeforeEpoch`] when `now` is before 2020; such a reading changes nothing.
    pub fn read(
        &mut self,
        now: Timestamp,
        monotonic: Option<TimeDelta>,
        sweep_every: TimeDelta,
    ) -> Result<ClockVerdict, Error> {
        let passed = match (self.passed, monotonic) {
            (Some(before), Some(more)) => before.checked_add(&more),
            // A pause may explain a jump, but not one that was seen before the restart.
            (None, more) if self.unconfirmed.is_some() => Some(more.unwrap_or_default()),
            _ => None,
        };
        let verdict = clock_guard(self.last_seen, now, passed, sweep_every, false)?;
        match verdict {
            ClockVerdict::Trusted => {
                self.unconfirmed = None;
                // A clock that stood still and catches up has not jumped: time is counted from when it first showed this.
                if self.last_seen.is_none_or(|seen| now > seen) {
                    self.last_seen = Some(now);
                    self.passed = Some(TimeDelta::zero());
                } else {
                    self.passed = passed;
                }
            }
            ClockVerdict::WentBack { .. } => {
                self.passed = passed;
                // The jump is taken back: who confirms now must not confirm an instant that the clock no longer shows.
                self.unconfirmed = None;
            }
            ClockVerdict::JumpedAhead { .. } => {
                self.passed = passed;
                self.unconfirmed = Some(now);
            }
        }
        Ok(verdict)
    }

    /// Somebody looked: the jump that was seen last is right. Without one this changes nothing.
    pub fn confirm(&mut self) {
        if let Some(at) = self.unconfirmed.take() {
            self.last_seen = Some(at);
            self.passed = Some(TimeDelta::zero());
        }
    }

    /// The latest instant that was trusted, to be stored.
    #[must_use]
    pub fn last_seen(&self) -> Option<Timestamp> {
        self.last_seen
    }

    /// The jump that waits for confirmation, to be stored.
    #[must_use]
    pub fn unconfirmed(&self) -> Option<Timestamp> {
        self.unconfirmed
    }
}
