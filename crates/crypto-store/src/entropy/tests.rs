//! Salts and nonces are drawn once.
#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "the size of a proof comes from outside"
)]

use std::collections::HashSet;
use std::sync::Arc;

use super::{Entropy, OsEntropy, POOL, draw};
use crate::Key32;
use crate::envelope::{self, RecordKeys};

/// Envelopes that are made and compared.
fn rounds() -> usize {
    let heavy = std::env::var_os("TACTFUL_HEAVY").is_some_and(|v| v == "1");
    if heavy { 10_000_000 } else { 100_000 }
}

fn all_differ(mut drawn: Vec<u128>) -> bool {
    drawn.sort_unstable();
    drawn.windows(2).all(|pair| pair[0] != pair[1])
}

#[test]
fn failure_08_salts_and_nonces_of_envelopes_never_repeat() {
    let keys = [1, 2, 3].map(|n| Key32::from_bytes([n; 32]));
    let [subject, bucket, unit] = &keys;
    let keys = RecordKeys {
        subject,
        bucket,
        unit,
    };
    let entropy = Arc::new(OsEntropy::new());
    let (mut salts, mut nonces) = (Vec::new(), Vec::new());
    // Two threads share one source, as the tasks of a store do.
    std::thread::scope(|scope| {
        let workers = [0, 1].map(|_| {
            scope.spawn(|| {
                let half = rounds() / 2;
                let mut drawn = (Vec::with_capacity(half), Vec::with_capacity(half));
                for _ in 0..half {
                    let random = draw(&*entropy).unwrap();
                    let sealed = envelope::seal(keys, b"", b"", &random).unwrap();
                    let mut nonce = [0; 16];
                    nonce[..12].copy_from_slice(&sealed[36..48]);
                    // Half of a salt that is the same twice is as bad a sign as a whole one.
                    drawn
                        .0
                        .push(u128::from_be_bytes(*sealed[4..].first_chunk().unwrap()));
                    drawn.1.push(u128::from_be_bytes(nonce));
                }
                drawn
            })
        });
        for worker in workers {
            let (salt, nonce) = worker.join().unwrap();
            salts.extend(salt);
            nonces.extend(nonce);
        }
    });
    assert_eq!(salts.len(), rounds());
    assert!(all_differ(salts), "a salt came twice");
    assert!(all_differ(nonces), "a nonce came twice");
}

#[test]
fn failure_08_a_child_does_not_use_its_parents_block() {
    let entropy = OsEntropy::new();
    let _: [u8; 16] = draw(&entropy).unwrap();
    let (next, rest): ([u8; 44], Vec<u8>) = {
        let mut pool = entropy.0.lock().unwrap();
        // What the child sees after a fork: the parent's block, and a process id that is not its own.
        pool.process ^= 1;
        let used = pool.used;
        (
            *pool.block[used..].first_chunk().unwrap(),
            pool.block[used..].to_vec(),
        )
    };
    let drawn: [u8; 44] = draw(&entropy).unwrap();
    assert_ne!(drawn, next);
    let pool = entropy.0.lock().unwrap();
    assert_eq!((pool.process, pool.used), (std::process::id(), 44));
    assert!(
        rest.windows(16)
            .all(|old| !pool.block.windows(16).any(|new| old == new))
    );
}

#[test]
fn failure_08_what_was_handed_out_is_not_in_the_block_any_more() {
    let entropy = OsEntropy::new();
    for _ in 0..3 * POOL / 32 {
        let drawn: [u8; 32] = draw(&entropy).unwrap();
        let pool = entropy.0.lock().unwrap();
        assert!(!pool.block.windows(8).any(|w| w == &drawn[..8]));
        assert!(pool.block[..pool.used].iter().all(|b| *b == 0));
    }
}

#[test]
fn failure_08_sources_have_nothing_in_common() {
    let mut seen = HashSet::new();
    let sources: Vec<OsEntropy> = (0..100).map(|_| OsEntropy::new()).collect();
    for _ in 0..50 {
        for source in &sources {
            assert!(seen.insert(draw::<16>(source).unwrap()));
        }
    }
    // More than a block at once comes from the system alone.
    let mut long = vec![0; 4 * POOL];
    sources[0].fill(&mut long).unwrap();
    assert!(
        long.chunks_exact(16)
            .all(|c| seen.insert(c.try_into().unwrap()))
    );
}
