//! Record ids with their unit keys, made ahead.
//!
//! Every record has a unit key, and a key must be durable before the record is. Made one by one that is a second durable
//! commit a record. So a tenant in use keeps a few ids whose keys are durable already, and makes the next ones together.
//! A row beside the keys lists the ids that have no record yet; whoever opens the store after a crash destroys their keys.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retention_policy::{RecordId, TenantId, Timestamp};

use super::name::{kind, pool_row, tenant_prefix, unit_key};
use super::{Keyring, Tenant};
use crate::backend::{KeyId, KeyOp};
use crate::entropy::draw;
use crate::envelope::RANDOM_LEN;
use crate::wire::{Reader, Writer};
use crate::{Error, Key32};

/// Ids made at once: few for a tenant that writes little, more with every round.
const FIRST: usize = 8;
const MOST: usize = 256;
/// Ids whose caller went away are looked after once there are so many.
const DROPPED: usize = 256;
const VERSION: u8 = 1;
const WHAT: &str = "the list of keys made ahead";

#[derive(Default)]
pub(super) struct Pools(Mutex<HashMap<TenantId, Arc<Pool>>>);

#[derive(Default)]
struct Pool {
    inner: Mutex<Inner>,
    /// The next size; one refill at a time.
    refill: tokio::sync::Mutex<usize>,
}

#[derive(Default)]
struct Inner {
    ready: Vec<Made>,
    /// Handed out and not written yet.
    taken: HashSet<[u8; 16]>,
    /// Handed out to callers that went away; whether they were written nobody has said.
    dropped: VecDeque<[u8; 16]>,
    /// How many there were after the last refill.
    full: usize,
}

struct Made {
    id: [u8; 16],
    key: Arc<Key32>,
    random: [u8; RANDOM_LEN],
}

impl Pools {
    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<Pool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, tenant: TenantId) -> Arc<Pool> {
        Arc::clone(self.lock().entry(tenant).or_default())
    }

    pub(super) fn forget(&self, tenant: TenantId) {
        self.lock().remove(&tenant);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }
}

impl Pool {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id, and whether there are few left.
    fn pop(self: &Arc<Self>) -> (Option<Ready>, bool) {
        let mut inner = self.inner();
        let made = inner.ready.pop();
        if let Some(made) = &made {
            inner.taken.insert(made.id);
        }
        let low = inner.ready.len() < inner.full.div_ceil(2);
        drop(inner);
        let ready = made.map(|made| Ready {
            made,
            pool: Arc::clone(self),
            written: false,
        });
        (ready, low)
    }
}

/// An id that was handed out.
pub(crate) struct Ready {
    made: Made,
    pool: Arc<Pool>,
    written: bool,
}

impl Ready {
    pub(crate) fn id(&self) -> RecordId {
        RecordId::from_bytes(self.made.id)
    }

    pub(crate) fn key(&self) -> &Arc<Key32> {
        &self.made.key
    }

    /// Salt and nonce of the one envelope that is sealed with this key.
    pub(crate) fn random(&self) -> &[u8; RANDOM_LEN] {
        &self.made.random
    }

    /// The record is durable, or its key is destroyed.
    pub(crate) fn settled(mut self) {
        self.written = true;
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        let mut inner = self.pool.inner();
        if self.written {
            inner.taken.remove(&self.made.id);
        } else {
            inner.dropped.push_back(self.made.id);
        }
    }
}

/// Takes an id; makes the next ones when there are few left.
pub(super) async fn take(
    ring: &Keyring,
    tenant: &Tenant,
    mark: Option<KeyOp>,
    now: Timestamp,
) -> Result<Ready, Error> {
    let pool = ring.pools.of(tenant.id);
    let (mut ready, low) = pool.pop();
    if ready.is_some() {
        // Who finds few left makes more, beside the others.
        if low && let Ok(mut size) = pool.refill.try_lock() {
            refill(ring, &pool, tenant, &mut size, mark, now).await?;
        }
    } else {
        let mut size = pool.refill.lock().await;
        // Another caller may have made more while we waited.
        ready = pool.pop().0;
        if ready.is_none() {
            refill(ring, &pool, tenant, &mut size, mark, now).await?;
            ready = pool.pop().0;
        }
    }
    // Others can take every id between a refill and a look; the caller comes again.
    ready.ok_or(Error::Conflict)
}

