//! What can go wrong, without a byte of what was stored.

use std::io;

/// What went wrong, and what to do about it.
///
/// Messages hold kinds, numbers and file roles: never a path's content, a key, an id of a person or a stored byte. Use the
/// predicates ([`is_expired`](Error::is_expired) and so on) to branch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process, or another handle of this one, holds the store.
    #[error(
        "the store is in use by another process or handle: close that one first (a SQLite store belongs to one process)"
    )]
    StoreBusy,
    /// The root key does not belong to this store: a wrong passphrase or another store's key file.
    #[error("the root key does not open this store: check the passphrase or the key file")]
    WrongKey,
    /// The root key or `keys.db` is missing although records exist.
    #[error(
        "{what} is missing but records exist: put it back from its backup; nothing was created or changed"
    )]
    KeysLost {
        /// Which part is missing.
        what: &'static str,
    },
    /// `records.db` is missing although keys exist.
    #[error(
        "records.db is missing but keys.db exists: put it back from its backup; nothing was created or changed"
    )]
    RecordsLost,
    /// There is no store where one was to be opened.
    #[error("there is no store at this place: create one, or check the folder")]
    NoStore,
    /// There is something where a store was to be created.
    #[error("a store, key or backup exists at this place: open it, or choose another")]
    AlreadyExists,
    /// A file ends before it should.
    #[error("{file} is truncated: put it back from its backup; it was not changed")]
    Truncated {
        /// Role of the file.
        file: &'static str,
    },
    /// Stored bytes are not what was written.
    #[error(
        "{what} is damaged or was altered: put the store back from its backup; it was not changed"
    )]
    Corrupt {
        /// What is damaged.
        what: &'static str,
    },
    /// The records are older than what the keys remember.
    #[error(
        "records.db is older than keys.db remembers: put the newest copy back, or open it read-only as a copy"
    )]
    RolledBack,
    /// A later version of this library wrote the store.
    #[error("the store has format {found}{}, this library knows up to {known}: use a newer version of the library", written_by(.by))]
    NewerFormat {
        /// The format found.
        found: u32,
        /// The newest format this library reads.
        known: u32,
        /// The version of the library that wrote it, where the file tells.
        by: Option<[u8; 3]>,
    },
    /// An earlier version of this library wrote the copy.
    #[error(
        "the copy has an older format: open it as a store of its own once, which migrates it, then as a copy"
    )]
    OlderFormat,
    /// The tenant was never created, or its keys are gone.
    #[error("unknown tenant: create it first")]
    UnknownTenant,
    /// The tenant exists.
    #[error("the tenant exists already")]
    TenantExists,
    /// No such record for this tenant.
    #[error("no such record for this tenant")]
    NotFound,
    /// The access table, the record's purposes or a restriction forbid it.
    #[error("access denied: role, action and purpose do not go together for this record")]
    Denied,
    /// The record's time is over.
    #[error("the record has expired")]
    Expired,
    /// A key of the record was destroyed: nobody can read it any more.
    #[error("the record was erased: its key does not exist any more")]
    AlreadyErased,
    /// A hold forbids the erasure.
    #[error("a hold stands on the record or person: release it first")]
    Held,
    /// No such hold.
    #[error("no such hold")]
    UnknownHold,
    /// A legal claim or an order is released by two people, and nobody has asked yet.
    #[error("a legal claim or an order is released by two people: one asks, another releases")]
    NeedsSecond,
    /// Who asked for it cannot be who approves.
    #[error("the same person cannot ask and approve: somebody else must do the second step")]
    SamePerson,
    /// Asked too long ago, or before there was a hold.
    #[error("the time to approve is over, or has not begun: ask again")]
    ReleaseOver,
    /// An end can only be brought forward, an archive only be made narrower and earlier.
    #[error(
        "the end is not before the one that stands, or the archive is wider: nothing was changed"
    )]
    NotEarlier,
    /// What was approved is not what would be destroyed now.
    #[error("the plan is not what would be destroyed now: make it again and show the new one")]
    PlanDrifted,
    /// A plan ends far more records before their time than usual.
    #[error("the plan ends more records before their time than usual: two people must confirm it")]
    NeedsConfirmation,
    /// The value is larger than a store takes.
    #[error("too large: {len} of at most {limit} bytes")]
    TooLarge {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A value breaks a rule of the call.
    #[error("{what}")]
    Invalid {
        /// The rule, as an instruction.
        what: &'static str,
    },
    /// Others changed the same rows over and over.
    #[error("too many concurrent changes to the same rows: try again")]
    Conflict,
    /// The store was opened as a read-only copy.
    #[error("the store was opened as a read-only copy: open the original to change it")]
    ReadOnly,
    /// The key file can be read by others.
    #[error(
        "the key file can be read by other users: set its mode to 0600 and consider the root key known to them"
    )]
    KeyFileOpen,
    /// The store was closed, or stopped after a failed write.
    #[error("the store is closed: open it again")]
    Closed,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: nothing was written")]
    Entropy,
    /// The root key's provider failed.
    #[error("the key provider failed ({what}): check that it can be reached")]
    Provider {
        /// What was asked of it.
        what: &'static str,
        /// What it said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The file system failed.
    #[error(
        "the file system failed at {what}: check space and permissions; nothing acknowledged is lost"
    )]
    Io {
        /// What was attempted.
        what: &'static str,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A share of a recovery kit cannot be used.
    #[cfg(feature = "recovery")]
    #[error("share {share} of those given {fault}")]
    Share {
        /// Which one, from 1, in the order given.
        share: usize,
        /// Why.
        fault: crate::recovery::ShareFault,
    },
    /// Fewer shares of a recovery kit than it needs.
    #[cfg(feature = "recovery")]
    #[error("{given} of {needed} shares were given: ask more holders; nothing was rebuilt")]
    TooFewShares {
        /// How many were given.
        given: usize,
        /// How many are needed, at least.
        needed: u8,
    },
    /// The shares of a recovery kit go together, and the key they give is not the one the kit was made for.
    #[cfg(feature = "recovery")]
    #[error(
        "one of the shares was forged, the key they give is not the root key: ask other holders; nothing was rebuilt"
    )]
    ShareForged,
    /// The database failed.
    #[error(
        "the database failed at {what}: check space and permissions; nothing acknowledged is lost"
    )]
    Database {
        /// What was attempted.
        what: &'static str,
        /// What the database said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A test asked the store to stop here (see [`StopAt`](crate::StopAt)).
    #[error("stopped at an injected point")]
    Stopped,
}

