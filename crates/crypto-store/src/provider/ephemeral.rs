//! A root key that ends with the process.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{Horizon, KeyProvider, ProviderId};
use crate::entropy::draw;
use crate::{Entropy, Error, Key32, keywrap};

/// A root key in memory, for stores in memory: dropping it ends every record under it.
pub struct EphemeralRoot {
    id: ProviderId,
    key: Key32,
    entropy: Arc<dyn Entropy>,
}

impl EphemeralRoot {
    /// Draws a root key.
    ///
    /// # Errors
    /// [`Error::Entropy`].
    pub fn new(entropy: Arc<dyn Entropy>) -> Result<Self, Error> {
        let id = ProviderId::from_bytes(draw(&*entropy)?);
        let key = Key32::random(&*entropy)?;
        Ok(EphemeralRoot { id, key, entropy })
    }
}

#[async_trait]
impl KeyProvider for EphemeralRoot {
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

impl fmt::Debug for EphemeralRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EphemeralRoot").finish_non_exhaustive()
    }
}
