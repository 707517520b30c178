//! What is left of what was destroyed: events that can be signed, and a report that anybody can read.

mod note;
mod page;
mod plot;
mod report;

use crate::category::Category;
use crate::id::TenantId;
use crate::policy::rule::Disposition;
use crate::sweep::plan::PlanHash;
use crate::verdict::DueReason;
use crate::wire::{Reader, Writer, whole};
use crate::{Error, Timestamp};

pub use note::{Noted, SweepNote};
pub use report::{DeletionDay, DeletionReport};

const VERSION: u8 = 1;

/// That records of one kind were destroyed together: the accountability of article 5(2) without the data.
///
/// Holds counts, codes and hashes. Its bytes are signed elsewhere; this crate has no keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what the signed bytes say")]
pub struct DeletionEvent {
    /// Whose.
    pub tenant: TenantId,
    /// Of which kind.
    pub category: Category,
    /// When the key was destroyed.
    pub at: Timestamp,
    /// Why.
    pub reason: DueReason,
    /// How.
    pub disposition: Disposition,
    /// How many.
    pub records: u64,
    /// The earliest end that was written in them; none where they end by no time.
    pub written_end: Option<Timestamp>,
    /// The version of the policy.
    pub policy_version: u32,
    /// The plan that said so.
    pub plan: PlanHash,
    /// A fingerprint of the key that was destroyed.
    pub key_fingerprint: [u8; 32],
    /// The leaf of the audit that says it.
    pub audit_leaf: u64,
    /// Until when a copy of the keys could still hold it: the records are beyond reach for certain from then on.
    pub backup_horizon: Timestamp,
}

impl DeletionEvent {
    /// The event as canonical bytes, version 1, to be signed and stored. Instants count in whole seconds, the horizon
    /// rounded up.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        Writer::new(VERSION)
            .fixed(&self.tenant.to_bytes())
            .u8(self.category.to_byte())
            .time(self.at)
            .fixed(&self.reason.to_bytes())
            .u8(self.disposition.to_byte())
            .u64(self.records)
            .maybe_time(self.written_end)
            .u32(self.policy_version)
            .fixed(&self.plan.to_bytes())
            .fixed(&self.key_fingerprint)
            .u64(self.audit_leaf)
            .time(whole(self.backup_horizon).unwrap_or(self.backup_horizon))
            .done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "a deletion event", VERSION)?;
        let tenant = TenantId::from_bytes(input.fixed()?);
        let category = Category::from_byte(input.u8()?);
        let category = input.some(category)?;
        let at = input.time()?;
        let reason = DueReason::from_bytes(input.fixed()?);
        let reason = input.some(reason)?;
        let disposition = Disposition::from_byte(input.u8()?);
        let event = Self {
            tenant,
            category,
            at,
            reason,
            disposition: input.some(disposition)?,
            records: input.u64()?,
            written_end: input.maybe_time()?,
            policy_version: input.u32()?,
            plan: PlanHash::from_bytes(input.fixed()?),
            key_fingerprint: input.fixed()?,
            audit_leaf: input.u64()?,
            backup_horizon: input.time()?,
        };
        input.end()?;
        Ok(event)
    }

    /// How many seconds after the written end the key went; none if it went before.
    #[must_use]
    pub fn late_by(&self) -> Option<u64> {
        let late = self
            .at
            .timestamp()
            .checked_sub(self.written_end?.timestamp());
        u64::try_from(late?).ok()
    }
}
