//! What every record carries: whose it is, what for, where, and when it ends.

use std::fmt;
use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta};

use crate::category::Category;
use crate::id::{SubjectId, TenantId};
use crate::purpose::PurposeSet;
use crate::region::Region;
use crate::{Error, Timestamp};

/// The first second a clock may show: 2020-01-01T00:00:00Z. Earlier means the clock is not set.
pub const EPOCH_SECONDS: i64 = 1_577_836_800;

const WEEK: i64 = 7 * 24 * 3600;
/// 1970-01-05 was the first Monday after the Unix epoch.
const MONDAY: i64 = 4 * 24 * 3600;

/// A bounded duration: at least a second, at most [`Lifetime::LAW_CEILING`]. There is no endless one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lifetime(NonZeroU32);

impl Lifetime {
    /// 23 hours: with the bucket's 15 minutes and the sweeper's 60 seconds still less than 24.
    pub const TICKET_CEILING: Self = Self::constant(23 * 3600);
    /// 28 days and 23 hours: with a bucket of a day and the sweeper's minute still less than 30 days.
    pub const DRAFT_CEILING: Self = Self::constant((28 * 24 + 23) * 3600);
    /// Three years, for records that hold no person.
    pub const ANONYMOUS_CEILING: Self = Self::constant(3 * 365 * 24 * 3600);
    /// Five years, for proofs towards people and authorities.
    pub const PROOF_CEILING: Self = Self::constant(5 * 365 * 24 * 3600);
    /// Ten years and three leap days, the longest a law of a member state asks of accounting records.
    pub const LAW_CEILING: Self = Self::constant((10 * 365 + 3) * 24 * 3600);

    const fn constant(seconds: u32) -> Self {
        match NonZeroU32::new(seconds) {
            Some(n) => Self(n),
            None => Self(NonZeroU32::MIN),
        }
    }

    /// A lifetime of seconds.
    ///
    /// # Errors
    /// [`Error::BadLifetime`] for zero and for more than [`Lifetime::LAW_CEILING`].
    pub const fn seconds(seconds: u32) -> Result<Self, Error> {
        match NonZeroU32::new(seconds) {
            Some(n) if seconds <= Self::LAW_CEILING.0.get() => Ok(Self(n)),
            _ => Err(Error::BadLifetime { seconds }),
        }
    }

    /// A lifetime of hours.
    ///
    /// # Errors
    /// As [`Lifetime::seconds`].
    pub const fn hours(hours: u32) -> Result<Self, Error> {
        Self::seconds(hours.saturating_mul(3600))
    }

    /// A lifetime of days of 24 hours.
    ///
    /// # Errors
    /// As [`Lifetime::seconds`].
    pub const fn days(days: u32) -> Result<Self, Error> {
        Self::seconds(days.saturating_mul(24 * 3600))
    }

    /// The seconds.
    #[must_use]
    pub const fn as_seconds(self) -> u32 {
        self.0.get()
    }

    /// The same as a time delta.
    #[must_use]
    pub fn as_delta(self) -> TimeDelta {
        TimeDelta::seconds(i64::from(self.0.get()))
    }
}

impl fmt::Debug for Lifetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.0.get();
        write!(
            f,
            "Lifetime({}d {}h {}m {}s)",
            s / 86400,
            s / 3600 % 24,
            s / 60 % 60,
            s % 60
        )
    }
}

/// When a record was made and when it ends, both in whole seconds UTC. Can only be made from a [`Lifetime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Expiry {
    made: i64,
    at: i64,
}

impl Expiry {
    /// Ends `lifetime` after `now`.
    ///
    /// # Errors
    /// [`Error::ClockBeforeEpoch`] when `now` is before 2020.
    pub fn after(now: Timestamp, lifetime: Lifetime) -> Result<Self, Error> {
        let made = now.timestamp();
        if made < EPOCH_SECONDS {
            return Err(Error::ClockBeforeEpoch);
        }
        Ok(Self {
            made,
            at: made.saturating_add(i64::from(lifetime.as_seconds())),
        })
    }

    /// The same beginning, and an end not later than this one: at least a second after the beginning.
    pub(crate) fn at_most(self, end: Option<Timestamp>) -> Self {
        let end = end.map_or(self.at, |end| end.timestamp());
        Self {
            made: self.made,
            at: end.min(self.at).max(self.made.saturating_add(1)),
        }
    }

    /// Takes stored seconds back.
    ///
    /// # Errors
    /// [`Error::BadStoredMeta`] when they cannot have been written by [`Expiry::after`].
    pub fn from_stored(made: i64, at: i64) -> Result<Self, Error> {
        let life = at.checked_sub(made).and_then(|s| u32::try_from(s).ok());
        match life.map(Lifetime::seconds) {
            Some(Ok(_)) if made >= EPOCH_SECONDS - WEEK => Ok(Self { made, at }),
            _ => Err(Error::BadStoredMeta),
        }
    }

    /// When the record was made.
    #[must_use]
    pub fn made(&self) -> Timestamp {
        instant(self.made)
    }

