//! Dates, numeric and written out, and ages.

mod age;
mod numeral;
mod worded;
mod written;

pub(crate) use age::age;
pub(crate) use worded::find as words;

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::rules::few::is_any;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Tokens};

/// Finds a date that holds the number at `at`; returns the token behind it. `free` is the first token that
/// belongs to no finding yet.
pub(crate) fn at(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let token = scan.tokens.get(at)?;
    let (from, to, score, why) = match (token.shape, token.chars) {
        (Shape::Number, 1 | 2) => numeric(scan, locale, at)
            .or_else(|| written::written(scan, locale, at))
            .or_else(|| written::month_first(scan, at, free))
            .or_else(|| written::day_alone(scan, locale, at)),
        (Shape::Number, 4) => numeric(scan, locale, at)
            .or_else(|| written::month_first(scan, at, free))
            .or_else(|| written::birth_year(scan, at)),
        (Shape::Number, 8) => written::birth_year(scan, at),
        // "3rd"
        (Shape::Mixed, _) => written::written(scan, locale, at)
            .or_else(|| written::month_first(scan, at, free))
            .or_else(|| written::day_alone(scan, locale, at)),
        _ => None,
    }?;
    let from = written::with_weekday(scan, from, free);
    let span = Span::new(scan.tokens.get(from)?.start, end_of(scan, from, to)?)?;
    out.push(Finding::new(span, Kind::Date, score, Why::new(why)));
    Some(to)
}

