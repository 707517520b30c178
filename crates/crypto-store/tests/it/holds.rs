//! Holds, restrictions and duties.

use chrono::TimeDelta;
use crypto_store::{Error, NewRecord, Reason};
use retention_policy::{
    ActorId, Category, Hold, HoldId, HoldReason, Policy, Purpose, PurposeSet, Query, RecordId,
    RecordMeta, Region, Role, Scope, Timestamp,
};

use crate::support::{
    World, agent, by, hours, now, officer, person, put, read, release, reply, request, second,
    session, tenant,
};

fn hold(n: u8, scope: Scope, reason: HoldReason, at: Timestamp) -> Hold {
    hold_of(1, n, scope, reason, at)
}

fn hold_of(of: u8, n: u8, scope: Scope, reason: HoldReason, at: Timestamp) -> Hold {
    let id = HoldId::from_random([n; 16]);
    Hold::new(
        id,
        tenant(of),
        scope,
        reason,
        ActorId::from_random([9; 16]),
        at,
        at + TimeDelta::days(90),
    )
    .unwrap()
}

fn legal() -> Reason {
    Reason::new(Purpose::LegalObligation)
}

#[tokio::test]
async fn what_is_held_is_neither_shredded_nor_erased() {
    for world in World::all() {
        for scope in 0..3 {
            let store = world_store(&world, scope).await;
            let id = put(&store, person(1), b"evidence").await;
            let scope =
                [Scope::Record(id), Scope::Subject(person(1)), Scope::Tenant][scope as usize];
            let hold = hold(1, scope, HoldReason::LegalClaim, now());
            store
                .place_hold(&hold, &officer(), &request(), now())
                .await
                .unwrap();
            assert!(
                store
                    .shred(&[id], &agent(), &reply(), now())
                    .await
                    .unwrap_err()
                    .is_held()
            );
            assert!(
                store
                    .erase_subject(person(1), &officer(), &request(), now())
                    .await
                    .unwrap_err()
                    .is_held()
            );
            assert_eq!(read(&store, id, now()).await.unwrap(), b"evidence");
            assert_eq!(release(&store, hold.id(), now()).await.unwrap(), 0);
            assert!(
                store
                    .erase_subject(person(1), &officer(), &request(), now())
                    .await
                    .unwrap()
                    .is_done()
            );
            assert!(
                read(&store, id, now()).await.unwrap_err().is_erased()
                    || read(&store, id, now()).await.unwrap_err().is_not_found()
            );
        }
    }
}

/// A fresh store for each round: a world is made once.
async fn world_store(world: &World, round: u8) -> crypto_store::Store {
    let fresh = match world.place {
        crate::support::Place::Memory(_) => World::memory(),
        crate::support::Place::Files(_) => World::sqlite(),
    };
    let store = fresh.create().await;
    // The folder must outlive the store; the process ends soon enough.
    std::mem::forget(fresh);
    assert!(round < 3);
    store
}

#[tokio::test]
async fn a_held_record_outlives_its_bucket_and_ends_with_its_hold() {
    for world in World::all() {
        let store = world.create().await;
        let kept = put(&store, person(1), b"evidence").await;
        let gone = put(&store, person(2), b"the rest").await;
        let hold = hold(1, Scope::Record(kept), HoldReason::Order, now());
        store
            .place_hold(&hold, &officer(), &request(), now())
            .await
            .unwrap();
        let later = now() + hours(30);
        let expired = store.expire_buckets(later).await.unwrap();
        assert_eq!((expired.kept, expired.pending), (1, false));
        assert!(expired.buckets >= 1);
        // Its time is over for the agent, and the bucket's key is gone; with its own new keys it still exists.
        assert!(read(&store, kept, later).await.unwrap_err().is_expired());
        assert!(read(&store, gone, later).await.unwrap_err().is_not_found());
        let survey = store.survey(later).await.unwrap();
        assert_eq!((survey.records, survey.readable), (1, 1));
        assert_eq!(release(&store, hold.id(), later).await.unwrap(), 1);
        store.expire_buckets(later).await.unwrap();
        assert_eq!(store.survey(later).await.unwrap().records, 0);
    }
}

#[tokio::test]
async fn a_restriction_stops_use_but_not_the_persons_rights() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"disputed").await;
        let hold = hold(1, Scope::Subject(person(1)), HoldReason::Restriction, now());
        store
            .place_hold(&hold, &officer(), &request(), now())
            .await
            .unwrap();
        assert!(read(&store, id, now()).await.unwrap_err().is_denied());
        let opened = store.get(id, &officer(), &request(), now()).await.unwrap();
        assert_eq!(opened.expose(), b"disputed");
        store
            .release_hold(hold.id(), &officer(), &request(), now())
            .await
            .unwrap();
        assert!(read(&store, id, now()).await.is_ok());
    }
}

