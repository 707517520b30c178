//! Plain numbers, their units, and what is said of several at once.

use redact::Locale;

use super::list::is_list_number;
use super::spelled::{self, Sum};
use super::token::{Kind, Token, canonical};
use super::{Value, What};
use crate::guard::phrases::{self, Kind as Phrase};
use crate::guard::words::{self, Unit};

/// Puts the words of a number together into one token.
pub(super) fn merged(tokens: Vec<Token>, text: &str, locale: Locale) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match spelled_at(&tokens, at, out.last(), locale) {
            Some((number, article, used)) => {
                let end = tokens
                    .get(at + used - 1)
                    .map_or(token.at.end, |last| last.at.end);
                out.push(Token {
                    at: token.at.start..end,
                    kind: Kind::Spelled(number, article),
                });
                at += used;
            }
            None => {
                out.push(token.clone());
                at += 1;
            }
        }
    }
    add_halves(&mut out, text);
    out
}

/// A number in words at a place: its value, whether it is an article, how many tokens it takes.
fn spelled_at(
    tokens: &[Token],
    at: usize,
    before: Option<&Token>,
    locale: Locale,
) -> Option<(String, bool, usize)> {
    // `pour cent` is a unit.
    if before.is_some_and(|before| before.is(&["per", "por", "pour"])) {
        let first = tokens.get(at)?.word()?;
        if words::unit(first) == words::unit("percent") {
            return None;
        }
    }
    let mut sum = Sum::default();
    let (mut used, mut next, mut article) = (0, at, false);
    let mut and = false;
    while let Some(word) = tokens.get(next).and_then(Token::word) {
        if let Some(atom) = spelled::word(word, locale) {
            // `one` goes on with a number (`twenty-one`) but is an article at its beginning.
            let alone = used == 0 && atom.article;
            if !sum.take(atom.n, and, locale) {
                break;
            }
            article = alone || (article && used > 0 && next == at);
            used = next + 1 - at;
            and = false;
        } else if used > 0 && !and && words::is_and(word, locale) {
            and = true;
        } else {
            break;
        }
        next += 1;
    }
    (used > 0).then(|| (sum.value().to_string(), article && used == 1, used))
}

/// `two and a half`, `dos y medio`, `une heure et demie`: adds the half to the number before.
fn add_halves(tokens: &mut Vec<Token>, text: &str) {
    const HALF: [&str; 10] = [
        "half", "medio", "media", "demi", "demie", "mezzo", "mezza", "meio", "meia", "halve",
    ];
    let mut at = 0;
    while at + 2 < tokens.len() {
        let number = tokens.get(at).and_then(Token::small);
        let used = number.and_then(|_| {
            // The unit may stand between: `un an et demi`.
            let unit = usize::from(tokens.get(at + 1).is_some_and(|t| t.unit().is_some()));
            let and = at + 1 + unit;
            let joined = tokens
                .get(and)
                .is_some_and(|t| t.is(&["and", "y", "et", "e"]));
            let article = usize::from(tokens.get(and + 1).is_some_and(Token::is_article));
            let half = tokens.get(and + 1 + article)?;
            (joined && half.is(&HALF)).then_some((and, and + 1 + article))
        });
        if let (Some(number), Some((and, half))) = (number, used) {
            let end = tokens.get(half).map_or(0, |t| t.at.end);
            let spelled = tokens.get(at).is_some_and(Token::is_spelled);
            tokens.drain(and..=half);
            if let Some(token) = tokens.get_mut(at) {
                if and == at + 1 {
                    token.at.end = end.max(token.at.end).min(text.len());
                }
                if spelled {
                    token.kind = Kind::Spelled(format!("{number}.5"), false);
                } else {
                    token.kind = Kind::Digits(format!("{number}.5"));
                }
            }
        }
        at += 1;
    }
}

/// A number that is nothing more.
pub(super) fn read(tokens: &[Token], at: usize, text: &str) -> Option<(Vec<Value>, usize)> {
    let token = tokens.get(at)?;
    match &token.kind {
        Kind::Digits(raw) => {
            let unit = unit_behind(tokens, at);
            if is_list_number(text, token, unit.is_some()) || is_ordinal(tokens, at) {
                return Some((Vec::new(), 1));
            }
            let counts = may_count(unit) && counts_what_follows(tokens, at, unit.is_some());
            let values = raw
                .split(['-', '/', ':'])
                .filter(|part| !part.is_empty())
                .map(|part| {
                    let number = canonical(part);
                    let mut value = Value::new(token.at.clone(), What::Number(number, unit));
                    if unit.is_none() {
                        value.also = day_of_month(tokens, at);
                    }
                    value.exact = unit.is_some() && lasts(tokens, at, false);
                    value.claims = !counts;
                    value
                })
                .collect();
            Some((values, 1))
        }
        Kind::Spelled(number, article) => {
            let unit = unit_behind(tokens, at);
            let mut value = Value::new(token.at.clone(), What::Number(number.clone(), unit));
            let counts = may_count(unit) && counts_what_follows(tokens, at, unit.is_some());
            value.claims = !*article
                && !counts
                && !(unit.is_none()
                    && (words::is_vague(number)
                        || is_no_count(tokens, at)
                        || is_which(tokens, at)))
                && !asks_which(tokens, at);
            value.exact = unit.is_some() && lasts(tokens, at, *article);
            Some((vec![value], 1))
        }
        // `both`, `twice`: what may be said with the number, and is no claim of one.
        Kind::Word(word) => {
            let number = phrases::times(word)?.to_owned();
            let mut value = Value::new(token.at.clone(), What::Number(number, Some(words::TIMES)));
            value.claims = false;
            Some((vec![value], 1))
        }
        _ => None,
    }
}

