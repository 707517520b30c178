//! Rotation of the tenant key: every key under it is wrapped again while readers go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use tokio::task::JoinSet;

use super::super::{Stop, shop};
use super::rates::{Rates, get};
use crate::figures::Figures;

/// Callers that read records at random all the while.
const READERS: u64 = 4;

pub(super) async fn measure(rates: &Rates, figures: &mut Figures) -> Result<(), Stop> {
    let plan = rates.plan;
    let over = Arc::new(AtomicBool::new(false));
    let mut readers = JoinSet::new();
    for reader in 0..READERS {
        let (store, ids) = (Arc::clone(&rates.store), Arc::clone(&rates.ids));
        let over = Arc::clone(&over);
        readers.spawn(async move {
            let (mut reads, mut failed) = (0u64, 0u64);
            let mut at = shop::mix(reader);
            while !over.load(Ordering::Relaxed) {
                at = shop::mix(at);
                let read = get(
                    Arc::clone(&store),
                    Arc::clone(&ids),
                    plan,
                    at % plan.records,
                );
                failed += u64::from(read.await.is_err());
                reads += 1;
            }
            (reads, failed)
        });
    }
    let started = Instant::now();
    let rotation = rates
        .store
        .rotate_keys(shop::tenant(), shop::opening())
        .await;
    if rotation.as_ref().is_ok_and(|rotation| rotation.pending) {
        // The earlier key is gone for good when no log holds it.
        while !rates.store.flush().await? {}
    }
    let seconds = started.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    let (mut reads, mut failed) = (0, 0);
    while let Some(reader) = readers.join_next().await {
        let (r, f) = reader.map_err(|e| Stop::failed("a reader")(&e))?;
        reads += r;
        failed += f;
    }
    figures.measured("rotate_s", Some(seconds), 3);
    figures.set("rotated", rotation?.rewrapped);
    figures.set("rotate_reads", reads);
    figures.set("rotate_failed_reads", failed);
    Ok(())
}