#[tokio::test]
async fn a_hold_follows_links() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        store
            .link(person(1), person(2), &agent(), &reply(), now())
            .await
            .unwrap();
        let hold = hold(1, Scope::Subject(person(2)), HoldReason::LegalClaim, now());
        store
            .place_hold(&hold, &officer(), &request(), now())
            .await
            .unwrap();
        assert!(
            store
                .shred(&[id], &agent(), &reply(), now())
                .await
                .unwrap_err()
                .is_held()
        );
        assert!(
            store
                .erase_subject(person(1), &officer(), &request(), now())
                .await
                .unwrap_err()
                .is_held()
        );
    }
}

#[tokio::test]
async fn a_duty_to_keep_accounts_holds_off_erasure_until_it_ends() {
    let world = World::memory();
    let store = world.create().await;
    let expiry = Policy::default().expiry(Category::Billing, now()).unwrap();
    let purposes = PurposeSet::only(Purpose::LegalObligation);
    let meta = RecordMeta::new(
        tenant(1),
        person(1),
        Category::Billing,
        purposes,
        Region::France,
        expiry,
    )
    .unwrap();
    let clerk = [
        Role::PrivacyOfficer,
        Role::Worker,
        Role::Engineer,
        Role::Agent,
    ]
    .into_iter()
    .find(|role| {
        retention_policy::access(
            *role,
            retention_policy::Action::Create,
            Purpose::LegalObligation,
            Category::Billing,
        ) == retention_policy::Access::Full
    })
    .expect("somebody may write an invoice");
    let bill = NewRecord::new(meta, b"invoice".to_vec());
    store
        .put(bill, &by(clerk, tenant(1)), &legal(), now())
        .await
        .unwrap();
    assert!(
        store
            .erase_subject(person(1), &officer(), &request(), now())
            .await
            .unwrap_err()
            .is_held()
    );
    let after = expiry.at() + TimeDelta::seconds(1);
    assert!(
        store
            .erase_subject(person(1), &officer(), &request(), after)
            .await
            .unwrap()
            .is_done()
    );
}

#[tokio::test]
async fn holds_need_their_object_their_role_and_their_tenant() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let place = async |hold: &Hold, by: &crypto_store::Accessor, why: &Reason| {
            store.place_hold(hold, by, why, now()).await.unwrap_err()
        };
        let on = |scope| hold(1, scope, HoldReason::LegalClaim, now());
        let theirs = |scope| hold_of(2, 1, scope, HoldReason::LegalClaim, now());
        assert!(
            place(&on(Scope::Record(id)), &agent(), &reply())
                .await
                .is_denied()
        );
        let missing = RecordId::from_random([3; 16]);
        assert!(
            place(&on(Scope::Record(missing)), &officer(), &request())
                .await
                .is_not_found()
        );
        let foreign = by(Role::PrivacyOfficer, tenant(2));
        assert!(
            place(&theirs(Scope::Record(id)), &foreign, &request())
                .await
                .is_not_found()
        );
        for hold in [theirs(Scope::Tenant), theirs(Scope::Record(id))] {
            let refused = place(&hold, &officer(), &request()).await;
            assert!(matches!(refused, Error::Invalid { .. }), "{hold:?}");
        }
        let unknown = store
            .release_hold(HoldId::from_random([8; 16]), &officer(), &request(), now())
            .await;
        assert!(matches!(unknown, Err(Error::UnknownHold)));
        store
            .erase_subject(person(1), &officer(), &request(), now())
            .await
            .unwrap();
        assert!(
            place(&on(Scope::Subject(person(1))), &officer(), &request())
                .await
                .is_erased()
        );
        assert_eq!(session(person(1)).tenant(), tenant(1));
    }
}

async fn placed(store: &crypto_store::Store, hold: &Hold) {
    let placed = store.place_hold(hold, &officer(), &request(), now()).await;
    placed.unwrap();
}

async fn erase(
    store: &crypto_store::Store,
    n: u8,
    at: Timestamp,
) -> Result<crypto_store::Erased, Error> {
    store
        .erase_subject(person(n), &officer(), &request(), at)
        .await
}

fn on(query: Query) -> Scope {
    Scope::Query(query)
}

