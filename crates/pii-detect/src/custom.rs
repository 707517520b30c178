//! Recognisers of the caller's own: number patterns of a tenant, and regular expressions.

use std::fmt;

use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::syntax;

use crate::error::{Error, RecogniserFault};
use crate::finding::{CustomLabel, Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;

/// Room for the lazy automaton of all recognisers together, per search thread. Too small a cache makes the
/// engine fall back to a simulation that is a hundred times slower.
const CACHE_BYTES: usize = 64 << 20;

/// A regular expression with a label of its own.
///
/// All recognisers of a detector are compiled into one automaton; where two could begin at the same place
/// the one that was added first is taken. The syntax is that of the `regex` crate, so matching is linear in the
/// length of the text.
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
    pattern: String,
    score: f32,
}

impl fmt::Debug for CustomRecogniser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A list of words may be a list of names.
        write!(
            f,
            "CustomRecogniser({:?}, {} bytes)",
            self.label,
            self.pattern.len()
        )
    }
}

impl CustomRecogniser {
    /// A recogniser by regular expression; compiled by [`crate::DetectorBuilder::build`].
    #[must_use]
    pub fn regex(label: CustomLabel, pattern: &str) -> Self {
        Self {
            label,
            pattern: pattern.to_owned(),
            score: 0.9,
        }
    }

    /// A recogniser of words and phrases as they stand, in any case, between word borders.
    #[must_use]
    pub fn words<'a>(label: CustomLabel, words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
        // The longest first: the engine takes the first alternative that fits.
        list.sort_by_key(|w| std::cmp::Reverse(w.len()));
        let mut pattern = String::from("(?i:");
        for (i, word) in list.iter().enumerate() {
            if i > 0 {
                pattern.push('|');
            }
            let edge = |c: Option<char>| {
                if c.is_some_and(char::is_alphanumeric) {
                    r"\b"
                } else {
                    ""
                }
            };
            pattern.push_str(edge(word.chars().next()));
            for c in word.chars() {
                if r"\.+*?()|[]{}^$#&-~".contains(c) {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern.push_str(edge(word.chars().next_back()));
        }
        pattern.push(')');
        Self {
            label,
            pattern,
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

/// All custom recognisers in one engine.
pub(crate) struct Engine {
    regex: Regex,
    meaning: Vec<(CustomLabel, f32)>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Engine({} recognisers)", self.meaning.len())
    }
}

impl Engine {
    /// Compiles the recognisers; `None` when there is none.
    pub(crate) fn new(list: &[CustomRecogniser]) -> Result<Option<Self>, Error> {
        if list.is_empty() {
            return Ok(None);
        }
        for (index, one) in list.iter().enumerate() {
            let bad = |fault| Error::BadRecogniser { index, fault };
            let alone = Regex::new(&one.pattern).map_err(|e| bad(fault(&e)))?;
            // A recogniser that matches nothing at all would match everywhere.
            if alone.is_match("") {
                return Err(bad(RecogniserFault::MatchesNothing));
            }
        }
        let patterns: Vec<&str> = list.iter().map(|r| r.pattern.as_str()).collect();
        let regex = Regex::builder()
            .configure(Config::new().hybrid_cache_capacity(CACHE_BYTES))
            .syntax(syntax::Config::new().utf8(true))
            .build_many(&patterns)
            .map_err(|e| Error::BadRecogniser {
                index: e.pattern().map_or(0, |p| p.as_usize()),
                fault: fault(&e),
            })?;
        Ok(Some(Self {
            regex,
            meaning: list.iter().map(|r| (r.label.clone(), r.score)).collect(),
        }))
    }

    /// Adds what the recognisers find.
    pub(crate) fn find(&self, text: &str, out: &mut Vec<Finding>) {
        for hit in self.regex.find_iter(text) {
            let meaning = self.meaning.get(hit.pattern().as_usize());
            if let (Some((label, score)), Some(span)) = (meaning, Span::new(hit.start(), hit.end()))
            {
                let why = Why::new("custom:-:regex");
                out.push(Finding::new(span, Kind::Custom, *score, why).with_label(label.clone()));
            }
        }
    }
}

/// What the engine says, without the expression it would quote.
fn fault(error: &BuildError) -> RecogniserFault {
    match error.syntax_error() {
        Some(regex_syntax::Error::Parse(e)) => RecogniserFault::Syntax {
            rule: e.kind().to_string(),
            at: e.span().start.offset,
        },
        Some(regex_syntax::Error::Translate(e)) => RecogniserFault::Syntax {
            rule: e.kind().to_string(),
            at: e.span().start.offset,
        },
        _ => RecogniserFault::TooLarge,
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
