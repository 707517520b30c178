//! The clear head of a stored record: what is needed to find its keys and to rebuild its associated data.

use retention_policy::{
    Bucket, Category, Expiry, PurposeSet, RecordId, RecordMeta, Region, SubjectId, TenantId, UnitId,
};

use crate::Error;
use crate::backend::{KeyId, Row};
use crate::keyring::{kind, subject_key, tenant_key, unit_key};
use crate::wire::{Reader, Writer};

const VERSION: u8 = 0;
const WHAT: &str = "a record's head";
const LABEL: &[u8] = b"tactful crypto-store identity v0";

/// The bucket whose key a record uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BucketRef {
    code: u8,
    end: i64,
}

impl BucketRef {
    /// The tenant's bucket for held records: never expires.
    pub(crate) const HOLD: BucketRef = BucketRef {
        code: u8::MAX,
        end: i64::MAX,
    };

    pub(crate) fn of(meta: &RecordMeta) -> Self {
        Self::from(meta.bucket())
    }

    /// By its kind and its end.
    pub(crate) fn ending(category: Category, end: i64) -> Self {
        BucketRef {
            code: category.to_byte(),
            end,
        }
    }

    pub(crate) fn key(self, tenant: TenantId) -> KeyId {
        let mut reference = [0; 16];
        for (to, from) in reference
            .iter_mut()
            .zip([self.code].into_iter().chain(self.end.to_be_bytes()))
        {
            *to = from;
        }
        KeyId::new(kind::BUCKET, &tenant.to_bytes(), &reference)
    }

    /// Takes a bucket out of the name of its key.
    pub(crate) fn from_key(id: KeyId) -> Result<(TenantId, Self), Error> {
        let mut r = Reader::new(id.as_bytes(), "the name of a bucket key");
        if r.u8()? != kind::BUCKET {
            return Err(r.corrupt());
        }
        let tenant = TenantId::from_bytes(r.array()?);
        Ok((
            tenant,
            BucketRef {
                code: r.u8()?,
                end: r.i64()?,
            },
        ))
    }

    /// Of which kind its records are; none for the bucket of held ones.
    pub(crate) fn category(self) -> Option<Category> {
        Category::from_byte(self.code)
    }

    pub(crate) fn end(self) -> i64 {
        self.end
    }

    /// The earliest expiry a record of this bucket can have, exclusive.
    pub(crate) fn begin(self) -> i64 {
        let width = Category::from_byte(self.code).map_or(0, Category::bucket_seconds);
        self.end.saturating_sub(i64::from(width))
    }
}

impl From<Bucket> for BucketRef {
    fn from(bucket: Bucket) -> Self {
        BucketRef {
            code: bucket.category().to_byte(),
            end: bucket.end_seconds(),
        }
    }
}

/// Everything about a record but its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) id: RecordId,
    pub(crate) meta: RecordMeta,
    pub(crate) bucket: BucketRef,
    pub(crate) unit: UnitId,
    /// Names the unit key: the unit's id, or another name after the record was sealed again.
    pub(crate) unit_ref: [u8; 16],
    /// Counts how often the record was sealed.
    pub(crate) version: u32,
    pub(crate) terms: Vec<[u8; 16]>,
}

impl Head {
    pub(crate) fn tenant(&self) -> TenantId {
        self.meta.tenant()
    }

    pub(crate) fn is_own_unit(&self) -> bool {
        self.unit.to_bytes() == self.id.to_bytes()
    }

    pub(crate) fn subject_key(&self) -> KeyId {
        subject_key(self.tenant(), self.meta.subject())
    }

    pub(crate) fn bucket_key(&self) -> KeyId {
        self.bucket.key(self.tenant())
    }

    pub(crate) fn unit_key(&self) -> KeyId {
        unit_key(self.tenant(), &self.unit_ref)
    }

    /// What would have to be gone for this record to be gone, beside the row itself.
    pub(crate) fn gone_keys(&self) -> Vec<KeyId> {
        let mut keys = vec![
            tenant_key(self.tenant(), 0),
            self.subject_key(),
            self.bucket_key(),
            record_gone(self.tenant(), self.id),
        ];
        if !self.is_own_unit() {
            keys.push(unit_key(self.tenant(), &self.unit.to_bytes()));
        }
        keys
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::with_capacity(192 + 16 * self.terms.len())
            .u8(VERSION)
            .bytes(&self.meta.aad_bytes())
            .u8(self.bucket.code)
            .i64(self.bucket.end)
            .fixed(&self.unit.to_bytes())
            .fixed(&self.unit_ref)
            .u32(self.version)
            .u32(u32::try_from(self.terms.len()).unwrap_or(u32::MAX));
        for term in &self.terms {
            w = w.fixed(term);
        }
        w.done()
    }

    /// The record's identity, for authenticated encryption: a label, the record's id and the whole head.
    fn aad(id: RecordId, head: &[u8]) -> Vec<u8> {
        Writer::with_capacity(LABEL.len() + 24 + head.len())
            .fixed(LABEL)
            .fixed(&id.to_bytes())
            .bytes(head)
            .done()
    }

