//! A store with everything in it that a store can have, and what the one who wrote it knows of it.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use crypto_store::backend::sqlite::SqliteBackend;
use crypto_store::backend::{
    Backend, Batch, KeyId, KeyOp, Log, LogRow, Outcome, Row, Scan, Side, Snapshot, StoredKey, Table,
};
use crypto_store::{
    Entropy, Error, IndexTerm, KeyFile, KeyProvider, NewRecord, Reason, SeededEntropy, StopAt,
    Store, StoreConfig, StoreFiles,
};
use retention_policy::{
    Access, Action, ActorId, Category, DueReason, Hold, HoldId, HoldReason, Policy, Purpose,
    PurposeSet, Query, RecordId, RecordMeta, Region, Role, RoleSet, Scope, SubjectId, Timestamp,
    UnitId, access,
};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;

use crate::support::{agent, by, hex, hours, now, officer, reply, request, tenant};

/// The moment from which the finished store is looked at: sessions of the first round are over, those of the second live.
pub(super) fn later() -> Timestamp {
    now() + hours(24)
}

/// What the writer knows of a record.
struct Told {
    id: RecordId,
    meta: RecordMeta,
    person: usize,
    unit: Option<UnitId>,
    body: Vec<u8>,
    terms: Vec<(&'static str, String, Option<u8>)>,
    once: Option<Vec<u8>>,
    first_round: bool,
    gone: bool,
}

pub(super) struct Full {
    pub(super) store: Store,
    told: Vec<Told>,
    root: Arc<dyn KeyProvider>,
    entropy: Arc<dyn Entropy>,
    files: StoreFiles,
}

fn subject(tenant: u8, person: usize) -> SubjectId {
    let digest = Sha256::digest(format!("person {tenant} {person}"));
    SubjectId::from_random(digest[..16].try_into().unwrap())
}

fn unit(tenant: u8, person: usize) -> UnitId {
    let digest = Sha256::digest(format!("unit {tenant} {person}"));
    UnitId::from_random(digest[..16].try_into().unwrap())
}

/// Somebody who may write records of this category.
fn writer(category: Category) -> (Role, Purpose) {
    let all = Role::ALL
        .into_iter()
        .flat_map(|role| Purpose::ALL.map(|purpose| (role, purpose)));
    all.into_iter()
        .find(|(role, purpose)| access(*role, Action::Create, *purpose, category) == Access::Full)
        .unwrap()
}

fn told(n: usize, persons: usize, first_round: bool, at: Timestamp) -> Told {
    let of = [1, 1, 1, 2, 2, 3, 3, 4][n % 8];
    let person = n / 8 % persons;
    let category = match n % 7 {
        // A duty to keep accounts stands against erasing these persons.
        6 if of == 2 => Category::Billing,
        5 => Category::RightsCase,
        4 => Category::Consent,
        3 => Category::Attachment,
        2 => Category::Draft,
        1 => Category::Usage,
        _ => Category::Session,
    };
    let (_, purpose) = writer(category);
    let meta = RecordMeta::new(
        tenant(of),
        subject(of, person),
        category,
        PurposeSet::only(purpose),
        Region::ALL[n % Region::ALL.len()],
        Policy::default().expiry(category, at).unwrap(),
    );
    let email = format!("person{person}@example.org");
    let mut terms = vec![
        ("email", email, None),
        ("postcode", format!("{:05}", n % 97), Some(n as u8 % 32 + 1)),
        ("order", format!("o-{n}"), None),
    ];
    terms.truncate(n % 4);
    Told {
        id: RecordId::from_random([0; 16]),
        meta: meta.unwrap(),
        person,
        // Agents may shred what is in them.
        unit: (n % 5 < 3 && matches!(category, Category::Session | Category::Draft))
            .then(|| unit(of, person)),
        body: format!("body {n} ").repeat(n % 40).into_bytes(),
        terms,
        once: n
            .is_multiple_of(2)
            .then(|| format!("delivery {n}").into_bytes()),
        first_round,
        gone: false,
    }
}

impl Told {
    fn record(&self) -> NewRecord {
        let terms = self.terms.iter();
        let terms = terms.map(|(field, value, bits)| match bits {
            None => IndexTerm::new(field, value).unwrap(),
            Some(bits) => IndexTerm::truncated(field, value, *bits).unwrap(),
        });
        let mut record = NewRecord::new(self.meta, self.body.clone()).terms(terms.collect());
        if let Some(unit) = self.unit {
            record = record.unit(unit);
        }
        if let Some(key) = &self.once {
            record = record.idempotency_key(key);
        }
        record
    }

