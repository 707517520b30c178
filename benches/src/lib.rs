//! What the measuring program `eval` is made of: rows in and out, figures, one module a command.
//!
//! The contract (exit codes, fields, labels) stands in `docs/benchmarks.md`. Everything here goes through
//! the public API of the facade, so that anyone can measure the libraries on their own data.
#![forbid(unsafe_code)]
#![expect(
    clippy::disallowed_methods,
    reason = "a measuring program reads clocks; the libraries below do not"
)]

pub mod cmd;
pub mod explain;
pub mod figures;
pub mod gold;
pub mod rows;
pub mod suites;
