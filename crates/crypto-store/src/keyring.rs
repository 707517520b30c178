//! The key tree: which key lies under which, where they are stored, and a short memory of unwrapped ones.
//!
//! ```text
//! root (provider)
//!  +- audit key                       one a store
//!  +- tenant key                      one a tenant
//!      +- subject key                 one a person       destroyed: the person is erased
//!      +- bucket key                  one a time bucket  destroyed: the bucket has expired
//!      +- unit key                    one a unit         destroyed: the unit was decided, moved or shredded
//!      +- index key                   one a field
//! ```

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retention_policy::{SubjectId, TenantId, Timestamp};

use crate::backend::{Backend, KeyId, KeyOp};
use crate::keywrap;
use crate::wire::Writer;
use crate::{Entropy, Error, Key32, KeyProvider, crypt};

/// Kinds of rows beside the records; the first byte of a [`KeyId`].
pub(crate) mod kind {
    pub(crate) const HEADER: u8 = 0;
    pub(crate) const AUDIT: u8 = 1;
    pub(crate) const MARK: u8 = 2;
    pub(crate) const TENANT: u8 = 3;
    pub(crate) const BUCKET: u8 = 4;
    pub(crate) const INDEX: u8 = 5;
    pub(crate) const SUBJECT: u8 = 6;
    pub(crate) const UNIT: u8 = 7;
    /// No key: names a record among what is gone.
    pub(crate) const RECORD: u8 = 8;
}

/// Unwrapped keys are forgotten after a quarter of an hour or when there are too many.
const MEMORY_MS: i64 = 15 * 60 * 1000;
const MEMORY_KEYS: usize = 8192;

pub(crate) fn store_key(kind: u8) -> KeyId {
    KeyId::new(kind, &[0; 16], &[0; 16])
}

pub(crate) fn tenant_key(tenant: TenantId) -> KeyId {
    KeyId::new(kind::TENANT, &tenant.to_bytes(), &[0; 16])
}

pub(crate) fn subject_key(tenant: TenantId, subject: SubjectId) -> KeyId {
    KeyId::new(kind::SUBJECT, &tenant.to_bytes(), &subject.to_bytes())
}

pub(crate) fn unit_key(tenant: TenantId, reference: &[u8; 16]) -> KeyId {
    KeyId::new(kind::UNIT, &tenant.to_bytes(), reference)
}

pub(crate) fn index_key(tenant: TenantId, field: &str) -> KeyId {
    KeyId::new(
        kind::INDEX,
        &tenant.to_bytes(),
        &crypt::half(&crypt::sha256(&[field.as_bytes()])),
    )
}

/// Keys that a call added, and what it found.
pub(crate) type Found = Vec<Arc<Key32>>;

pub(crate) struct Keyring {
    backend: Arc<dyn Backend>,
    provider: Arc<dyn KeyProvider>,
    entropy: Arc<dyn Entropy>,
    store: [u8; 16],
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    keys: HashMap<KeyId, (Arc<Key32>, i64)>,
    /// Counts destructions, so that a key that was read before one is not remembered after it.
    epoch: u64,
}

