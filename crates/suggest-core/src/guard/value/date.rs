//! Days: in digits, with the name of the month, with the weekday.

use redact::Locale;

use super::token::{Kind, Token};
use super::{Day, Value, What};
use crate::guard::words;

pub(super) fn read(tokens: &[Token], text: &str, locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    if let Some((weekday, used)) = weekday(tokens, locale) {
        let (mut values, used) = with_weekday(tokens, text, weekday, used);
        // `a segunda` is the second of something as well.
        let ordinal = used == 1 && first.is(&["segunda", "quarta", "quinta", "sexta"]);
        for value in &mut values {
            value.claims &= !ordinal;
        }
        return Some((values, used));
    }
    let (day, used, also) = day(tokens, text)?;
    let last = tokens.get(used - 1)?;
    let mut value = Value::new(first.at.start..last.at.end, What::Date(day));
    value.also = also;
    Some((vec![value], used))
}

/// A weekday alone, or with the day it is said of.
fn with_weekday(tokens: &[Token], text: &str, weekday: u32, used: usize) -> (Vec<Value>, usize) {
    let start = tokens.first().map_or(0, |t| t.at.start);
    let end = |used: usize| tokens.get(used - 1).map_or(start, |t| t.at.end);
    let alone = |used: usize| {
        let value = Value::new(start..end(used), What::Weekday(weekday));
        (vec![value], used)
    };
    if weekday > 6 {
        return alone(used);
    }
    let mut at = used;
    while tokens.get(at).is_some_and(|t| {
        t.is_stop(',')
            || t.is_stop('.')
            || t.is(&[
                "the", "den", "dem", "le", "el", "il", "de", "dia", "on", "a",
            ])
    }) && at < used + 3
    {
        at += 1;
    }
    match tokens.get(at..).and_then(|rest| day(rest, text)) {
        Some((mut day, more, also)) => {
            day.weekday = Some(weekday);
            let mut value = Value::new(start..end(at + more), What::Date(day));
            value.also = also;
            (vec![value], at + more)
        }
        None => alone(used),
    }
}

fn weekday(tokens: &[Token], locale: Locale) -> Option<(u32, usize)> {
    let word = tokens.first()?.word()?;
    // `segunda-feira`
    if tokens.get(1).is_some_and(|t| t.is(&["feira", "feiras"])) {
        let day = match word {
            "segunda" | "segundas" => 0,
            "terca" | "tercas" => 1,
            "quarta" | "quartas" => 2,
            "quinta" | "quintas" => 3,
            "sexta" | "sextas" => 4,
            _ => return None,
        };
        return Some((day, 2));
    }
    if locale == Locale::Portuguese {
        // `na quinta`, where no noun makes it the fifth of something.
        let day = ["segunda", "terca", "quarta", "quinta", "sexta"]
            .iter()
            .zip(0..)
            .find(|(name, _)| **name == word);
        let noun = tokens.get(1).is_some_and(|t| {
            t.word()
                .is_some_and(|word| !matches!(word, "e" | "ou" | "a" | "as" | "de" | "ate" | "dia"))
        });
        if let (Some((_, day)), false) = (day, noun) {
            return Some((day, 1));
        }
    }
    words::weekday(word).map(|day| (day, 1))
}

