//! The register of breaches (article 33(5)): all of them, notified or not.

use retention_policy::{TenantId, Timestamp};

use crate::Error;

/// What was breached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 4(12) and the EDPB know three kinds"
)]
pub enum BreachKind {
    /// Somebody read what they must not.
    Confidentiality,
    /// Something was changed.
    Integrity,
    /// Something was lost or could not be reached.
    Availability,
}

/// Whom it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notification {
    /// The client company (article 33(2)).
    Controller(TenantId, Timestamp),
    /// The supervisory authority (article 33(1)).
    Authority(Timestamp),
    /// The people (article 34).
    People(Timestamp),
}

/// One breach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    kind: BreachKind,
    detected: Timestamp,
    aware: Timestamp,
    people: Option<u64>,
    records: Option<u64>,
    notifications: Vec<Notification>,
}

impl Breach {
    /// Registers a breach. `aware` is reasonable certainty, from which the law counts; `detected` the first sign.
    ///
    /// # Errors
    /// [`Error::BadInstants`] when awareness precedes detection.
    pub fn new(kind: BreachKind, detected: Timestamp, aware: Timestamp) -> Result<Self, Error> {
        if aware < detected {
            return Err(Error::BadInstants);
        }
        Ok(Self {
            kind,
            detected,
            aware,
            people: None,
            records: None,
            notifications: Vec::new(),
        })
    }

    /// Adds how many people and records are concerned, as far as known (article 33(3)(a)).
    #[must_use]
    pub fn concerning(mut self, people: Option<u64>, records: Option<u64>) -> Self {
        self.people = people;
        self.records = records;
        self
    }

    /// Notes a notification; they may come in phases (article 33(4)).
    pub fn notified(&mut self, notification: Notification) {
        self.notifications.push(notification);
    }

    /// What was breached.
    #[must_use]
    pub fn kind(&self) -> BreachKind {
        self.kind
    }

    /// The first sign.
    #[must_use]
    pub fn detected(&self) -> Timestamp {
        self.detected
    }

    /// Reasonable certainty.
    #[must_use]
    pub fn aware(&self) -> Timestamp {
        self.aware
    }

    /// People concerned, where known.
    #[must_use]
    pub fn people(&self) -> Option<u64> {
        self.people
    }

    /// Records concerned, where known.
    #[must_use]
    pub fn records(&self) -> Option<u64> {
        self.records
    }

    /// Who was told.
    #[must_use]
    pub fn notifications(&self) -> &[Notification] {
        &self.notifications
    }
}
