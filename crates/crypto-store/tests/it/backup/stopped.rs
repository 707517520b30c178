//! A restoring that ends anywhere: no store yet, or one that finishes before anybody reads.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crypto_store::{Error, KeyFile, OsEntropy, StopAt, Store, StoreConfig, StoreFiles};
use retention_policy::Action;

use super::{Elsewhere, keep, look, lose_records, restore};
use crate::support::{World, hours, now, officer, person, put, read, request, tenant};

#[tokio::test]
async fn a_restoring_that_stopped_is_no_store_or_a_whole_one() {
    const STOPS: [StopAt; 5] = [
        StopAt::RestoreBegun,
        StopAt::RestoreWritten,
        StopAt::RestoreNamed,
        StopAt::RestoreMarked,
        StopAt::RestoreReplayed,
    ];
    let (made, out) = (World::sqlite(), Elsewhere::new());
    let store = made.create().await;
    let kept = keep(&store, person(1), b"kept").await;
    let gone = keep(&store, person(2), b"gone").await;
    let over = put(&store, person(1), b"over").await;
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    store
        .erase_subject(person(2), &officer(), &request(), now())
        .await
        .unwrap();
    lose_records(&made, store).await;
    let later = now() + hours(48);
    for stop in STOPS {
        let dir = tempfile::tempdir().unwrap();
        crate::support::copy_dir(made.dir(), dir.path());
        let files = StoreFiles::in_dir(dir.path());
        let config = || StoreConfig::sqlite(files.clone());
        let stopped = restore(&made, &path, config().stop_at(stop), later).await;
        assert!(matches!(stopped, Err(Error::Stopped)), "{stop:?}");
        let opened = made.try_open(config(), later).await;
        let store = if matches!(stop, StopAt::RestoreBegun | StopAt::RestoreWritten) {
            assert!(matches!(opened, Err(Error::RecordsLost)), "{stop:?}");
            let (store, told) = restore(&made, &path, config(), later).await.unwrap();
            assert_eq!((told.destroyed, told.tombstones, told.expired), (2, 1, 1));
            store
        } else {
            opened.unwrap()
        };
        assert_eq!(look(&store, kept, later).await.unwrap(), b"kept");
        assert!(look(&store, gone, later).await.is_err(), "{stop:?}");
        assert!(read(&store, over, now()).await.is_err(), "{stop:?}");
        let survey = store.survey(later).await.unwrap();
        assert_eq!((survey.records, survey.readable), (1, 1), "{stop:?}");
        let entries = store.audit(0, 100).await.unwrap();
        let told = entries.iter().filter(|(_, e)| e.action == Action::Restore);
        assert_eq!(told.count(), 1, "{stop:?}");
        assert!(store.verify_audit().await.unwrap().is_intact(), "{stop:?}");
        store.close().await.unwrap();
        drop(store);
        made.try_open(config(), later).await.unwrap();
        let left: Vec<_> = std::fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("restore"))
            .collect();
        assert!(left.is_empty(), "{stop:?} {left:?}");
    }
}

#[tokio::test]
async fn records_that_were_put_back_by_hand_are_still_refused() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    put(&store, person(1), b"body").await;
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    lose_records(&world, store).await;
    let stopped = restore(
        &world,
        &path,
        world.config().stop_at(StopAt::RestoreNamed),
        now(),
    )
    .await;
    assert!(matches!(stopped, Err(Error::Stopped)));
    // Records with the note that they were put back, from before it was acted upon.
    let noted = out.path("records.db");
    std::fs::copy(world.dir().join("records.db"), &noted).unwrap();
    let store = world.open().await;
    put(&store, person(2), b"more").await;
    lose_records(&world, store).await;
    std::fs::copy(&noted, world.dir().join("records.db")).unwrap();
    assert!(matches!(
        world.try_open(world.config(), now()).await,
        Err(Error::RolledBack)
    ));
}

/// Not a test of its own: puts a backup back until it is killed.
#[test]
fn restorer() {
    let Ok(dir) = std::env::var("TACTFUL_RESTORER") else {
        return;
    };
    let dir = Path::new(&dir);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let root = KeyFile::open(dir.join("root.key"), Arc::new(OsEntropy::new())).unwrap();
        eprintln!("begin");
        let config = StoreConfig::sqlite(StoreFiles::in_dir(dir));
        let entropy = Arc::new(OsEntropy::new());
        let backup = dir.join("a.backup");
        Store::restore(&backup, config, Arc::new(root), entropy, now())
            .await
            .unwrap();
        eprintln!("done");
    });
    std::process::exit(0);
}

