//! How much of the stack sealing uses, and how much of it is wiped.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::{DEPTH, NONCE_LEN, TAG_LEN, apart, decrypt, derive, encrypt, mac_key, wipe};

/// What no code writes by chance, many times over.
const PAINT: u8 = 0xd7;
const PAINTED: usize = 4 * DEPTH;

#[inline(never)]
fn paint() {
    std::hint::black_box(&mut [PAINT; PAINTED]);
}

/// Bytes of the stack below this frame, down to the last that the work writes.
#[inline(never)]
fn depth(memory: &File, work: &mut dyn FnMut()) -> usize {
    let mut stack = vec![0; PAINTED / 2];
    paint();
    work();
    let from = std::ptr::from_ref(&memory).addr() - stack.len();
    memory.read_exact_at(&mut stack, from as u64).unwrap();
    stack.iter().skip_while(|byte| **byte == PAINT).count()
}

/// How deep depends on compiler and processor: what `memory_scan` finds nothing in today may be read tomorrow.
#[test]
fn failure_15_the_wipe_reaches_deeper_than_the_work() {
    let Ok(memory) = File::open("/proc/self/mem") else {
        eprintln!("skipped: no /proc/self/mem on this system");
        return;
    };
    let wiped = depth(&memory, &mut wipe);
    let (nonce, keys) = ([7; NONCE_LEN], [[1; 32], [2; 32], [3; 32]]);
    let ikm = keys.each_ref().map(|key| &key[..]);
    let derived = || derive(&keys[0], &ikm, b"label", &[5; 500]).unwrap();
    for len in [0, 1, 32, 300, 1024, 5000, 70_000] {
        let (mut text, mut tag) = (vec![8; len], [0; TAG_LEN]);
        let mut seal = || tag = encrypt(&derived()[0], &nonce, b"identity", &mut text).unwrap();
        let sealing = depth(&memory, &mut || apart(&mut seal));
        let mut open = || decrypt(&derived()[0], &nonce, b"identity", &mut text, &tag).unwrap();
        let opening = depth(&memory, &mut || apart(&mut open));
        eprintln!("{len} bytes: sealing {sealing}, opening {opening} of {wiped}");
        assert!(sealing.max(opening) < wiped, "not wiped as deep as used");
    }
    let mut key = Vec::new();
    let mut mac = || key.push(mac_key(&keys[0], &[&[7; 100], &[]]));
    assert!(depth(&memory, &mut || apart(&mut mac)) < wiped);
}
