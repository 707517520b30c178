//! Words of a text: where they stand, how they look, and what stands between them.
//!
//! One linear pass; every rule over names and places reads these tokens and never the text again.

use crate::cues::{Class, Phrases};
use crate::lexicon::{Ascii, Entry, Hash, latin, lookup};
use crate::trigger::Set;
use crate::words::{self, Word};

/// What stands between a token and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    /// The first token of the text.
    Start,
    /// Nothing but spaces.
    Space,
    /// A hyphen alone.
    Hyphen,
    /// An apostrophe alone.
    Apostrophe,
    /// A full stop with or without spaces behind it.
    Dot,
    /// A comma with or without spaces.
    Comma,
    /// A colon with or without spaces.
    Colon,
    /// A line break, whatever else stands with it.
    Line,
    /// Anything else.
    Other,
}

/// How a token looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// All letters lower case, or of a script without case.
    Lower,
    /// First letter upper case, a lower-case one behind it.
    Capital,
    /// More than one letter, all upper case.
    Upper,
    /// One upper-case letter.
    Initial,
    /// Lower case first, upper case later (`iPhone`).
    Inner,
    /// Digits only.
    Number,
    /// Digits and letters.
    Mixed,
}

/// A run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: usize,
    /// Byte behind the last.
    pub(crate) end: usize,
    /// Finished hash of the folded word.
    pub(crate) hash: u64,
    /// What stands before it.
    pub(crate) gap: Gap,
    /// How it looks.
    pub(crate) shape: Shape,
    /// Number of characters, at most 255.
    pub(crate) chars: u8,
    /// What the lexicon knows; looked up at once where names are looked for.
    entry: Entry,
    /// Classes of the cue lists this single word belongs to.
    pub(crate) class: Class,
    /// Lists of words that say what a number is, this single word among them.
    pub(crate) trigger: Set,
    /// What all lists say of it.
    pub(crate) listed: &'static Word,
}

impl Token {
    /// A word that begins with an upper-case letter.
    pub(crate) const fn capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper | Shape::Initial)
    }

    /// Letters only.
    pub(crate) const fn word(&self) -> bool {
        !matches!(self.shape, Shape::Number | Shape::Mixed)
    }

    /// Nothing but ASCII.
    pub(crate) const fn ascii(&self) -> bool {
        self.end - self.start == self.chars as usize
    }

    /// Holds a digit.
    pub(crate) const fn digits(&self) -> bool {
        matches!(self.shape, Shape::Number | Shape::Mixed)
    }

    /// The entry, looked up now if it was not before.
    pub(crate) fn known(&self) -> Entry {
        if self.entry == Entry::UNREAD {
            lookup(self.hash)
        } else {
            self.entry
        }
    }
}

/// A text and its tokens.
pub(crate) struct Tokens<'t> {
    /// The text.
    pub(crate) text: &'t str,
    all: Vec<Token>,
    /// Cue phrases; none where no names are looked for.
    pub(crate) phrases: Phrases,
}

/// What a byte is: 0 stands between words, 1 is a letter or digit of ASCII, 2 part of a character beyond it.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SORT: [u8; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = if b >= 128 {
            2
        } else {
            (b as u8).is_ascii_alphanumeric() as u8
        };
        b += 1;
    }
    table
};

fn sort(b: u8) -> u8 {
    SORT.get(usize::from(b)).copied().unwrap_or(0)
}

/// Eight bytes at once, the first in the lowest bits; zeros behind the end.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_bytes(rest),
    }
}

#[cold]
fn last_bytes(rest: &[u8]) -> u64 {
    rest.iter()
        .rev()
        .fold(0, |eight, b| eight << 8 | u64::from(*b))
}

/// One in the highest bit of each of eight bytes.
const TOPS: u64 = 0x8080_8080_8080_8080;
/// The same byte eight times.
const fn times(b: u8) -> u64 {
    0x0101_0101_0101_0101 * b as u64
}

