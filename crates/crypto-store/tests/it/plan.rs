//! Sweeps that are shown first, and how far a destruction has come.

use chrono::TimeDelta;
use crypto_store::{Error, StageOf, StopAt, Store};
use retention_policy::{
    Action, ActorId, Breaker, Category, DeletionEvent, DueReason, Hold, HoldId, HoldReason,
    PlanHash, RecordId, Scope, Stage, SweepPlan, Timestamp, Trigger,
};

use crate::support::{
    World, agent, hours, now, officer, person, put, read, reply, request, session, tenant,
};

const USED: DueReason = DueReason::PurposeOver(Trigger::Used);
const NARROW: Breaker = Breaker {
    share_percent: 10,
    times_usual: 1,
    floor: 1,
};

fn later() -> Timestamp {
    now() + hours(30)
}

async fn shorten(store: &Store, id: RecordId, at: Timestamp) {
    let shortened = store.shorten(id, at, USED, &agent(), &reply(), now()).await;
    shortened.unwrap();
}

async fn hold(store: &Store, n: u8, scope: Scope) {
    let id = HoldId::from_random([n; 16]);
    let (why, by) = (HoldReason::LegalClaim, officer().actor());
    let hold = Hold::for_a_year(id, tenant(1), scope, why, by, now()).unwrap();
    let placed = store.place_hold(&hold, &officer(), &request(), now()).await;
    placed.unwrap();
}

async fn run(
    store: &Store,
    plan: &SweepPlan,
    at: Timestamp,
) -> Result<crypto_store::Expired, Error> {
    let breaker = Breaker::default();
    store.execute(plan, &plan.hash(), None, &breaker, at).await
}

#[tokio::test]
async fn a_plan_counts_what_ends_and_what_is_held() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 1..=5 {
            ids.push(put(&store, person(n), b"body").await);
        }
        hold(&store, 1, Scope::Record(ids[0])).await;
        shorten(&store, ids[1], now()).await;
        shorten(&store, ids[0], now()).await;
        assert!(
            store
                .plan_sweep(7, now() - hours(1))
                .await
                .unwrap()
                .lines()
                .is_empty()
        );

        let early = store.plan_sweep(7, now()).await.unwrap();
        let [line] = early.lines() else {
            panic!("{early:?}")
        };
        assert_eq!((line.tenant, line.category), (tenant(1), Category::Session));
        assert_eq!((line.bucket_end, line.reason), (None, USED));
        assert_eq!((line.records, line.held), (1, 1));
        // All of them with their bucket.
        let plan = store.plan_sweep(7, later()).await.unwrap();
        let [line] = plan.lines() else {
            panic!("{plan:?}")
        };
        assert_eq!(line.bucket_end, Some(session(person(1)).bucket().end()));
        assert_eq!(
            (line.records, line.held, line.reason),
            (4, 1, DueReason::Expired)
        );
        assert_eq!(store.survey(now()).await.unwrap().readable, 5);

        let done = run(&store, &plan, later()).await.unwrap();
        assert_eq!((done.buckets, done.kept, done.early), (1, 1, 0));
        assert_eq!(done.ended[0].records, Some(4));
        assert_eq!(store.survey(later()).await.unwrap().readable, 1);
        let again = run(&store, &plan, later()).await;
        assert!(matches!(again, Err(Error::PlanDrifted)));
    }
}

#[tokio::test]
async fn only_the_plan_that_was_approved_is_carried_out() {
    for world in World::all() {
        let store = world.create().await;
        let one = put(&store, person(1), b"one").await;
        let two = put(&store, person(2), b"two").await;
        shorten(&store, one, now()).await;
        let plan = store.plan_sweep(7, now()).await.unwrap();
        let breaker = Breaker::default();
        for wrong in [
            PlanHash::from_bytes([0; 32]),
            store.plan_sweep(8, now()).await.unwrap().hash(),
        ] {
            let drifted = store.execute(&plan, &wrong, None, &breaker, now()).await;
            assert!(matches!(drifted, Err(Error::PlanDrifted)));
        }
        let ahead = store.plan_sweep(7, now() + hours(1)).await.unwrap();
        assert!(matches!(
            run(&store, &ahead, now()).await,
            Err(Error::PlanDrifted)
        ));
        // What becomes due later is not part of it; what a hold keeps by now is a change.
        shorten(&store, two, now() + hours(1)).await;
        hold(&store, 1, Scope::Record(one)).await;
        assert!(matches!(
            run(&store, &plan, now() + hours(2)).await,
            Err(Error::PlanDrifted)
        ));
        assert_eq!(store.survey(now()).await.unwrap().readable, 2);
        crate::support::release(&store, HoldId::from_random([1; 16]), now())
            .await
            .unwrap();
        let done = run(&store, &plan, now() + hours(2)).await.unwrap();
        assert_eq!((done.early, done.ended[0].record), (1, Some(one)));
        assert!(read(&store, two, now()).await.is_ok());
    }
}

