//! The key tree: which key lies under which, where they are stored, and a short memory of unwrapped ones.
//!
//! ```text
//! root (provider)
//!  +- audit key                       one a store
//!  +- tenant key                      one a tenant and epoch
//!      +- subject key                 one a person       destroyed: the person is erased
//!      +- bucket key                  one a time bucket  destroyed: the bucket has expired
//!      +- unit key                    one a unit         destroyed: the unit was decided, moved or shredded
//!      +- index key                   one a field and index epoch
//! ```
//!
//! A new epoch gives the tenant a new key; every key under the old one is wrapped again, then the old one is destroyed.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retention_policy::{RecordId, TenantId, Timestamp};
use tokio::sync::RwLock;

use crate::backend::{Backend, KeyId, KeyOp, StoredKey};
use crate::keywrap;
use crate::{Entropy, Error, Key32, KeyProvider};

mod memory;
mod name;
mod pool;
mod rotate;
mod seal;
mod state;

pub(crate) use name::{
    context, index_key, kind, person_gone, pool_row, state_row, store_key, subject_key, tenant_key,
    tenant_prefix, unit_key,
};
pub(crate) use pool::Ready;
pub(crate) use seal::RowSeal;
pub(crate) use state::State;

use memory::Memory;
use pool::Pools;

/// Keys in the order they were asked for.
pub(crate) type Found = Vec<Arc<Key32>>;

/// The field under whose key deliveries are hashed: no name of a field can be this, and its key stays in epoch 0, so that a
/// delivery is recognised whatever is rotated.
pub(crate) const ONCE: &str = "#once";

/// Somebody may rotate between reading a wrapped key and reading the key above it; a second look settles it.
const LOOKS: usize = 4;

pub(crate) struct Keyring {
    backend: Arc<dyn Backend>,
    provider: Mutex<Arc<dyn KeyProvider>>,
    entropy: Arc<dyn Entropy>,
    store: [u8; 16],
    memory: Mutex<Memory>,
    states: Mutex<HashMap<TenantId, Arc<State>>>,
    pools: Pools,
    seal: RowSeal,
    /// Read by who adds keys, written by who changes the epoch they are wrapped under.
    adding: RwLock<()>,
    /// One rotation after the other.
    rotating: tokio::sync::Mutex<()>,
}

/// A tenant at a moment: what new keys are wrapped under, and what is needed to find the older ones.
#[derive(Clone)]
pub(crate) struct Tenant {
    pub(crate) id: TenantId,
    pub(crate) state: Arc<State>,
    key: Arc<Key32>,
}

/// Nobody else adds or rotates keys while this lives.
pub(crate) struct Alone<'a> {
    _adding: tokio::sync::RwLockWriteGuard<'a, ()>,
    _turn: tokio::sync::MutexGuard<'a, ()>,
}

