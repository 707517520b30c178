//! What children told: begun, and done after the call returned. And what record `n` of a kind of work is.

use std::collections::BTreeMap;

use tactful::crypto_store::{IndexTerm, NewRecord};
use tactful::retention_policy::{Lifetime, RecordId, SubjectId, Timestamp, UnitId};

use super::super::{Stop, shop};
use super::What;

/// Records of a person in [`What::Erase`] and [`What::Restore`]; the first two are one unit.
pub(super) const OF_PERSON: u64 = 4;
/// Records of a round in [`What::Sweep`].
pub(super) const OF_ROUND: u64 = 16;
/// Numbers of one child.
pub(super) const OF_RUN: u64 = 1_000_000;
/// Rounds of one child, at most.
pub(super) const ROUNDS: u64 = 400;

const QUARTER: u32 = 15 * 60;

/// A call of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// A record.
    Put(u64),
    /// A hold on a record.
    Hold(u64),
    /// A person.
    Erase(u64),
    /// The unit of two records.
    Shred(u64),
    /// Everything that ends with this round or before.
    Sweep(u64),
    /// The tenant's keys.
    Rotate(u64),
    /// A backup of the records.
    Backup(u64),
    /// The records, put back from that backup.
    Restore(u64),
}

impl Act {
    /// What a child says that waits to be killed.
    pub(super) const STOPPED: &str = "stopped\n";

    fn parts(self) -> (&'static str, u64) {
        match self {
            Act::Put(n) => ("put", n),
            Act::Hold(n) => ("hold", n),
            Act::Erase(n) => ("erase", n),
            Act::Shred(n) => ("shred", n),
            Act::Sweep(n) => ("sweep", n),
            Act::Rotate(n) => ("rotate", n),
            Act::Backup(n) => ("backup", n),
            Act::Restore(n) => ("restore", n),
        }
    }

    pub(super) fn begun(self) -> String {
        let (name, n) = self.parts();
        format!("begun {name} {n}\n")
    }

    pub(super) fn done(self, id: Option<RecordId>) -> String {
        let (name, n) = self.parts();
        match id {
            Some(id) => format!("done {name} {n} {id}\n"),
            None => format!("done {name} {n}\n"),
        }
    }

    fn read(name: &str, n: u64) -> Option<Self> {
        Some(match name {
            "put" => Act::Put(n),
            "hold" => Act::Hold(n),
            "erase" => Act::Erase(n),
            "shred" => Act::Shred(n),
            "sweep" => Act::Sweep(n),
            "rotate" => Act::Rotate(n),
            "backup" => Act::Backup(n),
            "restore" => Act::Restore(n),
            _ => return None,
        })
    }
}

/// What a record is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) n: u64,
    pub(super) person: u64,
    /// The unit it shares with another record.
    pub(super) unit: Option<u64>,
    /// The round it is written in and the one it ends with.
    pub(super) round: u64,
    pub(super) ends: u64,
}

impl Facts {
    pub(super) fn of(what: What, n: u64) -> Self {
        let shared = |of: u64| (n % of < 2).then_some(n / of);
        let (person, unit, round, ends) = match what {
            What::Erase | What::Restore => (n / OF_PERSON, shared(OF_PERSON), 0, 91),
            What::Sweep => {
                let round = n / OF_ROUND;
                // The last of a round ends with the next one.
                let longer = u64::from(n % OF_ROUND == OF_ROUND - 1);
                (n / 3, shared(OF_ROUND), round, round + longer)
            }
            What::Write | What::Rotate => (n / 16, shared(8), 0, 91),
        };
        Facts {
            n,
            person,
            unit,
            round,
            ends,
        }
    }

    /// The time at which a round begins.
    pub(super) fn time(round: u64) -> Timestamp {
        let seconds = i64::try_from(round).unwrap_or(0) * i64::from(QUARTER);
        Timestamp::from_timestamp(shop::opening().timestamp() + seconds, 0).unwrap_or_default()
    }

    pub(super) fn made(&self) -> Timestamp {
        Self::time(self.round)
    }

    pub(super) fn subject(person: u64) -> SubjectId {
        SubjectId::from_random(shop::id(0x5b, person))
    }

    pub(super) fn unit_id(unit: u64) -> UnitId {
        UnitId::from_random(shop::id(0x07, unit))
    }

    pub(super) fn body(&self) -> Vec<u8> {
        let len = 200 + shop::mix(self.n) % 1200;
        shop::bytes(0xb0, self.n, len as usize)
    }

    /// A term that no other record has.
    pub(super) fn order(&self) -> Result<IndexTerm, Stop> {
        Ok(IndexTerm::new("order", &self.n.to_string())?)
    }

