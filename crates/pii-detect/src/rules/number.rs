//! The parser of numeric phrases: what every run of digits is read by.
//!
//! A number is read once, its digits, groups, separators and letters collected; then a tree of decisions hands
//! it to the validators. The order of the questions is the order of certainty: what has a form nothing else has
//! (a date, an amount, an IBAN), what a cue word names, what a numbering plan or check digit confirms, and last
//! what is merely long.

mod called;
mod run;

use crate::checksum;
use crate::detector::Context;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::phone::{self, Plan};
use crate::rules::{date, device, money, national, order};
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape};
use crate::trigger::{self, Cue, Set};
pub(crate) use run::Compact;
use run::{Digits, digits, group_separator};

/// A number of at least so many digits that nothing explains is still taken for an identifier, with
/// [`BARE_SCORE`]: prices, sizes and quantities are shorter.
const BARE_DIGITS: usize = 9;
/// Score of such a number; above the default threshold.
const BARE_SCORE: f32 = 0.4;
/// "My number is 48213": so many digits are an identifier where a word says "number" and nothing says of what.
const CALLED_DIGITS: usize = 5;
/// Fewest digits that a plan is asked for.
const PLANNED: u8 = 8;

/// Whether a number stands alone, without a sign before it, and has too few digits for a telephone that nobody calls one.
fn short(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    tokens
        .get(at)
        .is_some_and(|t| t.chars < PLANNED && !matches!(t.gap, Gap::Start | Gap::Line | Gap::Other))
        && tokens.get(at + 1).is_none_or(|t| !t.digits())
}

/// Adds what the numbers of the text are.
pub(crate) fn find(scan: &Scan<'_>, context: &Context<'_>, out: &mut Vec<Finding>) {
    // What contact rules found first: an address of the net is no number.
    let mut taken: Vec<Span> = out
        .iter()
        .filter(|f| f.score() >= 0.6)
        .map(Finding::span)
        .collect();
    if !taken.is_sorted() {
        taken.sort_unstable();
    }
    let mut next_taken = taken.iter().peekable();
    let mut free = 0;
    for at in scan.numeric() {
        if at < free {
            continue;
        }
        let Some(token) = scan.tokens.get(at) else {
            break;
        };
        while next_taken
            .next_if(|span| span.end() <= token.start)
            .is_some()
        {}
        if next_taken
            .peek()
            .is_some_and(|span| span.start() < token.end)
        {
            continue;
        }
        if let Some(behind) = one(scan, context, at, free, out) {
            free = behind;
        }
    }
}

/// Decides what the number at `at` is; returns the token behind it.
fn one(
    scan: &Scan<'_>,
    context: &Context<'_>,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    if let Some(behind) = clock(scan, at) {
        return Some(behind);
    }
    if let Some(behind) = device::at(scan, at, free, out) {
        return Some(behind);
    }
    // A number of many groups or digits may hold a date: "85.07.30-033.28". It is asked before dates are.
    let early = long(scan, at);
    if early
        && let Some(behind) = money::at(scan, at, out)
            .or_else(|| iban(scan, at, out))
            .or_else(|| national::by_form(scan, at, free, out))
    {
        return Some(behind);
    }
    let locale = scan.tokens.get(at).and_then(|t| context.locale_at(t.start));
    // Cheap before dear: a date, an amount and an age are told by what touches the number.
    if let Some(behind) = date::at(scan, locale, at, free, out) {
        return Some(behind);
    }
    if !early && let Some(behind) = money::at(scan, at, out) {
        return Some(behind);
    }
    if let Some(behind) = date::age(scan, locale, at, out) {
        return Some(behind);
    }
    if !early
        && let Some(behind) = iban(scan, at, out).or_else(|| national::by_form(scan, at, free, out))
    {
        return Some(behind);
    }
    let cue = trigger::before(scan, at);
    if (cue.all.has(Set::PHONE) || !short(scan, at))
        && let Some(run) = digits(scan, at)
    {
        let named = cue.noun != Set::NONE && !cue.noun.has(Set::PHONE.or(Set::CARD).or(Set::IBAN));
        if let Some(behind) = extension(scan, &run, out).or_else(|| card(scan, &run, cue, out)) {
            return Some(behind);
        }
        if (!named || run.plus)
            && let Some(behind) = phone(scan, context, &run, cue, out)
        {
            return Some(behind);
        }
    }
    if let Some(behind) = order::by_cue(scan, at, free, cue, out) {
        return Some(behind);
    }
    bare(scan, at, cue, out)
}

