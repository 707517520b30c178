//! Ed25519 signatures (RFC 8032) on what leaves the house: packages, certificates and deletion events.
//!
//! All are signed by the operator's key, which comes in as a value, and can be checked offline by anybody who has the public
//! key. They share one key without confusion: a manifest begins with `{`, a certificate and an event each with its title.

use std::fmt;

use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};

pub use ed25519_dalek::{SigningKey, VerifyingKey};

/// The length of a signature in bytes.
pub(crate) const SIGNATURE: usize = Signature::BYTE_SIZE;

/// Names a public key: the first 16 bytes of the SHA-256 of its 32 bytes, shown as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 16]);

impl KeyId {
    /// The name of a key.
    #[must_use]
    pub fn of(key: &VerifyingKey) -> Self {
        let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(digest) {
            *to = from;
        }
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// Signs bytes. The same bytes and key give the same signature.
pub(crate) fn sign(key: &SigningKey, bytes: &[u8]) -> [u8; SIGNATURE] {
    key.sign(bytes).to_bytes()
}

/// Whether this is the one signature of these bytes by this key; weak keys and second forms of a signature are refused.
pub(crate) fn verifies(key: &VerifyingKey, bytes: &[u8], signature: &[u8]) -> bool {
    <&[u8; SIGNATURE]>::try_from(signature)
        .is_ok_and(|s| key.verify_strict(bytes, &Signature::from_bytes(s)).is_ok())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use fmt::Write as _;
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads what [`hex`] wrote; upper-case digits are refused, so that one value has one form.
pub(crate) fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut out = [0; N];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    for (to, [high, low]) in out.iter_mut().zip(pairs) {
        *to = digit(*high)? << 4 | digit(*low)?;
    }
    Some(out)
}
