//! The rights column from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::type_complexity,
    reason = "a test that fails may panic, and the heavy search asks whether it is wanted"
)]

mod account;
mod authority;
mod case;
mod certificate;
mod clock;
mod holidays;
mod identity;
mod matrix;
mod order;
mod package;
mod refusal;
mod reply;

use retention_policy::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