/// Whether a number is longer than a date, or joined from more groups than one.
fn long(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    let tight = |here: usize| {
        tokens.get(here).is_some_and(|t| {
            t.digits()
                && matches!(t.gap, Gap::Hyphen | Gap::Dot | Gap::Other)
                && matches!(tokens.between(here), "-" | "." | "/")
        })
    };
    tokens.get(at).is_some_and(|t| t.chars >= 6) || (at + 1..at + 4).all(tight)
}

/// `14:30`, `9h15`, `14.30 Uhr`: a time of day is no personal data by itself.
fn clock(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    if tokens.gap(at + 1) != Gap::Colon {
        return None;
    }
    let small = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.shape == Shape::Number && t.chars <= 2)
    };
    if small(at) && tokens.between(at + 1) == ":" && small(at + 1) {
        let third = tokens.between(at + 2) == ":" && small(at + 2);
        // A fourth part makes it something else: a hardware address, a number with colons.
        let end = if third { at + 3 } else { at + 2 };
        return (tokens.between(end) != ":").then_some(end);
    }
    None
}

/// An IBAN: two letters, two digits, and what follows up to the length of the country.
#[inline]
fn iban(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    // "DE 89 3704": the country stands in a word of its own.
    let from = if scan.byte(token.start).is_ascii_digit() {
        let before = tokens.before(at)?;
        let country = before.chars == 2
            && before.word()
            && token.gap == Gap::Space
            && token.end - token.start <= 4;
        if !country {
            return None;
        }
        at - 1
    } else {
        at
    };
    iban_from(scan, from, out)
}

