//! Germany, Austria, Poland, Czechia, Slovakia, Hungary.

use crate::checksum::iso7064::mod11_10;
use crate::checksum::sums::{alnum, at, date, digit, luhn, part, two, weighted};

/// German tax id: ISO 7064 MOD 11,10, and of the first ten digits one stands there twice or three times, the others
/// once at most (section 139b AO, StIdV; BZSt).
pub(crate) fn de_idnr(text: &[u8]) -> Option<bool> {
    let mut counts = [0u8; 10];
    for i in 0..10 {
        let slot = counts.get_mut(usize::try_from(at(text, i)?).ok()?)?;
        *slot += 1;
    }
    let repeated = counts.iter().filter(|c| **c > 1).count();
    let most = counts.iter().copied().max()?;
    Some(at(text, 0)? > 0 && repeated == 1 && most <= 3 && mod11_10(text)?)
}

/// German pension insurance number: area, birth date, letter, number, check (VKVV section 4).
pub(crate) fn de_rvnr(text: &[u8]) -> Option<bool> {
    const WEIGHTS: [u32; 12] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let letter = alnum(*text.get(8)?)? - 9;
    let mut digits = [0; 12];
    for (slot, i) in digits.iter_mut().zip(0..12usize) {
        *slot = match i {
            0..8 => at(text, i)?,
            8 => letter / 10,
            9 => letter % 10,
            _ => at(text, i - 1)?,
        };
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(d, w)| d * w / 10 + d * w % 10)
        .sum();
    let day = two(text, 2)?;
    // Days above 50 were given where two people shared the number.
    let born = matches!(two(text, 4)?, 0..=12) && matches!(day, 0..=31 | 51..=81);
    Some(born && at(text, 11)? == sum % 10)
}

/// German health insurance number: a letter and eight digits, weights 1 and 2 (section 290 SGB V).
pub(crate) fn de_kvnr(text: &[u8]) -> Option<bool> {
    let letter = alnum(*text.first()?)? - 9;
    let mut sum = letter / 10;
    let twice = |d: u32| if d > 4 { 2 * d - 9 } else { 2 * d };
    sum += twice(letter % 10);
    for i in 1..9 {
        let d = at(text, i)?;
        sum += if i % 2 == 0 { twice(d) } else { d };
    }
    Some(at(text, 9)? == sum % 10)
}

/// Nine letters and digits and the check digit of machine readable papers: weights 7 3 1 (ICAO Doc 9303-3, 4.9);
/// German identity cards and passports use no vowels.
pub(crate) fn icao(text: &[u8]) -> Option<bool> {
    let mut sum = 0;
    for (b, weight) in text.iter().take(9).zip([7, 3, 1].into_iter().cycle()) {
        sum += alnum(*b)? * weight;
    }
    Some(at(text, 9)? == sum % 10)
}

/// Austrian social insurance number: the fourth digit checks, months 13 to 15 stand for unknown days (ASVG section 31).
pub(crate) fn at_svnr(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6])?;
    let (day, month) = (two(text, 4)?, two(text, 6)?);
    let born = date(two(text, 8)?, month, day) || matches!(month, 13..=15) && matches!(day, 1..=31);
    Some(at(text, 0)? > 0 && born && sum % 11 == at(text, 3)?)
}

/// Austrian tax number: Luhn over nine digits (BMF).
pub(crate) fn at_tin(text: &[u8]) -> Option<bool> {
    Some(luhn(text) && part(text, 0, 9)? > 0)
}

/// Polish PESEL: birth date with the century in the month, weights 1 3 7 9 (Act of 24 September 2010).
pub(crate) fn pl_pesel(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3])?;
    let (year, month) = (two(text, 0)?, two(text, 2)?);
    let century = match month / 20 {
        0 => 1900,
        1 => 2000,
        2 => 2100,
        3 => 2200,
        _ => 1800,
    };
    let born = date(century + year, month % 20, two(text, 4)?);
    Some(born && at(text, 10)? == (10 - sum % 10) % 10)
}

/// Polish NIP: weights 6 5 7 2 3 4 5 6 7, modulo 11 (Act of 13 October 1995).
pub(crate) fn pl_nip(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[6, 5, 7, 2, 3, 4, 5, 6, 7])?;
    Some(sum > 0 && at(text, 9)? == sum % 11)
}

