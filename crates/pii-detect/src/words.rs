//! Every word and phrase of every list in one table: a token is looked up once, whatever is asked of it later.
//!
//! The lists themselves belong to the rooms that read them: words that say what a number is (`trigger`), cue words of
//! names and places (`cues`), function words (`locale`), words of special categories (`rules::special`).

mod bucket;

use std::hint::select_unpredictable;
use std::sync::LazyLock;

use crate::cues::{self, Class};
use crate::lexicon::{Entry, lookup, phrase};
use crate::locale;
use crate::rules::secret::words::{self as secret, Role};
use crate::rules::special;
use crate::token::{Gap, Tokens};
use crate::trigger::{self, Set};
use bucket::Bucket;

/// Languages that have lists of special categories.
pub(crate) const LANGUAGES: usize = 7;
/// Sections of a word's special meaning in each of these languages, and in any of them.
pub(crate) type Sections = [u32; LANGUAGES + 1];

/// Passes over a text that look at a word; most words concern none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u8);

impl Marks {
    /// No pass.
    pub(crate) const NONE: Self = Self(0);
    /// In no list: its letters may say something.
    pub(crate) const UNLISTED: Self = Self(1);
    /// May begin something of a special category.
    pub(crate) const SPECIAL: Self = Self(2);
    /// May lead to a secret or the name of an account, or be one.
    pub(crate) const SECRET: Self = Self(4);
    /// Stands for `@`.
    pub(crate) const SPELLED: Self = Self(8);
    /// Speaks for a language.
    pub(crate) const LANGUAGE: Self = Self(16);
    /// The second word of something of a special category.
    pub(crate) const SECOND: Self = Self(32);
    /// Says that a number behind it may be somebody's age.
    pub(crate) const AGES: Self = Self(64);

    /// Whether any of `other` is among them.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// One bit each.
    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    /// Those of a listed word.
    fn of(word: &Word) -> Self {
        let special = word.begins != 0 || word.pairs || word.edges != [0; 2];
        let secret = word.trigger.has(Set::LOOK.or(Set::USER)) || word.role.has(Role::ACCOUNT);
        [
            (special, Self::SPECIAL),
            (secret, Self::SECRET),
            (word.trigger.has(Set::SPELLEDAT), Self::SPELLED),
            (word.votes != 0, Self::LANGUAGE),
            (word.second, Self::SECOND),
            (word.ages, Self::AGES),
        ]
        .into_iter()
        .filter(|(has, _)| *has)
        .fold(Self::NONE, |all, (_, mark)| all.or(mark))
    }
}

/// A word or phrase, and the lists that hold it.
// A word fills a line of the cache: looking at two fields of it never meets two.
#[repr(align(64))]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Word {
    hash: u64,
    /// Languages whose function word it is, and how many, as `locale` packs them.
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
    /// Whether the first two words of a special category may begin with this one, and whether they may end with it.
    pub(crate) pairs: bool,
    pub(crate) second: bool,
    /// Whether an age of who speaks may stand behind it: "am", "tengo", "aged".
    pub(crate) ages: bool,
    /// Whether a phrase of three words or more begins with this one of two.
    begun: bool,
    /// What the lexicon knows of it.
    pub(crate) entry: Entry,
    /// What it is to the rules of secrets.
    pub(crate) role: Role,
    /// The passes that look at it.
    pub(crate) marks: Marks,
}

/// Buckets of the table, each with room for four: half as many words at most, so that nearly none is full.
const BUCKETS: usize = 1 << 14;
/// Most words and phrases.
const WORDS: usize = BUCKETS * 2;

/// A place in [`Table`], and in the highest bit whether the bucket was full.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found(u32);

const FULL: u32 = 1 << 31;

/// The words of all lists.
pub(crate) struct Table {
    /// Places of words by the lowest bits of their hash; what finds its bucket full is in the next.
    buckets: Box<[Bucket; BUCKETS]>,
    /// The first stands for all words that are in no list.
    words: Vec<Word>,
    sections: Vec<Sections>,
}

impl Table {
    fn new() -> Option<Self> {
        Some(Self {
            buckets: vec![Bucket::default(); BUCKETS].try_into().ok()?,
            words: vec![Word {
                entry: Entry::UNREAD,
                marks: Marks::UNLISTED,
                ..Word::default()
            }],
            sections: vec![Sections::default()],
        })
    }

