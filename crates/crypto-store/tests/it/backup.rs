//! Backups: everything that lives comes back, nothing that was ended does.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crypto_store::backend::memory::MemoryBackend;
use crypto_store::{
    Decision, Error, NewRecord, Phase, Restored, StopAt, Store, StoreConfig, StoreFiles,
};
use retention_policy::{
    Action, Category, Policy, Purpose, PurposeSet, RecordId, RecordMeta, Region, Role, SubjectId,
    Timestamp, UnitId,
};

mod format;
mod keys;
mod stopped;
mod tamper;

use crate::support::{
    CANARY, Place, World, agent, by, email, hours, meta, now, occurrences, officer, person, put,
    read, reply, request, session, tenant, wrapped,
};

/// A record that lives for years.
async fn keep(store: &Store, subject: SubjectId, body: &[u8]) -> RecordId {
    let meta = RecordMeta::new(
        tenant(1),
        subject,
        Category::Consent,
        PurposeSet::only(Purpose::AnswerRequest),
        Region::France,
        Policy::default().expiry(Category::Consent, now()).unwrap(),
    )
    .unwrap();
    let record = NewRecord::new(meta, body.to_vec());
    store
        .put(record, &officer(), &request(), now())
        .await
        .unwrap()
        .id()
}

async fn look(store: &Store, id: RecordId, at: Timestamp) -> Result<Vec<u8>, Error> {
    let opened = store.get(id, &officer(), &request(), at).await?;
    Ok(opened.expose().to_vec())
}

async fn restore(
    world: &World,
    backup: &Path,
    config: StoreConfig,
    at: Timestamp,
) -> Result<(Store, Restored), Error> {
    let (root, entropy) = (Arc::clone(&world.root), Arc::clone(&world.entropy));
    Store::restore(backup, config, root, entropy, at).await
}

/// Ends the store and loses its records. Keys stay.
async fn lose_records(world: &World, store: Store) {
    store.close().await.unwrap();
    drop(store);
    for name in ["records.db", "records.db-wal", "records.db-shm"] {
        let _ = std::fs::remove_file(world.dir().join(name));
    }
}

fn there(world: &World, name: &str) -> bool {
    world.dir().join(name).exists()
}

struct Elsewhere(tempfile::TempDir);

impl Elsewhere {
    fn new() -> Self {
        Elsewhere(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

#[tokio::test]
async fn a_backup_holds_everything_and_tells_nothing() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let meta = session(person(1));
    let record = NewRecord::new(meta, CANARY.to_vec()).terms(vec![email("zoe@example.org")]);
    let first = store
        .put(
            record.idempotency_key(b"delivery"),
            &agent(),
            &reply(),
            now(),
        )
        .await
        .unwrap()
        .id();
    store
        .link(person(1), person(2), &officer(), &request(), now())
        .await
        .unwrap();
    let second = keep(&store, person(3), b"consent").await;

    let path = out.path("a.backup");
    let made = store.backup(&path, now()).await.unwrap();
    assert_eq!((made.records, made.ledger_entries), (2, 0));
    assert_eq!(made.bytes, std::fs::metadata(&path).unwrap().len());
    let (_, told) = store.audit(0, 100).await.unwrap().pop().unwrap();
    assert_eq!((told.action, told.count), (Action::Backup, 2));
    assert_eq!((told.role, told.decision), (None, Decision::Allowed));
    let mut secrets: Vec<Vec<u8>> = wrapped(&world.files()).into_values().collect();
    secrets.push(CANARY.to_vec());
    assert_eq!(occurrences(out.0.path(), &secrets), 0);

    lose_records(&world, store).await;
    assert!(matches!(
        world.try_open(world.config(), now()).await,
        Err(Error::RecordsLost)
    ));
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed, told.tombstones), (2, 0, 0));
    assert_eq!(told.made, now());
    // The entry of the backup itself came after its moment.
    assert_eq!(told.missing_entries, 1);
    assert_eq!(read(&store, first, now()).await.unwrap(), CANARY);
    assert_eq!(look(&store, second, now()).await.unwrap(), b"consent");
    assert_eq!(
        store
            .find(&email("zoe@example.org"), &agent(), &reply(), now())
            .await
            .unwrap(),
        [first]
    );
    let again = NewRecord::new(meta, b"twice".to_vec()).idempotency_key(b"delivery");
    let again = store.put(again, &agent(), &reply(), now()).await.unwrap();
    assert_eq!(again, crypto_store::Put::AlreadyStored(first));
    let gone = store
        .erase_subject(person(2), &officer(), &request(), now())
        .await
        .unwrap();
    assert_eq!(gone.receipt().keys, 2, "links are back as well");
    assert!(store.verify_audit().await.unwrap().is_intact());
    // It is a store like any other.
    store.close().await.unwrap();
    drop(store);
    let store = world.open().await;
    assert_eq!(look(&store, second, now()).await.unwrap(), b"consent");
    assert!(!there(&world, "records.db.restore"));
}

