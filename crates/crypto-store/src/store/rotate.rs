//! New keys while the store is in use.

use std::sync::Arc;

use retention_policy::{Action, TenantId, Timestamp};

use super::{Store, leaf, own_entry, top};
use crate::audit::AuditEntry;
use crate::backend::Side;
use crate::keyring::kind;
use crate::{Error, KeyProvider};

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rotation {
    /// The tenant's epoch from now on.
    pub epoch: u32,
    /// Keys that were wrapped again.
    pub rewrapped: u64,
    /// Earlier tenant keys that were destroyed.
    pub ended: u64,
    /// A write-ahead log may still hold an earlier key: [`Store::flush`] empties it.
    pub pending: bool,
}

impl Store {
    /// Gives a tenant a new key and wraps every key of the tenant under it; the earlier one is destroyed. Reads and writes
    /// go on. Call it once a day: copies of `keys.db` from before are then worth nothing to who cannot also ask the root for
    /// the earlier key ([`destroy_horizon`](Self::destroy_horizon)).
    ///
    /// A rotation that was interrupted goes on where it was with the next call; until then both keys are in use.
    ///
    /// # Errors
    /// [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Provider`], [`Error::Entropy`], [`Error::Database`],
    /// [`Error::Corrupt`] for a damaged key: nothing is destroyed then; [`Error::Io`] if the backup of the keys failed after
    /// the rotation.
    pub async fn rotate_keys(&self, tenant: TenantId, now: Timestamp) -> Result<Rotation, Error> {
        self.writable()?;
        let done = self.ring.rotate(tenant, self.mark(), now).await?;
        self.tell_rotation(tenant, done.keys, now).await?;
        self.keys_changed(now).await?;
        Ok(Rotation {
            epoch: done.epoch,
            rewrapped: done.keys,
            ended: done.ended,
            pending: !done.scrubbed,
        })
    }

    /// Gives a tenant new index keys, for terms that are made from now on. Terms from before are still found: every search
    /// looks under both until the records that carry them are over; the sweep that ends the last of them destroys the
    /// earlier keys. While records are held beyond their time, the earlier keys stay.
    ///
    /// # Errors
    /// [`Error::UnknownTenant`], [`Error::ReadOnly`], [`Error::Database`].
    pub async fn rotate_index(&self, tenant: TenantId, now: Timestamp) -> Result<(), Error> {
        self.writable()?;
        self.ring.rotate_index(tenant, self.mark()).await?;
        self.tell_rotation(tenant, 0, now).await
    }

    /// Puts the store under another root key. The new root must be safe before this is called; the earlier one is of no use
    /// afterwards but for old copies of `keys.db`: destroy it ([`KeyFile::destroy`](crate::KeyFile::destroy)).
    ///
    /// One durable change: a crash leaves the store under one root or the other, and opening it with the other one is
    /// [`Error::WrongKey`].
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Provider`], [`Error::Conflict`] if a tenant ended meanwhile, [`Error::Database`],
    /// [`Error::Io`] if the backup of the keys failed after the change.
    pub async fn change_root(
        &self,
        root: Arc<dyn KeyProvider>,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.writable()?;
        let header = top::header(root.id(), self.ring.store());
        self.ring.change_root(root, header, self.mark()).await?;
        let entry = own_entry(Action::Rotate, now);
        self.commit(vec![leaf(&entry)]).await?;
        self.keys_changed(now).await
    }

    /// Tenants whose rotation was interrupted: call [`rotate_keys`](Self::rotate_keys) for each.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    pub async fn unfinished_rotations(&self) -> Result<Vec<TenantId>, Error> {
        let tenants = self.ring.tenants().await?;
        Ok(tenants
            .into_iter()
            .filter_map(|(tenant, turning)| turning.then_some(tenant))
            .collect())
    }

    /// Destroys earlier index keys that no living record needs.
    pub(super) async fn end_index_epochs(&self) -> Result<(), Error> {
        for (tenant, _) in self.ring.tenants().await? {
            if self.ring.end_index_epochs(tenant, self.mark()).await? > 0 {
                self.backend.scrub(Side::Keys).await?;
            }
        }
        Ok(())
    }

    async fn tell_rotation(
        &self,
        tenant: TenantId,
        keys: u64,
        now: Timestamp,
    ) -> Result<(), Error> {
        let entry = AuditEntry {
            tenant: self.blind(kind::TENANT, &tenant.to_bytes()),
            count: u32::try_from(keys).unwrap_or(u32::MAX),
            ..own_entry(Action::Rotate, now)
        };
        self.commit(vec![leaf(&entry)]).await.map(drop)
    }
}