#[tokio::test]
async fn a_query_hold_keeps_what_it_finds_and_what_is_made_later() {
    for world in World::all() {
        let store = world.create().await;
        let draft = |at| crate::support::meta(tenant(1), person(1), Category::Draft, at);
        let write = async |meta, at| {
            let record = NewRecord::new(meta, b"body".to_vec());
            store
                .put(record, &agent(), &reply(), at)
                .await
                .unwrap()
                .id()
        };
        let before = write(draft(now()), now()).await;
        let other = put(&store, person(2), b"session").await;
        let drafts =
            Query::new(Some(Category::Draft), Some(now()), Some(now() + hours(2))).unwrap();
        let hold = hold(1, on(drafts), HoldReason::LegalClaim, now());
        placed(&store, &hold).await;
        let later = write(draft(now() + hours(1)), now() + hours(1)).await;
        let beyond = write(draft(now() + hours(2)), now() + hours(2)).await;
        let shred = async |id, at| store.shred(&[id], &agent(), &reply(), at).await;
        let at = now() + hours(3);
        for id in [before, later] {
            assert!(shred(id, at).await.unwrap_err().is_held());
        }
        assert!(shred(other, at).await.unwrap().is_done());
        assert!(erase(&store, 1, at).await.unwrap_err().is_held());
        assert!(erase(&store, 2, at).await.unwrap().is_done());

        let end = now() + TimeDelta::days(31);
        let expired = store.expire_buckets(end).await.unwrap();
        assert_eq!(expired.kept, 2);
        let survey = store.survey(end).await.unwrap();
        assert_eq!((survey.readable, survey.damaged), (2, 0));
        assert!(read(&store, beyond, end).await.is_err());
        assert!(store.check(end).await.unwrap().is_intact());
        assert_eq!(release(&store, hold.id(), end).await.unwrap(), 2);
        assert_eq!(store.survey(end).await.unwrap().readable, 0);
    }
}

#[tokio::test]
async fn anonymous_records_can_be_held_by_a_query() {
    let world = World::sqlite();
    let store = world.create().await;
    let worker = by(Role::Worker, tenant(1));
    let why = Reason::new(Purpose::ImproveService);
    let expiry = Policy::default().expiry(Category::Usage, now()).unwrap();
    let purposes = PurposeSet::only(Purpose::ImproveService);
    let (of, category) = (person(1), Category::Usage);
    let meta = RecordMeta::new(tenant(1), of, category, purposes, Region::France, expiry).unwrap();
    let record = NewRecord::new(meta, b"usage".to_vec());
    store.put(record, &worker, &why, now()).await.unwrap();
    let query = Query::new(Some(Category::Usage), None, None).unwrap();
    let hold = hold(1, on(query), HoldReason::Order, now());
    placed(&store, &hold).await;
    let end = expiry.at() + TimeDelta::days(8);
    assert_eq!(store.expire_buckets(end).await.unwrap().kept, 1);
    assert_eq!(store.survey(end).await.unwrap().readable, 1);
}

#[tokio::test]
async fn a_claim_is_released_by_two_people_within_seven_days() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"evidence").await;
        let hold = hold(1, Scope::Record(id), HoldReason::LegalClaim, now());
        placed(&store, &hold).await;
        let free = async |by: &crypto_store::Accessor, at| {
            store.release_hold(hold.id(), by, &request(), at).await
        };
        let ask = async |by: &crypto_store::Accessor, at| {
            store.ask_release(hold.id(), by, &request(), at).await
        };
        assert!(matches!(
            free(&second(), now()).await,
            Err(Error::NeedsSecond)
        ));
        assert!(ask(&agent(), now()).await.unwrap_err().is_denied());
        let before = now() - hours(1);
        assert!(matches!(
            ask(&officer(), before).await,
            Err(Error::ReleaseOver)
        ));
        ask(&officer(), now()).await.unwrap();
        assert!(matches!(
            free(&officer(), now()).await,
            Err(Error::SamePerson)
        ));
        let week = now() + TimeDelta::days(7);
        assert!(matches!(
            free(&second(), week).await,
            Err(Error::ReleaseOver)
        ));
        assert!(matches!(
            free(&second(), before).await,
            Err(Error::ReleaseOver)
        ));
        // It outlives the process; who asked does not stand in it in clear.
        assert!(store.check(now()).await.unwrap().is_intact());
        ask(&second(), week).await.unwrap();
        assert_eq!(store.expire_buckets(week).await.unwrap().kept, 1);
        let entries = store.audit(0, 1000).await.unwrap();
        let asked = entries.iter().filter(|(_, e)| {
            e.action == retention_policy::Action::Hold
                && e.decision == crypto_store::Decision::Allowed
                && e.count == 0
        });
        assert_eq!(asked.count(), 2);
        assert_eq!(free(&officer(), week + hours(1)).await.unwrap(), 1);
        let unknown = ask(&officer(), week).await;
        assert!(matches!(unknown, Err(Error::UnknownHold)));
    }
}

#[tokio::test]
async fn a_claim_does_not_become_a_restriction_under_its_name() {
    let world = World::sqlite();
    let store = world.create().await;
    let scope = Scope::Subject(person(1));
    let place = async |reason, scope| {
        let hold = hold(1, scope, reason, now());
        store.place_hold(&hold, &officer(), &request(), now()).await
    };
    place(HoldReason::LegalClaim, scope).await.unwrap();
    place(HoldReason::LegalClaim, scope).await.unwrap();
    for (reason, scope) in [
        (HoldReason::Restriction, scope),
        (HoldReason::Order, scope),
        (HoldReason::LegalClaim, Scope::Subject(person(2))),
    ] {
        let other = place(reason, scope).await;
        assert!(matches!(other, Err(Error::Invalid { .. })), "{reason:?}");
    }
}
