//! Sets of tokens that several passes ask for, all made in one pass.
//!
//! Which words of a text a pass stops at cannot be foretold, so it wants them as bits, 64 a word; to ask each token again costs
//! every pass more than what it does with the few it finds.

use super::{Gap, Shape, Token};
use crate::bits::{next, ones};
use crate::words::Marks;

/// How a token looks, as the place of its set among the rows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    /// Holds a digit.
    Digits = MARKS as isize,
    /// Begins with an upper-case letter.
    Capital,
    /// Begins a line, or the text.
    Line,
    /// Nothing but spaces before it, or a hyphen.
    Spaced,
    /// Three characters at most.
    Short,
    /// One character.
    Single,
    /// Five characters at least.
    Long,
    /// Something before it that no other [`Gap`] names.
    Apart,
}

/// Sets of marks, and of all.
const MARKS: usize = 8;
const SETS: usize = 16;

/// The sets of a text's tokens.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    /// Of 64 tokens each set's, the first token in the lowest bit.
    rows: Vec<[u64; SETS]>,
}

/// By shape, and by gap, the bits of a token's looks.
static SHAPES: [u8; 8] = table(&[
    (Shape::Number as usize, Look::Digits),
    (Shape::Mixed as usize, Look::Digits),
    (Shape::Capital as usize, Look::Capital),
    (Shape::Upper as usize, Look::Capital),
    (Shape::Initial as usize, Look::Capital),
]);
static GAPS: [u8; 16] = table(&[
    (Gap::Start as usize, Look::Line),
    (Gap::Line as usize, Look::Line),
    (Gap::Space as usize, Look::Spaced),
    (Gap::Hyphen as usize, Look::Spaced),
    (Gap::Other as usize, Look::Apart),
]);

#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const fn table<const N: usize>(looks: &[(usize, Look)]) -> [u8; N] {
    let (mut table, mut at) = ([0; N], 0);
    while at < looks.len() {
        let (place, look) = looks[at];
        table[place] = bit(look);
        at += 1;
    }
    table
}

const fn bit(look: Look) -> u8 {
    1 << (look as usize - MARKS)
}

/// The looks of a token, one bit each.
#[inline]
fn of(token: &Token) -> u8 {
    let shape = SHAPES.get(token.shape as usize).copied().unwrap_or(0);
    let gap = GAPS.get(token.gap as usize).copied().unwrap_or(0);
    let lengths = (u8::from(token.chars <= 3) * bit(Look::Short))
        | (u8::from(token.chars == 1) * bit(Look::Single))
        | (u8::from(token.chars >= 5) * bit(Look::Long));
    shape | gap | lengths
}

