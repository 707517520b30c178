//! A root key in a file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{Horizon, KeyProvider, ProviderId, file};
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, Key32, keywrap};

const MAGIC: &[u8; 8] = b"TCSROOT0";

/// A root key in a file of mode 0600.
///
/// Whoever copies the file can open the store as long as they also have `keys.db`: keep the two apart in backups.
pub struct KeyFile {
    id: ProviderId,
    key: Key32,
    entropy: Arc<dyn Entropy>,
}

impl KeyFile {
    /// Makes a new root key; the file is on disk when this returns.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is such a file, [`Error::Io`], [`Error::Entropy`].
    pub fn create(path: impl AsRef<Path>, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let id = ProviderId::from_bytes(draw(&*entropy)?);
        let key = Key32::random(&*entropy)?;
        let content = Zeroizing::new(
            Writer::with_capacity(64)
                .fixed(MAGIC)
                .fixed(id.as_bytes())
                .fixed(key.expose())
                .done(),
        );
        file::create(path.as_ref(), &content)?;
        Ok(KeyFile { id, key, entropy })
    }

    /// Reads a root key.
    ///
    /// # Errors
    /// [`Error::KeysLost`] if there is no such file, [`Error::KeyFileOpen`] if group or others may read it,
    /// [`Error::Truncated`], [`Error::Corrupt`], [`Error::Io`].
    pub fn open(path: impl AsRef<Path>, entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let content = file::read(path.as_ref())?.ok_or(Error::KeysLost {
            what: "the root key file",
        })?;
        let mut r = Reader::new(&content, "the root key file");
        if r.take(MAGIC.len())? != MAGIC {
            return Err(r.corrupt());
        }
        let id = ProviderId::from_bytes(r.array()?);
        let key = Key32::from_bytes(r.array()?);
        r.end()?;
        Ok(KeyFile { id, key, entropy })
    }
}

#[async_trait]
impl KeyProvider for KeyFile {
    fn id(&self) -> ProviderId {
        self.id
    }

    async fn wrap(&self, key: &Key32, context: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(keywrap::wrap(&self.key, 0, context, key, &*self.entropy)?.to_vec())
    }

    async fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key32, Error> {
        keywrap::unwrap(&self.key, context, wrapped).map_err(|_| Error::WrongKey)
    }

    fn destroy_horizon(&self) -> Horizon {
        Horizon::Copies
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").finish_non_exhaustive()
    }
}
