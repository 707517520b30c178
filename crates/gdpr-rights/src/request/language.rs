//! The languages of letters, and the sentences they are made of.

const TEXTS: [(Language, &str); 7] = [
    (Language::English, include_str!("../../data/letters/en.txt")),
    (Language::French, include_str!("../../data/letters/fr.txt")),
    (Language::German, include_str!("../../data/letters/de.txt")),
    (Language::Spanish, include_str!("../../data/letters/es.txt")),
    (Language::Italian, include_str!("../../data/letters/it.txt")),
    (Language::Dutch, include_str!("../../data/letters/nl.txt")),
    (
        Language::Portuguese,
        include_str!("../../data/letters/pt.txt"),
    ),
];

/// A language of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Language {
    /// en
    English,
    /// fr
    French,
    /// de
    German,
    /// es
    Spanish,
    /// it
    Italian,
    /// nl
    Dutch,
    /// pt
    Portuguese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 7] = [
        Self::English,
        Self::French,
        Self::German,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Portuguese,
    ];

    /// The ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Portuguese => "pt",
        }
    }

    /// The text under a key. All files have the same keys, which a test compares.
    pub(super) fn text(self, key: &str) -> &'static str {
        TEXTS
            .iter()
            .filter(|(language, _)| *language == self)
            .flat_map(|(_, texts)| texts.split("\n== "))
            .find_map(|section| section.split_once('\n').filter(|(name, _)| *name == key))
            .map_or("", |(_, text)| text.trim_end())
    }
}

/// Fills `{name}` once: what a value brings along in braces stays as it is.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((*value, tail))
        });
        match found {
            Some((value, tail)) => {
                out.push_str(value);
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Language, TEXTS, fill};

    fn keys(text: &str) -> Vec<&str> {
        text.lines()
            .filter_map(|line| line.strip_prefix("== "))
            .collect()
    }

    fn places(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn all_languages_have_the_same_keys_and_places() {
        let english = keys(TEXTS[0].1);
        assert!(english.len() > 30);
        for language in Language::ALL {
            let (_, text) = TEXTS.iter().find(|(l, _)| *l == language).expect("a file");
            assert_eq!(keys(text), english, "{language:?}");
            for key in &english {
                let words = language.text(key);
                assert!(!words.is_empty(), "{language:?} {key}");
                assert_eq!(
                    places(words),
                    places(Language::English.text(key)),
                    "{language:?} {key}"
                );
            }
        }
        assert_eq!(Language::English.text("no such key"), "");
    }

    #[test]
    fn a_value_is_not_filled_again() {
        let values = [("a", "{b}"), ("b", "x")];
        assert_eq!(fill("{a} {b} {c} {", &values), "{b} x {c} {");
        assert_eq!(fill("", &values), "");
        assert_eq!(fill("{{a}}", &values), "{{b}}");
    }
}
