//! Reads the data files of the recogniser.
//!
//! `[intent]` begins an intent. `++`, `+` and `-` lines hold strong, weak and opposing cues, separated by `;`.
//! A cue is words; `|` stands between words of which one must match, `_` joins words that belong together, `*` at the
//! end matches any ending, `~` allows up to [`GAP`] words in between, `#ORDER` is a tag of that kind. `=` lines hold
//! example sentences, separated by ` / `.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::intent::Intent;
use crate::text;

/// Words that may stand between the two sides of a `~`.
pub(super) const GAP: usize = 6;

/// How a cue speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    Strong,
    Weak,
    Against,
}

/// One word of a cue, or several that stand together.
#[derive(Clone)]
enum Pattern {
    Words(Vec<String>),
    Prefix(String),
}

/// The alternatives of one place, and whether words may stand before it.
struct Place {
    any_of: Vec<Pattern>,
    gap: bool,
}

pub(crate) struct Cue {
    pub(super) strength: Strength,
    places: Vec<Place>,
}

pub(super) struct Entry {
    pub(super) intent: Intent,
    pub(super) cues: Vec<Cue>,
    pub(super) examples: Vec<String>,
}

/// Cues by what they begin with, so that of two thousand only those are tried that can stand at a word.
pub(super) struct Index {
    words: HashMap<String, Vec<(usize, usize)>>,
    prefixes: HashMap<String, Vec<(usize, usize)>>,
}

impl Index {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut index = Self {
            words: HashMap::new(),
            prefixes: HashMap::new(),
        };
        for (e, entry) in entries.iter().enumerate() {
            for (c, cue) in entry.cues.iter().enumerate() {
                for (opening, whole) in cue.openings() {
                    let map = if whole {
                        &mut index.words
                    } else {
                        &mut index.prefixes
                    };
                    map.entry(opening.to_owned()).or_default().push((e, c));
                }
            }
        }
        index
    }

    /// The cues that may stand at a word, as numbers of entry and cue.
    pub(super) fn at<'a>(&'a self, word: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        let ends = word.char_indices().map(|(at, c)| at + c.len_utf8());
        let prefixes = ends.filter_map(|end| self.prefixes.get(word.get(..end)?));
        self.words
            .get(word)
            .into_iter()
            .chain(prefixes)
            .flatten()
            .copied()
    }
}

/// Reads a data file; a line that is none of the above is an error of the build, found by a test.
pub(super) fn parse(data: &str) -> Result<Vec<Entry>, usize> {
    let mut entries: Vec<Entry> = Vec::new();
    for (number, line) in (1..).zip(data.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(code) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            entries.push(Entry {
                intent: Intent::from_code(code).ok_or(number)?,
                cues: Vec::new(),
                examples: Vec::new(),
            });
            continue;
        }
        let entry = entries.last_mut().ok_or(number)?;
        let (mark, body) = line.split_once(' ').ok_or(number)?;
        let strength = match mark {
            "++" => Strength::Strong,
            "+" => Strength::Weak,
            "-" => Strength::Against,
            "=" => {
                entry.examples.extend(body.split(" / ").map(str::to_owned));
                continue;
            }
            _ => return Err(number),
        };
        entry
            .cues
            .extend(body.split(';').filter_map(|cue| Cue::parse(strength, cue)));
    }
    Ok(entries)
}

impl Cue {
    /// Reads cues separated by `;`.
    pub(crate) fn list(cues: &str) -> Vec<Self> {
        cues.split(';')
            .filter_map(|cue| Self::parse(Strength::Strong, cue))
            .collect()
    }

    fn parse(strength: Strength, cue: &str) -> Option<Self> {
        let mut places = Vec::new();
        let mut gap = false;
        for word in cue.split_whitespace() {
            if word == "~" {
                gap = !places.is_empty();
                continue;
            }
            places.push(Place {
                any_of: word.split('|').filter_map(pattern).collect(),
                gap,
            });
            gap = false;
        }
        (!places.is_empty()).then_some(Self { strength, places })
    }

    /// Whether the words hold the cue somewhere.
    pub(crate) fn matches(&self, words: &[String]) -> bool {
        self.find(words).is_some()
    }

    /// Where the words first hold the cue.
    pub(crate) fn find(&self, words: &[String]) -> Option<Range<usize>> {
        (0..words.len()).find_map(|at| Some(at..self.end_from(words, at, 0)?))
    }

    /// Whether the cue stands at a word.
    pub(super) fn stands_at(&self, words: &[String], at: usize) -> bool {
        self.end_from(words, at, 0).is_some()
    }

    /// What it begins with: whole words, and beginnings of words.
    fn openings(&self) -> impl Iterator<Item = (&str, bool)> {
        let first = self.places.iter().take(1).flat_map(|place| &place.any_of);
        first.filter_map(|pattern| match pattern {
            Pattern::Words(words) => Some((words.first()?.as_str(), true)),
            Pattern::Prefix(prefix) => Some((prefix.as_str(), false)),
        })
    }

    /// Where the cue ends when its place `place` stands at `at` or, behind a gap, near it.
    fn end_from(&self, words: &[String], at: usize, place: usize) -> Option<usize> {
        let Some(wanted) = self.places.get(place) else {
            return Some(at);
        };
        let reach = if wanted.gap { GAP } else { 0 };
        (at..=at + reach).find_map(|from| {
            let rest = words.get(from..)?;
            wanted.any_of.iter().find_map(|pattern| {
                let n = pattern.matches(rest)?;
                self.end_from(words, from + n, place + 1)
            })
        })
    }

    /// Adds the words of the cue to a vocabulary.
    pub(super) fn vocabulary(&self, into: &mut BTreeSet<String>) {
        for pattern in self.places.iter().flat_map(|place| &place.any_of) {
            if let Pattern::Words(words) = pattern {
                into.extend(words.iter().cloned());
            }
        }
    }
}

impl Pattern {
    /// How many words it takes when `rest` begins with it.
    fn matches(&self, rest: &[String]) -> Option<usize> {
        match self {
            Self::Prefix(prefix) => rest
                .first()
                .is_some_and(|word| word.starts_with(prefix.as_str()))
                .then_some(1),
            Self::Words(words) => rest.starts_with(words).then_some(words.len()),
        }
    }
}

fn pattern(raw: &str) -> Option<Pattern> {
    if raw.starts_with('#') || raw == "?" {
        return Some(Pattern::Words(vec![raw.to_owned()]));
    }
    if let Some(prefix) = raw.strip_suffix('*') {
        return Some(Pattern::Prefix(text::fold(prefix)));
    }
    let words: Vec<String> = text::words(&raw.replace('_', " "))
        .into_iter()
        .map(|word| word.folded)
        .collect();
    (!words.is_empty()).then_some(Pattern::Words(words))
}
