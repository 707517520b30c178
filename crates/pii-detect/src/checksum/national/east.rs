//! Bulgaria, Romania, Croatia, Slovenia, and the United States.

use crate::checksum::iso7064::mod11_10;
use crate::checksum::sums::{at, date, part, two, weighted};

/// Bulgarian EGN: birth date with the century in the month, weights 2 4 8 5 10 9 7 3 6 (GRAO).
pub(crate) fn bg_egn(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[2, 4, 8, 5, 10, 9, 7, 3, 6])?;
    let (year, month) = (two(text, 0)?, two(text, 2)?);
    let (century, month) = match month {
        21..=32 => (1800, month - 20),
        41..=52 => (2000, month - 40),
        month => (1900, month),
    };
    Some(date(century + year, month, two(text, 4)?) && at(text, 9)? == sum % 11 % 10)
}

/// Bulgarian number of a foreigner: weights 21 19 17 13 11 9 7 3 1, modulo 10.
pub(crate) fn bg_pnf(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[21, 19, 17, 13, 11, 9, 7, 3, 1])?;
    Some(at(text, 9)? == sum % 10)
}

/// Bulgarian number of an organisation (EIK, Bulstat): nine digits, or thirteen for a branch.
pub(crate) fn bg_eik(text: &[u8]) -> Option<bool> {
    let mut rest = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8])? % 11;
    if rest == 10 {
        rest = weighted(text, &[3, 4, 5, 6, 7, 8, 9, 10])? % 11 % 10;
    }
    let nine = part(text, 0, 9)? > 0 && at(text, 8)? == rest;
    if text.len() == 9 {
        return Some(nine);
    }
    let tail = text.get(8..)?;
    let mut rest = weighted(tail, &[2, 7, 3, 5])? % 11;
    if rest == 10 {
        rest = weighted(tail, &[4, 9, 5, 7])? % 11 % 10;
    }
    Some(nine && at(text, 12)? == rest)
}

/// Bulgarian VAT number of ten digits: of a person, a foreigner, or weights 4 3 2 7 6 5 4 3 2 (NRA).
pub(crate) fn bg_vat(text: &[u8]) -> Option<bool> {
    if text.len() == 9 {
        return bg_eik(text);
    }
    let sum = weighted(text, &[4, 3, 2, 7, 6, 5, 4, 3, 2])?;
    Some(bg_egn(text)? || bg_pnf(text)? || (11 - sum % 11) % 11 == at(text, 9)?)
}

/// Romanian CNP: sex and century, date, county, number, weights 279146358279 (Law 105/1996).
pub(crate) fn ro_cnp(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9])?;
    // What a resident's first digit leaves open, the check digit has to settle.
    let centuries: &[u32] = match at(text, 0)? {
        1 | 2 => &[1900],
        3 | 4 => &[1800],
        5 | 6 => &[2000],
        7..=9 => &[1900, 2000],
        _ => return Some(false),
    };
    // Counties and sectors of Bucharest, and codes for births at missions abroad; sources differ on 48.
    let county = matches!(two(text, 7)?, 1..=48 | 51 | 52 | 70 | 80..=83);
    let (year, month, day) = (two(text, 1)?, two(text, 3)?, two(text, 5)?);
    let born = centuries
        .iter()
        .any(|century| date(century + year, month, day));
    let check = match sum % 11 {
        10 => 1,
        rest => rest,
    };
    Some(county && born && at(text, 12)? == check)
}

/// Romanian CUI: up to nine digits and a check, weights 753217532 from the right (Law 359/2004).
pub(crate) fn ro_cui(text: &[u8]) -> Option<bool> {
    const WEIGHTS: [u32; 9] = [7, 5, 3, 2, 1, 7, 5, 3, 2];
    let body = text.len().checked_sub(1)?;
    let weights = WEIGHTS.get(WEIGHTS.len().checked_sub(body)?..)?;
    let sum = weighted(text, weights)?;
    Some(at(text, 0)? > 0 && at(text, body)? == sum * 10 % 11 % 10)
}

/// Croatian OIB: ISO 7064 MOD 11,10 (Law on the personal identification number, NN 60/08).
pub(crate) fn hr_oib(text: &[u8]) -> Option<bool> {
    mod11_10(text)
}

/// Slovenian EMSO, and JMBG of the other heirs of Yugoslavia: date, register, number, weights 7 6 5 4 3 2.
pub(crate) fn si_emso(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])?;
    // Three digits of the year: nobody alive was born before 1900.
    let millennium = match at(text, 4)? {
        9 => 1000,
        0 => 2000,
        _ => return Some(false),
    };
    let year = millennium + u32::try_from(part(text, 4, 7)?).ok()?;
    let born = date(year, two(text, 2)?, two(text, 0)?);
    Some(born && at(text, 12)? == (11 - sum % 11) % 11 % 10)
}

/// Slovenian tax number: weights 8 to 2, modulo 11 (ZDavP-2).
pub(crate) fn si_tax(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[8, 7, 6, 5, 4, 3, 2])?;
    let check = 11 - sum % 11;
    Some(at(text, 0)? > 0 && check != 11 && at(text, 7)? == check % 10)
}

/// Social security number of the United States: areas, groups and serials that are never given out (SSA, POMS
/// RM 10201).
pub(crate) fn us_ssn(text: &[u8]) -> Option<bool> {
    let area = part(text, 0, 3)?;
    // Withdrawn: the sample card sold with wallets (1938), the one in a pamphlet (1940), the one of an advertisement.
    let withdrawn = matches!(text, b"078051120" | b"219099999" | b"457555462");
    let given = !matches!(area, 0 | 666 | 900..) && part(text, 3, 5)? > 0 && part(text, 5, 9)? > 0;
    Some(given && !withdrawn)
}

/// Individual and adoption taxpayer numbers: 9, and groups 50 to 65, 70 to 88, 90 to 92, 94 to 99; 93 for adoptions
/// (IRS Publication 4757).
pub(crate) fn us_itin(text: &[u8]) -> Option<bool> {
    let group = part(text, 3, 5)?;
    Some(at(text, 0)? == 9 && matches!(group, 50..=65 | 70..=88 | 90..=99))
}

/// Employer number of the United States: campus prefixes in use (IRS, "How EINs are assigned").
pub(crate) fn us_ein(text: &[u8]) -> Option<bool> {
    let campus = part(text, 0, 2)?;
    let never =
        matches!(campus, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97);
    Some(!never)
}
