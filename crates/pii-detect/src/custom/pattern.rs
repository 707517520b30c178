//! Patterns as data: what to find, what must stand near, what must not, and for whom.

use std::fmt;

/// What one pattern finds. Plain data; [`crate::DetectorBuilder::build`] checks and compiles it.
///
/// One of [`regex`](Self::regex()), [`words`](Self::words()) and [`number`](Self::number()) says what to look for, the
/// fields say when to believe it. With the feature `serde` a pattern is read from any format, see [`PatternSet`].
///
/// ```
/// use pii_detect::{Detector, Known, Pattern, PatternSet};
/// let mut member = Pattern::number("MEMBER", "MB-######");
/// member.check = Some("luhn".into());
/// let mut desk = Pattern::regex("SEAT", r"\b[A-F]\d{1,2}\b");
/// desk.score = Some(0.2); // alone it is not believed
/// desk.context = vec!["seat".into(), "Platz".into()];
/// desk.unless = vec!["paper size".into()];
///
/// let mut set = PatternSet::default();
/// set.patterns = vec![member, desk];
/// let detector = Detector::builder().patterns(set).build()?;
/// let text = "MB-000018, not MB-000019; seat C12 near the door on the left, and paper size A4";
/// let found = detector.detect(text, &Known::new())?;
/// let own = found.iter().filter(|f| f.custom_label().is_some());
/// let values: Vec<&str> = own.filter_map(|f| f.span().of(text)).collect();
/// assert_eq!(values, ["MB-000018", "C12"]);
/// # Ok::<(), pii_detect::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Pattern {
    /// A label of [`crate::Kind`] such as `ORDER`, or one's own, see [`crate::CustomLabel`].
    pub label: String,
    /// A regular expression in the syntax of the `regex` crate; `\d` is 0 to 9 alone. A match has at most 2 KiB.
    /// If it has a group `value`, that is the finding and the rest is what must stand around it.
    pub regex: Option<String>,
    /// Words and phrases, found whole in any case, with or without accents, whatever spaces and commas are between.
    pub words: Vec<String>,
    /// A number pattern: `#` a digit, `@` a letter, `*` either, the rest stands as it is, in any case.
    pub number: Option<String>,
    /// How sure a finding is, 0 to 1: 0.9, or 0.5 where there is a `context`. Below 0.35 it is not reported.
    pub score: Option<f32>,
    /// How sure it is where a word of `context` stands near: 0.9.
    pub context_score: Option<f32>,
    /// Codes of the languages it is for, such as `de`; empty for all. Where the language of a text cannot be told,
    /// every pattern is used: better a finding too many.
    pub locales: Vec<String>,
    /// Words and phrases that raise the score.
    pub context: Vec<String>,
    /// Words and phrases near which it is no finding.
    pub unless: Vec<String>,
    /// How many words before and behind are near: 5, at most 32.
    pub within: Option<usize>,
    /// Values that this pattern never reports: a list without `set` and `labels`, for it is for this pattern alone.
    pub allow: Allow,
    /// What the letters and digits must pass: `luhn`, `mod97` (ISO 7064 MOD 97-10), or a name of
    /// [`crate::Scheme::all`] such as `pl-pesel`.
    pub check: Option<String>,
    /// The set it belongs to, see [`crate::Detector::for_sets`]; without one it is for every text.
    pub set: Option<String>,
}

impl Pattern {
    /// A pattern by regular expression.
    #[must_use]
    pub fn regex(label: &str, regex: &str) -> Self {
        Self {
            label: label.to_owned(),
            regex: Some(regex.to_owned()),
            ..Self::default()
        }
    }

    /// A pattern of words and phrases.
    #[must_use]
    pub fn words<'a>(label: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            label: label.to_owned(),
            words: words.into_iter().map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// A number pattern.
    #[must_use]
    pub fn number(label: &str, number: &str) -> Self {
        Self {
            label: label.to_owned(),
            number: Some(number.to_owned()),
            ..Self::default()
        }
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Words, and words within expressions, may be names.
        f.debug_struct("Pattern")
            .field("label", &self.label)
            .field("words", &self.words.len())
            .field("set", &self.set)
            .finish_non_exhaustive()
    }
}

