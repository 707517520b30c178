//! A 256-bit secret.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Entropy, Error};

/// Length of every key, in bytes.
pub const KEY_LEN: usize = 32;

/// A 256-bit secret: zeroed on drop, compared in constant time, never printed.
///
/// ```
/// let key = crypto_store::Key32::from_bytes([7; 32]);
/// assert_eq!(format!("{key:?}"), "Key32(32 bytes)");
/// ```
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Key32([u8; KEY_LEN]);

impl Key32 {
    /// Takes bytes that are a secret already.
    pub fn from_bytes(bytes: [u8; KEY_LEN]) -> Self {
        Key32(bytes)
    }

    /// Draws a fresh key.
    ///
    /// # Errors
    /// [`Error::Entropy`] when the source fails.
    pub fn random(entropy: &dyn Entropy) -> Result<Self, Error> {
        let mut key = Key32([0; KEY_LEN]);
        entropy.fill(&mut key.0)?;
        Ok(key)
    }

    /// Returns the secret bytes. For providers that hand the key to a device or service.
    pub fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; KEY_LEN] {
        &mut self.0
    }

    pub(crate) fn zeroed() -> Self {
        Key32([0; KEY_LEN])
    }
}

impl ConstantTimeEq for Key32 {
    fn ct_eq(&self, other: &Self) -> subtle::Choice {
        self.0.ct_eq(&other.0)
    }
}

impl PartialEq for Key32 {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for Key32 {}

impl fmt::Debug for Key32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key32(32 bytes)")
    }
}
