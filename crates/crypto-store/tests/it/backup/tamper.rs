//! Files that are not what was sealed.

use std::path::PathBuf;
use std::sync::Arc;

use crypto_store::{Error, KeyFile, OsEntropy, Store};

use super::{Elsewhere, lose_records, restore, there};
use crate::support::{Place, World, now, person, put};

/// A backup of some chunks, and what is left of its store: the keys.
async fn some_chunks(out: &Elsewhere) -> (World, PathBuf, Vec<u8>) {
    let place = Place::Files(tempfile::tempdir().unwrap());
    let world = World::with_entropy(place, Arc::new(OsEntropy::new()));
    let store = world.create().await;
    for n in 0..4u8 {
        put(&store, person(n), &vec![n; 35_000]).await;
    }
    let path = out.path("whole.backup");
    store.backup(&path, now()).await.unwrap();
    lose_records(&world, store).await;
    let bytes = std::fs::read(&path).unwrap();
    (world, path, bytes)
}

/// Header with commitment, then the chunks.
const HEADER: usize = 8 + 1 + 16 + 8 + 32 + 4 + 16 + 32;
const CHUNK: usize = 5 + 65_536 + 16;

#[tokio::test]
async fn a_backup_that_was_tampered_with_gives_no_store() {
    let out = Elsewhere::new();
    let (world, path, bytes) = some_chunks(&out).await;
    let (head, body) = bytes.split_at(HEADER);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK).collect();
    assert!(chunks.len() >= 3);
    let glue = |chunks: &[&[u8]]| [head, &chunks.concat()].concat();
    let mut other: Vec<(String, Vec<u8>)> = Vec::new();
    for at in 0..chunks.len() {
        for offset in [0, 2, 40_000, chunks[at].len() - 1] {
            let mut flipped = bytes.clone();
            let at = HEADER + at * CHUNK + offset.min(chunks[at].len() - 1);
            flipped[at] ^= 1;
            other.push((format!("flipped {at}"), flipped));
        }
        let mut dropped = chunks.clone();
        dropped.remove(at);
        other.push((format!("dropped {at}"), glue(&dropped)));
        let mut doubled = chunks.clone();
        doubled.insert(at, chunks[at]);
        other.push((format!("doubled {at}"), glue(&doubled)));
        other.push((format!("cut before {at}"), glue(&chunks[..at])));
        let mut short = glue(&chunks[..at]);
        short.extend_from_slice(&chunks[at][..7]);
        other.push((format!("cut in {at}"), short));
        if at > 0 {
            // The chunk before the cut says that it is the last.
            let mut called = glue(&chunks[..at]);
            called[HEADER + (at - 1) * CHUNK] = 1;
            other.push((format!("cut before {at} and called last"), called));
            let mut swapped = chunks.clone();
            swapped.swap(at - 1, at);
            other.push((format!("swapped {at}"), glue(&swapped)));
        }
    }
    for at in (0..HEADER).step_by(5) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        other.push((format!("header {at}"), flipped));
    }
    other.push(("longer".to_owned(), [&bytes[..], b"x"].concat()));
    other.push(("empty".to_owned(), Vec::new()));
    let bad = out.path("bad.backup");
    for (what, bytes) in other {
        std::fs::write(&bad, &bytes).unwrap();
        let refused = restore(&world, &bad, world.config(), now()).await;
        assert!(
            matches!(
                refused,
                Err(Error::Corrupt { .. }
                    | Error::Truncated { .. }
                    | Error::Invalid { .. }
                    | Error::NewerFormat { .. })
            ),
            "{what}: {refused:?}"
        );
        assert!(!there(&world, "records.db"), "{what}");
        assert!(!there(&world, "records.db.restore"), "{what}");
    }
    let opened = world.try_open(world.config(), now()).await;
    assert!(matches!(opened, Err(Error::RecordsLost)));
    // None of the attempts has cost the real one anything.
    let (store, told) = restore(&world, &path, world.config(), now()).await.unwrap();
    assert_eq!((told.records, told.destroyed), (4, 0));
    assert_eq!(store.survey(now()).await.unwrap().readable, 4);
}

#[tokio::test]
async fn only_the_stores_own_backup_and_root_are_taken() {
    let (out, elsewhere) = (Elsewhere::new(), Elsewhere::new());
    let (world, path, bytes) = some_chunks(&out).await;
    let (another, theirs, _) = some_chunks(&elsewhere).await;
    assert!(matches!(
        restore(&world, &theirs, world.config(), now()).await,
        Err(Error::Invalid { .. })
    ));
    // Another store's file under this store's name: the beginning is not what was sealed.
    let mut renamed = std::fs::read(&theirs).unwrap();
    renamed[..HEADER - 32].copy_from_slice(&bytes[..HEADER - 32]);
    let mixed = out.path("mixed.backup");
    std::fs::write(&mixed, renamed).unwrap();
    assert!(matches!(
        restore(&world, &mixed, world.config(), now()).await,
        Err(Error::Corrupt { .. })
    ));
    let wrong = Store::restore(
        &path,
        world.config(),
        Arc::clone(&another.root),
        Arc::clone(&world.entropy),
        now(),
    )
    .await;
    assert!(matches!(wrong, Err(Error::WrongKey)));
    assert!(!there(&world, "records.db"));
    assert!(matches!(
        restore(&world, &out.path("none"), world.config(), now()).await,
        Err(Error::Io { .. })
    ));
    // A root that is lost is said to be lost.
    let root = KeyFile::open(out.path("root.key"), Arc::new(OsEntropy::new()));
    assert!(matches!(root, Err(Error::KeysLost { .. })));
    restore(&world, &path, world.config(), now()).await.unwrap();
}
