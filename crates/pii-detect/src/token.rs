//! Words of a text: where they stand, how they look, and what stands between them.
//!
//! One linear pass; every rule over names and places reads these tokens and never the text again.

use crate::cues::{self, Class, Phrase};
use crate::lexicon::{Entry, Hash, lookup};
use crate::trigger::{self, Set};

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
    /// What the lexicon knows; looked up for capitalised words only.
    pub(crate) entry: Entry,
    /// Classes of the cue lists this single word belongs to.
    pub(crate) class: Class,
    /// Lists of words that say what a number is, this single word among them.
    pub(crate) trigger: Set,
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
        if self.capital() {
            self.entry
        } else {
            lookup(self.hash)
        }
    }
}

/// A text and its tokens.
pub(crate) struct Tokens<'t> {
    /// The text.
    pub(crate) text: &'t str,
    all: Vec<Token>,
    /// Cue phrases of several words.
    phrases: Vec<Phrase>,
}

/// Where the number of small letters, capitals and digits of a word begins in one sum: a byte adds to one of them.
const CAPITALS: u32 = 21;
const DIGITS: u32 = 42;
const COUNT: u64 = (1 << CAPITALS) - 1;
/// Bytes after which a run of letters is cut, so that no count overflows into the next.
const LONGEST: usize = 1 << 20;

/// What a byte adds to the counts of its word; 0 for a byte that ends the word, or begins a character beyond ASCII.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
static ADDS: [u64; 256] = {
    let mut table = [0; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'a'..=b'z' => 1,
            b'A'..=b'Z' => 1 << CAPITALS,
            b'0'..=b'9' => 1 << DIGITS,
            _ => 0,
        };
        b += 1;
    }
    table
};

impl<'t> Tokens<'t> {
    /// Splits a text and looks its words up.
    pub(crate) fn new(text: &'t str) -> Self {
        Self::split(text, true)
    }

    /// Splits a text; the lexicon is asked only where names are looked for.
    pub(crate) fn split(text: &'t str, names: bool) -> Self {
        let bytes = text.as_bytes();
        let mut all: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
        let (triggers, cues) = (trigger::words(), cues::words());
        let mut last = 0;
        let mut rest = bytes;
        // To the next letter or digit, or to what may be one beyond ASCII.
        while let Some(aside) = rest.iter().position(|b| adds(*b) != 0 || !b.is_ascii()) {
            rest = rest.get(aside..).unwrap_or(&[]);
            let start = bytes.len() - rest.len();
            // The usual word: ASCII from end to end.
            let mut hash = Hash::new();
            let mut counts = 0;
            let mut len = 0;
            for b in rest.iter().take(LONGEST) {
                let adds = adds(*b);
                if adds == 0 {
                    break;
                }
                counts += adds;
                hash = hash.ascii(*b);
                len += 1;
            }
            let mut seen = Seen {
                counts,
                first_upper: rest.first().is_some_and(u8::is_ascii_uppercase),
            };
            if rest.get(len).is_some_and(|b| !b.is_ascii()) {
                (len, hash) = wide(text, start, len, hash, &mut seen);
                if seen.counts == 0 {
                    rest = rest.get(len..).unwrap_or(&[]);
                    continue;
                }
            }
            rest = rest.get(len..).unwrap_or(&[]);
            let gap = gap(text, bytes, last, start, all.is_empty());
            last = start + len;
            let shape = seen.shape();
            let hash = hash.finish();
            let mut token = Token {
                start,
                end: last,
                hash,
                gap,
                shape,
                chars: seen.chars(),
                entry: Entry::default(),
                class: Class::NONE,
                trigger: triggers.look(hash),
            };
            if names && token.word() {
                token.class = cues.class(hash);
                if token.capital() {
                    token.entry = lookup(hash);
                }
            }
            all.push(token);
        }
        let mut tokens = Self {
            text,
            all,
            phrases: Vec::new(),
        };
        if names {
            tokens.phrases = cues::phrases(&tokens);
        }
        tokens
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

fn adds(b: u8) -> u64 {
    ADDS.get(usize::from(b)).copied().unwrap_or(0)
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

/// Goes on with a word beyond ASCII: the bytes of the whole word, or of what is no letter at all, and the hash.
#[cold]
fn wide(
    text: &str,
    start: usize,
    mut len: usize,
    mut hash: Hash,
    seen: &mut Seen,
) -> (usize, Hash) {
    for c in text.get(start + len..).unwrap_or("").chars() {
        let goes_on = if c.is_ascii() {
            c.is_ascii_alphanumeric()
        } else {
            c.is_alphanumeric() || is_mark(c) && seen.counts != 0
        };
        if !goes_on || len >= LONGEST {
            // Nothing was a letter: this one is passed over.
            if seen.counts == 0 {
                len += c.len_utf8();
            }
            break;
        }
        seen.see(c, len == 0);
        hash = hash.char(c);
        len += c.len_utf8();
    }
    (len, hash)
}

#[derive(Default)]
struct Seen {
    counts: u64,
    first_upper: bool,
}

impl Seen {
    fn see(&mut self, c: char, first: bool) {
        if c.is_numeric() {
            self.counts += 1 << DIGITS;
        } else if c.is_uppercase() {
            self.first_upper |= first;
            self.counts += 1 << CAPITALS;
        } else {
            self.counts += 1;
        }
    }

    const fn upper(&self) -> u64 {
        self.counts >> CAPITALS & COUNT
    }

    const fn lower(&self) -> u64 {
        self.counts & COUNT
    }

    const fn digits(&self) -> u64 {
        self.counts >> DIGITS
    }

    fn chars(&self) -> u8 {
        u8::try_from(self.upper() + self.lower() + self.digits()).unwrap_or(u8::MAX)
    }

    const fn shape(&self) -> Shape {
        match (self.digits(), self.upper(), self.lower()) {
            (1.., 0, 0) => Shape::Number,
            (1.., _, _) => Shape::Mixed,
            (_, 1, 0) => Shape::Initial,
            (_, _, 0) => Shape::Upper,
            (_, 0, _) => Shape::Lower,
            _ if self.first_upper => Shape::Capital,
            _ => Shape::Inner,
        }
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
