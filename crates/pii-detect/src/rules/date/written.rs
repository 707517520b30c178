//! Dates with a month in words, days of the week, years beside a word for birth.

use super::{Found, is_day_word, is_year, value};
use crate::locale::Locale;
use crate::rules::few::{Few, is_any};
use crate::scan::Scan;
use crate::token::{Gap, Shape, Token, Tokens};
use crate::trigger::{self, Set};

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
    if !scan.byte(token.start).is_ascii_digit() {
        return None;
    }
    let word = tokens.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let suffix = word.get(digits..)?;
    let ordinal = [
        "st", "nd", "rd", "th", "er", "ere", "e", "de", "ste", "o", "\u{ba}", "\u{aa}", "eme",
    ]
    .iter()
    .any(|o| suffix.eq_ignore_ascii_case(o));
    let day: u32 = word.get(..digits)?.parse().ok()?;
    (ordinal && digits <= 2 && (1..=31).contains(&day)).then_some((1, true))
}

/// A year behind a month: `2024`, `, 2024`, `de 2024`, `'24`; the token behind it.
pub(super) fn year(scan: &Scan<'_>, mut at: usize) -> Option<usize> {
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
pub(super) fn written(scan: &Scan<'_>, locale: Option<Locale>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    if !leads_on(tokens, at + 1) {
        return None;
    }
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
    let led = at > 0 && is_day_word(tokens, at - 1)
        || with_weekday(scan, at, 0) != at
        || home(locale, tokens.word(month));
    let doubtful = set.has(Set::MONTHWORD) && token.chars <= 3 && !token.capital() && !sure && !led;
    (!doubtful).then_some((at, month + 1, 0.8, "date:written:day-month"))
}

/// Whether the token behind a day can be a month or lead to one: the cheap question first.
fn leads_on(tokens: &Tokens<'_>, behind: usize) -> bool {
    tokens.get(behind).is_some_and(|next| match next.gap {
        Gap::Space | Gap::Dot => {
            next.trigger
                .has(Set::MONTH.or(Set::OFDATE).or(Set::ORDINAL))
                || JOINS.hold(tokens, behind)
        }
        Gap::Hyphen | Gap::Line | Gap::Other => next.digits() || next.trigger.has(Set::MONTH),
        _ => false,
    })
}

/// Words between two days.
static JOINS: Few = Few::new(&[
    "to", "and", "bis", "und", "au", "et", "al", "y", "e", "en", "tot", "a", "ao", "or", "oder",
    "ou", "o", "of",
]);

/// Short months that are no other word in their own language.
fn home(locale: Option<Locale>, month: &str) -> bool {
    let own: &[Locale] = match month {
        "mai" => &[Locale::French, Locale::German, Locale::Romanian],
        "mei" | "mrt" => &[Locale::Dutch],
        "ene" | "ago" | "dic" => &[Locale::Spanish],
        "gen" | "mag" | "giu" | "lug" | "ott" => &[Locale::Italian],
        "dez" => &[Locale::German, Locale::Portuguese],
        "dec" | "jan" | "nov" | "sep" => &[Locale::English, Locale::Dutch, Locale::Portuguese],
        _ => &[],
    };
    locale.is_some_and(|locale| own.contains(&locale))
}

/// The token behind the second day of a range that goes on at `at`.
fn second_day(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let gap = tokens.gap(at);
    if matches!(gap, Gap::Space | Gap::Dot) {
        return JOINS
            .hold(tokens, at)
            .then(|| day(scan, at + 1).map(|(taken, _)| at + 1 + taken))?;
    }
    if matches!(
        tokens.between(at).trim(),
        "-" | "\u{2013}" | ".-" | ".\u{2013}" | "/" | "./" | ". -" | "+" | "&"
    ) {
        return day(scan, at).map(|(taken, _)| at + taken);
    }
    None
}

