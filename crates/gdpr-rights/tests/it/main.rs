//! The rights column from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that fails may panic"
)]

mod account;
mod certificate;
mod clock;
mod holidays;
mod order;
mod package;

use retention_policy::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
