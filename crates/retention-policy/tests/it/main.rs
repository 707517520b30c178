//! The vocabulary of the record column from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod access;
mod limits;
mod policy;
mod verdict;

use retention_policy::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
