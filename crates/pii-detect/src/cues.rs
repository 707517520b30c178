//! Cue words and phrases: what stands before a name, in a street, behind a greeting.
//!
//! The lists live in `data/cues.txt`. They are hashed once; a text asks with the hashes its tokens already
//! carry, so that a word that is no cue costs one look into a small bit table.

use crate::lexicon::Hash;
use crate::token::{Gap, Tokens};
use std::sync::LazyLock;

static LISTS: &str = include_str!("../data/cues.txt");

/// Longest phrase of the lists, in words.
const LONGEST: usize = 6;

/// A set of cue lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Class(u32);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident)*) => {
        impl Class {
            classes!(@ 0; $($(#[$doc])* $name)*);

            fn of(section: &str) -> Self {
                match section {
                    $(stringify!($name) => Self::$name,)*
                    _ => Self::NONE,
                }
            }
        }
    };
    (@ $bit:expr; $(#[$doc:meta])* $name:ident $($rest:tt)*) => {
        $(#[$doc])*
        pub(crate) const $name: Self = Self(1 << $bit);
        classes!(@ $bit + 1; $($rest)*);
    };
    (@ $bit:expr;) => {};
}

classes! {
    /// A phrase of several words begins with this word.
    HEAD
    /// "My name is": a name follows in whatever case.
    SELF
    /// "Ask for": a name follows if capitalised or known.
    INTRO
    /// "I am": a known name follows, or a calling.
    IAM
    /// "I am", "with", "from".
    WEAK
    /// "Mr", "Frau Dr.".
    TITLE
    /// "Dear", "Hallo".
    GREETING
    /// "Kind regards", "Cordialement".
    SIGNOFF
    /// "Name:", "Kunde:".
    LABEL
    /// "Wife", "Sohn".
    RELATION
    /// "My", "unser".
    MY
    /// "van", "de la".
    PARTICLE
    /// "GmbH", "Bank".
    ORG
    /// Never part of a name.
    STOP
    /// What a greeting may address without naming anyone.
    TEAMWORD
    /// "Street", "Rd".
    STREET
    /// "rue", "via", "calle".
    STREET_FRONT
    /// "strasse", "laan".
    STREET_SUFFIX
    /// "Am", "Unter den".
    STREET_LEAD
    /// "Flat", "2. Stock".
    UNIT
    /// "Nr", "bis".
    NUMBERWORD
    /// "PLZ", "zip code".
    POSTCODE_CUE
    /// "I live at".
    ADDRESS_CUE
    /// "in", "nach".
    PLACE_CUE
    /// "born in".
    STRONG_PLACE_CUE
    /// "Germany".
    COUNTRY
    /// "wrote".
    WROTE
    /// "and".
    AND
    /// "hours", "Euro": what a number counts.
    MEASURE
}

impl Class {
    /// No list.
    pub(crate) const NONE: Self = Self(0);

    /// Whether any list of `other` is in the set.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// All bits, for hashing features.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}

/// Open addressing over finished hashes, a bit table in front of it.
struct Table {
    filter: Vec<u64>,
    slots: Vec<Slot>,
}

/// A word or phrase and the lists that hold it.
#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u64,
    class: Class,
}

impl Table {
    fn with_room_for(entries: usize) -> Self {
        let size = (entries * 4).next_power_of_two().max(64);
        Self {
            filter: vec![0; size / 16],
            slots: vec![Slot::default(); size],
        }
    }

    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(hash & 0xffff_ffff).unwrap_or(0) & mask;
        while let Some(slot) = self.slots.get(at) {
            if slot.class == Class::NONE || slot.hash == hash {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn add(&mut self, hash: u64, class: Class) {
        let at = self.slot(hash);
        if let Some(slot) = self.slots.get_mut(at) {
            slot.hash = hash;
            slot.class = slot.class.or(class);
        }
        let (word, bit) = self.bit(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
    }

    fn get(&self, hash: u64) -> Slot {
        let (word, bit) = self.bit(hash);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return Slot::default();
        }
        match self.slots.get(self.slot(hash)) {
            Some(slot) if slot.hash == hash => *slot,
            _ => Slot::default(),
        }
    }

    fn bit(&self, hash: u64) -> (usize, u64) {
        let high = usize::try_from(hash >> 40).unwrap_or(0);
        ((high >> 6) & (self.filter.len() - 1), 1 << (high & 63))
    }
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::with_room_for(LISTS.matches(';').count() * 2);
    let mut class = Class::NONE;
    for line in LISTS.lines() {
        if let Some(section) = line.strip_prefix('[') {
            class = Class::of(section.trim_end_matches(']'));
            continue;
        }
        if line.starts_with('#') {
            continue;
        }
        for phrase in line.split(';') {
            let mut hash = Hash::new();
            let words = phrase
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty());
            let mut first = None;
            let mut count = 0;
            for word in words {
                hash = if count == 0 { hash } else { hash.space() }.word(word);
                first.get_or_insert(hash.finish());
                count += 1;
            }
            if count > 1
                && let Some(first) = first
            {
                table.add(first, Class::HEAD);
            }
            if count > 0 {
                table.add(hash.finish(), class);
            }
        }
    }
    table
});

/// The lists of single words, to be asked many times.
#[derive(Clone, Copy)]
pub(crate) struct Words(&'static Table);

/// The lists.
pub(crate) fn words() -> Words {
    Words(&TABLE)
}

impl Words {
    /// Lists that hold a word.
    pub(crate) fn class(self, hash: u64) -> Class {
        self.0.get(hash).class
    }
}

/// Lists that hold a word.
pub(crate) fn class(hash: u64) -> Class {
    TABLE.get(hash).class
}

/// A phrase of several words: where it begins, how many tokens it has, and the lists that hold it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    pub(crate) at: usize,
    len: usize,
    class: Class,
}

/// Every phrase of several words in a text, in the order of their beginnings and lengths.
pub(crate) fn phrases(tokens: &Tokens<'_>) -> Vec<Phrase> {
    let mut found = Vec::new();
    for (at, first) in tokens.all().iter().enumerate() {
        if !first.class.has(Class::HEAD) {
            continue;
        }
        let mut hash = Hash::new().word(tokens.word(at));
        for len in 2..=LONGEST {
            let next = at + len - 1;
            let near = matches!(
                tokens.gap(next),
                Gap::Space | Gap::Apostrophe | Gap::Hyphen | Gap::Dot
            );
            if !near {
                break;
            }
            hash = hash.space().word(tokens.word(next));
            let class = class(hash.finish());
            if class != Class::NONE {
                found.push(Phrase { at, len, class });
            }
        }
    }
    found
}

/// Length in tokens of the longest phrase of `wanted` that begins at `at`.
pub(crate) fn phrase_at(tokens: &Tokens<'_>, at: usize, wanted: Class) -> Option<usize> {
    let first = tokens.get(at)?;
    if first.class == Class::NONE {
        return None;
    }
    let single = first.class.has(wanted).then_some(1);
    if !first.class.has(Class::HEAD) {
        return single;
    }
    tokens
        .phrases_at(at)
        .iter()
        .rev()
        .find(|phrase| phrase.class.has(wanted))
        .map(|phrase| phrase.len)
        .or(single)
}

/// Lists of all that begins at `at`, one word or several.
pub(crate) fn classes_at(tokens: &Tokens<'_>, at: usize) -> Class {
    let single = tokens.get(at).map_or(Class::NONE, |t| t.class);
    if !single.has(Class::HEAD) {
        return single;
    }
    tokens
        .phrases_at(at)
        .iter()
        .fold(single, |all, phrase| all.or(phrase.class))
}

#[cfg(test)]
mod tests {
    use super::{Class, LISTS, phrase_at};
    use crate::token::Tokens;

    #[test]
    fn every_section_has_a_class() {
        for section in LISTS.lines().filter_map(|line| line.strip_prefix('[')) {
            let section = section.trim_end_matches(']');
            assert_ne!(Class::of(section), Class::NONE, "{section}");
        }
    }

    #[test]
    fn the_longest_phrase_counts() {
        let tokens = Tokens::new("je m'appelle Zo\u{e9}, mit freundlichen Gr\u{fc}\u{df}en");
        assert_eq!(phrase_at(&tokens, 0, Class::SELF), Some(3));
        assert_eq!(phrase_at(&tokens, 4, Class::SIGNOFF), Some(3));
        assert_eq!(phrase_at(&tokens, 3, Class::SELF), None);
    }
}
