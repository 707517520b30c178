//! The store: sealed records that can be found, opened for a reason, and ended for good.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use retention_policy::{
    Action, Breaker, Bucket, Category, RecordId, SubjectId, TenantId, Timestamp,
};

use crate::audit::verify::{Chain, recompute};
use crate::audit::{AuditEntry, AuditReport, BlindId, Decision};
use crate::backend::memory::MemoryBackend;
#[cfg(feature = "sqlite")]
use crate::backend::sqlite::{Mode, SqliteBackend};
use crate::backend::{Backend, Batch, Expect, KeyId, KeyOp, Log, Op, Outcome, Row, Side, Table};
use crate::backup::KeyBackups;
use crate::entropy::draw;
use crate::keyring::{self, Keyring, RowSeal, kind, store_key};
use crate::ledger::LedgerEntry;
use crate::{
    Accessor, Entropy, Error, FORMAT, Horizon, Key32, KeyProvider, ProviderId, Reason, crypt,
};

mod again;
mod amend;
mod backup;
mod check;
mod config;
mod early;
mod ended;
mod ending;
mod erase;
mod expire;
mod hold;
mod intent;
mod link;
mod mark;
#[cfg(feature = "sqlite")]
mod migrate;
mod plan;
mod purge;
mod put;
mod read;
mod restore;
mod rotate;
pub(crate) mod row;
mod stage;
mod standing;
mod subject;
mod top;
mod unfinished;
mod walk;

pub use amend::Amendment;
pub use backup::KeyBackup;
pub use check::Checked;
pub use config::{StopAt, StoreConfig};
pub use early::RecordPhase;
pub use ended::{Ended, Foreseen};
pub use ending::{Ending, Endings};
pub use erase::{Erased, Receipt};
pub use expire::{Expired, Settled};
pub use put::{NewRecord, Put};
pub use read::{DueRecord, Opened, Survey};
pub use restore::{Restored, RestoredKeys};
pub use rotate::Rotation;
pub use stage::StageOf;
pub use walk::{Described, Walk};

use config::Place;
use mark::Ends;
use row::BucketRef;
use top::Top;
use unfinished::Unfinished;

/// An encrypted store of records.
///
/// All methods take `&self` and may be called from many tasks at once; changes that arrive together share one commit.
/// The futures need no particular executor.
pub struct Store {
    backend: Arc<dyn Backend>,
    ring: Keyring,
    chain: Arc<Chain>,
    /// Makes ids blind for audit and ledger.
    blind: Key32,
    /// Tags small rows.
    seal: RowSeal,
    entropy: Arc<dyn Entropy>,
    key_backups: Option<KeyBackups>,
    stop: Option<StopAt>,
    breaker: Breaker,
    copy: bool,
    /// Last known ends of the logs, written beside every new key.
    ends: Mutex<Ends>,
    /// The count of holds of tenants that were read from.
    holds: Mutex<HashMap<TenantId, hold::KnownHolds>>,
    /// One erasure finishes before the next one is continued.
    erasing: tokio::sync::Mutex<Unfinished>,
    /// Read by who adds to a unit, written by who gives a unit another key.
    units: tokio::sync::RwLock<()>,
    /// Files beside which there are sealed copies of before a migration.
    #[cfg(feature = "sqlite")]
    copies: Mutex<Option<crate::StoreFiles>>,
}

impl Store {
    /// Makes a new, empty store. After a crash there is either a whole store or none.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`], [`Error::StoreBusy`], [`Error::Io`], [`Error::Database`], [`Error::Provider`],
    /// [`Error::Entropy`].
    pub async fn create(
        config: StoreConfig,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let store: [u8; 16] = draw(&*entropy)?;
        let audit = Key32::random(&*entropy)?;
        let keys = top::first_keys(&*provider, &store, &audit).await?;
        let records = Batch {
            ops: vec![Op::Put(
                Table::Meta,
                top::store_row(&store, &RowSeal::new(&audit)),
            )],
            link: Arc::new(Chain(audit)),
        };
        match &config.place {
            #[cfg(feature = "sqlite")]
            Place::Files(files) => SqliteBackend::create(files, keys, records)?,
            Place::Backend(backend) => {
                if backend.key(store_key(kind::HEADER)).await?.is_some() {
                    return Err(Error::AlreadyExists);
                }
                backend.change_keys(keys).await?;
                backend.commit(records).await?;
            }
        }
        Self::open(config, provider, entropy, now).await
    }

