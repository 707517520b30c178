//! Files that are full, read-only, old, missing or not what they are named.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crypto_store::{Error, Store, StoreConfig, StoreFiles};
use retention_policy::RecordId;
use rusqlite::Connection;

use crate::bad_input::bytes_of;
use crate::support::{Place, World, copy_dir, now, officer, person, put, read, request};

const END: i32 = super::shim::END;

/// Runs a program of this file where it may mount what it likes; false, said aloud, where that is not allowed.
fn in_own_mounts(script: &str, prepare: &str, dir: &Path) -> bool {
    let probe = Command::new("unshare")
        .args(["--mount", "sh", "-ec", prepare])
        .env("DIR", dir)
        .stderr(Stdio::null())
        .status();
    if !probe.is_ok_and(|status| status.success()) {
        eprintln!("skipped: needs root and unshare(1)");
        return false;
    }
    let out = Command::new("unshare")
        .args(["--mount", "sh", "-ec"])
        .arg(format!(
            "{prepare}; exec \"$0\" --exact {script} --nocapture"
        ))
        .arg(std::env::current_exe().unwrap())
        .env("DIR", dir)
        .env("TACTFUL_MOUNTED", dir)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(END), "{words}");
    true
}

fn mounted(program: impl AsyncFnOnce(&Path)) {
    let Ok(dir) = std::env::var("TACTFUL_MOUNTED") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(program(Path::new(&dir)));
    std::process::exit(END);
}

/// Not a test of its own: fills the disk it is on.
#[test]
fn filling_program() {
    mounted(async |dir| {
        let world = World::new(Place::Files(tempfile::tempdir_in(dir).unwrap()));
        let ballast = dir.join("ballast");
        std::fs::write(&ballast, vec![0; 1 << 20]).unwrap();
        let store = world.create().await;
        let victim = put(&store, person(2), &[2; 700]).await;
        let mut there = Vec::new();
        let refused = loop {
            match try_put(&store, there.len()).await {
                Ok(id) => there.push(id),
                Err(e) => break e,
            }
            assert!(there.len() < 1000, "the disk is never full");
        };
        assert!(
            matches!(refused, Error::Database { .. } | Error::Io { .. }),
            "{refused:?}"
        );
        assert!(!there.is_empty());
        // What was not acknowledged is told as an error again and again, and costs nothing that was.
        assert!(try_put(&store, 0).await.is_err());
        drop(store);
        let full = world.try_open(world.config(), now()).await;
        if let Ok(store) = &full {
            for (n, id) in there.iter().enumerate() {
                // No audit entry can be written, so no content is given out; or there was just room for it.
                if let Ok(body) = read(store, *id, now()).await {
                    assert_eq!(body, body_of(n));
                }
            }
            let erased = store
                .erase_subject(person(2), &officer(), &request(), now())
                .await;
            if erased.is_ok() {
                assert!(read(store, victim, now()).await.is_err());
            }
        }
        drop(full);
        std::fs::remove_file(&ballast).unwrap();
        let store = world.open().await;
        for (n, id) in there.iter().enumerate() {
            assert_eq!(read(&store, *id, now()).await.unwrap(), body_of(n));
        }
        let erased = store
            .erase_subject(person(2), &officer(), &request(), now())
            .await;
        assert!(erased.is_ok() || erased.is_err_and(|e| e.is_erased()));
        assert!(read(&store, victim, now()).await.is_err());
        put(&store, person(3), b"room again").await;
        assert!(store.verify_audit().await.unwrap().is_intact());
        assert_eq!(store.survey(now()).await.unwrap().damaged, 0);
        // Room that comes back under an open store is used by that store.
        let rest = fill_up(&ballast);
        let mut many = 0;
        while try_put(&store, many).await.is_ok() {
            many += 1;
            assert!(many < 1000, "the disk is never full");
        }
        assert!(rest > 0);
        std::fs::remove_file(&ballast).unwrap();
        try_put(&store, 0).await.unwrap();
        assert!(store.verify_audit().await.unwrap().is_intact());
    });
}

/// Writes a file until the disk is full; how long it became.
fn fill_up(path: &Path) -> usize {
    let mut file = std::fs::File::create(path).unwrap();
    let mut len = 0;
    while file.write_all(&[0; 4096]).is_ok() {
        len += 4096;
    }
    len
}

fn body_of(n: usize) -> Vec<u8> {
    vec![n as u8; 20_000]
}

