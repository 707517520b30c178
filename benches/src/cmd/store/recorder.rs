//! A source of random bytes that remembers every key it gave out: what must not be found afterwards.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use tactful::crypto_store::{Entropy, Error, KEY_LEN, OsEntropy};

#[derive(Default)]
pub(super) struct Recorder {
    source: OsEntropy,
    keys: Mutex<Vec<[u8; KEY_LEN]>>,
}

impl Recorder {
    /// Every draw of a key's length; the store draws nothing else of that length.
    pub(super) fn take(&self) -> Vec<[u8; KEY_LEN]> {
        std::mem::take(&mut *self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Entropy for Recorder {
    fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        self.source.fill(out)?;
        if let Ok(key) = <[u8; KEY_LEN]>::try_from(&*out) {
            self.keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(key);
        }
        Ok(())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recorder")
    }
}