/// Whether the length of time at a place is one of the calendar, so that it may be said in another unit: no working
/// days, and one week only where it is a term (`within a week`), not a rate (`40 hours a week`).
fn lasts(tokens: &[Token], at: usize, article: bool) -> bool {
    let works = tokens
        .iter()
        .skip(at + 1)
        .take(3)
        .filter_map(Token::word)
        .any(|word| phrases::of_any(Phrase::Workday, word));
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let term = before.is_some_and(|t| {
        t.word()
            .is_some_and(|word| phrases::of_any(Phrase::Within, word))
    });
    !works && (!article || term)
}

/// `which of the two days`: a question over what is named beside it.
fn asks_which(tokens: &[Token], at: usize) -> bool {
    let small = tokens
        .get(at)
        .and_then(Token::small)
        .is_some_and(|n| (2..=4).contains(&n));
    let before = tokens.get(at.saturating_sub(3)..at).unwrap_or_default();
    small
        && before.iter().any(|t| {
            t.word()
                .is_some_and(|word| phrases::of_any(Phrase::Which, word))
        })
        && tokens
            .iter()
            .skip(at + 1)
            .find(|t| matches!(t.kind, Kind::Stop('.' | '!' | '?' | ';' | '\n')))
            .is_some_and(|t| t.is_stop('?'))
}

/// `2nd`, `3rd`: an order, not an amount. Dates have been read before.
fn is_ordinal(tokens: &[Token], at: usize) -> bool {
    let (Some(token), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else {
        return false;
    };
    token.touches(next)
        && next.is(&[
            "st", "nd", "rd", "th", "er", "ere", "eme", "e", "de", "ste", "x",
        ])
        && token.small().is_some_and(|n| n < 10)
}

/// `until the 25th`, `bis zum 25.`, `hasta el 25`: the day of a month that is not named, when nothing is counted.
fn day_of_month(tokens: &[Token], at: usize) -> Option<What> {
    let n = tokens.get(at)?.small().filter(|n| (1..=31).contains(n))?;
    let next = tokens.get(at + 1);
    let ends = next.and_then(Token::word).is_none_or(|word| {
        matches!(
            word,
            "st" | "nd" | "rd" | "th" | "e" | "er" | "of" | "des" | "de" | "van" | "del"
        )
    });
    let day = at
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| {
            t.is(&["dia", "day", "tag", "jour"])
                || t.word().is_some_and(|word| words::weekday(word).is_some())
        });
    (ends || day).then_some(What::DayOfMonth(n))
}

/// The unit of a number, with a word such as `working` before it at most.
fn unit_behind(tokens: &[Token], at: usize) -> Option<Unit> {
    let next = tokens.get(at + 1)?;
    if let Some(unit) = next.unit() {
        return Some(unit);
    }
    let second = tokens.get(at + 2)?;
    if next.is(&["per", "por", "pour"]) {
        return second
            .unit()
            .filter(|unit| words::unit("percent") == Some(*unit));
    }
    next.word()
        .is_some_and(words::stands_between)
        .then(|| second.unit())
        .flatten()
}

/// Points are what a list has, and what a score is counted in.
fn may_count(unit: Option<Unit>) -> bool {
    unit.is_none() || unit == words::unit("point")
}

/// Whether a small number counts the points of a list, or options, steps and the like: `three things to check:`.
fn counts_what_follows(tokens: &[Token], at: usize, measures: bool) -> bool {
    let small = tokens
        .get(at)
        .and_then(Token::small)
        .is_some_and(|n| (1..=12).contains(&n));
    if !small {
        return false;
    }
    let following = tokens.get(at + 1..).unwrap_or_default();
    let named = !measures
        && following
            .iter()
            .take(2)
            .any(|token| token.word().is_some_and(words::is_point));
    if named {
        return true;
    }
    // A colon that ends the line, or that a list or a sentence follows, before anything else ends the clause.
    let has_noun = following.first().is_some_and(|t| t.word().is_some());
    has_noun
        && following
            .iter()
            .take(9)
            .find(|token| matches!(token.kind, Kind::Stop('.' | '!' | '?' | ';' | ':' | '\n')))
            .is_some_and(|token| token.is_stop(':'))
}

/// Whether the word before a number and a sign behind it make it a heading: `step two: press`.
fn is_which(tokens: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    before.is_some_and(|t| t.word().is_some_and(words::is_counter))
        && tokens
            .get(at + 1)
            .is_none_or(|t| matches!(t.kind, Kind::Stop(_)))
}

