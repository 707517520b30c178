//! New keys at the top while the store is in use, and the end of a tenant.

use std::sync::Arc;

use crypto_store::{ErasureKind, Error, IndexTerm, KeyFile, NewRecord, OsEntropy, Phase, Store};
use retention_policy::{Category, Hold, HoldId, HoldReason, Role, Scope};

use crate::support::{
    World, agent, by, email, hours, meta, now, occurrences, officer, person, put, read, reply,
    request, session, tenant, wrapped,
};

async fn found(store: &Store, value: &str) -> usize {
    let found = store.find(&email(value), &agent(), &reply(), now()).await;
    found.unwrap().len()
}

fn with_email(n: u8) -> NewRecord {
    NewRecord::new(session(person(n)), vec![n]).terms(vec![email(&format!("p{n}@example.org"))])
}

#[tokio::test]
async fn a_rotation_wraps_every_key_again_and_destroys_the_earlier_one() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 0..40u8 {
            let record = store.put(with_email(n), &agent(), &reply(), now()).await;
            ids.push(record.unwrap().id());
        }
        for round in 1..=3 {
            let done = store.rotate_keys(tenant(1), now()).await.unwrap();
            assert_eq!((done.epoch, done.ended, done.pending), (round, 1, false));
            // Forty persons, forty units, a bucket, the index and what was made ahead.
            assert!(done.rewrapped >= 82, "{done:?}");
            for (n, id) in ids.iter().enumerate() {
                assert_eq!(read(&store, *id, now()).await.unwrap(), [n as u8]);
            }
            assert_eq!(found(&store, "p7@example.org").await, 1);
            ids.push(put(&store, person(90 + round as u8), &[ids.len() as u8]).await);
        }
        drop(store);
        let store = world.open().await;
        for (n, id) in ids.iter().enumerate() {
            assert_eq!(read(&store, *id, now()).await.unwrap(), [n as u8]);
        }
        let checked = store.check(now()).await.unwrap();
        assert!(checked.is_intact(), "{checked:?}");
        assert!(matches!(
            store.rotate_keys(tenant(9), now()).await,
            Err(Error::UnknownTenant)
        ));
    }
}

#[tokio::test]
async fn no_wrapped_key_of_an_earlier_epoch_is_left() {
    let world = World::sqlite();
    let store = world.create().await;
    for n in 0..60u8 {
        store
            .put(with_email(n), &agent(), &reply(), now())
            .await
            .unwrap();
    }
    store.flush().await.unwrap();
    let before = wrapped(&world.files());
    let done = store.rotate_keys(tenant(1), now()).await.unwrap();
    assert!(!done.pending);
    let after = wrapped(&world.files());
    let gone: Vec<Vec<u8>> = before
        .iter()
        .filter(|(id, key)| key.len() == 81 && after.get(*id) != Some(*key))
        .map(|(_, key)| key.clone())
        .collect();
    assert!(gone.len() > 120, "{}", gone.len());
    assert_eq!(occurrences(world.dir(), &gone), 0);
    store.close().await.unwrap();
    assert_eq!(occurrences(world.dir(), &gone), 0);
}

#[tokio::test]
async fn readers_and_writers_do_not_notice_a_rotation() {
    for world in World::all() {
        let store = Arc::new(world.create().await);
        let mut ids = Vec::new();
        for n in 0..50u8 {
            ids.push(put(&store, person(n), &[n]).await);
        }
        let turning = async {
            for _ in 0..4 {
                store.rotate_keys(tenant(1), now()).await.unwrap();
                store.rotate_index(tenant(1), now()).await.unwrap();
            }
        };
        let reading = async {
            for round in 0..6u8 {
                for (n, id) in ids.iter().enumerate() {
                    assert_eq!(read(&store, *id, now()).await.unwrap(), [n as u8]);
                }
                let (agent, reply) = (agent(), reply());
                let record = store.put(with_email(100 + round), &agent, &reply, now());
                record.await.unwrap();
            }
        };
        both(turning, reading).await;
        for round in 0..6u8 {
            assert_eq!(
                found(&store, &format!("p{}@example.org", 100 + round)).await,
                1
            );
        }
        assert!(store.check(now()).await.unwrap().is_intact());
    }
}

/// Runs two futures beside each other on one task.
async fn both(a: impl Future<Output = ()>, b: impl Future<Output = ()>) {
    tokio::join!(a, b);
}

