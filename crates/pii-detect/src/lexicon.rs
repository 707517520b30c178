//! The embedded lexicon: which words are names, towns, countries, or plain words.
//!
//! One table answers every question with one lookup: `data/lexicon.bin`, built by `tools/lexicon` from
//! Faker (MIT), GeoNames (CC BY 4.0) and statistics over openly licensed text (see NOTICE). Keys are hashes
//! of folded words, so that `MULLER` finds what its spelling with an umlaut put in; nothing is allocated by a lookup.

mod fold;
mod layout;

pub(crate) use fold::{Ascii, Hash, Words, fold_into, folded, hash_word, latin, phrase};

use crate::bits::alike;
use layout::{
    BUCKET, BUCKETS, COUNT_AT, FLAGS_AT, FULL_AT, HIGH_AT, KEY_BITS, MAGIC, ROOM, SPILLED, key,
};
use std::hint::{black_box, select_unpredictable};

/// Bytes that begin where a line of the processor's cache does: a bucket, and eight rows of weights, lie in one.
#[repr(C, align(64))]
pub(crate) struct Aligned<B: ?Sized>(pub(crate) B);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!("../data/lexicon.bin"));

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const _: () = {
    let mut at = 0;
    while at < MAGIC.len() {
        assert!(BYTES.0[at] == MAGIC[at], "a lexicon of another layout");
        at += 1;
    }
};

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

    /// A word that running text is full of.
    pub(crate) const fn frequent(self) -> bool {
        FREQUENT >> (self.0 & layout::WORD) & 1 != 0
    }

    /// A name, a town, a country.
    pub(crate) const fn named(self) -> bool {
        self.0 & NAMED != 0
    }

    /// Never met in running text.
    pub(crate) const fn unseen(self) -> bool {
        self.0 & layout::WORD == 0
    }

    /// All bits, for hashing features.
    pub(crate) const fn bits(self) -> u16 {
        self.0
    }
}

/// Codes of words that running text is full of and seldom capitalises, one bit each: what [`Entry::frequent`] asks of every
/// word is one shift.
const FREQUENT: u32 = {
    let (mut codes, mut code) = (0, 0);
    while code <= layout::WORD {
        let entry = Entry(code);
        if entry.common_word() && entry.lower_bucket() >= 3 {
            codes |= 1 << code;
        }
        code += 1;
    }
    codes
};

/// Flags of [`Entry::named`].
const NAMED: u16 = layout::GIVEN
    | layout::SURNAME
    | layout::MOSTLY_NAME
    | layout::MOSTLY_PLACE
    | layout::COUNTRY
    | layout::TOWN_MASK << layout::TOWN_SHIFT;

/// Looks up a finished hash; the default entry stands for "unknown".
pub(crate) fn lookup(hash: u64) -> Entry {
    Entry(find(hash))
}

/// Reads a byte of the bucket of each hash: what is looked up behind it waits for the memory of all at once, not of one after the
/// other.
pub(crate) fn touch(hashes: impl Iterator<Item = u64>) {
    let (buckets, _) = BYTES.0.as_chunks::<BUCKET>();
    let of = |hash| buckets.get(1 + (key(hash) >> 24) as usize);
    let read = |all, hash| of(hash).map_or(all, |bucket| all ^ bucket[COUNT_AT]);
    black_box(hashes.fold(0, read));
}

/// Looks up one word, case and accents folded.
#[cfg(test)]
pub(crate) fn lookup_word(word: &str) -> Entry {
    lookup(hash_word(word))
}

/// The flags of a hash, 0 where it is not there. Which of its bucket it is, and whether it is there at all, cannot be foretold:
/// the lower bits of four keys are compared at once, and nothing is branched on but what seldom happens.
fn find(hash: u64) -> u16 {
    let key = key(hash);
    let (buckets, _) = BYTES.0.as_chunks::<BUCKET>();
    // Behind the header, which is as long as a bucket.
    let Some(bucket) = buckets.get(1 + (key >> 24) as usize) else {
        return 0;
    };
    let (eights, _) = bucket.as_chunks::<8>();
    let lows = eights.get(..FLAGS_AT / 8).unwrap_or(&[]);
    let mut same = 0;
    for (eight, keys) in lows.iter().enumerate() {
        let tops = alike(u64::from_le_bytes(*keys), key & 0xffff);
        same |= side_by_side(tops) << (4 * eight);
    }
    // What stands behind the last entry is none.
    same &= (1u64 << (bucket[COUNT_AT] & 63)) - 1;
    let found = same != 0;
    let place = (same | 1 << (ROOM - 1)).trailing_zeros() as usize;
    let high = bucket.get(HIGH_AT + place).copied().unwrap_or(0);
    let other = high ^ (key >> 16) as u8;
    // Where one is found the higher bits must be the same, else all others have to be there.
    let asked = select_unpredictable(found, other, bucket[FULL_AT]);
    if asked != 0 {
        return farther(bucket, key);
    }
    let (flags, _) = bucket.as_chunks::<2>();
    let flags = flags.get(ROOM + place).copied().unwrap_or_default();
    select_unpredictable(found, u16::from_le_bytes(flags), 0)
}

