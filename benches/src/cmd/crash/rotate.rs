//! Rotation under way when the kill comes.

use std::sync::Arc;

use super::super::{Stop, shop};
use super::child::Worker;
use super::journal::{Act, OF_RUN};

/// Rotates over and over; the first call carries on what an earlier child began.
pub(super) async fn rotate(worker: Arc<Worker>, run: u64) -> Result<(), Stop> {
    for nth in run * OF_RUN..(run + 1) * OF_RUN {
        let call = async {
            let store = &worker.store;
            if store
                .rotate_keys(shop::tenant(), shop::opening())
                .await?
                .pending
            {
                while !store.flush().await? {}
            }
            Ok(None)
        };
        worker.act(Act::Rotate(nth), call).await?;
    }
    Ok(())
}
