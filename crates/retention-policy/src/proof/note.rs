//! What else there is to say of a sweep: what it did not destroy, and why.

use std::fmt;

use crate::category::Category;
use crate::clock::ClockState;
use crate::id::TenantId;
use crate::wire::{Reader, Writer, floor};
use crate::{Error, Timestamp};

const VERSION: u8 = 1;
const BACK: u8 = 0;
const AHEAD: u8 = 1;
const HELD: u8 = 2;
const TRIPPED: u8 = 3;

/// Something of a sweep that a reader of its report must know. Holds counts and codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "what is stored")]
pub struct SweepNote {
    /// Whose; none for what concerns the whole house.
    pub tenant: Option<TenantId>,
    /// When, by the latest instant that was trusted.
    pub at: Timestamp,
    /// What.
    pub what: Noted,
}

/// What a [`SweepNote`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Noted {
    /// The clock was not trusted: nothing new was destroyed until somebody looked.
    Clock(ClockState),
    /// Records whose end is reached and that holds keep.
    Held {
        /// Of which kind.
        category: Category,
        /// How many.
        records: u64,
    },
    /// Too many records would have ended before their time: none of them did.
    Tripped {
        /// How many.
        records: u64,
        /// Of how many: live ones, or such as end in a usual hour.
        of: u64,
    },
}

impl SweepNote {
    /// The note as canonical bytes, version 1. Instants count in whole seconds.
    ///
    /// ```
    /// use retention_policy::{Noted, SweepNote, TenantId};
    /// # let at = "2026-03-02T09:00:00Z".parse().unwrap();
    /// let what = Noted::Tripped { records: 5000, of: 6000 };
    /// let note = SweepNote { tenant: Some(TenantId::from_random([1; 16])), at, what };
    /// assert_eq!(SweepNote::from_bytes(&note.to_bytes())?, note);
    /// # Ok::<(), retention_policy::Error>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(VERSION);
        match self.tenant {
            Some(tenant) => out.u8(1).fixed(&tenant.to_bytes()),
            None => out.u8(0),
        };
        out.time(floor(self.at));
        match self.what {
            // A clock that is fine is nothing to note: it reads as one that went back to be looked at.
            Noted::Clock(ClockState::Ahead) => out.u8(AHEAD),
            Noted::Clock(_) => out.u8(BACK),
            Noted::Held { category, records } => out.u8(HELD).u8(category.to_byte()).u64(records),
            Noted::Tripped { records, of } => out.u8(TRIPPED).u64(records).u64(of),
        };
        out.done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, "a note of a sweep", VERSION)?;
        let tenant = match input.flag()? {
            true => Some(TenantId::from_bytes(input.fixed()?)),
            false => None,
        };
        let at = input.time()?;
        let what = match input.u8()? {
            BACK => Noted::Clock(ClockState::Back),
            AHEAD => Noted::Clock(ClockState::Ahead),
            HELD => {
                let category = Category::from_byte(input.u8()?);
                Noted::Held {
                    category: input.some(category)?,
                    records: input.u64()?,
                }
            }
            TRIPPED => Noted::Tripped {
                records: input.u64()?,
                of: input.u64()?,
            },
            _ => return Err(input.bad()),
        };
        input.end()?;
        Ok(Self { tenant, at, what })
    }
}

impl Noted {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Clock(ClockState::Ahead) => "clock_ahead",
            Self::Clock(_) => "clock_back",
            Self::Held { .. } => "held",
            Self::Tripped { .. } => "tripped",
        }
    }

    /// How many records it is about; none for a clock.
    #[must_use]
    pub const fn records(self) -> Option<u64> {
        match self {
            Self::Clock(_) => None,
            Self::Held { records, .. } | Self::Tripped { records, .. } => Some(records),
        }
    }
}

/// A sentence in plain words.
impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(ClockState::Ahead) => f.write_str(
                "The clock jumped ahead: nothing was destroyed until somebody confirmed it.",
            ),
            Self::Clock(_) => f.write_str(
                "The clock went back: nothing became due until it passed the latest instant seen.",
            ),
            Self::Held {
                category,
                records: 1,
            } => {
                write!(
                    f,
                    "1 record of kind {category} reached its end and is kept by a hold."
                )
            }
            Self::Held { category, records } => {
                write!(
                    f,
                    "{records} records of kind {category} reached their end and are kept by a hold."
                )
            }
            Self::Tripped { records, of } => write!(
                f,
                "{records} records would have ended before their time, of {of}: they wait for two people."
            ),
        }
    }
}
