//! Code of the caller's own that finds what no pattern can.

use std::fmt;
use std::sync::Arc;

use crate::error::Error;
use crate::finding::{CustomLabel, Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::scan::Scan;
use crate::span::Span;

/// Something that looks at every text beside the rules.
///
/// One recogniser serves all threads; it gets the text for the time of the call and must not keep it. What it finds
/// enters as candidates and is resolved with everything else: the longer finding wins, then the higher score.
///
/// It fails closed: a span outside the text, a score that is no number, or an error of its own fail the detection with
/// [`Error::Recogniser`], which names it. A panic in it is not caught: it goes through [`crate::Detector::detect`] to
/// the caller like a panic of the caller's own, and the detector, which keeps nothing between calls, stays usable.
///
/// ```
/// use std::sync::Arc;
/// use pii_detect::{CustomLabel, Detector, Known, Recognise, RecogniseFault, Sink, Span, View, Why};
///
/// /// Seats as the theatre writes them: "row 4 seat 12".
/// #[derive(Debug)]
/// struct Seats(CustomLabel);
///
/// impl Recognise for Seats {
///     fn name(&self) -> &str {
///         "seats"
///     }
///
///     fn recognise(&self, view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), RecogniseFault> {
///         let why = Why::own("seats:row:-").ok_or(RecogniseFault::Failed { reason: "bad reason" })?;
///         let words: Vec<Span> = view.words().collect();
///         for four in words.windows(4) {
///             let [row, n, seat, m] = four else { continue };
///             let number = |s: &Span| view.word(*s).bytes().all(|b| b.is_ascii_digit());
///             if view.word(*row) == "row" && number(n) && view.word(*seat) == "seat" && number(m) {
///                 sink.push(row.start()..m.end(), &self.0, 0.9, why)?;
///             }
///         }
///         Ok(())
///     }
/// }
///
/// let label = CustomLabel::new("SEAT").ok_or("label")?;
/// let detector = Detector::builder().recogniser(Arc::new(Seats(label))).build()?;
/// let found = detector.detect("we had row 4 seat 12 and it rained", &Known::new())?;
/// let first = found.iter().next().ok_or("nothing")?;
/// assert_eq!((first.label(), first.why().rule()), ("SEAT", "seats"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Recognise: fmt::Debug + Send + Sync {
    /// What errors call it: never text of an input.
    fn name(&self) -> &str;

    /// Looks at a text and pushes what it finds.
    ///
    /// # Errors
    /// The text could not be looked at, or a push was refused. Errors hold no text of the input.
    fn recognise(&self, view: &View<'_>, sink: &mut Sink<'_>) -> Result<(), RecogniseFault>;
}

/// A text as a recogniser sees it.
pub struct View<'t> {
    scan: &'t Scan<'t>,
    locale: Option<Locale>,
}

impl<'t> View<'t> {
    /// The whole text.
    #[must_use]
    pub const fn text(&self) -> &'t str {
        self.scan.text
    }

    /// The language, where it could be told.
    #[must_use]
    pub const fn locale(&self) -> Option<Locale> {
        self.locale
    }

    /// Its runs of letters and digits, in order. They were found before: nothing is searched again.
    pub fn words(&self) -> impl Iterator<Item = Span> + use<'t> {
        let all = self.scan.tokens.all().iter();
        all.filter_map(|token| Span::new(token.start, token.end))
    }

    /// The text of a span; empty where the span does not fit.
    #[must_use]
    pub fn word(&self, span: Span) -> &'t str {
        span.of(self.scan.text).unwrap_or("")
    }
}

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "View({} bytes, {:?})", self.scan.text.len(), self.locale)
    }
}

/// What a finding of a recogniser is: a kind, or a label of the caller's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    kind: Kind,
    label: Option<CustomLabel>,
}

impl Meaning {
    /// The meaning of a label: that of a kind, or one of the caller's own.
    pub(super) fn of_label(label: &str) -> Option<Self> {
        match Kind::from_label(label) {
            Some(kind) if kind != Kind::Custom => Some(kind.into()),
            _ => CustomLabel::new(label).map(Self::from),
        }
    }

    pub(super) const fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn finding(&self, span: Span, score: f32, why: Why) -> Finding {
        let finding = Finding::new(span, self.kind, score, why);
        match &self.label {
            Some(label) => finding.with_label(label.clone()),
            None => finding,
        }
    }
}

impl From<Kind> for Meaning {
    fn from(kind: Kind) -> Self {
        Self { kind, label: None }
    }
}

impl From<CustomLabel> for Meaning {
    fn from(label: CustomLabel) -> Self {
        Self {
            kind: Kind::Custom,
            label: Some(label),
        }
    }
}

impl From<&CustomLabel> for Meaning {
    fn from(label: &CustomLabel) -> Self {
        label.clone().into()
    }
}

/// Where a recogniser puts what it finds.
pub struct Sink<'s> {
    text: &'s str,
    out: &'s mut Vec<Finding>,
    /// The first refusal, so that ignoring it does not hide it.
    fault: Option<RecogniseFault>,
}

impl Sink<'_> {
    /// Adds a finding: its bytes in the text, what it is, how sure that is from 0 to 1, and why.
    ///
    /// # Errors
    /// [`RecogniseFault::BadSpan`] when the range is empty, outside the text or cuts a character, and
    /// [`RecogniseFault::BadScore`]. The detection fails then, even if the recogniser goes on.
    pub fn push(
        &mut self,
        bytes: std::ops::Range<usize>,
        meaning: impl Into<Meaning>,
        score: f32,
        why: Why,
    ) -> Result<(), RecogniseFault> {
        let span = Span::new(bytes.start, bytes.end).filter(|span| span.of(self.text).is_some());
        let fault = match span {
            Some(span) if (0.0..=1.0).contains(&score) => {
                self.out.push(meaning.into().finding(span, score, why));
                return Ok(());
            }
            Some(_) => RecogniseFault::BadScore,
            None => RecogniseFault::BadSpan {
                start: bytes.start,
                end: bytes.end,
                len: self.text.len(),
            },
        };
        self.fault.get_or_insert_with(|| fault.clone());
        Err(fault)
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sink({} candidates)", self.out.len())
    }
}

/// Why a recogniser of the caller's own failed. Nothing in it is text of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecogniseFault {
    /// A span is empty, outside the text, or cuts a character.
    #[error("span {start}..{end} does not fit a text of {len} bytes")]
    BadSpan {
        /// Its first byte.
        start: usize,
        /// The byte behind its last.
        end: usize,
        /// Bytes of the text.
        len: usize,
    },
    /// A score is no number from 0 to 1.
    #[error("a score is no number from 0 to 1")]
    BadScore,
    /// The recogniser gave up.
    #[error("{reason}")]
    Failed {
        /// Why, as a constant, so that no text of the input can be in it.
        reason: &'static str,
    },
}

/// Lets every recogniser add its candidates.
pub(crate) fn ask(
    list: &[Arc<dyn Recognise>],
    scan: &Scan<'_>,
    locale: Option<Locale>,
    out: &mut Vec<Finding>,
) -> Result<(), Error> {
    for one in list {
        let view = View { scan, locale };
        let mut sink = Sink {
            text: scan.text,
            out,
            fault: None,
        };
        let said = one.recognise(&view, &mut sink);
        if let Some(fault) = sink.fault.or(said.err()) {
            let name = one.name().to_owned();
            return Err(Error::Recogniser { name, fault });
        }
    }
    Ok(())
}
