//! One key under another.
//!
//! ```text
//! version u8 = 1 | epoch u32 | salt 16 | nonce 12 | ciphertext 32 | tag 16        (81 bytes)
//! ```
//!
//! A parent key wraps millions of children, and AES-GCM with random nonces wants fewer than 2^32 messages a key. So each
//! wrap has a key of its own: HMAC-SHA256(parent, label || salt). The epoch says which of a tenant's keys is the parent; it
//! is part of the associated data. Roots have no epochs and write zero.
//!
//! Version 0 had no epoch (77 bytes); files of root keys still hold it.

use crate::crypt::{self, NONCE_LEN};
use crate::entropy::draw;
use crate::wire::Reader;
use crate::{Entropy, Error, Key32};

/// Length of a wrapped key, in bytes.
pub(crate) const WRAPPED_LEN: usize = 1 + 4 + SALT_LEN + NONCE_LEN + 32 + crypt::TAG_LEN;

const SALT_LEN: usize = 16;
const VERSION: u8 = 1;
const LABEL: &[u8] = b"tactful crypto-store wrap v1";
const LABEL_0: &[u8] = b"tactful crypto-store wrap v0";
const WHAT: &str = "a wrapped key";

/// Wraps `key` under the key that its tenant has in `epoch`.
pub(crate) fn wrap(
    parent: &Key32,
    epoch: u32,
    context: &[u8],
    key: &Key32,
    entropy: &dyn Entropy,
) -> Result<[u8; WRAPPED_LEN], Error> {
    let random: [u8; SALT_LEN + NONCE_LEN] = draw(entropy)?;
    let mut parts = Reader::new(&random, WHAT);
    let (salt, nonce): ([u8; SALT_LEN], [u8; NONCE_LEN]) = (parts.array()?, parts.array()?);
    let aad = [&epoch.to_be_bytes(), context].concat();
    // Encrypted where it stands: the copy is never a key again.
    let mut body = Key32::copy_of(key.expose());
    let tag = crypt::clean(|| {
        let once = crypt::mac_key(parent.expose(), &[LABEL, &salt]);
        crypt::encrypt(once.expose(), &nonce, &aad, body.bytes_mut())
    })
    .map_err(|_| Error::Corrupt { what: WHAT })?;

    let mut out = [0; WRAPPED_LEN];
    let fields = [VERSION]
        .into_iter()
        .chain(epoch.to_be_bytes())
        .chain(salt)
        .chain(nonce)
        .chain(body.expose().iter().copied())
        .chain(tag);
    for (to, from) in out.iter_mut().zip(fields) {
        *to = from;
    }
    Ok(out)
}

/// The epoch of the parent that a wrapped key needs; 0 in version 0.
pub(crate) fn epoch(wrapped: &[u8]) -> Result<u32, Error> {
    let mut r = Reader::new(wrapped, WHAT);
    match r.u8()? {
        0 => Ok(0),
        VERSION => r.u32(),
        _ => Err(r.corrupt()),
    }
}

/// Unwraps. A wrong parent, a wrong context and an altered byte are the same refusal.
pub(crate) fn unwrap(parent: &Key32, context: &[u8], wrapped: &[u8]) -> Result<Key32, Error> {
    let mut r = Reader::new(wrapped, WHAT);
    let (label, aad) = match r.u8()? {
        0 => (LABEL_0, context.to_vec()),
        VERSION => (LABEL, [&r.array::<4>()?, context].concat()),
        _ => return Err(r.corrupt()),
    };
    let salt: [u8; SALT_LEN] = r.array()?;
    let nonce: [u8; NONCE_LEN] = r.array()?;
    let mut key = Key32::from_bytes(r.array()?);
    let tag = r.array()?;
    r.end()?;
    crypt::clean(|| {
        let once = crypt::mac_key(parent.expose(), &[label, &salt]);
        crypt::decrypt(once.expose(), &nonce, &aad, key.bytes_mut(), &tag)
    })
    .map_err(|_| Error::Corrupt { what: WHAT })?;
    Ok(key)
}

#[cfg(test)]
pub(crate) mod tests;
