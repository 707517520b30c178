//! France, Belgium, Netherlands, Luxembourg, Ireland, United Kingdom.

use crate::checksum::iso7064::{mod97, verhoeff};
use crate::checksum::sums::{at, date, gs1, luhn, part, two, weighted};

/// French NIR: 13 digits (2A and 2B for Corsica) and a key, 97 minus the rest (INSEE, repertoire RNIPP).
pub(crate) fn fr_nir(text: &[u8]) -> Option<bool> {
    let head = part(text, 0, 5)? * 100_000_000;
    let number = match text.get(5..7)? {
        // 2A counts as 19, 2B as 18.
        b"2A" => head + 19_000_000 + part(text, 7, 13)?,
        b"2B" => head + 18_000_000 + part(text, 7, 13)?,
        _ => part(text, 0, 13)?,
    };
    let sex = matches!(text.first(), Some(b'1' | b'2' | b'3' | b'4' | b'7' | b'8'));
    // Months above 12 stand for certificates without one.
    let month = matches!(two(text, 3)?, 1..=12 | 20..=42 | 50..=99);
    Some(sex && month && 97 - number % 97 == part(text, 13, 15)?)
}

/// French tax number of a person: the first ten digits modulo 511 (impots.gouv.fr, "numero fiscal").
pub(crate) fn fr_spi(text: &[u8]) -> Option<bool> {
    Some(at(text, 0)? < 4 && part(text, 0, 10)? % 511 == part(text, 10, 13)?)
}

/// SIREN (9) and SIRET (14): Luhn; La Poste's establishments sum their digits to a multiple of five instead
/// (INSEE, SIRENE).
pub(crate) fn fr_siren(text: &[u8]) -> Option<bool> {
    if text.len() == 14 && text.starts_with(b"356000000") {
        let mut sum = 0;
        for i in 0..14 {
            sum += at(text, i)?;
        }
        return Some(sum % 5 == 0 || luhn(text));
    }
    Some(luhn(text) && (text.len() == 9 || luhn(text.get(..9)?)) && part(text, 0, 9)? > 0)
}

/// Belgian national number: 9 digits and 97 minus the rest, with a 2 before for those born from 2000 (Royal decree of
/// 3 April 1984). Months from 20 and 40 are those of the bis register.
pub(crate) fn be_nn(text: &[u8]) -> Option<bool> {
    let (number, key) = (part(text, 0, 9)?, part(text, 9, 11)?);
    let (month, day) = (two(text, 2)?, two(text, 4)?);
    let born = month < 60 && month % 20 <= 12 && day <= 31;
    let checked = 97 - number % 97 == key || 97 - (2_000_000_000 + number) % 97 == key;
    Some(born && checked && number > 0)
}

/// Belgian enterprise number: 8 digits and 97 minus the rest (Crossroads Bank for Enterprises).
pub(crate) fn be_enterprise(text: &[u8]) -> Option<bool> {
    let number = part(text, 0, 8)?;
    Some(at(text, 0)? < 2 && number > 0 && 97 - number % 97 == part(text, 8, 10)?)
}

/// Dutch BSN and RSIN: the eleven test, the last digit counted minus one (Regeling BSN).
pub(crate) fn nl_bsn(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2])?;
    Some(sum > 0 && (sum + 11 - at(text, 8)?) % 11 == 0)
}

/// Luxembourg identification number: birth date, number, Luhn and Verhoeff digits (Law of 19 June 2013).
pub(crate) fn lu_id(text: &[u8]) -> Option<bool> {
    let year = u32::try_from(part(text, 0, 4)?).ok()?;
    let born = (1880..=2099).contains(&year) && date(year, two(text, 4)?, two(text, 6)?);
    Some(born && luhn(text.get(..12)?) && verhoeff(text.get(..11)?, at(text, 12)?)?)
}

/// Irish PPS number: weights 8 to 2, nine times the second letter, modulo 23 (Social Welfare Acts; Revenue).
pub(crate) fn ie_pps(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[8, 7, 6, 5, 4, 3, 2])?;
    let second = match text.get(8) {
        None | Some(b'W') => 0,
        Some(b) => u32::from(b.checked_sub(b'A')?) + 1,
    };
    // Only A to I and W were ever used behind the check letter (and T for foreign companies).
    Some(second < 23 && ie_letter(sum + 9 * second) == text.get(7).copied())
}

/// The check letter of an Irish sum.
pub(crate) fn ie_letter(sum: u32) -> Option<u8> {
    match u8::try_from(sum % 23).ok()? {
        0 => Some(b'W'),
        rest => Some(b'A' + rest - 1),
    }
}

/// National Insurance number: prefixes that are never given out (HMRC, NIM39110).
pub(crate) fn gb_nino(text: &[u8]) -> Option<bool> {
    let (first, second) = (*text.first()?, *text.get(1)?);
    let never = matches!(
        text.get(..2)?,
        b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
    );
    let letters = !b"DFIQUV".contains(&first) && !b"DFIOQUV".contains(&second);
    let suffix = text.get(8).is_none_or(|b| b"ABCD".contains(b));
    Some(letters && !never && suffix)
}

/// NHS number, CHI number: weights 10 to 2, modulo 11, a check of 10 is never issued (NHS Data Dictionary).
pub(crate) fn gb_nhs(text: &[u8]) -> Option<bool> {
    let sum = weighted(text, &[10, 9, 8, 7, 6, 5, 4, 3, 2])?;
    let check = (11 - sum % 11) % 11;
    Some(sum > 0 && check == at(text, 9)?)
}

/// Unique taxpayer reference: the check digit stands first (HMRC).
pub(crate) fn gb_utr(text: &[u8]) -> Option<bool> {
    let rest = weighted(text.get(1..)?, &[6, 7, 8, 9, 10, 5, 4, 3, 2])? % 11;
    let check = match rest {
        0 => 2,
        1 => 1,
        rest => 11 - rest,
    };
    Some(at(text, 0)? == check)
}

/// Swiss AHV number: country 756 and the check digit of EAN-13 (BSV, "AHV-Nummer").
pub(crate) fn ch_ahv(text: &[u8]) -> Option<bool> {
    gs1(text)
}

/// Swiss enterprise number: weights 5 4 3 2 7 6 5 4 (BFS, "UID").
pub(crate) fn ch_uid(text: &[u8]) -> Option<bool> {
    let digits = text.get(3..)?;
    let sum = weighted(digits, &[5, 4, 3, 2, 7, 6, 5, 4])?;
    Some((11 - sum % 11) % 11 == at(digits, 8)?)
}

/// The key of ISO 7064 over letters and digits, as Dutch VAT numbers of sole traders have it.
pub(crate) fn nl_mod97(text: &[u8]) -> Option<bool> {
    Some(mod97(text.iter().copied())? == 1)
}
