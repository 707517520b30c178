//! Snapshots with one fault.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use crypto_store::Error;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{Backend, Item, Row, Snapshot, Table};

use super::Fault;

/// What snapshots and their back end tell each other.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) open: AtomicUsize,
    pub(super) scrubbed: AtomicBool,
    pub(super) closed: AtomicBool,
    leaked: AtomicBool,
    first: Mutex<Option<Vec<Item>>>,
}

pub(super) struct Frozen {
    fault: Fault,
    inner: Arc<MemoryBackend>,
    shared: Arc<Shared>,
    items: Option<Vec<Item>>,
    told: usize,
    ended: bool,
}

async fn everything(fault: Fault, inner: &MemoryBackend) -> Result<Vec<Item>, Error> {
    let mut snapshot = inner.snapshot().await?;
    let mut items = snapshot.next().await?;
    match fault {
        Fault::SnapshotIsByKey => items.sort_by_key(|item| match item {
            Item::Row(table, row) => (0, Some(*table), row.key.clone()),
            Item::Log(..) => (1, None, Vec::new()),
        }),
        Fault::SnapshotLacksLogs => items.retain(|item| matches!(item, Item::Row(..))),
        Fault::SnapshotLacksMeta => items.retain(|item| !matches!(item, Item::Row(Table::Meta, _))),
        Fault::SnapshotDropsLargeRows => {
            items.retain(|item| !matches!(item, Item::Row(_, row) if row.value.len() > 0xffff));
        }
        Fault::SnapshotHoldsKeys => {
            for key in inner.scan_keys(0, usize::MAX).await? {
                let row = Row {
                    key: key.id.as_bytes().to_vec(),
                    value: key.wrapped,
                    ..Row::default()
                };
                items.push(Item::Row(Table::Meta, row));
            }
        }
        _ => {}
    }
    Ok(items)
}

impl Frozen {
    pub(super) async fn take(
        fault: Fault,
        inner: Arc<MemoryBackend>,
        shared: Arc<Shared>,
    ) -> Result<Self, Error> {
        let mut items = everything(fault, &inner).await?;
        shared.open.fetch_add(1, Ordering::SeqCst);
        shared.scrubbed.store(false, Ordering::SeqCst);
        if fault == Fault::SnapshotIsShared {
            let mut first = shared.first.lock().unwrap();
            items.clone_from(first.get_or_insert(items.clone()));
        }
        if fault == Fault::SnapshotLeaks && shared.leaked.load(Ordering::SeqCst) {
            items.clear();
        }
        let live = matches!(fault, Fault::SnapshotIsLate | Fault::SnapshotIsLive);
        Ok(Frozen {
            fault,
            inner,
            shared,
            items: (!live).then_some(items),
            told: 0,
            ended: false,
        })
    }
}

#[async_trait]
impl Snapshot for Frozen {
    async fn next(&mut self) -> Result<Vec<Item>, Error> {
        if self.fault == Fault::SnapshotEndsWrongly && self.shared.closed.load(Ordering::SeqCst) {
            return Err(Error::ReadOnly);
        }
        if self.fault == Fault::SnapshotEndsByScrub && self.shared.scrubbed.load(Ordering::SeqCst) {
            return Ok(Vec::new());
        }
        if self.items.is_none() || self.fault == Fault::SnapshotIsLive {
            self.items = Some(everything(self.fault, &self.inner).await?);
        }
        let items = self.items.as_deref().unwrap_or_default();
        let page: Vec<Item> = items.iter().skip(self.told).take(100).cloned().collect();
        self.told += page.len();
        self.ended = page.is_empty();
        if self.ended && self.fault == Fault::SnapshotBeginsAgain {
            self.told = 0;
        }
        Ok(page)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.shared.open.fetch_sub(1, Ordering::SeqCst);
        if !self.ended {
            self.shared.leaked.store(true, Ordering::SeqCst);
        }
    }
}
