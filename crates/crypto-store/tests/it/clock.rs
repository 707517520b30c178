//! A clock that is wrong: the store is told the time and must neither serve what is over nor end what is not.

use chrono::TimeDelta;
use retention_policy::{Category, Timestamp};

use crate::support::{
    World, agent, hours, meta, now, officer, person, put, read, reply, request, session, tenant,
};
use crypto_store::NewRecord;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn failure_10_a_clock_that_goes_back_ends_nothing_early_and_brings_nothing_back() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        for back in [
            TimeDelta::days(1),
            TimeDelta::days(400),
            TimeDelta::seconds(1),
        ] {
            let then = now() - back;
            assert_eq!(store.expire_buckets(then).await.unwrap().buckets, 0);
            assert_eq!(store.purge(then, 1000).await.unwrap().rows, 0);
            assert_eq!(read(&store, id, then).await.unwrap(), b"body");
        }
        let later = now() + hours(30);
        assert_eq!(store.expire_buckets(later).await.unwrap().buckets, 1);
        for back in [hours(29), hours(1000)] {
            let error = read(&store, id, later - back).await.unwrap_err();
            assert!(error.is_not_found() || error.is_erased(), "{error}");
        }
    }
}

#[tokio::test]
async fn failure_10_what_is_over_is_not_served_however_late_the_sweeper_is() {
    for world in World::all() {
        let store = world.create().await;
        let id = put(&store, person(1), b"body").await;
        let over = session(person(1)).expires_at();
        assert!(read(&store, id, over - TimeDelta::seconds(1)).await.is_ok());
        // Nobody swept: refused from the very instant on, for years, and for the person's own officer too.
        for late in [
            TimeDelta::zero(),
            TimeDelta::seconds(1),
            TimeDelta::days(3653),
        ] {
            assert!(
                read(&store, id, over + late)
                    .await
                    .unwrap_err()
                    .is_expired()
            );
            let officer = store.get(id, &officer(), &request(), over + late).await;
            assert!(officer.unwrap_err().is_expired());
        }
        assert_eq!(store.due(over, 10).await.unwrap().len(), 1);
        assert!(
            store
                .due(over - TimeDelta::seconds(1), 10)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

/// Daylight saving, leap days, the turn of a year: a day is 24 hours of UTC, a session 23 of them.
#[tokio::test]
async fn failure_10_calendars_do_not_change_how_long_a_session_lives() {
    for made in [
        "2026-03-29T00:30:00Z",
        "2026-10-25T00:30:00Z",
        "2028-02-28T12:00:00Z",
        "2028-02-29T23:59:59Z",
        "2026-12-31T23:59:59Z",
    ]
    .map(at)
    {
        let world = World::memory();
        let store = world.create().await;
        let record = NewRecord::new(
            meta(tenant(1), person(1), Category::Session, made),
            b"body".to_vec(),
        );
        let id = store
            .put(record, &agent(), &reply(), made)
            .await
            .unwrap()
            .id();
        let end = made + hours(23);
        assert!(
            read(&store, id, end - TimeDelta::seconds(1)).await.is_ok(),
            "{made}"
        );
        assert!(
            read(&store, id, end).await.unwrap_err().is_expired(),
            "{made}"
        );
        // The key goes within a quarter of an hour after that, never before.
        assert_eq!(
            store
                .expire_buckets(end - TimeDelta::seconds(1))
                .await
                .unwrap()
                .buckets,
            0
        );
        let gone = end + TimeDelta::minutes(15);
        assert_eq!(
            store.expire_buckets(gone).await.unwrap().buckets,
            1,
            "{made}"
        );
    }
}

#[tokio::test]
async fn failure_10_the_last_time_that_was_seen_outlives_the_process() {
    let world = World::sqlite();
    let store = world.create().await;
    put(&store, person(1), b"body").await;
    let id = put(&store, person(2), b"body").await;
    read(&store, id, now() + hours(3)).await.unwrap();
    // Killed, not closed: the audit tells how far the clock was, so that the caller's guard notices one that went back.
    drop(store);
    let store = world.open().await;
    assert_eq!(store.last_seen().await.unwrap(), Some(now() + hours(3)));
}
