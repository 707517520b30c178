//! The pseudonym map: which tag stands for which value, in one conversation.
//!
//! **One tag, one spelling.** A tag restores exactly the characters it replaced, byte for byte, on every way a text
//! can take: sealed, stored, verified, streamed. So "Marie Dupont", "marie dupont" and "Dupont" get tags of their
//! own. That they are the same person is not lost: [`PseudonymMap::same_as`] and [`PseudonymMap::relations`] say so,
//! and a prompt can tell the model that `[PERSON_2]` is `[PERSON_1]`. The same spelling gets the same tag over
//! all turns of the conversation.

use std::fmt;

use zeroize::Zeroizing;

use crate::error::MapError;
use crate::provenance::Provenance;
use crate::tag::{Tag, TagKind};

mod bytes;
mod people;
pub(crate) mod table;

use table::Table;

/// The identity of a pseudonym map: every redacted text carries the one its tags belong to.
///
/// Made from 16 random bytes of the caller; this crate has no randomness of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_structs,
    reason = "sixteen bytes, any of them valid"
)]
pub struct MapId(pub [u8; 16]);

impl fmt::Display for MapId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// An opaque label (tenant, source, agent) whose meaning only the caller knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_structs,
    reason = "sixteen bytes, any of them valid"
)]
pub struct Label(pub [u8; 16]);

/// The values of one conversation and their tags.
///
/// Holds personal data: Debug prints the number of entries, memory is zeroised, and the values are read through
/// [`crate::restore()`], [`PseudonymMap::expose`] and [`PseudonymMap::to_bytes`] alone.
///
/// ```
/// use redact::{Mark, MapId, PseudonymMap, Kind, seal_marks, restore};
/// let mut map = PseudonymMap::new(MapId([7; 16]));
/// let marks = [Mark::new(0..5, Kind::Person).unwrap()];
/// let redacted = seal_marks("Marie waits.", &marks, &mut map)?;
/// assert_eq!(redacted.as_str(), "[PERSON_1] waits.");
/// assert_eq!(restore(&redacted, &map)?.expose(), "Marie waits.");
/// assert_eq!(format!("{map:?}"), "PseudonymMap(1 entry)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PseudonymMap {
    id: MapId,
    table: Table,
    /// Whose words are being sealed.
    speaks: Provenance,
}

impl PseudonymMap {
    /// An empty map.
    #[must_use]
    pub fn new(id: MapId) -> Self {
        Self {
            id,
            table: Table::default(),
            speaks: Provenance::Customer,
        }
    }

    /// Its identity.
    #[must_use]
    pub const fn id(&self) -> MapId {
        self.id
    }

    /// The number of tags.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether it holds no tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The tags in the order they were given out.
    pub fn tags(&self) -> impl Iterator<Item = &Tag> {
        self.table.entries().map(|(tag, _)| tag)
    }

    /// Whether a tag is of this map.
    #[must_use]
    pub fn contains(&self, tag: &Tag) -> bool {
        self.table.find(tag).is_some()
    }

    /// The value behind a tag: personal data in clear.
    #[must_use]
    pub fn expose(&self, tag: &Tag) -> Option<&str> {
        self.table.find(tag).and_then(|i| self.table.value(i))
    }

    /// The tag of this spelling; a new one where there is none yet.
    pub(crate) fn tag_of(&mut self, kind: &TagKind, value: &str) -> Result<Tag, MapError> {
        self.table.tag_of(kind, value, self.speaks)
    }

    /// Does some work while the words of somebody are sealed.
    pub(crate) fn said_by<T>(
        &mut self,
        provenance: Provenance,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.speaks = provenance;
        let done = work(self);
        self.speaks = Provenance::Customer;
        done
    }

    /// Whose words a tag was made from; `None` for a tag that is not of this map.
    #[must_use]
    pub fn provenance(&self, tag: &Tag) -> Option<Provenance> {
        self.table.provenance(self.table.find(tag)?)
    }

    /// Puts a value behind a tag; tags come in the order of the map they are taken from.
    pub(crate) fn put(&mut self, tag: Tag, value: &str, from: Provenance) {
        self.table.insert(tag, value, from);
    }

    pub(crate) const fn table(&self) -> &Table {
        &self.table
    }

    /// Forgets the tags given out since there were `len`: a text that could not be sealed leaves no trace.
    pub(crate) fn roll_back(&mut self, len: usize) {
        self.table.truncate(len);
    }

    /// The stored form: version byte, identity, entries. Personal data: seal it before it is written anywhere.
    ///
    /// # Errors
    /// [`MapError::TooLong`] when a value is longer than 4 GiB.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, MapError> {
        bytes::write(self.id, &self.table)
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`MapError::NewerFormat`] for a version this build does not know, [`MapError::Truncated`] when bytes are
    /// missing, [`MapError::Corrupt`] for anything [`PseudonymMap::to_bytes`] would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MapError> {
        let (id, table) = bytes::read(bytes)?;
        Ok(Self {
            id,
            table,
            speaks: Provenance::Customer,
        })
    }
}

impl fmt::Debug for PseudonymMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = if self.len() == 1 { "entry" } else { "entries" };
        write!(f, "PseudonymMap({} {noun})", self.len())
    }
}
