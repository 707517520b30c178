//! Behaviour of the gate, over its public API.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]; how much is tried is the runner's to say"
)]

mod acceptance;
#[cfg(feature = "operators")]
mod coarse;
mod escapes;
mod families;
#[cfg(all(feature = "csv", feature = "html", feature = "mail"))]
mod fuzz;
mod gate;
#[cfg(all(feature = "operators", feature = "tracing"))]
mod logging;
mod map;
#[cfg(feature = "operators")]
mod operators;
mod person;
mod persons;
#[cfg(all(feature = "operators", feature = "tracing"))]
mod planted;
mod random;
mod restoring;
mod roundtrip;
mod sealing;
mod streamed;
mod streaming;
mod structured;
mod verifying;

/// How many cases a property tries: `.ci/full properties` tries a hundred times as many.
fn times(cases: u32) -> u32 {
    std::env::var("TACTFUL_TIMES").map_or(cases, |times| cases * times.parse::<u32>().unwrap())
}
