//! Texts as sparse vectors: words and pairs of them, and character n-grams, each group of unit length.

use std::collections::{BTreeMap, HashMap};

use crate::text;

/// Feature numbers, in order, with their weights.
pub(super) type Sparse = Vec<(u32, f32)>;

/// Shortest and longest n-gram of characters.
const GRAMS: std::ops::RangeInclusive<usize> = 2..=5;

/// Beginning and end of a text, as words.
const START: &str = "^";
const END: &str = "$";

/// Characters of a text that are read; a longer one is a quoted thread or a log.
const ENOUGH: usize = 6_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Words,
    Grams,
}

#[derive(Clone)]
struct Feature {
    group: Group,
    /// Rarer ones weigh more.
    idf: f32,
}

/// The features of the examples.
#[derive(Clone)]
pub(super) struct Vocabulary {
    numbers: HashMap<u32, u32>,
    features: Vec<Feature>,
}

impl Vocabulary {
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut held: BTreeMap<u32, (Group, u32)> = BTreeMap::new();
        let mut count = 0u32;
        let mut here = Vec::new();
        for text in texts {
            count += 1;
            here.clear();
            each(text, |group, key| here.push((key, group)));
            here.sort_unstable_by_key(|(key, _)| *key);
            here.dedup_by_key(|(key, _)| *key);
            for (key, group) in &here {
                held.entry(*key).or_insert((*group, 0)).1 += 1;
            }
        }
        let all = 1.0 + count as f32;
        let mut vocabulary = Self {
            numbers: HashMap::with_capacity(held.len()),
            features: Vec::with_capacity(held.len()),
        };
        for (number, (key, (group, texts))) in (0u32..).zip(held) {
            vocabulary.numbers.insert(key, number);
            vocabulary.features.push(Feature {
                group,
                idf: (all / (1.0 + texts as f32)).ln() + 1.0,
            });
        }
        vocabulary
    }

    pub(super) fn len(&self) -> usize {
        self.features.len()
    }

    /// Each feature's key, whether it is of words, and its weight, by key.
    pub(super) fn parts(&self) -> Vec<(u32, bool, f32)> {
        let mut keys: Vec<(u32, u32)> = self.numbers.iter().map(|(k, n)| (*n, *k)).collect();
        keys.sort_unstable();
        keys.iter()
            .zip(&self.features)
            .map(|((_, key), f)| (*key, f.group == Group::Words, f.idf))
            .collect()
    }

    /// The reverse of [`Self::parts`].
    pub(super) fn of(parts: Vec<(u32, bool, f32)>) -> Self {
        let mut vocabulary = Self {
            numbers: HashMap::with_capacity(parts.len()),
            features: Vec::with_capacity(parts.len()),
        };
        for (number, (key, words, idf)) in (0u32..).zip(parts) {
            let group = if words { Group::Words } else { Group::Grams };
            vocabulary.numbers.insert(key, number);
            vocabulary.features.push(Feature { group, idf });
        }
        vocabulary
    }

    /// A text by its known features.
    pub(super) fn read(&self, text: &str) -> Sparse {
        let mut numbers = Vec::new();
        each(text, |_, key| numbers.extend(self.numbers.get(&key)));
        numbers.sort_unstable();
        let mut out: Sparse = Vec::with_capacity(numbers.len());
        for number in numbers {
            match out.last_mut() {
                Some((last, n)) if *last == number => *n += 1.0,
                _ => out.push((number, 1.0)),
            }
        }
        let (mut words, mut grams) = (0.0, 0.0);
        for (number, value) in &mut out {
            let Some(feature) = self.features.get(*number as usize) else {
                continue;
            };
            *value = (1.0 + value.ln()) * feature.idf;
            match feature.group {
                Group::Words => words += *value * *value,
                Group::Grams => grams += *value * *value,
            }
        }
        for (number, value) in &mut out {
            let sum = match self.features.get(*number as usize).map(|f| f.group) {
                Some(Group::Words) => words,
                _ => grams,
            };
            *value /= sum.sqrt();
        }
        out
    }
}

/// A number for a text that is the same in every run.
pub(super) fn bucket(text: &str) -> u32 {
    // The upper bits, since the features use the lower ones.
    text::hash(text.chars(), 0) >> 8
}

/// What is read of a text.
pub(super) fn head(whole: &str) -> &str {
    whole
        .char_indices()
        .nth(ENOUGH)
        .map_or(whole, |(at, _)| whole.get(..at).unwrap_or(whole))
}

fn each(whole: &str, mut each: impl FnMut(Group, u32)) {
    let words = text::words(head(whole));
    let mut padded: Vec<char> = Vec::new();
    let mut before = START;
    for word in &words {
        each(Group::Words, text::hash(word.folded.chars(), 64));
        each(Group::Words, pair(before, &word.folded));
        before = &word.folded;
        // Of a tag its kind is the word, and its letters are nobody's.
        if word.folded.starts_with('#') {
            continue;
        }
        padded.clear();
        padded.push(' ');
        padded.extend(word.folded.chars());
        padded.push(' ');
        for n in GRAMS {
            if n >= padded.len() {
                each(Group::Grams, text::hash(padded.iter().copied(), n));
                break;
            }
            for gram in padded.windows(n) {
                each(Group::Grams, text::hash(gram.iter().copied(), n));
            }
        }
    }
    if !words.is_empty() {
        each(Group::Words, pair(before, END));
    }
}

fn pair(one: &str, two: &str) -> u32 {
    text::hash(one.chars().chain([' ']).chain(two.chars()), 65)
}
