//! Compounds and stems: which words may be, or hold, an entry of the lexicons by their first or last letters.

use std::sync::LazyLock;

use super::table::{Language, PRODUCT, TERM, entries, hashes, languages};
use crate::bits::{Bits, ones};
use crate::lexicon::{Ascii, Hash, fold_into, folded, hash_word, phrase};
use crate::token::{Look, Token, Tokens};
use crate::words::{LANGUAGES, Marks, Sections, Small};

/// Languages, one bit each, in which something may begin at a token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Where {
    /// By the whole word.
    words: u8,
    /// By its first and its last letters.
    edges: [u8; 2],
}

/// Words by their beginnings and ends, all languages together.
pub(super) struct Parts {
    /// Languages in which two words begin something, by the hash of both.
    pairs: Small<u8>,
    /// Sections by the hash of a phrase: few tokens ask, and the table of all words is kept for words.
    phrases: Small<u16>,
    /// Stems that begin, and ends of compounds that end, with four letters.
    edges: Small<u64>,
    /// The same letters by a cheaper hash that may take others for them.
    bits: Box<[u64; BITS]>,
    /// Languages in which a compound may end in something sold, by its last four letters.
    pub(super) sold: Small<u8>,
    /// Sections by the hash of the whole stem or end.
    stems: Small<u16>,
    tails: Small<u16>,
    sections: Vec<Sections>,
}

/// The words around an entry are counted once; these are its parts.
static PARTS: LazyLock<Parts> = LazyLock::new(|| {
    let mut parts = Parts {
        pairs: Small::with_room_for(1 << 13),
        phrases: Small::with_room_for(1 << 14),
        edges: Small::with_room_for(1 << 12),
        bits: Box::new([0; BITS]),
        sold: Small::with_room_for(1 << 11),
        stems: Small::with_room_for(1 << 12),
        tails: Small::with_room_for(1 << 11),
        sections: vec![Sections::default()],
    };
    entries(|language, bits, entry| parts.add(language, bits, entry));
    parts
});

/// Most letters of a stem.
const STEM: usize = 24;

/// What [`Parts::edges`] holds of four letters: above, the languages in which they are those of an entry as it is written;
/// below, one bit for each length that such an entry has once it is folded.
const fn lengths(edge: u64) -> u32 {
    edge as u32
}

const fn spoken(edge: u64) -> u8 {
    (edge >> 32) as u8
}

/// Words of [`Parts::bits`].
const BITS: usize = 1 << 10;

/// Where the bit of four letters stands.
#[inline]
const fn bit(four: &[u8; 4], end: bool) -> (usize, u64) {
    let mixed = (u32::from_le_bytes(*four) | 0x2020_2020).wrapping_mul(0x9e37_79b1);
    let high = (mixed >> 16) as usize ^ end as usize;
    (high >> 6, 1 << (high & 63))
}

/// Mixes four bytes of a word's edge; `None` where one of them is no ASCII letter, so that folding is needed.
pub(super) fn edge(four: &[u8; 4], end: bool) -> Option<u64> {
    let mixed = u32::from_le_bytes(*four);
    (mixed & 0x8080_8080 == 0).then(|| {
        let end = if end { 0x9e37_79b9 << 32 } else { 0 };
        phrase(u64::from(mixed | 0x2020_2020) | end, 0)
    })
}

impl Parts {
    fn add(&mut self, language: usize, bits: u32, entry: &str) {
        let here = 1u8 << language;
        if let Some(stem) = entry.strip_suffix('*') {
            let place = self.place(self.stems.get(hash_word(stem)), language, bits);
            self.stems.add(hash_word(stem), place);
            let four = |stem: &[u8]| edge(stem.first_chunk::<4>()?, false);
            self.edge(four(stem.as_bytes()), language);
            self.see(stem.as_bytes().first_chunk(), false);
            let folded = folded(stem);
            self.length(four(&folded), folded.len());
        } else if let Some(tail) = entry.strip_prefix('*') {
            let place = self.place(self.tails.get(hash_word(tail)), language, bits);
            self.tails.add(hash_word(tail), place);
            let four = |tail: &[u8]| edge(tail.last_chunk::<4>()?, true);
            self.edge(four(tail.as_bytes()), language);
            self.see(tail.as_bytes().last_chunk(), true);
            let folded = folded(tail);
            self.length(four(&folded), folded.len());
        } else if let Some([first, second, rest @ ..]) = hashes(entry).as_deref() {
            if bits & TERM != 0 {
                let pair = phrase(*first, *second);
                self.pairs.add(pair, here);
                let whole = rest.iter().fold(pair, |so_far, word| phrase(so_far, *word));
                let place = self.place(self.phrases.get(whole), language, bits);
                self.phrases.add(whole, place);
            }
        } else if bits & PRODUCT != 0 {
            let bytes = folded(entry);
            if let Some(edge) = bytes.last_chunk::<4>().and_then(|four| edge(four, true)) {
                self.sold.add(edge, here);
            }
        }
    }

