//! Keys and seeds of the caller, and the one function that uses them.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A key for codes: 32 random bytes of the caller's, zeroised on drop. Whoever has it can try values against codes.
///
/// ```
/// let key = redact::operator::HashKey::new([7; 32]);
/// assert_eq!(format!("{key:?}"), "HashKey(32 bytes)");
/// ```
pub struct HashKey(Zeroizing<[u8; 32]>);

/// A seed for stand-ins: 32 random bytes of the caller's, zeroised on drop. The same seed gives the same stand-ins.
pub struct Seed(Zeroizing<[u8; 32]>);

impl HashKey {
    /// Takes the bytes. They must be random: a password is none.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Seed {
    /// Takes the bytes. They must be random, so that nobody else can compute who stands for whom.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(32 bytes)")
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(32 bytes)")
    }
}

/// HMAC-SHA-256 (RFC 2104, FIPS 180-4) over parts, each behind its length, so that no two lists of parts are one message.
pub(super) fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    // `new` takes a block of the hash: a shorter key is filled with zeros, as RFC 2104 says.
    let mut block = Zeroizing::new([0_u8; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        mac.update(part);
    }
    Zeroizing::new(mac.finalize().into_bytes().into())
}

/// A stream of numbers from a keyed hash: what stand-ins are drawn from.
pub(super) struct Draw<'k> {
    key: &'k [u8; 32],
    label: Vec<u8>,
    block: Zeroizing<[u8; 32]>,
    used: usize,
    count: u64,
}

impl<'k> Draw<'k> {
    /// The numbers of this key, purpose and attempt; `value` is in canonical form.
    pub(super) fn new(key: &'k [u8; 32], purpose: &str, value: &str, attempt: u64) -> Self {
        let start = keyed(
            key,
            &[
                b"tactful-redact stand-in v1",
                purpose.as_bytes(),
                value.as_bytes(),
                &attempt.to_le_bytes(),
            ],
        );
        Self {
            key,
            label: start.to_vec(),
            block: Zeroizing::new([0; 32]),
            used: 32,
            count: 0,
        }
    }

    fn byte(&mut self) -> u8 {
        if self.used >= self.block.len() {
            self.block = keyed(self.key, &[&self.label, &self.count.to_le_bytes()]);
            self.count += 1;
            self.used = 0;
        }
        let byte = self.block.get(self.used).copied().unwrap_or_default();
        self.used += 1;
        byte
    }

    /// A number below `limit`, 0 for a limit of 0. 64 bits are drawn: the bias is below one in 2^44 for a limit of a million.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let wide = (0..8).fold(0_u64, |n, _| n << 8 | u64::from(self.byte()));
        u64::try_from(limit)
            .ok()
            .and_then(|limit| wide.checked_rem(limit))
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or_default()
    }

    /// One of a list.
    pub(super) fn of<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        list.get(self.below(list.len()))
    }

    /// A digit as a character.
    pub(super) fn digit(&mut self) -> char {
        char::from(b'0' + u8::try_from(self.below(10)).unwrap_or_default())
    }

    /// A capital letter.
    pub(super) fn letter(&mut self) -> char {
        char::from(b'A' + u8::try_from(self.below(26)).unwrap_or_default())
    }
}
