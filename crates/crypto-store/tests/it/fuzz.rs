//! Failure 18: bytes that nobody wrote. No parser panics, and what is accepted is written the same again or is noticed.
//!
//! A fixed number of rounds by default, `TACTFUL_FUZZ_SECONDS` a target for more. Repeatable: rounds come from a seed.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{
    Backend, Batch, KeyId, KeyOp, Link, Log, LogRow, Op, Row, Scan, Table,
};
use crypto_store::{
    Argon2Cost, AuditEntry, KeyFile, LedgerEntry, NewRecord, OsEntropy, Passphrase, StopAt, Store,
};
use retention_policy::{Hold, HoldId, HoldReason, RecordId, Scope};
use sha2::{Digest, Sha256};

use crate::dice::Dice;
use crate::support::{
    Place, World, agent, email, now, officer, person, put, read, reply, request, session,
};

/// Runs a target on its own dice for as long as is asked for.
fn drive(rounds: u32, seed: u64, mut target: impl FnMut(&mut Dice)) {
    let mut dice = Dice::new(seed);
    let seconds = std::env::var("TACTFUL_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse().ok());
    let Some(seconds) = seconds.map(Duration::from_secs) else {
        (0..rounds).for_each(|_| target(&mut dice));
        return;
    };
    let (begin, mut done) = (Instant::now(), 0u64);
    while begin.elapsed() < seconds {
        (0..16).for_each(|_| target(&mut dice));
        done += 16;
    }
    eprintln!("seed {seed}: {done} rounds in {seconds:?}");
}

/// One to four changes of the kinds that break parsers: bits, edges of numbers, lengths, repetition.
fn mutate(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        let end = (at + 1 + dice.below(8)).min(bytes.len());
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][dice.below(5)],
            2 => bytes[at..end].fill(0xff),
            3 => bytes[at..end].fill(0),
            4 => bytes.truncate(at),
            5 => bytes.extend(std::iter::repeat_n(0, 1 + dice.below(40))),
            6 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            _ => {
                let len = dice.below(64);
                let new = dice.bytes(len);
                bytes.splice(at..end, new);
            }
        }
    }
}

/// Everything a back end holds.
#[derive(Clone, Default)]
struct Content {
    keys: Vec<(KeyId, Vec<u8>)>,
    rows: Vec<(Table, Row)>,
    logs: Vec<(Log, LogRow)>,
}

/// Gives log entries the links they had.
struct Recorded(Vec<(Log, LogRow)>);

impl Link for Recorded {
    fn link(&self, log: Log, _: &[u8; 32], seq: u64, _: &[u8]) -> [u8; 32] {
        let found = self.0.iter().find(|(l, row)| *l == log && row.seq == seq);
        found.map_or([0; 32], |(_, row)| row.link)
    }
}

impl Content {
    async fn of(backend: &dyn Backend) -> Self {
        let mut content = Content::default();
        for id in backend.list_keys(None, usize::MAX).await.unwrap() {
            content
                .keys
                .push((id, backend.key(id).await.unwrap().unwrap()));
        }
        for table in Table::ALL {
            let scan = Scan::Prefix {
                table,
                prefix: Vec::new(),
                after: Vec::new(),
                limit: usize::MAX,
            };
            let rows = backend.scan(scan).await.unwrap();
            content
                .rows
                .extend(rows.into_iter().map(|row| (table, row)));
        }
        content.rows.sort_by_key(|(_, row)| row.seq);
        for log in Log::ALL {
            let rows = backend.log(log, 0, usize::MAX).await.unwrap();
            content.logs.extend(rows.into_iter().map(|row| (log, row)));
        }
        content
    }

    async fn backend(&self) -> Arc<dyn Backend> {
        let backend = MemoryBackend::new();
        let keys = self.keys.iter().cloned();
        let keys = keys.map(|(id, wrapped)| KeyOp::Set(id, wrapped)).collect();
        backend.change_keys(keys).await.unwrap();
        let rows = self
            .rows
            .iter()
            .cloned()
            .map(|(table, row)| Op::Put(table, row));
        let logs = self
            .logs
            .iter()
            .map(|(log, row)| Op::Append(*log, row.value.clone()));
        let batch = Batch {
            ops: rows.chain(logs).collect(),
            link: Arc::new(Recorded(self.logs.clone())),
        };
        backend.commit(batch).await.unwrap();
        Arc::new(backend)
    }
}

/// A store with every kind of row, an erasure that was begun among them, and its records.
struct Seeded {
    world: World,
    content: Content,
    records: Vec<(RecordId, Vec<u8>)>,
}

