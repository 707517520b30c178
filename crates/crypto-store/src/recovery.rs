//! The recovery kit: a root key that comes back when k of n holders agree, and not before.
//!
//! Without its root key a store is noise, which is the point of erasure and the danger of a lost disk. A kit splits the
//! root key among n holders ([Shamir 1979](https://doi.org/10.1145/359168.359176)) and seals each share to its holder's
//! [age](https://age-encryption.org/v1) key: any k shares rebuild it, fewer tell nothing about it. A public description
//! holds a commitment, so a rebuilt root is known to be the right one before it is used.
//!
//! ```
//! use std::sync::Arc;
//! use crypto_store::recovery::{Identity, Recovery, RecoveryKit, posture};
//! use crypto_store::{KeyFile, KeyProvider, OsEntropy};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let dir = tempfile::tempdir()?;
//! let now = "2026-03-02T09:00:00Z".parse()?;
//! let entropy = Arc::new(OsEntropy::new());
//! let root = KeyFile::create(dir.path().join("root.key"), entropy.clone())?;
//!
//! // Three holders made keys with `age-keygen` and sent in the public lines; any two can rebuild the root key.
//! let holders = [Identity::generate(), Identity::generate(), Identity::generate()];
//! let recipients: Vec<_> = holders.iter().map(Identity::recipient).collect();
//! let kit = RecoveryKit::make(&root, 2, &recipients, now, &*entropy)?;
//! kit.write(dir.path().join("kit"))?;
//! assert!(!posture(dir.path().join("kit"), root.id())?.is_missing());
//!
//! // The drill: the root key is gone, two holders bring share and identity.
//! KeyFile::destroy(dir.path().join("root.key"))?;
//! let shares = [kit.shares()[2].clone(), kit.shares()[0].clone()];
//! let rebuilt = Recovery::rebuild(&shares, &holders)?;
//! assert_eq!(rebuilt.restore(dir.path().join("root.key"), entropy)?.id(), root.id());
//! assert!(Recovery::rebuild(&shares[..1], &holders).is_err());
//! # Ok(()) }
//! ```
//!
//! What a kit cannot do. It keeps a root key, not `keys.db`: back that up too. It is a copy of the root key, so a horizon
//! stays [`Horizon::Copies`](crate::Horizon::Copies) as long as k shares exist, and k holders who meet can open what an old
//! `keys.db` opens. It is bound to one root key: after a change of the root make a new kit and let the holders delete the
//! old shares. Ephemeral keys and nonces of the sealing come from the system's generator by way of `age`, not from the
//! given [`Entropy`]; what `age` leaves of a share in freed memory is overwritten where the allocator allows.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use retention_policy::Timestamp;

use crate::{Entropy, Error, Key32, KeyFile, Passphrase, ProviderId};

mod description;
mod folder;
mod holder;
mod shamir;
mod share;

pub use description::{DESCRIPTION, Description, Posture, posture};
pub use holder::{Identity, Recipient};
pub use share::{SealedShare, ShareFault};

use share::Share;

/// A root key that can be split: `&KeyFile` and `&Passphrase` turn into it.
///
/// Roots in a service or device have recovery of their own, and an ephemeral root ends with its process.
#[derive(Clone, Copy)]
pub struct RootKey<'a> {
    id: ProviderId,
    key: &'a Key32,
}

impl<'a> From<&'a KeyFile> for RootKey<'a> {
    fn from(root: &'a KeyFile) -> Self {
        let (id, key) = root.parts();
        RootKey { id, key }
    }
}

impl<'a> From<&'a Passphrase> for RootKey<'a> {
    fn from(root: &'a Passphrase) -> Self {
        let (id, key) = root.parts();
        RootKey { id, key }
    }
}

impl fmt::Debug for RootKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RootKey(32 bytes)")
    }
}

/// What is handed out: a sealed share for each holder, and a description for everybody.
#[derive(Debug, Clone)]
pub struct RecoveryKit {
    description: Description,
    shares: Vec<SealedShare>,
}

