//! Rotation under way when the kill comes.

use std::sync::Arc;

use super::super::Stop;
use super::child::Worker;

/// Whether the store can rotate a tenant's keys.
pub(super) const BUILT: bool = false;

/// Rotates over and over.
pub(super) async fn rotate(_worker: Arc<Worker>, _run: u64) -> Result<(), Stop> {
    Err(Stop::NotBuilt("crash --what rotate"))
}
