//! Backups of the keys: they end with their horizon, and what was erased does not come back with them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;
use crypto_store::{
    Error, KeyBackups, NewRecord, OsEntropy, RestoredKeys, Store, StoreConfig, StoreFiles,
};
use retention_policy::{Action, UnitId};

use super::{Elsewhere, keep, look, lose_records, restore, there};
use crate::support::{
    Place, World, agent, hours, now, occurrences, officer, person, put, read, reply, request,
    session, tenant, wrapped,
};

async fn restore_keys(world: &World, backup: &Path) -> Result<RestoredKeys, Error> {
    Store::restore_keys(backup, world.config(), Arc::clone(&world.root), now()).await
}

async fn lose_keys(world: &World, store: Store) -> BTreeMap<Vec<u8>, Vec<u8>> {
    store.close().await.unwrap();
    drop(store);
    let had = wrapped(&world.files());
    std::fs::remove_file(world.dir().join("keys.db")).unwrap();
    had
}

#[tokio::test]
async fn keys_are_backed_up_at_every_change_near_the_root() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let to = KeyBackups::in_dir(out.path("keys"));
    let config = world.config().key_backups(to.clone());
    let (root, entropy) = (Arc::clone(&world.root), Arc::clone(&world.entropy));
    let store = Store::create(config, root, entropy, now()).await.unwrap();
    assert_eq!(to.list().unwrap().len(), 0);
    for n in 1..=3 {
        store.create_tenant(tenant(n), now()).await.unwrap();
        assert_eq!(to.list().unwrap().len(), usize::from(n));
    }
    store.rotate_keys(tenant(1), now()).await.unwrap();
    assert_eq!(to.list().unwrap().len(), 4);
    let (_, told) = store.audit(0, 100).await.unwrap().pop().unwrap();
    assert_eq!((told.action, told.role), (Action::Backup, None));
    put(&store, person(1), b"body").await;
    let made = store.backup_keys(&to, now()).await.unwrap();
    assert_eq!(made.keys, wrapped(&world.files()).len() as u64);
    assert_eq!(made.bytes, std::fs::metadata(&made.path).unwrap().len());
    // Not one wrapped key is readable in the folder, and nobody else may look into it.
    let secrets: Vec<Vec<u8>> = wrapped(&world.files()).into_values().collect();
    assert_eq!(occurrences(to.dir(), &secrets), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(to.dir()), mode(&made.path)), (0o700, 0o600));
    }
}

#[tokio::test]
async fn what_was_erased_stays_erased_when_keys_are_put_back() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let to = KeyBackups::in_dir(out.path("keys"));
    let mut kept = Vec::new();
    for n in 0..6u8 {
        kept.push((keep(&store, person(n), &[n; 90]).await, n));
    }
    let gone = keep(&store, person(20), b"gone").await;
    let over = put(&store, person(0), b"over").await;
    let single = keep(&store, person(1), b"single").await;
    let unit = UnitId::from_random([4; 16]);
    let decided = NewRecord::new(session(person(2)), b"decided".to_vec()).unit(unit);
    let decided = store.put(decided, &agent(), &reply(), now()).await.unwrap();
    let records = out.path("old.backup");
    store.backup(&records, now()).await.unwrap();
    let backup = store.backup_keys(&to, now()).await.unwrap().path;
    store.flush().await.unwrap();
    let before = wrapped(&world.files());

    // Two days go by.
    let later = now() + hours(48);
    store
        .shred_unit(unit, &agent(), &reply(), now())
        .await
        .unwrap();
    store
        .erase_subject(person(20), &officer(), &request(), later)
        .await
        .unwrap();
    store
        .shred(&[single], &officer(), &request(), later)
        .await
        .unwrap();
    assert_eq!(store.expire_buckets(later).await.unwrap().buckets, 1);
    let late = keep(&store, person(30), b"late").await;
    let today = lose_keys(&world, store).await;
    assert!(matches!(
        world.try_open(world.config(), later).await,
        Err(Error::KeysLost { .. })
    ));
    assert!(!there(&world, "keys.db"));

    let told = restore_keys(&world, &backup).await.unwrap();
    assert_eq!((told.made, told.without_records), (now(), false));
    assert_eq!(told.missing, 1, "the person of what was written since");
    let ended: Vec<Vec<u8>> = before
        .iter()
        .filter(|(id, _)| !today.contains_key(*id))
        .map(|(_, wrapped)| wrapped.clone())
        .collect();
    assert!(told.left_out >= ended.len() as u64);
    assert!(ended.len() >= 5);
    // Not a single one was written, not even for a moment.
    assert_eq!(occurrences(world.dir(), &ended), 0);

    let store = world.try_open(world.config(), later).await.unwrap();
    for (id, n) in &kept {
        assert_eq!(look(&store, *id, later).await.unwrap(), [*n; 90]);
    }
    for id in [gone, single, late] {
        assert!(look(&store, id, later).await.is_err());
    }
    for id in [over, decided.id()] {
        assert!(read(&store, id, now()).await.is_err());
    }
    let entries = store.audit(0, 1000).await.unwrap();
    assert!(entries.iter().any(|(_, e)| e.action == Action::Restore));
    assert!(store.verify_audit().await.unwrap().is_intact());

    // The oldest records with the keys that came back: still nothing.
    lose_records(&world, store).await;
    let (store, told) = restore(&world, &records, world.config(), later)
        .await
        .unwrap();
    assert_eq!((told.records, told.destroyed), (10, 4));
    for (id, n) in &kept {
        assert_eq!(look(&store, *id, later).await.unwrap(), [*n; 90]);
    }
    let again = NewRecord::new(session(person(20)), b"again".to_vec());
    assert!(matches!(
        store.put(again, &agent(), &reply(), now()).await,
        Err(Error::AlreadyErased)
    ));
}

