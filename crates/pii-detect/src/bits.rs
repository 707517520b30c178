//! A set of tokens, one bit each: what most tokens are not in is passed over 64 at a time.

/// A set of the numbers below a length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bits {
    /// Those of most texts, which need no memory of their own.
    first: [u64; FIRST],
    more: Vec<u64>,
    len: usize,
}

/// Words of 64 that every set has.
const FIRST: usize = 4;

impl Bits {
    /// None of `len` numbers.
    pub(crate) fn none(len: usize) -> Self {
        Self::of(len, |_| 0)
    }

    /// Puts the numbers `from..to` in, where they are below the length.
    pub(crate) fn fill(&mut self, from: usize, to: usize) {
        let to = to.min(self.len);
        let mut at = from;
        while at < to {
            let next = (at / 64 * 64 + 64).min(to);
            let here = u64::MAX >> (64 - (next - at)) << (at % 64);
            if let Some(word) = self.word_mut(at / 64) {
                *word |= here;
            }
            at = next;
        }
    }

    /// The bits of `len` numbers, of which `of` gives 64 at a time, the first in the lowest bit.
    pub(crate) fn of(len: usize, mut of: impl FnMut(usize) -> u64) -> Self {
        let [bits, _] = Self::two(len, |word| [of(word), 0]);
        bits
    }

    /// Two sets at once.
    #[inline]
    pub(crate) fn two(len: usize, mut of: impl FnMut(usize) -> [u64; 2]) -> [Self; 2] {
        let mut sets = [Self::default(), Self::default()].map(|set| Self { len, ..set });
        for at in 0..len.div_ceil(64) {
            // None above the length.
            let here = u64::MAX >> (64 - (len - 64 * at).min(64));
            for (set, word) in sets.iter_mut().zip(of(at)) {
                match set.first.get_mut(at) {
                    Some(first) => *first = here & word,
                    None => set.more.push(here & word),
                }
            }
        }
        sets
    }

    /// The 64 numbers of a word; none where there is no such word.
    #[inline]
    pub(crate) fn word(&self, at: usize) -> u64 {
        let word = self.first.get(at).or_else(|| self.more.get(at - FIRST));
        word.copied().unwrap_or(0)
    }

    fn word_mut(&mut self, at: usize) -> Option<&mut u64> {
        match at.checked_sub(FIRST) {
            None => self.first.get_mut(at),
            Some(more) => self.more.get_mut(more),
        }
    }

    /// Whether a number is in the set.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.word(at / 64) >> (at % 64) & 1 != 0
    }

    /// Those of a word that stand just so far (1 to 63) behind one of the set.
    pub(crate) fn behind(&self, at: usize, step: u32) -> u64 {
        let before = at.checked_sub(1).map_or(0, |at| self.word(at));
        self.word(at) << step | before >> (64 - step)
    }

    /// Those of a word that stand just so far (1 to 63) before one of the set.
    pub(crate) fn before(&self, at: usize, step: u32) -> u64 {
        self.word(at) >> step | self.word(at + 1) << (64 - step)
    }

    /// Those of a word that stand up to `reach` (at most 63) away from one of the set, on either side.
    pub(crate) fn near(&self, at: usize, reach: u32) -> u64 {
        (1..=reach).fold(0, |all, step| {
            all | self.behind(at, step) | self.before(at, step)
        })
    }

    /// The numbers of the set, in order.
    pub(crate) fn ones(&self) -> impl Iterator<Item = usize> {
        (0..self.len.div_ceil(64)).flat_map(|at| ones(self.word(at)).map(move |bit| 64 * at + bit))
    }

    /// The first number from `from` on that is in the set.
    pub(crate) fn next(&self, from: usize) -> Option<usize> {
        next(from, self.len.div_ceil(64), |at| self.word(at))
    }
}

/// The first number from `from` on that is in a set of so many words of 64.
#[inline]
pub(crate) fn next(from: usize, words: usize, of: impl Fn(usize) -> u64) -> Option<usize> {
    let mut at = from / 64;
    let mut word = of(at) & (u64::MAX << (from % 64));
    while word == 0 {
        at += 1;
        if at >= words {
            return None;
        }
        word = of(at);
    }
    Some(64 * at + word.trailing_zeros() as usize)
}

