//! Times of day: `14:00`, `2 pm`, `16.00 uur`, `halb sieben`, `las seis y media de la tarde`.

use redact::Locale;

use super::token::{Kind, Token};
use super::{Value, What};
use crate::guard::phrases::{self, Kind as Phrase};
use crate::guard::words::{self, Half};

const CLOCK: [&str; 3] = ["uhr", "oclock", "clock"];
const HOURS: [&str; 10] = [
    "h", "uur", "heures", "heure", "horas", "hora", "ore", "hs", "hrs", "uhr",
];

pub(super) fn read(tokens: &[Token], locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    if let Some(found) = half_hour(tokens, locale) {
        return Some(found);
    }
    if let Some(minutes) = noon(first) {
        let mut value = Value::new(first.at.clone(), What::Time(minutes, true));
        value.claims = false;
        return Some((vec![value], 1));
    }
    match &first.kind {
        Kind::Digits(raw) if raw.contains(':') || raw.contains('-') => {
            clock_faces(tokens, raw, locale)
        }
        Kind::Digits(raw) => {
            let (hour, minute) = hour_and_minute(raw)?;
            behind(tokens, hour, minute, locale)
        }
        Kind::Spelled(number, article) => {
            let half = number.strip_suffix(".5");
            let hour: u32 = half.unwrap_or(number).parse().ok()?;
            let minute = if half.is_some() { 30 } else { 0 };
            let found = behind(tokens, hour, minute, locale)?;
            (!article || found.1 > 1).then_some(found)
        }
        _ => None,
    }
}

fn hour_and_minute(raw: &str) -> Option<(u32, u32)> {
    let (hour, minute) = match raw.split_once('.') {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute.parse().ok()?),
        Some((hour, "5")) => (hour, 30),
        Some(_) => return None,
        None => (raw, 0),
    };
    Some((hour.parse().ok()?, minute))
}

/// `14:00`, `9:30-18:00`, with `am` or `pm` behind.
fn clock_faces(tokens: &[Token], raw: &str, locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    let mut values = Vec::new();
    let (half, used) = half_behind(tokens, 1, locale);
    let clock = usize::from(tokens.get(used).is_some_and(|t| t.is(&HOURS)));
    if !raw.contains(':') && clock == 0 {
        return None;
    }
    for part in raw.split('-') {
        let (hour, minute) = match part.split_once(':') {
            Some((hour, minute)) if minute.len() == 2 => (hour.parse().ok()?, minute.parse().ok()?),
            Some(_) => return None,
            None => hour_and_minute(part)?,
        };
        values.push(made(first, hour, minute, half, locale)?);
    }
    Some((values, used + clock))
}

/// A number of hours with what makes it a time behind it.
fn behind(tokens: &[Token], hour: u32, minute: u32, locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    let fits = hour <= 24 && minute < 60;
    if !fits {
        return None;
    }
    let (half, used) = half_behind(tokens, 1, locale);
    if half.is_some() {
        let mut value = made(first, hour, minute, half, locale)?;
        let end = tokens.get(used - 1)?.at.end;
        value.at.end = end.max(value.at.end);
        return Some((vec![value], used));
    }
    let second = tokens.get(1)?;
    if second.is(&HOURS) || second.is(&["o"]) && tokens.get(2).is_some_and(|t| t.is(&["clock"])) {
        let mut used = if second.is(&["o"]) { 3 } else { 2 };
        // `18h30`, `18 Uhr 30`
        let minutes = tokens
            .get(used)
            .filter(|t| second.touches(t) || second.is(&["uhr", "h"]))
            // `10h-19h` are two hours.
            .filter(|_| !tokens.get(used + 1).is_some_and(|t| t.is(&HOURS)))
            .and_then(Token::digits)
            .filter(|raw| raw.len() == 2)
            .and_then(|raw| raw.parse::<u32>().ok())
            .filter(|m| *m < 60 && minute == 0);
        if minutes.is_some() {
            used += 1;
        }
        let (half, used) = half_behind(tokens, used, locale);
        let spelled = first.is_spelled();
        let minute = minutes.unwrap_or(minute);
        let mut value = made(first, hour, minute, half, locale)?;
        if !spelled && half.is_none() {
            value.what = What::Time(hour % 24 * 60 + minute, true);
        }
        // Hours on the clock and hours that pass are one word in most languages.
        if minute == 0 && half.is_none() && !second.is(&CLOCK) {
            value.also = Some(value.what.clone());
            value.what = What::Number(hour.to_string(), words::unit("hour"));
            value.exact = !first.is_article();
            // `uma hora certa`: an article.
            value.claims = !first.is_article();
        }
        value.at.end = tokens.get(used - 1)?.at.end;
        return Some((vec![value], used));
    }
    None
}