/// The highest bits of four numbers of sixteen bits, side by side.
#[inline]
const fn side_by_side(tops: u64) -> u64 {
    // Each is moved above all else, where the others leave room.
    (tops >> 15).wrapping_mul(1 << 48 | 1 << 33 | 1 << 18 | 1 << 3) >> 48 & 15
}

/// The same, of a bucket where another key has the same lower bits, or one that is full.
#[cold]
#[inline(never)]
fn farther(bucket: &[u8; BUCKET], key: u64) -> u16 {
    let (all, _) = bucket.as_chunks::<2>();
    let count = usize::from(bucket[COUNT_AT]);
    let low = |at: &usize| all.get(*at).copied().map_or(0, u16::from_le_bytes);
    let high = |at: &usize| bucket.get(HIGH_AT + at).copied().unwrap_or(0);
    let is = |at: &usize| u64::from(high(at)) << 16 | u64::from(low(at)) == key & 0xff_ffff;
    match (0..count).find(is) {
        Some(at) => all.get(ROOM + at).copied().map_or(0, u16::from_le_bytes),
        None if bucket[FULL_AT] != 0 => spilled(key).unwrap_or(0),
        None => 0,
    }
}

/// So far at most, nearly always, an entry stands from where keys that lie evenly would put it.
const NEAR: usize = 128;

/// What found no room in its bucket.
#[cold]
fn spilled(key: u64) -> Option<u16> {
    let rest = BYTES.0.get(BUCKET * (1 + BUCKETS)..)?;
    let (entries, _) = rest.as_chunks::<SPILLED>();
    let key_of = |entry: &[u8; SPILLED]| {
        let [a, b, c, d, e, ..] = *entry;
        u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
    };
    // Keys are hashes: near where it should be there are few to search, and they lie together.
    let guess = ((key * entries.len() as u64) >> KEY_BITS) as usize;
    let near = entries.get(guess.saturating_sub(NEAR)..(guess + NEAR).min(entries.len()))?;
    let holds = near.first().is_none_or(|first| key_of(first) <= key)
        && near.last().is_none_or(|last| key <= key_of(last));
    let searched = if holds { near } else { entries };
    let at = searched.binary_search_by_key(&key, key_of).ok()?;
    let [.., low, high] = *searched.get(at)?;
    Some(u16::from_le_bytes([low, high]))
}

#[cfg(test)]
mod tests {
    use super::{BUCKET, BUCKETS, BYTES, COUNT_AT, SPILLED, lookup, lookup_word, spilled};
    use crate::lexicon::{Words, hash_word};

    #[test]
    fn the_file_is_whole() {
        let bytes = &BYTES.0;
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        let (all, spilled) = (number(8), number(12));
        assert_eq!(bytes.len(), BUCKET * (1 + BUCKETS) + SPILLED * spilled);
        let buckets = bytes[BUCKET..].chunks(BUCKET).take(BUCKETS);
        let inside: usize = buckets.map(|bucket| usize::from(bucket[COUNT_AT])).sum();
        assert_eq!(inside + spilled, all);
        assert!(all > 200_000 && spilled * 20 < all, "{all} {spilled}");
        assert_eq!(bytes.as_ptr() as usize % BUCKET, 0);
    }

    #[test]
    fn what_found_no_room_is_found_and_nothing_beside_it() {
        let rest = BYTES.0.get(BUCKET * (1 + BUCKETS)..).unwrap();
        let entries = rest.chunks(SPILLED).map(|entry| {
            let [a, b, c, d, e, low, high] = entry.try_into().unwrap();
            let key = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]);
            (key, u16::from_le_bytes([low, high]))
        });
        let all: std::collections::BTreeMap<u64, u16> = entries.collect();
        assert!(all.len() > 1_000);
        let last = (1 << super::KEY_BITS) - 1;
        for key in all.keys().copied().chain([0, last]) {
            for near in [key.saturating_sub(1), key, key + 1] {
                assert_eq!(spilled(near), all.get(&near).copied());
            }
        }
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
