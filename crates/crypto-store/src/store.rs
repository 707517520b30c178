//! The store: sealed records that can be found, opened for a reason, and ended for good.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use retention_policy::{Action, Category, RecordId, SubjectId, TenantId, Timestamp};

use crate::audit::verify::{Chain, recompute};
use crate::audit::{AuditEntry, AuditReport, BlindId, Decision};
use crate::backend::memory::MemoryBackend;
#[cfg(feature = "sqlite")]
use crate::backend::sqlite::{Mode, SqliteBackend};
use crate::backend::{
    Backend, Batch, Expect, Head as LogHead, KeyId, KeyOp, Log, Op, Outcome, Row, Side, Table,
};
use crate::entropy::draw;
use crate::keyring::{self, Keyring, kind, store_key};
use crate::ledger::LedgerEntry;
use crate::wire::{Reader, Writer};
use crate::{
    Accessor, Entropy, Error, FORMAT, Horizon, Key32, KeyProvider, ProviderId, Reason, crypt,
};

mod config;
mod erase;
mod expire;
mod hold;
mod intent;
mod link;
mod put;
mod read;
mod row;
mod subject;

pub use config::{StopAt, StoreConfig};
pub use erase::{Erased, Receipt};
pub use expire::{Expired, Settled};
pub use put::{NewRecord, Put};
pub use read::{DueRecord, Opened, Survey};

use config::Place;

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
    entropy: Arc<dyn Entropy>,
    horizon: Horizon,
    stop: Option<StopAt>,
    copy: bool,
    /// Last known end of the audit, written beside every new key.
    head: Mutex<Option<LogHead>>,
    /// One erasure finishes before the next one is continued.
    erasing: tokio::sync::Mutex<()>,
}

