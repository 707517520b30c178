//! docs/format.md, read by somebody who does not know the crate: from the root file to the text, with ciphers of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit};
use crypto_store::{IndexTerm, KeyFile, NewRecord, OsEntropy, Store, StoreConfig, StoreFiles};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use retention_policy::UnitId;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::support::{agent, copy_dir, email, now, person, reply, session, tenant};

pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

pub(crate) fn open(key: &[u8], nonce: &[u8], sealed: &[u8], aad: &[u8]) -> Vec<u8> {
    let cipher = Aes256Gcm::new_from_slice(key).unwrap();
    let nonce: [u8; 12] = nonce.try_into().unwrap();
    cipher
        .decrypt(&nonce.into(), Payload { msg: sealed, aad })
        .expect("it opens")
}

/// Takes `n` bytes off the front.
pub(crate) fn take<'a>(rest: &mut &'a [u8], n: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(n);
    *rest = tail;
    head
}

pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b))
}

pub(crate) fn unwrap_key(parent: &[u8], context: &[u8], wrapped: &[u8]) -> Vec<u8> {
    assert_eq!((wrapped.len(), wrapped[0]), (81, 1));
    assert_eq!(wrapped[1..5], [0; 4], "no rotation yet");
    let once = hmac(parent, &[b"tactful crypto-store wrap v1", &wrapped[5..21]]);
    let aad = [&wrapped[1..5], context].concat();
    open(&once, &wrapped[21..33], &wrapped[33..], &aad)
}

