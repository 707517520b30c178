//! A reader in another language that knows nothing but docs/format.md opens a store with everything in it.

mod full;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crypto_store::{
    Argon2Cost, Backup, Checked, KeyBackups, KeyFile, Passphrase, SeededEntropy, StopAt, Store,
    StoreConfig, StoreFiles,
};
use rusqlite::Connection;

use crate::support::{copy_dir, hex, now, person, put, tenant};
use full::{Full, later};

const PASSPHRASE: &str = "four words are enough \u{e9}";

fn heavy() -> bool {
    std::env::var_os("TACTFUL_HEAVY").is_some_and(|v| v == "1")
}

/// Whether the reader can run here; with TACTFUL_HEAVY=1 it must.
fn python() -> bool {
    let imported = Command::new("python3")
        .args(["-c", "import cryptography.hazmat.primitives.kdf.hkdf"])
        .output();
    let there = imported.is_ok_and(|out| out.status.success());
    assert!(
        there || !heavy(),
        "install python3 and `pip install cryptography`"
    );
    if !there {
        eprintln!("skipped: install python3 and `pip install cryptography`");
    }
    there
}

/// What the reader printed.
struct Answer {
    whole: bool,
    json: String,
}

impl Answer {
    fn number(&self, name: &str) -> u64 {
        let name = format!("\"{name}\": ");
        let at = self.json.find(&name).expect("a number of this name") + name.len();
        let digits = self.json[at..].split(|c: char| !c.is_ascii_digit());
        digits.into_iter().next().unwrap().parse().unwrap()
    }

    #[track_caller]
    fn agrees(&self, checked: &Checked) {
        let json = &self.json;
        assert!(self.whole && checked.is_intact(), "{json}\n{checked:?}");
        let survey = &checked.survey;
        assert_eq!(self.number("records"), survey.records, "{json}");
        assert_eq!(self.number("opened"), survey.readable, "{json}");
        assert_eq!(self.number("destroyed"), survey.destroyed, "{json}");
        assert_eq!(self.number("damaged"), survey.damaged, "{json}");
    }
}

fn read_store(dir: &Path, arguments: &[&str]) -> Answer {
    run(
        "read_store.py",
        &[&[dir.to_str().unwrap()], arguments].concat(),
    )
}

fn run(script: &str, arguments: &[&str]) -> Answer {
    let tools = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tools/format-reader");
    let out = Command::new("python3")
        .arg(tools.join(script))
        .args(arguments)
        .env("STORE_PASSPHRASE", PASSPHRASE)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let answer = Answer {
        whole: out.status.success(),
        json: text(out.stdout),
    };
    let said = text(out.stderr);
    assert!(!answer.json.is_empty() && said.is_empty(), "{said}");
    answer
}

