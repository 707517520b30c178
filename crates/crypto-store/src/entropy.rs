//! Where random bytes come from.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use zeroize::{Zeroize, Zeroizing};

use crate::{Error, crypt};

/// A source of random bytes for keys, salts, nonces and ids.
pub trait Entropy: fmt::Debug + Send + Sync {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    /// [`Error::Entropy`] when the source fails; `out` must not be used then.
    fn fill(&self, out: &mut [u8]) -> Result<(), Error>;
}

/// Draws `N` bytes.
pub(crate) fn draw<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], Error> {
    let mut out = [0; N];
    entropy.fill(&mut out)?;
    Ok(out)
}

const POOL: usize = 4096;

/// The operating system's generator, drawn in blocks because one system call costs as much as sealing a small record.
///
/// A block is 32 bytes of the system, expanded by AES-256 in counter mode and used for nothing else: 256 bits of strength, as
/// every key here has. Bytes that were handed out are zeroed in the block. A block drawn before a fork is thrown away by
/// the child.
pub struct OsEntropy(Mutex<Pool>);

struct Pool {
    block: Zeroizing<[u8; POOL]>,
    used: usize,
    process: u32,
}

impl OsEntropy {
    /// Makes a source with an empty block.
    pub fn new() -> Self {
        OsEntropy(Mutex::new(Pool {
            block: Zeroizing::new([0; POOL]),
            used: POOL,
            process: 0,
        }))
    }
}

impl Default for OsEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl Entropy for OsEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        if out.len() > POOL / 4 {
            return expand(out);
        }
        let mut pool = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let process = std::process::id();
        if pool.process != process || pool.used + out.len() > POOL {
            // Nothing of the old block may be used if the system fails half-way.
            pool.used = POOL;
            expand(&mut *pool.block)?;
            pool.used = 0;
            pool.process = process;
        }
        let (from, to) = (pool.used, pool.used + out.len());
        if let Some(part) = pool.block.get_mut(from..to) {
            out.copy_from_slice(part);
            part.zeroize();
        }
        pool.used = to;
        Ok(())
    }
}

/// Fills any length from one fresh seed: the keystream of AES-256-GCM under a key that is never seen again.
fn expand(out: &mut [u8]) -> Result<(), Error> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *seed).map_err(|_| Error::Entropy)?;
    out.fill(0);
    // Who finds the seed, or the stream, knows every key that was drawn from it.
    crypt::clean(|| crypt::encrypt(&seed, &[0; crypt::NONCE_LEN], &[], out))
        .map(drop)
        .map_err(|_| Error::Entropy)
}

impl fmt::Debug for OsEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OsEntropy")
    }
}

/// A repeatable source for tests: HMAC-SHA256 over a counter.
///
/// Whoever knows the seed knows every key. Never use it for data of a person.
pub struct SeededEntropy {
    seed: Zeroizing<[u8; 32]>,
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// Makes a source that repeats itself for the same seed.
    pub fn insecure(seed: u64) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        for (to, from) in bytes.iter_mut().zip(seed.to_be_bytes()) {
            *to = from;
        }
        SeededEntropy {
            seed: bytes,
            counter: Mutex::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        let mut counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in out.chunks_mut(32) {
            *counter += 1;
            let block = Zeroizing::new(crypt::hmac(&self.seed, &[&counter.to_be_bytes()]));
            for (to, from) in chunk.iter_mut().zip(block.iter()) {
                *to = *from;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for SeededEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeededEntropy(insecure)")
    }
}

#[cfg(test)]
mod tests;
