//! Words and phrases of customer support that say the same, by language: `data/thesaurus`.
//!
//! A line is `name = word, phrase of words` for what says the same, `name ~ ..` for what only belongs together and counts
//! half. A word may stand in several lines.

use std::collections::HashMap;
use std::sync::LazyLock;

use redact::Locale;

use super::bm25::Term;
use super::read::term;
use crate::text;

/// What belongs together says less than what says the same.
const RELATED: f32 = 0.5;

/// The concepts of a phrase: a number and what it counts in a query.
type Concepts = Vec<(u32, f32)>;

struct Thesaurus {
    /// Phrases by the hash of their stems.
    phrases: HashMap<u32, Concepts>,
    /// How many stems the longest phrase has that begins with a stem.
    begins: HashMap<u32, usize>,
}

static LANGUAGES: LazyLock<Vec<(Locale, Thesaurus)>> = LazyLock::new(|| {
    [(Locale::English, include_str!("../../data/thesaurus/en.txt"))]
        .into_iter()
        .map(|(locale, source)| (locale, Thesaurus::read(source, locale)))
        .collect()
});

impl Thesaurus {
    fn read(source: &str, locale: Locale) -> Self {
        let stemmer = text::stemmer(Some(locale));
        let mut phrases: HashMap<u32, Concepts> = HashMap::new();
        let mut begins: HashMap<u32, usize> = HashMap::new();
        let lines = source.lines().filter(|line| !line.starts_with('#'));
        for (number, line) in (0u32..).zip(lines) {
            let (members, weight) = match (line.split_once(" = "), line.split_once(" ~ ")) {
                (Some((_, members)), _) => (members, 1.0),
                (None, Some((_, members))) => (members, RELATED),
                (None, None) => continue,
            };
            for member in members.split(',') {
                let stems: Vec<u32> = text::stems(member, stemmer.as_ref())
                    .iter()
                    .map(|stem| term(stem))
                    .collect();
                let Some(first) = stems.first() else { continue };
                let longest = begins.entry(*first).or_default();
                *longest = stems.len().max(*longest);
                let concepts = phrases.entry(phrase(stems.iter().copied())).or_default();
                if !concepts.contains(&(number, weight)) {
                    concepts.push((number, weight));
                }
            }
        }
        Self { phrases, begins }
    }
}

/// The concepts of a text's stems, each as often as it stands there.
pub(super) fn concepts(stems: &[(u32, u8)], locale: Option<Locale>) -> Vec<Term> {
    let mut out = Vec::new();
    let Some((_, thesaurus)) = LANGUAGES.iter().find(|(of, _)| Some(*of) == locale) else {
        return out;
    };
    for (from, (first, times)) in stems.iter().enumerate() {
        let Some(longest) = thesaurus.begins.get(first) else {
            continue;
        };
        for to in from + 1..=stems.len().min(from + longest) {
            let part = stems.get(from..to).unwrap_or_default();
            let key = phrase(part.iter().map(|(stem, _)| *stem));
            if let Some(concepts) = thesaurus.phrases.get(&key) {
                out.extend(
                    concepts
                        .iter()
                        .map(|(number, weight)| (*number, *times, *weight)),
                );
            }
        }
    }
    out
}

/// The hash of stems in order.
fn phrase(stems: impl Iterator<Item = u32>) -> u32 {
    stems.fold(0x811c_9dc5, |state, stem| {
        (state.rotate_left(5) ^ stem).wrapping_mul(0x0100_0193)
    })
}
