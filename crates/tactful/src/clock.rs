//! The one place that reads the time.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::TimeDelta;
use retention_policy::Timestamp;

/// Where a desk gets the time from.
///
/// Two readings, because one is not enough: the wall clock can be set, the monotonic one cannot, and their difference is
/// what tells a jump from a pause.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The wall clock, UTC.
    fn now(&self) -> Timestamp;

    /// Time since some fixed instant of this process that no one can set.
    fn monotonic(&self) -> TimeDelta;
}

/// The clock of the machine.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// Starts the monotonic reading now.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the facade's clock is the one that reads the time"
    )]
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the facade's clock is the one that reads the time"
    )]
    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }

    fn monotonic(&self) -> TimeDelta {
        TimeDelta::from_std(self.started.elapsed()).unwrap_or(TimeDelta::MAX)
    }
}

/// A clock that moves when it is told to: for tests, demonstrations and replays.
///
/// Both readings move together with [`ManualClock::advance`]; [`ManualClock::jump_to`] moves the wall clock alone, as
/// a wrong time server would.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<(Timestamp, TimeDelta)>,
}

impl ManualClock {
    /// Starts at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            state: Mutex::new((now, TimeDelta::zero())),
        }
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.checked_add_signed(by).unwrap_or(state.0);
        state.1 = state.1.checked_add(&by).unwrap_or(state.1);
    }

    /// Sets the wall clock alone.
    pub fn jump_to(&self, now: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn monotonic(&self) -> TimeDelta {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}
