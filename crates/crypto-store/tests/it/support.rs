//! A small world to test in: one tenant, a few people, a clock that is a constant.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use crypto_store::backend::Backend;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::{
    Accessor, Entropy, Error, IndexTerm, KeyFile, KeyProvider, NewRecord, OsEntropy, Reason,
    SeededEntropy, Store, StoreConfig, StoreFiles,
};
use retention_policy::{
    ActorId, Category, HoldId, Policy, Purpose, PurposeSet, RecordId, RecordMeta, Region, Role,
    SubjectId, TenantId, Timestamp,
};
use tempfile::TempDir;

/// A plain text that must never be seen in a file.
pub(crate) const CANARY: &[u8] =
    b"canary:Zo\xc3\xab Quistgaard-Vandermeulen, Lindenstra\xc3\x9fe 7";

pub(crate) fn now() -> Timestamp {
    "2026-03-02T09:07:00Z".parse().unwrap()
}

pub(crate) fn hours(n: i64) -> TimeDelta {
    TimeDelta::hours(n)
}

pub(crate) fn tenant(n: u8) -> TenantId {
    TenantId::from_random([n; 16])
}

pub(crate) fn person(n: u8) -> SubjectId {
    SubjectId::from_random([0x50 ^ n; 16])
}

pub(crate) fn by(role: Role, tenant: TenantId) -> Accessor {
    Accessor::new(ActorId::from_random([9; 16]), role, tenant)
}

pub(crate) fn agent() -> Accessor {
    by(Role::Agent, tenant(1))
}

pub(crate) fn officer() -> Accessor {
    by(Role::PrivacyOfficer, tenant(1))
}

/// A second officer: what one asks for the other approves.
pub(crate) fn second() -> Accessor {
    second_of(tenant(1))
}

pub(crate) fn second_of(tenant: TenantId) -> Accessor {
    Accessor::new(ActorId::from_random([10; 16]), Role::PrivacyOfficer, tenant)
}

/// Releases a hold the way it must be: somebody else asked.
pub(crate) async fn release(store: &Store, id: HoldId, at: Timestamp) -> Result<u64, Error> {
    store.ask_release(id, &second(), &request(), at).await?;
    store.release_hold(id, &officer(), &request(), at).await
}

pub(crate) fn reply() -> Reason {
    Reason::new(Purpose::DraftReply)
}

pub(crate) fn request() -> Reason {
    Reason::new(Purpose::AnswerRequest)
}

pub(crate) fn meta(
    tenant: TenantId,
    subject: SubjectId,
    category: Category,
    made: Timestamp,
) -> RecordMeta {
    let expiry = Policy::default().expiry(category, made).unwrap();
    RecordMeta::new(
        tenant,
        subject,
        category,
        PurposeSet::only(Purpose::DraftReply),
        Region::France,
        expiry,
    )
    .unwrap()
}

pub(crate) fn session(subject: SubjectId) -> RecordMeta {
    meta(tenant(1), subject, Category::Session, now())
}

pub(crate) fn email(value: &str) -> IndexTerm {
    IndexTerm::new("email", value).unwrap()
}

/// Where a store of a test lives, so that it can be opened again.
pub(crate) enum Place {
    Memory(Arc<dyn Backend>),
    Files(TempDir),
}

pub(crate) struct World {
    pub(crate) place: Place,
    pub(crate) root: Arc<dyn KeyProvider>,
    pub(crate) entropy: Arc<dyn Entropy>,
    _root_dir: TempDir,
}

impl World {
    pub(crate) fn new(place: Place) -> Self {
        Self::with_entropy(place, Arc::new(SeededEntropy::insecure(7)))
    }

    pub(crate) fn with_entropy(place: Place, entropy: Arc<dyn Entropy>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root =
            KeyFile::create(dir.path().join("root.key"), Arc::new(OsEntropy::new())).unwrap();
        World {
            place,
            root: Arc::new(root),
            entropy,
            _root_dir: dir,
        }
    }

    pub(crate) fn memory() -> Self {
        Self::new(Place::Memory(Arc::new(MemoryBackend::new())))
    }

    pub(crate) fn sqlite() -> Self {
        Self::new(Place::Files(tempfile::tempdir().unwrap()))
    }

    /// The worlds every behaviour must hold in.
    pub(crate) fn all() -> [Self; 2] {
        [Self::memory(), Self::sqlite()]
    }

    pub(crate) fn dir(&self) -> &Path {
        match &self.place {
            Place::Files(dir) => dir.path(),
            Place::Memory(_) => panic!("a store in memory has no folder"),
        }
    }

