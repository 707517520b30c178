//! What one person may fetch: sealed under a token that nobody keeps.
//!
//! ```text
//! parcel   "TCSPARC0" | salt 32 | commitment 32 | ciphertext | tag 16
//! ```
//!
//! The token goes to the person; whoever keeps the parcel keeps its id at most. So neither an operator nor a copy of the
//! store can open it, and with the last copy of the link the content is gone.

use std::fmt;
use std::fmt::Write as _;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::crypt::{self, NONCE_LEN, TAG_LEN};
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, KEY_LEN, Key32, MAX_BODY};

const MAGIC: &[u8; 8] = b"TCSPARC0";
const SALT_LEN: usize = 32;
const COMMIT_LEN: usize = 32;
const HEADER_LEN: usize = MAGIC.len() + SALT_LEN;
/// Bytes a parcel adds to its content.
const OVERHEAD: usize = HEADER_LEN + COMMIT_LEN + TAG_LEN;
const KEY_LABEL: &[u8] = b"tactful crypto-store parcel v0";
const ID_LABEL: &[u8] = b"tactful crypto-store parcel id v0";
const WHAT: &str = "a parcel";

/// What opens one parcel: 256 random bits, 64 hexadecimal digits as text.
///
/// ```
/// use crypto_store::{OsEntropy, ParcelToken};
/// let token = ParcelToken::random(&OsEntropy::new())?;
/// let parcel = token.seal(b"what is known of you", &OsEntropy::new())?;
/// let again = ParcelToken::parse(&token.expose())?;
/// assert_eq!(*again.open(&parcel)?, b"what is known of you");
/// # Ok::<(), crypto_store::Error>(())
/// ```
pub struct ParcelToken(Key32);

impl ParcelToken {
    /// Draws a token. A token seals one parcel.
    ///
    /// # Errors
    /// [`Error::Entropy`].
    pub fn random(entropy: &dyn Entropy) -> Result<Self, Error> {
        Key32::random(entropy).map(ParcelToken)
    }

    /// Takes a token out of a link.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it is 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let invalid = || Error::Invalid {
            what: "a token is 64 hexadecimal digits: the link was cut or changed",
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != KEY_LEN || !rest.is_empty() {
            return Err(invalid());
        }
        let mut key = Key32::zeroed();
        for (to, pair) in key.bytes_mut().iter_mut().zip(pairs) {
            let digit = |byte: u8| {
                (byte as char)
                    .to_digit(16)
                    .and_then(|d| u8::try_from(d).ok())
            };
            let [high, low] = pair.map(digit);
            *to = high.ok_or_else(invalid)? << 4 | low.ok_or_else(invalid)?;
        }
        Ok(ParcelToken(key))
    }

    /// Returns the token as text, for the link and nothing else.
    pub fn expose(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(2 * KEY_LEN));
        for byte in self.0.expose() {
            // Writing to a String cannot fail.
            let _ = write!(*text, "{byte:02x}");
        }
        text
    }

    /// Names the parcel without giving the token away: HMAC-SHA256 of the token, 32 bytes.
    pub fn id(&self) -> [u8; 32] {
        crypt::hmac(self.0.expose(), &[ID_LABEL])
    }

    /// Whether a parcel is this token's, by the name that [`id`](Self::id) gave it. Takes as long for every name.
    pub fn is_of(&self, id: &[u8; 32]) -> bool {
        self.id().ct_eq(id).into()
    }

    /// Seals the content.
    ///
    /// # Errors
    /// [`Error::TooLarge`] above 64 MiB less what a parcel adds, so that it fits a record; [`Error::Entropy`].
    pub fn seal(&self, content: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, Error> {
        let limit = MAX_BODY - OVERHEAD;
        let large = || Error::TooLarge {
            len: content.len(),
            limit,
        };
        if content.len() > limit {
            return Err(large());
        }
        let salt: [u8; SALT_LEN] = draw(entropy)?;
        let header = header(&salt);
        crypt::clean(|| {
            let okm = self.derive(&salt, &header)?;
            let mut sealed = content.to_vec();
            let tag = crypt::encrypt(key(&okm)?, &NONCE, &header, &mut sealed);
            Ok(Writer::with_capacity(content.len() + OVERHEAD)
                .fixed(&header)
                .fixed(commitment(&okm)?)
                .fixed(&sealed)
                .fixed(&tag.map_err(|_| large())?)
                .done())
        })
    }

    /// Opens a parcel.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for another token's parcel and for one that was altered.
    pub fn open(&self, parcel: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        let corrupt = || Error::Corrupt { what: WHAT };
        let mut r = Reader::new(parcel, WHAT);
        if r.take(MAGIC.len())? != MAGIC {
            return Err(corrupt());
        }
        let (salt, given): ([u8; SALT_LEN], [u8; COMMIT_LEN]) = (r.array()?, r.array()?);
        let (sealed, tag) = r.rest().split_last_chunk().ok_or_else(corrupt)?;
        let header = header(&salt);
        crypt::clean(|| {
            let okm = self.derive(&salt, &header)?;
            if !bool::from(commitment(&okm)?.ct_eq(&given)) {
                return Err(corrupt());
            }
            let mut content = Zeroizing::new(sealed.to_vec());
            crypt::decrypt(key(&okm)?, &NONCE, &header, &mut content, tag)
                .map_err(|_| corrupt())?;
            Ok(content)
        })
    }

    fn derive(&self, salt: &[u8; SALT_LEN], header: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        // Behind a pointer: a move leaves no copy.
        let mut okm = Zeroizing::new(vec![0; 64]);
        let info: [&[u8]; 2] = [KEY_LABEL, &crypt::sha256(&[header])];
        crypt::hkdf(salt, &[self.0.expose()], &info, &mut okm)
            .map_err(|_| Error::Corrupt { what: WHAT })?;
        Ok(okm)
    }
}

