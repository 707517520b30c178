//! Words that say what the number beside them is.
//!
//! The lists live in `data/triggers.txt`; every token carries those that hold it.

use crate::lexicon::{Words, hash_word};
use crate::scan::{CUES, Scan};
use crate::token::{Gap, Shape, Tokens};
use crate::words::{self, Table};

pub(crate) static LISTS: &str = include_str!("../data/triggers.txt");

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
    PERSON = 28
    MAGNITUDE = 29
    THING = 30
    LOOK = 31
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

/// Longest phrase of the lists, in words.
const LONGEST: usize = 5;

/// An entry of a list: its letters, and the hashes of its words.
pub(crate) struct Listed<'l> {
    /// Of the first word.
    pub(crate) first: u64,
    /// Of the first two, where more follow.
    pub(crate) pair: Option<u64>,
    /// Of all.
    pub(crate) whole: u64,
    pub(crate) letters: &'l str,
}

impl Listed<'_> {
    /// Several words.
    pub(crate) const fn phrase(&self) -> bool {
        self.first != self.whole
    }
}

/// Reads lists: `[SECTION]` lines, comment lines, entries of one word or several between semicolons. `sink` gets an entry and
/// the section it stands in.
pub(crate) fn parse<'l, S: Copy>(
    lists: &'l str,
    section_of: impl Fn(&str) -> Option<S>,
    mut sink: impl FnMut(Listed<'l>, S),
) {
    let mut section = None;
    for line in lists.lines() {
        if line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix('[') {
            section = section_of(name.trim_end_matches(']'));
            continue;
        }
        for entry in line.split(';') {
            let mut words = entry
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .map(hash_word);
            let (Some(section), Some(first)) = (section, words.next()) else {
                continue;
            };
            let (mut whole, mut pair) = (Words::default().and(first), None);
            for (behind, word) in words.enumerate() {
                if behind == 1 {
                    pair = Some(whole.finish());
                }
                whole = whole.and(word);
            }
            let entry = Listed {
                first,
                pair,
                whole: whole.finish(),
                letters: entry.trim(),
            };
            sink(entry, section);
        }
    }
}

/// The first word of an entry.
pub(crate) fn head(entry: &str) -> &str {
    let end = entry.find(|c: char| !c.is_alphanumeric());
    entry.get(..end.unwrap_or(entry.len())).unwrap_or(entry)
}

/// Adds the lists to the table of all words.
pub(crate) fn fill(table: &mut Table) {
    parse(LISTS, Set::of, |entry, set| {
        let phrase = entry.phrase();
        if phrase && let Some(word) = table.word(entry.first, head(entry.letters)) {
            word.trigger = word.trigger.or(Set::HEAD);
        }
        table.add_pair(entry.pair);
        let letters = if phrase { "" } else { entry.letters };
        if let Some(word) = table.word(entry.whole, letters) {
            word.trigger = word.trigger.or(set);
        }
    });
}

/// The longest entry of `wanted` that begins at `at`: its length in tokens and its lists.
fn longest(tokens: &Tokens<'_>, at: usize, wanted: Set) -> Option<(usize, Set)> {
    let single = tokens.get(at)?.trigger;
    let mut found = single.has(wanted).then_some((1, single));
    if single.has(Set::HEAD) {
        for (len, word) in words::phrases(tokens, at, LONGEST) {
            if word.trigger.has(wanted) {
                found = Some((len, word.trigger));
            }
        }
    }
    found
}

/// The lists a token is in.
pub(crate) fn of(tokens: &Tokens<'_>, at: usize) -> Set {
    tokens.get(at).map_or(Set::NONE, |token| token.trigger)
}

/// The longest phrase of `wanted` that begins at `at`, in tokens.
pub(crate) fn phrase(tokens: &Tokens<'_>, at: usize, wanted: Set) -> Option<usize> {
    longest(tokens, at, wanted).map(|(len, _)| len)
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
    /// A word that means a telephone and nothing else was met.
    pub(crate) phone: bool,
}

/// How many words a cue may stand away from its number.
const REACH: usize = 8;
/// How many words that have nothing to do with numbers may stand between the two.
const STRANGE: usize = 3;

/// Reads backwards from the token `at` for what the number there is.
#[inline]
pub(crate) fn before(scan: &Scan<'_>, at: usize) -> Cue {
    let Some(slot) = scan.cues.get(at % CUES) else {
        return read_back(scan, at);
    };
    match slot.get() {
        Some((of, cue)) if of == at => cue,
        _ => {
            let cue = read_back(scan, at);
            slot.set(Some((at, cue)));
            cue
        }
    }
}