/// Reads a word of ASCII letters and digits, eight bytes a step: its hash and looks.
#[inline]
fn ascii(bytes: &[u8], start: usize) -> (u64, Seen) {
    let mut hash = Ascii::new();
    let mut seen = Seen::default();
    loop {
        let x = eight(bytes, start + seen.chars);
        // Adding carries into the top bit where a byte reaches a bound; bytes beyond ASCII are masked before and after.
        let low = x & !TOPS;
        let small = low | times(0x20);
        let letters = (small + times(0x80 - b'a')) & !(small + times(0x7f - b'z')) & !x & TOPS;
        let digits = (low + times(0x80 - b'0')) & !(low + times(0x7f - b'9')) & !x & TOPS;
        let stop = !(letters | digits) & TOPS;
        // All bytes before the first that is neither.
        let mask = ((stop & stop.wrapping_neg()) >> 7).wrapping_sub(1);
        // The bit that small letters have and capitals lack, moved to the top.
        let cased = letters & mask;
        let lower = cased & (x << 2);
        let upper = cased & !(x << 2);
        if seen.chars == 0 {
            seen.looks = FIRST_CAPITAL * u8::from(upper & 0x80 != 0);
        }
        seen.looks |= (SMALL * u8::from(lower != 0))
            | (DIGITS * u8::from(digits & mask != 0))
            | (CAPITAL * u8::from(upper != 0));
        seen.more_capitals(upper & upper.wrapping_sub(1) != 0);
        if mask != 0 {
            hash = hash.eight(x, mask);
        }
        if stop != 0 {
            seen.chars += stop.trailing_zeros() as usize / 8;
            return (hash.finish(), seen);
        }
        seen.chars += 8;
    }
}

impl<'t> Tokens<'t> {
    /// Splits a text and looks its words up.
    pub(crate) fn new(text: &'t str) -> Self {
        Self::split(text, true)
    }

    /// Splits a text; the lexicon is asked only where names are looked for.
    pub(crate) fn split(text: &'t str, names: bool) -> Self {
        let bytes = text.as_bytes();
        let words = words::table();
        let mut all: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
        // The end of the last token, and where to look for the next.
        let (mut last, mut at) = (0, 0);
        loop {
            while bytes.get(at).is_some_and(|b| sort(*b) == 0) {
                at += 1;
            }
            let start = at;
            if start >= bytes.len() {
                break;
            }
            let (mut hash, mut seen) = ascii(bytes, start);
            at = start + seen.chars;
            if bytes.get(at).is_some_and(|b| sort(*b) == 2) {
                (at, hash, seen) = wide(text, start);
                if seen.chars == 0 {
                    continue;
                }
            }
            let gap = gap(text, bytes, last, start, all.is_empty());
            last = at;
            let listed = words.get(hash);
            let mut token = Token {
                start,
                end: last,
                hash,
                gap,
                shape: seen.shape(),
                chars: u8::try_from(seen.chars).unwrap_or(u8::MAX),
                entry: listed.entry,
                class: if seen.digits() {
                    Class::NONE
                } else {
                    listed.class
                },
                trigger: listed.trigger,
                listed,
            };
            if names && token.entry == Entry::UNREAD {
                token.entry = lookup(hash);
            }
            all.push(token);
        }
        let mut tokens = Self {
            text,
            all,
            phrases: Phrases::default(),
        };
        if names {
            tokens.phrases = Phrases::new(&tokens);
        }
        tokens
    }

    /// All tokens.
    pub(crate) fn all(&self) -> &[Token] {
        &self.all
    }

    /// One token.
    pub(crate) fn get(&self, at: usize) -> Option<&Token> {
        self.all.get(at)
    }

    /// The token before `at`.
    pub(crate) fn before(&self, at: usize) -> Option<&Token> {
        self.all.get(at.checked_sub(1)?)
    }

