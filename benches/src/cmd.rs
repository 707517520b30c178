//! The commands of `eval`. One that is not built says so and exits 3.

use std::io::{self, BufRead, Write};

use crate::figures::Figures;
use crate::rows::Outcome;

pub mod detect;
pub mod draft;
pub mod restore;
pub mod retrieve;
pub mod seal;

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
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a command returns.
pub type Done = Result<Outcome, Stop>;