async fn try_put(store: &Store, n: usize) -> Result<RecordId, Error> {
    let record = crypto_store::NewRecord::new(crate::support::session(person(1)), body_of(n));
    store
        .put(
            record,
            &crate::support::agent(),
            &crate::support::reply(),
            now(),
        )
        .await
        .map(crypto_store::Put::id)
}

#[test]
fn a_disk_that_is_full_refuses_and_works_again_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    in_own_mounts(
        "faults::files::filling_program",
        "mount -t tmpfs -o size=4m tmpfs \"$DIR\"",
        dir.path(),
    );
}

/// Not a test of its own: opens a store on a file system that is read-only.
#[test]
fn read_only_program() {
    mounted(async |dir| {
        let world = World::new(Place::Files(tempfile::tempdir().unwrap()));
        let before = bytes_of(dir);
        let config = || StoreConfig::sqlite(StoreFiles::in_dir(dir));
        let error = world.try_open(config(), now()).await.unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
        let made = Store::create(config(), world.root.clone(), world.entropy.clone(), now()).await;
        let error = made.unwrap_err();
        assert!(
            matches!(error, Error::Io { .. } | Error::AlreadyExists),
            "{error:?}"
        );
        assert_eq!(bytes_of(dir), before);
    });
}

#[tokio::test]
async fn a_file_system_that_is_read_only_is_told_as_such_and_nothing_else() {
    let (world, ids) = closed().await;
    in_own_mounts(
        "faults::files::read_only_program",
        "mount --bind \"$DIR\" \"$DIR\" && mount -o remount,ro,bind \"$DIR\"",
        world.dir(),
    );
    reads(&world.open().await, &ids).await;
}

/// A closed store with a few records.
pub(super) async fn closed() -> (World, Vec<RecordId>) {
    let world = World::sqlite();
    let store = world.create().await;
    let ids = fill(&store, 0..4).await;
    store.close().await.unwrap();
    (world, ids)
}

async fn fill(store: &Store, numbers: std::ops::Range<u8>) -> Vec<RecordId> {
    let mut ids = Vec::new();
    for n in numbers {
        ids.push(put(store, person(n), &[n; 900]).await);
    }
    ids
}

async fn reads(store: &Store, ids: &[RecordId]) {
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(read(store, *id, now()).await.unwrap(), [n as u8; 900]);
    }
}

#[tokio::test]
async fn what_is_no_file_of_ours_is_refused_as_it_is() {
    let (world, ids) = closed().await;
    for name in ["records.db", "keys.db"] {
        let (path, aside) = (world.dir().join(name), world.dir().join("aside"));
        std::fs::rename(&path, &aside).unwrap();
        std::fs::create_dir(&path).unwrap();
        let error = world.try_open(world.config(), now()).await.unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{name}: {error:?}");
        std::fs::remove_dir(&path).unwrap();
        for content in [&b""[..], b"To whom it may concern\n", &[b'x'; 30_000]] {
            std::fs::write(&path, content).unwrap();
            let before = bytes_of(world.dir());
            let error = world.try_open(world.config(), now()).await.unwrap_err();
            let fits = matches!(error, Error::Truncated { .. } | Error::Corrupt { .. });
            assert!(fits, "{name}: {error:?}");
            let made = Store::create(
                world.config(),
                world.root.clone(),
                world.entropy.clone(),
                now(),
            );
            assert!(matches!(made.await, Err(Error::AlreadyExists)));
            assert_eq!(bytes_of(world.dir()), before);
        }
        std::fs::rename(&aside, &path).unwrap();
    }
    reads(&world.open().await, &ids).await;
}

/// A store that was killed: some records in the files, more in the logs.
pub(super) async fn killed() -> (World, tempfile::TempDir, Vec<RecordId>) {
    let (world, mut ids) = closed().await;
    let store = world.open().await;
    ids.extend(fill(&store, 4..8).await);
    let dir = tempfile::tempdir().unwrap();
    copy_dir(world.dir(), dir.path());
    for entry in std::fs::read_dir(dir.path()).unwrap() {
        let path = entry.unwrap().path();
        // Shared memory is no file that anybody copies.
        if path.to_string_lossy().ends_with("-shm") {
            std::fs::remove_file(path).unwrap();
        }
    }
    store.close().await.unwrap();
    drop(store);
    (world, dir, ids)
}

