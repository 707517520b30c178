//! What a sweep would destroy, as a value with a hash: who approves it approves exactly this.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use crate::category::Category;
use crate::id::{ActorId, TenantId};
use crate::policy::rule::Disposition;
use crate::verdict::DueReason;
use crate::{Error, Timestamp};

/// Separates these hashes from all others, and these versions from later ones.
const DOMAIN: &[u8] = b"tactful sweep plan 1";

/// Records that end together, for one reason and in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what the hash covers")]
pub struct PlanLine {
    /// Whose.
    pub tenant: TenantId,
    /// Of which kind.
    pub category: Category,
    /// The bucket whose key goes; none where records end one by one.
    pub bucket_end: Option<Timestamp>,
    /// Why.
    pub reason: DueReason,
    /// How.
    pub disposition: Disposition,
    /// How many are destroyed.
    pub records: u64,
    /// How many of the same bucket are kept by holds.
    pub held: u64,
}

type Key = (
    TenantId,
    Category,
    Option<Timestamp>,
    DueReason,
    Disposition,
);

/// What a sweep would destroy.
///
/// ```
/// use retention_policy::*;
/// # let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
/// let line = PlanLine {
///     tenant: TenantId::from_random([1; 16]),
///     category: Category::Draft,
///     bucket_end: Some("2026-03-02T00:00:00Z".parse().unwrap()),
///     reason: DueReason::Expired,
///     disposition: Disposition::Template,
///     records: 12,
///     held: 0,
/// };
/// let shown = SweepPlan::new(7, now, [line]);
/// // A minute later the same would be destroyed: the plan that was approved still holds.
/// let again = SweepPlan::new(7, now + chrono::TimeDelta::minutes(1), [line]);
/// again.check(&shown.hash())?;
/// let more = SweepPlan::new(7, now, [PlanLine { records: 13, ..line }]);
/// assert_eq!(more.check(&shown.hash()), Err(Error::PlanDrifted));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepPlan {
    policy_version: u32,
    now: Timestamp,
    lines: Vec<PlanLine>,
}

impl SweepPlan {
    /// Makes a plan under a version of the policy. Lines that differ in their counts only become one, lines without a
    /// record none; their order does not matter.
    #[must_use]
    pub fn new(
        policy_version: u32,
        now: Timestamp,
        lines: impl IntoIterator<Item = PlanLine>,
    ) -> Self {
        let mut sums: BTreeMap<Key, (u64, u64)> = BTreeMap::new();
        for line in lines {
            let PlanLine {
                tenant,
                category,
                bucket_end,
                reason,
                disposition,
                records,
                held,
            } = line;
            if records > 0 || held > 0 {
                let key = (tenant, category, bucket_end, reason, disposition);
                let sum = sums.entry(key).or_default();
                sum.0 = sum.0.saturating_add(records);
                sum.1 = sum.1.saturating_add(held);
            }
        }
        let lines = sums
            .into_iter()
            .map(|(key, (records, held))| {
                let (tenant, category, bucket_end, reason, disposition) = key;
                PlanLine {
                    tenant,
                    category,
                    bucket_end,
                    reason,
                    disposition,
                    records,
                    held,
                }
            })
            .collect();
        Self {
            policy_version,
            now,
            lines,
        }
    }

    /// The version of the policy it was made under.
    #[must_use]
    pub fn policy_version(&self) -> u32 {
        self.policy_version
    }

    /// When it was made.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The lines, in their canonical order.
    #[must_use]
    pub fn lines(&self) -> &[PlanLine] {
        &self.lines
    }

    /// How many records it destroys.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.lines
            .iter()
            .fold(0, |sum, line| sum.saturating_add(line.records))
    }

    /// The hash of what would be destroyed and kept: the version of the policy and all lines. When it was made is left
    /// out.
    #[must_use]
    pub fn hash(&self) -> PlanHash {
        let mut hash = Sha256::new();
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        field(DOMAIN);
        field(&self.policy_version.to_be_bytes());
        field(&(self.lines.len() as u64).to_be_bytes());
        for line in &self.lines {
            field(&line.tenant.to_bytes());
            field(&[line.category.to_byte()]);
            match line.bucket_end {
                Some(end) => {
                    field(&end.timestamp().to_be_bytes());
                    field(&end.timestamp_subsec_nanos().to_be_bytes());
                }
                None => {
                    field(&[]);
                    field(&[]);
                }
            }
            field(&line.reason.to_bytes());
            field(&[line.disposition.to_byte()]);
            field(&line.records.to_be_bytes());
            field(&line.held.to_be_bytes());
        }
        PlanHash(hash.finalize().into())
    }

    /// Refuses to go on if this plan, made anew, is not the one that was approved.
    ///
    /// # Errors
    /// [`Error::PlanDrifted`]: records, holds or the policy changed meanwhile. Show the new plan and ask again.
    pub fn check(&self, approved: &PlanHash) -> Result<(), Error> {
        if self.hash() == *approved {
            Ok(())
        } else {
            Err(Error::PlanDrifted)
        }
    }

    /// Confirms a plan that a [`crate::Breaker`] stopped: two people looked at it.
    ///
    /// # Errors
    /// [`Error::SamePerson`].
    pub fn confirm(&self, first: ActorId, second: ActorId) -> Result<Confirmed, Error> {
        if first == second {
            return Err(Error::SamePerson);
        }
        Ok(Confirmed {
            hash: self.hash(),
            first,
            second,
        })
    }
}

/// The hash of a [`SweepPlan`], shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlanHash([u8; 32]);

impl PlanHash {
    /// Takes bytes that [`Self::to_bytes`] gave.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// Reads 64 hexadecimal digits, as somebody copies them.
    ///
    /// # Errors
    /// [`Error::BadHash`] for anything else.
    pub fn from_hex(text: &str) -> Result<Self, Error> {
        let bad = Error::BadHash { len: text.len() };
        if text.len() != 64 {
            return Err(bad);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digit = |b: &u8| char::from(*b).to_digit(16);
            let [Some(high), Some(low)] =
                [pair.first().and_then(digit), pair.last().and_then(digit)]
            else {
                return Err(bad);
            };
            *byte = (high * 16 + low) as u8;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for PlanHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PlanHash({self})")
    }
}

/// The proof that two people confirmed a plan. There is no way to it but [`SweepPlan::confirm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Confirmed {
    hash: PlanHash,
    first: ActorId,
    second: ActorId,
}

impl Confirmed {
    /// Which plan.
    #[must_use]
    pub fn hash(&self) -> PlanHash {
        self.hash
    }

    /// Who.
    #[must_use]
    pub fn by(&self) -> (ActorId, ActorId) {
        (self.first, self.second)
    }

    /// Whether it confirms what this plan would destroy.
    #[must_use]
    pub fn is_of(&self, plan: &SweepPlan) -> bool {
        plan.hash() == self.hash
    }
}
