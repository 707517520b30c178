//! The knowledge base: what the integrator's own articles and macros say, and how other tickets were answered.
//!
//! Articles are what drafts may quote. Each section is a passage with the id `article#section`; an article is valid
//! between two dates, written in one language and meant for customers or for the team. A macro is a whole reply with
//! slots. Past replies enter anonymised, for agents to look at. Each kind is searched by itself.

mod article;
#[cfg(feature = "csv")]
mod csv;
mod front;
#[cfg(feature = "html")]
mod html;
mod markdown;
mod passage;
mod section;
pub(crate) mod slots;
mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use redact::{Anonymised, Locale};

pub use article::Article;
pub use passage::{Audience, Passage, Pool, Version};
pub(crate) use section::Section;

use crate::classify::Example;
use crate::error::Error;
use crate::intent::Intent;
use crate::knowledge::front::Front;
use crate::retrieve::{Embedder, Item, Retriever};

/// What adding did: passages that are new, that went, and that stayed as they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// New, or said otherwise now.
    pub added: usize,
    /// No longer said.
    pub removed: usize,
    /// The same as before: not read into the index again.
    pub kept: usize,
}

/// All articles, macros and replies, with an index for each kind.
#[derive(Clone)]
pub struct KnowledgeBase {
    passages: BTreeMap<String, Arc<Passage>>,
    /// The passages of a language that are about an intent.
    about: BTreeMap<(Locale, Intent), BTreeMap<String, Arc<Passage>>>,
    indexes: [Retriever; Pool::ALL.len()],
}

impl fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnowledgeBase({} passages)", self.passages.len())
    }
}

impl Default for KnowledgeBase {
    fn default() -> Self {
        Self::new()
    }
}

