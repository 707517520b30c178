//! A store with some of everything, as a kill leaves it, and what it must answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crypto_store::{
    Accessor, Entropy, Error, KeyFile, KeyProvider, NewRecord, Reason, SeededEntropy, Store,
    StoreConfig, StoreFiles,
};
use retention_policy::{
    ActorId, Category, DueReason, Hold, HoldId, HoldReason, Policy, Purpose, PurposeSet, RecordId,
    RecordMeta, Region, Role, Scope, TenantId, Timestamp, Trigger, UnitId,
};
use tempfile::TempDir;

use crate::support::{
    agent, by, copy_dir, email, hex, hours, meta, now, officer, person, reply, request, tenant,
};

/// People of tenant 1: 1 and 2 ordinary, 3 held, 4 restricted, 5 and 6 linked, 7 with an invoice, 8 erased.
const PEOPLE: u8 = 8;
const ERASED: u8 = 8;

fn name(n: u8) -> String {
    format!("p{n}@example.org")
}

fn legal() -> Reason {
    Reason::new(Purpose::LegalObligation)
}

/// A file system in memory where there is one: every mutation opens a store, and each opening syncs.
pub(super) fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// What is known of a store, and the bytes of its files, which need no log.
pub(super) struct Original {
    root: Arc<dyn KeyProvider>,
    ids: Vec<(TenantId, RecordId)>,
    units: Vec<UnitId>,
    pub(super) files: [(&'static str, Vec<u8>); 2],
    /// What a mutated store must say, or say that it is damaged.
    facts: BTreeMap<String, String>,
}

impl Original {
    pub(super) async fn new() -> Self {
        let dir = folder();
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::insecure(99));
        let root: Arc<dyn KeyProvider> =
            Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone()).unwrap());
        let files = StoreFiles::in_dir(dir.path());
        let store = Store::create(StoreConfig::sqlite(files), root.clone(), entropy, now())
            .await
            .unwrap();
        let (mut ids, units) = fill(&store).await;
        store.close().await.unwrap();
        let config = StoreConfig::sqlite(StoreFiles::in_dir(dir.path()));
        let entropy = Arc::new(SeededEntropy::insecure(98));
        let store = Store::open(config, root.clone(), entropy, now()).await;
        let store = store.unwrap();
        for n in 1..=3 {
            let fresh = record(2, person(n), n).terms(vec![email(&name(n))]);
            let by = by(Role::Agent, tenant(2));
            ids.push((tenant(2), put(&store, fresh, &by, &reply(), now()).await));
        }
        let killed = folder();
        copy_dir(dir.path(), killed.path());
        store.close().await.unwrap();
        let files = ["records.db", "keys.db"].map(|file| {
            let path = killed.path().join(file);
            let c = rusqlite::Connection::open(&path).unwrap();
            c.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .unwrap();
            c.close().unwrap();
            (file, std::fs::read(path).unwrap())
        });
        let mut original = Original {
            root,
            ids,
            units,
            files,
            facts: BTreeMap::new(),
        };
        let Judged::Facts(facts) = original.judge(dir.path()).await else {
            panic!("the store is refused before anything was mutated")
        };
        original.facts = facts;
        original
    }

    pub(super) fn write(&self, dir: &Path) {
        for (file, bytes) in &self.files {
            std::fs::write(dir.join(file), bytes).unwrap();
        }
    }

    /// Opens the store in a folder and asks everything that is known.
    pub(super) async fn judge(&self, dir: &Path) -> Judged {
        let opened = Store::open(
            StoreConfig::sqlite(StoreFiles::in_dir(dir)),
            Arc::clone(&self.root),
            Arc::new(SeededEntropy::insecure(5)),
            now(),
        )
        .await;
        let store = match opened {
            Ok(store) => store,
            Err(_) => return Judged::Refused,
        };
        let judged = match self.detects(&store).await {
            true => Judged::Checked,
            false => match self.ask(&store).await {
                Ok(facts) => Judged::Facts(facts),
                Err(Damaged) => Judged::Called,
            },
        };
        let _ = store.close().await;
        judged
    }

    /// Which answers are not those of the untouched store.
    pub(super) fn differences(&self, facts: &BTreeMap<String, String>) -> Vec<String> {
        let short = |s: &str| s.chars().take(60).collect::<String>();
        let other = self.facts.iter().filter(|(k, v)| facts.get(*k) != Some(v));
        other
            .map(|(k, v)| {
                let now = facts.get(k).map_or("nothing", |now| now);
                format!("{k}: {} -> {}", short(v), short(now))
            })
            .collect()
    }

    /// Whether the store's own check finds something.
    async fn detects(&self, store: &Store) -> bool {
        !store.check(now()).await.is_ok_and(|c| c.is_intact())
    }

    /// Everything the store answers, in words; the first answer that says that something is damaged ends it.
    async fn ask(&self, store: &Store) -> Result<BTreeMap<String, String>, Damaged> {
        let mut facts = Facts::default();
        for (owner, id) in &self.ids {
            let opened = store
                .get(*id, &by(Role::Agent, *owner), &reply(), now())
                .await;
            let body = opened.map(|o| format!("{:?} {}", o.meta(), hex(&o.expose()[..8])));
            facts.add(format!("get {}", hex(&id.to_bytes())), body)?;
        }
        for owner in [1, 2] {
            let (agent, officer) = (
                by(Role::Agent, tenant(owner)),
                by(Role::PrivacyOfficer, tenant(owner)),
            );
            for n in 1..=PEOPLE {
                let found = store.find(&email(&name(n)), &agent, &reply(), now()).await;
                facts.add(format!("find {owner} {n}"), found.map(sorted))?;
                let found = store
                    .find_subject(&email(&name(n)), &agent, &reply(), now())
                    .await;
                facts.add(
                    format!("find_subject {owner} {n}"),
                    found.map(|s| format!("{s:?}")),
                )?;
                let found = store
                    .of_subject(person(n), &officer, &request(), now())
                    .await;
                facts.add(format!("of_subject {owner} {n}"), found.map(sorted))?;
            }
        }
        for at in [hours(0), hours(25), hours(24 * 4000)] {
            let due = store.due(now() + at, 1000).await;
            let due = due.map(|all| sorted(all.into_iter().map(|d| d.id)));
            facts.add(format!("due {}", at.num_hours()), due)?;
        }
        self.act(store, &mut facts).await?;
        Ok(facts.0)
    }

    /// What can only be seen by trying: tombstones, deliveries, holds, duties, units, the end of buckets.
    async fn act(&self, store: &Store, facts: &mut Facts) -> Result<(), Damaged> {
        let again = record(1, person(ERASED), 99);
        let back = store.put(again, &agent(), &reply(), now()).await;
        facts.add("put for the erased".into(), back.map(|_| String::new()))?;
        for unit in &self.units {
            let late = record(1, person(1), 98).unit(*unit);
            let late = store.put(late, &agent(), &reply(), now()).await;
            facts.add(format!("put {unit:?}"), late.map(|_| String::new()))?;
        }
        for n in 1..=PEOPLE {
            let again = record(1, person(n), 97).idempotency_key(name(n).as_bytes());
            let again = store.put(again, &agent(), &reply(), now()).await;
            facts.add(format!("deliver {n}"), again.map(|put| format!("{put:?}")))?;
        }
        let ended = hours(25);
        let swept = store.expire_buckets(now() + ended).await;
        facts.add(
            "sweep".into(),
            swept.map(|s| format!("{} {} {}", s.buckets, s.kept, s.rows)),
        )?;
        let left = store.survey(now() + ended).await;
        facts.add("survey".into(), left.map(|s| format!("{s:?}")))?;
        for n in 1..=7 {
            let gone = store
                .erase_subject(person(n), &officer(), &request(), now() + ended)
                .await;
            facts.add(
                format!("erase {n}"),
                gone.map(|e| format!("{} {}", e.receipt().keys, e.receipt().rows)),
            )?;
        }
        for n in [3, 4] {
            let released =
                crate::support::release(store, HoldId::from_random([n; 16]), now() + ended).await;
            facts.add(format!("release {n}"), released.map(|n| n.to_string()))?;
        }
        let left = store.survey(now() + ended).await;
        facts.add("survey at the end".into(), left.map(|s| format!("{s:?}")))
    }
}

