//! Lengths that are said in more than one unit: halves and quarters of an hour, weeks for days.

use super::token::Token;
use super::{Value, What};
use crate::guard::phrases::{self, Kind};
use crate::guard::words::{self, Unit};

/// `half an hour`, `three quarters of an hour`, `drie kwartier`: a length in minutes.
pub(super) fn read(tokens: &[Token]) -> Option<(Vec<Value>, usize)> {
    let is = |at: usize, kind: Kind| {
        tokens
            .get(at)
            .and_then(Token::word)
            .is_some_and(|word| phrases::of_any(kind, word))
    };
    let first = tokens.first()?;
    let (minutes, next, claims) = if is(0, Kind::HalfOf) {
        (30, 1, false)
    } else {
        let quarters = first.small().filter(|n| (1..=3).contains(n))?;
        is(1, Kind::Quarter).then_some(())?;
        (quarters * 15, 2, quarters > 1)
    };
    let hour = |t: &Token| t.unit().is_some() && t.unit() == words::unit("hour");
    let rest = tokens.get(next..)?;
    let filled = rest.iter().take(3).position(hour).filter(|filled| {
        rest.iter()
            .take(*filled)
            .all(|t| t.is_article() || t.is(&["of", "an", "de", "d", "di", "a"]))
    });
    let used = match filled {
        Some(filled) => next + filled + 1,
        None if tokens.get(1)?.is(&["kwartier"]) => next,
        None => return None,
    };
    let at = first.at.start..tokens.get(used - 1)?.at.end;
    let mut value = Value::new(at, What::Number(minutes.to_string(), words::unit("minute")));
    value.claims = claims;
    value.exact = true;
    Some((vec![value], used))
}

/// What a number of a unit comes to: the kind of length, and how many thousandths of its smallest unit.
pub(super) fn measure(number: &str, unit: Unit) -> Option<(u8, u64)> {
    const UNITS: [(&str, u8, u64); 14] = [
        ("second", 0, 1),
        ("minute", 0, 60),
        ("hour", 0, 3600),
        ("day", 0, 86_400),
        ("week", 0, 604_800),
        ("month", 1, 1),
        ("year", 1, 12),
        ("mm", 2, 1),
        ("cm", 2, 10),
        ("m", 2, 1000),
        ("km", 2, 1_000_000),
        ("g", 3, 1),
        ("kg", 3, 1000),
        ("tonne", 3, 1_000_000),
    ];
    let (_, kind, factor) = UNITS
        .iter()
        .find(|(name, _, _)| words::unit(name) == Some(unit))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let thousandths = format!("{fraction:0<3}");
    let thousandths: u64 = thousandths.get(..3)?.parse().ok()?;
    let whole: u64 = whole.parse().ok()?;
    let number = whole.checked_mul(1000)?.checked_add(thousandths)?;
    Some((*kind, number.checked_mul(*factor)?))
}