/// Failure test 4 of the research: last week's data, today's keys.
#[tokio::test]
async fn last_weeks_records_with_todays_keys_give_back_only_what_was_not_ended() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let (mut kept, mut erased, mut expired) = (Vec::new(), Vec::new(), Vec::new());
    for n in 0..40u8 {
        let ids = if n % 4 == 0 { &mut erased } else { &mut kept };
        ids.push((keep(&store, person(n), &[n; 300]).await, n));
        if n % 8 == 1 {
            expired.push(put(&store, person(n), &[n; 300]).await);
        }
    }
    let path = out.path("week.backup");
    store.backup(&path, now()).await.unwrap();

    // A week goes by: people are erased, days end, work goes on.
    for n in (0..40u8).step_by(4) {
        store
            .erase_subject(person(n), &officer(), &request(), now())
            .await
            .unwrap();
    }
    let week = now() + hours(7 * 24);
    store.expire_buckets(week).await.unwrap();
    let late = keep(&store, person(50), b"after the backup").await;
    lose_records(&world, store).await;

    let (store, told) = restore(&world, &path, world.config(), week).await.unwrap();
    assert_eq!(told.records, 45);
    assert_eq!(told.destroyed, 15, "10 of the erased, 5 that expired");
    assert_eq!(told.tombstones, 10);
    assert!(told.missing_entries > 10);
    for (id, n) in &kept {
        assert_eq!(look(&store, *id, week).await.unwrap(), [*n; 300]);
    }
    for (id, n) in &erased {
        assert!(look(&store, *id, week).await.is_err(), "{n}");
        // Not only unreadable: the person stays erased.
        let record = NewRecord::new(session(person(*n)), b"again".to_vec());
        let refused = store.put(record, &agent(), &reply(), now()).await;
        assert!(matches!(refused, Err(Error::AlreadyErased)), "{n}");
        assert!(matches!(
            store
                .erase_subject(person(*n), &officer(), &request(), week)
                .await,
            Err(Error::AlreadyErased)
        ));
    }
    for id in &expired {
        assert!(read(&store, *id, now()).await.is_err());
    }
    assert!(look(&store, late, week).await.is_err());
    let survey = store.survey(week).await.unwrap();
    assert_eq!((survey.records, survey.readable), (30, 30));

    let report = store.verify_audit().await.unwrap();
    assert!(report.is_intact(), "{report:?}");
    let checked = store.check(week).await.unwrap();
    assert!(checked.is_intact(), "{checked:?}");
    let ledger = store.ledger(0, 1000).await.unwrap();
    for phase in [Phase::Begun, Phase::Destroyed, Phase::Purged] {
        for n in (0..40u8).step_by(4) {
            let of = |e: &crypto_store::LedgerEntry| {
                e.phase == phase && e.target == store.blind_subject(person(n))
            };
            let lines = ledger.iter().filter(|(_, e)| of(e)).count();
            assert_eq!(lines, 1, "{phase:?} {n}");
        }
    }
    // The audit names the gap.
    let entries = store.audit(0, 1000).await.unwrap();
    let (seq, entry) = entries
        .iter()
        .find(|(_, e)| e.action == Action::Restore)
        .unwrap();
    let [remembered, had] = [0, 8]
        .map(|at| u64::from_be_bytes(entry.object.as_bytes()[at..at + 8].try_into().unwrap()));
    assert_eq!(had, *seq);
    assert_eq!(remembered - had, told.missing_entries);
    assert_eq!(entry.count, 45);
}

