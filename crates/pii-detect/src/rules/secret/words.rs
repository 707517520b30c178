//! The words of `data/secrets.txt`: what they are to these rules, by the hash that every token carries.

use super::form::FORMS;
use crate::token::Tokens;
use crate::trigger::{self, Set};
use crate::words::{Table, Word};

static LISTS: &str = include_str!("../../../data/secrets.txt");

/// What a word is to these rules: a set of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Role(u32);

impl Role {
    /// No list.
    pub(crate) const NONE: Self = Self(0);

    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

macro_rules! roles {
    ($($name:ident = $bit:literal)*) => {
        impl Role {
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

roles! {
    PASSWORD = 1
    PASSE = 2
    FIELD = 3
    PIN = 4
    CVV = 5
    OTP = 6
    CODE = 7
    NOUN = 8
    KEY = 9
    SEED = 10
    SESSION = 11
    HEADER = 12
    SCHEME = 13
    COOKIE = 14
    CURL = 15
    PREFIX = 16
    LINK = 17
    COPULA = 18
    POSSESSIVE = 19
    YOURS = 20
    ONETIME = 21
    MESSAGE = 22
    NOTCODE = 23
    QUALIFIER = 24
    PROVIDER = 25
    PHRASE = 26
    SUM = 27
    NOTVALUE = 28
    UNIT = 29
    FILLER = 30
    ACCOUNT = 31
}

/// The roles at which the rules look closer.
const ANCHORS: Role = Role((1 << 17) - 2);

/// Adds the words to the table of all words; those at which the rules look closer are marked there.
pub(crate) fn fill(table: &mut Table) {
    let add = |word: Option<&mut Word>, role: Role| {
        if let Some(word) = word {
            word.role = word.role.or(role);
            if role.has(ANCHORS) {
                word.trigger = word.trigger.or(Set::LOOK);
            }
        }
    };
    trigger::parse(LISTS, Role::of, |entry, role| {
        add(table.word(entry.whole, entry.letters), role);
    });
    for head in FORMS.heads() {
        add(table.entry(head), Role::PREFIX);
    }
    let user = |section: &str| (section == "USER").then_some(Role::ACCOUNT);
    trigger::parse(trigger::LISTS, user, |entry, role| {
        if entry.phrase() {
            add(table.listed(entry.first), role);
        }
    });
}

/// The roles of a token; none behind the end.
pub(crate) fn of(tokens: &Tokens<'_>, at: usize) -> Role {
    tokens.get(at).map_or(Role::NONE, |token| token.listed.role)
}

/// The roles of the token `back` places before `at`.
pub(crate) fn before(tokens: &Tokens<'_>, at: usize, back: usize) -> Role {
    at.checked_sub(back).map_or(Role::NONE, |at| of(tokens, at))
}

#[cfg(test)]
mod tests {
    use super::{ANCHORS, LISTS, Role};
    use crate::words::table;

    #[test]
    fn every_section_is_a_role() {
        for section in LISTS.lines().filter_map(|line| line.strip_prefix('[')) {
            let section = section.trim_end_matches(']');
            assert!(Role::of(section).is_some(), "{section}");
        }
    }

    #[test]
    fn phrases_are_no_entries() {
        let words = LISTS
            .lines()
            .filter(|line| !line.starts_with(['#', '[']))
            .flat_map(|line| line.split(';'));
        for word in words {
            assert!(!word.trim().contains(' '), "{word}");
        }
        let anchors = table().iter().filter(|word| word.role.has(ANCHORS));
        assert!(anchors.count() > 200);
    }
}
