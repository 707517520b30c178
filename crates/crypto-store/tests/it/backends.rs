//! What every back end promises, as functions that run on each.

use std::sync::Arc;

use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{
    Backend, Batch, Expect, Head, KeyId, KeyOp, Link, Log, Op, Outcome, Row, Scan, Side, Table,
};
use crypto_store::{Error, OsEntropy, Store, StoreConfig};

use crate::support::{Place, World, now};

/// A link that a test can compute in its head.
struct Sum;

impl Link for Sum {
    fn link(&self, log: Log, previous: &[u8; 32], seq: u64, value: &[u8]) -> [u8; 32] {
        let mut link = *previous;
        link[0] = link[0].wrapping_add(1);
        link[1] = seq as u8;
        link[2] = value.len() as u8;
        link[3] = log as u8;
        link
    }
}

fn batch(ops: Vec<Op>) -> Batch {
    Batch {
        ops,
        link: Arc::new(Sum),
    }
}

fn row(key: &[u8], value: &[u8]) -> Row {
    Row {
        key: key.to_vec(),
        value: value.to_vec(),
        ..Row::default()
    }
}

fn id(kind: u8, n: u8) -> KeyId {
    KeyId::new(kind, &[1; 16], &[n; 16])
}

/// Runs a check on a fresh back end of each kind.
async fn everywhere<F>(check: impl Fn(Arc<dyn Backend>) -> F)
where
    F: Future<Output = ()>,
{
    check(Arc::new(MemoryBackend::new())).await;
    // A SQLite back end is made by making a store in its files.
    let world = World::sqlite();
    let Place::Files(dir) = &world.place else {
        unreachable!()
    };
    let files = crypto_store::StoreFiles::in_dir(dir.path());
    let store = Store::create(
        StoreConfig::sqlite(files.clone()),
        Arc::clone(&world.root),
        Arc::new(OsEntropy::new()),
        now(),
    )
    .await
    .unwrap();
    store.close().await.unwrap();
    check(Arc::new(
        crypto_store::backend::sqlite::SqliteBackend::attach(&files).unwrap(),
    ))
    .await;
}

async fn keys(backend: &dyn Backend) -> Vec<KeyId> {
    let all = backend.list_keys(None, usize::MAX).await.unwrap();
    all.into_iter()
        .filter(|id| id.as_bytes()[0] >= 0x40)
        .collect()
}

