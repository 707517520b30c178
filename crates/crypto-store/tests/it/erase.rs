//! Ending for good: what was erased is in no file and comes back from no copy.

use std::sync::Arc;

use crypto_store::{Erased, ErasureKind, Error, NewRecord, Phase, Store};
use retention_policy::{Category, SubjectId, UnitId};
use rusqlite::Connection;

use crate::support::{
    CANARY, Place, Recorder, World, agent, copy_dir, email, hours, meta, now, occurrences, officer,
    person, put, read, reply, request, session, tenant, wrapped,
};

async fn erase(store: &Store, subject: SubjectId) -> Erased {
    store
        .erase_subject(subject, &officer(), &request(), now())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_person_is_gone_and_everybody_else_is_not() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 0..60u8 {
            let record = NewRecord::new(session(person(n % 3)), vec![n; 500])
                .terms(vec![email("same@example.org")]);
            ids.push(
                store
                    .put(record, &agent(), &reply(), now())
                    .await
                    .unwrap()
                    .id(),
            );
        }
        let erased = erase(&store, person(1)).await;
        assert!(erased.is_done());
        assert_eq!(
            (erased.receipt().rows, erased.receipt().rows_left),
            (20, false)
        );
        for (n, id) in ids.iter().enumerate() {
            let got = read(&store, *id, now()).await;
            if n % 3 == 1 {
                assert!(got.unwrap_err().is_not_found());
            } else {
                assert_eq!(got.unwrap(), vec![n as u8; 500]);
            }
        }
        assert_eq!(
            store
                .find(&email("same@example.org"), &agent(), &reply(), now())
                .await
                .unwrap()
                .len(),
            40
        );
        assert!(
            store
                .of_subject(person(1), &officer(), &request(), now())
                .await
                .unwrap()
                .is_empty()
        );
        let again = store
            .erase_subject(person(1), &officer(), &request(), now())
            .await;
        assert!(again.unwrap_err().is_erased());
        // Nobody stores anything about that person under the old id again.
        let late = store
            .put(
                NewRecord::new(session(person(1)), Vec::new()),
                &agent(),
                &reply(),
                now(),
            )
            .await;
        assert!(late.unwrap_err().is_erased());
        assert!(store.verify_audit().await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn links_are_followed() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 1..=4 {
            ids.push(put(&store, person(n), &[n]).await);
        }
        store
            .link(person(1), person(2), &agent(), &reply(), now())
            .await
            .unwrap();
        store
            .link(person(2), person(3), &agent(), &reply(), now())
            .await
            .unwrap();
        let erased = erase(&store, person(3)).await;
        assert_eq!((erased.receipt().keys, erased.receipt().rows), (3, 3));
        for id in &ids[..3] {
            assert!(read(&store, *id, now()).await.is_err());
        }
        assert!(read(&store, ids[3], now()).await.is_ok());
    }
}

#[tokio::test]
async fn the_ledger_tells_how_far_it_got_without_saying_who() {
    for world in World::all() {
        let store = world.create().await;
        put(&store, person(1), CANARY).await;
        let erased = erase(&store, person(1)).await;
        let ledger = store.ledger(0, usize::MAX).await.unwrap();
        let phases: Vec<_> = ledger
            .iter()
            .map(|(_, e)| (e.kind, e.phase, e.rows))
            .collect();
        let of = |phase, rows| (ErasureKind::Subject, phase, rows);
        assert_eq!(
            phases,
            [
                of(Phase::Begun, 0),
                of(Phase::Destroyed, 0),
                of(Phase::Purged, 1)
            ]
        );
        for (_, entry) in &ledger {
            assert_eq!(entry.erasure, erased.receipt().erasure);
            assert_eq!(entry.target, store.blind_subject(person(1)));
            assert_ne!(entry.target.as_bytes(), &person(1).to_bytes());
            assert_eq!(entry.at(), now());
        }
    }
}

