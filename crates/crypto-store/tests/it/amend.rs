//! Taking something out of a record that stays.

use std::sync::Arc;

use chrono::TimeDelta;
use crypto_store::{
    Amendment, Erased, Error, IndexTerm, NewRecord, StopAt, Store, StoreConfig, StoreFiles,
};
use retention_policy::{ActorId, Hold, HoldId, HoldReason, RecordId, Role, Scope, UnitId};

use crate::support::{
    World, agent, by, copy_dir, email, hours, now, occurrences, officer, person, read, reply,
    request, session, tenant,
};

const BEFORE: &[u8] = b"Zoe and Noor Castellane wrote";
const AFTER: &[u8] = b"Zoe and somebody wrote";

fn mention() -> IndexTerm {
    IndexTerm::new("mentioned_name", "noor castellane").unwrap()
}

async fn stored(store: &Store, unit: Option<UnitId>) -> RecordId {
    let mut record = NewRecord::new(session(person(1)), BEFORE.to_vec())
        .terms(vec![email("zoe@example.org"), mention()]);
    if let Some(unit) = unit {
        record = record.unit(unit);
    }
    let put = store.put(record, &agent(), &reply(), now()).await;
    put.unwrap().id()
}

fn to(body: &[u8]) -> Amendment {
    Amendment::new(body.to_vec())
}

async fn amend(store: &Store, id: RecordId) -> Result<Erased, Error> {
    let (officer, why) = (officer(), request());
    store
        .amend(
            id,
            to(AFTER).without(vec![mention()]),
            &officer,
            &why,
            now(),
        )
        .await
}

async fn found(store: &Store, term: &IndexTerm) -> Vec<RecordId> {
    let found = store.find(term, &agent(), &reply(), now()).await;
    found.unwrap()
}

#[tokio::test]
async fn the_record_stays_without_what_was_taken_out() {
    for world in World::all() {
        let store = world.create().await;
        let id = stored(&store, None).await;
        let other = stored(&store, None).await;
        // Terms of every epoch of the index are found, and taken out.
        store.rotate_index(tenant(1), now()).await.unwrap();
        assert!(amend(&store, id).await.unwrap().is_done());
        assert_eq!(read(&store, id, now()).await.unwrap(), AFTER);
        assert_eq!(read(&store, other, now()).await.unwrap(), BEFORE);
        assert_eq!(found(&store, &mention()).await, [other]);
        let kept = found(&store, &email("zoe@example.org")).await;
        assert!(kept.contains(&id) && kept.len() == 2);
        let (by, why) = (officer(), request());
        let of = store.of_subject(person(1), &by, &why, now()).await;
        assert_eq!(of.unwrap().len(), 2);
        // Again, and the end of it, as for any record.
        assert!(amend(&store, id).await.unwrap().is_done());
        assert!(store.check(now()).await.unwrap().is_intact());
        assert!(store.verify_audit().await.unwrap().is_intact());
        let shredded = store.shred(&[id], &agent(), &reply(), now()).await;
        assert!(shredded.unwrap().is_done());
        assert!(read(&store, id, now()).await.is_err());
        assert!(amend(&store, id).await.unwrap_err().is_not_found());
    }
}

#[tokio::test]
async fn a_record_is_found_by_what_it_gained() {
    for world in World::all() {
        let store = world.create().await;
        let id = stored(&store, None).await;
        let change = to(AFTER)
            .without(vec![email("zoe@example.org")])
            .with(vec![email("zoe@example.com"), mention()]);
        let amended = store.amend(id, change, &officer(), &request(), now()).await;
        assert!(amended.unwrap().is_done());
        for (term, expected) in [
            (email("zoe@example.org"), vec![]),
            (email("zoe@example.com"), vec![id]),
            (mention(), vec![id]),
        ] {
            assert_eq!(found(&store, &term).await, expected);
        }
        assert!(store.check(now()).await.unwrap().is_intact());
        let many = (0..=crypto_store::MAX_TERMS).map(|n| email(&format!("{n}@example.org")));
        let many = to(AFTER).with(many.collect());
        let many = store.amend(id, many, &officer(), &request(), now()).await;
        assert!(matches!(many, Err(Error::TooLarge { .. })));
        assert_eq!(read(&store, id, now()).await.unwrap(), AFTER);
    }
}

#[tokio::test]
async fn what_it_was_is_in_no_file_and_opens_with_no_key_that_survives() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = stored(&store, None).await;
    store.flush().await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    copy_dir(world.dir(), backup.path());
    assert!(amend(&store, id).await.unwrap().is_done());
    store.close().await.unwrap();
    let files = StoreFiles::new(
        backup.path().join("records.db"),
        world.dir().join("keys.db"),
    );
    let (root, entropy) = (Arc::clone(&world.root), Arc::clone(&world.entropy));
    let copy = Store::open_copy(&files, root, entropy).await.unwrap();
    let survey = copy.survey(now()).await.unwrap();
    assert_eq!((survey.records, survey.readable), (1, 0));
    assert!(read(&copy, id, now()).await.is_err());
    // The files of today hold nothing of the sealed record of before.
    let sealed: Vec<u8> = rusqlite::Connection::open(backup.path().join("records.db"))
        .unwrap()
        .query_row("SELECT value FROM records", [], |r| r.get(0))
        .unwrap();
    let tail = [sealed[sealed.len() - 32..].to_vec()];
    assert!(occurrences(backup.path(), &tail) > 0);
    assert_eq!(occurrences(world.dir(), &tail), 0);
}

