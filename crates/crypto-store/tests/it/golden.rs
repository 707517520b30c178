//! Stores that earlier formats wrote, opened by this one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crypto_store::{
    Accessor, ErasureKind, Error, FORMAT, IndexTerm, KeyFile, NewRecord, OsEntropy, Phase, Store,
    StoreConfig, StoreFiles,
};
use retention_policy::{HoldId, RecordId, Role, UnitId};
use tempfile::TempDir;

use crate::support::{
    agent, by, copy_dir, email, hours, now, occurrences, officer, person, put, read, reply,
    request, session, tenant, wrapped,
};

/// A copy of a golden folder that may be written, with the mode that git does not keep.
fn golden(name: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    copy_dir(&from.join(name), dir.path());
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(dir.path().join("root.key"), mode).unwrap();
    dir
}

async fn open(dir: &Path, at: retention_policy::Timestamp) -> Result<Store, Error> {
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::open(dir.join("root.key"), entropy.clone())?);
    Store::open(
        StoreConfig::sqlite(StoreFiles::in_dir(dir)),
        root,
        entropy,
        at,
    )
    .await
}

struct Told {
    state: String,
    id: RecordId,
    tenant: u8,
    body: String,
}

fn contents(dir: &Path) -> Vec<Told> {
    let text = std::fs::read_to_string(dir.join("contents.txt")).unwrap();
    let told = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let [state, id, tenant, body] = words[..] else {
            panic!("a line has four words");
        };
        let id = (0..16).map(|i| u8::from_str_radix(&id[2 * i..2 * i + 2], 16).unwrap());
        Told {
            state: state.to_owned(),
            id: RecordId::from_bytes(id.collect::<Vec<u8>>().try_into().unwrap()),
            tenant: tenant.parse().unwrap(),
            body: body.to_owned(),
        }
    };
    text.lines().map(told).collect()
}

fn format_of(path: PathBuf) -> u8 {
    std::fs::read(path).unwrap()[63]
}

