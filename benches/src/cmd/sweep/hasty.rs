//! A back end that does not say what is gone and takes its time to destroy: whoever relies on it ends things twice.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tactful::crypto_store::Error;
use tactful::crypto_store::backend::{
    Backend, Batch, KeyId, KeyOp, Log, LogRow, Op, Outcome, Row, Scan, Side, Snapshot, StoredKey,
    Table,
};

/// How long a destruction takes.
const SLOW: Duration = Duration::from_millis(30);

pub(super) struct Hasty(Arc<dyn Backend>);

impl Hasty {
    pub(super) fn new(inner: Arc<dyn Backend>) -> Self {
        Hasty(inner)
    }
}

impl fmt::Debug for Hasty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasty")
    }
}

#[async_trait]
impl Backend for Hasty {
    async fn commit(&self, mut batch: Batch) -> Result<Outcome, Error> {
        batch
            .ops
            .retain(|op| !matches!(op, Op::Require(Table::Gone, ..)));
        self.0.commit(batch).await
    }

    async fn get_many(&self, keys: Vec<(Table, Vec<u8>)>) -> Result<Vec<Option<Row>>, Error> {
        let gone: Vec<bool> = keys
            .iter()
            .map(|(table, _)| *table == Table::Gone)
            .collect();
        let rows = self.0.get_many(keys).await?;
        let seen = rows.into_iter().zip(gone);
        Ok(seen.map(|(row, gone)| row.filter(|_| !gone)).collect())
    }

    async fn change_keys(&self, ops: Vec<KeyOp>) -> Result<Vec<bool>, Error> {
        if ops.iter().any(|op| matches!(op, KeyOp::Destroy(_))) {
            tokio::time::sleep(SLOW).await;
        }
        self.0.change_keys(ops).await
    }

    async fn key(&self, id: KeyId) -> Result<Option<Vec<u8>>, Error> {
        self.0.key(id).await
    }

    async fn list_keys(&self, after: Option<KeyId>, limit: usize) -> Result<Vec<KeyId>, Error> {
        self.0.list_keys(after, limit).await
    }

    async fn scan_keys(&self, after: u64, limit: usize) -> Result<Vec<StoredKey>, Error> {
        self.0.scan_keys(after, limit).await
    }

    async fn get(&self, table: Table, key: Vec<u8>) -> Result<Option<Row>, Error> {
        self.0.get(table, key).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<Row>, Error> {
        self.0.scan(scan).await
    }

    async fn log(&self, log: Log, from: u64, limit: usize) -> Result<Vec<LogRow>, Error> {
        self.0.log(log, from, limit).await
    }

    async fn scrub(&self, side: Side) -> Result<bool, Error> {
        self.0.scrub(side).await
    }

    async fn snapshot(&self) -> Result<Box<dyn Snapshot>, Error> {
        self.0.snapshot().await
    }

    async fn check(&self, side: Side) -> Result<bool, Error> {
        self.0.check(side).await
    }

    async fn close(&self) -> Result<(), Error> {
        self.0.close().await
    }
}
