//! Telling sinks what is over, until all have answered.

use std::collections::BTreeSet;

use retention_policy::{Forget, Notice, Pending, RecordId, Sinks, Stage, Timestamp};

use crate::Error;
use crate::desk::Desk;

impl Desk {
    /// Tells every sink what it still has to forget; every sweep does it. How many answers are owed then.
    ///
    /// # Errors
    /// The store failed. A sink that fails is no error: it stays in [`Desk::sinks`].
    pub async fn tell_sinks(&self) -> Result<usize, Error> {
        let now = self.trusted_now()?;
        let told = &self.upkeep.told;
        let _turn = told.turn.lock().await;
        let owing: BTreeSet<_> = told
            .pending(now)
            .iter()
            .map(|p| (p.serial, p.sink))
            .collect();
        let open: Vec<Notice> = {
            let owed = told.owed();
            let open = owed.ledger.iter().flat_map(Sinks::open_notices);
            open.copied().collect()
        };
        for notice in open {
            if !self.is_over(&notice, now).await? {
                continue;
            }
            for sink in &told.sinks {
                if !owing.contains(&(notice.serial, sink.id())) {
                    continue;
                }
                let answer = sink.forget(&notice).await;
                // The clock may have gone back a little since the notice was given.
                let at = now.max(notice.at);
                if let Some(ledger) = &mut told.owed().ledger {
                    match answer {
                        Ok(()) => ledger.ack(sink.id(), notice.serial, at)?,
                        Err(_) => ledger.failed(sink.id(), notice.serial, at)?,
                    }
                }
                if answer.is_err() {
                    tracing::warn!(sink = %sink.id(), serial = notice.serial, "a sink did not forget");
                }
            }
        }
        self.end_answered(now).await?;
        Ok(told.pending(now).len())
    }

    /// Notices that all have answered need not be remembered.
    async fn end_answered(&self, now: Timestamp) -> Result<(), Error> {
        let told = &self.upkeep.told;
        let answered: Vec<(u64, RecordId)> = {
            let owed = told.owed();
            let is_complete =
                |serial: u64| owed.ledger.as_ref().is_some_and(|l| l.is_complete(serial));
            let kept = owed.kept.iter().map(|(serial, record)| (*serial, *record));
            kept.filter(|(serial, _)| is_complete(*serial)).collect()
        };
        for (serial, record) in answered {
            self.drop_kept(record, now).await?;
            let mut owed = told.owed();
            owed.kept.remove(&serial);
            owed.gone.remove(&serial);
        }
        Ok(())
    }

    /// Notices are written before keys go, so that a crash forgets none; nobody is told of what still lives.
    async fn is_over(&self, notice: &Notice, now: Timestamp) -> Result<bool, Error> {
        match notice.what {
            Forget::Record(id) => {
                let told = &self.upkeep.told;
                if told.owed().gone.contains(&notice.serial) {
                    return Ok(true);
                }
                let gone = match self.store.stage(id, notice.tenant, now).await {
                    Ok(stage) => !matches!(stage, Stage::Live | Stage::Due),
                    Err(error) if error.is_not_found() => true,
                    Err(error) => return Err(error.into()),
                };
                if gone {
                    told.owed().gone.insert(notice.serial);
                }
                Ok(gone)
            }
            Forget::Ended { until, .. } => Ok(until <= now),
            _ => Ok(true),
        }
    }

    /// Which sinks still owe an answer, since when and after how many attempts; the oldest first. Attempts are counted since
    /// the desk was opened. A name that is registered no more stays here until somebody registers it again.
    ///
    /// # Errors
    /// A clock before 2020.
    pub fn sinks(&self) -> Result<Vec<Pending>, Error> {
        Ok(self.upkeep.told.pending(self.trusted_now()?))
    }
}
