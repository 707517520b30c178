//! Who did what, when: entries without personal data, chained by a keyed hash and summed up by a Merkle tree.

use std::fmt;

use retention_policy::{Action, Purpose, Role, Timestamp};

use crate::Error;
use crate::wire::{Reader, Writer};

pub mod tree;
pub(crate) mod verify;

pub use verify::AuditReport;

/// An id that means nothing outside its store: HMAC-SHA256 of an id under a key of the store, 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct BlindId([u8; 16]);

impl BlindId {
    /// Takes the bytes of a blind id.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        BlindId(bytes)
    }

    /// Returns the bytes; zeros mean "none".
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for BlindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for BlindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlindId({self})")
    }
}

/// What was decided about an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It was done.
    Allowed,
    /// Table, purposes or a restriction forbade it.
    Denied,
    /// There was nothing, or nothing for this tenant.
    NotFound,
    /// The record's time was over.
    Expired,
    /// A key of the record was destroyed.
    Erased,
    /// A hold forbade it.
    Held,
}

const DECISIONS: [(Decision, u8, &str); 6] = [
    (Decision::Allowed, 0, "allowed"),
    (Decision::Denied, 1, "denied"),
    (Decision::NotFound, 2, "not_found"),
    (Decision::Expired, 3, "expired"),
    (Decision::Erased, 4, "erased"),
    (Decision::Held, 5, "held"),
];

impl Decision {
    /// The stable code.
    pub fn code(self) -> &'static str {
        DECISIONS
            .iter()
            .find(|(d, ..)| *d == self)
            .map_or("unknown", |(.., code)| code)
    }

    fn byte(self) -> u8 {
        DECISIONS
            .iter()
            .find(|(d, ..)| *d == self)
            .map_or(u8::MAX, |(_, byte, _)| *byte)
    }
}

/// One entry of the audit. Ids are blind; there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// When, in milliseconds since 1970, by the caller's clock.
    pub at_ms: i64,
    /// What.
    pub action: Action,
    /// Whether it was done.
    pub decision: Decision,
    /// In which role; none for the store itself (sweeping, recovery).
    pub role: Option<Role>,
    /// For which purpose.
    pub purpose: Option<Purpose>,
    /// Who.
    pub actor: BlindId,
    /// Tenant.
    pub tenant: BlindId,
    /// Person, if one.
    pub subject: BlindId,
    /// Record, unit or hold, if one.
    pub object: BlindId,
    /// How many records it was about.
    pub count: u32,
}

const VERSION: u8 = 0;
const WHAT: &str = "an audit entry";
const NONE: u8 = u8::MAX;

/// Stored bytes of actions; never reordered.
const ACTIONS: [(Action, u8); 13] = [
    (Action::Create, 0),
    (Action::Read, 1),
    (Action::Find, 2),
    (Action::Shred, 3),
    (Action::Sweep, 4),
    (Action::Erase, 5),
    (Action::Link, 6),
    (Action::Hold, 7),
    (Action::Export, 8),
    (Action::Verify, 9),
    (Action::Backup, 10),
    (Action::Restore, 11),
    (Action::Rotate, 12),
];

const ROLES: [(Role, u8); 5] = [
    (Role::Agent, 0),
    (Role::Worker, 1),
    (Role::Engineer, 2),
    (Role::PrivacyOfficer, 3),
    (Role::Auditor, 4),
];

const PURPOSES: [(Purpose, u8); 7] = [
    (Purpose::DraftReply, 0),
    (Purpose::PrepareReply, 1),
    (Purpose::ImproveService, 2),
    (Purpose::Operate, 3),
    (Purpose::LegalObligation, 4),
    (Purpose::AnswerRequest, 5),
    (Purpose::Secure, 6),
];

fn byte_of<T: PartialEq>(table: &[(T, u8)], value: &T) -> u8 {
    table
        .iter()
        .find(|(v, _)| v == value)
        .map_or(NONE, |(_, b)| *b)
}

fn of_byte<T: Copy>(table: &[(T, u8)], byte: u8) -> Option<T> {
    table.iter().find(|(_, b)| *b == byte).map(|(v, _)| *v)
}

impl AuditEntry {
    /// Returns the canonical bytes: what the tree's leaves are.
    pub fn to_bytes(&self) -> Vec<u8> {
        Writer::with_capacity(81)
            .u8(VERSION)
            .i64(self.at_ms)
            .u8(byte_of(&ACTIONS, &self.action))
            .u8(self.decision.byte())
            .u8(self.role.map_or(NONE, |r| byte_of(&ROLES, &r)))
            .u8(self.purpose.map_or(NONE, |p| byte_of(&PURPOSES, &p)))
            .fixed(&self.actor.0)
            .fixed(&self.tenant.0)
            .fixed(&self.subject.0)
            .fixed(&self.object.0)
            .u32(self.count)
            .done()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for anything [`to_bytes`](Self::to_bytes) does not write.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut r = Reader::new(bytes, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let at_ms = r.i64()?;
        let action = of_byte(&ACTIONS, r.u8()?).ok_or(r.corrupt())?;
        let decision = r.u8()?;
        let decision = DECISIONS
            .iter()
            .find(|(_, b, _)| *b == decision)
            .map(|(d, ..)| *d)
            .ok_or(r.corrupt())?;
        let optional = |byte: u8, known: bool| byte == NONE || known;
        let (role, purpose) = (r.u8()?, r.u8()?);
        let (role_of, purpose_of) = (of_byte(&ROLES, role), of_byte(&PURPOSES, purpose));
        if !optional(role, role_of.is_some()) || !optional(purpose, purpose_of.is_some()) {
            return Err(r.corrupt());
        }
        let entry = AuditEntry {
            at_ms,
            action,
            decision,
            role: role_of,
            purpose: purpose_of,
            actor: BlindId(r.array()?),
            tenant: BlindId(r.array()?),
            subject: BlindId(r.array()?),
            object: BlindId(r.array()?),
            count: r.u32()?,
        };
        r.end()?;
        Ok(entry)
    }

    /// When, as an instant.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_timestamp_millis(self.at_ms).unwrap_or_default()
    }

    /// The entry as one line of JSON. Codes and hexadecimal ids need no escapes.
    pub fn to_json(&self, seq: u64) -> String {
        format!(
            r#"{{"seq":{seq},"at":"{}","action":"{}","decision":"{}","role":{},"purpose":{},"actor":"{}","tenant":"{}","subject":"{}","object":"{}","count":{}}}"#,
            self.at().format("%Y-%m-%dT%H:%M:%S%.3fZ"),
            self.action.code(),
            self.decision.code(),
            quoted(self.role.map(Role::code)),
            quoted(self.purpose.map(Purpose::code)),
            self.actor,
            self.tenant,
            self.subject,
            self.object,
            self.count,
        )
    }
}

fn quoted(code: Option<&str>) -> String {
    code.map_or_else(|| "null".to_owned(), |c| format!("\"{c}\""))
}