#[tokio::test]
async fn records_of_one_unit_stay_together() {
    for world in World::all() {
        let store = world.create().await;
        let unit = UnitId::from_random([6; 16]);
        let id = stored(&store, Some(unit)).await;
        let mut others = Vec::new();
        for _ in 0..3 {
            others.push(stored(&store, Some(unit)).await);
        }
        assert!(amend(&store, id).await.unwrap().is_done());
        assert_eq!(read(&store, id, now()).await.unwrap(), AFTER);
        others.push(stored(&store, Some(unit)).await);
        for other in &others {
            assert_eq!(read(&store, *other, now()).await.unwrap(), BEFORE);
        }
        // Now some have the new key and one the unit's own.
        assert!(amend(&store, others[0]).await.unwrap().is_done());
        for other in &others[1..] {
            assert_eq!(read(&store, *other, now()).await.unwrap(), BEFORE);
        }
        assert!(store.check(now()).await.unwrap().is_intact());
        let ended = store.shred_unit(unit, &agent(), &reply(), now()).await;
        assert!(ended.unwrap().is_done());
        for id in others.iter().chain([&id]) {
            assert!(read(&store, *id, now()).await.is_err());
        }
    }
}

#[tokio::test]
async fn it_is_refused_and_nothing_changes() {
    for world in World::all() {
        let store = world.create().await;
        let id = stored(&store, None).await;
        let why = request();
        let denied = store.amend(id, to(AFTER), &agent(), &why, now()).await;
        assert!(denied.unwrap_err().is_denied());
        let stranger = by(Role::PrivacyOfficer, tenant(2));
        let missing = store.amend(id, to(AFTER), &stranger, &why, now()).await;
        assert!(missing.unwrap_err().is_not_found());
        let dpo = officer();
        let late = store.amend(id, to(AFTER), &dpo, &why, now() + hours(24));
        assert!(late.await.unwrap_err().is_expired());
        let huge = vec![0; crypto_store::MAX_BODY + 1];
        let huge = store.amend(id, to(&huge), &dpo, &why, now()).await;
        assert!(matches!(huge, Err(Error::TooLarge { .. })));
        let hold = HoldId::from_random([7; 16]);
        let placed = Hold::new(
            hold,
            dpo.tenant(),
            Scope::Record(id),
            HoldReason::LegalClaim,
            ActorId::from_random([9; 16]),
            now(),
            now() + TimeDelta::days(90),
        );
        store
            .place_hold(&placed.unwrap(), &officer(), &why, now())
            .await
            .unwrap();
        assert!(matches!(amend(&store, id).await, Err(Error::Held)));
        assert_eq!(read(&store, id, now()).await.unwrap(), BEFORE);
        assert_eq!(found(&store, &mention()).await, [id]);
        let released = crate::support::release(&store, hold, now()).await;
        released.unwrap();
        assert!(amend(&store, id).await.unwrap().is_done());
        let erased = store.erase_subject(person(1), &dpo, &why, now()).await;
        assert!(erased.unwrap().is_done());
        assert!(amend(&store, id).await.is_err());
    }
}

#[tokio::test]
async fn wherever_it_stops_the_record_is_the_earlier_or_the_later_one() {
    for stop in [
        StopAt::KeysWritten,
        StopAt::IntentWritten,
        StopAt::KeysDestroyed,
        StopAt::LogEmptied,
        StopAt::DestructionWritten,
        StopAt::RowsDeleted,
    ] {
        let world = World::sqlite();
        let store = world.create().await;
        let unit = UnitId::from_random([6; 16]);
        let (id, other) = (
            stored(&store, Some(unit)).await,
            stored(&store, Some(unit)).await,
        );
        store.close().await.unwrap();
        let open = |config| {
            let (root, entropy) = (Arc::clone(&world.root), Arc::clone(&world.entropy));
            Store::open(config, root, entropy, now())
        };
        let config = || StoreConfig::sqlite(world.files());
        let store = open(config().stop_at(stop)).await.unwrap();
        assert!(matches!(amend(&store, id).await, Err(Error::Stopped)));
        drop(store);
        let store = open(config()).await.unwrap();
        let body = read(&store, id, now()).await.unwrap();
        let begun = stop != StopAt::KeysWritten;
        assert_eq!(body, if begun { AFTER } else { BEFORE }, "{stop:?}");
        assert_eq!(read(&store, other, now()).await.unwrap(), BEFORE);
        assert_eq!(found(&store, &mention()).await.contains(&id), !begun);
        assert!(store.check(now()).await.unwrap().is_intact(), "{stop:?}");
        assert!(amend(&store, id).await.unwrap().is_done());
        assert_eq!(read(&store, id, now()).await.unwrap(), AFTER);
    }
}

#[tokio::test]
async fn who_adds_to_a_unit_meanwhile_loses_nothing() {
    let world = World::sqlite();
    let store = Arc::new(world.create().await);
    let unit = UnitId::from_random([6; 16]);
    let id = stored(&store, Some(unit)).await;
    let adding: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut ids = Vec::new();
                for _ in 0..20 {
                    ids.push(stored(&store, Some(unit)).await);
                }
                ids
            })
        })
        .collect();
    for _ in 0..10 {
        assert!(amend(&store, id).await.unwrap().is_done());
    }
    for task in adding {
        for id in task.await.unwrap() {
            assert_eq!(read(&store, id, now()).await.unwrap(), BEFORE);
        }
    }
    assert!(store.check(now()).await.unwrap().is_intact());
}
