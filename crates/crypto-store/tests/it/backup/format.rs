//! The section "Backups" of docs/format.md, read by somebody who does not know the crate.

use std::collections::BTreeMap;
use std::sync::Arc;

use crypto_store::{KeyBackups, KeyFile, OsEntropy, Store, StoreConfig, StoreFiles};
use hkdf::Hkdf;
use rusqlite::Connection;
use sha2::Sha256;

use super::Elsewhere;
use crate::format::{Keys, id, number, open, sha256, take, unwrap_key};
use crate::support::{now, person, put, tenant};

const HEADER: usize = 69;

struct Stream {
    what: u8,
    store: Vec<u8>,
    made: u64,
    extra: Vec<u8>,
    header: Vec<u8>,
    sealed: Vec<u8>,
}

impl Stream {
    fn parse(bytes: &[u8]) -> Self {
        assert_eq!(bytes[..8], *b"TCSBACK1");
        let len = number(&bytes[HEADER - 4..HEADER]) as usize;
        let (header, sealed) = bytes.split_at(HEADER + len + 16);
        assert_eq!(
            header[HEADER + len..],
            sha256(&header[..HEADER + len])[..16]
        );
        Stream {
            what: bytes[8],
            store: bytes[9..25].to_vec(),
            made: number(&bytes[25..33]),
            extra: header[HEADER..HEADER + len].to_vec(),
            header: header.to_vec(),
            sealed: sealed.to_vec(),
        }
    }

    fn content(&self, key: &[u8]) -> Vec<u8> {
        let info = [
            &b"tactful crypto-store backup v1"[..],
            &sha256(&self.header),
        ]
        .concat();
        let mut okm = [0; 64];
        Hkdf::<Sha256>::new(Some(&self.header[33..65]), key)
            .expand(&info, &mut okm)
            .unwrap();
        let mut rest = &self.sealed[..];
        assert_eq!(take(&mut rest, 32), &okm[32..]);
        let (mut content, mut counter) = (Vec::new(), 0u64);
        loop {
            let last = take(&mut rest, 1)[0];
            let len = number(take(&mut rest, 4)) as usize;
            let sealed = take(&mut rest, len + 16);
            let nonce = [&[0; 3], &counter.to_be_bytes()[..], &[last]].concat();
            content.extend(open(&okm[..32], &nonce, sealed, &self.header));
            counter += 1;
            if last == 1 {
                assert!(rest.is_empty());
                return content;
            }
            assert_eq!(len, 65_536);
        }
    }
}

fn field(rest: &mut &[u8]) -> Vec<u8> {
    let len = number(take(rest, 4)) as usize;
    take(rest, len).to_vec()
}

/// A row: key, r0, r1, at, value.
type Row = (
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
    Vec<u8>,
);

fn row(rest: &mut &[u8]) -> Row {
    let key = field(rest);
    let mut part = || (take(rest, 1)[0] == 1).then(|| field(rest));
    let (r0, r1) = (part(), part());
    let at = (take(rest, 1)[0] == 1).then(|| number(take(rest, 8)) as i64);
    (key, r0, r1, at, field(rest))
}

#[tokio::test]
async fn backups_are_read_by_their_description_alone() {
    let (dir, out) = (tempfile::tempdir().unwrap(), Elsewhere::new());
    let files = StoreFiles::in_dir(dir.path());
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone()).unwrap());
    let config = StoreConfig::sqlite(files.clone());
    let store = Store::create(config, root, entropy, now()).await.unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    for n in 0..3u8 {
        put(&store, person(n), &vec![n; 40_000]).await;
    }
    let to = KeyBackups::in_dir(out.path("keys"));
    let keys_file = store.backup_keys(&to, now()).await.unwrap().path;
    let records_file = out.path("a.backup");
    store.backup(&records_file, now()).await.unwrap();
    store.close().await.unwrap();

    let file = std::fs::read(dir.path().join("root.key")).unwrap();
    let root = &file[24..56];
    let keys = Keys::read(&files);
    let audit = keys.key(root, &id(1, &[0; 16], &[0; 16]));

    // Records: every row of the file is in the backup as it is.
    let stream = Stream::parse(&std::fs::read(&records_file).unwrap());
    assert_eq!((stream.what, &stream.store), (0, &keys.store));
    assert_eq!(stream.made, now().timestamp() as u64);
    assert!(stream.extra.is_empty());
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, &audit)
        .expand(b"tactful crypto-store backup key v1", &mut key)
        .unwrap();
    let content = stream.content(&key);
    assert!(content.len() > 120_000);
    let c = Connection::open(files.records()).unwrap();
    let tables = [
        "records", "terms", "once", "gone", "holds", "links", "intents", "meta",
    ];
    let (mut rest, mut pieces, mut rows, mut entries) = (&content[..], 0u64, 0, 0);
    loop {
        let tag = take(&mut rest, 1)[0];
        match tag {
            0..=7 => {
                let row = row(&mut rest);
                let sql = format!(
                    "SELECT key, r0, r1, at, value FROM {} WHERE key = ?1",
                    tables[usize::from(tag)]
                );
                let stored: Row = c
                    .query_row(&sql, [&row.0], |r| {
                        Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?))
                    })
                    .unwrap();
                assert!(row == stored);
                rows += 1;
            }
            0x10 | 0x11 => {
                let (seq, link) = (number(take(&mut rest, 8)), take(&mut rest, 32).to_vec());
                let value = field(&mut rest);
                let log = ["audit", "ledger"][usize::from(tag - 0x10)];
                let sql = format!("SELECT value, link FROM {log} WHERE seq = ?1");
                let stored: (Vec<u8>, Vec<u8>) = c
                    .query_row(&sql, [seq as i64], |r| Ok((r.get(0)?, r.get(1)?)))
                    .unwrap();
                assert!((value, link) == stored);
                entries += 1;
            }
            0xff => {
                assert_eq!(number(take(&mut rest, 8)), pieces);
                break;
            }
            _ => panic!("an unknown piece {tag}"),
        }
        pieces += 1;
    }
    assert!(rest.is_empty());
    let count = |sql: &str| -> i64 { c.query_row(sql, [], |r| r.get(0)).unwrap() };
    let all: i64 = tables
        .iter()
        .map(|table| count(&format!("SELECT count(*) FROM {table}")))
        .sum();
    assert_eq!(rows, all);
    // The backup's own entry comes after its moment.
    assert_eq!(entries, count("SELECT count(*) FROM audit") - 1);

    // Keys: under a key that the root wraps.
    let stream = Stream::parse(&std::fs::read(&keys_file).unwrap());
    assert_eq!((stream.what, &stream.store), (1, &keys.store));
    assert_eq!(stream.extra[..16], file[8..24]);
    let context = [&b"tactful crypto-store key backup v1"[..], &keys.store].concat();
    let key = unwrap_key(root, &context, &stream.extra[16..]);
    let content = stream.content(&key);
    let (mut rest, mut found) = (&content[..], BTreeMap::new());
    while take(&mut rest, 1) == [0x20] {
        let id = take(&mut rest, 33).to_vec();
        found.insert(id, field(&mut rest));
    }
    assert_eq!(number(&rest[..8]), found.len() as u64);
    let wrapped = |keys: &BTreeMap<Vec<u8>, Vec<u8>>| -> Vec<(Vec<u8>, Vec<u8>)> {
        let all = keys.iter().filter(|(id, _)| id[0] != 2);
        all.map(|(id, w)| (id.clone(), w.clone())).collect()
    };
    // But for the mark, nothing has changed since.
    assert!(wrapped(&found) == wrapped(&keys.wrapped));
}