    /// What stands between `at` and the token before it; `Start` behind the last token too.
    pub(crate) fn gap(&self, at: usize) -> Gap {
        self.get(at).map_or(Gap::Start, |token| token.gap)
    }

    /// The word of a token.
    pub(crate) fn word(&self, at: usize) -> &'t str {
        self.get(at)
            .and_then(|token| self.text.get(token.start..token.end))
            .unwrap_or("")
    }

    /// The bytes between `at` and the token before it; nothing where neither is there.
    pub(crate) fn between(&self, at: usize) -> &'t str {
        let from = match (at, self.before(at)) {
            (0, _) => 0,
            (_, Some(token)) => token.end,
            (_, None) => return "",
        };
        let to = self.get(at).map_or(self.text.len(), |token| token.start);
        self.text.get(from..to).unwrap_or("")
    }

    /// Whether `at` begins a line.
    pub(crate) fn line_start(&self, at: usize) -> bool {
        matches!(self.gap(at), Gap::Line | Gap::Start)
    }

    /// Whether `at` begins a sentence, so that its capital says nothing.
    pub(crate) fn sentence_start(&self, at: usize) -> bool {
        match self.gap(at) {
            Gap::Start | Gap::Line | Gap::Dot => true,
            Gap::Other | Gap::Colon => {
                let between = self.between(at);
                between.contains(['!', '?', ':', '.', '\u{2026}', '\u{2022}', '>', '*'])
            }
            _ => false,
        }
    }

    /// Index behind the last token of the line that `at` stands in.
    pub(crate) fn line_end(&self, at: usize) -> usize {
        let rest = self.all.get(at + 1..).unwrap_or(&[]);
        at + 1
            + rest
                .iter()
                .take_while(|token| token.gap != Gap::Line)
                .count()
    }
}

/// Combining marks continue a word written in decomposed form.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn gap(text: &str, bytes: &[u8], from: usize, to: usize, first: bool) -> Gap {
    if first {
        return if bytes.get(from..to).is_some_and(|b| b.contains(&b'\n')) {
            Gap::Line
        } else {
            Gap::Start
        };
    }
    match bytes.get(from..to) {
        Some([b' ']) => return Gap::Space,
        Some([b',', b' ']) => return Gap::Comma,
        Some([b'.', b' '] | [b'.']) => return Gap::Dot,
        Some([b'-']) => return Gap::Hyphen,
        Some([b'\'' | b'`']) => return Gap::Apostrophe,
        Some([b'\n']) => return Gap::Line,
        _ => {}
    }
    let between = text.get(from..to).unwrap_or("");
    match between {
        "\u{2010}" | "\u{2011}" => return Gap::Hyphen,
        "\u{2019}" | "\u{b4}" => return Gap::Apostrophe,
        _ => {}
    }
    if between.contains(['\n', '\r', '\u{2028}']) {
        return Gap::Line;
    }
    match between.trim() {
        "" => Gap::Space,
        "." => Gap::Dot,
        "," => Gap::Comma,
        ":" => Gap::Colon,
        _ => Gap::Other,
    }
}

/// Reads a word that holds a character beyond ASCII: where it ends, its hash and looks. What is no letter at all is passed
/// over and has no characters.
fn wide(text: &str, start: usize) -> (usize, u64, Seen) {
    let mut hash = Hash::new();
    let mut seen = Seen::default();
    let mut end = start;
    for c in text.get(start..).unwrap_or("").chars() {
        let (goes_on, digit, capital) = if c.is_ascii() {
            let digit = c.is_ascii_digit();
            (
                digit || c.is_ascii_alphabetic(),
                digit,
                c.is_ascii_uppercase(),
            )
        } else if let Some(latin) = latin(c) {
            (latin.letter, false, latin.capital)
        } else {
            let goes_on = c.is_alphanumeric() || is_mark(c) && seen.chars != 0;
            (goes_on, c.is_numeric(), c.is_uppercase())
        };
        if !goes_on {
            // Nothing was a letter: this one is passed over.
            if seen.chars == 0 {
                end += c.len_utf8();
            }
            break;
        }
        seen.see(digit, capital);
        hash = hash.char(c);
        end += c.len_utf8();
    }
    (end, hash.finish(), seen)
}