pub(crate) struct Keys {
    pub(crate) store: Vec<u8>,
    pub(crate) wrapped: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Keys {
    pub(crate) fn read(files: &StoreFiles) -> Self {
        let wrapped = crate::support::wrapped(files);
        let header = &wrapped[&id(0, &[0; 16], &[0; 16])];
        assert_eq!((&header[..8], header.len()), (&b"TCSHEAD1"[..], 40));
        Keys {
            store: header[24..].to_vec(),
            wrapped,
        }
    }

    pub(crate) fn key(&self, parent: &[u8], id: &[u8]) -> Vec<u8> {
        let context = [b"tactful crypto-store key v0", &self.store[..], id].concat();
        unwrap_key(parent, &context, &self.wrapped[id])
    }
}

pub(crate) fn id(kind: u8, tenant: &[u8], reference: &[u8]) -> Vec<u8> {
    [&[kind], tenant, reference].concat()
}

#[tokio::test]
async fn a_store_is_read_by_its_description_alone() {
    let dir = tempfile::tempdir().unwrap();
    let files = StoreFiles::in_dir(dir.path());
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone()).unwrap());
    let store = Store::create(StoreConfig::sqlite(files.clone()), root, entropy, now())
        .await
        .unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    let unit = UnitId::from_random([6; 16]);
    let unit_id = unit.to_bytes();
    let record = NewRecord::new(session(person(1)), b"the text".to_vec())
        .terms(vec![email("zoe@example.org")])
        .unit(unit)
        .idempotency_key(b"delivery 1");
    let record = store
        .put(record, &agent(), &reply(), now())
        .await
        .unwrap()
        .id();
    store
        .erase_subject(
            person(9),
            &crate::support::officer(),
            &crate::support::request(),
            now(),
        )
        .await
        .unwrap();
    store.close().await.unwrap();

    // root.key
    let file = std::fs::read(dir.path().join("root.key")).unwrap();
    assert_eq!((&file[..8], file.len()), (&b"TCSROOT0"[..], 72));
    assert_eq!(file[56..], sha256(&file[..56])[..16]);
    let root = &file[24..56];

    // keys.db
    let keys = Keys::read(&files);
    let owner = tenant(1).to_bytes();
    let of_tenant = keys.key(root, &id(3, &owner, &[0; 16]));
    let audit = keys.key(root, &id(1, &[0; 16], &[0; 16]));

    // records.db: the row, its head, its envelope
    let c = Connection::open(files.records()).unwrap();
    let one = |sql: &str, key: &[u8]| -> Vec<u8> { c.query_row(sql, [key], |r| r.get(0)).unwrap() };
    let row_key = hmac(&audit, &[b"tactful crypto-store row v1"]);
    // A tag without references and instant: each absent part is a length of all ones.
    let tag = |table: u8, key: &[u8], at: Option<i64>, value: &[u8]| {
        let part = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes(), bytes].concat();
        let at = at.map_or(vec![0xff; 4], |at| part(&at.to_be_bytes()));
        let all = [&[table][..], &part(key), &[0xff; 8], &at, &part(value)].concat();
        hmac(&row_key, &[&all])[..16].to_vec()
    };
    assert_eq!(
        one("SELECT value FROM meta WHERE key = ?1", b"store"),
        [&keys.store[..], &tag(7, b"store", None, &keys.store)].concat()
    );
    let value = one(
        "SELECT value FROM records WHERE key = ?1",
        &record.to_bytes(),
    );
    let mut rest = &value[..];
    let len = number(take(&mut rest, 4)) as usize;
    let head = take(&mut rest, len);
    let mut h = head;
    assert_eq!(take(&mut h, 1), [0]);
    let len = number(take(&mut h, 4)) as usize;
    let mut meta = take(&mut h, len);
    let mut field = || {
        let len = usize::from(take(&mut meta, 1)[0]);
        take(&mut meta, len)
    };
    assert_eq!(field(), owner);
    assert_eq!(field(), person(1).to_bytes());
    assert_eq!(
        (field(), field(), field()),
        (&[0][..], &[1][..], &b"FR"[..])
    );
    assert_eq!(number(field()) as i64, now().timestamp());
    let expiry = number(field()) as i64;
    assert_eq!(expiry, session(person(1)).expires_at().timestamp());
    let bucket = take(&mut h, 9);
    let end = number(&bucket[1..]) as i64;
    assert_eq!((bucket[0], end), (0, (expiry + 899) / 900 * 900));
    assert_eq!(
        (take(&mut h, 16), take(&mut h, 16)),
        (&unit_id[..], &unit_id[..])
    );
    assert_eq!((number(take(&mut h, 4)), number(take(&mut h, 4))), (0, 1));
    let term = take(&mut h, 16);
    assert!(h.is_empty());

    assert_eq!(take(&mut rest, 4), [b'C', b'S', 0, 1]);
    let (salt, nonce, commitment) = (
        take(&mut rest, 32),
        take(&mut rest, 12),
        take(&mut rest, 32),
    );
    let subject = keys.key(&of_tenant, &id(6, &owner, &person(1).to_bytes()));
    let bucket = keys.key(&of_tenant, &id(4, &owner, &[bucket, &[0; 7]].concat()));
    let unit = keys.key(&of_tenant, &id(7, &owner, &unit_id));
    let len = (head.len() as u32).to_be_bytes();
    let identity = [
        b"tactful crypto-store identity v0",
        &record.to_bytes()[..],
        &len,
        head,
    ]
    .concat();
    let info = [b"tactful crypto-store record v0", &sha256(&identity)[..]].concat();
    let mut okm = [0; 64];
    Hkdf::<Sha256>::new(Some(salt), &[subject, bucket, unit].concat())
        .expand(&info, &mut okm)
        .unwrap();
    assert_eq!(okm[32..], *commitment);
    assert_eq!(open(&okm[..32], nonce, rest, &identity), b"the text");

    // Blind values
    let index = keys.key(
        &of_tenant,
        &id(5, &owner, &[&sha256(b"email")[..12], &[0; 4]].concat()),
    );
    assert_eq!(
        term,
        &hmac(
            &index,
            &[b"tactful crypto-store term v0", b"zoe@example.org"]
        )[..16]
    );
    let row = one(
        "SELECT value FROM terms WHERE key = ?1",
        &[term, &record.to_bytes()].concat(),
    );
    assert_eq!(row, [&expiry.to_be_bytes()[..], &[0, 1]].concat());
    let once = keys.key(
        &of_tenant,
        &id(5, &owner, &[&sha256(b"#once")[..12], &[0; 4]].concat()),
    );
    let delivery = hmac(&once, &[b"tactful crypto-store once v0", b"delivery 1"]);
    assert_eq!(
        one("SELECT value FROM once WHERE key = ?1", &delivery),
        [
            &record.to_bytes()[..],
            &tag(2, &delivery, Some(expiry), &record.to_bytes())
        ]
        .concat()
    );
    let blind = hmac(&audit, &[b"tactful crypto-store blind v0"]);
    let blind = |kind: u8, id: &[u8]| hmac(&blind, &[&[kind], id])[..16].to_vec();

    // Both logs: every link, and who is in the entries
    for (log, label) in [
        ("audit", "tactful crypto-store audit v0"),
        ("ledger", "tactful crypto-store ledger v0"),
    ] {
        let mut statement = c
            .prepare(&format!("SELECT seq, value, link FROM {log} ORDER BY seq"))
            .unwrap();
        let rows = statement.query_map([], |r| {
            Ok((
                r.get::<_, i64>(0)?,
                r.get::<_, Vec<u8>>(1)?,
                r.get::<_, Vec<u8>>(2)?,
            ))
        });
        let mut previous = vec![0; 32];
        for (n, row) in rows.unwrap().enumerate() {
            let (seq, value, link) = row.unwrap();
            assert_eq!(seq, n as i64);
            let leaf = sha256(&[&[0], &value[..]].concat());
            let expected = hmac(
                &audit,
                &[label.as_bytes(), &previous, &seq.to_be_bytes(), &leaf],
            );
            assert_eq!(link, expected, "{log} {n}");
            assert_eq!(
                (value[0], number(&value[1..9]) as i64),
                (0, now().timestamp_millis())
            );
            previous = link;
            if log == "audit" {
                assert_eq!((value.len(), &value[29..45]), (81, &blind(3, &owner)[..]));
            }
            if log == "audit" && n == 1 {
                // create, allowed, agent, draft reply; the person, the record
                assert_eq!(value[9..13], [0, 0, 0, 0]);
                assert_eq!(value[13..29], blind(0xff, &agent().actor().to_bytes()));
                assert_eq!(value[45..61], blind(6, &person(1).to_bytes()));
                assert_eq!(value[61..77], blind(8, &record.to_bytes()));
                assert_eq!(number(&value[77..]), 1);
            }
            if log == "ledger" {
                assert_eq!((value.len(), value[9], usize::from(value[10])), (67, 0, n));
                assert_eq!(value[27..43], blind(3, &owner));
                assert_eq!(value[43..59], blind(6, &person(9).to_bytes()));
            }
        }
    }
    let erased = id(6, &owner, &person(9).to_bytes());
    let gone = one("SELECT value FROM gone WHERE key = ?1", &erased);
    assert_eq!(gone, tag(3, &erased, None, b""));

    // Beside the keys
    let beside = |id: &[u8]| {
        let row = &keys.wrapped[id];
        let (value, tag) = row.split_at(row.len() - 16);
        assert_eq!(tag, &hmac(&row_key, &[&[0xff], id, value])[..16]);
        value.to_vec()
    };
    let person_gone = beside(&id(11, &owner, &person(9).to_bytes()));
    assert_eq!(number(&person_gone) as i64, now().timestamp_millis());
    let epochs = beside(&id(9, &owner, &[0; 16]));
    assert_eq!(epochs, [&[1][..], &[0; 12]].concat());
    let mark = beside(&id(2, &[0; 16], &[0; 16]));
    assert_eq!((mark[0], mark.len()), (1, 49));
    assert_eq!(number(&mark[41..]), 3, "begun, destroyed, purged");

    // The headers of both files
    for (file, application) in [("keys.db", b"TCSK"), ("records.db", b"TCSR")] {
        let header = std::fs::read(dir.path().join(file)).unwrap();
        assert_eq!(
            (
                &header[68..72],
                number(&header[60..64]),
                number(&header[16..18])
            ),
            (&application[..], 0x0001_0001, 8192)
        );
    }
}

