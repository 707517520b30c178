//! What the records of a run are: record `n` has the same ends whenever it is asked for.

use std::path::Path;
use std::sync::Arc;

use tactful::crypto_store::{NewRecord, OsEntropy};
use tactful::retention_policy::{
    DueReason, Lifetime, RecordId, RecordMeta, SubjectId, Timestamp, Trigger,
};

use super::super::store::load::callers;
use super::super::{Stop, shop};

/// Ends are spread over eight hours: 32 buckets.
const SPAN: u64 = 8 * 3600;
/// The earliest written end, in seconds after the opening.
const FIRST: u64 = 3600;
/// One in so many records ends early.
const EARLY: u64 = 10;
const BODY: usize = 1024;

#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) records: u64,
}

impl Plan {
    /// The run's clock, in seconds after the opening: before the first end, and when the last bucket has ended.
    pub(super) const BEGIN: u64 = 1800;
    pub(super) const END: u64 = FIRST + SPAN + 900;

    pub(super) fn meta(n: u64) -> Result<RecordMeta, Stop> {
        let life = FIRST + shop::mix(n) % SPAN;
        let life = Lifetime::seconds(u32::try_from(life).unwrap_or(u32::MAX))?;
        let of = SubjectId::from_random(shop::id(0x5c, n / EARLY));
        shop::session(of, shop::opening(), life)
    }

    /// The earlier end of a record that has one.
    pub(super) fn early(n: u64) -> Result<Option<Timestamp>, Stop> {
        if !n.is_multiple_of(EARLY) {
            return Ok(None);
        }
        let before = 600 + shop::mix(n ^ 0xea71) % 1200;
        let before = chrono::TimeDelta::seconds(i64::try_from(before).unwrap_or(0));
        Ok(Some(Self::meta(n)?.expires_at() - before))
    }

    /// From when on nobody may read it.
    pub(super) fn end(n: u64) -> Result<Timestamp, Stop> {
        Ok(match Self::early(n)? {
            Some(early) => early,
            None => Self::meta(n)?.expires_at(),
        })
    }

    pub(super) fn body(n: u64) -> Vec<u8> {
        shop::bytes(0x5eed, n, BODY)
    }

    /// Makes the store and writes all records.
    pub(super) async fn fill(&self, dir: &Path) -> Result<Vec<RecordId>, Stop> {
        let store = Arc::new(shop::create(dir, Arc::new(OsEntropy::new())).await?);
        let writing = Arc::clone(&store);
        let worked = callers(0..self.records, move |n| {
            let store = Arc::clone(&writing);
            async move {
                let (by, why, now) = (shop::agent(), shop::REPLY, shop::opening());
                let record = NewRecord::new(Self::meta(n)?, Self::body(n));
                let id = store.put(record, &by, &why, now).await?.id();
                if let Some(at) = Self::early(n)? {
                    let used = DueReason::PurposeOver(Trigger::Used);
                    store.shorten(id, at, used, &by, &why, now).await?;
                }
                Ok(id)
            }
        })
        .await?;
        store.close().await?;
        let mut answers = worked.answers;
        answers.sort_unstable_by_key(|(n, _)| *n);
        Ok(answers.into_iter().map(|(_, id)| id).collect())
    }
}

/// So many seconds after the opening.
pub(super) fn instant(after: u64) -> Timestamp {
    shop::opening() + chrono::TimeDelta::seconds(i64::try_from(after).unwrap_or(0))
}
