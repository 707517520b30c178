//! Stand-ins of values that have a form: numbers, addresses of machines, codes.

use std::net::IpAddr;

use pii_detect::{Locale, Scheme};
use zeroize::Zeroizing;

use super::lists::{Range, ranges};
use crate::operator::key::Draw;

/// The value with other letters and digits in the same places.
///
/// It has no meaning, so nothing says that it is nobody's; but nobody can tell whose it would be either.
pub(super) fn shape(value: &str, draw: &mut Draw<'_>) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.len() * 2));
    let mut first = true;
    for c in value.chars() {
        if c.is_numeric() {
            let digit = draw.digit();
            // A leading zero stays one, and none appears: numbers would change their length.
            out.push(match (first, c, digit) {
                (true, '0', _) => '0',
                (true, _, '0') => '1',
                _ => digit,
            });
            first = false;
        } else if c.is_alphabetic() {
            let letter = draw.letter();
            out.push(if c.is_uppercase() {
                letter
            } else {
                letter.to_ascii_lowercase()
            });
            first = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// As [`shape`], digits alone: what stands around an amount has a meaning.
pub(super) fn digits(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    let mut out = Zeroizing::new(String::with_capacity(value.len()));
    let mut first = true;
    for c in value.chars() {
        if c.is_ascii_digit() {
            let digit = draw.digit();
            out.push(if first && digit == '0' { '1' } else { digit });
            first = false;
        } else {
            out.push(c);
        }
    }
    (!first).then_some(out)
}

/// Another age from 18 to 89: an invented child is nobody's need.
pub(super) fn age(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let years = (18 + draw.below(72)).to_string();
    (digits == 2).then(|| {
        let mut next = years.chars();
        let place = |c: char| {
            if c.is_ascii_digit() {
                next.next().unwrap_or('0')
            } else {
                c
            }
        };
        let mut out = Zeroizing::new(String::with_capacity(value.len()));
        out.extend(value.chars().map(place));
        out
    })
}

/// The value with these digits and letters in the places of its own; the digits alone where their numbers differ.
pub(super) fn grouped(like: &str, compact: &str) -> Zeroizing<String> {
    let places = like.chars().filter(|c| c.is_ascii_alphanumeric()).count();
    if places != compact.len() {
        return Zeroizing::new(compact.to_owned());
    }
    let mut out = Zeroizing::new(String::with_capacity(like.len()));
    let mut next = compact.chars();
    for c in like.chars() {
        if c.is_ascii_alphanumeric() {
            let new = next.next().unwrap_or('0');
            out.push(if c.is_ascii_lowercase() {
                new.to_ascii_lowercase()
            } else {
                new
            });
        } else {
            out.push(c);
        }
    }
    out
}

fn compact(value: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.len()));
    out.extend(
        value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase()),
    );
    out
}

/// A card number that fails the Luhn check (ISO/IEC 7812-1 annex B), so that no card can have it.
///
/// Numbers of the networks' test ranges would pass it; but there are few of them, sandboxes accept them as payment, and
/// a detector could not tell them from a customer's.
pub(super) fn card(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    let count = value.chars().filter(char::is_ascii_digit).count();
    let mut number: Vec<u8> = (0..count)
        .map(|_| u8::try_from(draw.below(10)).unwrap_or_default())
        .collect();
    *number.first_mut()? = u8::try_from(3 + draw.below(3)).unwrap_or(4);
    if luhn(&number) {
        let last = number.last_mut()?;
        *last = (*last + 1) % 10;
    }
    let digits: String = number.iter().map(|d| char::from(b'0' + d)).collect();
    Some(grouped(value, &digits))
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(*digit) * if at % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An IBAN of the same country and form whose check digits are wrong (ISO 13616-1), so that no account can have it.
pub(super) fn iban(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    let own = compact(value);
    let country = own.get(..2)?;
    let account = shape(own.get(4..)?, draw);
    let right = 98 - remainder(&format!("{}{country}00", account.as_str()))?;
    // Any other of the check digits that are given out at all: 02 to 98.
    let wrong = 2 + (right - 2 + 1 + u32::try_from(draw.below(96)).ok()?) % 97;
    Some(grouped(
        value,
        &Zeroizing::new(format!("{country}{wrong:02}{}", account.as_str())),
    ))
}

/// The remainder by 97 of a number whose letters are 10 to 35 (ISO/IEC 7064, MOD 97-10).
fn remainder(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |sum, c| {
        let digit = c.to_digit(36)?;
        Some((sum * if digit > 9 { 100 } else { 10 } + digit) % 97)
    })
}

/// A number that no plan of `pii-detect` takes for one; `None` where this draw made one that some plan takes.
pub(super) fn id(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    let made = shape(value, draw);
    let bare = compact(&made);
    (!Scheme::all().iter().any(|scheme| scheme.valid(&bare))).then_some(made)
}

