//! What is left to be said of what was destroyed.

use retention_policy::{
    Category, DeletionEvent, Disposition, DueReason, PlanHash, RecordId, TenantId, Timestamp,
};

use super::Store;
use super::row::BucketRef;
use crate::audit::BlindId;
use crate::backend::{KeyId, Scan, Table};
use crate::store::row::Head;
use crate::{Error, Horizon, crypt};

const FINGERPRINT: &[u8] = b"tactful crypto-store key fingerprint v1";
/// Rows looked at for the earliest end of a bucket.
const LOOKED_AT: usize = 64;

/// A bucket, or a record before its written end, whose key was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// Whose.
    pub tenant: TenantId,
    /// Of which kind.
    pub category: Category,
    /// The record, if it ended by itself.
    pub record: Option<RecordId>,
    /// The end of the bucket, if it was one.
    pub bucket_end: Option<Timestamp>,
    /// How many records, where they were counted: a sweep of buckets does not look at their rows.
    pub records: Option<u64>,
    /// Why.
    pub reason: DueReason,
    /// How.
    pub disposition: Disposition,
    /// The earliest end that was written in them; of a bucket that shares its time with many others, where it begins,
    /// which is before that.
    pub written_end: Timestamp,
    /// SHA-256 over a label, the key's name and its wrapped bytes as they were.
    pub key_fingerprint: [u8; 32],
    /// Position of the entry in the audit that says it.
    pub audit_leaf: u64,
}

impl Ended {
    /// The event to be signed. `at` is the `now` that the sweep was given; where records were not counted it says 0.
    #[must_use]
    pub fn event(
        &self,
        at: Timestamp,
        policy_version: u32,
        plan: PlanHash,
        backup_horizon: Timestamp,
    ) -> DeletionEvent {
        DeletionEvent {
            tenant: self.tenant,
            category: self.category,
            at,
            reason: self.reason,
            disposition: self.disposition,
            records: self.records.unwrap_or_default(),
            written_end: Some(self.written_end),
            policy_version,
            plan,
            key_fingerprint: self.key_fingerprint,
            audit_leaf: self.audit_leaf,
            backup_horizon,
        }
    }
}

/// What the next sweep will have to say, as [`Store::foresee`] sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Foreseen {
    /// Each with the fingerprint of a key that is gone afterwards, and no position in the audit yet.
    pub ended: Vec<Ended>,
    /// The entries of the audit that will say so come at this position or later.
    pub audit_from: u64,
}

impl Store {
    /// Says what [`expire_buckets`](Self::expire_buckets) would destroy now, all buckets and at most `early` of the records that end
    /// before them, so that it can be written down before the keys go: whoever is killed between them and the proof finds it
    /// again. The entries of the audit whose object is [`blind_ended`](Self::blind_ended) say what really went. Nothing is decrypted; meta data only, no entry in the audit.
    ///
    /// # Errors
    /// [`Error::Database`], [`Error::Corrupt`].
    pub async fn foresee(&self, now: Timestamp, early: usize) -> Result<Foreseen, Error> {
        let audit_from = self.ends().audit.map_or(0, |(seq, _)| seq + 1);
        let mut buckets = Vec::new();
        for bucket in self.ended_buckets(now).await? {
            if !self.is_gone(&[bucket]).await? {
                buckets.push(bucket);
            }
        }
        let (mut ended, _) = self.bucket_leaves(&buckets, now).await?;
        ended.extend(self.early_foreseen(now, early).await?);
        Ok(Foreseen { ended, audit_from })
    }

    /// What the audit calls the object of an end.
    pub fn blind_ended(&self, ended: &Ended) -> BlindId {
        match (ended.record, ended.bucket_end) {
            (Some(record), _) => self.blind_record(record),
            (None, end) => {
                let end = end.map_or(i64::MAX, |end| end.timestamp());
                let key = BucketRef::ending(ended.category, end).key(ended.tenant);
                self.blind_bucket_key(key)
            }
        }
    }

    /// Until when a copy of the keys that the store knows of could still hold what is destroyed at `now`: the backups that
    /// it makes, and what the root says of its own.
    ///
    /// None if the root can be copied and the store makes no backups: then nobody told it where copies are, and whoever
    /// makes them must know. See [`destroy_horizon`](Self::destroy_horizon).
    pub fn backup_horizon(&self, now: Timestamp) -> Option<Timestamp> {
        let root = match self.ring.provider().destroy_horizon() {
            Horizon::Within(time) => Some(time),
            Horizon::Copies => None,
        };
        let own = self.key_backups.as_ref().map(|backups| backups.horizon());
        now.checked_add_signed(root.max(own)?)
    }

    /// Fingerprints of wrapped keys as they are now. Destroyed keys can be told apart by them, and nothing else.
    pub(super) async fn fingerprints(&self, ids: &[KeyId]) -> Result<Vec<[u8; 32]>, Error> {
        let wrapped = self.backend.keys(ids.to_vec()).await?;
        let print = |(id, wrapped): (&KeyId, Option<Vec<u8>>)| {
            let wrapped = wrapped.unwrap_or_default();
            crypt::sha256(&[FINGERPRINT, id.as_bytes(), &wrapped])
        };
        Ok(ids.iter().zip(wrapped).map(print).collect())
    }

    /// The earliest end that was written in a bucket, as far as it is quickly found.
    pub(super) async fn earliest_end(&self, bucket: KeyId) -> Result<Timestamp, Error> {
        let (_, time) = BucketRef::from_key(bucket)?;
        let scan = Scan::Due {
            table: Table::Records,
            after: (time.begin(), i64::MAX.cast_unsigned()),
            until: time.end(),
            limit: LOOKED_AT,
        };
        let mut at = time.begin();
        for row in self.backend.scan(scan).await? {
            // A row that is damaged does not keep its bucket.
            if let Ok((head, ..)) = Head::from_row(&row)
                && head.bucket_key() == bucket
            {
                at = head.meta.expires_at().timestamp();
                break;
            }
        }
        Ok(Timestamp::from_timestamp(at, 0).unwrap_or_default())
    }
}
