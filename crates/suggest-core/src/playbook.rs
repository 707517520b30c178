//! The playbook: sentences for common inquiries in seven languages, with slots for tags.
//!
//! The embedded sentences greet, acknowledge, ask and close. They hold no number, date, price or promise: what a shop
//! does stands in its knowledge base and its facts, and a draft quotes and cites them.

mod style;

use std::collections::HashMap;
use std::fmt;

use redact::{Kind, Locale, Tag};

pub use style::Style;
pub(crate) use style::Voice;

use crate::intent::Intent;

/// Sentences by language, section and key.
#[derive(Clone)]
pub struct Playbook {
    languages: Vec<(Locale, Lines)>,
}

/// Sentences by section and key.
type Lines = HashMap<(String, String), String>;

impl fmt::Debug for Playbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Playbook({} languages)", self.languages.len())
    }
}

/// What a sentence may be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    Order,
    Person,
}

impl Playbook {
    /// The playbook that is part of the crate: en fr de es it nl pt.
    #[must_use]
    pub fn embedded() -> Self {
        let files = [
            (Locale::English, include_str!("../data/playbook/en.txt")),
            (Locale::French, include_str!("../data/playbook/fr.txt")),
            (Locale::German, include_str!("../data/playbook/de.txt")),
            (Locale::Spanish, include_str!("../data/playbook/es.txt")),
            (Locale::Italian, include_str!("../data/playbook/it.txt")),
            (Locale::Dutch, include_str!("../data/playbook/nl.txt")),
            (Locale::Portuguese, include_str!("../data/playbook/pt.txt")),
        ];
        Self {
            languages: files
                .into_iter()
                .map(|(locale, data)| (locale, parse(data)))
                .collect(),
        }
    }

    /// The languages it speaks.
    pub fn locales(&self) -> impl Iterator<Item = Locale> {
        self.languages.iter().map(|(locale, _)| *locale)
    }

    pub(crate) fn line(&self, locale: Locale, section: &str, key: &str) -> Option<&str> {
        let (_, lines) = self.languages.iter().find(|(of, _)| *of == locale)?;
        lines
            .get(&(section.to_owned(), key.to_owned()))
            .map(String::as_str)
    }

    /// All sentences of a language: nobody's words, so a draft may hold them.
    pub(crate) fn sentences(&self, locale: Locale) -> impl Iterator<Item = &str> {
        self.languages
            .iter()
            .filter(move |(of, _)| *of == locale)
            .flat_map(|(_, lines)| lines.values().map(String::as_str))
    }
}

impl Voice<'_> {
    /// The greeting, by name when the name is known.
    pub(crate) fn hello(&self, customer: Option<&Tag>) -> Option<String> {
        match customer {
            Some(tag) => Some(filled(self.frame("hello PERSON")?, Slot::Person, tag)),
            None => self.frame("hello").map(str::to_owned),
        }
    }

    /// The first sentence for an intent: with the order where there is one, without otherwise.
    pub(crate) fn ack(&self, intent: Option<Intent>, order: Option<&Tag>) -> Option<String> {
        let section = intent.map_or("other", Intent::code);
        let with_order = order.and_then(|tag| {
            let line = self.line(section, "ack ORDER")?;
            Some(filled(line, Slot::Order, tag))
        });
        with_order.or_else(|| {
            self.line(section, "ack")
                .or_else(|| self.line("other", "ack"))
                .map(str::to_owned)
        })
    }

    /// What to ask beside missing slots when no passage says it.
    pub(crate) fn more(&self, intent: Intent) -> Option<&str> {
        self.line(intent.code(), "more")
    }
}

/// The kind of tag without which an inquiry cannot be worked on.
pub(crate) const fn needs(intent: Intent) -> Option<Kind> {
    match intent {
        Intent::OrderStatus
        | Intent::DeliveryLate
        | Intent::NotReceived
        | Intent::Tracking
        | Intent::Refund
        | Intent::Exchange
        | Intent::CancelOrder
        | Intent::ChangeAddress
        | Intent::Invoice
        | Intent::DamagedItem
        | Intent::WrongItem
        | Intent::MissingItem
        | Intent::Warranty => Some(Kind::Order),
        _ => None,
    }
}

/// Puts a tag into a slot. Only canonical tags go in, so nothing of the customer's text can.
pub(crate) fn filled(line: &str, slot: Slot, tag: &Tag) -> String {
    let slot = match slot {
        Slot::Order => "{ORDER}",
        Slot::Person => "{PERSON}",
    };
    line.replace(slot, &tag.to_string())
}

fn parse(data: &str) -> Lines {
    let mut lines = HashMap::new();
    let mut section = String::new();
    for line in data.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_owned();
        } else if !line.starts_with('#')
            && let Some((key, text)) = line.split_once(" = ")
        {
            lines.insert((section.clone(), key.to_owned()), text.to_owned());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_the_same() {
        let playbook = Playbook::embedded();
        let keys = |lines: &Lines| {
            let mut keys: Vec<_> = lines.keys().cloned().collect();
            keys.sort();
            keys
        };
        let first = keys(&playbook.languages[0].1);
        assert!(first.len() > 50);
        for (locale, lines) in &playbook.languages {
            assert_eq!(keys(lines), first, "{locale:?}");
            for ((section, key), line) in lines {
                assert!(
                    !line.contains(|c: char| c.is_ascii_digit()),
                    "{locale:?} {section} {key} holds a number"
                );
                for (slot, name) in [("{ORDER}", "ack ORDER"), ("{PERSON}", "hello PERSON")] {
                    assert_eq!(
                        line.contains(slot),
                        key.trim_end_matches(" warm") == name,
                        "{locale:?} {section} {key}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_answered_intent_has_a_sentence() {
        let playbook = Playbook::embedded();
        for locale in playbook.locales() {
            for intent in Intent::ALL.iter().filter(|intent| !intent.is_for_human()) {
                assert!(
                    playbook.line(locale, intent.code(), "ack").is_some(),
                    "{locale:?} {intent}"
                );
            }
        }
    }
}
