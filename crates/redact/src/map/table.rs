//! Tags and values with their indexes: what a map and an explicit table have in common.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};

use zeroize::{Zeroize, Zeroizing};

use crate::error::MapError;
use crate::provenance::Provenance;
use crate::tag::alias::folded;
use crate::tag::{Tag, TagKind};

/// Values of an ordinary ticket.
const ROOM: usize = 12;

struct Entry {
    tag: Tag,
    value: Zeroizing<String>,
    from: Provenance,
    /// The entry before it whose value has the same hash.
    same: Option<usize>,
}

/// The tags of a kind: numbers and their entries.
struct OfKind {
    kind: TagKind,
    /// The entries of 1, 2, 3 and so on, as they are given out.
    row: Vec<usize>,
    /// Others, which came out of order or with gaps: of a part of a map, or of a caller's table.
    others: BTreeMap<u32, usize>,
}

impl OfKind {
    fn get(&self, number: u32) -> Option<usize> {
        let place = usize::try_from(number.checked_sub(1)?).ok()?;
        let entry = self.row.get(place).copied();
        entry.or_else(|| self.others.get(&number).copied())
    }

    /// Adds a number that is not here.
    fn add(&mut self, number: u32, entry: usize) {
        if usize::try_from(number).is_ok_and(|number| number == self.row.len() + 1) {
            self.row.push(entry);
        } else {
            self.others.insert(number, entry);
        }
    }

    /// Takes away the number that was added last.
    fn take_back(&mut self, number: u32) {
        if self.others.remove(&number).is_none() {
            self.row.pop();
        }
    }

    fn last(&self) -> u32 {
        let other = self.others.last_key_value().map(|(number, _)| *number);
        let row = u32::try_from(self.row.len()).unwrap_or(u32::MAX);
        row.max(other.unwrap_or(0))
    }

    fn is_empty(&self) -> bool {
        self.row.is_empty() && self.others.is_empty()
    }
}

/// Values by tag. The indexes hold numbers only.
#[derive(Default)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    /// Hash of the value -> the last entry with that hash.
    by_value: HashMap<u64, usize, BuildHasherDefault<AsItIs>>,
    /// The kinds of the tags, in the order they came: few, so that going through them is quicker than a hash.
    kinds: Vec<OfKind>,
    /// Folded labels of the tenant's own.
    own: BTreeMap<String, Vec<TagKind>>,
}

