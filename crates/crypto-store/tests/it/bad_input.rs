//! Wrong files, wrong values, wrong callers: a typed error, and nothing lost.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use crypto_store::{
    Error, IndexTerm, MAX_BODY, MAX_TERMS, NewRecord, Store, StoreConfig, StoreFiles,
};

use crate::support::{World, agent, copy_dir, email, now, person, put, read, reply, session};

/// Every file of a folder but the locks.
pub(crate) fn bytes_of(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = std::fs::read_dir(dir).unwrap().map(|entry| {
        let path = entry.unwrap().path();
        (
            path.file_name().unwrap().to_string_lossy().into_owned(),
            std::fs::read(&path).unwrap(),
        )
    });
    all.filter(|(name, _)| !name.ends_with(".lock")).collect()
}

/// A closed store with three records.
async fn closed() -> (World, Vec<retention_policy::RecordId>) {
    closed_in(World::sqlite()).await
}

async fn closed_in(world: World) -> (World, Vec<retention_policy::RecordId>) {
    let store = world.create().await;
    let mut ids = Vec::new();
    for n in 1..=3u8 {
        ids.push(put(&store, person(n), &vec![n; 20_000]).await);
    }
    store.close().await.unwrap();
    (world, ids)
}

#[tokio::test]
async fn no_store_is_no_store_and_a_store_is_not_made_over_another() {
    let world = World::sqlite();
    let opened = world.try_open(world.config(), now()).await;
    assert!(matches!(opened, Err(Error::NoStore)));
    let nowhere = StoreFiles::in_dir(world.dir().join("missing"));
    let opened = world.try_open(StoreConfig::sqlite(nowhere), now()).await;
    assert!(matches!(opened, Err(Error::NoStore)));
    let store = world.create().await;
    let id = put(&store, person(1), b"kept").await;
    store.close().await.unwrap();
    let again = Store::create(
        world.config(),
        world.root.clone(),
        world.entropy.clone(),
        now(),
    )
    .await;
    assert!(matches!(again, Err(Error::AlreadyExists)));
    assert_eq!(read(&world.open().await, id, now()).await.unwrap(), b"kept");

    let memory = World::memory();
    memory.create().await;
    let again = Store::create(
        memory.config(),
        memory.root.clone(),
        memory.entropy.clone(),
        now(),
    )
    .await;
    assert!(matches!(again, Err(Error::AlreadyExists)));
}

#[tokio::test]
async fn a_second_handle_is_told_that_the_store_is_in_use() {
    let world = World::sqlite();
    let store = world.create().await;
    let error = world.try_open(world.config(), now()).await.unwrap_err();
    assert!(error.is_busy() && error.is_retryable());
    drop(store);
    world.open().await;
}

/// Not a test of its own: the other process of the next one.
#[test]
fn other_process() {
    let Ok(dir) = std::env::var("TACTFUL_OTHER_PROCESS") else {
        return;
    };
    let opened = crypto_store::backend::sqlite::SqliteBackend::attach(&StoreFiles::in_dir(dir));
    assert!(matches!(opened, Err(Error::StoreBusy)));
    std::process::exit(17);
}

#[tokio::test]
async fn a_second_process_is_told_that_the_store_is_in_use() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"mine").await;
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "bad_input::other_process", "--nocapture"])
        .env("TACTFUL_OTHER_PROCESS", world.dir())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(17));
    assert_eq!(read(&store, id, now()).await.unwrap(), b"mine");
}

#[tokio::test]
async fn a_missing_half_is_named_and_nothing_is_made_in_its_place() {
    for (file, expected) in [("keys.db", "keys.db"), ("records.db", "records.db")] {
        let (world, _) = closed().await;
        std::fs::remove_file(world.dir().join(file)).unwrap();
        let before = bytes_of(world.dir());
        let error = world.try_open(world.config(), now()).await.unwrap_err();
        assert!(
            matches!(error, Error::KeysLost { .. } | Error::RecordsLost),
            "{error}"
        );
        assert!(error.to_string().starts_with(expected), "{error}");
        assert_eq!(bytes_of(world.dir()), before);
    }
}

#[tokio::test]
async fn a_truncated_file_is_refused_as_it_is() {
    let (world, ids) = closed().await;
    for file in ["keys.db", "records.db"] {
        let path = world.dir().join(file);
        let whole = std::fs::read(&path).unwrap();
        for len in [
            0,
            1,
            99,
            100,
            4096,
            whole.len() / 2,
            whole.len() - 8192,
            whole.len() - 1,
        ] {
            std::fs::write(&path, &whole[..len]).unwrap();
            let before = bytes_of(world.dir());
            let error = world.try_open(world.config(), now()).await.unwrap_err();
            assert!(
                matches!(error, Error::Truncated { .. }),
                "{file} {len}: {error}"
            );
            assert_eq!(bytes_of(world.dir()), before, "{file} {len}");
        }
        std::fs::write(&path, &whole).unwrap();
    }
    let store = world.open().await;
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(
            read(&store, *id, now()).await.unwrap(),
            vec![n as u8 + 1; 20_000]
        );
    }
}

