//! What a program under faults does, and what must be true afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crypto_store::{
    Error, KeyFile, NewRecord, OsEntropy, Put, SeededEntropy, Store, StoreConfig, StoreFiles,
};
use retention_policy::{
    ActorId, Category, Hold, HoldId, HoldReason, RecordId, Scope, SubjectId, Timestamp,
};

use super::shim::{Bench, END};
use crate::support::{
    agent, email, hex, hours, meta, now, officer, person, read, reply, request, tenant,
};

/// What becomes of a record in the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    /// Its person is erased.
    Erased,
    Shredded,
    /// Its bucket ends.
    Expires,
    /// Its bucket ends, and a hold moves it out.
    Held,
}

struct Slot {
    number: u8,
    person: u8,
    len: usize,
    fate: Fate,
}

const fn slot(number: u8, person: u8, len: usize, fate: Fate) -> Slot {
    Slot {
        number,
        person,
        len,
        fate,
    }
}

/// In the store from the start.
const OLD: [Slot; 7] = [
    slot(1, 1, 300, Fate::Stays),
    slot(2, 2, 300, Fate::Erased),
    slot(3, 3, 300, Fate::Shredded),
    slot(4, 4, 300, Fate::Expires),
    slot(5, 5, 300, Fate::Held),
    slot(6, 1, 20_000, Fate::Stays),
    slot(7, 2, 9_000, Fate::Erased),
];

/// Written by a script.
const NEW: [Slot; 8] = [
    slot(10, 1, 300, Fate::Stays),
    slot(11, 2, 300, Fate::Erased),
    slot(12, 6, 300, Fate::Stays),
    slot(13, 7, 20_000, Fate::Stays),
    slot(14, 8, 300, Fate::Stays),
    slot(15, 1, 300, Fate::Stays),
    slot(16, 9, 300, Fate::Stays),
    slot(17, 6, 9_000, Fate::Stays),
];

/// Written last by whoever checks: a store that opened must also work.
const LAST: Slot = slot(99, 11, 500, Fate::Stays);

impl Slot {
    fn body(&self) -> Vec<u8> {
        vec![self.number; self.len]
    }

    fn subject(&self) -> SubjectId {
        person(self.person)
    }

    fn record(&self) -> NewRecord {
        let made = match self.fate {
            Fate::Expires | Fate::Held => now() - hours(22),
            _ => now(),
        };
        let meta = meta(tenant(1), self.subject(), Category::Session, made);
        NewRecord::new(meta, self.body())
            .terms(vec![self.term()])
            .idempotency_key(&[self.number])
    }

    fn term(&self) -> crypto_store::IndexTerm {
        email(&format!("p{}@example.org", self.person))
    }

    /// The step that ends it. A hold that was asked for and not placed may stand or not.
    fn end(&self, told: &Told) -> Option<&'static str> {
        match self.fate {
            Fate::Stays => None,
            Fate::Erased => Some("erase"),
            Fate::Shredded => Some("shred"),
            Fate::Held if told.did("hold") => None,
            Fate::Held => Some("hold"),
            Fate::Expires => Some("expire"),
        }
    }
}

/// A moment at which the buckets of the early records have ended and no others.
fn later() -> Timestamp {
    now() + hours(2)
}

async fn open(bench: &Bench) -> Result<Store, Error> {
    open_at(&bench.store(), &bench.root()).await
}

async fn open_at(dir: &Path, root: &Path) -> Result<Store, Error> {
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::open(root, Arc::clone(&entropy) as _)?);
    Store::open(
        StoreConfig::sqlite(StoreFiles::in_dir(dir)),
        root,
        entropy,
        later(),
    )
    .await
}

async fn put(store: &Store, slot: &Slot) -> Result<Put, Error> {
    store.put(slot.record(), &agent(), &reply(), now()).await
}

