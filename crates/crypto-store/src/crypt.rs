//! The few cryptographic steps, each in one place: every record, key and leaf passes through these functions.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::HkdfExtract;
use hmac::digest::FixedOutput;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Key32;

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
    let mut extract = HkdfExtract::<Sha256>::new(Some(salt));
    for part in ikm {
        extract.input_ikm(part);
    }
    let (_, hkdf) = extract.finalize();
    hkdf.expand_multi_info(info, out).map_err(|_| Refused)
}

/// HMAC-SHA256 (RFC 2104) over concatenated parts.
pub(crate) fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    clean(|| mac(key, parts).finalize().into_bytes().into())
}

/// HMAC-SHA256 whose result is a key.
pub(crate) fn hmac_key(key: &[u8; 32], parts: &[&[u8]]) -> Key32 {
    clean(|| mac_key(key, parts))
}

/// As [`hmac_key`], to be called inside of [`clean`].
pub(crate) fn mac_key(key: &[u8; 32], parts: &[&[u8]]) -> Key32 {
    let mut out = Key32::zeroed();
    mac(key, parts).finalize_into(out.bytes_mut().into());
    out
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Hmac<Sha256> {
    // A 32-byte key fills the HMAC block with zeros (RFC 2104, section 2); with the whole block given nothing can fail.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    for part in parts {
        Mac::update(&mut mac, part);
    }
    mac
}

/// Stack that sealing and wrapping use at most, in bytes, with room to spare; `memory_scan` finds what lies below it.
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

#[cfg(test)]
mod tests;