/// A small letter, or one of a script without case.
const SMALL: u8 = 1;
/// A digit.
const DIGITS: u8 = 2;
/// A capital.
const CAPITAL: u8 = 4;
/// More than one capital in eight letters: a single one is told from these only where it stands alone.
const CAPITALS: u8 = 8;
/// A capital first.
const FIRST_CAPITAL: u8 = 16;

/// Shapes by what was seen.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SHAPES: [Shape; 32] = {
    let mut shapes = [Shape::Lower; 32];
    let mut looks = 0;
    while looks < 32 {
        let seen = looks as u8;
        let small = seen & SMALL != 0;
        let capital = seen & CAPITAL != 0;
        shapes[looks] = if seen & DIGITS != 0 {
            if small || capital {
                Shape::Mixed
            } else {
                Shape::Number
            }
        } else if !small && seen & CAPITALS == 0 {
            Shape::Initial
        } else if !small {
            Shape::Upper
        } else if !capital {
            Shape::Lower
        } else if seen & FIRST_CAPITAL != 0 {
            Shape::Capital
        } else {
            Shape::Inner
        };
        looks += 1;
    }
    shapes
};

/// How the letters of a word look.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    chars: usize,
    looks: u8,
}

impl Seen {
    const fn see(&mut self, digit: bool, capital: bool) {
        if digit {
            self.looks |= DIGITS;
        } else if capital {
            if self.chars == 0 {
                self.looks |= FIRST_CAPITAL;
            }
            self.more_capitals(self.looks & CAPITAL != 0);
            self.looks |= CAPITAL;
        } else {
            self.looks |= SMALL;
        }
        self.chars += 1;
    }

    const fn more_capitals(&mut self, more: bool) {
        self.looks |= CAPITALS * more as u8;
    }

    const fn digits(self) -> bool {
        self.looks & DIGITS != 0
    }

    fn shape(self) -> Shape {
        SHAPES
            .get(usize::from(self.looks & 31))
            .copied()
            .unwrap_or(Shape::Lower)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, Shape, Tokens};

    #[test]
    fn shapes_and_gaps() {
        let tokens = Tokens::new("Dr. Jean-Pierre O'Neil, 12b\nJ SMITH iPhone");
        let seen: Vec<_> = tokens.all().iter().map(|t| (t.shape, t.gap)).collect();
        assert_eq!(
            seen,
            [
                (Shape::Capital, Gap::Start),
                (Shape::Capital, Gap::Dot),
                (Shape::Capital, Gap::Hyphen),
                (Shape::Initial, Gap::Space),
                (Shape::Capital, Gap::Apostrophe),
                (Shape::Mixed, Gap::Comma),
                (Shape::Initial, Gap::Line),
                (Shape::Upper, Gap::Space),
                (Shape::Inner, Gap::Space),
            ]
        );
    }

    #[test]
    fn nothing_is_between_what_is_not_there() {
        let tokens = Tokens::new("(one, two)");
        let all: Vec<_> = (0..5).map(|at| tokens.between(at)).collect();
        assert_eq!(all, ["(", ", ", ")", "", ""]);
        assert_eq!(Tokens::new("?!").between(0), "?!");
        assert_eq!(Tokens::new("?!").between(1), "");
    }

    #[test]
    fn decomposed_letters_stay_in_their_word() {
        let tokens = Tokens::new("Zoe\u{308} ruft an");
        assert_eq!(tokens.word(0), "Zoe\u{308}");
        assert_eq!(tokens.all().len(), 3);
    }
}
