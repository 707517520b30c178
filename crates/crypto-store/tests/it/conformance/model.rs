//! Random sequences of everything a back end can be asked, against a model of a few lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{
    Backend, Batch, Expect, Head, Item, KeyId, KeyOp, Link, Log, LogRow, Op, Outcome, Row, Scan,
    Side, Snapshot, StoredKey, Table,
};
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::test_runner::{TestCaseError, TestRunner};
use proptest::{prop_assert, prop_assert_eq};

use super::Folder;

type Tried = Result<(), TestCaseError>;

/// A change of a key; values get a number of their own, so that no two are alike.
#[derive(Debug, Clone)]
enum Change {
    Add(KeyId, usize),
    Set(KeyId, usize),
    Destroy(KeyId),
    /// What was seen now, or so many sightings ago.
    Replace(KeyId, usize, usize),
}

#[derive(Debug, Clone)]
enum Step {
    Keys(Vec<Change>),
    Commit(Vec<Op>),
    List(Option<KeyId>, usize),
    ScanKeys(usize),
    Prefix(Table, Vec<u8>, Vec<u8>, usize),
    /// After the row at this place of the table.
    Ref(Table, usize, Vec<u8>, usize, usize),
    Due(Table, i64, usize, i64, usize),
    GetMany(Vec<(Table, Vec<u8>)>),
    Log(Log, u64, usize),
    Snapshot,
    /// Reads so many portions of the oldest snapshot, then drops it.
    Tell(usize),
    Scrub(Side),
    Check(Side),
    Reopen,
}

/// Few values, so that they meet.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    vec(select(vec![0u8, 1, 0x7f, 0xff]), 0..3)
}

fn name() -> impl Strategy<Value = KeyId> {
    (select(vec![0u8, 3, 0xfe]), select(vec![0u8, 1, 0xff]))
        .prop_map(|(kind, n)| KeyId::new(kind, &[1; 16], &[n; 16]))
}

fn table() -> impl Strategy<Value = Table> {
    // Often the same, so that rows meet.
    prop_oneof![Just(Table::Records), select(Table::ALL.to_vec())]
}

fn len() -> impl Strategy<Value = usize> {
    select(vec![4usize, 40, 77, 81, 200])
}

fn limit() -> impl Strategy<Value = usize> {
    select(vec![0usize, 1, 2, 5, usize::MAX])
}

fn at() -> impl Strategy<Value = i64> {
    select(vec![i64::MIN, -2, 0, 1, 2, i64::MAX])
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (name(), len()).prop_map(|(id, len)| Change::Add(id, len)),
        (name(), len()).prop_map(|(id, len)| Change::Set(id, len)),
        name().prop_map(Change::Destroy),
        (name(), len(), 0usize..3).prop_map(|(id, len, ago)| Change::Replace(id, len, ago)),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let reference = || proptest::option::of(bytes());
    let at = proptest::option::of(at());
    (bytes(), reference(), reference(), at, bytes(), any::<u64>()).prop_map(
        |(key, r0, r1, at, value, seq)| Row {
            key,
            refs: [r0, r1],
            at,
            value,
            seq,
        },
    )
}

