//! The lists of `data/guard/phrases.txt`: words and phrases of a kind, by language.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use redact::Locale;

use crate::intent::Cue;
use crate::text;

/// A kind of phrase; its list has the name in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Who signs without being a person.
    Sign,
    /// Stands before who signs.
    Signs,
    Idiom,
    /// Before a length of time that is one.
    Within,
    Quarter,
    HalfOf,
    Workday,
    /// The article of hours.
    OClock,
    AndTime,
    LessTime,
    Which,
    /// Says back what the customer wrote.
    Say,
    That,
    /// Who speaks for the shop.
    Own,
    Rather,
    Wrong,
    Would,
    /// A promise that is wished for or shunned.
    Unsaid,
    /// What must come first.
    After,
    /// Says nothing of what is offered.
    Empty,
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "sign" => Kind::Sign,
        "signs" => Kind::Signs,
        "idiom" => Kind::Idiom,
        "within" => Kind::Within,
        "quarter" => Kind::Quarter,
        "half_of" => Kind::HalfOf,
        "workday" => Kind::Workday,
        "oclock" => Kind::OClock,
        "and_time" => Kind::AndTime,
        "less_time" => Kind::LessTime,
        "which" => Kind::Which,
        "say" => Kind::Say,
        "that" => Kind::That,
        "self" => Kind::Own,
        "rather" => Kind::Rather,
        "wrong" => Kind::Wrong,
        "would" => Kind::Would,
        "unsaid" => Kind::Unsaid,
        "after" => Kind::After,
        "empty" => Kind::Empty,
        _ => return None,
    })
}

/// Lists by kind and language.
type Lists<T> = HashMap<Kind, HashMap<String, T>>;

#[derive(Default)]
struct Phrases {
    words: Lists<HashSet<String>>,
    /// What compounds end in.
    ends: Lists<Vec<String>>,
    cues: Lists<Vec<Cue>>,
    times: HashMap<String, String>,
}

/// Letters of the first part of a compound.
const FIRST_PART: usize = 3;

static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| read(include_str!("../../data/guard/phrases.txt")));

fn read(data: &str) -> Phrases {
    let mut out = Phrases::default();
    let mut section = "";
    for line in data.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
            continue;
        }
        let Some((of, value)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) else {
            continue;
        };
        if section == "twice" {
            let words = value.split_whitespace();
            out.times
                .extend(words.map(|word| (word.to_owned(), of.to_owned())));
            continue;
        }
        let Some(kind) = kind(section) else { continue };
        if matches!(kind, Kind::Idiom | Kind::Say | Kind::Rather | Kind::Unsaid) {
            let lists = out.cues.entry(kind).or_default();
            lists.insert(of.to_owned(), Cue::list(value));
            continue;
        }
        let (ends, words): (Vec<&str>, Vec<&str>) = value
            .split_whitespace()
            .partition(|word| word.starts_with('*'));
        let ends = ends
            .into_iter()
            .map(|end| text::fold(end.trim_start_matches('*')));
        let lists = out.ends.entry(kind).or_default();
        lists.insert(of.to_owned(), ends.collect());
        let lists = out.words.entry(kind).or_default();
        lists.insert(of.to_owned(), words.into_iter().map(text::fold).collect());
    }
    out
}

fn of<T>(lists: &'static Lists<T>, kind: Kind, of: &str) -> Option<&'static T> {
    lists.get(&kind)?.get(of)
}

/// Whether a folded word is in a list of a language, or in that of all.
pub(super) fn is(kind: Kind, folded: &str, locale: Locale) -> bool {
    let ends =
        |end: &String| folded.len() >= end.len() + FIRST_PART && folded.ends_with(end.as_str());
    of_any(kind, folded)
        || of(&PHRASES.words, kind, locale.code()).is_some_and(|words| words.contains(folded))
        || of(&PHRASES.ends, kind, locale.code()).is_some_and(|all| all.iter().any(ends))
}

/// Whether a folded word is in the list that all languages share.
pub(super) fn of_any(kind: Kind, folded: &str) -> bool {
    of(&PHRASES.words, kind, "any").is_some_and(|words| words.contains(folded))
}

/// The cues of a kind in a language.
pub(super) fn cues(kind: Kind, locale: Locale) -> &'static [Cue] {
    of(&PHRASES.cues, kind, locale.code()).map_or(&[], Vec::as_slice)
}

/// How many times a word such as `twice` or `both` says.
pub(super) fn times(folded: &str) -> Option<&'static str> {
    PHRASES.times.get(folded).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_there() {
        for locale in ["en", "de", "fr", "es", "it", "nl", "pt"] {
            for kind in [Kind::Idiom, Kind::Say, Kind::Rather, Kind::Unsaid] {
                let locale = Locale::from_code(locale).unwrap();
                assert!(!cues(kind, locale).is_empty(), "{kind:?} {locale:?}");
            }
            for kind in [
                Kind::Sign,
                Kind::Signs,
                Kind::That,
                Kind::Own,
                Kind::Wrong,
                Kind::Empty,
            ] {
                assert!(
                    of(&PHRASES.words, kind, locale).is_some(),
                    "{kind:?} {locale}"
                );
            }
        }
        assert_eq!(times("both"), Some("2"));
        for (word, yes) in [("schmuckladen", true), ("team", true), ("quellmann", false)] {
            assert_eq!(is(Kind::Sign, word, Locale::German), yes, "{word}");
        }
        // A surname that ends as a compound would.
        assert!(!is(Kind::Sign, "handel", Locale::German));
    }
}
