//! Every place where copies lie is told what to forget, and an erasure is complete once all of them have.

mod bytes;

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::category::Category;
use crate::id::{RecordId, SubjectId, TenantId};
use crate::name::SinkId;
use crate::{Error, Timestamp};

/// What a sink is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SinkKind {
    /// The records themselves.
    Records,
    /// An index of terms or vectors.
    Index,
    /// A cache.
    Cache,
    /// A copy for recovery.
    Snapshot,
    /// A package that was made for somebody.
    Export,
    /// A log.
    Log,
    /// Something outside of the house.
    External,
}

impl SinkKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Index => "index",
            Self::Cache => "cache",
            Self::Snapshot => "snapshot",
            Self::Export => "export",
            Self::Log => "log",
            Self::External => "external",
        }
    }
}

/// What is to be forgotten, within the notice's tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Forget {
    /// All of a kind whose bucket ended at or before an instant.
    Ended {
        /// The kind.
        category: Category,
        /// The end of the last bucket.
        until: Timestamp,
    },
    /// All of a person.
    Subject(SubjectId),
    /// One record.
    Record(RecordId),
    /// All of the tenant.
    Tenant,
}

/// An order to forget. Holds no identifier of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what a sink must know")]
pub struct Notice {
    /// Its number: higher than that of every notice before.
    pub serial: u64,
    /// Whose.
    pub tenant: TenantId,
    /// What.
    pub what: Forget,
    /// When it was given.
    pub at: Timestamp,
}

/// A sink that owes an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Which.
    pub sink: SinkId,
    /// What it is.
    pub kind: SinkKind,
    /// Which notice.
    pub serial: u64,
    /// Since when it owes the answer.
    pub since: Timestamp,
    /// For how long.
    pub age: TimeDelta,
    /// How often it failed.
    pub attempts: u32,
    /// When it failed last.
    pub failed_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Debt {
    since: Timestamp,
    attempts: u32,
    failed_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    notice: Notice,
    owed: BTreeMap<SinkId, Debt>,
}

/// The sinks of a house and what they owe, as a value.
///
/// ```
/// use retention_policy::*;
/// # let at = "2026-03-02T09:00:00Z".parse().unwrap();
/// let (records, index) = (SinkId::new("records")?, SinkId::new("passages")?);
/// let mut sinks = Sinks::new([(records, SinkKind::Records), (index, SinkKind::Index)])?;
/// let what = Forget::Subject(SubjectId::from_random([2; 16]));
/// sinks.open(Notice { serial: 1, tenant: TenantId::from_random([1; 16]), what, at })?;
/// sinks.ack(records, 1, at)?;
/// assert!(!sinks.is_complete(1), "the index still knows");
/// sinks.ack(index, 1, at)?;
/// assert!(sinks.is_complete(1));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sinks {
    registered: BTreeMap<SinkId, SinkKind>,
    open: BTreeMap<u64, Open>,
    /// The numbers that were given, as first and last of each run without a gap.
    given: Vec<(u64, u64)>,
}

impl Sinks {
    /// The sinks of a house.
    ///
    /// # Errors
    /// [`Error::SinkTwice`] for a name that is given twice, [`Error::NoSink`] for none: an erasure that nobody carries
    /// out would be complete at once.
    pub fn new(registered: impl IntoIterator<Item = (SinkId, SinkKind)>) -> Result<Self, Error> {
        let mut sinks = Self {
            registered: BTreeMap::new(),
            open: BTreeMap::new(),
            given: Vec::new(),
        };
        for (sink, kind) in registered {
            if sinks.registered.insert(sink, kind).is_some() {
                return Err(Error::SinkTwice { sink });
            }
        }
        if sinks.registered.is_empty() {
            return Err(Error::NoSink);
        }
        Ok(sinks)
    }

    /// Adds a sink. It owes an answer to every notice that is still open: its copies may be older than it is known.
    ///
    /// # Errors
    /// [`Error::SinkTwice`] if there is one of the name.
    pub fn register(&mut self, sink: SinkId, kind: SinkKind, at: Timestamp) -> Result<(), Error> {
        if self.registered.contains_key(&sink) {
            return Err(Error::SinkTwice { sink });
        }
        self.registered.insert(sink, kind);
        for open in self.open.values_mut() {
            open.owed.insert(sink, owed(at));
        }
        Ok(())
    }