/// Polish REGON of nine or fourteen digits (GUS).
pub(crate) fn pl_regon(text: &[u8]) -> Option<bool> {
    let nine = weighted(text, &[8, 9, 2, 3, 4, 5, 6, 7])?;
    let good = nine > 0 && at(text, 8)? == nine % 11 % 10;
    if text.len() == 9 {
        return Some(good);
    }
    let all = weighted(text, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8])?;
    Some(good && at(text, 13)? == all % 11 % 10)
}

/// Polish identity card: three letters, a check digit, five digits; weights 7 3 1 (MSWiA).
pub(crate) fn pl_card(text: &[u8]) -> Option<bool> {
    const WEIGHTS: [u32; 9] = [7, 3, 1, 0, 7, 3, 1, 7, 3];
    let mut sum = 0;
    for (b, weight) in text.iter().zip(WEIGHTS) {
        sum += alnum(*b)? * weight;
    }
    Some(at(text, 3)? == sum % 10)
}

/// Czech and Slovak birth number: date, months plus 50 for women, plus 20 where a day ran out; ten digits divisible
/// by 11, or once a rest of ten before a 0; nine digits until 1953 (Act 133/2000 Sb.).
pub(crate) fn cz_rc(text: &[u8]) -> Option<bool> {
    let (year, month) = (two(text, 0)?, two(text, 2)? % 50);
    if text.len() == 9 {
        return Some(year < 54 && date(1900 + year, month, two(text, 4)?) && part(text, 6, 9)? > 0);
    }
    let year = if year < 54 { 2000 + year } else { 1900 + year };
    let month = if month > 20 && year > 2003 {
        month - 20
    } else {
        month
    };
    let checked = part(text, 0, 9)? % 11 % 10 == part(text, 9, 10)?;
    Some(date(year, month, two(text, 4)?) && checked)
}

/// Czech and Slovak number of an organisation (ICO): weights 8 to 2, modulo 11.
pub(crate) fn cz_ico(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[8, 7, 6, 5, 4, 3, 2])?;
    let check = (11 - sum % 11) % 10;
    Some(sum > 0 && at(text, 7)? == check)
}

/// Slovak VAT number and IC DPH: ten digits divisible by 11 (Act 222/2004 Z.z.).
pub(crate) fn sk_dph(text: &[u8]) -> Option<bool> {
    let form = at(text, 0)? > 0 && matches!(at(text, 2)?, 2 | 3 | 4 | 7 | 8 | 9);
    Some(form && part(text, 0, 10)? % 11 == 0)
}

/// Hungarian tax number of an organisation: eight digits checked with 9 7 3 1, then kind of taxation and county
/// (Act CL of 2017).
pub(crate) fn hu_tax(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[9, 7, 3, 1, 9, 7, 3, 1])?;
    let tail = text.len() == 8
        || matches!(at(text, 8)?, 1..=5) && matches!(two(text, 9)?, 2..=20 | 22..=44 | 51);
    Some(sum > 0 && sum % 10 == 0 && tail)
}

/// Hungarian tax id of a person: an 8, days since 1867, number, check (Act XX of 1996).
pub(crate) fn hu_person_tax(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9])?;
    Some(at(text, 0)? == 8 && sum % 11 == at(text, 9)?)
}

/// Hungarian social security number (TAJ): weights 3 and 7 (Act XX of 1996).
pub(crate) fn hu_taj(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 7, 3, 7, 3, 7, 3, 7])?;
    Some(sum > 0 && sum % 10 == at(text, 8)?)
}

/// Hungarian personal number: sex and century, birth date, number, check; the weights turned round in 1997 (Act XX of
/// 1996).
pub(crate) fn hu_person(text: &[u8]) -> Option<bool> {
    let up = weighted(text, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])?;
    let down = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1])?;
    let born = date(two(text, 1)?, two(text, 3)?, two(text, 5)?) && at(text, 0)? > 0;
    let last = at(text, 10)?;
    let new = at(text, 0)? > 2;
    Some(born && (up % 11 == last || new && down % 11 == last))
}

/// Whether every character is one German papers use.
pub(crate) fn de_card(text: &[u8]) -> Option<bool> {
    let letters = |b: &u8| b"CFGHJKLMNPRTVWXYZ".contains(b) || digit(*b).is_some();
    Some(text.iter().all(letters) && icao(text)?)
}
