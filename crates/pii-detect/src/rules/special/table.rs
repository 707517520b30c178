//! The lexicons of special categories, one a language, compiled once.
//!
//! `data/special/<lang>.txt`: `[HEALTH]` lists what reveals by itself, `[HEALTH?]` what needs a person's frame; the
//! other sections hold the words around. An entry is a word or phrase (five words at most), a stem (`diabetic*`) or
//! the end of a compound (`*allergie`). With an umlaut an entry stands for its spelling with `e` too.

use super::parts::{Edges, edge, parts, tails};
use crate::kind::Kind;
use crate::lexicon::{hash_word, phrase};
use crate::locale::Locale;
use crate::token::Tokens;
use crate::words::{self, LANGUAGES, Table, table};

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
/// Longest phrase, in words.
const LONGEST: usize = 5;
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
pub(super) const TERM: u32 = SURE | FRAMED | IDIOM | KID;

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

const FILES: [(Locale, &str); LANGUAGES] = [
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

/// One of the languages, or any of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    pub(super) place: usize,
    pub(super) locale: Locale,
}

/// All languages in one: what no word of any of them allows needs no closer look.
pub(super) const ANY: Language = Language {
    place: LANGUAGES,
    locale: Locale::English,
};

/// The languages.
pub(super) const fn languages() -> [Language; LANGUAGES] {
    let mut all = [ANY; LANGUAGES];
    let mut place = 0;
    let mut rest: &[(Locale, &str)] = &FILES;
    let mut slots: &mut [Language] = &mut all;
    while let ([(locale, _), others @ ..], [slot, more @ ..]) = (rest, slots) {
        *slot = Language {
            place,
            locale: *locale,
        };
        place += 1;
        rest = others;
        slots = more;
    }
    all
}

/// What begins at a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Length in tokens.
    pub(super) len: usize,
    /// Sections it stands in.
    pub(super) bits: u32,
    /// Bytes of the folded word that a stem holds, 0 for a whole entry.
    pub(super) stem: usize,
}

/// Every entry of every language, with and without the spelling of umlauts by two letters.
pub(super) fn entries(mut sink: impl FnMut(usize, u32, &str)) {
    for (place, (_, text)) in FILES.iter().enumerate() {
        let mut bits = 0;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(section) = line.strip_prefix('[') {
                bits = bits_of(section.trim_end_matches(']'));
                continue;
            }
            for entry in line.split(';').map(str::trim).filter(|e| !e.is_empty()) {
                sink(place, bits, entry);
                if entry.contains(['\u{e4}', '\u{f6}', '\u{fc}']) {
                    let spelt = entry
                        .replace('\u{e4}', "ae")
                        .replace('\u{f6}', "oe")
                        .replace('\u{fc}', "ue");
                    sink(place, bits, &spelt);
                }
            }
        }
    }
}

/// The hashes of an entry of whole words.
pub(super) fn hashes(entry: &str) -> Option<Vec<u64>> {
    (!entry.contains('*')).then(|| entry.split_whitespace().map(hash_word).collect())
}

/// Adds the words to the table of all words.
pub(crate) fn fill(table: &mut Table) {
    entries(|language, bits, entry| {
        let Some((first, rest)) = hashes(entry).as_deref().and_then(|all| {
            let (first, rest) = all.split_first()?;
            Some((*first, rest.to_vec()))
        }) else {
            return;
        };
        let whole = rest
            .iter()
            .fold(first, |so_far, word| phrase(so_far, *word));
        if whole != first {
            table.add_sections(first, language, HEAD);
        }
        // What is worth a look and has more than a word is in `Parts`.
        if rest.is_empty() || bits & TERM == 0 {
            if let [second, _, ..] = *rest {
                table.add_pair(Some(phrase(first, second)));
            }
            table.add_sections(whole, language, bits);
        }
        if bits & TERM != 0
            && let Some(word) = table.entry(first)
        {
            // Phrases begin with words such as "of": only with the word behind it one is worth a look.
            if rest.is_empty() {
                word.begins |= 1 << language;
            } else {
                word.pairs = true;
                let letters = entry.split_whitespace().nth(1).unwrap_or("");
                if let Some(second) = rest.first().and_then(|hash| table.word(*hash, letters)) {
                    second.second = true;
                }
            }
        }
        if bits & (OLD | BE | SELFBE) != 0
            && rest.is_empty()
            && let Some(word) = table.entry(first)
        {
            word.ages = true;
        }
        // Every listed word knows whether one of these may begin or end it.
        let head = entry.split_whitespace().next().unwrap_or("");
        table.word(first, head);
    });
}

