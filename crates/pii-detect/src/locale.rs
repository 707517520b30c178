//! Which official EU language a text is written in.
//!
//! Tickets are short, so function words vote first: a line of six words usually holds two or three of them.
//! Only when the vote is close does a trigram model (`whatlang`, restricted to the official languages) decide.

mod parts;

pub use parts::Part;
pub(crate) use parts::Parts;

use crate::lexicon::{Hash, hash_word};
use crate::token::{Token, Tokens};
use crate::words::{Small, Table};
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
    let text = head(text);
    confident(text, &Tokens::split(text, false), 1)
}

/// The language of a text that is split already, as the rules need it: of a few words the trigram model could only guess, and
/// it costs more than all rules together.
pub(crate) fn of_tokens(tokens: &Tokens<'_>) -> Option<Locale> {
    confident(head(tokens.text), tokens, GUESSED).map(|(locale, _)| locale)
}

/// The language and how sure that is; the trigram model is asked about texts of `guessed` words and more.
fn confident(text: &str, tokens: &Tokens<'_>, guessed: usize) -> Option<(Locale, f32)> {
    let mut votes = [0f32; 24];
    let words = vote(tokens, &mut votes);
    let (mut best, mut lead) = leader(&votes);
    // Fewer than two words' lead is within what loan words and town names can do.
    if lead < 1.5 && words >= guessed {
        let running = candidates(&votes);
        for (vote, guess) in votes.iter_mut().zip(trigrams(text, &running)) {
            *vote += guess;
        }
        (best, lead) = leader(&votes);
    }
    let best = best?;
    let total: f32 = votes.iter().sum();
    Some((best, (lead / total.max(2.0)).clamp(0.0, 1.0)))
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(ENOUGH);
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

/// Hash of a lower-cased word with its accents, apart from that of the folded word.
fn exact(word: &str) -> u64 {
    let mut hash = Hash::new();
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = hash.raw(c);
    }
    hash.finish()
}

/// Adds the votes of words and letters; returns the number of words seen.
fn vote(tokens: &Tokens<'_>, votes: &mut [f32; 24]) -> usize {
    let mut seen = 0;
    for (at, token) in tokens.all().iter().enumerate() {
        if token.start >= ENOUGH || seen >= ENOUGH_WORDS {
            break;
        }
        if !token.word() {
            continue;
        }
        seen += 1;
        vote_one(tokens, at, votes);
        if seen % 16 == 0 && leader(votes).1 >= CLEAR {
            break;
        }
    }
    seen
}

/// Adds the vote of the word at `at`.
fn vote_one(tokens: &Tokens<'_>, at: usize, votes: &mut [f32; 24]) {
    let Some(token) = tokens.get(at) else {
        return;
    };
    let len = token.end - token.start;
    let ascii = len == usize::from(token.chars);
    let found = token.listed.votes;
    let half = |bits: u64| u32::try_from(bits & 0xff_ffff).unwrap_or(0);
    let (same, alike) = (half(found), half(found >> 32));
    let mut bits = if ascii {
        same
    } else {
        // Only what folds to a function word can be one.
        match alike {
            0 => 0,
            _ => half(EXACT.get(exact(tokens.word(at)))),
        }
    };
    let mut weight = 1.0;
    if bits == 0 {
        bits = alike;
        weight = 0.6;
    }
    // A single letter (a, e, i, o, u) is a word in many languages.
    if len == 1 {
        weight *= 0.4;
    }
    spread(bits, weight, votes);
    if !ascii {
        for c in tokens.word(at).chars().filter(|c| !c.is_ascii()) {
            spread(letter(c), 0.5, votes);
        }
    }
}

/// One by the square root of the number of languages that a word belongs to.
#[expect(clippy::cast_precision_loss, reason = "at most 24")]
static SHARES: LazyLock<[f32; 25]> =
    LazyLock::new(|| std::array::from_fn(|languages| 1.0 / (languages as f32).sqrt().max(1.0)));

fn spread(mut bits: u32, weight: f32, votes: &mut [f32; 24]) {
    let languages = bits.count_ones();
    if languages == 0 {
        return;
    }
    let share = weight * SHARES.get(languages as usize).copied().unwrap_or(0.2);
    while bits != 0 {
        if let Some(vote) = votes.get_mut(bits.trailing_zeros() as usize) {
            *vote += share;
        }
        bits &= bits - 1;
    }
}

/// Languages that a letter speaks for.
fn letter(c: char) -> u32 {
    use Locale as L;
    let all: &[L] = match c.to_lowercase().next().unwrap_or(c) {
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

/// Languages that the words leave in the running: the trigram model costs as much as it has languages.
fn candidates(votes: &[f32; 24]) -> Vec<whatlang::Lang> {
    let (_, best, _) = leader_and_votes(votes);
    let close = |vote: f32| best < 0.5 || vote > 0.0 && vote > best - 1.5;
    Locale::ALL
        .into_iter()
        .zip(votes)
        .filter(|(_, vote)| close(**vote))
        .filter_map(|(locale, _)| locale.whatlang())
        .collect()
}

/// What the trigram model says, in votes: its confidence makes up to three words.
fn trigrams(text: &str, candidates: &[whatlang::Lang]) -> [f32; 24] {
    let mut votes = [0f32; 24];
    if let Some(info) = whatlang::Detector::with_allowlist(candidates.to_vec()).detect(text) {
        for (vote, locale) in votes.iter_mut().zip(Locale::ALL) {
            if locale.whatlang() == Some(info.lang()) {
                #[expect(clippy::cast_possible_truncation, reason = "a share of 0 to 1")]
                let confidence = info.confidence() as f32;
                *vote = 0.3 + 1.7 * confidence;
            }
        }
    }
    votes
}

fn leader(votes: &[f32; 24]) -> (Option<Locale>, f32) {
    let (best, first, second) = leader_and_votes(votes);
    (best, first - second)
}

/// The language with the most votes, its votes, and those of the second.
fn leader_and_votes(votes: &[f32; 24]) -> (Option<Locale>, f32, f32) {
    let (mut best, mut first, mut second) = (None, 0f32, 0f32);
    for (vote, locale) in votes.iter().zip(Locale::ALL) {
        if *vote > first {
            second = first;
            first = *vote;
            best = Some(locale);
        } else if *vote > second {
            second = *vote;
        }
    }
    (best, first, second)
}