#[inline(never)]
fn iban_from(scan: &Scan<'_>, from: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let first = tokens.word(from).as_bytes();
    let country: [u8; 2] = [
        first.first()?.to_ascii_uppercase(),
        first.get(1)?.to_ascii_uppercase(),
    ];
    let wanted = checksum::iban_length(&country)?;
    // "FR7630...": what is no digit there is none.
    if first
        .get(2..4)
        .is_some_and(|d| !d.iter().all(u8::is_ascii_digit))
    {
        return None;
    }
    let mut compact = Compact::new();
    let mut here = from;
    while compact.len < wanted {
        let near = here == from
            || matches!(
                tokens.between(here),
                " " | "-" | "\u{a0}" | "." | "\u{202f}" | "  "
            );
        if !near || !compact.push(tokens, here) || tokens.get(here).is_none() {
            break;
        }
        here += 1;
    }
    let bytes = compact.bytes();
    if !bytes
        .get(2..4)
        .is_some_and(|d| d.iter().all(u8::is_ascii_digit))
    {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let valid = bytes.len() == wanted && checksum::iban(text);
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let cue = trigger::before(scan, from).all.has(Set::IBAN);
    let (score, why) = if valid {
        (0.99, "iban:shape:mod97")
    } else if cue && (14..=34).contains(&bytes.len()) && digits >= 10 {
        (0.85, "iban:cue:length")
    } else if bytes.len() == wanted && digits >= 12 {
        (0.6, "iban:shape:length")
    } else {
        return None;
    };
    let span = Span::new(tokens.get(from)?.start, tokens.before(here)?.end)?;
    out.push(Finding::new(span, Kind::Iban, score, Why::new(why)));
    Some(here)
}

/// A payment card: 13 to 19 digits. With a cue the check digit may be wrong: it is still meant to be one.
fn card(scan: &Scan<'_>, run: &Digits, cue: Cue, out: &mut Vec<Finding>) -> Option<usize> {
    let named = cue.noun.has(Set::CARD) || cue.all.has(Set::CARD) && cue.noun == Set::NONE;
    for groups in (1..=run.groups).rev() {
        let len = run.sum(groups);
        if !(12..=19).contains(&len) {
            continue;
        }
        let number = run.compact.head(len);
        let luhn = checksum::luhn(number);
        let range = checksum::card_range(number);
        let fours = groups >= 3 && (0..groups - 1).all(|g| run.group(g) == 4);
        let other = cue.noun.has(Set::ORDER.or(Set::TRACKING).or(Set::CUSTOMER)) && !named;
        let (score, why) = match (luhn, range, named) {
            (true, true, _) if !other && !run.plus => (0.97, "card:range:luhn"),
            (true, _, true) if checksum::card_named(number) => (0.97, "card:cue:luhn"),
            (true, _, true) => (0.95, "card:cue:luhn"),
            (false, _, true) => (0.85, "card:cue:length"),
            (_, _, false) if fours && len == 16 && !other => (0.65, "card:groups:length"),
            _ => continue,
        };
        let behind = run.first + groups;
        let last = scan.tokens.before(behind)?;
        let span = Span::new(scan.tokens.get(run.first)?.start, last.end)?;
        out.push(Finding::new(span, Kind::Card, score, Why::new(why)));
        return Some(behind);
    }
    None
}

/// `212-555-0190x4471`: a number of the North American plan and an extension, which people write without a space.
fn extension(scan: &Scan<'_>, run: &Digits, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let at = run.first + run.groups;
    let last = tokens.get(at)?;
    // Area and exchange, neither of which begins with 0 or 1, and before them 1, 001 or nothing.
    let (head, whole) = match run.compact.bytes() {
        [head @ .., a, _, _, b, _, _] => (head, *a >= b'2' && *b >= b'2'),
        _ => return None,
    };
    let whole = whole && matches!(head, b"" | b"1" | b"001");
    if !whole || last.shape != Shape::Mixed || !group_separator(tokens.between(at)) {
        return None;
    }
    let (line, inner) = tokens.word(at).split_once(['x', 'X'])?;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if line.len() != 4 || !digits(line) || !(1..=6).contains(&inner.len()) || !digits(inner) {
        return None;
    }
    let span = Span::new(run.start, last.end)?;
    let why = Why::new("phone:extension:shape");
    out.push(Finding::new(span, Kind::Phone, 0.9, why));
    Some(at + 1)
}

/// A phone number: by country code, by cue, or by the plan of a country where the language is spoken.
fn phone(
    scan: &Scan<'_>,
    context: &Context<'_>,
    run: &Digits,
    cue: Cue,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    let locale = context.locale_at(run.start);
    // "Nummer" is a telephone's in Dutch; in another language it is any number.
    let any_number = cue.noun == Set::NUMBER.or(Set::PHONE)
        && locale.is_some_and(|locale| locale != Locale::Dutch);
    let named = if any_number {
        cue.phone
    } else {
        cue.noun.has(Set::PHONE) || cue.all.has(Set::PHONE) && cue.noun == Set::NONE
    };
    for groups in (1..=run.groups).rev() {
        let len = run.sum(groups);
        let behind = run.first + groups;
        if !(5..=17).contains(&len) {
            continue;
        }
        let last = tokens.before(behind)?;
        let text = scan.slice(run.start, last.end);
        let number = run.compact.head(len);
        let abroad = run.plus || number.starts_with(b"00") && len >= 10;
        let judged = if abroad {
            (7..=17).contains(&len).then_some(if run.plus {
                // Asking a plan costs more than the rest of the text; what begins with a plus is meant to be one.
                (0.95, "phone:plus:length")
            } else {
                (0.5, "phone:zeros:length")
            })
        } else {
            national_phone(context, run, groups, text, named).filter(|(_, why)| {
                *why != "phone:groups:plan" || !called::no_telephone(scan, locale, run.first, cue)
            })
        };
        let Some((score, why)) = judged else {
            continue;
        };
        // More digits follow: this is the beginning of something else.
        let goes_on = tokens.get(behind).is_some_and(|t| t.digits())
            && tokens.between(behind).len() == 1
            && tokens.between(behind) != " ";
        if goes_on && !abroad && score < 0.9 {
            continue;
        }
        let span = Span::new(run.start, last.end)?;
        out.push(Finding::new(span, Kind::Phone, score, Why::new(why)));
        return Some(behind);
    }
    None
}

fn national_phone(
    context: &Context<'_>,
    run: &Digits,
    groups: usize,
    text: &str,
    named: bool,
) -> Option<(f32, &'static str)> {
    let len = run.sum(groups);
    let number = run.compact.head(len);
    let zero = number.starts_with(b"0");
    if named {
        if !(6..=14).contains(&len) {
            return None;
        }
        return Some(if len >= 7 {
            (0.9, "phone:cue:length")
        } else {
            (0.6, "phone:cue:length")
        });
    }
    // 555-123-4567, (212) 555-0190, 1-800-555-0190
    let sizes = |from: usize, wanted: &[usize]| {
        groups == from + wanted.len()
            && wanted
                .iter()
                .enumerate()
                .all(|(i, w)| run.group(from + i) == *w)
    };
    if sizes(0, &[3, 3, 4]) || number.starts_with(b"1") && run.group(0) == 1 && sizes(1, &[3, 3, 4])
    {
        return Some((0.8, "phone:groups:nanp"));
    }
    let grouped = groups >= 2;
    // Pairs alone are sizes and lottery numbers.
    let even = groups >= 3
        && (0..groups).all(|g| (2..=4).contains(&run.group(g)))
        && (0..groups).any(|g| run.group(g) >= 3);
    if !(usize::from(PLANNED)..=12).contains(&len) || !(zero || even) || !(grouped || zero) {
        return None;
    }
    match phone::plan(text, context.locale_at(run.start)) {
        Plan::Valid if zero && grouped => Some((0.9, "phone:zero:plan")),
        Plan::Valid if zero => Some((0.75, "phone:zero:plan")),
        Plan::Valid => Some((0.7, "phone:groups:plan")),
        Plan::Unknown if zero && grouped && len >= 9 && groups <= 6 => {
            Some((0.5, "phone:zero:groups"))
        }
        Plan::NotAsked if zero && len >= 9 => Some((0.7, "phone:zero:shape")),
        _ => None,
    }
}

/// A long number that nothing explains, or a shorter one that is called a number and no more.
fn bare(scan: &Scan<'_>, at: usize, cue: Cue, out: &mut Vec<Finding>) -> Option<usize> {
    if let Some(behind) = called::add(scan, at, cue, out) {
        return Some(behind);
    }
    let token = scan.tokens.get(at)?;
    let digits = usize::from(token.chars);
    let called = digits >= CALLED_DIGITS
        && cue.strong
        && cue.near
        && cue.all.has(Set::NUMBER)
        && !trigger::of(&scan.tokens, at + 1).has(Set::CURRENCY.or(Set::YEARS));
    if token.shape != Shape::Number || digits < BARE_DIGITS && !called {
        return None;
    }
    // A fraction is a measurement.
    let fraction = matches!(scan.tokens.between(at), "." | ",")
        && scan.tokens.before(at).is_some_and(|t| t.digits());
    if fraction {
        return None;
    }
    let span = Span::new(token.start, token.end)?;
    let (score, why) = if called {
        (called::SCORE, called::WHY)
    } else {
        (BARE_SCORE, "id:-:length")
    };
    out.push(Finding::new(span, Kind::Id, score, Why::new(why)));
    Some(at + 1)
}