    /// The place of a hash, 0 where the word is in no list, and the bucket where it is or would be.
    #[expect(
        clippy::indexing_slicing,
        reason = "buckets are masked by their number"
    )]
    fn place(&self, hash: u64) -> (usize, usize) {
        let mut at = hash as usize & (BUCKETS - 1);
        loop {
            let bucket = &self.buckets[at];
            let is = |place: usize| self.words.get(place).is_some_and(|word| word.hash == hash);
            let found = bucket
                .all()
                .find(|(tag, place)| *tag == Bucket::tag(hash) && is(*place));
            if found.is_some() || !bucket.full() {
                return (at, found.map_or(0, |(_, place)| place));
            }
            at = (at + 1) & (BUCKETS - 1);
        }
    }

    /// The word of a hash, to be added to; `None` when the table is full.
    pub(crate) fn entry(&mut self, hash: u64) -> Option<&mut Word> {
        let (mut bucket, mut place) = self.place(hash);
        if place == 0 {
            place = self.words.len();
            if place > WORDS {
                return None;
            }
            let number = u16::try_from(place).ok()?;
            while !self.buckets.get_mut(bucket)?.add(Bucket::tag(hash), number) {
                (bucket, _) = self.place(hash);
            }
            self.words.push(Word {
                hash,
                ..Word::default()
            });
        }
        self.words.get_mut(place)
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

    /// A word, where it is listed.
    pub(crate) fn listed(&mut self, hash: u64) -> Option<&mut Word> {
        let (_, place) = self.place(hash);
        self.words.get_mut(place).filter(|_| place != 0)
    }

    /// Notes the first two words of a longer phrase.
    pub(crate) fn add_pair(&mut self, hash: Option<u64>) {
        if let Some(word) = hash.and_then(|hash| self.entry(hash)) {
            word.begun = true;
        }
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

    /// What all words are that are in no list.
    #[expect(clippy::indexing_slicing, reason = "the table is made with it")]
    pub(crate) fn unlisted(&'static self) -> &'static Word {
        &self.words[0]
    }

    /// The word of a hash; all that are in no list are one.
    #[inline]
    pub(crate) fn get(&'static self, hash: u64) -> &'static Word {
        self.word_at(self.found(hash), hash)
    }

    /// Where the word of a hash would be, and whether it may be farther on. Apart from [`word_at`](Self::word_at), so that the memory of
    /// many buckets is waited for at once.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "buckets are masked by their number"
    )]
    pub(crate) fn found(&'static self, hash: u64) -> Found {
        let bucket = &self.buckets[hash as usize & (BUCKETS - 1)];
        Found(bucket.first(Bucket::tag(hash)) as u32 | u32::from(bucket.full()) << 31)
    }

    /// The word of a hash that was `found` so.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a place of a word")]
    pub(crate) fn word_at(&'static self, found: Found, hash: u64) -> &'static Word {
        let place = (found.0 & !FULL) as usize;
        // Few buckets are full: this is asked first, and alone, since whether a word is listed cannot be foretold.
        if found.0 & FULL != 0 {
            return self.farther(hash, place);
        }
        let same = self.words[place].hash == hash;
        &self.words[select_unpredictable(same, place, 0)]
    }

    /// The same where a bucket is full: what found no room in it is in the next.
    #[inline(never)]
    #[expect(clippy::indexing_slicing, reason = "a place of a word")]
    fn farther(&'static self, hash: u64, place: usize) -> &'static Word {
        let word = &self.words[place];
        if word.hash == hash {
            return word;
        }
        &self.words[self.place(hash).1]
    }

    /// Every word and phrase.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Word> {
        self.words.iter().skip(1)
    }

    /// Sections of a word in one language.
    #[inline]
    pub(crate) fn sections(&self, word: &Word, language: usize) -> u32 {
        if word.special == 0 {
            return 0;
        }
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
        for word in table.words.iter_mut().skip(1) {
            word.entry = lookup(word.hash);
            word.votes = locale::counted(word.votes);
            word.marks = Marks::of(word);
        }
        table
    });
    &TABLE
}

/// The hashes of two words and more that begin at `at`, the shortest first, with their length in tokens.
pub(crate) fn hashes<'t>(
    tokens: &'t Tokens<'_>,
    at: usize,
    longest: usize,
) -> impl Iterator<Item = (usize, u64)> + 't {
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
        Some((len, hash))
    })
}

/// The phrases of two words and more that begin at `at`, the shortest first: their length in tokens, and themselves.
pub(crate) fn phrases<'t>(
    tokens: &'t Tokens<'_>,
    at: usize,
    longest: usize,
) -> impl Iterator<Item = (usize, &'static Word)> + 't {
    let table = table();
    let mut begun = true;
    hashes(tokens, at, longest).map_while(move |(len, hash)| {
        if !begun {
            return None;
        }
        let word = table.get(hash);
        if len == 2 {
            // Most words that begin a phrase somewhere begin none here.
            begun = word.begun;
        }
        Some((len, word))
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
    use super::{WORDS, table};

    #[test]
    fn the_table_has_room() {
        assert!(
            (1_000..WORDS / 8 * 7).contains(&table().words.len()),
            "{}",
            table().words.len()
        );
    }
}
