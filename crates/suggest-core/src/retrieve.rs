//! Retrieval in memory, the same answer every time: character n-grams, BM25 over stems, a thesaurus of support, and vectors:
//! the integrator's own where there are any, else those of this crate.
//!
//! Character n-grams forgive typos and inflection; BM25 over stems adds what rare whole words know; the thesaurus finds
//! what is said in other words; vectors tell which of what was found means the same. Nothing that is kept of one text
//! depends on another: what does (how rare a word is, how long a text is on average) is counted in whole numbers and worked
//! out for each query. So texts come and go one by one, and the answers are those of an index built anew. Ties are broken by
//! id.

mod bm25;
mod embed;
mod grams;
mod lists;
mod read;
mod sense;
#[cfg(feature = "static-embeddings")]
mod static_embeddings;
#[cfg(test)]
mod tests;
mod thesaurus;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use redact::{Locale, Redacted};

use crate::text;
use bm25::Field;
pub use embed::Embedder;
use grams::Grams;
use read::Reader;
use sense::{LOOKED_AT, Sense, sense, weighed};
#[cfg(feature = "static-embeddings")]
pub use static_embeddings::{StaticEmbeddings, VectorFault, VectorLimits};

/// How much each part counts beside the n-grams, whose share is 1. Each lies between 0 and 1 before.
const WORDS: f32 = 0.8;
const CONCEPTS: f32 = 2.5;
const VECTORS: f32 = 1.0;

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hit {
    /// The id the text was put in with.
    pub id: String,
    /// 0 (nothing in common) to 1 (alike in everything that is looked at).
    pub score: f32,
}

/// A text to search in: an id, a language where known, the text.
///
/// The text is the integrator's own (an article, a macro), not a customer's. Short lines at its beginning are read as its
/// title and count more.
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

/// A text in the index.
#[derive(Clone)]
struct Doc {
    id: String,
    locale: Option<Locale>,
    /// Kept so that a removal knows which lists it stands in.
    text: String,
    /// Unit length, or nothing.
    vector: Option<Vec<f32>>,
    /// Where the integrator has no vectors.
    sense: Sense,
}

/// A searchable set of texts, which can come and go.
///
/// ```
/// use suggest_core::{Item, Retriever};
/// let mut retriever = Retriever::new(&[
///     Item::new("returns#how", None, "You can send an item back with the label in the parcel."),
///     Item::new("invoice#copy", None, "An invoice can be downloaded from your account."),
/// ]);
/// retriever.insert(Item::new("hours", None, "We are open from nine to five."));
/// assert!(retriever.remove("invoice#copy"));
/// assert_eq!(retriever.len(), 2);
/// ```
#[derive(Clone, Default)]
pub struct Retriever {
    /// A text keeps its slot; an empty one is taken by the next text.
    docs: Vec<Option<Doc>>,
    slots: BTreeMap<String, u32>,
    free: Vec<u32>,
    grams: Grams,
    fields: BTreeMap<Option<Locale>, Field>,
    embedder: Option<Arc<dyn Embedder>>,
    /// Whether meaning is left out.
    by_words: bool,
}

impl fmt::Debug for Retriever {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retriever")
            .field("texts", &self.len())
            .field("grams", &self.grams)
            .field("embedder", &self.embedder)
            .finish_non_exhaustive()
    }
}

