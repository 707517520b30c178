//! Words of a text: where they stand, how they look, and what stands between them.
//!
//! One linear pass; every rule over names and places reads these tokens and never the text again.

use crate::cues::{self, Class, Phrase};
use crate::lexicon::{Ascii, Entry, Hash, latin, lookup};
use crate::trigger::Set;
use crate::words::{self, Marks, Word};

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

/// From so many characters on a word that is not all small letters may be a key.
const LONG: usize = 8;

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
    /// The passes that look at it.
    pub(crate) marks: Marks,
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
    /// Indices of the tokens that hold a digit.
    numeric: Vec<usize>,
    /// The marks of all tokens.
    marks: Marks,
    /// What stands between them.
    signs: Signs,
    /// Indices of the tokens that only a full stop may stand before.
    dots: Vec<usize>,
    /// Cue phrases of several words.
    phrases: Vec<Phrase>,
}

/// What stands somewhere between the words of a text: without its sign a rule has nothing to look for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs(u16);

impl Signs {
    /// An ASCII letter or digit; a byte of a character beyond ASCII.
    const ALPHANUMERIC: Self = Self(1);
    const WIDE: Self = Self(2);
    /// `@`
    pub(crate) const AT: Self = Self(4);
    /// `:`
    pub(crate) const COLON: Self = Self(8);
    /// `/`
    pub(crate) const SLASH: Self = Self(16);
    /// `"`, or a sign beyond ASCII that may be a quotation mark.
    pub(crate) const QUOTE: Self = Self(32);
    /// A line break.
    pub(crate) const LINE: Self = Self(64);
    /// A question mark at the end of a line.
    pub(crate) const ASKED: Self = Self(256);
    /// `-----` in front of a word.
    pub(crate) const RULE: Self = Self(128);

    /// Whether any of `other` is in the set.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of a byte.
    #[inline]
    fn of(b: u8) -> Self {
        SIGNS.get(usize::from(b)).copied().unwrap_or_default()
    }

    /// Whether it is part of a word, or of a character beyond ASCII.
    #[inline]
    fn word(b: u8) -> bool {
        Self::of(b).has(Self::ALPHANUMERIC.or(Self::WIDE))
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static SIGNS: [Signs; 256] = {
    let mut table = [Signs(0); 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            128.. => Signs::WIDE,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Signs::ALPHANUMERIC,
            b'@' => Signs::AT,
            b':' => Signs::COLON,
            b'/' => Signs::SLASH,
            b'"' => Signs::QUOTE,
            b'\n' | b'\r' => Signs::LINE,
            _ => Signs(0),
        };
        b += 1;
    }
    table
};

/// What an ASCII sign between two words says of the second one where it stands alone, and with a space behind it.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static GAPS: [[Gap; 2]; 128] = {
    let mut table = [[Gap::Other; 2]; 128];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b' ' | b'\t' | 0x0b | 0x0c => [Gap::Space; 2],
            b'\n' | b'\r' => [Gap::Line; 2],
            b'.' => [Gap::Dot; 2],
            b',' => [Gap::Comma; 2],
            b':' => [Gap::Colon; 2],
            b'-' => [Gap::Hyphen, Gap::Other],
            b'\'' | b'`' => [Gap::Apostrophe, Gap::Other],
            _ => [Gap::Other; 2],
        };
        b += 1;
    }
    table
};

/// Eight bytes at once, the first in the lowest bits; zeros behind the end.
#[inline]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_bytes(bytes.get(at..).unwrap_or(&[])),
    }
}

#[cold]
#[inline(never)]
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

/// A word as it is read.
struct Read {
    /// The byte behind it, and that byte; zero at the end of the text.
    end: usize,
    next: u8,
    hash: u64,
    seen: Seen,
}

