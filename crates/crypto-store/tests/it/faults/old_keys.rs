//! Older keys that were put back: what was erased stays erased, and nothing newer is silently unreadable.

use crypto_store::{Error, Store, StoreConfig, StoreFiles};
use retention_policy::RecordId;
use tempfile::TempDir;

use super::files::{closed, killed};
use crate::support::{World, now, officer, person, put, read, request};

/// A store in which a person was erased, with the keys of before put back.
struct PutBack {
    world: World,
    /// Records of before the erasure.
    old_records: TempDir,
    erased: RecordId,
    others: Vec<RecordId>,
}

impl PutBack {
    async fn new() -> Self {
        let (world, mut others) = closed().await;
        let old_records = tempfile::tempdir().unwrap();
        std::fs::copy(
            world.files().records(),
            old_records.path().join("records.db"),
        )
        .unwrap();
        let old_keys = std::fs::read(world.files().keys()).unwrap();
        let store = world.open().await;
        let erased = store
            .erase_subject(person(1), &officer(), &request(), now())
            .await;
        assert!(erased.unwrap().is_done());
        others.push(put(&store, person(7), &[4; 900]).await);
        store.close().await.unwrap();
        std::fs::write(world.files().keys(), old_keys).unwrap();
        let erased = others.remove(1);
        PutBack {
            world,
            old_records,
            erased,
            others,
        }
    }

    /// What a copy of the older records gives away with the keys that are there now.
    async fn in_the_older_records(&self) -> Result<Vec<u8>, Error> {
        let records = self.old_records.path().join("records.db");
        let files = StoreFiles::new(records, self.world.files().keys());
        let (root, entropy) = (self.world.root.clone(), self.world.entropy.clone());
        let copy = Store::open_copy(&files, root, entropy).await?;
        read(&copy, self.erased, now()).await
    }
}

#[tokio::test]
async fn what_was_erased_stays_erased_when_older_keys_are_put_back() {
    let put_back = PutBack::new().await;
    assert!(
        put_back.in_the_older_records().await.is_ok(),
        "with the older keys and the older records everything opens: that is what has to end"
    );
    let world = &put_back.world;
    match world.try_open(world.config(), now()).await {
        Err(Error::RolledBack | Error::KeysLost { .. } | Error::Corrupt { .. }) => {}
        Err(e) => panic!("{e:?}"),
        Ok(store) => {
            assert!(read(&store, put_back.erased, now()).await.is_err());
            store.close().await.unwrap();
            drop(store);
            assert!(put_back.in_the_older_records().await.is_err());
        }
    }
}

#[tokio::test]
async fn older_keys_are_noticed_where_newer_records_need_the_newer_ones() {
    let put_back = PutBack::new().await;
    let world = &put_back.world;
    match world.try_open(world.config(), now()).await {
        Err(Error::RolledBack | Error::KeysLost { .. } | Error::Corrupt { .. }) => {}
        Err(e) => panic!("{e:?}"),
        Ok(store) => all_or_damaged(&store, &put_back.others).await,
    }
}

/// No record of a person who was never erased is told to be erased or never to have been there.
async fn all_or_damaged(store: &Store, ids: &[RecordId]) {
    for id in ids {
        let got = read(store, *id, now()).await;
        assert!(
            matches!(
                got,
                Ok(_) | Err(Error::Corrupt { .. } | Error::KeysLost { .. })
            ),
            "{got:?}"
        );
    }
}

#[tokio::test]
async fn a_log_of_keys_that_was_deleted_is_noticed() {
    let (world, dir, ids) = killed().await;
    std::fs::remove_file(dir.path().join("keys.db-wal")).unwrap();
    let config = StoreConfig::sqlite(StoreFiles::in_dir(dir.path()));
    match world.try_open(config, now()).await {
        Err(Error::RolledBack | Error::KeysLost { .. } | Error::Corrupt { .. }) => {}
        Err(e) => panic!("{e:?}"),
        Ok(store) => {
            all_or_damaged(&store, &ids).await;
            let survey = store.survey(now()).await.unwrap();
            assert!(survey.damaged > 0, "{survey:?}");
            assert_eq!(survey.destroyed, 0, "{survey:?}");
        }
    }
}

#[tokio::test]
async fn keys_of_before_an_erasure_under_the_log_of_after_it_open_nothing_erased() {
    let (world, ids) = closed().await;
    let old = std::fs::read(world.dir().join("keys.db")).unwrap();
    let store = world.open().await;
    store
        .erase_subject(person(1), &officer(), &request(), now())
        .await
        .unwrap();
    // Killed after the erasure, with the keys of before in place and whatever log there was.
    let dir = tempfile::tempdir().unwrap();
    crate::support::copy_dir(world.dir(), dir.path());
    for name in ["records.db-shm", "keys.db-shm"] {
        std::fs::remove_file(dir.path().join(name)).unwrap();
    }
    std::fs::write(dir.path().join("keys.db"), old).unwrap();
    let config = StoreConfig::sqlite(StoreFiles::in_dir(dir.path()));
    if let Ok(store) = world.try_open(config, now()).await {
        assert!(read(&store, ids[1], now()).await.is_err());
    }
}
