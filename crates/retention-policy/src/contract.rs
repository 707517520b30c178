//! The contract with a client company: what may be done while it lasts, and what is owed when it ends (article 28).

mod bytes;
mod offboarding;

use std::collections::BTreeSet;

use crate::id::{ActorId, TenantId};
use crate::purpose::Purpose;
use crate::region::Region;
use crate::wire::floor;
use crate::{Error, Timestamp};

pub use offboarding::{Choice, Destroyed, Offboarding, OffboardingStage, Remainder};

/// What the house is under the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "article 4(7) and (8)")]
pub enum Party {
    /// It decides what for (article 4(7)).
    Controller,
    /// It works for the client company (article 4(8)).
    Processor,
}

/// How a contract stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever opens or shuts a door by it must know all"
)]
pub enum State {
    /// In force.
    Active,
    /// Stopped for a time: nothing new is written, nothing is drafted.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// Ended by one side; data is being given back and destroyed.
    Ending(Offboarding),
    /// Over, with nothing left. What was done stays to be told.
    Ended(Offboarding),
}

impl State {
    /// The stable code; an ending contract says its stage.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended { .. } => "suspended",
            Self::Ending(off) => off.stage().code(),
            Self::Ended(_) => "ended",
        }
    }
}

/// What happens to a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// It is stopped for a time.
    Suspend,
    /// It goes on.
    Resume,
    /// It ends: one of the operators says what becomes of the data (article 28(3)(g)).
    End {
        /// Who says so.
        by: ActorId,
        /// Give back and destroy, or destroy.
        choice: Choice,
    },
    /// The end is taken back, before anything was destroyed.
    Withdraw,
    /// The data was given back as an archive with this SHA-256.
    Returned {
        /// The hash.
        archive: [u8; 32],
    },
    /// The tenant's keys were destroyed.
    Destroyed {
        /// How many records went.
        records: u64,
        /// How many keys.
        keys: u64,
    },
    /// What laws keep; an empty list says that nothing is left.
    Remains(Vec<Remainder>),
    /// The certificate was made. If nothing is left the contract is over.
    Certify,
    /// What laws kept is over and gone, and a second certificate says so.
    Finish,
}

impl Step {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::End { .. } => "end",
            Self::Withdraw => "withdraw",
            Self::Returned { .. } => "returned",
            Self::Destroyed { .. } => "destroyed",
            Self::Remains(_) => "remains",
            Self::Certify => "certify",
            Self::Finish => "finish",
        }
    }
}

/// A contract, as a value: each step makes a new one, or is refused.
///
/// ```
/// use retention_policy::*;
/// # let at = "2026-03-02T09:00:00Z".parse().unwrap();
/// # let (tenant, ana) = (TenantId::from_random([1; 16]), ActorId::from_random([2; 16]));
/// let contract = Contract::new(tenant, Party::Processor, Region::France, 7, [ana], at)?;
/// assert!(contract.may_write());
/// let ending = contract.step(&Step::End { by: ana, choice: Choice::Delete }, at)?;
/// assert!(!ending.may_write() && ending.may_read(Purpose::AnswerRequest));
/// let destroyed = ending.step(&Step::Destroyed { records: 812, keys: 40 }, at)?;
/// let clean = destroyed.step(&Step::Remains(vec![]), at)?;
/// assert!(matches!(clean.step(&Step::Certify, at)?.state(), State::Ended(_)));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    tenant: TenantId,
    party: Party,
    region: Region,
    policy: u32,
    operators: BTreeSet<ActorId>,
    since: Timestamp,
    state: State,
}

impl Contract {
    /// A contract in force. Instants count in whole seconds.
    ///
    /// # Errors
    /// [`Error::NoOperator`] without somebody who may act for the client company.
    pub fn new(
        tenant: TenantId,
        party: Party,
        region: Region,
        policy: u32,
        operators: impl IntoIterator<Item = ActorId>,
        since: Timestamp,
    ) -> Result<Self, Error> {
        Self {
            tenant,
            party,
            region,
            policy,
            operators: BTreeSet::new(),
            since: floor(since),
            state: State::Active,
        }
        .with_operators(operators)
    }

    /// The same with other operators.
    ///
    /// # Errors
    /// [`Error::NoOperator`] without any.
    pub fn with_operators(
        mut self,
        operators: impl IntoIterator<Item = ActorId>,
    ) -> Result<Self, Error> {
        self.operators = operators.into_iter().collect();
        if self.operators.is_empty() {
            return Err(Error::NoOperator);
        }
        Ok(self)
    }

    /// The same under a version of the policy that was approved for it.
    #[must_use]
    pub fn with_policy(mut self, version: u32) -> Self {
        self.policy = version;
        self
    }

    /// Whose data.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What the house is under it.
    #[must_use]
    pub fn party(&self) -> Party {
        self.party
    }

    /// Where the data lies.
    #[must_use]
    pub fn region(&self) -> Region {
        self.region
    }

    /// The version of the policy in force for it.
    #[must_use]
    pub fn policy(&self) -> u32 {
        self.policy
    }

    /// Who may act for the client company.
    pub fn operators(&self) -> impl Iterator<Item = ActorId> + '_ {
        self.operators.iter().copied()
    }

    /// Since when it is in force.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.since
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether records may be written and replies drafted.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.state == State::Active
    }

    /// Whether records may be read for this purpose: while a contract is stopped or ends only to answer people
    /// (chapter III) and to give data back or keep it as a law asks (articles 28(3)(g), 6(1)(c)).
    #[must_use]
    pub fn may_read(&self, purpose: Purpose) -> bool {
        match self.state {
            State::Active => true,
            State::Suspended { .. } | State::Ending(_) => {
                matches!(purpose, Purpose::AnswerRequest | Purpose::LegalObligation)
            }
            State::Ended(_) => false,
        }
    }

    /// Whether something is owed to the client company and late: see [`Offboarding::next_due`].
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        match &self.state {
            State::Ending(off) => off.next_due().is_some_and(|due| now >= due),
            _ => false,
        }
    }

    /// The contract after a step.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for a step that does not follow, [`Error::NotOperator`] for an end that somebody else asks
    /// for, [`Error::BadRemainder`] for remainders that are over or said twice, [`Error::TooEarly`] for an instant
    /// before the latest step, and before the last remainder is over.
    pub fn step(&self, step: &Step, at: Timestamp) -> Result<Self, Error> {
        let at = floor(at);
        let not_allowed = Error::NotAllowed {
            from: self.state.code(),
            step: step.code(),
        };
        let latest = match &self.state {
            State::Active => self.since,
            State::Suspended { since } => *since,
            State::Ending(off) | State::Ended(off) => off.latest(),
        };
        let state = match (&self.state, step) {
            (State::Active, Step::Suspend) => State::Suspended { since: at },
            (State::Suspended { .. }, Step::Resume) => State::Active,
            (State::Active | State::Suspended { .. }, Step::End { by, choice }) => {
                if !self.operators.contains(by) {
                    return Err(Error::NotOperator);
                }
                State::Ending(Offboarding::ask(*by, *choice, at))
            }
            (State::Ending(off), Step::Withdraw) if off.destroyed().is_none() => State::Active,
            (State::Ending(off), step) => {
                let off = off.step(step, at)?.ok_or(not_allowed)?;
                if off.stage() == OffboardingStage::Finished {
                    State::Ended(off)
                } else {
                    State::Ending(off)
                }
            }
            _ => return Err(not_allowed),
        };
        if at < latest {
            return Err(Error::TooEarly { until: latest });
        }
        Ok(Self {
            state,
            ..self.clone()
        })
    }
}