/// Which of eight bytes are ASCII letters, in their top bits (the others mean nothing), and the same for capitals.
#[inline]
const fn letters(x: u64) -> (u64, u64) {
    // Adding carries into the top bit where a byte reaches a bound: between two bounds one of two sums has it.
    let small = (x & !TOPS) | times(0x20);
    let letters = (small + times(0x80 - b'a')) ^ (small + times(0x7f - b'z'));
    // The bit that small letters have and capitals lack, moved to the top.
    (letters, letters & !(x << 2))
}

/// All bytes before the first that has its top bit in `stop`.
#[inline]
const fn before(stop: u64) -> u64 {
    ((stop & stop.wrapping_neg()) >> 7).wrapping_sub(1)
}

/// Reads a word of ASCII letters, as most are, eight bytes a step; `None` where another stands or none.
#[inline]
fn plain(bytes: &[u8], start: usize) -> Option<Read> {
    let mut hash = Ascii::new();
    let mut seen = Seen::default();
    loop {
        let x = eight(bytes, start + seen.chars);
        let (letters, capitals) = letters(x);
        let stop = (!letters | x) & TOPS;
        let mask = before(stop);
        if mask != 0 {
            hash = hash.eight(x, mask);
            let tops = mask & TOPS;
            match capitals & tops {
                0 => seen.looks |= SMALL,
                capitals => seen = seen.step(tops, capitals, 0),
            }
        }
        if stop == 0 {
            seen.chars += 8;
            continue;
        }
        let behind = stop.trailing_zeros() - 7;
        seen.chars += behind as usize / 8;
        let next = (x >> behind) as u8;
        return (seen.chars != 0 && (next == b' ' || !Signs::word(next))).then(|| Read {
            end: start + seen.chars,
            next,
            hash: hash.finish(),
            seen,
        });
    }
}

