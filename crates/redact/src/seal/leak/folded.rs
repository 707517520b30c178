//! Text without what does not count: case, accents, invisible characters, the width of spaces.

use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use super::Shape;
use crate::restore::push;
use crate::scan::invisible;
use crate::tag::alias::fold;

/// Room for most values, in bytes.
const ROOM: usize = 128;

/// Room for folded values one after the other: a buffer that each made for itself would be one to wipe.
pub(super) struct Buffer(Zeroizing<String>);

impl Buffer {
    pub(super) fn new() -> Self {
        Self(Zeroizing::new(String::with_capacity(ROOM)))
    }

    /// Case, accents, invisible characters and the width of spaces folded.
    pub(super) fn words(&mut self, source: &str) -> &str {
        self.clear_for(source.len());
        if source.is_ascii() {
            // A control character may be a space, or nothing. No branch a letter: values are short.
            let (plain, _) = source.bytes().fold((true, 0), |(plain, last), byte| {
                let apart = byte >= b' ' && !(byte == b' ' && last == b' ');
                (plain & apart, byte)
            });
            if plain {
                self.0.push_str(source);
                self.0.make_ascii_lowercase();
                return &self.0;
            }
        }
        self.fold(source, word_chars)
    }

    /// Letters and digits alone.
    pub(super) fn compact(&mut self, source: &str) -> &str {
        self.clear_for(source.len());
        if source.is_ascii() {
            let letters = source.chars().filter(char::is_ascii_alphanumeric);
            letters.for_each(|c| self.0.push(c.to_ascii_lowercase()));
            return &self.0;
        }
        self.fold(source, |c, emit| fold(c, emit))
    }

    /// The digits of ASCII alone.
    pub(super) fn digits(&mut self, source: &str) -> &str {
        self.clear_for(source.len());
        self.0.extend(source.chars().filter(char::is_ascii_digit));
        &self.0
    }

    /// Empty, with room for what so many bytes nearly always become.
    fn clear_for(&mut self, bytes: usize) {
        self.0.clear();
        if self.0.capacity() < 2 * bytes {
            self.0 = Zeroizing::new(String::with_capacity(2 * bytes));
        }
    }

    fn fold(&mut self, source: &str, fold: impl Fn(char, &mut dyn FnMut(char))) -> &str {
        for c in source.chars() {
            fold(c, &mut |folded| {
                if folded != ' ' || !self.0.ends_with(' ') {
                    put(&mut self.0, folded);
                }
            });
        }
        &self.0
    }
}

/// As [`Buffer::words`], by itself.
pub(crate) fn words(source: &str) -> Zeroizing<String> {
    let mut buffer = Buffer(Zeroizing::default());
    buffer.words(source);
    buffer.0
}

/// Adds a character. Some become three times as long as they are, and what grows by itself leaves copies behind.
fn put(text: &mut Zeroizing<String>, c: char) {
    if text.capacity() - text.len() < c.len_utf8() {
        return push(text, c.encode_utf8(&mut [0; 4]));
    }
    text.push(c);
}

/// Whether a character is nothing in a word, nor between two.
pub(super) fn is_left_out(c: char) -> bool {
    invisible(c) || is_combining_mark(c)
}

fn word_chars(c: char, emit: &mut dyn FnMut(char)) {
    if c.is_ascii_alphanumeric() {
        return emit(c.to_ascii_lowercase());
    }
    if is_left_out(c) {
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
                put(&mut text, folded);
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

    /// Whether a character of the source ends here, not a part of what it became.
    pub(super) fn is_whole(&self, to: usize) -> bool {
        let last = to.checked_sub(1).and_then(|last| self.from.get(last));
        last.is_none() || self.from.get(to) != last
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
