//! Writing.

use std::fmt;

use retention_policy::{Action, Category, RecordId, RecordMeta, Timestamp, UnitId};
use zeroize::Zeroizing;

use super::hold::{Duty, duty_row};
use super::row::{BucketRef, Head, term_key};
use super::{StopAt, Store, allowed, leaf, not_gone};
use crate::audit::AuditEntry;
use crate::backend::{Expect, KeyOp, Op, Outcome, Row, Table};
use crate::entropy::draw;
use crate::envelope::{self, MAX_BODY, RecordKeys};
use crate::index::MAX_TERMS;
use crate::keyring::{ONCE, Ready, Tenant, index_key, kind, tenant_key, unit_key};
use crate::wire::Writer;
use crate::{Accessor, Error, IndexTerm, Reason, crypt};

/// Attempts against others who change the same keys.
const ROUNDS: usize = 4;

/// A record to be stored.
pub struct NewRecord {
    meta: RecordMeta,
    unit: Option<UnitId>,
    body: Zeroizing<Vec<u8>>,
    terms: Vec<IndexTerm>,
    once: Option<Zeroizing<Vec<u8>>>,
}

impl NewRecord {
    /// A record of its own unit, without terms.
    pub fn new(meta: RecordMeta, body: Vec<u8>) -> Self {
        NewRecord {
            meta,
            unit: None,
            body: Zeroizing::new(body),
            terms: Vec::new(),
            once: None,
        }
    }

    /// Puts the record in a unit: it is shredded together with the others of that unit.
    #[must_use]
    pub fn unit(mut self, unit: UnitId) -> Self {
        self.unit = Some(unit);
        self
    }

    /// What the record can be found by.
    #[must_use]
    pub fn terms(mut self, terms: Vec<IndexTerm>) -> Self {
        self.terms = terms;
        self
    }

    /// Names the delivery: a second put with the same key of the same tenant stores nothing. Kept as a keyed hash.
    #[must_use]
    pub fn idempotency_key(mut self, key: &[u8]) -> Self {
        self.once = Some(Zeroizing::new(key.to_vec()));
        self
    }
}

impl fmt::Debug for NewRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "NewRecord({} bytes, {} terms)",
            self.body.len(),
            self.terms.len()
        )
    }
}

/// What became of a put. Either way the record is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a delivery is new or known; there is no third way"
)]
pub enum Put {
    /// Stored now.
    Stored(RecordId),
    /// Stored by an earlier put with the same idempotency key.
    AlreadyStored(RecordId),
}

impl Put {
    /// The record's id.
    pub fn id(self) -> RecordId {
        match self {
            Put::Stored(id) | Put::AlreadyStored(id) => id,
        }
    }
}

impl Store {
    /// Seals and stores a record; durable when this returns.
    ///
    /// # Errors
    /// [`Error::Denied`] if role, action and purpose do not go together, the purpose is none of the record's, or the
    /// accessor is of another tenant; [`Error::UnknownTenant`]; [`Error::Expired`] if its time is over already;
    /// [`Error::AlreadyErased`] if its person or unit was erased; [`Error::TooLarge`]; [`Error::Conflict`];
    /// [`Error::ReadOnly`]; [`Error::Database`]; [`Error::Entropy`].
    pub async fn put(
        &self,
        record: NewRecord,
        by: &Accessor,
        why: &Reason,
        now: Timestamp,
    ) -> Result<Put, Error> {
        self.writable()?;
        let meta = record.meta;
        let entry = AuditEntry {
            subject: self.blind_subject(meta.subject()),
            ..self.entry(Action::Create, by, why, now)
        };
        if meta.tenant() != by.tenant()
            || !allowed(Action::Create, by, why, meta.category())
            || !meta.purposes().contains(why.purpose())
        {
            return Err(self.refuse(entry, Error::Denied).await);
        }
        if meta.expiry().is_over(now) {
            return Err(self.refuse(entry, Error::Expired).await);
        }
        if record.body.len() > MAX_BODY {
            return Err(Error::TooLarge {
                len: record.body.len(),
                limit: MAX_BODY,
            });
        }
        if record.terms.len() > MAX_TERMS {
            return Err(Error::TooLarge {
                len: record.terms.len(),
                limit: MAX_TERMS,
            });
        }
        let tenant = self.ring.tenant(meta.tenant(), now).await?;
        let once = match &record.once {
            Some(key) => Some(self.once_key(&tenant, key, now).await?),
            None => None,
        };
        if let Some(id) = self.stored_before(once.as_ref()).await? {
            return Ok(Put::AlreadyStored(id));
        }
        // Another put may make the same unit's key, or a rotation change an epoch, between our look and our change; a few
        // rounds settle it.
        for _ in 0..ROUNDS {
            match self.try_put(&record, once.as_ref(), entry, now).await {
                Err(Error::Conflict) => {}
                Err(Error::AlreadyErased) => {
                    return Err(self.refuse(entry, Error::AlreadyErased).await);
                }
                other => return other,
            }
        }
        Err(Error::Conflict)
    }