impl Keyring {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        store: [u8; 16],
        seal: RowSeal,
    ) -> Self {
        Keyring {
            backend,
            provider: Mutex::new(provider),
            entropy,
            store,
            memory: Mutex::default(),
            states: Mutex::default(),
            pools: Pools::default(),
            seal,
            adding: RwLock::new(()),
            rotating: tokio::sync::Mutex::new(()),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn states(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<State>>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn provider(&self) -> Arc<dyn KeyProvider> {
        let provider = self.provider.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&provider)
    }

    /// The store this ring belongs to.
    pub(crate) fn store(&self) -> &[u8; 16] {
        &self.store
    }

    /// Forgets keys that were destroyed.
    pub(crate) fn forget(&self, ids: &[KeyId]) {
        self.memory().forget(ids);
        for id in ids {
            if let Some(tenant) = name::tenant_of_tenant_key(*id) {
                self.states().remove(&tenant);
                self.pools.forget(tenant);
            }
        }
    }

    /// Waits until nobody adds or rotates keys and keeps it so.
    pub(crate) async fn alone(&self) -> Alone<'_> {
        let turn = self.rotating.lock().await;
        Alone {
            _adding: self.adding.write().await,
            _turn: turn,
        }
    }

    /// Forgets every key.
    pub(crate) fn forget_all(&self) {
        self.memory().clear();
        self.pools.clear();
    }

    /// What a wrapped key is bound to: this store and its own place in it.
    pub(crate) fn context(&self, id: KeyId) -> Vec<u8> {
        context(&self.store, id)
    }

    pub(crate) async fn state(&self, tenant: TenantId) -> Result<Arc<State>, Error> {
        if let Some(state) = self.states().get(&tenant) {
            return Ok(Arc::clone(state));
        }
        let row = self.backend.key(state_row(tenant)).await?;
        let row = row.ok_or(Error::UnknownTenant)?;
        let state = Arc::new(State::open(&row, tenant, &self.seal)?);
        self.states().insert(tenant, Arc::clone(&state));
        Ok(state)
    }

    pub(crate) async fn tenant(&self, tenant: TenantId, now: Timestamp) -> Result<Tenant, Error> {
        let state = self.state(tenant).await?;
        let key = self.tenant_key(tenant, state.epoch, now).await?;
        Ok(Tenant {
            id: tenant,
            state,
            key,
        })
    }

    /// A tenant's key of one epoch.
    async fn tenant_key(
        &self,
        tenant: TenantId,
        epoch: u32,
        now: Timestamp,
    ) -> Result<Arc<Key32>, Error> {
        let id = tenant_key(tenant, epoch);
        let (key, era) = self.memory().recall(id, now);
        if let Some(key) = key {
            return Ok(key);
        }
        let wrapped = self.backend.key(id).await?.ok_or(Error::UnknownTenant)?;
        let provider = self.provider();
        let key = Arc::new(provider.unwrap(&wrapped, &self.context(id)).await?);
        self.memory().keep(id, &key, era, now);
        Ok(key)
    }

    pub(crate) async fn create_tenant(&self, tenant: TenantId) -> Result<(), Error> {
        let state = State::first();
        let id = tenant_key(tenant, state.epoch);
        let key = Key32::random(&*self.entropy)?;
        let wrapped = self.provider().wrap(&key, &self.context(id)).await?;
        let ops = vec![
            KeyOp::Add(state_row(tenant), state.sealed(tenant, &self.seal)),
            KeyOp::Add(id, wrapped),
        ];
        let added = self.backend.change_keys(ops).await?;
        if added.first() == Some(&true) {
            Ok(())
        } else {
            Err(Error::TenantExists)
        }
    }

    /// A key under a tenant key. `None`: it was destroyed or never made.
    ///
    /// Unit keys are asked for once and not remembered.
    pub(crate) async fn get(
        &self,
        tenant: &Tenant,
        id: KeyId,
        now: Timestamp,
    ) -> Result<Option<Arc<Key32>>, Error> {
        let (key, era) = self.memory().recall(id, now);
        if key.is_some() {
            return Ok(key);
        }
        for _ in 0..LOOKS {
            let Some(wrapped) = self.backend.key(id).await? else {
                return Ok(None);
            };
            if let Some(key) = self.open(tenant, id, &wrapped, era, now).await? {
                return Ok(Some(key));
            }
        }
        // The key above it is gone for good: the tenant was ended.
        Ok(None)
    }

    /// As [`get`](Self::get) for each of `ids`. Those that are not remembered are read together.
    pub(crate) async fn get_all<const N: usize>(
        &self,
        tenant: &Tenant,
        ids: [KeyId; N],
        now: Timestamp,
    ) -> Result<[Option<Arc<Key32>>; N], Error> {
        let (mut keys, era) = {
            let mut memory = self.memory();
            (ids.map(|id| memory.recall(id, now).0), memory.era())
        };
        let places = || ids.into_iter().enumerate();
        let missing: Vec<(usize, KeyId)> = places()
            .filter(|(at, _)| keys.get(*at).is_some_and(Option::is_none))
            .collect();
        if missing.is_empty() {
            return Ok(keys);
        }
        let asked = missing.iter().map(|(_, id)| *id).collect();
        let found = self.backend.keys(asked).await?;
        for ((at, id), wrapped) in missing.into_iter().zip(found) {
            let Some(wrapped) = wrapped else { continue };
            let key = match self.open(tenant, id, &wrapped, era, now).await? {
                None => self.get(tenant, id, now).await?,
                key => key,
            };
            if let Some(place) = keys.get_mut(at) {
                *place = key;
            }
        }
        Ok(keys)
    }

    /// Unwraps a key that was read. `None`: the key above it is of an epoch that has ended since; read it again.
    async fn open(
        &self,
        tenant: &Tenant,
        id: KeyId,
        wrapped: &[u8],
        era: u64,
        now: Timestamp,
    ) -> Result<Option<Arc<Key32>>, Error> {
        let epoch = keywrap::epoch(wrapped)?;
        let parent = if epoch == tenant.state.epoch {
            Arc::clone(&tenant.key)
        } else {
            match self.tenant_key(tenant.id, epoch, now).await {
                Err(Error::UnknownTenant) => return Ok(None),
                other => other?,
            }
        };
        let key = Arc::new(keywrap::unwrap(&parent, &self.context(id), wrapped)?);
        if !name::is_unit(id) {
            self.memory().keep(id, &key, era, now);
        }
        Ok(Some(key))
    }

    /// The keys of `ids`, making those that do not exist in one durable change together with `extra`. A `fresh` one is
    /// known not to exist: asking would cost a read for each record.
    pub(crate) async fn get_or_make(
        &self,
        tenant: &Tenant,
        ids: &[KeyId],
        fresh: Option<KeyId>,
        extra: Option<KeyOp>,
        now: Timestamp,
    ) -> Result<Found, Error> {
        let (mut found, mut missing) = (Vec::with_capacity(ids.len()), false);
        for id in ids {
            let known = if fresh == Some(*id) {
                None
            } else {
                self.get(tenant, *id, now).await?
            };
            missing |= known.is_none();
            found.push(known);
        }
        if !missing {
            return Ok(found.into_iter().flatten().collect());
        }
        let _adding = self.adding.read().await;
        // Nobody changes the epoch from here on; what the caller holds may be of the one before.
        let tenant = self.tenant(tenant.id, now).await?;
        let era = self.memory().era();
        let mut ops = Vec::new();
        let mut made: Vec<(usize, KeyId)> = Vec::new();
        let mut keys = Vec::with_capacity(ids.len());
        for (at, (id, known)) in ids.iter().zip(found).enumerate() {
            keys.push(match known {
                Some(key) => key,
                None => {
                    self.may_make(*id).await?;
                    let (key, op) = self.make(&tenant, *id)?;
                    ops.push(op);
                    made.push((at, *id));
                    key
                }
            });
        }
        ops.extend(extra);
        let added = self.backend.change_keys(ops).await?;
        for ((at, id), added) in made.into_iter().zip(added) {
            let Some(slot) = keys.get_mut(at) else {
                continue;
            };
            if !added {
                // Somebody else made it between our look and our change: theirs is the one that is stored.
                *slot = self.get(&tenant, id, now).await?.ok_or(Error::Conflict)?;
            } else if !name::is_unit(id) {
                self.memory().keep(id, slot, era, now);
            }
        }
        Ok(keys)
    }

    /// A person who was erased gets no key again, even if the records lost the tombstone.
    async fn may_make(&self, id: KeyId) -> Result<(), Error> {
        match name::note_of_subject(id) {
            Some(note) if self.backend.key(note).await?.is_some() => Err(Error::AlreadyErased),
            _ => Ok(()),
        }
    }

    /// Draws a key and wraps it under the tenant's present one.
    fn make(&self, tenant: &Tenant, id: KeyId) -> Result<(Arc<Key32>, KeyOp), Error> {
        let key = Arc::new(Key32::random(&*self.entropy)?);
        let wrapped = keywrap::wrap(
            &tenant.key,
            tenant.state.epoch,
            &self.context(id),
            &key,
            &*self.entropy,
        )?;
        Ok((key, KeyOp::Add(id, wrapped.to_vec())))
    }

    /// Opens a key or a row beside the keys and drops it.
    pub(crate) async fn try_key(&self, stored: &StoredKey, now: Timestamp) -> Result<(), Error> {
        const WHAT: &str = "a row of keys.db";
        let corrupt = Error::Corrupt { what: WHAT };
        match name::kind_and_tenant(stored.id) {
            // The header was compared at the opening.
            Some((kind::HEADER, _)) => Ok(()),
            Some((kind::AUDIT | kind::TENANT, _)) => {
                let context = self.context(stored.id);
                let provider = self.provider();
                provider.unwrap(&stored.wrapped, &context).await.map(drop)
            }
            Some((kind::MARK | kind::STATE | kind::POOL | kind::PERSON_GONE, _)) => {
                let opened = self.seal.open_beside(stored.id, &stored.wrapped, WHAT);
                opened.map(drop)
            }
            Some((kind::BUCKET | kind::INDEX | kind::SUBJECT | kind::UNIT, tenant)) => {
                let epoch = keywrap::epoch(&stored.wrapped)?;
                match self.tenant_key(tenant, epoch, now).await {
                    Ok(parent) => {
                        let context = self.context(stored.id);
                        keywrap::unwrap(&parent, &context, &stored.wrapped).map(drop)
                    }
                    // Keys of an ended tenant wait for the sweeper, and a rotation may end an epoch while we look.
                    Err(Error::UnknownTenant) => match self.backend.key(stored.id).await? {
                        Some(same) if same == stored.wrapped => {
                            let ended = self.backend.key(person_gone(tenant, None)).await?;
                            ended.map(drop).ok_or(corrupt)
                        }
                        _ => Ok(()),
                    },
                    Err(e) => Err(e),
                }
            }
            _ => Err(corrupt),
        }
    }

    /// A record id with its unit key, durable already. `mark` is written beside new keys.
    pub(crate) async fn ready(
        &self,
        tenant: &Tenant,
        mark: Option<KeyOp>,
        now: Timestamp,
    ) -> Result<Ready, Error> {
        pool::take(self, tenant, mark, now).await
    }

    /// Whether any of these records has a row.
    async fn has_record(&self, id: RecordId) -> Result<bool, Error> {
        let key = id.to_bytes().to_vec();
        let row = self
            .backend
            .get(crate::backend::Table::Records, key)
            .await?;
        Ok(row.is_some())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("remembered", &self.memory().len())
            .finish_non_exhaustive()
    }
}
