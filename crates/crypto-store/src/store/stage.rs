//! How far the destruction of something has come.

use retention_policy::{Action, Bucket, RecordId, Stage, TenantId, Timestamp};

use super::early::{Early, RecordPhase};
use super::row::{BucketRef, Head, record_gone};
use super::{Store, leaf, own_entry};
use crate::Error;
use crate::audit::AuditEntry;
use crate::backend::{KeyId, Scan, Side, Table};
use crate::keyring::{kind, unit_key};
use crate::store::intent::reference;
use crate::store::read::PAGE;

/// What a stage is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StageOf {
    /// A record that ends by itself.
    Record(RecordId),
    /// A time bucket.
    Bucket(Bucket),
}

impl From<RecordId> for StageOf {
    fn from(id: RecordId) -> Self {
        StageOf::Record(id)
    }
}

impl From<Bucket> for StageOf {
    fn from(bucket: Bucket) -> Self {
        StageOf::Bucket(bucket)
    }
}

impl Store {
    /// How far the destruction of a record or bucket of a tenant has come. A key that a write-ahead log may still hold counts
    /// as [`Stage::Due`]; what a hold keeps is [`Stage::Live`].
    ///
    /// [`Stage::Verified`] is a look, which has an entry in the audit: the key is not in `keys.db`, whose log is emptied
    /// first, and no row is in `records.db`. Of a record that shared its unit key, only the key of its own is looked for.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what was never there, or is forgotten: a tombstone is kept for 30 days; records that ended with
    /// their bucket or person have none, ask for the bucket; [`Error::Database`], [`Error::Corrupt`].
    pub async fn stage(
        &self,
        of: impl Into<StageOf>,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Stage, Error> {
        match of.into() {
            StageOf::Record(id) => self.stage_of_record(id, tenant, now).await,
            StageOf::Bucket(bucket) => self.stage_of_bucket(bucket, tenant, now).await,
        }
    }

    async fn stage_of_record(
        &self,
        id: RecordId,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Stage, Error> {
        let gone = record_gone(tenant, id);
        let Some((row, beside)) = self.row_and_early(id, tenant).await? else {
            if !self.is_gone(&[gone]).await? {
                return Err(Error::NotFound);
            }
            let key = unit_key(tenant, &id.to_bytes());
            return self.look_for(gone, key, now).await;
        };
        let (head, ..) = Head::from_row(&row)?;
        let keys = head.gone_keys();
        if !self.is_gone(&keys).await? {
            let early = Early::from_row(&self.seal, beside.as_ref())?;
            let over = matches!(early.phase(&head.meta, now), RecordPhase::Over(_));
            let due = over && self.holds_on(&head).await?.is_empty();
            return Ok(if due { Stage::Due } else { Stage::Live });
        }
        for intent in self.intents().await? {
            if !intent.destroyed && intent.targets.iter().any(|(t, _)| keys.contains(t)) {
                return Ok(Stage::Due);
            }
        }
        Ok(Stage::Shredded)
    }

    async fn stage_of_bucket(
        &self,
        bucket: Bucket,
        tenant: TenantId,
        now: Timestamp,
    ) -> Result<Stage, Error> {
        let key = BucketRef::from(bucket).key(tenant);
        if self.is_gone(&[key]).await? {
            return self.look_for(key, key, now).await;
        }
        match self.backend.key(key).await? {
            None => Err(Error::NotFound),
            Some(_) if bucket.end() <= now => Ok(Stage::Due),
            Some(_) => Ok(Stage::Live),
        }
    }

    /// The stage of something that has a tombstone.
    async fn look_for(&self, gone: KeyId, key: KeyId, now: Timestamp) -> Result<Stage, Error> {
        for intent in self.intents().await? {
            if intent.targets.iter().any(|(target, _)| *target == gone) {
                return Ok(if intent.destroyed {
                    Stage::Shredded
                } else {
                    Stage::Due
                });
            }
        }
        let emptied = !self.copy
            && self.backend.scrub(Side::Keys).await?
            && self.backend.scrub(Side::Records).await?;
        if !emptied || self.backend.key(key).await?.is_some() || self.has_rows(gone).await? {
            return Ok(Stage::Purged);
        }
        let entry = AuditEntry {
            object: self.blind(super::intent::first(gone), &reference(gone)?),
            tenant: self.blind(kind::TENANT, &super::intent::tenant_of(gone)?.to_bytes()),
            ..own_entry(Action::Verify, now)
        };
        self.commit(vec![leaf(&entry)]).await?;
        Ok(Stage::Verified)
    }

    /// Whether a row of a bucket is left; a record's was looked for.
    async fn has_rows(&self, gone: KeyId) -> Result<bool, Error> {
        let Ok((_, time)) = BucketRef::from_key(gone) else {
            return Ok(false);
        };
        let mut after = (time.begin(), i64::MAX.cast_unsigned());
        loop {
            let scan = Scan::Due {
                table: Table::Records,
                after,
                until: time.end(),
                limit: PAGE,
            };
            let rows = self.backend.scan(scan).await?;
            let Some(last) = rows.last() else {
                return Ok(false);
            };
            after = (last.at.unwrap_or(i64::MAX), last.seq);
            for row in &rows {
                if Head::from_row(row)?.0.bucket_key() == gone {
                    return Ok(true);
                }
            }
        }
    }
}
