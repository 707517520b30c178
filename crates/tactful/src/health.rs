//! What [`Desk::health`](crate::Desk::health) tells.

use chrono::TimeDelta;
use retention_policy::{ClockState, Timestamp};

/// How keeping and ending stand. Counts, times and codes; it holds no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// When this was told, by the clock as it is.
    pub at: Timestamp,
    /// Whether the clock is trusted to destroy.
    pub clock: ClockState,
    /// When a sweep last went through in this process.
    pub swept: Option<Timestamp>,
    /// How many sweeps failed since.
    pub sweeps_failed: u64,
    /// For how long the oldest bucket that is over has been waiting for its key to go.
    pub sweep_lag: TimeDelta,
    /// Records whose time is over and whose keys exist.
    pub backlog: u64,
    /// Those of them that wait longer than the policy lets a sweep take.
    pub overdue: u64,
    /// Age of the oldest ticket that can still be read; none if there is none.
    pub oldest_ticket: Option<TimeDelta>,
    /// Tickets that nobody decided and that are past the policy's warning.
    pub unanswered: u64,
    /// Records whose time is over and that a hold keeps, in buckets that wait.
    pub held: u64,
    /// Holds there are.
    pub holds: u64,
    /// Holds whose review is over: they still hold.
    pub holds_overdue: u64,
    /// Answers that sinks owe.
    pub owed: u64,
    /// Sinks that failed and still owe an answer, or that owe one and are registered no more.
    pub sinks_failing: u64,
    /// Records that a tripped breaker keeps until two people have looked.
    pub tripped: u64,
    /// The most seconds between a written end and the destruction of its key, of the last sweep that destroyed something.
    pub time_to_delete: Option<u64>,
    /// Whether there is a key to sign proofs of deletion with; without one there are none.
    pub proves: bool,
    /// Proofs and notes that could not be written yet.
    pub unproven: u64,
    /// Contracts that are ending.
    pub offboardings: u64,
    /// Those of them that are past their due day.
    pub offboardings_overdue: u64,
}

impl Health {
    /// True if nobody needs to do anything: the clock is trusted, sweeps go through, nothing is late, no sink fails, no
    /// breaker waits, no review or off-boarding is over its day.
    ///
    /// Tickets that will expire unanswered, a backlog that the next sweep takes and the lack of a signing key are no alarm.
    #[must_use]
    pub fn is_green(&self) -> bool {
        let late = [
            self.sweeps_failed,
            self.overdue,
            self.holds_overdue,
            self.sinks_failing,
            self.tripped,
            self.unproven,
            self.offboardings_overdue,
        ];
        self.clock == ClockState::Ok && late.iter().all(|n| *n == 0)
    }

    /// Sets the gauges of the feature `metrics`; their names are in `docs/operations.md`.
    #[cfg(feature = "metrics")]
    pub(crate) fn record(&self) {
        let clock: u8 = match self.clock {
            ClockState::Ok => 0,
            ClockState::Back => 1,
            ClockState::Ahead => 2,
        };
        let seconds = |time: TimeDelta| time.num_seconds() as f64;
        let gauges: [(&'static str, f64); 16] = [
            ("tactful_clock_state", f64::from(clock)),
            ("tactful_sweeps_failed", self.sweeps_failed as f64),
            ("tactful_sweep_lag_seconds", seconds(self.sweep_lag)),
            ("tactful_backlog_records", self.backlog as f64),
            ("tactful_overdue_records", self.overdue as f64),
            (
                "tactful_oldest_ticket_seconds",
                self.oldest_ticket.map_or_else(f64::default, seconds),
            ),
            ("tactful_unanswered_tickets", self.unanswered as f64),
            ("tactful_held_records", self.held as f64),
            ("tactful_holds", self.holds as f64),
            ("tactful_holds_overdue", self.holds_overdue as f64),
            ("tactful_notices_owed", self.owed as f64),
            ("tactful_sinks_failing", self.sinks_failing as f64),
            ("tactful_tripped_records", self.tripped as f64),
            ("tactful_unproven", self.unproven as f64),
            ("tactful_offboardings", self.offboardings as f64),
            (
                "tactful_offboardings_overdue",
                self.offboardings_overdue as f64,
            ),
        ];
        for (name, value) in gauges {
            metrics::gauge!(name).set(value);
        }
    }
}

/// Tells how many seconds after its end something was destroyed.
#[cfg_attr(
    not(feature = "metrics"),
    expect(unused_variables, reason = "nobody is told")
)]
pub(crate) fn deleted_after(seconds: u64) {
    #[cfg(feature = "metrics")]
    metrics::histogram!("tactful_time_to_delete_seconds").record(seconds as f64);
}
