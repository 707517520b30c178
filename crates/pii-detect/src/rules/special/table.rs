//! The lexicons of special categories, one a language, compiled once.
//!
//! `data/special/<lang>.txt`: `[HEALTH]` lists what reveals by itself, `[HEALTH?]` what needs a person's frame; the
//! other sections hold the words around. An entry is a word or phrase (five words at most), a stem (`diabetic*`) or
//! the end of a compound (`*allergie`). With an umlaut an entry stands for its spelling with `e` too.

use std::sync::LazyLock;

use crate::kind::Kind;
use crate::lexicon::Hash;
use crate::locale::Locale;
use crate::token::Tokens;
use crate::trigger::WordTable;

/// Kinds: section, kind, reason without and with a person's frame.
pub(super) const KINDS: [(&str, Kind, &str, &str); 9] = [
    (
        "HEALTH",
        Kind::Art9Health,
        "special:art9-health:-",
        "special:art9-health:person-frame",
    ),
    (
        "RELIGION",
        Kind::Art9Religion,
        "special:art9-religion:-",
        "special:art9-religion:person-frame",
    ),
    (
        "POLITICS",
        Kind::Art9Politics,
        "special:art9-politics:-",
        "special:art9-politics:person-frame",
    ),
    (
        "UNION",
        Kind::Art9Union,
        "special:art9-union:-",
        "special:art9-union:person-frame",
    ),
    (
        "ETHNICITY",
        Kind::Art9Ethnicity,
        "special:art9-ethnicity:-",
        "special:art9-ethnicity:person-frame",
    ),
    (
        "SEX",
        Kind::Art9Sex,
        "special:art9-sex:-",
        "special:art9-sex:person-frame",
    ),
    (
        "BIOMETRIC",
        Kind::Art9Biometric,
        "special:art9-biometric:-",
        "special:art9-biometric:person-frame",
    ),
    (
        "CRIMINAL",
        Kind::Art10Criminal,
        "special:art10:-",
        "special:art10:person-frame",
    ),
    (
        "CHILD",
        Kind::Child,
        "special:child:-",
        "special:child:person-frame",
    ),
];

/// The first word of a phrase.
const HEAD: u32 = 1;
/// Bits of what reveals by itself, and of what needs a frame.
pub(super) const SURE: u32 = 0b11_1111_1110;
pub(super) const FRAMED: u32 = SURE << 9;
/// The last of the kinds, revealed or framed.
pub(super) const CHILD: u32 = 1 << 9 | 1 << 18;
/// Somebody: I, he, my colleague's noun.
pub(super) const SELF: u32 = 1 << 19;
/// My, his, our.
pub(super) const POSS: u32 = 1 << 20;
/// Is, has, suffers: says something of the subject.
pub(super) const BE: u32 = 1 << 21;
/// A verb form that holds its subject: `soy`, `tengo`, `bin`.
pub(super) const SELFBE: u32 = 1 << 22;
/// As a, in the quality of.
pub(super) const AS: u32 = 1 << 23;
/// What a shop sells.
pub(super) const PRODUCT: u32 = 1 << 24;
/// Talk of a shop: in stock, size, do you sell.
pub(super) const SHOP: u32 = 1 << 25;
/// A phrase that means something else.
pub(super) const IDIOM: u32 = 1 << 26;
/// Son, daughter, pupil.
pub(super) const KID: u32 = 1 << 27;
/// Years, months, in words of age.
pub(super) const YEARS: u32 = 1 << 28;
/// Numbers below eighteen in words.
pub(super) const NUM: u32 = 1 << 29;
/// Old, aged.
pub(super) const OLD: u32 = 1 << 30;
/// A pronoun that may be a thing.
pub(super) const HE: u32 = 1 << 31;

/// What makes an entry worth a look by itself.
const TERM: u32 = SURE | FRAMED | IDIOM | KID;

fn bits_of(section: &str) -> u32 {
    let (name, shift) = match section.strip_suffix('?') {
        Some(name) => (name, 10),
        None => (section, 1),
    };
    if let Some(at) = KINDS.iter().position(|kind| kind.0 == name) {
        return 1 << (at + shift);
    }
    match section {
        "SELF" => SELF,
        "POSS" => POSS,
        "BE" => BE,
        "SELFBE" => SELFBE,
        "AS" => AS,
        "PRODUCT" => PRODUCT,
        "SHOP" => SHOP,
        "IDIOM" => IDIOM,
        "KID" => KID,
        "YEARS" => YEARS,
        "NUM" => NUM,
        "OLD" => OLD,
        "HE" => HE,
        _ => 0,
    }
}