impl KnowledgeBase {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::of(BTreeMap::new())
    }

    /// Reads articles: a name for error messages (a file name) and the Markdown of each, with front matter as
    /// [`Article::read`] says.
    ///
    /// ```
    /// use suggest_core::KnowledgeBase;
    /// let article = "---\nid: returns\ntitle: Returns\nlang: en\n---\n# Returns\n\n## How long\nYou have 30 days.\n";
    /// let knowledge = KnowledgeBase::from_markdown([("returns.md", article)])?;
    /// assert_eq!(knowledge.passages().next().map(|p| p.id()), Some("returns#how-long"));
    /// # Ok::<(), suggest_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::FrontMatter`] with name and line, [`Error::DuplicatePassage`] when two articles share an id.
    pub fn from_markdown<'a>(
        articles: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let mut read = Vec::new();
        for (name, source) in articles {
            read.extend(Article::read_markdown(name, source)?);
        }
        Self::from_articles(read)
    }

    /// Finds passages by what an embedder says too, beside their words. All passages are embedded once more.
    #[must_use]
    pub fn with_embedder(mut self, embedder: Arc<dyn Embedder>) -> Self {
        self.indexes = self
            .indexes
            .map(|index| index.with_embedder(Arc::clone(&embedder)));
        self
    }

    /// Reads a folder's files, whatever of them [`Article::read`] knows: a name and the text of each. The crate opens no
    /// file itself.
    ///
    /// # Errors
    /// As [`Article::read`]; [`Error::DuplicatePassage`] when two articles share an id.
    pub fn from_files<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let mut read = Vec::new();
        for (name, source) in files {
            if let Some(articles) = Article::read(name, source) {
                read.extend(articles?);
            }
        }
        Self::from_articles(read)
    }

    /// Takes articles from wherever the integrator keeps them.
    ///
    /// # Errors
    /// What is wrong with one of them; [`Error::DuplicatePassage`] when two share an id.
    pub fn from_articles(articles: impl IntoIterator<Item = Article>) -> Result<Self, Error> {
        let mut passages = BTreeMap::new();
        let mut sources = BTreeSet::new();
        for article in articles {
            if !sources.insert(article.front.id.clone()) {
                return Err(Error::DuplicatePassage {
                    id: article.front.id,
                });
            }
            for passage in article.passages()? {
                passages.insert(passage.id.clone(), passage);
            }
        }
        Ok(Self::of(passages))
    }

    fn of(passages: BTreeMap<String, Passage>) -> Self {
        let index = |pool| {
            let texts: Vec<(&Passage, String)> = passages
                .values()
                .filter(|passage| passage.pool == pool)
                .map(|passage| (passage, passage.indexed()))
                .collect();
            let items: Vec<Item<'_>> = texts
                .iter()
                .map(|(passage, text)| Item::new(&passage.id, Some(passage.locale), text))
                .collect();
            Retriever::by_words(&items)
        };
        let mut knowledge = Self {
            indexes: Pool::ALL.map(index),
            about: BTreeMap::new(),
            passages: BTreeMap::new(),
        };
        for passage in passages.into_values() {
            knowledge.note(passage);
        }
        knowledge
    }

    fn note(&mut self, passage: Passage) {
        let passage = Arc::new(passage);
        for (intent, _) in &passage.topics {
            self.about
                .entry((passage.locale, *intent))
                .or_default()
                .insert(passage.id.clone(), Arc::clone(&passage));
        }
        self.passages.insert(passage.id.clone(), passage);
    }

    fn forget(&mut self, passage: &Passage) {
        for (intent, _) in &passage.topics {
            let key = (passage.locale, *intent);
            if let Some(ids) = self.about.get_mut(&key) {
                ids.remove(&passage.id);
                if ids.is_empty() {
                    self.about.remove(&key);
                }
            }
        }
    }

    /// Adds an article, or puts it in the place of the one with its id. Sections that say the same as before stay.
    ///
    /// # Errors
    /// What is wrong with it; nothing has changed then.
    pub fn add(&mut self, article: Article) -> Result<Change, Error> {
        let source = article.front.id.clone();
        let passages = article.passages()?;
        Ok(self.replace(&source, passages))
    }

    /// Adds a reply to another ticket, anonymised. Under an id that was there it takes its place.
    ///
    /// ```compile_fail,E0308
    /// fn add(knowledge: &mut suggest_core::KnowledgeBase, reply: &redact::Redacted) {
    ///     let _ = knowledge.add_reply("r1", "Late parcel", suggest_core::Locale::English, reply);
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Error::FrontMatter`] for an id that cannot stand in a citation, or an empty title.
    pub fn add_reply(
        &mut self,
        id: &str,
        title: &str,
        locale: Locale,
        reply: &Anonymised,
    ) -> Result<Change, Error> {
        let mut front = Front::new(id, title, locale);
        front.pool = Pool::Reply;
        // For the team: what was said to somebody else is not what the shop says.
        front.audience = Audience::Internal;
        let article = Article {
            front,
            ..Article::new(id, title, locale).text(reply.as_str())
        };
        self.add(article)
    }

    /// Removes everything an article, macro or reply has put in; says how many passages that were.
    pub fn remove(&mut self, source: &str) -> usize {
        self.replace(source, Vec::new()).removed
    }

    fn replace(&mut self, source: &str, passages: Vec<Passage>) -> Change {
        let mut change = Change::default();
        let before: Vec<String> = self.of_source(source).map(|p| p.id.clone()).collect();
        let mut gone: BTreeSet<String> = before.into_iter().collect();
        for passage in passages {
            gone.remove(&passage.id);
            let known = self.passages.get(&passage.id);
            let same = |known: &&Arc<Passage>| {
                known.version == passage.version && known.place == passage.place
            };
            if known.filter(same).is_some() {
                change.kept += 1;
                continue;
            }
            if let Some(known) = self.passages.remove(&passage.id) {
                change.removed += 1;
                self.index(known.pool).remove(&known.id);
                self.forget(&known);
            }
            change.added += 1;
            let text = passage.indexed();
            let item = Item::new(&passage.id, Some(passage.locale), &text);
            self.index(passage.pool).insert(item);
            self.note(passage);
        }
        for id in gone {
            if let Some(passage) = self.passages.remove(&id) {
                change.removed += 1;
                self.index(passage.pool).remove(&id);
                self.forget(&passage);
            }
        }
        change
    }

    fn of_source(&self, source: &str) -> impl Iterator<Item = &Passage> {
        let sections = format!("{source}#");
        let one = self.passages.get(source);
        one.into_iter()
            .chain(
                self.passages
                    .range(sections.clone()..)
                    .map(|(_, passage)| passage)
                    .take_while(move |passage| passage.id.starts_with(&sections)),
            )
            .map(Arc::as_ref)
    }

    /// All passages in the order of their ids, valid or not.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.passages.values().map(Arc::as_ref)
    }

    /// The passage of an id.
    #[must_use]
    pub fn passage(&self, id: &str) -> Option<&Passage> {
        self.passages.get(id).map(Arc::as_ref)
    }

    /// The passages of a language that are about an intent, in the order of their ids.
    pub(crate) fn about(&self, intent: Intent, locale: Locale) -> impl Iterator<Item = &Passage> {
        let about = self.about.get(&(locale, intent)).into_iter();
        about.flat_map(BTreeMap::values).map(Arc::as_ref)
    }

    /// How many passages it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.passages.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    /// The titles of macros, and how customers ask for them, each with the macro's id as its label: what a classifier that
    /// chooses macros ([`crate::Engine::with_classifier`]) begins to learn from, beside anonymised messages.
    ///
    /// ```
    /// use suggest_core::{Article, KnowledgeBase, Locale, Training};
    /// let of = |id, title, asked: [&'static str; 2]| {
    ///     Article::new(id, title, Locale::English).as_macro().examples(asked).text("We are on it.")
    /// };
    /// let knowledge = KnowledgeBase::from_articles([
    ///     of("m-plug", "Which plug", ["what plug has the lamp", "is there a plug for the lamp"]),
    ///     of("m-wash", "How to wash", ["can the blanket be washed", "how do I wash the blanket"]),
    /// ])?;
    /// let classifier = Training::new(&knowledge.macro_examples()).train()?;
    /// assert_eq!(classifier.labels().collect::<Vec<_>>(), ["m-plug", "m-wash"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn macro_examples(&self) -> Vec<Example<'_>> {
        let macros = self
            .passages()
            .filter(|passage| passage.pool == Pool::Macro);
        macros
            .flat_map(|passage| {
                let asked = passage.examples.iter().map(String::as_str);
                std::iter::once(passage.title.as_str())
                    .chain(asked)
                    .map(|text| Example::own(text, &passage.id))
            })
            .collect()
    }

    /// The bytes to keep, a version first: passages, not the index, which is made of them again. They hold the
    /// integrator's own texts and anonymised replies.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        snapshot::write(&self.passages)
    }

    /// Reads kept bytes.
    ///
    /// # Errors
    /// [`Error::NewerCorpus`] for a later version, [`Error::CorruptKnowledge`] for anything else
    /// [`KnowledgeBase::snapshot`] would not have written.
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, Error> {
        snapshot::read(bytes).map(Self::of)
    }

    /// The passages of a kind nearest to a query in a language, valid or not, with their likeness.
    pub(crate) fn search(
        &self,
        pool: Pool,
        query: &str,
        locale: Locale,
        k: usize,
    ) -> Vec<(&Passage, f32)> {
        let [articles, macros, replies] = &self.indexes;
        let index = match pool {
            Pool::Article => articles,
            Pool::Macro => macros,
            Pool::Reply => replies,
        };
        index
            .search_text(query, Some(locale), k)
            .into_iter()
            .filter_map(|(number, score)| Some((self.passage(index.id(number)?)?, score)))
            .collect()
    }

    const fn index(&mut self, pool: Pool) -> &mut Retriever {
        let [articles, macros, replies] = &mut self.indexes;
        match pool {
            Pool::Article => articles,
            Pool::Macro => macros,
            Pool::Reply => replies,
        }
    }
}
