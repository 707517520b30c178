//! Blind index terms: equality search without a readable value.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::crypt;
use crate::{Error, Key32};

/// Most terms of one record.
pub const MAX_TERMS: usize = 1024;

/// Most bytes of a term's value.
pub const MAX_TERM: usize = 4096;

/// Something a record can be found by: a field and a value in its canonical form.
///
/// The store keeps the first 16 bytes of HMAC-SHA256(key of tenant and field, value) and nothing else. Equal values of two
/// tenants, or of two fields, have nothing in common. Values with few possibilities (a postcode, a first name) can be told
/// by how often they occur: do not index them.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct IndexTerm {
    #[zeroize(skip)]
    field: String,
    value: Vec<u8>,
}

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
        })
    }

    /// The field's name.
    pub fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn blind(&self, key: &Key32) -> [u8; 16] {
        crypt::half(&crypt::hmac(
            key.expose(),
            &[b"tactful crypto-store term v0", &self.value],
        ))
    }
}

impl fmt::Debug for IndexTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IndexTerm({}, {} bytes)", self.field, self.value.len())
    }
}