#[tokio::test]
async fn a_plan_that_trips_needs_two_people() {
    for world in World::all() {
        let store = world.create().await;
        for n in 1..=6 {
            let id = put(&store, person(n), b"body").await;
            if n < 4 {
                shorten(&store, id, now()).await;
            }
        }
        let plan = store.plan_sweep(7, now()).await.unwrap();
        let tripped = store.look_at_plan(&plan, &NARROW, now()).await.unwrap();
        assert_eq!(
            (tripped.len(), tripped[0].records, tripped[0].of),
            (2, 3, 6)
        );
        let try_it = async |confirmed| {
            store
                .execute(&plan, &plan.hash(), confirmed, &NARROW, now())
                .await
        };
        assert!(matches!(try_it(None).await, Err(Error::NeedsConfirmation)));
        let (ana, ben) = (ActorId::from_random([1; 16]), ActorId::from_random([2; 16]));
        let other = store
            .plan_sweep(8, now())
            .await
            .unwrap()
            .confirm(ana, ben)
            .unwrap();
        assert!(matches!(
            try_it(Some(&other)).await,
            Err(Error::NeedsConfirmation)
        ));
        assert_eq!(store.survey(now()).await.unwrap().readable, 6);
        let before = store.audit(0, 1000).await.unwrap().len() as u64;
        let done = try_it(Some(&plan.confirm(ana, ben).unwrap()))
            .await
            .unwrap();
        assert_eq!(done.early, 3);
        let entries = store.audit(before, 2).await.unwrap();
        assert_eq!(entries[0].1.action, Action::Verify);
        assert_ne!(entries[0].1.actor, entries[1].1.actor);
        assert_eq!(
            &entries[0].1.object.as_bytes()[..],
            &plan.hash().to_bytes()[..16]
        );
    }
}

#[tokio::test]
async fn what_was_destroyed_makes_an_event() {
    let world = World::sqlite();
    let store = world.create().await;
    put(&store, person(1), b"one").await;
    let early = put(&store, person(2), b"two").await;
    shorten(&store, early, now()).await;
    let mut ended = store.expire_buckets(now()).await.unwrap().ended;
    ended.extend(store.expire_buckets(later()).await.unwrap().ended);
    assert_eq!(ended.len(), 2);
    assert_ne!(ended[0].key_fingerprint, ended[1].key_fingerprint);
    let bucket = ended[1];
    assert_eq!(bucket.written_end, session(person(1)).expires_at());
    assert_eq!((bucket.records, bucket.reason), (None, DueReason::Expired));
    for one in ended {
        let (_, leaf) = store.audit(one.audit_leaf, 1).await.unwrap()[0];
        assert_eq!(leaf.action, Action::Sweep);
        let event = one.event(later(), 7, PlanHash::from_bytes([1; 32]), later());
        assert_eq!(DeletionEvent::from_bytes(&event.to_bytes()), Ok(event));
    }
    assert_eq!(store.backup_horizon(now()), None, "the root is a file");
}

