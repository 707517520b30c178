//! What sealing one record costs beside AES-256-GCM alone with a fresh key, without a store around it.

use std::hint::black_box;
use std::time::Instant;

use tactful::crypto_store::Error;
use tactful::crypto_store::measure::Sealer;

use super::super::Stop;
use super::plan::{BODY, Plan};
use crate::figures::Figures;

/// Rounds so short that some of them are disturbed by nobody; the best of each kind counts. Unoptimised code has no figure
/// worth waiting for.
const ROUNDS: usize = if cfg!(debug_assertions) { 20 } else { 2_000 };
const CALLS: u32 = 64;

pub(super) fn measure(plan: Plan, figures: &mut Figures) -> Result<(), Stop> {
    let mut sealer = Sealer::new(plan.terms)?;
    let body = plan.body(0);
    debug_assert_eq!(body.len(), BODY);
    let (mut seal, mut bare, mut open) = (f64::MAX, f64::MAX, f64::MAX);
    let sealed = sealer.seal(&body)?;
    for _ in 0..ROUNDS {
        seal = seal.min(round(|| sealer.seal(black_box(&body)).map(drop))?);
        bare = bare.min(round(|| sealer.bare(black_box(&body)).map(drop))?);
        open = open.min(round(|| sealer.open(black_box(&sealed)).map(drop))?);
    }
    figures.measured("seal_ns", Some(seal), 1);
    figures.measured("open_ns", Some(open), 1);
    figures.measured("bare_seal_ns", Some(bare), 1);
    figures.measured("seal_ratio", Some(seal / bare), 3);
    Ok(())
}

/// Nanoseconds of one call.
fn round(mut call: impl FnMut() -> Result<(), Error>) -> Result<f64, Stop> {
    let started = Instant::now();
    for _ in 0..CALLS {
        call()?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS))
}
