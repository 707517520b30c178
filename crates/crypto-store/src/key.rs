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
// Behind a pointer: a move then copies the pointer. Bytes that are moved stay where they were, and nothing zeroes them there.
pub struct Key32(Box<[u8; KEY_LEN]>);

impl Key32 {
    /// Takes bytes that are a secret already. The caller's copy stays with the caller.
    pub fn from_bytes(mut bytes: [u8; KEY_LEN]) -> Self {
        let key = Self::copy_of(&bytes);
        bytes.zeroize();
        key
    }

    pub(crate) fn copy_of(bytes: &[u8; KEY_LEN]) -> Self {
        let mut key = Self::zeroed();
        key.0.copy_from_slice(bytes);
        key
    }

    /// Draws a fresh key.
    ///
    /// # Errors
    /// [`Error::Entropy`] when the source fails.
    pub fn random(entropy: &dyn Entropy) -> Result<Self, Error> {
        let mut key = Self::zeroed();
        entropy.fill(&mut *key.0)?;
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
        Key32(Box::new([0; KEY_LEN]))
    }
}

impl Zeroize for Key32 {
    fn zeroize(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl Drop for Key32 {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for Key32 {}

impl ConstantTimeEq for Key32 {
    fn ct_eq(&self, other: &Self) -> subtle::Choice {
        self.0.as_slice().ct_eq(other.0.as_slice())
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
