//! The vocabulary of the record column from outside.

mod access;
mod limits;
mod policy;
mod verdict;

use retention_policy::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