impl Seeded {
    async fn new(begun: bool) -> Self {
        let backend: Arc<dyn Backend> = Arc::new(MemoryBackend::new());
        let world = World::new(Place::Memory(Arc::clone(&backend)));
        let store = world.create().await;
        let mut records = Vec::new();
        for n in 1..=4u8 {
            let record = NewRecord::new(session(person(n)), vec![n; 90])
                .terms(vec![email(&format!("p{n}@example.org"))])
                .idempotency_key(&[n]);
            let id = store
                .put(record, &agent(), &reply(), now())
                .await
                .unwrap()
                .id();
            records.push((id, vec![n; 90]));
        }
        let until = now() + chrono::TimeDelta::days(90);
        let hold = HoldId::from_random([8; 16]);
        let scope = Scope::Subject(person(4));
        let hold = Hold::new(
            hold,
            officer().tenant(),
            scope,
            HoldReason::Order,
            agent().actor(),
            now(),
            until,
        );
        store
            .place_hold(&hold.unwrap(), &officer(), &request(), now())
            .await
            .unwrap();
        store
            .link(person(1), person(2), &agent(), &reply(), now())
            .await
            .unwrap();
        let gone = put(&store, person(9), b"gone").await;
        store
            .shred(&[gone], &agent(), &reply(), now())
            .await
            .unwrap();
        if begun {
            let config = world.config().stop_at(StopAt::IntentWritten);
            let store = world.try_open(config, now()).await.unwrap();
            put(&store, person(8), b"to be erased").await;
            store
                .erase_subject(person(8), &officer(), &request(), now())
                .await
                .unwrap_err();
        }
        let content = Content::of(&*backend).await;
        Seeded {
            world,
            content,
            records,
        }
    }

    /// Opens an altered content, asks everything, and says whether anybody noticed.
    async fn notices(&self, altered: &Content) -> bool {
        let config = crypto_store::StoreConfig::backend(altered.backend().await);
        let Ok(store) = self.world.try_open(config, now()).await else {
            return true;
        };
        let mut noticed = !store.check(now()).await.is_ok_and(|c| c.is_intact());
        for (id, body) in &self.records {
            match read(&store, *id, now()).await {
                Ok(got) => assert_eq!(got, *body, "another content was read"),
                Err(_) => noticed = true,
            }
        }
        noticed |= self.uses(&store).await;
        noticed
    }