/// A place with a store that has the old records, closed.
pub(super) async fn prepared() -> Bench {
    let bench = empty();
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::open(bench.root(), Arc::clone(&entropy) as _).unwrap());
    let config = StoreConfig::sqlite(StoreFiles::in_dir(bench.store()));
    let store = Store::create(config, root, entropy, now()).await.unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    let mut told = String::from("did create\ndid tenant\n");
    for slot in &OLD {
        let id = put(&store, slot).await.unwrap().id();
        told += &format!("did put {} {}\n", slot.number, hex(&id.to_bytes()));
    }
    store.close().await.unwrap();
    std::fs::write(bench.told(), told).unwrap();
    bench
}

/// A place with a root key and nothing else.
pub(super) fn empty() -> Bench {
    let bench = Bench::new();
    KeyFile::create(bench.root(), Arc::new(OsEntropy::new())).unwrap();
    std::fs::write(bench.told(), "").unwrap();
    bench
}

/// The side of the script.
struct Teller {
    file: std::fs::File,
    /// Says that an end happened before it is asked for: what a check must notice.
    early: bool,
}

impl Teller {
    fn say(&mut self, line: &str) {
        self.file.write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    async fn step<T>(
        &mut self,
        name: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Option<T> {
        self.say(&format!("try {name}"));
        if self.early && ["erase", "shred", "expire"].contains(&name) {
            self.say(&format!("did {name}"));
        }
        match work.await {
            Ok(value) => {
                // A put says its id, which only its caller knows.
                if !name.starts_with("put") {
                    self.say(&format!("did {name}"));
                }
                Some(value)
            }
            Err(e) => {
                let all = format!("{e:?}");
                let kind = all.split(|c: char| !c.is_alphanumeric()).next();
                self.say(&format!("fail {name} {}", kind.unwrap_or_default()));
                None
            }
        }
    }

    async fn put(&mut self, store: &Store, number: u8) {
        let slot = NEW.iter().find(|s| s.number == number).unwrap();
        if let Some(put) = self.step(&format!("put {number}"), put(store, slot)).await {
            let id = hex(&put.id().to_bytes());
            self.say(&format!("did put {number} {id}"));
        }
    }

    async fn open(&mut self, dir: &Path) -> Option<Store> {
        let (place, root) = (dir.join("store"), dir.join("root.key"));
        for _ in 0..2 {
            let opening = open_at(&place, &root);
            if let Some(store) = self.step("open", opening).await {
                return Some(store);
            }
        }
        None
    }
}

fn teller(dir: &Path) -> Teller {
    let file = std::fs::OpenOptions::new()
        .append(true)
        .open(dir.join("told"))
        .unwrap();
    Teller {
        file,
        early: std::env::var("TACTFUL_SABOTAGE").is_ok(),
    }
}

/// Runs a script if this program was started for one.
pub(super) fn run(script: impl AsyncFnOnce(&Path)) {
    let Ok(dir) = std::env::var("TACTFUL_SCRIPT") else {
        return;
    };
    let dir = Path::new(&dir).canonicalize().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(script(&dir));
    std::process::exit(END);
}

/// Makes a store and uses it.
pub(super) async fn create(dir: &Path) {
    let mut t = teller(dir);
    let files = || StoreFiles::in_dir(dir.join("store"));
    let mut store = None;
    for _ in 0..2 {
        let entropy = Arc::new(SeededEntropy::insecure(3));
        let root =
            Arc::new(KeyFile::open(dir.join("root.key"), Arc::clone(&entropy) as _).unwrap());
        let making = Store::create(StoreConfig::sqlite(files()), root, entropy, now());
        store = t.step("create", making).await;
        if store.is_some() {
            break;
        }
    }
    if store.is_none() {
        store = t.open(dir).await;
    }
    let Some(store) = store else { return };
    t.step("tenant", store.create_tenant(tenant(1), now()))
        .await;
    t.put(&store, 10).await;
    t.put(&store, 13).await;
    t.step("close", store.close()).await;
}

/// Writes, reads, erases, shreds, holds, expires, and comes back.
pub(super) async fn work(dir: &Path) {
    let mut t = teller(dir);
    let ids = Told::of(&std::fs::read_to_string(dir.join("told")).unwrap()).ids;
    let Some(store) = t.open(dir).await else {
        return;
    };
    let find = |person: u8| email(&format!("p{person}@example.org"));
    for number in [10, 11, 12] {
        t.put(&store, number).await;
    }
    t.step("find", store.find(&find(1), &agent(), &reply(), now()))
        .await;
    t.step("get", store.get(ids[&6], &agent(), &reply(), now()))
        .await;
    t.step(
        "erase",
        store.erase_subject(person(2), &officer(), &request(), now()),
    )
    .await;
    t.put(&store, 13).await;
    t.step("shred", store.shred(&[ids[&3]], &agent(), &reply(), now()))
        .await;
    let hold = Hold::new(
        HoldId::from_random([1; 16]),
        officer().tenant(),
        Scope::Record(ids[&5]),
        HoldReason::LegalClaim,
        ActorId::from_random([9; 16]),
        now(),
        now() + hours(24 * 90),
    );
    t.step(
        "hold",
        store.place_hold(&hold.unwrap(), &officer(), &request(), now()),
    )
    .await;
    t.put(&store, 14).await;
    t.step("expire", store.expire_buckets(later())).await;
    t.put(&store, 15).await;
    t.step("close", store.close()).await;
    drop(store);
    let Some(store) = t.open(dir).await else {
        return;
    };
    t.put(&store, 16).await;
    t.step("get", store.get(ids[&1], &agent(), &reply(), now()))
        .await;
    t.put(&store, 17).await;
    // Dropped as a program ends that forgot to close.
}

/// Writes, and ends without closing anything.
pub(super) async fn killed(dir: &Path) {
    let mut t = teller(dir);
    let Some(store) = t.open(dir).await else {
        return;
    };
    for number in [10, 12, 13, 14] {
        t.put(&store, number).await;
    }
    std::process::exit(END);
}

/// Comes back, writes, and ends without closing anything.
pub(super) async fn returning(dir: &Path) {
    let mut t = teller(dir);
    let Some(store) = t.open(dir).await else {
        return;
    };
    for number in [15, 16, 17] {
        t.put(&store, number).await;
    }
    std::process::exit(END);
}

/// Erases a person, writes on, and ends without closing anything.
pub(super) async fn erasing(dir: &Path) {
    let mut t = teller(dir);
    let Some(store) = t.open(dir).await else {
        return;
    };
    // The log holds pages with the person's key when it is destroyed.
    for number in [10, 11] {
        t.put(&store, number).await;
    }
    t.step(
        "erase",
        store.erase_subject(person(2), &officer(), &request(), now()),
    )
    .await;
    for number in [12, 14] {
        t.put(&store, number).await;
    }
    std::process::exit(END);
}

/// What a script said.
#[derive(Debug, Default)]
pub(super) struct Told {
    tried: BTreeSet<String>,
    did: BTreeSet<String>,
    ids: BTreeMap<u8, RecordId>,
}

impl Told {
    pub(super) fn of(lines: &str) -> Self {
        let mut told = Told::default();
        for line in lines.lines() {
            let words: Vec<&str> = line.split(' ').collect();
            match words[..] {
                ["did", "put", number, id] => {
                    let bytes: Vec<u8> = (0..16)
                        .map(|i| u8::from_str_radix(&id[2 * i..2 * i + 2], 16).unwrap())
                        .collect();
                    let id = RecordId::from_bytes(bytes.try_into().unwrap());
                    told.ids.insert(number.parse().unwrap(), id);
                }
                ["did", what] => drop(told.did.insert(what.to_owned())),
                ["try", ..] => drop(told.tried.insert(line["try ".len()..].to_owned())),
                _ => {}
            }
        }
        told
    }

    pub(super) fn did(&self, what: &str) -> bool {
        self.did.contains(what)
    }

    fn tried(&self, what: &str) -> bool {
        self.tried.contains(what)
    }
}

/// Opens what a script left and says what is not as it was told; empty if all is well.
pub(super) async fn verify(bench: &Bench, lines: &str) -> Vec<String> {
    let told = Told::of(lines);
    let mut wrong = Vec::new();
    let store = match open(bench).await {
        Ok(store) => store,
        // A whole store or none.
        Err(Error::NoStore) if !told.did("create") => {
            let entropy = Arc::new(OsEntropy::new());
            let root = Arc::new(KeyFile::open(bench.root(), Arc::clone(&entropy) as _).unwrap());
            let config = StoreConfig::sqlite(StoreFiles::in_dir(bench.store()));
            match Store::create(config, root, entropy, now()).await {
                Ok(store) => store,
                Err(e) => return vec![format!("creating anew: {e:?}")],
            }
        }
        Err(e) => return vec![format!("opening: {e:?}")],
    };
    match store.create_tenant(tenant(1), now()).await {
        Ok(()) if told.did("tenant") => return vec!["the tenant is lost".to_owned()],
        Ok(()) | Err(Error::TenantExists) => {}
        Err(e) => return vec![format!("tenant: {e:?}")],
    }
    written(&store, &told, &mut wrong).await;
    ended(&store, &told, &mut wrong).await;
    if let Err(e) = put(&store, &LAST).await {
        wrong.push(format!("the store takes no record: {e:?}"));
    }
    match store.survey(now()).await {
        Ok(survey) if (survey.damaged, survey.destroyed) == (0, 0) => {}
        other => wrong.push(format!("{other:?}")),
    }
    match store.verify_audit().await {
        Ok(report) if report.is_intact() => {}
        other => wrong.push(format!("{other:?}")),
    }
    if let Err(e) = store.close().await {
        wrong.push(format!("closing: {e:?}"));
    }
    drop(store);
    match open(bench).await {
        Ok(store) => {
            let last = put(&store, &LAST).await;
            if !matches!(last, Ok(Put::AlreadyStored(_))) {
                wrong.push(format!("the last record is lost: {last:?}"));
            }
        }
        Err(e) => wrong.push(format!("opening again: {e:?}")),
    }
    wrong
}

/// What was acknowledged reads back; what was not can be written again and is there once.
async fn written(store: &Store, told: &Told, wrong: &mut Vec<String>) {
    for slot in OLD.iter().chain(&NEW) {
        if slot.end(told).is_some_and(|end| told.tried(end)) {
            continue;
        }
        let number = slot.number;
        if let Some(id) = told.ids.get(&number) {
            match read(store, *id, now()).await {
                Ok(body) if body == slot.body() => {}
                Ok(_) => wrong.push(format!("slot {number}: another body")),
                Err(e) => wrong.push(format!("slot {number}: {e:?}")),
            }
            match store.find(&slot.term(), &agent(), &reply(), now()).await {
                Ok(found) if found.contains(id) => {}
                other => wrong.push(format!("slot {number} is not found: {other:?}")),
            }
        } else if told.tried(&format!("put {number}")) {
            if let Err(e) = put(store, slot).await {
                wrong.push(format!("slot {number} cannot be written again: {e:?}"));
                continue;
            }
            let mut times = 0;
            let all = store
                .of_subject(slot.subject(), &agent(), &reply(), now())
                .await;
            for id in all.unwrap_or_default() {
                times += usize::from(read(store, id, now()).await.is_ok_and(|b| b == slot.body()));
            }
            if times != 1 {
                wrong.push(format!("slot {number} is there {times} times"));
            }
        }
    }
}

/// What was acknowledged to have ended is unreadable; what was only begun is whole or gone.
async fn ended(store: &Store, told: &Told, wrong: &mut Vec<String>) {
    for end in ["erase", "shred", "expire"] {
        if !told.tried(end) {
            continue;
        }
        let mut readable = BTreeSet::new();
        for slot in OLD.iter().chain(&NEW).filter(|s| s.end(told) == Some(end)) {
            let Some(id) = told.ids.get(&slot.number) else {
                continue;
            };
            match read(store, *id, now()).await {
                Ok(body) if body == slot.body() => drop(readable.insert(true)),
                Ok(_) => wrong.push(format!("slot {}: another body", slot.number)),
                Err(Error::AlreadyErased | Error::NotFound) => drop(readable.insert(false)),
                Err(e) => wrong.push(format!("slot {}: {e:?}", slot.number)),
            }
        }
        if told.did(end) && readable.contains(&true) {
            wrong.push(format!("{end} was acknowledged, and a record can be read"));
        }
        if readable.len() > 1 {
            wrong.push(format!("{end} is half done"));
        }
    }
}
