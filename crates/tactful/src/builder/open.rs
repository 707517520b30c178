//! From what was asked for to an open desk.

use std::path::Path;
use std::sync::{Arc, Mutex};

use crypto_store::{
    Argon2Cost, Entropy, EphemeralRoot, KeyFile, KeyProvider, Passphrase, Store, StoreConfig,
    StoreFiles,
};
use gdpr_rights::Country;
use retention_policy::{Category, Timestamp};
use suggest_core::{Engine, KnowledgeBase};

use super::{DeskBuilder, Place, Root};
use crate::{Desk, Error};

impl DeskBuilder {
    /// Opens the store, or makes it where there is none, and finishes every erasure that was begun.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when something required is missing, [`Error::ModelOutsideUnion`], and the errors of the store:
    /// another process has it, a wrong key, a truncated or newer file. None of them changes anything on disk.
    pub async fn open(self) -> Result<Desk, Error> {
        let region = self
            .region
            .ok_or(Error::Incomplete("name the region: a member state"))?;
        if let Some(model) = &self.model
            && !Country::from_code(&model.info().country)?.is_union()
        {
            return Err(Error::ModelOutsideUnion);
        }
        let now = self.clock.now();
        // A clock that is not set must not even create a store.
        self.policy.expiry(Category::Session, now)?;
        let knowledge = match self.knowledge {
            Some(knowledge) => knowledge,
            None => KnowledgeBase::from_markdown([])?,
        };
        let store = match (self.place, self.root) {
            (None, _) => return Err(Error::Incomplete("say where: in_memory or directory")),
            (Some(Place::Memory), None) => in_memory(None, &self.entropy, now).await?,
            (Some(Place::Memory), Some(Root::Provider(root))) => {
                in_memory(Some(root), &self.entropy, now).await?
            }
            (Some(Place::Memory), Some(_)) => {
                return Err(Error::Incomplete(
                    "a memory store needs no key file or passphrase",
                ));
            }
            (Some(Place::Directory(_)), None) => {
                return Err(Error::Incomplete(
                    "name a root of keys: key_file, passphrase or provider",
                ));
            }
            (Some(Place::Directory(dir)), Some(root)) => {
                in_directory(&dir, root, &self.entropy, now).await?
            }
        };
        let last_seen = store.last_seen().await?;
        Ok(Desk {
            store,
            detector: self.detector,
            engine: Engine::new(knowledge).with_options(self.options),
            model: self.model,
            policy: self.policy,
            region,
            basis: self.basis,
            consents: Mutex::new(self.consents),
            entropy: self.entropy,
            sources: self.sources,
            seen: Mutex::new(last_seen.map(|at| (at, None))),
            clock: self.clock,
        })
    }
}

async fn in_memory(
    root: Option<Arc<dyn KeyProvider>>,
    entropy: &Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<Store, Error> {
    let root = match root {
        Some(root) => root,
        None => Arc::new(EphemeralRoot::new(Arc::clone(entropy))?),
    };
    Ok(Store::create(StoreConfig::memory(), root, Arc::clone(entropy), now).await?)
}

/// A root that exists is opened even where the store does not yet: a first start may have been killed between the two.
async fn in_directory(
    dir: &Path,
    root: Root,
    entropy: &Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<Store, Error> {
    let files = StoreFiles::in_dir(dir);
    let fresh = !files.exist();
    if fresh {
        std::fs::create_dir_all(dir).map_err(|source| crypto_store::Error::Io {
            what: "the folder of the store",
            source,
        })?;
    }
    let entropy = || Arc::clone(entropy);
    let provider: Arc<dyn KeyProvider> = match root {
        Root::Provider(provider) => provider,
        Root::KeyFile(path) if fresh && !path.exists() => {
            Arc::new(KeyFile::create(path, entropy())?)
        }
        Root::KeyFile(path) => Arc::new(KeyFile::open(path, entropy())?),
        Root::Passphrase(words) => {
            let path = dir.join("root.kdf");
            if fresh && !path.exists() {
                let cost = Argon2Cost::default();
                Arc::new(Passphrase::create(path, &words, cost, entropy())?)
            } else {
                Arc::new(Passphrase::open(path, &words, entropy())?)
            }
        }
    };
    let config = StoreConfig::sqlite(files);
    Ok(if fresh {
        Store::create(config, provider, entropy(), now).await?
    } else {
        Store::open(config, provider, entropy(), now).await?
    })
}
