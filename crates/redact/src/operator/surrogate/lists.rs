//! The words that stand-ins are made of.

use std::sync::LazyLock;

use pii_detect::Locale;

static DATA: &str = include_str!("../../../data/standins.txt");
static FICTION: &str = include_str!("../../../data/fiction.txt");

/// Names between which nobody tells people apart: they stay.
const PARTICLES: [&str; 19] = [
    "de", "du", "des", "van", "von", "der", "den", "zu", "zum", "da", "das", "do", "dos", "di",
    "del", "la", "le", "y", "e",
];

struct List {
    name: &'static str,
    language: &'static str,
    words: Vec<String>,
}

static LISTS: LazyLock<Vec<List>> = LazyLock::new(|| {
    DATA.lines()
        .filter_map(|line| {
            let (head, words) = line.strip_prefix('[')?.split_once("] ")?;
            let (name, language) = head.split_once(' ')?;
            let words = words.split(' ').map(|w| w.replace('_', " ")).collect();
            Some(List {
                name,
                language,
                words,
            })
        })
        .collect()
});

/// A list in a language; English where there is none.
pub(super) fn list(name: &str, locale: Option<Locale>) -> &'static [String] {
    let of = |language: &str| {
        LISTS
            .iter()
            .find(|list| list.name == name && list.language == language)
    };
    let wanted = locale.map_or("en", Locale::code);
    of(wanted)
        .or_else(|| of("en"))
        .map_or(&[], |list| &list.words)
}

pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// A range of numbers that a regulator keeps for fiction.
pub(super) struct Range {
    /// Country code.
    pub(super) country: &'static str,
    /// Digits behind it; `#` is any.
    pub(super) national: &'static str,
    pub(super) mobile: bool,
}

static RANGES: LazyLock<Vec<Range>> = LazyLock::new(|| {
    FICTION
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some(Range {
                country: words.next()?,
                national: words.next()?,
                mobile: words.next() == Some("mobile"),
            })
        })
        .collect()
});

pub(super) fn ranges() -> &'static [Range] {
    &RANGES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_list() {
        let languages = ["en", "fr", "de", "es", "it", "nl", "pt"];
        for language in languages {
            for (name, least) in [
                ("given", 40),
                ("family", 40),
                ("street", 4),
                ("town", 8),
                ("org", 1),
            ] {
                let list = LISTS
                    .iter()
                    .find(|l| l.name == name && l.language == language);
                let words = &list.unwrap().words;
                assert!(words.len() >= least, "{name} {language}: {}", words.len());
                let mut unique: Vec<_> = words.iter().map(|w| w.to_lowercase()).collect();
                unique.sort();
                unique.dedup();
                assert_eq!(unique.len(), words.len(), "{name} {language}");
            }
        }
        for country in ["44", "33", "49", "1"] {
            assert!(ranges().iter().any(|r| r.country == country));
        }
    }
}
