//! Where a value begins and ends: in quotes, in a query, or on the line.

use super::look::Look;
use crate::scan::Scan;

/// Characters of a value that are looked at.
const LONGEST: usize = 400;
/// Longest value in bytes, where what was looked at is random: JSON web tokens run long.
const RANDOM: usize = 8192;

/// Longest quotation with spaces, in characters.
const QUOTED: usize = 80;

/// A value without the signs round it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

const fn opens(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '`' | '(' | '['
    )
}

/// Whether `c` closes what `open` opened.
const fn closes(open: char, c: char) -> bool {
    match open {
        '\'' | '`' => c == open,
        '(' => c == ')',
        '[' => c == ']',
        _ => matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{bb}' | '\u{ab}'),
    }
}

/// Which signs end a value within a longer text, by the one before its name: a connection string knows `;` alone.
const fn ends_inner(inner: Option<u8>, c: char) -> bool {
    match inner {
        None => false,
        Some(b';') => c == ';',
        Some(_) => matches!(c, ';' | '&' | '#'),
    }
}

/// Most runs of markup before a value.
const MARKUP: usize = 3;

/// The next run without white space on the line, without the signs around it: emphasis, the bars of a table, a dash or a tag
/// are passed over. `inner` is the sign that makes it part of a query.
pub(super) fn chunk(scan: &Scan<'_>, from: usize, inner: Option<u8>) -> Option<Value> {
    let mut from = from;
    for _ in 0..MARKUP {
        let value = run(scan, from, inner)?;
        if !markup(scan.slice(value.start, value.end)) {
            return Some(value);
        }
        from = value.end;
    }
    None
}

/// Whether a run is nothing but the dress of what follows; `****` and `<token>` stand for a value and are none.
fn markup(run: &str) -> bool {
    const SIGNS: [&str; 12] = [
        "*", "**", "_", "__", "~~", "|", "-", "->", "=>", "\u{2013}", "\u{2014}", "",
    ];
    const TAGS: [&str; 12] = [
        "b", "i", "p", "br", "td", "th", "em", "tt", "pre", "code", "span", "strong",
    ];
    let run = run.trim_end_matches(':');
    let tag = run
        .strip_prefix('<')
        .and_then(|run| run.strip_suffix('>'))
        .map(|name| name.trim_matches(['/', ' ']));
    match tag {
        Some(name) => TAGS.iter().any(|tag| name.eq_ignore_ascii_case(tag)),
        None => SIGNS.contains(&run),
    }
}

/// The next run as it stands.
fn run(scan: &Scan<'_>, from: usize, inner: Option<u8>) -> Option<Value> {
    let rest = scan.slice(from, scan.text.len());
    let mut start = None;
    let mut end = from;
    let mut open = None;
    let mut last = ' ';
    let mut close = None;
    for (offset, c) in rest.char_indices().take(LONGEST) {
        if close.is_some_and(|close| offset < close) {
            end = from + offset + c.len_utf8();
            continue;
        }
        if start.is_none() {
            let lead =
                matches!(c, ' ' | '\u{a0}' | '\t' | ':' | '=' | ')') || c == '>' && last == '=';
            last = c;
            if opens(c) {
                open = Some(c);
                continue;
            }
            if lead {
                open = None;
                continue;
            }
            if c.is_whitespace() {
                return None;
            }
            start = Some(from + offset);
            close = open
                .and_then(|open| closing(scan, from + offset, open))
                .map(|at| at - from);
        } else if c.is_whitespace()
            || matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{bb}' | '`')
            || open.is_some_and(|open| closes(open, c))
            || ends_inner(inner, c)
        {
            break;
        }
        end = from + offset + c.len_utf8();
    }
    let start = start?;
    if end - start >= LONGEST - 8 && Look::of(scan.slice(start, end)).random() {
        let rest = scan.text.as_bytes().get(end..).unwrap_or(&[]);
        end += rest
            .iter()
            .take(RANDOM)
            .take_while(|b| {
                b.is_ascii_graphic()
                    && !matches!(b, b'"' | b'`' | b'\'' | b')' | b'<' | b'>' | b',')
                    && !ends_inner(inner, char::from(**b))
            })
            .count();
    }
    let closed = open.is_some_and(|open| {
        scan.slice(end, scan.text.len())
            .chars()
            .next()
            .is_some_and(|c| closes(open, c))
    });
    let text = scan.slice(start, end);
    let text = if closed {
        text
    } else {
        text.trim_end_matches(['.', ',', ';', ')', ']', '\'', '?', '}'])
    };
    (!text.is_empty()).then_some(Value {
        start,
        end: start + text.len(),
        quoted: closed,
    })
}

/// Where a value ends that is longer than is read at once. This is asked of what was found, which is passed over then: no byte
/// of it is read twice.
pub(super) fn whole(scan: &Scan<'_>, start: usize, end: usize) -> usize {
    if end - start < RANDOM {
        return end;
    }
    let rest = scan.text.as_bytes().get(end..).unwrap_or(&[]);
    let goes_on = |b: &&u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=')
    };
    let len = rest.iter().take_while(goes_on).count();
    let more = scan.slice(end, end + len);
    end + more.trim_end_matches('.').len()
}

/// Where the quotation that begins at `from` ends, if it does so soon and on its line: it may hold spaces.
fn closing(scan: &Scan<'_>, from: usize, open: char) -> Option<usize> {
    if matches!(open, '\'' | '(' | '[') {
        return None;
    }
    scan.slice(from, scan.text.len())
        .char_indices()
        .take(QUOTED)
        .take_while(|(_, c)| *c != '\n')
        .find(|(_, c)| closes(open, *c))
        .map(|(offset, _)| from + offset)
}

/// Whether nothing follows a value on its line but a full stop.
pub(super) fn alone(scan: &Scan<'_>, end: usize) -> bool {
    let rest = scan.text.as_bytes().get(end..).unwrap_or(&[]);
    let rest = rest
        .iter()
        .take(LONGEST)
        .find(|b| !matches!(b, b'.' | b' ' | b'"' | b')' | b'\'' | b','));
    matches!(rest, None | Some(b'\n' | b'\r'))
}

/// The sign that makes the name which the token at `start` ends part of a query or a connection string: `?a=1&name=`, `;name=`.
pub(super) fn in_query(scan: &Scan<'_>, start: usize) -> Option<u8> {
    let bytes = scan.text.as_bytes();
    let part = bytes.get(start.saturating_sub(32)..start).unwrap_or(&[]);
    part.iter()
        .rev()
        .find(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')))
        .copied()
        .filter(|b| matches!(b, b'?' | b'&' | b';'))
}
