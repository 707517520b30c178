//! How a value is written into a place of a document.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::restore::Format;
use crate::stream::escape;

/// How values are written in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// As they are.
    Text,
    /// Inside a JSON string, itself inside so many others.
    Json(u8),
    /// HTML text, or an attribute between quotes.
    #[cfg(feature = "html")]
    Html,
    /// An attribute without quotes.
    #[cfg(feature = "html")]
    Bare,
    /// A path, an address or a number of a URL in an attribute.
    #[cfg(feature = "html")]
    Url,
    /// What stands behind the question mark of a URL.
    #[cfg(feature = "html")]
    Query,
    /// A cell between quotes.
    #[cfg(feature = "csv")]
    Quoted(u8),
    /// A cell without quotes, which gets them if it needs them: delimiter, quote.
    #[cfg(feature = "csv")]
    Cell(u8, u8),
}

impl Escape {
    /// The value as it is written there.
    pub(super) fn write(self, value: &str) -> Zeroizing<String> {
        match self {
            Self::Text => Zeroizing::new(value.to_owned()),
            Self::Json(depth) => {
                let mut out = Zeroizing::new(value.to_owned());
                for _ in 0..=depth {
                    out = each(&out, &|c| escape(Format::Json, c));
                }
                out
            }
            #[cfg(feature = "html")]
            Self::Html => each(value, &|c| escape(Format::Html, c)),
            #[cfg(feature = "html")]
            Self::Bare => each(value, &|c| {
                if c.is_ascii_whitespace() || matches!(c, '=' | '`') {
                    return Some(format!("&#{};", u32::from(c)).into());
                }
                escape(Format::Html, c)
            }),
            #[cfg(feature = "html")]
            Self::Url | Self::Query => each(value, &|c| {
                let plain = c.is_ascii_alphanumeric()
                    || matches!(c, '-' | '.' | '_' | '~' | '@' | ':' | ',' | '/')
                    || c == '+' && self == Self::Url;
                (!plain).then(|| {
                    let mut bytes = [0; 4];
                    let bytes = c.encode_utf8(&mut bytes).bytes();
                    bytes
                        .map(|byte| format!("%{byte:02X}"))
                        .collect::<String>()
                        .into()
                })
            }),
            #[cfg(feature = "csv")]
            Self::Quoted(quote) => each(value, &|c| {
                let quote = char::from(quote);
                (c == quote).then(|| format!("{quote}{quote}").into())
            }),
            #[cfg(feature = "csv")]
            Self::Cell(..) => Zeroizing::new(value.to_owned()),
        }
    }
}

/// Replaces characters, in a buffer that is right from the beginning.
fn each(text: &str, escape: &dyn Fn(char) -> Option<Cow<'static, str>>) -> Zeroizing<String> {
    let length = text
        .chars()
        .map(|c| escape(c).map_or(c.len_utf8(), |escape| escape.len()))
        .sum();
    let mut out = Zeroizing::new(String::with_capacity(length));
    for c in text.chars() {
        match escape(c) {
            Some(escape) => out.push_str(&escape),
            None => out.push(c),
        }
    }
    out
}