impl Retriever {
    /// Reads all texts and builds the index. Of two items with the same id the later one stays.
    #[must_use]
    pub fn new(items: &[Item<'_>]) -> Self {
        Self::build(items, false)
    }

    /// The same for [`search_text`](Self::search_text) alone, which asks for no meaning.
    pub(crate) fn by_words(items: &[Item<'_>]) -> Self {
        Self::build(items, true)
    }

    fn build(items: &[Item<'_>], by_words: bool) -> Self {
        let by_id: BTreeMap<&str, &Item<'_>> = items.iter().map(|item| (item.id, item)).collect();
        let mut readers: BTreeMap<Option<Locale>, Reader> = BTreeMap::new();
        let mut retriever = Self {
            by_words,
            ..Self::default()
        };
        let mut readings = Vec::with_capacity(by_id.len());
        for (slot, (id, item)) in (0u32..).zip(by_id) {
            let reader = readers
                .entry(item.locale)
                .or_insert_with(|| Reader::new(item.locale));
            let reading = reader.text(item.text);
            retriever
                .fields
                .entry(item.locale)
                .or_default()
                .insert(slot, &reading);
            readings.push(reading);
            retriever.docs.push(Some(retriever.doc(item)));
            retriever.slots.insert(id.to_owned(), slot);
        }
        retriever.grams = Grams::of(&readings);
        retriever
    }

    fn doc(&self, item: &Item<'_>) -> Doc {
        let embedder = self.embedder.as_deref();
        let means = embedder.is_none() && !self.by_words;
        Doc {
            id: item.id.to_owned(),
            locale: item.locale,
            text: item.text.to_owned(),
            vector: embedder.and_then(|embedder| embed::unit(embedder, item.text)),
            sense: means.then(|| sense(item.text, item.locale)).flatten(),
        }
    }

    /// Adds the likeness of an integrator's vectors to the score; they take the place of this crate's. Texts that are in
    /// already are embedded now.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use suggest_core::{Embedder, Item, Redacted, Retriever};
    /// #[derive(Debug)]
    /// struct Length;
    /// impl Embedder for Length {
    ///     fn dim(&self) -> usize { 2 }
    ///     fn embed(&self, redacted: &str) -> Option<Vec<f32>> { Some(vec![1.0, redacted.len() as f32]) }
    /// }
    /// let retriever = Retriever::new(&[Item::new("a", None, "short")]).with_embedder(Arc::new(Length));
    /// assert_eq!(retriever.len(), 1);
    /// ```
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        for doc in self.docs.iter_mut().flatten() {
            doc.vector = embed::unit(embedder.as_ref(), &doc.text);
            doc.sense = None;
        }
        self.embedder = Some(embedder);
        self
    }

    /// Puts a text in; a text with the same id is replaced.
    pub fn insert(&mut self, item: Item<'_>) {
        self.remove(item.id);
        let doc = self.doc(&item);
        let slot = self.free.pop().unwrap_or_else(|| {
            self.docs.push(None);
            u32::try_from(self.docs.len() - 1).unwrap_or(u32::MAX)
        });
        let Some(place) = self.docs.get_mut(slot as usize) else {
            return;
        };
        *place = Some(doc);
        self.slots.insert(item.id.to_owned(), slot);
        let reading = Reader::new(item.locale).text(item.text);
        self.grams.insert(slot, &reading);
        self.fields
            .entry(item.locale)
            .or_default()
            .insert(slot, &reading);
    }

    /// Takes a text out; whether there was one with this id.
    pub fn remove(&mut self, id: &str) -> bool {
        let Some(slot) = self.slots.remove(id) else {
            return false;
        };
        if let Some(doc) = self.docs.get_mut(slot as usize).and_then(Option::take) {
            let reading = Reader::new(doc.locale).text(&doc.text);
            self.grams.remove(slot, &reading);
            if let Some(field) = self.fields.get_mut(&doc.locale) {
                field.remove(slot, &reading);
                if field.is_empty() {
                    self.fields.remove(&doc.locale);
                }
            }
        }
        self.free.push(slot);
        true
    }

    /// How many texts it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The best `k` texts for a redacted query, best first; its tags do not count.
    ///
    /// With a language, texts of other languages are left out; texts without a language are always in.
    #[must_use]
    pub fn search(&self, query: &Redacted, locale: Option<Locale>, k: usize) -> Vec<Hit> {
        if k == 0 {
            return Vec::new();
        }
        let means = self.embedder.is_none() && !self.by_words;
        let asked = means.then(|| sense(query.as_str(), locale)).flatten();
        let among = if asked.is_some() { k.max(LOOKED_AT) } else { k };
        let mut hits: Vec<Hit> = Vec::with_capacity(among.min(self.len()));
        let found = self.search_text(query.as_str(), locale, among);
        for (place, (slot, score)) in found.into_iter().enumerate() {
            let Some(doc) = self.docs.get(slot as usize).and_then(Option::as_ref) else {
                continue;
            };
            // The first ones are the same whatever `k` is: those that are not looked at stay behind them.
            let of = if place < LOOKED_AT { &doc.sense } else { &None };
            let score = asked
                .as_deref()
                .map_or(score, |asked| weighed(score, asked, of));
            hits.push(Hit {
                id: doc.id.clone(),
                score,
            });
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(k);
        hits
    }

    /// The best `k` texts by their words, and by the integrator's vectors, as slots for [`id`](Self::id), with their scores.
    pub(crate) fn search_text(
        &self,
        query: &str,
        locale: Option<Locale>,
        k: usize,
    ) -> Vec<(u32, f32)> {
        if k == 0 {
            return Vec::new();
        }
        let mut scores = vec![0f32; self.docs.len()];
        let reading = Reader::new(locale).query(query);
        self.grams.add_scores(&reading, self.len(), &mut scores);
        let mut total = 1.0 + WORDS;
        let mut by_concept = false;
        for (of, field) in &self.fields {
            if locale.is_none() || of.is_none() || *of == locale {
                // Words and concepts are read as the texts of the field are.
                let reading = Reader::new(*of).query(query);
                field.words.add_scores(&reading.words, WORDS, &mut scores);
                by_concept |= field
                    .concepts
                    .add_scores(&reading.concepts, CONCEPTS, &mut scores);
            }
        }
        if by_concept {
            total += CONCEPTS;
        }
        if let Some(vector) = self.query_vector(query) {
            total += VECTORS;
            for (doc, score) in self.docs.iter().zip(&mut scores) {
                if let Some(of) = doc.as_ref().and_then(|doc| doc.vector.as_deref()) {
                    *score += VECTORS * embed::likeness(&vector, of);
                }
            }
        }
        let mut ranked: Vec<(u32, f32, &str)> = (0u32..)
            .zip(&self.docs)
            .zip(scores)
            .filter_map(|((slot, doc), score)| {
                let doc = doc.as_ref()?;
                let seen = locale.is_none() || doc.locale.is_none() || doc.locale == locale;
                (seen && score > 0.0).then_some((slot, score / total, doc.id.as_str()))
            })
            .collect();
        let order = |a: &(u32, f32, &str), b: &(u32, f32, &str)| match b.1.total_cmp(&a.1) {
            Ordering::Equal => a.2.cmp(b.2),
            other => other,
        };
        if ranked.len() > k {
            ranked.select_nth_unstable_by(k - 1, order);
            ranked.truncate(k);
        }
        ranked.sort_by(order);
        ranked
            .into_iter()
            .map(|(slot, score, _)| (slot, score))
            .collect()
    }

    fn query_vector(&self, query: &str) -> Option<Vec<f32>> {
        embed::unit(self.embedder.as_deref()?, &text::without_tags(query))
    }

    /// The id of the text in a slot.
    pub(crate) fn id(&self, slot: u32) -> Option<&str> {
        let doc = self.docs.get(slot as usize)?.as_ref()?;
        Some(&doc.id)
    }
}