    pub(crate) fn files(&self) -> StoreFiles {
        StoreFiles::in_dir(self.dir())
    }

    pub(crate) fn config(&self) -> StoreConfig {
        match &self.place {
            Place::Memory(backend) => StoreConfig::backend(Arc::clone(backend)),
            Place::Files(_) => StoreConfig::sqlite(self.files()),
        }
    }

    /// A new store with tenants 1 and 2.
    pub(crate) async fn create(&self) -> Store {
        let store = Store::create(
            self.config(),
            Arc::clone(&self.root),
            Arc::clone(&self.entropy),
            now(),
        )
        .await
        .unwrap();
        store.create_tenant(tenant(1), now()).await.unwrap();
        store.create_tenant(tenant(2), now()).await.unwrap();
        store
    }

    pub(crate) async fn try_open(
        &self,
        config: StoreConfig,
        at: Timestamp,
    ) -> Result<Store, Error> {
        Store::open(
            config,
            Arc::clone(&self.root),
            Arc::clone(&self.entropy),
            at,
        )
        .await
    }

    pub(crate) async fn open(&self) -> Store {
        self.try_open(self.config(), now()).await.unwrap()
    }
}

/// Stores a session record of tenant 1.
pub(crate) async fn put(store: &Store, subject: SubjectId, body: &[u8]) -> RecordId {
    store
        .put(
            NewRecord::new(session(subject), body.to_vec()),
            &agent(),
            &reply(),
            now(),
        )
        .await
        .unwrap()
        .id()
}

/// Reads as an agent.
pub(crate) async fn read(store: &Store, id: RecordId, at: Timestamp) -> Result<Vec<u8>, Error> {
    store
        .get(id, &agent(), &reply(), at)
        .await
        .map(|opened| opened.expose().to_vec())
}

/// Remembers every secret that was drawn.
#[derive(Debug, Default)]
pub(crate) struct Recorder(Mutex<Vec<Vec<u8>>>);

impl Entropy for Recorder {
    fn fill(&self, out: &mut [u8]) -> Result<(), Error> {
        OsEntropy::new().fill(out)?;
        self.0.lock().unwrap().push(out.to_vec());
        Ok(())
    }
}

impl Recorder {
    /// All draws of a key's length.
    pub(crate) fn keys(&self) -> Vec<Vec<u8>> {
        self.0
            .lock()
            .unwrap()
            .iter()
            .filter(|draw| draw.len() == 32)
            .cloned()
            .collect()
    }
}

/// How often the needles occur in the files of a folder: as such, in hexadecimal, in base64.
pub(crate) fn occurrences(dir: &Path, needles: &[Vec<u8>]) -> usize {
    let mut forms: Vec<Vec<u8>> = Vec::new();
    for needle in needles {
        assert!(needle.len() >= 16, "a short needle is found by chance");
        forms.push(needle.clone());
        forms.push(hex(needle).into_bytes());
        forms.push(hex(needle).to_uppercase().into_bytes());
        forms.push(base64(needle).into_bytes());
    }
    let heads: std::collections::HashMap<[u8; 8], Vec<&[u8]>> =
        forms.iter().fold(Default::default(), |mut map, form| {
            map.entry(form[..8].try_into().unwrap())
                .or_insert_with(Vec::new)
                .push(&form[..]);
            map
        });
    let mut found = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found += occurrences(&path, needles);
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        for at in 0..bytes.len().saturating_sub(7) {
            if let Some(candidates) = heads.get(&bytes[at..at + 8]) {
                found += candidates
                    .iter()
                    .filter(|form| bytes[at..].starts_with(form))
                    .count();
            }
        }
    }
    found
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Without padding: the padded form begins with it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |w, b| (w << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(LETTERS[(word >> (18 - 6 * i)) as usize & 63]));
        }
    }
    out
}

/// All wrapped keys of a store's `keys.db`, by name.
pub(crate) fn wrapped(files: &StoreFiles) -> std::collections::BTreeMap<Vec<u8>, Vec<u8>> {
    let c = rusqlite::Connection::open(files.keys()).unwrap();
    let mut all = std::collections::BTreeMap::new();
    for sql in [
        "SELECT id, wrapped FROM slots WHERE id < X'ff'",
        "SELECT id, wrapped FROM roots",
    ] {
        let mut statement = c.prepare(sql).unwrap();
        let rows = statement
            .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))
            .unwrap();
        all.extend(rows.map(Result::unwrap));
    }
    all
}

/// Copies the files of a folder.
pub(crate) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