/// Each key is used once: the salt is fresh.
const NONCE: [u8; NONCE_LEN] = [0; NONCE_LEN];

fn header(salt: &[u8; SALT_LEN]) -> Vec<u8> {
    [&MAGIC[..], salt].concat()
}

fn key(okm: &[u8]) -> Result<&[u8; 32], Error> {
    okm.first_chunk().ok_or(Error::Corrupt { what: WHAT })
}

fn commitment(okm: &[u8]) -> Result<&[u8; COMMIT_LEN], Error> {
    okm.last_chunk().ok_or(Error::Corrupt { what: WHAT })
}

impl fmt::Debug for ParcelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParcelToken(32 bytes)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SeededEntropy;

    #[test]
    fn a_parcel_opens_with_its_token_alone() {
        let entropy = SeededEntropy::insecure(8);
        let token = ParcelToken::random(&entropy).unwrap();
        let other = ParcelToken::random(&entropy).unwrap();
        assert_ne!(token.id(), other.id());
        for content in [&b""[..], b"x", &[7; 100_000]] {
            let parcel = token.seal(content, &entropy).unwrap();
            assert_eq!(*token.open(&parcel).unwrap(), content);
            assert!(other.open(&parcel).is_err());
            assert_ne!(parcel, token.seal(content, &entropy).unwrap());
        }
    }

    #[test]
    fn no_altered_or_cut_parcel_opens() {
        let entropy = SeededEntropy::insecure(9);
        let token = ParcelToken::random(&entropy).unwrap();
        let parcel = token.seal(b"what is known of you", &entropy).unwrap();
        for at in 0..parcel.len() {
            let mut altered = parcel.clone();
            altered[at] ^= 1;
            assert!(token.open(&altered).is_err(), "{at}");
            assert!(token.open(&parcel[..at]).is_err(), "{at}");
        }
        assert!(token.open(&[&parcel[..], b"x"].concat()).is_err());
    }

    #[test]
    fn a_link_that_was_changed_is_told() {
        let token = ParcelToken::random(&SeededEntropy::insecure(10)).unwrap();
        let text = token.expose();
        assert_eq!(ParcelToken::parse(&text).unwrap().id(), token.id());
        let upper = ParcelToken::parse(&text.to_uppercase()).unwrap();
        assert_eq!(upper.id(), token.id());
        for wrong in [
            "",
            &text[1..],
            &format!("{}g", &text[1..]),
            &format!("{}\u{e9}", &text[2..]),
        ] {
            assert!(matches!(
                ParcelToken::parse(wrong),
                Err(Error::Invalid { .. })
            ));
        }
        assert_eq!(format!("{token:?}"), "ParcelToken(32 bytes)");
    }
}
