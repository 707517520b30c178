//! The erasure ledger: what was destroyed, when, how far it got. Append-only and free of personal data.

use retention_policy::Timestamp;

use crate::Error;
use crate::audit::BlindId;
use crate::wire::{Reader, Writer};

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErasureKind {
    /// The key of a person.
    Subject,
    /// The key of a time bucket.
    Bucket,
    /// The key of a unit.
    Unit,
    /// The key of a record that is its own unit.
    Record,
    /// The keys of a tenant.
    Tenant,
}

/// How far an erasure got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Decided and written down; reads are refused from here on.
    Begun,
    /// The key does not exist any more, in the file or in its log.
    Destroyed,
    /// The ciphertext rows are deleted too.
    Purged,
}

const KINDS: [(ErasureKind, u8); 5] = [
    (ErasureKind::Subject, 0),
    (ErasureKind::Bucket, 1),
    (ErasureKind::Unit, 2),
    (ErasureKind::Record, 3),
    (ErasureKind::Tenant, 4),
];
const PHASES: [(Phase, u8); 3] = [(Phase::Begun, 0), (Phase::Destroyed, 1), (Phase::Purged, 2)];
const VERSION: u8 = 0;
const WHAT: &str = "an entry of the erasure ledger";

/// One line of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct LedgerEntry {
    /// When, in milliseconds since 1970, by the caller's clock.
    pub at_ms: i64,
    /// What kind of key.
    pub kind: ErasureKind,
    /// How far.
    pub phase: Phase,
    /// Joins the lines of one erasure.
    pub erasure: BlindId,
    /// Tenant.
    pub tenant: BlindId,
    /// Person, bucket or unit.
    pub target: BlindId,
    /// Rows deleted, where the phase is [`Phase::Purged`].
    pub rows: u64,
}

impl LedgerEntry {
    /// Returns the canonical bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = KINDS
            .iter()
            .find(|(k, _)| *k == self.kind)
            .map_or(u8::MAX, |(_, b)| *b);
        let phase = PHASES
            .iter()
            .find(|(p, _)| *p == self.phase)
            .map_or(u8::MAX, |(_, b)| *b);
        Writer::with_capacity(67)
            .u8(VERSION)
            .i64(self.at_ms)
            .u8(kind)
            .u8(phase)
            .fixed(self.erasure.as_bytes())
            .fixed(self.tenant.as_bytes())
            .fixed(self.target.as_bytes())
            .u64(self.rows)
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
        let (kind, phase) = (r.u8()?, r.u8()?);
        let kind = KINDS
            .iter()
            .find(|(_, b)| *b == kind)
            .map(|(k, _)| *k)
            .ok_or(r.corrupt())?;
        let phase = PHASES
            .iter()
            .find(|(_, b)| *b == phase)
            .map(|(p, _)| *p)
            .ok_or(r.corrupt())?;
        let entry = LedgerEntry {
            at_ms,
            kind,
            phase,
            erasure: BlindId::from_bytes(r.array()?),
            tenant: BlindId::from_bytes(r.array()?),
            target: BlindId::from_bytes(r.array()?),
            rows: r.u64()?,
        };
        r.end()?;
        Ok(entry)
    }

    /// When, as an instant.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_timestamp_millis(self.at_ms).unwrap_or_default()
    }
}