const FILES: [(Locale, &str); 7] = [
    (
        Locale::English,
        include_str!("../../../data/special/en.txt"),
    ),
    (Locale::French, include_str!("../../../data/special/fr.txt")),
    (Locale::German, include_str!("../../../data/special/de.txt")),
    (
        Locale::Spanish,
        include_str!("../../../data/special/es.txt"),
    ),
    (
        Locale::Italian,
        include_str!("../../../data/special/it.txt"),
    ),
    (Locale::Dutch, include_str!("../../../data/special/nl.txt")),
    (
        Locale::Portuguese,
        include_str!("../../../data/special/pt.txt"),
    ),
];

/// The lexicon of one language.
pub(super) struct Language {
    pub(super) locale: Locale,
    words: WordTable,
    stems: WordTable,
    tails: WordTable,
}

/// What begins at a token.
#[derive(Clone, Copy)]
pub(super) struct Hit {
    /// Length in tokens.
    pub(super) len: usize,
    /// Sections it stands in.
    pub(super) bits: u32,
    /// Bytes of the word that a stem holds, 0 for a whole entry.
    pub(super) stem: usize,
}

/// All languages, and which of them something may begin in, by a word or by its first or last letters.
pub(super) struct Lexicon {
    pub(super) languages: Vec<Language>,
    words: WordTable,
    edges: WordTable,
}

/// Languages, one bit each, in which something may begin at a token.
#[derive(Clone, Copy)]
pub(super) struct Where {
    /// By the whole word.
    words: u32,
    /// By its first or last letters.
    edges: u32,
}

impl Where {
    /// Whether the language at a place may hold a stem or an end of the word.
    pub(super) const fn stem(self, place: usize) -> bool {
        self.edges >> place & 1 == 1
    }

    /// Whether the language at a place is among them.
    pub(super) const fn has(self, place: usize) -> bool {
        (self.words | self.edges) >> place & 1 == 1
    }
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut words = WordTable::with_room_for(1 << 13);
    let mut edges = WordTable::with_room_for(1 << 12);
    let languages = FILES
        .iter()
        .enumerate()
        .map(|(place, (locale, text))| {
            Language::parse(*locale, text, &mut |hash, edge| {
                let table = if edge { &mut edges } else { &mut words };
                table.add(hash, 1 << place);
            })
        })
        .collect();
    Lexicon {
        languages,
        words,
        edges,
    }
});

