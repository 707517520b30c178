//! Amounts of money: a number beside a sign, a code or a word.

use super::token::{Kind, Token};
use super::{Value, What};
use crate::guard::words::{self, Currency};

pub(super) fn read(tokens: &[Token]) -> Option<(Vec<Value>, usize)> {
    let (first, second) = (tokens.first()?, tokens.get(1)?);
    if let (Some(number), Some(currency)) = (first.number(), second.currency())
        && near(first, second)
    {
        let (number, used) = with_fraction(tokens, number, 2);
        return value(tokens, number, Some(currency), used);
    }
    if let (Some(number), Some(currency)) = (first.number(), cents(second)) {
        let number = hundredths(&number)?;
        return value(tokens, number, currency, 2);
    }
    let currency = first.currency()?;
    // `US$ 5`
    if second.currency().is_some() && first.touches(second) {
        let number = tokens.get(2)?.number()?;
        return value(tokens, number, second.currency(), 3);
    }
    let number = second.number().filter(|_| near(first, second))?;
    value(tokens, number, Some(currency), 2)
}

fn near(left: &Token, right: &Token) -> bool {
    right.at.start.saturating_sub(left.at.end) <= 3
}

fn value(
    tokens: &[Token],
    number: String,
    currency: Option<Currency>,
    used: usize,
) -> Option<(Vec<Value>, usize)> {
    let at = tokens.first()?.at.start..tokens.get(used - 1)?.at.end;
    Some((vec![Value::new(at, What::Price(number, currency))], used))
}

/// `twelve euros fifty`, `vier Euro und zwanzig Cent`, `4\u{20ac}50`: cents behind the currency.
fn with_fraction(tokens: &[Token], whole: String, used: usize) -> (String, usize) {
    let and = usize::from(
        tokens
            .get(used)
            .is_some_and(|t| t.is(&["and", "und", "et", "y", "con", "e", "en"])),
    );
    let Some(part) = tokens.get(used + and) else {
        return (whole, used);
    };
    let behind = tokens.get(used + and + 1);
    let named = behind.is_some_and(|t| cents(t).is_some());
    let other = behind.is_some_and(|t| t.unit().is_some() || t.currency().is_some());
    let alike = tokens.first().is_some_and(Token::is_spelled) && part.is_spelled();
    let glued = and == 0
        && tokens
            .get(used - 1)
            .is_some_and(|sign| matches!(sign.kind, Kind::Sign(_)) && sign.touches(part));
    let ends = behind.is_none_or(|t| t.word().is_none());
    let fits = part.small().is_some_and(|n| (1..100).contains(&n)) && !whole.contains('.');
    if fits && (named || (!other && (glued || (alike && (and == 0 || ends))))) {
        let number = part.small().unwrap_or_default();
        let fraction = format!("{number:02}");
        let fraction = fraction.trim_end_matches('0');
        return (
            format!("{whole}.{fraction}"),
            used + and + 1 + usize::from(named),
        );
    }
    (whole, used)
}

/// Whether a word is a hundredth, and of what.
#[expect(clippy::option_option, reason = "a cent may be of any currency")]
fn cents(token: &Token) -> Option<Option<Currency>> {
    token.word().and_then(words::cents)
}

fn hundredths(number: &str) -> Option<String> {
    let n: u32 = number.parse().ok()?;
    let fraction = format!("{:02}", n % 100);
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() {
        (n / 100).to_string()
    } else {
        format!("{}.{fraction}", n / 100)
    })
}
