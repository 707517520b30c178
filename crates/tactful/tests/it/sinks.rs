//! Every place that holds copies is told, until it says that it forgot.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tactful::crypto_store::Reason;
use tactful::retention_policy::{
    Breaker, CaseId, Category, DueReason, Forget, HoldReason, Notice, Purpose, Role, Scope, SinkId,
    SinkKind, Trigger,
};
use tactful::suggest_core::Decision;
use tactful::{Customer, Desk, Sink, SinkFailed, Suggested};

use crate::{builder, by, clock, in_dir, shop, ticket};

#[derive(Debug)]
pub(crate) struct Recorder {
    name: &'static str,
    pub(crate) fails: AtomicBool,
    pub(crate) heard: Mutex<Vec<Notice>>,
}

impl Recorder {
    pub(crate) fn new(name: &'static str) -> Arc<Self> {
        Arc::new(Self {
            name,
            fails: AtomicBool::new(false),
            heard: Mutex::default(),
        })
    }

    pub(crate) fn whats(&self) -> Vec<Forget> {
        self.heard.lock().unwrap().iter().map(|n| n.what).collect()
    }
}

#[async_trait::async_trait]
impl Sink for Recorder {
    fn id(&self) -> SinkId {
        SinkId::new(self.name).unwrap()
    }

    fn kind(&self) -> SinkKind {
        SinkKind::Index
    }

    async fn forget(&self, notice: &Notice) -> Result<(), SinkFailed> {
        if self.fails.load(Ordering::Relaxed) {
            return Err(SinkFailed);
        }
        self.heard.lock().unwrap().push(*notice);
        Ok(())
    }
}

async fn drafted_and_sent(desk: &Desk, id: &str) -> tactful::Session {
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket(id)).await.unwrap();
    let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("no draft");
    };
    let shown = desk.show(&agent, &session, &proposal).await.unwrap();
    desk.decide(&agent, &session, shown, Decision::Accept)
        .await
        .unwrap();
    session
}

#[tokio::test]
async fn p036_every_place_is_told_of_every_ending() {
    let clock = clock();
    let (index, cache) = (Recorder::new("passages"), Recorder::new("cache"));
    let desk = builder(&clock)
        .in_memory()
        .sink(index.clone())
        .sink(cache.clone());
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();

    // Decided: the record.
    let decided = drafted_and_sent(&desk, "T-1").await;
    assert!(
        index.whats().is_empty(),
        "told by the sweep, not by the agent's click"
    );
    desk.sweep().await.unwrap();
    assert_eq!(index.whats(), [Forget::Record(decided.record())]);
    assert_eq!(cache.whats(), index.whats());

    // Expired: all of a kind up to an instant.
    desk.ingest(&by(Role::Agent), &ticket("T-2")).await.unwrap();
    clock.advance(TimeDelta::hours(24));
    let report = desk.sweep().await.unwrap();
    assert_eq!((report.expired.buckets, report.owed), (1, 0));
    let until = report.expired.ended[0].bucket_end.unwrap();
    let category = Category::Session;
    assert_eq!(index.whats()[1..], [Forget::Ended { category, until }]);

    // Erased: the person.
    let third = desk.ingest(&by(Role::Agent), &ticket("T-3")).await.unwrap();
    let orla = Customer::new().with_email("orla.brennigan@mailbox.example");
    let case = CaseId::from_random([9; 16]);
    desk.erase_person(&by(Role::PrivacyOfficer), case, third.subject(), &orla)
        .await
        .unwrap();
    desk.sweep().await.unwrap();
    assert_eq!(index.whats()[2..], [Forget::Subject(third.subject())]);
    let serials: Vec<u64> = index
        .heard
        .lock()
        .unwrap()
        .iter()
        .map(|n| n.serial)
        .collect();
    assert!(serials.is_sorted() && serials.iter().all(|s| *s > 0));
    assert!(desk.sinks().unwrap().is_empty());
    // Nobody is told twice.
    desk.sweep().await.unwrap();
    assert_eq!(index.whats().len(), 3);
}