    /// The identity this head gives the record.
    pub(crate) fn identity(&self) -> Vec<u8> {
        Self::aad(self.id, &self.to_bytes())
    }

    /// Makes the row of a sealed record.
    pub(crate) fn into_row(self, envelope: &[u8]) -> Row {
        let head = self.to_bytes();
        let value = Writer::with_capacity(4 + head.len() + envelope.len())
            .bytes(&head)
            .fixed(envelope)
            .done();
        Row {
            key: self.id.to_bytes().to_vec(),
            refs: self.refs(),
            at: self.at(),
            value,
            seq: 0,
        }
    }

    /// Takes a row apart: head, identity, envelope.
    pub(crate) fn from_row(row: &Row) -> Result<(Self, Vec<u8>, &[u8]), Error> {
        let corrupt = || Error::Corrupt { what: WHAT };
        let id: [u8; 16] = row.key.as_slice().try_into().map_err(|_| corrupt())?;
        let id = RecordId::from_bytes(id);
        let mut r = Reader::new(&row.value, WHAT);
        let bytes = r.bytes()?;
        let envelope = r.rest();
        let head = Self::from_bytes(id, bytes)?;
        if row.refs != head.refs() || row.at != head.at() {
            return Err(corrupt());
        }
        Ok((head, Self::aad(id, bytes), envelope))
    }

    /// What the record's row is found by.
    fn refs(&self) -> [Option<Vec<u8>>; 2] {
        [
            Some(pair(self.tenant(), &self.meta.subject().to_bytes())),
            (!self.is_own_unit()).then(|| pair(self.tenant(), &self.unit.to_bytes())),
        ]
    }

    /// When the record's row is due; a held one never is.
    pub(crate) fn at(&self) -> Option<i64> {
        (self.bucket != BucketRef::HOLD).then(|| self.meta.expires_at().timestamp())
    }

    fn from_bytes(id: RecordId, bytes: &[u8]) -> Result<Self, Error> {
        let mut r = Reader::new(bytes, WHAT);
        if r.u8()? != VERSION {
            return Err(r.corrupt());
        }
        let meta = meta(r.bytes()?)?;
        let bucket = BucketRef {
            code: r.u8()?,
            end: r.i64()?,
        };
        let (unit, unit_ref, version) = (UnitId::from_bytes(r.array()?), r.array()?, r.u32()?);
        let count = r.u32()?;
        let mut terms = Vec::new();
        for _ in 0..count {
            terms.push(r.array()?);
        }
        r.end()?;
        // What follows from the rest, or from the record never having been sealed again, is nobody's to choose.
        let fits = bucket.code == meta.category().to_byte()
            && bucket.end >= meta.expires_at().timestamp()
            && (version > 0 || unit_ref == unit.to_bytes());
        if bucket != BucketRef::HOLD && !fits {
            return Err(Error::Corrupt { what: WHAT });
        }
        Ok(Head {
            id,
            meta,
            bucket,
            unit,
            unit_ref,
            version,
            terms,
        })
    }
}

/// Reads what [`RecordMeta::aad_bytes`] wrote and refuses anything that would not be written so again.
fn meta(bytes: &[u8]) -> Result<RecordMeta, Error> {
    let corrupt = || Error::Corrupt { what: WHAT };
    let mut r = Reader::new(bytes, WHAT);
    let tenant = TenantId::from_bytes(field(&mut r)?);
    let subject = SubjectId::from_bytes(field(&mut r)?);
    let [category] = field(&mut r)?;
    let [purposes] = field(&mut r)?;
    let region: [u8; 2] = field(&mut r)?;
    let made = i64::from_be_bytes(field(&mut r)?);
    let at = i64::from_be_bytes(field(&mut r)?);
    r.end()?;
    let region = std::str::from_utf8(&region)
        .ok()
        .and_then(|code| Region::from_code(code).ok());
    let meta = RecordMeta::new(
        tenant,
        subject,
        Category::from_byte(category).ok_or_else(corrupt)?,
        PurposeSet::from_bits(purposes).ok_or_else(corrupt)?,
        region.ok_or_else(corrupt)?,
        Expiry::from_stored(made, at).map_err(|_| corrupt())?,
    )
    .map_err(|_| corrupt())?;
    if meta.aad_bytes() == bytes {
        Ok(meta)
    } else {
        Err(corrupt())
    }
}

fn field<const N: usize>(r: &mut Reader<'_>) -> Result<[u8; N], Error> {
    if usize::from(r.u8()?) != N {
        return Err(r.corrupt());
    }
    r.array()
}

/// Names a record among what is gone.
pub(crate) fn record_gone(tenant: TenantId, id: RecordId) -> KeyId {
    KeyId::new(kind::RECORD, &tenant.to_bytes(), &id.to_bytes())
}

/// A reference of a tenant's thing.
pub(crate) fn pair(tenant: TenantId, id: &[u8; 16]) -> Vec<u8> {
    [tenant.to_bytes(), *id].concat()
}

/// Key of a term's row.
pub(crate) fn term_key(term: &[u8; 16], id: RecordId) -> Vec<u8> {
    [*term, id.to_bytes()].concat()
}
