//! Copies that can be kept elsewhere: what is in them, and what making them tells.

use std::io::{Read, Write};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::Error;
use crate::backend::{Item, KeyId, Log, LogRow, Row, StoredKey, Table};
use crate::envelope::MAX_BODY;
use crate::wire::Writer;

mod keys;
pub(crate) mod sealed;

pub use keys::KeyBackups;
pub(crate) use keys::file_name;

use sealed::{Opener, Sealer};

/// A backup of the records that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Backup {
    /// Records in it.
    pub records: u64,
    /// Rows of all tables in it, records among them.
    pub rows: u64,
    /// Entries of the audit in it.
    pub audit_entries: u64,
    /// Entries of the erasure ledger in it.
    pub ledger_entries: u64,
    /// Bytes that were written.
    pub bytes: u64,
}

impl Backup {
    fn count(&mut self, item: &Item) {
        match item {
            Item::Row(table, _) => {
                self.rows += 1;
                self.records += u64::from(*table == Table::Records);
            }
            Item::Log(Log::Audit, _) => self.audit_entries += 1,
            Item::Log(Log::Ledger, _) => self.ledger_entries += 1,
        }
    }
}

/// Longest field of an item: a record's body with head and envelope, generously.
const MOST: usize = MAX_BODY + (1 << 20);
const LOGS: u8 = 0x10;
const KEY: u8 = 0x20;
const END: u8 = 0xff;
/// Groups of items on their way to the writing thread.
const AHEAD: usize = 4;

/// What a stream holds, piece by piece.
pub(crate) enum Piece {
    Item(Item),
    Key(StoredKey),
    /// How many pieces there were.
    End(u64),
}

fn position<T: PartialEq>(all: &[T], one: &T) -> u8 {
    let at = all.iter().position(|other| other == one);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

impl Piece {
    fn to_bytes(&self) -> Vec<u8> {
        match self {
            Piece::Item(Item::Row(table, row)) => {
                let mut w = Writer::with_capacity(128 + row.value.len())
                    .u8(position(&Table::ALL, table))
                    .bytes(&row.key);
                for part in &row.refs {
                    w = match part {
                        Some(part) => w.u8(1).bytes(part),
                        None => w.u8(0),
                    };
                }
                w = match row.at {
                    Some(at) => w.u8(1).i64(at),
                    None => w.u8(0),
                };
                w.bytes(&row.value).done()
            }
            Piece::Item(Item::Log(log, row)) => Writer::with_capacity(64 + row.value.len())
                .u8(LOGS + position(&Log::ALL, log))
                .u64(row.seq)
                .fixed(&row.link)
                .bytes(&row.value)
                .done(),
            Piece::Key(key) => Writer::with_capacity(128)
                .u8(KEY)
                .fixed(key.id.as_bytes())
                .bytes(&key.wrapped)
                .done(),
            Piece::End(count) => Writer::with_capacity(9).u8(END).u64(*count).done(),
        }
    }
}

/// Writes pieces and, at the end, how many they were.
pub(crate) struct Pieces<W> {
    sealer: Sealer<W>,
    count: u64,
}

impl<W: Write> Pieces<W> {
    pub(crate) fn new(sealer: Sealer<W>) -> Self {
        Pieces { sealer, count: 0 }
    }

    pub(crate) fn write(&mut self, piece: &Piece) -> Result<(), Error> {
        self.count += 1;
        self.sealer.write(&piece.to_bytes())
    }

    /// The writer and the bytes it got.
    pub(crate) fn finish(mut self) -> Result<(W, u64), Error> {
        self.sealer.write(&Piece::End(self.count).to_bytes())?;
        self.sealer.finish()
    }
}

/// Reads a piece.
pub(crate) fn next<R: Read>(from: &mut Opener<R>) -> Result<Piece, Error> {
    let [tag] = array(from)?;
    if let Some(table) = Table::ALL.get(usize::from(tag)) {
        let key = bytes(from)?;
        let refs = [optional(from, bytes)?, optional(from, bytes)?];
        let at = optional(from, array)?.map(i64::from_be_bytes);
        let value = bytes(from)?;
        let row = Row {
            key,
            refs,
            at,
            value,
            seq: 0,
        };
        return Ok(Piece::Item(Item::Row(*table, row)));
    }
    if let Some(log) = tag
        .checked_sub(LOGS)
        .and_then(|at| Log::ALL.get(usize::from(at)))
    {
        let (seq, link) = (u64::from_be_bytes(array(from)?), array(from)?);
        let value = bytes(from)?;
        return Ok(Piece::Item(Item::Log(*log, LogRow { seq, value, link })));
    }
    match tag {
        KEY => Ok(Piece::Key(StoredKey {
            id: KeyId::from_bytes(array(from)?),
            at: 0,
            wrapped: bytes(from)?,
        })),
        END => Ok(Piece::End(u64::from_be_bytes(array(from)?))),
        _ => Err(sealed::corrupt()),
    }
}

fn array<R: Read, const N: usize>(from: &mut Opener<R>) -> Result<[u8; N], Error> {
    let mut out = [0; N];
    from.fill(&mut out)?;
    Ok(out)
}

fn bytes<R: Read>(from: &mut Opener<R>) -> Result<Vec<u8>, Error> {
    let len = u32::from_be_bytes(array(from)?) as usize;
    if len > MOST {
        return Err(sealed::corrupt());
    }
    let mut out = vec![0; len];
    from.fill(&mut out)?;
    Ok(out)
}

fn optional<R: Read, T>(
    from: &mut Opener<R>,
    read: impl FnOnce(&mut Opener<R>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    match array(from)? {
        [0] => Ok(None),
        [1] => read(from).map(Some),
        _ => Err(sealed::corrupt()),
    }
}

/// Seals and writes on a thread of its own, so that a slow disk keeps no executor from its other tasks.
pub(crate) struct Job<W> {
    items: mpsc::Sender<Vec<Item>>,
    end: oneshot::Sender<()>,
    told: oneshot::Receiver<Result<(W, Backup), Error>>,
    _thread: JoinHandle<()>,
}

impl<W: Write + Send + 'static> Job<W> {
    pub(crate) fn begin(sealer: Sealer<W>) -> Result<Self, Error> {
        let (items, mut taken) = mpsc::channel::<Vec<Item>>(AHEAD);
        let (end, ended) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let write = move || {
            let mut pieces = Pieces::new(sealer);
            let mut made = Backup::default();
            while let Some(items) = taken.blocking_recv() {
                for item in items {
                    made.count(&item);
                    pieces.write(&Piece::Item(item))?;
                }
            }
            // Whoever asked may have gone away: a stream without its end does not open.
            ended.blocking_recv().map_err(|_| Error::Closed)?;
            let (writer, bytes) = pieces.finish()?;
            made.bytes = bytes;
            Ok((writer, made))
        };
        let thread = std::thread::Builder::new()
            .name("backup".to_owned())
            .spawn(move || drop(tell.send(write())))
            .map_err(Error::io("starting a thread"))?;
        Ok(Job {
            items,
            end,
            told,
            _thread: thread,
        })
    }

    /// Hands items over; waits while the writing is behind. False: the writing has failed, which the end tells.
    pub(crate) async fn write(&self, items: Vec<Item>) -> bool {
        self.items.send(items).await.is_ok()
    }

    /// Waits for the end.
    pub(crate) async fn finish(self) -> Result<(W, Backup), Error> {
        let _ = self.end.send(());
        drop(self.items);
        self.told.await.map_err(|_| Error::Closed)?
    }
}
