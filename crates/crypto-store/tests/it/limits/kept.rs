//! What the reference knows of a record and of a hold.

use chrono::TimeDelta;
use retention_policy::{Category, DueReason, HoldId, RecordId, RecordMeta, Timestamp, Trigger};

pub(super) struct Kept {
    pub(super) id: RecordId,
    pub(super) body: Vec<u8>,
    pub(super) meta: RecordMeta,
    pub(super) tenant: u8,
    pub(super) person: u8,
    pub(super) unit: Option<u16>,
    pub(super) made: Timestamp,
    pub(super) end: Timestamp,
    pub(super) early: Option<Timestamp>,
    pub(super) archive: Option<Timestamp>,
    /// Its bucket went while a hold kept it.
    pub(super) apart: bool,
    /// Its key was destroyed.
    pub(super) gone: bool,
}

impl Kept {
    pub(super) fn ends(&self) -> Timestamp {
        self.early.unwrap_or(self.end)
    }

    /// The written end rounded up.
    pub(super) fn bucket_end(&self) -> Timestamp {
        let width = i64::from(self.meta.category().bucket_seconds());
        let late = (-self.end.timestamp()).rem_euclid(width);
        self.end + TimeDelta::seconds(late)
    }

    /// Why it ends early: one reason a record, so that it need not be remembered.
    pub(super) fn reason(&self) -> DueReason {
        [
            DueReason::PurposeOver(Trigger::Used),
            DueReason::ConsentWithdrawn,
        ][usize::from(self.person % 2)]
    }
}

#[derive(Clone, Copy)]
pub(super) enum Over {
    Record(usize),
    Person(u8),
    Tenant,
    Made(Option<Category>, Option<Timestamp>, Option<Timestamp>),
}

pub(super) struct Standing {
    pub(super) id: HoldId,
    pub(super) tenant: u8,
    pub(super) over: Over,
    pub(super) restricts: bool,
    pub(super) placed: Timestamp,
    /// Who asked for the release, and when.
    pub(super) asked: Option<(u8, Timestamp)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Agent,
    Officer,
}
