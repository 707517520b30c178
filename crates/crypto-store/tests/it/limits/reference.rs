//! What the documentation promises, as plainly as it can be said: a list of records, a list of holds, no keys.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{SubsecRound, TimeDelta};
use retention_policy::{Category, DueReason, Timestamp};

use super::kept::{Kept, Over, Standing, Who};

/// What a reference can be made to get wrong, so that a comparison that sees nothing is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    None,
    /// Reads end one second after the end.
    ASecondLate,
    /// Nothing is held.
    NoHolds,
    /// What was released stays held.
    NoRelease,
    /// An end can be postponed.
    LaterEnds,
    /// Who is erased can be read.
    NoErasures,
    /// What is swept was not there.
    NoSweeps,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Body,
    Denied,
    Expired,
    Gone,
}

/// How a record that is due goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Bucket,
    Early,
}

/// Tenant, category, end of a bucket, reason; how many go and how many are held.
pub(super) type Lines = BTreeMap<(u8, Category, Option<Timestamp>, DueReason), (u64, u64)>;

pub(super) struct Reference {
    pub(super) records: Vec<Kept>,
    pub(super) holds: Vec<Standing>,
    pub(super) erased: BTreeSet<(u8, u8)>,
    mistake: Mistake,
}

impl Reference {
    pub(super) fn new(mistake: Mistake) -> Self {
        Reference {
            records: Vec::new(),
            holds: Vec::new(),
            erased: BTreeSet::new(),
            mistake,
        }
    }

    fn covers(&self, hold: &Standing, n: usize) -> bool {
        let record = &self.records[n];
        hold.tenant == record.tenant
            && match hold.over {
                Over::Record(one) => one == n,
                Over::Person(person) => person == record.person,
                Over::Tenant => true,
                Over::Made(category, from, until) => {
                    category.is_none_or(|c| c == record.meta.category())
                        && from.is_none_or(|from| from <= record.made)
                        && until.is_none_or(|until| record.made < until)
                }
            }
    }

    pub(super) fn is_held(&self, n: usize) -> bool {
        self.mistake != Mistake::NoHolds && self.holds.iter().any(|hold| self.covers(hold, n))
    }

    pub(super) fn is_restricted(&self, n: usize) -> bool {
        let mut all = self.holds.iter().filter(|hold| hold.restricts);
        all.any(|hold| self.covers(hold, n))
    }

    pub(super) fn is_over(&self, n: usize, at: Timestamp) -> bool {
        let late = TimeDelta::seconds(i64::from(self.mistake == Mistake::ASecondLate));
        self.records[n].ends() + late <= at
    }

    /// What `Store::get` is documented to answer.
    pub(super) fn answer(&self, n: usize, who: Who, at: Timestamp) -> Answer {
        let record = &self.records[n];
        let over = self.is_over(n, at);
        let archived = record.archive.is_some_and(|from| from <= at);
        match who {
            _ if record.gone => Answer::Gone,
            Who::Officer if over && !self.is_held(n) => Answer::Expired,
            Who::Officer => Answer::Body,
            Who::Agent if over => Answer::Expired,
            Who::Agent if archived || self.is_restricted(n) => Answer::Denied,
            Who::Agent => Answer::Body,
        }
    }

    pub(super) fn due(&self, n: usize, at: Timestamp) -> Option<Due> {
        let record = &self.records[n];
        if record.gone {
            None
        } else if !record.apart && record.bucket_end() <= at {
            Some(Due::Bucket)
        } else {
            let early = record.early.is_some_and(|early| early <= at);
            early.then_some(Due::Early)
        }
    }

    pub(super) fn all_due(&self, at: Timestamp) -> Vec<(usize, Due, bool)> {
        let all = 0..self.records.len();
        all.filter_map(|n| Some((n, self.due(n, at)?, self.is_held(n))))
            .collect()
    }

