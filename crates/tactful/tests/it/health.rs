//! The numbers to watch.

use chrono::TimeDelta;
use tactful::retention_policy::{ClockState, HoldReason, Role, Scope};
use tactful::{Clock, Desk};

use crate::{by, clock, desk, ticket};

async fn holds(desk: &Desk) -> (u64, u64) {
    let health = desk.health().await.unwrap();
    (health.holds, health.holds_overdue)
}

#[tokio::test]
async fn what_is_due_is_backlog_and_then_overdue() {
    let clock = clock();
    let desk = desk(&clock).await;
    let health = desk.health().await.unwrap();
    assert!(health.is_green());
    assert_eq!((health.backlog, health.oldest_ticket), (0, None));
    for id in ["T-1", "T-2"] {
        desk.ingest(&by(Role::Agent), &ticket(id)).await.unwrap();
    }
    clock.advance(TimeDelta::hours(19));
    desk.sweep().await.unwrap();
    let health = desk.health().await.unwrap();
    assert_eq!(health.oldest_ticket, Some(TimeDelta::hours(19)));
    assert_eq!(health.unanswered, 0);
    clock.advance(TimeDelta::hours(2));
    assert_eq!(desk.health().await.unwrap().unanswered, 2);
    // 09:07 and 23 hours are 08:07; the bucket ends at 08:15.
    clock.advance(TimeDelta::hours(2) + TimeDelta::minutes(8) + TimeDelta::seconds(30));
    let health = desk.health().await.unwrap();
    assert_eq!((health.backlog, health.overdue), (2, 0));
    assert_eq!(health.sweep_lag, TimeDelta::seconds(30));
    assert!(health.is_green());
    clock.advance(TimeDelta::minutes(1));
    let health = desk.health().await.unwrap();
    assert_eq!((health.backlog, health.overdue), (2, 2));
    assert!(!health.is_green());
    desk.sweep().await.unwrap();
    let health = desk.health().await.unwrap();
    assert_eq!((health.backlog, health.overdue), (0, 0));
    assert_eq!(health.time_to_delete, Some(9 * 60 + 30));
    assert!(health.is_green());
}

#[tokio::test]
async fn a_clock_that_jumps_and_a_hold_nobody_reviewed_are_seen() {
    let clock = clock();
    let desk = desk(&clock).await;
    let now = clock.now();
    let review = Some(now + TimeDelta::days(2));
    desk.place_hold(
        &by(Role::PrivacyOfficer),
        Scope::Tenant,
        HoldReason::Order,
        review,
    )
    .await
    .unwrap();
    assert_eq!(holds(&desk).await, (1, 0));
    clock.jump_to(now + TimeDelta::days(90));
    let health = desk.health().await.unwrap();
    assert_eq!(health.clock, ClockState::Ahead);
    assert!(!health.is_green());
    assert_eq!(holds(&desk).await, (1, 0), "by the time that is trusted");
    clock.jump_to(now);
    clock.advance(TimeDelta::days(3));
    assert_eq!(holds(&desk).await, (1, 1));
}

#[cfg(feature = "metrics")]
mod names {
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    use metrics::{
        Counter, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
        SharedString, Unit,
    };

    use super::{Role, TimeDelta, by, clock, desk, ticket};

    type Seen = Arc<Mutex<BTreeMap<String, f64>>>;

    #[derive(Debug, Default)]
    struct Keeper(Seen);

    struct One(String, Seen);

    impl One {
        fn keep(&self, value: f64) {
            self.1.lock().unwrap().insert(self.0.clone(), value);
        }
    }

    impl GaugeFn for One {
        fn increment(&self, _: f64) {
            panic!("gauges are set");
        }
        fn decrement(&self, _: f64) {
            panic!("gauges are set");
        }
        fn set(&self, value: f64) {
            self.keep(value);
        }
    }

    impl HistogramFn for One {
        fn record(&self, value: f64) {
            self.keep(value);
        }
    }

    impl Recorder for Keeper {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
            Counter::noop()
        }
        fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
            assert_eq!(
                key.labels().count(),
                0,
                "no label can hold anything personal"
            );
            Gauge::from_arc(Arc::new(One(key.name().to_owned(), self.0.clone())))
        }
        fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
            assert_eq!(
                key.labels().count(),
                0,
                "no label can hold anything personal"
            );
            Histogram::from_arc(Arc::new(One(key.name().to_owned(), self.0.clone())))
        }
    }

    #[tokio::test]
    async fn every_metric_is_documented_and_every_documented_one_exists() {
        let keeper = Keeper::default();
        let seen = keeper.0.clone();
        let _here = metrics::set_default_local_recorder(&keeper);
        let clock = clock();
        let desk = desk(&clock).await;
        desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
        clock.advance(TimeDelta::hours(24));
        desk.sweep().await.unwrap();
        desk.health().await.unwrap();
        let seen: Vec<String> = seen.lock().unwrap().keys().cloned().collect();
        let docs = include_str!("../../../../docs/operations.md");
        let mut told: Vec<String> = docs
            .split('`')
            .filter(|word| word.starts_with("tactful_"))
            .map(str::to_owned)
            .collect();
        told.sort();
        told.dedup();
        assert_eq!(seen, told);
    }
}
