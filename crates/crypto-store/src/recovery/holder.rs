//! Who holds a share: age keys.

use std::fmt;
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use zeroize::Zeroizing;

use crate::Error;

/// The public key of a holder: an age X25519 recipient, `age1...`.
///
/// ```
/// use crypto_store::recovery::{Identity, Recipient};
///
/// let identity = Identity::generate();
/// let recipient: Recipient = identity.recipient().to_string().parse()?;
/// assert_eq!(recipient, identity.recipient());
/// assert!("age1wrong".parse::<Recipient>().is_err());
/// # Ok::<(), crypto_store::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Recipient(pub(super) age::x25519::Recipient);

impl FromStr for Recipient {
    type Err = Error;

    /// Takes the line that `age-keygen` prints.
    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = Error::Invalid {
            what: "a recipient is not an age X25519 key: give the line that begins with age1",
        };
        let text = text.trim();
        let Ok(recipient) = text.parse() else {
            return Err(invalid);
        };
        // A point of low order makes the shared secret zero for everybody (RFC 7748, section 6.1), and age panics.
        let point = bech32::decode(text).ok().map(|(_, bytes)| bytes);
        let Some(Ok(point)) = point.map(<[u8; 32]>::try_from) else {
            return Err(invalid);
        };
        if x25519_dalek::x25519([1; 32], point) == [0; 32] {
            return Err(invalid);
        }
        Ok(Recipient(recipient))
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(32 bytes)")
    }
}

/// The secret key of a holder: an age X25519 identity, `AGE-SECRET-KEY-1...`.
///
/// Holders make theirs with `age-keygen` and keep them; the store's own machine needs only recipients.
pub struct Identity(pub(super) age::x25519::Identity);

impl Identity {
    /// Draws an identity from the system's generator, for drills.
    pub fn generate() -> Self {
        Identity(age::x25519::Identity::generate())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// Returns the secret line, for the holder's own safe.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

impl FromStr for Identity {
    type Err = Error;

    /// Takes the secret line, or the whole file that `age-keygen` writes (one key; lines with `#` are skipped).
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        match (lines.next().map(str::parse), lines.next()) {
            (Some(Ok(identity)), None) => Ok(Identity(identity)),
            _ => Err(Error::Invalid {
                what: "an identity is not one age X25519 key: give the line that begins with AGE-SECRET-KEY-1",
            }),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(32 bytes)")
    }
}
