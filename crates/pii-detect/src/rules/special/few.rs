//! A few words that are asked for again and again: by their hash first, which few others have.

use crate::lexicon::hash_word;
use crate::token::Tokens;

/// Words in lower case.
pub(super) struct Few {
    words: &'static [&'static str],
    /// Of the same words, sorted.
    hashes: Vec<u64>,
}

impl Few {
    pub(super) fn new(words: &'static [&'static str]) -> Self {
        let mut hashes: Vec<u64> = words.iter().map(|word| hash_word(word)).collect();
        hashes.sort_unstable();
        Self { words, hashes }
    }

    /// Whether a token is one of them, in whatever case; accents count.
    pub(super) fn has(&self, tokens: &Tokens<'_>, at: usize) -> bool {
        let token = tokens.get(at);
        token.is_some_and(|token| self.hashes.binary_search(&token.hash).is_ok()) && {
            let word = tokens.word(at);
            self.words.iter().any(|w| word.eq_ignore_ascii_case(w))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Few;
    use crate::token::Tokens;

    #[test]
    fn accents_count_and_capitals_do_not() {
        let few = Few::new(&["a", "het", "ten\u{ed}a"]);
        let tokens = Tokens::new("A \u{e0} Het TEN\u{ed}A tenia the");
        let has: Vec<bool> = (0..7).map(|at| few.has(&tokens, at)).collect();
        assert_eq!(has, [true, false, true, true, false, false, false]);
    }
}