    /// Takes a sink out.
    ///
    /// # Errors
    /// [`Error::SinkOwes`] while it owes an answer, [`Error::UnknownSink`], [`Error::NoSink`] for the last one.
    pub fn remove(&mut self, sink: SinkId) -> Result<(), Error> {
        if !self.registered.contains_key(&sink) {
            return Err(Error::UnknownSink { sink });
        }
        if let Some((serial, _)) = self.open.iter().find(|(_, o)| o.owed.contains_key(&sink)) {
            return Err(Error::SinkOwes {
                sink,
                serial: *serial,
            });
        }
        if self.registered.len() == 1 {
            return Err(Error::NoSink);
        }
        self.registered.remove(&sink);
        Ok(())
    }

    /// The sinks, by name.
    pub fn registered(&self) -> impl Iterator<Item = (SinkId, SinkKind)> + '_ {
        self.registered.iter().map(|(sink, kind)| (*sink, *kind))
    }

    /// Gives an order to all sinks. The same order once more changes nothing.
    ///
    /// # Errors
    /// [`Error::SerialUsed`] for a number that is not higher than all before.
    pub fn open(&mut self, notice: Notice) -> Result<(), Error> {
        let known = self.open.get(&notice.serial);
        if known.is_some_and(|open| open.notice == notice) {
            return Ok(());
        }
        let serial = notice.serial;
        match self.given.last_mut() {
            Some((_, last)) if serial <= *last => return Err(Error::SerialUsed { serial }),
            Some((_, last)) if serial - 1 == *last => *last = serial,
            _ => self.given.push((serial, serial)),
        }
        let owed = self
            .registered
            .keys()
            .map(|sink| (*sink, owed(notice.at)))
            .collect();
        self.open.insert(notice.serial, Open { notice, owed });
        Ok(())
    }

    /// A sink has forgotten. Said once more it changes nothing.
    ///
    /// # Errors
    /// [`Error::UnknownSink`], [`Error::UnknownSerial`]; [`Error::TooEarly`] for an instant before the order was given.
    pub fn ack(&mut self, sink: SinkId, serial: u64, at: Timestamp) -> Result<(), Error> {
        let Some(open) = self.known(sink, serial)? else {
            return Ok(());
        };
        if at < open.notice.at {
            return Err(Error::TooEarly {
                until: open.notice.at,
            });
        }
        open.owed.remove(&sink);
        if open.owed.is_empty() {
            self.open.remove(&serial);
        }
        Ok(())
    }

    /// A sink tried and could not: it still owes the answer.
    ///
    /// # Errors
    /// [`Error::UnknownSink`], [`Error::UnknownSerial`].
    pub fn failed(&mut self, sink: SinkId, serial: u64, at: Timestamp) -> Result<(), Error> {
        let open = self.known(sink, serial)?;
        if let Some(debt) = open.and_then(|open| open.owed.get_mut(&sink)) {
            debt.attempts = debt.attempts.saturating_add(1);
            debt.failed_at = Some(at);
        }
        Ok(())
    }

    /// Whether every sink has forgotten. A number that was never given is not complete.
    #[must_use]
    pub fn is_complete(&self, serial: u64) -> bool {
        self.was_given(serial) && !self.open.contains_key(&serial)
    }

    /// The orders that somebody still owes an answer to, the oldest first.
    pub fn open_notices(&self) -> impl Iterator<Item = &Notice> {
        self.open.values().map(|open| &open.notice)
    }

    /// Who owes what at `now`, by number and name.
    #[must_use]
    pub fn pending(&self, now: Timestamp) -> Vec<Pending> {
        let mut pending = Vec::new();
        for (serial, open) in &self.open {
            for (sink, debt) in &open.owed {
                let Some(kind) = self.registered.get(sink) else {
                    continue;
                };
                pending.push(Pending {
                    sink: *sink,
                    kind: *kind,
                    serial: *serial,
                    since: debt.since,
                    age: now - debt.since,
                    attempts: debt.attempts,
                    failed_at: debt.failed_at,
                });
            }
        }
        pending
    }

    fn was_given(&self, serial: u64) -> bool {
        let at = self.given.partition_point(|(_, last)| *last < serial);
        self.given
            .get(at)
            .is_some_and(|(first, _)| *first <= serial)
    }

    /// The open notice of a number; none if all have answered.
    fn known(&mut self, sink: SinkId, serial: u64) -> Result<Option<&mut Open>, Error> {
        if !self.registered.contains_key(&sink) {
            return Err(Error::UnknownSink { sink });
        }
        if !self.was_given(serial) {
            return Err(Error::UnknownSerial { serial });
        }
        Ok(self.open.get_mut(&serial))
    }
}

fn owed(since: Timestamp) -> Debt {
    Debt {
        since,
        attempts: 0,
        failed_at: None,
    }
}
