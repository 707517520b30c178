//! `posture`: how the keys stand.

use crypto_store::{Decision, FORMAT, Horizon};
use retention_policy::Action;

use super::Desk;
use crate::{Error, Posture, Recoverable};

/// Entries of the audit read at a time.
const PAGE: usize = 4096;

impl Desk {
    /// Tells how the keys stand: how long what was erased may live on, and whether the root can come back.
    ///
    /// It reads the description of the recovery kit and the whole audit (for the last rotation): call it at start-up and
    /// once a day, not once a ticket.
    ///
    /// # Errors
    /// The store failed, or the folder of the recovery kit cannot be read. A kit that is missing or damaged is no error but
    /// red.
    pub async fn posture(&self) -> Result<Posture, Error> {
        let horizon = self.store.destroy_horizon();
        let recoverable = match horizon {
            _ if self.in_memory => Recoverable::NotNeeded,
            Horizon::Within(_) => Recoverable::NotNeeded,
            _ => self.kit.look(self.store.root())?,
        };
        let (mut rotated, mut from) = (None, 0);
        loop {
            let page = self.store.audit(from, PAGE).await?;
            let Some((last, _)) = page.last() else { break };
            from = last + 1;
            for (_, entry) in page {
                if entry.action == Action::Rotate && entry.decision == Decision::Allowed {
                    rotated = Some(entry.at());
                }
            }
        }
        let (now, _) = self.look()?;
        Ok(Posture {
            horizon,
            recoverable,
            key_backups: self.key_backups.as_ref().map(|to| to.horizon()),
            region: self.region,
            format: FORMAT,
            rotated,
            now,
        })
    }
}