#[tokio::test]
async fn files_of_others_are_refused() {
    let (world, _) = closed().await;
    let system = std::sync::Arc::new(crypto_store::OsEntropy::new());
    let folder = crate::support::Place::Files(tempfile::tempdir().unwrap());
    let (other, _) = closed_in(World::with_entropy(folder, system)).await;
    // The keys of another store, under the same root's name or not: the pair does not fit.
    let records = StoreFiles::new(world.dir().join("records.db"), other.dir().join("keys.db"));
    let error = world
        .try_open(StoreConfig::sqlite(records), now())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    // The two files in each other's place.
    let crossed = StoreFiles::new(world.dir().join("keys.db"), world.dir().join("records.db"));
    let error = world
        .try_open(StoreConfig::sqlite(crossed), now())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
    // No database at all.
    std::fs::write(world.dir().join("records.db"), vec![b'x'; 50_000]).unwrap();
    let error = world.try_open(world.config(), now()).await.unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_newer_format_is_left_alone() {
    for file in ["keys.db", "records.db"] {
        let (world, _) = closed().await;
        let c = rusqlite::Connection::open(world.dir().join(file)).unwrap();
        c.pragma_update(None, "user_version", 0x0302_0107).unwrap();
        c.close().unwrap();
        let before = bytes_of(world.dir());
        let error = world.try_open(world.config(), now()).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::NewerFormat {
                    found: 7,
                    known: 1,
                    by: Some([3, 2, 1])
                }
            ),
            "{error}"
        );
        assert_eq!(bytes_of(world.dir()), before);
    }
}

#[tokio::test]
async fn an_older_copy_of_the_records_is_refused_and_readable_as_a_copy() {
    let (world, ids) = closed().await;
    let old = tempfile::tempdir().unwrap();
    copy_dir(world.dir(), old.path());
    let store = world.open().await;
    put(&store, person(4), b"later").await;
    store.close().await.unwrap();
    std::fs::copy(
        old.path().join("records.db"),
        world.dir().join("records.db"),
    )
    .unwrap();
    let error = world.try_open(world.config(), now()).await.unwrap_err();
    assert!(matches!(error, Error::RolledBack), "{error}");
    let copy = Store::open_copy(&world.files(), world.root.clone(), world.entropy.clone())
        .await
        .unwrap();
    assert_eq!(read(&copy, ids[0], now()).await.unwrap(), vec![1; 20_000]);
    let put = copy
        .put(
            NewRecord::new(session(person(1)), Vec::new()),
            &agent(),
            &reply(),
            now(),
        )
        .await;
    assert!(matches!(put, Err(Error::ReadOnly)));
    assert!(matches!(
        copy.shred(&ids, &agent(), &reply(), now()).await,
        Err(Error::ReadOnly)
    ));
    assert!(matches!(
        copy.expire_buckets(now()).await,
        Err(Error::ReadOnly)
    ));
    assert!(matches!(
        copy.create_tenant(crate::support::tenant(9), now()).await,
        Err(Error::ReadOnly)
    ));
}

#[tokio::test]
async fn values_beyond_the_limits_are_refused_before_anything_is_written() {
    for world in World::all() {
        let store = world.create().await;
        let before = store.verify_audit().await.unwrap().entries;
        let record = NewRecord::new(session(person(1)), vec![0; MAX_BODY + 1]);
        let error = store
            .put(record, &agent(), &reply(), now())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { len, limit } if len == limit + 1));
        let terms = vec![email("a@example.org"); MAX_TERMS + 1];
        let record = NewRecord::new(session(person(1)), Vec::new()).terms(terms);
        let error = store
            .put(record, &agent(), &reply(), now())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }));
        assert_eq!(store.verify_audit().await.unwrap().entries, before);
    }
}

#[test]
fn terms_need_a_field_and_a_value() {
    for field in [
        "",
        "E-Mail",
        "e mail",
        "n\u{e4}me",
        &"f".repeat(65),
        "#once",
    ] {
        assert!(
            matches!(IndexTerm::new(field, "v"), Err(Error::Invalid { .. })),
            "{field}"
        );
    }
    assert!(matches!(
        IndexTerm::new("email", ""),
        Err(Error::Invalid { .. })
    ));
    assert!(matches!(
        IndexTerm::new("email", &"v".repeat(4097)),
        Err(Error::TooLarge { .. })
    ));
    assert!(IndexTerm::new("email", &"v".repeat(4096)).is_ok());
}

#[tokio::test]
async fn a_closed_store_says_so() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        store.close().await.unwrap();
        assert!(matches!(read(&store, id, now()).await, Err(Error::Closed)));
        store.close().await.unwrap_or_default();
    }
}