    /// Calls whatever reads a row of some kind.
    async fn uses(&self, store: &Store) -> bool {
        let mut failed = false;
        for n in 1..=4u8 {
            let term = email(&format!("p{n}@example.org"));
            failed |= store.find(&term, &agent(), &reply(), now()).await.is_err();
            failed |= store
                .of_subject(person(n), &officer(), &request(), now())
                .await
                .is_err();
            let again = NewRecord::new(session(person(n)), vec![n]).idempotency_key(&[n]);
            failed |= store.put(again, &agent(), &reply(), now()).await.is_err();
        }
        failed |= store.audit(0, 1000).await.is_err() | store.ledger(0, 1000).await.is_err();
        let late = now() + chrono::TimeDelta::days(2);
        failed |= store.due(late, 100).await.is_err();
        failed |= store.expire_buckets(late).await.is_err();
        let id = HoldId::from_random([8; 16]);
        failed |= crate::support::release(store, id, late).await.is_err();
        failed
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

#[test]
fn failure_18_entries_of_audit_and_ledger() {
    let seeded = runtime().block_on(Seeded::new(true));
    let logs = seeded.content.logs;
    drive(20_000, 181, |dice| {
        let (log, row) = &logs[dice.below(logs.len())];
        let mut bytes = row.value.clone();
        mutate(dice, &mut bytes);
        let again = match log {
            Log::Audit => AuditEntry::from_bytes(&bytes).map(|e| {
                assert!(!e.to_json(0).contains(char::is_control));
                e.to_bytes()
            }),
            Log::Ledger => LedgerEntry::from_bytes(&bytes).map(|e| e.to_bytes()),
        };
        if let Ok(again) = again {
            assert_eq!(again, bytes, "accepted and not canonical");
        }
    });
}

/// Rows of a table, one part of one row altered at a time.
fn rows(seed: u64, begun: bool, table: Table) {
    let runtime = runtime();
    let seeded = runtime.block_on(Seeded::new(begun));
    let places: Vec<usize> = (0..seeded.content.rows.len())
        .filter(|at| seeded.content.rows[*at].0 == table)
        .collect();
    assert!(!places.is_empty(), "{table:?} has no row");
    assert!(
        begun || !runtime.block_on(seeded.notices(&seeded.content)),
        "untouched"
    );
    drive(60, seed, |dice| {
        let mut altered = seeded.content.clone();
        let row = &mut altered.rows[places[dice.below(places.len())]].1;
        let before = row.clone();
        // Terms are told by key and value alone: their rows have nothing else, and nothing else of them is read.
        match dice.below(6) {
            0 => mutate(dice, &mut row.key),
            1 if table != Table::Terms => {
                let part = row.refs[dice.below(2)].get_or_insert_default();
                mutate(dice, part);
            }
            2 if table != Table::Terms => {
                row.at = [None, Some(0), Some(i64::MIN), Some(i64::MAX)][dice.below(4)];
            }
            _ => mutate(dice, &mut row.value),
        }
        // Another row's key would replace that one: a deletion, which is another test.
        let taken = seeded
            .content
            .rows
            .iter()
            .any(|(t, r)| *t == table && r.key == row.key);
        // No key is empty: to a scan that is where it begins.
        if *row == before || (row.key != before.key && taken) || row.key.is_empty() {
            return;
        }
        let same = [
            row.key == before.key,
            row.refs == before.refs,
            row.at == before.at,
        ];
        let said =
            format!("{table:?}: {before:?} -> {row:?}, same key, references, time: {same:?}");
        assert!(runtime.block_on(seeded.notices(&altered)), "{said}");
    });
}

#[test]
fn failure_18_records() {
    rows(182, false, Table::Records);
}

#[test]
fn failure_18_terms() {
    rows(183, false, Table::Terms);
}

#[test]
fn failure_18_deliveries() {
    rows(184, false, Table::Once);
}

#[test]
fn failure_18_tombstones() {
    rows(185, false, Table::Gone);
}

#[test]
fn failure_18_holds() {
    rows(186, false, Table::Holds);
}

#[test]
fn failure_18_links() {
    rows(187, false, Table::Links);
}

#[test]
fn failure_18_intents() {
    rows(188, true, Table::Intents);
}

#[test]
fn failure_18_single_values() {
    rows(189, false, Table::Meta);
}

#[test]
fn failure_18_wrapped_keys() {
    let runtime = runtime();
    let seeded = runtime.block_on(Seeded::new(false));
    // Unit keys of no record were made ready for later; an opening throws them away.
    let of_record = |reference: &[u8]| {
        seeded
            .records
            .iter()
            .any(|(id, _)| id.to_bytes() == reference)
    };
    let keys = seeded.content.keys.iter().enumerate();
    let used: Vec<usize> = keys
        .filter(|(_, (id, _))| id.as_bytes()[0] != 7 || of_record(&id.as_bytes()[17..]))
        .map(|(at, _)| at)
        .collect();
    drive(60, 190, |dice| {
        let mut altered = seeded.content.clone();
        let at = used[dice.below(used.len())];
        let (id, wrapped) = &mut altered.keys[at];
        let before = wrapped.clone();
        mutate(dice, wrapped);
        if *wrapped != before {
            let said = format!("{id:?}, {} bytes", wrapped.len());
            assert!(runtime.block_on(seeded.notices(&altered)), "{said}");
        }
    });
}

/// Writes a secret file with a checksum that fits, so that what is behind it is parsed.
fn secret_file(path: &Path, content: &[u8]) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, [content, &Sha256::digest(content)[..16]].concat()).unwrap();
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(path, mode).unwrap();
    }
}

#[test]
fn failure_18_key_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("root.key");
    let entropy = Arc::new(OsEntropy::new());
    KeyFile::create(&path, entropy.clone()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let content = &whole[..whole.len() - 16];
    drive(500, 191, |dice| {
        let mut bytes = content.to_vec();
        mutate(dice, &mut bytes);
        secret_file(&path, &bytes);
        if KeyFile::open(&path, entropy.clone()).is_ok() {
            // Any 32 bytes are a key; nothing but that shape is a file.
            assert_eq!((bytes.len(), &bytes[..7]), (content.len(), &content[..7]));
        }
        let mut damaged = whole.clone();
        mutate(dice, &mut damaged);
        if damaged != whole {
            secret_file(&path, b"");
            std::fs::write(&path, &damaged).unwrap();
            assert!(KeyFile::open(&path, entropy.clone()).is_err());
        }
    });
}

#[test]
fn failure_18_passphrase_files() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pass.key");
    let entropy = Arc::new(OsEntropy::new());
    let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
    Passphrase::create(&path, "correct horse", cost, entropy.clone()).unwrap();
    let whole = std::fs::read(&path).unwrap();
    let content = &whole[..whole.len() - 16];
    // A cost that is allowed is paid before the rest is checked: rounds that raise it would do nothing but that.
    let paid = 24..36;
    drive(20, 192, |dice| {
        let mut bytes = content.to_vec();
        mutate(dice, &mut bytes);
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        if bytes.len() >= paid.end
            && bytes[paid.clone()] != content[paid.clone()]
            && Argon2Cost::new(number(24), number(28), number(32)).is_some()
        {
            return;
        }
        if bytes != content {
            secret_file(&path, &bytes);
            assert!(Passphrase::open(&path, "correct horse", entropy.clone()).is_err());
        }
    });
}