#[tokio::test]
async fn a_reader_that_knows_only_the_page_opens_everything() {
    if !python() {
        return;
    }
    // Three tenths of them are erased, expired or shredded before the end.
    let (records, opened) = if heavy() {
        (14_400, 10_000)
    } else {
        (300, 150)
    };
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    std::fs::create_dir(&dir).unwrap();
    let full = Full::build(&dir, records).await;
    let told = home.path().join("told.jsonl");
    std::fs::write(&told, full.expectations()).unwrap();
    let told = ["--expect", told.to_str().unwrap()];

    // While it is in use, from the files and their logs as they are.
    let checked = full.store.check(later()).await.unwrap();
    let audit = full.store.verify_audit().await.unwrap();
    let running = home.path().join("running");
    copy_dir(&dir, &running);
    let answer = read_store(&running, &told);
    answer.agrees(&checked);
    assert_eq!(answer.number("opened") as usize, full.living());
    assert!(full.living() >= opened, "{}", full.living());
    assert_eq!(answer.number("audit"), audit.entries);
    assert_eq!(answer.number("ledger"), audit.ledger_entries);
    if heavy() {
        eprint!("{}", answer.json);
    }
    let root = format!("\"root\": \"{}\"", hex(&audit.root));
    assert!(answer.json.contains(&root), "{}", answer.json);
    for there in [
        "held",
        "fresh",
        "terms_compared",
        "deliveries_compared",
        "holds",
        "duties",
        "releases",
        "early",
        "links",
        "once",
        "gone",
        "persons",
        "ahead",
        "rotating",
        "slots_destroyed",
        "small_rows",
        "key_rows",
    ] {
        assert!(answer.number(there) > 0, "none of {there}: {}", answer.json);
    }

    let (records, keys) = (home.path().join("records.backup"), home.path().join("keys"));
    let made = full.store.backup(&records, later()).await.unwrap();
    let keys = KeyBackups::in_dir(keys);
    let keys = full.store.backup_keys(&keys, later()).await.unwrap();
    full.store.close().await.unwrap();
    backups(&dir, [&records, &keys.path], &told, &made);
    let closed = read_store(&dir, &told);
    assert!(closed.whole, "{}", closed.json);
    assert_eq!(closed.number("opened"), answer.number("opened"));

    // Ends that stopped on the way.
    let stops = [
        (StopAt::IntentWritten, false),
        (StopAt::KeysDestroyed, false),
        (StopAt::DestructionWritten, true),
        (StopAt::LogEmptied, false),
        (StopAt::DestructionWritten, false),
        (StopAt::RowsDeleted, false),
        (StopAt::IntentWritten, true),
        (StopAt::KeysDestroyed, true),
    ];
    let stops = &stops[..if heavy() { stops.len() } else { 3 }];
    for (n, &(stop, whole)) in stops.iter().enumerate() {
        let begun = home.path().join(format!("begun-{n}"));
        copy_dir(&dir, &begun);
        let copy = full.begun(&begun, stop, whole).await;
        let checked = copy.check(later()).await.unwrap();
        drop(copy);
        let answer = read_store(&begun, &[]);
        answer.agrees(&checked);
        assert_eq!(answer.number("intents"), 1, "{}", answer.json);
        let destroyed = answer.number("destroyed") > 0;
        let kept = matches!(stop, StopAt::IntentWritten | StopAt::RowsDeleted);
        assert_eq!(destroyed, !kept, "{}", answer.json);
    }
}

/// Both backups, each with the other side of the store and without the store at all.
fn backups(dir: &Path, [records, keys]: [&Path; 2], told: &[&str], made: &Backup) {
    let [dir, records, keys] = [dir, records, keys].map(|path| path.to_str().unwrap());
    let root = format!("{dir}/root.key");
    for arguments in [
        vec![records, "--dir", dir],
        vec![keys, "--dir", dir],
        vec![records, keys, "--root", &root],
    ] {
        let answer = run("read_backup.py", &[&arguments, told].concat());
        let json = &answer.json;
        assert!(answer.whole, "{json}");
        assert_eq!(answer.number("records"), made.records, "{json}");
        assert_eq!(answer.number("opened"), made.records, "{json}");
        if arguments[0] == records {
            assert_eq!(answer.number("audit"), made.audit_entries, "{json}");
            assert_eq!(answer.number("ledger"), made.ledger_entries, "{json}");
        }
    }
    let bytes = std::fs::read(records).unwrap();
    let altered = Path::new(records).with_extension("altered");
    for at in [
        7,
        8,
        12,
        30,
        60,
        65,
        80,
        82,
        120,
        121,
        125,
        bytes.len() / 2,
        bytes.len() - 1,
    ] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        refused(&altered, &bytes, dir);
    }
    refused(&altered, &bytes[..bytes.len() - 1], dir);
    refused(&altered, &[&bytes[..], b"0"].concat(), dir);
}

#[track_caller]
fn refused(altered: &Path, bytes: &[u8], dir: &str) {
    std::fs::write(altered, bytes).unwrap();
    let answer = run("read_backup.py", &[altered.to_str().unwrap(), "--dir", dir]);
    assert!(!answer.whole, "{}", answer.json);
    assert_eq!(answer.number("findings"), 1, "{}", answer.json);
}