#[tokio::test]
async fn units_end_as_a_whole() {
    for world in World::all() {
        let store = world.create().await;
        let unit = UnitId::from_random([4; 16]);
        let mut ids = Vec::new();
        for n in 0..3u8 {
            let record = NewRecord::new(session(person(1)), vec![n]).unit(unit);
            ids.push(
                store
                    .put(record, &agent(), &reply(), now())
                    .await
                    .unwrap()
                    .id(),
            );
        }
        let alone = put(&store, person(1), b"alone").await;
        let part = store
            .shred(&ids[..2], &agent(), &reply(), now())
            .await
            .unwrap_err();
        assert!(matches!(part, Error::Invalid { .. }), "{part}");
        assert!(read(&store, ids[0], now()).await.is_ok());
        let erased = store
            .shred_unit(unit, &agent(), &reply(), now())
            .await
            .unwrap();
        assert!(erased.is_done() && erased.receipt().rows == 3);
        for id in &ids {
            assert!(read(&store, *id, now()).await.is_err());
        }
        // The unit does not come back to life with a later record.
        let late = store
            .put(
                NewRecord::new(session(person(1)), vec![9]).unit(unit),
                &agent(),
                &reply(),
                now(),
            )
            .await;
        assert!(late.unwrap_err().is_erased());
        assert_eq!(read(&store, alone, now()).await.unwrap(), b"alone");
        assert!(
            store
                .shred_unit(unit, &agent(), &reply(), now())
                .await
                .unwrap_err()
                .is_not_found()
        );
        // All records of a unit given one by one are the unit.
        let unit = UnitId::from_random([5; 16]);
        let mut ids = Vec::new();
        for n in 0..2u8 {
            let record = NewRecord::new(session(person(1)), vec![n]).unit(unit);
            ids.push(
                store
                    .put(record, &agent(), &reply(), now())
                    .await
                    .unwrap()
                    .id(),
            );
        }
        assert_eq!(
            store
                .shred(&ids, &agent(), &reply(), now())
                .await
                .unwrap()
                .receipt()
                .rows,
            2
        );
        assert!(
            store
                .shred(&ids, &agent(), &reply(), now())
                .await
                .unwrap_err()
                .is_not_found()
        );
    }
}

#[tokio::test]
async fn a_bucket_ends_with_its_time() {
    for world in World::all() {
        let store = world.create().await;
        let early = put(&store, person(1), b"early").await;
        let made = now() + hours(5);
        let record = NewRecord::new(
            meta(tenant(1), person(1), Category::Session, made),
            b"late".to_vec(),
        );
        let late = store
            .put(record, &agent(), &reply(), made)
            .await
            .unwrap()
            .id();
        // Nothing is over yet.
        assert_eq!(
            store
                .expire_buckets(now() + hours(20))
                .await
                .unwrap()
                .buckets,
            0
        );
        let end = session(person(1)).expires_at();
        // The records end at their instant; the key of their bucket within the bucket's width after it.
        let swept = end + hours(2);
        let expired = store.expire_buckets(swept).await.unwrap();
        assert_eq!((expired.buckets, expired.rows, expired.kept), (1, 1, 0));
        assert!(!expired.pending && !expired.rows_left);
        assert!(
            read(&store, early, now()).await.unwrap_err().is_not_found(),
            "a clock set back does not bring it back"
        );
        assert_eq!(read(&store, late, swept).await.unwrap(), b"late");
        assert_eq!(store.expire_buckets(swept).await.unwrap().buckets, 0);
        assert!(store.due(swept, 10).await.unwrap().is_empty());
    }
}

/// The keys and records of somebody who was erased, searched in every file: as they are, in hexadecimal, in base64.
#[tokio::test]
async fn no_byte_of_what_was_erased_is_left_in_any_file() {
    let recorder = Arc::new(Recorder::default());
    let world = World::with_entropy(Place::Files(tempfile::tempdir().unwrap()), recorder.clone());
    let store = world.create().await;
    for n in 0..200u8 {
        let body = [CANARY, &vec![n; usize::from(n) * 40]].concat();
        put(&store, person(n % 10), &body).await;
    }
    store.flush().await.unwrap();
    let before = wrapped(&world.files());
    for n in 0..10 {
        assert!(erase(&store, person(n)).await.is_done());
    }
    store.expire_buckets(now() + hours(48)).await.unwrap();
    let after = wrapped(&world.files());
    let gone: Vec<Vec<u8>> = before
        .iter()
        .filter(|(id, _)| !after.contains_key(*id))
        .map(|(_, key)| key.clone())
        .collect();
    // Ten people, their bucket and two hundred units.
    assert_eq!(gone.len(), 211);
    for open in [true, false] {
        if !open {
            store.close().await.unwrap();
        }
        assert_eq!(occurrences(world.dir(), &gone), 0, "a wrapped key is left");
        assert_eq!(
            occurrences(world.dir(), &recorder.keys()),
            0,
            "a key stands in clear"
        );
        assert_eq!(
            occurrences(world.dir(), &[CANARY.to_vec()]),
            0,
            "content stands in clear"
        );
    }
    // The search does find what is there.
    let kept: Vec<Vec<u8>> = after.into_values().filter(|key| key.len() == 81).collect();
    assert!(occurrences(world.dir(), &kept) >= kept.len());
}

