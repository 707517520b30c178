//! A passage: what a draft quotes and cites.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use redact::Locale;

use crate::guard;
use crate::intent::{self, Intent};
use crate::knowledge::Section;
use crate::knowledge::front::Front;

/// Who an article is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Audience {
    /// May be quoted to a customer.
    Customer,
    /// For the team alone: shown to agents with a mark, never quoted.
    Internal,
}

/// What kind of text a passage is. Each kind is searched by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "what drafts rest on: said, prepared, once written"
)]
pub enum Pool {
    /// What the shop says: drafts quote and cite it.
    #[default]
    Article,
    /// A whole reply with slots, prepared by the team.
    Macro,
    /// An anonymised reply to another ticket: an agent may look at it, no draft quotes it.
    Reply,
}

impl Pool {
    /// All pools.
    pub const ALL: [Self; 3] = [Self::Article, Self::Macro, Self::Reply];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Macro => "macro",
            Self::Reply => "reply",
        }
    }
}

/// Which wording of a passage it is: a number made of all that is said, that changes whenever that does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(u64);

impl Version {
    /// FNV-1a over the parts, each with its length: it tells wordings apart, it is no seal.
    fn of(parts: &[&str]) -> Self {
        let mut state = 0xcbf2_9ce4_8422_2325_u64;
        let mut add =
            |byte: u8| state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        for part in parts {
            (part.len() as u64)
                .to_le_bytes()
                .into_iter()
                .for_each(&mut add);
            part.bytes().for_each(&mut add);
        }
        Self(state)
    }

    /// Reads what Display writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        hex.then(|| u64::from_str_radix(text, 16).ok().map(Self))?
    }
}

impl fmt::Display for Version {
    /// Sixteen hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// How much a section is about an intent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Topic {
    /// By its own heading and text.
    pub(crate) own: f32,
    /// By the title of its article.
    pub(crate) title: f32,
}

/// A section of an article, a macro, or a reply.
#[derive(Clone, Debug)]
pub struct Passage {
    pub(crate) id: String,
    /// The title of the article, and the heading of the section.
    pub(super) article: String,
    pub(super) heading: Option<String>,
    /// Both as one.
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) locale: Locale,
    pub(crate) audience: Audience,
    pub(crate) pool: Pool,
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
    /// How customers say what it answers.
    pub(crate) examples: Vec<String>,
    /// Its place in the article, from 0.
    pub(crate) place: usize,
    pub(crate) version: Version,
    /// Whether it speaks to a model.
    pub(crate) suspicious: bool,
    /// What heading and text are about, and what the title of the article adds.
    pub(crate) topics: Vec<(Intent, Topic)>,
}

impl Passage {
    /// A passage for customers that always holds, for callers who keep their knowledge elsewhere.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        title: impl Into<String>,
        text: impl Into<String>,
        locale: Locale,
    ) -> Self {
        let id = id.into();
        let front = Front::new(id.clone(), title, locale);
        let section = Section {
            heading: None,
            slug: String::new(),
            text: text.into(),
        };
        Self {
            id,
            ..Self::of(&front, section, 0)
        }
    }

    /// A section of an article.
    pub(crate) fn of(front: &Front, section: Section, place: usize) -> Self {
        let title = match &section.heading {
            Some(heading) if *heading != front.title => format!("{}: {heading}", front.title),
            _ => front.title.clone(),
        };
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let version = Version::of(&[
            &title,
            &section.text,
            front.locale.code(),
            front.pool.code(),
            if front.audience == Audience::Internal {
                "internal"
            } else {
                ""
            },
            &day(front.from),
            &day(front.until),
            &front.examples.join("\n"),
        ]);
        let mut passage = Self {
            suspicious: false,
            id: match front.pool {
                Pool::Article => format!("{}#{}", front.id, section.slug),
                Pool::Macro | Pool::Reply => front.id.clone(),
            },
            topics: topics_of(front, &section),
            article: front.title.clone(),
            heading: section.heading,
            title,
            text: section.text,
            locale: front.locale,
            audience: front.audience,
            pool: front.pool,
            from: front.from,
            until: front.until,
            examples: front.examples.clone(),
            place,
            version,
        };
        passage.suspicious = guard::is_suspicious(&passage);
        passage
    }

    /// Of a section `article#section`, of the others the id they were given.
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

    /// Article, macro or reply.
    #[must_use]
    pub const fn pool(&self) -> Pool {
        self.pool
    }

    /// Which wording it is.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The article, macro or reply it belongs to: what [`crate::KnowledgeBase::remove`] takes.
    #[must_use]
    pub fn source(&self) -> &str {
        self.id.split('#').next().unwrap_or_default()
    }

    /// Whether it holds at an instant: from the first second of `valid_from` to the last of `valid_until`, in UTC.
    #[must_use]
    pub fn is_valid(&self, now: DateTime<Utc>) -> bool {
        let today = now.date_naive();
        self.from.is_none_or(|from| from <= today) && self.until.is_none_or(|until| today <= until)
    }

    /// Whether it speaks to a model rather than to people, or hides text: no draft rests on it and no model is given it
    /// ([`crate::is_suspicious`]). Somebody should look who put it there.
    #[must_use]
    pub const fn is_suspicious(&self) -> bool {
        self.suspicious
    }

    /// What it is found by: title, examples, text.
    pub(crate) fn indexed(&self) -> String {
        let mut text = self.title.clone();
        for example in &self.examples {
            text.push('\n');
            text.push_str(example);
        }
        text.push('\n');
        text.push_str(&self.text);
        text
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

    /// Whether it is about an intent at all.
    pub(crate) fn speaks_of(&self, intent: Intent) -> bool {
        self.topics.iter().any(|(of, _)| *of == intent)
    }

    fn topic_parts(&self, intent: Intent) -> Topic {
        self.topics
            .iter()
            .find(|(of, _)| *of == intent)
            .map_or_else(Topic::default, |(_, topic)| *topic)
    }
}

/// What a section is about: its heading says it best, its text says more, the title of the article covers all sections.
/// How customers ask says as much as a heading.
fn topics_of(front: &Front, section: &Section) -> Vec<(Intent, Topic)> {
    let mut topics: Vec<(Intent, Topic)> = Vec::new();
    let heading = section.heading.as_deref().unwrap_or_default();
    let mut parts = vec![
        (front.title.as_str(), 0.0, 0.6),
        (heading, 1.0, 0.0),
        (section.text.as_str(), 0.7, 0.0),
    ];
    let share = 1.0 / front.examples.len().max(1) as f32;
    parts.extend(front.examples.iter().map(|e| (e.as_str(), share, 0.0)));
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
