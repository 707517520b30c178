//! Which official EU language a text is written in.
//!
//! Tickets are short, so function words vote first: a line of six words usually holds two or three of them.
//! Only when the vote is close does a trigram model (`whatlang`, restricted to the official languages) decide.

mod parts;

pub use parts::Part;
pub(crate) use parts::Parts;
use parts::TRIGRAM_BYTES;

use crate::bits::ones;
use crate::lexicon::{Hash, hash_word};
use crate::token::{Look, Token, Tokens};
use crate::words::{Marks, Small, Table};
use std::hint::select_unpredictable;
use std::sync::LazyLock;

static FUNCTION_WORDS: &str = include_str!("../data/function_words.txt");

/// Bytes of a text that are looked at; more does not change the answer.
const ENOUGH: usize = 2_048;
/// Words of a text from which on detection asks the trigram model.
const GUESSED: usize = 8;
/// A lead that no further words will turn.
const CLEAR: f32 = 5.0;
/// Words of a text that vote.
const ENOUGH_WORDS: usize = 80;
/// After so many words it is asked whether one leads clearly.
const GROUP: usize = 16;

macro_rules! locales {
    ($($(#[$doc:meta])* $name:ident $code:literal $what:expr;)*) => {
        /// One of the 24 official languages of the European Union (Regulation No 1 of 1958, as amended).
        ///
        /// ```
        /// use pii_detect::locale::Locale;
        /// assert_eq!(Locale::from_code("pt"), Some(Locale::Portuguese));
        /// assert_eq!(Locale::Dutch.code(), "nl");
        /// ```
        #[expect(clippy::exhaustive_enums, reason = "the set is closed by Regulation No 1")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Locale {
            $($(#[$doc])* $name,)*
        }

        impl Locale {
            /// Every language, in the order of their English names.
            pub const ALL: [Self; 24] = [$(Self::$name),*];

            /// The ISO 639-1 code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            const fn whatlang(self) -> Option<whatlang::Lang> {
                match self {
                    $(Self::$name => $what,)*
                }
            }
        }
    };
}

locales! {
    /// Bulgarian.
    Bulgarian "bg" Some(whatlang::Lang::Bul);
    /// Croatian.
    Croatian "hr" Some(whatlang::Lang::Hrv);
    /// Czech.
    Czech "cs" Some(whatlang::Lang::Ces);
    /// Danish.
    Danish "da" Some(whatlang::Lang::Dan);
    /// Dutch.
    Dutch "nl" Some(whatlang::Lang::Nld);
    /// English.
    English "en" Some(whatlang::Lang::Eng);
    /// Estonian.
    Estonian "et" Some(whatlang::Lang::Est);
    /// Finnish.
    Finnish "fi" Some(whatlang::Lang::Fin);
    /// French.
    French "fr" Some(whatlang::Lang::Fra);
    /// German.
    German "de" Some(whatlang::Lang::Deu);
    /// Greek.
    Greek "el" Some(whatlang::Lang::Ell);
    /// Hungarian.
    Hungarian "hu" Some(whatlang::Lang::Hun);
    /// Irish.
    Irish "ga" None;
    /// Italian.
    Italian "it" Some(whatlang::Lang::Ita);
    /// Latvian.
    Latvian "lv" Some(whatlang::Lang::Lav);
    /// Lithuanian.
    Lithuanian "lt" Some(whatlang::Lang::Lit);
    /// Maltese.
    Maltese "mt" None;
    /// Polish.
    Polish "pl" Some(whatlang::Lang::Pol);
    /// Portuguese.
    Portuguese "pt" Some(whatlang::Lang::Por);
    /// Romanian.
    Romanian "ro" Some(whatlang::Lang::Ron);
    /// Slovak.
    Slovak "sk" Some(whatlang::Lang::Slk);
    /// Slovene.
    Slovene "sl" Some(whatlang::Lang::Slv);
    /// Spanish.
    Spanish "es" Some(whatlang::Lang::Spa);
    /// Swedish.
    Swedish "sv" Some(whatlang::Lang::Swe);
}

impl Locale {
    /// The language of an ISO 639-1 code, in any case and with or without a region (`pt`, `pt-BR`, `DE_at`).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let language = code.split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// Tells the language of a text, or `None` when nothing in it speaks for one.
///
/// ```
/// use pii_detect::locale::{Locale, detect_locale};
/// assert_eq!(detect_locale("wo ist meine Bestellung?"), Some(Locale::German));
/// assert_eq!(detect_locale("4711"), None);
/// ```
#[must_use]
pub fn detect_locale(text: &str) -> Option<Locale> {
    detect_with_confidence(text).map(|(locale, _)| locale)
}

/// Tells the language and how sure that is, 0 to 1: the lead over the second language.
#[must_use]
pub fn detect_with_confidence(text: &str) -> Option<(Locale, f32)> {
    let text = head(text, ENOUGH);
    let votes = decided(text, &Tokens::split(text, false), true);
    let (best, lead) = votes.leader();
    let total: f32 = votes.all.iter().sum();
    Some((best?, (lead / total.max(2.0)).clamp(0.0, 1.0)))
}

/// The language of a text that is split already, as the rules need it: of a few words the trigram model could only guess, and
/// it costs more than all rules together.
pub(crate) fn of_tokens(tokens: &Tokens<'_>) -> Option<Locale> {
    decided(head(tokens.text, ENOUGH), tokens, false).leader().0
}

/// The votes of a text. The trigram model is asked about one of some words that is not clear, and where the caller wants to
/// know `how_clear` of a shorter one too, and of one that has a single language to choose from.
fn decided(text: &str, tokens: &Tokens<'_>, how_clear: bool) -> Votes {
    let mut votes = Votes::default();
    let words = vote(tokens, &mut votes);
    let (best, lead) = votes.leader();
    // Fewer than two words' lead is within what loan words and town names can do.
    if lead < 1.5 && words >= if how_clear { 1 } else { GUESSED } {
        let running = votes.candidates();
        let only = best.and_then(Locale::whatlang).map(|only| [only]);
        if how_clear || only.is_none_or(|only| running != only) {
            let enough = if how_clear { ENOUGH } else { TRIGRAM_BYTES };
            votes.guess(head(text, enough), running);
        }
    }
    votes
}

fn head(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Every function word with the bit of its language.
fn function_words(mut sink: impl FnMut(&str, u64)) {
    for line in FUNCTION_WORDS.lines().filter(|line| !line.starts_with('#')) {
        let Some((code, list)) = line.split_once(':') else {
            continue;
        };
        if let Some(locale) = Locale::from_code(code) {
            let bit = u64::from(locale.bit());
            list.split_whitespace().for_each(|word| sink(word, bit));
        }
    }
}

/// Adds the words to the table of all words, by the hash of their folded form: languages whose word is written just so in
/// ASCII in the low half of their votes, any whose word folds to it in the high half.
pub(crate) fn fill(table: &mut Table) {
    function_words(|word, bit| {
        if let Some(slot) = table.word(hash_word(word), word) {
            // With accents a word is better evidence (`est\u{e1}`), without them it is what people type.
            slot.votes |= bit << 32 | if word.is_ascii() { bit } else { 0 };
        }
    });
}

/// Votes with the number of languages in the highest eight bits of each half.
pub(crate) fn counted(votes: u64) -> u64 {
    let count = |half: u64| u64::from(half.count_ones());
    votes | count(votes & LANGUAGES) << 24 | count(votes >> 32 & LANGUAGES) << 56
}

/// The bits of all languages.
const LANGUAGES: u64 = 0xff_ffff;

/// Which languages a function word with accents belongs to.
static EXACT: LazyLock<Small<u64>> = LazyLock::new(|| {
    let mut words = Small::with_room_for(FUNCTION_WORDS.len() / 5);
    function_words(|word, bit| {
        if !word.is_ascii() {
            words.add(exact(word), bit);
        }
    });
    words
});

/// Whether a word is a function word of some language; accents do not count.
pub(crate) fn function_word(token: &Token) -> bool {
    token.listed.votes != 0
}

/// The small letters of Latin-1: most letters with accents are one, and need not be looked up to be made small.
const SMALL_FIRST: char = '\u{df}';
const SMALL_LAST: char = '\u{ff}';

/// Hash of a lower-cased word with its accents, apart from that of the folded word.
fn exact(word: &str) -> u64 {
    let mut hash = Hash::new();
    for c in word.chars() {
        hash = match c {
            SMALL_FIRST..=SMALL_LAST => hash.raw(c),
            _ if c.is_ascii() => hash.raw(c.to_ascii_lowercase()),
            _ => c.to_lowercase().fold(hash, Hash::raw),
        };
    }
    hash.finish()
}

/// Votes for each language.
#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    all: [f32; 24],
    /// Languages that have any, one bit each.
    some: u32,
}

/// The bit of every language.
#[expect(clippy::indexing_slicing, reason = "evaluated while compiling")]
const BITS: [u32; 24] = {
    let (mut bits, mut at) = ([0; 24], 0);
    while at < 24 {
        bits[at] = 1 << at;
        at += 1;
    }
    bits
};

/// One by the square root of the number of languages that a word belongs to.
const SHARES: [f32; 25] = [
    1.0,
    1.0,
    std::f32::consts::FRAC_1_SQRT_2,
    0.57735026,
    0.5,
    0.4472136,
    0.40824828,
    0.3779645,
    0.35355338,
    0.33333334,
    0.31622776,
    0.30151135,
    0.28867513,
    0.2773501,
    0.26726124,
    0.2581989,
    0.25,
    0.24253564,
    0.23570228,
    0.22941573,
    0.2236068,
    0.21821788,
    0.21320072,
    0.2085144,
    0.20412414,
];

impl Votes {
    /// Adds the votes of a word to the languages that it belongs to; their number stands above their bits.
    #[inline]
    fn spread(&mut self, counted: u32, weight: f32) {
        let languages = (counted >> 24) as usize;
        let share = weight * SHARES.get(languages).copied().unwrap_or(0.2);
        self.some |= counted & LANGUAGES as u32;
        // Every language gets a share or nothing: how many there are cannot be foretold.
        for (vote, bit) in self.all.iter_mut().zip(BITS) {
            *vote += if counted & bit != 0 { share } else { 0.0 };
        }
    }

    /// Adds the vote of the word at `at`.
    #[inline]
    fn add(&mut self, tokens: &Tokens<'_>, at: usize, token: &Token) {
        let len = token.end - token.start;
        if len != usize::from(token.chars) {
            self.add_wide(tokens, at, token);
            return;
        }
        let votes = token.listed.votes;
        // What is written with accents is weaker evidence without them.
        let same = votes as u32;
        let bits = if same == 0 {
            (votes >> 32) as u32
        } else {
            same
        };
        let weight = if same == 0 { 0.6 } else { 1.0 };
        // A single letter (a, e, i, o, u) is a word in many languages.
        self.spread(bits, weight * if len == 1 { 0.4 } else { 1.0 });
    }

    /// Adds the vote of a word with letters beyond ASCII.
    #[inline(never)]
    fn add_wide(&mut self, tokens: &Tokens<'_>, at: usize, token: &Token) {
        let alike = (token.listed.votes >> 32) as u32;
        // Only what folds to a function word can be one.
        let same = match alike {
            0 => 0,
            _ => EXACT.get(exact(tokens.word(at))),
        };
        if same == 0 {
            self.spread(alike, 0.6);
        } else {
            self.spread(counted(same) as u32, 1.0);
        }
        for c in tokens.word(at).chars().filter(|c| !c.is_ascii()) {
            self.spread(counted(u64::from(letter(c))) as u32, 0.5);
        }
    }

    /// The languages with votes, in their order.
    fn given(&self) -> impl Iterator<Item = (Locale, f32)> {
        let mut left = self.some;
        std::iter::from_fn(move || {
            let at = left.trailing_zeros() as usize;
            let (locale, vote) = Locale::ALL.get(at).zip(self.all.get(at))?;
            left &= left - 1;
            Some((*locale, *vote))
        })
    }

    /// The language with the most votes, its votes, and those of the second.
    fn first_two(&self) -> (Option<Locale>, f32, f32) {
        let (mut best, mut first, mut second) = (None, 0f32, 0f32);
        for (locale, vote) in self.given() {
            let leads = vote > first;
            second = select_unpredictable(leads, first, second.max(vote));
            best = select_unpredictable(leads, Some(locale), best);
            first = first.max(vote);
        }
        (best, first, second)
    }

    /// The language with the most votes, and how many more it has than the second.
    fn leader(&self) -> (Option<Locale>, f32) {
        let (best, first, second) = self.first_two();
        (best, first - second)
    }

    /// Languages that the words leave in the running: the trigram model costs as much as it has languages.
    fn candidates(&self) -> Vec<whatlang::Lang> {
        let (_, best, _) = self.first_two();
        if best < 0.5 {
            let all = Locale::ALL.into_iter();
            return all.filter_map(Locale::whatlang).collect();
        }
        self.given()
            .filter(|(_, vote)| *vote > 0.0 && *vote > best - 1.5)
            .filter_map(|(locale, _)| locale.whatlang())
            .collect()
    }

    /// Adds what the trigram model says of a text: its confidence makes up to three words.
    fn guess(&mut self, text: &str, candidates: Vec<whatlang::Lang>) {
        let Some(info) = whatlang::Detector::with_allowlist(candidates).detect(text) else {
            return;
        };
        for (vote, locale) in self.all.iter_mut().zip(Locale::ALL) {
            if locale.whatlang() == Some(info.lang()) {
                #[expect(clippy::cast_possible_truncation, reason = "a share of 0 to 1")]
                let confidence = info.confidence() as f32;
                *vote += 0.3 + 1.7 * confidence;
                self.some |= locale.bit();
            }
        }
    }
}

/// Adds the votes of words and letters; returns the number of words seen, or fewer once a language leads clearly.
fn vote(tokens: &Tokens<'_>, votes: &mut Votes) -> usize {
    let mut seen = 0;
    // The most votes that a language can have got, and how many groups of words have been judged.
    let (mut most, mut judged) = (0, 0);
    let looks = tokens.looks();
    for (part, at) in tokens.all().chunks(64).zip((0..).step_by(64)) {
        if part.first().is_some_and(|first| first.start >= ENOUGH) {
            break;
        }
        // Which words vote cannot be foretold: they are marked all at once.
        let near = match part.last() {
            Some(last) if last.start >= ENOUGH => part.partition_point(|t| t.start < ENOUGH),
            _ => part.len(),
        };
        let near = u64::MAX.unbounded_shr(64 - near as u32);
        let words = near & !looks.word(at / 64, Look::Digits);
        for bit in ones(words & looks.marked(at / 64, Marks::LANGUAGE)) {
            let before = seen + (words & ((1 << bit) - 1)).count_ones() as usize;
            if before >= ENOUGH_WORDS {
                return ENOUGH_WORDS;
            }
            if before / GROUP > judged {
                judged = before / GROUP;
                if most >= CLEAR as usize && votes.leader().1 >= CLEAR {
                    return before;
                }
            }
            if let Some(token) = part.get(bit) {
                votes.add(tokens, at + bit, token);
                most += 1 + (token.end - token.start - usize::from(token.chars));
            }
        }
        seen += words.count_ones() as usize;
        if seen >= ENOUGH_WORDS {
            break;
        }
    }
    seen.min(ENOUGH_WORDS)
}

/// Languages that a letter speaks for.
fn letter(c: char) -> u32 {
    use Locale as L;
    let small = match c {
        SMALL_FIRST..=SMALL_LAST => c,
        _ => c.to_lowercase().next().unwrap_or(c),
    };
    let all: &[L] = match small {
        '\u{df}' => &[L::German],
        '\u{f1}' => &[L::Spanish],
        '\u{e3}' | '\u{f5}' => &[L::Portuguese],
        '\u{e7}' => &[L::French, L::Portuguese],
        '\u{ea}' | '\u{f4}' => &[L::French, L::Portuguese],
        '\u{e8}' | '\u{f9}' => &[L::French, L::Italian],
        '\u{f2}' | '\u{ec}' => &[L::Italian],
        '\u{153}' | '\u{ee}' | '\u{fb}' => &[L::French],
        '\u{f8}' | '\u{e6}' => &[L::Danish],
        '\u{e5}' => &[L::Swedish, L::Danish],
        '\u{142}' | '\u{15b}' | '\u{17c}' | '\u{119}' | '\u{144}' | '\u{17a}' => &[L::Polish],
        '\u{151}' | '\u{171}' => &[L::Hungarian],
        '\u{159}' | '\u{16f}' | '\u{11b}' => &[L::Czech],
        '\u{13e}' | '\u{13a}' => &[L::Slovak],
        '\u{103}' | '\u{219}' | '\u{21b}' | '\u{163}' => &[L::Romanian],
        '\u{111}' => &[L::Croatian],
        '\u{10d}' | '\u{161}' | '\u{17e}' => &[
            L::Slovene,
            L::Croatian,
            L::Czech,
            L::Slovak,
            L::Lithuanian,
            L::Latvian,
        ],
        '\u{117}' | '\u{12f}' | '\u{173}' => &[L::Lithuanian],
        '\u{101}' | '\u{113}' | '\u{12b}' | '\u{146}' | '\u{137}' | '\u{13c}' => &[L::Latvian],
        '\u{127}' | '\u{121}' | '\u{10b}' => &[L::Maltese],
        '\u{e4}' => &[L::German, L::Swedish, L::Finnish, L::Estonian],
        '\u{fc}' => &[L::German, L::Hungarian, L::Estonian],
        '\u{370}'..='\u{3ff}' => &[L::Greek],
        '\u{400}'..='\u{52f}' => &[L::Bulgarian],
        _ => &[],
    };
    all.iter().fold(0, |bits, locale| bits | locale.bit())
}

#[cfg(test)]
mod tests {
    use super::SHARES;

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "at most 24")]
    fn shares_are_roots() {
        for (languages, share) in SHARES.iter().enumerate() {
            let root = (languages as f32).sqrt().max(1.0);
            assert_eq!(share.to_bits(), (1.0 / root).to_bits());
        }
    }
}
