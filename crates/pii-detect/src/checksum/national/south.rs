//! Spain, Portugal, Italy, Greece, Cyprus, Malta.

use crate::checksum::sums::{alnum, at, date, digit, luhn, luhn_sum, part, two, weighted};

/// Spanish DNI and NIE, and the NIF K, L, M of those without: 8 digits, or a letter and 7, and a letter chosen by the
/// rest of 23 (Real Decreto 1553/2005, Orden INT/2058/2008).
pub(crate) fn es_dni(text: &[u8]) -> Option<bool> {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let number = match *text.first()? {
        b'X' | b'K' | b'L' | b'M' => part(text, 1, 8)?,
        b'Y' => 10_000_000 + part(text, 1, 8)?,
        b'Z' => 20_000_000 + part(text, 1, 8)?,
        b'0'..=b'9' => part(text, 0, 8)?,
        _ => return Some(false),
    };
    let index = usize::try_from(number % 23).ok()?;
    Some(text.get(8) == LETTERS.get(index))
}

/// Spanish NIF of an organisation: Luhn's rule gives a digit or the letter of that place (Orden EHA/451/2008).
pub(crate) fn es_cif(text: &[u8]) -> Option<bool> {
    let first = *text.first()?;
    if !b"ABCDEFGHJNPQRSUVW".contains(&first) {
        return Some(false);
    }
    let mut sum = 0;
    for i in 1..8 {
        let d = at(text, i)?;
        sum += match (i % 2, d) {
            (1, d) if d > 4 => 2 * d - 9,
            (1, d) => 2 * d,
            (_, d) => d,
        };
    }
    let check = (10 - sum % 10) % 10;
    let letter = if check == 0 {
        u32::from(b'J')
    } else {
        u32::from(b'A') + check - 1
    };
    let last = *text.get(8)?;
    Some(digit(last).map_or(u32::from(last) == letter, |d| d == check))
}

/// Spanish social security number: province, number, and the rest of 97 (Orden TAS, NAF/NUSS).
pub(crate) fn es_nss(text: &[u8]) -> Option<bool> {
    let (province, number) = (part(text, 0, 2)?, part(text, 2, 10)?);
    // Below ten millions the number is written behind the province without its leading zero.
    let whole = if number < 10_000_000 {
        province * 10_000_000 + number
    } else {
        province * 100_000_000 + number
    };
    Some((1..=66).contains(&province) && whole % 97 == part(text, 10, 12)?)
}

/// Portuguese NIF: weights 9 to 2, a rest below 2 gives 0 (Decreto-Lei 14/2013).
pub(crate) fn pt_nif(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2])?;
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    Some(at(text, 0)? > 0 && at(text, 8)? == check)
}

/// Portuguese citizen card: Luhn's rule over letters and digits (AMA, "Validacao de numero de documento").
pub(crate) fn pt_cc(text: &[u8]) -> Option<bool> {
    let mut sum = 0;
    for (i, b) in text.iter().rev().enumerate() {
        let value = alnum(*b)? * if i % 2 == 1 { 2 } else { 1 };
        sum += if i % 2 == 1 && value > 9 {
            value - 9
        } else {
            value
        };
    }
    Some(sum % 10 == 0)
}

/// Portuguese NISS: weights of the first ten primes, backwards (Seguranca Social).
pub(crate) fn pt_niss(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2])?;
    Some(matches!(at(text, 0)?, 1 | 2) && at(text, 10)? == 9 - sum % 10)
}

/// Italian codice fiscale: form and check letter (D.M. 23 December 1976).
pub(crate) fn it_cf(text: &[u8]) -> Option<bool> {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    if !it_cf_form(text)? {
        return Some(false);
    }
    let mut sum = 0;
    for (i, b) in text.iter().take(15).enumerate() {
        // Digits count as the letters of their place.
        let value = alnum(*b)?;
        let value = if value < 10 { value } else { value - 10 };
        sum += if i % 2 == 0 {
            ODD.get(usize::try_from(value).ok()?).copied()?
        } else {
            value
        };
    }
    Some(u32::from(*text.get(15)?) == u32::from(b'A') + sum % 26)
}

/// The form of a codice fiscale alone: six letters, two digits, a month letter, and so on.
pub(crate) fn it_cf_form(text: &[u8]) -> Option<bool> {
    // Digits may be replaced by letters where two persons would share a code (omocodia).
    let digit_like = |b: &u8| b.is_ascii_digit() || b"LMNPQRSTUV".contains(b);
    Some(text.iter().enumerate().all(|(i, b)| match i {
        6 | 7 | 9 | 10 | 12 | 13 | 14 => digit_like(b),
        8 => b"ABCDEHLMPRST".contains(b),
        _ => b.is_ascii_uppercase(),
    }))
}

/// Italian partita IVA: Luhn, and the province of the office (D.P.R. 633/1972).
pub(crate) fn it_piva(text: &[u8]) -> Option<bool> {
    let office = part(text, 7, 10)?;
    let known = matches!(office, 1..=100 | 120 | 121 | 888 | 999);
    Some(known && luhn(text) && part(text, 0, 7)? > 0)
}

/// Greek AFM: powers of two, modulo 11 (AADE).
pub(crate) fn gr_afm(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[256, 128, 64, 32, 16, 8, 4, 2])?;
    Some(sum > 0 && at(text, 8)? == sum % 11 % 10)
}

/// Greek AMKA: birth date, number, Luhn (Law 3655/2008).
pub(crate) fn gr_amka(text: &[u8]) -> Option<bool> {
    Some(date(two(text, 4)?, two(text, 2)?, two(text, 0)?) && luhn_sum(text)? % 10 == 0)
}

/// Cypriot tax code: digits at odd places have values of their own, modulo 26 (Tax Department).
pub(crate) fn cy_tic(text: &[u8]) -> Option<bool> {
    const ODD: [u32; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let mut sum = 0;
    for i in 0..8 {
        let d = at(text, i)?;
        sum += if i % 2 == 0 {
            ODD.get(usize::try_from(d).ok()?).copied()?
        } else {
            d
        };
    }
    let last = u32::from(*text.get(8)?);
    Some(!text.starts_with(b"12") && last == u32::from(b'A') + sum % 26)
}

/// Maltese identity card: seven digits and a letter for the register (Identity Malta); no check digit.
pub(crate) fn mt_id(text: &[u8]) -> Option<bool> {
    Some(b"MGAPLHBZ".contains(text.get(7)?))
}
