//! One word of a known value, and how close a word of the text comes to it.

use crate::lexicon::{folded, hash_word};
use crate::token::{Shape, Token, Tokens};
use zeroize::Zeroizing;

/// A word of a known value.
pub(super) struct Word {
    /// Folded bytes.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    hash: u64,
    /// The same with German digraphs, where it has umlauts: `mueller`.
    spelt: u64,
}

/// How a word of the text comes to be one of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Letter by letter, case and accents aside.
    Same,
    /// With an ending: `Duponts`.
    Ending,
    /// With a slip of the keyboard.
    Slip,
}

impl Word {
    pub(super) fn new(word: &str) -> Self {
        let spelt: String = word
            .chars()
            .flat_map(char::to_lowercase)
            .map(|c| match c {
                '\u{e4}' | '\u{e6}' => "ae".to_owned(),
                '\u{f6}' | '\u{f8}' => "oe".to_owned(),
                '\u{fc}' => "ue".to_owned(),
                '\u{e5}' => "aa".to_owned(),
                c => c.to_string(),
            })
            .collect();
        Self {
            bytes: Zeroizing::new(folded(word)),
            hash: hash_word(word),
            spelt: hash_word(&spelt),
        }
    }

    /// The first letter.
    pub(super) fn initial(&self) -> u8 {
        self.bytes.first().copied().unwrap_or(0)
    }

    /// Whether a token is the word, or nearly.
    pub(super) fn like(&self, tokens: &Tokens<'_>, at: usize) -> Option<Likeness> {
        let token = tokens.get(at)?;
        if token.hash == self.hash || token.hash == self.spelt {
            return Some(Likeness::Same);
        }
        let len = self.bytes.len();
        let chars = usize::from(token.chars);
        if len < 3 || chars.abs_diff(len) > 2 || !token.word() {
            return None;
        }
        let word = tokens.word(at);
        if !word
            .bytes()
            .next()
            .is_some_and(|b| !b.is_ascii() || b.to_ascii_lowercase() == self.initial())
        {
            return None;
        }
        let other = Zeroizing::new(folded(word));
        if let Some(ending) = other.strip_prefix(self.bytes.as_slice())
            && matches!(ending, b"s" | b"es" | b"n" | b"en")
            && token.capital()
        {
            return Some(Likeness::Ending);
        }
        let bound = match len {
            0..=4 => return None,
            5..=8 => 1,
            _ => 2,
        };
        (distance(&self.bytes, &other, bound) <= bound).then_some(Likeness::Slip)
    }
}

/// Whether a token is a single letter that stands for a word: `M.`, `m`.
pub(super) fn letter(tokens: &Tokens<'_>, at: usize) -> Option<u8> {
    let token: &Token = tokens.get(at)?;
    let single = token.chars == 1 && matches!(token.shape, Shape::Initial | Shape::Lower);
    single.then(|| folded(tokens.word(at)).first().copied())?
}

/// Changed, missing, added and swapped letters between two words (Damerau 1964, swaps of neighbours), up to `bound` + 1.
pub(super) fn distance(a: &[u8], b: &[u8], bound: usize) -> usize {
    if a.len().abs_diff(b.len()) > bound {
        return bound + 1;
    }
    let width = b.len() + 1;
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    let mut here: Vec<usize> = Vec::with_capacity(width);
    for (i, x) in a.iter().enumerate() {
        here.clear();
        here.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], k: usize| row.get(k).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&here, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            here.push(best);
        }
        if here.iter().min().is_some_and(|least| *least > bound) {
            return bound + 1;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut here);
    }
    last.last().copied().unwrap_or(0).min(bound + 1)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn slips_of_the_keyboard() {
        assert_eq!(distance(b"schmidt", b"schimdt", 2), 1);
        assert_eq!(distance(b"dupont", b"duppont", 2), 1);
        assert_eq!(distance(b"dupont", b"dupnt", 2), 1);
        assert_eq!(distance(b"dupont", b"dupint", 2), 1);
        assert_eq!(distance(b"martin", b"marina", 1), 2);
        assert_eq!(distance(b"anna", b"otto", 2), 3);
    }
}
