//! From what was asked for to an open desk.

use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

use crypto_store::{
    Argon2Cost, Entropy, EphemeralRoot, KeyBackups, KeyFile, KeyProvider, Passphrase, Store,
    StoreConfig, StoreFiles,
};
use gdpr_rights::Country;
use retention_policy::{Breaker, Category, Timestamp};
use suggest_core::{Engine, KnowledgeBase};

use super::kit::{Kit, RootOf};
use super::{DeskBuilder, Place, Root};
use crate::desk::live::Live;
use crate::desk::lock::Locks;
use crate::desk::offboard::Handed;
use crate::desk::policy::InForce;
use crate::desk::templates::Templated;
use crate::desk::tenant::Clients;
use crate::desk::upkeep::Upkeep;
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
        let policy = self.policy.clone().unwrap_or_default();
        policy.expiry(Category::Session, now)?;
        let knowledge = match self.knowledge {
            Some(knowledge) => knowledge,
            None => KnowledgeBase::new(),
        };
        let splits = matches!(self.root, Some(Root::KeyFile(_) | Root::Passphrase(_)));
        if self.kit.is_to_be_made() && !splits {
            return Err(Error::Incomplete(
                "a recovery kit is made of a key file or a passphrase: name one",
            ));
        }
        let in_memory = matches!(self.place, Some(Place::Memory));
        let base = Base {
            entropy: &self.entropy,
            key_backups: self.key_backups,
            breaker: self.breaker,
            kit: &self.kit,
            now,
        };
        let store = match (self.place, self.root) {
            (None, _) => return Err(Error::Incomplete("say where: in_memory or directory")),
            (Some(Place::Memory), None) => base.in_memory(None).await?,
            (Some(Place::Memory), Some(Root::Provider(root))) => base.in_memory(Some(root)).await?,
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
            (Some(Place::Directory(dir)), Some(root)) => base.in_directory(&dir, root).await?,
        };
        let key_backups = base.key_backups;
        let last_seen = store.last_seen().await?;
        let mut desk = Desk {
            store,
            in_memory,
            kit: self.kit,
            key_backups,
            detector: self.detector,
            engine: RwLock::new(Arc::new(Engine::new(knowledge).with_options(self.options))),
            facts: self.facts,
            styles: self.styles,
            switches: RwLock::new(self.switches),
            team_of: self.team_of,
            teams: Mutex::default(),
            live: Live::default(),
            model: self.model,
            in_force: RwLock::new(InForce::new(policy)),
            adopting: tokio::sync::Mutex::default(),
            clients: Clients::default(),
            clients_turn: Locks::default(),
            deleted: Mutex::default(),
            handed: Handed::default(),
            breaker: self.breaker,
            region,
            basis: self.basis,
            consents: Mutex::new(self.consents),
            entropy: self.entropy,
            sources: self.sources,
            controllers: self.controllers,
            signing_key: self.signing_key,
            cases: Locks::default(),
            customers: Locks::default(),
            seen: Mutex::new(last_seen.map(|at| (at, None))),
            clock: self.clock,
            recalled: Mutex::default(),
            upkeep: Upkeep::default(),
            templated: Templated::default(),
        };
        // As of when the store was used last: a clock that is far ahead would find no contract that has not ended.
        let at = last_seen.map_or(now, |seen| seen.min(now));
        desk.load_policy(self.policy.as_ref(), at).await?;
        desk.load_clients(at).await?;
        desk.load_templated(at).await?;
        desk.resume_sinks(self.sinks, at).await?;
        desk.find_unproven(at).await;
        Ok(desk)
    }
}

/// What both kinds of store are opened with.
struct Base<'a> {
    entropy: &'a Arc<dyn Entropy>,
    key_backups: Option<KeyBackups>,
    breaker: Breaker,
    kit: &'a Kit,
    now: Timestamp,
}

impl Base<'_> {
    fn entropy(&self) -> Arc<dyn Entropy> {
        Arc::clone(self.entropy)
    }

    fn config(&self, config: StoreConfig) -> StoreConfig {
        let config = config.breaker(self.breaker);
        match &self.key_backups {
            Some(to) => config.key_backups(to.clone()),
            None => config,
        }
    }

    async fn in_memory(&self, root: Option<Arc<dyn KeyProvider>>) -> Result<Store, Error> {
        let root = match root {
            Some(root) => root,
            None => Arc::new(EphemeralRoot::new(self.entropy())?),
        };
        let config = self.config(StoreConfig::memory());
        Ok(Store::create(config, root, self.entropy(), self.now).await?)
    }

    /// A root that exists is opened even where the store does not yet: a first start may have been killed between the two,
    /// or before the recovery kit.
    async fn in_directory(&self, dir: &Path, root: Root) -> Result<Store, Error> {
        let files = StoreFiles::in_dir(dir);
        let fresh = !files.exist();
        if fresh {
            std::fs::create_dir_all(dir).map_err(|source| crypto_store::Error::Io {
                what: "the folder of the store",
                source,
            })?;
        }
        let provider: Arc<dyn KeyProvider> = match root {
            Root::Provider(provider) => provider,
            Root::KeyFile(path) => {
                let root = if fresh && !path.exists() {
                    KeyFile::create(path, self.entropy())?
                } else {
                    KeyFile::open(path, self.entropy())?
                };
                if fresh {
                    self.kit
                        .make(RootOf::File(&root), self.now, &**self.entropy)?;
                }
                Arc::new(root)
            }
            Root::Passphrase(words) => {
                let path = dir.join("root.kdf");
                let root = if fresh && !path.exists() {
                    let cost = Argon2Cost::default();
                    Passphrase::create(path, &words, cost, self.entropy())?
                } else {
                    Passphrase::open(path, &words, self.entropy())?
                };
                if fresh {
                    self.kit
                        .make(RootOf::Words(&root), self.now, &**self.entropy)?;
                }
                Arc::new(root)
            }
        };
        let config = self.config(StoreConfig::sqlite(files));
        Ok(if fresh {
            Store::create(config, provider, self.entropy(), self.now).await?
        } else {
            Store::open(config, provider, self.entropy(), self.now).await?
        })
    }
}
