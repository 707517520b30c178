//! What a store needs of a database: a few operations over opaque rows.
//!
//! There are two sides, because their commits must be ordered and their hygiene differs. *Keys* is a map of small secrets
//! whose destruction must leave nothing; *records* is a set of tables and two append-only logs that change in one
//! transaction. A back end knows nothing about persons, purposes or ciphers: rows are bytes.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::Error;

pub mod memory;
#[cfg(feature = "sqlite")]
pub mod sqlite;

/// Length of a [`KeyId`], in bytes.
pub const KEY_ID_LEN: usize = 33;

/// Names a row on the side of the keys: kind, tenant, reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; KEY_ID_LEN]);

impl KeyId {
    /// Puts a name together from its parts. The kind 0xff is never used: back ends may mark free places by it.
    pub fn new(kind: u8, tenant: &[u8; 16], reference: &[u8; 16]) -> Self {
        let mut id = [0; KEY_ID_LEN];
        for (to, from) in id
            .iter_mut()
            .zip([kind].iter().chain(tenant).chain(reference))
        {
            *to = *from;
        }
        KeyId(id)
    }

    /// Takes the bytes of a name.
    pub fn from_bytes(bytes: [u8; KEY_ID_LEN]) -> Self {
        KeyId(bytes)
    }

    /// Returns the bytes of the name.
    pub fn as_bytes(&self) -> &[u8; KEY_ID_LEN] {
        &self.0
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "KeyId(kind {})",
            self.0.first().copied().unwrap_or_default()
        )
    }
}

/// A wrapped key and where it lies.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "back ends build it; any values are valid"
)]
pub struct StoredKey {
    /// Its name.
    pub id: KeyId,
    /// Where the back end keeps it: what [`Backend::scan_keys`] goes on from. Means nothing to anybody else.
    pub at: u64,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
}

impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredKey({:?}, {} bytes)", self.id, self.wrapped.len())
    }
}

/// A change on the side of the keys.
#[derive(Clone)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must handle every change; a new one is a breaking release"
)]
pub enum KeyOp {
    /// Adds a wrapped key unless there is one; the answer tells which.
    Add(KeyId, Vec<u8>),
    /// Adds or replaces; the answer tells whether it was added.
    Set(KeyId, Vec<u8>),
    /// Puts other bytes in the place of a wrapped key if it is still the one that was seen; the answer tells. A key that
    /// was destroyed meanwhile stays destroyed.
    Replace(StoredKey, Vec<u8>),
    /// Overwrites the wrapped key and forgets it; the answer tells whether there was one.
    Destroy(KeyId),
}

impl fmt::Debug for KeyOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyOp::Add(id, wrapped) => write!(f, "Add({id:?}, {} bytes)", wrapped.len()),
            KeyOp::Set(id, wrapped) => write!(f, "Set({id:?}, {} bytes)", wrapped.len()),
            KeyOp::Replace(seen, wrapped) => {
                write!(f, "Replace({:?}, {} bytes)", seen.id, wrapped.len())
            }
            KeyOp::Destroy(id) => write!(f, "Destroy({id:?})"),
        }
    }
}

/// The tables on the side of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must hold every table; a new one is a new format"
)]
pub enum Table {
    /// Sealed records; first reference tenant and subject, second tenant and unit, `at` the expiry.
    Records,
    /// Blind index terms.
    Terms,
    /// Idempotency keys, `at` when they may be forgotten.
    Once,
    /// What was erased and must not come back, `at` when that may be forgotten.
    Gone,
    /// Holds and restrictions; first reference tenant and subject.
    Holds,
    /// Links from one subject to another.
    Links,
    /// Erasures that were begun.
    Intents,
    /// Single values.
    Meta,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 8] = [
        Table::Records,
        Table::Terms,
        Table::Once,
        Table::Gone,
        Table::Holds,
        Table::Links,
        Table::Intents,
        Table::Meta,
    ];
}