    /// Adds sections at a place, or at a new one.
    fn place(&mut self, place: u16, language: usize, bits: u32) -> u16 {
        let mut place = usize::from(place);
        if place == 0 {
            place = self.sections.len();
            self.sections.push(Sections::default());
        }
        if let Some(section) = self
            .sections
            .get_mut(place)
            .and_then(|s| s.get_mut(language))
        {
            *section |= bits;
        }
        u16::try_from(place).unwrap_or(0)
    }

    /// Adds four letters to the bits.
    fn see(&mut self, four: Option<&[u8; 4]>, end: bool) {
        if let Some(four) = four {
            let (word, bit) = bit(four, end);
            if let Some(word) = self.bits.get_mut(word) {
                *word |= bit;
            }
        }
    }

    /// Adds a language to four letters.
    fn edge(&mut self, edge: Option<u64>, language: usize) {
        if let Some(edge) = edge {
            self.edges.add(edge, 1 << (language + 32));
        }
    }

    /// Adds the length of an entry to its four letters.
    fn length(&mut self, edge: Option<u64>, length: usize) {
        if let Some(edge) = edge.filter(|_| length < 32) {
            self.edges.add(edge, 1 << length);
        }
    }

    /// Languages in which a word's first letters begin something, and its last letters end it.
    fn edges(&self, word: &[u8]) -> [u8; 2] {
        let (Some(first), Some(last)) = (word.first_chunk(), word.last_chunk()) else {
            return [0; 2];
        };
        if word.len() < 5 {
            return [0; 2];
        }
        // Letters that need folding are looked up in the stems themselves.
        [edge(first, false), edge(last, true)]
            .map(|edge| edge.map_or(u8::MAX, |edge| spoken(self.edges.get(edge))))
    }

    fn sections(&self, place: u16) -> &Sections {
        const NONE: &Sections = &[0; LANGUAGES + 1];
        self.sections.get(usize::from(place)).unwrap_or(NONE)
    }

    /// Whether a phrase of a language begins with the two words of a hash.
    pub(super) fn begun(&self, pair: u64, language: usize) -> bool {
        self.pairs
            .get(pair)
            .checked_shr(language as u32)
            .unwrap_or(0)
            & 1
            == 1
    }

    /// The sections of a whole phrase in a language.
    pub(super) fn phrase(&self, whole: u64, language: usize) -> u32 {
        let place = self.phrases.get(whole);
        self.sections(place).get(language).copied().unwrap_or(0)
    }

    /// Whether a stem or end worth a look is at a place.
    fn term(&self, place: u16) -> bool {
        place != 0 && self.sections(place).iter().any(|bits| bits & TERM != 0)
    }
}

/// Languages in which the first letters of a listed word begin something, and its last letters end it: none where no whole
/// stem is what it begins with, and no whole end.
pub(crate) fn edges(word: &str) -> [u8; 2] {
    let parts = &*PARTS;
    let [mut first, mut last] = parts.edges(word.as_bytes());
    if first | last == 0 {
        return [0; 2];
    }
    let folded = folded(word);
    let hash = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(hash_word);
    let begins = |at: usize| {
        let stem = folded.get(..at).and_then(hash);
        stem.is_some_and(|stem| parts.term(parts.stems.get(stem)))
    };
    let ends = |at: usize| {
        let tail = folded.get(at..).and_then(hash);
        tail.is_some_and(|tail| parts.term(parts.tails.get(tail)))
    };
    // Only lengths that a stem or an end with these four letters has; all where they need folding still.
    let of = |four: Option<&[u8; 4]>, end| {
        let edge = four.and_then(|four| edge(four, end));
        edge.map_or(u32::MAX, |edge| lengths(parts.edges.get(edge)))
    };
    let any = |lengths: u32, is: &dyn Fn(usize) -> bool| {
        (1..=folded.len())
            .any(|len| lengths.checked_shr(len as u32).unwrap_or(1) & 1 != 0 && is(len))
    };
    if !any(of(folded.first_chunk(), false), &begins) {
        first = 0;
    }
    if !any(of(folded.last_chunk(), true), &|len| {
        ends(folded.len() - len)
    }) {
        last = 0;
    }
    [first, last]
}