/// A day, the tokens it takes, and another reading.
fn day(tokens: &[Token], text: &str) -> Option<(Day, usize, Option<What>)> {
    let first = tokens.first()?;
    let made = |day: u32, month: u32, year: Option<i32>| {
        let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
        fits.then_some(Day {
            day,
            month,
            year,
            weekday: None,
        })
    };
    if let Some(raw) = first.digits()
        && let Some((day, also)) = in_digits(tokens, raw, text, &made)
    {
        return Some((day, 1, also));
    }
    // `12 March 2026`, `12 de marzo de 2026`, `12. Maerz`, `le 1er mai`, `the third of May`.
    if let Some(number) = first.small().or_else(|| words::ordinal(first.word()?)) {
        let mut next = 1;
        let skip = |t: &Token| {
            t.is(&[
                "de", "d", "st", "nd", "rd", "th", "er", "of", "ste", "e", "do",
            ]) || matches!(t.kind, Kind::Sign('\u{b0}'))
                || (t.is_stop('.') && next_is_month(tokens, text))
        };
        while next < 3 && tokens.get(next).is_some_and(skip) {
            next += 1;
        }
        let month = month_at(tokens, next, text)?;
        let (year, used) = year_at(tokens, next + 1);
        return Some((made(number, month, year)?, used, None));
    }
    // `March 12, 2026`
    let month = month_at(tokens, 0, text)?;
    let number = tokens.get(1)?;
    let day = number
        .small()
        .or_else(|| words::ordinal(number.word()?))
        .filter(|_| !matches!(tokens.get(2).map(|t| &t.kind), Some(Kind::Sign(_))))
        .filter(|_| !number.is_spelled() || number.small().is_some_and(|n| n > 1))?;
    let mut next = 2;
    if tokens
        .get(next)
        .is_some_and(|t| t.is(&["st", "nd", "rd", "th"]))
    {
        next += 1;
    }
    if tokens.get(next).is_some_and(|t| t.unit().is_some()) {
        return None;
    }
    let comma = tokens.get(next).is_some_and(|t| t.is_stop(','));
    let (year, used) = year_at(tokens, next + usize::from(comma));
    let used = if year.is_some() { used } else { next };
    Some((made(day, month, year)?, used, None))
}

fn next_is_month(tokens: &[Token], text: &str) -> bool {
    month_at(tokens, 2, text).is_some()
}

fn in_digits(
    tokens: &[Token],
    raw: &str,
    text: &str,
    made: &dyn Fn(u32, u32, Option<i32>) -> Option<Day>,
) -> Option<(Day, Option<What>)> {
    if raw.contains([',', ':']) {
        return None;
    }
    let parts: Vec<&str> = raw.split(['.', '/', '-']).collect();
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    if numbers.len() != parts.len() || parts.iter().any(|part| part.len() > 4) {
        return None;
    }
    match (numbers.as_slice(), parts.as_slice()) {
        ([y, m, d], [year, ..]) if year.len() == 4 => {
            Some((made(*d, *m, i32::try_from(*y).ok())?, None))
        }
        // Day first, as Europe writes; where that cannot be, month first.
        ([d, m, y], [.., year]) if matches!(year.len(), 2 | 4) => {
            let year = i32::try_from(if *y < 100 { 2000 + y } else { *y }).ok();
            let day = made(*d, *m, year).or_else(|| made(*m, *d, year))?;
            Some((day, None))
        }
        // `29/05`, `12.3.`: a day without its year, unless it is something else.
        ([d, m], [_, month]) if month.len() <= 2 => {
            let day = made(*d, *m, None)?;
            let token = tokens.first()?;
            let behind = text.get(token.at.end..).unwrap_or_default();
            let units = tokens
                .get(1)
                .is_some_and(|t| t.unit().is_some() || t.currency().is_some() || t.is(&["h"]));
            let slash = raw.contains('/') && (month.len() == 2 || *d > 12) && (*d, *m) != (24, 7);
            let dot = raw.contains('.')
                && behind.starts_with('.')
                && behind.get(1..).is_some_and(|rest| {
                    rest.trim_start_matches(' ')
                        .starts_with(|c: char| !c.is_uppercase() && c != '\n')
                });
            let also = What::Number(super::token::canonical(raw), None);
            (!units && (slash || dot)).then_some((day, Some(also)))
        }
        _ => None,
    }
}

/// The month named at a place. `may` and `march` are verbs as well, so they count only with a capital.
fn month_at(tokens: &[Token], at: usize, text: &str) -> Option<u32> {
    let token = tokens.get(at)?;
    let word = token.word()?;
    let month = words::month(word)?;
    let capital = text
        .get(token.at.clone())
        .is_some_and(|raw| raw.starts_with(char::is_uppercase));
    (!matches!(word, "may" | "march") || capital).then_some(month)
}

fn year_at(tokens: &[Token], mut at: usize) -> (Option<i32>, usize) {
    let before = at;
    if tokens
        .get(at)
        .is_some_and(|t| t.is(&["de", "del", "di", "do", "of"]))
    {
        at += 1;
    }
    let year = tokens
        .get(at)
        .and_then(Token::small)
        .and_then(|year| i32::try_from(year).ok())
        .filter(|year| (1900..=2200).contains(year));
    match year {
        Some(year) => (Some(year), at + 1),
        None => (None, before),
    }
}
