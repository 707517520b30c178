//! The quick start from outside: what it prints, what it survives, what it never gives away.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that fails may panic"
)]

mod bad_input;
mod kills;
mod leaks;
mod logs;
mod output;
