//! Numbers, dates, times, amounts and addresses of a text, in a form that can be compared.

mod address;
mod date;
mod length;
mod list;
mod money;
mod number;
mod saying;
mod spelled;
mod support;
mod time;
mod token;

use std::ops::Range;

use redact::Locale;

use crate::guard::Code;
use crate::guard::words::{Currency, Unit};

pub(super) use support::{From, Support};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) at: Range<usize>,
    what: What,
    /// Another way to read it: `12.3.` is a day or a number, the `9` of `9 to 18 h` a time or a number.
    also: Option<What>,
    /// Whether a draft claims something with it. An article or the number of a list item claims nothing, but may hold
    /// what another text claims.
    claims: bool,
    /// Whether it is a length that may be said in another unit: 14 days are two weeks, 14 working days are not.
    exact: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// Digits without separators of thousands, the fraction without trailing zeros.
    Number(String, Option<Unit>),
    /// An amount, as a number is written.
    Price(String, Option<Currency>),
    /// Minutes since midnight, and whether the half of the day is known.
    Time(u32, bool),
    Date(Day),
    /// A day of a month that is not named.
    DayOfMonth(u32),
    /// A weekday from Monday = 0, or 7 for tomorrow, 8 for the day after, 9 for tonight.
    Weekday(u32),
    /// Scheme where one stands, and the rest in normal form.
    Url(Option<String>, String),
    Email(String),
}

/// A day of a year; the year and the weekday where they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Day {
    day: u32,
    month: u32,
    year: Option<i32>,
    weekday: Option<u32>,
}

impl Value {
    fn new(at: Range<usize>, what: What) -> Self {
        Self {
            at,
            what,
            also: None,
            claims: true,
            exact: false,
        }
    }

    pub(super) fn code(&self) -> Code {
        match self.what {
            What::Number(..) | What::Time(..) | What::DayOfMonth(_) => Code::Number,
            What::Price(..) => Code::Price,
            What::Date(_) | What::Weekday(_) => Code::Date,
            What::Url(..) => Code::Url,
            What::Email(_) => Code::Email,
        }
    }

    pub(super) fn claims(&self) -> bool {
        self.claims
    }

    /// Whether a question that states nothing may name it: a weekday (`would Saturday do?`), or how many of a few
    /// (`is one missing, or two?`).
    pub(super) fn may_be_asked(&self, text: &str) -> bool {
        let written = text.get(self.at.clone()).unwrap_or_default();
        match &self.what {
            What::Weekday(_) => true,
            What::Number(n, None) => {
                matches!(n.as_str(), "1" | "2" | "3") && written.starts_with(char::is_alphabetic)
            }
            _ => false,
        }
    }

    /// Whether it is a number of any kind, not an address.
    pub(super) fn is_number(&self) -> bool {
        !matches!(self.what, What::Url(..) | What::Email(_))
    }

    /// The host of an address.
    pub(super) fn host(&self) -> Option<&str> {
        match &self.what {
            What::Url(_, rest) => rest.split(['/', '?', '#', ':']).next(),
            What::Email(email) => email.split('@').nth(1),
            _ => None,
        }
    }

    fn readings(&self) -> impl Iterator<Item = &What> {
        std::iter::once(&self.what).chain(self.also.as_ref())
    }
}

/// Whether a folded word is a number.
pub(super) fn is_number_word(folded: &str, locale: Locale) -> bool {
    spelled::word(folded, locale).is_some()
}

/// The values of a text in order.
pub(super) fn values(text: &str, locale: Locale) -> Vec<Value> {
    let mut out = Vec::new();
    let plain = address::take(text, &mut out);
    let tokens = number::merged(token::tokens(&plain), &plain, locale);
    let mut found: Vec<(usize, usize, Value)> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let rest = tokens.get(at..).unwrap_or_default();
        let read = date::read(rest, &plain, locale)
            .or_else(|| length::read(rest))
            .or_else(|| time::quarters(&tokens, at, locale))
            .or_else(|| time::read(rest, locale))
            .or_else(|| money::read(rest))
            .or_else(|| number::read(&tokens, at, &plain));
        match read {
            Some((values, used)) => {
                found.extend(values.into_iter().map(|value| (at, at + used, value)));
                at += used.max(1);
            }
            None => at += 1,
        }
    }
    number::share_units(&mut found, &tokens, &plain);
    time::hours_told(&mut found, &tokens, locale);
    list::count_items(&mut found, &tokens, &plain);
    out.extend(found.into_iter().map(|(_, _, value)| value));
    saying::take(&mut out, &plain, locale);
    out.sort_by_key(|value| value.at.start);
    out
}

#[cfg(test)]
mod tests;
