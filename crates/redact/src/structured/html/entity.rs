//! Character references decoded, each character with its bytes.

use super::super::segments::Traced;

/// Longest reference that is looked at, in bytes: the standard's longest has 33.
const LONGEST: usize = 40;

/// Text or an attribute value as a reader sees it. Where white space does not count, a line break with what stands around
/// it is one space, so that a name that was wrapped is one.
pub(super) fn decoded(raw: &str, start: usize, is_attribute: bool, folds: bool) -> Traced {
    // Two references of the standard are shorter than what they stand for.
    let mut out = Traced::with_capacity(raw.len() * 2, start);
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let here = start + at;
        let length = if let Some(length) = reference(rest) {
            let written = rest.get(..length).unwrap_or_default();
            let meant = if is_attribute {
                htmlize::unescape_attribute(written)
            } else {
                htmlize::unescape(written)
            };
            out.push_str(&meant, here..here + length);
            length
        } else if let Some(length) = folds.then(|| wrapped(rest)).flatten() {
            out.push(' ', here..here + length);
            length
        } else {
            let c = rest.chars().next().map_or(1, char::len_utf8);
            let next = rest.get(c..).unwrap_or_default();
            let length = c + next
                .find(|c: char| c == '&' || c.is_ascii_whitespace())
                .unwrap_or(next.len());
            out.push_str(rest.get(..length).unwrap_or_default(), here..here + length);
            length
        };
        at += length;
    }
    out
}

/// The bytes of what may be a reference at the beginning of a text, with the sign that decides about it.
fn reference(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('&')?;
    let name = rest
        .bytes()
        .take(LONGEST)
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'#')
        .count();
    let end = matches!(rest.as_bytes().get(name), Some(b';' | b'='));
    (name > 0).then_some(1 + name + usize::from(end))
}

/// The bytes of white space with a line break in it.
fn wrapped(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(|b| b.is_ascii_whitespace()).count();
    text.get(..length)?.contains(['\n', '\r']).then_some(length)
}
