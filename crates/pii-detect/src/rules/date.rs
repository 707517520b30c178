//! Dates, numeric and written out, and ages.

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{self, Set};

/// Finds a date that holds the number at `at`; returns the token behind it. `free` is the first token that
/// belongs to no finding yet.
pub(crate) fn at(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let (from, to, score, why) = numeric(scan, locale, at)
        .or_else(|| written(scan, at))
        .or_else(|| month_first(scan, at, free))
        .or_else(|| birth_year(scan, at))?;
    let from = with_weekday(scan, from, free);
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
    let word = scan.tokens.word(at);
    (token.shape == Shape::Number && token.chars <= 4)
        .then(|| word.parse().ok().map(|v| (v, token.chars)))
        .flatten()
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
    let a = value(scan, at)?;
    let sign = separator(tokens.between(at + 1))?;
    // The middle of something longer: a version, a phone number, an address of the net.
    let joined_before = at > 0
        && tokens.before(at).is_some_and(|t| t.digits())
        && tokens.between(at).starts_with(sign)
        && tokens.between(at).len() == sign.len_utf8();
    if joined_before {
        return None;
    }
    let b = value(scan, at + 1)?;
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
        && is_day_word(tokens.word(at.wrapping_sub(1)));
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
fn is_day_word(word: &str) -> bool {
    [
        "on", "since", "until", "by", "from", "le", "du", "au", "depuis", "am", "vom", "bis",
        "zum", "seit", "el", "del", "al", "desde", "il", "dal", "op", "vanaf", "tot", "em", "dia",
        "ate", "dated", "dd",
    ]
    .iter()
    .any(|w| word.eq_ignore_ascii_case(w))
}

/// A day number: `3`, `3rd`, `1er`, `15.`; the number of tokens it takes.
fn day(scan: &Scan<'_>, at: usize) -> Option<(usize, bool)> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    if token.shape == Shape::Number {
        let (day, width) = value(scan, at)?;
        if width > 2 || !(1..=31).contains(&day) {
            return None;
        }
        // "3 rd", "1 er": a space slipped in.
        let suffix = tokens.get(at + 1).is_some_and(|t| {
            t.word()
                && t.chars == 2
                && trigger::of(tokens, at + 1).has(Set::ORDINAL)
                && !trigger::of(tokens, at + 1).has(Set::OFDATE)
        }) && tokens.gap(at + 1) == Gap::Space;
        return Some(if suffix { (2, true) } else { (1, false) });
    }
    let word = tokens.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let suffix = word.get(digits..)?.to_lowercase();
    let ordinal = matches!(
        suffix.as_str(),
        "st" | "nd"
            | "rd"
            | "th"
            | "er"
            | "ere"
            | "e"
            | "de"
            | "ste"
            | "o"
            | "\u{ba}"
            | "\u{aa}"
            | "eme"
    );
    let day: u32 = word.get(..digits)?.parse().ok()?;
    (ordinal && digits <= 2 && (1..=31).contains(&day)).then_some((1, true))
}

/// A year behind a month: `2024`, `, 2024`, `de 2024`, `'24`; the token behind it.
fn year(scan: &Scan<'_>, mut at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let near = |at: usize| {
        matches!(tokens.gap(at), Gap::Space | Gap::Comma | Gap::Dot)
            || matches!(tokens.between(at), " '" | " \u{2019}" | "., ")
            || matches!(tokens.between(at), "/" | "-")
    };
    if !near(at) {
        return None;
    }
    if tokens.get(at).is_some_and(Token::word) && trigger::of(tokens, at).has(Set::OFDATE) {
        at += 1;
        if tokens.gap(at) != Gap::Space {
            return None;
        }
    }
    let (value, width) = value(scan, at)?;
    let short = width == 2 && matches!(tokens.between(at), " '" | " \u{2019}" | "-" | "/");
    (width == 4 && (1900..=2099).contains(&value) || short).then_some(at + 1)
}

