//! The few cryptographic steps, each in one place: every record, key and leaf passes through these functions.

use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{Aes256Gcm, KeyInit};
use hkdf::HkdfExtract;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

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
    let mut mac = Hmac::<Sha256>::new(&padded(key).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A 32-byte key fills the HMAC block with zeros (RFC 2104, section 2); with the whole block given nothing can fail.
fn padded(key: &[u8; 32]) -> [u8; 64] {
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    block
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