    async fn try_put(
        &self,
        record: &NewRecord,
        once: Option<&[u8; 32]>,
        entry: AuditEntry,
        now: Timestamp,
    ) -> Result<Put, Error> {
        let meta = record.meta;
        let tenant = self.ring.tenant(meta.tenant(), now).await?;
        let _unit = match record.unit {
            None => None,
            Some(_) => Some(self.units.read().await),
        };
        let ready = match record.unit {
            None => Some(self.ring.ready(&tenant, self.mark(), now).await?),
            Some(_) => None,
        };
        let id = match &ready {
            Some(ready) => ready.id(),
            None => RecordId::from_random(draw(&*self.entropy)?),
        };
        let unit = record
            .unit
            .unwrap_or_else(|| UnitId::from_bytes(id.to_bytes()));
        let mut head = Head {
            id,
            meta,
            bucket: BucketRef::of(&meta),
            unit,
            unit_ref: unit.to_bytes(),
            version: 0,
            terms: Vec::with_capacity(record.terms.len()),
        };
        let mut ids = vec![head.subject_key(), head.bucket_key()];
        ids.extend(ready.is_none().then(|| head.unit_key()));
        let own = ids.len();
        let index = |t: &IndexTerm| index_key(meta.tenant(), t.field(), tenant.state.index);
        ids.extend(record.terms.iter().map(index));
        let keys = self
            .ring
            .get_or_make(&tenant, &ids, None, self.mark(), now)
            .await?;
        // The bucket's key exists by now: a later rotation of the index counts with this record, an earlier one does not.
        if self.ring.state(meta.tenant()).await?.index != tenant.state.index {
            return Err(Error::Conflict);
        }
        self.stop_at(StopAt::KeysWritten)?;
        let (keys, index) = keys.split_at_checked(own).ok_or(Error::Conflict)?;
        let (subject, bucket, unit_secret) = match (keys, &ready) {
            ([subject, bucket], Some(ready)) => (subject, bucket, ready.key()),
            ([subject, bucket, unit], None) => (subject, bucket, unit),
            _ => return Err(Error::Conflict),
        };
        for (term, key) in record.terms.iter().zip(index) {
            head.terms.push(term.blind(key));
        }
        head.terms.sort_unstable();
        head.terms.dedup();

        let keys = RecordKeys {
            subject,
            bucket,
            unit: unit_secret,
        };
        let random = match &ready {
            Some(ready) => *ready.random(),
            None => draw(&*self.entropy)?,
        };
        let envelope = envelope::seal(keys, &head.identity(), &record.body, &random)?;
        let ops = self.put_ops(head, &envelope, once, entry);
        match self.commit(ops).await? {
            Outcome::Committed(_) => {
                ready.into_iter().for_each(Ready::settled);
                Ok(Put::Stored(id))
            }
            Outcome::Refused(_) => {
                // Nothing was written under a unit key of our own, and what is gone must not have a key again.
                let mut orphans: Vec<KeyOp> = Vec::new();
                if ready.is_some() {
                    orphans.push(KeyOp::Destroy(unit_key(meta.tenant(), &id.to_bytes())));
                }
                for id in ids.iter().take(own) {
                    if self.is_gone(&[*id]).await? {
                        orphans.push(KeyOp::Destroy(*id));
                        self.ring.forget(&[*id]);
                    }
                }
                self.backend.change_keys(orphans).await?;
                ready.into_iter().for_each(Ready::settled);
                self.stored_before(once)
                    .await?
                    .map(Put::AlreadyStored)
                    .ok_or(Error::AlreadyErased)
            }
        }
    }