impl RecoveryKit {
    /// Splits a root key so that any `k` of the holders can rebuild it.
    ///
    /// `k` = 1 is taken (each holder alone has the root key then) and named in [`Posture`]. Every kit is independent of
    /// every other, also of one for the same root key and holders.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no holder or more than 255, `k` = 0, `k` above the number of holders, and a holder named
    /// twice; [`Error::Entropy`], [`Error::Io`].
    pub fn make<'a>(
        root: impl Into<RootKey<'a>>,
        k: u8,
        holders: &[Recipient],
        now: Timestamp,
        entropy: &dyn Entropy,
    ) -> Result<Self, Error> {
        let invalid = |what| Error::Invalid { what };
        let n = u8::try_from(holders.len())
            .map_err(|_| invalid("a recovery kit has at most 255 holders: name fewer"))?;
        if k == 0 || n == 0 {
            return Err(invalid(
                "a recovery kit needs one holder at least: name holders and how many are needed",
            ));
        }
        if k > n {
            return Err(invalid(
                "a recovery kit cannot need more holders than it has: name more, or need fewer",
            ));
        }
        let mut seen = std::collections::HashSet::new();
        if !holders.iter().all(|holder| seen.insert(holder)) {
            return Err(invalid(
                "a holder of the recovery kit is named twice: each needs a key of their own",
            ));
        }
        let root = root.into();
        let description = Description::new(root, k, n, now, entropy)?;
        let mut shares = Vec::with_capacity(holders.len());
        // By reference: what is moved out of a vector is not zeroed in it.
        let values = shamir::split(root.key, k, n, entropy)?;
        for ((x, y), holder) in values.iter().zip(holders) {
            shares.push(SealedShare::seal(&description, *x, y, holder)?);
        }
        if let Some(holder) = holders.first() {
            share::wipe(holder)?;
        }
        Ok(RecoveryKit {
            description,
            shares,
        })
    }

    /// What everybody may know.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The shares, in the order of the holders.
    pub fn shares(&self) -> &[SealedShare] {
        &self.shares
    }

    /// Writes the kit into a folder of its own: the description as `recovery.kit`, the shares as `share-1-of-3.age` and
    /// so on, all of mode 0600.
    ///
    /// There is the whole kit or none when this returns or the machine stops; nothing is ever replaced.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is something at this place other than an empty folder, [`Error::Io`].
    pub fn write(&self, folder: impl AsRef<Path>) -> Result<(), Error> {
        let n = self.shares.len();
        let mut files = Vec::with_capacity(n + 1);
        for (x, share) in (1..).zip(&self.shares) {
            files.push((format!("share-{x}-of-{n}.age"), share.as_bytes().to_vec()));
        }
        files.push((DESCRIPTION.to_owned(), self.description.to_file()));
        folder::write(folder.as_ref(), &self.description.kit, &files)
    }
}

/// A root key that was rebuilt and is known to be the right one.
pub struct Recovery {
    of: Description,
    key: Key32,
}

impl Recovery {
    /// Rebuilds a root key from shares, each opened by one of the identities.
    ///
    /// Every share given must be good; of more than k the first k are used. Nothing is written.
    ///
    /// # Errors
    /// [`Error::Share`] for the first share that is damaged, opened by none of the identities, of another root key or
    /// kit, or given twice; [`Error::TooFewShares`]; [`Error::ShareForged`] if the shares go together and the key they
    /// give is not the one the kit was made for.
    pub fn rebuild(shares: &[SealedShare], identities: &[Identity]) -> Result<Self, Error> {
        let mut opened: Vec<Share> = Vec::with_capacity(shares.len());
        for (number, sealed) in (1..).zip(shares) {
            let fault = |fault| Error::Share {
                share: number,
                fault,
            };
            let share = sealed.open(identities).map_err(fault)?;
            if let Some(first) = opened.first() {
                first.goes_with(&share).map_err(fault)?;
            }
            if opened.iter().any(|other| other.x == share.x) {
                return Err(fault(ShareFault::Twice));
            }
            opened.push(share);
        }
        let needed = opened.first().map_or(1, |first| first.of.k());
        let (Some(first), Some(used)) = (opened.first(), opened.get(..usize::from(needed))) else {
            return Err(Error::TooFewShares {
                given: opened.len(),
                needed,
            });
        };
        let points: Vec<_> = used.iter().map(|share| (share.x, &share.y)).collect();
        let key = shamir::join(&points);
        if !first.of.is_of(&key) {
            return Err(Error::ShareForged);
        }
        Ok(Recovery { of: first.of, key })
    }

    /// Which root key this is.
    pub fn id(&self) -> ProviderId {
        self.of.root()
    }

    /// What the shares say of their kit, to compare with a description that was kept.
    ///
    /// Whoever knows the recipients can make a kit for a key of their own. That key is useless: a store refuses it as
    /// [`Error::WrongKey`].
    pub fn description(&self) -> &Description {
        &self.of
    }

    /// Writes the root key as a new key file, which opens the store; a root that was behind a passphrase is a key file
    /// from then on. The file is on disk when this returns.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is such a file, [`Error::Io`].
    pub fn restore(
        &self,
        path: impl AsRef<Path>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<KeyFile, Error> {
        KeyFile::restore(path.as_ref(), self.id(), &self.key, entropy)
    }
}

impl fmt::Debug for Recovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recovery(32 bytes)")
    }
}
