//! What cases are written with: a fresh back end and short ways to ask it.

use std::ops::Deref;
use std::panic::Location;
use std::sync::Arc;

use super::together::collect;
use super::{BoxFuture, Factory, Place};
use crate::Error;
use crate::backend::{
    Backend, Batch, Head, Item, KeyId, KeyOp, Link, Log, LogRow, Op, Outcome, Row, Scan, StoredKey,
    Table,
};

/// What a case comes to.
pub(super) type Checked = Result<(), Unmet>;

/// What should have been, and which line of the suite says so.
#[derive(Debug, Clone)]
pub(super) struct Unmet {
    pub(super) line: u32,
    pub(super) expected: String,
}

impl From<Error> for Unmet {
    #[track_caller]
    fn from(error: Error) -> Self {
        Unmet {
            line: Location::caller().line(),
            expected: format!("no error, got \"{error}\""),
        }
    }
}

/// Fails unless this is so.
#[track_caller]
pub(super) fn so(holds: bool, expected: &str) -> Checked {
    if holds {
        return Ok(());
    }
    Err(Unmet {
        line: Location::caller().line(),
        expected: expected.to_owned(),
    })
}

/// Fails unless this is so for number `n` of a loop.
#[track_caller]
pub(super) fn each(holds: bool, expected: &str, n: usize) -> Checked {
    if holds {
        return Ok(());
    }
    Err(Unmet {
        line: Location::caller().line(),
        expected: format!("{expected} ({n})"),
    })
}

/// Takes the value or fails.
#[track_caller]
pub(super) fn some<T>(value: Option<T>, expected: &str) -> Result<T, Unmet> {
    value.ok_or_else(|| Unmet {
        line: Location::caller().line(),
        expected: expected.to_owned(),
    })
}

/// A back end that was empty when the case began.
pub(super) struct Trial<'f> {
    factory: &'f dyn Factory,
    backend: Option<Arc<dyn Backend>>,
    place: Box<dyn Place>,
}

impl Deref for Trial<'_> {
    type Target = Arc<dyn Backend>;

    fn deref(&self) -> &Arc<dyn Backend> {
        #[expect(clippy::expect_used, reason = "absent only inside of `open_again`")]
        self.backend.as_ref().expect("open between calls")
    }
}

impl<'f> Trial<'f> {
    pub(super) async fn new(factory: &'f dyn Factory) -> Result<Self, Unmet> {
        let place = factory.place().await?;
        let backend = Some(place.open().await?);
        Ok(Trial {
            factory,
            backend,
            place,
        })
    }

    /// Closes and opens again.
    pub(super) async fn reopen(&mut self) -> Checked {
        self.close().await?;
        self.open_again().await
    }

    /// Lets go without closing and opens again.
    pub(super) async fn open_again(&mut self) -> Checked {
        self.backend = None;
        self.backend = Some(self.place.open().await?);
        Ok(())
    }

    /// Opens beside what is open.
    pub(super) async fn open_beside(&self) -> Result<Arc<dyn Backend>, Error> {
        self.place.open().await
    }