/// Failure test 4 of the research, second half.
#[tokio::test]
async fn a_key_backup_past_the_horizon_is_gone() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let to = KeyBackups::in_dir(out.path("keys"));
    assert_eq!(to.horizon(), TimeDelta::hours(72));
    let old = store.backup_keys(&to, now()).await.unwrap().path;
    let foreign = to.dir().join("keys.txt");
    std::fs::write(&foreign, b"mine").unwrap();
    let half = old.with_added_extension("new");
    std::fs::copy(&old, &half).unwrap();
    // Another name of the same bytes shows what became of them.
    let (same, same_half) = (out.path("same"), out.path("same half"));
    std::fs::hard_link(&old, &same).unwrap();
    std::fs::hard_link(&half, &same_half).unwrap();

    let day = store.backup_keys(&to, now() + hours(71)).await.unwrap();
    assert_eq!(day.pruned, 0);
    assert!(old.exists() && half.exists());
    let week = store.backup_keys(&to, now() + hours(72)).await.unwrap();
    assert_eq!(week.pruned, 1);
    assert_eq!(to.list().unwrap(), [day.path.clone(), week.path.clone()]);
    assert!(!half.exists());
    for same in [same, same_half] {
        let bytes = std::fs::read(&same).unwrap();
        assert!(!bytes.is_empty() && bytes.iter().all(|b| *b == 0));
    }
    assert_eq!(std::fs::read(&foreign).unwrap(), b"mine");

    // A damaged one ends by the time in its name, one from the future with the horizon.
    std::fs::write(&day.path, b"damaged").unwrap();
    assert_eq!(to.prune(now() + hours(142)).unwrap(), 0);
    assert_eq!(to.prune(now() + hours(143)).unwrap(), 1);
    let future = store.backup_keys(&to, now() + hours(1000)).await.unwrap();
    assert_eq!(future.pruned, 1, "the one of the week");
    assert_eq!(to.prune(now() + hours(500)).unwrap(), 1);
    assert_eq!(to.list().unwrap(), Vec::<PathBuf>::new());
    assert_eq!(
        KeyBackups::in_dir(out.path("none")).prune(now()).unwrap(),
        0
    );
}

#[tokio::test]
async fn both_files_come_back_from_their_backups() {
    let (world, out) = (World::sqlite(), Elsewhere::new());
    let store = world.create().await;
    let to = KeyBackups::in_dir(out.path("keys"));
    let kept = keep(&store, person(1), b"kept").await;
    let gone = keep(&store, person(2), b"gone").await;
    let old = out.path("old.backup");
    store.backup(&old, now()).await.unwrap();
    let keys = store.backup_keys(&to, now()).await.unwrap().path;
    store
        .erase_subject(person(2), &officer(), &request(), now())
        .await
        .unwrap();
    let new = out.path("new.backup");
    store.backup(&new, now()).await.unwrap();
    let before = {
        lose_records(&world, store).await;
        let id = [&[6][..], &tenant(1).to_bytes(), &person(2).to_bytes()].concat();
        std::fs::remove_file(world.dir().join("keys.db")).unwrap();
        id
    };
    let told = restore_keys(&world, &keys).await.unwrap();
    assert!(told.without_records);
    assert_eq!((told.left_out, told.missing), (0, 0));
    assert!(matches!(
        world.try_open(world.config(), now()).await,
        Err(Error::RecordsLost)
    ));
    assert!(!there(&world, "records.db"));
    assert!(wrapped(&world.files()).contains_key(&before));
    // These records know of the erasure that the keys have not seen.
    let (store, _) = restore(&world, &new, world.config(), now()).await.unwrap();
    assert!(!wrapped(&world.files()).contains_key(&before));
    assert_eq!(look(&store, kept, now()).await.unwrap(), b"kept");
    assert!(look(&store, gone, now()).await.is_err());
    lose_records(&world, store).await;
    let (store, told) = restore(&world, &old, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed), (2, 1));
    assert!(look(&store, gone, now()).await.is_err());
    let again = NewRecord::new(session(person(2)), b"again".to_vec());
    assert!(matches!(
        store.put(again, &agent(), &reply(), now()).await,
        Err(Error::AlreadyErased)
    ));
}

