//! Where the root key lives.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{Error, Key32};

mod ephemeral;
pub(crate) mod file;
mod key_file;
mod passphrase;

pub use ephemeral::EphemeralRoot;
pub use key_file::KeyFile;
pub use passphrase::{Argon2Cost, Passphrase};

/// Names a root key without telling anything about it: 16 random bytes made with the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProviderId([u8; 16]);

impl ProviderId {
    /// Takes the id that was made with the key.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        ProviderId(bytes)
    }

    /// Returns the id's bytes.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// How long something that was destroyed may still be opened by somebody who kept old copies of everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Horizon {
    /// The root can be copied: as long as a copy of it and an old copy of `keys.db` exist together.
    Copies,
    /// The root cannot leave its device or service and its old versions end after this time.
    Within(TimeDelta),
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Horizon::Copies => f.write_str("as long as copies of the root and of keys.db exist"),
            Horizon::Within(time) => write!(f, "at most {} hours", time.num_hours()),
        }
    }
}

/// The root of all keys: wraps and unwraps the few keys directly under it.
///
/// The store asks at opening and once a tenant, never once a record, so a provider may be a slow service.
#[async_trait]
pub trait KeyProvider: fmt::Debug + Send + Sync {
    /// Names the root key. A store remembers it and refuses another.
    fn id(&self) -> ProviderId;

    /// Wraps a key; it unwraps only with the same context.
    ///
    /// # Errors
    /// [`Error::Provider`] when the root cannot be reached, [`Error::Entropy`].
    async fn wrap(&self, key: &Key32, context: &[u8]) -> Result<Vec<u8>, Error>;

    /// Unwraps what [`wrap`](Self::wrap) gave.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when root or context are others or the bytes were altered (not told apart),
    /// [`Error::Provider`] when the root cannot be reached.
    async fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key32, Error>;

    /// How long destroyed keys may live on in copies.
    fn destroy_horizon(&self) -> Horizon;
}