#[tokio::test]
async fn a_restoring_that_is_killed_loses_nothing_and_brings_nobody_back() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone()).unwrap());
    let config = |dir: &Path| StoreConfig::sqlite(StoreFiles::in_dir(dir));
    let store = Store::create(config(dir.path()), root.clone(), entropy.clone(), now())
        .await
        .unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    let (mut kept, mut gone) = (Vec::new(), Vec::new());
    for n in 0..90u8 {
        let ids = if n % 3 == 0 { &mut gone } else { &mut kept };
        ids.push(put(&store, person(n), &vec![n; 3_000]).await);
    }
    let backup = dir.path().join("a.backup");
    store.backup(&backup, now()).await.unwrap();
    for n in (0..90u8).step_by(3) {
        store
            .erase_subject(person(n), &officer(), &request(), now())
            .await
            .unwrap();
    }
    store.close().await.unwrap();
    drop(store);
    std::fs::remove_file(dir.path().join("records.db")).unwrap();

    let (mut before, mut after) = (0, 0);
    // The first one is left alone and tells how long it takes here.
    let mut whole = Duration::ZERO;
    for part in 0..=7 {
        let copy = tempfile::tempdir().unwrap();
        crate::support::copy_dir(dir.path(), copy.path());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "backup::stopped::restorer", "--nocapture"])
            .env("TACTFUL_RESTORER", copy.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        while lines.next().unwrap().unwrap() != "begin" {}
        if part == 0 {
            let began = Instant::now();
            assert_eq!(lines.next().unwrap().unwrap(), "done");
            whole = began.elapsed();
        }
        std::thread::sleep(whole * part / 8);
        // SIGKILL: no destructor, no flush, no last word.
        child.kill().unwrap();
        child.wait().unwrap();
        let config = || config(copy.path());
        let opened = Store::open(config(), root.clone(), entropy.clone(), now()).await;
        let store = match opened {
            Ok(store) => {
                after += 1;
                store
            }
            Err(e) => {
                assert!(matches!(e, Error::RecordsLost), "{e}");
                before += 1;
                let backup = copy.path().join("a.backup");
                Store::restore(&backup, config(), root.clone(), entropy.clone(), now())
                    .await
                    .unwrap()
                    .0
            }
        };
        for id in &kept {
            assert_eq!(read(&store, *id, now()).await.unwrap().len(), 3_000);
        }
        for id in &gone {
            assert!(read(&store, *id, now()).await.is_err());
        }
        let survey = store.survey(now()).await.unwrap();
        assert_eq!((survey.records, survey.readable), (60, 60), "{part}");
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
    assert!(after > 0, "the one that was left alone");
    eprintln!("killed before the name {before} times, after it {after} times");
}

/// Somebody removes the records and forgets what SQLite keeps beside them.
#[tokio::test]
async fn a_log_left_beside_lost_records_does_not_get_into_what_is_put_back() {
    let (made, out) = (World::sqlite(), Elsewhere::new());
    let store = made.create().await;
    let kept = keep(&store, person(1), b"kept").await;
    let path = out.path("a.backup");
    store.backup(&path, now()).await.unwrap();
    for n in 0..40u8 {
        keep(&store, person(2), &[n; 3000]).await;
    }
    // As a kill leaves it: the log holds commits that the file does not have.
    let wal = made.dir().join("records.db-wal");
    let left = std::fs::read(&wal).unwrap();
    assert!(left.len() > 32, "there is something in the log");
    lose_records(&made, store).await;
    std::fs::write(&wal, &left).unwrap();

    let config = StoreConfig::sqlite(StoreFiles::in_dir(made.dir()));
    let (store, told) = restore(&made, &path, config, now()).await.unwrap();
    assert_eq!(told.records, 1);
    assert_eq!(look(&store, kept, now()).await.unwrap(), b"kept");
    let survey = store.survey(now()).await.unwrap();
    assert_eq!((survey.records, survey.readable, survey.damaged), (1, 1, 0));
    assert!(store.verify_audit().await.unwrap().is_intact());
    assert!(store.check(now()).await.unwrap().is_intact());
}
