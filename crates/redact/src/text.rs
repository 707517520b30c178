//! The states of text. A text changes state through the doors of this crate and no others.

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

use memchr::memchr_iter;
use zeroize::{Zeroize, Zeroizing};

use crate::error::WrongMap;
use crate::map::MapId;
use crate::restore::Report;
use crate::scan::{View, find_all};
use crate::tag::{MAX_LABEL, Tag};

/// Tags that are looked through one by one.
const FEW: usize = 16;

/// Text whose personal data is replaced by tags of one map. The only text a model may be given.
///
/// Its doors are [`crate::seal()`], [`crate::seal_checked`], [`crate::reseal`], [`crate::verify()`] and what is made of other redacted
/// texts. A string does not become one:
///
/// ```compile_fail,E0308
/// fn prompt(text: redact::Redacted) {}
/// prompt("Marie Dupont, Lyon".to_string());
/// ```
/// ```compile_fail,E0277
/// let text: redact::Redacted = "Marie Dupont, Lyon".into();
/// ```
/// ```compile_fail,E0451
/// let text = redact::Redacted { text: String::new(), map: redact::MapId([0; 16]), tags: vec![] };
/// ```
///
/// Redacted text is pseudonymous, not anonymous: the map leads back, and a way of writing remains. It stays personal
/// data under article 4(5) GDPR.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted {
    text: String,
    map: MapId,
    tags: Vec<Tag>,
}

/// What stands between redacted texts that are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Joint {
    /// One space.
    Space,
    /// A new line.
    Line,
    /// An empty line.
    Paragraph,
}

impl Joint {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Space => " ",
            Self::Line => "\n",
            Self::Paragraph => "\n\n",
        }
    }
}

impl Redacted {
    /// A text in which every canonical tag is one of `map`. The caller has checked what its door promises.
    pub(crate) fn new(text: String, map: MapId) -> Self {
        let tags = tags_of(&text);
        Self { text, map, tags }
    }

    /// As [`Self::new`], where its tags are known, in the order of the text.
    pub(crate) fn with_tags(text: String, map: MapId, all: impl Iterator<Item = Tag>) -> Self {
        let tags = each_once(all);
        debug_assert_eq!(tags, tags_of(&text));
        Self { text, map, tags }
    }

    /// The text with its tags.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The map its tags belong to.
    #[must_use]
    pub const fn map_id(&self) -> MapId {
        self.map
    }

    /// Its tags, each once, in the order they appear.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Its length in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether it is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Joins texts of one map.
    ///
    /// # Errors
    /// [`WrongMap`] when a text belongs to another map than the first.
    pub fn join(first: &Self, rest: &[&Self], joint: Joint) -> Result<Self, WrongMap> {
        let mut text = first.text.clone();
        for part in rest {
            if part.map != first.map {
                return Err(WrongMap {
                    text: part.map,
                    map: first.map,
                });
            }
            // No text ends within a tag, so white space between two of them makes none.
            text.push_str(joint.as_str());
            text.push_str(&part.text);
        }
        Ok(Self::new(text, first.map))
    }

    /// A part of the text, by byte offsets; `None` when the cut goes through a character or a tag.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Option<Self> {
        let text = self.text.get(range)?;
        let (found, open) = find_all(text, View::Any);
        let whole = open.is_none()
            && found.iter().all(|f| {
                text.get(f.start..f.end)
                    .and_then(Tag::parse)
                    .is_some_and(|tag| self.tags.contains(&tag))
            });
        whole.then(|| Self::new(text.to_owned(), self.map))
    }
}

/// The canonical tags of a text, each once, in the order they appear.
fn tags_of(text: &str) -> Vec<Tag> {
    let tag_at = |at: usize| {
        let rest = text.get(at..)?;
        let label = rest.bytes().skip(1).take(MAX_LABEL + 11);
        let part = rest.get(..=1 + label.into_iter().position(|b| b == b']')?)?;
        Tag::parse(part)
    };
    each_once(memchr_iter(b'[', text.as_bytes()).filter_map(tag_at))
}

/// The first of each.
fn each_once(all: impl Iterator<Item = Tag>) -> Vec<Tag> {
    let mut seen = HashSet::new();
    let mut tags: Vec<Tag> = Vec::with_capacity(all.size_hint().0.min(FEW));
    for tag in all {
        // Few are sooner looked through than hashed.
        let new = if tags.len() < FEW {
            !tags.contains(&tag)
        } else {
            if seen.is_empty() {
                seen.extend(tags.iter().cloned());
            }
            seen.insert(tag.clone())
        };
        if new {
            tags.push(tag);
        }
    }
    tags
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redacted({} bytes)", self.text.len())
    }
}

/// Text with its values back: personal data, for the eyes of the agent.
///
/// Zeroised on drop; Debug prints the length; there is no Display.
pub struct Restored {
    text: Zeroizing<String>,
    report: Report,
}

impl Restored {
    pub(crate) const fn new(text: Zeroizing<String>, report: Report) -> Self {
        Self { text, report }
    }

    /// The text in clear.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What was restored and what was not.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }
}

impl fmt::Debug for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Restored({} bytes)", self.text.len())
    }
}

impl Zeroize for Restored {
    fn zeroize(&mut self) {
        self.text.zeroize();
    }
}

/// Text that leads to nobody by itself: typed slots instead of tags, no number left. The only text a corpus may learn.
///
/// Its door is [`crate::anonymise()`]; neither a string nor redacted text becomes one:
///
/// ```compile_fail,E0308
/// fn learn(text: redact::Anonymised) {}
/// fn door(text: redact::Redacted) { learn(text) }
/// ```
/// ```compile_fail,E0277
/// let text: redact::Anonymised = String::from("Hello {PERSON}").into();
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Anonymised {
    text: String,
}

impl Anonymised {
    pub(crate) const fn new(text: String) -> Self {
        Self { text }
    }

    /// The text with its slots.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Anonymised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Anonymised({} bytes)", self.text.len())
    }
}
