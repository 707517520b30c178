//! Rows of `terms` in runs and in their tree, beside a plain map. A run of a few dozen rows is many here.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use tempfile::TempDir;

use super::MANY;
use crate::backend::sqlite::{NoLink, SqliteBackend, StoreFiles};
use crate::backend::{Backend, Batch, Expect, Item, Op, Outcome, Row, Scan, Table};
use crate::{Entropy, Error, SeededEntropy};

/// Keys and values, with the order in which they came.
type Model = BTreeMap<Vec<u8>, (u64, Row)>;

struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, n: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes).unwrap();
        u32::from_le_bytes(bytes) as usize % n
    }

    /// Few enough keys that many come twice.
    fn key(&self) -> Vec<u8> {
        vec![self.below(4) as u8, self.below(100) as u8, 7][..self.below(3) + 1].to_vec()
    }

    fn row(&self) -> Row {
        // Some that a run cannot take.
        let len = [0, 10, 10, 10, 255, 256][self.below(6)];
        let plain = self.below(8) > 0;
        Row {
            key: self.key(),
            refs: [(!plain).then(|| vec![1]), None],
            at: None,
            value: vec![self.below(256) as u8; len],
            seq: 0,
        }
    }
}

fn open(dir: &Path) -> SqliteBackend {
    SqliteBackend::attach(&StoreFiles::in_dir(dir)).unwrap()
}

fn new() -> (TempDir, SqliteBackend) {
    let dir = tempfile::tempdir().unwrap();
    SqliteBackend::create_empty(&StoreFiles::in_dir(dir.path())).unwrap();
    let backend = open(dir.path());
    (dir, backend)
}

async fn commit(backend: &SqliteBackend, ops: Vec<Op>) -> Result<Outcome, Error> {
    let link = Arc::new(NoLink);
    backend.commit(Batch { ops, link }).await
}

fn page(prefix: &[u8], after: &[u8], limit: usize) -> Scan {
    Scan::Prefix {
        table: Table::Terms,
        prefix: prefix.to_vec(),
        after: after.to_vec(),
        limit,
    }
}

/// Everything that the table can be asked, by every way.
async fn same(backend: &SqliteBackend, model: &Model, dice: &Dice) {
    for prefix in [vec![], vec![dice.below(5) as u8], dice.key()] {
        let (mut found, mut after) = (Vec::new(), Vec::new());
        loop {
            let rows = backend.scan(page(&prefix, &after, 17)).await.unwrap();
            let Some(last) = rows.last() else { break };
            after.clone_from(&last.key);
            found.extend(rows);
        }
        let expected = model.iter().filter(|(key, _)| key.starts_with(&prefix));
        assert!(
            found
                .iter()
                .map(|row| (&row.key, &row.refs, &row.value))
                .eq(expected.map(|(key, (_, row))| (key, &row.refs, &row.value)))
        );
    }
    let mut told = Vec::new();
    let mut snapshot = backend.snapshot().await.unwrap();
    loop {
        let items = snapshot.next().await.unwrap();
        if items.is_empty() {
            break;
        }
        told.extend(items.into_iter().filter_map(|item| match item {
            Item::Row(Table::Terms, row) => Some(row),
            _ => None,
        }));
    }
    drop(snapshot);
    assert!(told.is_sorted_by(|a, b| a.seq < b.seq));
    let mut by_age: Vec<_> = model.iter().collect();
    by_age.sort_by_key(|(_, (age, _))| *age);
    assert!(
        told.iter()
            .map(|row| (&row.key, &row.value))
            .eq(by_age.iter().map(|(key, (_, row))| (*key, &row.value)))
    );
    let key = dice.key();
    let got = backend.get(Table::Terms, key.clone()).await.unwrap();
    let expected = model.get(&key).map(|(_, row)| row.value.clone());
    assert_eq!(got.map(|row| row.value), expected);
    let check = match expected {
        Some(value) => Expect::Value(value),
        None => Expect::Absent,
    };
    let there = commit(backend, vec![Op::Require(Table::Terms, key, check)]).await;
    assert!(matches!(there.unwrap(), Outcome::Committed(_)));
}

