//! One timeline: a store, a reference, a clock that jumps, and what is done to both.

use std::fmt::Debug;
use std::sync::Arc;

use chrono::TimeDelta;
use crypto_store::backend::memory::MemoryBackend;
use crypto_store::{Accessor, IndexTerm, SeededEntropy, Store};
use retention_policy::{Breaker, Role, SweepPlan, Timestamp};

use super::Tally;
use super::kept::Who;
use super::reference::{Due, Mistake, Reference};
use super::sweeps::{NARROW, NEVER};
use crate::dice::Dice;
use crate::support::{Place, World, by, email, now as created, second_of, tenant};

/// Persons a tenant has in one timeline.
pub(super) const PERSONS: usize = 9;

/// Before nights in which clocks of people change, a leap day, the turn of a year.
const STARTS: [&str; 6] = [
    "2026-03-28T21:10:00Z",
    "2026-10-24T20:55:01Z",
    "2028-02-28T19:59:59Z",
    "2026-12-31T12:00:00Z",
    "2027-03-13T23:44:59Z",
    "2026-06-30T23:59:59Z",
];

pub(super) struct Timeline {
    pub(super) seed: u64,
    pub(super) step: u64,
    pub(super) world: World,
    pub(super) store: Store,
    pub(super) dice: Dice,
    pub(super) reference: Reference,
    pub(super) now: Timestamp,
    pub(super) tally: Tally,
    /// A store in memory that is closed is gone.
    pub(super) on_disk: bool,
    pub(super) breaker: Breaker,
    pub(super) units: u16,
    /// The latest sweep.
    pub(super) swept: Timestamp,
    pub(super) holds: u32,
    pub(super) plan: Option<(SweepPlan, Vec<(usize, Due, bool)>)>,
}

pub(super) fn agent_of(n: u8) -> Accessor {
    by(Role::Agent, tenant(n))
}

pub(super) fn officer_of(n: u8) -> Accessor {
    by(Role::PrivacyOfficer, tenant(n))
}

pub(super) fn mail(person: u8) -> IndexTerm {
    email(&format!("p{person}@example.org"))
}

impl Timeline {
    pub(super) async fn begin(seed: u64, on_disk: bool, mistake: Mistake) -> Self {
        let place = if on_disk {
            Place::Files(tempfile::tempdir().unwrap())
        } else {
            Place::Memory(Arc::new(MemoryBackend::new()))
        };
        let world = World::with_entropy(place, Arc::new(SeededEntropy::insecure(seed)));
        let mut dice = Dice::new(seed);
        let breaker = if dice.below(5) == 0 { NARROW } else { NEVER };
        drop(world.create().await);
        let now = STARTS[dice.below(STARTS.len())].parse().unwrap();
        let config = world.config().breaker(breaker);
        let store = world.try_open(config, created()).await.unwrap();
        Timeline {
            seed,
            step: 0,
            world,
            store,
            dice,
            reference: Reference::new(mistake),
            now,
            tally: Tally::default(),
            on_disk,
            breaker,
            units: 0,
            swept: now,
            holds: 0,
            plan: None,
        }
    }

    pub(super) fn differ(&mut self, what: &str, expected: &dyn Debug, got: &dyn Debug) {
        let (seed, step, at) = (self.seed, self.step, self.now);
        self.tally.differences += 1;
        if self.tally.told.len() < 12 {
            let line =
                format!("seed {seed} step {step} at {at}: {what}: {expected:?}, not {got:?}");
            self.tally.told.push(line);
        }
    }

    pub(super) fn same<T: PartialEq + Debug>(&mut self, what: &str, expected: T, got: T) {
        if expected != got {
            self.differ(what, &expected, &got);
        }
    }

    pub(super) fn met(&mut self, what: &'static str, times: u64) {
        *self.tally.met.entry(what).or_default() += times;
    }

    pub(super) fn chance(&mut self, of: usize) -> bool {
        self.dice.below(of) == 0
    }

    pub(super) fn seconds(&mut self, below: usize) -> TimeDelta {
        TimeDelta::seconds(self.dice.below(below) as i64)
    }