const HEADER_MAGIC: &[u8; 8] = b"TCSHEAD0";
const STORE_ROW: &[u8] = b"store";

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
        let audit_id = store_key(kind::AUDIT);
        let wrapped = provider
            .wrap(&audit, &keyring::context(&store, audit_id))
            .await?;
        let header = Writer::with_capacity(48)
            .fixed(HEADER_MAGIC)
            .fixed(provider.id().as_bytes())
            .fixed(&store)
            .done();
        let keys = vec![
            KeyOp::Set(store_key(kind::HEADER), header),
            KeyOp::Set(audit_id, wrapped),
        ];
        let row = Row {
            key: STORE_ROW.to_vec(),
            value: store.to_vec(),
            ..Row::default()
        };
        let records = Batch {
            ops: vec![Op::Put(Table::Meta, row)],
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

    /// Opens a store and finishes every erasure that was begun, before anything can be read.
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
        let backend: Arc<dyn Backend> = match config.place {
            #[cfg(feature = "sqlite")]
            Place::Files(files) => Arc::new(SqliteBackend::open(&files, Mode::Owner)?),
            Place::Backend(backend) => backend,
        };
        let store = Self::attach(backend, provider, entropy, config.stop, false).await?;
        if store.is_cut_off().await? {
            return Err(Error::RolledBack);
        }
        store.settle(now).await?;
        Ok(store)
    }

    /// Opens a copy of `records.db` with some `keys.db`, to see what can still be read: the way to prove an erasure.
    ///
    /// Keys are only read and may belong to a store that is open. Reads are audited in the copy. Nothing begun is
    /// finished and an old copy is not refused.
    ///
    /// # Errors
    /// As [`open`](Self::open), but [`Error::RolledBack`].
    #[cfg(feature = "sqlite")]
    pub async fn open_copy(
        files: &crate::StoreFiles,
        provider: Arc<dyn KeyProvider>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
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
        let header = backend.key(store_key(kind::HEADER)).await?;
        let own = backend.get(Table::Meta, STORE_ROW.to_vec()).await?;
        let (header, own) = match (header, own) {
            (Some(header), Some(own)) => (header, own.value),
            (None, None) => return Err(Error::NoStore),
            (None, Some(_)) => {
                return Err(Error::KeysLost {
                    what: "the header of keys.db",
                });
            }
            (Some(_), None) => return Err(Error::RecordsLost),
        };
        let mut r = Reader::new(&header, "the header of keys.db");
        if r.take(HEADER_MAGIC.len())? != HEADER_MAGIC {
            return Err(r.corrupt());
        }
        let root = ProviderId::from_bytes(r.array()?);
        let store: [u8; 16] = r.array()?;
        r.end()?;
        if own != store {
            return Err(Error::Corrupt {
                what: "the pair of files (records.db and keys.db are of two stores), one of them",
            });
        }
        if provider.id() != root {
            return Err(Error::WrongKey);
        }
        let audit_id = store_key(kind::AUDIT);
        let wrapped = backend.key(audit_id).await?.ok_or(Error::KeysLost {
            what: "the audit key",
        })?;
        let audit = provider
            .unwrap(&wrapped, &keyring::context(&store, audit_id))
            .await?;
        let blind = Key32::from_bytes(crypt::hmac(
            audit.expose(),
            &[b"tactful crypto-store blind v0"],
        ));
        let horizon = provider.destroy_horizon();
        Ok(Store {
            ring: Keyring::new(Arc::clone(&backend), provider, Arc::clone(&entropy), store),
            backend,
            chain: Arc::new(Chain(audit)),
            blind,
            entropy,
            horizon,
            stop,
            copy,
            head: Mutex::new(None),
            erasing: tokio::sync::Mutex::new(()),
        })
    }

    /// Makes a tenant's keys.
    ///
    /// # Errors
    /// [`Error::TenantExists`], [`Error::ReadOnly`], [`Error::Provider`], [`Error::Entropy`], [`Error::Database`].
    pub async fn create_tenant(&self, tenant: TenantId, now: Timestamp) -> Result<(), Error> {
        self.writable()?;
        self.ring.create_tenant(tenant).await?;
        let entry = AuditEntry {
            tenant: self.blind(kind::TENANT, &tenant.to_bytes()),
            ..own_entry(Action::Create, now)
        };
        self.commit(vec![leaf(&entry)]).await.map(drop)
    }

    /// Whether the tenant has keys.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    pub async fn has_tenant(&self, tenant: TenantId) -> Result<bool, Error> {
        Ok(self
            .backend
            .key(keyring::tenant_key(tenant))
            .await?
            .is_some())
    }

    /// How long something erased may live on in copies of root and keys.
    pub fn destroy_horizon(&self) -> Horizon {
        self.horizon
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
            let mut last = self.head.lock().unwrap_or_else(PoisonError::into_inner);
            for head in heads.iter().filter(|h| h.log == Log::Audit) {
                if last.is_none_or(|l| l.seq < head.seq) {
                    *last = Some(*head);
                }
            }
        }
        Ok(outcome)
    }

    /// A note on the side of the keys: how far the audit went. Records older than the note were put back.
    fn mark(&self) -> Option<KeyOp> {
        let head = (*self.head.lock().unwrap_or_else(PoisonError::into_inner))?;
        let note = Writer::with_capacity(40)
            .u64(head.seq)
            .fixed(&head.link)
            .done();
        Some(KeyOp::Set(store_key(kind::MARK), note))
    }

    async fn is_cut_off(&self) -> Result<bool, Error> {
        let Some(note) = self.backend.key(store_key(kind::MARK)).await? else {
            return Ok(false);
        };
        let mut r = Reader::new(&note, "the mark in keys.db");
        let (seq, link): (u64, [u8; 32]) = (r.u64()?, r.array()?);
        r.end()?;
        let found = self.backend.log(Log::Audit, seq, 1).await?;
        Ok(found
            .first()
            .is_none_or(|row| row.seq != seq || row.link != link))
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
            Error::Denied => Decision::Denied,
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
        for key in keys {
            if self
                .backend
                .get(Table::Gone, key.as_bytes().to_vec())
                .await?
                .is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
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
