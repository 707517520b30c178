//! What stands between `ingest` and `decide`: the redacted thread, and where its map lies.

mod body;

use std::fmt;
use std::sync::Arc;

use pii_detect::Findings;
use redact::{MapId, PseudonymMap, Redacted};
use retention_policy::{RecordId, RecordMeta, SubjectId, TenantId, Timestamp, UnitId};
use suggest_core::{Author, Fact, Thread};

use crate::Error;
use crate::desk::events::Concerned;
use crate::ticket::Place;
pub(crate) use body::{Body, decode, encode, with_map};

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
/// It ends when its last open draft is decided, or 23 hours after it was made, whatever comes first; or earlier, by the policy.
#[derive(Clone)]
pub struct Session {
    pub(crate) tenant: TenantId,
    pub(crate) subject: SubjectId,
    pub(crate) record: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) meta: RecordMeta,
    pub(crate) map: Arc<PseudonymMap>,
    pub(crate) expires_at: Timestamp,
    pub(crate) messages: Vec<SealedMessage>,
    pub(crate) findings: Vec<Findings>,
    pub(crate) facts: Vec<Fact>,
    /// Which ticket it is, and where it came in.
    pub(crate) place: Arc<Place>,
    pub(crate) already_stored: bool,
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

    /// What the desk's source of facts said of the ticket, values behind tags.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// What events concern.
    pub(crate) fn concerned(&self) -> Concerned {
        Concerned {
            id: self.record,
            unit: self.unit,
            meta: self.meta,
        }
    }

    /// The thread as the engine takes it.
    pub(crate) fn thread(&self) -> Result<Thread, Error> {
        let messages = self.messages.iter();
        let messages = messages.map(|m| suggest_core::Message::new(m.author, m.text.clone()));
        Ok(Thread::new(messages.collect())?)
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
