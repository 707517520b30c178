//! Names of keys and of the few other rows beside them.

use retention_policy::{SubjectId, TenantId};

use crate::backend::KeyId;
use crate::crypt;
use crate::wire::Writer;

/// Kinds of rows beside the records; the first byte of a [`KeyId`].
pub(crate) mod kind {
    pub(crate) const HEADER: u8 = 0;
    pub(crate) const AUDIT: u8 = 1;
    pub(crate) const MARK: u8 = 2;
    pub(crate) const TENANT: u8 = 3;
    pub(crate) const BUCKET: u8 = 4;
    pub(crate) const INDEX: u8 = 5;
    pub(crate) const SUBJECT: u8 = 6;
    pub(crate) const UNIT: u8 = 7;
    /// No key: names a record among what is gone.
    pub(crate) const RECORD: u8 = 8;
    /// No key: epochs of a tenant.
    pub(crate) const STATE: u8 = 9;
    /// No key: unit keys of a tenant that were made ahead.
    pub(crate) const POOL: u8 = 10;
    /// No key: a person (or, with zeros, the tenant) that was erased.
    pub(crate) const PERSON_GONE: u8 = 11;
}

const ZEROS: [u8; 16] = [0; 16];

pub(crate) fn store_key(kind: u8) -> KeyId {
    KeyId::new(kind, &ZEROS, &ZEROS)
}

/// A tenant's key of one epoch.
pub(crate) fn tenant_key(tenant: TenantId, epoch: u32) -> KeyId {
    let mut reference = ZEROS;
    put(&mut reference, 0, &epoch.to_be_bytes());
    KeyId::new(kind::TENANT, &tenant.to_bytes(), &reference)
}

pub(crate) fn state_row(tenant: TenantId) -> KeyId {
    KeyId::new(kind::STATE, &tenant.to_bytes(), &ZEROS)
}

pub(crate) fn pool_row(tenant: TenantId) -> KeyId {
    KeyId::new(kind::POOL, &tenant.to_bytes(), &ZEROS)
}

/// The note that a person was erased; of the whole tenant without one.
pub(crate) fn person_gone(tenant: TenantId, subject: Option<SubjectId>) -> KeyId {
    let reference = subject.map_or(ZEROS, |s| s.to_bytes());
    KeyId::new(kind::PERSON_GONE, &tenant.to_bytes(), &reference)
}

pub(crate) fn subject_key(tenant: TenantId, subject: SubjectId) -> KeyId {
    KeyId::new(kind::SUBJECT, &tenant.to_bytes(), &subject.to_bytes())
}

pub(crate) fn unit_key(tenant: TenantId, reference: &[u8; 16]) -> KeyId {
    KeyId::new(kind::UNIT, &tenant.to_bytes(), reference)
}

/// The key of a field in one index epoch.
pub(crate) fn index_key(tenant: TenantId, field: &str, epoch: u32) -> KeyId {
    let mut reference = crypt::half(&crypt::sha256(&[field.as_bytes()]));
    put(&mut reference, 12, &epoch.to_be_bytes());
    KeyId::new(kind::INDEX, &tenant.to_bytes(), &reference)
}

/// What every index key of a tenant begins with, as the name before the first of them.
pub(crate) fn index_prefix(tenant: TenantId) -> KeyId {
    KeyId::new(kind::INDEX, &tenant.to_bytes(), &ZEROS)
}

/// The name before the first key of a kind that a tenant can have.
pub(crate) fn tenant_prefix(kind: u8, tenant: TenantId) -> KeyId {
    KeyId::new(kind, &tenant.to_bytes(), &ZEROS)
}

/// The first two parts of a name.
pub(super) fn kind_and_tenant(id: KeyId) -> Option<(u8, TenantId)> {
    let (first, rest) = id.as_bytes().split_first()?;
    let tenant: &[u8; 16] = rest.first_chunk()?;
    Some((*first, TenantId::from_bytes(*tenant)))
}

/// The tenant whose key this names.
pub(super) fn tenant_of_tenant_key(id: KeyId) -> Option<TenantId> {
    let (first, tenant) = kind_and_tenant(id)?;
    (first == kind::TENANT).then_some(tenant)
}

/// The note that would say that the person of this key was erased.
pub(super) fn note_of_subject(id: KeyId) -> Option<KeyId> {
    let (first, rest) = id.as_bytes().split_first()?;
    let (tenant, reference) = rest.split_first_chunk::<16>()?;
    let reference: &[u8; 16] = reference.first_chunk()?;
    (*first == kind::SUBJECT).then(|| KeyId::new(kind::PERSON_GONE, tenant, reference))
}

pub(super) fn is_unit(id: KeyId) -> bool {
    id.as_bytes().first() == Some(&kind::UNIT)
}

fn put(reference: &mut [u8; 16], at: usize, bytes: &[u8; 4]) {
    for (to, from) in reference.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}

/// What a wrapped key is bound to.
pub(crate) fn context(store: &[u8; 16], id: KeyId) -> Vec<u8> {
    Writer::with_capacity(80)
        .fixed(b"tactful crypto-store key v0")
        .fixed(store)
        .fixed(id.as_bytes())
        .done()
}
