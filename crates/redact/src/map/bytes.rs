//! The stored form of a map, version 1; version 0 had no provenance.
//!
//! ```text
//! version   u8 = 1
//! map id    16 bytes
//! entries   u32 little endian, then for each in the order it was given out:
//!   label   u8 length, ASCII
//!   from    u8: 0 customer, 1 agent, 2 knowledge, 3 system
//!   number  u32 little endian: the next of its label, from 1
//!   value   u32 little endian length, UTF-8
//! ```

use zeroize::Zeroizing;

use crate::error::MapError;
use crate::map::MapId;
use crate::map::table::Table;
use crate::provenance::Provenance;
use crate::tag::{Tag, TagKind};

const VERSION: u8 = 1;

pub(super) fn write(id: MapId, table: &Table) -> Result<Zeroizing<Vec<u8>>, MapError> {
    let size = table
        .entries()
        .map(|(tag, value)| 10 + tag.kind().as_str().len() + value.len())
        .sum::<usize>();
    // Reserved in one piece: a buffer that grows would leave copies of values behind.
    let mut out = Zeroizing::new(Vec::with_capacity(21 + size));
    out.push(VERSION);
    out.extend_from_slice(&id.0);
    out.extend_from_slice(&length(table.len())?);
    for (index, (tag, value)) in table.entries().enumerate() {
        let from = table.provenance(index).unwrap_or_default();
        let label = tag.kind().as_str();
        out.push(u8::try_from(label.len()).map_err(|_| MapError::TooLong)?);
        out.extend_from_slice(label.as_bytes());
        out.push(from.code());
        out.extend_from_slice(&tag.number().to_le_bytes());
        out.extend_from_slice(&length(value.len())?);
        out.extend_from_slice(value.as_bytes());
    }
    Ok(out)
}

fn length(n: usize) -> Result<[u8; 4], MapError> {
    u32::try_from(n)
        .map(u32::to_le_bytes)
        .map_err(|_| MapError::TooLong)
}

pub(super) fn read(bytes: &[u8]) -> Result<(MapId, Table), MapError> {
    let mut rest = Reader(bytes);
    let [version] = rest.array()?;
    if version > VERSION {
        return Err(MapError::NewerFormat { version });
    }
    let id = MapId(rest.array()?);
    let count = rest.number()?;
    let mut table = Table::default();
    for _ in 0..count {
        let [size] = rest.array()?;
        let label = std::str::from_utf8(rest.take(usize::from(size))?).map_err(|_| CORRUPT)?;
        let kind = TagKind::new(label).ok_or(CORRUPT)?;
        let from = match version {
            0 => Provenance::Customer,
            _ => {
                let [code] = rest.array()?;
                Provenance::from_code(code).ok_or(CORRUPT)?
            }
        };
        let number = rest.number()?;
        let size = usize::try_from(rest.number()?).map_err(|_| CORRUPT)?;
        let value = std::str::from_utf8(rest.take(size)?).map_err(|_| CORRUPT)?;
        let tag = Tag::new(kind.clone(), number).ok_or(CORRUPT)?;
        if table.next_of(&kind) != number {
            return Err(CORRUPT);
        }
        // Two tags have one value where one of them was corrected.
        table.insert(tag, value, from);
    }
    if rest.0.is_empty() {
        Ok((id, table))
    } else {
        Err(CORRUPT)
    }
}

const CORRUPT: MapError = MapError::Corrupt;

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], MapError> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(MapError::Truncated)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], MapError> {
        self.take(N)?.try_into().map_err(|_| MapError::Truncated)
    }

    fn number(&mut self) -> Result<u32, MapError> {
        self.array().map(u32::from_le_bytes)
    }
}
