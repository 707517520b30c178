//! What the texts are still good for: telling what a customer wants.

use super::text::{grams, hash, real, word_grams};
use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Every fifth ticket, by the hash of its id, is for testing alone.
const FOLDS: u64 = 5;
/// Added to each count, so that an unknown n-gram excludes nothing.
const ALPHA: f64 = 0.1;

/// A text and what it is about.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Labelled<'a> {
    /// What the customer wants.
    pub intent: &'a str,
    /// What was written, or published for it.
    pub text: &'a str,
}

impl<'a> Labelled<'a> {
    /// A text with its intent.
    #[must_use]
    pub fn new(intent: &'a str, text: &'a str) -> Self {
        Self { intent, text }
    }
}

/// Accuracy of the same classifier after learning from originals and from published texts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Utility {
    /// Learned from the originals.
    pub originals: f64,
    /// Learned from the published texts.
    pub published: f64,
    /// Texts learned from: originals, published.
    pub learned: (usize, usize),
    /// Held-out originals tested on.
    pub tested: usize,
}

impl Utility {
    /// Points of a hundred that were lost; negative where the published texts teach better.
    #[must_use]
    pub fn lost(&self) -> f64 {
        (self.originals - self.published) * 100.0
    }
}

impl fmt::Display for Utility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} % from {} originals, {:.1} % from {} published texts, {:+.1} points, {} tested",
            self.originals * 100.0,
            self.learned.0,
            self.published * 100.0,
            self.learned.1,
            (self.published - self.originals) * 100.0,
            self.tested
        )
    }
}

/// Whether a ticket is held out for testing.
#[must_use]
pub fn held_out(id: &str) -> bool {
    hash(&["utility", id]).is_multiple_of(FOLDS)
}

fn features(text: &str) -> Vec<u64> {
    let mut out = word_grams(text);
    out.extend(grams(text));
    out
}

/// The share of `test` whose intent multinomial naive Bayes, learned from `train`, finds.
///
/// Words, pairs of words and 3- to 5-grams of characters; one model for all languages; 0 where there is nothing to learn
/// from or to test on.
#[must_use]
pub fn utility(train: &[Labelled<'_>], test: &[Labelled<'_>]) -> f64 {
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in train {
        *classes.entry(row.intent).or_default() += 1;
    }
    let names: Vec<&str> = classes.keys().copied().collect();
    let mut table: HashMap<u64, Vec<f64>> = HashMap::new();
    let mut totals = vec![0.0; names.len()];
    for row in train {
        let Some(k) = names.iter().position(|n| *n == row.intent) else {
            continue;
        };
        for gram in features(row.text) {
            let counts = table.entry(gram).or_insert_with(|| vec![0.0; names.len()]);
            for slot in [counts.get_mut(k), totals.get_mut(k)].into_iter().flatten() {
                *slot += 1.0;
            }
        }
    }
    let size = real(table.len()) * ALPHA;
    let start: Vec<f64> = classes
        .values()
        .map(|n| (real(*n) / real(train.len().max(1))).ln())
        .collect();
    let guess = |text: &str| {
        let mut scores = start.clone();
        for gram in features(text) {
            let Some(counts) = table.get(&gram) else {
                continue;
            };
            for ((score, n), total) in scores.iter_mut().zip(counts).zip(&totals) {
                *score += ((n + ALPHA) / (total + size)).ln();
            }
        }
        let best = names.iter().zip(scores);
        best.max_by(|a, b| a.1.total_cmp(&b.1)).map(|b| *b.0)
    };
    let right = test
        .iter()
        .filter(|row| guess(row.text) == Some(row.intent))
        .count();
    real(right) / real(test.len().max(1))
}
