//! Denmark, Sweden, Finland, Norway, Estonia, Latvia, Lithuania.

use crate::checksum::sums::{at, date, luhn, part, two, weighted};

/// Danish CPR: birth date, and modulo 11 for numbers given out before 2007 (CPR-kontoret).
pub(crate) fn dk_cpr(text: &[u8]) -> Option<bool> {
    Some(dk_born(text)? && weighted(text, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1])? % 11 == 0)
}

/// The birth date of a CPR number alone.
pub(crate) fn dk_born(text: &[u8]) -> Option<bool> {
    let year = two(text, 4)?;
    let century = match at(text, 6)? {
        0..=3 => 1900,
        4 | 9 if year >= 37 => 1900,
        5..=8 if year >= 58 => 1800,
        _ => 2000,
    };
    Some(date(century + year, two(text, 2)?, two(text, 0)?))
}

/// Danish CVR: weights 2 7 6 5 4 3 2 1, modulo 11 (Erhvervsstyrelsen).
pub(crate) fn dk_cvr(text: &[u8]) -> Option<bool> {
    Some(at(text, 0)? > 0 && weighted(text, &[2, 7, 6, 5, 4, 3, 2, 1])? % 11 == 0)
}

/// Swedish personal number: date (days plus 60 for coordination numbers) and Luhn over ten digits (Folkbokforingslagen
/// 1991:481, section 18).
pub(crate) fn se_pnr(text: &[u8]) -> Option<bool> {
    let ten = text.get(text.len().checked_sub(10)?..)?;
    let (year, month, day) = (two(ten, 0)?, two(ten, 2)?, two(ten, 4)?);
    let year = if text.len() == 12 {
        let century = two(text, 0)?;
        if !(18..=20).contains(&century) {
            return Some(false);
        }
        100 * century + year
    } else {
        year
    };
    let day = if day > 60 { day - 60 } else { day };
    Some(luhn(ten) && date(year, month, day))
}

/// Swedish number of an organisation: Luhn, the third digit at least 2 (Lag 1974:174).
pub(crate) fn se_org(text: &[u8]) -> Option<bool> {
    Some(at(text, 0)? > 0 && at(text, 2)? >= 2 && luhn(text.get(..10)?))
}

/// Finnish identity code: date, sign of the century, number, and a character chosen by the rest of 31 (DVV).
/// Text without the sign is one that stood with a hyphen.
pub(crate) fn fi_hetu(text: &[u8]) -> Option<bool> {
    const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let number = text.len().checked_sub(4)?;
    let year = two(text, 4)?;
    let century = match text.get(6) {
        Some(b'A'..=b'F') => 2000,
        Some(b'U'..=b'Y' | b'0'..=b'9') => 1900,
        _ => return Some(false),
    };
    let serial = part(text, number, number + 3)?;
    let rest = (part(text, 0, 6)? * 1000 + serial) % 31;
    let born = date(century + year, two(text, 2)?, two(text, 0)?);
    Some(born && serial >= 2 && text.last() == CHECK.get(usize::try_from(rest).ok()?))
}

/// Finnish business id: weights 7 9 10 5 8 4 2, modulo 11 (PRH).
pub(crate) fn fi_business(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[7, 9, 10, 5, 8, 4, 2, 1])?;
    Some(sum > 0 && sum % 11 == 0)
}

/// Norwegian birth number: date and two check digits (Skatteetaten); D numbers add 40 to the day, help numbers 40 to
/// the month, synthetic ones 80 or 65.
pub(crate) fn no_fnr(text: &[u8]) -> Option<bool> {
    let first = weighted(text, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1])?;
    let second = weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])?;
    let (day, month) = (two(text, 0)?, two(text, 2)?);
    let day = if day > 40 { day - 40 } else { day };
    let month = match month {
        41..=52 => month - 40,
        81..=92 => month - 80,
        66..=77 => month - 65,
        month => month,
    };
    let year = two(text, 4)?;
    let serial = part(text, 6, 9)?;
    let century = match serial {
        0..=499 => 1900,
        500..=749 if year >= 54 => 1800,
        900..=999 if year >= 40 => 1900,
        _ => 2000,
    };
    Some(first % 11 == 0 && second % 11 == 0 && date(century + year, month, day))
}

/// Norwegian number of an organisation: weights 3 2 7 6 5 4 3 2, modulo 11 (Bronnoysundregistrene).
pub(crate) fn no_org(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 2, 7, 6, 5, 4, 3, 2, 1])?;
    Some(sum > 0 && sum % 11 == 0)
}

/// The check digit of Estonian and Lithuanian codes: weights from 1, and from 3 where that gives ten.
fn baltic(text: &[u8], digits: usize) -> Option<bool> {
    let mut sums = [0, 0];
    for (sum, shift) in sums.iter_mut().zip([0, 2]) {
        for i in 0..digits {
            *sum += at(text, i)? * u32::try_from((i + shift) % 9 + 1).ok()?;
        }
    }
    let [first, second] = sums;
    let rest = if first % 11 == 10 { second } else { first };
    Some(at(text, digits)? == rest % 11 % 10)
}

/// Estonian and Lithuanian personal code: sex and century, date, number, check (EVS 585:2007; Law on the population
/// register I-2237).
pub(crate) fn baltic_person(text: &[u8]) -> Option<bool> {
    let century = match at(text, 0)? {
        1 | 2 => 1800,
        3 | 4 => 1900,
        5 | 6 => 2000,
        7 | 8 => 2100,
        _ => return Some(false),
    };
    let born = date(century + two(text, 1)?, two(text, 3)?, two(text, 5)?);
    Some(born && baltic(text, 10)?)
}

/// Estonian register code, Lithuanian code of an organisation: the same check.
pub(crate) fn baltic_company(text: &[u8]) -> Option<bool> {
    Some(at(text, 0)? > 0 && baltic(text, text.len().checked_sub(1)?)?)
}

/// Estonian VAT number: weights 3 7 1 (EMTA).
pub(crate) fn ee_vat(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[3, 7, 1, 3, 7, 1, 3, 7, 1])?;
    Some(sum > 0 && sum % 10 == 0)
}

/// Lithuanian VAT number: nine digits with a 1 at the eighth place, or twelve with one at the eleventh (VMI).
pub(crate) fn lt_vat(text: &[u8]) -> Option<bool> {
    let last = text.len().checked_sub(1)?;
    Some(at(text, last.checked_sub(1)?)? == 1 && baltic(text, last)?)
}

/// Latvian personal code: date, century, number, check (Cabinet Regulation 1075 of 2005); codes since 2017 begin with
/// 32 and hold no date.
pub(crate) fn lv_person(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[1, 6, 3, 7, 9, 10, 5, 8, 4, 2])?;
    let century = at(text, 6)?;
    let born = century <= 2
        && date(
            1800 + 100 * century + two(text, 4)?,
            two(text, 2)?,
            two(text, 0)?,
        );
    Some((born || text.starts_with(b"32")) && at(text, 10)? == (1101 - sum) % 11 % 10)
}

/// Latvian number of an organisation: weights 9 1 4 8 3 10 2 5 7 6 1 leave 3 (VID).
pub(crate) fn lv_org(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1])?;
    Some(at(text, 0)? > 3 && sum % 11 == 3)
}
