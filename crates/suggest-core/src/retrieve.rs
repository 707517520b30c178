//! Retrieval in memory, the same answer every time: character n-grams, BM25 over stems, a thesaurus of support, and vectors:
//! the integrator's own where there are any, else those of this crate.
//!
//! Character n-grams forgive typos and inflection; BM25 over stems adds what rare whole words know; the thesaurus finds
//! what is said in other words; what no text holds is read as what is spelled almost alike; vectors tell which of what was
//! found means the same. Nothing that is kept of one text depends on another: what does (how rare a word is, how long a text is on average) is counted in whole numbers and worked
//! out for each query. So texts come and go one by one, and the answers are those of an index built anew. Ties are broken by
//! id.

mod bm25;
mod embed;
mod grams;
mod lists;
mod read;
mod search;
mod sense;
mod spellings;
#[cfg(feature = "static-embeddings")]
mod static_embeddings;
#[cfg(test)]
mod tests;
mod thesaurus;
mod typos;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use redact::Locale;

use bm25::Field;
pub use embed::Embedder;
use grams::Grams;
use read::Reader;
pub use search::Hit;
use sense::{Sense, sense};
#[cfg(feature = "static-embeddings")]
pub use static_embeddings::{StaticEmbeddings, VectorFault, VectorLimits};

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
    /// Whether meaning is left out, and words are read as they are written.
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
            let mut reading = reader.text(item.text);
            if by_words {
                reading.spelled = Vec::new();
            }
            retriever
                .fields
                .entry(item.locale)
                .or_default()
                .insert(slot, &reading);
            reading.spelled = Vec::new();
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
        let mut reading = Reader::new(item.locale).text(item.text);
        if self.by_words {
            reading.spelled = Vec::new();
        }
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

    /// The id of the text in a slot.
    pub(crate) fn id(&self, slot: u32) -> Option<&str> {
        let doc = self.docs.get(slot as usize)?.as_ref()?;
        Some(&doc.id)
    }
}
