//! Ends before the written end, and archives.

use chrono::TimeDelta;
use crypto_store::{Amendment, Decision, Error, NewRecord, RecordPhase, StopAt, Store};
use retention_policy::{
    Action, Breaker, Category, DueReason, Hold, HoldId, HoldReason, RecordId, Role, RoleSet, Scope,
    Timestamp, Trigger, TripReason, UnitId,
};

use crate::support::{
    World, agent, by, email, hours, now, officer, person, put, read, release, reply, request,
    session, tenant,
};

const USED: DueReason = DueReason::PurposeOver(Trigger::Used);

async fn shorten(store: &Store, id: RecordId, at: Timestamp) -> Result<(), Error> {
    store.shorten(id, at, USED, &agent(), &reply(), now()).await
}

async fn put_in(store: &Store, n: u8, unit: u8, body: &[u8]) -> RecordId {
    let record = NewRecord::new(session(person(n)), body.to_vec())
        .unit(UnitId::from_random([unit; 16]))
        .terms(vec![email("a@example.org")]);
    let put = store.put(record, &agent(), &reply(), now()).await;
    put.unwrap().id()
}

#[tokio::test]
async fn from_an_earlier_end_on_nobody_reads_finds_or_changes() {
    for world in World::all() {
        let store = world.create().await;
        let record = NewRecord::new(session(person(1)), b"body".to_vec())
            .terms(vec![email("a@example.org")]);
        let id = store
            .put(record, &agent(), &reply(), now())
            .await
            .unwrap()
            .id();
        let at = now() + hours(2);
        shorten(&store, id, at).await.unwrap();
        let looks = async |at: Timestamp| {
            let (who, why) = (officer(), request());
            let found = store
                .find(&email("a@example.org"), &agent(), &reply(), at)
                .await;
            let of = store.of_subject(person(1), &who, &why, at).await.unwrap();
            let subject = store
                .find_subject(&email("a@example.org"), &who, &why, at)
                .await;
            (found.unwrap().len(), of.len(), subject.unwrap().is_some())
        };
        let just_before = at - TimeDelta::seconds(1);
        assert_eq!(read(&store, id, just_before).await.unwrap(), b"body");
        assert_eq!(looks(just_before).await, (1, 1, true));
        assert!(store.due(just_before, 9).await.unwrap().is_empty());
        let phase = store.phase(id, &agent(), &reply(), just_before).await;
        assert_eq!(phase.unwrap(), RecordPhase::Active);

        assert!(read(&store, id, at).await.unwrap_err().is_expired());
        let exported = store.export(id, &officer(), &request(), at).await;
        assert!(exported.unwrap_err().is_expired());
        let amended = store
            .amend(
                id,
                Amendment::new(b"x".to_vec()),
                &officer(),
                &request(),
                at,
            )
            .await;
        assert!(amended.unwrap_err().is_expired());
        assert_eq!(looks(at).await, (0, 0, false));
        assert_eq!(store.due(at, 9).await.unwrap()[0].id, id);
        let phase = store.phase(id, &agent(), &reply(), at).await.unwrap();
        assert_eq!(phase, RecordPhase::Over(USED));

        let swept = store.expire_buckets(at).await.unwrap();
        assert_eq!((swept.early, swept.buckets, swept.pending), (1, 0, false));
        let ended = swept.ended[0];
        assert_eq!((ended.record, ended.reason), (Some(id), USED));
        assert_eq!(
            (ended.records, ended.category),
            (Some(1), Category::Session)
        );
        assert_eq!(ended.written_end, session(person(1)).expires_at());
        let (_, leaf) = store.audit(ended.audit_leaf, 1).await.unwrap()[0];
        assert_eq!(
            (leaf.action, leaf.object),
            (Action::Sweep, store.blind_record(id))
        );
        assert_eq!(store.survey(at).await.unwrap().readable, 0);
        store.settle(at).await.unwrap();
        let again = store.expire_buckets(at).await.unwrap();
        assert_eq!((again.early, again.ended.len()), (0, 0));
        assert!(store.check(at).await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn an_end_is_only_brought_forward() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let written = session(person(1)).expires_at();
        for at in [written, written + hours(1)] {
            assert!(matches!(
                shorten(&store, id, at).await,
                Err(Error::NotEarlier)
            ));
        }
        let leaves = store.audit(0, 1000).await.unwrap().len();
        shorten(&store, id, now() + hours(3)).await.unwrap();
        shorten(&store, id, now() + hours(3)).await.unwrap();
        assert_eq!(store.audit(0, 1000).await.unwrap().len(), leaves + 1);
        let later = shorten(&store, id, now() + hours(4)).await;
        assert!(matches!(later, Err(Error::NotEarlier)));
        shorten(&store, id, now() + hours(1)).await.unwrap();
        let expired = store
            .shorten(id, now(), DueReason::Expired, &agent(), &reply(), now())
            .await;
        assert!(matches!(expired, Err(Error::Invalid { .. })));
        // Over at once.
        shorten(&store, id, now() - hours(1)).await.unwrap();
        assert!(read(&store, id, now()).await.unwrap_err().is_expired());
        assert!(
            shorten(&store, id, now() - hours(2))
                .await
                .unwrap_err()
                .is_expired()
        );
        store.expire_buckets(now()).await.unwrap();
        assert!(shorten(&store, id, now()).await.is_err());
    }
}

#[tokio::test]
async fn earlier_ends_need_a_role_a_tenant_and_a_record() {
    let world = World::memory();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let at = now() + hours(1);
    let try_as = async |who: &crypto_store::Accessor, id| {
        store
            .shorten(id, at, USED, who, &reply(), now())
            .await
            .unwrap_err()
    };
    assert!(try_as(&by(Role::Auditor, tenant(1)), id).await.is_denied());
    assert!(try_as(&by(Role::Agent, tenant(2)), id).await.is_not_found());
    let nobody = RecordId::from_random([3; 16]);
    assert!(try_as(&agent(), nobody).await.is_not_found());
    let entries = store.audit(0, 1000).await.unwrap();
    let refused = entries
        .iter()
        .filter(|(_, e)| e.decision != Decision::Allowed);
    assert_eq!(refused.count(), 3);
}

#[tokio::test]
async fn who_shares_a_unit_key_is_kept_whole() {
    for world in World::all() {
        let store = world.create().await;
        let one = put_in(&store, 1, 7, b"one").await;
        let two = put_in(&store, 1, 7, b"two").await;
        let other = put_in(&store, 1, 8, b"other").await;
        shorten(&store, one, now() + hours(1)).await.unwrap();
        let at = now() + hours(1);
        assert_eq!(store.expire_buckets(at).await.unwrap().early, 1);
        assert!(read(&store, one, at).await.is_err());
        assert_eq!(read(&store, two, at).await.unwrap(), b"two");
        assert_eq!(read(&store, other, at).await.unwrap(), b"other");
        assert!(store.check(at).await.unwrap().is_intact());
        // The unit goes on: with a third record, and to its end.
        let three = put_in(&store, 1, 7, b"three").await;
        let unit = UnitId::from_random([7; 16]);
        let shredded = store.shred_unit(unit, &agent(), &reply(), at).await;
        assert!(shredded.unwrap().is_done());
        for id in [two, three] {
            assert!(read(&store, id, at).await.is_err());
        }
        let survey = store.survey(at).await.unwrap();
        assert_eq!((survey.readable, survey.damaged), (1, 0));
    }
}

fn claim(scope: Scope) -> Hold {
    let id = HoldId::from_random([1; 16]);
    let placed_by = agent().actor();
    Hold::for_a_year(
        id,
        tenant(1),
        scope,
        HoldReason::LegalClaim,
        placed_by,
        now(),
    )
    .unwrap()
}

#[tokio::test]
async fn a_hold_keeps_a_record_beyond_its_earlier_end_for_who_answers() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"evidence").await;
        let hold = claim(Scope::Subject(person(1)));
        let placed = store.place_hold(&hold, &officer(), &request(), now()).await;
        placed.unwrap();
        let at = now() + hours(1);
        shorten(&store, id, at).await.unwrap();
        assert_eq!(store.expire_buckets(at).await.unwrap().early, 0);
        assert!(read(&store, id, at).await.unwrap_err().is_expired());
        let kept = store.get(id, &officer(), &request(), at).await.unwrap();
        assert_eq!(kept.expose(), b"evidence");
        // Also beyond its written end and its bucket.
        let end = now() + hours(30);
        assert_eq!(store.expire_buckets(end).await.unwrap().kept, 1);
        let kept = store.get(id, &officer(), &request(), end).await.unwrap();
        assert_eq!(kept.expose(), b"evidence");
        assert_eq!(release(&store, hold.id(), end).await.unwrap(), 1);
        assert!(store.get(id, &officer(), &request(), end).await.is_err());
        assert_eq!(store.survey(end).await.unwrap().readable, 0);
    }
}