#[tokio::test]
async fn no_ciphertext_of_an_erased_record_is_left_either() {
    let world = World::sqlite();
    let store = world.create().await;
    for n in 0..40u8 {
        put(&store, person(n % 2), &vec![n; 3000]).await;
    }
    store.flush().await.unwrap();
    let c = Connection::open(world.files().records()).unwrap();
    let mut statement = c
        .prepare("SELECT value FROM records WHERE r0 = ?1")
        .unwrap();
    let reference = [tenant(1).to_bytes(), person(1).to_bytes()].concat();
    let rows = statement
        .query_map([reference], |r| r.get::<_, Vec<u8>>(0))
        .unwrap();
    // Forty bytes from every kilobyte of every envelope.
    let needles: Vec<Vec<u8>> = rows
        .flat_map(|row| {
            row.unwrap()
                .chunks(1024)
                .filter(|c| c.len() >= 40)
                .map(|c| c[..40].to_vec())
                .collect::<Vec<_>>()
        })
        .collect();
    drop(statement);
    drop(c);
    assert!(needles.len() >= 60);
    assert!(occurrences(world.dir(), &needles) >= needles.len() / 2);
    assert!(erase(&store, person(1)).await.is_done());
    store.close().await.unwrap();
    assert_eq!(occurrences(world.dir(), &needles), 0);
}

#[tokio::test]
async fn a_copy_from_before_opens_only_with_the_keys_from_before() {
    let world = World::sqlite();
    let store = world.create().await;
    let mut ids = Vec::new();
    for n in 0..10u8 {
        ids.push(put(&store, person(n % 2), &[n; 100]).await);
    }
    store.flush().await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    copy_dir(world.dir(), backup.path());
    assert!(erase(&store, person(1)).await.is_done());
    store.close().await.unwrap();

    // Yesterday's records with the keys that survive: the backup of the records was erased without being touched.
    let files = crypto_store::StoreFiles::new(
        backup.path().join("records.db"),
        world.dir().join("keys.db"),
    );
    let copy = Store::open_copy(&files, world.root.clone(), world.entropy.clone())
        .await
        .unwrap();
    let survey = copy.survey(now()).await.unwrap();
    assert_eq!(
        (
            survey.records,
            survey.readable,
            survey.destroyed,
            survey.damaged
        ),
        (10, 5, 5, 0)
    );
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(read(&copy, *id, now()).await.is_ok(), n % 2 == 0);
    }
    drop(copy);
    // With yesterday's keys too, all of it opens: what SECURITY.md says it does not protect from.
    let files = crypto_store::StoreFiles::in_dir(backup.path());
    let copy = Store::open_copy(&files, world.root.clone(), world.entropy.clone())
        .await
        .unwrap();
    assert_eq!(copy.survey(now()).await.unwrap().readable, 10);
}

#[tokio::test]
async fn a_reader_that_keeps_the_log_alive_makes_an_erasure_pending_and_not_readable() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let reader = Connection::open(world.files().keys()).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM slots;")
        .unwrap();
    let _: i64 = reader
        .query_row("SELECT count(*) FROM slots", [], |r| r.get(0))
        .unwrap();
    let erased = erase(&store, person(1)).await;
    assert!(!erased.is_done());
    assert!(read(&store, id, now()).await.is_err());
    assert_eq!(
        store.ledger(0, 10).await.unwrap().len(),
        1,
        "destruction is not claimed while a log may hold the key"
    );
    assert_eq!(store.settle(now()).await.unwrap().pending, 1);
    drop(reader);
    assert_eq!(store.settle(now()).await.unwrap().done, 1);
    assert_eq!(store.ledger(0, 10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_erasure_and_readers_at_once_never_give_content_after_it_was_begun() {
    for world in World::all() {
        let store = Arc::new(world.create().await);
        let mut ids = Vec::new();
        for n in 0..8u8 {
            ids.push(put(&store, person(1), &[n; 64]).await);
        }
        let readers: Vec<_> = ids
            .iter()
            .map(|id| {
                let (store, id) = (Arc::clone(&store), *id);
                tokio::spawn(async move {
                    let mut after = 0;
                    for _ in 0..30 {
                        let erased = store.ledger(0, 1).await.unwrap().len() == 1;
                        let got = store.get(id, &agent(), &reply(), now()).await;
                        after += u32::from(erased && got.is_ok());
                    }
                    after
                })
            })
            .collect();
        erase(&store, person(1)).await;
        for reader in readers {
            assert_eq!(reader.await.unwrap(), 0);
        }
    }
}

#[tokio::test]
async fn roles_that_may_not_erase_do_not() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        assert!(
            store
                .erase_subject(person(1), &agent(), &reply(), now())
                .await
                .unwrap_err()
                .is_denied()
        );
        let auditor = crate::support::by(retention_policy::Role::Auditor, tenant(1));
        assert!(
            store
                .shred(&[id], &auditor, &reply(), now())
                .await
                .unwrap_err()
                .is_denied()
        );
        assert!(read(&store, id, now()).await.is_ok());
    }
}