impl Keyring {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        store: [u8; 16],
    ) -> Self {
        Keyring {
            backend,
            provider,
            entropy,
            store,
            memory: Mutex::default(),
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered(&self, id: KeyId, now: Timestamp) -> (Option<Arc<Key32>>, u64) {
        let memory = self.memory();
        let fresh = |since: i64| (0..MEMORY_MS).contains(&(now.timestamp_millis() - since));
        let key = memory
            .keys
            .get(&id)
            .filter(|(_, since)| fresh(*since))
            .map(|(key, _)| Arc::clone(key));
        (key, memory.epoch)
    }

    fn remember(&self, id: KeyId, key: &Arc<Key32>, epoch: u64, now: Timestamp) {
        let mut memory = self.memory();
        if memory.epoch != epoch {
            return;
        }
        if memory.keys.len() >= MEMORY_KEYS {
            memory.keys.clear();
        }
        memory
            .keys
            .insert(id, (Arc::clone(key), now.timestamp_millis()));
    }

    /// Forgets keys that were destroyed.
    pub(crate) fn forget(&self, ids: &[KeyId]) {
        let mut memory = self.memory();
        memory.epoch += 1;
        for id in ids {
            memory.keys.remove(id);
        }
    }

    /// Forgets every key.
    pub(crate) fn forget_all(&self) {
        let mut memory = self.memory();
        memory.epoch += 1;
        memory.keys.clear();
    }

    /// What a wrapped key is bound to: this store and its own place in it.
    pub(crate) fn context(&self, id: KeyId) -> Vec<u8> {
        context(&self.store, id)
    }

    pub(crate) async fn tenant(
        &self,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Arc<Key32>, Error> {
        let id = tenant_key(tenant);
        let (key, epoch) = self.remembered(id, now);
        if let Some(key) = key {
            return Ok(key);
        }
        let wrapped = self.backend.key(id).await?.ok_or(Error::UnknownTenant)?;
        let key = Arc::new(self.provider.unwrap(&wrapped, &self.context(id)).await?);
        self.remember(id, &key, epoch, now);
        Ok(key)
    }

    pub(crate) async fn create_tenant(&self, tenant: TenantId) -> Result<(), Error> {
        let id = tenant_key(tenant);
        let key = Key32::random(&*self.entropy)?;
        let wrapped = self.provider.wrap(&key, &self.context(id)).await?;
        let added = self
            .backend
            .change_keys(vec![KeyOp::Add(id, wrapped)])
            .await?;
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
        parent: &Key32,
        id: KeyId,
        now: Timestamp,
    ) -> Result<Option<Arc<Key32>>, Error> {
        let (key, epoch) = self.remembered(id, now);
        if key.is_some() {
            return Ok(key);
        }
        let Some(wrapped) = self.backend.key(id).await? else {
            return Ok(None);
        };
        let key = Arc::new(keywrap::unwrap(parent, &self.context(id), &wrapped)?);
        if id.as_bytes().first() != Some(&kind::UNIT) {
            self.remember(id, &key, epoch, now);
        }
        Ok(Some(key))
    }

    /// The keys of `ids`, making those that do not exist in one durable change together with `extra`. A `fresh` one is
    /// known not to exist: asking would cost a read for each record.
    pub(crate) async fn get_or_make(
        &self,
        parent: &Key32,
        ids: &[KeyId],
        fresh: Option<KeyId>,
        extra: Option<KeyOp>,
        now: Timestamp,
    ) -> Result<Found, Error> {
        let mut found = Vec::with_capacity(ids.len());
        let mut ops = Vec::new();
        let epoch = self.memory().epoch;
        for id in ids {
            let known = if fresh == Some(*id) {
                None
            } else {
                self.get(parent, *id, now).await?
            };
            found.push(match known {
                Some(key) => key,
                None => {
                    let key = Arc::new(Key32::random(&*self.entropy)?);
                    let wrapped = keywrap::wrap(parent, &self.context(*id), &key, &*self.entropy)?;
                    ops.push(KeyOp::Add(*id, wrapped.to_vec()));
                    key
                }
            });
        }
        if ops.is_empty() {
            return Ok(found);
        }
        let asked: Vec<KeyId> = ops
            .iter()
            .filter_map(|op| {
                if let KeyOp::Add(id, _) = op {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect();
        ops.extend(extra);
        let added = self.backend.change_keys(ops).await?;
        for (id, added) in asked.iter().zip(added) {
            let Some(slot) = ids
                .iter()
                .position(|i| i == id)
                .and_then(|at| found.get_mut(at))
            else {
                continue;
            };
            if !added {
                // Somebody else made it between our look and our change: theirs is the one that is stored.
                *slot = self.get(parent, *id, now).await?.ok_or(Error::Conflict)?;
            } else if id.as_bytes().first() != Some(&kind::UNIT) {
                self.remember(*id, slot, epoch, now);
            }
        }
        Ok(found)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("remembered", &self.memory().keys.len())
            .finish_non_exhaustive()
    }
}

pub(crate) fn context(store: &[u8; 16], id: KeyId) -> Vec<u8> {
    Writer::with_capacity(80)
        .fixed(b"tactful crypto-store key v0")
        .fixed(store)
        .fixed(id.as_bytes())
        .done()
}
