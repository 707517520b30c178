//! Blind index terms: equality search without a readable value.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::crypt;
use crate::{Error, Key32};

/// Most terms of one record.
pub const MAX_TERMS: usize = 1024;

/// Most bytes of a term's value.
pub const MAX_TERM: usize = 4096;

const TERM: &[u8] = b"tactful crypto-store term v0";
const TRUNCATED: &[u8] = b"tactful crypto-store truncated term v0";

/// Something a record can be found by: a field and a value in its canonical form.
///
/// The store keeps the first 16 bytes of HMAC-SHA256(key of tenant and field, value) and nothing else. Equal values of two
/// tenants, or of two fields, have nothing in common. Values with few possibilities (a postcode, a first name) can be told
/// by how often they occur: index them [`truncated`](Self::truncated), or not at all.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct IndexTerm {
    #[zeroize(skip)]
    field: String,
    value: Vec<u8>,
    /// How much of the blind value is kept; 128 is all of it.
    #[zeroize(skip)]
    bits: u8,
}

/// Bits of a blind value.
const WHOLE: u8 = 128;

impl IndexTerm {
    /// Makes a term. `field` is a short name like `email`; the caller gives `value` in canonical form.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty value or a field that is not 1 to 64 of `a-z0-9_`, [`Error::TooLarge`] for a value over
    /// [`MAX_TERM`].
    pub fn new(field: &str, value: &str) -> Result<Self, Error> {
        let letters = field
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if field.is_empty() || field.len() > 64 || !letters {
            return Err(Error::Invalid {
                what: "an index field is named by 1 to 64 of a-z, 0-9 and _",
            });
        }
        if value.is_empty() {
            return Err(Error::Invalid {
                what: "an index term needs a value",
            });
        }
        if value.len() > MAX_TERM {
            return Err(Error::TooLarge {
                len: value.len(),
                limit: MAX_TERM,
            });
        }
        Ok(IndexTerm {
            field: field.to_owned(),
            value: value.as_bytes().to_vec(),
            bits: WHOLE,
        })
    }

    /// Makes a term for values with few possibilities, like a postcode or a first name: only `bits` of its blind value are
    /// kept, so that different values share it on purpose and how often it occurs tells little about any of them.
    ///
    /// A search gives candidates: records of this value and of others. Open them and compare. Keep two bits fewer than
    /// would tell the field's values apart, 8 for 1,000 postcodes, and each term stands for about four of them; fewer bits
    /// hide more and find more that was not meant (the "beacons" of the AWS Database Encryption SDK are the same bargain).
    /// A value that far more records have than any other stands out at every length: if that one is a secret, do not index
    /// the field. Terms of one field with different `bits`, and whole ones, have nothing in common: search with what was
    /// stored.
    ///
    /// ```
    /// use crypto_store::IndexTerm;
    /// assert!(IndexTerm::truncated("postcode", "75011", 6).is_ok());
    /// assert!(IndexTerm::truncated("postcode", "75011", 0).is_err());
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::Invalid`] unless `bits` is 1 to 32: longer ones would hide nothing.
    pub fn truncated(field: &str, value: &str, bits: u8) -> Result<Self, Error> {
        if !(1..=32).contains(&bits) {
            return Err(Error::Invalid {
                what: "a truncated term keeps 1 to 32 bits",
            });
        }
        let mut term = Self::new(field, value)?;
        term.bits = bits;
        Ok(term)
    }

    /// The field's name.
    pub fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn blind(&self, key: &Key32) -> [u8; 16] {
        if self.bits == WHOLE {
            let whole = crypt::hmac(key.expose(), &[TERM, &self.value]);
            return crypt::half(&whole);
        }
        let whole = crypt::hmac(key.expose(), &[TRUNCATED, &[self.bits], &self.value]);
        // The number of bits stands behind them, so that terms of two lengths never meet.
        let mut out = [0; 16];
        let mut left = self.bits;
        for (to, from) in out.iter_mut().zip(whole) {
            let keep = left.min(8);
            *to = from & !u8::MAX.checked_shr(u32::from(keep)).unwrap_or(0);
            left -= keep;
        }
        if let Some(last) = out.last_mut() {
            *last = self.bits;
        }
        out
    }
}

impl fmt::Debug for IndexTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexTerm({}, {} bytes)", self.field, self.value.len())
    }
}

#[cfg(test)]
mod tests;