/// The parts of words, to be asked many times.
pub(super) fn parts() -> &'static Parts {
    &PARTS
}

/// Stems and ends of one word in every language: the bits, and how many folded bytes the longest stem has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Edges {
    pub(super) found: [(u32, usize); LANGUAGES],
    /// Languages in which something may begin at the token, one bit each.
    may: u8,
}

impl Edges {
    /// Whether nothing begins in any language.
    pub(super) const fn nowhere(&self) -> bool {
        self.may == 0
    }

    /// Languages in which something may begin, that of the text first.
    pub(super) fn languages(
        &self,
        own: Option<Language>,
    ) -> impl Iterator<Item = Language> + use<> {
        static ALL: [Language; LANGUAGES] = languages();
        let mut rest = self.may;
        let mut first = own.filter(|own| rest >> own.place & 1 == 1);
        std::iter::from_fn(move || {
            if let Some(own) = first.take() {
                rest &= !(1 << own.place);
                return Some(own);
            }
            let next = ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(*next)
        })
    }

    /// Adds what is at a place of stems or ends, `len` bytes long; the first entry stays where there is one, unless the new
    /// one is `longer`.
    fn add(&mut self, sections: &Sections, len: usize, longer: bool) {
        for (language, (slot, bits)) in self.found.iter_mut().zip(sections).enumerate() {
            if bits & TERM != 0 && (longer || slot.1 == 0) {
                *slot = (*bits, len);
                self.may |= 1 << language;
            }
        }
    }
}

impl Parts {
    /// The tokens that are worth a look. Which those are cannot be foretold, so that each question is asked of all of its words
    /// without a branch.
    pub(super) fn worth(&self, tokens: &Tokens<'_>) -> Bits {
        let bytes = tokens.text.as_bytes();
        let all = tokens.all();
        let looks = tokens.looks();
        Bits::of(all.len(), |word| {
            let part = all.get(64 * word..).unwrap_or(&[]);
            let listed = looks.marked(word, Marks::SPECIAL);
            let others = looks.marked(word, Marks::UNLISTED) & looks.word(word, Look::Long);
            ones(others).fold(listed, |worth, bit| {
                let edged = part.get(bit).is_some_and(|token| self.edged(bytes, token));
                worth | u64::from(edged) << bit
            })
        })
    }

    /// The languages in which something may begin at a token.
    #[inline]
    pub(super) fn may_begin(&self, tokens: &Tokens<'_>, at: usize, token: &Token) -> Option<Where> {
        let listed = token.listed;
        if token.marks.has(Marks::UNLISTED) {
            let edges = self.edges(tokens.word(at).as_bytes());
            return (edges != [0; 2]).then_some(Where { words: 0, edges });
        }
        let mut words = listed.begins;
        if listed.pairs
            && let Some(next) = tokens.get(at + 1)
            && next.marks.has(Marks::SECOND)
        {
            words |= self.pairs.get(phrase(token.hash, next.hash));
        }
        let long = u8::from(token.chars >= 5);
        let edges = listed.edges.map(|edge| edge * long);
        (words != 0 || edges != [0; 2]).then_some(Where { words, edges })
    }

    /// Whether a stem may begin with the first letters of a word of four bytes or more, or one end with its last.
    #[inline]
    fn edged(&self, text: &[u8], token: &Token) -> bool {
        let four = |from: usize, end| {
            let four = text.get(from..from + 4).and_then(<[u8]>::first_chunk);
            four.is_some_and(|four| {
                let (word, bit) = bit(four, end);
                let wide = u32::from_le_bytes(*four) & 0x8080_8080 != 0;
                wide | (self.bits.get(word).copied().unwrap_or(0) & bit != 0)
            })
        };
        four(token.start, false) | four(token.end.saturating_sub(4), true)
    }

    /// Every stem and end of a word, looked up once for all languages.
    pub(super) fn of_edges(&self, word: &str, may: Where) -> Edges {
        let mut edges = Edges {
            may: may.words,
            ..Edges::default()
        };
        let [first, last] = may.edges;
        if first | last == 0 {
            return edges;
        }
        if word.is_ascii() {
            self.ascii_edges(word.as_bytes(), may, &mut edges);
        } else {
            self.folded_edges(word, may, &mut edges);
        }
        // Four letters alone allow nothing in a language that has no such word.
        edges.may &= may.words | first | last;
        edges
    }

