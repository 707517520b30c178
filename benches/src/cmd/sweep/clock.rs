//! The clock of a run: hours in seconds.

use std::time::{Duration, Instant};

use tactful::retention_policy::Timestamp;

use super::plan::instant;

/// Records that end in a second of ours, if there is time for it.
const A_SECOND: u64 = 20_000;
const LEAST: f64 = 3.0;

#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    from: u64,
    until: u64,
    /// Seconds of the run in one of ours.
    rate: f64,
}

impl Clock {
    pub(super) fn new(from: u64, until: u64, records: u64) -> Self {
        let seconds = (records as f64 / A_SECOND as f64).max(LEAST);
        Self::within(from, until, Duration::from_secs_f64(seconds))
    }

    pub(super) fn within(from: u64, until: u64, time: Duration) -> Self {
        Clock {
            started: Instant::now(),
            from,
            until,
            rate: until.saturating_sub(from) as f64 / time.as_secs_f64(),
        }
    }

    /// Seconds after the opening; it stops at the end.
    fn seconds(&self) -> u64 {
        let passed = (self.started.elapsed().as_secs_f64() * self.rate) as u64;
        self.from.saturating_add(passed).min(self.until)
    }

    pub(super) fn now(&self) -> Timestamp {
        instant(self.seconds())
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.seconds() == self.until
    }

    /// Seconds of ours since the clock was started.
    pub(super) fn age(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// After how many seconds of ours the clock shows this.
    pub(super) fn shows(&self, at: Timestamp) -> f64 {
        (at - instant(self.from)).num_seconds() as f64 / self.rate
    }
}