/// The lowest bits of eight bytes side by side, the first byte's lowest.
#[inline]
const fn side_by_side(bytes: u64) -> u64 {
    // Each is moved into the highest byte, none meets another there.
    (bytes & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

impl Looks {
    /// Room for so many tokens.
    pub(super) fn with_room_for(tokens: usize) -> Self {
        Self {
            rows: Vec::with_capacity(tokens.div_ceil(64)),
        }
    }

    /// Adds the next 64 tokens, or the last ones, whose marks are known.
    #[inline]
    pub(super) fn add(&mut self, tokens: &[Token]) {
        let mut row = [0; SETS];
        for (eight, at) in tokens.chunks(8).zip((0..).step_by(8)) {
            let (mut marks, mut looks) = (0u64, 0u64);
            for (byte, token) in eight.iter().enumerate() {
                marks |= u64::from(token.marks.bits()) << (8 * byte);
                looks |= u64::from(of(token)) << (8 * byte);
            }
            let (first, last) = row.split_at_mut(MARKS);
            for (bit, (mark, look)) in first.iter_mut().zip(last).enumerate() {
                *mark |= side_by_side(marks >> bit) << at;
                *look |= side_by_side(looks >> bit) << at;
            }
        }
        self.rows.push(row);
    }

    /// Of the tokens from `64 * word` on those of a set.
    #[inline]
    pub(crate) fn word(&self, word: usize, look: Look) -> u64 {
        self.rows
            .get(word)
            .and_then(|row| row.get(look as usize))
            .copied()
            .unwrap_or(0)
    }

    /// Of the tokens from `64 * word` on those that have one of `marks`.
    #[inline]
    pub(crate) fn marked(&self, word: usize, marks: Marks) -> u64 {
        let row = self.rows.get(word).map_or(&[][..], |row| &row[..MARKS]);
        let wanted = marks.bits();
        row.iter().enumerate().fold(0, |all, (bit, set)| {
            all | if wanted >> bit & 1 != 0 { *set } else { 0 }
        })
    }

    /// How many words of 64 tokens there are.
    pub(crate) fn words(&self) -> usize {
        self.rows.len()
    }

    /// The places of the tokens of a set.
    pub(crate) fn ones(&self, look: Look) -> impl Iterator<Item = usize> {
        self.each(move |word| self.word(word, look))
    }

    /// The places of the tokens that `of` gives 64 at a time.
    pub(crate) fn each(&self, of: impl Fn(usize) -> u64) -> impl Iterator<Item = usize> {
        (0..self.words()).flat_map(move |word| ones(of(word)).map(move |bit| 64 * word + bit))
    }

    /// The first token from `from` on that is in a set.
    pub(crate) fn next(&self, from: usize, look: Look) -> Option<usize> {
        next(from, self.words(), |at| self.word(at, look))
    }

    /// The last token up to `to` that is in a set.
    pub(crate) fn last(&self, to: usize, look: Look) -> Option<usize> {
        let mut at = to / 64;
        let mut word = self.word(at, look) & (u64::MAX >> (63 - to % 64));
        while word == 0 {
            at = at.checked_sub(1)?;
            word = self.word(at, look);
        }
        Some(64 * at + word.ilog2() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gap, Look};
    use crate::token::Tokens;
    use crate::words::Marks;

    #[test]
    fn sets_hold_what_is_asked_of_each_token() {
        let part = "I'm Zoe, 3 of 12 B4 tickets\n(A) an e-mail? d\u{e9}j\u{e0} my wife was pregnant. X-Ray ";
        for times in [0, 1, 2, 3, 7, 9] {
            let text = part.repeat(times);
            let tokens = Tokens::new(&text);
            let all = tokens.all();
            let looks = tokens.looks();
            assert_eq!(looks.words(), all.len().div_ceil(64));
            for at in 0..all.len() + 64 {
                let has = |look| looks.word(at / 64, look) >> (at % 64) & 1 != 0;
                let token = all.get(at);
                let is = |f: &dyn Fn(&crate::token::Token) -> bool| token.is_some_and(f);
                assert_eq!(has(Look::Digits), is(&|t| t.digits()), "{at}");
                assert_eq!(has(Look::Capital), is(&|t| t.capital()), "{at}");
                assert_eq!(has(Look::Line), is(&|_| tokens.line_start(at)), "{at}");
                let spaced = |gap| matches!(gap, Gap::Space | Gap::Hyphen);
                assert_eq!(has(Look::Spaced), is(&|t| spaced(t.gap)), "{at}");
                assert_eq!(has(Look::Short), is(&|t| t.chars <= 3), "{at}");
                assert_eq!(has(Look::Single), is(&|t| t.chars == 1), "{at}");
                assert_eq!(has(Look::Long), is(&|t| t.chars >= 5), "{at}");
                assert_eq!(has(Look::Apart), is(&|t| t.gap == Gap::Other), "{at}");
                for marks in [Marks::LANGUAGE, Marks::UNLISTED.or(Marks::SPECIAL)] {
                    let has = looks.marked(at / 64, marks) >> (at % 64) & 1 != 0;
                    assert_eq!(has, is(&|t| t.marks.has(marks)), "{at}");
                }
            }
            let lines: Vec<usize> = (0..all.len()).filter(|at| tokens.line_start(*at)).collect();
            assert!(looks.ones(Look::Line).eq(lines.iter().copied()));
            for at in 0..all.len() {
                let next = lines.iter().copied().find(|line| *line >= at);
                assert_eq!(looks.next(at, Look::Line), next);
                let last = lines.iter().copied().rfind(|line| *line <= at);
                assert_eq!(looks.last(at, Look::Line), last);
            }
        }
    }
}