#[tokio::test]
async fn it_opens_a_root_behind_a_passphrase() {
    if !python() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let entropy = Arc::new(SeededEntropy::insecure(5));
    let cost = Argon2Cost::new(19 << 10, 2, 1).unwrap();
    let key = home.path().join("root.key");
    let root = Passphrase::create(&key, PASSPHRASE, cost, entropy.clone()).unwrap();
    let config = StoreConfig::sqlite(StoreFiles::in_dir(home.path()));
    let store = Store::create(config, Arc::new(root), entropy, now()).await;
    let store = store.unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    put(&store, person(1), b"behind words").await;
    let checked = store.check(now()).await.unwrap();
    store.close().await.unwrap();
    let words = ["--passphrase-env", "STORE_PASSPHRASE"];
    let answer = read_store(home.path(), &words);
    answer.agrees(&checked);
    assert_eq!(answer.number("opened"), 1);
    assert!(!read_store(home.path(), &[]).whole);
    assert!(!read_store(home.path(), &["--passphrase-env", "HOME"]).whole);
}

#[tokio::test]
async fn it_opens_what_was_migrated_and_the_copies_from_before() {
    if !python() {
        return;
    }
    for name in ["v0-closed", "v0-killed"] {
        let home = tempfile::tempdir().unwrap();
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        copy_dir(&golden.join(name), home.path());
        let key = home.path().join("root.key");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&key, mode).unwrap();
        let entropy = Arc::new(SeededEntropy::insecure(6));
        let root = Arc::new(KeyFile::open(&key, entropy.clone()).unwrap());
        let config = StoreConfig::sqlite(StoreFiles::in_dir(home.path()));
        let store = Store::open(config, root, entropy, now()).await.unwrap();
        let checked = store.check(now()).await.unwrap();
        store.close().await.unwrap();
        read_store(home.path(), &[]).agrees(&checked);
        let files = std::fs::read_dir(home.path()).unwrap();
        let files = files.map(|file| file.unwrap().path());
        let sealed = files.filter(|path| std::fs::read(path).unwrap().starts_with(b"TCSBACK1"));
        let sealed: Vec<_> = sealed.collect();
        assert_eq!(sealed.len(), 2);
        for file in sealed {
            let (file, dir) = (file.to_str().unwrap(), home.path().to_str().unwrap());
            let answer = run("read_backup.py", &[file, "--dir", dir]);
            assert!(answer.whole, "{}", answer.json);
        }
    }
}

/// Inverts the lowest bit of a byte.
fn flip(db: &Connection, table: &str, column: &str, which: &str, at: fn(&[u8]) -> usize) {
    let sql = format!("SELECT rowid, {column} FROM {table} WHERE {which} LIMIT 1");
    let row = db.query_row(&sql, [], |r| Ok((r.get(0)?, r.get(1)?)));
    let (row, mut bytes): (i64, Vec<u8>) = row.unwrap();
    let at = at(&bytes);
    bytes[at] ^= 1;
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
    assert_eq!(db.execute(&sql, (bytes, row)).unwrap(), 1);
}

fn first(_: &[u8]) -> usize {
    0
}

fn last(bytes: &[u8]) -> usize {
    bytes.len() - 1
}

/// The last byte of ciphertext before the tag.
fn body(bytes: &[u8]) -> usize {
    bytes.len() - 17
}

/// The first byte of the tenant in a head.
fn head(_: &[u8]) -> usize {
    4 + 1 + 4 + 1
}

fn commitment(bytes: &[u8]) -> usize {
    let head = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
    4 + head + 2 + 1 + 1 + 32 + 12
}

