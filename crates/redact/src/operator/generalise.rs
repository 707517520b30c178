//! Values made coarser, so that many people share them. What cannot be made coarser without inventing a fact is dropped.
//!
//! | kind | becomes | after |
//! |-|-|-|
//! | date | month or year; a year its decade | HIPAA Safe Harbor, 45 CFR 164.514(b)(2)(i)(C): years stay |
//! | age | its decade; from 90 on one band | the same: ages over 89 are one category |
//! | postcode | two of five or more digits, one of fewer, the letters of a British area | coarser than the same (B): three digits where more than 20,000 people live there; which country it is need not be known |
//! | town, address that ends in one | the country, where the crate's table of large towns has it | the same: no unit smaller than a state |
//! | amount | a range in steps of 1, 2, 5, 10 | |
//! | IP address | its /24 or /48 | usual in web analytics |
//! | everything else | nothing | |
//!
//! That is generalisation, one half of k-anonymity (Samarati and Sweeney 1998). The other half, that at least k people
//! share a combination, cannot be seen in one text, and is not claimed.
//!
//! Every form is written so that no value of its kind looks like it: a value that stands in the text is never the edge
//! of a band by accident (`30s`, `100-200 (EUR)`, `192.0.2.x/24`).

use std::net::IpAddr;

use pii_detect::Kind;

use super::date::Date;
use crate::tag::TagKind;

static TOWNS: &str = include_str!("../../data/towns.txt");

/// How coarse a date becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Granularity {
    /// Month and year.
    Month,
    /// The year.
    #[default]
    Year,
}

/// Coarser forms of a value, finest first; none where nothing is known.
pub(crate) fn coarser(kind: &TagKind, value: &str, dates: Granularity) -> Vec<String> {
    let one = |form: Option<String>| form.into_iter().collect();
    match kind.kind() {
        Some(Kind::Date) => Date::read(value)
            .map(|date| date.coarser(dates == Granularity::Month))
            .unwrap_or_default(),
        Some(Kind::Age) => one(age(value)),
        Some(Kind::Postcode) => one(postcode(value)),
        Some(Kind::Location) => one(country(value)),
        Some(Kind::Address) => one(value.rsplit([',', '\n']).next().and_then(country)),
        Some(Kind::Amount) => one(amount(value)),
        Some(Kind::Ip) => one(network(value)),
        _ => Vec::new(),
    }
}

fn age(value: &str) -> Option<String> {
    let mut runs = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty());
    let years: u32 = runs.next()?.parse().ok()?;
    let lower = value.to_lowercase();
    let months = ["month", "mois", "monat", "mes", "maand"]
        .iter()
        .any(|unit| lower.contains(unit));
    if runs.next().is_some() || months || years > 130 {
        return None;
    }
    Some(match years {
        0..=9 => "under 10".to_owned(),
        90.. => "90s+".to_owned(),
        _ => format!("{}0s", years / 10),
    })
}

fn postcode(value: &str) -> Option<String> {
    let value = value.trim();
    // "D-69117", "LV-1050": the country is said, and stays outside.
    let code = match value.split_once('-') {
        Some((country, rest))
            if country.len() <= 3 && country.bytes().all(|b| b.is_ascii_alphabetic()) =>
        {
            rest
        }
        _ => value,
    };
    let letters: String = code
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .take(2)
        .collect();
    if !letters.is_empty() {
        return Some(format!("{}***", letters.to_uppercase()));
    }
    let digits: Vec<char> = code.chars().filter(char::is_ascii_digit).collect();
    let shown = if digits.len() >= 5 { 2 } else { 1 };
    let shown: String = digits.iter().take(shown).collect();
    (digits.len() >= 3).then(|| format!("{shown}***"))
}

/// The country of a large town, as ISO 3166-1 alpha-2.
fn country(value: &str) -> Option<String> {
    let town = value
        .trim_matches(|c: char| !c.is_alphabetic())
        .to_lowercase();
    TOWNS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(": "))
        .find(|(_, towns)| towns.split(' ').any(|t| t == town))
        .map(|(country, _)| country.to_owned())
}

