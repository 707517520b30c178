//! New keys at the top: a tenant's next epoch, its next index epoch, another root.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

use retention_policy::{TenantId, Timestamp};

use super::name::{
    index_prefix, kind, state_row, store_key, tenant_key, tenant_of_tenant_key, tenant_prefix,
};
use super::state::{Retired, State};
use super::{Keyring, Tenant};
use crate::backend::{KeyId, KeyOp, Side, StoredKey};
use crate::wire::Reader;
use crate::{Error, Key32, KeyProvider, keywrap};

/// Keys wrapped again in one commit: others wait for no more than these.
const PAGE: usize = 2048;

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rewrapped {
    pub(crate) epoch: u32,
    pub(crate) keys: u64,
    pub(crate) ended: u64,
    pub(crate) scrubbed: bool,
}

impl Keyring {
    /// Gives a tenant a new key, or carries on with the one that an interrupted rotation began, wraps every key of the
    /// tenant under it and destroys the earlier ones.
    pub(crate) async fn rotate(
        &self,
        tenant: TenantId,
        mark: Option<KeyOp>,
        now: Timestamp,
    ) -> Result<Rewrapped, Error> {
        let _turn = self.rotating.lock().await;
        if self.epochs(tenant).await?.len() < 2 {
            self.begin(tenant, mark.clone(), now).await?;
        }
        let current = self.tenant(tenant, now).await?;
        let mut keys = 0;
        // The last pass finds nothing: only then is the earlier key of no use to anybody.
        loop {
            let found = self.rewrap_all(&current, now).await?;
            if found == 0 {
                break;
            }
            keys += found;
        }
        let epoch = current.state.epoch;
        let old: Vec<KeyId> = self
            .epochs(tenant)
            .await?
            .into_iter()
            .filter(|e| *e != epoch)
            .map(|e| tenant_key(tenant, e))
            .collect();
        let mut ops: Vec<KeyOp> = old.iter().copied().map(KeyOp::Destroy).collect();
        ops.extend(mark);
        self.backend.change_keys(ops).await?;
        self.memory().forget(&old);
        let scrubbed = self.backend.scrub(Side::Keys).await?;
        Ok(Rewrapped {
            epoch,
            keys,
            ended: old.len() as u64,
            scrubbed,
        })
    }

    /// Nobody rotates while this lives; keys are added and destroyed all the same.
    pub(crate) async fn steady(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.rotating.lock().await
    }

    /// The new key is durable and everybody uses it when this returns.
    async fn begin(
        &self,
        tenant: TenantId,
        mark: Option<KeyOp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        // Who is adding keys under the old epoch has finished; who comes later sees the new one.
        let _alone = self.adding.write().await;
        let old = self.tenant(tenant, now).await?.state;
        let state = State {
            epoch: old.epoch.checked_add(1).ok_or(Error::Conflict)?,
            ..(*old).clone()
        };
        let id = tenant_key(tenant, state.epoch);
        let key = Key32::random(&*self.entropy)?;
        let wrapped = self.provider().wrap(&key, &self.context(id)).await?;
        let mut ops = vec![
            KeyOp::Set(id, wrapped),
            KeyOp::Set(state_row(tenant), state.sealed(tenant, &self.seal)),
        ];
        ops.extend(mark);
        self.backend.change_keys(ops).await?;
        self.states().insert(tenant, Arc::new(state));
        Ok(())
    }

    /// One pass over all keys; how many had to be wrapped again.
    async fn rewrap_all(&self, current: &Tenant, now: Timestamp) -> Result<u64, Error> {
        let (mut after, mut count) = (0, 0);
        loop {
            let page = self.backend.scan_keys(after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(count);
            };
            after = last.at;
            let mut ops = Vec::new();
            for stored in page {
                if is_of(&stored, current.id)
                    && keywrap::epoch(&stored.wrapped)? != current.state.epoch
                {
                    let wrapped = self.rewrap(current, &stored, now).await?;
                    ops.push(KeyOp::Replace(stored, wrapped));
                }
            }
            count += ops.len() as u64;
            if !ops.is_empty() {
                self.backend.change_keys(ops).await?;
            }
        }
    }