    /// What `Store::plan_sweep` is documented to count.
    pub(super) fn lines(&self, at: Timestamp) -> Lines {
        let mut lines = Lines::new();
        for (n, due, held) in self.all_due(at) {
            let record = &self.records[n];
            let (end, why) = match due {
                Due::Bucket => (Some(record.bucket_end()), DueReason::Expired),
                Due::Early => (None, record.reason()),
            };
            let key = (record.tenant, record.meta.category(), end, why);
            let line = lines.entry(key).or_default();
            *if held { &mut line.1 } else { &mut line.0 } += 1;
        }
        lines
    }

    /// Ends what is due, but the early ends of tenants that are spared; how many ended early and were kept.
    pub(super) fn sweep(&mut self, at: Timestamp, spared: &[u8]) -> (u64, u64) {
        let (mut early, mut kept) = (0, 0);
        for (n, due, held) in self.all_due(at) {
            let spare = spared.contains(&self.records[n].tenant);
            let record = &mut self.records[n];
            match (due, held) {
                (Due::Bucket, true) => {
                    record.apart = true;
                    kept += 1;
                }
                (Due::Early, false) if !spare => {
                    record.gone = true;
                    early += 1;
                }
                (Due::Bucket, false) => record.gone = self.mistake != Mistake::NoSweeps,
                (Due::Early, _) => {}
            }
        }
        for n in 0..self.records.len() {
            if self.records[n].apart && !self.is_held(n) && self.is_over(n, at) {
                self.records[n].gone = true;
            }
        }
        (early, kept)
    }

    /// Whether the end came forward; none if the record is not there to have one.
    pub(super) fn shorten(&mut self, n: usize, at: Timestamp) -> bool {
        let record = &mut self.records[n];
        let at = at.trunc_subsecs(0);
        let earlier = at < record.ends() || record.early == Some(at);
        if earlier || self.mistake == Mistake::LaterEnds {
            record.early = Some(at);
            return true;
        }
        false
    }

    /// Takes a hold away; how many records go with it.
    pub(super) fn release(&mut self, hold: usize) -> u64 {
        if self.mistake != Mistake::NoRelease {
            self.holds.remove(hold);
        }
        let mut ended = 0;
        for n in 0..self.records.len() {
            let held = self.is_held(n);
            let record = &mut self.records[n];
            // What is only past an earlier end, or in a bucket that nobody swept yet, goes with the next sweep.
            if !record.gone && record.apart && !held {
                record.gone = true;
                ended += 1;
            }
        }
        ended
    }

    /// Records of a person that are not gone.
    pub(super) fn of_person(&self, tenant: u8, person: u8) -> Vec<usize> {
        let all = 0..self.records.len();
        all.filter(|n| {
            let record = &self.records[*n];
            !record.gone && (record.tenant, record.person) == (tenant, person)
        })
        .collect()
    }

    /// Records of a unit that are not gone.
    pub(super) fn of_unit(&self, tenant: u8, unit: u16) -> Vec<usize> {
        let all = 0..self.records.len();
        all.filter(|n| {
            let record = &self.records[*n];
            !record.gone && (record.tenant, record.unit) == (tenant, Some(unit))
        })
        .collect()
    }

    /// Whether erasing a person is forbidden.
    pub(super) fn keeps_person(&self, tenant: u8, person: u8) -> bool {
        let names = |hold: &Standing| {
            hold.tenant == tenant
                && match hold.over {
                    Over::Person(one) => one == person,
                    Over::Tenant => true,
                    _ => false,
                }
        };
        let all = self.of_person(tenant, person);
        self.mistake != Mistake::NoHolds
            && (self.holds.iter().any(names) || all.into_iter().any(|n| self.is_held(n)))
    }

    pub(super) fn erase(&mut self, tenant: u8, person: u8) {
        self.erased.insert((tenant, person));
        self.destroy(&self.of_person(tenant, person));
    }

    pub(super) fn destroy(&mut self, records: &[usize]) {
        for n in records {
            self.records[*n].gone = self.mistake != Mistake::NoErasures;
        }
    }

    /// How many records can be opened by who has all keys.
    pub(super) fn with_keys(&self) -> u64 {
        self.records.iter().filter(|r| !r.gone).count() as u64
    }
}
