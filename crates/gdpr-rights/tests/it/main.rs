//! The rights column from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that fails may panic"
)]

mod account;
mod authority;
mod clock;
mod holidays;
mod identity;
mod matrix;
mod order;
mod refusal;
mod reply;

use retention_policy::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
