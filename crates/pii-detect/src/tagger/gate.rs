//! Which tokens may bear a label: the model reads these and their neighbours, and all others are outside.

use super::cue::Announced;
use crate::bits::{Bits, ones};
use crate::cues::Class;
use crate::token::{Gap, Look, Shape, Token, Tokens};

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

/// The tokens that may bear a label by themselves; none that is `taken`.
fn first(tokens: &Tokens<'_>, announced: &[Announced], case: Case, taken: &Bits) -> Bits {
    let (all, looks) = (tokens.all(), tokens.looks());
    Bits::of(all.len(), |word| {
        let said = announced.get(64 * word..).unwrap_or(&[]);
        let (mut sure, mut streets, mut worth) = (0u64, 0u64, 0u64);
        for (bit, (token, said)) in part(all, word).iter().zip(said).enumerate() {
            sure |= u64::from(said.strong()) << bit;
            streets |= u64::from(token.class.has(STREETS)) << bit;
            worth |= u64::from(worthy(token, *said, case)) << bit;
        }
        let digits = looks.word(word, Look::Digits);
        let capitals = match case {
            Case::Upper => 0,
            Case::Mixed | Case::Lower => looks.word(word, Look::Capital),
        };
        let small = !capitals & !looks.word(word, Look::Single) & !digits;
        let mut candidates = sure | streets & !digits | worth & small;
        let free = !taken.word(word);
        for bit in ones(capitals & !candidates & free) {
            let at = 64 * word + bit;
            let said = said.get(bit).copied().unwrap_or_default();
            let one = tokens
                .get(at)
                .is_some_and(|token| capitalised(tokens, at, token, said));
            candidates |= u64::from(one) << bit;
        }
        candidates & free
    })
}

/// Sixty-four tokens.
fn part(all: &[Token], word: usize) -> &[Token] {
    let part = all.get(64 * word..).unwrap_or(&[]);
    part.get(..64).unwrap_or(part)
}

/// Of sixty-four tokens the numbers and small words that may be part of what one of the `first` near them begins: "van der", "12", "s".
fn joined(tokens: &Tokens<'_>, first: &Bits, word: usize) -> u64 {
    let looks = tokens.looks();
    let digits = looks.word(word, Look::Digits);
    let short = looks.word(word, Look::Short);
    let spaced = looks.word(word, Look::Spaced);
    let spaces = spaced & (spaced >> 1 | looks.word(word + 1, Look::Spaced) << 63);
    let before = first.before(word, 1);
    let behind = first.behind(word, 1);
    let two_before = before | first.before(word, 2);
    let two_behind = behind | first.behind(word, 2);
    // Only words this near are asked for more.
    let (mut particles, mut weak, mut small) = (0u64, 0u64, 0u64);
    let here = part(tokens.all(), word);
    for bit in ones((two_before | behind) & !digits & !first.word(word)) {
        let Some(token) = here.get(bit) else { break };
        let particle = token.class.has(Class::PARTICLE);
        particles |= u64::from(particle) << bit;
        // "in" and "a" stand before names more often than in them.
        let cue = token.class.has(Class::PLACE_CUE) | (token.chars == 1);
        weak |= u64::from(particle & cue) << bit;
        let known = (token.chars <= 3) & !token.read().frequent();
        small |= u64::from(token.class.has(SMALL) | strange(token) | known) << bit;
    }
    // "Frankfurt am Main", "Bay of Plenty".
    let between = short & spaces & behind & before;
    let others = small & (before | behind) | between;
    let particle = two_before & (two_behind | !weak);
    digits & first.near(word, 3) | !digits & (particles & particle | !particles & others)
}

/// The tokens that may bear a label.
pub(super) fn open(tokens: &Tokens<'_>, announced: &[Announced], case: Case, taken: &Bits) -> Bits {
    let all = tokens.all();
    // In a line of chat without capitals any word may be one.
    if case == Case::Lower && all.len() <= 24 {
        return Bits::of(all.len(), |word| !taken.word(word));
    }
    let first = first(tokens, announced, case, taken);
    Bits::of(all.len(), |word| {
        first.word(word) | joined(tokens, &first, word) & !taken.word(word)
    })
}

/// Words that a street's name begins with, or ends in.
const STREETS: Class = Class::STREET_FRONT.or(Class::STREET_SUFFIX);

/// Whether what is known of a word that is no number and has no capital makes it worth a look, whatever stands around it; asked without a
/// branch.
#[inline]
fn worthy(token: &Token, said: Announced, case: Case) -> bool {
    let entry = token.read();
    // Who writes capitals elsewhere leaves them out of a name that something announces, or behind another of them.
    let strange = strange(token) & ((case != Case::Mixed) | (said.bits() != 0));
    entry.named() & !entry.frequent() | strange
}

/// Whether a word with a capital can begin or carry a label by itself.
#[inline(never)]
fn capitalised(tokens: &Tokens<'_>, at: usize, token: &Token, said: Announced) -> bool {
    let entry = token.read();
    // The first word of a sentence is capitalised whatever it is.
    let first = entry.common_word() && tokens.sentence_start(at);
    let alone =
        entry.frequent() && !entry.given() && tokens.get(at + 1).is_none_or(|next| !next.capital());
    // "I" of who speaks; an initial has a neighbour.
    let initial = token.chars > 1
        || tokens.gap(at + 1) == Gap::Dot
        || [at.wrapping_sub(1), at + 1].iter().any(|near| {
            let near = tokens.get(*near);
            near.is_some_and(|t| t.capital() && t.chars > 1 && !t.read().frequent())
        });
    // "Bestellung", "Monday": capitalised or not, hardly ever a name.
    let known = entry.name() || entry.town() > 0 || entry.country();
    let plain = entry.mostly_plain() && !known && said.bits() == 0;
    initial && !plain && (!first || entry.named() && !alone)
}

/// A word that nobody has met.
fn strange(token: &Token) -> bool {
    (token.chars >= 3) & token.read().unseen()
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
