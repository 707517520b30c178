//! Words of a text: where they stand, how they look, and what stands between them.
//!
//! One linear pass; every rule over names and places reads these tokens and never the text again.

mod gap;
mod looks;
mod read;

use crate::bits::ones;
use crate::cues::{Class, Phrases};
use crate::lexicon::{self, Entry, lookup};
use crate::trigger::Set;
use crate::words::{self, Found, Marks, Table, Word};
use gap::{GAPS, gap};
use read::{plain, wide};

pub(crate) use gap::Signs;
pub(crate) use looks::{Look, Looks};

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

impl Gap {
    /// How many there are.
    pub(crate) const COUNT: usize = Self::Other as usize + 1;
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

    /// Nothing but ASCII.
    pub(crate) const fn ascii(&self) -> bool {
        self.end - self.start == self.chars as usize
    }

    /// Holds a digit.
    pub(crate) const fn digits(&self) -> bool {
        matches!(self.shape, Shape::Number | Shape::Mixed)
    }

    /// The entry as it was read with the text: where names are looked for, that of every word.
    pub(crate) fn read(&self) -> Entry {
        debug_assert!(self.entry != Entry::UNREAD, "names are looked for");
        self.entry
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
    /// The lists of all words that say what a number is.
    triggers: Set,
    /// Sets of the tokens, by their marks and looks.
    looks: Looks,
    /// What stands between them.
    signs: Signs,
    /// Indices of the tokens that only a full stop may stand before.
    dots: Vec<usize>,
    /// Cue phrases; none where no names are looked for.
    pub(crate) phrases: Phrases,
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
            triggers: Set::NONE,
            looks: Looks::default(),
            signs: Signs::default(),
            dots: Vec::new(),
            phrases: Phrases::default(),
        };
        // The end of the last token, where the next may begin, and what stands between if it does and is known.
        let (mut last, mut at, mut gap) = (0, 0, Some(Gap::Start));
        while at < bytes.len() {
            let word = match plain(bytes, at) {
                Some(word) => word,
                None => {
                    let word = wide(text, at);
                    if word.chars == 0 {
                        at = tokens.pass(at, word.end);
                        gap = None;
                        continue;
                    }
                    word
                }
            };
            let gap_here = match gap {
                Some(gap) => gap,
                None => tokens.gap_of(last, at),
            };
            let (mut shape, mut marks) = (Shape::Lower, Marks::NONE);
            if !word.small() {
                shape = word.shape();
                marks = word.marks(shape);
            }
            tokens.all.push(Token {
                start: at,
                end: word.end,
                hash: word.hash,
                gap: gap_here,
                shape,
                chars: word.chars,
                entry: Entry::UNREAD,
                class: Class::NONE,
                trigger: Set::NONE,
                marks,
                listed: words.unlisted(),
            });
            last = word.end;
            (at, gap) = if word.next == b' ' {
                (last + 1, Some(Gap::Space))
            } else {
                tokens.behind(last, word.next)
            };
        }
        tokens.read_lists(words);
        if names {
            tokens.read_entries();
            tokens.phrases = Phrases::new(&tokens);
        }
        tokens
    }

    /// Looks its words up in the lists. Apart from the reading of the text, whose branches cannot be foretold, one look-up does
    /// not wait for the memory of another.
    fn read_lists(&mut self, words: &'static Table) {
        self.looks = Looks::with_room_for(self.all.len());
        for part in self.all.chunks_mut(64) {
            // Buckets first, then words: each loop waits for the memory of many at once.
            let mut places = [Found::default(); 64];
            for (place, token) in places.iter_mut().zip(part.iter()) {
                *place = words.found(token.hash);
            }
            for (place, token) in places.iter().zip(part.iter_mut()) {
                let listed = words.word_at(*place, token.hash);
                token.listed = listed;
                token.entry = listed.entry;
                token.class = listed.class.unless(token.digits());
                token.trigger = listed.trigger;
                self.triggers = self.triggers.or(listed.trigger);
                token.marks = token.marks.or(listed.marks);
            }
            self.looks.add(part);
        }
    }

    /// Looks up what no list said of its words. Which those are cannot be foretold: they are marked 64 at a time.
    fn read_entries(&mut self) {
        for part in self.all.chunks_mut(64) {
            let mut unread = 0u64;
            for (bit, token) in part.iter().enumerate() {
                unread |= u64::from(token.entry == Entry::UNREAD) << bit;
            }
            lexicon::touch(ones(unread).filter_map(|bit| Some(part.get(bit)?.hash)));
            for bit in ones(unread) {
                if let Some(token) = part.get_mut(bit) {
                    token.entry = lookup(token.hash);
                }
            }
        }
    }

    /// Where the next word begins behind the end of another and the sign `b`, and what stands between; where a character
    /// beyond ASCII follows, it may be no word.
    #[inline(never)]
    fn behind(&mut self, end: usize, b: u8) -> (usize, Option<Gap>) {
        let Some(&[alone, spaced]) = GAPS.get(usize::from(b)) else {
            return (end, None);
        };
        self.signs = self.signs.or(Signs::of(b));
        let bytes = self.text.as_bytes();
        let word = |at: usize| bytes.get(at).is_some_and(|b| Signs::word(*b));
        if word(end + 1) {
            if b == b'.' {
                self.dots.push(self.all.len());
            }
            return (end + 1, Some(alone));
        }
        if word(end + 2) && bytes.get(end + 1) == Some(&b' ') {
            return (end + 2, Some(spaced));
        }
        (self.skip(end + 1), None)
    }

    /// Where the next word may begin behind signs from `at` on, of which those up to `end` are beyond ASCII.
    #[cold]
    #[inline(never)]
    fn pass(&mut self, at: usize, end: usize) -> usize {
        if end != at {
            self.signs = self.signs.or(Signs::QUOTE);
        }
        self.skip(end)
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
    #[inline(never)]
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

    /// Sets of the tokens.
    pub(crate) const fn looks(&self) -> &Looks {
        &self.looks
    }

    /// The tokens that have one of `marks`, and where they stand.
    #[inline]
    pub(crate) fn marked(&self, marks: Marks) -> impl Iterator<Item = (usize, &Token)> {
        let places = self.looks.each(move |word| self.looks.marked(word, marks));
        places.filter_map(|at| Some((at, self.all.get(at)?)))
    }

    /// The tokens before which nothing stands but a full stop.
    pub(crate) fn dots(&self) -> impl Iterator<Item = usize> {
        let dots = self.dots.iter().copied();
        dots.filter(|at| self.between(*at) == ".")
    }

    /// The lists of all words that say what a number is.
    pub(crate) const fn triggers(&self) -> Set {
        self.triggers
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

#[cfg(test)]
mod tests {
    use super::{Gap, Shape, Signs, Tokens};
    use crate::lexicon::hash_word;

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
    fn words_of_any_length_have_the_hash_of_the_lexicon() {
        let letters = "aBcdefgh9Z".repeat(4);
        for len in 1..=letters.len() {
            let word = &letters[..len];
            let text = format!("{word} -{word}\u{e9} \u{201c}{word}\u{201d}.{word}");
            let tokens = Tokens::new(&text);
            assert_eq!(tokens.all().len(), 4, "{text}");
            for (at, token) in tokens.all().iter().enumerate() {
                assert_eq!(token.hash, hash_word(tokens.word(at)), "{text}");
                assert_eq!(usize::from(token.chars), len + usize::from(at == 1));
            }
        }
    }

    #[test]
    fn signs_between_words_are_noted() {
        let signs = |text| Tokens::new(text).signs();
        for sign in [Signs::AT, Signs::COLON, Signs::SLASH, Signs::LINE] {
            assert!(!signs("a, b. c - d!").has(sign));
        }
        assert!(signs("a@b").has(Signs::AT) && signs("@").has(Signs::AT));
        assert!(signs("a://b").has(Signs::COLON) && signs("a://b").has(Signs::SLASH));
        assert!(signs("why?\n12").has(Signs::ASKED) && !signs("why? 12").has(Signs::ASKED));
        assert!(signs("-----BEGIN").has(Signs::RULE) && !signs("----BEGIN").has(Signs::RULE));
        assert!(signs("\u{201e}a").has(Signs::QUOTE) && signs("a \"b").has(Signs::QUOTE));
        assert_eq!(
            Tokens::new("a.b. c.\u{e9} d.").dots().collect::<Vec<_>>(),
            [1, 3]
        );
    }

    #[test]
    fn decomposed_letters_stay_in_their_word() {
        let tokens = Tokens::new("Zoe\u{308} ruft an");
        assert_eq!(tokens.word(0), "Zoe\u{308}");
        assert_eq!(tokens.all().len(), 3);
    }
}