#[tokio::test]
async fn one_altered_byte_anywhere_is_a_finding_of_the_reader() {
    if !python() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("store");
    std::fs::create_dir(&dir).unwrap();
    let full = Full::build(&dir, 300).await;
    let killed = home.path().join("killed");
    copy_dir(&dir, &killed);
    full.store.close().await.unwrap();
    let told = home.path().join("told.jsonl");
    std::fs::write(&told, full.expectations()).unwrap();
    let told = ["--expect", told.to_str().unwrap()];
    let id = hex(&full.sample().to_bytes());
    let record = format!("key = X'{id}'");
    let term = format!("substr(key, 17) = X'{id}'");
    let delivery = format!("substr(value, 1, 16) = X'{id}'");
    let unit = format!("substr(id, 1, 1) = X'07' AND substr(id, 18) = X'{id}'");
    let flips: [(&str, &str, &str, fn(&[u8]) -> usize); 27] = [
        ("records", "value", &record, first),
        ("records", "value", &record, head),
        ("records", "value", &record, commitment),
        ("records", "value", &record, body),
        ("records", "value", &record, last),
        ("records", "r0", &record, last),
        ("records", "key", &record, first),
        ("terms", "key", &term, first),
        ("terms", "value", &term, last),
        ("once", "value", &delivery, first),
        ("once", "value", &delivery, last),
        ("gone", "key", "1", first),
        ("gone", "value", "1", last),
        ("holds", "value", "1", first),
        ("holds", "value", "1", last),
        ("links", "r0", "1", last),
        ("meta", "value", "key = CAST('store' AS BLOB)", first),
        ("meta", "value", "key <> CAST('store' AS BLOB)", last),
        ("audit", "value", "seq = 7", last),
        ("audit", "link", "seq = 7", first),
        ("ledger", "value", "seq = 1", last),
        ("slots", "wrapped", &unit, last),
        ("slots", "wrapped", "substr(id, 1, 1) = X'ff'", last),
        ("roots", "wrapped", "substr(id, 1, 1) = X'02'", last),
        ("roots", "wrapped", "substr(id, 1, 1) = X'09'", first),
        ("roots", "wrapped", "substr(id, 1, 1) = X'0a'", last),
        ("roots", "wrapped", "substr(id, 1, 1) = X'0b'", first),
    ];
    let copy = home.path().join("copy");
    let altered = |of: &Path, file: &str, place: &str, alter: &dyn Fn(&Connection)| {
        copy_dir(of, &copy);
        alter(&Connection::open(copy.join(file)).unwrap());
        let answer = read_store(&copy, &told);
        let found = answer.json.contains(&format!("\"{place}"));
        assert!(!answer.whole && found, "{place}: {}", answer.json);
        std::fs::remove_dir_all(&copy).unwrap();
    };
    for (table, column, which, at) in flips {
        let keys = matches!(table, "slots" | "roots");
        let file = if keys { "keys.db" } else { "records.db" };
        altered(&dir, file, table, &|db| flip(db, table, column, which, at));
    }
    // A length, the key and the value of a row in a run.
    let places: [(&str, fn(&[u8]) -> usize); 3] =
        [("fresh", first), ("terms", |_| 1), ("terms", last)];
    for (place, at) in places {
        altered(&killed, "records.db", place, &|db| {
            flip(db, "fresh", "value", "1", at);
        });
    }
    for (file, place, sql) in [
        (
            "records.db",
            "records",
            format!("UPDATE records SET at = at + 1 WHERE {record}"),
        ),
        (
            "records.db",
            "records",
            format!("DELETE FROM terms WHERE {term}"),
        ),
        (
            "records.db",
            "expected",
            format!("DELETE FROM records WHERE {record}"),
        ),
        (
            "records.db",
            "expected",
            format!("DELETE FROM once WHERE {delivery}"),
        ),
        (
            "records.db",
            "once",
            "UPDATE once SET at = at + 1 WHERE seq = (SELECT min(seq) FROM once)".into(),
        ),
        (
            "records.db",
            "meta",
            "DELETE FROM holds WHERE substr(key, 1, 1) = X'00'".into(),
        ),
        (
            "records.db",
            "links",
            "DELETE FROM links WHERE seq = (SELECT max(seq) FROM links)".into(),
        ),
        (
            "records.db",
            "audit",
            "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)".into(),
        ),
        (
            "records.db",
            "ledger",
            "DELETE FROM ledger WHERE seq = (SELECT max(seq) FROM ledger)".into(),
        ),
        (
            "keys.db",
            "records",
            format!("DELETE FROM slots WHERE {unit}"),
        ),
        (
            "keys.db",
            "roots",
            "DELETE FROM roots WHERE substr(id, 1, 1) = X'02'".into(),
        ),
    ] {
        altered(&dir, file, place, &|db| {
            assert!(db.execute(&sql, []).unwrap() > 0, "{sql}")
        });
    }
    let key = dir.join("root.key");
    let mut bytes = std::fs::read(&key).unwrap();
    bytes[30] ^= 1;
    std::fs::write(&key, bytes).unwrap();
    assert!(!read_store(&dir, &told).whole);
}
