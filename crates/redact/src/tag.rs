//! Tags: what stands in redacted text in place of a value.
//!
//! Canonical form: `[KIND_n]`, KIND a label of [`Kind`], `TEXT` or a tenant's own, n from 1 without leading zero,
//! counted per kind and map. Everything a model makes of that form is the business of the restorer.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use pii_detect::Kind;

pub(crate) mod alias;

/// Longest label in bytes; detectors allow a tenant 40.
pub(crate) const MAX_LABEL: usize = 48;

/// Largest number of a tag: nine digits.
pub(crate) const MAX_NUMBER: u32 = 999_999_999;

/// The label of a tag: a built-in kind, `TEXT`, or a tenant's own `[A-Z][A-Z0-9]*(_[A-Z0-9]+)*`.
///
/// ```
/// use redact::{Kind, TagKind};
/// assert_eq!(TagKind::from(Kind::Person).as_str(), "PERSON");
/// assert_eq!(TagKind::new("LOYALTY_CARD").unwrap().kind(), None);
/// assert!(TagKind::new("loyalty").is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TagKind(Label);

/// Which label: told apart without looking at letters, since every step between sealing and restoring asks.
#[derive(Clone, PartialEq, Eq)]
enum Label {
    BuiltIn(Kind),
    Text,
    /// Never one of the others.
    Own(Box<str>),
}

impl TagKind {
    /// Input that looked like a tag and was therefore replaced.
    pub const TEXT: Self = Self(Label::Text);

    /// Checks a label.
    #[must_use]
    pub fn new(label: &str) -> Option<Self> {
        if let Some(kind) = Kind::from_label(label) {
            return Some(kind.into());
        }
        if label == Self::TEXT.as_str() {
            return Some(Self::TEXT);
        }
        is_label(label).then(|| Self(Label::Own(label.into())))
    }

    /// The label as it stands in a tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Label::BuiltIn(kind) => kind.label(),
            Label::Text => "TEXT",
            Label::Own(label) => label,
        }
    }

    /// The built-in kind; `None` for `TEXT` and a tenant's own label.
    #[must_use]
    pub const fn kind(&self) -> Option<Kind> {
        match &self.0 {
            Label::BuiltIn(kind) => Some(*kind),
            Label::Text | Label::Own(_) => None,
        }
    }

    /// Whether it is of a special category (articles 9 and 10), or of a child.
    pub(crate) fn is_special(&self) -> bool {
        self.kind().is_some_and(Kind::is_special)
    }

    /// Whether it is a tenant's own label.
    pub(crate) const fn is_own(&self) -> bool {
        matches!(self.0, Label::Own(_))
    }
}

impl From<Kind> for TagKind {
    fn from(kind: Kind) -> Self {
        Self(Label::BuiltIn(kind))
    }
}

/// By the letters of the label.
impl Ord for TagKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for TagKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for TagKind {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for TagKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TagKind").field(&self.as_str()).finish()
    }
}

impl fmt::Display for TagKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whether a label is one, built in or not.
pub(crate) fn is_label(label: &str) -> bool {
    let part = |p: &str| {
        !p.is_empty()
            && p.bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    };
    label.len() <= MAX_LABEL
        && label.starts_with(|c: char| c.is_ascii_uppercase())
        && label.split('_').all(part)
}

/// A tag. It names a value of one map and says nothing about it but the kind, so it may be printed.
///
/// ```
/// use redact::Tag;
/// let tag = Tag::parse("[CUSTOMER_ID_12]").unwrap();
/// assert_eq!((tag.kind().as_str(), tag.number()), ("CUSTOMER_ID", 12));
/// assert_eq!(tag.to_string(), "[CUSTOMER_ID_12]");
/// assert!(Tag::parse("[PERSON_01]").is_none());
/// assert!(Tag::parse("[person_1]").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    kind: TagKind,
    number: u32,
}

impl Tag {
    /// A tag; `None` for a number outside 1 to 999,999,999.
    #[must_use]
    pub fn new(kind: TagKind, number: u32) -> Option<Self> {
        (1..=MAX_NUMBER)
            .contains(&number)
            .then_some(Self { kind, number })
    }

    /// Reads the canonical form and no other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (label, digits) = text
            .strip_prefix('[')?
            .strip_suffix(']')?
            .rsplit_once('_')?;
        Self::new(TagKind::new(label)?, number(digits)?)
    }

    /// Writes the canonical form behind a text.
    pub(crate) fn write_to(&self, out: &mut String) {
        out.push('[');
        out.push_str(self.kind.as_str());
        out.push('_');
        let mut power = 1;
        while self.number / power >= 10 {
            power *= 10;
        }
        while power > 0 {
            out.extend(char::from_digit(self.number / power % 10, 10));
            power /= 10;
        }
        out.push(']');
    }

    /// The label.
    #[must_use]
    pub const fn kind(&self) -> &TagKind {
        &self.kind
    }

    /// The number, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}]", self.kind, self.number)
    }
}

/// A number of a tag: one to nine ASCII digits, no leading zero.
pub(crate) fn number(digits: &str) -> Option<u32> {
    let shaped = (1..=9).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0');
    if shaped { digits.parse().ok() } else { None }
}