#[tokio::test]
async fn terms_are_found_across_index_keys_until_their_records_end() {
    for world in World::all() {
        let store = world.create().await;
        store
            .put(with_email(1), &agent(), &reply(), now())
            .await
            .unwrap();
        store.rotate_index(tenant(1), now()).await.unwrap();
        store
            .put(with_email(1), &agent(), &reply(), now())
            .await
            .unwrap();
        assert_eq!(found(&store, "p1@example.org").await, 2);
        // The same delivery is the same record, whatever was rotated.
        let delivery = || with_email(2).idempotency_key(b"delivery");
        let first = store.put(delivery(), &agent(), &reply(), now()).await;
        store.rotate_index(tenant(1), now()).await.unwrap();
        let again = store.put(delivery(), &agent(), &reply(), now()).await;
        assert_eq!(first.unwrap().id(), again.unwrap().id());
        let made = now() + hours(40);
        store.expire_buckets(made).await.unwrap();
        store.purge(made, 1000).await.unwrap();
        let late = NewRecord::new(
            meta(tenant(1), person(3), Category::Session, made),
            b"late".to_vec(),
        )
        .terms(vec![email("late@example.org")]);
        store.put(late, &agent(), &reply(), made).await.unwrap();
        let term = email("late@example.org");
        let found = store.find(&term, &agent(), &reply(), made).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(store.check(made).await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn index_keys_that_no_record_needs_are_destroyed() {
    let world = World::sqlite();
    let store = world.create().await;
    store
        .put(with_email(1), &agent(), &reply(), now())
        .await
        .unwrap();
    let of_index = || {
        wrapped(&world.files())
            .keys()
            .filter(|id| id[0] == 5)
            .count()
    };
    store.flush().await.unwrap();
    assert_eq!(of_index(), 1);
    store.rotate_index(tenant(1), now()).await.unwrap();
    store.purge(now(), 100).await.unwrap();
    store.flush().await.unwrap();
    assert_eq!(of_index(), 1, "its record lives");
    let later = now() + hours(48);
    store.expire_buckets(later).await.unwrap();
    store.purge(later, 100).await.unwrap();
    store.flush().await.unwrap();
    assert_eq!(of_index(), 0);
}

#[tokio::test]
async fn another_root_opens_and_the_earlier_one_does_not() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    store.rotate_keys(tenant(1), now()).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("next.key");
    let next = Arc::new(KeyFile::create(&path, Arc::new(OsEntropy::new())).unwrap());
    store.change_root(next.clone(), now()).await.unwrap();
    assert_eq!(read(&store, id, now()).await.unwrap(), b"body");
    store.create_tenant(tenant(3), now()).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    let refused = world.try_open(world.config(), now()).await;
    assert!(matches!(refused, Err(Error::WrongKey)));
    let store = Store::open(world.config(), next, Arc::clone(&world.entropy), now())
        .await
        .unwrap();
    assert_eq!(read(&store, id, now()).await.unwrap(), b"body");
    assert!(store.check(now()).await.unwrap().is_intact());
}

#[tokio::test]
async fn a_tenant_ends_with_everything_of_it_and_with_nothing_else() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 0..30u8 {
            let record = store
                .put(with_email(n % 5), &agent(), &reply(), now())
                .await;
            ids.push(record.unwrap().id());
        }
        let other = by(Role::Agent, tenant(2));
        let theirs = NewRecord::new(
            meta(tenant(2), person(1), Category::Session, now()),
            b"theirs".to_vec(),
        )
        .terms(vec![IndexTerm::new("email", "p1@example.org").unwrap()]);
        let theirs = store.put(theirs, &other, &reply(), now()).await;
        let theirs = theirs.unwrap().id();
        assert!(matches!(
            store.end_tenant(&agent(), &reply(), now()).await,
            Err(Error::Denied)
        ));
        let hold = Hold::new(
            HoldId::from_random([1; 16]),
            tenant(1),
            Scope::Subject(person(1)),
            HoldReason::LegalClaim,
            agent().actor(),
            now(),
            now() + hours(500),
        )
        .unwrap();
        store
            .place_hold(&hold, &officer(), &request(), now())
            .await
            .unwrap();
        let held = store.end_tenant(&officer(), &request(), now()).await;
        assert!(held.unwrap_err().is_held());
        crate::support::release(&store, hold.id(), now())
            .await
            .unwrap();
        let ended = store
            .end_tenant(&officer(), &request(), now())
            .await
            .unwrap();
        assert!(ended.is_done());
        for id in &ids {
            assert!(matches!(
                read(&store, *id, now()).await,
                Err(Error::UnknownTenant)
            ));
        }
        let opened = store.get(theirs, &other, &reply(), now()).await.unwrap();
        assert_eq!(opened.expose(), b"theirs");
        store.purge(now(), 10_000).await.unwrap();
        let survey = store.survey(now()).await.unwrap();
        assert_eq!((survey.records, survey.readable), (1, 1));
        assert!(matches!(
            store.create_tenant(tenant(1), now()).await,
            Err(Error::AlreadyErased)
        ));
        assert!(!store.has_tenant(tenant(1)).await.unwrap());
        let ledger = store.ledger(0, 100).await.unwrap();
        let phases: Vec<Phase> = ledger
            .iter()
            .filter(|(_, e)| e.kind == ErasureKind::Tenant)
            .map(|(_, e)| e.phase)
            .collect();
        assert_eq!(phases, [Phase::Begun, Phase::Destroyed, Phase::Purged]);
        drop(store);
        let store = world.open().await;
        assert!(store.check(now()).await.unwrap().is_intact());
        if matches!(world.place, crate::support::Place::Files(_)) {
            store.flush().await.unwrap();
            let left = wrapped(&world.files());
            let owner = tenant(1).to_bytes();
            let left: Vec<u8> = left
                .keys()
                .filter(|id| id[1..17] == owner)
                .map(|id| id[0])
                .collect();
            assert_eq!(left, [11], "nothing but the note that it ended");
        }
    }
}