#[tokio::test]
async fn keys_are_added_once_set_always_and_destroyed() {
    everywhere(|b| async move {
        for len in [77, 40, 200] {
            let (one, other) = (vec![1; len], vec![2; len]);
            let key = id(0x40, len as u8);
            assert_eq!(
                b.change_keys(vec![KeyOp::Add(key, one.clone())])
                    .await
                    .unwrap(),
                [true]
            );
            assert_eq!(
                b.change_keys(vec![KeyOp::Add(key, other.clone())])
                    .await
                    .unwrap(),
                [false]
            );
            assert_eq!(b.key(key).await.unwrap(), Some(one));
            assert_eq!(
                b.change_keys(vec![KeyOp::Set(key, other.clone())])
                    .await
                    .unwrap(),
                [false]
            );
            assert_eq!(b.key(key).await.unwrap(), Some(other));
            assert_eq!(
                b.change_keys(vec![KeyOp::Destroy(key)]).await.unwrap(),
                [true]
            );
            assert_eq!(
                b.change_keys(vec![KeyOp::Destroy(key)]).await.unwrap(),
                [false]
            );
            assert_eq!(b.key(key).await.unwrap(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_may_change_its_length() {
    everywhere(|b| async move {
        let key = id(0x40, 1);
        for len in [77, 40, 77, 300] {
            b.change_keys(vec![KeyOp::Set(key, vec![len as u8; len])])
                .await
                .unwrap();
            assert_eq!(b.key(key).await.unwrap().unwrap().len(), len);
            assert_eq!(keys(&*b).await, [key]);
        }
    })
    .await;
}

#[tokio::test]
async fn freed_slots_are_used_again_and_listing_is_in_order() {
    everywhere(|b| async move {
        let add = |n| KeyOp::Add(id(0x41, n), vec![n; 77]);
        b.change_keys((0..100).map(add).collect()).await.unwrap();
        b.change_keys(
            (0..100)
                .step_by(2)
                .map(|n| KeyOp::Destroy(id(0x41, n)))
                .collect(),
        )
        .await
        .unwrap();
        b.change_keys((100..180).map(add).collect()).await.unwrap();
        let expected: Vec<KeyId> = (0..180)
            .filter(|n| *n >= 100 || n % 2 == 1)
            .map(|n| id(0x41, n))
            .collect();
        assert_eq!(keys(&*b).await, expected);
        for n in 0..180u8 {
            let there = n >= 100 || n % 2 == 1;
            assert_eq!(
                b.key(id(0x41, n)).await.unwrap(),
                there.then(|| vec![n; 77])
            );
        }
        let page = b.list_keys(Some(expected[9]), 5).await.unwrap();
        assert_eq!(page, expected[10..15]);
    })
    .await;
}

#[tokio::test]
async fn rows_are_put_replaced_and_deleted() {
    everywhere(|b| async move {
        for table in Table::ALL {
            let full = Row {
                key: b"key".to_vec(),
                refs: [Some(b"r0".to_vec()), Some(b"r1".to_vec())],
                at: Some(-5),
                value: vec![0; 9000],
                seq: 0,
            };
            b.commit(batch(vec![Op::Put(table, full.clone())]))
                .await
                .unwrap();
            let first = b.get(table, b"key".to_vec()).await.unwrap().unwrap();
            assert_eq!(
                Row {
                    seq: 0,
                    ..first.clone()
                },
                full
            );
            b.commit(batch(vec![Op::Put(table, row(b"key", b""))]))
                .await
                .unwrap();
            let second = b.get(table, b"key".to_vec()).await.unwrap().unwrap();
            assert_eq!(
                second,
                Row {
                    seq: first.seq,
                    ..row(b"key", b"")
                }
            );
            b.commit(batch(vec![Op::Delete(table, b"key".to_vec())]))
                .await
                .unwrap();
            assert_eq!(b.get(table, b"key".to_vec()).await.unwrap(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn requirements_guard_the_whole_batch() {
    everywhere(|b| async move {
        let t = Table::Gone;
        let require = |expect| Op::Require(t, b"k".to_vec(), expect);
        let put = Op::Put(t, row(b"other", b"x"));
        let cases = [
            (None, Expect::Absent, true),
            (None, Expect::Present, false),
            (None, Expect::Value(Vec::new()), true),
            (None, Expect::Value(b"v".to_vec()), false),
            (Some(b"v"), Expect::Absent, false),
            (Some(b"v"), Expect::Present, true),
            (Some(b"v"), Expect::Value(b"v".to_vec()), true),
            (Some(b"v"), Expect::Value(b"w".to_vec()), false),
        ];
        for (stored, expect, holds) in cases {
            b.commit(batch(vec![
                Op::Delete(t, b"k".to_vec()),
                Op::Delete(t, b"other".to_vec()),
            ]))
            .await
            .unwrap();
            if let Some(value) = stored {
                b.commit(batch(vec![Op::Put(t, row(b"k", value))]))
                    .await
                    .unwrap();
            }
            // The requirement stands after the change and guards it all the same.
            let ops = vec![
                put.clone(),
                Op::Append(Log::Audit, vec![1]),
                require(expect.clone()),
            ];
            let before = b.log(Log::Audit, 0, usize::MAX).await.unwrap().len();
            let outcome = b.commit(batch(ops)).await.unwrap();
            assert_eq!(
                matches!(outcome, Outcome::Committed(_)),
                holds,
                "{stored:?} {expect:?}"
            );
            if !holds {
                assert_eq!(outcome, Outcome::Refused(2));
            }
            assert_eq!(b.get(t, b"other".to_vec()).await.unwrap().is_some(), holds);
            assert_eq!(
                b.log(Log::Audit, 0, usize::MAX).await.unwrap().len(),
                before + usize::from(holds)
            );
        }
    })
    .await;
}

#[tokio::test]
async fn prefix_scans_are_ordered_bounded_and_paged() {
    everywhere(|b| async move {
        let all: [&[u8]; 7] = [
            b"a",
            b"ab",
            b"ab\x00",
            b"ab\xff",
            b"ab\xff\xff",
            b"ac",
            b"\xff\xff",
        ];
        let puts = all
            .iter()
            .rev()
            .map(|k| Op::Put(Table::Terms, row(k, b"v")))
            .collect();
        b.commit(batch(puts)).await.unwrap();
        let scan = |prefix: &[u8], after: &[u8], limit| Scan::Prefix {
            table: Table::Terms,
            prefix: prefix.to_vec(),
            after: after.to_vec(),
            limit,
        };
        let cases: [(&[u8], &[u8], usize, &[&[u8]]); 7] = [
            (b"", b"", 100, &all),
            (b"ab", b"", 100, &all[1..5]),
            (b"ab", b"ab", 100, &all[2..5]),
            (b"ab", b"ab\xff", 100, &all[4..5]),
            (b"ab", b"", 2, &all[1..3]),
            (b"\xff", b"", 100, &all[6..]),
            (b"zz", b"", 100, &[]),
        ];
        for (prefix, after, limit, expected) in cases {
            let found = b.scan(scan(prefix, after, limit)).await.unwrap();
            assert_eq!(
                found.iter().map(|r| &r.key[..]).collect::<Vec<_>>(),
                expected
            );
        }
    })
    .await;
}

#[tokio::test]
async fn references_are_found_in_order_of_insertion() {
    everywhere(|b| async move {
        for n in (0..20u8).rev() {
            let refs = [Some(vec![n % 2]), (n % 3 == 0).then(|| vec![7])];
            let r = Row {
                refs,
                ..row(&[n], b"v")
            };
            b.commit(batch(vec![Op::Put(Table::Records, r)]))
                .await
                .unwrap();
        }
        let by = |which, value: u8, after, limit| Scan::Ref {
            table: Table::Records,
            which,
            value: vec![value],
            after,
            limit,
        };
        let found = b.scan(by(0, 1, 0, 100)).await.unwrap();
        assert_eq!(
            found.iter().map(|r| r.key[0]).collect::<Vec<_>>(),
            [19, 17, 15, 13, 11, 9, 7, 5, 3, 1]
        );
        let rest = b.scan(by(0, 1, found[3].seq, 2)).await.unwrap();
        assert_eq!(rest, found[4..6]);
        assert_eq!(b.scan(by(1, 7, 0, 100)).await.unwrap().len(), 7);
        assert_eq!(b.scan(by(1, 8, 0, 100)).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn due_rows_come_earliest_first_and_can_be_paged() {
    everywhere(|b| async move {
        for (n, at) in [
            (1, Some(30)),
            (2, Some(10)),
            (3, None),
            (4, Some(20)),
            (5, Some(10)),
            (6, Some(40)),
        ] {
            b.commit(batch(vec![Op::Put(
                Table::Records,
                Row {
                    at,
                    ..row(&[n], b"v")
                },
            )]))
            .await
            .unwrap();
        }
        let due = |after, until, limit| Scan::Due {
            table: Table::Records,
            after,
            until,
            limit,
        };
        let found = b.scan(due((i64::MIN, 0), 30, 100)).await.unwrap();
        assert_eq!(
            found.iter().map(|r| r.key[0]).collect::<Vec<_>>(),
            [2, 5, 4, 1]
        );
        let next = b.scan(due((10, found[0].seq), 30, 2)).await.unwrap();
        assert_eq!(next.iter().map(|r| r.key[0]).collect::<Vec<_>>(), [5, 4]);
        let past = b.scan(due((10, i64::MAX as u64), 100, 100)).await.unwrap();
        assert_eq!(past.iter().map(|r| r.key[0]).collect::<Vec<_>>(), [4, 1, 6]);
    })
    .await;
}

#[tokio::test]
async fn logs_are_numbered_and_linked_apart() {
    everywhere(|b| async move {
        let ops = vec![
            Op::Append(Log::Audit, vec![0; 5]),
            Op::Append(Log::Ledger, vec![0; 6]),
            Op::Append(Log::Audit, vec![0; 7]),
        ];
        let link = |count: u8, seq, len, log: Log| {
            let mut link = [0; 32];
            link[..4].copy_from_slice(&[count, seq, len, log as u8]);
            link
        };
        let (audit, ledger) = (Log::Audit, Log::Ledger);
        assert_eq!(
            b.commit(batch(ops)).await.unwrap(),
            Outcome::Committed(vec![
                Head {
                    log: audit,
                    seq: 0,
                    link: link(1, 0, 5, audit)
                },
                Head {
                    log: ledger,
                    seq: 0,
                    link: link(1, 0, 6, ledger)
                },
                Head {
                    log: audit,
                    seq: 1,
                    link: link(2, 1, 7, audit)
                },
            ])
        );
        let rows = b.log(audit, 1, 10).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (rows[0].seq, rows[0].value.len(), rows[0].link),
            (1, 7, link(2, 1, 7, audit))
        );
    })
    .await;
}

#[tokio::test]
async fn many_callers_at_once_lose_nothing() {
    everywhere(|b| async move {
        let tasks: Vec<_> = (0..200u64)
            .map(|n| {
                let b = Arc::clone(&b);
                tokio::spawn(async move {
                    let ops = vec![
                        Op::Put(Table::Meta, row(&n.to_be_bytes(), b"v")),
                        Op::Append(Log::Audit, vec![n as u8]),
                    ];
                    b.commit(batch(ops)).await.unwrap()
                })
            })
            .collect();
        let mut seqs = Vec::new();
        for task in tasks {
            let Outcome::Committed(heads) = task.await.unwrap() else {
                panic!("refused")
            };
            seqs.push(heads[0].seq);
        }
        seqs.sort_unstable();
        assert_eq!(seqs, (0..200).collect::<Vec<_>>());
        assert_eq!(b.log(Log::Audit, 0, 1000).await.unwrap().len(), 200);
    })
    .await;
}

#[tokio::test]
async fn scrubbing_says_done_and_closing_ends_everything() {
    everywhere(|b| async move {
        assert!(b.scrub(Side::Keys).await.unwrap());
        assert!(b.scrub(Side::Records).await.unwrap());
        b.close().await.unwrap();
        assert!(matches!(
            b.get(Table::Meta, vec![1]).await,
            Err(Error::Closed)
        ));
        assert!(matches!(
            b.commit(batch(Vec::new())).await,
            Err(Error::Closed)
        ));
        assert!(matches!(
            b.change_keys(Vec::new()).await,
            Err(Error::Closed)
        ));
        assert!(matches!(b.key(id(0x40, 1)).await, Err(Error::Closed)));
    })
    .await;
}