/// The append-only logs on the side of the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must hold every log; a new one is a new format"
)]
pub enum Log {
    /// Who did what, when.
    Audit,
    /// What was erased.
    Ledger,
}

impl Log {
    /// Every log.
    pub const ALL: [Log; 2] = [Log::Audit, Log::Ledger];
}

/// A row of a table.
#[derive(Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "back ends build and take apart rows; any values are valid"
)]
pub struct Row {
    /// Unique in its table.
    pub key: Vec<u8>,
    /// What the row can also be found by.
    pub refs: [Option<Vec<u8>>; 2],
    /// An instant in seconds since 1970, for [`Scan::Due`].
    pub at: Option<i64>,
    /// The content.
    pub value: Vec<u8>,
    /// Order of insertion, given by the back end and ignored in what it is given: above 0 and above that of every row that
    /// is in the table then. Replacing a row keeps it.
    pub seq: u64,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row(seq {}, {} bytes)", self.seq, self.value.len())
    }
}

/// A row of a log.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "back ends build log rows; any values are valid"
)]
pub struct LogRow {
    /// Position, from 0 without gaps.
    pub seq: u64,
    /// The entry.
    pub value: Vec<u8>,
    /// What [`Link`] made of it.
    pub link: [u8; 32],
}

impl fmt::Debug for LogRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LogRow(seq {}, {} bytes)", self.seq, self.value.len())
    }
}

/// Binds a log entry to everything before it. Pure, so that it can run inside any transaction.
pub trait Link: Send + Sync {
    /// Returns the link of entry `seq` after the link `previous` (zeros before the first).
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32];
}

/// What must be true of a row for a batch to be committed.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must check every expectation"
)]
pub enum Expect {
    /// There is no such row.
    Absent,
    /// There is such a row.
    Present,
    /// The row's value is this; no row counts as an empty value.
    Value(Vec<u8>),
}

impl fmt::Debug for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Expect::Absent => "Absent",
            Expect::Present => "Present",
            Expect::Value(_) => "Value",
        })
    }
}

/// A change on the side of the records.
#[derive(Clone)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must handle every change; a new one is a breaking release"
)]
pub enum Op {
    /// Commits nothing of the batch unless this is so. All requirements are checked before any change of the batch.
    Require(Table, Vec<u8>, Expect),
    /// Inserts a row or replaces the one with its key.
    Put(Table, Row),
    /// Deletes a row if there is one.
    Delete(Table, Vec<u8>),
    /// Appends an entry to a log.
    Append(Log, Vec<u8>),
}

impl fmt::Debug for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Require(table, _, expect) => write!(f, "Require({table:?}, {expect:?})"),
            Op::Put(table, row) => write!(f, "Put({table:?}, {row:?})"),
            Op::Delete(table, _) => write!(f, "Delete({table:?})"),
            Op::Append(log, value) => write!(f, "Append({log:?}, {} bytes)", value.len()),
        }
    }
}

/// Changes that are committed together or not at all.
#[derive(Clone)]
#[expect(
    clippy::exhaustive_structs,
    reason = "back ends take batches apart; any values are valid"
)]
pub struct Batch {
    /// The changes, applied in order.
    pub ops: Vec<Op>,
    /// Links appended entries.
    pub link: Arc<dyn Link>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.ops).finish()
    }
}

/// Where a log stands after an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "back ends build it; any values are valid"
)]
pub struct Head {
    /// The log.
    pub log: Log,
    /// Position of the entry.
    pub seq: u64,
    /// Its link.
    pub link: [u8; 32],
}

/// What became of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a batch is committed or refused; there is no third way"
)]
pub enum Outcome {
    /// Durable. Position and link of each appended entry, in order.
    Committed(Vec<Head>),
    /// Nothing changed: the requirement at this position of the batch, the first of them, did not hold.
    Refused(usize),
}