fn amount(value: &str) -> Option<String> {
    let is_part = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '.' | ',' | '\'' | '\u{2019}' | ' ' | '\u{a0}' | '\u{202f}'
            )
    };
    let start = value.find(|c: char| c.is_ascii_digit())?;
    let end = value.rfind(|c: char| c.is_ascii_digit())? + 1;
    let number = value.get(start..end)?;
    if !number.chars().all(is_part) {
        return None;
    }
    let whole = match number.rfind(['.', ',']) {
        Some(at) if number.len() - at <= 3 => number.get(..at)?,
        _ => number,
    };
    let whole: u64 = whole
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .ok()?;
    let before = value.get(..start)?.trim();
    let after = value.get(end..)?.trim();
    let code = match (currency(before), currency(after)) {
        (Some(code), None) if after.is_empty() || after == "-" => code,
        (None, Some(code)) if before.is_empty() => code,
        _ => return None,
    };
    if whole < 10 {
        return Some(format!("under 10 ({code})"));
    }
    let mut step = 1_u64;
    while whole / step >= 10 {
        step = step.checked_mul(10)?;
    }
    let (low, high) = match whole / step {
        1 => (1, 2),
        2..=4 => (2, 5),
        _ => (5, 10),
    };
    Some(format!("{}-{} ({code})", low * step, high * step))
}

fn currency(word: &str) -> Option<&'static str> {
    Some(match word.to_lowercase().as_str() {
        "\u{20ac}" | "eur" | "euro" | "euros" => "EUR",
        "\u{a3}" | "gbp" | "pound" | "pounds" => "GBP",
        "$" | "us$" | "usd" | "dollar" | "dollars" => "USD",
        "chf" | "fr." | "sfr." => "CHF",
        "pln" | "z\u{142}" => "PLN",
        "sek" => "SEK",
        "dkk" => "DKK",
        "nok" => "NOK",
        "czk" => "CZK",
        "huf" => "HUF",
        "ron" => "RON",
        _ => return None,
    })
}

fn network(value: &str) -> Option<String> {
    Some(match value.trim().parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.x/24")
        }
        IpAddr::V6(ip) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:x/48")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finest_form() {
        for (kind, value, expected) in [
            (Kind::Age, "34 years old", "30s"),
            (Kind::Age, "95", "90s+"),
            (Kind::Age, "18 months", ""),
            (Kind::Age, "thirty", ""),
            (Kind::Postcode, "69117", "69***"),
            (Kind::Postcode, "D-69117", "69***"),
            (Kind::Postcode, "1012 AB", "1***"),
            (Kind::Postcode, "SW1A 1AA", "SW***"),
            (Kind::Location, "Lyon", "FR"),
            (Kind::Location, "Kleinkleckersdorf", ""),
            (Kind::Location, "France", ""),
            (Kind::Address, "12 rue Bleue, 69003 Lyon", "FR"),
            (Kind::Address, "12 rue de Lyon", ""),
            (Kind::Amount, "149,90 \u{20ac}", "100-200 (EUR)"),
            (Kind::Amount, "$ 1,234.50", "1000-2000 (USD)"),
            (Kind::Amount, "EUR 4.99", "under 10 (EUR)"),
            (Kind::Amount, "20-30 euros", ""),
            (Kind::Amount, "zwanzig Euro", ""),
            (Kind::Ip, "192.0.2.77", "192.0.2.x/24"),
            (Kind::Ip, "2001:db8:12::7", "2001:db8:12:x/48"),
            (Kind::Email, "zoe@example.org", ""),
            (Kind::Secret, "1234", ""),
        ] {
            let forms = coarser(&kind.into(), value, Granularity::Year);
            assert_eq!(
                forms.first().map_or("", String::as_str),
                expected,
                "{value}"
            );
        }
    }
}