/// For keys that are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        // Only numbers come here; others would be hashed all the same.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl Table {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Tag, &str)> {
        self.entries.iter().map(|e| (&e.tag, e.value.as_str()))
    }

    pub(crate) fn find(&self, tag: &Tag) -> Option<usize> {
        self.entry_of(tag.kind(), tag.number())
    }

    pub(crate) fn value(&self, index: usize) -> Option<&str> {
        self.entries.get(index).map(|e| e.value.as_str())
    }

    /// The value, where it may stand in clear again.
    pub(crate) fn restorable(&self, index: usize) -> Option<&str> {
        let entry = self.entries.get(index).filter(|e| e.from.restores());
        entry.map(|e| e.value.as_str())
    }

    pub(crate) fn provenance(&self, index: usize) -> Option<Provenance> {
        self.entries.get(index).map(|e| e.from)
    }

    pub(crate) fn tag(&self, index: usize) -> Option<&Tag> {
        self.entries.get(index).map(|e| &e.tag)
    }

    /// Whether some tag of this kind is here.
    pub(crate) fn holds(&self, kind: &TagKind) -> bool {
        self.of_kind(kind).is_some()
    }

    fn of_kind(&self, kind: &TagKind) -> Option<&OfKind> {
        self.kinds.iter().find(|of| of.kind == *kind)
    }

    /// The kind of this label, where some tag of it is here.
    pub(crate) fn kind_of(&self, label: &str) -> Option<&TagKind> {
        let mut kinds = self.kinds.iter().map(|of| &of.kind);
        kinds.find(|kind| kind.as_str() == label)
    }

    /// The entry of a tag, by its parts.
    pub(crate) fn entry_of(&self, kind: &TagKind, number: u32) -> Option<usize> {
        self.of_kind(kind)?.get(number)
    }

    /// The tenant's own labels.
    pub(crate) fn own(&self) -> impl Iterator<Item = &TagKind> {
        self.own.values().flatten()
    }

    /// The tenant's own labels that fold to this.
    pub(crate) fn own_kinds(&self, folded: &str) -> &[TagKind] {
        self.own.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Whether a label of the tenant's own begins with these folded letters.
    pub(crate) fn own_prefix(&self, prefix: &str) -> bool {
        self.own.keys().any(|label| label.starts_with(prefix))
    }

    /// The tag of a value; the next number of its kind where it has none.
    pub(crate) fn tag_of(
        &mut self,
        kind: &TagKind,
        value: &str,
        from: Provenance,
    ) -> Result<Tag, MapError> {
        let hash = hash(value);
        if let Some(index) = self.of_value(hash, kind, value, from)
            && let Some(tag) = self.tag(index)
        {
            return Ok(tag.clone());
        }
        let tag = Tag::new(kind.clone(), self.next_of(kind)).ok_or(MapError::Full)?;
        self.add(tag.clone(), value, from, hash);
        Ok(tag)
    }

    /// The number that the next new value of this kind gets.
    pub(crate) fn next_of(&self, kind: &TagKind) -> u32 {
        let last = self.of_kind(kind).map_or(0, OfKind::last);
        last.saturating_add(1)
    }

    /// The first entry of a value. What is restored and what never is have tags of their own.
    fn of_value(&self, hash: u64, kind: &TagKind, value: &str, from: Provenance) -> Option<usize> {
        let mut next = self.by_value.get(&hash).copied();
        let mut first = None;
        while let Some((index, entry)) = next.and_then(|i| Some((i, self.entries.get(i)?))) {
            if entry.tag.kind() == kind
                && entry.value.as_str() == value
                && entry.from.restores() == from.restores()
            {
                first = Some(index);
            }
            next = entry.same;
        }
        first
    }

    /// Adds or replaces the value of a tag.
    pub(crate) fn insert(&mut self, tag: Tag, value: &str, from: Provenance) {
        if let Some(index) = self.find(&tag) {
            if let Some(entry) = self.entries.get_mut(index) {
                // `to_owned` allocates exactly once, so no half-grown copy of the value stays behind.
                entry.value = Zeroizing::new(value.to_owned());
                entry.from = from;
            }
            return;
        }
        let hash = hash(value);
        self.add(tag, value, from, hash);
    }

    /// Adds a tag that is not here, and its value with its hash.
    fn add(&mut self, tag: Tag, value: &str, from: Provenance, hash: u64) {
        // As above: once.
        let value = Zeroizing::new(value.to_owned());
        let index = self.entries.len();
        if index == 0 {
            self.entries.reserve(ROOM);
            self.by_value.reserve(ROOM);
        }
        let same = self.by_value.insert(hash, index);
        let kind = tag.kind();
        let place = self.kinds.iter().position(|of| of.kind == *kind);
        let place = place.unwrap_or_else(|| {
            self.kinds.push(OfKind {
                kind: kind.clone(),
                row: Vec::new(),
                others: BTreeMap::new(),
            });
            self.kinds.len() - 1
        });
        if let Some(of) = self.kinds.get_mut(place) {
            of.add(tag.number(), index);
        }
        if kind.is_own() {
            let labels = self.own.entry(folded(kind.as_str())).or_default();
            if !labels.contains(kind) {
                labels.push(kind.clone());
            }
        }
        self.entries.push(Entry {
            tag,
            value,
            from,
            same,
        });
    }

    /// Keeps the first `len` entries.
    pub(crate) fn truncate(&mut self, len: usize) {
        for entry in self.entries.drain(len.min(self.entries.len())..).rev() {
            let kind = entry.tag.kind();
            let hash = hash(&entry.value);
            match entry.same {
                Some(same) => self.by_value.insert(hash, same),
                None => self.by_value.remove(&hash),
            };
            for of in self.kinds.iter_mut().filter(|of| of.kind == *kind) {
                of.take_back(entry.tag.number());
            }
            if self.kinds.iter().any(OfKind::is_empty) {
                self.kinds.retain(|of| !of.is_empty());
                self.own.retain(|_, labels| {
                    labels.retain(|label| label != kind);
                    !labels.is_empty()
                });
            }
        }
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        // Hashes of values are not values, but a guess could be tested against them.
        for (mut hash, _) in self.by_value.drain() {
            hash.zeroize();
        }
    }
}

/// A hash without a key: equal on every run, and only an index into the values themselves.
fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use pii_detect::Kind;

    use super::*;

    #[test]
    fn what_is_taken_back_gives_its_numbers_free() {
        let person = TagKind::from(Kind::Person);
        let mut table = Table::default();
        for value in ["Orla", "Noor", "Zoe", "Marie"] {
            table.tag_of(&person, value, Provenance::Customer).unwrap();
        }
        for (len, next) in [(4, 5), (1, 2), (0, 1)] {
            table.truncate(len);
            assert_eq!((table.len(), table.next_of(&person)), (len, next));
        }
    }
}
