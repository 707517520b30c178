//! What only the threads inside can show.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Backend, KeyId, KeyOp, Side, SqliteBackend, StoreFiles};

/// A read that never ends by itself, of a snapshot that keeps the log from being emptied.
const ENDLESS: &str = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) \
                       SELECT count(*) FROM n, (SELECT count(*) FROM slots) WHERE x < 0";

#[tokio::test]
async fn a_reader_that_keeps_a_log_alive_is_ended_and_begins_again() {
    let dir = tempfile::tempdir().unwrap();
    let files = StoreFiles::in_dir(dir.path());
    SqliteBackend::create_empty(&files).unwrap();
    let backend = Arc::new(SqliteBackend::attach(&files).unwrap());
    let id = KeyId::new(7, &[1; 16], &[2; 16]);
    let add = vec![KeyOp::Add(id, vec![9; 81])];
    backend.change_keys(add).await.unwrap();

    let tries = Arc::new(AtomicUsize::new(0));
    let (counted, reading) = (Arc::clone(&tries), Arc::clone(&backend));
    let read = tokio::spawn(async move {
        let query = move |db: &super::db::Db<'_>| {
            let sql = match counted.fetch_add(1, Ordering::AcqRel) {
                0 => ENDLESS,
                _ => "SELECT count(*) FROM slots",
            };
            db.query_row(sql, [], |row| row.get::<_, i64>(0))
        };
        reading.handles.keys_read.run(query).await
    });
    while tries.load(Ordering::Acquire) == 0 {
        tokio::task::yield_now().await;
    }
    // The log has more than the snapshot that is read now.
    let destroy = vec![KeyOp::Destroy(id)];
    backend.change_keys(destroy).await.unwrap();
    assert!(backend.scrub(Side::Keys).await.unwrap());
    let log = std::fs::metadata(dir.path().join("keys.db-wal")).unwrap();
    assert_eq!(log.len(), 0);
    // Whoever read is none the wiser.
    assert_eq!(read.await.unwrap().unwrap(), 1);
    assert_eq!(tries.load(Ordering::Acquire), 2);
}