/// `March 3rd, 2024`, `March 2024`.
pub(super) fn month_first(scan: &Scan<'_>, at: usize, free: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let mut month = at.checked_sub(1).filter(|m| *m >= free)?;
    let the = is_any!(tokens, month, "the");
    if !the && !trigger::of(tokens, month).has(Set::MONTH.or(Set::OFDATE)) {
        return None;
    }
    // "March the 3rd"
    if the {
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
pub(super) fn birth_year(scan: &Scan<'_>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    if token.shape != Shape::Number || !matches!(token.chars, 4 | 8) {
        return None;
    }
    let compact = token.chars == 8;
    if !compact && !value(scan, at).is_some_and(|v| v.1 == 4 && is_year(v)) {
        return None;
    }
    let near = (at.saturating_sub(3)..at)
        .rev()
        .take_while(|i| !matches!(tokens.gap(*i + 1), Gap::Line | Gap::Dot));
    let cue = near
        .into_iter()
        .any(|i| trigger::of(tokens, i).has(Set::BIRTH));
    // "1952 geboren"
    let behind = !compact
        && tokens.gap(at + 1) == Gap::Space
        && trigger::of(tokens, at + 1).has(Set::BIRTH)
        && tokens.get(at + 1).is_some_and(|t| t.chars >= 4);
    if !cue && !behind {
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
pub(super) fn with_weekday(scan: &Scan<'_>, from: usize, free: usize) -> usize {
    let tokens = &scan.tokens;
    let Some(mut before) = from.checked_sub(1).filter(|b| *b >= free) else {
        return from;
    };
    // "Montag, den 3. Mai", "lunedi il 3 maggio"
    if matches!(tokens.gap(from), Gap::Space)
        && is_any!(tokens, before, "den", "dem", "the", "le", "il", "el")
        && let Some(earlier) = before.checked_sub(1).filter(|b| *b >= free)
        && matches!(tokens.gap(before), Gap::Space | Gap::Comma)
    {
        before = earlier;
    }
    let near = matches!(tokens.gap(before + 1), Gap::Space | Gap::Comma | Gap::Dot);
    // "segunda-feira, 12"
    if before > free
        && tokens.gap(before) == Gap::Hyphen
        && tokens.word(before).eq_ignore_ascii_case("feira")
        && matches!(tokens.gap(before + 1), Gap::Space | Gap::Comma)
        && trigger::of(tokens, before - 1).has(Set::WEEKDAY)
    {
        return before - 1;
    }
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

/// "on the 15th", "am 15.", "el d\u{ed}a 15": a day whose month goes without saying.
pub(super) fn day_alone(scan: &Scan<'_>, locale: Option<Locale>, at: usize) -> Option<Found> {
    let tokens = &scan.tokens;
    let before = at.checked_sub(1)?;
    if tokens.gap(at) != Gap::Space {
        return None;
    }
    if !is_any!(
        tokens, before, "the", "de", "am", "vom", "zum", "le", "dia", "d\u{ed}a", "giorno",
    ) {
        return None;
    }
    let (taken, ordinal) = day(scan, at)?;
    let end = at + taken;
    let stop = match tokens.gap(end) {
        Gap::Space => is_any!(
            tokens, end, "and", "but", "at", "i", "we", "it", "you", "they", "en", "om", "heb",
        ),
        Gap::Dot | Gap::Comma | Gap::Start | Gap::Line => {
            tokens.between(end).len() > 1 || tokens.get(end).is_none()
        }
        _ => tokens.between(end).starts_with(['!', '?', ';', ')']),
    };
    let fits = if is_any!(tokens, before, "the", "de") {
        let to = |at: usize| {
            is_any!(
                tokens, at, "on", "by", "until", "till", "since", "from", "before", "after", "for",
                "op", "sinds", "voor", "na", "tot", "vanaf", "per",
            )
        };
        ordinal && stop && before > 0 && to(before - 1)
    } else if is_any!(tokens, before, "am", "vom", "zum") {
        // "Am 3. Tag": what is counted has a capital.
        tokens.between(end).starts_with('.')
            && tokens
                .get(end)
                .is_none_or(|t| t.shape == Shape::Lower || t.gap == Gap::Line)
    } else if is_any!(tokens, before, "le") {
        locale == Some(Locale::French) && stop && tokens.gap(end) != Gap::Comma
    } else {
        stop
    };
    fits.then_some((at, end, 0.5, "date:cue:day"))
}
