//! Opening a desk: what is required is asked for, nothing is guessed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use crypto_store::{Entropy, KeyBackups, KeyProvider, OsEntropy};
use gdpr_rights::ConsentLedger;
use gdpr_rights::request::sign::SigningKey;
use pii_detect::Detector;
use retention_policy::{ActorId, Breaker, LegalBasis, Policy, Region, TenantId};
use suggest_core::{ChatModel, KnowledgeBase, Label, Options, Style, Switches};
use zeroize::Zeroizing;

use crate::source::PersonalDataSource;
use crate::{Clock, Controller, FactSource, Sink, SystemClock};

mod ends;
pub(crate) mod kit;
mod open;

enum Place {
    Memory,
    Directory(PathBuf),
}

enum Root {
    KeyFile(PathBuf),
    Passphrase(Zeroizing<String>),
    Provider(Arc<dyn KeyProvider>),
}

/// Collects what a desk needs. Required are a place, a region, and for a directory a root of keys.
#[must_use]
pub struct DeskBuilder {
    place: Option<Place>,
    root: Option<Root>,
    kit: kit::Kit,
    key_backups: Option<KeyBackups>,
    region: Option<Region>,
    knowledge: Option<KnowledgeBase>,
    options: Options,
    styles: BTreeMap<TenantId, Style>,
    switches: Switches,
    team_of: BTreeMap<ActorId, Label>,
    facts: Option<Arc<dyn FactSource>>,
    model: Option<Arc<dyn ChatModel>>,
    detector: Detector,
    policy: Option<Policy>,
    breaker: Breaker,
    basis: LegalBasis,
    consents: ConsentLedger,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    sources: Vec<Arc<dyn PersonalDataSource>>,
    controllers: BTreeMap<TenantId, Controller>,
    signing_key: Option<SigningKey>,
    sinks: Vec<Arc<dyn Sink>>,
}

impl Default for DeskBuilder {
    fn default() -> Self {
        Self {
            place: None,
            root: None,
            kit: kit::Kit::default(),
            key_backups: None,
            region: None,
            knowledge: None,
            options: Options::default(),
            styles: BTreeMap::new(),
            switches: Switches::new(),
            team_of: BTreeMap::new(),
            facts: None,
            model: None,
            detector: Detector::new(),
            policy: None,
            breaker: Breaker::default(),
            basis: LegalBasis::LegitimateInterests,
            consents: ConsentLedger::new(),
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(OsEntropy::new()),
            sources: Vec::new(),
            controllers: BTreeMap::new(),
            signing_key: None,
            sinks: Vec::new(),
        }
    }
}

impl DeskBuilder {
    /// Keeps records in memory: they are gone with the desk.
    pub fn in_memory(mut self) -> Self {
        self.place = Some(Place::Memory);
        self
    }

    /// Keeps records in two SQLite files of this folder. One process at a time.
    pub fn directory(mut self, dir: impl AsRef<Path>) -> Self {
        self.place = Some(Place::Directory(dir.as_ref().to_owned()));
        self
    }

    /// The root of keys is a file of 32 random bytes, made when there is none and no store yet. Keep it apart from the
    /// records and out of their backups.
    pub fn key_file(mut self, path: impl AsRef<Path>) -> Self {
        self.root = Some(Root::KeyFile(path.as_ref().to_owned()));
        self
    }

    /// The root of keys is a passphrase, stretched by Argon2id.
    pub fn passphrase(mut self, passphrase: impl Into<String>) -> Self {
        self.root = Some(Root::Passphrase(Zeroizing::new(passphrase.into())));
        self
    }

    /// The root of keys is a service of yours.
    pub fn provider(mut self, provider: Arc<dyn KeyProvider>) -> Self {
        self.root = Some(Root::Provider(provider));
        self
    }

    /// Backs the keys up into a folder after every change near the root; each backup is overwritten and removed after
    /// `keep`. As long as it exists, what was erased since can be opened with it and the root.
    pub fn key_backups(mut self, dir: impl AsRef<Path>, keep: TimeDelta) -> Self {
        self.key_backups = Some(KeyBackups::in_dir(dir.as_ref()).keep(keep));
        self
    }

    /// Where the records lie.
    pub fn region(mut self, region: Region) -> Self {
        self.region = Some(region);
        self
    }

    /// The articles drafts may cite. Default: none, and then the desk rarely has an answer.
    pub fn knowledge(mut self, knowledge: KnowledgeBase) -> Self {
        self.knowledge = Some(knowledge);
        self
    }

    /// A language model for what the embedded engine does not answer. It sees redacted text only.
    pub fn model(mut self, model: Arc<dyn ChatModel>) -> Self {
        self.model = Some(model);
        self
    }

    /// How drafts are made: model first or last, tone, limits of a call.
    pub fn drafting(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// How a client's replies sound.
    pub fn style(mut self, tenant: TenantId, style: Style) -> Self {
        self.styles.insert(tenant, style);
        self
    }

    /// What is switched off from the start; [`Desk::switch`](crate::Desk::switch) changes it later.
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = switches;
        self
    }

    /// Says in which team somebody works, under a label of yours. Who is named nowhere is of the client's one team.
    pub fn team(mut self, actor: ActorId, team: Label) -> Self {
        self.team_of.insert(actor, team);
        self
    }

    /// Where the state of orders and parcels is asked.
    pub fn facts(mut self, source: Arc<dyn FactSource>) -> Self {
        self.facts = Some(source);
        self
    }

    /// A detector with your own recognisers and tenant patterns.
    pub fn detector(mut self, detector: Detector) -> Self {
        self.detector = detector;
        self
    }

    /// Shorter time limits, for a desk that has no policy in force yet. A desk whose store has one opens with that alone:
    /// [`Desk::adopt`](crate::Desk::adopt) puts another in its place. Without this, the house's own.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// The legal basis of drafting; decides whether an objection stops it. Default: legitimate interests.
    pub fn legal_basis(mut self, basis: LegalBasis) -> Self {
        self.basis = basis;
        self
    }

    /// What people said before: consent, objections, restrictions.
    pub fn consents(mut self, consents: ConsentLedger) -> Self {
        self.consents = consents;
        self
    }

    /// Where the time comes from. Default: the machine's clock.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Where randomness comes from. Default: the operating system.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Says who answers for a tenant's data: needed to take requests of its customers.
    pub fn controller(mut self, tenant: TenantId, controller: Controller) -> Self {
        self.controllers.insert(tenant, controller);
        self
    }

    /// The key that packages and certificates are signed with. Publish the public half, keep this one where no erasure
    /// reaches it.
    pub fn signing_key(mut self, key: SigningKey) -> Self {
        self.signing_key = Some(key);
        self
    }

    /// Registers a place outside the desk that holds personal data; every request asks it.
    pub fn source(mut self, source: Arc<dyn PersonalDataSource>) -> Self {
        self.sources.push(source);
        self
    }
}

impl std::fmt::Debug for DeskBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskBuilder")
            .field("region", &self.region)
            .field("sources", &self.sources.len())
            .finish_non_exhaustive()
    }
}