    async fn rewrap(
        &self,
        current: &Tenant,
        stored: &StoredKey,
        now: Timestamp,
    ) -> Result<Vec<u8>, Error> {
        let epoch = keywrap::epoch(&stored.wrapped)?;
        let parent = self.tenant_key(current.id, epoch, now).await?;
        let context = self.context(stored.id);
        let key = keywrap::unwrap(&parent, &context, &stored.wrapped)?;
        let (parent, epoch) = (&current.key, current.state.epoch);
        Ok(keywrap::wrap(parent, epoch, &context, &key, &*self.entropy)?.to_vec())
    }

    /// Epochs a tenant has keys of; more than one while a rotation is under way.
    pub(crate) async fn epochs(&self, tenant: TenantId) -> Result<BTreeSet<u32>, Error> {
        let mut found = BTreeSet::new();
        // The name of epoch 0 is the prefix itself: what lies before it is the last name of the kind below.
        let mut after = Some(tenant_prefix(
            kind::MARK,
            TenantId::from_bytes([u8::MAX; 16]),
        ));
        loop {
            let page = self.backend.list_keys(after, 256).await?;
            for id in &page {
                match tenant_of_tenant_key(*id) {
                    Some(of) if of == tenant => {
                        let mut r = Reader::new(id.as_bytes(), "the name of a tenant key");
                        r.take(17)?;
                        found.insert(r.u32()?);
                    }
                    Some(of) if of < tenant => {}
                    _ => return Ok(found),
                }
            }
            after = page.last().copied();
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    /// Tenants, and for each whether a rotation is under way.
    pub(crate) async fn tenants(&self) -> Result<Vec<(TenantId, bool)>, Error> {
        let mut found: Vec<(TenantId, bool)> = Vec::new();
        let mut after = Some(tenant_prefix(
            kind::MARK,
            TenantId::from_bytes([u8::MAX; 16]),
        ));
        loop {
            let page = self.backend.list_keys(after, 512).await?;
            for id in &page {
                let Some(tenant) = tenant_of_tenant_key(*id) else {
                    return Ok(found);
                };
                match found.last_mut() {
                    Some((last, turning)) if *last == tenant => *turning = true,
                    _ => found.push((tenant, false)),
                }
            }
            after = page.last().copied();
            if after.is_none() {
                return Ok(found);
            }
        }
    }

    /// New terms get new index keys; the earlier ones are searched until `until` is over.
    pub(crate) async fn rotate_index(
        &self,
        tenant: TenantId,
        mark: Option<KeyOp>,
    ) -> Result<u32, Error> {
        let _turn = self.rotating.lock().await;
        // A record of the old epoch has its bucket's key by the time we are alone.
        let _alone = self.adding.write().await;
        let old = self.state(tenant).await?;
        let until = self.bucket_ends(tenant).await?.into_iter().max();
        let mut state = (*old).clone();
        state.index = old.index.checked_add(1).ok_or(Error::Conflict)?;
        state.retired.push(Retired {
            epoch: old.index,
            until: until.unwrap_or(i64::MIN),
        });
        self.set_state(tenant, state, Vec::new(), mark).await
    }

    /// Destroys index keys that no living record needs. A tenant with held records keeps them all: what is held has no end.
    pub(crate) async fn end_index_epochs(
        &self,
        tenant: TenantId,
        mark: Option<KeyOp>,
    ) -> Result<u64, Error> {
        if self.state(tenant).await?.retired.is_empty() {
            return Ok(0);
        }
        let _turn = self.rotating.lock().await;
        let _alone = self.adding.write().await;
        let old = self.state(tenant).await?;
        let ends = self.bucket_ends(tenant).await?;
        let held = ends.contains(&i64::MAX);
        let earliest = ends.into_iter().min();
        let over = |r: &Retired| !held && earliest.is_none_or(|end| end > r.until);
        let ended: Vec<u32> = old
            .retired
            .iter()
            .filter(|r| over(r))
            .map(|r| r.epoch)
            .collect();
        if ended.is_empty() {
            return Ok(0);
        }
        let mut ops = Vec::new();
        let mut after = Some(index_prefix(tenant));
        'all: while let Some(from) = after {
            let page = self.backend.list_keys(Some(from), 512).await?;
            for id in &page {
                let mut r = Reader::new(id.as_bytes(), "the name of an index key");
                let (kind, of) = (r.u8()?, TenantId::from_bytes(r.array()?));
                if kind != kind::INDEX || of != tenant {
                    break 'all;
                }
                r.take(12)?;
                if ended.contains(&r.u32()?) && *id != super::index_key(tenant, super::ONCE, 0) {
                    ops.push(KeyOp::Destroy(*id));
                }
            }
            after = page.last().copied();
        }
        let mut state = (*old).clone();
        state.retired.retain(|r| !ended.contains(&r.epoch));
        let count = ops.len() as u64;
        self.set_state(tenant, state, ops, mark).await?;
        self.backend.scrub(Side::Keys).await?;
        Ok(count)
    }

    async fn set_state(
        &self,
        tenant: TenantId,
        state: State,
        mut ops: Vec<KeyOp>,
        mark: Option<KeyOp>,
    ) -> Result<u32, Error> {
        let destroyed: Vec<KeyId> = ops
            .iter()
            .filter_map(|op| match op {
                KeyOp::Destroy(id) => Some(*id),
                _ => None,
            })
            .collect();
        let index = state.index;
        ops.push(KeyOp::Set(
            state_row(tenant),
            state.sealed(tenant, &self.seal),
        ));
        ops.extend(mark);
        self.backend.change_keys(ops).await?;
        self.memory().forget(&destroyed);
        self.states().insert(tenant, Arc::new(state));
        Ok(index)
    }

    /// Ends of the buckets that a tenant has keys of.
    async fn bucket_ends(&self, tenant: TenantId) -> Result<Vec<i64>, Error> {
        let mut ends = Vec::new();
        let mut after = Some(tenant_prefix(kind::BUCKET, tenant));
        while let Some(from) = after {
            let page = self.backend.list_keys(Some(from), 512).await?;
            for id in &page {
                let mut r = Reader::new(id.as_bytes(), "the name of a bucket key");
                let (kind, of) = (r.u8()?, TenantId::from_bytes(r.array()?));
                if kind != kind::BUCKET || of != tenant {
                    return Ok(ends);
                }
                r.u8()?;
                ends.push(r.i64()?);
            }
            after = page.last().copied();
        }
        Ok(ends)
    }

    /// Wraps the few keys under the root by another root, in one durable change. The earlier root opens nothing afterwards
    /// that is not in an old copy.
    pub(crate) async fn change_root(
        &self,
        new: Arc<dyn KeyProvider>,
        header: Vec<u8>,
        mark: Option<KeyOp>,
    ) -> Result<(), Error> {
        let _turn = self.rotating.lock().await;
        let _alone = self.adding.write().await;
        let old = self.provider();
        let mut ids = vec![store_key(kind::AUDIT)];
        for (tenant, _) in self.tenants().await? {
            let epochs = self.epochs(tenant).await?;
            ids.extend(epochs.into_iter().map(|e| tenant_key(tenant, e)));
        }
        let mut ops = vec![KeyOp::Set(store_key(kind::HEADER), header)];
        for id in ids {
            let wrapped = self.backend.key(id).await?.ok_or(Error::Conflict)?;
            let key = old.unwrap(&wrapped, &self.context(id)).await?;
            ops.push(KeyOp::Set(id, new.wrap(&key, &self.context(id)).await?));
        }
        ops.extend(mark);
        self.backend.change_keys(ops).await?;
        *self.provider.lock().unwrap_or_else(PoisonError::into_inner) = new;
        self.backend.scrub(Side::Keys).await.map(drop)
    }
}

/// Whether this is a key under one of the tenant's keys.
fn is_of(stored: &StoredKey, tenant: TenantId) -> bool {
    let bytes = stored.id.as_bytes();
    let Some((kind, rest)) = bytes.split_first() else {
        return false;
    };
    let under = [kind::BUCKET, kind::INDEX, kind::SUBJECT, kind::UNIT].contains(kind);
    under && rest.starts_with(&tenant.to_bytes())
}
