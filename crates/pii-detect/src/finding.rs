//! Findings: where, what kind, how sure, and why.

use std::fmt;
use std::sync::Arc;

use crate::kind::Kind;
use crate::locale::{Locale, Part, Parts};
use crate::span::Span;

/// Why a finding was made, as `rule:cue:validator`.
///
/// The three parts are constants of this crate, so a reason never holds text of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Why(&'static str);

impl Why {
    /// A reason; `reason` has three parts between colons.
    pub(crate) const fn new(reason: &'static str) -> Self {
        Self(reason)
    }

    /// A reason of a recogniser of the caller's own, see [`crate::Recognise`]: three parts of ASCII between colons, no
    /// part empty, `-` for none. It is a constant, so that it cannot hold text of the input. `known` and
    /// `special` are the detector's own rules; `None` for those.
    ///
    /// ```
    /// use pii_detect::Why;
    /// assert_eq!(Why::own("seats:row:-").map(Why::cue), Some("row"));
    /// assert_eq!(Why::own("seats"), None);
    /// assert_eq!(Why::own("known:name:exact"), None);
    /// ```
    #[must_use]
    pub fn own(reason: &'static str) -> Option<Self> {
        let mut parts = reason.split(':');
        let free = !matches!(parts.next(), None | Some("" | "known" | "special"));
        let two = matches!((parts.next(), parts.next(), parts.next()), (Some(a), Some(b), None) if !a.is_empty() && !b.is_empty());
        let plain = reason.bytes().all(|b| b.is_ascii_graphic());
        (free && two && plain).then_some(Self(reason))
    }

    /// The whole reason.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The rule that found it.
    #[must_use]
    pub fn rule(self) -> &'static str {
        self.0.split(':').next().unwrap_or("-")
    }

    /// Whether that rule found it: cheaper than [`rule`](Self::rule).
    pub(crate) fn by(self, rule: &str) -> bool {
        let rest = self.0.strip_prefix(rule);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    }

    /// The cue that led there, `-` for none.
    #[must_use]
    pub fn cue(self) -> &'static str {
        self.0.split(':').nth(1).unwrap_or("-")
    }

    /// What confirmed it, `-` for nothing.
    #[must_use]
    pub fn validator(self) -> &'static str {
        self.0.split(':').nth(2).unwrap_or("-")
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A label of the caller's own: `[A-Z][A-Z0-9]*(_[A-Z0-9]+)*`, at most 40 bytes, none of the built-in ones.
///
/// ```
/// use pii_detect::CustomLabel;
/// assert!(CustomLabel::new("LOYALTY_CARD").is_some());
/// assert!(CustomLabel::new("PERSON").is_none());
/// assert!(CustomLabel::new("loyalty").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomLabel(Arc<str>);

impl CustomLabel {
    /// Checks a label.
    #[must_use]
    pub fn new(label: &str) -> Option<Self> {
        let part = |p: &str| {
            !p.is_empty()
                && p.bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        let fits = label.len() <= 40
            && label.starts_with(|c: char| c.is_ascii_uppercase())
            && label.split('_').all(part)
            && label != "TEXT"
            && (label == Kind::Custom.label() || Kind::from_label(label).is_none());
        fits.then(|| Self(label.into()))
    }

    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    span: Span,
    kind: Kind,
    score: f32,
    why: Why,
    label: Option<CustomLabel>,
}

impl Finding {
    pub(crate) fn new(span: Span, kind: Kind, score: f32, why: Why) -> Self {
        Self {
            span,
            kind,
            score: score.clamp(0.0, 1.0),
            why,
            label: None,
        }
    }

    pub(crate) fn with_label(mut self, label: CustomLabel) -> Self {
        self.label = Some(label);
        self
    }

    pub(crate) fn with_span(mut self, span: Span) -> Self {
        self.span = span;
        self
    }

    /// Where it stands, in bytes.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// What kind it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// How sure the rule is, 0 to 1.
    #[must_use]
    pub const fn score(&self) -> f32 {
        self.score
    }

    /// Why it was made.
    #[must_use]
    pub const fn why(&self) -> Why {
        self.why
    }

    /// The caller's own label, for [`Kind::Custom`] alone.
    #[must_use]
    pub const fn custom_label(&self) -> Option<&CustomLabel> {
        self.label.as_ref()
    }

    /// The label as it stands in rows and tags: the caller's own, else that of the kind.
    #[must_use]
    pub fn label(&self) -> &str {
        match &self.label {
            Some(label) => label.as_str(),
            None => self.kind.label(),
        }
    }
}

/// The findings of one text: sorted, without overlap.
///
/// Debug prints kinds and offsets, never text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    locale: Option<Locale>,
    parts: Parts,
}

impl Findings {
    pub(crate) fn new(list: Vec<Finding>, locale: Option<Locale>, parts: Parts) -> Self {
        Self {
            list,
            locale,
            parts,
        }
    }

    /// The findings in the order of the text.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The language of the text, where it could be told.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        self.locale
    }

    /// The text by language: parts in order, every byte in one of them; a part is one line at least.
    ///
    /// Most texts have one part, whose language is that of [`Findings::locale`]. A language that the caller has fixed
    /// is that of every part.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        self.parts.as_slice()
    }

    /// The language at a byte of the text: that of the part it lies in.
    #[must_use]
    pub fn locale_at(&self, byte: usize) -> Option<Locale> {
        self.parts.at(byte)
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
