//! Callers in flight.

use std::future::Future;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;

use super::super::Stop;

/// Callers that put and get at the same time.
pub(super) const CALLERS: usize = 64;

/// What was done, and how long it took.
pub(in crate::cmd) struct Worked<T> {
    pub(in crate::cmd) answers: Vec<(u64, T)>,
    pub(in crate::cmd) seconds: f64,
}

/// Lets the callers work through a range, each taking the next number when its call has returned.
pub(in crate::cmd) async fn callers<T, F, Fut>(
    range: Range<u64>,
    work: F,
) -> Result<Worked<T>, Stop>
where
    T: Send + 'static,
    F: Fn(u64) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, Stop>> + Send + 'static,
{
    let next = Arc::new(AtomicU64::new(range.start));
    let work = Arc::new(work);
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..CALLERS {
        let (next, work, end) = (Arc::clone(&next), Arc::clone(&work), range.end);
        tasks.spawn(async move {
            let mut answers = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= end {
                    return Ok::<_, Stop>(answers);
                }
                answers.push((n, work(n).await?));
            }
        });
    }
    let mut answers = Vec::new();
    while let Some(done) = tasks.join_next().await {
        answers.extend(done.map_err(|e| Stop::failed("a caller")(&e))??);
    }
    Ok(Worked {
        answers,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Work and time of several rounds of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rate {
    done: u64,
    seconds: f64,
}

impl Rate {
    pub(super) fn add(&mut self, done: u64, seconds: f64) {
        self.done += done;
        self.seconds += seconds;
    }

    /// None: nothing was done.
    pub(super) fn per_s(self) -> Option<f64> {
        (self.done > 0 && self.seconds > 0.0).then(|| self.done as f64 / self.seconds)
    }
}

/// Cuts a range into rounds, so that what is compared is measured by turns.
pub(super) fn rounds(all: Range<u64>, rounds: u64) -> impl Iterator<Item = Range<u64>> {
    let len = all.end.saturating_sub(all.start);
    let bound = move |round: u64| all.start + len * round / rounds.max(1);
    (0..rounds).map(move |round| bound(round)..bound(round + 1))
}
