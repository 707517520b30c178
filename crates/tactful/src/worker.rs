//! The desk's housekeeping by itself: sweeps, and what people should know.
//!
//! A worker calls [`Desk::sweep`] as often as the policy lets a key outlive its bucket, and tells as values what somebody
//! should look at: tickets that will expire unanswered, holds whose review is over, cases near their limit, sinks that fail,
//! a breaker that tripped, a clock that jumped. It sends nothing to anybody, and each thing is told once.
//!
//! ```
//! # use std::sync::Arc;
//! use tactful::worker::Worker;
//! # use tactful::Desk;
//! # use tactful::retention_policy::Region;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let desk = Arc::new(Desk::builder().in_memory().region(Region::France).open().await?);
//! let (worker, mut news) = Worker::start(Arc::clone(&desk));
//! tokio::spawn(async move {
//!     while let Some(news) = news.recv().await {
//!         println!("{news:?}"); // a ticket system, a pager, a log
//!     }
//! });
//! // At the end: what was begun is finished.
//! worker.stop().await;
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use retention_policy::{
    CaseId, ClockState, HoldId, Pending, RecordId, TenantId, Timestamp, Tripped,
};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::{Desk, Error};

mod round;

/// Something that people should know. Ids and instants; no personal data.
#[derive(Debug)]
#[non_exhaustive]
pub enum News {
    /// A sweep destroyed something.
    Swept(crate::SweepReport),
    /// Sweeps fail since now; told again only after one went through.
    Failing(Error),
    /// A round was broken off by a panic, of a sink for example; the next one comes as usual.
    BrokenOff,
    /// The clock is not trusted: nothing new is destroyed until [`Desk::confirm_clock`].
    Clock(ClockState),
    /// A ticket that nobody decided will expire soon.
    Unanswered {
        /// Whose.
        tenant: TenantId,
        /// Its session.
        session: RecordId,
        /// When it ends.
        expires_at: Timestamp,
    },
    /// The review of a hold is over; it still holds.
    HoldOverdue {
        /// Whose.
        tenant: TenantId,
        /// Which.
        hold: HoldId,
        /// Since when.
        review_by: Timestamp,
    },
    /// Today is a day on which the limit of a case is to be remembered, or it is over.
    CaseDue {
        /// Whose.
        tenant: TenantId,
        /// Which.
        case: CaseId,
        /// The last day.
        due: NaiveDate,
    },
    /// A contract that is ending is past its due day.
    OffboardingOverdue {
        /// Whose.
        tenant: TenantId,
        /// The due instant.
        due: Timestamp,
    },
    /// A sink failed, or is registered no more, and owes an answer.
    Sink(Pending),
    /// Too many of a tenant's records would end before their time: two people have to look ([`Desk::execute`]).
    Tripped(Tripped),
}

/// A running worker. Dropping it lets the round under way finish and starts no other.
#[derive(Debug)]
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts to work on the current tokio runtime. The first round is at once; each thing to know is told once, so that a
    /// receiver that is read now and then holds little. Drop it to be told nothing.
    ///
    /// Time limits come from the desk's clock; only the pause between two rounds is tokio's.
    #[must_use]
    pub fn start(desk: Arc<Desk>) -> (Self, mpsc::UnboundedReceiver<News>) {
        let (tell, news) = mpsc::unbounded_channel();
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(work(desk, tell, stopped));
        (Self { stop, task }, news)
    }

    /// Stops once the round under way is finished.
    pub async fn stop(self) {
        // A task that is over does not listen any more.
        let _ = self.stop.send(true);
        if self.task.await.is_err() {
            tracing::error!("the worker ended by a panic");
        }
    }
}

async fn work(
    desk: Arc<Desk>,
    tell: mpsc::UnboundedSender<News>,
    mut stopped: watch::Receiver<bool>,
) {
    let every = desk.policy().sweep_within().as_delta().to_std();
    let mut ticks = interval(every.unwrap_or(Duration::MAX));
    // A round that took long is not made up for by two at once.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut known = round::Known::default();
    loop {
        tokio::select! {
            biased;
            // Told to stop, or nobody is there who could.
            _ = stopped.wait_for(|stop| *stop) => return,
            _ = ticks.tick() => {}
        }
        // A task of its own: what panics in it does not end the worker, and stopping does not break it off.
        let (desk, own) = (Arc::clone(&desk), tell.clone());
        let round = tokio::spawn(async move {
            known.round(&desk, &own).await;
            known
        });
        known = round.await.unwrap_or_else(|_| {
            let _ = tell.send(News::BrokenOff);
            round::Known::default()
        });
    }
}
