//! Dates, ages and amounts whose number is written in words.
//!
//! A month, a currency, a unit of age or "I am" is the cue; only beside one is a word asked whether it is a number.

use super::age;
use super::is_day_word;
use super::numeral::{self, Numeral};
use super::written::{with_weekday, year};
use crate::bits::few;
use crate::detector::Context;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::rules::few::is_any;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{self, Set};

const CUES: Set = Set::MONTH
    .or(Set::CURRENCY)
    .or(Set::YEARS)
    .or(Set::MINOR)
    .or(Set::AGE);
/// Letters of the shortest compound of years, "vierzigj\u{e4}hrig" and its like.
const ADJECTIVE: u8 = 10;

/// Whether a number in words may stand beside a token or in it; `letter` says that the token before has one letter.
#[inline]
fn anchor(token: &Token, letter: bool) -> bool {
    // "a" has an age in French and is an article in English: one letter is no cue.
    let cues = if token.chars <= 1 {
        Set::MONTH.or(Set::CURRENCY)
    } else {
        CUES
    };
    token.trigger.has(cues) | letter & (token.chars <= 2) | (token.chars >= ADJECTIVE)
}

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    let mut free = 0;
    let all = scan.tokens.all();
    let anchors = few(all, |at, token| {
        let before = at.checked_sub(1).and_then(|before| all.get(before));
        anchor(token, before.is_some_and(|before| before.chars == 1))
    });
    for (at, _) in anchors {
        if let Some(behind) = one(scan, context, at, free, out) {
            free = behind;
        }
    }
}

/// What the token at `at` is a cue of: the token behind that.
fn one(
    scan: &Scan<'_>,
    context: &Context<'_>,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let token = scan.tokens.get(at)?;
    if token.trigger.has(CUES) {
        beside(scan, context, token, at, free, out)
    } else if token.chars >= ADJECTIVE {
        (token.shape != Shape::Number).then(|| adjective(scan, at, out))?
    } else if i_am(scan, at) {
        years_alone(scan, context, at, out)
    } else {
        None
    }
}

fn beside(
    scan: &Scan<'_>,
    context: &Context<'_>,
    token: &Token,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let set = token.trigger;
    if set.has(Set::MONTH)
        && let Some(behind) = date(scan, context.locale_at(token.start), at, free, out)
    {
        return Some(behind);
    }
    if set.has(Set::CURRENCY)
        && let Some(behind) = amount(scan, at, free, out)
    {
        return Some(behind);
    }
    // "y" is a year in English and joins numbers in Spanish.
    if set.has(Set::YEARS.or(Set::MINOR))
        && token.chars > 1
        && matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe)
        && let Some((from, number)) = numeral::ending(&scan.tokens, at, free)
        && !number.ordinal
    {
        let locale = context.locale_at(token.start);
        let (end, why) = age::of_number(scan, locale, (from, at), number.value)?;
        return age::push(scan, (from, end), why, out);
    }
    if is_any!(&scan.tokens, at, "bin", "ben")
        || set.has(Set::AGE) && token.chars >= 4
        || is_any!(&scan.tokens, at, "is", "ist")
    {
        return years_alone(scan, context, at, out);
    }
    None
}

/// The verb of "I'm" and "I am", behind a single letter.
fn i_am(scan: &Scan<'_>, at: usize) -> bool {
    matches!(scan.tokens.gap(at), Gap::Apostrophe | Gap::Space)
        && is_any!(&scan.tokens, at, "m", "am")
}

/// "I'm sixty-five", "ich bin schon siebzig".
fn years_alone(
    scan: &Scan<'_>,
    context: &Context<'_>,
    at: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    let (from, (to, number)) = (at + 1..=at + 2)
        .take_while(|from| tokens.gap(*from) == Gap::Space)
        .find_map(|from| numeral::beginning(tokens, from).map(|found| (from, found)))?;
    let unit = trigger::of(tokens, to).has(Set::YEARS.or(Set::MINOR));
    if number.ordinal || unit {
        return None;
    }
    let locale = context.locale_at(tokens.get(from)?.start);
    let (end, why) = age::of_number(scan, locale, (from, to), number.value)?;
    age::push(scan, (from, end), why, out)
}

/// "eine vierzigj\u{e4}hrige Frau".
fn adjective(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let word = scan.tokens.word(at).as_bytes();
    let tail = word.get(word.len().saturating_sub(6)..)?;
    // "..rig", "..rige", "..riger": before anything is split.
    if !tail.windows(3).any(|w| w.eq_ignore_ascii_case(b"rig")) {
        return None;
    }
    let thing = trigger::of(&scan.tokens, at + 1).has(Set::THING);
    let number = numeral::read(&scan.tokens, at, at + 1)?;
    (number.years && !thing && (1..=120).contains(&number.value))
        .then(|| age::push(scan, (at, at + 1), "age:words:old", out))?
}

