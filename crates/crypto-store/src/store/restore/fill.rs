//! From a backup of records to a draft: rows and logs as they were, then what makes a store of them.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

use retention_policy::{Action, Timestamp};

use super::{GROUP, NOTE, Note, stop_at};
use crate::audit::verify::Chain;
use crate::audit::{AuditEntry, BlindId};
use crate::backend::{Backend, Batch, Item, Link, Log, LogRow, Op, Row, Scan, Table};
use crate::backup::sealed::{Header, Opener, Sealed, What};
use crate::backup::{self, Piece};
use crate::keyring::{self, RowSeal, kind, store_key};
use crate::store::backup::sealing_key;
use crate::store::mark::Ends;
use crate::store::top::{STORE_ROW, read_header};
use crate::store::{StopAt, leaf, own_entry};
use crate::{Error, KeyProvider};

/// Bytes of one commit, about.
const GROUP_BYTES: usize = 4 << 20;

/// What the rows of a draft tell.
pub(super) struct Filled {
    pub(super) made: Timestamp,
    pub(super) records: u64,
}

/// Refuses what cannot be put back here.
pub(super) fn expect(header: &Header, what: What, store: &[u8; 16]) -> Result<(), Error> {
    if header.what != what {
        return Err(Error::Invalid {
            what: "this is another kind of backup: records, keys and files are put back by different calls",
        });
    }
    if header.store != *store {
        return Err(Error::Invalid {
            what: "the backup is of another store: take one of this store, or the other store's keys",
        });
    }
    Ok(())
}

/// The root was right: what does not open was altered.
pub(super) fn open_sealed<R: Read>(
    sealed: Sealed<R>,
    key: &crate::Key32,
) -> Result<Opener<R>, Error> {
    sealed.open(key).map_err(|e| match e {
        Error::WrongKey => backup::sealed::corrupt(),
        e => e,
    })
}

/// Gives log entries the links they had: what was broken before stays broken, and everybody sees where.
#[derive(Default)]
struct Replay(HashMap<(Log, u64), [u8; 32]>);

impl Link for Replay {
    fn link(&self, log: Log, _: &[u8; 32], seq: u64, _: &[u8]) -> [u8; 32] {
        self.0.get(&(log, seq)).copied().unwrap_or_default()
    }
}

/// Rows that are committed together.
struct Group<'a> {
    backend: &'a dyn Backend,
    ops: Vec<Op>,
    bytes: usize,
    replay: Replay,
    /// Entries of each log so far, and the last link of the audit.
    entries: HashMap<Log, u64>,
    last: [u8; 32],
    /// An interrupted call has left entries behind: they are compared, not written again.
    left_over: bool,
}

impl Group<'_> {
    async fn put(&mut self, table: Table, row: Row) -> Result<(), Error> {
        self.bytes += row.value.len();
        self.ops.push(Op::Put(table, row));
        self.full().await
    }

    async fn append(&mut self, log: Log, row: LogRow) -> Result<(), Error> {
        let seq = self.entries.entry(log).or_default();
        let at = *seq;
        *seq += 1;
        if log == Log::Audit {
            self.last = row.link;
        }
        if self.left_over
            && let Some(old) = self.backend.log(log, at, 1).await?.first()
        {
            return if (&old.value, old.link) == (&row.value, row.link) {
                Ok(())
            } else {
                Err(Error::AlreadyExists)
            };
        }
        self.replay.0.insert((log, at), row.link);
        self.bytes += row.value.len();
        self.ops.push(Op::Append(log, row.value));
        self.full().await
    }

    async fn full(&mut self) -> Result<(), Error> {
        if self.ops.len() < GROUP && self.bytes < GROUP_BYTES {
            return Ok(());
        }
        self.commit().await
    }

    async fn commit(&mut self) -> Result<(), Error> {
        self.bytes = 0;
        let batch = Batch {
            ops: std::mem::take(&mut self.ops),
            link: Arc::new(std::mem::take(&mut self.replay)),
        };
        self.backend.commit(batch).await.map(drop)
    }
}

