//! The housekeeping by itself.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use tactful::retention_policy::{
    ClockState, Forget, HoldReason, Notice, Role, Scope, SinkId, SinkKind,
};
use tactful::worker::{News, Worker};
use tactful::{Clock, Desk, Sink, SinkFailed};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use crate::sinks::Recorder;
use crate::{builder, by, clock, shop, ticket};

const MINUTE: Duration = Duration::from_secs(60);

fn all(news: &mut UnboundedReceiver<News>) -> Vec<News> {
    std::iter::from_fn(|| news.try_recv().ok()).collect()
}

async fn open(clock: &Arc<tactful::ManualClock>) -> Arc<Desk> {
    let desk = builder(clock).in_memory().open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    Arc::new(desk)
}

#[tokio::test(start_paused = true)]
async fn it_sweeps_every_minute_and_tells_each_thing_once() {
    let clock = clock();
    let desk = open(&clock).await;
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let (worker, mut news) = Worker::start(Arc::clone(&desk));
    sleep(MINUTE).await;
    assert!(all(&mut news).is_empty());
    clock.advance(TimeDelta::hours(21));
    sleep(MINUTE * 5).await;
    let [
        News::Unanswered {
            tenant,
            session: which,
            ..
        },
    ] = all(&mut news)[..]
    else {
        panic!("one ticket will expire");
    };
    assert_eq!((tenant, which), (shop(), session.record()));
    clock.advance(TimeDelta::hours(3));
    sleep(MINUTE).await;
    let told = all(&mut news);
    assert!(
        matches!(&told[..], [News::Swept(report)] if report.expired.buckets == 1),
        "{told:?}"
    );
    worker.stop().await;
    assert!(news.recv().await.is_none(), "nobody works any more");
}

#[tokio::test(start_paused = true)]
async fn a_jump_of_the_clock_is_told_once_and_again_after_it_was_right() {
    let clock = clock();
    let desk = open(&clock).await;
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let (worker, mut news) = Worker::start(Arc::clone(&desk));
    sleep(MINUTE).await;
    let right = clock.now();
    clock.jump_to(right + TimeDelta::days(100));
    sleep(MINUTE * 5).await;
    assert!(matches!(
        all(&mut news)[..],
        [News::Clock(ClockState::Ahead)]
    ));
    clock.jump_to(right);
    sleep(MINUTE * 2).await;
    assert!(all(&mut news).is_empty());
    clock.jump_to(right - TimeDelta::days(2));
    sleep(MINUTE * 3).await;
    assert!(matches!(
        all(&mut news)[..],
        [News::Clock(ClockState::Back)]
    ));
    worker.stop().await;
}

#[tokio::test(start_paused = true)]
async fn holds_whose_review_is_over_and_failing_sinks_are_told() {
    let clock = clock();
    let sink = Recorder::new("warehouse");
    sink.fails.store(true, Ordering::Relaxed);
    let desk = builder(&clock)
        .in_memory()
        .sink(sink.clone())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let session = desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    let review = Some(clock.now() + TimeDelta::hours(1));
    let scope = Scope::Subject(tactful::retention_policy::SubjectId::from_random([9; 16]));
    let officer = by(Role::PrivacyOfficer);
    let hold = desk.place_hold(&officer, scope, HoldReason::Order, review);
    let hold = hold.await.unwrap();
    desk.answered_elsewhere(&by(Role::Agent), "T-1")
        .await
        .unwrap();
    let (worker, mut news) = Worker::start(Arc::new(desk));
    sleep(MINUTE).await;
    assert!(matches!(all(&mut news)[..], [News::Sink(owed)] if owed.attempts > 0));
    clock.advance(TimeDelta::hours(2));
    sleep(MINUTE * 3).await;
    assert!(matches!(all(&mut news)[..], [News::HoldOverdue { hold: which, .. }] if which == hold));
    sink.fails.store(false, Ordering::Relaxed);
    sleep(MINUTE).await;
    assert_eq!(sink.whats(), [Forget::Record(session.record())]);
    worker.stop().await;
}

#[derive(Debug, Default)]
struct Slow(std::sync::atomic::AtomicU32, std::sync::atomic::AtomicBool);

#[async_trait::async_trait]
impl Sink for Slow {
    fn id(&self) -> SinkId {
        SinkId::new("slow").unwrap()
    }

    fn kind(&self) -> SinkKind {
        SinkKind::External
    }

    async fn forget(&self, _: &Notice) -> Result<(), SinkFailed> {
        if self.1.swap(false, Ordering::Relaxed) {
            panic!("a sink of somebody's");
        }
        sleep(Duration::from_secs(20)).await;
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_is_finished_and_a_panic_does_not_end_it() {
    let clock = clock();
    let sink = Arc::new(Slow::default());
    sink.1.store(true, Ordering::Relaxed);
    let desk = builder(&clock)
        .in_memory()
        .sink(sink.clone())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk.ingest(&by(Role::Agent), &ticket("T-1")).await.unwrap();
    desk.answered_elsewhere(&by(Role::Agent), "T-1")
        .await
        .unwrap();
    let (worker, mut news) = Worker::start(Arc::new(desk));
    sleep(Duration::from_secs(61)).await;
    assert!(matches!(all(&mut news)[0], News::BrokenOff));
    assert_eq!(
        sink.0.load(Ordering::Relaxed),
        0,
        "the second round is under way"
    );
    worker.stop().await;
    assert_eq!(sink.0.load(Ordering::Relaxed), 1);
}
