//! A handful of words, asked for at most tokens and held by few.

use crate::token::Tokens;

/// Longest word of a list, in bytes.
const LONGEST: usize = 16;

/// Some words in any case; length and first letter refuse nearly all others.
pub(crate) struct Few {
    /// The first letters of the words of each length, one bit each.
    firsts: [u32; LONGEST],
    words: &'static [&'static str],
}

impl Few {
    #[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
    pub(crate) const fn new(words: &'static [&'static str]) -> Self {
        let mut firsts = [0; LONGEST];
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_bytes();
            firsts[word.len()] |= bit(word[0]);
            at += 1;
        }
        Self { firsts, words }
    }

    /// Whether the token at `at` is one of them.
    #[inline]
    pub(crate) fn hold(&self, tokens: &Tokens<'_>, at: usize) -> bool {
        let Some(token) = tokens.get(at) else {
            return false;
        };
        let first = tokens.text.as_bytes().get(token.start).copied();
        self.firsts
            .get(token.end - token.start)
            .is_some_and(|firsts| firsts & bit(first.unwrap_or(0)) != 0)
            && self.compare(tokens.word(at))
    }

    fn compare(&self, word: &str) -> bool {
        self.words.iter().any(|w| word.eq_ignore_ascii_case(w))
    }
}

/// The same for capitals and small letters.
const fn bit(letter: u8) -> u32 {
    1 << (letter & 31)
}

/// Whether the word of a token is one of these, in any case.
macro_rules! is_any {
    ($tokens:expr, $at:expr, $($word:literal),+ $(,)?) => {{
        static WORDS: crate::rules::few::Few = crate::rules::few::Few::new(&[$($word),+]);
        WORDS.hold($tokens, $at)
    }};
}
pub(crate) use is_any;

#[cfg(test)]
mod tests {
    use super::Few;
    use crate::token::Tokens;

    #[test]
    fn accents_count_and_capitals_do_not() {
        static FEW: Few = Few::new(&["a", "het", "ten\u{ed}a"]);
        let tokens = Tokens::new("A \u{e0} Het TEN\u{ed}A tenia the");
        let has: Vec<bool> = (0..7).map(|at| FEW.hold(&tokens, at)).collect();
        assert_eq!(has, [true, false, true, true, false, false, false]);
    }
}
