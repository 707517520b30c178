//! The one tenant the store commands work for: who acts, why, when, and bytes that can be told again from a number.

use std::path::Path;
use std::sync::Arc;

use tactful::crypto_store::{
    Accessor, Entropy, KeyFile, OsEntropy, Reason, Store, StoreConfig, StoreFiles,
};
use tactful::retention_policy::{
    ActorId, Category, Contract, Expiry, Lifetime, Party, Purpose, PurposeSet, RecordMeta, Region,
    Role, SubjectId, TenantId, Timestamp,
};

use super::Stop;

/// What a reply is drafted for.
pub(super) const REPLY: Reason = Reason::new(Purpose::DraftReply);
/// What a person's request is answered for.
pub(super) const REQUEST: Reason = Reason::new(Purpose::AnswerRequest);

pub(super) fn tenant() -> TenantId {
    TenantId::from_random([0x51; 16])
}

pub(super) fn contract() -> Result<Contract, tactful::retention_policy::Error> {
    let operators = [agent().actor()];
    let (processor, france) = (Party::Processor, Region::France);
    Contract::new(tenant(), processor, france, 1, operators, opening())
}

pub(super) fn agent() -> Accessor {
    Accessor::new(ActorId::from_random([0xa1; 16]), Role::Agent, tenant())
}

pub(super) fn officer() -> Accessor {
    let officer = ActorId::from_random([0xb2; 16]);
    Accessor::new(officer, Role::PrivacyOfficer, tenant())
}

/// When everything is written: 2026-03-02T09:00:00Z. The clock of the store commands is a value like any other.
pub(super) fn opening() -> Timestamp {
    Timestamp::from_timestamp(1_772_442_000, 0).unwrap_or_default()
}

/// A session's record that ends `lifetime` after it was made.
pub(super) fn session(
    subject: SubjectId,
    made: Timestamp,
    lifetime: Lifetime,
) -> Result<RecordMeta, Stop> {
    Ok(RecordMeta::new(
        tenant(),
        subject,
        Category::Session,
        PurposeSet::only(Purpose::DraftReply),
        Region::France,
        Expiry::after(made, lifetime)?,
    )?)
}

/// splitmix64: the next number after `n`, spread over all bits.
pub(super) fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `len` bytes that look random and are told again by the same two numbers.
pub(super) fn bytes(seed: u64, n: u64, len: usize) -> Vec<u8> {
    let start = mix(seed ^ mix(n));
    let mut out = Vec::with_capacity(len + 8);
    let mut at = start;
    while out.len() < len {
        at = at.wrapping_add(1);
        out.extend_from_slice(&mix(at).to_le_bytes());
    }
    out.truncate(len);
    out
}

/// 16 bytes likewise.
pub(super) fn id(seed: u64, n: u64) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(bytes(seed, n, 16)) {
        *to = from;
    }
    out
}

/// Rows deleted in one go.
const ROWS: u64 = 100_000;

/// Where a folder's root key is.
const ROOT: &str = "root.key";

/// Makes a store with its root key and the tenant in a folder.
pub(super) async fn create(dir: &Path, entropy: Arc<dyn Entropy>) -> Result<Store, Stop> {
    std::fs::create_dir_all(dir)?;
    let root = KeyFile::create(dir.join(ROOT), Arc::new(OsEntropy::new()))?;
    let config = StoreConfig::sqlite(StoreFiles::in_dir(dir));
    let store = Store::create(config, Arc::new(root), entropy, opening()).await?;
    store.create_tenant(tenant(), opening()).await?;
    Ok(store)
}

/// The root key of a folder.
pub(super) fn root(dir: &Path) -> Result<Arc<KeyFile>, Stop> {
    Ok(Arc::new(KeyFile::open(
        dir.join(ROOT),
        Arc::new(OsEntropy::new()),
    )?))
}

/// Deletes rows that nobody can read any more until none is left.
pub(super) async fn purge(store: &Store, now: Timestamp) -> Result<(), Stop> {
    loop {
        let settled = store.purge(now, ROWS).await?;
        if settled.purging == 0 && settled.pending == 0 {
            return Ok(());
        }
    }
}
