//! One value of a log, read before it is written.

use std::borrow::Cow;
use std::ops::Range;

use pii_detect::{Detector, Findings, Known};

use super::watch::Watch;
use crate::seal::{guarded, trimmed};
use crate::tag::TagKind;

/// How deep escapes are undone.
const ESCAPES: usize = 4;

/// What is written where a value could not be read: the detector failed, or its answer cannot be believed.
pub const UNCHECKED: &str = "<unchecked>";

/// Longest value that is written, in bytes, unless it is set.
pub const MAX_VALUE: usize = 8 * 1024;

/// How far beyond the cut a value is read, so that nothing is missed for being cut in two.
const BEYOND: usize = 256;

/// Rounds of detection on one value; one that needs more is not written.
const ROUNDS: usize = 3;

/// Reads values of logs and replaces what is personal in them by its kind.
///
/// Escapes of Debug, JSON and URLs are undone for reading; where that shows something, the whole value becomes
/// [`UNCHECKED`]. What is encoded otherwise (base64, compressed, encrypted) is not read.
///
/// ```
/// use redact::Detector;
/// use redact::log::Scrubber;
/// let scrubber = Scrubber::new(Detector::new());
/// assert_eq!(scrubber.message("sent to zoe.quirk@example.org"), "sent to <EMAIL>");
/// assert_eq!(scrubber.value("password", "hunter2!Xq"), "<SECRET>");
/// assert_eq!(scrubber.message("3 rows in 12 ms"), "3 rows in 12 ms");
/// ```
#[derive(Clone, Debug)]
pub struct Scrubber {
    detector: Detector,
    watch: Watch,
    max: usize,
}

impl Scrubber {
    /// Reads with this detector; its patterns and recognisers find what is the caller's own.
    #[must_use]
    pub fn new(detector: Detector) -> Self {
        Self {
            detector,
            watch: Watch::new(),
            max: MAX_VALUE,
        }
    }

    /// Looks for these values as well.
    #[must_use]
    pub fn watch(mut self, watch: &Watch) -> Self {
        self.watch = watch.clone();
        self
    }

    /// Longest value that is written, in bytes; of a longer one the beginning, with a note of how long it was.
    #[must_use]
    pub const fn max_value(mut self, bytes: usize) -> Self {
        self.max = bytes;
        self
    }

    /// A message: text without a name.
    #[must_use]
    pub fn message<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.read("", text)
    }

    /// The value of a field. The name is read with it, since it says what a value is (`password`, `phone`).
    #[must_use]
    pub fn value<'t>(&self, name: &str, text: &'t str) -> Cow<'t, str> {
        self.read(if name == "message" { "" } else { name }, text)
    }

    fn read<'t>(&self, name: &str, text: &'t str) -> Cow<'t, str> {
        let end = text.floor_char_boundary(self.max.saturating_add(BEYOND));
        let head = text.get(..end).unwrap_or_default();
        let Some(found) = self.found(name, head) else {
            return UNCHECKED.into();
        };
        let long = text.len() > self.max;
        let out = match (found.is_empty(), long) {
            (true, false) => Cow::Borrowed(text),
            _ => {
                let Some(out) = self.again(name, head, found) else {
                    return UNCHECKED.into();
                };
                Cow::Owned(out)
            }
        };
        if self.hides(name, &out) {
            return UNCHECKED.into();
        }
        if !long {
            return out;
        }
        // What was read beyond the cut goes; a kind that is cut in two loses its end and says nothing.
        let end = out.floor_char_boundary(self.max);
        let kept = out.get(..end).unwrap_or_default();
        format!("{kept} <cut: {} bytes>", text.len()).into()
    }

    /// The text with what was found replaced, and read again until nothing is found.
    fn again(&self, name: &str, text: &str, found: Vec<(Range<usize>, TagKind)>) -> Option<String> {
        let mut out = replaced(text, &found);
        for _ in 0..ROUNDS {
            let kinds = kinds_in(&out);
            let hidden: String = crate::seal::masked(&out, &kinds);
            let left: Vec<_> = self
                .found(name, &hidden)?
                .into_iter()
                .filter(|(range, _)| {
                    !kinds
                        .iter()
                        .any(|k| k.start < range.end && range.start < k.end)
                })
                .collect();
            if left.is_empty() {
                return Some(out);
            }
            out = replaced(&out, &left);
        }
        None
    }

    /// What is personal in a text, sorted, without overlap; `None` where that cannot be said.
    fn found(&self, name: &str, text: &str) -> Option<Vec<(Range<usize>, TagKind)>> {
        if text.is_empty() {
            return Some(Vec::new());
        }
        let (lead, whole) = if name.is_empty() {
            (0, Cow::Borrowed(text))
        } else {
            (name.len() + 2, Cow::Owned(format!("{name}: {text}")))
        };
        let findings: Findings =
            guarded(|| self.detector.detect(&whole, &Known::default())).ok()?;
        let mut found: Vec<(Range<usize>, TagKind)> = findings
            .iter()
            .filter_map(|finding| {
                let kind = TagKind::new(finding.label()).unwrap_or_else(|| finding.kind().into());
                let start = finding.span().start().saturating_sub(lead);
                let end = finding.span().end().checked_sub(lead)?;
                (start < end).then_some((start..end, kind))
            })
            .collect();
        let hits = self.watch.hits(text)?;
        found.extend(hits.into_iter().map(|hit| (hit.start..hit.end, hit.kind)));
        found.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut merged: Vec<(Range<usize>, TagKind)> = Vec::with_capacity(found.len());
        for (range, kind) in found {
            match merged.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => merged.push((range, kind)),
            }
        }
        Some(merged)
    }

    /// Whether something personal shows once escapes are undone: `\u00eb`, `\n`, `%40`, as Debug, JSON and URLs write
    /// them, one in another. What is escaped more often than that cannot be read.
    fn hides(&self, name: &str, text: &str) -> bool {
        let Some(mut plain) = unescaped(text) else {
            return false;
        };
        for _ in 0..ESCAPES {
            if self.shows(name, &plain) {
                return true;
            }
            plain = match unescaped(&plain) {
                Some(plain) => plain,
                None => return false,
            };
        }
        true
    }

    fn shows(&self, name: &str, plain: &str) -> bool {
        let kinds = kinds_in(plain);
        let hidden = crate::seal::masked(plain, &kinds);
        match self.found(name, &hidden) {
            Some(found) => found.into_iter().any(|(range, _)| {
                let range = trimmed(&hidden, range);
                let inside = |k: &Range<usize>| k.start <= range.start && range.end <= k.end;
                !range.is_empty() && !kinds.iter().any(inside)
            }),
            None => true,
        }
    }
}

