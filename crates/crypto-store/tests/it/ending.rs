//! What ends soon is told once, with its reason, to who may read it for this purpose, and nothing else.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use crypto_store::{Accessor, Ending, Error, NewRecord, Reason, Store};
use retention_policy::{
    Category, DueReason, Hold, HoldId, HoldReason, Lifetime, Purpose, PurposeSet, RecordId,
    RecordMeta, Region, Role, RoleSet, Scope, SubjectId, Timestamp, Trigger,
};

use crate::support::{World, agent, by, hours, now, officer, person, reply, request, tenant};

const IMPROVE: Reason = Reason::new(Purpose::ImproveService);
const USED: DueReason = DueReason::PurposeOver(Trigger::Used);

fn worker(n: u8) -> Accessor {
    by(Role::Worker, tenant(n))
}

/// A record that lives for some hours.
async fn put(store: &Store, of: u8, who: SubjectId, what: Category, life: u32) -> RecordId {
    let purposes = PurposeSet::only(Purpose::DraftReply).with(Purpose::ImproveService);
    put_for(store, of, who, what, life, purposes).await
}

async fn put_for(
    store: &Store,
    of: u8,
    who: SubjectId,
    what: Category,
    life: u32,
    purposes: PurposeSet,
) -> RecordId {
    let life = Lifetime::seconds(life * 3600).unwrap();
    let expiry = retention_policy::Expiry::after(now(), life).unwrap();
    let meta = RecordMeta::new(tenant(of), who, what, purposes, Region::France, expiry).unwrap();
    let record = NewRecord::new(meta, b"body".to_vec());
    let who = by(Role::Agent, tenant(of));
    let put = store.put(record, &who, &reply(), now()).await;
    put.unwrap().id()
}

async fn told(store: &Store, by: &[Accessor], at: Timestamp) -> Vec<Ending> {
    let endings = store.endings(Category::Draft, at + hours(24), by, &IMPROVE, at);
    let (mut endings, mut all) = (endings.await.unwrap(), Vec::new());
    while let Some(page) = endings.next().await.unwrap() {
        all.extend(page);
    }
    all
}

#[tokio::test]
async fn what_ends_in_the_window_is_told_once_with_its_reason() {
    for world in World::all() {
        let store = world.create().await;
        store.create_tenant(tenant(3), now()).await.unwrap();
        let at = now() + hours(1);
        let mut expected = BTreeMap::new();
        // More than one page, of two tenants; of the third and of tickets none.
        for n in 0..600_u32 {
            let of = 1 + (n % 2) as u8;
            let id = put(
                &store,
                of,
                person((n % 200) as u8),
                Category::Draft,
                2 + n % 20,
            )
            .await;
            expected.insert(id, DueReason::Expired);
            if n < 8 {
                put(&store, 3, person(1), Category::Draft, 4).await;
                put(&store, 1, person(1), Category::Session, 4).await;
            }
        }
        let draft = async |life| put(&store, 1, person(1), Category::Draft, life).await;
        let (later, over) = (draft(26).await, draft(1).await);
        // Ends earlier: in the window, both ends in it, before it.
        let (sooner, both, before) = (draft(400).await, draft(9).await, draft(400).await);
        let held = draft(5).await;
        let restricted = put(&store, 1, person(250), Category::Draft, 5).await;
        let (shredded, archived) = (draft(5).await, draft(300).await);
        let only = PurposeSet::only(Purpose::DraftReply);
        let other = put_for(&store, 1, person(1), Category::Draft, 5, only).await;
        for (id, end) in [
            (sooner, at + hours(24)),
            (both, at + hours(2)),
            (before, at),
            (archived, at + hours(3)),
        ] {
            let shortened = store
                .shorten(id, end, USED, &agent(), &reply(), now())
                .await;
            shortened.unwrap();
        }
        expected.extend([(sooner, USED), (both, USED)]);
        for (n, scope, reason) in [
            (1, Scope::Record(held), HoldReason::LegalClaim),
            (2, Scope::Subject(person(250)), HoldReason::Restriction),
        ] {
            let (id, until) = (HoldId::from_random([n; 16]), now() + TimeDelta::days(9));
            let who = officer().actor();
            let hold = Hold::new(id, tenant(1), scope, reason, who, now(), until).unwrap();
            let placed = store.place_hold(&hold, &officer(), &request(), now()).await;
            placed.unwrap();
        }
        let shred = store.shred(&[shredded], &agent(), &reply(), now()).await;
        shred.unwrap();
        let readers = RoleSet::new([Role::PrivacyOfficer]).unwrap();
        let archive = store
            .archive(archived, now(), readers, &agent(), &reply(), now())
            .await;
        archive.unwrap();

        let entries = store.verify_audit().await.unwrap().entries;
        let all = told(&store, &[worker(1), worker(2)], at).await;
        assert_eq!(store.verify_audit().await.unwrap().entries, entries + 2);
        let found: BTreeMap<_, _> = all.iter().map(|one| (one.id, one.reason)).collect();
        assert_eq!(found.len(), all.len(), "each once");
        for id in [
            later, over, before, held, restricted, shredded, archived, other,
        ] {
            assert!(!found.contains_key(&id));
        }
        assert_eq!(found, expected);

        // What nothing ended and nothing keeps.
        let some = [later, sooner, held, restricted, shredded];
        let mut left = store.unended(&some).await.unwrap();
        left.sort_unstable();
        let mut free = vec![later, sooner];
        free.sort_unstable();
        assert_eq!(left, free);
    }
}

#[tokio::test]
async fn people_who_are_one_are_told_as_one() {
    for world in World::all() {
        let store = world.create().await;
        for n in 1..=4 {
            put(&store, 1, person(n), Category::Draft, 4).await;
        }
        for (a, b) in [(3, 1), (3, 2)] {
            let link = store
                .link(person(a), person(b), &officer(), &request(), now())
                .await;
            link.unwrap();
        }
        let all = told(&store, &[worker(1)], now()).await;
        let mut people: Vec<_> = all.iter().map(|one| one.person).collect();
        people.sort_unstable();
        people.dedup();
        assert_eq!((all.len(), people.len()), (4, 2));
    }
}

#[tokio::test]
async fn only_who_may_search_for_this_is_told() {
    for world in World::all() {
        let store = world.create().await;
        let until = now() + hours(9);
        for (who, why, what) in [
            (agent(), IMPROVE, Category::Draft),
            (worker(1), IMPROVE, Category::Session),
            (worker(1), Reason::new(Purpose::Operate), Category::Draft),
        ] {
            let refused = store.endings(what, until, &[who], &why, now()).await;
            assert!(matches!(refused, Err(Error::Denied)));
        }
        let unknown = [worker(1), worker(9)];
        let refused = store
            .endings(Category::Draft, until, &unknown, &IMPROVE, now())
            .await;
        assert!(matches!(refused, Err(Error::UnknownTenant)));
    }
}
