//! Canonical forms: two spellings of one value become one text, so that one person gets one tag and one
//! index term.
//!
//! A canonical form is for comparing, never for showing: it may lose accents, case and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::kind::Kind;
use crate::locale::Locale;

/// The canonical form of a value of the kind.
///
/// ```
/// use pii_detect::{Kind, canonical};
/// assert_eq!(canonical::of(Kind::Order, "ord-2031 b"), "ORD2031B");
/// ```
#[must_use]
pub fn of(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Person => name(value),
        Kind::Email => email(value),
        Kind::Phone => phone(value),
        Kind::Card => digits(value),
        Kind::Iban
        | Kind::Id
        | Kind::Order
        | Kind::Tracking
        | Kind::CustomerId
        | Kind::Postcode => order(value),
        Kind::Url => url(value),
        Kind::Username => email(value).trim_start_matches('@').to_owned(),
        // Case and every character of a secret count.
        Kind::Secret => value.trim().to_owned(),
        _ => words(value),
    }
}

/// E-mail: NFKC, lower case, obfuscations such as ` (at) ` undone.
///
/// The local part is folded as well: no mail service in wide use tells `Zoe@` from `zoe@`.
///
/// ```
/// use pii_detect::canonical::email;
/// assert_eq!(email("Zoe.Quirk@Example.ORG"), "zoe.quirk@example.org");
/// assert_eq!(email("zoe (at) example dot org"), "zoe@example.org");
/// ```
#[must_use]
pub fn email(value: &str) -> String {
    let value = value.trim();
    let value = value
        .get(..7)
        .filter(|head| head.eq_ignore_ascii_case("mailto:"))
        .and_then(|_| value.get(7..))
        .unwrap_or(value);
    let folded: String = value.nfkc().flat_map(char::to_lowercase).collect();
    if !folded.contains(char::is_whitespace) && folded.contains('@') {
        return folded;
    }
    let bare = |word: &str| {
        word.trim_matches(['(', ')', '[', ']', '{', '}', '<', '>'])
            .to_owned()
    };
    folded
        .split_whitespace()
        .map(|word| match bare(word).as_str() {
            "at" | "arobase" | "chiocciola" | "arroba" | "apenstaartje" => "@".to_owned(),
            "dot" | "punkt" | "point" | "punto" | "punt" | "ponto" => ".".to_owned(),
            other => other.to_owned(),
        })
        .collect()
}

/// Name: NFKC, lower case, accents folded, every run of other signs one space.
///
/// ```
/// use pii_detect::canonical::name;
/// assert_eq!(name("Zo\u{eb}  Quirk-Stra\u{df}er"), "zoe quirk strasser");
/// ```
#[must_use]
pub fn name(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            fold_into(c, &mut out);
        } else if !matches!(c, '\'' | '\u{2019}') && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim().to_owned()
}

fn fold_into(c: char, out: &mut String) {
    match c {
        '\u{df}' | '\u{1e9e}' => out.push_str("ss"),
        '\u{e6}' | '\u{c6}' => out.push_str("ae"),
        '\u{153}' | '\u{152}' => out.push_str("oe"),
        '\u{f8}' | '\u{d8}' => out.push('o'),
        '\u{142}' | '\u{141}' => out.push('l'),
        '\u{111}' | '\u{110}' => out.push('d'),
        _ => out.extend(c.to_lowercase()),
    }
}

/// Phone number as it was written: its digits, `+` before them where the country code stands there.
///
/// Without a country nothing more can be said; see [`phone_in`].
///
/// ```
/// use pii_detect::canonical::phone;
/// assert_eq!(phone("0033 (0)6 12 34 56 78"), "+33612345678");
/// assert_eq!(phone("06.12.34.56.78"), "0612345678");
/// ```
#[must_use]
pub fn phone(value: &str) -> String {
    let value = value.trim();
    let plus = value.starts_with('+') || value.starts_with("(+");
    // "+33 (0)6": the trunk zero is not dialled behind a country code.
    let without_trunk = value.replace("(0)", "");
    let number = digits(&without_trunk);
    if plus {
        return format!("+{number}");
    }
    match number.strip_prefix("00") {
        Some(rest) if rest.len() >= 8 => format!("+{rest}"),
        _ => digits(value),
    }
}

/// Phone number in E.164 form, read as a number of the countries where the language is spoken.
///
/// Falls back to [`phone`] where no such country has the number, and without the feature `phones`.
///
/// ```
/// # #[cfg(feature = "phones")] {
/// use pii_detect::{Locale, canonical::phone_in};
/// assert_eq!(phone_in("06 12 34 56 78", Locale::French), "+33612345678");
/// # }
/// ```
#[must_use]
pub fn phone_in(value: &str, locale: Locale) -> String {
    crate::phone::e164(value, Some(locale)).unwrap_or_else(|| phone(value))
}

/// Order, tracking, customer and other numbers: upper-case letters and digits alone.
///
/// ```
/// use pii_detect::canonical::order;
/// assert_eq!(order("#ord-20 31/b"), "ORD2031B");
/// ```
#[must_use]
pub fn order(value: &str) -> String {
    value
        .nfkc()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}

/// Web address: scheme, `www.` and the last slash dropped, host in lower case.
fn url(value: &str) -> String {
    let value = value.trim();
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let (host, path) = rest
        .find(['/', '?', '#'])
        .map_or((rest, ""), |at| rest.split_at(at));
    let host: String = host.nfkc().flat_map(char::to_lowercase).collect();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}{}", path.trim_end_matches('/'))
}

fn digits(value: &str) -> String {
    value.nfkc().filter(char::is_ascii_digit).collect()
}

/// NFKC, lower case, every run of white space one space.
fn words(value: &str) -> String {
    let folded: String = value.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