/// A call said that the store is damaged.
struct Damaged;

#[derive(Default)]
struct Facts(BTreeMap<String, String>);

impl Facts {
    /// Notes an answer. A refusal that the store also gives when nothing is wrong is an answer; any other is a finding.
    fn add(&mut self, what: String, answer: Result<String, Error>) -> Result<(), Damaged> {
        let answer = match answer {
            Ok(answer) => answer,
            Err(
                e @ (Error::NotFound
                | Error::Denied
                | Error::Expired
                | Error::AlreadyErased
                | Error::Held
                | Error::UnknownHold
                | Error::UnknownTenant),
            ) => format!("refused: {e}"),
            Err(_) => return Err(Damaged),
        };
        self.0.insert(what, answer);
        Ok(())
    }
}

fn sorted(ids: impl IntoIterator<Item = RecordId>) -> String {
    let mut ids: Vec<String> = ids.into_iter().map(|id| hex(&id.to_bytes())).collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// What became of a mutated store.
pub(super) enum Judged {
    /// Not opened.
    Refused,
    /// A check says that something is damaged.
    Checked,
    /// A call says so.
    Called,
    /// Nobody says so: these are the answers.
    Facts(BTreeMap<String, String>),
}

fn record(owner: u8, subject: retention_policy::SubjectId, n: u8) -> NewRecord {
    let meta = meta(tenant(owner), subject, Category::Session, now());
    NewRecord::new(meta, vec![n; 300])
}

async fn put(
    store: &Store,
    record: NewRecord,
    who: &Accessor,
    why: &Reason,
    at: Timestamp,
) -> RecordId {
    store.put(record, who, why, at).await.unwrap().id()
}

/// Some of everything a store can hold.
async fn fill(store: &Store) -> (Vec<(TenantId, RecordId)>, Vec<UnitId>) {
    let mut ids = Vec::new();
    for owner in [1, 2] {
        store.create_tenant(tenant(owner), now()).await.unwrap();
        let agent = by(Role::Agent, tenant(owner));
        for n in 1..=PEOPLE {
            for k in 0..3 {
                let mut record = record(owner, person(n), n).terms(vec![email(&name(n))]);
                if k == 0 {
                    record = record.idempotency_key(name(n).as_bytes());
                }
                ids.push((
                    tenant(owner),
                    put(store, record, &agent, &reply(), now()).await,
                ));
            }
        }
    }
    let mut units = Vec::new();
    for n in 1..=2 {
        let unit = UnitId::from_random([0x60 + n; 16]);
        for k in 0..2 {
            let record = record(1, person(k + 1), n).unit(unit);
            ids.push((
                tenant(1),
                put(store, record, &agent(), &reply(), now()).await,
            ));
        }
        units.push(unit);
    }
    let expiry = Policy::default().expiry(Category::Billing, now()).unwrap();
    let purposes = PurposeSet::only(Purpose::LegalObligation);
    let invoice = RecordMeta::new(
        tenant(1),
        person(7),
        Category::Billing,
        purposes,
        Region::France,
        expiry,
    );
    let invoice = NewRecord::new(invoice.unwrap(), vec![7; 300]);
    let clerk = Role::ALL.into_iter().find(|role| {
        let action = retention_policy::Action::Create;
        retention_policy::access(*role, action, Purpose::LegalObligation, Category::Billing)
            == retention_policy::Access::Full
    });
    let clerk = by(clerk.unwrap(), tenant(1));
    ids.push((
        tenant(1),
        put(store, invoice, &clerk, &legal(), now()).await,
    ));

    for (n, reason) in [(3, HoldReason::LegalClaim), (4, HoldReason::Restriction)] {
        let hold = Hold::new(
            HoldId::from_random([n; 16]),
            tenant(1),
            Scope::Subject(person(n)),
            reason,
            ActorId::from_random([9; 16]),
            now(),
            now() + chrono::TimeDelta::days(90),
        );
        store
            .place_hold(&hold.unwrap(), &officer(), &request(), now())
            .await
            .unwrap();
    }
    store
        .link(person(5), person(6), &agent(), &reply(), now())
        .await
        .unwrap();
    store
        .erase_subject(person(ERASED), &officer(), &request(), now())
        .await
        .unwrap();
    store
        .shred_unit(units[0], &agent(), &reply(), now())
        .await
        .unwrap();
    store
        .shred(&[ids[0].1], &agent(), &reply(), now())
        .await
        .unwrap();
    let (over, used) = (ids[1].1, DueReason::PurposeOver(Trigger::Used));
    store
        .shorten(over, now(), used, &agent(), &reply(), now())
        .await
        .unwrap();
    let claim = HoldId::from_random([3; 16]);
    store
        .ask_release(claim, &officer(), &legal(), now())
        .await
        .unwrap();
    (ids, units)
}