    pub(super) fn record(&mut self) -> Option<usize> {
        let all = self.reference.records.len();
        // The latest ones more often: others are mostly over.
        let from = if self.chance(3) {
            0
        } else {
            all.saturating_sub(24)
        };
        (all > 0).then(|| from + self.dice.below(all - from))
    }

    /// One that has its key, more often.
    pub(super) fn living(&mut self) -> Option<usize> {
        let some = [self.record()?, self.record()?, self.record()?];
        let lives = |n: &&usize| !self.reference.records[**n].gone;
        some.iter().find(lives).or(some.first()).copied()
    }

    /// An instant at which something of a record changes, or one just beside it.
    pub(super) fn edge(&mut self, n: usize) -> Timestamp {
        let record = &self.reference.records[n];
        let written = [record.ends(), record.end, record.bucket_end()];
        let archive = record.archive.unwrap_or(record.ends());
        let edge = [written[0], written[1], written[2], archive][self.dice.below(4)];
        let second = TimeDelta::seconds(1);
        match self.dice.below(5) {
            0 => edge - second,
            1 => edge - TimeDelta::milliseconds(1),
            2 => edge + second,
            _ => edge,
        }
    }

    /// The clock goes on, mostly.
    fn tick(&mut self) {
        let second = TimeDelta::seconds(1);
        let by = match self.dice.below(200) {
            80..=139 => self.seconds(1500),
            140..=143 => TimeDelta::milliseconds(700),
            144..=173 => self.until_an_edge(),
            174..=181 => self.seconds(5 * 3600),
            182 => self.seconds(40 * 3600),
            183..=189 => -self.seconds(20 * 3600),
            190..=195 => -second,
            196 if self.chance(3) => TimeDelta::days(31),
            _ => TimeDelta::zero(),
        };
        self.now += by;
    }

    /// How long until something changes that is not far.
    fn until_an_edge(&mut self) -> TimeDelta {
        let Some(n) = self.record() else {
            return TimeDelta::zero();
        };
        let ahead = self.edge(n) - self.now;
        let far = if self.chance(6) { 30 } else { 3 };
        let near = TimeDelta::zero()..TimeDelta::hours(far);
        if near.contains(&ahead) {
            ahead
        } else {
            TimeDelta::zero()
        }
    }

    pub(super) async fn step(&mut self) {
        self.step += 1;
        self.tally.steps += 1;
        self.tick();
        match self.dice.below(100) {
            0..=33 => self.put().await,
            34..=50 => self.shorten_some().await,
            51..=54 => self.archive().await,
            55..=60 => self.hold().await,
            61..=72 => self.release().await,
            73..=74 => self.erase_person().await,
            75..=78 => self.erase_record().await,
            79..=87 => self.expire().await,
            88..=89 => self.make_plan().await,
            90..=96 => self.execute().await,
            _ => self.upkeep().await,
        }
        self.look().await;
    }

    /// Every hold is let go, the time of everything is over: nothing is left.
    pub(super) async fn end(&mut self) {
        self.step += 1;
        let placed = self.reference.holds.iter().map(|hold| hold.placed);
        let ends = self.reference.records.iter().map(|record| record.end);
        self.now = placed.chain(ends).fold(self.now, Timestamp::max);
        while !self.reference.holds.is_empty() {
            let before = self.reference.holds.len();
            let of = self.reference.holds[0].tenant;
            if !self.reference.holds[0].restricts {
                self.ask(0, 1, &second_of(tenant(of))).await;
            }
            self.let_go(0, 0, &officer_of(of)).await;
            if self.reference.holds.len() == before {
                break;
            }
        }
        self.now += TimeDelta::days(36);
        self.breaker = NEVER;
        if let Some(failed) = self.reopen().await {
            self.differ("closed", &"Ok", &failed);
        }
        self.expire().await;
        for _ in 0..3 {
            self.look().await;
        }
        let settled = self.store.purge(self.now, 100_000).await;
        if settled.is_err() {
            self.differ("purge", &"Ok", &settled);
        }
        let checked = self.store.check(self.now).await.unwrap();
        self.same("intact", true, checked.is_intact());
        let expected = self.reference.with_keys();
        self.same("records left", expected, checked.survey.records);
        for who in [Who::Agent, Who::Officer] {
            for n in 0..self.reference.records.len() {
                self.read(n, who, self.now).await;
            }
        }
    }
}
