//! Runs the frozen suites of `benches/suites/` and counts.

use std::collections::BTreeMap;
use std::fmt;

pub mod alarms;
pub mod cover;
pub mod found;
pub mod gate;
pub mod guards;
pub mod injections;
pub mod known;
pub mod questions;
pub mod reident;
pub mod restore;
pub mod rights;
pub mod secrets;

/// Passed and run, in all and by group.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Score {
    /// Cases that came out as expected, and cases run, by group.
    pub groups: BTreeMap<String, (usize, usize)>,
    /// What went wrong, in the order of the file.
    pub failures: Vec<String>,
}

impl Score {
    /// Counts one case.
    pub fn count(&mut self, group: &str, passed: bool) {
        let entry = self.groups.entry(group.to_owned()).or_default();
        entry.0 += usize::from(passed);
        entry.1 += 1;
    }

    /// Passed and run over all groups.
    #[must_use]
    pub fn total(&self) -> (usize, usize) {
        self.groups
            .values()
            .fold((0, 0), |(p, n), (a, b)| (p + a, n + b))
    }

    /// The lowest share of any group; 0 where nothing ran.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.groups
            .values()
            .map(|(passed, run)| *passed as f64 / (*run).max(1) as f64)
            .fold(None, |least: Option<f64>, share| {
                Some(least.map_or(share, |l| l.min(share)))
            })
            .unwrap_or(0.0)
    }

    /// Passed / run; 0 where nothing ran, so that an empty file fails every floor.
    #[must_use]
    pub fn share(&self) -> f64 {
        match self.total() {
            (_, 0) => 0.0,
            (passed, run) => passed as f64 / run as f64,
        }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (group, (passed, run)) in &self.groups {
            writeln!(f, "{passed:>7} / {run:<7} {group}")?;
        }
        let (passed, run) = self.total();
        write!(
            f,
            "{passed:>7} / {run:<7} in all ({:.2} %)",
            self.share() * 100.0
        )
    }
}