    /// Whether an agent can shred it at the end: a living session of somebody whom nothing else happens to.
    fn can_end(&self) -> bool {
        let session = self.meta.category() == Category::Session && !self.first_round;
        session && self.meta.tenant() == tenant(1) && (self.person < 2 || self.person > 9)
    }

    fn is_of(&self, n: u8, person: usize) -> bool {
        self.meta.tenant() == tenant(n) && self.person == person
    }
}

fn hold(n: u8, of: u8, scope: Scope, reason: HoldReason) -> Hold {
    let (id, actor) = (HoldId::from_random([n; 16]), ActorId::from_random([9; 16]));
    let review = now() + TimeDelta::days(90);
    Hold::new(id, tenant(of), scope, reason, actor, now(), review).unwrap()
}

impl Full {
    /// Builds the store in a folder, with its root key beside it: four tenants, `records` records in two rounds.
    pub(super) async fn build(dir: &Path, records: usize) -> Self {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::insecure(11));
        let root = KeyFile::create(dir.join("root.key"), Arc::clone(&entropy)).unwrap();
        let root: Arc<dyn KeyProvider> = Arc::new(root);
        let files = StoreFiles::in_dir(dir);
        let config = StoreConfig::sqlite(files.clone());
        let store = Store::create(config, Arc::clone(&root), Arc::clone(&entropy), now()).await;
        let mut full = Full {
            store: store.unwrap(),
            told: Vec::new(),
            root,
            entropy,
            files,
        };
        for n in 1..=4 {
            full.store.create_tenant(tenant(n), now()).await.unwrap();
        }
        let persons = records / 24;
        full = full.round(0..records * 3 / 5, persons, true, now()).await;
        full.turn_and_hold().await;
        let second = now() + hours(12);
        full = full
            .round(records * 3 / 5..records, persons, false, second)
            .await;
        full.end().await;
        full.interrupt().await
    }

    async fn round(
        mut self,
        numbers: std::ops::Range<usize>,
        persons: usize,
        first: bool,
        at: Timestamp,
    ) -> Self {
        let store = Arc::new(self.store);
        for chunk in numbers.collect::<Vec<_>>().chunks(64) {
            let mut flight = JoinSet::new();
            for n in chunk {
                let mut told = told(*n, persons, first, at);
                let store = Arc::clone(&store);
                flight.spawn(async move {
                    let (role, purpose) = writer(told.meta.category());
                    let by = by(role, told.meta.tenant());
                    let why = Reason::new(purpose);
                    let put = store.put(told.record(), &by, &why, at).await;
                    told.id = put.unwrap().id();
                    told
                });
            }
            self.told.extend(flight.join_all().await);
        }
        self.store = Arc::into_inner(store).unwrap();
        self
    }

