//! Numbers, dates, amounts and addresses of a text, in a form that can be compared.

use std::ops::Range;

use crate::guard::Code;
use crate::guard::words::{self, Unit};
use crate::text;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) at: Range<usize>,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// Digits without separators of thousands, the fraction without trailing zeros.
    Number(String, Option<Unit>),
    /// An amount, as a number is written.
    Price(String),
    /// Day and month; a year where one stands.
    Date(u32, u32, Option<u32>),
    /// A weekday or `tomorrow`.
    Day(String),
    Url(String),
    Email(String),
}

impl Value {
    pub(super) fn code(&self) -> Code {
        match self.what {
            What::Number(..) => Code::Number,
            What::Price(_) => Code::Price,
            What::Date(..) | What::Day(_) => Code::Date,
            What::Url(_) => Code::Url,
            What::Email(_) => Code::Email,
        }
    }

    /// Whether a value of a passage or fact says the same.
    pub(super) fn is_held_by(&self, known: &Self) -> bool {
        match (&self.what, &known.what) {
            (What::Number(n, unit), What::Number(m, of)) => {
                n == m && (unit == of || unit.is_none())
            }
            (What::Price(n), What::Price(m)) => n == m,
            // A passage may name the currency once for several amounts, a draft for each.
            (What::Price(n), What::Number(m, None)) | (What::Number(n, None), What::Price(m)) => {
                n == m
            }
            (What::Date(d, m, y), What::Date(d2, m2, y2)) => {
                let same_year = y.is_none() || y2.is_none() || y == y2;
                (d, m) == (d2, m2) && same_year
            }
            (What::Day(a), What::Day(b))
            | (What::Url(a), What::Url(b))
            | (What::Email(a), What::Email(b)) => a == b,
            _ => false,
        }
    }
}

/// The values of a text in order.
pub(super) fn values(text: &str) -> Vec<Value> {
    let mut out = Vec::new();
    let plain = addresses(text, &mut out);
    let tokens = tokens(&plain);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at..).unwrap_or_default();
        if let Some((value, used)) = date(rest).or_else(|| price(rest)) {
            out.push(value);
            at += used;
            continue;
        }
        match &token.kind {
            Kind::Number(raw) if !is_list_number(&plain, token) => {
                let unit = rest.iter().skip(1).take(2).find_map(|next| next.unit());
                for part in raw.split(['-', '/', ':']).filter(|part| !part.is_empty()) {
                    out.push(Value {
                        at: token.at.clone(),
                        what: What::Number(canonical(part), unit),
                    });
                }
            }
            Kind::Word(word) => {
                if words::is_day(word) {
                    out.push(Value {
                        at: token.at.clone(),
                        what: What::Day(word.clone()),
                    });
                } else if let Some(n) = words::number(word) {
                    let unit = rest.iter().skip(1).take(2).find_map(|next| next.unit());
                    // Words such as `due` or `acht` mean other things too: only with a unit are they numbers.
                    if unit.is_some() {
                        out.push(Value {
                            at: token.at.clone(),
                            what: What::Number(n.to_string(), unit),
                        });
                    }
                }
            }
            _ => {}
        }
        at += 1;
    }
    out.sort_by_key(|value| value.at.start);
    out
}

/// Takes web and e-mail addresses out of a text; what is left keeps its offsets.
fn addresses(text: &str, out: &mut Vec<Value>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut from = 0;
    for chunk in text.split_inclusive(|c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '"' | '|')
    }) {
        let start = from;
        from += chunk.len();
        let body = chunk.trim_matches(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '<' | '>'
                        | '('
                        | ')'
                        | '"'
                        | '|'
                        | '.'
                        | ','
                        | ';'
                        | ':'
                        | '!'
                        | '?'
                        | '*'
                        | '`'
                        | '['
                        | ']'
                        | '\''
                )
        });
        let lead = chunk.find(body).unwrap_or(0);
        let what = if body.is_empty() {
            None
        } else if let Some((user, host)) = body.split_once('@') {
            (!user.is_empty() && host.contains('.'))
                .then(|| What::Email(body.strip_prefix("mailto:").unwrap_or(body).to_lowercase()))
        } else {
            url(body).map(What::Url)
        };
        match what {
            Some(what) => {
                out.push(Value {
                    at: start + lead..start + lead + body.len(),
                    what,
                });
                plain.extend(std::iter::repeat_n(' ', chunk.len()));
            }
            None => plain.push_str(chunk),
        }
    }
    plain
}