fn replaced(text: &str, found: &[(Range<usize>, TagKind)]) -> String {
    let mut out = String::with_capacity(text.len() + 16 * found.len());
    let mut at = 0;
    for (range, kind) in found {
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push('<');
        out.push_str(kind.as_str());
        out.push('>');
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Where `<KIND>` stands.
fn kinds_in(text: &str) -> Vec<Range<usize>> {
    text.match_indices('<')
        .filter_map(|(start, _)| {
            let rest = text.get(start + 1..)?;
            let label = rest.get(..rest.bytes().take(64).position(|b| b == b'>')?)?;
            TagKind::new(label)?;
            Some(start..start + label.len() + 2)
        })
        .collect()
}

/// The text with escapes undone, once; `None` where it has none.
fn unescaped(text: &str) -> Option<String> {
    if !text.contains(['\\', '%']) {
        return None;
    }
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut changed = false;
    while let Some(at) = rest.find(['\\', '%']) {
        let (before, tail) = rest.split_at(at);
        out.extend_from_slice(before.as_bytes());
        let (taken, bytes) = escape(tail);
        changed |= taken > 1;
        out.extend_from_slice(&bytes);
        rest = tail.get(taken..).unwrap_or_default();
    }
    out.extend_from_slice(rest.as_bytes());
    changed.then(|| String::from_utf8_lossy(&out).into_owned())
}

/// The escape at the beginning of a text: how long it is and what it stands for.
fn escape(text: &str) -> (usize, Vec<u8>) {
    let itself = || (1, text.as_bytes().iter().take(1).copied().collect());
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok();
    let letter = |c: Option<char>| c.map(|c| c.to_string().into_bytes());
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some('%'), Some(_)) => match text
            .get(1..3)
            .and_then(hex)
            .and_then(|n| u8::try_from(n).ok())
        {
            Some(byte) => (3, vec![byte]),
            None => itself(),
        },
        (Some('\\'), Some('u')) => {
            let braced = text
                .get(2..)
                .and_then(|t| t.strip_prefix('{'))
                .and_then(|t| Some((t, t.bytes().take(8).position(|b| b == b'}')?)));
            let (digits, length) = match braced {
                Some((t, end)) => (t.get(..end), end + 4),
                None => (text.get(2..6), 6),
            };
            match letter(digits.and_then(hex).and_then(char::from_u32)) {
                Some(bytes) => (length, bytes),
                None => itself(),
            }
        }
        (Some('\\'), Some('n' | 'r' | 't')) => (2, vec![b' ']),
        (Some('\\'), Some(c @ ('"' | '\'' | '\\' | '/'))) => (2, c.to_string().into_bytes()),
        _ => itself(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_undone() {
        for (text, expected) in [
            ("zoe%40shop.test", "zoe@shop.test"),
            (r"Zo\u00eb\nQuirk \u{eb}", "Zo\u{eb} Quirk \u{eb}"),
            (r#"\"a\\b\/"#, "\"a\\b/"),
            ("100%", ""),
            (r"C:\dir", ""),
            (r"\u{}\ud800\u", ""),
            ("%zz \u{20ac}\\", ""),
        ] {
            assert_eq!(unescaped(text).unwrap_or_default(), expected, "{text}");
        }
    }
}