    /// Opens a store and finishes every erasure that was begun, and the putting back of a backup, before anything can be
    /// read.
    ///
    /// # Errors
    /// [`Error::NoStore`], [`Error::StoreBusy`], [`Error::WrongKey`], [`Error::KeysLost`], [`Error::RecordsLost`],
    /// [`Error::Truncated`], [`Error::Corrupt`], [`Error::NewerFormat`], [`Error::RolledBack`], [`Error::Io`],
    /// [`Error::Database`], [`Error::Provider`]. Nothing is changed on disk by an opening that fails with one of the
    /// first nine.
    pub async fn open(
        config: StoreConfig,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let (store, _) = Self::open_settled(config, provider, entropy, now).await?;
        Ok(store)
    }

    /// Also tells what was done if the store was just put back from a backup.
    async fn open_settled(
        config: StoreConfig,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        now: Timestamp,
    ) -> Result<(Self, Option<Restored>), Error> {
        #[cfg(feature = "sqlite")]
        let mut copies = None;
        let backend: Arc<dyn Backend> = match config.place {
            #[cfg(feature = "sqlite")]
            Place::Files(files) => {
                migrate::migrate(&files, &*provider, &*entropy, now).await?;
                let backend = SqliteBackend::open(&files, Mode::Owner)?;
                copies = (!migrate::end_copies(&files, now)?).then_some(files);
                Arc::new(backend)
            }
            Place::Backend(backend) => backend,
        };
        let mut store = Self::attach(backend, provider, entropy, config.stop, false).await?;
        store.key_backups = config.key_backups;
        store.breaker = config.breaker;
        #[cfg(feature = "sqlite")]
        {
            *store.copies.lock().unwrap_or_else(PoisonError::into_inner) = copies;
        }
        let restored = store.finish_restore(now).await?;
        if store.is_cut_off().await? {
            return Err(Error::RolledBack);
        }
        store.catch_up(now).await?;
        store.ring.drain_pools().await?;
        store.settle(now).await?;
        Ok((store, restored))
    }

    /// Opens a copy of `records.db` with some `keys.db`, to see what can still be read: the way to prove an erasure.
    ///
    /// Keys are only read and may belong to a store that is open. Reads are audited in the copy. Nothing begun is
    /// finished and an old copy is not refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), but [`Error::RolledBack`]; [`Error::OlderFormat`], which only an owner migrates.
    #[cfg(feature = "sqlite")]
    pub async fn open_copy(
        files: &crate::StoreFiles,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        if SqliteBackend::is_older(files)? {
            return Err(Error::OlderFormat);
        }
        let backend: Arc<dyn Backend> = Arc::new(SqliteBackend::open(files, Mode::Copy)?);
        Self::attach(backend, provider, entropy, None, true).await
    }

    async fn attach(
        backend: Arc<dyn Backend>,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
        stop: Option<StopAt>,
        copy: bool,
    ) -> Result<Self, Error> {
        let top = Top::read(&*backend, &*provider).await?;
        let (seal, own_seal) = (RowSeal::new(&top.audit), RowSeal::new(&top.audit));
        let blind = crypt::hmac_key(top.audit.expose(), &[b"tactful crypto-store blind v0"]);
        let ends = Ends::read(&*backend, &seal).await?;
        let entropy_of_ring = Arc::clone(&entropy);
        Ok(Store {
            ring: Keyring::new(
                Arc::clone(&backend),
                provider,
                entropy_of_ring,
                top.store,
                own_seal,
            ),
            backend,
            chain: Arc::new(Chain(top.audit)),
            blind,
            seal,
            entropy,
            key_backups: None,
            stop,
            breaker: Breaker::default(),
            copy,
            ends: Mutex::new(ends),
            holds: Mutex::default(),
            erasing: tokio::sync::Mutex::default(),
            units: tokio::sync::RwLock::new(()),
            #[cfg(feature = "sqlite")]
            copies: Mutex::new(None),
        })
    }

    /// Makes a tenant's keys, and a backup of the keys where the store was told to.
    ///
    /// # Errors
    /// [`Error::TenantExists`], [`Error::AlreadyErased`] if the tenant was ended, [`Error::ReadOnly`], [`Error::Provider`],
    /// [`Error::Entropy`], [`Error::Database`]; [`Error::Io`] if the backup failed: the tenant exists then.
    pub async fn create_tenant(&self, tenant: TenantId, now: Timestamp) -> Result<(), Error> {
        self.writable()?;
        // The note beside the keys outlives the records: an ended tenant stays ended.
        let ended = keyring::person_gone(tenant, None);
        if self.is_gone(&[keyring::tenant_key(tenant, 0)]).await?
            || self.backend.key(ended).await?.is_some()
        {
            return Err(Error::AlreadyErased);
        }
        if self.has_tenant(tenant).await? {
            return Err(Error::TenantExists);
        }
        // First what every later look at holds relies on; the keys make the tenant.
        let key = hold::holds_row(tenant);
        let counted = vec![
            Op::Require(Table::Meta, key, Expect::Absent),
            self.holds_counted(tenant, 0)?,
        ];
        self.commit(counted).await?;
        self.ring.create_tenant(tenant).await?;
        let entry = AuditEntry {
            tenant: self.blind(kind::TENANT, &tenant.to_bytes()),
            ..own_entry(Action::Create, now)
        };
        self.commit(vec![leaf(&entry)]).await?;
        self.keys_changed(now).await
    }

