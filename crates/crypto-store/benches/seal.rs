//! Sealing and opening one record, beside AES-256-GCM alone with a fresh key a call.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a bench has no interface")]
#![allow(
    clippy::expect_used,
    reason = "a bench that cannot seal has nothing to measure"
)]

use crypto_store::measure::Sealer;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const SIZES: [usize; 4] = [64, 1024, 16 << 10, 1 << 20];
/// Index terms of the record.
const TERMS: usize = 3;

fn main() {
    divan::main();
}

fn sealer() -> Sealer {
    Sealer::new(TERMS).expect("the system gives random bytes")
}

#[divan::bench(args = SIZES)]
fn seal(bencher: Bencher<'_, '_>, len: usize) {
    let mut sealer = sealer();
    let body = vec![7; len];
    bencher
        .counter(BytesCount::new(len))
        .bench_local(|| sealer.seal(black_box(&body)));
}

#[divan::bench(args = SIZES)]
fn open(bencher: Bencher<'_, '_>, len: usize) {
    let mut sealer = sealer();
    let sealed = sealer.seal(&vec![7; len]).expect("seals");
    bencher
        .counter(BytesCount::new(len))
        .bench_local(|| sealer.open(black_box(&sealed)));
}

#[divan::bench(args = SIZES)]
fn bare(bencher: Bencher<'_, '_>, len: usize) {
    let mut sealer = sealer();
    let body = vec![7; len];
    bencher
        .counter(BytesCount::new(len))
        .bench_local(|| sealer.bare(black_box(&body)));
}
