//! The few cryptographic steps, each in one place: every record, key and leaf passes through these functions.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use hmac::HmacKey;
use sha2::{Digest, Sha256};

use crate::Key32;

mod hmac;

pub(crate) const NONCE_LEN: usize = 12;
pub(crate) const TAG_LEN: usize = 16;

/// An authentication tag that does not fit, or a length no cipher takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// AES-256-GCM in place; returns the tag.
pub(crate) fn encrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    buf: &mut [u8],
) -> Result<[u8; TAG_LEN], Refused> {
    use aes_gcm::AeadInOut;
    let cipher = Aes256Gcm::new(key.into());
    let tag = cipher
        .encrypt_inout_detached(nonce.into(), aad, InOutBuf::from(buf))
        .map_err(|_| Refused)?;
    Ok(tag.into())
}

/// AES-256-GCM in place; the buffer is plaintext only if the tag fits.
pub(crate) fn decrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE_LEN],
    aad: &[u8],
    buf: &mut [u8],
    tag: &[u8; TAG_LEN],
) -> Result<(), Refused> {
    use aes_gcm::AeadInOut;
    let cipher = Aes256Gcm::new(key.into());
    cipher
        .decrypt_inout_detached(nonce.into(), aad, InOutBuf::from(buf), tag.into())
        .map_err(|_| Refused)
}

/// HKDF-SHA256 (RFC 5869) over concatenated parts. `out` is at most 8,160 bytes.
pub(crate) fn hkdf(
    salt: &[u8],
    ikm: &[&[u8]],
    info: &[&[u8]],
    out: &mut [u8],
) -> Result<(), Refused> {
    clean(|| {
        let (key, _) = HmacKey::extract(salt, ikm, &[]);
        key.expand(info, out).ok_or(Refused)
    })
}

/// Key and commitment: HKDF-SHA256 of 64 bytes whose info is a label and the SHA-256 of `context`. To be called inside of
/// [`clean`].
pub(crate) fn derive(
    salt: &[u8; 32],
    keys: &[&[u8]],
    label: &[u8],
    context: &[u8],
) -> Result<[[u8; 32]; 2], Refused> {
    let (key, context) = HmacKey::extract(salt, keys, context);
    let mut out = [[0; 32]; 2];
    key.expand(&[label, &context], out.as_flattened_mut())
        .ok_or(Refused)?;
    Ok(out)
}

/// HMAC-SHA256 (RFC 2104) over concatenated parts.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    clean(|| HmacKey::new(key).mac(parts))
}

/// HMAC-SHA256 whose result is a key.
pub(crate) fn hmac_key(key: &[u8; 32], parts: &[&[u8]]) -> Key32 {
    clean(|| mac_key(key, parts))
}

/// As [`hmac_key`], to be called inside of [`clean`].
pub(crate) fn mac_key(key: &[u8; 32], parts: &[&[u8]]) -> Key32 {
    Key32::copy_of(&HmacKey::new(key).mac(parts))
}

/// Bytes of stack to overwrite: all that sealing and wrapping use, which is 11,400 in release where the cipher takes the widest
/// registers, and a test measures.
const DEPTH: usize = if cfg!(debug_assertions) {
    32 << 10
} else {
    12 << 10
};

/// Works, then overwrites the stack below: round keys, padded keys and texts are copied there by moves and spilled registers,
/// where no destructor sees them. What is returned must not hold a secret in itself, only behind a pointer.
pub(crate) fn clean<T>(work: impl FnOnce() -> T) -> T {
    let out = apart(work);
    wipe();
    out
}

/// A frame of its own, so that all of it lies where [`wipe`] writes.
#[inline(never)]
fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    let mut below = [0u8; DEPTH];
    std::hint::black_box(&mut below);
}

/// SHA-256 over concatenated parts.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// The first half of a 32-byte digest: blind ids and index terms.
pub(crate) fn half(digest: &[u8; 32]) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(digest) {
        *to = *from;
    }
    out
}

#[cfg(all(test, unix))]
mod depth;
#[cfg(test)]
mod tests;