    fn put_ops(
        &self,
        head: Head,
        envelope: &[u8],
        once: Option<&[u8; 32]>,
        entry: AuditEntry,
    ) -> Vec<Op> {
        let (id, meta) = (head.id, head.meta);
        let mut ops: Vec<Op> = Vec::with_capacity(8 + head.terms.len());
        if let Some(key) = once {
            ops.push(Op::Require(Table::Once, key.to_vec(), Expect::Absent));
        }
        ops.push(not_gone(tenant_key(meta.tenant(), 0)));
        ops.push(not_gone(head.subject_key()));
        ops.push(not_gone(head.bucket_key()));
        if !head.is_own_unit() {
            ops.push(not_gone(unit_key(meta.tenant(), &head.unit.to_bytes())));
        }
        if let Some(key) = once {
            let row = Row {
                key: key.to_vec(),
                at: Some(meta.expires_at().timestamp()),
                value: id.to_bytes().to_vec(),
                ..Row::default()
            };
            ops.push(self.put_small(Table::Once, row));
        }
        let value = term_value(&head);
        for term in &head.terms {
            let row = Row {
                key: term_key(term, id),
                value: value.clone(),
                ..Row::default()
            };
            ops.push(Op::Put(Table::Terms, row));
        }
        if meta.category() == Category::Billing {
            ops.push(self.put_small(Table::Holds, duty_row(Duty { meta, record: id })));
        }
        ops.push(Op::Put(Table::Records, head.into_row(envelope)));
        ops.push(leaf(&AuditEntry {
            object: self.blind(kind::RECORD, &id.to_bytes()),
            ..entry
        }));
        ops
    }

    /// The row of a delivery: a keyed hash under an index key that no field's name can claim.
    async fn once_key(
        &self,
        tenant: &Tenant,
        key: &[u8],
        now: Timestamp,
    ) -> Result<[u8; 32], Error> {
        let id = index_key(tenant.id, ONCE, 0);
        let keys = self
            .ring
            .get_or_make(tenant, &[id], None, None, now)
            .await?;
        let index = keys.first().ok_or(Error::Conflict)?;
        Ok(crypt::hmac(
            index.expose(),
            &[b"tactful crypto-store once v0", key],
        ))
    }

    async fn stored_before(&self, once: Option<&[u8; 32]>) -> Result<Option<RecordId>, Error> {
        let Some(key) = once else { return Ok(None) };
        let Some(row) = self.backend.get(Table::Once, key.to_vec()).await? else {
            return Ok(None);
        };
        const WHAT: &str = "an idempotency row";
        let id: [u8; 16] = self
            .seal
            .open_row(Table::Once, &row, WHAT)?
            .try_into()
            .map_err(|_| Error::Corrupt { what: WHAT })?;
        Ok(Some(RecordId::from_bytes(id)))
    }
}

/// What a search needs to know of a record without reading it: expiry, category, purposes.
pub(super) fn term_value(head: &Head) -> Vec<u8> {
    Writer::with_capacity(10)
        .i64(head.meta.expires_at().timestamp())
        .u8(head.meta.category().to_byte())
        .u8(head.meta.purposes().bits())
        .done()
}
