//! Text without what does not count: case, accents, invisible characters, the width of spaces.

use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::Shape;
use crate::scan::invisible;
use crate::tag::alias::fold;

/// Case, accents, invisible characters and the width of spaces folded.
pub(crate) fn words(source: &str) -> Zeroizing<String> {
    if source.is_ascii() {
        // Nothing to leave out.
        if !source.contains("  ") && !source.bytes().any(|byte| byte < b' ') {
            return Zeroizing::new(source.to_ascii_lowercase());
        }
        return ascii(source, |byte| match byte {
            b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r' => b' ',
            byte => byte.to_ascii_lowercase(),
        });
    }
    plain(source, word_chars)
}

/// Letters and digits alone.
pub(super) fn compact(source: &str) -> Zeroizing<String> {
    if source.is_ascii() {
        return ascii(source, |byte| match byte {
            byte if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            _ => 0,
        });
    }
    plain(source, |c, emit| fold(c, emit))
}

/// The same of nothing but ASCII, by bytes; 0 is left out.
fn ascii(source: &str, fold: impl Fn(u8) -> u8) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(source.len()));
    let mut last = 0;
    for byte in source.bytes() {
        let folded = fold(byte);
        if folded != 0 && !(folded == b' ' && last == b' ') {
            text.push(char::from(folded));
            last = folded;
        }
    }
    text
}

fn plain(source: &str, fold: impl Fn(char, &mut dyn FnMut(char))) -> Zeroizing<String> {
    // Room for what a letter may become: a buffer that grows would leave copies behind.
    let mut text = Zeroizing::new(String::with_capacity(source.len() * 2));
    for c in source.chars() {
        fold(c, &mut |folded| {
            if folded != ' ' || !text.ends_with(' ') {
                text.push(folded);
            }
        });
    }
    text
}

fn word_chars(c: char, emit: &mut dyn FnMut(char)) {
    if c.is_ascii_alphanumeric() {
        return emit(c.to_ascii_lowercase());
    }
    if invisible(c) || is_combining_mark(c) {
        return;
    }
    if c.is_whitespace() {
        return emit(' ');
    }
    let mut any = false;
    fold(c, &mut |c| {
        any = true;
        emit(c);
    });
    if !any {
        emit(match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{2018}' | '\u{2019}' => '\'',
            other => other,
        });
    }
}

/// Text without what does not count, and where each byte of it comes from.
pub(super) struct Folded {
    pub(super) text: Zeroizing<String>,
    /// For each byte of `text`: first and last-but-one byte of its character in the source.
    from: Vec<(usize, usize)>,
}

impl Folded {
    /// Case, accents, invisible characters and the width of spaces folded.
    pub(super) fn words(source: &str) -> Self {
        Self::new(source, word_chars)
    }

    /// Letters and digits alone.
    pub(super) fn compact(source: &str) -> Self {
        Self::new(source, |c, emit| fold(c, emit))
    }

    fn new(source: &str, fold: impl Fn(char, &mut dyn FnMut(char))) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(source.len() * 2));
        let mut from = Vec::with_capacity(source.len() + source.len() / 4);
        for (at, c) in source.char_indices() {
            fold(c, &mut |folded| {
                if folded == ' ' && text.ends_with(' ') {
                    return;
                }
                text.push(folded);
                from.extend(std::iter::repeat_n(
                    (at, at + c.len_utf8()),
                    folded.len_utf8(),
                ));
            });
        }
        Self { text, from }
    }

    /// Where a range of the folded text stands in the source.
    pub(super) fn source(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((self.from.get(from)?.0, self.from.get(to.checked_sub(1)?)?.1))
    }

    /// Whether something was left out right before this byte.
    pub(super) fn is_torn(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.from.get(before));
        before.is_some_and(|(_, end)| self.from.get(at).is_some_and(|(start, _)| start > end))
    }

    /// Whether little enough stands between the characters of a compact match.
    pub(super) fn is_tight(&self, source: &str, from: usize, to: usize, shape: Shape) -> bool {
        let Some(places) = self.from.get(from..to) else {
            return false;
        };
        places.windows(2).all(|pair| {
            let [(_, end), (next, _)] = pair else {
                return true;
            };
            let between = source.get(*end..*next).unwrap_or_default();
            between.chars().filter(|c| !invisible(*c)).count() <= 3
                && between.matches('\n').count() <= 1
                && (shape != Shape::Compact || !between.contains(['!', '?']))
        })
    }
}