#[inline(never)]
fn read_back(scan: &Scan<'_>, at: usize) -> Cue {
    let tokens = &scan.tokens;
    let mut cue = Cue::default();
    let mut number_word: Option<usize> = None;
    // Nouns by distance; slot 0 stays empty.
    let mut nouns = [Set::NONE; REACH + 1];
    let mut nearest: Option<usize> = None;
    let mut strange = 0;
    let mut gap = tokens.gap(at);
    let mut words = tokens.all().get(..at).unwrap_or(&[]);
    for distance in 1..=REACH {
        let Some((word, earlier)) = words.split_last() else {
            break;
        };
        words = earlier;
        let previous = earlier.len();
        if gap != Gap::Space {
            if ends_sentence(scan, previous + 1, distance) {
                break;
            }
            cue.strong |= distance == 1 && gap == Gap::Colon
                || distance <= 2
                    && matches!(gap, Gap::Other | Gap::Line)
                    && tokens
                        .between(previous + 1)
                        .contains(['#', '\u{ba}', '\u{b0}']);
        }
        gap = word.gap;
        let heads = match earlier {
            [.., two, one] => one.trigger.or(two.trigger),
            [one] => one.trigger,
            [] => Set::NONE,
        };
        let set = if heads.has(Set::HEAD) {
            phrase_ending(tokens, previous, word.trigger)
        } else {
            word.trigger
        };
        if set == Set::NONE {
            strange += 1;
            if strange > STRANGE {
                break;
            }
            continue;
        }
        cue.all = cue.all.or(set);
        cue.phone |= set.has(Set::PHONE) && set != Set::NUMBER.or(Set::PHONE);
        if set.has(Set::NUMBER) || set.has(NOUNS) && ends_in_number(tokens.word(previous)) {
            cue.strong = true;
            number_word.get_or_insert(distance);
        }
        if set.has(NOUNS) {
            if let Some(slot) = nouns.get_mut(distance) {
                *slot = set;
            }
            nearest.get_or_insert(distance);
        } else if !set.has(Set::GENERIC.or(Set::NUMBER)) {
            strange += 1;
            if strange > STRANGE {
                break;
            }
        }
    }
    if nearest.is_none() && number_word.is_none() {
        return cue;
    }
    let noun_at = |distance: Option<usize>| {
        distance
            .and_then(|distance| nouns.get(distance).copied())
            .filter(|set| *set != Set::NONE)
    };
    // The noun that stands with "number" counts, behind it ("numero de commande"), in it or before it
    // ("order number"); without such a word the nearest.
    cue.near = number_word.is_some_and(|word| word <= 3) || nearest.is_some_and(|noun| noun <= 3);
    cue.noun = number_word
        .and_then(|word| {
            noun_at(Some(word))
                .or_else(|| noun_at(word.checked_sub(1)))
                .or_else(|| noun_at(word.checked_sub(2)))
                .or_else(|| noun_at(Some(word + 1)))
        })
        .or_else(|| noun_at(nearest))
        .unwrap_or(Set::NONE);
    cue
}

/// Reads forwards from the token `at` (the first behind the number): "4711 is my order number".
pub(crate) fn after(scan: &Scan<'_>, at: usize) -> Cue {
    behind(scan, at)
        .filter(|cue| cue.strong)
        .unwrap_or_default()
}

/// The noun behind a number whose check digit is right: "111222333 is my BSN".
pub(crate) fn named_behind(scan: &Scan<'_>, at: usize) -> Set {
    behind(scan, at).map_or(Set::NONE, |cue| cue.noun)
}

/// The cue behind a number, where a word such as "is" or a bracket joins them.
fn behind(scan: &Scan<'_>, at: usize) -> Option<Cue> {
    let tokens = &scan.tokens;
    let joins = match tokens.gap(at) {
        Gap::Space | Gap::Hyphen | Gap::Apostrophe => of(tokens, at).has(Set::GENERIC),
        Gap::Other => tokens.between(at).trim() == "(",
        _ => false,
    };
    if !joins {
        return None;
    }
    let mut cue = Cue::default();
    for here in at..at + 6 {
        match tokens.gap(here) {
            Gap::Space | Gap::Hyphen | Gap::Apostrophe => {}
            Gap::Other if here == at => {}
            _ => break,
        }
        let set = of(tokens, here);
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
    Some(cue)
}

/// The lists of the phrase or word that ends at `at`: "social security" is one cue. `single` are those of the word.
fn phrase_ending(tokens: &Tokens<'_>, at: usize, single: Set) -> Set {
    for len in 2..=3usize {
        let Some(start) = (at + 1).checked_sub(len) else {
            break;
        };
        if of(tokens, start).has(Set::HEAD)
            && let Some((found, set)) = longest(tokens, start, NOUNS.or(Set::USER))
            && found == len
        {
            return set.or(single);
        }
    }
    single
}

/// "Bestellnummer", "ordernr": the compound holds the word for number.
fn ends_in_number(word: &str) -> bool {
    let bytes = word.as_bytes();
    let ends = |end: &[u8]| {
        bytes.len() > end.len()
            && bytes
                .get(bytes.len() - end.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
    };
    match bytes.last() {
        Some(b'r' | b'R') => ends(b"nummer") || ends(b"nr"),
        Some(b'e' | b'E') => ends(b"code"),
        Some(b'd' | b'D') => ends(b"id"),
        Some(b'g' | b'G') => ends(b"kennung"),
        _ => false,
    }
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
            let cue = before(&scan, scan.numeric().next().unwrap());
            if wanted == Set::NONE {
                assert_eq!(cue.noun, Set::NONE, "{text}");
            } else {
                assert!(cue.noun.has(wanted), "{text}: {cue:?}");
            }
        }
    }
}