/// `3 March 2024`, `3. bis 5. Mai`, `le 1er mars`, `12 de octubre de 2023`.
fn written(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let (taken, ordinal) = day(scan, at)?;
    let mut here = at + taken;
    let mut sure = ordinal;
    // A second day: "3-5 May", "du 3 au 5 mai".
    if let Some(second) = second_day(scan, here) {
        here = second;
        sure = true;
    }
    for _ in 0..2 {
        if tokens.get(here).is_some_and(Token::word)
            && trigger::of(tokens, here).has(Set::OFDATE)
            && tokens.gap(here) == Gap::Space
        {
            here += 1;
            sure = true;
        }
    }
    if !matches!(tokens.gap(here), Gap::Space | Gap::Dot | Gap::Hyphen)
        && tokens.between(here) != "/"
    {
        return None;
    }
    sure |= tokens.gap(here) == Gap::Dot || tokens.between(here).starts_with(['\u{ba}', '.']);
    let set = trigger::of(tokens, here);
    if !set.has(Set::MONTH) {
        return None;
    }
    let month = here;
    if let Some(end) = year(scan, month + 1) {
        return Some((at, end, 0.95, "date:written:day-month-year"));
    }
    // "2 set" and "3 out" are no dates by themselves.
    let token = tokens.get(month)?;
    let doubtful = set.has(Set::MONTHWORD) && token.chars <= 3 && !token.capital() && !sure;
    (!doubtful).then_some((at, month + 1, 0.8, "date:written:day-month"))
}

/// The token behind the second day of a range that goes on at `at`.
fn second_day(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let between = tokens.between(at).trim();
    if matches!(
        between,
        "-" | "\u{2013}" | ".-" | ".\u{2013}" | "/" | "./" | ". -" | "+" | "&"
    ) {
        return day(scan, at).map(|(taken, _)| at + taken);
    }
    let word = tokens.word(at);
    let joins = [
        "to", "and", "bis", "und", "au", "et", "al", "y", "e", "en", "tot", "a", "ao", "or",
        "oder", "ou", "o", "of",
    ];
    if joins.iter().any(|w| word.eq_ignore_ascii_case(w))
        && matches!(tokens.gap(at), Gap::Space | Gap::Dot)
    {
        return day(scan, at + 1).map(|(taken, _)| at + 1 + taken);
    }
    None
}

/// `March 3rd, 2024`, `March 2024`.
fn month_first(scan: &Scan<'_>, at: usize, free: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let mut month = at.checked_sub(1).filter(|m| *m >= free)?;
    // "March the 3rd"
    if tokens.word(month).eq_ignore_ascii_case("the") {
        month = month.checked_sub(1).filter(|m| *m >= free)?;
    }
    // "octubre de 2023"
    let linked =
        trigger::of(tokens, month).has(Set::OFDATE) && !trigger::of(tokens, month).has(Set::MONTH);
    if linked {
        month = month.checked_sub(1).filter(|m| *m >= free)?;
    }
    let set = trigger::of(tokens, month);
    let token = tokens.get(month)?;
    if !set.has(Set::MONTH)
        || !matches!(tokens.gap(at), Gap::Space | Gap::Dot) && !matches!(tokens.between(at), " '")
    {
        return None;
    }
    let doubtful = set.has(Set::MONTHWORD) && !token.capital();
    if let Some(end) = year(scan, at)
        && value(scan, at).is_some_and(|v| v.1 == 4)
    {
        let clear = !doubtful || token.chars > 3;
        return clear.then_some((month, end, 0.7, "date:written:month-year"));
    }
    if linked {
        return None;
    }
    let (taken, ordinal) = day(scan, at)?;
    let mut end = at + taken;
    if let Some(second) = second_day(scan, end) {
        end = second;
    }
    if let Some(end) = year(scan, end) {
        return Some((month, end, 0.95, "date:written:month-day-year"));
    }
    // "May 5" with a capital, "march 3rd" with an ordinal; "may 5 times" with neither.
    (!doubtful || ordinal).then_some((month, end, 0.75, "date:written:month-day"))
}

/// "born in 1985", "ne en 1985", `19850304` behind a word for birth.
fn birth_year(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    let compact = token.chars == 8 && token.shape == Shape::Number;
    if !compact && !value(scan, at).is_some_and(|v| v.1 == 4 && is_year(v)) {
        return None;
    }
    let near = (at.saturating_sub(3)..at)
        .rev()
        .take_while(|i| !matches!(tokens.gap(*i + 1), Gap::Line | Gap::Dot));
    let cue = near
        .into_iter()
        .any(|i| trigger::of(tokens, i).has(Set::BIRTH));
    if !cue {
        return None;
    }
    if compact {
        let digits: Vec<u32> = tokens
            .word(at)
            .bytes()
            .map(|b| u32::from(b.wrapping_sub(b'0')))
            .collect();
        let two = |i: usize| {
            digits
                .get(i)
                .zip(digits.get(i + 1))
                .map_or(0, |(a, b)| 10 * a + b)
        };
        let year_first =
            matches!(two(0), 19 | 20) && (1..=12).contains(&two(4)) && (1..=31).contains(&two(6));
        let year_last =
            matches!(two(4), 19 | 20) && (1..=31).contains(&two(0)) && (1..=31).contains(&two(2));
        return (year_first || year_last).then_some((at, at + 1, 0.8, "date:birth:calendar"));
    }
    Some((at, at + 1, 0.6, "date:birth:year"))
}

