//! The detector: built once, asked for every text.

use std::sync::Arc;

use crate::custom::{
    Allow, CustomRecogniser, Part, PatternSet, Recognise, Sets, TenantPattern, ask,
};
use crate::error::Error;
use crate::finding::{Finding, Findings};
use crate::kind::Kind;
use crate::known::Known;
use crate::locale::{Locale, Parts, of_tokens};
use crate::neural::{self, TokenClassifier};
use crate::resolve::resolve;
use crate::rules;
use crate::scan::Scan;

/// Longest text a detector takes unless it is told otherwise: 16 MiB.
pub const DEFAULT_MAX_BYTES: usize = 16 << 20;

/// Findings with a lower score are dropped, unless [`DetectorBuilder::recall_bias`] moves the line.
const THRESHOLD: f32 = 0.35;

/// What the rules know of a text besides the text.
pub(crate) struct Context<'d> {
    /// The language, where it could be told.
    pub(crate) locale: Option<Locale>,
    /// The language of each part.
    pub(crate) parts: Parts,
    /// What the caller knows.
    pub(crate) known: &'d Known,
    /// Whether names and places are looked for.
    pub(crate) names: bool,
    /// What is added to every label of the tagger, in natural logarithms.
    pub(crate) bias: f32,
}

impl Context<'_> {
    /// The language of the part that holds a byte.
    pub(crate) fn locale_at(&self, byte: usize) -> Option<Locale> {
        self.parts.at(byte)
    }
}

/// What finds names and places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameEngine {
    /// The rules and the lexicon that come with the crate.
    #[default]
    Embedded,
    /// Nothing: names are found only where the caller knows them.
    None,
}