#[tokio::test]
async fn what_a_released_hold_kept_beyond_an_earlier_end_goes_with_the_next_sweep() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"evidence").await;
    let hold = claim(Scope::Record(id));
    let placed = store.place_hold(&hold, &officer(), &request(), now()).await;
    placed.unwrap();
    let at = now() + hours(1);
    shorten(&store, id, at).await.unwrap();
    store.expire_buckets(at).await.unwrap();
    release(&store, hold.id(), at).await.unwrap();
    assert!(
        store
            .get(id, &officer(), &request(), at)
            .await
            .unwrap_err()
            .is_expired()
    );
    assert_eq!(store.expire_buckets(at).await.unwrap().early, 1);
}

#[tokio::test]
async fn an_archive_is_read_by_few_until_its_end() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let few = RoleSet::new([Role::PrivacyOfficer]).unwrap();
        let some = RoleSet::new([Role::PrivacyOfficer, Role::Agent]).unwrap();
        let archive = async |from, readers| {
            store
                .archive(id, from, readers, &agent(), &reply(), now())
                .await
        };
        let at = now() + hours(1);
        archive(at, few).await.unwrap();
        archive(at, few).await.unwrap();
        assert!(matches!(archive(at, some).await, Err(Error::NotEarlier)));
        assert!(matches!(
            archive(now() + hours(2), few).await,
            Err(Error::NotEarlier)
        ));
        assert!(read(&store, id, now()).await.is_ok());
        assert!(read(&store, id, at).await.unwrap_err().is_denied());
        let phase = store.phase(id, &officer(), &request(), at).await;
        assert_eq!(phase.unwrap(), RecordPhase::Archived(few));
        assert!(store.get(id, &officer(), &request(), at).await.is_ok());
        let found = store.of_subject(person(1), &agent(), &reply(), at).await;
        assert!(found.unwrap().is_empty());
        let found = store
            .of_subject(person(1), &officer(), &request(), at)
            .await;
        assert_eq!(found.unwrap(), [id]);
        assert_eq!(store.expire_buckets(at).await.unwrap().early, 0);
        // Both at once, and over at the end.
        shorten(&store, id, now() + hours(2)).await.unwrap();
        assert!(read(&store, id, at).await.unwrap_err().is_denied());
        assert_eq!(
            store.expire_buckets(now() + hours(2)).await.unwrap().early,
            1
        );
        assert!(store.check(at).await.unwrap().is_intact());
    }
}

