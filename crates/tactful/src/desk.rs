//! The desk: what the verbs share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, RwLock};

use chrono::TimeDelta;
use crypto_store::{Accessor, Entropy, KeyBackups, Reason, Store};
use gdpr_rights::ConsentLedger;
use gdpr_rights::request::sign::SigningKey;
use pii_detect::Detector;
use redact::PseudonymMap;
use retention_policy::{
    ActorId, Breaker, CaseId, Category, LegalBasis, Purpose, PurposeSet, RecordMeta, Region,
    SubjectId, TenantId, Timestamp,
};
use suggest_core::{ChatModel, Engine, Label, Style, Switches, Teams};

use crate::builder::kit::Kit;
use crate::source::PersonalDataSource;
use crate::{Clock, Controller, DeskBuilder, Error, FactSource};

mod again;
mod books;
pub(crate) mod case;
mod chores;
pub(crate) mod consent;
pub(crate) mod decide;
pub(crate) mod erase;
pub(crate) mod events;
pub(crate) mod health;
pub(crate) mod house;
pub(crate) mod ingest;
pub(crate) mod live;
pub(crate) mod lock;
pub(crate) mod mention;
pub(crate) mod offboard;
mod plan;
pub(crate) mod policy;
mod posture;
pub(crate) mod proof;
pub(crate) mod quality;
pub(crate) mod show;
mod sinks;
pub(crate) mod suggest;
pub(crate) mod sweep;
pub(crate) mod templates;
pub(crate) mod tenant;
mod time;
pub(crate) mod upkeep;

/// Everything an integrator talks to. All methods take `&self`; share it in an [`Arc`].
pub struct Desk {
    pub(crate) store: Store,
    pub(crate) in_memory: bool,
    pub(crate) kit: Kit,
    pub(crate) key_backups: Option<KeyBackups>,
    pub(crate) detector: Detector,
    /// Replaced as a whole when the knowledge changes; a draft is made with the one that was there when it began.
    pub(crate) engine: RwLock<Arc<Engine>>,
    pub(crate) facts: Option<Arc<dyn FactSource>>,
    pub(crate) styles: BTreeMap<TenantId, Style>,
    pub(crate) switches: RwLock<Switches>,
    pub(crate) team_of: BTreeMap<ActorId, Label>,
    pub(crate) teams: Mutex<Teams>,
    pub(crate) live: live::Live,
    pub(crate) model: Option<Arc<dyn ChatModel>>,
    /// The policy in force; replaced as a whole.
    pub(crate) in_force: RwLock<policy::InForce>,
    /// One policy takes effect at a time.
    pub(crate) adopting: tokio::sync::Mutex<()>,
    pub(crate) clients: tenant::Clients,
    /// One step of a client at a time.
    pub(crate) clients_turn: lock::Locks<TenantId>,
    pub(crate) deleted: Mutex<events::TimeToDelete>,
    /// The archive that was handed out last.
    pub(crate) handed: offboard::Handed,
    pub(crate) breaker: Breaker,
    pub(crate) region: Region,
    pub(crate) basis: LegalBasis,
    pub(crate) consents: Mutex<ConsentLedger>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) sources: Vec<Arc<dyn PersonalDataSource>>,
    pub(crate) controllers: BTreeMap<TenantId, Controller>,
    pub(crate) signing_key: Option<SigningKey>,
    pub(crate) cases: lock::Locks<CaseId>,
    /// By a hash of the identifier they are found by.
    pub(crate) customers: lock::Locks<(TenantId, u64)>,
    /// People whose statements were read in this process.
    pub(crate) recalled: Mutex<BTreeSet<(TenantId, SubjectId)>>,
    /// The latest wall clock reading, and the monotonic one that belongs to it in this process.
    pub(crate) seen: Mutex<Option<(Timestamp, Option<TimeDelta>)>>,
    pub(crate) upkeep: upkeep::Upkeep,
    pub(crate) templated: templates::Templated,
}

/// What the audit holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditSummary {
    /// Leaves written.
    pub leaves: u64,
    /// Whether every leaf is where it was and what it was.
    pub intact: bool,
}

/// The purpose of every step from ticket to decision.
pub(crate) const REPLY: Reason = Reason::new(Purpose::DraftReply);

impl Desk {
    /// Starts to open a desk.
    pub fn builder() -> DeskBuilder {
        DeskBuilder::default()
    }

    /// Recomputes the whole audit.
    ///
    /// # Errors
    /// The store failed. Tampering is no error but shows in the summary.
    pub async fn verify_audit(&self) -> Result<AuditSummary, Error> {
        let report = self.store.verify_audit().await?;
        Ok(AuditSummary {
            leaves: report.entries,
            intact: report.is_intact(),
        })
    }

    /// The store below, for what the verbs do not cover.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The detector, as the verbs use it.
    #[must_use]
    pub fn detector(&self) -> &Detector {
        &self.detector
    }

    /// Closes the store cleanly. Dropping the desk loses nothing either.
    ///
    /// # Errors
    /// The store failed; it is closed anyway.
    pub async fn close(&self) -> Result<(), Error> {
        Ok(self.store.close().await?)
    }

    pub(crate) fn meta(
        &self,
        tenant: TenantId,
        subject: SubjectId,
        category: Category,
        purposes: PurposeSet,
        now: Timestamp,
    ) -> Result<RecordMeta, Error> {
        Ok(RecordMeta::new(
            tenant,
            subject,
            category,
            purposes,
            self.region,
            self.policy().expiry_for(tenant, category, now)?,
        )?)
    }

    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Opens a session's map: one audit leaf, refused when the session is over.
    pub(crate) async fn map_of(
        &self,
        by: &Accessor,
        session: &crate::Session,
        now: Timestamp,
    ) -> Result<PseudonymMap, Error> {
        let opened = self.store.get(session.record, by, &REPLY, now).await?;
        Ok(crate::session::decode(opened.expose())?.map)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("store", &self.store)
            .field("region", &self.region)
            .field("model", &self.model.is_some())
            .finish_non_exhaustive()
    }
}
