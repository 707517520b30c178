//! A walk tells every living record of one tenant, once, and opens none.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use crypto_store::{Described, Error, NewRecord, Reason, Store};
use retention_policy::{
    DueReason, Hold, HoldId, HoldReason, Purpose, RecordId, Role, Scope, Timestamp, Trigger,
};

use crate::support::{
    World, agent, by, hours, now, officer, person, put, reply, request, session, tenant,
};

const BY_LAW: Reason = Reason::new(Purpose::LegalObligation);

async fn walked(store: &Store, at: Timestamp) -> Vec<Described> {
    let mut walk = store.walk(&officer(), &BY_LAW, at).await.unwrap();
    let mut all = Vec::new();
    while let Some(page) = walk.next().await.unwrap() {
        all.extend(page);
    }
    all
}

#[tokio::test]
async fn every_living_record_is_told_once_with_its_end_and_its_holds() {
    for world in World::all() {
        let store = world.create().await;
        // More than one page.
        let mut ids = BTreeSet::new();
        for n in 0..600_u16 {
            let record = NewRecord::new(session(person((n % 7) as u8)), b"body".to_vec());
            let put = store.put(record, &agent(), &reply(), now()).await;
            ids.insert(put.unwrap().id());
        }
        let at = now() + hours(1);
        let [short, over, held, gone] = *ids.iter().copied().take(4).collect::<Vec<RecordId>>()
        else {
            panic!("four of them");
        };
        let used = DueReason::PurposeOver(Trigger::Used);
        for (id, end) in [(short, at + hours(1)), (over, at), (held, at)] {
            store
                .shorten(id, end, used, &agent(), &reply(), now())
                .await
                .unwrap();
        }
        let hold = Hold::new(
            HoldId::from_random([1; 16]),
            tenant(1),
            Scope::Record(held),
            HoldReason::LegalClaim,
            officer().actor(),
            now(),
            now() + TimeDelta::days(9),
        )
        .unwrap();
        store
            .place_hold(&hold, &officer(), &request(), now())
            .await
            .unwrap();
        store
            .shred(&[gone], &agent(), &reply(), now())
            .await
            .unwrap();

        let before = store.verify_audit().await.unwrap().entries;
        let all = walked(&store, at).await;
        assert_eq!(store.verify_audit().await.unwrap().entries, before + 1);
        let told: BTreeSet<RecordId> = all.iter().map(|one| one.id).collect();
        assert_eq!(told.len(), all.len(), "each once");
        ids.remove(&over);
        ids.remove(&gone);
        assert_eq!(told, ids);
        for one in &all {
            let written = one.meta.expires_at();
            let expected = match one.id {
                id if id == short => ((at + hours(1)), Some(used)),
                id if id == held => (at, Some(used)),
                _ => (written, None),
            };
            assert_eq!(one.ends, expected);
            assert_eq!(one.holds.len(), usize::from(one.id == held));
        }
        let few = [short, over, gone];
        let few = store.describe(&few, &officer(), &BY_LAW, at).await.unwrap();
        assert_eq!(few.iter().map(|one| one.id).collect::<Vec<_>>(), [short]);
    }
}

#[tokio::test]
async fn only_who_may_search_everything_walks() {
    for world in World::all() {
        let store = world.create().await;
        put(&store, person(1), b"body").await;
        for (who, why) in [
            (agent(), reply()),
            (by(Role::Worker, tenant(1)), Reason::new(Purpose::Operate)),
        ] {
            let refused = store.walk(&who, &why, now()).await;
            assert!(matches!(refused, Err(Error::Denied)));
        }
        let stranger = crypto_store::Accessor::new(
            officer().actor(),
            Role::PrivacyOfficer,
            retention_policy::TenantId::from_random([9; 16]),
        );
        assert!(store.walk(&stranger, &BY_LAW, now()).await.is_err());
    }
}