    /// Runs a task for each number beside each other.
    pub(super) async fn together<T, F>(
        &self,
        number: u32,
        task: impl Fn(Arc<dyn Backend>, u32) -> F,
    ) -> Result<Vec<T>, Unmet>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Unmet>> + Send + 'static,
    {
        let tasks = (0..number)
            .map(|n| Box::pin(task(Arc::clone(self), n)) as BoxFuture<'static, _>)
            .collect();
        collect(tasks, |tasks| self.factory.together(tasks)).await
    }

    pub(super) async fn change(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Unmet> {
        let number = ops.len();
        let answers = self.change_keys(ops).await?;
        so(answers.len() == number, "one answer a change")?;
        Ok(answers)
    }

    async fn one(&self, op: KeyOp) -> Result<bool, Unmet> {
        let answers = self.change(vec![op]).await?;
        some(answers.first().copied(), "an answer")
    }

    pub(super) async fn add(&self, id: KeyId, wrapped: &[u8]) -> Result<bool, Unmet> {
        self.one(KeyOp::Add(id, wrapped.to_vec())).await
    }

    pub(super) async fn set(&self, id: KeyId, wrapped: &[u8]) -> Result<bool, Unmet> {
        self.one(KeyOp::Set(id, wrapped.to_vec())).await
    }

    pub(super) async fn destroy(&self, id: KeyId) -> Result<bool, Unmet> {
        self.one(KeyOp::Destroy(id)).await
    }

    pub(super) async fn replace(&self, seen: &StoredKey, by: &[u8]) -> Result<bool, Unmet> {
        self.one(KeyOp::Replace(seen.clone(), by.to_vec())).await
    }

    /// Whether this key has these bytes.
    pub(super) async fn holds(&self, id: KeyId, wrapped: &[u8]) -> Result<bool, Unmet> {
        Ok(self.key(id).await?.as_deref() == Some(wrapped))
    }

    /// All names.
    pub(super) async fn names(&self) -> Result<Vec<KeyId>, Unmet> {
        Ok(self.list_keys(None, usize::MAX).await?)
    }

    /// All keys in the order they lie in.
    pub(super) async fn lying(&self) -> Result<Vec<StoredKey>, Unmet> {
        Ok(self.scan_keys(0, usize::MAX).await?)
    }

    /// A key as a scan sees it.
    pub(super) async fn seen(&self, id: KeyId) -> Result<StoredKey, Unmet> {
        let found = self.lying().await?.into_iter().find(|key| key.id == id);
        some(found, "a scan to see the key")
    }

    pub(super) async fn submit(&self, ops: Vec<Op>) -> Result<Outcome, Unmet> {
        Ok(self.commit(batch(ops)).await?)
    }

    /// Commits what must not be refused.
    pub(super) async fn done(&self, ops: Vec<Op>) -> Result<Vec<Head>, Unmet> {
        match self.submit(ops).await? {
            Outcome::Committed(heads) => Ok(heads),
            Outcome::Refused(_) => so(false, "the batch to be committed").map(|()| Vec::new()),
        }
    }

    /// Commits what must be refused and returns the position.
    pub(super) async fn refused(&self, ops: Vec<Op>) -> Result<usize, Unmet> {
        match self.submit(ops).await? {
            Outcome::Refused(position) => Ok(position),
            Outcome::Committed(_) => so(false, "the batch to be refused").map(|()| 0),
        }
    }

    pub(super) async fn put(&self, table: Table, row: Row) -> Checked {
        self.done(vec![Op::Put(table, row)]).await.map(drop)
    }

    pub(super) async fn delete(&self, table: Table, key: &[u8]) -> Checked {
        self.done(vec![Op::Delete(table, key.to_vec())])
            .await
            .map(drop)
    }

    pub(super) async fn row(&self, table: Table, key: &[u8]) -> Result<Option<Row>, Unmet> {
        Ok(self.get(table, key.to_vec()).await?)
    }

    /// A row that must be there.
    pub(super) async fn must(&self, table: Table, key: &[u8]) -> Result<Row, Unmet> {
        some(self.row(table, key).await?, "the row to be there")
    }

    pub(super) async fn prefix(
        &self,
        table: Table,
        prefix: &[u8],
        after: &[u8],
        limit: usize,
    ) -> Result<Vec<Row>, Unmet> {
        let scan = Scan::Prefix {
            table,
            prefix: prefix.to_vec(),
            after: after.to_vec(),
            limit,
        };
        Ok(self.scan(scan).await?)
    }

    /// All rows of a table by key.
    pub(super) async fn rows(&self, table: Table) -> Result<Vec<Row>, Unmet> {
        self.prefix(table, b"", b"", usize::MAX).await
    }

    pub(super) async fn referring(
        &self,
        table: Table,
        which: usize,
        value: &[u8],
        after: u64,
        limit: usize,
    ) -> Result<Vec<Row>, Unmet> {
        let scan = Scan::Ref {
            table,
            which,
            value: value.to_vec(),
            after,
            limit,
        };
        Ok(self.scan(scan).await?)
    }

    pub(super) async fn due(
        &self,
        table: Table,
        after: (i64, u64),
        until: i64,
        limit: usize,
    ) -> Result<Vec<Row>, Unmet> {
        let scan = Scan::Due {
            table,
            after,
            until,
            limit,
        };
        Ok(self.scan(scan).await?)
    }

    /// All entries of a log.
    pub(super) async fn entries(&self, log: Log) -> Result<Vec<LogRow>, Unmet> {
        Ok(self.log(log, 0, usize::MAX).await?)
    }

    /// Everything on the side of the records, read without a snapshot: tables by order of insertion, then logs.
    pub(super) async fn everything(&self) -> Result<Vec<Item>, Unmet> {
        let mut items = Vec::new();
        for table in Table::ALL {
            let mut rows = self.rows(table).await?;
            rows.sort_by_key(|row| row.seq);
            items.extend(rows.into_iter().map(|row| Item::Row(table, row)));
        }
        for log in Log::ALL {
            let entries = self.entries(log).await?;
            items.extend(entries.into_iter().map(|entry| Item::Log(log, entry)));
        }
        Ok(items)
    }
}

/// A link in which every byte of what is linked counts.
pub(super) struct Chain(pub(super) u8);

impl Link for Chain {
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32] {
        let mut link = [0; 32];
        for (lane, out) in (0u8..).zip(link.chunks_mut(8)) {
            // FNV-1a, 64 bits.
            let mut state = 0xcbf2_9ce4_8422_2325u64;
            let head = [lane, self.0, u8::from(log == Log::Ledger)];
            let seq = seq.to_be_bytes();
            for byte in head.iter().chain(previous).chain(&seq).chain(value) {
                state = (state ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
            }
            out.copy_from_slice(&state.to_be_bytes());
        }
        link
    }
}

pub(super) fn batch(ops: Vec<Op>) -> Batch {
    Batch {
        ops,
        link: Arc::new(Chain(0)),
    }
}

/// Whether a log is numbered and linked as it must be, all of it by one link.
pub(super) fn is_chained(log: Log, entries: &[LogRow]) -> bool {
    let mut previous = [0; 32];
    (0u64..).zip(entries).all(|(seq, entry)| {
        let link = Chain(0).link(log, &previous, seq, &entry.value);
        previous = link;
        entry.seq == seq && entry.link == link
    })
}

pub(super) fn id(n: u8) -> KeyId {
    KeyId::new(6, &[1; 16], &[n; 16])
}

/// A name of its own for each number, in the order of the numbers.
pub(super) fn numbered(n: u32) -> KeyId {
    let mut reference = [0; 16];
    for (to, from) in reference.iter_mut().zip(n.to_be_bytes()) {
        *to = from;
    }
    KeyId::new(6, &[1; 16], &reference)
}

pub(super) fn row(key: &[u8], value: &[u8]) -> Row {
    Row {
        key: key.to_vec(),
        value: value.to_vec(),
        ..Row::default()
    }
}

pub(super) fn row_of(key: &[u8], first: Option<&[u8]>, second: Option<&[u8]>) -> Row {
    Row {
        refs: [first.map(<[u8]>::to_vec), second.map(<[u8]>::to_vec)],
        ..row(key, b"v")
    }
}

pub(super) fn row_at(key: &[u8], at: Option<i64>) -> Row {
    Row {
        at,
        ..row(key, b"v")
    }
}

pub(super) fn put(table: Table, key: &[u8], value: &[u8]) -> Op {
    Op::Put(table, row(key, value))
}

pub(super) fn delete(table: Table, key: &[u8]) -> Op {
    Op::Delete(table, key.to_vec())
}

pub(super) fn append(log: Log, value: &[u8]) -> Op {
    Op::Append(log, value.to_vec())
}

/// Whether two rows are the same but for the order of insertion.
pub(super) fn same(one: &Row, other: &Row) -> bool {
    (&one.key, &one.refs, one.at, &one.value) == (&other.key, &other.refs, other.at, &other.value)
}

/// The keys of rows, as they came.
pub(super) fn keys_of(rows: &[Row]) -> Vec<&[u8]> {
    rows.iter().map(|row| &row.key[..]).collect()
}
