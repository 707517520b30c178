//! Failure 17: what somebody can learn without reading: "not found" and "another's" are told alike, and comparisons of
//! secrets take no time that depends on them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{
    Backend, Batch, KeyId, KeyOp, Log, LogRow, Outcome, Row, Scan, Side, Snapshot, StoredKey, Table,
};
use crypto_store::{Error, NewRecord};
use retention_policy::{
    Category, Hold, HoldId, HoldReason, Purpose, RecordId, Role, Scope, UnitId,
};

use crate::support::{Place, World, agent, by, meta, now, officer, person, reply, request, tenant};

/// Writes down what is asked of a back end, without the values.
#[derive(Debug, Default)]
struct Told {
    inner: MemoryBackend,
    asked: Mutex<Vec<String>>,
}

impl Told {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Backend for Told {
    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        self.note(format!("change {ops:?}"));
        self.inner.change_keys(ops).await
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.note(format!("key {id:?}"));
        self.inner.key(id).await
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        self.note("list keys".to_owned());
        self.inner.list_keys(after, limit).await
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        self.note("scan keys".to_owned());
        self.inner.scan_keys(after, limit).await
    }

    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        self.note(format!("commit {batch:?}"));
        self.inner.commit(batch).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        self.note(format!("get {table:?}"));
        self.inner.get(table, key).await
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        let tables: Vec<_> = keys.iter().map(|(table, _)| *table).collect();
        self.note(format!("get {tables:?}"));
        self.inner.get_many(keys).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        self.note(format!("scan {scan:?}"));
        self.inner.scan(scan).await
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.note(format!("log {log:?}"));
        self.inner.log(log, from, limit).await
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        self.note(format!("scrub {side:?}"));
        self.inner.scrub(side).await
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.note("snapshot".to_owned());
        self.inner.snapshot().await
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        self.note(format!("check {side:?}"));
        self.inner.check(side).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.inner.close().await
    }
}

fn hold(id: RecordId) -> Hold {
    let hold = HoldId::from_random([3; 16]);
    let until = now() + chrono::TimeDelta::days(90);
    Hold::new(
        hold,
        agent().tenant(),
        Scope::Record(id),
        HoldReason::LegalClaim,
        agent().actor(),
        now(),
        until,
    )
    .unwrap()
}

#[tokio::test]
async fn failure_17_nothing_and_anothers_are_told_alike() {
    let told = Arc::new(Told::default());
    let backend: Arc<dyn Backend> = told.clone();
    let store = World::new(Place::Memory(backend)).create().await;
    let unit = UnitId::from_random([4; 16]);
    let other = by(Role::Agent, tenant(2));
    let theirs = meta(tenant(2), person(1), Category::Session, now());
    let theirs = NewRecord::new(theirs, b"theirs".to_vec()).unit(unit);
    let theirs = store
        .put(theirs, &other, &reply(), now())
        .await
        .unwrap()
        .id();
    let nothing = RecordId::from_random([0x77; 16]);
    let no_unit = UnitId::from_random([0x77; 16]);
    // Once before, so that keys are in memory for both.
    store
        .get(nothing, &agent(), &reply(), now())
        .await
        .unwrap_err();
    let audit = async || store.verify_audit().await.unwrap().entries;

    // Each call for what does not exist, for another tenant's, and again.
    let mut seen: Vec<Vec<(String, Vec<String>)>> = Vec::new();
    for (id, unit) in [(nothing, no_unit), (theirs, unit), (nothing, no_unit)] {
        let (agent, officer) = (agent(), officer());
        let mut answers = Vec::new();
        let mut add = |error: Error| {
            assert!(error.is_not_found(), "{error}");
            answers.push((format!("{error} {error:?}"), told.take()));
        };
        let before = audit().await;
        told.take();
        add(store.get(id, &agent, &reply(), now()).await.unwrap_err());
        add(store
            .export(id, &officer, &request(), now())
            .await
            .unwrap_err());
        add(store
            .shred(&[id], &agent, &reply(), now())
            .await
            .unwrap_err());
        add(store
            .shred_unit(unit, &agent, &reply(), now())
            .await
            .unwrap_err());
        add(store
            .place_hold(&hold(id), &officer, &request(), now())
            .await
            .unwrap_err());
        // Each refusal is in the audit, in both cases alike.
        assert_eq!(audit().await - before, 5);
        seen.push(answers);
    }
    assert!(seen[0].iter().all(|(_, asked)| !asked.is_empty()));
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

#[tokio::test]
async fn failure_17_a_role_without_the_right_learns_nothing_of_another_tenant() {
    let told = Arc::new(Told::default());
    let backend: Arc<dyn Backend> = told.clone();
    let store = World::new(Place::Memory(backend)).create().await;
    let theirs = meta(tenant(2), person(1), Category::Session, now());
    let other = by(Role::Agent, tenant(2));
    let theirs = NewRecord::new(theirs, b"theirs".to_vec());
    let theirs = store
        .put(theirs, &other, &reply(), now())
        .await
        .unwrap()
        .id();
    let engineer = by(Role::Engineer, tenant(1));
    let why = crypto_store::Reason::new(Purpose::Operate);
    let nothing = RecordId::from_random([0x77; 16]);
    let mut answers = Vec::new();
    for id in [nothing, nothing, theirs] {
        told.take();
        let error = store.get(id, &engineer, &why, now()).await.unwrap_err();
        answers.push((error.to_string(), told.take()));
    }
    // The first call reads the tenant's key.
    assert_eq!(answers[1], answers[2]);
    // Its own tenant's record, by contrast, is denied and that is said.
    let own = NewRecord::new(crate::support::session(person(1)), Vec::new());
    let own = store
        .put(own, &agent(), &reply(), now())
        .await
        .unwrap()
        .id();
    assert!(
        store
            .get(own, &engineer, &why, now())
            .await
            .unwrap_err()
            .is_denied()
    );
}

#[test]
fn failure_17_secrets_are_compared_in_constant_time() {
    // By construction: every comparison of a tag, a commitment or a link in the sources goes through `subtle` or the
    // cipher, and none of the types that hold one derives an equality that stops early.
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let text = |name: &str| std::fs::read_to_string(sources.join(name)).unwrap();
    assert!(text("envelope.rs").contains("commitment.ct_eq(&parts.commitment)"));
    assert!(!text("envelope.rs").contains("commitment == "));
    assert!(text("audit/verify.rs").contains("link.ct_eq(&row.link)"));
    assert!(!text("key.rs").contains("derive(PartialEq"));
}
