//! Articles on their way in: read from files of three formats, or made by the integrator one by one.

use chrono::NaiveDate;
use redact::Locale;

use crate::error::{Error, FrontMatterFault};
use crate::knowledge::front::{self, Front};
use crate::knowledge::passage::{Audience, Passage, Pool};
use crate::knowledge::{Section, markdown, slots};

/// An article larger than this is a book, or a mistake.
const MAX_BYTES: usize = 4_000_000;

/// A table holds many of them.
const MAX_TABLE: usize = 100_000_000;

/// An article or a macro before it is part of a [`crate::KnowledgeBase`].
///
/// ```
/// use suggest_core::{Article, Audience, KnowledgeBase, Locale};
/// let mut knowledge = KnowledgeBase::new();
/// knowledge.add(
///     Article::new("returns", "Returns", Locale::English)
///         .audience(Audience::Customer)
///         .markdown("# How long\nYou have 30 days.\n# Costs\nThe label is free."),
/// )?;
/// knowledge.add(
///     Article::new("where-is-it", "Where is my order", Locale::English)
///         .as_macro()
///         .examples(["has my parcel shipped", "when does it arrive"])
///         .text("Your order {ORDER} is {STATUS}."),
/// )?;
/// assert_eq!(knowledge.len(), 3);
/// # Ok::<(), suggest_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Article {
    pub(super) front: Front,
    pub(super) sections: Vec<Section>,
    /// Name and line for messages about it.
    pub(super) name: String,
    pub(super) line: usize,
}

impl Article {
    /// An article for customers that always holds and says nothing yet. The id stands in citations: letters, digits and
    /// `-_./`, at most 80.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>, locale: Locale) -> Self {
        let id = id.into();
        Self {
            name: id.clone(),
            line: 1,
            front: Front::new(id, title, locale),
            sections: Vec::new(),
        }
    }

    /// Says who it is for.
    #[must_use]
    pub fn audience(mut self, audience: Audience) -> Self {
        self.front.audience = audience;
        self
    }

    /// Says from which day on it holds, in UTC.
    #[must_use]
    pub fn valid_from(mut self, day: NaiveDate) -> Self {
        self.front.from = Some(day);
        self
    }

    /// Says on which day it holds for the last time, in UTC.
    #[must_use]
    pub fn valid_until(mut self, day: NaiveDate) -> Self {
        self.front.until = Some(day);
        self
    }

    /// Makes it a macro: a whole reply without greeting, with slots. `{ORDER}` and `{PERSON}` take what the customer
    /// wrote, `{STATUS}` `{DATE}` `{TRACKING}` `{CARRIER}` `{AMOUNT}` what the facts say. A macro whose slots cannot all
    /// be filled is not used.
    #[must_use]
    pub fn as_macro(mut self) -> Self {
        self.front.pool = Pool::Macro;
        self
    }

    /// How customers ask for it: what a macro is found by beside its title.
    #[must_use]
    pub fn examples<T: Into<String>>(mut self, examples: impl IntoIterator<Item = T>) -> Self {
        self.front.examples = examples.into_iter().map(Into::into).collect();
        self
    }

    /// Plain text: one passage.
    #[must_use]
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        self.sections = vec![Section {
            heading: None,
            slug: "intro".to_owned(),
            text: text.as_ref().trim().to_owned(),
        }];
        self
    }

    /// Markdown: a passage for each heading.
    #[must_use]
    pub fn markdown(mut self, text: impl AsRef<str>) -> Self {
        self.sections = markdown::sections(text.as_ref());
        self
    }

    /// HTML: a passage for each heading of what a reader sees.
    #[cfg(feature = "html")]
    #[must_use]
    pub fn html(mut self, source: impl AsRef<str>) -> Self {
        self.sections = super::html::sections(source.as_ref());
        self
    }

    /// Reads a file of a knowledge folder by the ending of its name: `.md`; `.html` and `.htm` with the feature `html`;
    /// `.csv` with the feature `csv`, an article a row. `None` for other endings, and for files whose name begins with a
    /// dot.
    ///
    /// Markdown carries its data in front matter, HTML in `<meta name="...">` and `<html lang>`, CSV in its columns, all
    /// under the same names: `id` and `title` must be there (of HTML the file name and the first heading serve too),
    /// `lang` an ISO 639-1 code of an official EU language, `audience` `customer` (default; `public` and `all` mean the
    /// same) or `internal`, `valid_from` and `valid_until` dates `YYYY-MM-DD` (`valid_until` is the last day), `kind`
    /// `article` (default) or `macro`, `examples` separated by ` / `; CSV has `text` too, in Markdown.
    ///
    /// ```
    /// use suggest_core::Article;
    /// let source = "---\nid: returns\ntitle: Returns\nlang: en\n---\nYou have 30 days.";
    /// assert_eq!(Article::read("kb/returns.md", source).unwrap()?.len(), 1);
    /// assert!(Article::read("kb/logo.svg", "<svg/>").is_none());
    /// # Ok::<(), suggest_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::FrontMatter`] with name and line, [`Error::NotCsv`], [`Error::ArticleTooLarge`].
    #[must_use]
    pub fn read(name: &str, source: &str) -> Option<Result<Vec<Self>, Error>> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let (_, ending) = file.rsplit_once('.').filter(|(stem, _)| !stem.is_empty())?;
        let ending = ending.to_ascii_lowercase();
        let limit = if ending == "csv" {
            MAX_TABLE
        } else {
            MAX_BYTES
        };
        let read = match ending.as_str() {
            "md" | "markdown" => Self::read_markdown,
            #[cfg(feature = "html")]
            "html" | "htm" => super::html::read,
            #[cfg(feature = "csv")]
            "csv" => super::csv::read,
            _ => return None,
        };
        if source.len() > limit {
            return Some(Err(Error::ArticleTooLarge {
                article: name.to_owned(),
                bytes: source.len(),
                limit,
            }));
        }
        Some(read(name, source))
    }

    pub(super) fn read_markdown(name: &str, source: &str) -> Result<Vec<Self>, Error> {
        let (front, body) = front::read(name, source)?;
        Ok(vec![Self {
            sections: markdown::sections(body),
            front,
            name: name.to_owned(),
            line: 1,
        }])
    }

    /// Its passages, or what is wrong with it.
    pub(super) fn passages(self) -> Result<Vec<Passage>, Error> {
        let Self {
            front,
            mut sections,
            name,
            line,
        } = self;
        let fault = |fault| Error::FrontMatter {
            article: name.clone(),
            line,
            fault,
        };
        front.check().map_err(fault)?;
        if front.pool == Pool::Macro {
            // A macro is one reply, whatever its headings.
            let text: Vec<String> = sections.into_iter().map(Section::whole).collect();
            sections = vec![Section {
                heading: None,
                slug: String::new(),
                text: text.join("\n\n"),
            }];
            for section in &sections {
                if slots::unknown(&section.text) {
                    return Err(fault(FrontMatterFault::UnknownSlot));
                }
            }
        }
        Ok(sections
            .into_iter()
            .filter(|section| !section.text.is_empty())
            .enumerate()
            .map(|(place, section)| Passage::of(&front, section, place))
            .collect())
    }
}