/// Mixes the hashes of two words that follow each other.
const fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(7) ^ second.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Mixes four bytes of a word's edge; `None` where one of them is no ASCII letter, so that folding is needed.
fn edge(four: &[u8], end: bool) -> Option<u64> {
    let mut mixed = u64::from(end) + 1;
    for byte in four {
        if !byte.is_ascii() {
            return None;
        }
        mixed = mixed << 8 | u64::from(byte.to_ascii_lowercase());
    }
    Some(mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

impl Lexicon {
    /// The languages in which something may begin at a token: none for most words.
    pub(super) fn may_begin(&self, tokens: &Tokens<'_>, at: usize) -> Option<Where> {
        let token = tokens.get(at)?;
        let mut words = self.words.get(token.hash);
        if let Some(next) = tokens.get(at + 1) {
            words |= self.words.get(pair(token.hash, next.hash));
        }
        let mut edges = 0;
        if token.chars >= 5 {
            let word = tokens.word(at).as_bytes();
            let first = word.first_chunk::<4>().map(|four| edge(four, false));
            let last = word.last_chunk::<4>().map(|four| edge(four, true));
            for edge in [first, last].into_iter().flatten() {
                // Letters that need folding are looked up in the stems themselves.
                edges |= edge.map_or(u32::MAX, |edge| self.edges.get(edge));
            }
        }
        (words | edges != 0).then_some(Where { words, edges })
    }

    /// The language of a locale.
    pub(super) fn place(&self, locale: Option<Locale>) -> Option<usize> {
        let locale = locale?;
        self.languages.iter().position(|l| l.locale == locale)
    }
}

impl Language {
    fn parse(locale: Locale, text: &str, mark: &mut impl FnMut(u64, bool)) -> Self {
        let room = text.matches([';', '\n']).count() * 4;
        let mut language = Self {
            locale,
            words: WordTable::with_room_for(room),
            stems: WordTable::with_room_for(room / 4),
            tails: WordTable::with_room_for(room / 4),
        };
        let mut bits = 0;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(section) = line.strip_prefix('[') {
                bits = bits_of(section.trim_end_matches(']'));
                continue;
            }
            for entry in line.split(';').map(str::trim).filter(|e| !e.is_empty()) {
                language.add(entry, bits, mark);
                if entry.contains(['\u{e4}', '\u{f6}', '\u{fc}']) {
                    let spelt = entry
                        .replace('\u{e4}', "ae")
                        .replace('\u{f6}', "oe")
                        .replace('\u{fc}', "ue");
                    language.add(&spelt, bits, mark);
                }
            }
        }
        language
    }

    fn add(&mut self, entry: &str, bits: u32, mark: &mut impl FnMut(u64, bool)) {
        if let Some(stem) = entry.strip_suffix('*') {
            self.stems.add(Hash::new().word(stem).finish(), bits);
            let four = stem.as_bytes().first_chunk::<4>();
            if let Some(edge) = four.and_then(|four| edge(four, false)) {
                mark(edge, true);
            }
        } else if let Some(tail) = entry.strip_prefix('*') {
            self.tails.add(Hash::new().word(tail).finish(), bits);
            let four = tail.as_bytes().last_chunk::<4>();
            if let Some(edge) = four.and_then(|four| edge(four, true)) {
                mark(edge, true);
            }
        } else {
            let mut hash = Hash::new();
            let mut first = None;
            let mut second = None;
            for word in entry.split_whitespace() {
                hash = if first.is_none() { hash } else { hash.space() }.word(word);
                if first.is_some() {
                    second.get_or_insert(Hash::new().word(word).finish());
                }
                first.get_or_insert(hash.finish());
            }
            let Some(first) = first else {
                return;
            };
            let whole = hash.finish();
            if whole != first {
                self.words.add(first, HEAD);
            }
            self.words.add(whole, bits);
            if bits & TERM != 0 {
                // Phrases begin with words such as "of": only with the word behind it one is worth a look.
                mark(second.map_or(first, |second| pair(first, second)), false);
            }
        }
    }

    /// The longest entry at a token, else a stem or the end of a compound.
    pub(super) fn begins(&self, tokens: &Tokens<'_>, at: usize, edges: bool) -> Option<Hit> {
        if let Some((len, bits)) = self.words.phrase(tokens, at, TERM) {
            return Some(Hit { len, bits, stem: 0 });
        }
        if !edges {
            return None;
        }
        let word = tokens.word(at);
        let mut hash = Hash::new();
        let mut found = None;
        for (i, c) in word.char_indices().take(24) {
            hash = hash.char(c);
            if i >= 3 {
                let bits = self.stems.get(hash.finish());
                if bits & TERM != 0 {
                    let stem = i + c.len_utf8();
                    found = Some(Hit { len: 1, bits, stem });
                }
            }
        }
        found.or_else(|| {
            let bits = self.tail(word, &self.tails, TERM);
            (bits != 0).then_some(Hit {
                len: 1,
                bits,
                stem: word.len(),
            })
        })
    }

    /// The bits of the longest end of a word that stands in a table.
    fn tail(&self, word: &str, table: &WordTable, wanted: u32) -> u32 {
        word.char_indices()
            .skip(2)
            .filter(|(i, _)| word.len() - i <= 20 && word.len() - i >= 4)
            .filter_map(|(i, _)| word.get(i..))
            .map(|tail| table.get(Hash::new().word(tail).finish()) & wanted)
            .find(|bits| *bits != 0)
            .unwrap_or(0)
    }

    /// Whether a compound ends in something sold: the socks of `Diabetikersocken`.
    pub(super) fn ends_in_product(&self, word: &str) -> bool {
        self.tail(word, &self.words, PRODUCT) != 0
    }

    /// The sections of one word.
    pub(super) fn of(&self, tokens: &Tokens<'_>, at: usize) -> u32 {
        let Some(token) = tokens.get(at) else {
            return 0;
        };
        let bits = self.words.get(token.hash);
        if bits & PRODUCT == 0
            && token.chars >= 8
            && matches!(self.locale, Locale::German | Locale::Dutch)
        {
            return bits | self.tail(tokens.word(at), &self.words, PRODUCT);
        }
        bits
    }

    /// The sections of the phrase at a token, beside those of its first word.
    pub(super) fn phrase_of(&self, tokens: &Tokens<'_>, at: usize, wanted: u32) -> u32 {
        self.words
            .phrase(tokens, at, wanted)
            .map_or(0, |(_, bits)| bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, bits_of};

    #[test]
    fn every_section_has_a_meaning() {
        for (locale, text) in FILES {
            for line in text.lines().filter_map(|l| l.strip_prefix('[')) {
                let name = line.trim_end_matches(']');
                assert!(bits_of(name) != 0, "{locale:?} {name}");
            }
        }
    }

    #[test]
    fn entries_are_short_enough_to_be_met() {
        for (locale, text) in FILES {
            for line in text.lines().filter(|l| !l.starts_with(['#', '['])) {
                for entry in line.split(';').map(str::trim) {
                    assert!(entry.split_whitespace().count() <= 5, "{locale:?} {entry}");
                    let bare = entry.trim_matches('*');
                    assert!(
                        bare == entry || bare.len() >= 4 && !bare.contains(' '),
                        "{locale:?} {entry}"
                    );
                    assert!(!entry.contains(['\'', '-', '.', ',']), "{locale:?} {entry}");
                }
            }
        }
    }
}
