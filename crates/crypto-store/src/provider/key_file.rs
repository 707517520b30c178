//! A root key in a file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use zeroize::Zeroizing;

use super::{Horizon, KeyProvider, ProviderId, file};
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, KEY_LEN, Key32, keywrap};

const MAGIC: &[u8; 8] = b"TCSROOT0";
const CONTENT_LEN: usize = MAGIC.len() + 16 + KEY_LEN;

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
        write(path.as_ref(), id, &key)?;
        Ok(KeyFile { id, key, entropy })
    }

    /// Writes a key that exists already under its own id.
    #[cfg(feature = "recovery")]
    pub(crate) fn restore(
        path: &Path,
        id: ProviderId,
        key: &Key32,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        write(path, id, key)?;
        let key = Key32::from_bytes(*key.expose());
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
        let key = Key32::copy_of(r.chunk()?);
        r.end()?;
        Ok(KeyFile { id, key, entropy })
    }

    /// Destroys a root key's file: overwrites it with zeros, removes it, and returns when both are on disk.
    ///
    /// For the old file after a change of the root key; with the last copy of a root key that is still used, every record
    /// is lost. Only a key file is taken: anything else at this path stays as it is. After a crash call it again.
    ///
    /// The zeros go where the file system puts them. On disks that move blocks (wear levelling of flash, snapshots,
    /// copy-on-write file systems) the old block lives on until it is used again: there the erasure of what the key opened
    /// rests on the destroyed keys in `keys.db`, or on a root key that was never on such a disk in clear.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is no key file, [`Error::Io`], also if there is no such file.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use crypto_store::{Error, KeyFile, OsEntropy};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let dir = tempfile::tempdir()?;
    /// let path = dir.path().join("root.key");
    /// drop(KeyFile::create(&path, Arc::new(OsEntropy::new()))?);
    /// KeyFile::destroy(&path)?;
    /// let gone = KeyFile::open(&path, Arc::new(OsEntropy::new()));
    /// assert!(matches!(gone, Err(Error::KeysLost { .. })));
    /// # Ok(()) }
    /// ```
    pub fn destroy(path: impl AsRef<Path>) -> Result<(), Error> {
        file::destroy(path.as_ref(), MAGIC, CONTENT_LEN)
    }

    #[cfg(feature = "recovery")]
    pub(crate) fn parts(&self) -> (ProviderId, &Key32) {
        (self.id, &self.key)
    }
}

fn write(path: &Path, id: ProviderId, key: &Key32) -> Result<(), Error> {
    let content = Zeroizing::new(
        Writer::with_capacity(CONTENT_LEN)
            .fixed(MAGIC)
            .fixed(id.as_bytes())
            .fixed(key.expose())
            .done(),
    );
    file::create(path, &content)
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