fn op() -> impl Strategy<Value = Op> {
    let expect = prop_oneof![
        Just(Expect::Absent),
        Just(Expect::Present),
        bytes().prop_map(Expect::Value),
    ];
    prop_oneof![
        1 => (table(), bytes(), expect).prop_map(|(t, key, e)| Op::Require(t, key, e)),
        6 => (table(), row()).prop_map(|(t, row)| Op::Put(t, row)),
        2 => (table(), bytes()).prop_map(|(t, key)| Op::Delete(t, key)),
        2 => (select(Log::ALL.to_vec()), bytes()).prop_map(|(log, value)| Op::Append(log, value)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let side = || select(vec![Side::Keys, Side::Records]);
    prop_oneof![
        5 => vec(change(), 0..5).prop_map(Step::Keys),
        8 => vec(op(), 0..6).prop_map(Step::Commit),
        1 => (proptest::option::of(name()), limit()).prop_map(|(a, l)| Step::List(a, l)),
        1 => (1usize..4).prop_map(Step::ScanKeys),
        2 => (table(), bytes(), bytes(), limit())
            .prop_map(|(t, p, a, l)| Step::Prefix(t, p, a, l)),
        2 => (table(), 0usize..2, bytes(), 0usize..6, limit())
            .prop_map(|(t, w, v, a, l)| Step::Ref(t, w, v, a, l)),
        2 => (table(), at(), 0usize..6, at(), limit())
            .prop_map(|(t, a, n, u, l)| Step::Due(t, a, n, u, l)),
        1 => vec((table(), bytes()), 0..6).prop_map(Step::GetMany),
        1 => (select(Log::ALL.to_vec()), 0u64..9, limit()).prop_map(|(g, f, l)| Step::Log(g, f, l)),
        1 => Just(Step::Snapshot),
        1 => (0usize..20).prop_map(Step::Tell),
        1 => side().prop_map(Step::Scrub),
        1 => side().prop_map(Step::Check),
        1 => Just(Step::Reopen),
    ]
}

/// Sums everything up, differently at every place.
struct Fold;

impl Link for Fold {
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32] {
        let mut link = *previous;
        link.rotate_left(1);
        for (n, byte) in seq.to_le_bytes().iter().chain(value).enumerate() {
            let place = &mut link[n % 31];
            *place = place.wrapping_mul(31).wrapping_add(*byte).wrapping_add(7);
        }
        link[31] = link[31].wrapping_add(1 + log as u8);
        link
    }
}

/// What a back end holds: tables are lists in order of insertion.
#[derive(Clone, Default)]
struct Model {
    keys: BTreeMap<KeyId, Vec<u8>>,
    tables: BTreeMap<Table, Vec<Row>>,
    logs: BTreeMap<Log, Vec<LogRow>>,
}

/// A row without its order, which each back end counts in its own way.
fn bare(row: &Row) -> Row {
    Row {
        seq: 0,
        ..row.clone()
    }
}

fn bare_all(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(bare).collect()
}

fn bare_items(items: Vec<Item>) -> Vec<Item> {
    items
        .into_iter()
        .map(|item| match item {
            Item::Row(table, row) => Item::Row(table, bare(&row)),
            log => log,
        })
        .collect()
}

impl Model {
    fn rows(&self, table: Table) -> &[Row] {
        self.tables.get(&table).map_or(&[], |rows| &rows[..])
    }

    fn log(&self, log: Log) -> &[LogRow] {
        self.logs.get(&log).map_or(&[], |rows| &rows[..])
    }

    fn find(&self, table: Table, key: &[u8]) -> Option<&Row> {
        self.rows(table).iter().find(|row| row.key == key)
    }

    fn change(&mut self, op: &KeyOp) -> bool {
        match op {
            KeyOp::Add(id, _) if self.keys.contains_key(id) => false,
            KeyOp::Add(id, wrapped) | KeyOp::Set(id, wrapped) => {
                self.keys.insert(*id, wrapped.clone()).is_none()
            }
            KeyOp::Replace(seen, wrapped) => {
                let is_seen = self.keys.get(&seen.id) == Some(&seen.wrapped);
                if is_seen {
                    self.keys.insert(seen.id, wrapped.clone());
                }
                is_seen
            }
            KeyOp::Destroy(id) => self.keys.remove(id).is_some(),
        }
    }

    fn commit(&mut self, ops: &[Op]) -> Outcome {
        for (position, op) in ops.iter().enumerate() {
            if let Op::Require(table, key, expect) = op {
                let found = self.find(*table, key).map(|row| row.value.clone());
                let holds = match expect {
                    Expect::Absent => found.is_none(),
                    Expect::Present => found.is_some(),
                    Expect::Value(value) => found.unwrap_or_default() == *value,
                };
                if !holds {
                    return Outcome::Refused(position);
                }
            }
        }
        let mut heads = Vec::new();
        for op in ops {
            match op {
                Op::Require(..) => {}
                Op::Put(table, row) => {
                    let rows = self.tables.entry(*table).or_default();
                    match rows.iter_mut().find(|old| old.key == row.key) {
                        Some(old) => *old = bare(row),
                        None => rows.push(bare(row)),
                    }
                }
                Op::Delete(table, key) => {
                    self.tables
                        .entry(*table)
                        .or_default()
                        .retain(|row| row.key != *key);
                }
                Op::Append(log, value) => {
                    let rows = self.logs.entry(*log).or_default();
                    let seq = rows.len() as u64;
                    let previous = rows.last().map_or([0; 32], |row| row.link);
                    let link = Fold.link(*log, &previous, seq, value);
                    rows.push(LogRow {
                        seq,
                        value: value.clone(),
                        link,
                    });
                    heads.push(Head {
                        log: *log,
                        seq,
                        link,
                    });
                }
            }
        }
        Outcome::Committed(heads)
    }

    fn items(&self) -> Vec<Item> {
        let rows = Table::ALL.into_iter().flat_map(|table| {
            let rows = self.rows(table).iter().cloned();
            rows.map(move |row| Item::Row(table, row))
        });
        let logs = Log::ALL.into_iter().flat_map(|log| {
            let rows = self.log(log).iter().cloned();
            rows.map(move |row| Item::Log(log, row))
        });
        rows.chain(logs).collect()
    }
}

/// A back end and what it should hold.
struct Pair {
    backend: Arc<dyn Backend>,
    /// Where it can be opened again.
    folder: Option<Folder>,
    model: Model,
    sightings: Vec<StoredKey>,
    snapshots: Vec<(Box<dyn Snapshot>, Vec<Item>)>,
    values: u32,
}

impl Pair {
    fn new(folder: Option<Folder>) -> Self {
        let backend = match &folder {
            None => Arc::new(MemoryBackend::new()) as Arc<dyn Backend>,
            Some(folder) => folder.attach().unwrap(),
        };
        Pair {
            backend,
            folder,
            model: Model::default(),
            sightings: Vec::new(),
            snapshots: Vec::new(),
            values: 0,
        }
    }

    fn value(&mut self, len: usize) -> Vec<u8> {
        self.values += 1;
        let mut value = vec![0xee; len];
        value[..4].copy_from_slice(&self.values.to_be_bytes());
        value
    }

    async fn keys(&mut self, changes: Vec<Change>) -> Tried {
        let seen = self.backend.scan_keys(0, usize::MAX).await.unwrap();
        self.sightings.extend(seen);
        let mut ops = Vec::new();
        for change in changes {
            ops.push(match change {
                Change::Add(id, len) => KeyOp::Add(id, self.value(len)),
                Change::Set(id, len) => KeyOp::Set(id, self.value(len)),
                Change::Destroy(id) => KeyOp::Destroy(id),
                Change::Replace(id, len, ago) => {
                    let mut seen = self.sightings.iter().rev().filter(|key| key.id == id);
                    let Some(seen) = seen.nth(ago).cloned() else {
                        continue;
                    };
                    KeyOp::Replace(seen, self.value(len))
                }
            });
        }
        let expected: Vec<bool> = ops.iter().map(|op| self.model.change(op)).collect();
        let answers = self.backend.change_keys(ops).await.unwrap();
        prop_assert_eq!(answers, expected);
        Ok(())
    }

    async fn commit(&mut self, ops: Vec<Op>) -> Tried {
        let expected = self.model.commit(&ops);
        let link = Arc::new(Fold);
        let outcome = self.backend.commit(Batch { ops, link }).await.unwrap();
        prop_assert_eq!(outcome, expected);
        Ok(())
    }

    /// The back end's order of the row at this place of a table; 0 if there is none.
    async fn order(&self, table: Table, place: usize) -> (Option<i64>, u64) {
        match self.model.rows(table).get(place) {
            None => (None, 0),
            Some(row) => {
                let row = self.backend.get(table, row.key.clone()).await.unwrap();
                row.map_or((None, 0), |row| (row.at, row.seq))
            }
        }
    }

    /// Places of the rows behind this one, or all.
    fn behind(&self, table: Table, place: usize) -> impl Iterator<Item = &Row> {
        let rows = self.model.rows(table);
        let skipped = if place < rows.len() { place + 1 } else { 0 };
        rows.iter().skip(skipped)
    }

    async fn search(&self, scan: Scan, expected: Vec<Row>) -> Tried {
        let found = self.backend.scan(scan).await.unwrap();
        prop_assert_eq!(bare_all(&found), expected);
        Ok(())
    }

    async fn due(&self, table: Table, at: i64, place: usize, until: i64, limit: usize) -> Tried {
        // Behind a row if there is one at this place, else behind a time.
        let rows = self.model.rows(table);
        let cursor = match self.order(table, place).await {
            (Some(at), seq) => (at, seq),
            _ => (at, 0),
        };
        let place = rows.get(place).and_then(|row| row.at.map(|_| place));
        let mut due: Vec<(i64, usize)> = (0..)
            .zip(rows)
            .filter_map(|(n, row)| row.at.map(|at| (at, n)))
            .filter(|(at, n)| {
                let behind = match place {
                    Some(place) => (*at, *n) > (cursor.0, place),
                    None => *at >= cursor.0,
                };
                behind && *at <= until
            })
            .collect();
        due.sort_unstable();
        let expected = due.into_iter().take(limit).map(|(_, n)| rows[n].clone());
        let scan = Scan::Due {
            table,
            after: cursor,
            until,
            limit,
        };
        self.search(scan, expected.collect()).await
    }

    async fn scan_keys(&self, page: usize) -> Tried {
        let (mut all, mut after) = (BTreeMap::new(), 0);
        loop {
            let found = self.backend.scan_keys(after, page).await.unwrap();
            let Some(last) = found.last() else { break };
            prop_assert!(last.at > after && found.len() <= page);
            after = last.at;
            for key in found {
                prop_assert!(all.insert(key.id, key.wrapped).is_none());
            }
        }
        prop_assert_eq!(&all, &self.model.keys);
        Ok(())
    }

    async fn tell(&mut self, portions: usize) -> Tried {
        if self.snapshots.is_empty() {
            return Ok(());
        }
        let (mut snapshot, expected) = self.snapshots.remove(0);
        let mut told = Vec::new();
        let mut ended = false;
        for _ in 0..portions {
            let items = snapshot.next().await.unwrap();
            ended |= items.is_empty();
            told.extend(items);
        }
        let told = bare_items(told);
        prop_assert!(expected.starts_with(&told));
        prop_assert!(!ended || told.len() == expected.len());
        Ok(())
    }

    async fn reopen(&mut self) -> Tried {
        if let Some(folder) = &self.folder {
            self.snapshots.clear();
            self.backend.close().await.unwrap();
            self.backend = folder.attach().unwrap();
        }
        Ok(())
    }

    async fn step(&mut self, step: Step) -> Tried {
        match step {
            Step::Keys(changes) => self.keys(changes).await,
            Step::Commit(ops) => self.commit(ops).await,
            Step::List(after, limit) => {
                let names = self.backend.list_keys(after, limit).await.unwrap();
                let expected = self.model.keys.keys().copied();
                let expected = expected.filter(|id| after.is_none_or(|a| *id > a));
                prop_assert_eq!(names, expected.take(limit).collect::<Vec<_>>());
                Ok(())
            }
            Step::ScanKeys(page) => self.scan_keys(page).await,
            Step::Prefix(table, prefix, after, limit) => {
                let mut rows = self.model.rows(table).to_vec();
                rows.retain(|row| {
                    row.key.starts_with(&prefix) && (after.is_empty() || row.key > after)
                });
                rows.sort_by(|a, b| a.key.cmp(&b.key));
                rows.truncate(limit);
                let scan = Scan::Prefix {
                    table,
                    prefix,
                    after,
                    limit,
                };
                self.search(scan, rows).await
            }
            Step::Ref(table, which, value, place, limit) => {
                let rows = self.behind(table, place);
                let rows = rows.filter(|row| row.refs[which].as_ref() == Some(&value));
                let expected = rows.take(limit).cloned().collect();
                let scan = Scan::Ref {
                    table,
                    which,
                    value,
                    after: self.order(table, place).await.1,
                    limit,
                };
                self.search(scan, expected).await
            }
            Step::Due(table, at, place, until, limit) => {
                self.due(table, at, place, until, limit).await
            }
            Step::GetMany(keys) => {
                let expected: Vec<Option<Row>> = keys
                    .iter()
                    .map(|(table, key)| self.model.find(*table, key).cloned())
                    .collect();
                let found = self.backend.get_many(keys).await.unwrap();
                let found: Vec<_> = found.iter().map(|row| row.as_ref().map(bare)).collect();
                prop_assert_eq!(found, expected);
                Ok(())
            }
            Step::Log(log, from, limit) => {
                let found = self.backend.log(log, from, limit).await.unwrap();
                let expected = self.model.log(log).iter().skip(from as usize).take(limit);
                prop_assert_eq!(found, expected.cloned().collect::<Vec<_>>());
                Ok(())
            }
            Step::Snapshot => {
                let snapshot = self.backend.snapshot().await.unwrap();
                self.snapshots.push((snapshot, self.model.items()));
                Ok(())
            }
            Step::Tell(portions) => self.tell(portions).await,
            Step::Scrub(side) => {
                let done = self.backend.scrub(side).await.unwrap();
                prop_assert!(done || !self.snapshots.is_empty());
                Ok(())
            }
            Step::Check(side) => {
                prop_assert!(self.backend.check(side).await.unwrap());
                Ok(())
            }
            Step::Reopen => self.reopen().await,
        }
    }

    /// Everything, asked in the plainest way.
    async fn agree(&self) -> Tried {
        for (id, wrapped) in &self.model.keys {
            let found = self.backend.key(*id).await.unwrap();
            prop_assert_eq!(found.as_ref(), Some(wrapped));
        }
        let names = self.backend.list_keys(None, usize::MAX).await.unwrap();
        let expected: Vec<KeyId> = self.model.keys.keys().copied().collect();
        prop_assert_eq!(names, expected);
        let mut snapshot = self.backend.snapshot().await.unwrap();
        let mut told = Vec::new();
        loop {
            let items = snapshot.next().await.unwrap();
            if items.is_empty() {
                break;
            }
            told.extend(items);
        }
        prop_assert_eq!(bare_items(told), self.model.items());
        Ok(())
    }
}

fn agrees(cases: u32, folder: fn() -> Option<Folder>) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let executor = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    TestRunner::new(config)
        .run(&vec(step(), 1..50), |steps| {
            executor.block_on(async {
                let mut pair = Pair::new(folder());
                for step in steps {
                    pair.step(step).await?;
                }
                pair.agree().await?;
                pair.reopen().await?;
                pair.agree().await
            })
        })
        .unwrap();
}

#[test]
fn memory_agrees_with_the_model() {
    agrees(256, || None);
}

#[test]
fn sqlite_agrees_with_the_model() {
    agrees(24, || Some(Folder::new()));
}
