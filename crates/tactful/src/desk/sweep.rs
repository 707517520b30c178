//! `sweep`: keys die on time.

use crypto_store::Expired;
use retention_policy::{ClockVerdict, Timestamp};

use super::Desk;
use super::proof::Foresight;
use crate::Error;

/// What a sweep did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SweepReport {
    /// What the guard says of the clock. Anything but trusted deserves a person's look.
    pub clock: ClockVerdict,
    /// What was destroyed; all zero when the clock jumped ahead.
    pub expired: Expired,
    /// How many answers of sinks are still owed.
    pub owed: usize,
}

impl Desk {
    /// Destroys the keys of every bucket that has ended, then the rows. Call it every minute.
    ///
    /// A wall clock that jumped ahead destroys nothing until [`Desk::confirm_clock`]; one that went back destroys only
    /// what was due before. Reads of what has expired are refused in any case, swept or not.
    ///
    /// # Errors
    /// The store failed; what was begun is finished by the next sweep or opening. A clock before 2020.
    pub async fn sweep(&self) -> Result<SweepReport, Error> {
        let swept = self.sweep_once().await;
        let mut last = self.upkeep.last();
        match &swept {
            Ok(_) => (last.swept, last.failed) = (self.last_seen(), 0),
            Err(_) => last.failed += 1,
        }
        swept
    }

    async fn sweep_once(&self) -> Result<SweepReport, Error> {
        let (now, clock) = self.look()?;
        let expired = match clock {
            ClockVerdict::Trusted => self.end(now).await?,
            ClockVerdict::WentBack { last_seen, .. } => self.end(last_seen).await?,
            ClockVerdict::JumpedAhead { .. } => {
                tracing::warn!(
                    "the clock jumped ahead: nothing is destroyed until it is confirmed"
                );
                Expired::default()
            }
        };
        if clock == ClockVerdict::Trusted {
            self.chores(now).await;
        }
        if expired.buckets > 0 || expired.rows > 0 {
            tracing::info!(
                buckets = expired.buckets,
                rows = expired.rows,
                kept = expired.kept,
                pending = expired.pending,
                "swept"
            );
        }
        self.note_clock(clock).await;
        let owed = self.tell_sinks().await?;
        Ok(SweepReport {
            clock,
            expired,
            owed,
        })
    }

    /// Keys first, which takes a moment; then as many rows as one sweep should.
    async fn end(&self, at: Timestamp) -> Result<Expired, Error> {
        let plan = self.foreseen(at).await;
        if let Some(plan) = &plan
            && let Err(error) = self.announce(plan, at).await
        {
            // Keys go on time; who must be told is written down once more behind them.
            tracing::warn!(%error, "what ends was not announced before it ended");
        }
        let foreseen = self.look_ahead(plan, at).await;
        let expired = match self.store.expire_buckets(at).await {
            Ok(expired) => expired,
            Err(error) => {
                self.half_done(foreseen.expected, at).await;
                return Err(error.into());
            }
        };
        self.finish(&foreseen, expired, at).await
    }

    /// What was destroyed is proved and its rows go.
    pub(super) async fn finish(
        &self,
        foreseen: &Foresight,
        mut expired: Expired,
        at: Timestamp,
    ) -> Result<Expired, Error> {
        self.prove(foreseen, &expired, at).await;
        self.is_proved(foreseen.expected, at).await;
        self.announce_ended(&expired, at).await?;
        let settled = self.store.settle(at).await?;
        expired.rows += settled.rows;
        expired.pending = settled.pending > 0;
        expired.rows_left = settled.purging > 0;
        for tenant in self.store.unfinished_rotations().await? {
            self.store.rotate_keys(tenant, at).await?;
        }
        Ok(expired)
    }
}
