//! What belongs to the desk itself and outlives a client's keys: records of a tenant of its own.

use crypto_store::{Accessor, Reason};
use retention_policy::{ActorId, Purpose, Role, TenantId, Timestamp};

use super::Desk;
use crate::Error;

/// Why the desk keeps books, gives back and destroys (articles 5(2), 28(3)).
pub(crate) const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

const NAME: [u8; 16] = *b"tactful the desk";

/// The tenant of what belongs to the desk; no client has this id.
pub(crate) fn house_tenant() -> TenantId {
    TenantId::from_bytes(NAME)
}

/// The desk where nobody else acts: it does for a client what the client's contract asks.
pub(crate) fn desk_for(tenant: TenantId) -> Accessor {
    Accessor::new(ActorId::from_bytes(NAME), Role::PrivacyOfficer, tenant)
}

impl Desk {
    /// Who reads and writes the desk's own records; makes their keys the first time.
    pub(crate) async fn house(&self, now: Timestamp) -> Result<Accessor, Error> {
        let house = house_tenant();
        if !self.store.has_tenant(house).await? {
            let _turn = self.clients_turn.of(house).lock_owned().await;
            if !self.store.has_tenant(house).await? {
                self.store.create_tenant(house, now).await?;
            }
        }
        Ok(desk_for(house))
    }
}
