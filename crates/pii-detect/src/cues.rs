//! Cue words and phrases: what stands before a name, in a street, behind a greeting.
//!
//! The lists live in `data/cues.txt`; every token carries those that hold it.

use crate::bits::few;
use crate::lexicon::hash_word;
use crate::token::Tokens;
use crate::trigger;
use crate::words::{self, Table};
use std::hint::select_unpredictable;

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
    /// "to", "an", "aan": whom money goes to stands behind it.
    PAYTO
    /// The second word of a phrase of several.
    SECOND
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

    /// The set, or none; which of both cannot be foretold, so that no branch is to tell.
    pub(crate) fn unless(self, not: bool) -> Self {
        select_unpredictable(not, Self::NONE, self)
    }

    /// Those that are not in `other`.
    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The bits of the lists, for hashing features; a model knows nothing of second words.
    pub(crate) const fn bits(self) -> u32 {
        self.0 & !Self::SECOND.0
    }
}

/// Adds the lists to the table of all words.
pub(crate) fn fill(table: &mut Table) {
    let section = |name: &str| Some(Class::of(name)).filter(|class| *class != Class::NONE);
    trigger::parse(LISTS, section, |entry, class| {
        let phrase = entry.phrase();
        if phrase && let Some(word) = table.word(entry.first, trigger::head(entry.letters)) {
            word.class = word.class.or(Class::HEAD);
        }
        if let Some(second) = second(entry.letters)
            && let Some(word) = table.word(hash_word(second), second)
        {
            word.class = word.class.or(Class::SECOND);
        }
        table.add_pair(entry.pair);
        let letters = if phrase { "" } else { entry.letters };
        if let Some(word) = table.word(entry.whole, letters) {
            word.class = word.class.or(class);
        }
    });
}

/// The second word of an entry.
fn second(entry: &str) -> Option<&str> {
    entry
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .nth(1)
}

/// Lists that hold a word.
pub(crate) fn class(hash: u64) -> Class {
    words::table().get(hash).class
}

/// A phrase of several words: where it begins, how many tokens it has, and the lists that hold it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phrase {
    pub(crate) at: usize,
    len: usize,
    class: Class,
}

/// What the lists say of the words of a text, one by one and together.
#[derive(Default)]
pub(crate) struct Phrases {
    /// Every phrase of several words, in the order of their beginnings and lengths.
    list: Vec<Phrase>,
    /// The lists of all that begins at each token, one word or several; [`Class::HEAD`] where several do.
    begins: Vec<Class>,
}

impl Phrases {
    /// Reads the words of a text.
    pub(crate) fn new(tokens: &Tokens<'_>) -> Self {
        let all = tokens.all();
        let mut list: Vec<Phrase> = Vec::new();
        let mut begins: Vec<Class> = all.iter().map(|t| t.class.without(Class::HEAD)).collect();
        // Most words that begin a phrase somewhere stand before one that goes on with none.
        let begin = few(all, |at, first| {
            let behind = all.get(at + 1).map_or(Class::NONE, |t| t.class);
            first.class.has(Class::HEAD) & behind.has(Class::SECOND)
        });
        for (at, _) in begin {
            for (len, word) in words::phrases(tokens, at, LONGEST) {
                let class = word.class;
                if class == Class::NONE {
                    continue;
                }
                list.push(Phrase { at, len, class });
                if let Some(begins) = begins.get_mut(at) {
                    *begins = begins.or(class).or(Class::HEAD);
                }
            }
        }
        Self { list, begins }
    }

    /// The lists of all that begins at each token; none where no names are looked for.
    pub(crate) fn begins(&self) -> &[Class] {
        &self.begins
    }

    /// Those that begin at `at`, the longest last.
    fn at(&self, at: usize) -> &[Phrase] {
        let from = self.list.partition_point(|phrase| phrase.at < at);
        let rest = self.list.get(from..).unwrap_or(&[]);
        let count = rest.iter().take_while(|phrase| phrase.at == at).count();
        rest.get(..count).unwrap_or(&[])
    }
}

/// The tokens at which something of `wanted` begins, and the lists of all that begins there.
pub(crate) fn beginning<'t>(
    tokens: &'t Tokens<'_>,
    wanted: Class,
) -> impl Iterator<Item = (usize, Class)> + 't {
    let begins = few(&tokens.phrases.begins, move |_, class| class.has(wanted));
    begins.map(|(at, class)| (at, *class))
}

/// Length in tokens of the longest phrase of `wanted` that begins at `at`.
#[inline]
pub(crate) fn phrase_at(tokens: &Tokens<'_>, at: usize, wanted: Class) -> Option<usize> {
    let all = classes_at(tokens, at);
    if !all.has(wanted) {
        None
    } else if all.has(Class::HEAD) {
        longest_at(tokens, at, wanted)
    } else {
        Some(1)
    }
}

#[inline(never)]
fn longest_at(tokens: &Tokens<'_>, at: usize, wanted: Class) -> Option<usize> {
    let single = tokens.get(at)?.class.has(wanted).then_some(1);
    tokens
        .phrases
        .at(at)
        .iter()
        .rev()
        .find(|phrase| phrase.class.has(wanted))
        .map(|phrase| phrase.len)
        .or(single)
}

/// Lists of all that begins at `at`, one word or several.
#[inline]
pub(crate) fn classes_at(tokens: &Tokens<'_>, at: usize) -> Class {
    match tokens.phrases.begins.get(at) {
        Some(class) => *class,
        None => tokens.get(at).map_or(Class::NONE, |t| t.class),
    }
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
