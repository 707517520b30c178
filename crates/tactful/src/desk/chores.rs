//! What a sweep does beside destroying what has ended: books are renewed, templates made, ends of contracts go on.

use retention_policy::{State, Timestamp};

use super::Desk;
use crate::Error;

impl Desk {
    /// Does what is to be done by the clock. What fails is told and tried again with the next sweep: nothing of this may keep keys
    /// from being destroyed in time.
    pub(crate) async fn chores(&self, now: Timestamp) {
        if let Err(error) = self.keep_policy_up(now).await {
            tracing::warn!(%error, "the policy was not told to every record");
        }
        if let Err(error) = self.renew(now).await {
            tracing::warn!(%error, "a book of the desk was not renewed");
        }
        if let Err(error) = self.end_idle(now).await {
            tracing::warn!(%error, "what nobody works on was not ended");
        }
        if let Err(error) = self.make_templates(now).await {
            tracing::warn!(%error, "drafts that end were not looked at for templates");
        }
        self.offboard_all().await;
    }

    async fn renew(&self, now: Timestamp) -> Result<(), Error> {
        for tenant in self.clients.all() {
            let _turn = self.clients_turn.of(tenant).lock_owned().await;
            let Some((kept, client)) = self.clients.get(tenant) else {
                continue;
            };
            // What is over is kept as long as proof is, and then ends.
            let over = matches!(client.contract.state(), State::Ended(_));
            if !over && self.is_old(&kept, now)? {
                self.keep(client, now).await?;
            }
        }
        Ok(())
    }
}