/// `halb sieben`, `half zeven`, `half past six`, `quarter to six`.
fn half_hour(tokens: &[Token], locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    // `drei viertel f\u{fc}nf`
    let three = first.small() == Some(3)
        && locale == Locale::German
        && tokens.get(1).is_some_and(|t| t.is(&["viertel"]))
        && tokens.get(2).is_some_and(Token::is_spelled);
    let word = if three { "dreiviertel" } else { first.word()? };
    let (minutes, at): (i32, usize) = match (word, locale) {
        ("dreiviertel", Locale::German) => (-15, if three { 2 } else { 1 }),
        ("halb", Locale::German) | ("half", Locale::Dutch) => (-30, 1),
        ("half", Locale::English) if tokens.get(1)?.is(&["past"]) => (30, 2),
        ("quarter", Locale::English) if tokens.get(1)?.is(&["past"]) => (15, 2),
        ("quarter", Locale::English) if tokens.get(1)?.is(&["to"]) => (-15, 2),
        ("viertel", Locale::German) if tokens.get(1)?.is(&["nach"]) => (15, 2),
        ("viertel", Locale::German) if tokens.get(1)?.is(&["vor"]) => (-15, 2),
        ("kwart", Locale::Dutch) if tokens.get(1)?.is(&["over"]) => (15, 2),
        ("kwart", Locale::Dutch) if tokens.get(1)?.is(&["voor"]) => (-15, 2),
        _ => return None,
    };
    let hour = tokens.get(at)?;
    let n = hour.small().filter(|n| (1..=12).contains(n))?;
    let clock = usize::from(tokens.get(at + 1).is_some_and(|t| t.is(&HOURS)));
    let (half, used) = half_behind(tokens, at + 1 + clock, locale);
    let minute = u32::try_from((i32::try_from(n).ok()? * 60 + minutes).rem_euclid(12 * 60)).ok()?;
    // `halb eins` is half past twelve.
    let hour = if minute < 60 { 12 } else { minute / 60 };
    let mut value = made(first, hour, minute % 60, half, locale)?;
    value.at.end = tokens.get(used - 1)?.at.end;
    Some((vec![value], used))
}

/// `las nueve y cuarto`, `dieci meno un quarto`, `neuf heures moins le quart`, `sete e meia`: with the article of hours
/// before it, the word for hours or a half of the day behind it.
pub(super) fn quarters(tokens: &[Token], at: usize, locale: Locale) -> Option<(Vec<Value>, usize)> {
    let romance = matches!(
        locale,
        Locale::French | Locale::Spanish | Locale::Italian | Locale::Portuguese
    );
    let first = tokens.get(at).filter(|_| romance)?;
    if let Some(found) = quarter_to(tokens.get(at..)?, locale) {
        return Some(found);
    }
    let number = first.number()?;
    let half = number.strip_suffix(".5");
    let hour: u32 = half.unwrap_or(&number).parse().ok()?;
    (hour <= 24).then_some(())?;
    let rest = tokens.get(at..)?;
    // `\u{e0} 14,50` is a price, `\u{e0} 14,5 h` a time.
    let bare = !first.is_spelled() && !rest.get(1).is_some_and(|t| t.is(&HOURS));
    (half.is_none() || !bare).then_some(())?;
    let is = |at: usize, kind: Phrase| {
        rest.get(at)
            .and_then(Token::word)
            .is_some_and(|word| phrases::of_any(kind, word))
    };
    let clock = usize::from(rest.get(1).is_some_and(|t| t.is(&HOURS)));
    let mut used = 1 + clock;
    let mut minutes = if half.is_some() { 30 } else { 0 };
    let (and, less) = (is(used, Phrase::AndTime), is(used, Phrase::LessTime));
    if half.is_none() && (and || less) {
        let article = usize::from(
            rest.get(used + 1)
                .is_some_and(|t| t.is_article() || t.is(&["le", "o"])),
        );
        let part = used + 1 + article;
        let counted = rest
            .get(part)
            .filter(|t| t.is_spelled())
            .and_then(Token::small)
            .filter(|n| matches!(n, 5 | 10 | 20 | 25));
        minutes = if is(part, Phrase::Quarter) {
            15
        } else {
            counted.filter(|_| less || clock == 1)?
        };
        if less {
            minutes = 60 - minutes;
        }
        used = part + 1;
    }
    let hour = if less { (hour + 23) % 24 } else { hour };
    (minutes > 0).then_some(())?;
    let (part_of_day, end) = half_behind(rest, used, locale);
    let article = at
        .checked_sub(1)
        .and_then(|before| tokens.get(before)?.word())
        .is_some_and(|word| phrases::is(Phrase::OClock, word, locale));
    if !(article || clock == 1 || part_of_day.is_some()) {
        return None;
    }
    let hour = if hour == 0 && less { 12 } else { hour };
    let mut value = made(first, hour, minutes, part_of_day, locale)?;
    // `une heure et demie` lasts as well.
    if let (Some(_), 1, None) = (half, clock, part_of_day) {
        value.also = Some(value.what);
        value.what = What::Number(number, words::unit("hour"));
        value.exact = true;
    }
    value.at.end = rest.get(end - 1)?.at.end;
    Some((vec![value], end))
}