    /// Whether the tenant has keys.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    pub async fn has_tenant(&self, tenant: TenantId) -> Result<bool, Error> {
        Ok(self
            .backend
            .key(keyring::state_row(tenant))
            .await?
            .is_some())
    }

    /// The root that wraps the keys now.
    pub fn root(&self) -> ProviderId {
        self.ring.provider().id()
    }

    /// How long something erased may live on in copies of root and keys, the backups that the store makes among them.
    pub fn destroy_horizon(&self) -> Horizon {
        let root = self.ring.provider().destroy_horizon();
        match (root, &self.key_backups) {
            // A key in a backup can be unwrapped until the backup ends.
            (Horizon::Within(time), Some(backups)) => Horizon::Within(time.max(backups.horizon())),
            _ => root,
        }
    }

    /// Recomputes audit and ledger from their first entries.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`]. Tampering is no error but a finding.
    pub async fn verify_audit(&self) -> Result<AuditReport, Error> {
        let (entries, root, broken) =
            recompute(&*self.backend, &self.chain, Log::Audit, |_, _| {}).await?;
        let (ledger_entries, _, ledger_broken) =
            recompute(&*self.backend, &self.chain, Log::Ledger, |_, _| {}).await?;
        let cut_off = self.is_cut_off().await?;
        Ok(AuditReport {
            entries,
            root,
            broken,
            ledger_entries,
            ledger_broken,
            cut_off,
        })
    }

    /// Entries of the audit from a position on.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for an entry that cannot be read, [`Error::Database`], [`Error::Closed`].
    pub async fn audit(&self, from: u64, limit: usize) -> Result<Vec<(u64, AuditEntry)>, Error> {
        let rows = self.backend.log(Log::Audit, from, limit).await?;
        rows.iter()
            .map(|row| Ok((row.seq, AuditEntry::from_bytes(&row.value)?)))
            .collect()
    }

    /// Entries of the erasure ledger from a position on.
    ///
    /// # Errors
    /// As [`audit`](Self::audit).
    pub async fn ledger(&self, from: u64, limit: usize) -> Result<Vec<(u64, LedgerEntry)>, Error> {
        let rows = self.backend.log(Log::Ledger, from, limit).await?;
        rows.iter()
            .map(|row| Ok((row.seq, LedgerEntry::from_bytes(&row.value)?)))
            .collect()
    }

    /// The blind id under which audit and ledger know a person.
    pub fn blind_subject(&self, subject: SubjectId) -> BlindId {
        self.blind(kind::SUBJECT, &subject.to_bytes())
    }

    /// The blind id under which the audit knows a record.
    pub fn blind_record(&self, record: RecordId) -> BlindId {
        self.blind(kind::RECORD, &record.to_bytes())
    }

    /// The blind id under which audit and ledger know a time bucket of a tenant.
    pub fn blind_bucket(&self, tenant: TenantId, bucket: Bucket) -> BlindId {
        self.blind_bucket_key(BucketRef::from(bucket).key(tenant))
    }

    fn blind_bucket_key(&self, key: KeyId) -> BlindId {
        let (_, reference) = key.as_bytes().split_at(17);
        self.blind(kind::BUCKET, reference)
    }

    /// Empties the write-ahead logs, so that a plain copy of the files is complete. False: a reader is in the way.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    pub async fn flush(&self) -> Result<bool, Error> {
        let records = self.backend.scrub(Side::Records).await?;
        // A copy's keys may belong to a store that is open; their log is not ours to empty.
        let keys = self.copy || self.backend.scrub(Side::Keys).await?;
        Ok(records && keys)
    }

    /// Writes down where the audit ends, forgets keys and lets go of files and locks. Dropping a store does the same but
    /// the first.
    ///
    /// # Errors
    /// [`Error::Database`]; the store is closed anyway.
    pub async fn close(&self) -> Result<(), Error> {
        let marked = match self.mark() {
            Some(mark) if !self.copy => self.backend.change_keys(vec![mark]).await.map(drop),
            _ => Ok(()),
        };
        self.ring.forget_all();
        self.backend.close().await?;
        marked
    }

    fn writable(&self) -> Result<(), Error> {
        if self.copy {
            Err(Error::ReadOnly)
        } else {
            Ok(())
        }
    }

    fn stop_at(&self, here: StopAt) -> Result<(), Error> {
        if self.stop == Some(here) {
            Err(Error::Stopped)
        } else {
            Ok(())
        }
    }

    fn blind(&self, kind: u8, id: &[u8]) -> BlindId {
        BlindId::from_bytes(crypt::half(&crypt::hmac(
            self.blind.expose(),
            &[&[kind], id],
        )))
    }

    /// Commits on the side of the records and remembers where the audit ends.
    async fn commit(&self, ops: Vec<Op>) -> Result<Outcome, Error> {
        let link: Arc<dyn crate::backend::Link> = self.chain.clone();
        let outcome = self.backend.commit(Batch { ops, link }).await?;
        if let Outcome::Committed(heads) = &outcome {
            self.ends().advance(heads);
        }
        Ok(outcome)
    }

    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A note on the side of the keys: how far the logs went. Records older than the note were put back.
    fn mark(&self) -> Option<KeyOp> {
        self.ends().note(&self.seal)
    }

    async fn is_cut_off(&self) -> Result<bool, Error> {
        let noted = Ends::read(&*self.backend, &self.seal).await?;
        noted.is_cut_off(&*self.backend).await
    }

    fn entry(&self, action: Action, by: &Accessor, why: &Reason, now: Timestamp) -> AuditEntry {
        AuditEntry {
            role: Some(by.role()),
            purpose: Some(why.purpose()),
            actor: self.blind(u8::MAX, &by.actor().to_bytes()),
            tenant: self.blind(kind::TENANT, &by.tenant().to_bytes()),
            ..own_entry(action, now)
        }
    }

    /// Writes the refusal down before it is told. A refusal that cannot be written down is told as that failure.
    async fn refuse(&self, entry: AuditEntry, error: Error) -> Error {
        let decision = match error {
            Error::Denied | Error::NeedsSecond | Error::SamePerson | Error::ReleaseOver => {
                Decision::Denied
            }
            Error::Expired => Decision::Expired,
            Error::AlreadyErased => Decision::Erased,
            Error::Held => Decision::Held,
            _ => Decision::NotFound,
        };
        match self
            .commit(vec![leaf(&AuditEntry {
                decision,
                count: 0,
                ..entry
            })])
            .await
        {
            Ok(_) => error,
            Err(failed) => failed,
        }
    }

    async fn is_gone(&self, keys: &[KeyId]) -> Result<bool, Error> {
        let keys = keys.iter().map(|k| (Table::Gone, k.as_bytes().to_vec()));
        let rows = self.backend.get_many(keys.collect()).await?;
        Ok(rows.iter().any(Option::is_some))
    }

    /// Inserts or replaces a small row behind its tag.
    fn put_small(&self, table: Table, row: Row) -> Op {
        Op::Put(table, self.seal.row(table, row))
    }
}