    /// New keys, new index keys, holds, links.
    async fn turn_and_hold(&self) {
        let (store, dpo, asked) = (&self.store, officer(), request());
        store.rotate_keys(tenant(1), now()).await.unwrap();
        store.rotate_index(tenant(1), now()).await.unwrap();
        store.rotate_index(tenant(2), now()).await.unwrap();
        store.rotate_keys(tenant(2), now()).await.unwrap();
        store.rotate_keys(tenant(2), now()).await.unwrap();
        store.rotate_keys(tenant(4), now()).await.unwrap();
        let kept = Scope::Subject(subject(1, 9));
        let record = self.told.iter().find(|t| t.is_of(1, 8)).unwrap().id;
        let second = Scope::Subject(subject(1, 2));
        for hold in [
            hold(1, 1, kept, HoldReason::LegalClaim),
            hold(2, 1, Scope::Record(record), HoldReason::Restriction),
            hold(3, 2, Scope::Tenant, HoldReason::Order),
            hold(4, 1, second, HoldReason::Order),
        ] {
            let officer = crate::support::by(Role::PrivacyOfficer, hold.tenant());
            let placed = store.place_hold(&hold, &officer, &request(), now()).await;
            placed.unwrap();
        }
        let fourth = HoldId::from_random([4; 16]);
        crate::support::release(store, fourth, now()).await.unwrap();
        let made_later = Query::new(Some(Category::Template), Some(now()), None).unwrap();
        let query = hold(5, 1, Scope::Query(made_later), HoldReason::Order);
        let placed = store.place_hold(&query, &dpo, &asked, now()).await;
        placed.unwrap();
        let ask = store.ask_release(query.id(), &dpo, &asked, now());
        ask.await.unwrap();
        let officers = RoleSet::new([Role::PrivacyOfficer]).unwrap();
        for t in self.told.iter().filter(|t| t.is_of(3, 1)) {
            let by = crate::support::by(Role::PrivacyOfficer, tenant(3));
            let archived = store.archive(t.id, later(), officers, &by, &asked, now());
            if t.meta.expires_at() > later() {
                archived.await.unwrap();
                let at = t.meta.expires_at() - hours(1);
                let shortened = store.shorten(t.id, at, DueReason::Default, &by, &asked, now());
                shortened.await.unwrap();
            }
        }
        for (a, b) in [(3, 4), (6, 7)] {
            let (a, b) = (subject(1, a), subject(1, b));
            let linked = store.link(a, b, &agent(), &reply(), now()).await;
            linked.unwrap();
        }
    }

    /// Buckets expire, persons and units end, a tenant ends.
    async fn end(&mut self) {
        let record = self.told.iter().find(|t| t.is_of(1, 8)).unwrap().id;
        let (store, dpo, asked) = (&self.store, officer(), request());
        let expired = store.expire_buckets(later()).await.unwrap();
        assert!(expired.kept > 0 && expired.buckets > 0, "{expired:?}");
        store.rotate_keys(tenant(1), later()).await.unwrap();
        for person in [2, 3] {
            let person = subject(1, person);
            let erased = store.erase_subject(person, &dpo, &asked, later());
            assert!(erased.await.unwrap().is_done());
        }
        let mut units = self.told.iter().filter(|t| t.can_end());
        let unit = units.find_map(|t| t.unit).unwrap();
        let shredded = store.shred_unit(unit, &agent(), &reply(), later()).await;
        assert!(shredded.unwrap().is_done());
        let mut alone = self.told.iter().filter(|t| t.can_end() && t.unit.is_none());
        let alone = alone.next().unwrap().id;
        let shredded = store.shred(&[alone], &agent(), &reply(), later()).await;
        assert!(shredded.unwrap().is_done());
        let other = by(Role::PrivacyOfficer, tenant(4));
        let ended = store.end_tenant(&other, &request(), later()).await;
        assert!(ended.unwrap().is_done());
        for t in &mut self.told {
            let short = matches!(t.meta.category(), Category::Session | Category::Attachment);
            let held = t.meta.tenant() == tenant(2) || t.is_of(1, 9) || t.id == record;
            t.gone = short && t.first_round && !held
                || [2, 3, 4].iter().any(|person| t.is_of(1, *person))
                || t.unit == Some(unit)
                || t.id == alone
                || t.meta.tenant() == tenant(4);
        }
    }

    /// The rotation of tenant 3 stops half-way; others go on.
    async fn interrupt(mut self) -> Self {
        self.store.close().await.unwrap();
        let backend = Arc::new(Fused {
            inner: SqliteBackend::attach(&self.files).unwrap(),
            armed: AtomicBool::new(false),
        });
        let config = StoreConfig::backend(Arc::<Fused>::clone(&backend));
        let store = self.open_as(config).await;
        backend.armed.store(true, Ordering::Relaxed);
        assert!(store.rotate_keys(tenant(3), later()).await.is_err());
        assert_eq!(store.unfinished_rotations().await.unwrap(), [tenant(3)]);
        self.store = store;
        // The last one has a term, which is a fresh row.
        let numbers = self.told.len()..self.told.len() + 2;
        self.round(numbers, 2, false, later()).await
    }