#[tokio::test]
async fn new_terms_are_in_runs_until_the_store_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let files = StoreFiles::in_dir(dir.path());
    let entropy = Arc::new(OsEntropy::new());
    let root = Arc::new(KeyFile::create(dir.path().join("root.key"), entropy.clone()).unwrap());
    let store = Store::create(StoreConfig::sqlite(files.clone()), root, entropy, now()).await;
    let store = store.unwrap();
    store.create_tenant(tenant(1), now()).await.unwrap();
    let terms = vec![
        email("zoe@example.org"),
        IndexTerm::new("name", "zoe").unwrap(),
    ];
    for _ in 0..2 {
        let record = NewRecord::new(session(person(1)), b"the text".to_vec()).terms(terms.clone());
        let put = store.put(record, &agent(), &reply(), now()).await;
        put.unwrap();
    }
    let killed = tempfile::tempdir().unwrap();
    copy_dir(dir.path(), killed.path());
    store.close().await.unwrap();

    let c = Connection::open(killed.path().join("records.db")).unwrap();
    let mut runs = c.prepare("SELECT seq, value FROM fresh").unwrap();
    let runs = runs.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
    let mut rows = Vec::new();
    for run in runs {
        let (mut seq, run): (i64, Vec<u8>) = run.unwrap();
        let mut rest = &run[..];
        while !rest.is_empty() {
            let mut part = || {
                let (part, more) = rest[1..].split_at(usize::from(rest[0]));
                rest = more;
                part.to_vec()
            };
            rows.push((seq, part(), part()));
            seq += 1;
        }
    }
    assert_eq!(rows.len(), 4);
    assert!(rows.iter().all(|(_, key, _)| key.len() == 32));

    let c = Connection::open(files.records()).unwrap();
    let runs: i64 = c
        .query_row("SELECT count(*) FROM fresh", [], |r| r.get(0))
        .unwrap();
    assert_eq!(runs, 0);
    let mut tree = c
        .prepare("SELECT seq, key, value FROM terms WHERE r0 IS NULL AND r1 IS NULL AND at IS NULL ORDER BY seq")
        .unwrap();
    let tree = tree.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)));
    let tree: Result<Vec<(i64, Vec<u8>, Vec<u8>)>, _> = tree.unwrap().collect();
    assert_eq!(tree.unwrap(), rows);
}