/// The normal form of a web address: no scheme, no `www.`, lower case, no slash at the end.
fn url(body: &str) -> Option<String> {
    const ENDS: [&str; 34] = [
        "com", "net", "org", "info", "biz", "shop", "store", "online", "io", "co", "app", "dev",
        "eu", "de", "at", "ch", "fr", "be", "lu", "es", "it", "nl", "pt", "uk", "ie", "pl", "cz",
        "dk", "se", "example", "test", "invalid", "ru", "cn",
    ];
    let lower = body.to_lowercase();
    let (scheme, rest) = match lower.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, lower.as_str()),
    };
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let (name, end) = host.rsplit_once('.')?;
    let named = !name.is_empty() && name.contains(|c: char| c.is_alphabetic());
    let known = ENDS.contains(&end) && !name.ends_with('.');
    (scheme || (named && known) || lower.starts_with("www."))
        .then(|| rest.trim_end_matches('/').to_owned())
}

enum Kind {
    /// Digits with `.,:/-` between them.
    Number(String),
    /// A folded word.
    Word(String),
    /// A sign of money or percent.
    Sign(char),
}

struct Token {
    at: Range<usize>,
    kind: Kind,
}

impl Token {
    fn unit(&self) -> Option<Unit> {
        match &self.kind {
            Kind::Word(word) => words::unit(word),
            Kind::Sign('%') => Some(Unit::Percent),
            _ => None,
        }
    }

    fn is_money(&self) -> bool {
        match &self.kind {
            Kind::Sign(sign) => *sign != '%',
            Kind::Word(word) => matches!(
                word.as_str(),
                "eur"
                    | "euro"
                    | "euros"
                    | "usd"
                    | "gbp"
                    | "chf"
                    | "pln"
                    | "czk"
                    | "sek"
                    | "dkk"
                    | "dollar"
                    | "dollars"
                    | "pound"
                    | "pounds"
                    | "francs"
            ),
            Kind::Number(_) => false,
        }
    }