async fn refill(
    ring: &Keyring,
    pool: &Arc<Pool>,
    tenant: &Tenant,
    size: &mut usize,
    mark: Option<KeyOp>,
    now: Timestamp,
) -> Result<(), Error> {
    *size = (*size * 2).clamp(FIRST, MOST);
    let _adding = ring.adding.read().await;
    let tenant = ring.tenant(tenant.id, now).await?;
    let (mut fresh, mut ops) = (Vec::with_capacity(*size), Vec::with_capacity(*size + 2));
    // Salts and nonces of all of them are one draw: a draw costs more than its bytes.
    let mut random = vec![0; *size * RANDOM_LEN];
    ring.entropy.fill(&mut random)?;
    let mut random = Reader::new(&random, WHAT);
    for _ in 0..*size {
        // As a record id made of random bytes: version and variant bits are set.
        let id = RecordId::from_random(draw(&*ring.entropy)?).to_bytes();
        let (key, op) = ring.make(&tenant, unit_key(tenant.id, &id))?;
        ops.push(op);
        fresh.push(Made {
            id,
            key,
            random: random.array()?,
        });
    }
    ops.extend(forsaken(ring, pool, tenant.id).await?);
    let listed = {
        let inner = pool.inner();
        let ready = inner.ready.iter().map(|made| made.id);
        let all = ready.chain(inner.taken.iter().copied());
        all.chain(fresh.iter().map(|made| made.id)).collect()
    };
    ops.push(KeyOp::Set(
        pool_row(tenant.id),
        list(ring, tenant.id, listed),
    ));
    ops.extend(mark);
    ring.backend.change_keys(ops).await?;
    let mut inner = pool.inner();
    inner.ready.append(&mut fresh);
    inner.full = inner.ready.len();
    Ok(())
}

/// Keys of the oldest ids whose callers went away, where no record was written.
async fn forsaken(ring: &Keyring, pool: &Pool, tenant: TenantId) -> Result<Vec<KeyOp>, Error> {
    let old: Vec<[u8; 16]> = {
        let mut inner = pool.inner();
        let many = inner.dropped.len().saturating_sub(DROPPED);
        inner.dropped.drain(..many).collect()
    };
    let mut ops = Vec::new();
    for id in old {
        if !ring.has_record(RecordId::from_bytes(id)).await? {
            ops.push(KeyOp::Destroy(unit_key(tenant, &id)));
        }
        pool.inner().taken.remove(&id);
    }
    Ok(ops)
}

fn list(ring: &Keyring, tenant: TenantId, ids: Vec<[u8; 16]>) -> Vec<u8> {
    let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut w = Writer::with_capacity(32 + 16 * ids.len())
        .u8(VERSION)
        .u32(count);
    for id in ids {
        w = w.fixed(&id);
    }
    ring.seal.beside(pool_row(tenant), w.done())
}

impl Keyring {
    /// Destroys keys that were made ahead by a process that ended before it used them; how many.
    pub(crate) async fn drain_pools(&self) -> Result<u64, Error> {
        let mut drained = 0;
        let mut after = tenant_prefix(kind::POOL, TenantId::from_bytes([0; 16]));
        loop {
            let page = self.backend.list_keys(Some(after), 256).await?;
            for row in &page {
                if row.as_bytes().first() != Some(&kind::POOL) {
                    return Ok(drained);
                }
                drained += self.drain(*row).await?;
            }
            match page.last() {
                Some(last) => after = *last,
                None => return Ok(drained),
            }
        }
    }

    async fn drain(&self, row: KeyId) -> Result<u64, Error> {
        let Some(stored) = self.backend.key(row).await? else {
            return Ok(0);
        };
        let mut name = Reader::new(row.as_bytes(), WHAT);
        name.u8()?;
        let tenant = TenantId::from_bytes(name.array()?);
        let mut r = Reader::new(self.seal.open_beside(row, &stored, WHAT)?, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let mut ops = Vec::new();
        for _ in 0..r.u32()? {
            let id: [u8; 16] = r.array()?;
            if !self.has_record(RecordId::from_bytes(id)).await? {
                ops.push(KeyOp::Destroy(unit_key(tenant, &id)));
            }
        }
        r.end()?;
        let count = ops.len() as u64;
        ops.push(KeyOp::Destroy(row));
        self.backend.change_keys(ops).await?;
        Ok(count)
    }
}