/// Reads a word of ASCII letters and digits, eight bytes a step.
fn ascii(bytes: &[u8], start: usize) -> Read {
    let mut hash = Ascii::new();
    let mut seen = Seen::default();
    loop {
        let x = eight(bytes, start + seen.chars);
        let (letters, capitals) = letters(x);
        let low = x & !TOPS;
        let digits = (low + times(0x80 - b'0')) ^ (low + times(0x7f - b'9'));
        let stop = (!(letters | digits) | x) & TOPS;
        let mask = before(stop);
        if mask != 0 {
            hash = hash.eight(x, mask);
            let tops = mask & TOPS;
            seen = seen.step(letters & tops, capitals & tops, digits & tops);
        }
        if stop != 0 {
            seen.chars += stop.trailing_zeros() as usize / 8;
            let end = start + seen.chars;
            return Read {
                end,
                next: bytes.get(end).copied().unwrap_or(0),
                hash: hash.finish(),
                seen,
            };
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
        let mut tokens = Self {
            text,
            all: Vec::with_capacity(text.len() / 5 + 1),
            numeric: Vec::with_capacity(text.len() / 32 + 1),
            marks: Marks::NONE,
            signs: Signs::default(),
            dots: Vec::new(),
            phrases: Vec::new(),
        };
        // The end of the last token, where the next may begin, and what stands between if it does.
        let (mut last, mut at, mut gap) = (0, 0, Gap::Start);
        while at < bytes.len() {
            let word = match plain(bytes, at) {
                Some(word) => word,
                None => match tokens.read(at) {
                    Some((start, word)) => {
                        if start != at {
                            at = start;
                            gap = tokens.gap_of(last, at);
                        }
                        word
                    }
                    None => break,
                },
            };
            let Read { hash, seen, .. } = word;
            let listed = words.get(hash);
            let shape = seen.shape();
            let mut marks = listed.marks;
            if seen.looks != SMALL {
                marks = marks.or(seen.marks(shape));
                if seen.digits() {
                    tokens.numeric.push(tokens.all.len());
                }
            }
            tokens.marks = tokens.marks.or(marks);
            tokens.all.push(Token {
                start: at,
                end: word.end,
                hash,
                gap,
                shape,
                chars: seen.chars.min(255) as u8,
                entry: listed.entry,
                class: if seen.digits() {
                    Class::NONE
                } else {
                    listed.class
                },
                trigger: listed.trigger,
                marks,
                listed,
            });
            last = word.end;
            (at, gap) = if word.next == b' ' {
                (last + 1, Gap::Space)
            } else {
                tokens.behind(last, word.next)
            };
        }
        if names {
            for token in &mut tokens.all {
                token.entry = token.known();
            }
            tokens.phrases = cues::phrases(&tokens);
        }
        tokens
    }

    /// The next word from `at` on, whatever it is and whatever stands before it: where it begins, and the word.
    #[inline(never)]
    fn read(&mut self, at: usize) -> Option<(usize, Read)> {
        let (text, bytes) = (self.text, self.text.as_bytes());
        let mut start = at;
        loop {
            start = self.skip(start);
            if start >= bytes.len() {
                return None;
            }
            let ascii = ascii(bytes, start);
            if ascii.next < 128 {
                return Some((start, ascii));
            }
            let wide = wide(text, start);
            if wide.seen.chars != 0 {
                return Some((start, wide));
            }
            self.signs = self.signs.or(Signs::QUOTE);
            start = wide.end;
        }
    }

    /// Where the next word begins behind the end of another and the sign `b`, and what stands between; where a character
    /// beyond ASCII follows, it may be no word.
    #[inline(never)]
    fn behind(&mut self, end: usize, b: u8) -> (usize, Gap) {
        let Some(&[alone, spaced]) = GAPS.get(usize::from(b)) else {
            return (end, Gap::Other);
        };
        self.signs = self.signs.or(Signs::of(b));
        let bytes = self.text.as_bytes();
        let word = |at: usize| bytes.get(at).is_some_and(|b| Signs::word(*b));
        if word(end + 1) {
            if b == b'.' {
                self.dots.push(self.all.len());
            }
            return (end + 1, alone);
        }
        if word(end + 2) && bytes.get(end + 1) == Some(&b' ') {
            return (end + 2, spaced);
        }
        let start = self.skip(end + 1);
        (start, self.gap_of(end, start))
    }

    /// The next byte that may begin a word.
    fn skip(&mut self, from: usize) -> usize {
        let mut at = from;
        while let Some(b) = self.text.as_bytes().get(at) {
            let signs = Signs::of(*b);
            if signs.has(Signs::ALPHANUMERIC.or(Signs::WIDE)) {
                break;
            }
            self.signs = self.signs.or(signs);
            at += 1;
        }
        at
    }

    /// What stands between the byte `last`, at which a token ended, and the one at which another begins.
    fn gap_of(&mut self, last: usize, start: usize) -> Gap {
        let between = self.text.get(last..start).unwrap_or("");
        if between.ends_with("-----") {
            self.signs = self.signs.or(Signs::RULE);
        }
        let gap = gap(between, self.all.is_empty());
        if gap == Gap::Line {
            self.signs = self.signs.or(Signs::LINE);
            if between.contains('?') {
                self.signs = self.signs.or(Signs::ASKED);
            }
        }
        gap
    }

    /// What stands between the tokens, and before and behind them.
    pub(crate) const fn signs(&self) -> Signs {
        self.signs
    }

    /// The tokens that have one of `marks`, and where they stand.
    #[inline]
    pub(crate) fn marked(&self, marks: Marks) -> impl Iterator<Item = (usize, &Token)> {
        let all: &[Token] = if self.marks.has(marks) {
            &self.all
        } else {
            &[]
        };
        let marked = move |(_, token): &(usize, &Token)| token.marks.has(marks);
        all.iter().enumerate().filter(marked)
    }

    /// The tokens before which nothing stands but a full stop.
    pub(crate) fn dots(&self) -> impl Iterator<Item = usize> {
        let dots = self.dots.iter().copied();
        dots.filter(|at| self.between(*at) == ".")
    }

    /// Takes out the indices of the tokens that hold a digit.
    pub(crate) fn take_numeric(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.numeric)
    }

    /// The cue phrases of several words that begin at `at`, the longest last.
    pub(crate) fn phrases_at(&self, at: usize) -> &[Phrase] {
        let from = self.phrases.partition_point(|phrase| phrase.at < at);
        let rest = self.phrases.get(from..).unwrap_or(&[]);
        let count = rest.iter().take_while(|phrase| phrase.at == at).count();
        rest.get(..count).unwrap_or(&[])
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

    /// The bytes between `at` and the token before it.
    pub(crate) fn between(&self, at: usize) -> &'t str {
        let from = self.before(at).map_or(0, |token| token.end);
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

/// What stands between two tokens, or before the first.
fn gap(between: &str, first: bool) -> Gap {
    if first {
        return if between.contains('\n') {
            Gap::Line
        } else {
            Gap::Start
        };
    }
    let bytes = between.as_bytes();
    if let [b] = bytes {
        return GAPS.get(usize::from(*b)).map_or(Gap::Other, |gap| gap[0]);
    }
    let mut all = Gap::Space;
    for b in bytes {
        let Some([gap, _]) = GAPS.get(usize::from(*b)) else {
            return wide_gap(between);
        };
        all = match (all, *gap) {
            (_, Gap::Line) => return Gap::Line,
            (_, Gap::Space) => all,
            (Gap::Space, Gap::Dot | Gap::Comma | Gap::Colon) => *gap,
            _ => Gap::Other,
        };
    }
    all
}

/// What stands between two tokens where characters beyond ASCII do.
#[cold]
fn wide_gap(between: &str) -> Gap {
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

/// Reads a word that holds a character beyond ASCII. What is no letter at all is passed over and has no characters.
fn wide(text: &str, start: usize) -> Read {
    let mut hash = Hash::new();
    let mut seen = Seen {
        chars: 0,
        looks: WIDE,
    };
    let mut end = start;
    for c in text.get(start..).unwrap_or("").chars() {
        if c.is_ascii() {
            let b = c as u8;
            if !Signs::word(b) {
                break;
            }
            seen.see(b.is_ascii_digit(), b.is_ascii_uppercase());
            hash.small(b | 0x20);
            end += 1;
            continue;
        }
        let (goes_on, digit, capital) = if let Some(latin) = latin(c) {
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
        hash.add(c);
        end += c.len_utf8();
    }
    Read {
        end,
        next: text.as_bytes().get(end).copied().unwrap_or(0),
        hash: hash.finish(),
        seen,
    }
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
/// A letter beyond ASCII.
const WIDE: u8 = 32;

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

    /// With eight letters and digits of ASCII more, a top bit for each; of `letters` some are `capitals`.
    fn step(mut self, letters: u64, capitals: u64, digits: u64) -> Self {
        self.looks |= (SMALL * u8::from(letters != capitals))
            | (DIGITS * u8::from(digits != 0))
            | (CAPITAL * u8::from(capitals != 0))
            | (FIRST_CAPITAL * u8::from(self.chars == 0 && capitals & 0x80 != 0));
        self.more_capitals(capitals & capitals.wrapping_sub(1) != 0);
        self
    }

    const fn more_capitals(&mut self, more: bool) {
        self.looks |= CAPITALS * more as u8;
    }

    const fn digits(self) -> bool {
        self.looks & DIGITS != 0
    }

    /// The marks of a word that is not all small ASCII letters.
    const fn marks(self, shape: Shape) -> Marks {
        let key = match shape {
            Shape::Mixed | Shape::Inner => true,
            Shape::Lower => false,
            _ => self.chars >= LONG,
        };
        let key = if key { Marks::SECRET } else { Marks::NONE };
        if self.looks & WIDE != 0 {
            key.or(Marks::LANGUAGE)
        } else {
            key
        }
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
    fn decomposed_letters_stay_in_their_word() {
        let tokens = Tokens::new("Zoe\u{308} ruft an");
        assert_eq!(tokens.word(0), "Zoe\u{308}");
        assert_eq!(tokens.all().len(), 3);
    }
}