    async fn open_as(&self, config: StoreConfig) -> Store {
        let (root, entropy) = (Arc::clone(&self.root), Arc::clone(&self.entropy));
        Store::open(config, root, entropy, later()).await.unwrap()
    }

    /// Begins the end of tenant 3 or of a person of it in a closed copy of the store, which stops on the way, and opens the
    /// copy as it stands.
    pub(super) async fn begun(&self, copy: &Path, stop: StopAt, whole: bool) -> Store {
        let files = StoreFiles::in_dir(copy);
        let store = self
            .open_as(StoreConfig::sqlite(files.clone()).stop_at(stop))
            .await;
        let officer = by(Role::PrivacyOfficer, tenant(3));
        let (person, why) = (subject(3, 5), request());
        let stopped = if whole {
            store.end_tenant(&officer, &why, later()).await
        } else {
            store.erase_subject(person, &officer, &why, later()).await
        };
        assert!(matches!(stopped, Err(Error::Stopped)), "{stopped:?}");
        drop(store);
        let (root, entropy) = (Arc::clone(&self.root), Arc::clone(&self.entropy));
        Store::open_copy(&files, root, entropy).await.unwrap()
    }

    /// What the reader is told, JSON lines.
    pub(super) fn expectations(&self) -> String {
        let mut out = String::new();
        for t in &self.told {
            let terms = t.terms.iter();
            let terms = terms.map(|(field, value, bits)| {
                let bits = bits.map_or("null".to_owned(), |bits| bits.to_string());
                format!("[\"{field}\", \"{value}\", {bits}]")
            });
            let once = t.once.as_ref().map(|key| format!("\"{}\"", hex(key)));
            writeln!(
                out,
                r#"{{"id": "{}", "tenant": "{}", "state": "{}", "sha256": "{}", "terms": [{}], "once": {}}}"#,
                hex(&t.id.to_bytes()),
                hex(&t.meta.tenant().to_bytes()),
                if t.gone { "gone" } else { "open" },
                hex(&Sha256::digest(&t.body)),
                terms.collect::<Vec<_>>().join(", "),
                once.as_deref().unwrap_or("null"),
            )
            .unwrap();
        }
        out
    }

    pub(super) fn living(&self) -> usize {
        self.told.iter().filter(|t| !t.gone).count()
    }

    /// A living record with terms and a delivery that is a unit of its own.
    pub(super) fn sample(&self) -> RecordId {
        let fits = |t: &&Told| {
            !t.gone && t.terms.len() > 1 && t.once.is_some() && t.unit.is_none() && !t.first_round
        };
        self.told.iter().find(fits).unwrap().id
    }
}

/// The SQLite back end, but half of one change that wraps keys again is all that is carried out.
#[derive(Debug)]
struct Fused {
    inner: SqliteBackend,
    armed: AtomicBool,
}

#[async_trait::async_trait]
impl Backend for Fused {
    async fn change_keys(&self, mut ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        let wraps = ops.iter().any(|op| matches!(op, KeyOp::Replace(..)));
        if wraps && self.armed.swap(false, Ordering::Relaxed) {
            ops.truncate(ops.len() / 2);
            self.inner.change_keys(ops).await?;
            return Err(Error::Conflict);
        }
        self.inner.change_keys(ops).await
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.inner.key(id).await
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        self.inner.list_keys(after, limit).await
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        self.inner.scan_keys(after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        self.inner.commit(batch).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        self.inner.get(table, key).await
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        self.inner.get_many(keys).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        self.inner.scan(scan).await
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.inner.log(log, from, limit).await
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        self.inner.scrub(side).await
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.inner.snapshot().await
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        self.inner.check(side).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.inner.close().await
    }
}
