//! A structured document as a list of segments: where data stands in the source, what it says, how it is written there.
//!
//! Markup, keys and delimiters lie between segments and are never touched. What the detector reads is the *projection*: the
//! decoded segments one after the other, so that a name split by markup, a cell under its header and an escaped umlaut are
//! found with their context.

use std::ops::Range;

use zeroize::Zeroizing;

use super::escape::Escape;
use crate::seal::Piece;
use crate::tag::TagKind;

/// Decoded text and where each character of it comes from.
#[derive(Clone, Default)]
pub(super) struct Traced {
    text: Zeroizing<String>,
    runs: Vec<Run>,
    /// The byte of the source behind the last character.
    end: usize,
}

/// From here to the next run, text and source run in step, or an escape stands for all of it.
#[derive(Clone, Copy)]
struct Run {
    text: usize,
    source: usize,
    /// Where the run before it ends in the source.
    before: usize,
    is_escape: bool,
}

impl Traced {
    /// Room for a text that takes `length` bytes of source: decoding never makes it longer, so nothing is copied.
    pub(super) fn with_capacity(length: usize, start: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(length)),
            runs: Vec::new(),
            end: start,
        }
    }

    /// Text that stands in the source as it is, from `start`.
    pub(super) fn plain(text: &str, start: usize) -> Self {
        let mut traced = Self::with_capacity(text.len(), start);
        traced.push_str(text, start..start + text.len());
        traced
    }

    /// Adds decoded characters that stand for these bytes of the source.
    pub(super) fn push_str(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let is_escape = text.len() != source.len();
        let is_step = is_escape
            || self.end != source.start
            || self.runs.last().is_none_or(|run| run.is_escape);
        if is_step {
            self.runs.push(Run {
                text: self.text.len(),
                source: source.start,
                before: self.end,
                is_escape,
            });
        }
        self.text.push_str(text);
        self.end = source.end;
    }

    /// As [`Self::push_str`], for one character.
    pub(super) fn push(&mut self, c: char, source: Range<usize>) {
        self.push_str(c.encode_utf8(&mut [0; 4]), source);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The source of a range of the text. What lies within an escape takes the whole escape.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let index = self.runs.partition_point(|run| run.text <= range.start);
        let start = match index.checked_sub(1).and_then(|i| self.runs.get(i)) {
            Some(run) if run.is_escape => run.source,
            Some(run) => run.source + (range.start - run.text),
            None => self.end,
        };
        let index = self.runs.partition_point(|run| run.text < range.end);
        let run = index.checked_sub(1).and_then(|i| self.runs.get(i));
        let behind = self.runs.get(index).map_or(self.end, |next| next.before);
        let end = match run {
            Some(run) if !run.is_escape => behind.min(run.source + (range.end - run.text)),
            _ => behind,
        };
        start..end.max(start)
    }

    /// The text that stands for some bytes of the source, whole escapes.
    pub(super) fn of_source(&self, range: &Range<usize>) -> Range<usize> {
        let mut out: Option<Range<usize>> = None;
        let first = self.runs.partition_point(|run| run.source <= range.start);
        for (index, run) in self.runs.iter().enumerate().skip(first.saturating_sub(1)) {
            if run.source >= range.end {
                break;
            }
            let next = self.runs.get(index + 1);
            let text_end = next.map_or(self.text.len(), |next| next.text);
            let source_end = next.map_or(self.end, |next| next.before);
            let start = range.start.max(run.source);
            let end = range.end.min(source_end);
            if start >= end {
                continue;
            }
            let part = if run.is_escape {
                run.text..text_end
            } else {
                run.text + (start - run.source)..run.text + (end - run.source)
            };
            out = Some(out.map_or(part.clone(), |before| before.start..part.end));
        }
        out.unwrap_or_default()
    }
}

/// What the detector sees before a segment.
#[derive(Clone, Default)]
pub(super) enum Joint {
    /// Nothing: markup inside a line.
    #[default]
    None,
    /// A space.
    #[cfg(feature = "html")]
    Space,
    /// A new line.
    Line,
    /// A new line that begins with the name of the field.
    Field(Zeroizing<String>),
}

/// What may be done with a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Parts of it may be replaced.
    Parts,
    /// It is replaced as a whole: a JSON number becomes a string.
    Whole,
    /// A JSON number that must stay one.
    Number,
    /// A name of the markup: it cannot be replaced.
    #[cfg(feature = "html")]
    Markup,
}

/// A part of a document that holds data.
#[derive(Clone)]
pub(super) struct Segment {
    /// Its bytes in the source.
    pub(super) range: Range<usize>,
    pub(super) data: Traced,
    pub(super) joint: Joint,
    pub(super) hold: Hold,
    /// What all of it is, whatever a detector says.
    pub(super) kind: Option<TagKind>,
    pub(super) escape: Escape,
    /// It is no part of the running text: attributes, keys.
    pub(super) aside: bool,
    /// The name of a field, of which a word alone is no name of a person: "max_tokens".
    pub(super) is_name: bool,
    /// It is known to be nobody's and stays: a time stamp.
    pub(super) stays: bool,
}

