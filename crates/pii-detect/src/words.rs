//! Every word and phrase of every list in one table: a token is looked up once, whatever is asked of it later.
//!
//! The lists themselves belong to the rooms that read them: words that say what a number is (`trigger`), cue words of
//! names and places (`cues`), function words (`locale`), words of special categories (`rules::special`).

use std::sync::LazyLock;

use crate::cues::{self, Class};
use crate::lexicon::{Entry, lookup, phrase};
use crate::locale;
use crate::rules::secret::words::{self as secret, Role};
use crate::rules::special;
use crate::token::{Gap, Tokens};
use crate::trigger::{self, Set};

/// Languages that have lists of special categories.
pub(crate) const LANGUAGES: usize = 7;
/// Sections of a word's special meaning in each of these languages, and in any of them.
pub(crate) type Sections = [u32; LANGUAGES + 1];

/// A word or phrase, and the lists that hold it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Word {
    hash: u64,
    /// Languages whose function word it is, as `locale` packs them.
    pub(crate) votes: u64,
    /// What a number beside it is.
    pub(crate) trigger: Set,
    /// What a name beside it is.
    pub(crate) class: Class,
    /// Place of its sections, 0 for a word without.
    special: u16,
    /// Languages in which a special category may begin with this word alone.
    pub(crate) begins: u8,
    /// Languages in which its first, and its last, letters may be those of a special category.
    pub(crate) edges: [u8; 2],
    /// Whether the first two words of a special category may begin with this one.
    pub(crate) pairs: bool,
    /// What the lexicon knows of it.
    pub(crate) entry: Entry,
    /// What it is to the rules of secrets.
    pub(crate) role: Role,
}

/// Slots of the table, of which words and phrases fill six in ten.
const SLOTS: usize = 1 << 15;
/// Bits of the table in front of it, in words of 64.
const FILTER: usize = SLOTS * 4 / 64;

/// All words that are in no list.
static OTHER: Word = Word {
    hash: 0,
    votes: 0,
    trigger: Set::NONE,
    class: Class::NONE,
    special: 0,
    begins: 0,
    edges: [0; 2],
    pairs: false,
    entry: Entry::UNREAD,
    role: Role::NONE,
};

impl Word {
    /// Whether any list holds it.
    pub(crate) const fn listed(&self) -> bool {
        self.hash != 0
    }
}

/// The words of all lists, open addressing with a bit table in front.
pub(crate) struct Table {
    filter: Box<[u64; FILTER]>,
    slots: Box<[Word; SLOTS]>,
    sections: Vec<Sections>,
    count: usize,
}

/// Where the bit of a hash stands.
const fn bit(hash: u64) -> (usize, u64) {
    let high = (hash >> 40) as usize;
    ((high >> 6) & (FILTER - 1), 1 << (high & 63))
}

impl Table {
    fn new() -> Option<Self> {
        Some(Self {
            filter: vec![0; FILTER].try_into().ok()?,
            slots: vec![Word::default(); SLOTS].try_into().ok()?,
            sections: vec![Sections::default()],
            count: 0,
        })
    }

    /// The slot of a word, or the free one it would have.
    #[expect(clippy::indexing_slicing, reason = "a slot is masked by their number")]
    fn slot(&self, hash: u64) -> usize {
        let mut at = hash as usize & (SLOTS - 1);
        while self.slots[at].hash != hash && self.slots[at].hash != 0 {
            at = (at + 1) & (SLOTS - 1);
        }
        at
    }

    /// The word of a hash, to be added to; `None` when the table is full.
    pub(crate) fn entry(&mut self, hash: u64) -> Option<&mut Word> {
        let at = self.slot(hash);
        let (word, bit) = bit(hash);
        *self.filter.get_mut(word)? |= bit;
        let word = self.slots.get_mut(at)?;
        if word.hash == 0 {
            self.count += 1;
            if self.count > SLOTS / 4 * 3 {
                return None;
            }
        }
        word.hash = hash;
        Some(word)
    }

    /// The word of a hash and its letters, to be added to.
    pub(crate) fn word(&mut self, hash: u64, letters: &str) -> Option<&mut Word> {
        let edges = special::edges(letters);
        let word = self.entry(hash)?;
        for (mine, theirs) in word.edges.iter_mut().zip(edges) {
            *mine |= theirs;
        }
        Some(word)
    }