    pub(super) fn record(&self) -> Result<NewRecord, Stop> {
        let rounds = u32::try_from(self.ends - self.round + 1).unwrap_or(1);
        let meta = shop::session(
            Self::subject(self.person),
            self.made(),
            Lifetime::seconds(rounds * QUARTER)?,
        )?;
        let email = IndexTerm::new("email", &self.person.to_string())?;
        let record = NewRecord::new(meta, self.body())
            .terms(vec![email, self.order()?])
            .idempotency_key(&self.n.to_be_bytes());
        Ok(match self.unit {
            Some(unit) => record.unit(Self::unit_id(unit)),
            None => record,
        })
    }
}

/// A put that was begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    pub(super) facts: Facts,
    pub(super) acknowledged: bool,
    pub(super) id: Option<RecordId>,
    /// The last line about it.
    pub(super) line: usize,
}

/// What must be found of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// It opens.
    Alive,
    /// It does not.
    Ended,
    /// It does not: it was lost with the records, and the backup is older.
    NotInBackup,
    /// One or the other, but all of these alike.
    With(Act),
    /// One or the other.
    Either,
}

/// What became of something when the records were lost and put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// It came before the backup was begun, or after the loss.
    Yes,
    /// It came after the backup was made.
    No,
    /// One or the other.
    Perhaps,
}

/// All that was told of one folder.
pub(super) struct Journal {
    pub(super) written: BTreeMap<u64, Written>,
    /// The first line about each call.
    begun: BTreeMap<Act, usize>,
    /// The line that says it returned; of one made again, the first.
    pub(super) done: BTreeMap<Act, usize>,
}