/// Values that are no finding: the shop's own number and address.
///
/// Values are compared with case and accents folded. A value holds wherever it stands in a text, whatever spaces and
/// commas are in it, and covers what is found within it; numbers are compared by letters and digits alone.
/// Beginnings, ends and expressions are asked of a whole finding.
///
/// What is known of the customer ([`crate::Known`]) is reported whatever is allowed: somebody who works in the shop
/// and writes from its address is a customer here, and a list made for all must not undo what is known of one.
///
/// ```
/// use pii_detect::{Allow, Detector, Kind, Known};
/// let mut own = Allow::default();
/// own.values = vec!["+49 30 1234567".into(), "Musterstr. 1, 10115 Berlin".into()];
/// own.suffixes = vec!["@shop.example".into()];
/// own.labels = vec!["PHONE".into(), "ADDRESS".into(), "EMAIL".into()];
/// let detector = Detector::builder().allow(own).build()?;
/// let found = detector.detect("help@shop.example or zq@example.org", &Known::new())?;
/// assert_eq!(found.iter().map(|f| f.kind()).collect::<Vec<_>>(), [Kind::Email]);
/// # Ok::<(), pii_detect::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct Allow {
    /// Whole values.
    pub values: Vec<String>,
    /// What an allowed finding begins with.
    pub prefixes: Vec<String>,
    /// What an allowed finding ends with.
    pub suffixes: Vec<String>,
    /// Regular expressions that an allowed finding fits from end to end.
    pub regexes: Vec<String>,
    /// The labels it is for; empty for all.
    pub labels: Vec<String>,
    /// The set it belongs to, see [`crate::Detector::for_sets`]; without one it is for every text.
    pub set: Option<String>,
}

impl fmt::Debug for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = [&self.values, &self.prefixes, &self.suffixes, &self.regexes];
        let entries: usize = entries.iter().map(|list| list.len()).sum();
        write!(f, "Allow({entries} entries)")
    }
}

/// Patterns and allow-lists together, as they come from a file.
///
/// With the feature `serde` it is `Deserialize` (never `Serialize`: its words may be names); with the feature `toml` there is
/// `PatternSet::from_toml`:
///
/// ```toml
/// [[pattern]]
/// label = "ORDER"
/// number = "WX-####@"
/// set = "acme"
///
/// [[pattern]]
/// label = "SEAT"
/// regex = '\b[A-F]\d{1,2}\b'
/// score = 0.2
/// context = ["seat", "row"]
///
/// [[allow]]
/// values = ["+49 30 1234567"]
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct PatternSet {
    /// The patterns.
    #[cfg_attr(feature = "serde", serde(rename = "pattern"))]
    pub patterns: Vec<Pattern>,
    /// The allow-lists.
    #[cfg_attr(feature = "serde", serde(rename = "allow"))]
    pub allow: Vec<Allow>,
}

#[cfg(feature = "toml")]
impl PatternSet {
    /// Reads a set from TOML; an unknown key is an error, for a misspelt one would find nothing.
    ///
    /// ```
    /// use pii_detect::{Detector, Known, PatternSet};
    /// let set = PatternSet::from_toml(r#"
    /// [[pattern]]
    /// label = "LOYALTY_CARD"
    /// number = "LC-####-####"
    /// check = "luhn"
    /// "#)?;
    /// let detector = Detector::builder().patterns(set).build()?;
    /// assert_eq!(detector.detect("card LC-0000-0018", &Known::new())?.len(), 1);
    /// # Ok::<(), pii_detect::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::Error::BadPatternText`] says where; what was read is not quoted, for it may be names.
    pub fn from_toml(text: &str) -> Result<Self, crate::Error> {
        toml::from_str(text).map_err(|e| crate::Error::BadPatternText {
            at: e.span().map_or(0, |span| span.start),
            reason: reason(e.message()),
        })
    }
}

/// What the parser says, as far as it is a constant: its messages quote what they met.
#[cfg(feature = "toml")]
fn reason(message: &str) -> &'static str {
    match message.split([' ', '`']).next() {
        Some("unknown") => "there is no such key",
        Some("missing") => "a key is missing",
        Some("duplicate") => "a key stands twice",
        Some("invalid") if message.starts_with("invalid type") => "the value has the wrong type",
        _ => "it is no TOML",
    }
}
