//! CSV (RFC 4180) read into segments: a cell each, with its header as cue.
//!
//! Cells are found by `csv-core`, the parser inside `csv`, which says how many bytes each takes; what it reads must be what
//! the bytes say by the plain rules, or the document is refused.

use csv_core::{ReadFieldResult, ReaderBuilder};
use zeroize::Zeroizing;

use super::escape::Escape;
use super::segments::{Joint, Segment, Traced, cue};
use crate::error::StructuredError;

/// How a CSV document is written.
///
/// ```
/// use redact::CsvFormat;
/// assert!(CsvFormat::new(b';', true).is_some());
/// assert!(CsvFormat::new(b'"', true).is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvFormat {
    delimiter: u8,
    has_header: bool,
}

impl CsvFormat {
    /// A format by its delimiter; `None` for one that could be part of a value, a tag or the end of a line: letters and
    /// digits, quotes, line breaks, `[ ] _ -`, and whatever is not ASCII.
    ///
    /// With `has_header` the cells of the first row name the columns.
    #[must_use]
    pub const fn new(delimiter: u8, has_header: bool) -> Option<Self> {
        let fits = matches!(delimiter, b'\t' | b' '..=b'~' | 0x1c..=0x1f)
            && !delimiter.is_ascii_alphanumeric()
            && !matches!(delimiter, b'"' | b'\'' | b'[' | b']' | b'_' | b'-' | b'\\');
        if fits {
            Some(Self {
                delimiter,
                has_header,
            })
        } else {
            None
        }
    }

    pub(crate) const fn delimiter(self) -> u8 {
        self.delimiter
    }
}

const QUOTE: u8 = b'"';

const fn malformed(at: usize) -> StructuredError {
    StructuredError::Malformed { format: "CSV", at }
}

/// The cells of a document. Rows may be of different lengths: what has no header has no cue.
pub(super) fn parse(source: &str, format: CsvFormat) -> Result<Vec<Segment>, StructuredError> {
    let bytes = source.as_bytes();
    let mut reader = ReaderBuilder::new().delimiter(format.delimiter).build();
    // One buffer that every cell fits into.
    let mut cell = Zeroizing::new(vec![0; bytes.len() + 1]);
    let mut names: Vec<Zeroizing<String>> = Vec::new();
    let mut out = Vec::new();
    let (mut at, mut start, mut length, mut column) = (0, 0, 0, 0);
    let mut is_header = format.has_header;
    loop {
        let input = bytes.get(at..).unwrap_or_default();
        let output = cell.get_mut(length..).unwrap_or_default();
        let (result, read, written) = reader.read_field(input, output);
        at += read;
        length += written;
        match result {
            // The next call gets no bytes, which says that none will come.
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::OutputFull => return Err(malformed(start)),
            ReadFieldResult::End => break,
            ReadFieldResult::Field { record_end } => {
                let raw = source.get(start..at).ok_or_else(|| malformed(start))?;
                // Line breaks left over from the row before, and the mark of the encoding.
                let bare = if column == 0 {
                    let raw = if start == 0 {
                        raw.trim_start_matches('\u{feff}')
                    } else {
                        raw
                    };
                    raw.trim_start_matches(['\r', '\n'])
                } else {
                    raw
                };
                let from = at - bare.len();
                let ends = [char::from(format.delimiter), '\r', '\n'];
                let bare = bare.strip_suffix(ends).unwrap_or(bare);
                let seen = cell.get(..length).unwrap_or_default();
                let mut segment = read_cell(bare, from, seen, format)?;
                if is_header {
                    names.push(cue(segment.data.text()));
                    segment.joint = Joint::Line;
                    segment.aside = true;
                    segment.is_name = true;
                } else {
                    segment.joint = names
                        .get(column)
                        .map_or(Joint::Line, |name| Joint::Field(name.clone()));
                }
                out.push(segment);
                (start, length, column) = (at, 0, column + 1);
                if record_end {
                    column = 0;
                    is_header = false;
                }
            }
        }
    }
    Ok(out)
}

/// One cell, its quotes taken off.
fn read_cell(
    bare: &str,
    from: usize,
    seen: &[u8],
    format: CsvFormat,
) -> Result<Segment, StructuredError> {
    let quote = char::from(QUOTE);
    let Some(open) = bare.strip_prefix(quote) else {
        if bare.as_bytes() != seen {
            return Err(malformed(from));
        }
        let escape = Escape::Cell(format.delimiter, QUOTE);
        let data = Traced::plain(bare, from);
        return Ok(Segment::new(
            from..from + bare.len(),
            data,
            Joint::Line,
            escape,
        ));
    };
    let inside = open.strip_suffix(quote).ok_or_else(|| malformed(from))?;
    let start = from + 1;
    let mut data = Traced::with_capacity(inside.len(), start);
    let mut at = 0;
    while let Some(rest) = inside.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quote) {
            if !rest.get(1..).is_some_and(|rest| rest.starts_with(quote)) {
                return Err(malformed(start + at));
            }
            data.push(quote, start + at..start + at + 2);
            at += 2;
        } else {
            let length = rest.find(quote).unwrap_or(rest.len());
            let plain = rest.get(..length).unwrap_or_default();
            data.push_str(plain, start + at..start + at + length);
            at += length;
        }
    }
    if data.text().as_bytes() != seen {
        return Err(malformed(from));
    }
    let range = start..start + inside.len();
    Ok(Segment::new(
        range,
        data,
        Joint::Line,
        Escape::Quoted(QUOTE),
    ))
}
