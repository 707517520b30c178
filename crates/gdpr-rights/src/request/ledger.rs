//! Written down before it is done: what an erasure is going to destroy.
//!
//! A copy of the data that is put back after an erasure brings the person back, and nobody knows it, unless the erasure was
//! written down somewhere that survives. So the intent is durable first, then comes the order, and whoever restores reads the
//! intents and erases again.
//!
//! The types enforce the order of the steps: an [`EraseOrder`] comes only from a [`Recorded`] intent. What they cannot enforce
//! is that the record is durable: this crate writes nothing. [`Recorded::durable`] is the caller's word for it.
//!
//! ```
//! use gdpr_rights::SourceId;
//! use gdpr_rights::request::ledger::{EraseOrder, ErasureIntent, Recorded};
//! use retention_policy::{CaseId, SubjectId, TenantId};
//!
//! let intent = ErasureIntent::new(
//!     CaseId::from_random([1; 16]),
//!     TenantId::from_random([2; 16]),
//!     SubjectId::from_random([3; 16]),
//!     [SourceId::new("store")?, SourceId::new("index")?],
//!     "2026-03-02T09:00:00Z".parse()?,
//! )?;
//! let bytes = intent.to_bytes();
//! // The caller writes the bytes to its ledger and waits until they are on disk.
//! let recorded = Recorded::durable(intent);
//! let order = EraseOrder::after(&recorded);
//! assert_eq!(order.sources().count(), 2);
//! // After a restore:
//! assert_eq!(ErasureIntent::from_bytes(&bytes)?, *recorded.get());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;
use std::fmt;

use chrono::DateTime;
use retention_policy::{CaseId, SubjectId, TenantId, Timestamp};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::request::order::SourceId;

/// The version of the bytes.
const VERSION: u8 = 1;

/// What an erasure is going to do: in which case, whom, where. It names the person by the random id alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureIntent {
    case: CaseId,
    tenant: TenantId,
    subject: SubjectId,
    sources: BTreeSet<SourceId>,
    at: Timestamp,
}

impl ErasureIntent {
    /// Notes an intent, to the millisecond.
    ///
    /// # Errors
    /// [`Error::NoSources`], [`Error::DuplicateSource`]; [`Error::TooManySources`] above 65,535.
    pub fn new(
        case: CaseId,
        tenant: TenantId,
        subject: SubjectId,
        sources: impl IntoIterator<Item = SourceId>,
        at: Timestamp,
    ) -> Result<Self, Error> {
        let mut set = BTreeSet::new();
        for source in sources {
            if !set.insert(source) {
                return Err(Error::DuplicateSource);
            }
        }
        if set.is_empty() {
            return Err(Error::NoSources);
        }
        if set.len() > usize::from(u16::MAX) {
            return Err(Error::TooManySources);
        }
        Ok(Self {
            case,
            tenant,
            subject,
            sources: set,
            at: DateTime::from_timestamp_millis(at.timestamp_millis()).unwrap_or(at),
        })
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// Whose customer.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who is to be erased.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// Where.
    pub fn sources(&self) -> impl Iterator<Item = &SourceId> {
        self.sources.iter()
    }

    /// When it was decided.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The bytes to keep: a version, three ids of 16 bytes, milliseconds since 1970 (64 bits, big endian), the number of
    /// sources (16 bits, big endian), each source as its length in a byte and its name.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend(self.case.to_bytes());
        out.extend(self.tenant.to_bytes());
        out.extend(self.subject.to_bytes());
        out.extend(self.at.timestamp_millis().to_be_bytes());
        let count = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        out.extend(count.to_be_bytes());
        for source in &self.sources {
            let name = source.as_str().as_bytes();
            // SourceId holds at most 64 bytes.
            out.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
            out.extend(name);
        }
        out
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadIntent`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        parse(bytes)
            // One intent has one form.
            .filter(|intent| intent.to_bytes() == bytes)
            .ok_or(Error::BadIntent)
    }

    /// SHA-256 of the bytes: how a certificate refers to it.
    #[must_use]
    pub fn reference(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
}

fn parse(bytes: &[u8]) -> Option<ErasureIntent> {
    let (version, rest) = bytes.split_first()?;
    if *version != VERSION {
        return None;
    }
    let (case, rest) = rest.split_first_chunk()?;
    let (tenant, rest) = rest.split_first_chunk()?;
    let (subject, rest) = rest.split_first_chunk()?;
    let (at, rest) = rest.split_first_chunk()?;
    let (count, mut rest) = rest.split_first_chunk()?;
    let mut sources = Vec::new();
    for _ in 0..u16::from_be_bytes(*count) {
        let (len, after) = rest.split_first()?;
        let (name, after) = after.split_at_checked(usize::from(*len))?;
        sources.push(SourceId::new(std::str::from_utf8(name).ok()?).ok()?);
        rest = after;
    }
    ErasureIntent::new(
        CaseId::from_bytes(*case),
        TenantId::from_bytes(*tenant),
        SubjectId::from_bytes(*subject),
        sources,
        DateTime::from_timestamp_millis(i64::from_be_bytes(*at))?,
    )
    .ok()
}

/// Something that its maker says is durable.
///
/// This is a contract and no proof: a caller who says so before the ledger is on disk breaks it, and a crash then loses the
/// erasure while its first half is done.
#[derive(Clone, PartialEq, Eq)]
pub struct Recorded<T>(T);

impl<T> Recorded<T> {
    /// Says that this was written where a crash and a restore of the data leave it, and that the write was waited for.
    #[must_use]
    pub fn durable(what: T) -> Self {
        Self(what)
    }

    /// What was written.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Recorded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorded").field(&self.0).finish()
    }
}

/// The order to erase. There is none without a recorded intent:
///
/// ```compile_fail
/// use gdpr_rights::request::ledger::{EraseOrder, ErasureIntent};
/// fn order(intent: &ErasureIntent) -> EraseOrder<'_> {
///     EraseOrder::after(intent)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct EraseOrder<'i>(&'i ErasureIntent);

impl<'i> EraseOrder<'i> {
    /// Orders what was recorded, and nothing else.
    #[must_use]
    pub fn after(intent: &'i Recorded<ErasureIntent>) -> Self {
        Self(intent.get())
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.0.case
    }

    /// Whose customer.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// Who is erased.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.0.subject
    }

    /// Where.
    pub fn sources(&self) -> impl Iterator<Item = &'i SourceId> {
        self.0.sources.iter()
    }
}
