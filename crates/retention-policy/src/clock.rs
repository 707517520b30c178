//! Whether a clock may be trusted to destroy.

mod watch;

use chrono::TimeDelta;

use crate::record::EPOCH_SECONDS;
use crate::{Error, Timestamp};

pub use watch::{ClockState, ClockWatch};

/// A step back of up to this much is what time servers do.
const SLACK_BACK: TimeDelta = TimeDelta::minutes(5);
/// A step ahead of up to this much needs no confirmation.
const SLACK_AHEAD: TimeDelta = TimeDelta::hours(1);

/// What may be destroyed at this reading of the clock. Reads of what has expired are refused in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "forward, backward or fine")]
pub enum ClockVerdict {
    /// Destroy what is due at `now`.
    Trusted,
    /// The wall clock went back: destroy only what was already due when it was last seen.
    WentBack {
        /// By how much.
        by: TimeDelta,
        /// The latest instant that was seen.
        last_seen: Timestamp,
    },
    /// The wall clock ran ahead of the monotonic one: destroy nothing until somebody confirms.
    JumpedAhead {
        /// By how much.
        by: TimeDelta,
    },
}

/// Compares a reading of the wall clock with the last one that was stored and with the monotonic clock since then.
///
/// `monotonic` is the time since `last_seen` that nobody can set; `None` after a restart, when a pause of any length is
/// possible and only `confirmed` tells a long pause from a wrong clock. `sweep_every` is how often the caller looks.
///
/// # Errors
/// [`Error::ClockBeforeEpoch`] when `now` is before 2020.
///
/// ```
/// use chrono::TimeDelta;
/// use retention_policy::{clock_guard, ClockVerdict, Timestamp};
/// let seen: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
/// let minute = TimeDelta::minutes(1);
/// assert_eq!(clock_guard(Some(seen), seen + minute, Some(minute), minute, false)?, ClockVerdict::Trusted);
/// let year = TimeDelta::days(365);
/// assert_eq!(
///     clock_guard(Some(seen), seen + year, Some(minute), minute, false)?,
///     ClockVerdict::JumpedAhead { by: year - minute },
/// );
/// # Ok::<(), retention_policy::Error>(())
/// ```
pub fn clock_guard(
    last_seen: Option<Timestamp>,
    now: Timestamp,
    monotonic: Option<TimeDelta>,
    sweep_every: TimeDelta,
    confirmed: bool,
) -> Result<ClockVerdict, Error> {
    if now.timestamp() < EPOCH_SECONDS {
        return Err(Error::ClockBeforeEpoch);
    }
    let Some(last_seen) = last_seen else {
        return Ok(ClockVerdict::Trusted);
    };
    let moved = now - last_seen;
    if moved < -SLACK_BACK {
        return Ok(ClockVerdict::WentBack {
            by: -moved,
            last_seen,
        });
    }
    if confirmed {
        return Ok(ClockVerdict::Trusted);
    }
    let allowed = SLACK_AHEAD.max(sweep_every * 3);
    // After a restart the process knows nothing of the time between: a desk that was off over a weekend must sweep what
    // is overdue at once, so a missing monotonic reading counts as agreement up to 32 days, the longest life of a draft.
    let ahead = match monotonic {
        Some(passed) => moved - passed,
        None if moved <= TimeDelta::days(32) => TimeDelta::zero(),
        None => moved,
    };
    if ahead > allowed {
        return Ok(ClockVerdict::JumpedAhead { by: ahead });
    }
    Ok(ClockVerdict::Trusted)
}
