//! An encrypted record store in which erasure is the destruction of keys.
//!
//! | you need | use |
//! |-|-|
//! | a root of keys | [`KeyFile`], [`Passphrase`], or your own [`KeyProvider`] |
//! | a store | [`Store::create`], [`Store::open`] with a [`StoreConfig`] |
//! | to write | [`NewRecord`], [`Store::put`] |
//! | to read | [`Store::get`], [`Store::find`] with [`Accessor`] and [`Reason`] |
//! | to end | [`Store::shred_unit`], [`Store::expire_buckets`], [`Store::erase_subject`], [`Store::end_tenant`] |
//! | new keys | [`Store::rotate_keys`], [`Store::rotate_index`], [`Store::change_root`] |
//! | to keep copies | [`Store::backup`], [`Store::restore`], [`KeyBackups`], [`Store::restore_keys`] |
//! | to prove | [`Store::verify_audit`], [`Store::check`], [`Store::ledger`], [`Store::open_copy`] with [`Store::survey`] |
//!
//! Every record has a key of its own, derived from the keys of its person, its time bucket and its unit. Destroying any of
//! the three ends the record, wherever copies of its ciphertext are. No read happens without an audit entry.
//!
//! ```
//! use std::sync::Arc;
//! use crypto_store::{Accessor, KeyFile, NewRecord, OsEntropy, Reason, Store, StoreConfig};
//! use retention_policy::{ActorId, Category, Policy, Purpose, PurposeSet, RecordMeta, Region, Role, SubjectId, TenantId};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let dir = tempfile::tempdir()?;
//! let now = "2026-03-02T09:00:00Z".parse()?;
//! let entropy = Arc::new(OsEntropy::new());
//! let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone())?);
//! let store = Store::create(StoreConfig::memory(), root, entropy, now).await?;
//!
//! let tenant = TenantId::from_random([1; 16]);
//! store.create_tenant(tenant, now).await?;
//! let agent = Accessor::new(ActorId::from_random([2; 16]), Role::Agent, tenant);
//! let reply = Reason::new(Purpose::DraftReply);
//! let meta = RecordMeta::new(
//!     tenant,
//!     SubjectId::from_random([3; 16]),
//!     Category::Session,
//!     PurposeSet::only(Purpose::DraftReply),
//!     Region::France,
//!     Policy::default().expiry(Category::Session, now)?,
//! )?;
//! let id = store.put(NewRecord::new(meta, b"hello".to_vec()), &agent, &reply, now).await?.id();
//! assert_eq!(store.get(id, &agent, &reply, now).await?.expose(), b"hello");
//!
//! store.shred(&[id], &agent, &reply, now).await?;
//! assert!(store.get(id, &agent, &reply, now).await.is_err());
//! # Ok(()) }) }
//! ```
//!
//! | feature | default | what |
//! |-|-|-|
//! | `sqlite` | yes | the SQLite back end (bundled, needs a C compiler) |
//! | `recovery` | no | `recovery`: the root key split among holders of age keys, k of n rebuild it |
//! | `conformance` | no | cases that a [`Backend`](backend::Backend) or [`KeyProvider`] of your own must pass |
//!
//! A back end or root of keys of your own is held to the same promises as those of this crate: switch `conformance` on in your
//! `[dev-dependencies]`, say in a few lines how a fresh one is made, and one macro writes a test for each promise.
//!
//! What this crate does not do: it knows nothing about text, reads no clock and no environment, and decides no time limit
//! (that is `retention-policy`). It cannot erase copies of *keys*: whoever keeps an old `keys.db` and the root can open what
//! was erased after that copy was made.
#![forbid(unsafe_code)]

/// Format of stored bytes as a whole. What is older is migrated by [`Store::open`]; what is newer is refused with the
/// version of the library that wrote it.
pub const FORMAT: u8 = 1;

mod access;
pub mod audit;
pub mod backend;
mod backup;
#[cfg(feature = "conformance")]
pub mod conformance;
mod crypt;
mod entropy;
mod envelope;
mod error;
mod index;
mod key;
mod keyring;
mod keywrap;
pub mod ledger;
#[doc(hidden)]
pub mod measure;
#[cfg(all(test, unix, feature = "sqlite"))]
mod memory_scan;
mod parcel;
mod provider;
#[cfg(feature = "recovery")]
pub mod recovery;
mod store;
mod wire;

pub use access::{Accessor, Reason};
pub use audit::{AuditEntry, AuditReport, BlindId, Decision};
#[cfg(feature = "sqlite")]
pub use backend::sqlite::StoreFiles;
pub use backup::{Backup, KeyBackups};
pub use entropy::{Entropy, OsEntropy, SeededEntropy};
pub use envelope::{MAX_BODY, OVERHEAD, SUITE};
pub use error::Error;
pub use index::{IndexTerm, MAX_TERM, MAX_TERMS};
pub use key::{KEY_LEN, Key32};
pub use ledger::{ErasureKind, LedgerEntry, Phase};
pub use parcel::ParcelToken;
pub use provider::{
    Argon2Cost, EphemeralRoot, Horizon, KeyFile, KeyProvider, Passphrase, ProviderId,
};
pub use store::{
    Amendment, Checked, Described, DueRecord, Ended, Ending, Endings, Erased, Expired, Foreseen,
    KeyBackup, NewRecord, Opened, Put, Receipt, RecordPhase, Restored, RestoredKeys, Rotation,
    Settled, StageOf, StopAt, Store, StoreConfig, Survey, Walk,
};