#[tokio::test]
async fn what_the_records_never_knew_is_known_by_the_keys() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let kept = keep(&store, person(1), b"kept").await;
    let other = by(Role::PrivacyOfficer, tenant(2));
    let theirs = meta(tenant(2), person(5), Category::Session, now());
    let theirs = NewRecord::new(theirs, b"theirs".to_vec());
    let agent_there = by(Role::Agent, tenant(2));
    store
        .put(theirs, &agent_there, &reply(), now())
        .await
        .unwrap();
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    // New keys, an ended tenant, and somebody who came and was erased after the backup.
    store.rotate_keys(tenant(1), now()).await.unwrap();
    store.end_tenant(&other, &request(), now()).await.unwrap();
    store.create_tenant(tenant(3), now()).await.unwrap();
    put(&store, person(9), b"short").await;
    store
        .erase_subject(person(9), &officer(), &request(), now())
        .await
        .unwrap();
    lose_records(&world, store).await;
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed, told.tombstones), (2, 1, 2));
    assert_eq!(look(&store, kept, now()).await.unwrap(), b"kept");
    assert!(!store.has_tenant(tenant(2)).await.unwrap());
    // A tenant that came after the backup has lost its records, not itself.
    let later = meta(tenant(3), person(6), Category::Session, now());
    let later = NewRecord::new(later, b"later".to_vec());
    let agent_there = by(Role::Agent, tenant(3));
    let later = store.put(later, &agent_there, &reply(), now()).await;
    let later = later.unwrap().id();
    let officer_there = by(Role::PrivacyOfficer, tenant(3));
    store
        .get(later, &agent_there, &reply(), now())
        .await
        .unwrap();
    store
        .erase_subject(person(6), &officer_there, &request(), now())
        .await
        .unwrap();
    assert!(matches!(
        store.create_tenant(tenant(2), now()).await,
        Err(Error::AlreadyErased)
    ));
    let again = NewRecord::new(session(person(9)), b"again".to_vec());
    assert!(matches!(
        store.put(again, &agent(), &reply(), now()).await,
        Err(Error::AlreadyErased)
    ));
    let checked = store.check(now()).await.unwrap();
    assert!(checked.is_intact(), "{checked:?}");
    assert_eq!((checked.survey.records, checked.survey.readable), (1, 1));
}

#[tokio::test]
async fn a_unit_that_was_decided_since_stays_decided() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let unit = UnitId::from_random([4; 16]);
    let draft = |body: &[u8]| NewRecord::new(session(person(1)), body.to_vec()).unit(unit);
    for n in 0..3u8 {
        store
            .put(draft(&[n; 9]), &agent(), &reply(), now())
            .await
            .unwrap();
    }
    let other = put(&store, person(1), b"other").await;
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    store
        .shred_unit(unit, &agent(), &reply(), now())
        .await
        .unwrap();
    lose_records(&world, store).await;
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed, told.tombstones), (4, 3, 0));
    assert_eq!(read(&store, other, now()).await.unwrap(), b"other");
    let late = store.put(draft(b"late"), &agent(), &reply(), now()).await;
    assert!(matches!(late, Err(Error::AlreadyErased)));
}

