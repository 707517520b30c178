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
    let last = number_end(scan, at);
    let number_ends = tokens.get(last)?.end;
    let before = sign_before(scan, at);
    let after = sign_after(scan, last, number_ends);
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

/// "50EUR", "20k", "15eur".
fn joined(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let token = scan.tokens.get(at)?;
    let word = scan.tokens.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let unit = word.get(digits..)?.to_ascii_lowercase();
    let known = matches!(
        unit.as_str(),
        "eur" | "euro" | "euros" | "usd" | "gbp" | "chf" | "pln" | "zl" | "kr" | "sek" | "dkk"
    );
    if digits == 0 || !known {
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
    while let Some(next) = tokens.get(last + 1).filter(|t| t.shape == Shape::Number) {
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
    let start = tokens.get(at)?.start;
    let between = tokens.between(at);
    let trimmed = between.trim_end_matches([' ', '\u{a0}']);
    if between.len() - trimmed.len() <= 2
        && let Some(sign) = trimmed.chars().next_back().filter(|c| is_sign(*c))
    {
        let sign_at = start - (between.len() - trimmed.len()) - sign.len_utf8();
        // "US$ 20"
        return Some(sign_at);
    }
    let word = tokens.before(at)?;
    let upper = matches!(word.shape, Shape::Upper) && word.chars == 3;
    (upper && matches!(between, " " | "\u{a0}") && trigger::of(tokens, at - 1).has(Set::CURRENCY))
        .then_some(word.start)
}

/// The byte and token behind a currency sign or word after the number.
fn sign_after(scan: &Scan<'_>, last: usize, number_ends: usize) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
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
