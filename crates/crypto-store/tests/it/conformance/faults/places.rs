//! Places with one fault: what is wrong once a back end is opened again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use crypto_store::Error;
use crypto_store::backend::{Backend, Batch, KeyId, KeyOp, Log, Op, Row, Table};
use crypto_store::conformance::{BackendCase, Factory, Place, durability_cases, ownership_cases};

use super::super::Folder;
use super::lying::Plain;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Nothing,
    /// Every opening finds an empty back end.
    Forgets,
    /// Every opening adds a key, a row and an entry.
    Adds,
    /// Every opening shares one handle, which nothing closes.
    Shares,
    /// No second opening, whatever happened to the first.
    OpensOnce,
}

struct Places(Wrong);

struct Bad {
    wrong: Wrong,
    folder: Folder,
    others: std::sync::Mutex<Vec<Folder>>,
    opened: AtomicUsize,
    shared: Arc<dyn Backend>,
}

#[async_trait]
impl Factory for Places {
    async fn place(&self) -> Result<Box<dyn Place>, Error> {
        Ok(Box::new(Bad {
            wrong: self.0,
            folder: Folder::new(),
            others: Default::default(),
            opened: AtomicUsize::new(0),
            shared: Arc::new(super::Lying::new(super::Fault::CloseIsForgotten).await?),
        }))
    }
}

#[async_trait]
impl Place for Bad {
    async fn open(&self) -> Result<Arc<dyn Backend>, Error> {
        let times = self.opened.fetch_add(1, Ordering::SeqCst);
        match self.wrong {
            Wrong::Nothing => self.folder.attach(),
            Wrong::Forgets => {
                let folder = Folder::new();
                let backend = folder.attach();
                self.others.lock().unwrap().push(folder);
                backend
            }
            Wrong::Adds => {
                let backend = self.folder.attach()?;
                if times > 0 {
                    let id = KeyId::new(9, &[9; 16], &[9; 16]);
                    backend.change_keys(vec![KeyOp::Set(id, vec![9])]).await?;
                    let row = Row {
                        key: vec![0],
                        at: Some(0),
                        refs: [Some(vec![1]), None],
                        ..Row::default()
                    };
                    let ops = vec![
                        Op::Put(Table::Records, row),
                        Op::Append(Log::Ledger, vec![9]),
                    ];
                    let link = Arc::new(Plain);
                    backend.commit(Batch { ops, link }).await?;
                }
                Ok(backend)
            }
            Wrong::Shares => Ok(Arc::clone(&self.shared)),
            Wrong::OpensOnce if times > 0 => Err(Error::StoreBusy),
            Wrong::OpensOnce => self.folder.attach(),
        }
    }
}

fn finds(case: &'static BackendCase, wrong: Wrong) -> bool {
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    executor.block_on(case.run(&Places(wrong))).is_err()
}

#[test]
fn what_is_wrong_after_reopening_is_found() {
    for (wrong, name) in [
        (Wrong::Forgets, "durability::keys_survive"),
        (Wrong::Adds, "durability::an_empty_back_end_stays_empty"),
        (Wrong::Shares, "durability::a_closed_handle_stays_closed"),
        (Wrong::OpensOnce, "durability::rows_survive"),
    ] {
        let case = crypto_store::conformance::named(durability_cases(), name);
        assert!(finds(case, wrong), "{wrong:?}");
        assert!(!finds(case, Wrong::Nothing), "{wrong:?}");
    }
    for (wrong, name) in [
        (Wrong::Shares, "ownership::a_second_owner_is_refused"),
        (Wrong::OpensOnce, "ownership::an_owner_follows_a_closed_one"),
    ] {
        let case = crypto_store::conformance::named(ownership_cases(), name);
        assert!(finds(case, wrong), "{wrong:?}");
    }
}

#[test]
fn each_durability_case_finds_something() {
    for case in durability_cases() {
        let all = [Wrong::Forgets, Wrong::Shares, Wrong::Adds];
        assert!(all.iter().any(|wrong| finds(case, *wrong)), "{case:?}");
    }
}