impl Language {
    /// The longest entry at a token, else a stem or the end of a compound.
    pub(super) fn begins(self, tokens: &Tokens<'_>, at: usize, edges: &Edges) -> Option<Hit> {
        if let Some((len, bits)) = self.phrase(tokens, at, TERM) {
            return Some(Hit { len, bits, stem: 0 });
        }
        let &(bits, stem) = edges.found.get(self.place)?;
        (stem != 0).then_some(Hit { len: 1, bits, stem })
    }

    /// The longest entry with one of the bits `wanted` at a token.
    fn phrase(self, tokens: &Tokens<'_>, at: usize, wanted: u32) -> Option<(usize, u32)> {
        let table = table();
        let first = table.sections(tokens.get(at)?.listed, self.place);
        let mut found = (first & wanted != 0).then_some((1, first));
        if first & HEAD == 0 {
            return found;
        }
        if wanted & TERM != 0 {
            let parts = parts();
            for (len, hash) in words::hashes(tokens, at, LONGEST) {
                let bits = parts.phrase(hash, self.place);
                if bits & wanted != 0 {
                    found = Some((len, bits));
                }
                if len == 2 && !parts.begun(hash, self.place) {
                    break;
                }
            }
        } else {
            for (len, word) in words::phrases(tokens, at, LONGEST) {
                let bits = table.sections(word, self.place);
                if bits & wanted != 0 {
                    found = Some((len, bits));
                }
            }
        }
        found
    }

    /// Whether a compound ends in something sold: the socks of `Diabetikersocken`.
    pub(super) fn ends_in_product(self, word: &str) -> bool {
        let table = table();
        let may = match word
            .as_bytes()
            .last_chunk::<4>()
            .map(|four| edge(four, true))
        {
            Some(Some(edge)) => parts().sold.get(edge) >> self.place & 1 == 1,
            Some(None) => true,
            None => false,
        };
        may && tails(word)
            .any(|tail| table.sections(table.get(hash_word(tail)), self.place) & PRODUCT != 0)
    }

    /// The sections of a token as they are listed.
    #[inline]
    pub(super) fn listed(self, tokens: &Tokens<'_>, at: usize) -> u32 {
        tokens
            .get(at)
            .map_or(0, |token| table().sections(token.listed, self.place))
    }

    /// The sections of one word; what a compound ends in is something sold, too.
    pub(super) fn of(self, tokens: &Tokens<'_>, at: usize) -> u32 {
        let Some(token) = tokens.get(at) else {
            return 0;
        };
        let bits = table().sections(token.listed, self.place);
        let compounds = matches!(self.locale, Locale::German | Locale::Dutch);
        if bits & PRODUCT == 0
            && token.chars >= 8
            && compounds
            && self.ends_in_product(tokens.word(at))
        {
            return bits | PRODUCT;
        }
        bits
    }

    /// The sections of the phrase at a token, beside those of its first word.
    pub(super) fn phrase_of(self, tokens: &Tokens<'_>, at: usize, wanted: u32) -> u32 {
        self.phrase(tokens, at, wanted).map_or(0, |(_, bits)| bits)
    }
}

#[cfg(test)]
mod tests {
    use super::{FILES, bits_of};
    use crate::lexicon::folded;

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
                    let folded = folded(bare);
                    assert!(
                        bare == entry || folded.len() >= 4 && folded.is_ascii(),
                        "{locale:?} {entry}"
                    );
                    assert!(!entry.contains(['\'', '-', '.', ',']), "{locale:?} {entry}");
                }
            }
        }
    }
}
