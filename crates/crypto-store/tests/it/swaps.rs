//! Failure 5: an envelope belongs to its row, tenant, person, purpose, bucket, unit and version, bit for bit. What moves
//! between rows and files is in `identity.rs`; here every part of an identity is forged alone, where all keys it names exist.

use std::sync::Arc;

use crypto_store::backend::memory::MemoryBackend;
use crypto_store::backend::{Backend, Batch, Link, Log, Op, Row, Table};
use crypto_store::{Error, NewRecord, Store};
use retention_policy::{Category, RecordId, Role, UnitId};

use crate::support::{Place, World, agent, by, hours, meta, now, person, put, reply, tenant};

struct NoLink;

impl Link for NoLink {
    fn link(&self, _: Log, previous: &[u8; 32], _: u64, _: &[u8]) -> [u8; 32] {
        *previous
    }
}

/// A store in memory whose rows can be reached behind its back.
struct Forge {
    backend: Arc<dyn Backend>,
    store: Store,
}

impl Forge {
    async fn new() -> Self {
        let backend: Arc<dyn Backend> = Arc::new(MemoryBackend::new());
        let world = World::new(Place::Memory(Arc::clone(&backend)));
        let store = world.create().await;
        Forge { backend, store }
    }

    async fn row(&self, id: RecordId) -> Row {
        let key = id.to_bytes().to_vec();
        self.backend
            .get(Table::Records, key)
            .await
            .unwrap()
            .unwrap()
    }

    async fn set(&self, row: Row) {
        let ops = vec![Op::Put(Table::Records, row)];
        let link = Arc::new(NoLink);
        self.backend.commit(Batch { ops, link }).await.unwrap();
    }

    /// Reads as an agent of each tenant; nobody may get anything.
    async fn refuses(&self, id: RecordId, what: &str) -> Vec<Error> {
        let mut errors = Vec::new();
        for n in [1, 2] {
            let who = by(Role::Agent, tenant(n));
            let read = self.store.get(id, &who, &reply(), now()).await;
            errors.push(read.expect_err(what));
        }
        errors
    }
}

/// Splits a row's value into its head with the length before it, and the envelope.
fn split(value: &[u8]) -> (&[u8], &[u8]) {
    let len = u32::from_be_bytes(value[..4].try_into().unwrap()) as usize;
    value.split_at(4 + len)
}