/// A number of the ranges that regulators keep for fiction, written like the value.
///
/// Of the country that the value names, else of the one where its language is spoken. Spain, Italy, the Netherlands,
/// Portugal and most others keep none: theirs become numbers of the North American plan, in international form.
pub(super) fn phone(
    value: &str,
    form: &str,
    locale: Option<Locale>,
    draw: &mut Draw<'_>,
) -> Option<Zeroizing<String>> {
    let said = form.strip_prefix('+');
    let spoken = match locale.map(Locale::code) {
        Some("en") => "44",
        Some("fr") => "33",
        Some("de") => "49",
        _ => "",
    };
    let of = |country: &str| {
        ranges()
            .iter()
            .filter(|r| r.country == country)
            .collect::<Vec<_>>()
    };
    let country = match said {
        Some(number) => ranges()
            .iter()
            .map(|r| r.country)
            .find(|c| number.starts_with(c))
            .unwrap_or(""),
        None => spoken,
    };
    let (country, international) = if country.is_empty() {
        ("1", true)
    } else {
        (country, false)
    };
    let own = said
        .and_then(|number| number.strip_prefix(country))
        .unwrap_or(form);
    let own = own.trim_start_matches('0');
    let mobile = match country {
        "44" => own.starts_with('7'),
        "33" => own.starts_with(['6', '7']),
        _ => false,
    };
    let all = of(country);
    let fitting: Vec<&&Range> = all.iter().filter(|r| r.mobile == mobile).collect();
    let range = draw.of(&fitting)?;
    let national: String = range
        .national
        .chars()
        .map(|c| if c == '#' { draw.digit() } else { c })
        .collect();
    let written: String = value.chars().filter(char::is_ascii_digit).collect();
    for digits in [
        format!("{country}{national}"),
        format!("00{country}{national}"),
        format!("0{national}"),
        national.clone(),
    ] {
        let same_start = digits.starts_with("00") == written.starts_with("00");
        let trunk = value.contains("(0)");
        let plus = digits.starts_with(country) && digits.len() > national.len() + 1;
        if !international
            && !trunk
            && same_start
            && digits.len() == written.len()
            && plus == value.contains('+')
        {
            return Some(grouped(value, &digits));
        }
    }
    Some(Zeroizing::new(if international || said.is_some() {
        format!("+{country} {national}")
    } else {
        format!("0{national}")
    }))
}

/// An address for documentation: RFC 5737 (IPv4), RFC 3849 (IPv6).
pub(super) fn ip(value: &str, draw: &mut Draw<'_>) -> Option<Zeroizing<String>> {
    Some(Zeroizing::new(
        match value.trim().parse::<IpAddr>().ok()?.to_canonical() {
            IpAddr::V4(_) => {
                let net = draw.of(&["192.0.2", "198.51.100", "203.0.113"])?;
                format!("{net}.{}", 1 + draw.below(254))
            }
            IpAddr::V6(_) => {
                let mut part = || draw.below(0xfffe) + 1;
                format!("2001:db8:{:x}:{:x}::{:x}", part(), part(), part())
            }
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [9; 32];

    #[test]
    fn nobody_has_them() {
        for attempt in 0..500 {
            let mut draw = Draw::new(&KEY, "test", "x", attempt);
            let made = card("4111 1111-1111 1111", &mut draw).unwrap();
            let bare: Vec<u8> = made
                .bytes()
                .filter(u8::is_ascii_digit)
                .map(|b| b - b'0')
                .collect();
            assert!(bare.len() == 16 && !luhn(&bare), "{}", made.as_str());
            assert_eq!((&made[4..5], &made[9..10]), (" ", "-"));
            let made = iban("FR76 3000 6000 0112 3456 7890 189", &mut draw).unwrap();
            let bare = compact(&made);
            assert!(made.starts_with("FR"));
            assert_ne!(
                remainder(&format!("{}{}", &bare[4..], &bare[..4])),
                Some(1),
                "{}",
                made.as_str()
            );
        }
        assert_eq!(remainder("3214282912345698765432161182"), Some(1));
        assert!(luhn(&[4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]));
    }

    #[test]
    fn numbers_of_fiction_in_the_form_of_the_value() {
        for (value, form, locale, expected) in [
            (
                "+33 6 12 34 56 78",
                "+33612345678",
                None,
                "+33 6 39 98 ## ##",
            ),
            (
                "06.12.34.56.78",
                "0612345678",
                Some(Locale::French),
                "06.39.98.##.##",
            ),
            (
                "07700 123456",
                "+447700123456",
                Some(Locale::English),
                "07700 900###",
            ),
            (
                "0044 7911 123456",
                "+447911123456",
                None,
                "0044 7700 900###",
            ),
            (
                "612 345 678",
                "612345678",
                Some(Locale::Spanish),
                "+1 ###55501##",
            ),
        ] {
            let mut draw = Draw::new(&KEY, "test", form, 0);
            let made = phone(value, form, locale, &mut draw).unwrap();
            let fits = made.len() == expected.len()
                && made
                    .chars()
                    .zip(expected.chars())
                    .all(|(a, b)| a == b || b == '#' && a.is_ascii_digit());
            assert!(fits, "{value}: {} is not {expected}", made.as_str());
        }
    }
}