#[tokio::test]
async fn too_many_at_once_are_left_and_said() {
    for world in World::all() {
        let breaker = Breaker {
            share_percent: 50,
            times_usual: 1,
            floor: 3,
        };
        let (config, root) = (world.config().breaker(breaker), world.root.clone());
        let store = Store::create(config, root, world.entropy.clone(), now()).await;
        let store = store.unwrap();
        store.create_tenant(tenant(1), now()).await.unwrap();
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(put(&store, person(n), b"body").await);
        }
        for id in &ids[..3] {
            shorten(&store, *id, now()).await.unwrap();
        }
        let swept = store.expire_buckets(now()).await.unwrap();
        assert_eq!((swept.early, swept.tripped.len()), (3, 0));
        for n in 10..15 {
            let id = put(&store, person(n), b"body").await;
            shorten(&store, id, now()).await.unwrap();
            ids.push(id);
        }
        let swept = store.expire_buckets(now()).await.unwrap();
        assert_eq!(swept.early, 0);
        let why: Vec<TripReason> = swept.tripped.iter().map(|t| t.why).collect();
        assert_eq!(why, [TripReason::Share, TripReason::Unusual], "{swept:?}");
        assert_eq!(swept.tripped[0].records, 5);
        assert!(read(&store, ids[7], now()).await.unwrap_err().is_expired());
        assert_eq!(store.survey(now()).await.unwrap().readable, 7);
    }
}

#[tokio::test]
async fn a_sweep_of_earlier_ends_that_stops_anywhere_is_finished() {
    for stop in [
        StopAt::IntentWritten,
        StopAt::KeysDestroyed,
        StopAt::LogEmptied,
        StopAt::DestructionWritten,
        StopAt::RowsDeleted,
    ] {
        let world = World::sqlite();
        let store = world.create().await;
        let one = put_in(&store, 1, 7, b"one").await;
        let two = put_in(&store, 1, 7, b"two").await;
        let at = now() + hours(1);
        shorten(&store, one, at).await.unwrap();
        drop(store);
        let store = world
            .try_open(world.config().stop_at(stop), at)
            .await
            .unwrap();
        let stopped = store.expire_buckets(at).await;
        assert!(
            matches!(stopped, Err(Error::Stopped)),
            "{stop:?} {stopped:?}"
        );
        drop(store);
        let store = world.try_open(world.config(), at).await.unwrap();
        assert!(read(&store, one, at).await.is_err());
        assert_eq!(read(&store, two, at).await.unwrap(), b"two");
        assert_eq!(store.survey(at).await.unwrap().readable, 1);
        let checked = store.check(at).await.unwrap();
        assert!(checked.is_intact(), "{stop:?} {checked:?}");
        assert_eq!(store.expire_buckets(at).await.unwrap().early, 0);
    }
}

#[tokio::test]
async fn a_copy_and_a_backup_keep_to_the_earlier_end() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    let at = now() + hours(1);
    shorten(&store, id, at).await.unwrap();
    assert!(store.flush().await.unwrap());
    let copy = tempfile::tempdir().unwrap();
    crate::support::copy_dir(world.dir(), copy.path());
    let files = crypto_store::StoreFiles::in_dir(copy.path());
    let (root, entropy) = (world.root.clone(), world.entropy.clone());
    let read_only = Store::open_copy(&files, root, entropy).await.unwrap();
    assert!(read(&read_only, id, now()).await.is_ok());
    assert!(read(&read_only, id, at).await.unwrap_err().is_expired());
    let backup = copy.path().join("b");
    store.backup(&backup, now()).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    std::fs::remove_file(world.files().records()).unwrap();
    let (root, entropy) = (world.root.clone(), world.entropy.clone());
    let (store, _) = Store::restore(&backup, world.config(), root, entropy, now())
        .await
        .unwrap();
    assert!(read(&store, id, at).await.unwrap_err().is_expired());
    assert_eq!(store.expire_buckets(at).await.unwrap().early, 1);
}
