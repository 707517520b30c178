//! Behaviour of the crate through its public API, with data.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

mod bypass;
mod corpus;
mod decision;
mod engine;
mod guards;
mod guards_form;
mod help;
mod knowledge;
mod macros;
mod models;
mod privacy;
mod retrieve;
mod rights;
mod styles;
mod twins;
mod usage;