/// Whether the access table lets a role do this to every category.
fn allowed_everywhere(action: Action, by: &Accessor, why: &Reason) -> bool {
    Category::ALL
        .into_iter()
        .all(|category| allowed(action, by, why, category))
}

/// Whether the access table lets a role do this in full. What may only be seen masked is not handed out: a store of sealed
/// bytes cannot mask them.
fn allowed(action: Action, by: &Accessor, why: &Reason, category: Category) -> bool {
    retention_policy::access(by.role(), action, why.purpose(), category)
        == retention_policy::Access::Full
}

fn own_entry(action: Action, now: Timestamp) -> AuditEntry {
    AuditEntry {
        at_ms: now.timestamp_millis(),
        action,
        decision: Decision::Allowed,
        role: None,
        purpose: None,
        actor: BlindId::default(),
        tenant: BlindId::default(),
        subject: BlindId::default(),
        object: BlindId::default(),
        count: 1,
    }
}

fn leaf(entry: &AuditEntry) -> Op {
    Op::Append(Log::Audit, entry.to_bytes())
}

fn not_gone(key: KeyId) -> Op {
    Op::Require(Table::Gone, key.as_bytes().to_vec(), Expect::Absent)
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.backend)
            .field("format", &FORMAT)
            .finish_non_exhaustive()
    }
}

impl StoreConfig {
    /// A store in memory: nothing outlives it.
    pub fn memory() -> Self {
        StoreConfig::backend(Arc::new(MemoryBackend::new()))
    }
}
