//! A root key behind a passphrase.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;

use super::{Horizon, KeyProvider, ProviderId, file};
use crate::entropy::draw;
use crate::wire::{Reader, Writer};
use crate::{Entropy, Error, Key32, keywrap};

const MAGIC: &[u8; 8] = b"TCSPASS0";
const WHAT: &str = "the passphrase file";

/// What one guess of a passphrase costs (Argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argon2Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Cost {
    /// Checks a cost: 19 MiB to 4 GiB of memory, 2 to 64 passes, 1 to 64 lanes; below, guessing is too cheap.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let fits = (19 << 10..=4 << 20).contains(&memory_kib)
            && (2..=64).contains(&passes)
            && (1..=64).contains(&lanes);
        fits.then_some(Argon2Cost {
            memory_kib,
            passes,
            lanes,
        })
    }
}

impl Default for Argon2Cost {
    /// 64 MiB, 3 passes, 1 lane: RFC 9106's second recommendation on one thread.
    fn default() -> Self {
        Argon2Cost {
            memory_kib: 64 << 10,
            passes: 3,
            lanes: 1,
        }
    }
}

/// A random root key, wrapped by a key that Argon2id makes from a passphrase.
///
/// Salt, cost and the wrapped root stand in a small file; changing the passphrase would rewrite that file alone. The file
/// without the passphrase opens nothing, so it may be backed up beside the store.
pub struct Passphrase {
    id: ProviderId,
    key: Key32,
    entropy: Arc<dyn Entropy>,
}

impl Passphrase {
    /// Makes a new root key and its file.
    ///
    /// Takes as long as the cost says (about 0.1 s): call it outside of an executor's worker thread.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty passphrase, [`Error::AlreadyExists`] if there is such a file, [`Error::Io`],
    /// [`Error::Entropy`].
    pub fn create(
        path: impl AsRef<Path>,
        passphrase: &str,
        cost: Argon2Cost,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        if passphrase.is_empty() {
            return Err(Error::Invalid {
                what: "the passphrase is empty: give one",
            });
        }
        let id = ProviderId::from_bytes(draw(&*entropy)?);
        let key = Key32::random(&*entropy)?;
        let salt: [u8; 16] = draw(&*entropy)?;
        let outer = derive(passphrase, &salt, cost)?;
        let head = head(id, cost, &salt);
        let wrapped = keywrap::wrap(&outer, 0, &head, &key, &*entropy)?;
        file::create(
            path.as_ref(),
            &Writer::with_capacity(160)
                .fixed(&head)
                .bytes(&wrapped)
                .done(),
        )?;
        Ok(Passphrase { id, key, entropy })
    }

    /// Opens a root key.
    ///
    /// Takes as long as the stored cost says: call it outside of an executor's worker thread.
    ///
    /// # Errors
    /// [`Error::WrongKey`] for a wrong passphrase, [`Error::KeysLost`] if there is no such file, [`Error::KeyFileOpen`],
    /// [`Error::Truncated`], [`Error::Corrupt`], [`Error::Io`].
    pub fn open(
        path: impl AsRef<Path>,
        passphrase: &str,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, Error> {
        let content = file::read(path.as_ref())?.ok_or(Error::KeysLost { what: WHAT })?;
        let mut r = Reader::new(&content, WHAT);
        if r.take(MAGIC.len())? != MAGIC {
            return Err(r.corrupt());
        }
        let id = ProviderId::from_bytes(r.array()?);
        let cost = Argon2Cost::new(r.u32()?, r.u32()?, r.u32()?).ok_or(r.corrupt())?;
        let salt = r.array()?;
        let wrapped = r.bytes()?;
        r.end()?;
        let outer = derive(passphrase, &salt, cost)?;
        let key = keywrap::unwrap(&outer, &head(id, cost, &salt), wrapped)
            .map_err(|_| Error::WrongKey)?;
        Ok(Passphrase { id, key, entropy })
    }

    #[cfg(feature = "recovery")]
    pub(crate) fn parts(&self) -> (ProviderId, &Key32) {
        (self.id, &self.key)
    }
}

/// The file up to the wrapped root; also its context, so that cost and salt cannot be changed unnoticed.
fn head(id: ProviderId, cost: Argon2Cost, salt: &[u8; 16]) -> Vec<u8> {
    Writer::with_capacity(64)
        .fixed(MAGIC)
        .fixed(id.as_bytes())
        .u32(cost.memory_kib)
        .u32(cost.passes)
        .u32(cost.lanes)
        .fixed(salt)
        .done()
}

fn derive(passphrase: &str, salt: &[u8; 16], cost: Argon2Cost) -> Result<Key32, Error> {
    let refused = |_| Error::Corrupt { what: WHAT };
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(refused)?;
    let mut key = Key32::zeroed();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.bytes_mut())
        .map_err(refused)?;
    Ok(key)
}

#[async_trait]
impl KeyProvider for Passphrase {
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

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passphrase").finish_non_exhaustive()
    }
}
