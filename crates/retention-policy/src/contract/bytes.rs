//! A contract as canonical bytes, version 1. What no steps could have made is refused.

use super::offboarding::{Choice, Destroyed, Offboarding, Remainder, are_apart};
use super::{Contract, Party, State};
use crate::Error;
use crate::category::Category;
use crate::id::{ActorId, TenantId};
use crate::name::ObligationId;
use crate::policy::rule::Obligation;
use crate::region::Region;
use crate::wire::{Reader, Writer};

const VERSION: u8 = 1;
const WHAT: &str = "a contract";

impl Contract {
    /// The contract as canonical bytes, for storage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::new(VERSION);
        out.fixed(&self.tenant.to_bytes())
            .u8(match self.party {
                Party::Controller => 0,
                Party::Processor => 1,
            })
            .fixed(self.region.code().as_bytes())
            .u32(self.policy)
            .time(self.since)
            .u32(u32::try_from(self.operators.len()).unwrap_or(u32::MAX));
        for operator in &self.operators {
            out.fixed(&operator.to_bytes());
        }
        match &self.state {
            State::Active => {
                out.u8(0);
            }
            State::Suspended { since } => {
                out.u8(1).time(*since);
            }
            State::Ending(off) => write(out.u8(2), off),
            State::Ended(off) => write(out.u8(3), off),
        }
        out.done()
    }

    /// Takes bytes that [`Self::to_bytes`] gave.
    ///
    /// # Errors
    /// [`Error::BadStored`] for all others.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let mut input = Reader::new(bytes, WHAT, VERSION)?;
        let tenant = TenantId::from_bytes(input.fixed()?);
        let party = match input.u8()? {
            0 => Party::Controller,
            1 => Party::Processor,
            _ => return Err(input.bad()),
        };
        let code: [u8; 2] = input.fixed()?;
        let region = Region::ALL
            .into_iter()
            .find(|r| r.code().as_bytes() == code);
        let region = input.some(region)?;
        let policy = input.u32()?;
        let since = input.time()?;
        let count = input.u32()?;
        let mut operators = Vec::new();
        for _ in 0..count {
            operators.push(ActorId::from_bytes(input.fixed()?));
        }
        let state = match input.u8()? {
            0 => State::Active,
            1 => State::Suspended {
                since: input.time()?,
            },
            2 => State::Ending(read(&mut input)?),
            3 => State::Ended(read(&mut input)?),
            _ => return Err(input.bad()),
        };
        let ended = match &state {
            State::Ending(off) => off.finished.is_none(),
            State::Ended(off) => off.finished.is_some(),
            _ => true,
        };
        let began = match &state {
            State::Active => true,
            State::Suspended { since: stopped } => *stopped >= since,
            State::Ending(off) | State::Ended(off) => off.asked_at >= since,
        };
        let sorted = operators.is_sorted_by(|a, b| a < b);
        if !ended || !began || !sorted || operators.is_empty() {
            return Err(input.bad());
        }
        input.end()?;
        Ok(Self {
            tenant,
            party,
            region,
            policy,
            operators: operators.into_iter().collect(),
            since,
            state,
        })
    }
}

fn write(out: &mut Writer, off: &Offboarding) {
    out.time(off.asked_at)
        .fixed(&off.by.to_bytes())
        .u8(match off.choice {
            Choice::Return => 0,
            Choice::Delete => 1,
        });
    match off.archive {
        Some(hash) => out.u8(1).fixed(&hash),
        None => out.u8(0),
    };
    match off.destroyed {
        Some(d) => out.u8(1).time(d.at).u64(d.records).u64(d.keys),
        None => out.u8(0),
    };
    match &off.remainders {
        Some(remainders) => {
            out.u8(1)
                .u32(u32::try_from(remainders.len()).unwrap_or(u32::MAX));
            for r in remainders {
                out.u8(r.category.to_byte())
                    .text(r.obligation.as_str())
                    .text(&r.law)
                    .text(&r.article)
                    .time(r.until)
                    .u64(r.records);
            }
        }
        None => {
            out.u8(0);
        }
    }
    out.maybe_time(off.certified).maybe_time(off.finished);
}

fn read(input: &mut Reader<'_>) -> Result<Offboarding, Error> {
    let asked_at = input.time()?;
    let by = ActorId::from_bytes(input.fixed()?);
    let choice = match input.u8()? {
        0 => Choice::Return,
        1 => Choice::Delete,
        _ => return Err(input.bad()),
    };
    let archive = if input.flag()? {
        Some(input.fixed()?)
    } else {
        None
    };
    let destroyed = if input.flag()? {
        Some(Destroyed {
            at: input.time()?,
            records: input.u64()?,
            keys: input.u64()?,
        })
    } else {
        None
    };
    let remainders = if input.flag()? {
        let count = input.u32()?;
        let mut list = Vec::new();
        for _ in 0..count {
            list.push(remainder(input)?);
        }
        Some(list)
    } else {
        None
    };
    let off = Offboarding {
        asked_at,
        by,
        choice,
        archive,
        destroyed,
        remainders,
        certified: input.maybe_time()?,
        finished: input.maybe_time()?,
    };
    if is_coherent(&off) {
        Ok(off)
    } else {
        Err(input.bad())
    }
}

fn remainder(input: &mut Reader<'_>) -> Result<Remainder, Error> {
    let category = Category::from_byte(input.u8()?);
    let category = category.filter(|c| Obligation::CATEGORIES.contains(c));
    let remainder = Remainder {
        category: input.some(category)?,
        obligation: ObligationId::new(input.text()?).map_err(|_| input.bad())?,
        law: input.text()?.to_owned(),
        article: input.text()?.to_owned(),
        until: input.time()?,
        records: input.u64()?,
    };
    if remainder.records == 0 || remainder.law.is_empty() || remainder.article.is_empty() {
        return Err(input.bad());
    }
    Ok(remainder)
}

/// Whether steps could have led here.
fn is_coherent(off: &Offboarding) -> bool {
    let archive_fits = match off.choice {
        Choice::Return => off.archive.is_some() || off.destroyed.is_none(),
        Choice::Delete => off.archive.is_none(),
    };
    let destroyed_at = off.destroyed.map(|d| d.at);
    let in_order = destroyed_at.is_none_or(|at| at >= off.asked_at)
        && off.certified.is_none_or(|at| Some(at) >= destroyed_at)
        && off.finished.is_none_or(|at| Some(at) >= off.certified);
    // Each stage has the one before it.
    let whole = (off.remainders.is_none() || off.destroyed.is_some())
        && (off.certified.is_none() || off.remainders.is_some())
        && (off.finished.is_none() || off.certified.is_some());
    let ends_fit = off
        .remainders()
        .iter()
        .all(|r| destroyed_at.is_some_and(|at| r.until > at))
        && are_apart(off.remainders());
    let finish_fits = match (off.second_timer(), off.certified, off.finished) {
        (None, Some(certified), finished) => finished == Some(certified),
        (Some(until), _, Some(finished)) => finished >= until,
        _ => true,
    };
    archive_fits && in_order && whole && ends_fit && finish_fits
}
