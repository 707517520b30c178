//! Records and keys belong where they were written: whatever is moved, copied or altered does not open.

use crypto_store::Error;
use retention_policy::RecordId;
use rusqlite::{Connection, params};

use crate::support::{World, now, person, put, read};

async fn two() -> (World, [RecordId; 2]) {
    let world = World::sqlite();
    let store = world.create().await;
    let ids = [
        put(&store, person(1), b"the first record").await,
        put(&store, person(2), b"the other record").await,
    ];
    store.close().await.unwrap();
    (world, ids)
}

fn value(c: &Connection, id: RecordId) -> Vec<u8> {
    c.query_row(
        "SELECT value FROM records WHERE key = ?1",
        [id.to_bytes()],
        |r| r.get(0),
    )
    .unwrap()
}

fn set(c: &Connection, id: RecordId, value: &[u8]) {
    let n = c
        .execute(
            "UPDATE records SET value = ?2 WHERE key = ?1",
            params![id.to_bytes(), value],
        )
        .unwrap();
    assert_eq!(n, 1);
}

/// Splits a row's value into its head with the length before it, and the envelope.
fn split(value: &[u8]) -> (&[u8], &[u8]) {
    let len = u32::from_be_bytes(value[..4].try_into().unwrap()) as usize;
    value.split_at(4 + len)
}

#[tokio::test]
async fn a_row_in_anothers_place_does_not_open() {
    let (world, [a, b]) = two().await;
    let c = Connection::open(world.files().records()).unwrap();
    let (of_a, of_b) = (value(&c, a), value(&c, b));
    set(&c, a, &of_b);
    set(&c, b, &of_a);
    drop(c);
    let store = world.open().await;
    for id in [a, b] {
        assert!(matches!(
            read(&store, id, now()).await,
            Err(Error::Corrupt { .. })
        ));
    }
    let survey = store.survey(now()).await.unwrap();
    assert_eq!((survey.records, survey.readable, survey.damaged), (2, 0, 2));
}

#[tokio::test]
async fn an_envelope_under_anothers_head_does_not_open() {
    let (world, [a, b]) = two().await;
    let c = Connection::open(world.files().records()).unwrap();
    let (of_a, of_b) = (value(&c, a), value(&c, b));
    set(&c, a, &[split(&of_a).0, split(&of_b).1].concat());
    drop(c);
    let store = world.open().await;
    assert!(matches!(
        read(&store, a, now()).await,
        Err(Error::Corrupt { .. })
    ));
    assert_eq!(read(&store, b, now()).await.unwrap(), b"the other record");
}

#[tokio::test]
async fn no_altered_byte_goes_unnoticed() {
    let (world, [a, _]) = two().await;
    let store = world.open().await;
    let c = Connection::open(world.files().records()).unwrap();
    let whole = value(&c, a);
    for at in 0..whole.len() {
        for bit in [0x01, 0x80] {
            let mut altered = whole.clone();
            altered[at] ^= bit;
            set(&c, a, &altered);
            let error = read(&store, a, now())
                .await
                .expect_err("an altered record was read");
            // An altered head may name another tenant, another time or keys that do not exist.
            assert!(
                matches!(
                    error,
                    Error::Corrupt { .. }
                        | Error::NotFound
                        | Error::AlreadyErased
                        | Error::Expired
                        | Error::Denied
                        | Error::NewerFormat { .. }
                ),
                "byte {at}: {error:?}"
            );
        }
    }
    for len in 0..whole.len() {
        set(&c, a, &whole[..len]);
        assert!(
            matches!(read(&store, a, now()).await, Err(Error::Corrupt { .. })),
            "{len} bytes"
        );
    }
    set(&c, a, &whole);
    assert_eq!(read(&store, a, now()).await.unwrap(), b"the first record");
}

#[tokio::test]
async fn the_end_of_a_record_cannot_be_put_off() {
    let (world, [a, _]) = two().await;
    let c = Connection::open(world.files().records()).unwrap();
    let whole = value(&c, a);
    let end = crate::support::session(person(1))
        .expires_at()
        .timestamp()
        .to_be_bytes();
    let at = whole.windows(8).position(|w| w == end).unwrap();
    let mut altered = whole.clone();
    altered[at + 5] += 1;
    set(&c, a, &altered);
    drop(c);
    let store = world.open().await;
    assert!(read(&store, a, now()).await.is_err());
}

#[tokio::test]
async fn a_key_in_anothers_place_does_not_unwrap() {
    let (world, [a, b]) = two().await;
    let c = Connection::open(world.files().keys()).unwrap();
    let unit = |id: RecordId| {
        let sql = "SELECT slot, wrapped FROM slots WHERE substr(id, 1, 1) = X'07' AND substr(id, 18, 16) = ?1";
        c.query_row(sql, [id.to_bytes()], |r| {
            Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?))
        })
        .unwrap()
    };
    let ((slot_a, key_a), (slot_b, key_b)) = (unit(a), unit(b));
    c.execute(
        "UPDATE slots SET wrapped = ?2 WHERE slot = ?1",
        params![slot_a, key_b],
    )
    .unwrap();
    c.execute(
        "UPDATE slots SET wrapped = ?2 WHERE slot = ?1",
        params![slot_b, key_a],
    )
    .unwrap();
    drop(c);
    let store = world.open().await;
    for id in [a, b] {
        assert!(matches!(
            read(&store, id, now()).await,
            Err(Error::Corrupt { .. })
        ));
    }
}

#[tokio::test]
async fn equal_contents_have_nothing_in_common() {
    let world = World::sqlite();
    let store = world.create().await;
    let body = vec![0; 4096];
    let ids = [
        put(&store, person(1), &body).await,
        put(&store, person(1), &body).await,
    ];
    let c = Connection::open(world.files().records()).unwrap();
    let [one, two] = ids.map(|id| split(&value(&c, id)).1.to_vec());
    // "CS", format and suite are the same; no eight bytes after them are.
    assert_eq!(one[..4], two[..4]);
    assert_eq!(one.len(), two.len());
    let same = one[4..]
        .windows(8)
        .zip(two[4..].windows(8))
        .filter(|(a, b)| a == b)
        .count();
    assert_eq!(same, 0);
}