/// Those of a slice for which `is` answers true, and where they stand: as `enumerate` and `filter` give them, but 64 are asked
/// at a time. Which words of a text a pass stops at cannot be foretold, and a branch a word that is taken by chance costs more
/// than the question: `is` should be written without one.
pub(crate) fn few<T>(
    all: &[T],
    is: impl Fn(usize, &T) -> bool,
) -> impl Iterator<Item = (usize, &T)> {
    let (mut base, mut next, mut word) = (0, 0, 0u64);
    std::iter::from_fn(move || {
        while word == 0 {
            let part = all.get(next..).filter(|rest| !rest.is_empty())?;
            base = next;
            for (bit, one) in part.iter().take(64).enumerate() {
                word |= u64::from(is(base + bit, one)) << bit;
            }
            next += 64;
        }
        let at = base + word.trailing_zeros() as usize;
        word &= word - 1;
        Some((at, all.get(at)?))
    })
}

/// One in each of four numbers of sixteen bits.
const FOUR: u64 = 0x0001_0001_0001_0001;

/// Which of four numbers of sixteen bits are the same as `one`, in the highest bit of each: the lowest that is has its bit set
/// and none below it, those above perhaps.
#[inline]
pub(crate) const fn alike(four: u64, one: u64) -> u64 {
    let apart = four ^ (one * FOUR);
    apart.wrapping_sub(FOUR) & !apart & (FOUR << 15)
}

/// The places of the bits of a word, from the lowest.
pub(crate) fn ones(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (word != 0).then_some(word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::{Bits, alike, few};

    fn set(len: usize, of: &[usize]) -> Bits {
        let numbers = |word: usize| of.iter().filter(move |at| **at / 64 == word);
        Bits::of(len, |word| {
            numbers(word).fold(0, |all, at| all | 1 << (at % 64))
        })
    }

    #[test]
    fn what_is_added_is_there_and_nothing_else() {
        let all = [0, 1, 62, 63, 64, 127, 128, 256, 300, 511];
        let bits = set(512, &all);
        assert_eq!(bits.ones().collect::<Vec<_>>(), all);
        for at in 0..600 {
            assert_eq!(bits.has(at), all.contains(&at), "{at}");
            assert_eq!(bits.next(at), all.iter().copied().find(|one| *one >= at));
        }
        assert_eq!(set(0, &[]).next(0), None);
    }

    #[test]
    fn few_are_those_that_a_filter_gives() {
        let all: Vec<usize> = (0..200).collect();
        for (modulo, len) in [(1, 200), (3, 64), (7, 65), (64, 199), (500, 200), (2, 0)] {
            let is = |at: usize, n: &usize| at == *n && n % modulo == modulo / 2;
            let wanted = all[..len].iter().enumerate().filter(|(at, n)| is(*at, n));
            assert!(few(&all[..len], is).eq(wanted), "{modulo} {len}");
        }
    }

    #[test]
    fn the_first_of_four_that_is_the_same_is_told() {
        let four = [7u64, 0, 7, 0xffff];
        let all = four.iter().rev().fold(0, |all, one| all << 16 | one);
        for (one, first) in [(7, 15), (0, 31), (0xffff, 63), (8, 64)] {
            assert_eq!(alike(all, one).trailing_zeros(), first, "{one}");
        }
    }

    #[test]
    fn a_range_is_put_in_and_nothing_else() {
        for (from, to) in [
            (0, 0),
            (0, 1),
            (3, 64),
            (60, 130),
            (64, 128),
            (100, 400),
            (299, 300),
            (7, 3),
        ] {
            let mut bits = set(300, &[2, 200]);
            bits.fill(from, to);
            for at in 0..400 {
                let wanted = at < 300 && (from..to).contains(&at) || at == 2 || at == 200;
                assert_eq!(bits.has(at), wanted, "{from} {to} {at}");
            }
        }
        assert_eq!(Bits::none(70).ones().count(), 0);
    }

    #[test]
    fn nothing_is_beyond_the_length() {
        for len in [0, 1, 63, 64, 65, 128, 256, 257, 500] {
            assert_eq!(Bits::of(len, |_| u64::MAX).ones().count(), len);
        }
    }

    #[test]
    fn neighbours_reach_into_the_next_word() {
        for reach in 1..4u32 {
            for at in [0, 5, 61, 63, 64, 66, 127, 130] {
                let bits = set(192, &[at]);
                let near = Bits::of(192, |word| bits.near(word, reach));
                let wanted: Vec<_> = (0..192)
                    .filter(|other| (1..=reach as usize).contains(&at.abs_diff(*other)))
                    .collect();
                assert_eq!(near.ones().collect::<Vec<_>>(), wanted, "{at} {reach}");
            }
        }
    }
}