#[tokio::test]
async fn keys_are_put_back_on_any_back_end() {
    let (world, out) = (World::memory(), Elsewhere::new());
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let gone = put(&store, person(2), b"gone").await;
    let to = KeyBackups::in_dir(out.path("keys"));
    let keys = store.backup_keys(&to, now()).await.unwrap().path;
    store
        .erase_subject(person(2), &officer(), &request(), now())
        .await
        .unwrap();
    let Place::Memory(backend) = &world.place else {
        unreachable!()
    };
    assert!(matches!(
        restore_keys(&world, &keys).await,
        Err(Error::AlreadyExists)
    ));
    drop(store);
    let all = backend.list_keys(None, usize::MAX).await.unwrap();
    let ops = all.into_iter().map(crypto_store::backend::KeyOp::Destroy);
    backend.change_keys(ops.collect()).await.unwrap();
    assert!(matches!(
        world.try_open(world.config(), now()).await,
        Err(Error::KeysLost { .. })
    ));
    let told = restore_keys(&world, &keys).await.unwrap();
    assert!(told.left_out >= 2, "person and unit");
    assert_eq!(told.missing, 0);
    let store = world.open().await;
    assert_eq!(read(&store, id, now()).await.unwrap(), b"body");
    assert!(read(&store, gone, now()).await.is_err());
    assert!(store.verify_audit().await.unwrap().is_intact());
}

#[tokio::test]
async fn a_lost_root_and_a_wrong_file_give_no_keys() {
    let out = Elsewhere::new();
    let another = || {
        let place = Place::Files(tempfile::tempdir().unwrap());
        World::with_entropy(place, Arc::new(OsEntropy::new()))
    };
    let (world, other) = (another(), another());
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let to = KeyBackups::in_dir(out.path("keys"));
    let keys = store.backup_keys(&to, now()).await.unwrap().path;
    let records = out.path("records.backup");
    store.backup(&records, now()).await.unwrap();
    // There are keys.
    store.close().await.unwrap();
    drop(store);
    assert!(matches!(
        restore_keys(&world, &keys).await,
        Err(Error::AlreadyExists)
    ));
    // Each kind of file has its own call.
    std::fs::rename(world.dir().join("records.db"), out.path("records.db")).unwrap();
    assert!(matches!(
        restore(&world, &keys, world.config(), now()).await,
        Err(Error::Invalid { .. })
    ));
    std::fs::rename(out.path("records.db"), world.dir().join("records.db")).unwrap();
    std::fs::remove_file(world.dir().join("keys.db")).unwrap();
    let refused = async |path: &Path| {
        let told = restore_keys(&world, path).await;
        assert!(!there(&world, "keys.db") && !there(&world, "keys.db.restore"));
        told.unwrap_err()
    };
    assert!(matches!(refused(&records).await, Error::Invalid { .. }));
    assert!(matches!(refused(&out.path("none")).await, Error::Io { .. }));
    let theirs = other.create().await;
    let elsewhere = KeyBackups::in_dir(out.path("theirs"));
    let path = theirs.backup_keys(&elsewhere, now()).await.unwrap().path;
    assert!(matches!(refused(&path).await, Error::Invalid { .. }));
    let whole = std::fs::read(&keys).unwrap();
    let bad = out.path("bad");
    for at in (0..whole.len()).step_by(97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        std::fs::write(&bad, bytes).unwrap();
        refused(&bad).await;
        std::fs::write(&bad, &whole[..at]).unwrap();
        refused(&bad).await;
    }
    // Another root than the one that wrapped them.
    let wrong = Store::restore_keys(&keys, world.config(), Arc::clone(&other.root), now()).await;
    assert!(matches!(wrong, Err(Error::WrongKey)));
    let opened = world.try_open(world.config(), now()).await;
    assert!(matches!(opened, Err(Error::KeysLost { .. })));
    // What an attempt that was killed has left is in nobody's way.
    std::fs::write(world.dir().join("keys.db.restore"), b"half").unwrap();
    std::fs::write(world.dir().join("keys.db.restore-wal"), b"half").unwrap();
    let told = restore_keys(&world, &keys).await.unwrap();
    assert_eq!(told.missing, 0);
    let store = world.open().await;
    assert_eq!(read(&store, id, now()).await.unwrap(), b"body");
    // A folder that is not there is no store.
    let nowhere = StoreConfig::sqlite(StoreFiles::in_dir(out.path("nowhere")));
    let told = Store::restore_keys(&keys, nowhere, Arc::clone(&world.root), now()).await;
    assert!(matches!(told, Err(Error::NoStore)));
}
