//! The knowledge base: the integrator's own articles, from Markdown with front matter.
//!
//! Articles are what drafts may quote. Each section is a passage with the id `article#section`; an article is valid
//! between two dates, written in one language and meant for customers or for the team.

mod front;
mod markdown;

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use redact::Locale;

use crate::error::Error;
use crate::intent::{self, Intent};
use crate::retrieve::{Item, Retriever};

/// Who an article is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Audience {
    /// May be quoted to a customer.
    Customer,
    /// For the team alone: never quoted.
    Internal,
}

/// How much a section is about an intent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Topic {
    /// By its own heading and text.
    pub(crate) own: f32,
    /// By the title of its article.
    pub(crate) title: f32,
}

/// A section of an article: what a draft cites.
#[derive(Clone, Debug)]
pub struct Passage {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) locale: Locale,
    pub(crate) audience: Audience,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
    /// Its place in the article, from 0.
    pub(crate) place: usize,
    /// What heading and text are about, and what the title of the article adds.
    pub(crate) topics: Vec<(Intent, Topic)>,
}

impl Passage {
    /// A passage for customers that always holds, for callers who keep their knowledge elsewhere than in Markdown.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        text: impl Into<String>,
        locale: Locale,
    ) -> Self {
        let front = front::Front {
            id: id.into(),
            title: title.into(),
            locale,
            audience: Audience::Customer,
            from: None,
            until: None,
        };
        let section = markdown::Section {
            heading: None,
            slug: String::new(),
            text: text.into(),
        };
        Self {
            topics: topics_of(&front, &section),
            id: front.id,
            title: front.title,
            text: section.text,
            locale,
            audience: Audience::Customer,
            from: None,
            until: None,
            place: 0,
        }
    }

    /// `article#section`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The title of the article and of the section.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The text without markup; list items begin with `- `.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The language of the article.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// Who it is for.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        self.audience
    }

    /// How much it is about an intent, 0 to 1.
    pub(crate) fn topic(&self, intent: Intent) -> f32 {
        let topic = self.topic_parts(intent);
        (topic.own + topic.title).min(1.0)
    }

    /// How much more it is about an intent than about others, 0 to 1.
    pub(crate) fn specific(&self, intent: Intent) -> f32 {
        let most = self.topics.iter().map(|(_, t)| t.own).fold(0.0, f32::max);
        if most > 0.0 {
            self.topic_parts(intent).own / most
        } else {
            0.0
        }
    }

    fn topic_parts(&self, intent: Intent) -> Topic {
        self.topics
            .iter()
            .find(|(of, _)| *of == intent)
            .map_or_else(Topic::default, |(_, topic)| *topic)
    }

    /// The article it is a section of.
    pub(crate) fn article(&self) -> &str {
        self.id.split('#').next().unwrap_or_default()
    }

    /// Whether it holds at an instant: from the first second of `valid_from` to the last of `valid_until`, in UTC.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        let today = now.date_naive();
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| today <= until)
    }
}

/// All articles, with an index.
pub struct KnowledgeBase {
    passages: Vec<Passage>,
    retriever: Retriever,
}

impl fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnowledgeBase({} passages)", self.passages.len())
    }
}

impl KnowledgeBase {
    /// Reads articles: a name for error messages (a file name) and the Markdown of each.
    ///
    /// Front matter stands between two lines `---`: `id` and `title` must be there, `lang` an ISO 639-1 code of an
    /// official EU language, `audience` `customer` (default; `public` and `all` mean the same) or `internal`,
    /// `valid_from` and `valid_until` dates `YYYY-MM-DD` (`valid_until` is the last day).
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
        let mut passages = Vec::new();
        for (name, source) in articles {
            let (front, body) = front::read(name, source)?;
            for (place, section) in markdown::sections(body).into_iter().enumerate() {
                let title = match &section.heading {
                    Some(heading) if *heading != front.title => {
                        format!("{}: {heading}", front.title)
                    }
                    _ => front.title.clone(),
                };
                let topics = topics_of(&front, &section);
                passages.push(Passage {
                    id: format!("{}#{}", front.id, section.slug),
                    title,
                    text: section.text,
                    locale: front.locale,
                    audience: front.audience,
                    from: front.from,
                    until: front.until,
                    place,
                    topics,
                });
            }
        }
        passages.sort_by(|a, b| a.id.cmp(&b.id));
        let mut seen = BTreeSet::new();
        if let Some(twice) = passages.iter().find(|p| !seen.insert(p.id.clone())) {
            return Err(Error::DuplicatePassage {
                id: twice.id.clone(),
            });
        }
        let retriever = {
            let texts: Vec<String> = passages
                .iter()
                .map(|p| format!("{}\n{}", p.title, p.text))
                .collect();
            let items: Vec<Item<'_>> = passages
                .iter()
                .zip(&texts)
                .map(|(p, text)| Item::new(&p.id, Some(p.locale), text))
                .collect();
            Retriever::new(&items)
        };
        Ok(Self {
            passages,
            retriever,
        })
    }

    /// All passages in the order of their ids, valid or not.
    pub fn passages(&self) -> impl Iterator<Item = &Passage> {
        self.passages.iter()
    }

    /// The passage of an id.
    #[must_use]
    pub fn passage(&self, id: &str) -> Option<&Passage> {
        self.passages
            .binary_search_by(|p| p.id.as_str().cmp(id))
            .ok()
            .and_then(|at| self.passages.get(at))
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

    /// The passages nearest to a query in a language, valid or not, with their likeness.
    pub(crate) fn search(&self, query: &str, locale: Locale, k: usize) -> Vec<(&Passage, f32)> {
        self.retriever
            .search_text(query, Some(locale), k)
            .into_iter()
            .filter_map(|(number, score)| Some((self.passage(self.retriever.id(number)?)?, score)))
            .collect()
    }
}

/// What a section is about: its heading says it best, its text says more, the title of the article covers all sections.
fn topics_of(front: &front::Front, section: &markdown::Section) -> Vec<(Intent, Topic)> {
    let mut topics: Vec<(Intent, Topic)> = Vec::new();
    let heading = section.heading.as_deref().unwrap_or_default();
    let parts = [
        (front.title.as_str(), 0.0, 0.6),
        (heading, 1.0, 0.0),
        (section.text.as_str(), 0.7, 0.0),
    ];
    for (text, own, title) in parts {
        for (intent, score) in intent::topics(text, front.locale) {
            let added = Topic {
                own: score * own,
                title: score * title,
            };
            match topics.iter_mut().find(|(known, _)| *known == intent) {
                Some((_, topic)) => {
                    topic.own += added.own;
                    topic.title += added.title;
                }
                None => topics.push((intent, added)),
            }
        }
    }
    topics
}