/// "zwanzig Euro", "two hundred pounds"; "two pounds of flour" is none.
fn amount(scan: &Scan<'_>, at: usize, free: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let currency = tokens.get(at)?;
    // Short words are others as well: "sei lei", "due kr".
    if currency.chars < 4 && !is_any!(tokens, at, "eur", "usd", "gbp", "chf") {
        return None;
    }
    let mut to = at;
    let link = at.checked_sub(1)?;
    if matches!(tokens.gap(at), Gap::Space | Gap::Apostrophe)
        && trigger::of(tokens, link).has(Set::OFDATE)
        && trigger::of(tokens, link.checked_sub(1)?).has(Set::MAGNITUDE)
        && tokens.gap(link) == Gap::Space
    {
        to = link;
    } else if !matches!(tokens.gap(at), Gap::Space | Gap::Hyphen) {
        return None;
    }
    let (from, number) = numeral::ending(tokens, to, free)?;
    // "mille deux cents euros"
    if tokens.gap(at + 1) == Gap::Space && trigger::of(tokens, at + 1).has(Set::CURRENCY) {
        return None;
    }
    let flour = tokens.gap(at + 1) == Gap::Space && is_any!(tokens, at + 1, "of");
    if number.ordinal || number.value < 2 || flour {
        return None;
    }
    push(
        scan,
        (from, at + 1),
        Kind::Amount,
        "money:words:number",
        out,
    )
}

/// "third of April", "trois avril", "October fifth", each with a year or without.
fn date(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    month: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    let set = trigger::of(tokens, month);
    // "sept" is seven in French.
    let word = set.has(Set::MONTHWORD) || is_any!(tokens, month, "sept");
    let doubtful = word && !tokens.get(month).is_some_and(Token::capital);
    if let Some((from, linked, _)) = day_before(scan, month, free) {
        let end = year_behind(scan, month + 1);
        let led = from > 0 && locale != Some(Locale::English) && is_day_word(tokens, from - 1);
        if doubtful && !linked && !led && end.is_none() {
            return None;
        }
        let from = with_weekday(scan, from, free);
        return push(
            scan,
            (from, end.unwrap_or(month + 1)),
            Kind::Date,
            "date:words:day-month",
            out,
        );
    }
    if doubtful || !matches!(tokens.gap(month + 1), Gap::Space) {
        return None;
    }
    let the = usize::from(is_any!(tokens, month + 1, "the"));
    let (behind, number) = numeral::beginning(tokens, month + 1 + the)?;
    if !number.ordinal || !(1..=31).contains(&number.value) {
        return None;
    }
    let end = year_behind(scan, behind).unwrap_or(behind);
    push(scan, (month, end), Kind::Date, "date:words:month-day", out)
}

/// The day in words before a month: its first token, and whether "of" stands between.
fn day_before(scan: &Scan<'_>, month: usize, free: usize) -> Option<(usize, bool, Numeral)> {
    let tokens = &scan.tokens;
    if tokens.gap(month) != Gap::Space {
        return None;
    }
    let before = month.checked_sub(1)?;
    let linked = trigger::of(tokens, before).has(Set::OFDATE)
        && !is_any!(tokens, before, "the", "le", "el", "il");
    let to = if linked { before } else { month };
    if linked && tokens.gap(to) != Gap::Space {
        return None;
    }
    let (from, number) = numeral::ending(tokens, to, free)?;
    (1..=31)
        .contains(&number.value)
        .then_some((from, linked, number))
}

/// A year in figures or words behind a date.
fn year_behind(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    if let Some(end) = year(scan, at) {
        return Some(end);
    }
    if !matches!(tokens.gap(at), Gap::Space | Gap::Comma) {
        return None;
    }
    let linked = trigger::of(tokens, at).has(Set::OFDATE) && tokens.gap(at + 1) == Gap::Space;
    let (end, number) = numeral::beginning(tokens, at + usize::from(linked))?;
    ((1900..=2099).contains(&number.value) && !number.ordinal).then_some(end)
}

fn push(
    scan: &Scan<'_>,
    range: (usize, usize),
    kind: Kind,
    why: &'static str,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let (first, last) = (scan.tokens.get(range.0)?, scan.tokens.before(range.1)?);
    let span = Span::new(first.start, last.end)?;
    out.push(Finding::new(span, kind, 0.8, Why::new(why)));
    Some(range.1)
}
