//! Numbers in words, of seven languages.

use redact::Locale;

use crate::guard::words::{self, Atom};

/// The number one word stands for: an atom of the list, or atoms written together (`einundzwanzig`, `ventuno`,
/// `tweehonderdvijftig`).
pub(super) fn word(word: &str, locale: Locale) -> Option<Atom> {
    if let Some(atom) = words::atom(word, locale) {
        return Some(atom);
    }
    let n = match locale {
        Locale::German => joined(word, locale, &JOINED_DE),
        Locale::Dutch => joined(word, locale, &JOINED_NL),
        Locale::Italian => joined(word, locale, &JOINED_IT),
        _ => None,
    }?;
    Some(Atom { n, article: false })
}

/// How a language writes numbers as one word.
struct Joined {
    thousand: &'static [&'static str],
    hundred: &'static str,
    /// What stands between unit and ten; `None` where the ten comes first.
    and: Option<&'static str>,
}

const JOINED_DE: Joined = Joined {
    thousand: &["tausend"],
    hundred: "hundert",
    and: Some("und"),
};
const JOINED_NL: Joined = Joined {
    thousand: &["duizend"],
    hundred: "honderd",
    and: Some("en"),
};
const JOINED_IT: Joined = Joined {
    thousand: &["mila", "mille"],
    hundred: "cento",
    and: None,
};

/// Longer words are no numbers of replies, and are not taken apart.
const LONGEST: usize = 48;

fn joined(word: &str, locale: Locale, by: &Joined) -> Option<u64> {
    if word.len() > LONGEST {
        return None;
    }
    for thousand in by.thousand {
        if let Some((many, rest)) = word.split_once(thousand) {
            let many = part(many, locale, by, 1)?;
            return Some(many * 1000 + part(rest, locale, by, 0)?);
        }
    }
    hundreds(word, locale, by)
}

/// A part of a word below a thousand; `empty` is what no letters stand for.
fn part(word: &str, locale: Locale, by: &Joined, empty: u64) -> Option<u64> {
    let word = by
        .and
        .and_then(|and| word.strip_prefix(and))
        .unwrap_or(word);
    if word.is_empty() {
        return Some(empty);
    }
    simple(word, locale).or_else(|| hundreds(word, locale, by))
}

fn hundreds(word: &str, locale: Locale, by: &Joined) -> Option<u64> {
    if let Some((many, rest)) = word.split_once(by.hundred) {
        let many = if many.is_empty() {
            1
        } else {
            simple(many, locale).filter(|n| *n < 100)?
        };
        let rest = by
            .and
            .and_then(|and| rest.strip_prefix(and))
            .unwrap_or(rest);
        let rest = if rest.is_empty() {
            0
        } else {
            simple(rest, locale)
                .or_else(|| tens(rest, locale, by))
                .filter(|n| *n < 100)?
        };
        return Some(many * 100 + rest);
    }
    tens(word, locale, by)
}

fn tens(word: &str, locale: Locale, by: &Joined) -> Option<u64> {
    let fits = |unit: u64, ten: u64| {
        ((1..10).contains(&unit) && (20..100).contains(&ten) && ten.is_multiple_of(10))
            .then_some(unit + ten)
    };
    match by.and {
        Some(and) => word.match_indices(and).find_map(|(at, _)| {
            let unit = simple(word.get(..at)?, locale)?;
            fits(unit, simple(word.get(at + and.len()..)?, locale)?)
        }),
        // `ventuno`, `trentotto`: the ten loses its vowel before another.
        None => (3..word.len()).find_map(|at| {
            let unit = simple(word.get(at..)?, locale)?;
            let ten = word.get(..at)?;
            let whole = simple(ten, locale).or_else(|| {
                ["i", "a"]
                    .iter()
                    .find_map(|vowel| simple(&format!("{ten}{vowel}"), locale))
            })?;
            fits(unit, whole)
        }),
    }
}

fn simple(word: &str, locale: Locale) -> Option<u64> {
    words::atom(word, locale).map(|atom| atom.n)
}

/// Adds words up: `two hundred and fifty`, `quatre-vingt-dix`, `vinte e um`.
#[derive(Default)]
pub(super) struct Sum {
    thousands: u64,
    /// Below a thousand.
    rest: u64,
    /// The value of the last word, to see what may follow.
    last: u64,
    words: usize,
}

impl Sum {
    /// Takes a word if it goes on with the number; `and` when one stood before it.
    pub(super) fn take(&mut self, n: u64, and: bool, locale: Locale) -> bool {
        let fits = if self.words == 0 {
            self.rest = n;
            true
        } else if n == 1000 {
            let fits = !and && self.thousands == 0 && self.rest > 0 && self.last != 1000;
            if fits {
                self.thousands = self.rest;
                self.rest = 0;
            }
            fits
        } else if n == 100 {
            let fits = !and && (1..20).contains(&self.rest) && self.last < 20;
            if fits {
                self.rest *= 100;
            }
            fits
        } else if locale == Locale::French && n == 20 && self.last == 4 && !and {
            self.rest = self.rest - 4 + 80;
            true
        } else if n < 1000 {
            self.adds(n, locale)
        } else {
            false
        };
        if fits {
            self.words += 1;
            self.last = n;
        }
        fits
    }

    fn adds(&mut self, n: u64, locale: Locale) -> bool {
        if self.last == 1000 {
            // The thousand itself is the first word: `mil doscientos`.
            if self.words == 1 {
                self.thousands = 1;
                self.rest = 0;
            }
            self.rest += n;
            return true;
        }
        let low = self.rest % 100;
        let below_hundred = self.rest >= 100 && low == 0 && n < 100;
        let below_ten = low >= 20 && low.is_multiple_of(10) && n < 10 && self.last != 100;
        // `soixante-dix`, `quatre-vingt-quinze`
        let french = locale == Locale::French && matches!(low, 60 | 80) && (10..20).contains(&n);
        let fits = below_hundred || below_ten || french;
        if fits {
            self.rest += n;
        }
        fits
    }

    pub(super) fn value(&self) -> u64 {
        if self.words == 1 {
            self.rest
        } else {
            self.thousands * 1000 + self.rest
        }
    }
}
