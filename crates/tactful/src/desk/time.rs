//! Which readings of the clock count.

use std::sync::PoisonError;

use retention_policy::{ClockVerdict, Timestamp, clock_guard};

use super::Desk;
use crate::Error;

impl Desk {
    /// The latest instant the desk has seen, this process or an earlier one.
    #[must_use]
    pub fn last_seen(&self) -> Option<Timestamp> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map(|(at, _)| at)
    }

    /// Says that the clock is right after it jumped: somebody has looked.
    pub fn confirm_clock(&self) {
        let reading = (self.clock.now(), Some(self.clock.monotonic()));
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }

    /// The time, if it may be written down: never before 2020, never far behind what was seen.
    pub(crate) fn now(&self) -> Result<Timestamp, Error> {
        let (now, verdict) = self.look()?;
        match verdict {
            // A record made by a clock that lags would live longer than promised.
            ClockVerdict::WentBack { .. } => Err(Error::ClockUntrusted),
            _ => Ok(now),
        }
    }

    /// The time as far as it is trusted: what is written while the clock is wrong must not make it right.
    pub(crate) fn trusted_now(&self) -> Result<Timestamp, Error> {
        let (now, verdict) = self.look()?;
        Ok(match verdict {
            ClockVerdict::Trusted => now,
            _ => self.last_seen().unwrap_or(now),
        })
    }

    /// Reads the clock and judges it; a reading that is trusted becomes the latest seen.
    pub(crate) fn look(&self) -> Result<(Timestamp, ClockVerdict), Error> {
        let (now, monotonic) = (self.clock.now(), self.clock.monotonic());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = seen.and_then(|(_, then)| then).map(|then| monotonic - then);
        let every = self.policy().sweep_within().as_delta();
        let verdict = clock_guard(seen.map(|(at, _)| at), now, passed, every, false)?;
        if verdict == ClockVerdict::Trusted && seen.is_none_or(|(at, _)| at <= now) {
            *seen = Some((now, Some(monotonic)));
        }
        Ok((now, verdict))
    }
}