impl Segment {
    pub(super) fn new(range: Range<usize>, data: Traced, joint: Joint, escape: Escape) -> Self {
        Self {
            range,
            data,
            joint,
            hold: Hold::Parts,
            kind: None,
            escape,
            aside: false,
            is_name: false,
            stays: false,
        }
    }
}

/// What the detector reads.
pub(super) struct Projection {
    pub(super) text: Zeroizing<String>,
    pub(super) pieces: Vec<Piece>,
    /// The segment of each piece.
    pub(super) of: Vec<usize>,
}

impl Projection {
    pub(super) fn new(segments: &[Segment]) -> Self {
        let length: usize = segments
            .iter()
            .map(|segment| {
                let joint = match &segment.joint {
                    Joint::Field(cue) => cue.len() + 3,
                    _ => 1,
                };
                segment.data.text().len() + joint
            })
            .sum();
        let mut text = Zeroizing::new(String::with_capacity(length));
        let mut pieces = Vec::with_capacity(segments.len());
        let mut of = Vec::with_capacity(segments.len());
        for aside in [false, true] {
            let here = segments
                .iter()
                .enumerate()
                .filter(|(_, s)| s.aside == aside && !s.stays);
            for (index, segment) in here {
                match &segment.joint {
                    Joint::None => {}
                    #[cfg(feature = "html")]
                    Joint::Space => text.push(' '),
                    Joint::Line => text.push('\n'),
                    Joint::Field(cue) => {
                        text.push('\n');
                        if !cue.is_empty() {
                            text.push_str(cue);
                            text.push_str(": ");
                        }
                    }
                }
                let start = text.len();
                text.push_str(segment.data.text());
                if start < text.len() {
                    pieces.push(Piece {
                        range: start..text.len(),
                        whole: segment.hold != Hold::Parts,
                    });
                    of.push(index);
                }
            }
        }
        Self { text, pieces, of }
    }

    /// The segment at a place of the projection, and the range inside it.
    pub(super) fn locate(&self, range: &Range<usize>) -> Option<(usize, Range<usize>)> {
        let index = self
            .pieces
            .partition_point(|piece| piece.range.end <= range.start);
        let piece = self.pieces.get(index)?;
        let start = range.start.checked_sub(piece.range.start)?;
        (range.end <= piece.range.end).then(|| {
            self.of
                .get(index)
                .map(|of| (*of, start..range.end - piece.range.start))
        })?
    }
}

/// The name of a field as a person would write it: "customerName" and "CUSTOMER_NAME" become "customer name".
///
/// Lower case and without brackets, so that no cue reads as a tag.
pub(super) fn cue(name: &str) -> Zeroizing<String> {
    // Lower case is at most three bytes longer a character, and there are at most 80.
    let length = name.len().min(320) * 4;
    let mut out = Zeroizing::new(String::with_capacity(length));
    let mut before = ' ';
    for c in name.chars().take(80) {
        if c.is_alphanumeric() || c == '\'' || c == '@' {
            if before.is_lowercase() && c.is_uppercase() {
                out.push(' ');
            }
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        before = c;
    }
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_of_a_part_takes_whole_escapes() {
        // a&amp;b&#x1F600;c, from byte 10
        let mut traced = Traced::with_capacity(20, 10);
        traced.push('a', 10..11);
        traced.push('&', 11..16);
        traced.push('b', 16..17);
        traced.push('\u{1f600}', 17..26);
        traced.push('c', 26..27);
        assert_eq!(traced.text(), "a&b\u{1f600}c");
        for (range, source) in [
            (0..1, 10..11),
            (1..2, 11..16),
            (0..2, 10..16),
            (2..3, 16..17),
            (3..7, 17..26),
            (2..8, 16..27),
            (7..8, 26..27),
        ] {
            assert_eq!(traced.source(range.clone()), source, "{range:?}");
        }
        // What is skipped belongs to nobody.
        let mut traced = Traced::with_capacity(20, 0);
        traced.push_str("one", 0..3);
        traced.push_str("two", 6..9);
        assert_eq!(traced.source(0..3), 0..3);
        assert_eq!(traced.source(3..6), 6..9);
        assert_eq!(traced.source(1..5), 1..8);
    }

    #[test]
    fn names_of_fields_as_people_write_them() {
        for (name, expected) in [
            ("customerName", "customer name"),
            ("CUSTOMER_NAME", "customer name"),
            ("data-e-mail", "data e mail"),
            ("[PERSON_1]", "person 1"),
            ("", ""),
            ("IBAN", "iban"),
        ] {
            assert_eq!(cue(name).as_str(), expected);
        }
    }
}