/// A search on the side of the records.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a back end must answer every search"
)]
pub enum Scan {
    /// Rows whose key begins with `prefix` and is greater than `after`, by key.
    Prefix {
        /// Table.
        table: Table,
        /// Beginning of the key.
        prefix: Vec<u8>,
        /// Exclusive lower bound; empty for none.
        after: Vec<u8>,
        /// Most rows.
        limit: usize,
    },
    /// Rows with this reference, inserted after `after`, by order of insertion.
    Ref {
        /// Table.
        table: Table,
        /// 0 or 1.
        which: usize,
        /// The reference.
        value: Vec<u8>,
        /// Exclusive lower bound of [`Row::seq`]; 0 for none.
        after: u64,
        /// Most rows.
        limit: usize,
    },
    /// Rows whose `at` is at most `until`, earliest first.
    Due {
        /// Table.
        table: Table,
        /// Exclusive lower bound of `at` and [`Row::seq`]; the smallest values for none.
        after: (i64, u64),
        /// Inclusive upper bound.
        until: i64,
        /// Most rows.
        limit: usize,
    },
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Scan::Prefix { table, .. } => write!(f, "Prefix({table:?})"),
            Scan::Ref { table, which, .. } => write!(f, "Ref({table:?}, {which})"),
            Scan::Due { table, .. } => write!(f, "Due({table:?})"),
        }
    }
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there are two sides by design")]
pub enum Side {
    /// Wrapped keys.
    Keys,
    /// Everything else.
    Records,
}

/// A row of either kind, as a [`Snapshot`] tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a backup must hold everything there is; a new kind is a new format"
)]
pub enum Item {
    /// A row of a table.
    Row(Table, Row),
    /// An entry of a log.
    Log(Log, LogRow),
}

/// The side of the records as it was at one moment, whatever is committed meanwhile.
#[async_trait]
pub trait Snapshot: Send {
    /// The next rows; none at the end. Tables come in the order of [`Table::ALL`], each by [`Row::seq`], then logs in the
    /// order of [`Log::ALL`], each by position.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn next(&mut self) -> Result<Vec<Item>, Error>;
}

/// A database under a store.
///
/// Whatever a method reports as done is durable. Methods may be called from many tasks at once; changes of one side take
/// effect in some one order.
#[async_trait]
pub trait Backend: fmt::Debug + Send + Sync {
    /// Changes keys, all or none; one answer a change.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::ReadOnly`], [`Error::Closed`].
    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error>;

    /// Reads a wrapped key.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error>;

    /// Reads several wrapped keys, in the order asked. One that changes meanwhile may be the earlier or the later.
    ///
    /// # Errors
    /// As [`key`](Self::key).
    async fn keys(&self, ids: Vec<KeyId>) -> Result<Vec<Option<Vec<u8>>>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.push(self.key(id).await?);
        }
        Ok(found)
    }

    /// Lists names of keys in order, beginning after `after`.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error>;

    /// Reads wrapped keys in the order they lie in, those after the position `after` (0 for all). A key that is there all
    /// the time is seen once, even if its bytes are replaced by as many others. One that is added or destroyed meanwhile may
    /// be seen or not, one whose length changes also twice.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error>;

    /// Changes records, all or none.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::ReadOnly`], [`Error::Closed`].
    async fn commit(&self, batch: Batch) -> Result<Outcome, Error>;

    /// Reads a row.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error>;

    /// Reads some rows at one moment, an answer a key.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error>;

    /// Searches rows.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error>;

    /// Reads a log from a position on.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error>;

    /// Makes sure that nothing destroyed or deleted is left in write-ahead logs. False: something still reads them; ask
    /// again.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn scrub(&self, side: Side) -> Result<bool, Error>;

    /// Freezes the side of the records for reading. Changes go on beside it.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error>;

    /// Lets the database look at its own structure on one side: pages, rows against indexes. Reads everything. False: it
    /// is damaged.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Closed`].
    async fn check(&self, side: Side) -> Result<bool, Error>;

    /// Finishes and lets go of files and locks. Later calls get [`Error::Closed`]; closing again does nothing.
    ///
    /// # Errors
    /// [`Error::Database`].
    async fn close(&self) -> Result<(), Error>;
}