/// Finds personal data in text.
///
/// A detector holds no text and no state between calls; one can serve all threads.
///
/// ```
/// use pii_detect::{Detector, Kind, Known};
/// let detector = Detector::new();
/// let found = detector.detect("Write to zoe@example.org please", &Known::new())?;
/// let kinds: Vec<Kind> = found.iter().map(|f| f.kind()).collect();
/// assert_eq!(kinds, [Kind::Email]);
/// # Ok::<(), pii_detect::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Detector {
    max_bytes: usize,
    threshold: f32,
    bias: f32,
    locale: Option<Locale>,
    names: NameEngine,
    patterns: Vec<TenantPattern>,
    sets: Option<Sets>,
    /// The sets that are used, the one for every text first.
    chosen: Vec<Arc<Part>>,
    recognisers: Vec<Arc<dyn Recognise>>,
    neural: Option<Arc<dyn TokenClassifier>>,
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    /// A detector with everything on and nothing of the caller's own.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            max_bytes: DEFAULT_MAX_BYTES,
            threshold: THRESHOLD,
            bias: 0.0,
            locale: None,
            names: NameEngine::Embedded,
            patterns: Vec::new(),
            sets: None,
            chosen: Vec::new(),
            recognisers: Vec::new(),
            neural: None,
        }
    }

    /// A detector with settings.
    #[must_use]
    pub fn builder() -> DetectorBuilder {
        DetectorBuilder::default()
    }

    /// The same detector for the patterns and allow-lists of these sets, beside those without a set.
    ///
    /// Nothing is compiled again: a call costs some copied pointers, so it can be made for every text. Without it the
    /// patterns of no set are used: one tenant's never find anything in another's text.
    ///
    /// ```
    /// use pii_detect::{Detector, Known, Pattern, PatternSet};
    /// let mut order = Pattern::number("ACME_ORDER", "AC-######");
    /// order.set = Some("acme".into());
    /// let mut set = PatternSet::default();
    /// set.patterns.push(order);
    /// let detector = Detector::builder().names(pii_detect::NameEngine::None).patterns(set).build()?;
    /// let acme = |d: &Detector| -> Result<bool, pii_detect::Error> {
    ///     Ok(d.detect("see AC-204417", &Known::new())?.iter().any(|f| f.label() == "ACME_ORDER"))
    /// };
    /// assert!(acme(&detector.for_sets(&["acme"])?)?);
    /// assert!(!acme(&detector)?);
    /// assert!(detector.for_sets(&["acne"]).is_err());
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NoSuchSet`]: a misspelt name would leave its patterns out.
    pub fn for_sets(&self, names: &[&str]) -> Result<Self, Error> {
        let chosen = match &self.sets {
            Some(sets) => sets.choose(names)?,
            None if names.is_empty() => Vec::new(),
            None => return Err(Error::NoSuchSet { index: 0 }),
        };
        Ok(Self {
            chosen,
            ..self.clone()
        })
    }

    /// The longest text it takes, in bytes.
    #[must_use]
    pub const fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Finds personal data in `text`; time is linear in its length.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when the text is longer than the limit of the detector, [`Error::Neural`] when a token
    /// classifier was given and failed, [`Error::Recogniser`] when a recogniser of the caller's own did.
    pub fn detect(&self, text: &str, known: &Known) -> Result<Findings, Error> {
        if text.len() > self.max_bytes {
            return Err(Error::TooLarge {
                len: text.len(),
                limit: self.max_bytes,
            });
        }
        if text.is_empty() {
            return Ok(Findings::default());
        }
        let names = self.names == NameEngine::Embedded;
        let scan = Scan::with(text, names || !known.is_empty());
        let locale = self.locale.or_else(|| of_tokens(&scan.tokens));
        let parts = match self.locale {
            Some(_) => Parts::whole(text, locale),
            None => Parts::new(&scan.tokens, locale),
        };
        let context = Context {
            locale,
            parts,
            known,
            names,
            bias: self.bias,
        };
        let mut candidates: Vec<Finding> = Vec::with_capacity(16);
        for pattern in &self.patterns {
            pattern.find(&scan, &mut candidates);
        }
        for part in &self.chosen {
            part.find(&scan, locale, self.threshold, &mut candidates);
        }
        ask(&self.recognisers, &scan, locale, &mut candidates)?;
        rules::find(&scan, &context, &mut candidates);
        if let Some(classifier) = &self.neural {
            neural::add(classifier.as_ref(), &scan, self.threshold, &mut candidates)?;
        }
        for part in &self.chosen {
            part.allow(&scan, &mut candidates);
        }
        Ok(Findings::new(
            resolve(text, candidates, self.threshold),
            locale,
            context.parts,
        ))
    }
}

/// Settings of a [`Detector`].
#[derive(Clone, Debug, Default)]
pub struct DetectorBuilder {
    max_bytes: Option<usize>,
    recall_bias: f32,
    locale: Option<Locale>,
    names: NameEngine,
    patterns: Vec<(Kind, String)>,
    custom: Vec<CustomRecogniser>,
    set: PatternSet,
    recognisers: Vec<Arc<dyn Recognise>>,
    neural: Option<Arc<dyn TokenClassifier>>,
}

impl DetectorBuilder {
    /// The longest text taken, in bytes; [`DEFAULT_MAX_BYTES`] unless it is set.
    #[must_use]
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = Some(max_bytes);
        self
    }

    /// Moves the threshold: 1 keeps every candidate, -1 only the surest, 0 is the default.
    #[must_use]
    pub fn recall_bias(mut self, bias: f32) -> Self {
        self.recall_bias = bias;
        self
    }

    /// Fixes the language instead of detecting it.
    #[must_use]
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = Some(locale);
        self
    }

    /// Chooses what finds names and places.
    #[must_use]
    pub fn names(mut self, engine: NameEngine) -> Self {
        self.names = engine;
        self
    }

    /// Adds a number pattern of the tenant: `#` is a digit, `@` a letter, `*` either, the rest stands as it is.
    ///
    /// ```
    /// use pii_detect::{Detector, Kind, Known};
    /// let detector = Detector::builder().tenant_pattern(Kind::Order, "WX-####@").build()?;
    /// let found = detector.detect("wx-2031b is late", &Known::new())?;
    /// assert_eq!(found.iter().map(|f| f.kind()).collect::<Vec<_>>(), [Kind::Order]);
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    #[must_use]
    pub fn tenant_pattern(mut self, kind: Kind, pattern: &str) -> Self {
        self.patterns.push((kind, pattern.to_owned()));
        self
    }

    /// Adds a recogniser of the caller's own.
    #[must_use]
    pub fn custom(mut self, recogniser: CustomRecogniser) -> Self {
        self.custom.push(recogniser);
        self
    }

    /// Adds patterns and allow-lists as data; more than one call adds more.
    #[must_use]
    pub fn patterns(mut self, set: PatternSet) -> Self {
        self.set.patterns.extend(set.patterns);
        self.set.allow.extend(set.allow);
        self
    }

    /// Adds an allow-list.
    #[must_use]
    pub fn allow(mut self, allow: Allow) -> Self {
        self.set.allow.push(allow);
        self
    }

    /// Adds code of the caller's own, see [`Recognise`].
    #[must_use]
    pub fn recogniser(mut self, recogniser: Arc<dyn Recognise>) -> Self {
        self.recognisers.push(recogniser);
        self
    }

    /// Lets a token classifier read every text beside the rules; see [`TokenClassifier`].
    ///
    /// With [`NameEngine::None`] it alone finds names and places.
    #[must_use]
    pub fn neural(mut self, classifier: Arc<dyn TokenClassifier>) -> Self {
        self.neural = Some(classifier);
        self
    }

    /// Checks the settings and builds the detector.
    ///
    /// # Errors
    /// [`Error::BadTenantPattern`], [`Error::BadRecogniser`], [`Error::BadPattern`] and [`Error::BadAllow`] name the setting that cannot be used.
    pub fn build(self) -> Result<Detector, Error> {
        let patterns = self
            .patterns
            .iter()
            .enumerate()
            .map(|(index, (kind, pattern))| TenantPattern::parse(*kind, pattern, index))
            .collect::<Result<Vec<_>, _>>()?;
        let bias = if self.recall_bias.is_finite() {
            self.recall_bias.clamp(-1.0, 1.0)
        } else {
            0.0
        };
        let threshold = if bias >= 0.0 {
            THRESHOLD * (1.0 - bias)
        } else {
            // At -1 the line stands at 0.85: checksums, strong cues and known values remain.
            THRESHOLD - bias * (0.85 - THRESHOLD)
        };
        let sets = Sets::new(&self.custom, &self.set)?;
        Ok(Detector {
            max_bytes: self.max_bytes.unwrap_or(DEFAULT_MAX_BYTES),
            threshold,
            // At 1 a name needs three logarithms less than by default, at -1 as many more.
            bias: 3.0 * bias,
            locale: self.locale,
            names: self.names,
            patterns,
            chosen: sets.choose(&[])?,
            sets: Some(sets),
            recognisers: self.recognisers,
            neural: self.neural,
        })
    }
}