/// Either an error that says it, or a whole earlier moment: the first records all read, and of the rest nothing is known.
async fn earlier_or_refused(world: &World, dir: &Path, ids: &[RecordId]) {
    let config = StoreConfig::sqlite(StoreFiles::in_dir(dir));
    match world.try_open(config, now()).await {
        Err(Error::RolledBack | Error::Corrupt { .. } | Error::Truncated { .. }) => {}
        Err(e) => panic!("{e:?}"),
        Ok(store) => {
            let survey = store.survey(now()).await.unwrap();
            assert_eq!(
                (survey.damaged, survey.destroyed, survey.readable),
                (0, 0, survey.records)
            );
            let known = survey.records as usize;
            reads(&store, &ids[..known]).await;
            for id in &ids[known..] {
                assert!(read(&store, *id, now()).await.unwrap_err().is_not_found());
            }
            assert!(store.verify_audit().await.unwrap().is_intact());
        }
    }
}

#[tokio::test]
async fn a_log_of_records_that_was_deleted_is_noticed_or_leaves_an_earlier_moment() {
    let (world, dir, ids) = killed().await;
    std::fs::remove_file(dir.path().join("records.db-wal")).unwrap();
    earlier_or_refused(&world, dir.path(), &ids).await;
}

#[tokio::test]
async fn both_logs_deleted_leave_an_earlier_moment() {
    let (world, dir, ids) = killed().await;
    std::fs::remove_file(dir.path().join("records.db-wal")).unwrap();
    std::fs::remove_file(dir.path().join("keys.db-wal")).unwrap();
    earlier_or_refused(&world, dir.path(), &ids).await;
}

#[tokio::test]
async fn a_log_that_is_not_one_is_no_log() {
    let (world, ids) = closed().await;
    std::fs::write(world.dir().join("records.db-wal"), [b'x'; 30_000]).unwrap();
    let store = world.open().await;
    reads(&store, &ids).await;
    put(&store, person(9), b"more").await;
    assert!(store.verify_audit().await.unwrap().is_intact());
}

#[tokio::test]
async fn an_older_file_under_a_newer_log_is_no_mixture() {
    let (world, old_ids) = closed().await;
    let old = std::fs::read(world.dir().join("records.db")).unwrap();
    let store = world.open().await;
    let mut ids = old_ids;
    ids.extend(fill(&store, 4..60).await);
    store.close().await.unwrap();
    drop(store);
    let store = world.open().await;
    ids.extend(fill(&store, 60..64).await);
    let dir = tempfile::tempdir().unwrap();
    copy_dir(world.dir(), dir.path());
    std::fs::remove_file(dir.path().join("records.db-shm")).unwrap();
    std::fs::remove_file(dir.path().join("keys.db-shm")).unwrap();
    std::fs::write(dir.path().join("records.db"), old).unwrap();
    earlier_or_refused(&world, dir.path(), &ids).await;
}

/// Not a test of its own: another program that reads the keys' file until it is told to stop.
#[test]
fn reading_program() {
    let Ok(file) = std::env::var("TACTFUL_READER") else {
        return;
    };
    let reader = Connection::open(file).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let tables: i64 = reader
        .query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0))
        .unwrap();
    eprintln!("reads {tables}");
    let _ = std::io::stdin().lines().next();
    std::process::exit(END);
}

#[tokio::test]
async fn a_reader_of_another_program_makes_an_erasure_pending_until_it_ends() {
    let world = World::sqlite();
    let store = world.create().await;
    let ids = fill(&store, 0..3).await;
    let mut reader = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::files::reading_program", "--nocapture"])
        .env("TACTFUL_READER", world.files().keys())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(reader.stderr.take().unwrap()).lines().next();
    assert!(said.unwrap().unwrap().starts_with("reads "));
    let erased = store
        .erase_subject(person(1), &officer(), &request(), now())
        .await
        .unwrap();
    assert!(!erased.is_done());
    assert!(read(&store, ids[1], now()).await.is_err());
    assert_eq!(store.settle(now()).await.unwrap().pending, 1);
    reader.stdin.take().unwrap().write_all(b"end\n").unwrap();
    assert_eq!(reader.wait().unwrap().code(), Some(END));
    let settled = store.settle(now()).await.unwrap();
    assert_eq!((settled.done, settled.pending), (1, 0));
    assert!(read(&store, ids[1], now()).await.is_err());
    assert_eq!(read(&store, ids[2], now()).await.unwrap(), [2; 900]);
}
