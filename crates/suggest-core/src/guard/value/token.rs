//! The tokens values are read from.

use std::ops::Range;

use crate::guard::words::{self, Currency, Unit};
use crate::text;

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Digits with `.,:/-` between them, as they stand.
    Digits(String),
    /// A number in words; `true` when it is an article too.
    Spelled(String, bool),
    /// A folded word.
    Word(String),
    /// A sign of money, of percent or of degrees.
    Sign(char),
    /// Punctuation that ends a clause, or the end of a line.
    Stop(char),
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
}

impl Token {
    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is(&self, any_of: &[&str]) -> bool {
        self.word().is_some_and(|word| any_of.contains(&word))
    }

    pub(super) fn is_stop(&self, stop: char) -> bool {
        matches!(self.kind, Kind::Stop(c) if c == stop)
    }

    pub(super) fn digits(&self) -> Option<&str> {
        match &self.kind {
            Kind::Digits(raw) => Some(raw),
            _ => None,
        }
    }

    pub(super) fn is_spelled(&self) -> bool {
        matches!(self.kind, Kind::Spelled(..))
    }

    /// Whether it is an article that also counts one thing.
    pub(super) fn is_article(&self) -> bool {
        matches!(self.kind, Kind::Spelled(_, true))
    }

    /// The number it stands for in normal form; none for dates, times and ranges.
    pub(super) fn number(&self) -> Option<String> {
        match &self.kind {
            Kind::Digits(raw) if !raw.contains(['/', ':', '-']) => Some(canonical(raw)),
            Kind::Spelled(number, _) => Some(number.clone()),
            _ => None,
        }
    }

    /// The same as a small whole number.
    pub(super) fn small(&self) -> Option<u32> {
        self.number()?.parse().ok()
    }

    pub(super) fn unit(&self) -> Option<Unit> {
        match &self.kind {
            Kind::Word(word) => words::unit(word),
            Kind::Sign('%') => words::unit("percent"),
            Kind::Sign('\u{b0}') => words::unit("degree"),
            _ => None,
        }
    }

    pub(super) fn currency(&self) -> Option<Currency> {
        match &self.kind {
            Kind::Word(word) => words::currency(word),
            Kind::Sign(sign) => words::currency(sign.encode_utf8(&mut [0; 4])),
            _ => None,
        }
    }

    /// Whether nothing stands between two tokens.
    pub(super) fn touches(&self, next: &Self) -> bool {
        self.at.end == next.at.start
    }
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let start = at;
        at += c.len_utf8();
        let kind = if c.is_ascii_digit() {
            at = end_of_digits(text, start);
            let raw = text.get(start..at).unwrap_or_default();
            let raw = raw
                .replace(['\u{a0}', '\u{202f}', ' ', '\''], "")
                .replace(['\u{2013}', '\u{2010}', '\u{2011}'], "-");
            at = end_of_dash(text, at);
            Kind::Digits(raw)
        } else if c.is_alphabetic() {
            // `4h30` and `30GB`: behind digits the letters are a word of their own.
            let behind_digits = out
                .last()
                .is_some_and(|last| last.at.end == start && last.digits().is_some());
            let joins = |c: char| {
                c.is_alphabetic() || is_mark(c) || (!behind_digits && c.is_alphanumeric())
            };
            at = end_while(text, at, joins);
            Kind::Word(text::fold(text.get(start..at).unwrap_or_default()))
        } else if matches!(
            c,
            '\u{20ac}' | '$' | '\u{a3}' | '%' | '\u{b0}' | '\u{ba}' | '\u{a5}'
        ) {
            Kind::Sign(if c == '\u{ba}' { '\u{b0}' } else { c })
        } else if matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '(' | ')' | '\n') {
            Kind::Stop(c)
        } else {
            continue;
        };
        out.push(Token {
            at: start..at,
            kind,
        });
    }
    out
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn end_while(text: &str, from: usize, joins: impl Fn(char) -> bool) -> usize {
    text.get(from..)
        .and_then(|rest| rest.find(|c: char| !joins(c)))
        .map_or(text.len(), |n| from + n)
}

/// Digits with one joining sign between two of them; a space joins groups of exactly three digits.
fn end_of_digits(text: &str, from: usize) -> usize {
    let mut at = end_while(text, from, |c| c.is_ascii_digit());
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let Some(sign) = rest.chars().next() else {
            return at;
        };
        let next = at + sign.len_utf8();
        let end = end_while(text, next, |c| c.is_ascii_digit());
        let digits = end - next;
        let joins = match sign {
            '.' | ',' | ':' | '/' | '-' | '\u{2013}' | '\u{2010}' | '\u{2011}' => digits > 0,
            '\'' => digits == 3,
            // 25 000 with a space that breaks no line; a plain space only behind one to three digits.
            '\u{a0}' | '\u{202f}' => digits == 3,
            ' ' => {
                digits == 3
                    && at - from <= 3
                    && !text.get(from..at).is_some_and(|raw| raw.starts_with('0'))
            }
            _ => false,
        };
        if !joins {
            return at;
        }
        at = end;
    }
}

/// `49,-` and `49.--` are whole amounts.
fn end_of_dash(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    for tail in [",--", ",-", ".--", ".-", ",\u{2013}", ".\u{2013}"] {
        if let Some(behind) = rest.strip_prefix(tail) {
            let ends = behind.chars().next().is_none_or(|c| !c.is_alphanumeric());
            return if ends { at + tail.len() } else { at };
        }
    }
    at
}

/// One form for `1.234,50`, `1,234.5` and `1234.50`.
pub(super) fn canonical(raw: &str) -> String {
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
