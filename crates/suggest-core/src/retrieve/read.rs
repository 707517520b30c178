//! What the index sees of a text: its n-grams, its stems, its concepts.

use std::collections::HashMap;

use redact::Locale;
use rust_stemmers::Stemmer;

use super::bm25::Term;
use super::lists::KEYS;
use super::spellings::spelling;
use super::thesaurus;
use super::typos::Fixes;
use crate::intent;
use crate::text;

/// A line with more words is no title.
const TITLE_WORDS: usize = 12;

/// How often a term of the title counts beside itself.
const TITLE: u8 = 3;

/// What a gram counts in a query whose word stands in questions of every kind.
const COMMON: f32 = 0.25;

/// What two words in order count beside each of them.
const PAIR: f32 = 0.2;

/// What a word counts that stands in the place of another, and the n-grams of each of the two.
const FIXED: f32 = 0.7;
const FIXED_GRAMS: f32 = 0.5;

/// Buckets are a power of two; at a million, ten thousand texts collide in under one gram of a hundred.
const MASK: u32 = (1 << 20) - 1;

/// The terms of a text, each once, in the order of their hashes.
pub(super) struct Reading {
    pub(super) grams: Vec<Term>,
    pub(super) words: Vec<Term>,
    pub(super) concepts: Vec<Term>,
    /// The words as they are spelled, each as often as it stands there.
    pub(super) spelled: Vec<String>,
}

/// Reads texts of one language. It remembers words, most of which come again and again, until it is dropped.
pub(super) struct Reader {
    locale: Option<Locale>,
    stemmer: Option<Stemmer>,
    known: HashMap<String, Known>,
}

/// What is known of a word as it stands in a text.
struct Known {
    grams: Vec<u32>,
    stem: u32,
    common: bool,
}

static NOTHING: Known = Known {
    grams: Vec::new(),
    stem: 0,
    common: false,
};

/// What is read of a text so far.
#[derive(Default)]
struct Parts {
    grams: Vec<Term>,
    words: Vec<Term>,
    stems: Vec<(u32, u8)>,
    spelled: Vec<String>,
}

impl Parts {
    fn grams(&mut self, known: &Known, share: f32) {
        let weight = if known.common { share * COMMON } else { share };
        let grams = known.grams.iter().map(|gram| (*gram, 1, weight));
        self.grams.extend(grams);
    }

    fn word(&mut self, known: &Known, times: u8, share: f32) {
        if !known.common {
            self.words.push((known.stem, times, share));
        }
        if let Some((before, _)) = self.stems.last() {
            self.words
                .push((pair(*before, known.stem), times, PAIR * share));
        }
        self.stems.push((known.stem, times));
    }
}

impl Reader {
    pub(super) fn new(locale: Option<Locale>) -> Self {
        Self {
            locale,
            stemmer: text::stemmer(locale),
            known: HashMap::new(),
        }
    }

    /// Reads a text to be searched.
    pub(super) fn text(&mut self, source: &str) -> Reading {
        self.read(source, title(source), &Fixes::new(), true)
    }

    /// Reads a query, which has no title, with what stands in the place of words.
    pub(super) fn query(&mut self, source: &str, fixes: &Fixes) -> Reading {
        self.read(source, 0, fixes, false)
    }

    fn read(&mut self, source: &str, title: usize, fixes: &Fixes, spelled: bool) -> Reading {
        let mut parts = Parts::default();
        for word in text::words(source) {
            if word.folded.starts_with('#') {
                continue;
            }
            let raw = source.get(word.at.clone()).unwrap_or_default();
            if let Some(fix) = fixes.get(&word.at.start) {
                // The n-grams of the word as it is written may know better.
                let written = self.known(raw, &word.folded);
                parts.grams(written, FIXED_GRAMS);
                for word in fix {
                    let known = self.known(word, &text::fold(word));
                    parts.grams(known, FIXED_GRAMS);
                    parts.word(known, 1, FIXED);
                }
                continue;
            }
            let times = if word.at.end <= title { 1 + TITLE } else { 1 };
            let known = self.known(raw, &word.folded);
            parts.grams(known, 1.0);
            parts.word(known, times, 1.0);
            if spelled {
                parts.spelled.extend(spelling(raw));
            }
        }
        Reading {
            grams: counted(parts.grams),
            words: once(counted(parts.words)),
            concepts: once(counted(thesaurus::concepts(&parts.stems, self.locale))),
            spelled: parts.spelled,
        }
    }

    fn known(&mut self, raw: &str, folded: &str) -> &Known {
        if !self.known.contains_key(raw) {
            let known = self.look(raw, folded);
            self.known.insert(raw.to_owned(), known);
        }
        self.known.get(raw).unwrap_or(&NOTHING)
    }

    /// The number of a word's stem.
    pub(super) fn stem(&self, raw: &str, folded: &str) -> u32 {
        term(&text::stem(raw, folded, self.stemmer.as_ref()))
    }

    /// Whether a word stands in questions of every kind.
    pub(super) fn is_common(&self, folded: &str) -> bool {
        self.locale
            .is_some_and(|locale| intent::is_common(folded, locale))
    }

    fn look(&self, raw: &str, folded: &str) -> Known {
        let mut grams = Vec::new();
        text::word_grams(folded, |gram| grams.push(gram & MASK));
        Known {
            grams,
            stem: self.stem(raw, folded),
            common: self.is_common(folded),
        }
    }
}

/// The number of a stem.
pub(super) fn term(stem: &str) -> u32 {
    text::hash(stem.chars(), 0) & KEYS
}

/// The number of two stems in order.
pub(super) fn pair(a: u32, b: u32) -> u32 {
    (a.rotate_left(13) ^ b).wrapping_mul(0x9e37_79b1) >> 8
}

/// Where the title ends: the short lines at the beginning that end no sentence, unless there is nothing else.
fn title(source: &str) -> usize {
    let (mut end, mut at) = (0, 0);
    for line in source.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.ends_with(['.', '!', '?', ':'])
            || trimmed.split_whitespace().count() > TITLE_WORDS
        {
            return end;
        }
        at += line.len();
        end = at;
    }
    0
}

/// Each term once with its counts added up, in the order of the hashes.
fn counted(mut terms: Vec<Term>) -> Vec<Term> {
    terms.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.2.total_cmp(&b.2)));
    let mut out: Vec<Term> = Vec::with_capacity(terms.len());
    for (term, count, weight) in terms {
        match out.last_mut() {
            Some((last, n, sum)) if *last == term => {
                *n = n.saturating_add(count);
                *sum += weight;
            }
            _ => out.push((term, count, weight)),
        }
    }
    out
}

/// A term asked for twice is asked for once.
fn once(mut terms: Vec<Term>) -> Vec<Term> {
    for (_, _, weight) in &mut terms {
        *weight = weight.min(1.0);
    }
    terms
}
