//! Retrieval: character n-gram cosine with BM25 beside it, in memory, the same answer every time.
//!
//! Character n-grams forgive typos and inflection and beat word-based ranking on tickets in every language measured;
//! BM25 over stems adds what rare whole words know. Ties are broken by id.

mod bm25;
mod grams;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use redact::{Locale, Redacted};

use crate::text;
use bm25::Bm25;
use grams::Grams;

/// How much BM25 counts beside the cosine. Both lie between 0 and 1.
const BM25_SHARE: f32 = 0.8;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// The id the text was put in with.
    pub id: String,
    /// 0 (nothing in common) to 1 (the same text).
    pub score: f32,
}

/// A text to search in: an id, a language where known, the text.
///
/// The text is the integrator's own (an article, a macro), not a customer's.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Item<'a> {
    /// Unique; the tie-break.
    pub id: &'a str,
    /// The language; `None` lets every query see it.
    pub locale: Option<Locale>,
    /// What is searched.
    pub text: &'a str,
}

impl<'a> Item<'a> {
    /// Makes an item.
    #[must_use]
    pub fn new(id: &'a str, locale: Option<Locale>, text: &'a str) -> Self {
        Self { id, locale, text }
    }
}

/// A searchable set of texts, built once.
///
/// ```
/// use suggest_core::{Item, Retriever};
/// let retriever = Retriever::new(&[
///     Item::new("returns#how", None, "You can send an item back with the label in the parcel."),
///     Item::new("invoice#copy", None, "An invoice can be downloaded from your account."),
/// ]);
/// assert_eq!(retriever.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Retriever {
    ids: Vec<String>,
    locales: Vec<Option<Locale>>,
    grams: Grams,
    bm25: BTreeMap<Option<Locale>, Bm25>,
}

impl Retriever {
    /// Reads all texts and builds the index.
    #[must_use]
    pub fn new(items: &[Item<'_>]) -> Self {
        // Document numbers follow the ids, so that equal scores come out in the order of the ids.
        let mut sorted: Vec<&Item<'_>> = items.iter().collect();
        sorted.sort_by(|a, b| a.id.cmp(b.id));
        let mut by_locale: BTreeMap<Option<Locale>, Vec<(u32, &str)>> = BTreeMap::new();
        for (number, item) in (0u32..).zip(&sorted) {
            by_locale
                .entry(item.locale)
                .or_default()
                .push((number, item.text));
        }
        Self {
            ids: sorted.iter().map(|item| item.id.to_owned()).collect(),
            locales: sorted.iter().map(|item| item.locale).collect(),
            grams: Grams::new(sorted.iter().map(|item| item.text)),
            bm25: by_locale
                .into_iter()
                .map(|(locale, docs)| (locale, Bm25::new(locale, &docs)))
                .collect(),
        }
    }

    /// How many texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The best `k` texts for a redacted query, best first; its tags do not count.
    ///
    /// With a language, texts of other languages are left out; texts without a language are always in.
    #[must_use]
    pub fn search(&self, query: &Redacted, locale: Option<Locale>, k: usize) -> Vec<Hit> {
        self.search_text(query.as_str(), locale, k)
            .into_iter()
            .filter_map(|(number, score)| {
                let id = self.ids.get(number as usize)?.clone();
                Some(Hit { id, score })
            })
            .collect()
    }

    /// The best `k` document numbers (in the order of the ids) with their scores.
    pub(crate) fn search_text(
        &self,
        query: &str,
        locale: Option<Locale>,
        k: usize,
    ) -> Vec<(u32, f32)> {
        let mut scores = self.grams.scores(query);
        for (of, index) in &self.bm25 {
            if locale.is_none() || of.is_none() || *of == locale {
                index.add_scores(query, BM25_SHARE, &mut scores);
            }
        }
        let allowed = |number: usize| {
            locale.is_none()
                || self
                    .locales
                    .get(number)
                    .is_some_and(|of| of.is_none() || *of == locale)
        };
        let mut ranked: Vec<(u32, f32)> = (0u32..)
            .zip(scores)
            .filter(|&(number, score)| score > 0.0 && allowed(number as usize))
            .map(|(number, score)| (number, score / (1.0 + BM25_SHARE)))
            .collect();
        let order = |a: &(u32, f32), b: &(u32, f32)| match b.1.total_cmp(&a.1) {
            Ordering::Equal => a.0.cmp(&b.0),
            other => other,
        };
        if k == 0 {
            return Vec::new();
        }
        if ranked.len() > k {
            ranked.select_nth_unstable_by(k - 1, order);
            ranked.truncate(k);
        }
        ranked.sort_by(order);
        ranked
    }

    /// The id of a document number.
    pub(crate) fn id(&self, number: u32) -> Option<&str> {
        self.ids.get(number as usize).map(String::as_str)
    }
}

/// How often each gram of a text occurs, sorted by gram.
fn counts(text: &str) -> Vec<(u32, f32)> {
    let mut all = Vec::new();
    text::grams(text, |gram| all.push(gram & grams::MASK));
    all.sort_unstable();
    let mut out: Vec<(u32, f32)> = Vec::new();
    for gram in all {
        match out.last_mut() {
            Some((last, n)) if *last == gram => *n += 1.0,
            _ => out.push((gram, 1.0)),
        }
    }
    out
}