/// `um quarto para as quatro`, `un quarto alle nove`
fn quarter_to(tokens: &[Token], locale: Locale) -> Option<(Vec<Value>, usize)> {
    let first = tokens.first()?;
    let quarter = tokens
        .get(1)?
        .word()
        .is_some_and(|word| phrases::of_any(Phrase::Quarter, word));
    let to = match tokens.get(2)?.word()? {
        "para" => 3 + usize::from(tokens.get(3)?.is(&["as", "a", "la", "las"])),
        "alle" | "all" => 3,
        _ => return None,
    };
    let hour = tokens.get(to)?.small().filter(|n| (1..=12).contains(n))?;
    (first.is_article() && quarter).then_some(())?;
    let (half, end) = half_behind(tokens, to + 1, locale);
    let hour = if hour == 1 { 12 } else { hour - 1 };
    let mut value = made(first, hour, 45, half, locale)?;
    value.at.end = tokens.get(end - 1)?.at.end;
    Some((vec![value], end))
}

/// A number in words behind the article of hours, with nothing counted behind it, may be an hour: `a las nueve.`
pub(super) fn hours_told(found: &mut [(usize, usize, Value)], tokens: &[Token], locale: Locale) {
    for (start, end, value) in found.iter_mut() {
        let article = start
            .checked_sub(1)
            .and_then(|before| tokens.get(before)?.word())
            .is_some_and(|word| phrases::is(Phrase::OClock, word, locale));
        let ends = tokens.get(*end).is_none_or(|t| {
            matches!(t.kind, Kind::Stop(_)) || t.is(&["y", "e", "o", "a", "de", "en", "punto"])
        });
        let spelled = tokens.get(*start).is_some_and(Token::is_spelled);
        // `dalle 8.30 alle 17.30`
        let face = tokens
            .get(*start)
            .and_then(Token::digits)
            .filter(|raw| article && raw.contains('.'))
            .and_then(hour_and_minute)
            .filter(|(hour, minute)| *hour <= 24 && *minute < 60);
        if let (What::Number(_, None), None, Some((hour, minute))) =
            (&value.what, &value.also, face)
        {
            value.also = Some(What::Time(hour % 24 * 60 + minute, true));
        }
        if let (What::Number(n, None), None) = (&value.what, &value.also)
            && article
            && ends
            && spelled
            && let Some(hour) = n.parse::<u32>().ok().filter(|n| (1..=12).contains(n))
        {
            value.also = Some(What::Time(hour * 60, false));
        }
    }
}

/// The half of the day that is said behind a time, and the number of tokens up to its end; `from` when there is none.
fn half_behind(tokens: &[Token], from: usize, locale: Locale) -> (Option<Half>, usize) {
    const FILL: [&str; 22] = [
        "in", "the", "at", "de", "la", "del", "di", "da", "du", "am", "des", "s", "uur", "uhr",
        "heures", "heure", "horas", "ore", "h", "hs", "o", "clock",
    ];
    let token = |at: usize| tokens.get(at);
    // `a.m.` is two words.
    if let (Some(a), Some(stop), Some(m)) = (token(from), token(from + 1), token(from + 2))
        && stop.is_stop('.')
        && m.is(&["m"])
        && a.touches(stop)
        && (a.is(&["a"]) || a.is(&["p"]))
    {
        let half = if a.is(&["a"]) {
            Half::First
        } else {
            Half::Second
        };
        let last = usize::from(token(from + 3).is_some_and(|t| t.is_stop('.')));
        return (Some(half), from + 3 + last);
    }
    if locale == Locale::English && token(from).is_some_and(|t| t.is(&["am"])) {
        return (Some(Half::First), from + 1);
    }
    let mut at = from;
    while at < from + 4 {
        let Some(next) = token(at) else { break };
        if let Some((half, alone)) = next.word().and_then(words::half)
            && (alone || at > from)
        {
            return (Some(half), at + 1);
        }
        if !next.is(&FILL) {
            break;
        }
        at += 1;
    }
    (None, from)
}

/// Noon and midnight hold times, but nobody makes a claim of them.
fn noon(token: &Token) -> Option<u32> {
    match token.word()? {
        "noon" | "midday" | "midi" | "mediodia" | "mezzogiorno" | "meiodia" | "mittag" => Some(720),
        "midnight" | "mitternacht" | "minuit" | "medianoche" | "mezzanotte" | "middernacht" => {
            Some(0)
        }
        _ => None,
    }
}

fn made(
    first: &Token,
    hour: u32,
    minute: u32,
    half: Option<Half>,
    locale: Locale,
) -> Option<Value> {
    if hour > 24 || minute > 59 {
        return None;
    }
    let hour = match half {
        Some(Half::Second) if hour < 12 => hour + 12,
        Some(Half::First) if hour == 12 => 0,
        _ => hour,
    };
    let unclear = half.is_none()
        && (1..=12).contains(&hour)
        && (locale == Locale::English || first.is_spelled() || first.word().is_some());
    Some(Value::new(
        first.at.clone(),
        What::Time(hour % 24 * 60 + minute, !unclear),
    ))
}