    fn number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(raw) => Some(raw),
            _ => None,
        }
    }

    fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_ascii_digit() {
            while let Some(&(at, next)) = chars.peek() {
                let joins = matches!(
                    next,
                    '.' | ',' | ':' | '/' | '-' | '\u{2013}' | '\u{a0}' | '\''
                ) && text
                    .get(at + next.len_utf8()..)
                    .is_some_and(|rest| rest.starts_with(|d: char| d.is_ascii_digit()));
                if !next.is_ascii_digit() && !joins {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            let raw = text
                .get(start..end)
                .unwrap_or_default()
                .replace('\u{2013}', "-");
            out.push(Token {
                at: start..end,
                kind: Kind::Number(raw.replace(['\u{a0}', '\''], "")),
            });
        } else if c.is_alphabetic() {
            while let Some(&(at, next)) = chars.peek() {
                if !next.is_alphanumeric() {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
            out.push(Token {
                at: start..end,
                kind: Kind::Word(text::fold(text.get(start..end).unwrap_or_default())),
            });
        } else if matches!(c, '\u{20ac}' | '$' | '\u{a3}' | '%') {
            out.push(Token {
                at: start..end,
                kind: Kind::Sign(c),
            });
        }
    }
    out
}

/// `1.` or `2)` at the beginning of a line counts items, not things.
fn is_list_number(text: &str, token: &Token) -> bool {
    let line_begins = text.get(..token.at.start).is_some_and(|before| {
        before
            .rsplit('\n')
            .next()
            .is_some_and(|line| line.trim().is_empty())
    });
    let marked = text
        .get(token.at.end..)
        .is_some_and(|rest| rest.starts_with(['.', ')']));
    line_begins && marked && token.at.len() <= 2
}

fn price(tokens: &[Token]) -> Option<(Value, usize)> {
    let (number, money, used) = match tokens {
        [a, b, ..] if a.is_money() && b.number().is_some() => (b, a, 2),
        [a, b, ..] if a.number().is_some() && b.is_money() => (a, b, 2),
        _ => return None,
    };
    let near = number
        .at
        .start
        .abs_diff(money.at.end)
        .min(money.at.start.abs_diff(number.at.end));
    let raw = number.number()?;
    (near <= 2 && !raw.contains(['/', ':', '-'])).then(|| {
        let at = number.at.start.min(money.at.start)..number.at.end.max(money.at.end);
        (
            Value {
                at,
                what: What::Price(canonical(raw)),
            },
            used,
        )
    })
}

fn date(tokens: &[Token]) -> Option<(Value, usize)> {
    let first = tokens.first()?;
    let made = |day: u32, month: u32, year: Option<u32>, used: usize| {
        let last = tokens.get(used - 1)?;
        let fits = (1..=31).contains(&day) && (1..=12).contains(&month);
        let value = Value {
            at: first.at.start..last.at.end,
            what: What::Date(day, month, year),
        };
        fits.then_some((value, used))
    };
    if let Some(raw) = first.number() {
        let parts: Vec<&str> = raw.split(['.', '/', '-']).collect();
        let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
        if numbers.len() == parts.len() && !raw.contains(',') {
            match (numbers.as_slice(), parts.as_slice()) {
                ([y, m, d], [year, ..]) if year.len() == 4 => return made(*d, *m, Some(*y), 1),
                // Day first, as Europe writes; where that cannot be, month first.
                ([d, m, y], [.., year]) if matches!(year.len(), 2 | 4) => {
                    let year = if *y < 100 { 2000 + y } else { *y };
                    return made(*d, *m, Some(year), 1).or_else(|| made(*m, *d, Some(year), 1));
                }
                _ => {}
            }
        }
        // `12 March 2026`, `12 de marzo de 2026`, `12. Maerz`.
        let day: u32 = raw.parse().ok().filter(|day| (1..=31).contains(day))?;
        let mut next = 1;
        while tokens
            .get(next)
            .and_then(Token::word)
            .is_some_and(|word| matches!(word, "de" | "st" | "nd" | "rd" | "th" | "er" | "of"))
        {
            next += 1;
        }
        let month = tokens
            .get(next)
            .and_then(Token::word)
            .and_then(words::month)?;
        let (year, used) = year_at(tokens, next + 1);
        return made(day, month, year, used);
    }
    // `March 12, 2026`.
    let month = first.word().and_then(words::month)?;
    let day: u32 = tokens.get(1)?.number()?.parse().ok()?;
    let (year, used) = year_at(tokens, 2);
    made(day, month, year, used)
}

fn year_at(tokens: &[Token], mut at: usize) -> (Option<u32>, usize) {
    let before = at;
    if tokens
        .get(at)
        .and_then(Token::word)
        .is_some_and(|word| matches!(word, "de" | "del"))
    {
        at += 1;
    }
    let year = tokens
        .get(at)
        .and_then(Token::number)
        .and_then(|raw| raw.parse().ok())
        .filter(|year| (1900..=2200).contains(year));
    match year {
        Some(year) => (Some(year), at + 1),
        None => (None, before),
    }
}

/// One form for `1.234,50`, `1,234.5` and `1234.50`.
fn canonical(raw: &str) -> String {
    let last = raw.rfind(['.', ',']);
    let (whole, fraction) = match last {
        Some(at) => {
            let fraction = raw.get(at + 1..).unwrap_or_default();
            let thousands = fraction.len() == 3 && !raw.starts_with('0');
            if thousands {
                (raw, "")
            } else {
                (raw.get(..at).unwrap_or_default(), fraction)
            }
        }
        None => (raw, ""),
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    if fraction.is_empty() {
        digits.to_owned()
    } else {
        format!("{digits}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let parts: Vec<String> = values(text)
            .into_iter()
            .map(|value| match value.what {
                What::Number(n, Some(unit)) => format!("{n} {unit:?}"),
                What::Number(n, None) => n,
                What::Price(n) => format!("${n}"),
                What::Date(d, m, Some(y)) => format!("{y}-{m}-{d}"),
                What::Date(d, m, None) => format!("{m}-{d}"),
                What::Day(d) => d,
                What::Url(u) => format!("url {u}"),
                What::Email(e) => format!("mail {e}"),
            })
            .collect();
        parts.join(", ")
    }

    #[test]
    fn values_are_read_alike() {
        for (text, expected) in [
            ("within 30 days", "30 Day"),
            ("innerhalb von 14 Werktagen", "14 Day"),
            ("3-5 days", "3 Day, 5 Day"),
            ("deux semaines", "2 Week"),
            ("due articoli", ""),
            ("49,90 \u{20ac} or EUR 1.250,00 or $5", "$49.9, $1250, $5"),
            ("20 % off", "20 Percent"),
            (
                "on 12.03.2026 or 12 March 2026 or March 12",
                "2026-3-12, 2026-3-12, 3-12",
            ),
            ("el 12 de marzo de 2026", "2026-3-12"),
            ("by Friday", "friday"),
            (
                "see https://www.Shop.example/returns/.",
                "url shop.example/returns",
            ),
            ("write to Help@shop.example!", "mail help@shop.example"),
            ("1. open it\n2. close it", ""),
            ("nothing. here", ""),
            ("1,000 points", "1000"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_holds_what() {
        let held = |draft: &str, passage: &str| {
            let known = values(passage);
            values(draft)
                .iter()
                .all(|value| known.iter().any(|k| value.is_held_by(k)))
        };
        assert!(held("30 days", "You have 30 days."));
        assert!(held("thirty days", "You have 30 days."));
        assert!(!held("30 weeks", "You have 30 days."));
        assert!(!held("31 days", "You have 30 days."));
        assert!(held("4.90 EUR", "\u{20ac} 4,90"));
        assert!(!held("5.90 EUR", "\u{20ac} 4,90"));
        assert!(held("12 March", "12.03.2026"));
        assert!(!held("shop.example/other", "https://shop.example/returns"));
    }
}
