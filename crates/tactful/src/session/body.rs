//! The sealed body of a session: which ticket, every message and fact redacted, and the map that restores them.

use chrono::DateTime;
use redact::PseudonymMap;
use retention_policy::Timestamp;
use suggest_core::{Author, FactKind};
use zeroize::Zeroizing;

use super::SealedMessage;
use crate::Error;
use crate::ticket::Place;

/// Version byte. Version 0 had neither a place nor facts.
const VERSION: u8 = 1;

/// What is written.
pub(crate) fn encode(
    place: &Place,
    facts: &[suggest_core::Fact],
    messages: &[SealedMessage],
    map: &PseudonymMap,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let map = map.to_bytes()?;
    let mut out = Zeroizing::new(vec![VERSION]);
    put(&mut out, place.ticket.0.as_bytes())?;
    put(
        &mut out,
        place.channel.as_deref().unwrap_or_default().as_bytes(),
    )?;
    put(&mut out, place.labels.join("\n").as_bytes())?;
    out.extend_from_slice(&count(facts.len())?.to_be_bytes());
    for fact in facts {
        put(&mut out, fact.kind().code().as_bytes())?;
        put(
            &mut out,
            fact.key().map_or("", |key| key.as_str()).as_bytes(),
        )?;
        put(&mut out, fact.value().as_str().as_bytes())?;
        let until = fact.holds_until().map_or(i64::MAX, |at| at.timestamp());
        out.extend_from_slice(&until.to_be_bytes());
    }
    out.extend_from_slice(&count(messages.len())?.to_be_bytes());
    for message in messages {
        out.push(match message.author {
            Author::Customer => 0,
            Author::Agent => 1,
        });
        let at = message.at.map_or(i64::MIN, |t| t.timestamp());
        out.extend_from_slice(&at.to_be_bytes());
        put(&mut out, message.text.as_str().as_bytes())?;
    }
    put(&mut out, &map)?;
    Ok(out)
}

fn count(n: usize) -> Result<u32, Error> {
    u32::try_from(n).map_err(|_| Error::TooLarge { bytes: n })
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Error> {
    out.extend_from_slice(&count(bytes.len())?.to_be_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

/// One message of a stored body, not yet checked against its map.
pub(crate) struct StoredMessage<'b> {
    pub(crate) author: Author,
    pub(crate) at: Option<Timestamp>,
    pub(crate) text: &'b str,
}

/// One fact of a stored body, not yet checked either.
pub(crate) struct StoredFact<'b> {
    pub(crate) kind: FactKind,
    pub(crate) about: Option<&'b str>,
    pub(crate) value: &'b str,
    pub(crate) until: Option<Timestamp>,
}

/// A body taken apart. The texts re-enter through `redact` before anything else sees them.
pub(crate) struct Body<'b> {
    pub(crate) place: Place,
    pub(crate) facts: Vec<StoredFact<'b>>,
    pub(crate) messages: Vec<StoredMessage<'b>>,
    pub(crate) map: PseudonymMap,
}

/// Takes a body apart.
pub(crate) fn decode(bytes: &[u8]) -> Result<Body<'_>, Error> {
    let mut rest = bytes;
    let [version] = take::<1>(&mut rest).ok_or(Error::DamagedSession)?;
    let (place, facts) = match version {
        0 => (Place::default(), Vec::new()),
        VERSION => (place(&mut rest)?, facts(&mut rest)?),
        _ => return Err(Error::DamagedSession),
    };
    let mut messages = Vec::new();
    for _ in 0..number(&mut rest)? {
        let [author] = take::<1>(&mut rest).ok_or(Error::DamagedSession)?;
        let at = seconds(&mut rest)?;
        messages.push(StoredMessage {
            author: match author {
                0 => Author::Customer,
                1 => Author::Agent,
                _ => return Err(Error::DamagedSession),
            },
            at: (at != i64::MIN)
                .then(|| DateTime::from_timestamp(at, 0))
                .flatten(),
            text: text(&mut rest)?,
        });
    }
    let map = slice(&mut rest)?;
    if !rest.is_empty() {
        return Err(Error::DamagedSession);
    }
    Ok(Body {
        place,
        facts,
        messages,
        map: PseudonymMap::from_bytes(map)?,
    })
}

fn place(rest: &mut &[u8]) -> Result<Place, Error> {
    let (ticket, channel, labels) = (text(rest)?, text(rest)?, text(rest)?);
    Ok(Place::new(
        ticket,
        Some(channel).filter(|channel| !channel.is_empty()),
        labels.lines(),
    ))
}

fn facts<'b>(rest: &mut &'b [u8]) -> Result<Vec<StoredFact<'b>>, Error> {
    let mut facts = Vec::new();
    for _ in 0..number(rest)? {
        let kind = FactKind::from_code(text(rest)?).ok_or(Error::DamagedSession)?;
        let about = text(rest)?;
        let value = text(rest)?;
        let until = seconds(rest)?;
        facts.push(StoredFact {
            kind,
            about: Some(about).filter(|about| !about.is_empty()),
            value,
            until: (until != i64::MAX)
                .then(|| DateTime::from_timestamp(until, 0))
                .flatten(),
        });
    }
    Ok(facts)
}

/// The same body with another map in the place of its own: nothing else moves.
pub(crate) fn with_map(bytes: &[u8], map: &PseudonymMap) -> Result<Zeroizing<Vec<u8>>, Error> {
    let before = decode(bytes)?.map.to_bytes()?.len();
    let map = map.to_bytes()?;
    let len = u32::try_from(map.len()).map_err(|_| Error::TooLarge { bytes: map.len() })?;
    // Behind the messages stand the length of the map and the map.
    let messages = bytes.len().checked_sub(before + len.to_be_bytes().len());
    let messages = messages.and_then(|end| bytes.get(..end));
    let messages = messages.ok_or(Error::DamagedSession)?;
    let mut out = Zeroizing::new(Vec::with_capacity(messages.len() + 4 + map.len()));
    out.extend_from_slice(messages);
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(&map);
    Ok(out)
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

fn number(rest: &mut &[u8]) -> Result<usize, Error> {
    let bytes = take::<4>(rest).ok_or(Error::DamagedSession)?;
    usize::try_from(u32::from_be_bytes(bytes)).map_err(|_| Error::DamagedSession)
}

fn seconds(rest: &mut &[u8]) -> Result<i64, Error> {
    let bytes = take::<8>(rest).ok_or(Error::DamagedSession)?;
    Ok(i64::from_be_bytes(bytes))
}

fn text<'b>(rest: &mut &'b [u8]) -> Result<&'b str, Error> {
    std::str::from_utf8(slice(rest)?).map_err(|_| Error::DamagedSession)
}

fn slice<'b>(rest: &mut &'b [u8]) -> Result<&'b [u8], Error> {
    let len = number(rest)?;
    let (head, tail) = rest.split_at_checked(len).ok_or(Error::DamagedSession)?;
    *rest = tail;
    Ok(head)
}
