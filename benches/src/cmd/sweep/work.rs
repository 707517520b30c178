//! Sweepers and the reader.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tactful::crypto_store::{Ended, Store};
use tactful::retention_policy::{RecordId, Timestamp};

use super::super::{Stop, shop};
use super::clock::Clock;
use super::plan::Plan;
use super::{Options, Sabotage};

/// Records that are looked at for one that is due.
const TRIES: u64 = 32;

/// What was seen.
#[derive(Default)]
pub(super) struct Worked {
    pub(super) seconds: f64,
    pub(super) reads: u64,
    pub(super) overdue: u64,
    /// How late keys went, and of how many records.
    late: Vec<(f64, u64)>,
}

impl Worked {
    /// The time that keys of 99 in 100 records were gone within.
    pub(super) fn key_gone_p99(&self) -> Option<f64> {
        let mut late = self.late.clone();
        late.sort_by(|a, b| a.0.total_cmp(&b.0));
        let all: u64 = late.iter().map(|(_, n)| n).sum();
        let mut seen = 0;
        for (time, n) in late {
            seen += n;
            if seen * 100 >= all * 99 {
                return Some(time);
            }
        }
        None
    }
}

/// Runs a future on a thread of its own kind.
pub(super) fn block<T>(future: impl Future<Output = Result<T, Stop>>) -> Result<T, Stop> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?
        .block_on(future)
}

/// Lets all sweep and one read until the clock is at its end and nothing is left.
pub(super) fn work(
    store: &Store,
    plan: &Plan,
    ids: &[RecordId],
    clock: Clock,
    options: &Options,
) -> Result<Worked, Stop> {
    let (started, done) = (Instant::now(), AtomicBool::new(false));
    let ended: Mutex<Vec<(Ended, f64)>> = Mutex::default();
    let mut worked = Worked::default();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| block(read(store, plan, ids, clock, options, &done)));
        let sweepers: Vec<_> = (0..options.sweepers)
            .map(|_| scope.spawn(|| block(sweep(store, clock, &ended))))
            .collect();
        let swept: Vec<_> = sweepers
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect();
        done.store(true, Ordering::Release);
        let panicked = |_| Stop::Failed("a thread panicked".to_owned());
        (worked.reads, worked.overdue) = reader.join().map_err(panicked)??;
        for one in swept {
            one.map_err(panicked)??;
        }
        Ok::<_, Stop>(())
    })?;
    worked.seconds = started.elapsed().as_secs_f64();
    let mut of_bucket: HashMap<Timestamp, u64> = HashMap::new();
    for n in 0..plan.records {
        if Plan::early(n)?.is_none() {
            *of_bucket.entry(Plan::meta(n)?.bucket().end()).or_default() += 1;
        }
    }
    let numbers: HashMap<RecordId, u64> = ids.iter().copied().zip(0..).collect();
    let ended = ended.into_inner().unwrap_or_default();
    for (one, at) in ended {
        let due = match (one.record, one.bucket_end) {
            (Some(id), _) => {
                let n = numbers.get(&id).copied().unwrap_or_default();
                Some((Plan::end(n)?, 1))
            }
            (_, Some(end)) => of_bucket.get(&end).map(|n| (end, *n)),
            _ => None,
        };
        if let Some((due, records)) = due {
            worked
                .late
                .push(((at - clock.shows(due)).max(0.0), records));
        }
    }
    Ok(worked)
}

pub(super) async fn sweep(
    store: &Store,
    clock: Clock,
    all: &Mutex<Vec<(Ended, f64)>>,
) -> Result<(), Stop> {
    loop {
        let last = clock.is_at_end();
        let swept = store.expire_buckets(clock.now()).await?;
        let none = swept.ended.is_empty() && !swept.pending;
        let at = clock.age();
        if let Ok(mut all) = all.lock() {
            all.extend(swept.ended.into_iter().map(|one| (one, at)));
        }
        if last && none {
            return Ok(());
        }
        if none {
            // The sweeper of a shop comes every minute.
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
}

/// Reads random records that are due; how many, and how many came.
async fn read(
    store: &Store,
    plan: &Plan,
    ids: &[RecordId],
    clock: Clock,
    options: &Options,
    done: &AtomicBool,
) -> Result<(u64, u64), Stop> {
    let (mut reads, mut overdue, mut random) = (0, 0, 1);
    let late = match options.sabotage {
        Some(Sabotage::LateReader) => chrono::TimeDelta::hours(1),
        _ => chrono::TimeDelta::zero(),
    };
    while !done.load(Ordering::Acquire) {
        let now = clock.now();
        let mut due = None;
        for _ in 0..TRIES {
            random = shop::mix(random);
            let n = random % plan.records;
            if Plan::end(n)? <= now {
                due = Some(n);
                break;
            }
        }
        let id = due.and_then(|n| ids.get(usize::try_from(n).ok()?).copied());
        let Some(id) = id else {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            continue;
        };
        let read = store
            .get(id, &shop::agent(), &shop::REPLY, now - late)
            .await;
        reads += 1;
        match read {
            Ok(_) => overdue += 1,
            Err(e) if e.is_expired() || e.is_erased() || e.is_not_found() => {}
            // A store that is not told what is gone finds keys that nobody destroyed.
            Err(_) if options.sabotage == Some(Sabotage::Blind) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok((reads, overdue))
}
