//! The embedded lexicon: which words are names, towns, countries, or plain words.
//!
//! One table answers every question with one lookup: `data/lexicon.bin`, built by `tools/lexicon` from
//! Faker (MIT), GeoNames (CC BY 4.0) and statistics over openly licensed text (see NOTICE). Keys are hashes
//! of folded words, so that `MULLER` finds what its spelling with an umlaut put in; nothing is allocated by a lookup.

mod fold;
mod layout;

pub(crate) use fold::{Ascii, Hash, Words, fold_into, folded, hash_word, latin, phrase};

use layout::{BUCKETS, MAGIC, key};
use std::sync::LazyLock;

static BYTES: &[u8] = include_bytes!("../data/lexicon.bin");

const ENDS: usize = 12;
const BODY: usize = ENDS + 4 * BUCKETS;

/// What the lexicon knows of a word or phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry(u16);

impl Entry {
    /// Nothing is known: nobody has looked.
    pub(crate) const UNREAD: Self = Self(1 << 15);

    /// A given name.
    pub(crate) const fn given(self) -> bool {
        self.0 & layout::GIVEN != 0
    }

    /// A family name.
    pub(crate) const fn surname(self) -> bool {
        self.0 & layout::SURNAME != 0
    }

    /// A name of either sort.
    pub(crate) const fn name(self) -> bool {
        self.0 & (layout::GIVEN | layout::SURNAME | layout::MOSTLY_NAME) != 0
    }

    /// A name that is an ordinary word as well, such as Rose, Mark or Will.
    pub(crate) const fn ambiguous(self) -> bool {
        self.0 & layout::AMBIGUOUS != 0
    }

    /// Size class of a town: 0 none, 1 small, 2 from 15,000, 3 from 100,000 inhabitants.
    pub(crate) const fn town(self) -> u16 {
        (self.0 >> layout::TOWN_SHIFT) & layout::TOWN_MASK
    }

    /// Whether a town name of several words begins with this word.
    pub(crate) const fn town_head(self) -> bool {
        self.0 & layout::TOWN_HEAD != 0
    }

    /// A country.
    pub(crate) const fn country(self) -> bool {
        self.0 & layout::COUNTRY != 0
    }

    /// In tagged text, when capitalised, nearly always part of a person's name.
    pub(crate) const fn mostly_name(self) -> bool {
        self.0 & layout::MOSTLY_NAME != 0
    }

    /// In tagged text, when capitalised, nearly always neither person nor place.
    pub(crate) const fn mostly_plain(self) -> bool {
        self.0 & layout::MOSTLY_PLAIN != 0
    }

    /// In tagged text, when capitalised, nearly always a place.
    pub(crate) const fn mostly_place(self) -> bool {
        self.0 & layout::MOSTLY_PLACE != 0
    }

    /// How often the word stands in lower case in running text: 0 (never, or never seen) to 4.
    pub(crate) const fn lower_bucket(self) -> u16 {
        (self.0 & layout::WORD).saturating_sub(1) / 4
    }

    /// Share of capitalised occurrences in running text, 0 (seldom) to 3; `None` for a word never seen.
    pub(crate) const fn capital_share(self) -> Option<u16> {
        match self.0 & layout::WORD {
            0 => None,
            code => Some((code - 1) % 4),
        }
    }

    /// A word of running text that is seldom capitalised.
    pub(crate) const fn common_word(self) -> bool {
        matches!(self.capital_share(), Some(0 | 1)) && self.lower_bucket() >= 1
    }

    /// All bits, for hashing features.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }
}

/// Looks up a finished hash; the default entry stands for "unknown".
pub(crate) fn lookup(hash: u64) -> Entry {
    find(hash).map_or(Entry(0), Entry)
}

/// Looks up one word, case and accents folded.
#[cfg(test)]
pub(crate) fn lookup_word(word: &str) -> Entry {
    lookup(hash_word(word))
}

/// The parts of the file.
struct Parts {
    /// Where each bucket ends.
    ends: &'static [[u8; 4]],
    /// What is left of the keys of all entries.
    keys: &'static [[u8; 3]],
    /// Their flags.
    flags: &'static [[u8; 2]],
}

static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let count = BYTES
        .get(MAGIC.len()..)
        .and_then(<[u8]>::first_chunk)
        .map_or(0, |count| u32::from_le_bytes(*count) as usize);
    let body = BYTES.get(BODY..).unwrap_or(&[]);
    let (keys, flags) = body.split_at_checked(3 * count).unwrap_or((&[], &[]));
    Parts {
        ends: BYTES.get(ENDS..BODY).unwrap_or(&[]).as_chunks().0,
        keys: keys.as_chunks().0,
        flags: flags.as_chunks().0,
    }
});

fn find(hash: u64) -> Option<u16> {
    let parts = &*PARTS;
    let key = key(hash);
    let bucket = (key >> 24) as usize;
    let [a, b, c, _] = u32::try_from(key & 0xff_ffff).ok()?.to_le_bytes();
    let end = |bucket: usize| Some(u32::from_le_bytes(*parts.ends.get(bucket)?) as usize);
    let low = match bucket.checked_sub(1) {
        Some(before) => end(before)?,
        None => 0,
    };
    // A bucket holds eight on average: looking at one after the other is faster than halving.
    let keys = parts.keys.get(low..end(bucket)?)?;
    let found = keys.iter().position(|rest| *rest == [a, b, c])?;
    Some(u16::from_le_bytes(*parts.flags.get(low + found)?))
}

#[cfg(test)]
mod tests {
    use super::{BODY, BYTES, MAGIC, PARTS, lookup, lookup_word};
    use crate::lexicon::{Words, hash_word};

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.get(..8), Some(&MAGIC[..]));
        assert_eq!(BYTES.len(), BODY + 5 * PARTS.keys.len());
        assert_eq!(PARTS.keys.len(), PARTS.flags.len());
        assert!(PARTS.keys.len() > 200_000);
        assert!(BYTES.len() < 1_500_000);
    }

    #[test]
    fn case_and_accents_are_folded() {
        for word in ["M\u{fc}ller", "MULLER", "muller", "Mueller", "M\u{dc}LLER"] {
            assert!(lookup_word(word).surname(), "{word}");
        }
        assert!(lookup_word("sophie").given());
        assert!(lookup_word("Zo\u{eb}").given() || lookup_word("Zoe").given());
    }

    #[test]
    fn towns_are_phrases() {
        assert_eq!(lookup_word("Lyon").town(), 3);
        assert!(lookup_word("Frankfurt").town_head());
        let words = ["Frankfurt", "am", "Main"].map(hash_word);
        let phrase = words.into_iter().fold(Words::default(), Words::and);
        assert_eq!(lookup(phrase.finish()).town(), 3);
    }

    #[test]
    fn plain_words_are_no_names() {
        for word in ["invoice", "Rechnung", "commande", "pedido", "xqzzt"] {
            assert!(!lookup_word(word).given(), "{word}");
        }
        assert!(lookup_word("the").common_word());
        assert!(lookup_word("Will").ambiguous());
    }
}
