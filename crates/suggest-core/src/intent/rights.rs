//! Which rights of the GDPR a text asks for: concepts of a language, and rules over them that all languages share.
//!
//! "Delete", "wipe" and "scratch" are one concept, "what you keep on me" and "my file" are others; a lexicon for each
//! language says which words bear them (`data/rights/de.txt`), a list of rules which of them ask for what when they
//! stand close together (`data/rights/rules.txt`). So what is learned of one language holds for all.

mod lexicon;
mod rules;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use redact::{Locale, Redacted};

use crate::intent::RightAsked;
use crate::text;
use lexicon::{Concepts, Lexicon};
use rules::Rule;

/// Characters of a message that are read; what follows is a log or a thread without quotation marks.
const ENOUGH: usize = 12_000;

/// Sentences in which what happened and what is wanted may stand.
const NEAR: usize = 3;

/// Rules and lexicons. The data are part of the build; a test reads them, so what fails to parse never ships.
struct Data {
    rules: Vec<Rule>,
    lexicons: Vec<(Locale, Lexicon)>,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    let (concepts, rules) =
        rules::parse(include_str!("../../data/rights/rules.txt")).unwrap_or_default();
    let lexicons = [
        (Locale::English, include_str!("../../data/rights/en.txt")),
        (Locale::French, include_str!("../../data/rights/fr.txt")),
        (Locale::German, include_str!("../../data/rights/de.txt")),
        (Locale::Spanish, include_str!("../../data/rights/es.txt")),
        (Locale::Italian, include_str!("../../data/rights/it.txt")),
        (Locale::Dutch, include_str!("../../data/rights/nl.txt")),
        (Locale::Portuguese, include_str!("../../data/rights/pt.txt")),
    ]
    .into_iter()
    .filter_map(|(locale, data)| Some((locale, Lexicon::parse(data, &concepts).ok()?)))
    .collect();
    Data { rules, lexicons }
});

/// Which rights of the GDPR a message asks for, sorted by article; empty for an ordinary message.
///
/// Seven languages are read: English, French, German, Spanish, Italian, Dutch, Portuguese. Without a locale the
/// language is detected, and all seven are tried where nothing speaks for one of them. Only the customer's own words
/// count: what stands below a quotation header or after `>` is left out. The answer is a hint that brings a message to a
/// human; it is no decision about a request.
///
/// ```
/// use redact::{Detector, Known, MapId, PseudonymMap, seal_checked};
/// use suggest_core::{RightAsked, rights_asked};
///
/// let detector = Detector::new();
/// let mut map = PseudonymMap::new(MapId([7; 16]));
/// let mail = "Send me a copy of everything you hold about me, then delete my data. Marie Dupont";
/// let text = seal_checked(mail, &Known::new(), &detector, &mut map)?;
/// let asked = rights_asked(&text, None);
/// assert_eq!(asked, [RightAsked::Access, RightAsked::Erasure]);
/// assert_eq!(asked[0].article_code(), "ART15");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn rights_asked(text: &Redacted, locale: Option<Locale>) -> Vec<RightAsked> {
    read(text::own_words(text.as_str()), locale)
}

/// [`rights_asked`] of words that are the customer's own.
pub(crate) fn read(words: &str, locale: Option<Locale>) -> Vec<RightAsked> {
    let words = text::head(words, ENOUGH);
    let first = locale.or_else(|| redact::detect_locale(&text::without_tags(words)));
    let mut asked: Vec<RightAsked> = DATA
        .lexicons
        .iter()
        .filter(|(of, _)| Some(*of) == first)
        .flat_map(|(_, lexicon)| asked_in(words, lexicon))
        .collect();
    let unread = |of: Option<Locale>| !DATA.lexicons.iter().any(|(known, _)| Some(*known) == of);
    if locale.is_none() && unread(first) {
        asked = DATA
            .lexicons
            .iter()
            .filter(|(of, _)| Some(*of) != first)
            .flat_map(|(_, lexicon)| asked_in(words, lexicon))
            .collect();
    }
    asked.sort_by_key(|right| right.article_code());
    asked.dedup();
    asked
}

/// What a text asks for in one language.
fn asked_in(words: &str, lexicon: &Lexicon) -> BTreeSet<RightAsked> {
    let sentences: Vec<Vec<Concepts>> = text::sentences(words)
        .into_iter()
        .filter_map(|range| words.get(range))
        .map(|sentence| lexicon.concepts(sentence))
        .map(|words| {
            if lexicon.tells(&words) {
                Vec::new()
            } else {
                words
            }
        })
        .collect();
    let spoken_of = sentences
        .iter()
        .flatten()
        .fold(Concepts::default(), |all, word| all | word);
    let rules: Vec<&Rule> = DATA
        .rules
        .iter()
        .filter(|rule| rule.can_hold(spoken_of))
        .collect();
    let ports = |sentence: &[Concepts]| {
        rules
            .iter()
            .any(|rule| rule.right() == RightAsked::Portability && rule.holds(sentence))
    };
    let mut asked = BTreeSet::new();
    for rule in &rules {
        if asked.contains(&rule.right()) {
            continue;
        }
        let alone = sentences
            .iter()
            .any(|sentence| rule.holds(sentence) && !(rule.yields() && ports(sentence)));
        // What happened and what is wanted often stand in sentences of their own.
        let over = |n: usize| sentences.windows(n).any(|near| rule.holds(&near.concat()));
        let holds = alone || rule.over_two() && (2..=NEAR).any(over);
        if holds {
            asked.insert(rule.right());
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_files_parse_and_every_language_bears_every_concept() {
        let dir = format!("{}/data/rights", env!("CARGO_MANIFEST_DIR"));
        let read = |name: &str| std::fs::read_to_string(format!("{dir}/{name}.txt")).unwrap();
        let (concepts, rules) = rules::parse(&read("rules")).unwrap();
        assert!(concepts.len() <= 128);
        assert!(rules.len() > 30);
        for name in ["de", "en", "es", "fr", "it", "nl", "pt"] {
            let lexicon = Lexicon::parse(&read(name), &concepts);
            assert_eq!(lexicon.as_ref().err(), None, "{name}");
            assert_eq!(
                lexicon.unwrap().missing(&concepts),
                Vec::<&str>::new(),
                "{name}"
            );
        }
        assert_eq!(DATA.lexicons.len(), 7);
    }
}
