//! Amounts of money: a number with a currency sign or word on either side.

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape};
use crate::trigger::{self, Set};

/// Finds an amount whose number begins at the token `at`; returns the token behind it.
pub(crate) fn at(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let first = tokens.get(at)?;
    if first.shape == Shape::Mixed {
        return joined(scan, at, out);
    }
    if !beside(scan, at) {
        return None;
    }
    let mut last = number_end(scan, at);
    let mut number_ends = tokens.get(last)?.end;
    let before = sign_before(scan, at);
    let mut after = sign_after(scan, last, number_ends);
    if after.is_none() {
        if let Some(second) = second_number(scan, last) {
            // "20-30 euros"; without a currency behind it the second number is none of ours.
            let ends = tokens.get(second)?.end;
            after = sign_after(scan, second, ends).or_else(|| magnitude(scan, second));
        } else if let Some(found) = magnitude(scan, last) {
            after = Some(found);
        } else if before.is_some() {
            (last, number_ends) = tail(scan, last, number_ends);
        }
    } else if before.is_none()
        && let Some((_, next)) = after
        && let Some(cents) = cents(scan, next)
    {
        after = Some(cents);
    }
    let (start, end, next, cue) = match (before, after) {
        (_, Some((end, next))) => (
            before.unwrap_or(first.start),
            end,
            next,
            "money:after:number",
        ),
        (Some(start), _) => (start, number_ends, last + 1, "money:before:number"),
        _ => return None,
    };
    let span = Span::new(start, end)?;
    out.push(Finding::new(span, Kind::Amount, 0.85, Why::new(cue)));
    Some(next)
}

/// Whether a currency, or more of the number, can stand on either side: the cheap question first.
#[inline]
fn beside(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    let before = match tokens.gap(at) {
        Gap::Start | Gap::Line | Gap::Other => true,
        // Nothing but spaces: a word alone can stand there, and most stand for nothing.
        Gap::Space => tokens
            .before(at)
            .is_some_and(|t| t.trigger.has(Set::CURRENCY)),
        _ => false,
    };
    before
        || match tokens.get(at + 1) {
            Some(next) if next.digits() => true,
            Some(next) if next.gap == Gap::Space => {
                next.trigger.has(Set::CURRENCY.or(Set::MAGNITUDE))
            }
            Some(next) => matches!(next.gap, Gap::Line | Gap::Other),
            None => true,
        }
}

/// The last token of the second number of a range: "20-30 euros".
fn second_number(scan: &Scan<'_>, last: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let next = tokens.get(last + 1)?;
    let dash = || {
        matches!(
            tokens.between(last + 1),
            "-" | "\u{2013}" | " - " | " \u{2013} "
        )
    };
    (next.shape == Shape::Number && next.gap != Gap::Space && dash())
        .then(|| number_end(scan, last + 1))
}

/// "3 million euros", "3 Mio. Euro", "3 millions d'euros", "1.2k EUR": the byte and token behind the currency.
fn magnitude(scan: &Scan<'_>, last: usize) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    let next = tokens.get(last + 1)?;
    let stands = match next.gap {
        Gap::Space => next.trigger.has(Set::MAGNITUDE),
        Gap::Dot => {
            next.digits() && tokens.between(last + 1) == "." && short(tokens.word(last + 1))
        }
        _ => false,
    };
    if !stands {
        return None;
    }
    let ends = next.end;
    if let Some(found) = sign_after(scan, last + 1, ends) {
        return Some(found);
    }
    let linked = trigger::of(tokens, last + 2).has(Set::OFDATE);
    let currency = last + 2 + usize::from(linked);
    let near = matches!(
        tokens.gap(currency),
        Gap::Space | Gap::Dot | Gap::Apostrophe
    );
    (near && trigger::of(tokens, currency).has(Set::CURRENCY))
        .then(|| tokens.get(currency).map(|t| (t.end, currency + 1)))?
}

/// "2k", "5m"
fn short(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let unit = word.get(digits..).unwrap_or("");
    digits > 0
        && ["k", "m", "mn", "bn"]
            .iter()
            .any(|u| unit.eq_ignore_ascii_case(u))
}

/// What belongs to an amount whose sign stands before it: "$1.2k", "$3 million", "\u{20ac} 20,-".
fn tail(scan: &Scan<'_>, last: usize, ends: usize) -> (usize, usize) {
    let tokens = &scan.tokens;
    let between = tokens.between(last + 1);
    if matches!(between, "." | ",") && short(tokens.word(last + 1))
        || between == " " && trigger::of(tokens, last + 1).has(Set::MAGNITUDE)
    {
        return tokens
            .get(last + 1)
            .map_or((last, ends), |t| (last + 1, t.end));
    }
    for dash in [",-", ".-", ",\u{2013}"] {
        if between.starts_with(dash) {
            return (last, ends + dash.len());
        }
    }
    (last, ends)
}

/// "12 Euro 50": two digits behind the currency, and nothing that they count.
fn cents(scan: &Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    let close = matches!(tokens.between(at), " " | " \u{20ac} " | "\u{20ac} ");
    let counted = matches!(tokens.gap(at + 1), Gap::Space | Gap::Hyphen)
        && tokens
            .get(at + 1)
            .is_some_and(|t| t.capital() || t.chars > 3);
    let sign = !tokens
        .between(at + 1)
        .trim_start()
        .starts_with(['%', '\u{20ac}', '$', '\u{a3}']);
    let more = tokens.get(at + 1).is_some_and(|t| t.digits()) && tokens.between(at + 1).len() == 1;
    (token.shape == Shape::Number && token.chars == 2 && close && !counted && sign && !more)
        .then_some((token.end, at + 1))
}

