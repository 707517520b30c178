//! The commands of `eval`. One that is not built says so and exits 3.

use std::io::{self, BufRead, Write};

use crate::figures::Figures;
use crate::rows::Outcome;

pub mod anonymise;
pub mod breach;
pub mod classify;
pub mod crash;
pub mod deadline;
pub mod detect;
pub mod draft;
pub mod erase;
pub mod errors;
pub mod restore;
pub mod retrieve;
pub mod seal;
mod shop;
pub mod store;
pub mod sweep;

/// Where a command reads rows and writes answers, and what it measures.
#[expect(missing_debug_implementations, reason = "holds two trait objects")]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by the one binary and its tests"
)]
pub struct Io<'a> {
    /// Rows in.
    pub input: &'a mut dyn BufRead,
    /// Answers out.
    pub output: &'a mut dyn Write,
    /// Figures for the last line on stderr.
    pub figures: &'a mut Figures,
}

/// How a command ended when it did not simply work.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stop {
    /// Options or files that cannot be used: exit 2.
    Usage(String),
    /// The part is not built yet: exit 3.
    NotBuilt(&'static str),
    /// Reading or writing failed: exit 2.
    Io(io::Error),
    /// What was to be measured failed: exit 2.
    Failed(String),
}

impl Stop {
    /// What failed, and what it said. Errors of the libraries hold no personal data.
    fn failed(what: &str) -> impl Fn(&dyn std::error::Error) -> Stop + '_ {
        move |error| Stop::Failed(format!("{what}: {error}"))
    }
}

impl From<tactful::crypto_store::Error> for Stop {
    fn from(error: tactful::crypto_store::Error) -> Self {
        Stop::failed("the store")(&error)
    }
}

impl From<tactful::retention_policy::Error> for Stop {
    fn from(error: tactful::retention_policy::Error) -> Self {
        Stop::failed("the policy")(&error)
    }
}

impl From<tactful::Error> for Stop {
    fn from(error: tactful::Error) -> Self {
        Stop::failed("the desk")(&error)
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Stop::failed("plain SQLite")(&error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a command returns.
pub type Done = Result<Outcome, Stop>;