impl Journal {
    pub(super) fn read<'a>(what: What, lines: impl Iterator<Item = &'a str>) -> Self {
        let mut journal = Journal {
            written: BTreeMap::new(),
            begun: BTreeMap::new(),
            done: BTreeMap::new(),
        };
        for (line, text) in lines.enumerate() {
            let mut words = text.split(' ');
            let (Some(phase), Some(name), Some(n)) = (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let Some(act) = n.parse().ok().and_then(|n| Act::read(name, n)) else {
                continue;
            };
            let is_done = phase == "done";
            journal.begun.entry(act).or_insert(line);
            if is_done {
                journal.done.entry(act).or_insert(line);
            }
            if let Act::Put(n) = act {
                let one = journal.written.entry(n).or_insert(Written {
                    facts: Facts::of(what, n),
                    acknowledged: false,
                    id: None,
                    line,
                });
                one.acknowledged |= is_done;
                one.line = line;
                one.id = words
                    .next()
                    .and_then(|id| RecordId::parse(id).ok())
                    .or(one.id);
            }
        }
        journal
    }

    pub(super) fn acknowledged(&self) -> u64 {
        self.done.len() as u64
    }

    pub(super) fn is_in_flight(&self) -> bool {
        self.begun.keys().any(|act| !self.done.contains_key(act))
    }

    /// Whether a backup was being put back at the end.
    pub(super) fn is_restoring(&self) -> bool {
        let is_restore = |act: &&Act| matches!(act, Act::Restore(_));
        let mut restores = self.begun.keys().filter(is_restore);
        restores.any(|act| !self.done.contains_key(act))
    }

    /// How many times the records were put back: what was begun is done before anything else.
    pub(super) fn restored(&self) -> u64 {
        self.restores().count() as u64
    }

    /// The backups that were put back, and the line at which that began.
    fn restores(&self) -> impl Iterator<Item = (Act, usize)> {
        self.begun.iter().filter_map(|(act, line)| match act {
            Act::Restore(n) => Some((Act::Backup(*n), *line)),
            _ => None,
        })
    }

    fn kept(&self, act: Act) -> Kept {
        let Some(begun) = self.begun.get(&act) else {
            return Kept::Yes;
        };
        let mut kept = Kept::Yes;
        for (backup, _) in self.restores().filter(|(_, lost)| begun < lost) {
            if self.done.get(&backup).is_none_or(|made| begun > made) {
                return Kept::No;
            }
            let before = self.begun.get(&backup);
            if self.done.get(&act).is_none_or(|done| Some(done) > before) {
                kept = Kept::Perhaps;
            }
        }
        kept
    }

    /// Whether the audit must know of a call.
    pub(super) fn is_kept(&self, act: Act) -> bool {
        self.kept(act) == Kept::Yes
    }

    /// Records that were begun and not acknowledged: the sender delivers them again.
    pub(super) fn unacknowledged(&self) -> impl Iterator<Item = u64> {
        self.written
            .iter()
            .filter(|(_, written)| !written.acknowledged)
            .map(|(n, _)| *n)
    }

    pub(super) fn expected(&self, facts: &Facts) -> Expected {
        let is_done = |act| self.done.contains_key(&act);
        let is_begun = |act| self.begun.contains_key(&act);
        let mut acts = vec![Act::Erase(facts.person)];
        acts.extend(facts.unit.map(Act::Shred));
        if acts.iter().any(|act| is_done(*act)) {
            return Expected::Ended;
        }
        match self.kept(Act::Put(facts.n)) {
            Kept::Yes => {}
            Kept::No => return Expected::NotInBackup,
            Kept::Perhaps => return Expected::Either,
        }
        if let Some(act) = acts.into_iter().find(|act| is_begun(*act)) {
            return Expected::With(act);
        }
        let last = |all: &mut dyn Iterator<Item = &Act>| {
            all.filter_map(|act| match act {
                Act::Sweep(round) => Some(*round),
                _ => None,
            })
            .max()
        };
        let swept = last(&mut self.done.keys()).is_some_and(|round| round >= facts.ends);
        let sweeping = last(&mut self.begun.keys()).is_some_and(|round| round >= facts.ends);
        match (is_done(Act::Hold(facts.n)), is_begun(Act::Hold(facts.n))) {
            (true, _) => Expected::Alive,
            (false, true) if sweeping => Expected::Either,
            _ if swept => Expected::Ended,
            _ if sweeping => Expected::With(Act::Sweep(facts.ends)),
            _ => Expected::Alive,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_follows_from_what_was_told() {
        let told = "begun put 0\ndone put 0 52525252-5252-4252-9252-525252525252\nbegun put 1\nbegun erase 1\n\
                    begun erase 2\ndone erase 2\nbegun shred 3\ndone shred 3";
        let journal = Journal::read(What::Erase, told.lines());
        let expected = |n| journal.expected(&Facts::of(What::Erase, n));
        assert_eq!(journal.unacknowledged().collect::<Vec<_>>(), [1]);
        assert!(journal.is_in_flight());
        assert_eq!(journal.acknowledged(), 3);
        assert!(journal.written[&0].id.is_some());
        assert_eq!(expected(0), Expected::Alive);
        assert_eq!(expected(4), Expected::With(Act::Erase(1)));
        assert_eq!(expected(8), Expected::Ended);
        // The unit has the first two records of the person.
        let unit_of_three = [12, 13, 14, 15].map(expected);
        assert_eq!(
            unit_of_three,
            [
                Expected::Ended,
                Expected::Ended,
                Expected::Alive,
                Expected::Alive
            ]
        );
    }

    #[test]
    fn a_sweep_ends_its_round_and_all_before_but_not_what_is_held() {
        let told = "begun hold 17\ndone hold 17\nbegun hold 33\nbegun sweep 1\ndone sweep 1\nbegun sweep 2";
        let journal = Journal::read(What::Sweep, told.lines());
        let expected = |n| journal.expected(&Facts::of(What::Sweep, n));
        assert_eq!(expected(0), Expected::Ended);
        assert_eq!(expected(15), Expected::Ended);
        assert_eq!(expected(16), Expected::Ended);
        assert_eq!(expected(17), Expected::Alive);
        assert_eq!(expected(31), Expected::With(Act::Sweep(2)));
        assert_eq!(expected(32), Expected::With(Act::Sweep(2)));
        assert_eq!(expected(33), Expected::Either);
        assert_eq!(expected(47), Expected::Alive);
    }

    #[test]
    fn what_is_put_back_has_what_was_acknowledged_before_the_backup_began() {
        let told = "begun put 0\ndone put 0\nbegun put 4\nbegun backup 1\ndone put 4\nbegun put 8\ndone put 8\n\
                    begun put 12\ndone put 12\ndone backup 1\nbegun put 16\ndone put 16\nbegun erase 3\ndone erase 3";
        let expected = |told: &str, n| {
            let journal = Journal::read(What::Restore, told.lines());
            journal.expected(&Facts::of(What::Restore, n))
        };
        for n in [0, 4, 8, 16] {
            assert_eq!(expected(told, n), Expected::Alive);
        }
        let lost = format!("{told}\nbegun restore 1\nbegun put 20\ndone put 20");
        assert_eq!(expected(&lost, 0), Expected::Alive);
        assert_eq!(expected(&lost, 4), Expected::Either);
        assert_eq!(expected(&lost, 8), Expected::Either);
        // An erasure is never lost.
        assert_eq!(expected(&lost, 12), Expected::Ended);
        assert_eq!(expected(&lost, 16), Expected::NotInBackup);
        assert_eq!(expected(&lost, 20), Expected::Alive);
        let journal = Journal::read(What::Restore, lost.lines());
        assert!(journal.is_restoring() && journal.is_kept(Act::Put(0)));
        assert!(!journal.is_kept(Act::Erase(3)) && !journal.is_kept(Act::Backup(1)));
    }
}