/// "50EUR", "20k", "15eur".
fn joined(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let token = scan.tokens.get(at)?;
    let word = scan.tokens.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    const UNITS: [&str; 11] = [
        "eur", "euro", "euros", "usd", "gbp", "chf", "pln", "zl", "kr", "sek", "dkk",
    ];
    let unit = word.get(digits..)?;
    if digits == 0 || !UNITS.iter().any(|known| unit.eq_ignore_ascii_case(known)) {
        return None;
    }
    // "49,90eur": the whole part stands in the token before.
    let mut start = token.start;
    if at > 0
        && matches!(scan.tokens.between(at), "," | ".")
        && let Some(whole) = scan.tokens.get(at - 1).filter(|t| t.shape == Shape::Number)
    {
        start = whole.start;
    }
    let span = Span::new(start, token.end)?;
    out.push(Finding::new(
        span,
        Kind::Amount,
        0.8,
        Why::new("money:joined:number"),
    ));
    Some(at + 1)
}

/// The last token of the number that begins at `at`: thousands in groups of three, then decimals.
fn number_end(scan: &Scan<'_>, at: usize) -> usize {
    let tokens = &scan.tokens;
    let mut last = at;
    let head = tokens.get(at).map_or(0, |t| t.chars);
    let mut decimals = false;
    while let Some(next) = tokens
        .get(last + 1)
        .filter(|t| t.shape == Shape::Number && t.chars <= 3)
    {
        let between = tokens.between(last + 1);
        let thousands = head <= 3
            && next.chars == 3
            && matches!(
                between,
                " " | "." | "," | "'" | "\u{2019}" | "\u{a0}" | "\u{202f}"
            );
        let decimal = !decimals && next.chars <= 2 && matches!(between, "." | "," | ":");
        if decimals || !(thousands || decimal) || last - at >= 5 {
            break;
        }
        decimals = decimal;
        last += 1;
    }
    last
}

/// The first byte of a currency sign or word before the number.
fn sign_before(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let token = tokens.get(at)?;
    let start = token.start;
    match token.gap {
        Gap::Start | Gap::Line | Gap::Other => {}
        Gap::Space if at > 0 && trigger::of(tokens, at - 1).has(Set::CURRENCY) => {}
        _ => return None,
    }
    let between = tokens.between(at);
    let trimmed = between.trim_end_matches([' ', '\u{a0}']);
    if between.len() - trimmed.len() <= 2
        && let Some(sign) = trimmed.chars().next_back().filter(|c| is_sign(*c))
    {
        let sign_at = start - (between.len() - trimmed.len()) - sign.len_utf8();
        // "US$ 20", "R$ 150": letters that touch the sign belong to it.
        let prefix = tokens.before(at).filter(|t| {
            t.end == sign_at
                && sign == '$'
                && matches!(t.shape, Shape::Initial | Shape::Upper)
                && t.chars <= 2
        });
        return Some(prefix.map_or(sign_at, |t| t.start));
    }
    let word = tokens.before(at)?;
    let upper = matches!(word.shape, Shape::Upper) && word.chars == 3;
    (upper && matches!(between, " " | "\u{a0}") && trigger::of(tokens, at - 1).has(Set::CURRENCY))
        .then_some(word.start)
}

/// The byte and token behind a currency sign or word after the number.
fn sign_after(scan: &Scan<'_>, last: usize, number_ends: usize) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    match tokens.gap(last + 1) {
        Gap::Space if trigger::of(tokens, last + 1).has(Set::CURRENCY) => {}
        Gap::Start | Gap::Line | Gap::Other => {
            // A sign, or what may stand before one.
            let first = scan.byte(number_ends);
            if first.is_ascii() && !matches!(first, b' ' | b'$' | b',' | b'.') {
                return None;
            }
        }
        _ => return None,
    }
    let between = tokens.between(last + 1);
    // "20,- EUR", "20.- CHF"
    let dash = between
        .strip_prefix(",-")
        .or_else(|| between.strip_prefix(".-"))
        .or_else(|| between.strip_prefix(",\u{2013}"));
    let rest = dash.unwrap_or(between);
    let skipped = between.len() - rest.len();
    let trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let spaces = rest.len() - trimmed.len();
    if spaces <= 3
        && let Some(sign) = trimmed.chars().next().filter(|c| is_sign(*c))
    {
        let end = number_ends + skipped + spaces + sign.len_utf8();
        // "$20 $30": the sign belongs to the next number.
        let next_number = tokens
            .get(last + 1)
            .is_some_and(|t| t.digits() && t.start == end);
        if !next_number || sign == '\u{20ac}' && spaces == 0 {
            // "12EUR50" with the sign
            return Some((end, last + 1));
        }
        return None;
    }
    let word = tokens.get(last + 1)?;
    let near = trimmed.is_empty() && tokens.gap(last + 1) != Gap::Line && spaces <= 3;
    let stands = near && (spaces > 0 || dash.is_some());
    (stands && trigger::of(tokens, last + 1).has(Set::CURRENCY)).then_some((word.end, last + 2))
}

fn is_sign(c: char) -> bool {
    matches!(
        c,
        '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | '\u{20ba}' | '\u{20b9}' | '\u{20bd}' | '\u{20a9}'
    )
}