#[tokio::test]
async fn an_erasure_that_was_under_way_is_finished() {
    for stop in [
        StopAt::IntentWritten,
        StopAt::KeysDestroyed,
        StopAt::RowsDeleted,
    ] {
        let (world, out) = (World::sqlite(), Elsewhere::new());
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let other = put(&store, person(2), b"other").await;
        store.close().await.unwrap();
        drop(store);
        let config = world.config().stop_at(stop);
        let store = world.try_open(config, now()).await.unwrap();
        assert!(matches!(
            store
                .erase_subject(person(1), &officer(), &request(), now())
                .await,
            Err(Error::Stopped)
        ));
        let path = out.path("a.backup");
        store.backup(&path, now()).await.unwrap();
        lose_records(&world, store).await;
        let (store, _) = restore(&world, &path, world.config(), now()).await.unwrap();
        assert!(read(&store, id, now()).await.is_err(), "{stop:?}");
        assert_eq!(read(&store, other, now()).await.unwrap(), b"other");
        let settled = store.settle(now()).await.unwrap();
        assert_eq!((settled.done, settled.pending), (0, 0), "{stop:?}");
        let survey = store.survey(now()).await.unwrap();
        assert_eq!((survey.records, survey.readable), (1, 1), "{stop:?}");
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn writing_goes_on_while_a_backup_is_made() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = Arc::new(world.create().await);
    let mut before = Vec::new();
    for n in 0..60u8 {
        before.push(put(&store, person(n), &vec![n; 20_000]).await);
    }
    let (begun, done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let writing = {
        let (store, begun, done) = (Arc::clone(&store), Arc::clone(&begun), Arc::clone(&done));
        tokio::spawn(async move {
            let mut during = Vec::new();
            while !done.load(Ordering::Acquire) {
                let id = put(&store, person(70), &[1; 2_000]).await;
                read(&store, id, now()).await.unwrap();
                during.push(id);
                begun.store(true, Ordering::Release);
            }
            during
        })
    };
    while !begun.load(Ordering::Acquire) {
        tokio::task::yield_now().await;
    }
    let path = out.path("a.backup");
    let made = store.backup(&path, now()).await.unwrap();
    done.store(true, Ordering::Release);
    let during = writing.await.unwrap();
    assert!(made.records > 60);
    let store = Arc::into_inner(store).unwrap();
    lose_records(&world, store).await;
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed), (made.records, 0));
    for (n, id) in before.iter().enumerate() {
        assert_eq!(
            read(&store, *id, now()).await.unwrap(),
            vec![n as u8; 20_000]
        );
    }
    // One moment: of what came during the backup, a beginning is there.
    let mut there = Vec::new();
    for id in &during {
        there.push(read(&store, *id, now()).await.is_ok());
    }
    assert!(there.is_sorted_by(|a, b| a >= b), "{there:?}");
    assert_eq!(
        there.iter().filter(|t| **t).count() as u64,
        made.records - 60
    );
    assert!(store.verify_audit().await.unwrap().is_intact());
}

/// 40 persons of 50 records, or of as many as `TACTFUL_BACKUP` says: what is told page by page, written group by group.
#[tokio::test]
async fn thousands_of_records_come_back() {
    let each: usize = std::env::var("TACTFUL_BACKUP").map_or(50, |n| n.parse().unwrap());
    let all = 40 * each as u64;
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = Arc::new(world.create().await);
    let writers: Vec<_> = (0..40u8)
        .map(|w| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for n in 0..each {
                    ids.push(put(&store, person(w), &[w, n as u8]).await);
                }
                ids
            })
        })
        .collect();
    let mut ids = Vec::new();
    for writer in writers {
        ids.push(writer.await.unwrap());
    }
    let path = out.path("a.backup");
    let made = store.backup(&path, now()).await.unwrap();
    assert_eq!(made.records, all);
    lose_records(&world, Arc::into_inner(store).unwrap()).await;
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed), (all, 0));
    for w in [0u8, 17, 39] {
        // The order of a person's records is as it was.
        assert_eq!(
            store
                .of_subject(person(w), &agent(), &reply(), now())
                .await
                .unwrap(),
            ids[usize::from(w)]
        );
    }
    let survey = store.survey(now()).await.unwrap();
    assert_eq!((survey.records, survey.readable), (all, all));
}

