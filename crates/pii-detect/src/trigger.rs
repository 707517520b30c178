//! Words that say what the number beside them is.
//!
//! The lists live in `data/triggers.txt`; they are hashed once and asked with the hashes that the tokens carry.
//! Only words near a number are ever looked up.

use std::sync::LazyLock;

use crate::lexicon::Hash;
use crate::rules::secret;
use crate::scan::Scan;
use crate::token::{Gap, Shape, Tokens};

static LISTS: &str = include_str!("../data/triggers.txt");

/// A set of lists, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Set(u32);

impl Set {
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
}

macro_rules! lists {
    ($($name:ident = $bit:literal)*) => {
        impl Set {
            $(pub(crate) const $name: Self = Self(1 << $bit);)*

            fn of(section: &str) -> Option<Self> {
                match section {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

lists! {
    HEAD = 0
    NUMBER = 1
    ORDER = 2
    TRACKING = 3
    CUSTOMER = 4
    ID = 5
    ACCOUNT = 6
    PHONE = 7
    IBAN = 8
    CARD = 9
    SECRET = 10
    USER = 11
    MONTH = 12
    MONTHWORD = 13
    WEEKDAY = 14
    ORDINAL = 15
    OFDATE = 16
    CURRENCY = 17
    YEARS = 18
    OLD = 19
    AGE = 20
    BIRTH = 21
    GENERIC = 22
    URLWORD = 23
    MINOR = 24
    SPELLEDAT = 25
    CARRIER = 26
    BIC = 27
    LOOK = 28
}

/// The nouns that name a sort of number.
const NOUNS: Set = Set::ORDER
    .or(Set::TRACKING)
    .or(Set::CUSTOMER)
    .or(Set::ID)
    .or(Set::ACCOUNT)
    .or(Set::PHONE)
    .or(Set::IBAN)
    .or(Set::CARD)
    .or(Set::SECRET);

/// The nouns under which a code may stand.
pub(crate) const CODES: Set = Set::ORDER
    .or(Set::TRACKING)
    .or(Set::CUSTOMER)
    .or(Set::ID)
    .or(Set::ACCOUNT)
    .or(Set::CARD);

/// Hashes and bits, open addressing; the hash of a phrase is that of its words with spaces between.
pub(crate) struct WordTable<B = u32> {
    slots: Vec<(u64, B)>,
    filter: Vec<u64>,
}

impl<B> WordTable<B>
where
    B: Copy + Default + PartialEq + std::ops::BitOr<Output = B>,
{
    /// A table of `entries` hashes at most.
    pub(crate) fn with_room_for(entries: usize) -> Self {
        let size = (entries * 2).next_power_of_two().max(64);
        Self {
            slots: vec![(0, B::default()); size],
            filter: vec![0; (size / 8).max(8)],
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

    pub(crate) fn add(&mut self, hash: u64, bits: B) {
        let at = self.slot(hash);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (hash, slot.1 | bits);
        }
        let (word, bit) = self.bit(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
    }

    /// Every hash and its bits.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u64, B)> {
        self.slots
            .iter()
            .copied()
            .filter(|(_, bits)| *bits != B::default())
    }

    /// The bits of a finished hash.
    pub(crate) fn get(&self, hash: u64) -> B {
        let (word, bit) = self.bit(hash);
        if self.filter.get(word).is_none_or(|word| word & bit == 0) {
            return B::default();
        }
        self.find(hash)
    }

    /// Most words are in no list; the few others pay for a call.
    #[inline(never)]
    fn find(&self, hash: u64) -> B {
        match self.slots.get(self.slot(hash)) {
            Some((key, bits)) if *key == hash => *bits,
            _ => B::default(),
        }
    }
}

impl WordTable {
    /// Reads lists: `[SECTION]` lines, comment lines, entries between semicolons. Bit 0 marks the first word of
    /// a phrase.
    pub(crate) fn parse(lists: &str, bit_of: impl Fn(&str) -> u32) -> Self {
        let mut table = Self::with_room_for(lists.matches([';', '\n']).count() * 2);
        let mut bits = 0;
        for line in lists.lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some(section) = line.strip_prefix('[') {
                bits = bit_of(section.trim_end_matches(']'));
                continue;
            }
            for phrase in line.split(';') {
                let words = phrase.split_whitespace();
                let mut hash = Hash::new();
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
                    table.add(first, 1);
                }
                if count > 0 {
                    table.add(hash.finish(), bits);
                }
            }
        }
        table
    }

    /// The longest entry with one of the bits `wanted` that begins at `at`: its length in tokens and its bits.
    pub(crate) fn phrase(
        &self,
        tokens: &Tokens<'_>,
        at: usize,
        wanted: u32,
    ) -> Option<(usize, u32)> {
        let first = tokens.get(at)?;
        let bits = self.get(first.hash);
        let mut found = (bits & wanted != 0).then_some((1, bits));
        if bits & 1 != 0 {
            let mut hash = Hash::new().word(tokens.word(at));
            for len in 2..=5 {
                let next = at + len - 1;
                if !matches!(
                    tokens.gap(next),
                    Gap::Space | Gap::Apostrophe | Gap::Hyphen | Gap::Dot
                ) {
                    break;
                }
                hash = hash.space().word(tokens.word(next));
                let bits = self.get(hash.finish());
                if bits & wanted != 0 {
                    found = Some((len, bits));
                }
            }
        }
        found
    }
}

static TABLE: LazyLock<WordTable> = LazyLock::new(|| {
    let mut table = WordTable::parse(LISTS, |name| Set::of(name).unwrap_or(Set::NONE).0);
    // What these words are, only the rules of secrets know; here they are marked as worth a look.
    for anchor in secret::words::anchors() {
        table.add(anchor, Set::LOOK.0);
    }
    table
});

/// The lists of single words, to be asked many times.
#[derive(Clone, Copy)]
pub(crate) struct Words(&'static WordTable);

/// The lists.
pub(crate) fn words() -> Words {
    Words(&TABLE)
}

impl Words {
    /// The lists a word is in, by its hash.
    pub(crate) fn look(self, hash: u64) -> Set {
        Set(self.0.get(hash))
    }
}

/// The lists a token is in.
pub(crate) fn of(tokens: &Tokens<'_>, at: usize) -> Set {
    tokens.get(at).map_or(Set::NONE, |token| token.trigger)
}

/// The longest phrase of `wanted` that begins at `at`, in tokens.
pub(crate) fn phrase(tokens: &Tokens<'_>, at: usize, wanted: Set) -> Option<usize> {
    TABLE.phrase(tokens, at, wanted.0).map(|(len, _)| len)
}

/// What the words beside a number say it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cue {
    /// The lists of the noun that was chosen.
    pub(crate) noun: Set,
    /// A word such as "number" stands with it, or a colon or `#` behind it.
    pub(crate) strong: bool,
    /// The noun, or the word for number, stands within three words.
    pub(crate) near: bool,
    /// Every list met on the way.
    pub(crate) all: Set,
}

/// How many words a cue may stand away from its number.
const REACH: usize = 8;

/// Reads backwards from the token `at` for what the number there is.
pub(crate) fn before(scan: &Scan<'_>, at: usize) -> Cue {
    let tokens = &scan.tokens;
    let mut cue = Cue::default();
    let mut number_word: Option<usize> = None;
    // Nouns by distance; slot 0 stays empty.
    let mut nouns = [Set::NONE; REACH + 1];
    let mut here = at;
    let mut strange = 0;
    for distance in 1..=REACH {
        if ends_sentence(scan, here, distance) {
            break;
        }
        let gap = tokens.gap(here);
        let Some(previous) = here.checked_sub(1) else {
            break;
        };
        if distance == 1 && matches!(gap, Gap::Colon)
            || distance <= 2
                && matches!(gap, Gap::Other | Gap::Line)
                && tokens.between(here).contains(['#', '\u{ba}', '\u{b0}'])
        {
            cue.strong = true;
        }
        here = previous;
        let set = phrase_ending(scan, here);
        let compound = set.has(NOUNS) && ends_in_number(tokens.word(here));
        cue.all = cue.all.or(set);
        if set.has(Set::NUMBER) || compound {
            cue.strong = true;
            number_word.get_or_insert(distance);
        }
        if set.has(NOUNS) {
            if let Some(slot) = nouns.get_mut(distance) {
                *slot = set;
            }
        } else if !set.has(Set::GENERIC.or(Set::NUMBER)) {
            strange += 1;
            // A long way through words that have nothing to do with numbers.
            if strange > 3 {
                break;
            }
        }
    }
    let noun_at = |distance: Option<usize>| {
        distance
            .and_then(|distance| nouns.get(distance).copied())
            .filter(|set| *set != Set::NONE)
    };
    // The noun that stands with "number" counts, behind it ("numero de commande"), in it or before it
    // ("order number"); without such a word the nearest.
    cue.near = number_word.is_some_and(|word| word <= 3)
        || nouns.iter().take(4).any(|set| *set != Set::NONE);
    cue.noun = number_word
        .and_then(|word| {
            noun_at(Some(word))
                .or_else(|| noun_at(word.checked_sub(1)))
                .or_else(|| noun_at(word.checked_sub(2)))
                .or_else(|| noun_at(Some(word + 1)))
        })
        .or_else(|| nouns.into_iter().find(|set| *set != Set::NONE))
        .unwrap_or(Set::NONE);
    cue
}

/// Reads forwards from the token `at` (the first behind the number): "4711 is my order number".
pub(crate) fn after(scan: &Scan<'_>, at: usize) -> Cue {
    let (cue, copula) = behind(scan, at);
    if copula && cue.strong {
        cue
    } else {
        Cue::default()
    }
}

/// The noun behind a number whose check digit is right: "111222333 is my BSN".
pub(crate) fn named_behind(scan: &Scan<'_>, at: usize) -> Set {
    let (cue, copula) = behind(scan, at);
    if copula { cue.noun } else { Set::NONE }
}

/// The cue behind a number, and whether a word such as "is" joins them.
fn behind(scan: &Scan<'_>, at: usize) -> (Cue, bool) {
    let tokens = &scan.tokens;
    let mut cue = Cue::default();
    let mut copula = false;
    for here in at..at + 6 {
        match tokens.gap(here) {
            Gap::Space | Gap::Hyphen | Gap::Apostrophe => {}
            Gap::Other if here == at && tokens.between(here).trim() == "(" => copula = true,
            _ => break,
        }
        let set = of(tokens, here);
        if here == at {
            copula |= set.has(Set::GENERIC);
        }
        if tokens.get(here).is_none_or(|t| t.digits()) {
            break;
        }
        cue.all = cue.all.or(set);
        if set.has(Set::NUMBER) {
            cue.strong = true;
        }
        if set.has(NOUNS) && cue.noun == Set::NONE {
            cue.noun = set;
        }
        if !set.has(NOUNS.or(Set::GENERIC).or(Set::NUMBER)) {
            break;
        }
    }
    (cue, copula)
}

/// The lists of the phrase or word that ends at `at`: "social security" is one cue.
fn phrase_ending(scan: &Scan<'_>, at: usize) -> Set {
    let tokens = &scan.tokens;
    let single = of(tokens, at);
    for len in 2..=3usize {
        let Some(start) = (at + 1).checked_sub(len) else {
            break;
        };
        if of(tokens, start).has(Set::HEAD)
            && let Some((found, bits)) = TABLE.phrase(tokens, start, NOUNS.or(Set::USER).0)
            && found == len
        {
            return Set(bits).or(single);
        }
    }
    single
}

/// "Bestellnummer", "ordernr": the compound holds the word for number.
fn ends_in_number(word: &str) -> bool {
    let bytes = word.as_bytes();
    [&b"nummer"[..], b"nr", b"code", b"id", b"kennung"]
        .iter()
        .any(|end| {
            bytes.len() > end.len()
                && bytes
                    .get(bytes.len() - end.len()..)
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        })
}

/// Whether the gap before `at` ends what belongs together.
fn ends_sentence(scan: &Scan<'_>, at: usize, distance: usize) -> bool {
    let tokens = &scan.tokens;
    match tokens.gap(at) {
        Gap::Start => at == 0,
        // "Nr. 12", "Tel. 030", "Steuer-Id. 12": an abbreviation's dot ends nothing.
        Gap::Dot => {
            let short = tokens.before(at).is_some_and(|t| t.chars <= 5);
            let abbreviation =
                at > 0 && of(tokens, at - 1).has(NOUNS.or(Set::NUMBER).or(Set::BIRTH));
            let compound = at > 0 && abbreviation && ends_in_number(tokens.word(at - 1));
            !(short && abbreviation
                || compound
                || tokens.before(at).is_some_and(|t| t.shape == Shape::Initial))
        }
        // A label on a line of its own, its value on the next.
        Gap::Line => {
            distance != 1 || tokens.between(at).matches('\n').count() > 1 || at == 0 || {
                let set = of(tokens, at - 1);
                !(tokens.between(at).trim_start().starts_with(':') || set.has(Set::NUMBER))
            }
        }
        Gap::Other => tokens
            .between(at)
            .contains(['!', '?', ';', '.', '\u{2022}', '|']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{LISTS, Set, before};
    use crate::scan::Scan;

    #[test]
    fn every_section_is_a_list() {
        for section in LISTS.lines().filter_map(|line| line.strip_prefix('[')) {
            let section = section.trim_end_matches(']');
            assert!(Set::of(section).is_some(), "{section}");
        }
    }

    #[test]
    fn the_noun_beside_the_word_for_number_counts() {
        let cases = [
            ("My tracking number for the order is 12", Set::TRACKING),
            ("le numero de commande du client est 12", Set::ORDER),
            ("Kundennummer: 12", Set::CUSTOMER),
            ("Passport no. 12", Set::ID),
            ("My order is late. It cost 12", Set::NONE),
        ];
        for (text, wanted) in cases {
            let scan = Scan::new(text);
            let cue = before(&scan, scan.numeric[0]);
            if wanted == Set::NONE {
                assert_eq!(cue.noun, Set::NONE, "{text}");
            } else {
                assert!(cue.noun.has(wanted), "{text}: {cue:?}");
            }
        }
    }
}
