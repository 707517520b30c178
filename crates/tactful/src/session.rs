//! What stands between `ingest` and `decide`: the redacted thread, and where its map lies.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use chrono::DateTime;
use pii_detect::Findings;
use redact::{MapId, PseudonymMap, Redacted};
use retention_policy::{RecordId, SubjectId, TenantId, Timestamp, UnitId};
use suggest_core::Author;
use zeroize::Zeroizing;

use crate::Error;

/// A message as a model may see it.
#[derive(Clone, Debug)]
pub struct SealedMessage {
    pub(crate) author: Author,
    pub(crate) at: Option<Timestamp>,
    pub(crate) text: Redacted,
}

impl SealedMessage {
    /// Who wrote it.
    #[must_use]
    pub fn author(&self) -> Author {
        self.author
    }

    /// When it was written.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// The text with tags for values.
    #[must_use]
    pub fn text(&self) -> &Redacted {
        &self.text
    }
}

/// A ticket at work: the redacted thread and its pseudonym map, both sealed in the store as well.
///
/// It ends when its last open draft is decided, or 23 hours after it was made, whatever comes first.
#[derive(Clone)]
pub struct Session {
    pub(crate) tenant: TenantId,
    pub(crate) subject: SubjectId,
    pub(crate) record: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) map: Arc<PseudonymMap>,
    pub(crate) expires_at: Timestamp,
    pub(crate) messages: Vec<SealedMessage>,
    pub(crate) findings: Vec<Findings>,
    pub(crate) already_stored: bool,
    /// Drafts of this session that nobody has decided yet.
    pub(crate) open: Arc<AtomicUsize>,
}

impl Session {
    /// The sealed record of thread and map.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// Whose ticket it is; random, and known to nobody else.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// The map its tags belong to.
    #[must_use]
    pub fn map_id(&self) -> MapId {
        self.map.id()
    }

    /// The instant from which on nobody reads it.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// The thread, oldest message first, as a model may see it.
    #[must_use]
    pub fn messages(&self) -> &[SealedMessage] {
        &self.messages
    }

    /// What was found in each message of the ticket as it came in; empty when the session was opened again.
    #[must_use]
    pub fn findings(&self) -> &[Findings] {
        &self.findings
    }

    /// Whether this delivery was a repetition: the record is the first one's.
    #[must_use]
    pub fn already_stored(&self) -> bool {
        self.already_stored
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("record", &self.record)
            .field("messages", &self.messages.len())
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Version byte of the sealed body.
const VERSION: u8 = 0;

/// The body of a session record: every message redacted, and the map that restores it.
pub(crate) fn encode(
    messages: &[SealedMessage],
    map: &PseudonymMap,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let map = map.to_bytes()?;
    let mut out = Zeroizing::new(vec![VERSION]);
    let count = |n: usize| u32::try_from(n).map_err(|_| Error::TooLarge { bytes: n });
    out.extend_from_slice(&count(messages.len())?.to_be_bytes());
    for message in messages {
        out.push(match message.author {
            Author::Customer => 0,
            Author::Agent => 1,
        });
        let at = message.at.map_or(i64::MIN, |t| t.timestamp());
        out.extend_from_slice(&at.to_be_bytes());
        let text = message.text.as_str().as_bytes();
        out.extend_from_slice(&count(text.len())?.to_be_bytes());
        out.extend_from_slice(text);
    }
    out.extend_from_slice(&count(map.len())?.to_be_bytes());
    out.extend_from_slice(&map);
    Ok(out)
}

/// One message of a stored body, not yet checked against its map.
pub(crate) struct StoredMessage<'b> {
    pub(crate) author: Author,
    pub(crate) at: Option<Timestamp>,
    pub(crate) text: &'b str,
}

/// Takes a body apart. The texts re-enter through `redact` before anything else sees them.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Vec<StoredMessage<'_>>, PseudonymMap), Error> {
    let mut rest = bytes;
    let damaged = || Error::DamagedSession;
    if take::<1>(&mut rest) != Some([VERSION]) {
        return Err(damaged());
    }
    let count = take::<4>(&mut rest)
        .map(u32::from_be_bytes)
        .ok_or_else(damaged)?;
    let mut messages = Vec::new();
    for _ in 0..count {
        let [author] = take::<1>(&mut rest).ok_or_else(damaged)?;
        let at = take::<8>(&mut rest)
            .map(i64::from_be_bytes)
            .ok_or_else(damaged)?;
        let text = slice(&mut rest).ok_or_else(damaged)?;
        messages.push(StoredMessage {
            author: match author {
                0 => Author::Customer,
                1 => Author::Agent,
                _ => return Err(damaged()),
            },
            at: (at != i64::MIN)
                .then(|| DateTime::from_timestamp(at, 0))
                .flatten(),
            text: std::str::from_utf8(text).map_err(|_| damaged())?,
        });
    }
    let map = slice(&mut rest).ok_or_else(damaged)?;
    if !rest.is_empty() {
        return Err(damaged());
    }
    Ok((messages, PseudonymMap::from_bytes(map)?))
}

/// The same body with another map in the place of its own: nothing else moves.
pub(crate) fn with_map(bytes: &[u8], map: &PseudonymMap) -> Result<Zeroizing<Vec<u8>>, Error> {
    let (_, before) = decode(bytes)?;
    let before = before.to_bytes()?.len();
    let map = map.to_bytes()?;
    let len = u32::try_from(map.len()).map_err(|_| Error::TooLarge { bytes: map.len() })?;
    // Behind the messages stand the length of the map and the map.
    let messages = bytes.len().checked_sub(before + len.to_be_bytes().len());
    let messages = messages.and_then(|end| bytes.get(..end));
    let messages = messages.ok_or(Error::DamagedSession)?;
    let mut out = Zeroizing::new(Vec::with_capacity(messages.len() + 4 + map.len()));
    out.extend_from_slice(messages);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&map);
    Ok(out)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

fn slice<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let len = usize::try_from(u32::from_be_bytes(take::<4>(rest)?)).ok()?;
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}
