//! Which tokens may bear a label: the model reads these and their neighbours, and all others are outside.

use super::cue::Announced;
use crate::bits::{Bits, ones};
use crate::cues::Class;
use crate::token::{Gap, Shape, Token, Tokens};

/// How the letters of the whole text are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// As in books.
    Mixed,
    /// No capitals, or next to none.
    Lower,
    /// Mostly capitals.
    Upper,
}

/// Words of a street, a house or a number, which stand in an address and begin none.
const SMALL: Class = Class::PARTICLE
    .or(Class::STREET)
    .or(Class::UNIT)
    .or(Class::NUMBERWORD);

/// Tokens that may bear a label by themselves, and those that may beside one of them.
struct Candidates {
    first: Bits,
    beside: Bits,
}

impl Candidates {
    /// Looks at every token once; what is `taken` is neither.
    fn new(tokens: &Tokens<'_>, announced: &[Announced], case: Case, taken: &[bool]) -> Self {
        let all = tokens.all();
        let mut said = announced.iter();
        let mut held = taken.iter();
        let [first, beside] = Bits::two(all.len(), |word| {
            let (mut candidates, mut others) = (0u64, 0u64);
            let from = word * 64;
            let part = all.get(from..all.len().min(from + 64)).unwrap_or(&[]);
            for (bit, token) in part.iter().enumerate() {
                let said = said.next().copied().unwrap_or_default();
                let free = !held.next().copied().unwrap_or(false);
                let one = candidate(tokens, from + bit, token, said, case);
                candidates |= u64::from(one & free) << bit;
                let short = token.chars <= 3;
                let other = short | token.digits() | token.class.has(SMALL) | strange(token);
                others |= u64::from(other & free) << bit;
            }
            [candidates, others & !candidates]
        });
        Self { first, beside }
    }

    /// Whether a number or a small word may be part of what a candidate near it begins: "van der", "12", "s".
    fn joins(&self, tokens: &Tokens<'_>, at: usize, token: &Token) -> bool {
        let first = &self.first;
        let near = |reach: usize| first.any(at.saturating_sub(reach), at + reach + 1);
        if token.digits() {
            return near(3);
        }
        if token.class.has(Class::PARTICLE) {
            // "in" and "a" stand before names more often than in them.
            let behind = first.any(at + 1, at + 3);
            return if token.class.has(Class::PLACE_CUE) || token.chars == 1 {
                behind && first.any(at.saturating_sub(2), at)
            } else {
                behind
            };
        }
        let space = |at: usize| matches!(tokens.gap(at), Gap::Space | Gap::Hyphen);
        (token.class.has(SMALL) || strange(token)) && near(1)
            || token.chars <= 3 && !token.known().frequent() && near(1)
            // "Frankfurt am Main", "Bay of Plenty".
            || token.chars <= 3
                && space(at)
                && space(at + 1)
                && first.any(at.saturating_sub(1), at)
                && first.has(at + 1)
    }
}

/// The tokens that may bear a label.
pub(super) fn open(
    tokens: &Tokens<'_>,
    announced: &[Announced],
    case: Case,
    taken: &[bool],
) -> Bits {
    let all = tokens.all();
    // In a line of chat without capitals any word may be one.
    if case == Case::Lower && all.len() <= 24 {
        let mut open = Bits::of(all.len(), |_| u64::MAX);
        let held = taken.iter().enumerate().filter(|(_, taken)| **taken);
        held.for_each(|(at, _)| open.remove(at));
        return open;
    }
    let found = Candidates::new(tokens, announced, case, taken);
    Bits::of(all.len(), |word| {
        let mut open = found.first.word(word);
        // None is asked for that has no candidate within three words.
        let near = found.beside.word(word) & found.first.around(word, 3);
        for bit in ones(near) {
            let at = 64 * word + bit;
            if let Some(token) = tokens.get(at)
                && found.joins(tokens, at, token)
            {
                open |= 1 << bit;
            }
        }
        open
    })
}

/// Whether a word can begin or carry a label by itself.
#[inline]
fn candidate(tokens: &Tokens<'_>, at: usize, token: &Token, said: Announced, case: Case) -> bool {
    const STREET: Class = Class::STREET_FRONT.or(Class::STREET_SUFFIX);
    let digits = token.digits();
    let sure = said.strong() | token.class.has(STREET) & !digits;
    if token.capital() && case != Case::Upper {
        return sure || capitalised(tokens, at, token, said);
    }
    let entry = token.known();
    // Who writes capitals elsewhere leaves them out of a name that something announces, or behind another of them.
    let strange = strange(token) & ((case != Case::Mixed) | (said.bits() != 0));
    let named = entry.named() & !entry.frequent();
    sure | (token.chars > 1) & !digits & (named | strange)
}

/// The same of a word with a capital.
#[inline(never)]
fn capitalised(tokens: &Tokens<'_>, at: usize, token: &Token, said: Announced) -> bool {
    let entry = token.known();
    // The first word of a sentence is capitalised whatever it is.
    let first = entry.common_word() && tokens.sentence_start(at);
    let alone =
        entry.frequent() && !entry.given() && tokens.get(at + 1).is_none_or(|next| !next.capital());
    // "I" of who speaks; an initial has a neighbour.
    let initial = token.chars > 1
        || tokens.gap(at + 1) == Gap::Dot
        || [at.wrapping_sub(1), at + 1].iter().any(|near| {
            let near = tokens.get(*near);
            near.is_some_and(|t| t.capital() && t.chars > 1 && !t.known().frequent())
        });
    // "Bestellung", "Monday": capitalised or not, hardly ever a name.
    let known = entry.name() || entry.town() > 0 || entry.country();
    let plain = entry.mostly_plain() && !known && said.bits() == 0;
    initial && !plain && (!first || entry.named() && !alone)
}

/// A word that nobody has met.
fn strange(token: &Token) -> bool {
    (token.chars >= 3) & token.known().unseen()
}

/// How the text uses capitals.
pub(crate) fn case(tokens: &Tokens<'_>) -> Case {
    // One table look-up a word: how many words, words in capitals and capitalised words it is.
    let mut counts = [0usize; 8];
    for token in tokens.all().iter().filter(|t| t.chars > 1) {
        if let Some(count) = counts.get_mut(token.shape as usize) {
            *count += 1;
        }
    }
    let of = |shape: Shape| counts.get(shape as usize).copied().unwrap_or(0);
    let (upper, capital) = (of(Shape::Upper), of(Shape::Capital));
    let words = counts.iter().sum::<usize>() - of(Shape::Number) - of(Shape::Mixed);
    if words >= 4 && upper * 10 >= words * 6 {
        Case::Upper
    } else if upper + capital == 0 || (upper + capital) * 25 < words {
        Case::Lower
    } else {
        Case::Mixed
    }
}
