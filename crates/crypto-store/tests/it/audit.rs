//! The audit: what is in it, and what it notices.

use crypto_store::audit::tree::{Frontier, inclusion_proof, leaf_hash, root, verify_inclusion};
use crypto_store::{AuditEntry, BlindId, Decision};
use retention_policy::{Action, Purpose, Role};
use rusqlite::Connection;

use crate::support::{CANARY, World, agent, hex, now, person, put, read, reply};

/// The test vectors of the Certificate Transparency project for RFC 6962: eight entries and the roots after each.
const ENTRIES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

#[test]
fn roots_are_those_of_the_reference_vectors() {
    let mut tree = Frontier::default();
    assert_eq!(
        hex(&tree.root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    let mut leaves = Vec::new();
    for (entry, expected) in ENTRIES.iter().zip(ROOTS) {
        tree.push(leaf_hash(entry));
        leaves.push(leaf_hash(entry));
        assert_eq!(hex(&tree.root()), expected);
        assert_eq!(root(&leaves), tree.root());
    }
}

#[test]
fn an_inclusion_proof_holds_for_its_leaf_alone() {
    for size in 1..70usize {
        let leaves: Vec<_> = (0..size).map(|n| leaf_hash(&[n as u8])).collect();
        let whole = root(&leaves);
        assert_eq!(inclusion_proof(&leaves, size), None);
        for (at, leaf) in leaves.iter().enumerate() {
            let proof = inclusion_proof(&leaves, at).unwrap();
            assert!(verify_inclusion(
                leaf,
                at as u64,
                size as u64,
                &proof,
                &whole
            ));
            let other = leaf_hash(b"other");
            assert!(!verify_inclusion(
                &other,
                at as u64,
                size as u64,
                &proof,
                &whole
            ));
            assert!(!verify_inclusion(
                leaf,
                at as u64 + 1,
                size as u64,
                &proof,
                &whole
            ));
            assert!(!verify_inclusion(
                leaf,
                at as u64,
                size as u64,
                &proof,
                &other
            ));
            if size > 1 {
                assert!(!verify_inclusion(
                    leaf,
                    at as u64,
                    size as u64,
                    &proof[1..],
                    &whole
                ));
            }
        }
    }
}

#[tokio::test]
async fn every_entry_is_canonical_and_free_of_names() {
    let world = World::memory();
    let store = world.create().await;
    let id = put(&store, person(1), CANARY).await;
    read(&store, id, now()).await.unwrap();
    assert!(
        store
            .get(
                id,
                &crate::support::by(Role::Auditor, crate::support::tenant(1)),
                &reply(),
                now()
            )
            .await
            .is_err()
    );
    let entries = store.audit(0, usize::MAX).await.unwrap();
    assert_eq!(entries.len(), 5);
    for (seq, entry) in &entries {
        let bytes = entry.to_bytes();
        assert_eq!(AuditEntry::from_bytes(&bytes).unwrap(), *entry);
        for cut in 0..bytes.len() {
            assert!(AuditEntry::from_bytes(&bytes[..cut]).is_err());
        }
        assert!(AuditEntry::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
        let json = entry.to_json(*seq);
        assert!(
            json.starts_with(&format!(
                "{{\"seq\":{seq},\"at\":\"2026-03-02T09:07:00.000Z\",\"action\":\""
            )),
            "{json}"
        );
        assert!(
            !json.contains(&hex(&id.to_bytes())),
            "the record's own id stands in {json}"
        );
        assert!(!json.contains("Zo") && !json.contains("Linden"), "{json}");
    }
    let (_, last) = entries.last().unwrap();
    assert_eq!(
        (last.action, last.decision, last.role),
        (Action::Read, Decision::Denied, Some(Role::Auditor))
    );
    assert_eq!(
        (last.purpose, last.object, last.count),
        (Some(Purpose::DraftReply), store.blind_record(id), 0)
    );
    assert_ne!(last.subject, BlindId::default());
    assert_eq!(last.at(), now());
}

/// A store with eleven entries, closed.
async fn closed() -> World {
    let world = World::sqlite();
    let store = world.create().await;
    for n in 0..8 {
        put(&store, person(n), &[n]).await;
    }
    store.verify_audit().await.unwrap();
    assert!(store.flush().await.unwrap());
    store.close().await.unwrap();
    world
}

fn change(world: &World, sql: &str) {
    let c = Connection::open(world.files().records()).unwrap();
    assert_eq!(c.execute(sql, []).unwrap(), 1, "{sql}");
}

#[tokio::test]
async fn an_untouched_log_is_intact_and_its_root_does_not_move() {
    let world = closed().await;
    let store = world.open().await;
    let one = store.verify_audit().await.unwrap();
    assert!(one.is_intact());
    assert_eq!(one.entries, 10);
    assert_eq!(store.verify_audit().await.unwrap(), one);
    put(&store, person(1), b"more").await;
    let two = store.verify_audit().await.unwrap();
    assert!(two.is_intact() && two.root != one.root && two.entries == 11);
}

#[tokio::test]
async fn whoever_touches_an_entry_is_noticed_at_that_entry() {
    let cases = [
        (
            "UPDATE audit SET value = substr(value, 1, 8) || X'01' || substr(value, 10) WHERE seq = 4",
            Some(4),
        ),
        (
            "UPDATE audit SET link = zeroblob(32) WHERE seq = 5",
            Some(5),
        ),
        ("DELETE FROM audit WHERE seq = 3", Some(3)),
        (
            "UPDATE audit SET value = (SELECT value FROM audit WHERE seq = 2) WHERE seq = 3",
            Some(3),
        ),
        ("UPDATE audit SET value = X'' WHERE seq = 0", Some(0)),
    ];
    for (sql, first) in cases {
        let world = closed().await;
        change(&world, sql);
        let store = world.open().await;
        let report = store.verify_audit().await.unwrap();
        assert_eq!(report.broken, first, "{sql}");
        assert!(!report.is_intact());
    }
}

#[tokio::test]
async fn two_entries_that_change_places_are_noticed() {
    let world = closed().await;
    change(&world, "UPDATE audit SET seq = 1000 WHERE seq = 4");
    change(&world, "UPDATE audit SET seq = 4 WHERE seq = 5");
    change(&world, "UPDATE audit SET seq = 5 WHERE seq = 1000");
    let store = world.open().await;
    assert_eq!(store.verify_audit().await.unwrap().broken, Some(4));
}

#[tokio::test]
async fn a_log_whose_end_was_cut_off_is_not_opened() {
    let world = closed().await;
    change(
        &world,
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    );
    let error = world.try_open(world.config(), now()).await.unwrap_err();
    assert!(matches!(error, crypto_store::Error::RolledBack), "{error}");
    assert!(error.to_string().contains("put the newest copy back"));
}

#[tokio::test]
async fn an_entry_that_is_not_written_withholds_what_was_asked_for() {
    let world = World::sqlite();
    let store = world.create().await;
    let id = put(&store, person(1), b"body").await;
    // The audit table is locked by somebody else: no entry, no read.
    let other = Connection::open(world.files().records()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(store.get(id, &agent(), &reply(), now()).await.is_err());
    drop(other);
}