    /// Adds sections of a language to a word.
    pub(crate) fn add_sections(&mut self, hash: u64, language: usize, bits: u32) {
        let place = u16::try_from(self.sections.len()).unwrap_or(0);
        let Some(word) = self.entry(hash) else {
            return;
        };
        let new = word.special == 0;
        if new {
            word.special = place;
        }
        let special = usize::from(word.special);
        if new {
            self.sections.push(Sections::default());
        }
        if let Some(sections) = self.sections.get_mut(special) {
            for place in [language, LANGUAGES] {
                if let Some(section) = sections.get_mut(place) {
                    *section |= bits;
                }
            }
        }
    }

    /// The word of a hash; all that are in no list are one.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "masked by the number of words")]
    pub(crate) fn get(&'static self, hash: u64) -> &'static Word {
        let (word, bit) = bit(hash);
        if self.filter[word] & bit == 0 {
            return &OTHER;
        }
        let word = &self.slots[self.slot(hash)];
        if word.hash == hash { word } else { &OTHER }
    }

    /// Every word and phrase.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.slots.iter().filter(|word| word.listed())
    }

    /// Sections of a word in one language.
    pub(crate) fn sections(&self, word: &Word, language: usize) -> u32 {
        self.sections
            .get(usize::from(word.special))
            .and_then(|sections| sections.get(language))
            .copied()
            .unwrap_or(0)
    }
}

/// The table, made of all lists when it is first asked for.
pub(crate) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        let Some(mut table) = Table::new() else {
            unreachable!("a vector has the length it was made with");
        };
        trigger::fill(&mut table);
        cues::fill(&mut table);
        locale::fill(&mut table);
        secret::fill(&mut table);
        special::fill(&mut table);
        for word in table.slots.iter_mut().filter(|word| word.listed()) {
            word.entry = lookup(word.hash);
        }
        table
    });
    &TABLE
}

/// The phrases of two words and more that begin at `at`, the shortest first: their length in tokens, and themselves.
pub(crate) fn phrases<'t>(
    tokens: &'t Tokens<'_>,
    at: usize,
    longest: usize,
) -> impl Iterator<Item = (usize, &'static Word)> + 't {
    let table = table();
    let mut hash = tokens.get(at).map_or(0, |first| first.hash);
    (2..=longest).map_while(move |len| {
        let next = tokens.get(at + len - 1)?;
        let near = matches!(
            next.gap,
            Gap::Space | Gap::Apostrophe | Gap::Hyphen | Gap::Dot
        );
        if !near {
            return None;
        }
        hash = phrase(hash, next.hash);
        Some((len, table.get(hash)))
    })
}

/// Hashes and some bits, open addressing with a bit table in front.
pub(crate) struct Small<B> {
    slots: Vec<(u64, B)>,
    filter: Vec<u64>,
    count: usize,
}

impl<B> Small<B>
where
    B: Copy + Default + PartialEq + std::ops::BitOr<Output = B>,
{
    /// A table of `entries` hashes at most.
    pub(crate) fn with_room_for(entries: usize) -> Self {
        let size = (entries * 2).next_power_of_two().max(64);
        Self {
            slots: vec![(0, B::default()); size],
            filter: vec![0; (size / 8).max(8)],
            count: 0,
        }
    }

    fn slot(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = usize::try_from(hash & 0xffff_ffff).unwrap_or(0) & mask;
        while let Some((key, bits)) = self.slots.get(at) {
            if *bits == B::default() || *key == hash {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }

    fn bit(&self, hash: u64) -> (usize, u64) {
        let high = usize::try_from(hash >> 40).unwrap_or(0);
        ((high >> 6) & (self.filter.len() - 1), 1 << (high & 63))
    }

    /// Adds bits to a hash; beyond the room that was asked for nothing is added, so that a search always ends.
    pub(crate) fn add(&mut self, hash: u64, bits: B) {
        let at = self.slot(hash);
        let new = self.slots.get(at).is_none_or(|slot| slot.1 == B::default());
        if new && self.count * 4 >= self.slots.len() * 3 {
            debug_assert!(false, "more entries than room was asked for");
            return;
        }
        self.count += usize::from(new);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (hash, slot.1 | bits);
        }
        let (word, bit) = self.bit(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
    }

    /// The bits of a finished hash.
    pub(crate) fn get(&self, hash: u64) -> B {
        let (word, bit) = self.bit(hash);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return B::default();
        }
        match self.slots.get(self.slot(hash)) {
            Some((key, bits)) if *key == hash => *bits,
            _ => B::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SLOTS, table};

    #[test]
    fn the_table_has_room() {
        assert!(
            (1_000..SLOTS / 4 * 3).contains(&table().count),
            "{}",
            table().count
        );
    }
}
