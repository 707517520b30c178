//! What teams do with drafts: told for a week only when enough agents are in it, so that no figure is one person's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use redact::Label;

use super::{MIN_CELL, Viewing, Week};
use crate::bytes::{Reader, number, string};
use crate::decision::{EditClass, Outcome};
use crate::error::Error;

/// Drafts by how much was changed in them (not at all first), and by how long they were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    agents: BTreeSet<Label>,
    changed: [u64; 5],
    discarded: u64,
    viewed: [u64; 4],
}

/// A team's week.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TeamWeek {
    /// The team; its name is the facade's or the integrator's.
    pub team: Label,
    /// The week.
    pub week: Week,
    /// Drafts decided.
    pub decided: u64,
    /// How many agents decided, at least [`MIN_CELL`].
    pub agents: usize,
    /// Of the drafts sent, those by how much was changed: not at all, then each [`EditClass`] in order.
    pub changed: [u64; 5],
    /// Drafts discarded.
    pub discarded: u64,
    /// Drafts by how long they were looked at: each [`Viewing`] in order.
    pub viewed: [u64; 4],
}

impl TeamWeek {
    /// Words changed in a draft that was sent, of all its words: estimated from classes, each at its middle. `None` when
    /// none was sent.
    #[must_use]
    pub fn edit_distance(&self) -> Option<f32> {
        let sent: u64 = self.changed.iter().sum();
        let middles = std::iter::once(0.0).chain(EditClass::ALL.map(EditClass::middle));
        let changed: f32 = middles.zip(self.changed).map(|(m, n)| m * n as f32).sum();
        (sent > 0).then(|| changed / sent as f32)
    }
}

/// Keeps who decided only until it is known whether enough did, and never with what they decided.
///
/// ```
/// use std::time::Duration;
/// use suggest_core::{Label, Outcome, Teams, Week};
/// let week = Week::parse("2026-W23").ok_or("a week")?;
/// let next = week.next().ok_or("a week")?;
/// let mut teams = Teams::new();
/// for agent in 1..=5 {
///     assert!(teams.told(week, next).is_empty());
///     teams.note(Label([1; 16]), Label([agent; 16]), week, Outcome::Accepted, Duration::from_secs(20));
/// }
/// assert_eq!(teams.told(week, next)[0].decided, 5);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Teams {
    tallies: BTreeMap<(Week, Label), Tally>,
}

impl fmt::Debug for Teams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Teams({} weeks of teams)", self.tallies.len())
    }
}

impl Teams {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a decision: whose team, who, in which week, what, and how long the draft was looked at.
    pub fn note(
        &mut self,
        team: Label,
        agent: Label,
        week: Week,
        outcome: Outcome,
        viewed: Duration,
    ) {
        let tally = self.tallies.entry((week, team)).or_default();
        tally.agents.insert(agent);
        let changed = match outcome {
            Outcome::Accepted => tally.changed.first_mut(),
            Outcome::Edited(class) => {
                let at = EditClass::ALL.iter().position(|c| *c == class);
                at.and_then(|at| tally.changed.get_mut(at + 1))
            }
            Outcome::Discarded(_) => Some(&mut tally.discarded),
        };
        let viewing = Viewing::of(viewed);
        let at = Viewing::ALL.iter().position(|class| *class == viewing);
        let viewed = at.and_then(|at| tally.viewed.get_mut(at));
        for slot in changed.into_iter().chain(viewed) {
            *slot += 1;
        }
    }

    /// The teams of a week that is over in which at least [`MIN_CELL`] agents decided. Of a week that is not over nothing is
    /// told: between two looks lies what one person did.
    #[must_use]
    pub fn told(&self, week: Week, now: Week) -> Vec<TeamWeek> {
        self.tallies
            .iter()
            .filter(|((of, _), tally)| *of == week && *of < now && tally.agents.len() >= MIN_CELL)
            .map(|((_, team), tally)| TeamWeek {
                team: *team,
                week,
                decided: tally.changed.iter().sum::<u64>() + tally.discarded,
                agents: tally.agents.len(),
                changed: tally.changed,
                discarded: tally.discarded,
                viewed: tally.viewed,
            })
            .collect()
    }

    /// Ends all weeks before this one: what is told is handed out for the last time, the rest is forgotten, and who decided
    /// with it.
    pub fn close_before(&mut self, week: Week) -> Vec<TeamWeek> {
        let past: BTreeSet<Week> = self.tallies.keys().map(|(w, _)| *w).collect();
        let told = past
            .into_iter()
            .flat_map(|past| self.told(past, week))
            .collect();
        self.tallies.retain(|(of, _), _| *of >= week);
        told
    }

    /// Forgets that an agent took part; their counts are no longer anybody's.
    pub fn forget(&mut self, agent: Label) {
        for tally in self.tallies.values_mut() {
            tally.agents.remove(&agent);
        }
    }

    /// The bytes to keep, a version first. They hold labels of agents: seal them.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        number(&mut out, self.tallies.len());
        for ((week, team), tally) in &self.tallies {
            string(&mut out, &week.to_string());
            out.extend(team.0);
            number(&mut out, tally.agents.len());
            for agent in &tally.agents {
                out.extend(agent.0);
            }
            for count in tally
                .changed
                .iter()
                .chain([&tally.discarded])
                .chain(&tally.viewed)
            {
                out.extend(count.to_le_bytes());
            }
        }
        out
    }

    /// Reads kept bytes.
    ///
    /// # Errors
    /// [`Error::NewerCorpus`] for a later version, [`Error::CorruptTeams`] for anything else [`Teams::snapshot`] would not
    /// have written.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, Error> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => read(Reader(rest)).ok_or(Error::CorruptTeams),
            Some((&version, _)) if version > VERSION => Err(Error::NewerCorpus { version }),
            _ => Err(Error::CorruptTeams),
        }
    }
}

const VERSION: u8 = 1;

fn read(mut bytes: Reader<'_>) -> Option<Teams> {
    let mut tallies = BTreeMap::new();
    for _ in 0..bytes.number()? {
        let week = Week::parse(bytes.string()?)?;
        let team = Label(bytes.array()?);
        let mut tally = Tally::default();
        for _ in 0..bytes.number()? {
            if !tally.agents.insert(Label(bytes.array()?)) {
                return None;
            }
        }
        let counts = tally.changed.iter_mut().chain([&mut tally.discarded]);
        for count in counts.chain(&mut tally.viewed) {
            *count = u64::from_le_bytes(bytes.array()?);
        }
        if tallies.insert((week, team), tally).is_some() {
            return None;
        }
    }
    bytes.is_empty().then_some(Teams { tallies })
}
