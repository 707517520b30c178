//! What a sealed document left out, counted: nothing goes missing without a word.

use std::collections::BTreeMap;

/// Parts of a document that no model may be given, by what they were: "comment", "script", or a MIME type.
///
/// ```
/// use redact::Dropped;
/// let dropped = Dropped::default();
/// assert!(dropped.is_empty());
/// assert_eq!((dropped.count("comment"), dropped.bytes()), (0, 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    parts: BTreeMap<String, (usize, usize)>,
}

impl Dropped {
    /// Counts a part; `what` holds no text of the document.
    #[cfg(any(feature = "html", feature = "mail"))]
    pub(super) fn add(&mut self, what: &str, bytes: usize) {
        let (count, sum) = self.parts.entry(what.to_owned()).or_default();
        *count += 1;
        *sum += bytes;
    }

    /// Whether nothing was left out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many parts of a sort were left out.
    #[must_use]
    pub fn count(&self, what: &str) -> usize {
        self.parts.get(what).map_or(0, |(count, _)| *count)
    }

    /// How many bytes were left out in all.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.parts.values().map(|(_, bytes)| bytes).sum()
    }

    /// Each sort with how many parts and bytes of it were left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize, usize)> {
        self.parts
            .iter()
            .map(|(what, (count, bytes))| (what.as_str(), *count, *bytes))
    }
}
