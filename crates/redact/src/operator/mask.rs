//! Masks: a bounded part of a value, and nothing about its length.
//!
//! At most a third of the characters are shown, whatever the kind allows; the rest is three stars. What is shown:
//!
//! | kind | shown | why |
//! |-|-|-|
//! | card | last four | PCI DSS 4.0, 3.4.1: first six and last four at most; two ends together would be more than a third |
//! | IBAN | last four | as banks do on statements |
//! | e-mail | first letter of the local part, last label of the domain | enough to recognise one's own |
//! | phone | last two digits | |
//! | person | first letter | |
//! | order, tracking, customer number | last two, of long ones last four | |
//! | a tenant's own kind | last two of eight or more | |
//! | anything else: ids, secrets, addresses, special categories ... | nothing | the end of an id is its most telling part |

use pii_detect::{Kind, canonical};
use zeroize::Zeroizing;

use crate::tag::TagKind;

const HIDDEN: &str = "***";

/// The value as it is shown.
pub(super) fn mask(kind: &TagKind, value: &str) -> Zeroizing<String> {
    let shown = match kind.kind() {
        Some(Kind::Card) => tail(value, 4, |c| c.is_ascii_digit()),
        Some(Kind::Iban) => tail(value, 4, |c| c.is_ascii_alphanumeric()),
        Some(Kind::Phone) => tail(value, 2, |c| c.is_ascii_digit()),
        Some(Kind::Order | Kind::Tracking | Kind::CustomerId) => {
            let long = value.chars().filter(|c| c.is_alphanumeric()).count() >= 12;
            tail(value, if long { 4 } else { 2 }, char::is_alphanumeric)
        }
        Some(Kind::Custom) | None if value.chars().filter(|c| c.is_alphanumeric()).count() >= 8 => {
            tail(value, 2, char::is_alphanumeric)
        }
        Some(Kind::Person) => first(value),
        Some(Kind::Email) => email(value),
        _ => None,
    };
    shown.unwrap_or_else(|| Zeroizing::new(HIDDEN.to_owned()))
}

/// Whether so many of the value's characters may be seen.
fn bounded(shown: usize, value: &str) -> bool {
    let all = value.chars().filter(|c| c.is_alphanumeric()).count();
    shown.saturating_mul(3) <= all
}

fn tail(value: &str, count: usize, counts: fn(char) -> bool) -> Option<Zeroizing<String>> {
    if !bounded(count, value) {
        return None;
    }
    let mut last: Vec<char> = value
        .chars()
        .rev()
        .filter(|c| counts(*c))
        .take(count)
        .collect();
    last.reverse();
    let mut out = Zeroizing::new(String::with_capacity(HIDDEN.len() + 4 * count));
    out.push_str(HIDDEN);
    out.extend(last);
    Some(out)
}

fn first(value: &str) -> Option<Zeroizing<String>> {
    let first = value.chars().find(|c| c.is_alphabetic())?;
    bounded(1, value).then(|| Zeroizing::new(format!("{first}{HIDDEN}")))
}

fn email(value: &str) -> Option<Zeroizing<String>> {
    let form = Zeroizing::new(canonical::email(value));
    let (local, domain) = form.rsplit_once('@')?;
    let (_, top) = domain.rsplit_once('.')?;
    // A local part of one or two letters would be shown by its first.
    let first = local
        .chars()
        .next()
        .filter(|c| c.is_alphanumeric() && local.chars().count() > 2);
    let top = bounded(top.chars().count() + 1, &form).then_some(top);
    let first = first
        .filter(|_| bounded(1, &form))
        .map(String::from)
        .unwrap_or_default();
    let top = top.map(|top| format!(".{top}")).unwrap_or_default();
    Some(Zeroizing::new(format!("{first}{HIDDEN}@{HIDDEN}{top}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown() {
        for (kind, value, expected) in [
            (Kind::Card, "4111 1111 1111 1234", "***1234"),
            (Kind::Iban, "FR76 3000 6000 0112 3456 7890 189", "***0189"),
            (Kind::Email, "Zoe.Quirk@Example.org", "z***@***.org"),
            (Kind::Email, "zo@example.org", "***@***.org"),
            (Kind::Email, "zoe@x.eu", "z***@***"),
            (Kind::Phone, "+33 6 12 34 56 78", "***78"),
            (Kind::Person, "Marie Dupont", "M***"),
            (Kind::Person, "Bo", "***"),
            (Kind::Order, "A-17", "***"),
            (Kind::Order, "ORD-20311", "***11"),
            (Kind::Secret, "hunter2hunter2", "***"),
            (Kind::Id, "078-05-1120", "***"),
            (Kind::Art9Health, "diabetes", "***"),
        ] {
            assert_eq!(mask(&kind.into(), value).as_str(), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn never_more_than_a_third(
            value in "[a-z0-9]{0,9}([@. -][a-z0-9\u{e9}]{1,9}){0,4}",
            kind in proptest::sample::select(Kind::ALL.to_vec()),
        ) {
            let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let shown = mask(&kind.into(), &value);
            proptest::prop_assert!(count(&shown) * 3 <= count(&value), "{}", shown.as_str());
            // The stars say nothing of what they stand for.
            proptest::prop_assert!(shown.matches('*').count().is_multiple_of(3) && shown.len() <= 32);
        }
    }
}