/// Takes the day of the week in that stands before the date.
fn with_weekday(scan: &Scan<'_>, from: usize, free: usize) -> usize {
    let tokens = &scan.tokens;
    let Some(mut before) = from.checked_sub(1).filter(|b| *b >= free) else {
        return from;
    };
    // "Montag, den 3. Mai", "lunedi il 3 maggio"
    if matches!(tokens.gap(from), Gap::Space)
        && ["den", "dem", "the", "le", "il", "el"]
            .iter()
            .any(|w| tokens.word(before).eq_ignore_ascii_case(w))
        && let Some(earlier) = before.checked_sub(1).filter(|b| *b >= free)
        && matches!(tokens.gap(before), Gap::Space | Gap::Comma)
    {
        before = earlier;
    }
    let near = matches!(tokens.gap(before + 1), Gap::Space | Gap::Comma | Gap::Dot);
    let set = trigger::of(tokens, before);
    let short = tokens.get(before).is_none_or(|t| t.chars <= 2);
    if near
        && set.has(Set::WEEKDAY)
        && (!short
            || tokens.gap(before + 1) != Gap::Space
                && tokens.get(before).is_some_and(Token::capital))
    {
        before
    } else {
        from
    }
}

/// Finds an age whose number stands at `at`; returns the token behind it.
pub(crate) fn age(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    at: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    let (years, width) = value(scan, at)?;
    if width > 3 || !(1..=120).contains(&years) {
        return None;
    }
    let unit = matches!(tokens.gap(at + 1), Gap::Space | Gap::Hyphen)
        && trigger::of(tokens, at + 1).has(Set::YEARS.or(Set::MINOR));
    let mut end = None;
    let mut why = "age:years:old";
    if unit {
        for here in at + 2..at + 4 {
            let near = matches!(tokens.gap(here), Gap::Space | Gap::Hyphen);
            let set = trigger::of(tokens, here);
            if near && set.has(Set::OLD) && !tokens.word(here).eq_ignore_ascii_case("age") {
                end = Some(here + 1);
                break;
            }
            if !near || !set.has(Set::OFDATE) {
                break;
            }
        }
        let warranty =
            trigger::of(tokens, at + 2).has(Set::OFDATE) && tokens.gap(at + 2) == Gap::Space;
        if end.is_none() && !warranty && age_before(scan, locale, at, true) {
            end = Some(at + 2);
            why = "age:cue:years";
        }
    } else if age_before(scan, locale, at, false) {
        end = Some(at + 1);
        why = "age:cue:number";
    }
    // "34-jarige", "34-jaehrige"
    let word = tokens.word(at + 1);
    if end.is_none()
        && matches!(tokens.gap(at + 1), Gap::Space | Gap::Hyphen)
        && ["jarig", "j\u{e4}hrig", "jaehrig"].iter().any(|w| {
            word.get(..w.len())
                .is_some_and(|h| h.eq_ignore_ascii_case(w))
        })
    {
        end = Some(at + 2);
    }
    let end = end?;
    let span = Span::new(token.start, tokens.before(end)?.end)?;
    out.push(Finding::new(span, Kind::Age, 0.75, Why::new(why)));
    Some(end)
}

/// Whether the words before speak of an age; with a unit behind the number, "I am" and "tengo" do as well.
fn age_before(scan: &Scan<'_>, locale: Option<Locale>, at: usize, unit: bool) -> bool {
    let tokens = &scan.tokens;
    (1..=2).any(|back| {
        let Some(here) = at.checked_sub(back) else {
            return false;
        };
        if (here + 1..=at).any(|i| !matches!(tokens.gap(i), Gap::Space | Gap::Colon)) {
            return false;
        }
        let set = trigger::of(tokens, here);
        let plain = set.has(Set::AGE) && set.has(Set::OLD);
        let arrival =
            tokens.word(here).eq_ignore_ascii_case("eta") && locale == Some(Locale::English);
        plain && !arrival
            || unit
                && back == 1
                && set.has(Set::AGE)
                && !tokens.word(here).eq_ignore_ascii_case("is")
    })
}
