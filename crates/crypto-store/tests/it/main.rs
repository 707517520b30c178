//! Behaviour of the store, through its public interface.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::type_complexity,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "helpers of tests, which clippy.toml exempts only inside #[test]"
)]

mod amend;
mod audit;
mod backends;
mod backup;
mod bad_input;
mod clock;
mod conformance;
mod crash;
mod dice;
mod early;
mod ending;
mod erase;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod faults;
mod format;
mod fuzz;
mod golden;
mod holds;
mod identity;
mod isolation;
mod key_files;
mod limits;
mod mutations;
mod plan;
mod races;
mod reader;
#[cfg(feature = "recovery")]
mod recovery;
mod roots;
mod rotate;
mod store;
mod support;
mod swaps;
mod timing;
mod truncated;
mod walk;