fn runs(dir: &Path) -> i64 {
    let c = Connection::open(dir.join("records.db")).unwrap();
    c.query_row("SELECT count(*) FROM fresh", [], |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn rows_are_the_same_wherever_they_are() {
    let dice = Dice(SeededEntropy::insecure(31));
    let (mut model, mut age) = (Model::new(), 0);
    let (mut dir, mut backend) = new();
    let (mut in_runs, mut in_tree) = (0, 0);
    for round in 0..300 {
        let mut ops = Vec::new();
        for _ in 0..dice.below(12) {
            if dice.below(9) == 0 {
                let key = dice.key();
                model.remove(&key);
                ops.push(Op::Delete(Table::Terms, key));
            } else {
                let row = dice.row();
                age += 1;
                // Replacing a row keeps its place.
                let age = model.get(&row.key).map_or(age, |(age, _)| *age);
                model.insert(row.key.clone(), (age, row.clone()));
                ops.push(Op::Put(Table::Terms, row));
            }
        }
        commit(&backend, ops).await.unwrap();
        match dice.below(12) {
            0 => {
                backend.close().await.unwrap();
                assert_eq!(runs(dir.path()), 0, "what is closed is tidy");
                backend = open(dir.path());
            }
            1 => {
                // As a kill leaves it.
                let killed = tempfile::tempdir().unwrap();
                for file in ["records.db", "records.db-wal", "keys.db", "keys.db-wal"] {
                    std::fs::copy(dir.path().join(file), killed.path().join(file)).unwrap();
                }
                backend.close().await.unwrap();
                backend = open(killed.path());
                dir = killed;
            }
            _ => {}
        }
        if round % 3 == 0 {
            same(&backend, &model, &dice).await;
        }
        let some = runs(dir.path()) > 0;
        *(if some { &mut in_runs } else { &mut in_tree }) += 1;
    }
    assert!(in_runs > 50 && in_tree > 5, "{in_runs} {in_tree}");
    assert!(model.len() > 2 * MANY);
}

#[tokio::test]
async fn what_did_not_happen_is_not_remembered() {
    let (dir, backend) = new();
    let put = |key: u8| {
        let row = Row {
            key: vec![key],
            ..Row::default()
        };
        Op::Put(Table::Terms, row)
    };
    commit(&backend, vec![put(1)]).await.unwrap();
    let other = Connection::open(dir.path().join("records.db")).unwrap();
    other
        .execute_batch(
            "CREATE TRIGGER no BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'no'); END;",
        )
        .unwrap();
    let link = Op::Put(Table::Links, Row::default());
    commit(&backend, vec![put(2), link]).await.unwrap_err();
    let not_there = Op::Require(Table::Terms, vec![2], Expect::Absent);
    let told = commit(&backend, vec![not_there]).await;
    assert!(matches!(told.unwrap(), Outcome::Committed(_)));
    commit(&backend, vec![put(3)]).await.unwrap();
    let found = backend.scan(page(&[], &[], 9)).await.unwrap();
    let keys: Vec<&[u8]> = found.iter().map(|row| &*row.key).collect();
    assert_eq!(keys, [[1], [3]]);
    assert!(found.is_sorted_by(|a, b| a.seq < b.seq));
    backend.close().await.unwrap();
}

#[tokio::test]
async fn a_run_that_is_damaged_is_said_to_be() {
    for value in [&[][..], &[1], &[1, 7], &[1, 7, 2, 9], &[0, 0, 1]] {
        let (dir, backend) = new();
        let other = Connection::open(dir.path().join("records.db")).unwrap();
        other
            .execute("INSERT INTO fresh (seq, value) VALUES (1, ?1)", [value])
            .unwrap();
        let told = backend.scan(page(&[], &[], 9)).await;
        assert!(matches!(told, Err(Error::Corrupt { .. })), "{value:?}");
        let told = commit(&backend, vec![Op::Delete(Table::Terms, vec![7])]).await;
        assert!(matches!(told, Err(Error::Corrupt { .. })), "{value:?}");
        // Nothing is lost by closing.
        backend.close().await.unwrap();
        assert_eq!(runs(dir.path()), 1);
    }
}
