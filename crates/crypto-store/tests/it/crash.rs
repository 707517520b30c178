//! A process that ends anywhere: what was acknowledged is there, what was begun is finished.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use crypto_store::{Error, KeyFile, OsEntropy, Phase, StopAt, Store, StoreConfig, StoreFiles};
use retention_policy::RecordId;

use crate::support::{
    World, agent, hours, now, officer, person, put, read, reply, request, tenant,
};

const ERASING: [StopAt; 5] = [
    StopAt::IntentWritten,
    StopAt::KeysDestroyed,
    StopAt::LogEmptied,
    StopAt::DestructionWritten,
    StopAt::RowsDeleted,
];

/// Runs `end` in a store that stops at a point, opens the store again and asks what is left.
async fn stopped_at(stop: StopAt, end: impl AsyncFn(&Store, &[RecordId]) -> Result<(), Error>) {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 0..6u8 {
            ids.push(put(&store, person(n % 2), &[n; 50]).await);
        }
        if matches!(world.place, crate::support::Place::Files(_)) {
            store.close().await.unwrap();
        }
        drop(store);
        let store = world
            .try_open(world.config().stop_at(stop), now())
            .await
            .unwrap();
        assert!(
            matches!(end(&store, &ids).await, Err(Error::Stopped)),
            "{stop:?}"
        );
        // From the first step on nobody reads, whether the keys are gone or not.
        for id in [ids[1], ids[3], ids[5]] {
            assert!(read(&store, id, now()).await.is_err(), "{stop:?}");
        }
        drop(store);
        let store = world.open().await;
        for (n, id) in ids.iter().enumerate() {
            assert_eq!(
                read(&store, *id, now()).await.is_ok(),
                n % 2 == 0,
                "{stop:?} {n}"
            );
        }
        let survey = store.survey(now()).await.unwrap();
        assert_eq!((survey.records, survey.readable), (3, 3), "{stop:?}");
        let ledger = store.ledger(0, 100).await.unwrap();
        for phase in [Phase::Begun, Phase::Destroyed, Phase::Purged] {
            let mut of: Vec<_> = ledger
                .iter()
                .filter(|(_, e)| e.phase == phase)
                .map(|(_, e)| e.target)
                .collect();
            let written = of.len();
            of.sort_unstable();
            of.dedup();
            assert_eq!(
                of.len(),
                written,
                "{stop:?} {phase:?} is written once a target"
            );
            assert!(written > 0, "{stop:?} {phase:?}");
        }
        let settled = store.settle(now()).await.unwrap();
        assert_eq!(
            (settled.done, settled.purging, settled.pending),
            (0, 0, 0),
            "nothing is left to finish"
        );
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn an_erasure_that_was_begun_is_finished_by_the_next_opening() {
    for stop in ERASING {
        stopped_at(stop, async |store, _| {
            store
                .erase_subject(person(1), &officer(), &request(), now())
                .await
                .map(drop)
        })
        .await;
    }
}

#[tokio::test]
async fn a_shredding_that_was_begun_is_finished_by_the_next_opening() {
    for stop in ERASING {
        stopped_at(stop, async |store, ids| {
            store
                .shred(&[ids[1], ids[3], ids[5]], &agent(), &reply(), now())
                .await
                .map(drop)
        })
        .await;
    }
}

#[tokio::test]
async fn an_expiry_that_was_begun_is_finished_by_the_next_opening() {
    for stop in ERASING {
        let world = World::sqlite();
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        store.close().await.unwrap();
        drop(store);
        let later = now() + hours(30);
        let store = world
            .try_open(world.config().stop_at(stop), later)
            .await
            .unwrap();
        assert!(matches!(
            store.expire_buckets(later).await,
            Err(Error::Stopped)
        ));
        drop(store);
        let store = world.try_open(world.config(), later).await.unwrap();
        assert!(read(&store, id, now()).await.is_err());
        assert_eq!(store.survey(later).await.unwrap().records, 0, "{stop:?}");
        assert_eq!(
            store.expire_buckets(later).await.unwrap().buckets,
            0,
            "{stop:?}"
        );
    }
}

#[tokio::test]
async fn a_write_that_stopped_was_not_acknowledged_and_leaves_no_record() {
    for world in World::all() {
        let store = world.create().await;
        let kept = put(&store, person(1), b"kept").await;
        drop(store);
        let store = world
            .try_open(world.config().stop_at(StopAt::KeysWritten), now())
            .await
            .unwrap();
        let record =
            crypto_store::NewRecord::new(crate::support::session(person(1)), b"lost".to_vec());
        assert!(matches!(
            store.put(record, &agent(), &reply(), now()).await,
            Err(Error::Stopped)
        ));
        drop(store);
        let store = world.open().await;
        assert_eq!(
            store
                .of_subject(person(1), &agent(), &reply(), now())
                .await
                .unwrap(),
            [kept]
        );
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn a_creation_that_stopped_between_its_files_is_a_whole_store_or_none() {
    let world = World::sqlite();
    world.create().await.close().await.unwrap();
    let (records, keys) = (world.dir().join("records.db"), world.dir().join("keys.db"));
    // Both drafts were written, one was renamed.
    std::fs::rename(&records, world.dir().join("records.db.new")).unwrap();
    world.open().await.close().await.unwrap();
    // Drafts alone are no store; creating makes them anew.
    std::fs::rename(&records, world.dir().join("records.db.new")).unwrap();
    std::fs::rename(&keys, world.dir().join("keys.db.new")).unwrap();
    assert!(matches!(
        world.try_open(world.config(), now()).await,
        Err(Error::NoStore)
    ));
    let store = world.create().await;
    put(&store, person(1), b"body").await;
}

#[tokio::test]
async fn a_log_that_is_torn_anywhere_gives_a_store_of_an_earlier_moment() {
    let world = World::sqlite();
    let store = world.create().await;
    let mut ids = Vec::new();
    for n in 0..12u8 {
        ids.push(put(&store, person(1), &[n; 300]).await);
    }
    let torn = tempfile::tempdir().unwrap();
    crate::support::copy_dir(world.dir(), torn.path());
    let log = torn.path().join("records.db-wal");
    let whole = std::fs::read(&log).unwrap();
    assert!(
        whole.len() > 100_000,
        "the log holds the records: {} bytes",
        whole.len()
    );
    // A file's end is what a crash loses: here the log of the records ends anywhere.
    for len in (0..whole.len()).step_by(whole.len() / 40) {
        let dir = tempfile::tempdir().unwrap();
        crate::support::copy_dir(torn.path(), dir.path());
        std::fs::write(dir.path().join("records.db-wal"), &whole[..len]).unwrap();
        let config = StoreConfig::sqlite(StoreFiles::in_dir(dir.path()));
        match world.try_open(config, now()).await {
            Ok(store) => {
                // A prefix: no record without the ones before it.
                let mut there = Vec::new();
                for id in &ids {
                    there.push(read(&store, *id, now()).await.is_ok());
                }
                assert!(there.is_sorted_by(|a, b| a >= b), "{len}: {there:?}");
                assert!(store.verify_audit().await.unwrap().broken.is_none());
            }
            // Keys remember an audit that the torn log no longer has, or the store's first row is lost with it.
            Err(e) => assert!(
                matches!(
                    e,
                    Error::RolledBack | Error::RecordsLost | Error::KeysLost { .. }
                ),
                "{len}: {e}"
            ),
        }
    }
}

/// Not a test of its own: writes, erases and sweeps until it is killed, telling each acknowledgement.
#[test]
fn writer() {
    let Ok(dir) = std::env::var("TACTFUL_WRITER") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = open(Path::new(&dir)).await;
        for n in 0..u8::MAX {
            let id = put(&store, person(n % 16), &[n; 700]).await;
            eprintln!("put {n} {}", crate::support::hex(&id.to_bytes()));
            if n % 16 == 15 {
                // The person of the round before is a new one each time: ids of the erased stay erased.
                let victim = put(&store, person(100 + n / 16), &[1; 700]).await;
                store
                    .erase_subject(person(100 + n / 16), &officer(), &request(), now())
                    .await
                    .unwrap();
                eprintln!("erased 0 {}", crate::support::hex(&victim.to_bytes()));
            }
        }
    });
    std::process::exit(0);
}

fn root(dir: &Path) -> PathBuf {
    dir.join("root.key")
}

async fn open(dir: &Path) -> Store {
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::open(root(dir), entropy.clone()).unwrap());
    Store::open(
        StoreConfig::sqlite(StoreFiles::in_dir(dir)),
        root,
        entropy,
        now(),
    )
    .await
    .unwrap()
}