type Found = (usize, usize, f32, &'static str);

/// The last byte of a date: an ISO time stays outside.
fn end_of(scan: &Scan<'_>, from: usize, to: usize) -> Option<usize> {
    let last = scan.tokens.before(to)?;
    let word = scan.tokens.word(to - 1).as_bytes();
    if to - from == 3 && last.shape == Shape::Mixed && word.get(2) == Some(&b'T') {
        return Some(last.start + 2);
    }
    Some(last.end)
}

/// The value of a token of digits; `None` when it is longer than four.
fn value(scan: &Scan<'_>, at: usize) -> Option<(u32, u8)> {
    let token = scan.tokens.get(at)?;
    if token.shape != Shape::Number || token.chars > 4 {
        return None;
    }
    let mut value = 0;
    for b in scan.text.as_bytes().get(token.start..token.end)? {
        if !b.is_ascii_digit() {
            return None;
        }
        value = value * 10 + u32::from(b - b'0');
    }
    Some((value, token.chars))
}

fn is_year(value: (u32, u8)) -> bool {
    match value.1 {
        4 => (1900..=2099).contains(&value.0),
        2 => true,
        _ => false,
    }
}

fn day_and_month(a: (u32, u8), b: (u32, u8)) -> bool {
    a.1 <= 2
        && b.1 <= 2
        && (1..=31).contains(&a.0)
        && (1..=31).contains(&b.0)
        && (a.0 <= 12 || b.0 <= 12)
}

fn separator(between: &str) -> Option<char> {
    let trimmed = between.trim();
    let mut chars = trimmed.chars();
    let sign = chars.next()?;
    let tight = between.len() - trimmed.len() <= 2 && !between.contains('\n');
    (tight
        && chars.next().is_none()
        && matches!(sign, '.' | '/' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}'))
    .then_some(sign)
}

/// `3.4.2024`, `2024-04-03`, `03/04/24`, `3.4.`
fn numeric(scan: &Scan<'_>, locale: Option<Locale>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    if !matches!(
        tokens.gap(at + 1),
        Gap::Hyphen | Gap::Dot | Gap::Line | Gap::Other
    ) {
        return None;
    }
    let (a, b) = (value(scan, at)?, value(scan, at + 1)?);
    let sign = separator(tokens.between(at + 1))?;
    // The middle of something longer: a version, a phone number, an address of the net.
    let joined_before = at > 0
        && tokens.before(at).is_some_and(|t| t.digits())
        && tokens.between(at).starts_with(sign)
        && tokens.between(at).len() == sign.len_utf8();
    if joined_before {
        return None;
    }
    let second = separator(tokens.between(at + 2));
    if second == Some(sign)
        && let Some(c) = value(scan, at + 2).or_else(|| iso_day(scan, at + 2))
    {
        let fourth = tokens.get(at + 3).is_some_and(|t| {
            t.digits()
                && tokens.between(at + 3).len() == sign.len_utf8()
                && tokens.between(at + 3).starts_with(sign)
        });
        if fourth {
            return None;
        }
        let year_first = a.1 == 4 && is_year(a) && b.0 <= 12 && day_and_month(c, b);
        let year_last = day_and_month(a, b) && is_year(c);
        // Two-digit years with spaces between are lists of numbers.
        let tight = c.1 == 4 || a.1 == 4 || tokens.between(at + 1).len() == sign.len_utf8();
        if (year_first || year_last) && tight {
            let score = if a.1 == 4 || c.1 == 4 { 0.95 } else { 0.75 };
            return Some((at, at + 3, score, "date:numeric:calendar"));
        }
        return None;
    }
    day_month_only(scan, locale, at, a, b, sign)
}

/// `05T10`: the day of an ISO timestamp.
fn iso_day(scan: &Scan<'_>, at: usize) -> Option<(u32, u8)> {
    let word = scan.tokens.word(at);
    let (day, rest) = word.split_at_checked(2)?;
    (rest.starts_with('T'))
        .then(|| day.parse().ok().map(|d| (d, 2)))
        .flatten()
}

/// `3.4.` and `3/4` where the words around speak of a day; `08/2024`.
fn day_month_only(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    at: usize,
    a: (u32, u8),
    b: (u32, u8),
    sign: char,
) -> Option<Found> {
    let tokens = &scan.tokens;
    let tight = tokens.between(at + 1).len() == sign.len_utf8();
    if !tight {
        return None;
    }
    let joined = tokens.get(at + 2).is_some_and(|t| {
        t.digits()
            && tokens.between(at + 2).len() == 1
            && matches!(tokens.between(at + 2), "." | "/" | "-")
    });
    if joined {
        return None;
    }
    if matches!(sign, '/' | '.' | '-')
        && (1..=12).contains(&a.0)
        && a.1 <= 2
        && b.1 == 4
        && is_year(b)
    {
        return Some((at, at + 2, 0.6, "date:numeric:month-year"));
    }
    if !day_and_month(a, b) {
        return None;
    }
    let dotted = sign == '.' && tokens.between(at + 2).starts_with('.') && b.0 <= 12;
    let german = matches!(
        locale,
        Some(
            Locale::German
                | Locale::Czech
                | Locale::Slovak
                | Locale::Polish
                | Locale::Slovene
                | Locale::Croatian
                | Locale::Finnish
                | Locale::Danish
        )
    );
    if dotted && german {
        return Some((at, at + 2, 0.6, "date:numeric:day-month"));
    }
    let cue = tokens
        .before(at)
        .is_some_and(|t| t.gap != Gap::Start || at == 1)
        && matches!(tokens.gap(at), Gap::Space)
        && is_day_word(tokens, at.wrapping_sub(1));
    let both = a.1 == 2 && b.1 == 2 || sign == '/';
    // "24/7" is no date.
    (cue && both && sign != '-' && (a.0, b.0) != (24, 7)).then_some((
        at,
        at + 2,
        0.5,
        "date:cue:day-month",
    ))
}

/// Words that stand before a day.
fn is_day_word(tokens: &Tokens<'_>, at: usize) -> bool {
    is_any!(
        tokens, at, "on", "since", "until", "by", "from", "le", "du", "au", "depuis", "am", "vom",
        "bis", "zum", "seit", "el", "del", "al", "desde", "il", "dal", "op", "vanaf", "tot", "em",
        "dia", "ate", "dated", "dd",
    )
}