async fn is_as_told(store: &Store, told: &[Told]) {
    for record in told {
        let accessor: Accessor = by(Role::Agent, tenant(record.tenant));
        let got = store.get(record.id, &accessor, &reply(), now()).await;
        match record.state.as_str() {
            // Person 5 is restricted and linked to person 4: only who answers the person reads.
            "alive" if record.body.starts_with("body-4") || record.body.starts_with("body-5") => {
                assert!(got.unwrap_err().is_denied());
                let got = store.get(record.id, &officer(), &request(), now()).await;
                assert_eq!(got.unwrap().expose(), record.body.as_bytes());
            }
            "alive" => assert_eq!(got.unwrap().expose(), record.body.as_bytes()),
            // Its bucket ended before its time and it was moved.
            "held" => {
                assert_eq!(got.unwrap().expose(), record.body.as_bytes());
                let later = now() + hours(30);
                let got = store.get(record.id, &accessor, &reply(), later).await;
                assert!(got.unwrap_err().is_expired());
            }
            _ => {
                let error = got.unwrap_err();
                assert!(error.is_erased() || error.is_not_found(), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_store_of_format_0_is_migrated_and_loses_nothing() {
    for name in ["v0-closed", "v0-killed"] {
        let dir = golden(name);
        let told = contents(dir.path());
        let store = open(dir.path(), now()).await.unwrap();
        is_as_told(&store, &told).await;
        let checked = store.check(now()).await.unwrap();
        assert!(checked.is_intact(), "{name}: {checked:?}");
        // Terms, deliveries, links, holds and tombstones still work.
        let term = email("p1@example.org");
        let found = store.find(&term, &agent(), &reply(), now()).await;
        assert_eq!(found.unwrap().len(), 3, "{name}");
        let again =
            NewRecord::new(session(person(1)), b"again".to_vec()).idempotency_key(b"delivery-1-0");
        let again = store.put(again, &agent(), &reply(), now()).await.unwrap();
        assert_eq!(again.id(), told[0].id, "{name}");
        let linked = store
            .of_subject(person(4), &officer(), &request(), now())
            .await
            .unwrap();
        assert_eq!(
            linked.len(),
            5,
            "{name}: two of person 4 and three of person 5"
        );
        let erased = NewRecord::new(session(person(2)), b"no".to_vec());
        let erased = store.put(erased, &agent(), &reply(), now()).await;
        assert!(erased.unwrap_err().is_erased(), "{name}");
        let ended = NewRecord::new(session(person(4)), b"no".to_vec());
        let ended = ended.unit(UnitId::from_random([4; 16]));
        let ended = store.put(ended, &agent(), &reply(), now()).await;
        assert!(ended.unwrap_err().is_erased(), "{name}");
        let held = store
            .erase_subject(person(1), &officer(), &request(), now())
            .await;
        assert!(held.unwrap_err().is_held(), "{name}");
        let hold = HoldId::from_random([1; 16]);
        crate::support::release(&store, hold, now() + hours(30))
            .await
            .unwrap();
        // And what the new format brings.
        store.rotate_keys(tenant(1), now()).await.unwrap();
        store.rotate_index(tenant(1), now()).await.unwrap();
        let id = put(&store, person(3), b"new").await;
        store.close().await.unwrap();
        drop(store);
        for file in ["records.db", "keys.db"] {
            assert_eq!(format_of(dir.path().join(file)), FORMAT);
        }
        let store = open(dir.path(), now()).await.unwrap();
        assert_eq!(read(&store, id, now()).await.unwrap(), b"new");
        assert!(store.check(now()).await.unwrap().is_intact());
        let ledger = store.ledger(0, 1000).await.unwrap();
        let purged = ledger
            .iter()
            .filter(|(_, e)| e.kind == ErasureKind::Subject && e.phase == Phase::Purged);
        assert_eq!(purged.count(), 1, "{name}: one person was erased once");
    }
}

#[tokio::test]
async fn no_wrapped_key_of_format_0_stays_in_the_store() {
    let dir = golden("v0-closed");
    let before: Vec<Vec<u8>> = wrapped(&StoreFiles::in_dir(dir.path()))
        .into_values()
        .filter(|key| key.len() == 77)
        .collect();
    assert!(before.len() > 20);
    open(dir.path(), now())
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    // The copies are sealed: the search would find a key that stands in one.
    assert_eq!(occurrences(dir.path(), &before), 0);
}

#[tokio::test]
async fn a_migration_that_was_cut_short_is_finished() {
    let done = golden("v0-closed");
    let told = contents(done.path());
    open(done.path(), now())
        .await
        .unwrap()
        .close()
        .await
        .unwrap();
    let take = |from: &TempDir, name: &str, to: &TempDir| {
        std::fs::copy(from.path().join(name), to.path().join(name)).unwrap();
    };
    // Only the records are migrated; the same without their stamp.
    for stamp in [true, false] {
        let dir = golden("v0-closed");
        take(&done, "records.db", &dir);
        if !stamp {
            let c = rusqlite::Connection::open(dir.path().join("records.db")).unwrap();
            c.pragma_update(None, "user_version", 0).unwrap();
        }
        let store = open(dir.path(), now()).await.unwrap();
        is_as_told(&store, &told).await;
        assert!(store.check(now()).await.unwrap().is_intact());
    }
    // Both are, and the earlier keys were not removed.
    let dir = golden("v0-closed");
    std::fs::rename(dir.path().join("keys.db"), dir.path().join("keys.db.v0")).unwrap();
    take(&done, "records.db", &dir);
    take(&done, "keys.db", &dir);
    let store = open(dir.path(), now()).await.unwrap();
    is_as_told(&store, &told).await;
    assert!(!dir.path().join("keys.db.v0").exists());
}

#[tokio::test]
async fn sealed_copies_are_made_first_and_end_with_their_time() {
    let dir = golden("v0-closed");
    let copies = ["records.db.v0.sealed", "keys.db.v0.sealed"].map(|name| dir.path().join(name));
    let store = open(dir.path(), now()).await.unwrap();
    for copy in &copies {
        let bytes = std::fs::read(copy).unwrap();
        assert!(bytes.len() > 8192 && bytes.starts_with(b"TCSBACK1"));
        let readable = bytes.windows(15).any(|w| w == b"SQLite format 3");
        assert!(!readable, "the copy is sealed");
    }
    store.purge(now() + hours(71), 10).await.unwrap();
    assert!(copies.iter().all(|copy| copy.exists()));
    store.purge(now() + hours(72), 10).await.unwrap();
    assert!(!copies.iter().any(|copy| copy.exists()));
}

#[tokio::test]
async fn nothing_is_changed_for_a_wrong_root_or_a_copy() {
    let dir = golden("v0-closed");
    let other = tempfile::tempdir().unwrap();
    let entropy = Arc::new(OsEntropy::new());
    let wrong = KeyFile::create(other.path().join("root.key"), entropy.clone()).unwrap();
    let files = StoreFiles::in_dir(dir.path());
    let bytes = || ["records.db", "keys.db"].map(|f| std::fs::read(dir.path().join(f)).unwrap());
    let before = bytes();
    let refused = Store::open(
        StoreConfig::sqlite(files.clone()),
        Arc::new(wrong),
        entropy.clone(),
        now(),
    )
    .await;
    assert!(matches!(refused, Err(Error::WrongKey)));
    let root = Arc::new(KeyFile::open(dir.path().join("root.key"), entropy.clone()).unwrap());
    let refused = Store::open_copy(&files, root, entropy).await;
    assert!(matches!(refused, Err(Error::OlderFormat)));
    assert_eq!(bytes(), before);
    // A term of one tenant says nothing of another.
    let store = open(dir.path(), now()).await.unwrap();
    let term = IndexTerm::new("email", "p1@example.org").unwrap();
    let other = by(Role::Agent, tenant(2));
    let found = store.find(&term, &other, &reply(), now()).await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_sealed_copy_gives_the_files_of_before_back() {
    let dir = golden("v0-closed");
    let path = |name: &str| dir.path().join(name);
    let before = ["records.db", "keys.db"].map(|name| std::fs::read(path(name)).unwrap());
    drop(open(dir.path(), now()).await.unwrap());
    let root = KeyFile::open(path("root.key"), Arc::new(OsEntropy::new())).unwrap();
    let other = KeyFile::create(path("other.key"), Arc::new(OsEntropy::new())).unwrap();
    for (name, before) in ["records.db", "keys.db"].into_iter().zip(before) {
        let copy = path(&format!("{name}.v0.sealed"));
        let refused = Store::unseal_copy(&copy, path(name), &root).await;
        assert!(matches!(refused, Err(Error::AlreadyExists)));
        let back = path(&format!("back.{name}"));
        Store::unseal_copy(&copy, &back, &root).await.unwrap();
        assert!(std::fs::read(&back).unwrap() == before);
        let refused = Store::unseal_copy(&copy, path("none"), &other).await;
        assert!(refused.unwrap_err().is_wrong_key());
    }
}