/// Writes what a backup holds. The row that makes a store of it comes last, with the entry and the note.
pub(super) async fn fill<R: Read + Send>(
    backend: &dyn Backend,
    sealed: Sealed<R>,
    provider: &dyn KeyProvider,
    stop: Option<StopAt>,
    now: Timestamp,
) -> Result<Filled, Error> {
    let header = backend.key(store_key(kind::HEADER)).await?;
    let (root, store) = read_header(&header.ok_or(Error::KeysLost {
        what: "the header of keys.db",
    })?)?;
    expect(sealed.header(), What::Records, &store)?;
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
    if backend
        .get(Table::Meta, STORE_ROW.to_vec())
        .await?
        .is_some()
    {
        return Err(Error::AlreadyExists);
    }
    clear(backend).await?;
    let made = Timestamp::from_timestamp(sealed.header().made, 0).unwrap_or_default();
    let mut from = open_sealed(sealed, &sealing_key(&audit)?)?;
    let seal = RowSeal::new(&audit);
    let chain = Arc::new(Chain(audit));

    let mut group = Group {
        backend,
        ops: Vec::new(),
        bytes: 0,
        replay: Replay::default(),
        entries: HashMap::new(),
        last: [0; 32],
        left_over: !backend.log(Log::Audit, 0, 1).await?.is_empty()
            || !backend.log(Log::Ledger, 0, 1).await?.is_empty(),
    };
    let (mut pieces, mut records, mut own) = (0u64, 0u64, None);
    loop {
        match backup::next(&mut from)? {
            Piece::Item(Item::Row(Table::Meta, row)) if row.key == STORE_ROW => own = Some(row),
            Piece::Item(Item::Row(Table::Meta, row)) if row.key == NOTE => {}
            Piece::Item(Item::Row(table, row)) => {
                records += u64::from(table == Table::Records);
                group.put(table, row).await?;
            }
            Piece::Item(Item::Log(log, row)) => group.append(log, row).await?,
            Piece::End(count) if count == pieces => break,
            _ => return Err(backup::sealed::corrupt()),
        }
        pieces += 1;
        if pieces == 2 {
            group.commit().await?;
            stop_at(stop, StopAt::RestoreBegun)?;
        }
    }
    from.end()?;
    group.commit().await?;
    let entries = group.entries.get(&Log::Audit).copied().unwrap_or_default();
    let last = group.last;
    if !backend.log(Log::Audit, entries, 1).await?.is_empty() {
        return Err(Error::AlreadyExists);
    }

    let old_mark = backend
        .key(store_key(kind::MARK))
        .await?
        .unwrap_or_default();
    let old = Ends::read(backend, &seal).await?;
    let remembered = old.audit.map_or(0, |(seq, _)| seq.saturating_add(1));
    let entry = AuditEntry {
        // Not an id: how far the keys remember the audit, and how far the backup had it.
        object: BlindId::from_bytes(two(remembered, entries)),
        count: u32::try_from(records).unwrap_or(u32::MAX),
        ..own_entry(Action::Restore, now)
    };
    let link = chain.link(Log::Audit, &last, entries, &entry.to_bytes());
    let note = Note {
        old_mark,
        ends: Ends {
            audit: Some((entries, link)),
            ledger: group.entries.get(&Log::Ledger).copied().unwrap_or_default(),
        },
        missing: remembered.saturating_sub(entries),
    };
    let ops = vec![
        Op::Put(Table::Meta, own.ok_or(backup::sealed::corrupt())?),
        Op::Put(Table::Meta, note.row(&seal)),
        leaf(&entry),
    ];
    backend.commit(Batch { ops, link: chain }).await?;
    Ok(Filled { made, records })
}

/// Removes what an interrupted call has left.
async fn clear(backend: &dyn Backend) -> Result<(), Error> {
    for table in Table::ALL {
        loop {
            let scan = Scan::Prefix {
                table,
                prefix: Vec::new(),
                after: Vec::new(),
                limit: GROUP,
            };
            let rows = backend.scan(scan).await?;
            if rows.is_empty() {
                break;
            }
            let ops = rows.into_iter().map(|row| Op::Delete(table, row.key));
            let link = Arc::new(Replay::default());
            backend
                .commit(Batch {
                    ops: ops.collect(),
                    link,
                })
                .await?;
        }
    }
    Ok(())
}

fn two(a: u64, b: u64) -> [u8; 16] {
    let mut out = [0; 16];
    let bytes = a.to_be_bytes().into_iter().chain(b.to_be_bytes());
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = from;
    }
    out
}
