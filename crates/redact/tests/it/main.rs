//! Behaviour of the gate, over its public API.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

mod acceptance;
mod escapes;
mod families;
mod map;
mod person;
mod restoring;
mod roundtrip;
mod sealing;
mod structured;
mod verifying;
