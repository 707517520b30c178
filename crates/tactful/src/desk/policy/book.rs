//! The stored form of a policy in force.

use retention_policy::{ActorId, Policy};

use crate::Error;

const VERSION: u8 = 0;

/// A policy in force.
#[derive(Clone, Debug)]
pub(super) struct Book {
    /// Whether every record knows.
    pub(super) applied: bool,
    /// Who approved it; nobody the one that a desk begins with.
    pub(super) by: Option<(ActorId, Option<ActorId>)>,
    pub(super) policy: Policy,
}

impl Book {
    pub(super) fn encode(&self) -> Vec<u8> {
        let (first, second) = match self.by {
            None => (None, None),
            Some((first, second)) => (Some(first), second),
        };
        let mut out = vec![VERSION, u8::from(self.applied)];
        for actor in [first, second] {
            out.push(u8::from(actor.is_some()));
            out.extend(actor.into_iter().flat_map(ActorId::to_bytes));
        }
        out.extend_from_slice(self.policy.to_toml().as_bytes());
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        read(bytes).ok_or(Error::DamagedContract)
    }
}

fn read(bytes: &[u8]) -> Option<Book> {
    let (VERSION, mut rest) = bytes.split_first().map(|(v, rest)| (*v, rest))? else {
        return None;
    };
    let applied = flag(&mut rest)?;
    let first = actor(&mut rest)?;
    let second = actor(&mut rest)?;
    let by = match (first, second) {
        (None, Some(_)) => return None,
        (first, second) => first.map(|first| (first, second)),
    };
    let policy = Policy::from_toml(std::str::from_utf8(rest).ok()?).ok()?;
    Some(Book {
        applied,
        by,
        policy,
    })
}

fn flag(rest: &mut &[u8]) -> Option<bool> {
    let (byte, after) = rest.split_first()?;
    *rest = after;
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

fn actor(rest: &mut &[u8]) -> Option<Option<ActorId>> {
    if !flag(rest)? {
        return Some(None);
    }
    let (id, after) = rest.split_first_chunk::<16>()?;
    *rest = after;
    Some(Some(ActorId::from_bytes(*id)))
}