/// What a killed writer had acknowledged.
fn acknowledged(mut child: Child, lines: usize) -> Vec<(String, Option<u8>, RecordId)> {
    let mut out = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        let mut words = line.split(' ');
        let (Some(what @ ("put" | "erased")), Some(n), Some(id)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let bytes: Vec<u8> = (0..16)
            .map(|i| u8::from_str_radix(&id[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        out.push((
            what.to_owned(),
            n.parse().ok(),
            RecordId::from_bytes(bytes.try_into().unwrap()),
        ));
        if out.len() == lines {
            // SIGKILL: no destructor, no flush, no last word.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    out
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill_and_what_was_erased_does_not() {
    let dir = tempfile::tempdir().unwrap();
    let entropy = Arc::new(OsEntropy::new());
    let key = Arc::new(KeyFile::create(root(dir.path()), entropy.clone()).unwrap());
    let store = Store::create(
        StoreConfig::sqlite(StoreFiles::in_dir(dir.path())),
        key,
        entropy,
        now(),
    )
    .await
    .unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    // Different numbers of lines are different moments; the kill lands somewhere in what follows them.
    for lines in [1, 3, 17, 18, 19, 34] {
        let copy = tempfile::tempdir().unwrap();
        crate::support::copy_dir(dir.path(), copy.path());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::writer", "--nocapture"])
            .env("TACTFUL_WRITER", copy.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let told = acknowledged(child, lines);
        assert!(told.len() >= lines);
        let store = open(copy.path()).await;
        for (what, n, id) in told {
            let got = read(&store, id, now()).await;
            match what.as_str() {
                "put" => assert_eq!(got.unwrap(), vec![n.unwrap(); 700]),
                _ => assert!(got.is_err()),
            }
        }
        let survey = store.survey(now()).await.unwrap();
        assert_eq!((survey.damaged, survey.destroyed), (0, 0));
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
}
