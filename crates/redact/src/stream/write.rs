//! How a value is written into a stream: piece by piece, so that no copy of it is made here.

use std::borrow::Cow;

use crate::restore::Format;

/// Where a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Line,
    Html,
    /// Within so many JSON strings, each within the one before.
    Json(usize),
    /// A CSV cell between quotes.
    #[cfg(feature = "csv")]
    Quoted,
}

/// Pieces of this are given out.
const SLASHES: &str = r"\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\";

impl Place {
    pub(super) fn write(self, value: &str, emit: &mut dyn FnMut(&str)) {
        let format = match self {
            Self::Text => return emit(value),
            Self::Line => Format::Line,
            Self::Html => Format::Html,
            Self::Json(_) => Format::Json,
            #[cfg(feature = "csv")]
            Self::Quoted => return doubled(value, emit),
        };
        let mut from = 0;
        for (at, c) in value.char_indices() {
            let Some(escape) = escape(format, c) else {
                continue;
            };
            emit(value.get(from..at).unwrap_or_default());
            match (self, escape.strip_prefix('\\')) {
                (Self::Json(level), Some(sign)) => escape_json(level, sign, emit),
                _ => emit(&escape),
            }
            from = at + c.len_utf8();
        }
        emit(value.get(from..).unwrap_or_default());
    }
}

/// A JSON escape, the sign behind its backslash given, within so many strings: each doubles the backslashes and puts one
/// before a quote.
fn escape_json(level: usize, sign: &str, emit: &mut dyn FnMut(&str)) {
    let half = 1_usize << level.saturating_sub(1).min(usize::BITS as usize - 2);
    let (mut slashes, sign) = match sign {
        "\"" => (2 * half - 1, sign),
        "\\" => (2 * half, ""),
        _ => (half, sign),
    };
    while let Some(piece) = SLASHES
        .get(..slashes.min(SLASHES.len()))
        .filter(|p| !p.is_empty())
    {
        emit(piece);
        slashes -= piece.len();
    }
    emit(sign);
}

/// A text with its quotes doubled.
#[cfg(feature = "csv")]
pub(super) fn doubled(text: &str, emit: &mut dyn FnMut(&str)) {
    for piece in text.split_inclusive('"') {
        emit(piece);
        if piece.ends_with('"') {
            emit("\"");
        }
    }
}

/// How a character of a value is written, where not as itself.
pub(crate) fn escape(format: Format, c: char) -> Option<Cow<'static, str>> {
    let escape = match (format, c) {
        (Format::Line, '\r' | '\n') => " ",
        (Format::Html, '&') => "&amp;",
        (Format::Html, '<') => "&lt;",
        (Format::Html, '>') => "&gt;",
        (Format::Html, '"') => "&quot;",
        (Format::Html, '\'') => "&#39;",
        (Format::Json, '"') => "\\\"",
        (Format::Json, '\\') => "\\\\",
        (Format::Json, '\n') => "\\n",
        (Format::Json, '\r') => "\\r",
        (Format::Json, '\t') => "\\t",
        (Format::Json, '\u{8}') => "\\b",
        (Format::Json, '\u{c}') => "\\f",
        (Format::Json, c) if u32::from(c) < 0x20 => {
            return Some(format!("\\u{:04x}", u32::from(c)).into());
        }
        _ => return None,
    };
    Some(escape.into())
}