#[tokio::test]
async fn stages_follow_one_another() {
    let bucket = session(person(1)).bucket();
    for stop in [
        StopAt::IntentWritten,
        StopAt::KeysDestroyed,
        StopAt::LogEmptied,
        StopAt::DestructionWritten,
        StopAt::RowsDeleted,
    ] {
        let world = World::sqlite();
        let store = world.create().await;
        let alone = put(&store, person(1), b"one").await;
        shorten(&store, alone, now() + hours(1)).await;
        put(&store, person(2), b"two").await;
        drop(store);
        let store = world
            .try_open(world.config().stop_at(stop), now())
            .await
            .unwrap();
        let of = [StageOf::from(alone), StageOf::from(bucket)];
        let ends = [now() + hours(1), later()];
        let mut seen = [Vec::new(), Vec::new()];
        let look = async |store: &Store, at: Timestamp, seen: &mut [Vec<Stage>; 2]| {
            for (of, seen) in of.iter().zip(seen) {
                if let Ok(stage) = store.stage(*of, tenant(1), at).await {
                    seen.push(stage);
                }
            }
        };
        look(&store, now(), &mut seen).await;
        look(&store, ends[0], &mut seen).await;
        assert!(matches!(
            store.expire_buckets(ends[0]).await,
            Err(Error::Stopped)
        ));
        look(&store, ends[0], &mut seen).await;
        drop(store);
        let store = world.try_open(world.config().stop_at(stop), ends[0]).await;
        if let Ok(store) = store {
            look(&store, ends[1], &mut seen).await;
            assert!(store.expire_buckets(ends[1]).await.is_err());
            look(&store, ends[1], &mut seen).await;
        }
        let store = world.try_open(world.config(), ends[1]).await.unwrap();
        store.expire_buckets(ends[1]).await.unwrap();
        store.settle(ends[1]).await.unwrap();
        look(&store, ends[1], &mut seen).await;
        for seen in &seen {
            assert_eq!(seen.first(), Some(&Stage::Live), "{stop:?}");
            assert_eq!(seen.last(), Some(&Stage::Verified), "{stop:?} {seen:?}");
            assert!(seen.is_sorted(), "{stop:?} {seen:?}");
        }
    }
}

#[tokio::test]
async fn a_stage_is_of_something_of_the_tenant() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"one").await;
        let bucket = session(person(1)).bucket();
        for (of, tenant) in [
            (StageOf::from(id), tenant(2)),
            (StageOf::from(bucket), tenant(2)),
            (StageOf::from(RecordId::from_random([1; 16])), tenant(1)),
        ] {
            let stage = store.stage(of, tenant, now()).await;
            assert!(stage.unwrap_err().is_not_found());
        }
        hold(&store, 1, Scope::Record(id)).await;
        let end = session(person(1)).expires_at() + TimeDelta::seconds(1);
        assert_eq!(store.stage(id, tenant(1), end).await.unwrap(), Stage::Live);
    }
}

/// What is foreseen is what a sweep then says, the position in the audit apart, and the position is not before the one foreseen.
#[tokio::test]
async fn what_is_foreseen_is_what_is_said() {
    for world in World::all() {
        let store = world.create().await;
        let mut ids = Vec::new();
        for n in 1..=5 {
            ids.push(put(&store, person(n), b"body").await);
        }
        assert!(store.foresee(now(), 9).await.unwrap().ended.is_empty());
        hold(&store, 1, Scope::Record(ids[0])).await;
        for id in &ids[..3] {
            shorten(&store, *id, now()).await;
        }
        let of_two = store.foresee(now(), 1).await.unwrap();
        assert_eq!(of_two.ended.len(), 1);
        for at in [now(), later()] {
            let leaves = store.verify_audit().await.unwrap().entries;
            let foreseen = store.foresee(at, usize::MAX).await.unwrap();
            assert_eq!(store.verify_audit().await.unwrap().entries, leaves);
            assert_eq!(foreseen.audit_from, leaves);
            let mut said = store.expire_buckets(at).await.unwrap().ended;
            assert!(said.iter().all(|one| one.audit_leaf >= foreseen.audit_from));
            for one in &mut said {
                let (_, entry) = &store.audit(one.audit_leaf, 1).await.unwrap()[0];
                assert_eq!(entry.object, store.blind_ended(one));
                one.audit_leaf = 0;
            }
            assert!(!said.is_empty());
            assert_eq!(foreseen.ended, said);
        }
        assert!(store.foresee(later(), 9).await.unwrap().ended.is_empty());
    }
}

/// Records that ended by themselves, and then with their bucket before their rows were deleted, count once.
#[tokio::test]
async fn a_row_is_counted_once_however_often_its_record_ended() {
    for world in World::all() {
        let store = world.create().await;
        for n in 0..200 {
            let id = put(&store, person(n), b"body").await;
            shorten(&store, id, now()).await;
        }
        let early = store.expire_buckets(now()).await.unwrap();
        assert_eq!((early.early, early.rows_left), (200, true));
        assert_eq!(store.expire_buckets(later()).await.unwrap().buckets, 1);
        let mut rows = 0;
        loop {
            let settled = store.purge(later(), 1000).await.unwrap();
            rows += settled.rows;
            if settled.purging == 0 {
                break;
            }
        }
        assert_eq!(rows, 200);
    }
}