fn written_by(by: &Option<[u8; 3]>) -> String {
    by.map_or_else(String::new, |[major, minor, patch]| {
        format!(" (written by version {major}.{minor}.{patch})")
    })
}

impl Error {
    /// True if the record's time is over.
    pub fn is_expired(&self) -> bool {
        matches!(self, Error::Expired)
    }

    /// True if role, action, purpose or a restriction forbid the access.
    pub fn is_denied(&self) -> bool {
        matches!(self, Error::Denied)
    }

    /// True if another process or handle has the store.
    pub fn is_busy(&self) -> bool {
        matches!(self, Error::StoreBusy)
    }

    /// True if there is no such record for this tenant.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Error::NotFound)
    }

    /// True if a key that the record needs was destroyed.
    pub fn is_erased(&self) -> bool {
        matches!(self, Error::AlreadyErased)
    }

    /// True if a hold forbids the erasure.
    pub fn is_held(&self) -> bool {
        matches!(self, Error::Held)
    }

    /// True if the root key is another one than the store's.
    pub fn is_wrong_key(&self) -> bool {
        matches!(self, Error::WrongKey)
    }

    /// True if the same call may succeed a moment later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Error::StoreBusy | Error::Conflict | Error::Provider { .. }
        )
    }

    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io { what, source }
    }
}