/// Words that are numbers and something else as well: `neuf` is also new, `sei` you are, `acht` heed.
fn is_no_count(tokens: &[Token], at: usize) -> bool {
    let near = |token: Option<&Token>, words: &[&str]| token.is_some_and(|t| t.is(words));
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    near(before, &["in", "ausser", "tout", "flambant"])
        && near(tokens.get(at + 1), &["nehmen", "genommen", "acht"])
        || near(
            before,
            &[
                "tout", "flambant", "quoi", "gib", "geben", "tu", "ci", "che", "non",
            ],
        )
        || near(tokens.get(at + 1), &["geben", "gegeben"])
}

/// Gives the numbers of a range the unit, the currency or the month that stands once behind them: `5 to 7 days`.
pub(super) fn share_units(found: &mut [(usize, usize, Value)], tokens: &[Token], text: &str) {
    const RANGE: [&str; 22] = [
        "to", "and", "or", "bis", "und", "oder", "a", "al", "et", "ou", "y", "o", "e", "tot", "en",
        "of", "ate", "u", "au", "through", "till", "ao",
    ];
    const ARTICLE: [&str; 10] = [
        "zu", "zum", "la", "las", "le", "les", "as", "il", "l", "the",
    ];
    for i in (1..found.len()).rev() {
        let (Some((_, end, left)), Some((start, right_end, right))) =
            (found.get(i - 1), found.get(i))
        else {
            continue;
        };
        let (end, start, right_end) = (*end, *start, *right_end);
        // Both halves of `3-5` are one token.
        let same = left.at == right.at;
        let is_day = matches!(right.what, What::Date(_));
        let mut between = tokens.get(end..start).unwrap_or_default();
        // `vom 12. bis 15. Maerz`
        if is_day && between.first().is_some_and(|t| t.is_stop('.')) {
            between = between.get(1..).unwrap_or_default();
        }
        let joined = match between {
            [range] => range.is(&RANGE),
            [range, article] => range.is(&RANGE) && article.is(&ARTICLE),
            _ => false,
        };
        let gap = text.get(left.at.end..right.at.start).unwrap_or_default();
        let dash = between.is_empty() && matches!(gap.trim(), "-" | "\u{2013}" | "/");
        if !(left.claims && (same || joined || dash)) {
            continue;
        }
        let What::Number(n, None) = left.what.clone() else {
            continue;
        };
        let also = What::Number(n.clone(), None);
        let shared = match &right.what {
            What::Number(_, Some(unit)) => Some((What::Number(n, Some(*unit)), None)),
            What::Price(_, currency) => Some((What::Price(n, *currency), Some(also))),
            What::Time(until, known) => {
                n.parse::<u32>()
                    .ok()
                    .filter(|hour| *hour <= 24)
                    .map(|hour| {
                        // `between 3 and 7 in the evening`: the half of the day is said once, of both or of the second.
                        let halved = tokens
                            .get(start..right_end)
                            .unwrap_or_default()
                            .iter()
                            .any(|t| t.word().and_then(words::half).is_some());
                        let both = (1..12).contains(&hour) && (hour + 12) * 60 < *until;
                        let known = *known && !(halved && both);
                        (What::Time(hour % 24 * 60, known), Some(also))
                    })
            }
            What::Date(day) => n
                .parse::<u32>()
                .ok()
                .filter(|n| (1..=31).contains(n))
                .map(|n| {
                    let first = super::Day {
                        day: n,
                        weekday: None,
                        ..*day
                    };
                    (What::Date(first), Some(also))
                }),
            _ => None,
        };
        if let (Some((what, also)), Some((_, _, left))) = (shared, found.get_mut(i - 1)) {
            left.what = what;
            left.also = also;
            left.claims = true;
        }
    }
    near_units(found, tokens);
}

/// A bare number in a list of amounts has the unit of the one before it: `5 weeks for beech, 8 for walnut`.
fn near_units(found: &mut [(usize, usize, Value)], tokens: &[Token]) {
    let mut before: Option<(usize, Unit)> = None;
    for (start, end, value) in found.iter_mut() {
        let crossed = before.is_some_and(|(from, _)| {
            tokens
                .get(from..*start)
                .unwrap_or_default()
                .iter()
                .any(|t| matches!(t.kind, Kind::Stop('.' | '!' | '?' | ';' | '\n')))
        });
        if crossed {
            before = None;
        }
        match &value.what {
            What::Number(_, Some(unit)) => before = Some((*end, *unit)),
            What::Number(n, None) if matches!(value.also, None | Some(What::DayOfMonth(_))) => {
                let noun = tokens
                    .get(*end)
                    .is_some_and(|t| t.word().is_some_and(|w| w.len() > 4));
                if let (Some((_, unit)), false) = (before, noun) {
                    value.also = Some(What::Number(n.clone(), Some(unit)));
                }
            }
            What::Price(..) => before = None,
            _ => {}
        }
    }
}
