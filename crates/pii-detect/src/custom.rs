//! Recognisers of the caller's own: number patterns of a tenant, and regular expressions.

use std::fmt;

use crate::error::Error;
use crate::finding::{CustomLabel, Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;

mod allow;
mod compile;
mod engine;
mod pattern;
mod phrases;
mod recognise;
mod rule;
mod sets;

pub use pattern::{Allow, Pattern, PatternSet};
pub(crate) use recognise::ask;
pub use recognise::{Meaning, Recognise, RecogniseFault, Sink, View};
pub(crate) use sets::{Part, Sets};

/// A regular expression with a label of its own.
///
/// The short form of a [`Pattern`], which can say more: context, checks, whose it is.
///
/// All recognisers of a detector are compiled into one automaton, so that those that match nowhere cost nothing. The
/// syntax is that of the `regex` crate, and so are the matches, but for `\d`, which is 0 to 9 alone. Beyond 2 KiB a match
/// may be cut.
///
/// ```
/// use pii_detect::{CustomLabel, CustomRecogniser, Detector, Known};
/// let label = CustomLabel::new("MEMBER").ok_or("label")?;
/// let detector = Detector::builder()
///     .custom(CustomRecogniser::regex(label, r"\bMB-[A-Z]{2}\d{2}\b"))
///     .build()?;
/// let found = detector.detect("card MB-QX17", &Known::new())?;
/// assert_eq!(found.iter().next().map(|f| f.label().to_owned()).as_deref(), Some("MEMBER"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct CustomRecogniser {
    label: CustomLabel,
    looks: Looks,
    score: f32,
}

/// What a recogniser looks for.
#[derive(Clone)]
enum Looks {
    Regex(String),
    Words(Vec<String>),
}

impl fmt::Debug for CustomRecogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A list of words may be a list of names.
        let (len, what) = match &self.looks {
            Looks::Regex(expression) => (expression.len(), "bytes"),
            Looks::Words(words) => (words.len(), "words"),
        };
        write!(f, "CustomRecogniser({:?}, {len} {what})", self.label)
    }
}

impl CustomRecogniser {
    /// A recogniser by regular expression; compiled by [`crate::DetectorBuilder::build`].
    #[must_use]
    pub fn regex(label: CustomLabel, pattern: &str) -> Self {
        Self {
            label,
            looks: Looks::Regex(pattern.to_owned()),
            score: 0.9,
        }
    }

    /// A recogniser of words and phrases, found whole, in any case, with or without accents.
    #[must_use]
    pub fn words<'a>(label: CustomLabel, words: impl IntoIterator<Item = &'a str>) -> Self {
        let words = words.into_iter().filter(|w| !w.is_empty());
        Self {
            label,
            looks: Looks::Words(words.map(str::to_owned).collect()),
            score: 0.9,
        }
    }

    /// The score of its findings, 0 to 1; 0.9 unless it is set.
    #[must_use]
    pub fn score(mut self, score: f32) -> Self {
        self.score = score.clamp(0.0, 1.0);
        self
    }
}

/// One place of a tenant pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Digit,
    Letter,
    Either,
    /// An ASCII byte, letters in lower case.
    Exactly(u8),
}

impl Place {
    fn fits(self, b: u8) -> bool {
        match self {
            Self::Digit => b.is_ascii_digit(),
            Self::Letter => b.is_ascii_alphabetic(),
            Self::Either => b.is_ascii_alphanumeric(),
            Self::Exactly(wanted) => b.to_ascii_lowercase() == wanted,
        }
    }
}

/// A number pattern of a tenant: `ORD-######`.
#[derive(Clone, Debug)]
pub(crate) struct TenantPattern {
    kind: Kind,
    places: Vec<Place>,
}

impl TenantPattern {
    pub(crate) fn parse(kind: Kind, pattern: &str, index: usize) -> Result<Self, Error> {
        let places: Vec<Place> = pattern
            .bytes()
            .map(|b| match b {
                b'#' => Place::Digit,
                b'@' => Place::Letter,
                b'*' => Place::Either,
                other => Place::Exactly(other.to_ascii_lowercase()),
            })
            .collect();
        let open = places
            .iter()
            .filter(|p| !matches!(p, Place::Exactly(_)))
            .count();
        let first_fits = match places.first() {
            Some(Place::Exactly(b)) => b.is_ascii_alphanumeric(),
            Some(_) => true,
            None => false,
        };
        let fits = pattern.is_ascii()
            && !pattern.bytes().any(|b| b.is_ascii_control())
            && (4..=64).contains(&places.len())
            && open >= 3
            && first_fits;
        fits.then_some(Self { kind, places })
            .ok_or(Error::BadTenantPattern { index })
    }

    /// Adds every place where the pattern stands between word borders.
    pub(crate) fn find(&self, scan: &Scan<'_>, out: &mut Vec<Finding>) {
        let bytes = scan.text.as_bytes();
        for token in scan.tokens.all() {
            let end = token.start + self.places.len();
            let Some(part) = bytes.get(token.start..end) else {
                break;
            };
            let fits = part.iter().zip(&self.places).all(|(b, p)| p.fits(*b));
            let border = scan
                .text
                .get(end..)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
            if fits
                && border
                && let Some(span) = Span::new(token.start, end)
            {
                let why = Why::new("tenant:-:pattern");
                out.push(Finding::new(span, self.kind, 0.97, why));
            }
        }
    }
}