/// The bytes with the first occurrence of `from` replaced.
fn with(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes
        .windows(from.len())
        .position(|w| w == from)
        .expect("it stands there");
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

#[tokio::test]
async fn failure_05_no_part_of_an_identity_can_be_forged() {
    let forge = Forge::new().await;
    let unit = |n| UnitId::from_random([n; 16]);
    let record = |owner: u8, who: u8, made, unit: UnitId| {
        let meta = meta(tenant(owner), person(who), Category::Session, made);
        NewRecord::new(meta, b"the text".to_vec()).unit(unit)
    };
    let earlier = now() - hours(3);
    let mut ids = Vec::new();
    // Both tenants have keys of both people, both buckets and both units.
    for owner in [1, 2] {
        for (who, made, unit) in [(1, now(), unit(1)), (2, earlier, unit(2))] {
            let record = record(owner, who, made, unit);
            let agent = by(Role::Agent, tenant(owner));
            let stored = forge.store.put(record, &agent, &reply(), now()).await;
            ids.push(stored.unwrap().id());
        }
    }
    let (id, other) = (ids[0], ids[1]);
    let row = forge.row(id).await;
    let (head, envelope) = split(&row.value);
    let expiry = |made| {
        meta(tenant(1), person(1), Category::Session, made)
            .expires_at()
            .timestamp()
    };
    let end = |made| {
        meta(tenant(1), person(1), Category::Session, made)
            .bucket()
            .end_seconds()
    };
    let region = head.windows(3).position(|w| w == b"\x02FR").unwrap();
    let mut purposes = head.to_vec();
    purposes[region - 1] |= 0b100;
    let mut category = head.to_vec();
    category[region - 3] = 4;
    let twice = [unit(1).to_bytes(), unit(1).to_bytes()].concat();
    let counter = |n: u32| [&unit(1).to_bytes()[..], &n.to_be_bytes()].concat();
    let forged = [
        (
            "tenant",
            with(head, &tenant(1).to_bytes(), &tenant(2).to_bytes()),
        ),
        (
            "person",
            with(head, &person(1).to_bytes(), &person(2).to_bytes()),
        ),
        ("purposes", purposes),
        ("category", category),
        ("region", with(head, b"\x02FR", b"\x02DE")),
        (
            "expiry",
            with(
                head,
                &expiry(now()).to_be_bytes(),
                &(expiry(now()) + 1).to_be_bytes(),
            ),
        ),
        (
            "bucket",
            with(head, &end(now()).to_be_bytes(), &end(earlier).to_be_bytes()),
        ),
        (
            "unit",
            with(
                head,
                &twice,
                &[unit(2).to_bytes(), unit(1).to_bytes()].concat(),
            ),
        ),
        (
            "unit key",
            with(
                head,
                &twice,
                &[unit(1).to_bytes(), unit(2).to_bytes()].concat(),
            ),
        ),
        (
            "unit and key",
            with(
                head,
                &twice,
                &[unit(2).to_bytes(), unit(2).to_bytes()].concat(),
            ),
        ),
        ("sealed again", with(head, &counter(0), &counter(1))),
        (
            "terms",
            [
                &with(
                    head,
                    &[counter(0), vec![0; 4]].concat(),
                    &[counter(0), vec![0, 0, 0, 1]].concat(),
                )[..],
                &[7; 16],
            ]
            .concat(),
        ),
    ];
    for (what, mut head) in forged {
        let len = (head.len() as u32 - 4).to_be_bytes();
        head[..4].copy_from_slice(&len);
        let value = [&head, envelope].concat();
        assert_ne!(value, row.value, "{what}");
        forge
            .set(Row {
                value,
                ..row.clone()
            })
            .await;
        let errors = forge.refuses(id, what).await;
        // One of the two is whom the head names, and has every key it names: the envelope refuses.
        assert!(
            errors.iter().any(|e| matches!(e, Error::Corrupt { .. })),
            "{what}: {errors:?}"
        );
    }
    // The whole value in the row of another record.
    forge
        .set(Row {
            key: other.to_bytes().to_vec(),
            ..row.clone()
        })
        .await;
    assert!(matches!(
        forge.refuses(other, "row").await[0],
        Error::Corrupt { .. }
    ));
    forge.set(row).await;
    let opened = forge
        .store
        .get(id, &agent(), &reply(), now())
        .await
        .unwrap();
    assert_eq!(opened.expose(), b"the text");
}

#[tokio::test]
async fn failure_05_no_bit_can_be_flipped() {
    let forge = Forge::new().await;
    let id = put(&forge.store, person(1), b"every bit").await;
    let row = forge.row(id).await;
    for bit in 0..row.value.len() * 8 {
        let mut value = row.value.clone();
        value[bit / 8] ^= 1 << (bit % 8);
        forge
            .set(Row {
                value,
                ..row.clone()
            })
            .await;
        forge.refuses(id, &format!("bit {bit}")).await;
    }
    forge.set(row).await;
    let opened = forge
        .store
        .get(id, &agent(), &reply(), now())
        .await
        .unwrap();
    assert_eq!(opened.expose(), b"every bit");
}

#[tokio::test]
async fn failure_05_cut_longer_empty_and_downgraded() {
    let forge = Forge::new().await;
    let id = put(&forge.store, person(1), b"whole").await;
    let row = forge.row(id).await;
    let (head, envelope) = split(&row.value);
    assert_eq!(envelope[..2], *b"CS");
    let mut values: Vec<(String, Vec<u8>)> = (0..row.value.len())
        .map(|len| (format!("{len} bytes"), row.value[..len].to_vec()))
        .collect();
    for more in [&b"\0"[..], b"CS", &row.value] {
        values.push((format!("{} more", more.len()), [&row.value, more].concat()));
        values.push((
            format!("{} before", more.len()),
            [head, more, envelope].concat(),
        ));
        values.push((
            format!("{} in front", more.len()),
            [more, &row.value].concat(),
        ));
    }
    // Every other format and suite: no byte leads to a weaker way of opening.
    for (at, own) in [(2, envelope[2]), (3, envelope[3])] {
        for byte in (0..=u8::MAX).filter(|b| *b != own) {
            let mut altered = envelope.to_vec();
            altered[at] = byte;
            values.push((format!("byte {at} is {byte}"), [head, &altered].concat()));
        }
    }
    // And the head's own version.
    for byte in (0..=u8::MAX).filter(|b| *b != head[4]) {
        let mut altered = head.to_vec();
        altered[4] = byte;
        values.push((format!("head {byte}"), [&altered, envelope].concat()));
    }
    for (what, value) in values {
        forge
            .set(Row {
                value,
                ..row.clone()
            })
            .await;
        let error = forge.refuses(id, &what).await.remove(0);
        let typed = matches!(error, Error::Corrupt { .. } | Error::NewerFormat { .. });
        assert!(typed, "{what}: {error:?}");
    }
}