    /// Stems and ends of a word of ASCII letters: only lengths that one has are tried.
    fn ascii_edges(&self, word: &[u8], may: Where, edges: &mut Edges) {
        let [first, last] = may.edges;
        let of = |four: Option<&[u8; 4]>, end| {
            let edge = edge(four?, end)?;
            Some(lengths(self.edges.get(edge)))
        };
        let mut stems = of(word.first_chunk().filter(|_| first != 0), false).unwrap_or(0);
        while stems != 0 {
            let len = stems.trailing_zeros() as usize;
            stems &= stems - 1;
            if let Some(stem) = word.get(..len).filter(|_| (4..=STEM).contains(&len)) {
                let place = self.stems.get(Ascii::of(stem));
                if place != 0 {
                    edges.add(self.sections(place), len, true);
                }
            }
        }
        let mut tails = of(word.last_chunk().filter(|_| last != 0), true).unwrap_or(0);
        while tails != 0 {
            let len = tails.ilog2() as usize;
            tails ^= 1 << len;
            let Some(from) = word.len().checked_sub(len).filter(|from| *from >= 2) else {
                continue;
            };
            if let Some(tail) = word.get(from..).filter(|_| TAIL.contains(&len)) {
                let place = self.tails.get(Ascii::of(tail));
                if place != 0 {
                    edges.add(self.sections(place), word.len(), false);
                }
            }
        }
    }

    /// Stems and ends of a word with letters beyond ASCII: every beginning and every end is tried where one may be.
    fn folded_edges(&self, word: &str, may: Where, edges: &mut Edges) {
        // Its first and last four letters once they are folded: all entries have as many, of ASCII.
        let (mut first, mut last, mut len) = (0u32, 0u32, 0);
        fold_into(word, &mut |b| {
            if len < 4 {
                first |= u32::from(b) << (8 * len);
            }
            last = last >> 8 | u32::from(b) << 24;
            len += 1;
        });
        let tried = |four: u32, end| {
            let edge = edge(&four.to_le_bytes(), end);
            edge.is_some_and(|edge| len >= 4 && lengths(self.edges.get(edge)) != 0)
        };
        let first = may.edges[0] != 0 && tried(first, false);
        let last = may.edges[1] != 0 && tried(last, true);
        let mut hash = Hash::new();
        let beginnings = if first { STEM } else { 0 };
        for (i, c) in word.char_indices().take(beginnings) {
            hash.add(c);
            if i < 3 {
                continue;
            }
            let place = self.stems.get(hash.finish());
            if place != 0 {
                edges.add(self.sections(place), i + c.len_utf8(), true);
            }
        }
        if !last {
            return;
        }
        for tail in tails(word) {
            let place = self.tails.get(hash_word(tail));
            if place != 0 {
                edges.add(self.sections(place), word.len(), false);
            }
        }
    }
}

/// Bytes of the shortest and the longest end of a compound.
const TAIL: std::ops::RangeInclusive<usize> = 4..=20;

/// The ends of a word that may be an entry, behind two letters at least, the longest first: however long the word is, no
/// more of it is looked at than the longest entry has.
pub(super) fn tails(word: &str) -> impl Iterator<Item = &str> {
    let behind_two = word.char_indices().nth(2).map_or(word.len(), |(i, _)| i);
    let from = behind_two.max(word.len().saturating_sub(*TAIL.end()));
    let to = (word.len() + 1).saturating_sub(*TAIL.start());
    (from..to).filter_map(|i| word.get(i..))
}

#[cfg(test)]
mod tests {
    use super::{TAIL, tails};
    use crate::rules::special::table::entries;

    #[test]
    fn no_more_of_a_word_is_looked_at_than_the_longest_entry_has() {
        let plain = |word: &'static str| -> Vec<&str> {
            let all = word
                .char_indices()
                .skip(2)
                .filter_map(|(i, _)| word.get(i..));
            all.filter(|tail| TAIL.contains(&tail.len())).collect()
        };
        for word in [
            "",
            "ab",
            "abcdef",
            "Nahrungsmittelunvertr\u{e4}glichkeit",
            "\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}\u{e9}",
        ] {
            assert_eq!(tails(word).collect::<Vec<_>>(), plain(word), "{word}");
        }
        let long = "a\u{e4}".repeat(1_000_000);
        let looked: Vec<&str> = tails(&long).collect();
        assert!(looked.len() <= 17 && looked.iter().all(|tail| TAIL.contains(&tail.len())));
        entries(|_, _, entry| {
            if let Some(tail) = entry.strip_prefix('*') {
                assert!(TAIL.contains(&tail.len()), "{entry}");
            }
        });
    }
}
