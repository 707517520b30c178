//! One sealed record, byte for byte.
//!
//! ```text
//! "CS" | format u8 = 0 | suite u8 = 1 | salt 32 | nonce 12 | commitment 32 | ciphertext | tag 16
//! ```
//!
//! The key is derived for this one record from three keys that live elsewhere; the record's identity is associated data
//! and is not stored here. An envelope that is moved to another row has another identity and does not open.

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::crypt::{self, NONCE_LEN, TAG_LEN};
use crate::wire::Reader;
use crate::{Error, Key32};

/// Format of envelopes. The store around them has a format of its own ([`crate::FORMAT`]).
const FORMAT: u8 = 0;

/// HKDF-SHA256, 32-byte commitment, AES-256-GCM.
pub const SUITE: u8 = 1;

/// Bytes an envelope adds to its content.
pub const OVERHEAD: usize = MAGIC.len() + 2 + SALT_LEN + NONCE_LEN + COMMIT_LEN + TAG_LEN;

/// Most content of one record, in bytes (64 MiB).
pub const MAX_BODY: usize = 64 << 20;

const MAGIC: &[u8; 2] = b"CS";
const SALT_LEN: usize = 32;
/// Random bytes of one envelope: salt and nonce.
pub(crate) const RANDOM_LEN: usize = SALT_LEN + NONCE_LEN;
const COMMIT_LEN: usize = 32;
const INFO: &[u8] = b"tactful crypto-store record v0";
const WHAT: &str = "a sealed record";

/// The three keys a record needs. Without any one of them it is noise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordKeys<'a> {
    pub(crate) subject: &'a Key32,
    pub(crate) bucket: &'a Key32,
    pub(crate) unit: &'a Key32,
}

/// What HKDF gives for one record. To be made, used and dropped inside of [`crypt::clean`].
struct Derived {
    key: [u8; 32],
    commitment: [u8; COMMIT_LEN],
}

impl Derived {
    fn new(keys: RecordKeys<'_>, salt: &[u8; SALT_LEN], aad: &[u8]) -> Result<Self, Error> {
        let keys = [keys.subject, keys.bucket, keys.unit].map(|key| &key.expose()[..]);
        let [key, commitment] =
            crypt::derive(salt, &keys, INFO, aad).map_err(|_| Error::Corrupt { what: WHAT })?;
        Ok(Derived { key, commitment })
    }
}

/// Seals `body` for the identity `aad`. `random` is used for this one envelope and never again.
pub(crate) fn seal(
    keys: RecordKeys<'_>,
    aad: &[u8],
    body: &[u8],
    random: &[u8; RANDOM_LEN],
) -> Result<Vec<u8>, Error> {
    if body.len() > MAX_BODY {
        return Err(Error::TooLarge {
            len: body.len(),
            limit: MAX_BODY,
        });
    }
    let mut parts = Reader::new(random, WHAT);
    let (salt, nonce): ([u8; SALT_LEN], [u8; NONCE_LEN]) = (parts.array()?, parts.array()?);

    let mut out = Vec::with_capacity(body.len() + OVERHEAD);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[FORMAT, SUITE]);
    out.extend_from_slice(&salt);
    out.extend_from_slice(&nonce);
    let sealed = crypt::clean(|| {
        let derived = Derived::new(keys, &salt, aad)?;
        out.extend_from_slice(&derived.commitment);
        let start = out.len();
        out.extend_from_slice(body);
        let content = out.get_mut(start..).ok_or(Error::Corrupt { what: WHAT })?;
        let tag = crypt::encrypt(&derived.key, &nonce, aad, content);
        let tag = tag.map_err(|_| Error::TooLarge {
            len: body.len(),
            limit: MAX_BODY,
        })?;
        out.extend_from_slice(&tag);
        Ok(())
    });
    if let Err(e) = sealed {
        out.zeroize();
        return Err(e);
    }
    Ok(out)
}

/// Opens an envelope for the identity `aad`. Every refusal of a well-formed envelope is the same error.
pub(crate) fn open(
    keys: RecordKeys<'_>,
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let parts = Parts::parse(sealed)?;
    crypt::clean(|| {
        let derived = Derived::new(keys, &parts.salt, aad)?;
        // The commitment comes first: a ciphertext that opens under two keys is refused before the cipher sees it.
        if !bool::from(derived.commitment.ct_eq(&parts.commitment)) {
            return Err(Error::Corrupt { what: WHAT });
        }
        let mut body = Zeroizing::new(parts.ciphertext.to_vec());
        crypt::decrypt(&derived.key, &parts.nonce, aad, &mut body, &parts.tag)
            .map_err(|_| Error::Corrupt { what: WHAT })?;
        Ok(body)
    })
}

/// An envelope taken apart.
struct Parts<'a> {
    salt: [u8; SALT_LEN],
    nonce: [u8; NONCE_LEN],
    commitment: [u8; COMMIT_LEN],
    ciphertext: &'a [u8],
    tag: [u8; TAG_LEN],
}

impl<'a> Parts<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut r = Reader::new(bytes, WHAT);
        if r.take(MAGIC.len())? != MAGIC {
            return Err(r.corrupt());
        }
        let format = r.u8()?;
        if format > FORMAT {
            return Err(Error::NewerFormat {
                found: u32::from(format),
                known: u32::from(FORMAT),
                by: None,
            });
        }
        if r.u8()? != SUITE {
            return Err(r.corrupt());
        }
        let (salt, nonce, commitment) = (r.array()?, r.array()?, r.array()?);
        let corrupt = r.corrupt();
        let rest = r.rest();
        let Some((ciphertext, tag)) = rest.split_last_chunk::<TAG_LEN>() else {
            return Err(corrupt);
        };
        if ciphertext.len() > MAX_BODY {
            return Err(corrupt);
        }
        Ok(Parts {
            salt,
            nonce,
            commitment,
            ciphertext,
            tag: *tag,
        })
    }
}

#[cfg(test)]
pub(crate) mod tests;
