//! The words of `data/secrets.txt`: what they are to these rules, by the hash that every token carries.

use std::sync::LazyLock;

use super::form::FORMS;
use crate::token::Tokens;
use crate::trigger::WordTable;

static LISTS: &str = include_str!("../../../data/secrets.txt");

/// What a word is to these rules: a set of lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Role(u32);

impl Role {
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

// Bit 0 is the table's own.
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
}

/// The roles at which the rules look closer.
const ANCHORS: u32 = (1 << 17) - 2;

static TABLE: LazyLock<WordTable> = LazyLock::new(|| {
    let mut table = WordTable::parse(LISTS, |name| Role::of(name).map_or(0, |role| role.0));
    for head in FORMS.heads() {
        table.add(head, Role::PREFIX.0);
    }
    table
});

/// The hashes of the words at which the rules look closer.
pub(crate) fn anchors() -> impl Iterator<Item = u64> {
    TABLE
        .entries()
        .filter_map(|(hash, bits)| (bits & ANCHORS != 0).then_some(hash))
}

/// The roles of a token; none behind the end.
pub(crate) fn of(tokens: &Tokens<'_>, at: usize) -> Role {
    tokens
        .get(at)
        .map_or(Role::default(), |token| Role(TABLE.get(token.hash)))
}

/// The roles of the token `back` places before `at`.
pub(crate) fn before(tokens: &Tokens<'_>, at: usize, back: usize) -> Role {
    at.checked_sub(back)
        .map_or(Role::default(), |at| of(tokens, at))
}

#[cfg(test)]
mod tests {
    use super::{LISTS, Role, anchors};

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
        assert!(anchors().count() > 200);
    }
}
