//! A back end on a disk that lies: it says "durable" and writes a little later. What a kill finds unwritten is lost.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tactful::crypto_store::Error;
use tactful::crypto_store::backend::{
    Backend, Batch, KeyId, KeyOp, Log, LogRow, Outcome, Row, Scan, Side, Snapshot, StoredKey, Table,
};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// How long what was acknowledged is not written.
const DELAY: Duration = Duration::from_millis(20);

pub(super) struct Lying {
    inner: Arc<dyn Backend>,
    later: UnboundedSender<Batch>,
    /// A write that failed after it was acknowledged ends all others.
    failed: Arc<AtomicBool>,
}

impl Lying {
    pub(super) fn new(inner: Arc<dyn Backend>) -> Self {
        let (later, mut batches) = unbounded_channel::<Batch>();
        let (below, failed) = (Arc::clone(&inner), Arc::new(AtomicBool::new(false)));
        let told = Arc::clone(&failed);
        tokio::spawn(async move {
            while let Some(first) = batches.recv().await {
                tokio::time::sleep(DELAY).await;
                let mut waiting = vec![first];
                while let Ok(next) = batches.try_recv() {
                    waiting.push(next);
                }
                for batch in waiting {
                    if below.commit(batch).await.is_err() {
                        told.store(true, Ordering::Relaxed);
                    }
                }
            }
        });
        Lying {
            inner,
            later,
            failed,
        }
    }
}

impl fmt::Debug for Lying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lying")
    }
}

#[async_trait]
impl Backend for Lying {
    async fn commit(&self, batch: Batch) -> Result<Outcome, Error> {
        if self.failed.load(Ordering::Relaxed) || self.later.send(batch).is_err() {
            return Err(Error::Closed);
        }
        Ok(Outcome::Committed(Vec::new()))
    }

    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        self.inner.change_keys(ops).await
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.inner.key(id).await
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        self.inner.list_keys(after, limit).await
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        self.inner.scan_keys(after, limit).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        self.inner.get(table, key).await
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        self.inner.get_many(keys).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        self.inner.scan(scan).await
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.inner.log(log, from, limit).await
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        self.inner.scrub(side).await
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.inner.snapshot().await
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        self.inner.check(side).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.inner.close().await
    }
}
