//! One person's values in a conversation: to give them a copy without others' data, and to take them out of somebody
//! else's ticket.

use std::collections::BTreeSet;

use pii_detect::{Kind, Known, canonical};
use zeroize::Zeroizing;

use crate::error::{MapError, WrongMap};
use crate::map::PseudonymMap;
use crate::map::table::Table;
use crate::restore::{Format, whole};
use crate::tag::{Tag, TagKind};
use crate::text::{Redacted, Restored};

/// Kinds that say who somebody is or how to reach them. Numbers of contracts, accounts and documents are not among them: in
/// their own ticket a person gives their own.
const NAMING: [Kind; 5] = [
    Kind::Person,
    Kind::Email,
    Kind::Phone,
    Kind::Username,
    Kind::Address,
];

impl PseudonymMap {
    /// The tags whose values are this person's: equal in canonical form to one that is known of them, or a part of their
    /// full name.
    ///
    /// A single word of a name counts only where the map holds no other full name with that word.
    ///
    /// ```
    /// use redact::{Known, Kind, MapId, Mark, PseudonymMap, seal_marks};
    /// let mut map = PseudonymMap::new(MapId([7; 16]));
    /// let marks = [Mark::new(0..3, Kind::Person).unwrap(), Mark::new(8..12, Kind::Person).unwrap()];
    /// seal_marks("Zoe and Noor", &marks, &mut map)?;
    /// let mut known = Known::new();
    /// known.add_name("Noor Castellane");
    /// let own = map.of_person(&known);
    /// assert_eq!(own.iter().map(ToString::to_string).collect::<Vec<_>>(), ["[PERSON_2]"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_person(&self, known: &Known) -> BTreeSet<Tag> {
        let known: Vec<(Kind, Zeroizing<String>)> = known
            .expose()
            .map(|(kind, value)| (kind, Zeroizing::new(canonical::of(kind, value))))
            .filter(|(_, form)| !form.is_empty())
            .collect();
        let person = TagKind::from(Kind::Person);
        let names: Vec<(&Tag, Zeroizing<String>)> = self
            .table()
            .entries()
            .filter(|(tag, _)| *tag.kind() == person)
            .map(|(tag, value)| (tag, Zeroizing::new(canonical::name(value))))
            .collect();
        let is_known = |kind: Kind, form: &str| {
            known
                .iter()
                .any(|(of, known)| *of == kind && known.as_str() == form)
        };
        let words = |name: &str, word: &str| name.split(' ').any(|w| w == word);
        // A word of the person's name is theirs unless somebody else in the conversation has it too.
        let is_part = |form: &str| {
            let theirs = known
                .iter()
                .any(|(kind, name)| *kind == Kind::Person && words(name, form));
            let anothers = names.iter().any(|(_, name)| {
                name.contains(' ') && words(name, form) && !is_known(Kind::Person, name)
            });
            theirs && !form.contains(' ') && !anothers
        };
        let mut own = BTreeSet::new();
        for (tag, value) in self.table().entries() {
            let Some(kind) = tag.kind().kind() else {
                continue;
            };
            let form = Zeroizing::new(canonical::of(kind, value));
            if is_known(kind, &form) || kind == Kind::Person && is_part(&form) {
                own.insert(tag.clone());
            }
        }
        own
    }

    /// The same map with another value behind these tags, for what was wrong (article 16). Texts keep their tags and restore to
    /// the right value.
    ///
    /// ```
    /// use redact::{Known, Kind, MapId, Mark, PseudonymMap, restore, seal_marks};
    /// let mut map = PseudonymMap::new(MapId([7; 16]));
    /// let marks = [Mark::new(0..9, Kind::Person).unwrap()];
    /// let text = seal_marks("Noor Kast waits.", &marks, &mut map)?;
    /// let mut known = Known::new();
    /// known.add_name("Noor Kast");
    /// let map = map.corrected(&map.of_person(&known), "Noor Castellane");
    /// assert_eq!(restore(&text, &map)?.expose(), "Noor Castellane waits.");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn corrected(&self, tags: &BTreeSet<Tag>, right: &str) -> Self {
        let mut map = Self::new(self.id());
        for (index, (tag, value)) in self.table().entries().enumerate() {
            let value = if tags.contains(tag) { right } else { value };
            let from = self.table().provenance(index).unwrap_or_default();
            map.put(tag.clone(), value, from);
        }
        map
    }

    /// The same map without the values of these tags. Texts keep their tags, which restore to words that say that something
    /// was erased, so that nothing else moves.
    ///
    /// # Errors
    /// [`MapError::Full`] never for a map that this crate made.
    pub fn without(&self, tags: &BTreeSet<Tag>) -> Result<Self, MapError> {
        let mut left = Self::new(self.id());
        for (index, (tag, value)) in self.table().entries().enumerate() {
            let from = self.table().provenance(index).unwrap_or_default();
            let erased;
            let value = if tags.contains(tag) {
                // Of its own for each tag: a value is held once.
                erased = format!("(erased {}{})", tag.kind().as_str(), tag.number());
                &erased
            } else {
                value
            };
            left.said_by(from, |left| left.tag_of(tag.kind(), value))?;
        }
        Ok(left)
    }
}

/// Restores a text for the person whose `own` tags are given: names, addresses and numbers at which others can be reached stay
/// tags, and the report lists them as unknown (article 15(4): a copy must not adversely affect others).
///
/// ```
/// use redact::{Known, Kind, MapId, Mark, PseudonymMap, restore_for, seal_marks};
/// let mut map = PseudonymMap::new(MapId([7; 16]));
/// let marks = [Mark::new(0..3, Kind::Person).unwrap(), Mark::new(8..12, Kind::Person).unwrap()];
/// let text = seal_marks("Zoe and Noor", &marks, &mut map)?;
/// let mut known = Known::new();
/// known.add_name("Noor Castellane");
/// let copy = restore_for(&text, &map, &map.of_person(&known))?;
/// assert_eq!(copy.expose(), "[PERSON_1] and Noor");
/// assert_eq!(copy.report().unknown(), ["[PERSON_1]"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`WrongMap`] when the text belongs to another map.
pub fn restore_for(
    text: &Redacted,
    map: &PseudonymMap,
    own: &BTreeSet<Tag>,
) -> Result<Restored, WrongMap> {
    if text.map_id() != map.id() {
        return Err(WrongMap {
            text: text.map_id(),
            map: map.id(),
        });
    }
    let mut table = Table::default();
    for (index, (tag, value)) in map.table().entries().enumerate() {
        let naming = tag.kind().kind().is_some_and(|kind| NAMING.contains(&kind));
        if !naming || own.contains(tag) {
            let from = map.table().provenance(index).unwrap_or_default();
            table.insert(tag.clone(), value, from);
        }
    }
    Ok(whole(text.as_str(), &table, Format::Text))
}