    /// The instant from which on reads are refused.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        instant(self.at)
    }

    /// Whether the record has ended at `now`.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.at()
    }
}

fn instant(seconds: i64) -> Timestamp {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH)
}

/// A time bucket: the records of one tenant and category whose keys die together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Bucket {
    category: Category,
    end: i64,
}

impl Bucket {
    /// The kind of its records.
    #[must_use]
    pub fn category(self) -> Category {
        self.category
    }

    /// Its end: at or after the expiry of each of its records, and less than one width later.
    #[must_use]
    pub fn end(self) -> Timestamp {
        instant(self.end)
    }

    /// Its end in seconds since 1970, for storage.
    #[must_use]
    pub fn end_seconds(self) -> i64 {
        self.end
    }
}

/// What a record is, for the purpose of keeping and reading it. Holds no text and no identifier of a person.
///
/// There is no way to make one without an end:
///
/// ```compile_fail
/// use retention_policy::{Category, Purpose, PurposeSet, RecordMeta, Region, SubjectId, TenantId};
/// let meta = RecordMeta::new(
///     TenantId::from_random([1; 16]),
///     SubjectId::from_random([2; 16]),
///     Category::Session,
///     PurposeSet::only(Purpose::DraftReply),
///     Region::France,
/// );
/// ```
///
/// ```
/// use retention_policy::{Category, Expiry, Lifetime, Purpose, PurposeSet, RecordMeta, Region, SubjectId, TenantId};
/// let now = "2026-03-02T09:00:00Z".parse().unwrap();
/// let meta = RecordMeta::new(
///     TenantId::from_random([1; 16]),
///     SubjectId::from_random([2; 16]),
///     Category::Session,
///     PurposeSet::only(Purpose::DraftReply),
///     Region::France,
///     Expiry::after(now, Lifetime::hours(23)?)?,
/// )?;
/// assert_eq!(meta.expires_at().to_rfc3339(), "2026-03-03T08:00:00+00:00");
/// # Ok::<(), retention_policy::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecordMeta {
    tenant: TenantId,
    subject: SubjectId,
    category: Category,
    purposes: PurposeSet,
    region: Region,
    expiry: Expiry,
}

impl RecordMeta {
    /// Makes the meta data of a record. Times of categories that hold no person are coarsened to weeks (Monday, UTC).
    ///
    /// # Errors
    /// [`Error::TooLong`] when it would live longer than its category may.
    pub fn new(
        tenant: TenantId,
        subject: SubjectId,
        category: Category,
        purposes: PurposeSet,
        region: Region,
        expiry: Expiry,
    ) -> Result<Self, Error> {
        let life = expiry.at - expiry.made;
        if life > i64::from(category.ceiling().as_seconds()) {
            return Err(Error::TooLong { category });
        }
        let expiry = if category.is_anonymous() {
            // The end is counted from the coarse beginning in whole weeks, or it would tell the day after all.
            let made = week(expiry.made);
            Expiry {
                made,
                at: made + (life / WEEK).max(1) * WEEK,
            }
        } else {
            expiry
        };
        Ok(Self {
            tenant,
            subject,
            category,
            purposes,
            region,
            expiry,
        })
    }

    /// Whose tickets.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Which person.
    #[must_use]
    pub fn subject(&self) -> SubjectId {
        self.subject
    }

    /// What kind.
    #[must_use]
    pub fn category(&self) -> Category {
        self.category
    }

    /// What for.
    #[must_use]
    pub fn purposes(&self) -> PurposeSet {
        self.purposes
    }

    /// Where.
    #[must_use]
    pub fn region(&self) -> Region {
        self.region
    }

    /// When made and when over.
    #[must_use]
    pub fn expiry(&self) -> Expiry {
        self.expiry
    }

    /// The instant from which on reads are refused.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expiry.at()
    }

    /// The bucket whose key the record shares: the expiry rounded **up** to the category's width.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        let width = i64::from(self.category.bucket_seconds());
        // Week buckets end on Mondays, so that they match the coarse times of anonymous records.
        let shift = if width == WEEK { MONDAY } else { 0 };
        let at = self.expiry.at - shift;
        let up = (at.div_euclid(width) + i64::from(at.rem_euclid(width) != 0)) * width;
        Bucket {
            category: self.category,
            end: up + shift,
        }
    }

    /// All of it as length-prefixed canonical bytes, for authenticated encryption.
    #[must_use]
    pub fn aad_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        let mut field = |bytes: &[u8]| {
            // Every field here is shorter than 256 bytes.
            out.push(bytes.len() as u8);
            out.extend_from_slice(bytes);
        };
        field(&self.tenant.to_bytes());
        field(&self.subject.to_bytes());
        field(&[self.category.to_byte()]);
        field(&[self.purposes.bits()]);
        field(self.region.code().as_bytes());
        field(&self.expiry.made.to_be_bytes());
        field(&self.expiry.at.to_be_bytes());
        out
    }
}

fn week(seconds: i64) -> i64 {
    (seconds - MONDAY).div_euclid(WEEK) * WEEK + MONDAY
}