#[tokio::test]
async fn a_backup_of_any_back_end_opens_on_any_other() {
    let out = Elsewhere::new();
    let world = World::memory();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let gone = put(&store, person(2), b"gone").await;
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    store
        .erase_subject(person(2), &officer(), &request(), now())
        .await
        .unwrap();
    // The keys move to a back end that has no records yet.
    let Place::Memory(backend) = &world.place else {
        unreachable!()
    };
    let other: Arc<dyn crypto_store::backend::Backend> = Arc::new(MemoryBackend::new());
    let keys = backend.scan_keys(0, usize::MAX).await.unwrap();
    let ops = keys
        .into_iter()
        .map(|key| crypto_store::backend::KeyOp::Add(key.id, key.wrapped))
        .collect();
    other.change_keys(ops).await.unwrap();
    let config = || StoreConfig::backend(Arc::clone(&other));
    assert!(matches!(
        world.try_open(config(), now()).await,
        Err(Error::RecordsLost)
    ));
    // Killed anywhere, the same call goes on or the next opening does.
    for stop in [
        StopAt::RestoreBegun,
        StopAt::RestoreBegun,
        StopAt::RestoreWritten,
    ] {
        let stopped = restore(&world, &path, config().stop_at(stop), now()).await;
        assert!(matches!(stopped, Err(Error::Stopped)), "{stop:?}");
    }
    let again = restore(&world, &path, config(), now()).await;
    assert!(matches!(again, Err(Error::AlreadyExists)));
    let store = world.try_open(config(), now()).await.unwrap();
    assert_eq!(read(&store, id, now()).await.unwrap(), b"body");
    assert!(read(&store, gone, now()).await.is_err());
    let record = NewRecord::new(session(person(2)), b"again".to_vec());
    assert!(matches!(
        store.put(record, &agent(), &reply(), now()).await,
        Err(Error::AlreadyErased)
    ));
    assert!(store.verify_audit().await.unwrap().is_intact());
}

#[tokio::test]
async fn nothing_is_written_over() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let path = out.path("a.backup");
    std::fs::write(&path, b"mine").unwrap();
    assert!(matches!(
        store.backup(&path, now()).await,
        Err(Error::AlreadyExists)
    ));
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    std::fs::remove_file(&path).unwrap();
    store.backup(&path, now()).await.unwrap();
    let whole = std::fs::read(&path).unwrap();
    assert!(store.backup(&path, now()).await.is_err());
    assert_eq!(std::fs::read(&path).unwrap(), whole);
    store.close().await.unwrap();
    drop(store);
    // Records that are there.
    assert!(matches!(
        restore(&world, &path, world.config(), now()).await,
        Err(Error::AlreadyExists)
    ));
    assert_eq!(read(&world.open().await, id, now()).await.unwrap(), b"body");
    // No keys.
    let empty = tempfile::tempdir().unwrap();
    let config = StoreConfig::sqlite(StoreFiles::in_dir(empty.path()));
    assert!(matches!(
        restore(&world, &path, config, now()).await,
        Err(Error::KeysLost { .. })
    ));
    assert!(!empty.path().join("records.db").exists());
}

/// A disk of so many bytes.
struct Disk(usize);

impl std::io::Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(std::io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_full_disk_ends_a_backup_and_nothing_else() {
    let world = World::sqlite();
    let store = world.create().await;
    let mut ids = Vec::new();
    for n in 0..20u8 {
        ids.push(put(&store, person(n), &vec![n; 20_000]).await);
    }
    for room in [0, 100, 70_000, 300_000] {
        assert!(
            matches!(
                store.backup_into(Disk(room), now()).await,
                Err(Error::Io { .. })
            ),
            "{room}"
        );
    }
    let (_, made) = store.backup_into(Disk(1_000_000), now()).await.unwrap();
    assert_eq!(made.records, 20);
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(read(&store, *id, now()).await.unwrap()[0], n as u8);
    }
}
