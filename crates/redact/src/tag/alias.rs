//! Which words stand for which label, in every accepted language and spelling.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::tag::TagKind;

/// The table as data: `KIND[|KIND..] language word; word; ...`.
pub(crate) const TABLE: &str = include_str!("../../data/aliases.txt");

/// A word of the table after folding, with the kinds it fits.
#[derive(Debug)]
pub(crate) struct Aliases {
    words: BTreeMap<String, Vec<TagKind>>,
}

static ALIASES: LazyLock<Aliases> = LazyLock::new(|| Aliases::read(TABLE));

impl Aliases {
    /// The built-in table.
    pub(crate) fn get() -> &'static Self {
        &ALIASES
    }

    fn read(table: &str) -> Self {
        let mut words: BTreeMap<String, Vec<TagKind>> = BTreeMap::new();
        for (kinds, language, word) in rows(table) {
            let kinds: Vec<TagKind> = kinds.split('|').filter_map(TagKind::new).collect();
            let mut add = |word: &str| {
                let entry = words.entry(folded(word)).or_default();
                for kind in &kinds {
                    if !entry.contains(kind) {
                        entry.push(kind.clone());
                    }
                }
            };
            add(word);
            if matches!(language, "de" | "da" | "sv") {
                add(&transcribed(word));
            }
            for kind in &kinds {
                // The canonical label itself, whatever language surrounds it.
                if kinds.len() == 1 {
                    add(kind.as_str());
                }
            }
        }
        Self { words }
    }

    /// The kinds a folded word fits; empty when it is none of ours.
    pub(crate) fn kinds(&self, folded: &str) -> &[TagKind] {
        self.words.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Whether some word begins with these folded letters.
    pub(crate) fn has_prefix(&self, folded: &str) -> bool {
        self.words
            .range::<str, _>((
                std::ops::Bound::Included(folded),
                std::ops::Bound::Unbounded,
            ))
            .next()
            .is_some_and(|(word, _)| word.starts_with(folded))
    }
}

/// The rows of the table: kinds, language, word.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (kinds, rest) = line.split_once(' ')?;
            let (language, words) = rest.split_once(' ')?;
            Some(words.split(';').map(move |w| (kinds, language, w.trim())))
        })
        .flatten()
}

/// A word without case, accents, spaces, hyphens, dots and apostrophes.
pub(crate) fn folded(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        fold(c, &mut |c| out.push(c));
    }
    out
}

/// Folds one character to the letters and digits that count; punctuation and marks give nothing.
pub(crate) fn fold(c: char, emit: &mut dyn FnMut(char)) {
    if c.is_ascii() {
        if c.is_ascii_alphanumeric() {
            emit(c.to_ascii_lowercase());
        }
        return;
    }
    if let Some(letters) = u32::from(c)
        .checked_sub(0xc0)
        .and_then(|place| LATIN.get(usize::try_from(place).ok()?))
    {
        return letters.chars().for_each(emit);
    }
    fold_wide(c, emit);
}

/// What the letters of Latin-1 fold to, from U+00C0 on: most that are no ASCII.
#[rustfmt::skip]
static LATIN: [&str; 64] = [
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
];

fn fold_wide(c: char, emit: &mut dyn FnMut(char)) {
    decompose_compatible(c, |part| {
        if is_combining_mark(part) {
            return;
        }
        for lower in part.to_lowercase() {
            match lower {
                '\u{df}' => {
                    emit('s');
                    emit('s');
                }
                '\u{e6}' => {
                    emit('a');
                    emit('e');
                }
                '\u{153}' => {
                    emit('o');
                    emit('e');
                }
                '\u{fe}' => {
                    emit('t');
                    emit('h');
                }
                '\u{f8}' => emit('o'),
                '\u{111}' | '\u{f0}' => emit('d'),
                '\u{142}' => emit('l'),
                '\u{127}' => emit('h'),
                '\u{131}' => emit('i'),
                '\u{3c2}' => emit('\u{3c3}'),
                other if other.is_alphanumeric() => emit(other),
                _ => {}
            }
        }
    });
}

/// The spelling without umlauts that German and Scandinavian writers fall back to.
fn transcribed(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            '\u{e4}' => out.push_str("ae"),
            '\u{f6}' | '\u{f8}' => out.push_str("oe"),
            '\u{fc}' => out.push_str("ue"),
            '\u{e5}' => out.push_str("aa"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use pii_detect::Kind;

    const OFFICIAL: [&str; 24] = [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt",
        "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
    ];

    #[test]
    fn no_word_stands_in_two_rows_of_different_kinds() {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (kinds, language, word) in rows(TABLE) {
            let mut spellings = vec![folded(word)];
            if matches!(language, "de" | "da" | "sv") {
                spellings.push(folded(&transcribed(word)));
            }
            for spelling in spellings {
                let before = *seen.entry(spelling).or_insert(kinds);
                assert_eq!(before, kinds, "{language} {word}");
            }
        }
        for kind in Kind::ALL {
            let kinds = Aliases::get().kinds(&folded(kind.label()));
            assert_eq!(kinds, [TagKind::from(kind)], "{kind:?}");
        }
    }

    #[test]
    fn every_kind_has_its_languages() {
        let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (kinds, language, word) in rows(TABLE) {
            assert!(OFFICIAL.contains(&language), "{language}");
            assert!(!folded(word).is_empty(), "{kinds} {language}");
            for kind in kinds.split('|') {
                assert!(TagKind::new(kind).is_some_and(|k| !k.is_own()), "{kind}");
            }
            languages.entry(kinds).or_default().insert(language);
        }
        for kind in Kind::ALL {
            let wanted: &[&str] = match kind {
                Kind::Person
                | Kind::Email
                | Kind::Phone
                | Kind::Address
                | Kind::Location
                | Kind::Date
                | Kind::Order => &OFFICIAL,
                _ => &["de", "en", "es", "fr", "it", "nl", "pl", "pt"],
            };
            let have: Vec<&str> = languages[kind.label()].iter().copied().collect();
            assert_eq!(have, wanted, "{kind:?}");
        }
    }

    #[test]
    fn latin_letters_fold_as_all_others() {
        for c in '\u{c0}'..='\u{ff}' {
            let mut slow = String::new();
            fold_wide(c, &mut |c| slow.push(c));
            assert_eq!(folded(&c.to_string()), slow, "{c:?}");
        }
    }

    #[test]
    fn accents_case_and_spelling_do_not_count() {
        for (word, kind) in [
            ("Stra\u{df}e", "ADDRESS"),
            ("STRASSE", "ADDRESS"),
            ("Schluessel", "SECRET"),
            ("schlussel", "SECRET"),
            ("pre\u{301}nom", "PERSON"),
            ("\u{ff30}\u{ff25}\u{ff32}\u{ff33}\u{ff2f}\u{ff2e}", "PERSON"),
            ("ZAMOWIENIE", "ORDER"),
            ("e-mailadres", "EMAIL"),
        ] {
            let kinds = Aliases::get().kinds(&folded(word));
            assert_eq!(kinds, [TagKind::new(kind).unwrap()], "{word}");
        }
        assert!(Aliases::get().kinds("code").len() > 1);
        assert!(Aliases::get().has_prefix("pers"));
        assert!(!Aliases::get().has_prefix("persx"));
    }
}