#[tokio::test]
async fn a_failing_sink_stays_visible_and_is_told_again_after_a_restart() {
    let (clock, dir) = (clock(), tempfile::tempdir().unwrap());
    let sink = Recorder::new("warehouse");
    sink.fails.store(true, Ordering::Relaxed);
    let desk = in_dir(&clock, dir.path())
        .sink(sink.clone())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let session = drafted_and_sent(&desk, "T-1").await;
    assert_eq!(desk.sweep().await.unwrap().owed, 1);
    clock.advance(TimeDelta::minutes(5));
    desk.sweep().await.unwrap();
    let owed = desk.sinks().unwrap();
    assert_eq!((owed.len(), owed[0].attempts), (1, 2));
    assert_eq!(owed[0].age, TimeDelta::minutes(5));
    assert_eq!(desk.health().await.unwrap().sinks_failing, 1);
    drop(desk);

    // Without the sink: its debt is still there.
    let desk = in_dir(&clock, dir.path()).open().await.unwrap();
    desk.sweep().await.unwrap();
    assert_eq!(desk.sinks().unwrap().len(), 1);
    let health = desk.health().await.unwrap();
    assert_eq!(health.sinks_failing, 1);
    assert!(!health.is_green());
    drop(desk);

    sink.fails.store(false, Ordering::Relaxed);
    let desk = in_dir(&clock, dir.path())
        .sink(sink.clone())
        .open()
        .await
        .unwrap();
    assert_eq!(desk.sinks().unwrap()[0].age, TimeDelta::minutes(5));
    assert_eq!(desk.tell_sinks().await.unwrap(), 0);
    assert_eq!(sink.whats(), [Forget::Record(session.record())]);
    drop(desk);
    let desk = in_dir(&clock, dir.path())
        .sink(sink.clone())
        .open()
        .await
        .unwrap();
    desk.sweep().await.unwrap();
    assert_eq!(
        sink.whats().len(),
        1,
        "what was answered is not open any more"
    );
    assert!(desk.sinks().unwrap().is_empty());
}

#[tokio::test]
async fn two_sinks_of_one_name_are_refused() {
    let sinks = builder(&clock()).in_memory();
    let sinks = sinks
        .sink(Recorder::new("cache"))
        .sink(Recorder::new("cache"));
    assert!(sinks.open().await.is_err());
}

#[tokio::test]
async fn nobody_is_told_of_what_a_hold_or_the_breaker_keeps() {
    let clock = clock();
    let sink = Recorder::new("passages");
    let breaker = Breaker {
        floor: 1,
        ..Breaker::default()
    };
    let desk = builder(&clock)
        .in_memory()
        .sink(sink.clone())
        .breaker(breaker);
    let desk = desk.open().await.unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    let (agent, officer) = (by(Role::Agent), by(Role::PrivacyOfficer));
    let mut sessions = Vec::new();
    for id in ["T-1", "T-2", "T-3"] {
        sessions.push(desk.ingest(&agent, &ticket(id)).await.unwrap());
    }
    let held = Scope::Record(sessions[0].record());
    desk.place_hold(&officer, held, HoldReason::LegalClaim, None)
        .await
        .unwrap();
    let now = desk.last_seen().unwrap();
    for session in &sessions {
        let used = DueReason::PurposeOver(Trigger::Used);
        let why = Reason::new(Purpose::DraftReply);
        desk.store()
            .shorten(session.record(), now, used, &agent, &why, now)
            .await
            .unwrap();
    }
    let report = desk.sweep().await.unwrap();
    assert!(!report.expired.tripped.is_empty());
    assert_eq!(report.expired.early, 0);
    assert!(sink.whats().is_empty());
    assert_eq!(
        desk.health().await.unwrap().tripped,
        2,
        "two records, however many limits they trip"
    );

    let plan = desk.plan_sweep().await.unwrap();
    assert!(desk.execute(&plan, &plan.hash(), None).await.is_err());
    let (ana, ben) = (
        agent.actor(),
        tactful::retention_policy::ActorId::from_random([8; 16]),
    );
    let confirmed = plan.confirm(ana, ben).unwrap();
    let done = desk
        .execute(&plan, &plan.hash(), Some(&confirmed))
        .await
        .unwrap();
    assert_eq!(done.early, 2);
    let mut told = sink.whats();
    told.sort_by_key(|what| format!("{what:?}"));
    let mut wanted = [1, 2].map(|n: usize| Forget::Record(sessions[n].record()));
    wanted.sort_by_key(|what| format!("{what:?}"));
    assert_eq!(told, wanted);
    assert_eq!(desk.sinks().unwrap().len(), 1, "the held one waits");
}
